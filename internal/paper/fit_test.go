package paper

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestFitPrefersOneSide: a list whose paper the office left open goes on the
// smallest sheet that takes it on one side in good type, and on two sides only
// when one does not take it.
func TestFitPrefersOneSide(t *testing.T) {
	for _, c := range []struct {
		n     int
		form  string
		want  string
		sides int
	}{
		{1, FormAgree, "A5", 1}, {5, FormStrike, "A5", 1}, {15, FormStrike, "A5", 1}, {15, FormAgree, "A5", 1}, {29, FormStrike, "A5", 1},
		{29, FormAgree, "A4", 1}, {48, FormStrike, "A4", 1}, {58, FormStrike, "A4", 2}, {63, FormStrike, "A4", 2}, {70, FormStrike, "A4", 2}, {89, FormStrike, "A4", 2}, {89, FormAgree, "A4", 2},
	} {
		for _, marks := range []bool{false, true} {
			rec := contest(c.n, int64(max(1, c.n-c.n/8)), "party-election/committee")
			l, err := Fit(rec, options(c.form, "", marks))
			if err != nil {
				t.Fatal(err)
			}
			checkLayout(t, l, rec)
			if l.Paper != sheets[c.want] || l.Sides != c.sides {
				t.Errorf("%d names, %s, marks %v: %v, %d sides, want %s, %d", c.n, c.form, marks, l.Paper, l.Sides, c.want, c.sides)
			}
		}
	}
	if _, err := Fit(contest(90, 80, "party-election/committee"), options(FormStrike, "", false)); err == nil {
		t.Error("90 names were set")
	}
	// What the office asks for holds.
	rec := contest(20, 15, "party-election/committee")
	for _, o := range []Options{{Paper: "A4"}, {Columns: 2}, {Columns: 1}, {Marks: true}} {
		l, err := Fit(rec, o)
		if err != nil {
			t.Fatal(err)
		}
		columns := map[float64]bool{}
		for _, c := range l.Candidates {
			columns[c.RowBox.X()] = true
		}
		if o.Paper != "" && l.Paper != sheets[o.Paper] || o.Columns > 0 && len(columns) != o.Columns || o.Marks != (l.Marks != nil) {
			t.Errorf("%+v: %v, %d columns, marks %v", o, l.Paper, len(columns), l.Marks)
		}
	}
	// Two sides in large type, or one in small, where the office wants it.
	if l, err := Fit(contest(58, 51, "party-election/committee"), Options{}); err != nil || l.Sides != 2 || l.Least() < 15 {
		t.Errorf("58 names on two sides: %v", err)
	}
	if l, err := Fit(contest(58, 51, "party-election/committee"), Options{Sides: 1}); err != nil || l.Sides != 1 || l.Least() < 11 {
		t.Errorf("58 names on one side: %v", err)
	}
	state := contestOn(5, 3, "state-election/qh", "2026-03-15")
	a, err := Fit(state, Options{})
	b, err2 := Design(state, Options{})
	if err != nil || err2 != nil || a.Digest != b.Digest {
		t.Errorf("a State ballot is not that of its form: %v, %v", err, err2)
	}
}

// TestFitOfAnyList: of any list no name is broken in two nor set smaller than
// ten points, and two sides are taken only where one of A4 does not take it so.
func TestFitOfAnyList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, MaxNames).Draw(t, "names")
		form := rapid.SampledFrom([]string{FormStrike, FormAgree}).Draw(t, "form")
		rec := contest(n, int64(max(1, n-n/8)), "party-election/committee")
		rec.ID = fmt.Sprint("fit/", n)
		o := options(form, "", rapid.Bool().Draw(t, "marks"))
		l, err := Fit(rec, o)
		if err != nil {
			t.Fatal(err)
		}
		checkLayout(t, l, rec)
		if l.Least() < 10 {
			t.Errorf("names are set in %v points", l.Least())
		}
		if l.Sides == 2 {
			o.Paper, o.Sides, o.Columns = "A4", 1, 2
			if one, err := Design(rec, o); err == nil && one.Least() >= 13 {
				t.Errorf("%d names stand on two sides, and would on one in %v points", n, one.Least())
			}
		}
	})
}

// TestNamesStandWhole: on the form agree a name is set a little smaller before
// it is broken in two.
func TestNamesStandWhole(t *testing.T) {
	rec := contest(58, 58, "party-election/committee")
	l, err := Design(rec, options(FormAgree, "A4", false))
	if err != nil {
		t.Fatal(err)
	}
	if l.Least() < whole {
		t.Errorf("58 names on A4: smallest in one line %v points", l.Least())
	}
	// Where type would be too small for that they are broken, as large as may be.
	l, err = Design(contest(40, 40, "party-election/committee"), options(FormAgree, "A5", false))
	if err != nil {
		t.Fatal(err)
	}
	if l.Least() != 0 {
		t.Errorf("40 names on A5 stand in one line in %v points", l.Least())
	}
}
