package vn_test

import (
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/vn"
)

func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2024-01-31", 1, "2024-02-29"}, {"2025-01-31", 1, "2025-02-28"}, {"2025-03-15", 12, "2026-03-15"}, {"2025-12-31", -1, "2025-11-30"}, {"2024-02-29", 12, "2025-02-28"}} {
		if got := vn.MustDate(c.from).AddMonths(c.n); got != vn.MustDate(c.want) {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := vn.MustDate("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(rt, "day"))
		n := rapid.IntRange(0, 1200).Draw(rt, "months")
		e := d.AddMonths(n)
		if d.MonthsTo(e) != n || n > 0 && d.MonthsTo(e.AddDays(-1)) != n-1 {
			rt.Fatalf("%s to %s is %d months, the day before %d; want %d", d, e, d.MonthsTo(e), d.MonthsTo(e.AddDays(-1)), n)
		}
	})
}
