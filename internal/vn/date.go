package vn

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a civil day: no clock, no zone. The zero Date means "not recorded".
// It sorts by Compare and prints as 2006-01-02 in files and 23/5/2021 on
// screens (see Date.Vietnamese).
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads the file form, YYYY-MM-DD, and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("vn: %q is not a date of the form YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// MustDate is ParseDate for constants in tests; it panics on a bad date.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// DateOf is the civil day of an instant in the instant's own zone.
func DateOf(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// IsZero says that no day was recorded.
func (d Date) IsZero() bool { return d == Date{} }

// String is the file form YYYY-MM-DD; the zero Date is the empty string.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 99 || d.Day < 0 || d.Day > 99 {
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	// An import writes some dozens for each person.
	y, m := d.Year, int(d.Month)
	return string([]byte{'0' + byte(y/1000), '0' + byte(y/100%10), '0' + byte(y/10%10), '0' + byte(y%10), '-',
		'0' + byte(m/10), '0' + byte(m%10), '-', '0' + byte(d.Day/10), '0' + byte(d.Day%10)})
}

// Vietnamese is the screen form, day first without leading zeros: 23/5/2021.
func (d Date) Vietnamese() string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Day) + "/" + strconv.Itoa(int(d.Month)) + "/" + strconv.Itoa(d.Year)
}

// Compare orders days: -1 before, 0 same, +1 after. The zero Date is first.
func (d Date) Compare(e Date) int {
	switch {
	case d == e:
		return 0
	case d.Year != e.Year:
		return sign(d.Year - e.Year)
	case d.Month != e.Month:
		return sign(int(d.Month - e.Month))
	default:
		return sign(d.Day - e.Day)
	}
}

// Before says that d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// AddDays moves by whole days, negative too.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Overlap cuts two spans of days to what they share. A span holds its first day
// and not its last; a zero last day is an open end. ok is false when they share
// no day.
func Overlap(aFrom, aTo, bFrom, bTo Date) (from, to Date, ok bool) {
	from, to = aFrom, aTo
	if from.Before(bFrom) {
		from = bFrom
	}
	if to.IsZero() || !bTo.IsZero() && bTo.Before(to) {
		to = bTo
	}
	return from, to, to.IsZero() || from.Before(to)
}

// MarshalText writes the file form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the file form; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
