package vn

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadDate(t *testing.T) {
	for in, want := range map[string]string{
		"23/5/2021":                  "2021-05-23",
		"23/05/2021":                 "2021-05-23",
		"23-5-2021":                  "2021-05-23",
		"23.05.2021":                 "2021-05-23",
		"ngày 23 tháng 5 năm 2021":   "2021-05-23",
		"Ngày 05 tháng 02 năm 2021":  "2021-02-05",
		"NGÀY 5 THÁNG 2, NĂM 2021":   "2021-02-05",
		"2021-05-23":                 "2021-05-23",
		"5/2021":                     "2021-05",
		"tháng 5 năm 2021":           "2021-05",
		"tháng 5/2021":               "2021-05",
		"2021-05":                    "2021-05",
		"2021":                       "2021",
		"năm 2021":                   "2021",
		"sinh năm 1972":              "1972",
		" mùng 3 tháng 9 năm 1945  ": "1945-09-03",
	} {
		p, err := ReadDate(in)
		if err != nil || p.String() != want {
			t.Errorf("ReadDate(%q) = %v, %v; want %s", in, p, err, want)
		}
	}
	for _, in := range []string{"", "23/5/21", "5/21", "31/4/2021", "29/2/2021", "0/5/2021", "5/13/2021", "23/5/2021/1", "hôm qua", "-1/5/2021", "+1/5/2021", "99999", strings.Repeat("1/", 200)} {
		if p, err := ReadDate(in); err == nil {
			t.Errorf("ReadDate(%q) = %v; it must be refused", in, p)
		}
	}
	if _, err := ReadDay("5/2021"); err == nil {
		t.Error("a month is not a day")
	}
}

func TestDocumentDates(t *testing.T) {
	for in, want := range map[string]string{
		"2021-05-23": "ngày 23 tháng 5 năm 2021",
		"2021-02-05": "ngày 05 tháng 02 năm 2021",
		"2021-01-31": "ngày 31 tháng 01 năm 2021",
		"2021-03-09": "ngày 09 tháng 3 năm 2021",
		"2021-12-10": "ngày 10 tháng 12 năm 2021",
	} {
		if got := MustDate(in).Document(); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestDatesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := MustDate("1900-01-01").AddDays(rapid.IntRange(0, 80_000).Draw(t, "days"))
		for _, s := range []string{d.String(), d.Vietnamese(), d.Document()} {
			if got, err := ReadDay(s); err != nil || got != d {
				t.Fatalf("%q reads as %v, %v", s, got, err)
			}
		}
		p := d.Partial()
		switch rapid.IntRange(0, 2).Draw(t, "known") {
		case 0:
			p.Day = 0
		case 1:
			p.Day, p.Month = 0, 0
		}
		if q, err := ParsePartial(p.String()); err != nil || q != p {
			t.Fatalf("%v: %v %v", p, q, err)
		}
		if d.Before(p.First()) || p.Last().Before(d) {
			t.Fatalf("%s not within %v", d, p)
		}
	})
}

func TestWorkingDays(t *testing.T) {
	c := BuiltinCalendar()
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-04-25", 1, "2025-04-26"},  // a Saturday worked in exchange
		{"2025-04-26", 3, "2025-05-05"},  // 28, 29/4, then over 30/4, 1/5, 2/5
		{"2025-05-05", -3, "2025-04-26"}, // and back
		{"2021-02-09", 1, "2021-02-17"},  // over Tết
		{"2024-08-30", 0, "2024-08-30"},
	} {
		got, err := c.AddWorking(MustDate(x.from), x.n)
		if err != nil || got != MustDate(x.want) {
			t.Errorf("%s %+d = %s, %v; want %s", x.from, x.n, got, err, x.want)
		}
	}
	_, to := c.Span()
	if _, err := c.AddWorking(to, 1); !errors.Is(err, ErrBeyond) {
		t.Errorf("beyond the table: %v", err)
	}
	if _, err := c.IsWorking(MustDate("1999-01-04")); !errors.Is(err, ErrBeyond) {
		t.Errorf("before the table: %v", err)
	}
	for d := range c.days {
		if s, _ := c.Special(d); s.Source == "" || s.Name == "" || s.Evidence == "" {
			t.Errorf("%s has no name, source or evidence", d)
		}
	}
	// Each year has its eleven days of rest by law, those at weekends given back.
	for y := 2021; y <= 2025; y++ {
		off := 0
		for d, s := range c.days {
			if d.Year == y && !s.Work {
				off++
			} else if d.Year == y {
				off-- // the swapped day off is not one by law
			}
		}
		if off != 11 {
			t.Errorf("%d: %d days of rest by law on weekdays, want 11", y, off)
		}
	}
}

