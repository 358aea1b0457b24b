package paper_test

import (
	"math/rand/v2"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// TestFoundWrong reads again the sheets that a measure of 268,298 names found
// read wrong (25 November 2026, 38 names on seven sheets): pencil of which a
// black-and-white scan kept specks, a cross scribbled out beside a small one, a
// dot beside a neighbour's large cross; and those a measure of 1,170,960 names did
// (26 November 2026, 5 names on five sheets): a small cross near the line beside a
// large one scribbled out, a cross of which black and white kept specks, a pencil
// straight along a fold; and, among odd marks on A5 of the set to tune on, crosses
// on the line between the boxes of which a streak or black and white had taken one
// half, and a box in which specks of print that shone through were a cross together.
// And, of two soaks of 26 November: a cross by the line beside one scribbled over in
// the other box, and short lines within the print of a few letters (two more of the
// set to tune on); and, among odd marks that were looked for, a line under a name
// straight along a fold, and a cross on the line between the boxes of which a streak
// had taken the middle. Nothing on them may be read wrong now.
func TestFoundWrong(t *testing.T) {
	lists := measureBallots(t)
	odd := func(m *papertest.Maker, k uint64) *papertest.Sheet {
		return m.Sheet(papertest.Measure, k, papertest.Every, papertest.Office)
	}
	oddFeeder := func(m *papertest.Maker, k uint64) *papertest.Sheet {
		return m.Sheet(papertest.Measure, k, papertest.Every, papertest.Feeder)
	}
	scanned := func(s papertest.Scanner) func(*papertest.Maker, uint64) *papertest.Sheet {
		return func(m *papertest.Maker, k uint64) *papertest.Sheet {
			return m.Sheet(papertest.Measure, k, papertest.Ordinary, s)
		}
	}
	tuned := func(h papertest.Habit, s papertest.Scanner) func(*papertest.Maker, uint64) *papertest.Sheet {
		return func(m *papertest.Maker, k uint64) *papertest.Sheet { return m.Sheet(papertest.Tune, k, h, s) }
	}
	fixture := map[string]func(*papertest.Maker, uint64) *papertest.Sheet{}
	for _, f := range papertest.Fixtures() {
		fixture[f.Name] = func(m *papertest.Maker, k uint64) *papertest.Sheet { return f.Make(m, papertest.Measure, k) }
	}
	corrected := fixture["corrected"]
	for _, x := range []struct {
		list  string
		seed  int
		sheet func(*papertest.Maker, uint64) *papertest.Sheet
	}{
		{"strike", 20_000_102, scanned(papertest.Office)}, {"strike", 20_000_102, scanned(papertest.Feeder)}, {"strike", 20_000_265, scanned(papertest.Feeder)},
		{"strike", 20_000_012, odd}, {"agree", 20_000_011, odd}, {"agree", 20_000_012, odd}, {"agree", 20_000_024, odd},
		{"agree", 50_000_056, corrected}, {"agree", 50_000_064, corrected}, {"agree", 50_000_068, corrected},
		{"agree", 50_001_567, scanned(papertest.Feeder)}, {"strike A5", 50_000_424, scanned(papertest.Feeder)},
		{"strike", 145, tuned(papertest.Ordinary, papertest.Feeder)},
		{"agree A5", 307, tuned(papertest.Every, papertest.Feeder)}, {"agree A5", 338, tuned(papertest.Every, papertest.Feeder)},
		{"agree A5", 1008, tuned(papertest.Every, papertest.Office)}, {"agree A5", 1083, tuned(papertest.Every, papertest.Office)},
		{"agree", 60_000_107, corrected}, {"strike", 80_000_003, fixture["odd-marks"]},
		{"strike", 1008, tuned(papertest.Every, papertest.Office)}, {"strike", 1032, tuned(papertest.Every, papertest.Office)},
		{"agree A5", 405, tuned(papertest.Ordinary, papertest.Thin)}, {"strike", 7027, oddFeeder}, {"agree A5", 7000, oddFeeder},
	} {
		if s := lists[x.list].many(x.seed, 1, "found", x.sheet); s.wrong > 0 {
			t.Errorf("%s %d: %v", x.list, x.seed, s)
		}
	}
}

// TestFoundWriting reads again the sheets on which writing outside the names was
// missed: words right under the last row or beside the place of the seal, of which
// a half lay in squares that were left out for the row's and the seal's sake, and
// thin or short words. Sheets of the set to tune on; one in fifteen was missed.
func TestFoundWriting(t *testing.T) {
	lists := measureBallots(t)
	var words papertest.Fixture
	for _, f := range papertest.Fixtures() {
		if f.Name == "writing-outside" {
			words = f
		}
	}
	for list, seeds := range map[string][]int{
		"strike": {11, 21, 34, 42, 60, 81, 94, 114, 140, 141}, "agree": {16, 38, 61, 77, 146},
		"strike A5": {9, 87, 141}, "agree A5": {75, 103},
	} {
		for _, seed := range seeds {
			s := lists[list].many(seed, 1, "found", func(m *papertest.Maker, k uint64) *papertest.Sheet { return words.Make(m, papertest.Tune, k) })
			if s.outside != 1 || s.missed > 0 || s.wrong > 0 {
				t.Errorf("%s %d: %v", list, seed, s)
			}
		}
	}
}

// TestUnmarkedSide: a ballot on which nobody is struck is read from a grey scan; a
// black-and-white one of the same sheet says what cannot be known from it, and
// what to do.
func TestUnmarkedSide(t *testing.T) {
	b := measureBallots(t)["strike"]
	scan := func(bitonal bool) *paper.Side {
		s := b.maker.Sheet(papertest.Tune, 5, papertest.Only("none"), func(*rand.Rand, *paper.Layout) papertest.Defects {
			return papertest.Defects{Bed: 255, Noise: 2, Blur: 0.4, Bitonal: bitonal, Threshold: 160}
		})
		return b.reader.ReadSide(s.Sides[0], s.DPI)
	}
	if s := scan(false); s.Refused != nil || len(s.Marks) != 48 || s.Marks[0].Is != paper.MarkClear {
		t.Errorf("grey: refused %v, %v", s.Refused, s.Marks)
	}
	if s := scan(true); s.Refused != paper.ReasonUnmarked {
		t.Errorf("black and white: refused %v", s.Refused)
	}
}
