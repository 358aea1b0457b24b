package vn

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

//go:embed holidays.csv
var holidaysCSV []byte

// Calendar knows which days are working days for offices that rest on
// Saturday and Sunday, between the first and last day its table covers.
// Holidays by the lunar calendar and days swapped by the Government are
// announced year by year, so beyond the table it gives no answer.
type Calendar struct {
	from, to Date
	days     map[Date]SpecialDay
}

// SpecialDay is one row of the table: a weekday off, or a Saturday or Sunday
// worked in exchange.
type SpecialDay struct {
	Day      Date
	Work     bool   // worked in exchange
	Name     string // e.g. "Tết Nguyên đán"
	Source   string // law or notice
	Evidence string // confirmed, reported, unverified
}

// ErrBeyond says that a day lies outside the table; the error text names the
// span that is known.
var ErrBeyond = errors.New("vn: beyond the holiday table")

var builtin = func() *Calendar {
	c, err := ReadCalendar(bytes.NewReader(holidaysCSV))
	if err != nil {
		panic(err)
	}
	return c
}()

// BuiltinCalendar is the table shipped with this release. It is not to be changed.
func BuiltinCalendar() *Calendar { return builtin }

// ErrGap says that a period does not join the days a calendar knows.
var ErrGap = errors.New("vn: a period that does not join the holiday table")

// With is the calendar that also knows a period, from its first to its last
// day, both in it: days are all its days of rest on weekdays and its weekend
// days worked in exchange. What was known of days in the period is replaced.
// The period must join the days known before (ErrGap), so that no day between
// is ever taken for a common one.
func (c *Calendar) With(from, to Date, days []SpecialDay) (*Calendar, error) {
	switch {
	case from.IsZero() || to.IsZero() || to.Before(from):
		return nil, errors.New("vn: a period of the holiday table has a first and a last day")
	case c.to.AddDays(1).Before(from), to.AddDays(1).Before(c.from):
		return nil, fmt.Errorf("%w: %s to %s, known are %s to %s", ErrGap, from, to, c.from, c.to)
	}
	n := &Calendar{from: c.from, to: c.to, days: make(map[Date]SpecialDay, len(c.days)+len(days))}
	if from.Before(n.from) {
		n.from = from
	}
	if n.to.Before(to) {
		n.to = to
	}
	for d, s := range c.days {
		if d.Before(from) || to.Before(d) {
			n.days[d] = s
		}
	}
	for _, s := range days {
		if _, again := n.days[s.Day]; again || s.Day.Before(from) || to.Before(s.Day) || s.Work != weekend(s.Day) {
			return nil, fmt.Errorf("vn: holiday table: %s: a day of the period stands once, off on a weekday or work at a weekend", s.Day)
		}
		n.days[s.Day] = s
	}
	return n, nil
}

// Days lists the special days of a year in order.
func (c *Calendar) Days(year int) []SpecialDay {
	var out []SpecialDay
	for d, s := range c.days {
		if d.Year == year {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b SpecialDay) int { return a.Day.Compare(b.Day) })
	return out
}

// ReadCalendar reads a table: a header day,kind,name,source,evidence; kind is
// "from" and "to" (once each: the span the table covers), "off" for a day of
// rest, "work" for a weekend day worked in exchange.
func ReadCalendar(r io.Reader) (*Calendar, error) {
	in := csv.NewReader(io.LimitReader(r, 1<<20))
	in.FieldsPerRecord = 5
	in.Comment = '#'
	c := &Calendar{days: make(map[Date]SpecialDay)}
	for n := 0; ; n++ {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("vn: holiday table: %w", err)
		}
		line, _ := in.FieldPos(0)
		if n == 0 {
			if row[0] != "day" {
				return nil, fmt.Errorf("vn: holiday table: the first line must name the columns day,kind,name,source,evidence")
			}
			continue
		}
		d, err := ParseDate(row[0])
		if err != nil {
			return nil, fmt.Errorf("vn: holiday table, line %d: %w", line, err)
		}
		_, again := c.days[d]
		switch kind := row[1]; {
		case kind == "from" && c.from.IsZero():
			c.from = d
		case kind == "to" && c.to.IsZero():
			c.to = d
		case kind == "off" && !again && !weekend(d), kind == "work" && !again && weekend(d):
			c.days[d] = SpecialDay{Day: d, Work: kind == "work", Name: row[2], Source: row[3], Evidence: row[4]}
		default:
			return nil, fmt.Errorf("vn: holiday table, line %d: %s %s: a day stands once, off on a weekday or work at a weekend; from and to once", line, row[1], d)
		}
	}
	if c.from.IsZero() || c.to.IsZero() || c.to.Before(c.from) {
		return nil, fmt.Errorf("vn: holiday table: the rows from and to must say which days it covers")
	}
	for d := range c.days {
		if d.Before(c.from) || c.to.Before(d) {
			return nil, fmt.Errorf("vn: holiday table: %s lies outside %s to %s", d, c.from, c.to)
		}
	}
	return c, nil
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Span is the first and last day the table covers.
func (c *Calendar) Span() (from, to Date) { return c.from, c.to }

// Special gives the row of a holiday or swapped day.
func (c *Calendar) Special(d Date) (SpecialDay, bool) {
	s, ok := c.days[d]
	return s, ok
}

// IsWorking says whether offices work on a day; ErrBeyond when not known.
func (c *Calendar) IsWorking(d Date) (bool, error) {
	if d.Before(c.from) || c.to.Before(d) {
		return false, fmt.Errorf("%w: ngày nghỉ lễ chỉ biết từ %s đến %s, chưa biết cho ngày %s (holidays are known from %s to %s only, not for %s)",
			ErrBeyond, c.from.Vietnamese(), c.to.Vietnamese(), d.Vietnamese(), c.from, c.to, d)
	}
	if s, ok := c.days[d]; ok {
		return s.Work, nil
	}
	return !weekend(d), nil
}

// AddWorking is the n-th working day after d (before d when n is negative);
// d itself is not counted. n = 0 is d.
func (c *Calendar) AddWorking(d Date, n int) (Date, error) {
	step := sign(n)
	for n != 0 {
		d = d.AddDays(step)
		working, err := c.IsWorking(d)
		if err != nil {
			return Date{}, err
		}
		if working {
			n -= step
		}
	}
	return d, nil
}

// WorkingBetween counts the working days after from, up to and including to;
// negative when to is before from (the days from to up to, not including, from).
// It is the inverse of AddWorking.
func (c *Calendar) WorkingBetween(from, to Date) (int, error) {
	if to.Before(from) {
		n := 0
		for d := to; d.Before(from); d = d.AddDays(1) {
			working, err := c.IsWorking(d)
			if err != nil {
				return 0, err
			}
			if working {
				n--
			}
		}
		return n, nil
	}
	n := 0
	for d := from; d != to; {
		d = d.AddDays(1)
		working, err := c.IsWorking(d)
		if err != nil {
			return 0, err
		}
		if working {
			n++
		}
	}
	return n, nil
}
