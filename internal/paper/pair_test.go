package paper_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// scanned are the pictures of one file in order, read.
func scanned(r *paper.Reader, file string, sheets ...*papertest.Sheet) []paper.Shot {
	var out []paper.Shot
	for _, s := range sheets {
		for _, g := range s.Sides {
			out = append(out, paper.Shot{SideRef: paper.SideRef{File: file, Page: len(out) + 1}, Side: r.ReadSide(g, s.DPI)})
		}
	}
	for i := range out {
		out[i].Of = len(out)
	}
	return out
}

func bindAll(r *paper.Reader, shots []paper.Shot) []*paper.Reading {
	b := paper.NewBinder(r, false)
	var out []*paper.Reading
	for _, s := range shots {
		out = append(out, b.Add(s)...)
	}
	return append(out, b.End()...)
}

// TestSidesAreBound: the two sides of a sheet come together in either order;
// where one is missing, or the same picture comes twice, nothing of it counts
// and the reason is said; two contests in one pile are told apart.
func TestSidesAreBound(t *testing.T) {
	long, short := ballot(t, "bind/long", 70, "strike", "A5", ""), ballot(t, "bind/short", 6, "strike", "A5", "")
	if long.Sides != 2 || short.Sides != 1 {
		t.Fatalf("sides %d and %d", long.Sides, short.Sides)
	}
	r, err := paper.NewReader(long, short)
	if err != nil {
		t.Fatal(err)
	}
	two, one := papertest.NewMaker(long, 150), papertest.NewMaker(short, 150)
	a := two.Sheet(papertest.Tune, 1, papertest.Ordinary, papertest.Perfect)
	b := two.Sheet(papertest.Tune, 2, papertest.Ordinary, papertest.Perfect)
	c := one.Sheet(papertest.Tune, 3, papertest.Ordinary, papertest.Perfect)
	d := two.Sheet(papertest.Tune, 4, papertest.Ordinary, papertest.Perfect)
	turned := &papertest.Sheet{Sides: []*image.Gray{b.Sides[1], b.Sides[0]}, DPI: b.DPI}

	says := func(rs []*paper.Reading) (out []string) {
		for _, x := range rs {
			out = append(out, fmt.Sprintf("%s %s %d", x.Status, x.Contest, len(x.Sides)))
		}
		return out
	}
	good := says(bindAll(r, scanned(r, "all.pdf", a, turned)))
	if len(good) != 2 || slices.ContainsFunc(good, func(s string) bool { return s[:7] == "refused" }) {
		t.Errorf("two sheets, one the other way round: %v", good)
	}
	mixed := bindAll(r, append(scanned(r, "one.pdf", c), scanned(r, "two.pdf", a)...))
	var contests []string
	for _, x := range mixed {
		contests = append(contests, x.Contest)
	}
	if !slices.Contains(contests, "bind/long") || !slices.Contains(contests, "bind/short") {
		t.Errorf("two contests in a pile: %v", says(mixed))
	}
	half := &papertest.Sheet{Sides: []*image.Gray{a.Sides[0]}, DPI: a.DPI}
	for _, x := range bindAll(r, scanned(r, "half.png", half)) {
		if x.Status != "refused" || x.Reason == "" || x.Proposal != "look" && x.Proposal != "" {
			t.Errorf("one side missing: %+v", x)
		}
	}
	twice := bindAll(r, scanned(r, "twice.pdf", c, c))
	if n := len(twice); n != 2 || twice[0].Status == "refused" || twice[1].Status != "refused" || twice[1].Reason == "" {
		t.Errorf("the same picture twice: %v", says(twice))
	}
	// A side that is known but cannot be read does not part the sheet: it is one
	// refused ballot, and its other side is shown with it.
	grey := func(bitonal bool) papertest.Scanner {
		return func(*rand.Rand, *paper.Layout) papertest.Defects {
			return papertest.Defects{Bed: 255, Noise: 2, Blur: 0.4, Bitonal: bitonal, Threshold: 160}
		}
	}
	bare := two.Sheet(papertest.Tune, 5, papertest.Only("none"), grey(true))
	full := two.Sheet(papertest.Tune, 5, papertest.Ordinary, grey(false))
	for _, sides := range [][]*image.Gray{{bare.Sides[0], full.Sides[1]}, {full.Sides[1], bare.Sides[0]}, {full.Sides[0], bare.Sides[1]}, bare.Sides} {
		got := bindAll(r, scanned(r, "part.pdf", &papertest.Sheet{Sides: sides, DPI: bare.DPI}, b))
		if len(got) != 2 || got[0].Status != paper.StatusRefused || got[0].Cause != paper.ReasonUnmarked.Code || len(got[0].Sides) != 2 || got[1].Status == paper.StatusRefused {
			t.Errorf("one side that cannot be read: %v %+v", says(got), got[0])
		}
	}
	// Files of one picture each: where one is missing, or could not be opened, no
	// pair is made of two sheets.
	files := func(skip, broken int) []*paper.Reading {
		var shots []paper.Shot
		var pages []int
		for i, g := range slices.Concat(a.Sides, b.Sides, d.Sides) {
			if i == skip {
				continue
			}
			shot := paper.Shot{SideRef: paper.SideRef{File: fmt.Sprint(i, ".jpg"), Page: 1}, Of: 1}
			if i == broken {
				shot.Problem = &paper.Reason{Code: "unreadable"}
			} else {
				shot.Side = r.ReadSide(g, a.DPI)
			}
			shots, pages = append(shots, shot), append(pages, 1)
		}
		for i, odd := range paper.OddRuns(pages) {
			shots[i].Odd = odd
		}
		return bindAll(r, shots)
	}
	for _, x := range []struct{ skip, broken, read, refused int }{{-1, -1, 3, 0}, {0, -1, 0, 5}, {3, -1, 0, 5}, {-1, 0, 2, 2}, {-1, 3, 2, 2}} {
		read, refused := 0, 0
		for _, got := range files(x.skip, x.broken) {
			if got.Status == paper.StatusRefused {
				refused++
			} else if read++; !slices.Contains([]string{"0.jpg1.jpg", "2.jpg3.jpg", "4.jpg5.jpg"}, got.Sides[0].File+got.Sides[1].File) {
				t.Errorf("%+v: %v are one sheet", x, got.Sides)
			}
		}
		if read != x.read || refused != x.refused {
			t.Errorf("%+v: %d sheets read, %d refused", x, read, refused)
		}
	}
	if got := paper.OddRuns([]int{1, 1, 3, 1, 0, 1, 1, 1}); !slices.Equal(got, []bool{false, false, false, true, false, true, true, true}) {
		t.Errorf("odd rows: %v", got)
	}
}
