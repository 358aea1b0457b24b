package paper_test

import (
	"fmt"
	"image"
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
}
