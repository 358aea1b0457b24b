package vn

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PartialDate is a day, a month or a year, as old papers give births and
// admissions: Month 0 means only the year is known, Day 0 only the month. The
// zero PartialDate means "not recorded".
type PartialDate struct {
	Year  int
	Month time.Month
	Day   int
}

// Partial is a full day as a PartialDate.
func (d Date) Partial() PartialDate { return PartialDate(d) }

// ParsePartial reads the file form: YYYY, YYYY-MM or YYYY-MM-DD; empty is zero.
func ParsePartial(s string) (PartialDate, error) {
	var layout string
	switch len(s) {
	case 0:
		return PartialDate{}, nil
	case 4:
		layout = "2006"
	case 7:
		layout = "2006-01"
	default:
		layout = time.DateOnly
	}
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return PartialDate{}, fmt.Errorf("vn: %q is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD", s)
	}
	p := PartialDate{Year: t.Year()}
	if len(s) >= 7 {
		p.Month = t.Month()
	}
	if len(s) > 7 {
		p.Day = t.Day()
	}
	return p, nil
}

// IsZero says that nothing was recorded.
func (p PartialDate) IsZero() bool { return p == PartialDate{} }

// Full says that the day is known.
func (p PartialDate) Full() bool { return p.Year != 0 && p.Month != 0 && p.Day != 0 }

// First and Last are the earliest and latest day it can mean; zero for zero.
func (p PartialDate) First() Date {
	switch {
	case p.IsZero():
		return Date{}
	case p.Month == 0:
		return Date{p.Year, time.January, 1}
	case p.Day == 0:
		return Date{p.Year, p.Month, 1}
	}
	return Date(p)
}

// Last is the latest day it can mean; see First.
func (p PartialDate) Last() Date {
	switch {
	case p.IsZero():
		return Date{}
	case p.Month == 0:
		return Date{p.Year, time.December, 31}
	case p.Day == 0:
		return DateOf(time.Date(p.Year, p.Month+1, 0, 0, 0, 0, 0, time.UTC))
	}
	return Date(p)
}

// Order says which of two is earlier, and whether that is known: 1984 and
// 5/1984 overlap, so their order is not; two equal full days are known equal.
func (p PartialDate) Order(q PartialDate) (cmp int, known bool) {
	switch {
	case p.IsZero() || q.IsZero():
		return 0, false
	case p.Last().Before(q.First()):
		return -1, true
	case q.Last().Before(p.First()):
		return 1, true
	}
	return 0, p.Full() && q.Full()
}

// String is the file form; see ParsePartial.
func (p PartialDate) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return Date(p).String()
}

// Vietnamese is the screen form: 2021, 5/2021 or 23/5/2021.
func (p PartialDate) Vietnamese() string {
	switch {
	case p.IsZero():
		return ""
	case p.Month == 0:
		return strconv.Itoa(p.Year)
	case p.Day == 0:
		return strconv.Itoa(int(p.Month)) + "/" + strconv.Itoa(p.Year)
	}
	return Date(p).Vietnamese()
}

// MarshalText writes the file form.
func (p PartialDate) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the file form.
func (p *PartialDate) UnmarshalText(b []byte) error {
	v, err := ParsePartial(string(b))
	if err != nil {
		return err
	}
	*p = v
	return nil
}

// Document is the form in documents, as the office rules write it: a leading
// zero before days under 10 and before months 1 and 2 only, "ngày 05 tháng 02
// năm 2021", "ngày 23 tháng 5 năm 2021".
func (d Date) Document() string {
	if d.IsZero() {
		return ""
	}
	month := strconv.Itoa(int(d.Month))
	if d.Month < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day, month, d.Year)
}

// ReadDate reads a date as offices write it: 23/5/2021, 23-05-2021, 23.5.2021,
// ngày 23 tháng 5 năm 2021, 5/2021, tháng 5 năm 2021, năm 2021, 2021, and the
// file forms. The year always has four digits: 5/21 is refused, not guessed.
func ReadDate(s string) (PartialDate, error) {
	bad := fmt.Errorf("vn: không đọc được ngày %q; hãy viết như 23/5/2021 (cannot read this date; write it like 23/5/2021)", clip(s, 40))
	if len(s) > 200 {
		return PartialDate{}, bad
	}
	f := NormalizeName(strings.ToLower(s))
	if f == "" || strings.ContainsRune("-./,+", rune(f[0])) {
		return PartialDate{}, bad
	}
	if len(f) >= 7 && f[4] == '-' && strings.Trim(f[:4], "0123456789") == "" {
		p, err := ParsePartial(f)
		if err != nil {
			return PartialDate{}, bad
		}
		return p, nil
	}
	f = strings.TrimPrefix(f, "sinh ")
	words := strings.NewReplacer("ngày", " ", "mồng", " ", "mùng", " ", "tháng", "/", "năm", "/", "-", "/", ".", "/", ",", " ").Replace(f)
	var parts []int
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return r == '/' }) {
		w = strings.TrimSpace(w)
		if w == "" {
			continue
		}
		n, err := strconv.Atoi(w)
		if err != nil || len(w) > 4 || w[0] == '+' || w[0] == '-' {
			return PartialDate{}, bad
		}
		parts = append(parts, n)
	}
	var p PartialDate
	switch len(parts) {
	case 1:
		p.Year = parts[0]
	case 2:
		p.Month, p.Year = time.Month(parts[0]), parts[1]
	case 3:
		p.Day, p.Month, p.Year = parts[0], time.Month(parts[1]), parts[2]
	default:
		return PartialDate{}, bad
	}
	if p.Year < 1000 || p.Year > 9999 || len(parts) > 1 && (p.Month < 1 || p.Month > 12) ||
		len(parts) > 2 && (p.Day < 1 || Date(p).AddDays(0) != Date(p)) {
		return PartialDate{}, bad
	}
	return p, nil
}

// ReadDay is ReadDate where a full day is needed.
func ReadDay(s string) (Date, error) {
	p, err := ReadDate(s)
	if err != nil {
		return Date{}, err
	}
	if !p.Full() {
		return Date{}, fmt.Errorf("vn: %q thiếu ngày hoặc tháng; hãy viết đủ như 23/5/2021 (the full day is needed)", clip(s, 40))
	}
	return Date(p), nil
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
