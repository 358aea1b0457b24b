package paper

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/vn"
	"minhbach/internal/vote"

	"pgregory.net/rapid"
)

func printed(t *testing.T, rec *vote.Record, o Options) []string {
	t.Helper()
	l, err := Design(rec, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range l.Candidates {
		s := fmt.Sprintf("%d %s", c.Order, c.Name)
		if c.Note != "" {
			s += " (" + c.Note + ")"
		}
		out = append(out, s)
	}
	return out
}

// TestOrderOnTheBallot: by given name, then family, then middle name, equal
// names by earlier birth; the office's own order numbers stand over that.
func TestOrderOnTheBallot(t *testing.T) {
	two := int64(2)
	rec := func(cs ...vote.Candidate) *vote.Record {
		for i := range cs {
			cs[i].ID = fmt.Sprintf("c%d", i+1)
		}
		return &vote.Record{ID: "x", Rules: "party-election/committee", Date: vn.MustDate("2025-08-01"), Seats: &two, Candidates: cs}
	}
	for _, c := range []struct {
		rec  *vote.Record
		o    Options
		want string
	}{
		{rec(vote.Candidate{Name: "Trần Văn Thắng"}, vote.Candidate{Name: "Lê Thân"}, vote.Candidate{Name: "Đỗ Ánh"}, vote.Candidate{Name: "Lê Ẩn"}), Options{},
			"1 Đỗ Ánh; 2 Lê Ẩn; 3 Trần Văn Thắng; 4 Lê Thân"},
		{rec(vote.Candidate{Name: "Lê Văn An"}, vote.Candidate{Name: "Đỗ Thị An"}, vote.Candidate{Name: "Đỗ Văn An"}), Options{},
			"1 Đỗ Thị An; 2 Đỗ Văn An; 3 Lê Văn An"},
		{rec(vote.Candidate{Name: "Lê An", Born: "1980"}, vote.Candidate{Name: "LÊ  An", Born: "1975-06"}, vote.Candidate{Name: "Đỗ Ba"}), Options{},
			"1 LÊ An (sinh tháng 6/1975); 2 Lê An (sinh năm 1980); 3 Đỗ Ba"},
		{rec(vote.Candidate{Name: "Lê An"}, vote.Candidate{Name: "Lê An"}, vote.Candidate{Name: "Đỗ Ba"}), Options{Notes: map[string]string{"c1": "xã Hòa Sơn", "c2": "xã Hòa Hải"}},
			"1 Lê An (xã Hòa Sơn); 2 Lê An (xã Hòa Hải); 3 Đỗ Ba"},
		{rec(vote.Candidate{Name: "Lê An", Order: 3}, vote.Candidate{Name: "Đỗ Ba", Order: 1}, vote.Candidate{Name: "Y Cư", Order: 7}), Options{},
			"1 Đỗ Ba; 3 Lê An; 7 Y Cư"},
		{rec(vote.Candidate{Name: "Thích Thanh Quyết (Lương Công Quyết)"}, vote.Candidate{Name: "H'Ngăm Niê Kđăm"}, vote.Candidate{Name: "Lê Na"}), Options{Titles: map[string]string{"c2": "Bà"}},
			"1 Bà H'Ngăm Niê Kđăm; 2 Lê Na; 3 Thích Thanh Quyết (Lương Công Quyết)"},
	} {
		if got := strings.Join(printed(t, c.rec, c.o), "; "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestStateBallots: one side of A5, names struck, never an added mark, nothing
// of the Party on it.
func TestStateBallots(t *testing.T) {
	rec := contest(5, 3, "state-election/qh")
	rec.Date = vn.MustDate("2026-03-15")
	l, err := Design(rec, Options{Title: "Đại biểu Quốc hội khóa XVI"})
	if err != nil {
		t.Fatal(err)
	}
	checkLayout(t, l, rec)
	if l.Paper != (Sheet{148, 210}) || l.Sides != 1 || l.Form != FormStrike || l.Marks != nil {
		t.Errorf("paper %v, %d sides, %s, marks %v", l.Paper, l.Sides, l.Form, l.Marks)
	}
	for _, x := range l.Print.Texts {
		if strings.Contains(x.Text, "ĐẢNG") {
			t.Errorf("%q stands on a State ballot", x.Text)
		}
	}
	for field, o := range map[string]Options{"ballot.marks": {Marks: true}, "ballot.paper": {Paper: "A4"}, "ballot.form": {Form: FormAgree}, "ballot.sides": {Sides: 2}} {
		var ie *InputError
		if _, err := Design(rec, o); !errors.As(err, &ie) || ie.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	// A list that does not fit the official form is refused, not spread.
	if _, err := Design(contestOn(80, 60, "state-election/hdnd", "2026-03-15"), Options{}); err == nil {
		t.Error("80 names were set on one A5 side of a State ballot")
	}
	// Of an earlier election no form is known: the office chooses, and is told.
	old := contestOn(5, 3, "state-election/qh", "2021-05-23")
	l, err = Design(old, Options{Paper: "A4"})
	if err != nil {
		t.Fatal(err)
	}
	if ns := Notices(old, Options{}, l); len(ns) == 0 || !strings.Contains(ns[0].VI, "chưa có nguồn") {
		t.Errorf("the office is not told that no form is known: %v", ns)
	}
}

func contestOn(n int, seats int64, rules, date string) *vote.Record {
	rec := contest(n, seats, rules)
	rec.Date = vn.MustDate(date)
	return rec
}

// TestFormBySurplus: a list with surplus is struck, one without is agreed to.
func TestFormBySurplus(t *testing.T) {
	for _, c := range []struct {
		n     int
		seats int64
		want  string
	}{{5, 4, FormStrike}, {5, 5, FormAgree}, {1, 1, FormAgree}} {
		l, err := Design(contest(c.n, c.seats, "party-election/committee"), Options{})
		if err != nil || l.Form != c.want {
			t.Errorf("%d names for %d seats: %v %v", c.n, c.seats, l, err)
		}
	}
	rec := contest(5, 5, "party-election/committee")
	l, err := Design(rec, Options{Form: FormStrike})
	if err != nil {
		t.Fatal(err)
	}
	if ns := Notices(rec, Options{}, l); len(ns) != 1 || ns[0].Field != "ballot.form" {
		t.Errorf("a form against the regulation is not said: %v", ns)
	}
}

// TestAnyNamesFitOrAreRefused: whatever the names, titles and notes are, the
// ballot is set without anything lying over anything else, or plainly refused.
func TestAnyNamesFitOrAreRefused(t *testing.T) {
	word := rapid.StringMatching(`[A-ZĐÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬÊẾỀỂỄỆÔỐỒỔỖỘƠỚỜỞỠỢƯỨỪỬỮỰỲ][a-zđáàảãạăắằẳẵặâấầẩẫậêếềểễệôốồổỗộơớờởỡợưứừửữựỳỹ]{0,11}`)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 24).Draw(r, "names")
		rec := contest(n, 1, "party-election/committee")
		o := options(rapid.SampledFrom([]string{FormStrike, FormAgree}).Draw(r, "form"), rapid.SampledFrom([]string{"A4", "A5"}).Draw(r, "paper"), rapid.Bool().Draw(r, "marks"))
		o.Columns = rapid.IntRange(0, 2).Draw(r, "columns")
		o.Title = strings.Join(rapid.SliceOfN(word, 0, 18).Draw(r, "title"), " ")
		o.Organisation = strings.Join(rapid.SliceOfN(word, 0, 12).Draw(r, "organisation"), " ")
		o.Notes = map[string]string{}
		for i := range rec.Candidates {
			c := &rec.Candidates[i]
			c.Name = strings.TrimSpace(strings.Join(rapid.SliceOfN(word, 0, 3).Draw(r, "name"), " ") + " " + nameOf(i)) // no two are equal
			if rapid.IntRange(0, 9).Draw(r, "noted") == 0 {
				o.Notes[c.ID] = strings.Join(rapid.SliceOfN(word, 1, 4).Draw(r, "note"), " ")
			}
		}
		l, err := Design(rec, o)
		if err != nil {
			var ie *InputError
			if !errors.As(err, &ie) || ie.VI == "" {
				r.Fatalf("not plain words: %v", err)
			}
			return
		}
		checkLayout(r, l, rec)
	})
}

// TestWrap: lines fit, no word is lost, and titles break into lines of about
// one length.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zđáươ]{1,30}`), 1, 12).Draw(r, "words"), " ")
		width := rapid.Float64Range(12, 120).Draw(r, "width")
		lines := wrap(text, "B", 12, width)
		for _, l := range lines {
			if Width("B", 12, l) > width+1e-9 {
				r.Fatalf("%q is wider than %g", l, width)
			}
		}
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			r.Fatalf("%q became %q", text, lines)
		}
	})
}

