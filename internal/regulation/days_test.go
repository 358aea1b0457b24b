package regulation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

const daysText = `24/11/2026 Ngày nghỉ (mẫu)

1/1/2027: Tết Dương lịch
5/2/2027 – 11/2/2027 Tết Nguyên đán
Làm bù ngày 20/2/2027 cho ngày 11/2/2027
`

// TestRecordDays: a term that runs beyond the table is not known; a keeper
// records a notice, and it is; the notice is changed, and the term moves with
// it. What leaves days untold is refused.
func TestRecordDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		d, lib := h.d, h.lib
		days, err := regulation.ParseDays(daysText)
		if err != nil {
			t.Fatal(err)
		}
		_, last := lib().Calendar().Span()
		if last != vn.MustDate("2026-11-23") {
			t.Fatalf("the shipped table ends on %s: this story is about another", last)
		}
		from := vn.MustDate("2026-11-20")
		if _, err := lib().Calendar().AddWorking(from, 3); !errors.Is(err, vn.ErrBeyond) {
			t.Fatalf("a term beyond the table: %v", err)
		}
		act := regulation.RecordDays{Days: rule.Days{From: last.AddDays(1), To: vn.MustDate("2027-12-31"), Number: "1/TB-MẪU", Date: vn.MustDate("2026-11-10"), Days: days}}

		do := func(actor string, a desk.Act) error {
			seen := int64(-1)
			if err := db.Read(t.Context(), func(tx *store.Tx) (err error) { seen, err = desk.Seen(t.Context(), tx, a.Subject()); return err }); err != nil {
				t.Fatal(err)
			}
			_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: actor, Act: a})
			return err
		}
		for field, bad := range map[string]func(a *regulation.RecordDays){
			"from": func(a *regulation.RecordDays) { a.From = a.From.AddDays(1) },
			"to": func(a *regulation.RecordDays) {
				a.From, a.To = vn.MustDate("2018-01-01"), vn.MustDate("2018-12-31")
				a.Days.Days = nil
			},
			"number": func(a *regulation.RecordDays) { a.Number = " " },
			"date":   func(a *regulation.RecordDays) { a.Date = vn.Date{} },
			"days":   func(a *regulation.RecordDays) { a.To = vn.MustDate("2027-01-31") },
		} {
			wrong := act
			bad(&wrong)
			var e *desk.Error
			if err := do("keeper", wrong); !errors.As(err, &e) || e.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		var e *desk.Error
		desktest.Do(t, d, "keeper", act)
		for _, x := range []struct {
			n    int
			want string
		}{{1, "2026-11-23"}, {2, "2026-11-25"}, {3, "2026-11-26"}} { // over the 24th, a Tuesday off
			if got, err := lib().Calendar().AddWorking(from, x.n); err != nil || got != vn.MustDate(x.want) {
				t.Errorf("%s %+d = %s, %v; want %s", from, x.n, got, err, x.want)
			}
		}
		if got, err := lib().Calendar().AddWorking(vn.MustDate("2027-02-19"), 1); err != nil || got != vn.MustDate("2027-02-20") {
			t.Errorf("a Saturday worked in exchange: %s, %v", got, err)
		}
		if err := do("keeper", act); !errors.As(err, &e) || e.Code == desk.Denied {
			t.Errorf("the same once more: %v", err)
		}

		// The notice is changed: the 24th is worked.
		again := act
		again.To, again.Number = vn.MustDate("2026-12-31"), "2/TB-MẪU"
		again.Days.Days = nil
		desktest.Do(t, d, "keeper", again)
		if got, err := lib().Calendar().AddWorking(from, 2); err != nil || got != vn.MustDate("2026-11-24") {
			t.Errorf("after the change: %s, %v", got, err)
		}
		if ok, err := lib().Calendar().IsWorking(vn.MustDate("2027-01-01")); err != nil || ok {
			t.Errorf("what the change does not speak of stands: %v, %v", ok, err)
		}
		var ps []regulation.RecordedDays
		if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
			ps, err = regulation.DaysRecorded(t.Context(), tx)
			return err
		}); err != nil || len(ps) != 2 || ps[0].Number != "2/TB-MẪU" || len(ps[1].Days.Days) != len(days) {
			t.Errorf("recorded periods: %+v, %v", ps, err)
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestParseDays(t *testing.T) {
	days, err := regulation.ParseDays(daysText)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range days {
		got = append(got, regulation.DayLine(d))
	}
	want := []string{"24/11/2026 Ngày nghỉ (mẫu)", "1/1/2027 Tết Dương lịch", "5/2/2027 Tết Nguyên đán", "8/2/2027 Tết Nguyên đán", "9/2/2027 Tết Nguyên đán",
		"10/2/2027 Tết Nguyên đán", "11/2/2027 Tết Nguyên đán", "làm bù 20/2/2027 cho ngày 11/2/2027"}
	if !slices.Equal(got, want) {
		t.Errorf("read %q\nwant %q", got, want)
	}
	// As people type it, and as notices have it.
	for text, want := range map[string]string{
		"1/1/2027 - Tết Dương lịch":                    "1/1/2027 Tết Dương lịch",
		"1/1/2027 – Tết Dương lịch":                    "1/1/2027 Tết Dương lịch",
		"Ngày 1/1/2027: Tết Dương lịch":                "1/1/2027 Tết Dương lịch",
		"từ ngày 5/2/2027 đến hết ngày 7/2/2027 – Tết": "5/2/2027 Tết",
		"5/2/2027 đến ngày 5/2/2027, Tết":              "5/2/2027 Tết",
	} {
		days, err := regulation.ParseDays(text)
		if err != nil || len(days) != 1 || regulation.DayLine(days[0]) != want {
			t.Errorf("%q: %+v %v", text, days, err)
		}
	}
	for text, says := range map[string]string{
		"1/1/2027 Tết\n1/1/2027 Tết":                     "dòng 1",
		"hôm nay nghỉ":                                   "Dòng 1",
		"\n31/2/2027 Tết":                                "Dòng 2",
		"2/1/2027 Tết":                                   "thứ Bảy",
		"làm bù 4/1/2027":                                "ngày thường",
		"11/2/2027 – 5/2/2027 Tết":                       "ngày cuối",
		"1/1/2027 – 31/12/2027 cả năm":                   "ngày cuối",
		"1/1/2027":                                       "Dòng 1",
		"1/1/2027 " + strings.Repeat("a", 121):           "quá dài",
		strings.Repeat("1/1/2027 Tết Dương lịch\n", 999): "quá dài",
	} {
		var e *desk.Error
		if _, err := regulation.ParseDays(text); !errors.As(err, &e) || !strings.Contains(e.Says.VI, says) {
			t.Errorf("%.40q: %v, want %q", text, err, says)
		}
	}
}

// TestDayLinesComeBack: what DayLine writes is read as the same days.
func TestDayLinesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in []rule.Day
		d := vn.MustDate("2027-01-01").AddDays(rapid.IntRange(0, 800).Draw(t, "from"))
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			d = d.AddDays(rapid.IntRange(1, 30).Draw(t, "step"))
			w := d.Weekday() == 0 || d.Weekday() == 6
			name := rapid.SampledFrom([]string{"Tết Dương lịch", "Nghỉ bù", "Quốc khánh 2/9"}).Draw(t, "name")
			if w {
				name = rapid.SampledFrom([]string{"Làm bù", "Làm bù cho ngày 8/2/2027"}).Draw(t, "work")
			}
			in = append(in, rule.Day{On: d, Work: w, Name: name})
		}
		var lines []string
		for _, x := range in {
			lines = append(lines, regulation.DayLine(x))
		}
		out, err := regulation.ParseDays(strings.Join(lines, "\r\n"))
		if err != nil || !slices.Equal(in, out) {
			t.Fatalf("%q: %v, %v", lines, out, err)
		}
	})
}

func FuzzParseDays(f *testing.F) {
	f.Add(daysText)
	f.Add("làm bù 4/1/2027\n1/1/2027-9/1/2027 x")
	f.Fuzz(func(t *testing.T, text string) {
		days, err := regulation.ParseDays(text)
		var e *desk.Error
		if err != nil {
			if !errors.As(err, &e) {
				t.Fatalf("no plain words: %v", err)
			}
			return
		}
		for i, d := range days {
			if d.Name == "" || i > 0 && !days[i-1].On.Before(d.On) {
				t.Fatalf("%+v", days)
			}
		}
	})
}
