package person

import (
	"strings"
	"time"

	"minhbach/internal/course"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// retiring asks for those whose last day of work by the road map in force lies
// so many months ahead. Men and women have ages of their own; who has no
// gender or month of birth on record is in no span.
func retiring(q *query, lib *rule.Library, on vn.Date, s Span) (string, error) {
	from, to := on, vn.Date{Year: on.Year + 100, Month: time.December, Day: 31}
	if s.From != nil {
		from = on.AddMonths(*s.From)
	}
	if s.To != nil {
		to = on.AddMonths(*s.To)
	}
	var some []string
	for _, g := range []string{"male", "female"} {
		first, err := bornToRetire(lib, g == "female", from, on)
		if err != nil {
			return "", err
		}
		past, err := bornToRetire(lib, g == "female", to.AddDays(1), on)
		if err != nil {
			return "", err
		}
		if first.IsZero() {
			continue
		}
		cond := `l.gender = ` + q.arg(g) + ` AND l.born_first <> '' AND substr(l.born_first, 1, 7) = substr(l.born_last, 1, 7) AND l.born_first >= ` + q.arg(first.String())
		if !past.IsZero() {
			cond += ` AND l.born_last < ` + q.arg(past.String())
		}
		some = append(some, `(`+cond+`)`)
	}
	if len(some) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(some, " OR ") + `)`, nil
}

// bornToRetire is the first day of the first month of birth with which the last
// day of work is not before a day; zero when none of the months looked at has.
func bornToRetire(lib *rule.Library, woman bool, last, on vn.Date) (vn.Date, error) {
	if lib == nil {
		return vn.Date{}, nil
	}
	start := vn.Date{Year: on.Year - 110, Month: time.January, Day: 1}
	lo, hi := 0, 110*12 // months of birth after start
	for lo < hi {
		mid := (lo + hi) / 2
		b := start.AddMonths(mid)
		day, known, err := course.Retires(lib, vn.PartialDate{Year: b.Year, Month: b.Month}, woman)
		if err != nil {
			return vn.Date{}, err
		}
		switch {
		case known && day.Before(last):
			lo = mid + 1
		case !known && mid < 60*12: // retired before there was a road map
			lo = mid + 1
		default:
			hi = mid
		}
	}
	if lo == 110*12 {
		return vn.Date{}, nil
	}
	return start.AddMonths(lo), nil
}