// FuzzParseLayout: layouts are foreign bytes. Whatever is taken can be drawn
// and written again.
func FuzzParseLayout(f *testing.F) {
	for _, form := range []string{FormStrike, FormAgree} {
		l, err := Design(contest(3, 2, "party-election/committee"), options(form, "A5", true))
		if err != nil {
			f.Fatal(err)
		}
		data, _ := l.JSON()
		f.Add(data)
	}
	f.Add([]byte(`{"paper":{"w":1e99,"h":-1},"candidates":[{"name_box":[0,0,1e308,1e308]}]}`))
	f.Add([]byte(`{"print":{"texts":[{"size":72,"text":"\u0000"}]}}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLayout(data)
		if l, digest := bent(data); l != nil { // past the digest, everything else must hold
			l.Digest = digest
			if l.Validate() == nil {
				for side := 1; side <= l.Sides; side++ {
					if img := Render(l, side, 30); img.Rect.Empty() {
						t.Fatal("an empty page")
					}
				}
			}
		}
		if err != nil {
			var ie *InputError
			if !errors.As(err, &ie) || ie.VI == "" || ie.EN == "" {
				t.Fatalf("not plain words: %v", err)
			}
			return
		}
		if out, err := l.JSON(); err != nil {
			t.Fatal(err)
		} else if _, err := ParseLayout(out); err != nil {
			t.Fatalf("a layout that was taken is not taken again: %v", err)
		}
	})
}

// FuzzBallotOptions: contest records with ballot options are foreign bytes.
// They are set or refused in plain words; what is set reads again.
func FuzzBallotOptions(f *testing.F) {
	const rec = `{"id":"b","rules":"party-election/committee","date":"2025-08-01","seats":1,"candidates":[{"id":"c1","name":"Lê An"},{"id":"c2","name":"Đỗ Bình"}],"ballot":`
	for _, o := range []string{`{}`, `null`, `[]`, `{"form":"agree","paper":"A5","marks":true,"columns":2}`, `{"title":"` + strings.Repeat("W", 200) + `"}`,
		`{"titles":{"c1":"Ông"},"notes":{"c2":"x"}}`, `{"organisation":"A\u0301\u200b ‮x","upper":"ﷺ"}`, `{"sides":-1}`, `{"instruction":"\u0000"}`} {
		f.Add([]byte(rec + o + `}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain := func(err error) {
			var ie *InputError
			if !errors.As(err, &ie) || ie.VI == "" || ie.EN == "" {
				t.Fatalf("not plain words: %v", err)
			}
		}
		r, o, err := ParseContest(data)
		if err != nil {
			plain(err)
			return
		}
		l, err := Design(r, o)
		if err != nil {
			plain(err)
			return
		}
		out, err := l.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseLayout(out); err != nil {
			t.Fatalf("the layout made is not taken: %v", err)
		}
	})
}

// bent reads a layout without its checks.
func bent(data []byte) (*Layout, string) {
	l := &Layout{}
	if json.Unmarshal(data, l) != nil {
		return nil, ""
	}
	return l, l.digest()
}
