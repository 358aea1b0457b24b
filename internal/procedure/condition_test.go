package procedure_test

import (
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

var day = vn.MustDate

func builtin(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func born(s string) vn.PartialDate {
	p, err := vn.ParsePartial(s)
	if err != nil {
		panic(err)
	}
	return p
}

func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int64
	}{
		{"2024-01-15", "2024-02-14", 0}, {"2024-01-15", "2024-02-15", 1}, {"2024-01-31", "2024-02-29", 1}, {"2024-01-31", "2024-02-28", 0},
		{"2022-08-18", "2024-08-17", 23}, {"2022-08-18", "2024-08-18", 24}, {"2024-02-15", "2024-01-15", -1}, {"2024-05-01", "2024-05-01", 0},
	} {
		if got := procedure.Months(day(c.from), day(c.to)); got != c.want {
			t.Errorf("from %s to %s: %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

// The road map of Decree 135/2020: men 60 years 3 months in 2021 and three
// months more each year to 62, women 55 years 4 months and four more to 60;
// work ends with the last day of the month.
func TestRetires(t *testing.T) {
	lib := builtin(t)
	for _, c := range []struct {
		born  string
		woman bool
		want  string
	}{
		{"1961-03", false, "2021-06-30"}, // 60 years 3 months in June 2021
		{"1964-04", false, "2025-07-31"}, // 61 years 3 months in July 2025
		{"1975-08", false, "2037-08-31"}, // 62
		{"1966-01-20", true, "2021-05-31"},
		{"1980-05", true, "2040-05-31"},  // 60
		{"1955-01", false, "2015-01-31"}, // 60, before the road map
		{"1960-12", false, "2020-12-31"},
	} {
		got, ok, err := procedure.Retires(lib, born(c.born), c.woman)
		if err != nil || !ok || got != day(c.want) {
			t.Errorf("born %s, woman %v: %s, %v, %v; want %s", c.born, c.woman, got, ok, err, c.want)
		}
	}
	for _, b := range []string{"1975", "1940-01"} { // no month; retired before any law here
		if _, ok, err := procedure.Retires(lib, born(b), false); ok || err != nil {
			t.Errorf("born %s: known %v, %v", b, ok, err)
		}
	}
}

// Who is born later never retires earlier.
func TestRetirementIsMonotone(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(rt *rapid.T) {
		y, m := rapid.IntRange(1967, 2000).Draw(rt, "year"), rapid.IntRange(1, 11).Draw(rt, "month")
		woman := rapid.Bool().Draw(rt, "woman")
		at := func(month int) vn.Date {
			p := vn.PartialDate{Year: y}
			for range month {
				p.Month++
			}
			d, ok, err := procedure.Retires(lib, p, woman)
			if err != nil || !ok {
				rt.Fatalf("%v: %v %v", p, ok, err)
			}
			return d
		}
		if a, b := at(m), at(m+1); b.Before(a) {
			rt.Fatalf("born %d/%d retires %s, a month later %s", m, y, a, b)
		}
	})
}

func yes(b bool) *bool { return &b }

// The sheet under 80-QĐ/TW: what is missing is said to be missing, what fails
// fails with its article, and papers and exceptions are people's word.
func TestSheetOfConditions(t *testing.T) {
	lib := builtin(t)
	on := day("2024-06-03")
	_, def, err := lib.Procedure("appointment-local", on)
	if err != nil {
		t.Fatal(err)
	}
	state := func(ls []procedure.Line, id string) string {
		for _, l := range ls {
			if l.Condition == id {
				return l.State
			}
		}
		return "no such line"
	}
	check := func(f procedure.Facts, j map[string]procedure.Judged) []procedure.Line {
		ls, err := procedure.Check(lib, def, on, "province", f, j, nil)
		if err != nil {
			t.Fatal(err)
		}
		return ls
	}
	empty := check(procedure.Facts{}, nil)
	for _, l := range empty {
		if l.State != procedure.Unknown {
			t.Errorf("nothing was recorded and %s is %s", l.Condition, l.State)
		}
	}
	good := procedure.Facts{Born: born("1975-08-20"), Woman: yes(false), Planned: yes(true), PostFrom: day("2020-01-01"), NoDiscipline: true}
	for id, want := range map[string]string{"planned": procedure.Met, "tenure": procedure.Met, "full-term": procedure.Met, "reprimand": procedure.Met, "health": procedure.Unknown, "political": procedure.Unknown} {
		if got := state(check(good, nil), id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	bad := good
	bad.PostFrom, bad.Born, bad.Planned, bad.NoDiscipline, bad.Reprimand = day("2023-01-01"), born("1964-01"), yes(false), false, day("2023-07-01")
	for id, want := range map[string]string{"planned": procedure.NotMet, "tenure": procedure.NotMet, "full-term": procedure.NotMet, "reprimand": procedure.NotMet, "warning": procedure.Unknown} {
		if got := state(check(bad, nil), id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	paper := procedure.Paper{Number: "01", Date: day("2024-05-01")}
	j := map[string]procedure.Judged{"tenure": {State: procedure.Excepted, Paper: paper}, "health": {State: procedure.Met, Paper: paper, Expires: day("2024-06-02")}, "assets": {State: procedure.Met, Paper: paper}}
	for id, want := range map[string]string{"tenure": procedure.Excepted, "health": procedure.Unknown, "assets": procedure.Met, "planned": procedure.NotMet} {
		if got := state(check(bad, j), id); got != want {
			t.Errorf("judged: %s is %s, want %s", id, got, want)
		}
	}
}

// An unverified condition whose readings answer otherwise is not settled until
// the body decides; the reading decided then holds for the case.
func TestUnverifiedConditionWaits(t *testing.T) {
	lib := builtin(t)
	on := day("2025-11-03")
	_, def, err := lib.Procedure("appointment-local", on)
	if err != nil {
		t.Fatal(err)
	}
	f := procedure.Facts{PostFrom: day("2025-01-01")} // under 377 the least time is unverified
	for choice, want := range map[string]string{"": procedure.Undecided, "main": procedure.NotMet, "none": procedure.Met} {
		choices := map[string]string{}
		if choice != "" {
			choices["personnel.tenure"] = choice
		}
		ls, err := procedure.Check(lib, def, on, "", f, nil, choices)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range ls {
			if l.Condition == "tenure" && l.State != want {
				t.Errorf("reading %q: tenure is %s, want %s", choice, l.State, want)
			}
		}
	}
}
