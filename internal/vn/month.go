package vn

import "time"

// AddMonths is the same day n months later, or the last day of that month
// where it has no such day: 31/1 and one month is 28/2 or 29/2.
func (d Date) AddMonths(n int) Date {
	m := d.Year*12 + int(d.Month) - 1 + n
	y, mo := m/12, time.Month(m%12+1)
	last := Date{Year: y, Month: mo, Day: 28}
	for {
		next := last.AddDays(1)
		if next.Month != mo {
			break
		}
		last = next
	}
	return Date{Year: y, Month: mo, Day: min(d.Day, last.Day)}
}

// MonthsTo counts the whole months from d to e; 0 when e comes before.
func (d Date) MonthsTo(e Date) int {
	if e.Before(d) {
		return 0
	}
	n := (e.Year-d.Year)*12 + int(e.Month) - int(d.Month)
	if e.Before(d.AddMonths(n)) {
		n--
	}
	return n
}
