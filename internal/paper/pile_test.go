package paper_test

import (
	"fmt"
	"image"
	"runtime"
	"sync"
	"testing"
	"time"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// pile reads n sheets, each another picture, on so many cores, binds them in
// order, and gives the most memory in use at any time (after the garbage is
// taken out) beside what was in use before.
func pile(tb testing.TB, n, cores int) (readings int, peak uint64) {
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
	for at := 0; at < n; at += cores {
		shots := make([]paper.Shot, min(cores, n-at))
		var wg sync.WaitGroup
		for i := range shots {
			wg.Go(func() {
				k := at + i
				img := image.NewGray(sheets[k%len(sheets)].Rect)
				copy(img.Pix, sheets[k%len(sheets)].Pix)
				for bit := range 16 { // another picture each time: a few specks in the margin
					if k>>bit&1 == 1 {
						for d := range 36 {
							img.Pix[(20+d/6)*img.Stride+20+8*bit+d%6] = 190
						}
					}
				}
				shots[i] = paper.Shot{SideRef: paper.SideRef{File: "pile.tif", Page: k + 1}, Of: n, Side: r.ReadSide(img, 110)}
			})
		}
		wg.Wait()
		for _, s := range shots {
			for _, got := range b.Add(s) {
				if got.Status == paper.StatusRefused {
					tb.Fatalf("sheet %d: %s", got.Ballot, got.ReasonEN)
				}
				readings++
			}
		}
		if at%(50*cores) == 0 {
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
	got, peak := pile(t, n, 1)
	if got != n {
		t.Errorf("%d readings of %d sheets", got, n)
	}
	if most := uint64(4<<20 + n*512); peak > most {
		t.Errorf("%d KB are kept of %d sheets, more than %d KB", peak>>10, n, most>>10)
	}
}

// BenchmarkPile is a whole congress of 5,000 sheets on one core and on all: the
// most memory in use, and sheets a second.
func BenchmarkPile(b *testing.B) {
	for _, cores := range []int{1, runtime.NumCPU()} {
		b.Run(fmt.Sprintf("cores%d", cores), func(b *testing.B) {
			for b.Loop() {
				start := time.Now()
				got, peak := pile(b, 5000, cores)
				b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
				b.ReportMetric(float64(got)/time.Since(start).Seconds(), "sheets/s")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}
