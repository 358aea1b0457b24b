package paper_test

import (
	"image"
	"runtime"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// pile reads n sheets, each another picture, binds them in order, and gives the
// most memory in use at any time (after the garbage is taken out) beside what
// was in use before.
func pile(tb testing.TB, n int) (readings int, peak uint64) {
	tb.Helper()
	l := ballot(tb, "pile/strike", 8, paper.FormStrike, "A5", "")
	r, err := paper.NewReader(l)
	if err != nil {
		tb.Fatal(err)
	}
	m := papertest.NewMaker(l, 110)
	var sheets []*image.Gray
	for k := range uint64(6) {
		sheets = append(sheets, m.Sheet(papertest.Tune, k, papertest.Ordinary, papertest.Perfect).Sides[0])
	}
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	before := heap()
	b := paper.NewBinder(r, false)
	for k := range n {
		img := image.NewGray(sheets[k%len(sheets)].Rect)
		copy(img.Pix, sheets[k%len(sheets)].Pix)
		for bit := range 16 { // another picture each time: a few specks in the margin
			if k>>bit&1 == 1 {
				for d := range 36 {
					img.Pix[(20+d/6)*img.Stride+20+8*bit+d%6] = 190
				}
			}
		}
		for _, got := range b.Add(paper.Shot{SideRef: paper.SideRef{File: "pile.tif", Page: k + 1}, Of: n, Side: r.ReadSide(img, 110)}) {
			if got.Status == paper.StatusRefused {
				tb.Fatalf("sheet %d: %s", got.Ballot, got.ReasonEN)
			}
			readings++
		}
		if k%50 == 0 {
			if now := heap(); now > before {
				peak = max(peak, now-before)
			}
		}
	}
	return readings + len(b.End()), peak
}

// TestPileKeepsNothing: a pile of any number of sheets needs the memory of a few
// sheets and a few bytes for each picture seen, so that the same twice is found.
func TestPileKeepsNothing(t *testing.T) {
	const n = 300
	got, peak := pile(t, n)
	if got != n {
		t.Errorf("%d readings of %d sheets", got, n)
	}
	if most := uint64(4<<20 + n*512); peak > most {
		t.Errorf("%d KB are kept of %d sheets, more than %d KB", peak>>10, n, most>>10)
	}
}
