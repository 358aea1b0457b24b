package paper_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/rule"
)

// TestReadBackOfAnyList: a list of any length, on either paper and of either
// form, releases its own ballot. Here a few lengths, among them one whose short
// names in small type leave hardly any paper beside the letters; with
// MINHBACH_READBACK_STEP every so many from 2 to 89.
func TestReadBackOfAnyList(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	type list struct {
		n           int
		form, sheet string
	}
	lists := []list{{83, "strike", "A5"}, {64, "agree", "A5"}, {2, "strike", "A4"}, {89, "strike", "A4"}}
	if step, err := strconv.Atoi(os.Getenv("MINHBACH_READBACK_STEP")); err == nil && step > 0 {
		for n := 2; n <= paper.MaxNames; n += step {
			for _, form := range []string{"strike", "agree"} {
				lists = append(lists, list{n, form, "A4"}, list{n, form, "A5"})
			}
		}
	}
	for i, c := range lists {
		l := ballotOr(t, fmt.Sprintf("sweep/%d%s%s", c.n, c.form, c.sheet), c.n, c.form, c.sheet, "")
		if l == nil {
			if i < 4 {
				t.Errorf("%v does not fit its paper", c)
			}
			continue // refused at the design: too long for this paper
		}
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
			t.Errorf("%v, %d sides: %d of %d fail: %+v", c, l.Sides, len(back.Failures), back.Tried, back.Failures[:min(4, len(back.Failures))])
		}
	}
}