func TestWorkingDaysInverse(t *testing.T) {
	c := BuiltinCalendar()
	rapid.Check(t, func(t *rapid.T) {
		d := MustDate("2022-01-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "d"))
		n := rapid.IntRange(-100, 100).Draw(t, "n")
		e, err := c.AddWorking(d, n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.WorkingBetween(d, e)
		if err != nil || got != n {
			t.Fatalf("%s %+d = %s, but between them %d (%v)", d, n, e, got, err)
		}
	})
}

func TestCalendarRefusals(t *testing.T) {
	head := "day,kind,name,source,evidence\n2024-01-01,from,,,\n2024-12-31,to,,,\n"
	for _, row := range []string{
		"2024-02-30,off,x,y,z",
		"2024-03-02,off,a Saturday,y,z",
		"2024-03-04,work,a Monday,y,z",
		"2024-03-04,rest,x,y,z",
		"2025-03-04,off,outside,y,z",
		"2024-03-04,off,x,y,z\n2024-03-04,off,x,y,z",
		"2024-01-02,from,,,",
		"2024-01-02,off",
	} {
		if _, err := ReadCalendar(strings.NewReader(head + row + "\n")); err == nil {
			t.Errorf("accepted %q", row)
		}
	}
	for _, s := range []string{"", "day,kind,name,source,evidence\n", "x,y,z,a,b\n"} {
		if _, err := ReadCalendar(strings.NewReader(s)); err == nil {
			t.Errorf("accepted %q", s)
		}
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add(holidaysCSV)
	f.Add([]byte("day,kind,name,source,evidence\n2024-01-01,from,,,\n2024-01-31,to,,,\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ReadCalendar(bytes.NewReader(b))
		if err != nil {
			return
		}
		from, to := c.Span()
		if to.Before(from) {
			t.Error("span runs backwards")
		}
	})
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{
		0: "không", 5: "năm", 10: "mười", 11: "mười một", 15: "mười lăm", 21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm",
		100: "một trăm", 105: "một trăm linh năm", 110: "một trăm mười", 1005: "một nghìn không trăm linh năm",
		186600: "một trăm tám mươi sáu nghìn sáu trăm", 2000000: "hai triệu", 69523133: "sáu mươi chín triệu năm trăm hai mươi ba nghìn một trăm ba mươi ba",
		1000000000: "một tỷ", -3: "âm ba",
	} {
		if got := Words(n); got != want {
			t.Errorf("Words(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", 186600: "186.600", -1234567: "-1.234.567"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
	if Comma("82.35") != "82,35" {
		t.Error(Comma("82.35"))
	}
	for _, s := range []string{"", "186.60", "1.2345", "1..2", ".5", "-3", "1e5", "99999999999999999999", "1,5", "0x1"} {
		if n, err := ReadCount(s); err == nil {
			t.Errorf("ReadCount(%q) = %d; it must be refused", s, n)
		}
	}
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Min(0).Draw(t, "n")
		if got, err := ReadCount(Thousands(n)); err != nil || got != n {
			t.Fatalf("%d: %d %v", n, got, err)
		}
		if got := speak(Words(n)); got != n {
			t.Fatalf("%d is %q, which says %d", n, Words(n), got)
		}
	})
}

// speak turns words back into the number they say, independently of Words.
func speak(s string) int64 {
	digit := map[string]int64{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
	var total, group, last int64
	for _, w := range strings.Fields(s) {
		switch w {
		case "tỷ":
			total, group, last = (total+group+last)*1_000_000_000, 0, 0
		case "triệu", "nghìn":
			unit := int64(1000)
			if w == "triệu" {
				unit *= 1000
			}
			total, group, last = total+(group+last)*unit, 0, 0
		case "trăm":
			group, last = group+last*100, 0
		case "mươi":
			group, last = group+last*10, 0
		case "mười":
			group, last = group+10, 0
		case "linh":
		default:
			last = digit[w]
		}
	}
	return total + group + last
}

func TestWeekday(t *testing.T) {
	if MustDate("2021-05-23").Weekday() != time.Sunday {
		t.Error("elections are held on a Sunday")
	}
}

func TestOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Map(rapid.IntRange(0, 12), func(n int) Date {
			if n == 0 {
				return Date{}
			}
			return Date{2025, time.January, n}
		})
		aFrom, aTo, bFrom, bTo := days.Draw(t, "aFrom"), days.Draw(t, "aTo"), days.Draw(t, "bFrom"), days.Draw(t, "bTo")
		from, to, ok := Overlap(aFrom, aTo, bFrom, bTo)
		in := func(d, from, to Date) bool { return !d.Before(from) && (to.IsZero() || d.Before(to)) }
		shared := false
		for n := 1; n <= 13; n++ {
			d := Date{2025, time.January, n}
			both := in(d, aFrom, aTo) && in(d, bFrom, bTo)
			shared = shared || both
			if both != (ok && in(d, from, to)) {
				t.Fatalf("%s: in both %v; overlap %s to %s %v", d, both, from, to, ok)
			}
		}
		if shared && !ok {
			t.Fatal("they share a day")
		}
	})
}
