package paper_test

import (
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/rule"
)

// TestReadBackReleases: the real reader reads every way an ordinary voter can
// fill in a ballot, of both forms, on one and two sides, with marks and
// without, and proposes by the rules.
func TestReadBackReleases(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, form, sheet, more string
		n                       int
	}{
		{"three on A5", "strike", "A5", "", 3},
		{"eight on A4, with marks", "strike", "A4", `,"marks":true`, 8},
		{"five to agree to", "agree", "A5", "", 5},
		{"one name", "agree", "A5", "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := ballot(t, "back/"+c.name, c.n, c.form, c.sheet, c.more)
			book, err := lib.For(l.Rules, l.Date)
			if err != nil {
				t.Fatal(err)
			}
			read, err := paper.SheetReaderFor(l, book)
			if err != nil {
				t.Fatal(err)
			}
			back, err := paper.CheckReadBack(l, book, read)
			if err != nil {
				t.Fatal(err)
			}
			if !back.Released() {
				t.Errorf("of %d: %+v", back.Tried, back.Failures[:min(4, len(back.Failures))])
			}
		})
	}
}
