package paper

import (
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Parts of common names; no two of the first 2,000 made from them are equal.
var (
	families = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Điểu", "Y", "H'"}
	middles  = []string{"Thị Phương", "Văn", "Đức", "Thị Ngọc", "Quốc", "Hữu", "Thị Quỳnh", "Minh", "Xuân", "Nguyễn Hoàng", "Thanh"}
	givens   = []string{"Ẩn", "Ánh", "Bình", "Chương", "Dũng", "Đạt", "Ước", "Giang", "Hằng", "Khánh", "Lượng", "Mỹ", "Ngăm", "Nghĩa", "Oanh", "Phượng", "Quyết", "Thảo", "Thuỷ", "Tuyển", "Vượng", "Yến"}
)

func nameOf(i int) string {
	return families[i%len(families)] + " " + middles[(i/3)%len(middles)] + " " + givens[(i*7+i/22)%len(givens)]
}

// contest makes a record of n names.
func contest(n int, seats int64, rules string) *vote.Record {
	rec := &vote.Record{ID: fmt.Sprintf("mau/%d", n), Rules: rules, Date: vn.MustDate("2025-09-15"), Seats: &seats}
	for i := range n {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: nameOf(i)})
	}
	return rec
}

func options(form, paper string, marks bool) Options {
	return Options{Form: form, Paper: paper, Marks: marks, Place: "Lâm Giang",
		Title:        "Bầu Ban Chấp hành Đảng bộ tỉnh Lâm Giang khóa XVIII, nhiệm kỳ 2025–2030",
		Organisation: "Đại hội đại biểu lần thứ XVIII", Upper: "Đảng bộ tỉnh Lâm Giang"}
}

// TestEveryListFits: 1 to 89 names, both forms, both papers, with and without
// marks: everything is inside the page, nothing lies on anything else, and the
// names stand in their order.
func TestEveryListFits(t *testing.T) {
	for _, form := range []string{FormStrike, FormAgree} {
		for _, paper := range []string{"A4", "A5"} {
			for _, marks := range []bool{false, true} {
				for n := 1; n <= MaxNames; n++ {
					rec := contest(n, int64(max(1, n-n/8)), "party-election/committee")
					l, err := Design(rec, options(form, paper, marks))
					if err != nil {
						t.Fatalf("%s %s %d names: %v", form, paper, n, err)
					}
					checkLayout(t, l, rec)
					if t.Failed() {
						t.Fatalf("%s %s %d names, marks %v", form, paper, n, marks)
					}
				}
			}
		}
	}
}

// checkLayout holds what every layout must keep.
func checkLayout(t interface {
	Helper()
	Error(...any)
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, l *Layout, rec *vote.Record) {
	t.Helper()
	if err := l.Validate(); err != nil {
		t.Error(err)
	}
	if l.Sides > MaxSides {
		t.Errorf("%d sides", l.Sides)
	}
	if len(l.Candidates) != len(rec.Candidates) {
		t.Fatalf("%d of %d names stand on the ballot", len(l.Candidates), len(rec.Candidates))
	}
	const margin = 4
	paper := Box{margin, margin, l.Paper.W - 2*margin, l.Paper.H - 2*margin}
	var boxes []textBox
	for i := range l.Print.Texts {
		x := &l.Print.Texts[i]
		em := x.Size * mmPerPoint
		b := Box{x.X, x.Y - 0.68*em, Width(x.Style, x.Size, x.Text), 0.7 * em}
		if !b.Inside(paper) {
			t.Errorf("%q leaves the page: %v", x.Text, b)
		}
		for _, o := range boxes {
			if o.page == x.Page && overlap(o.box, b) > 0.05 {
				t.Errorf("%q is set over %q", x.Text, o.text)
			}
		}
		boxes = append(boxes, textBox{x.Page, b, x.Text})
		if l.Marks != nil {
			for _, m := range append(l.Marks.Corners[:], l.Marks.QR) {
				if m.Overlaps(b) {
					t.Errorf("%q is set over a mark", x.Text)
				}
			}
		}
	}
	for i, c := range l.Candidates {
		if i > 0 {
			before := l.Candidates[i-1]
			if c.Order <= before.Order || c.Page < before.Page {
				t.Errorf("%s stands after %s", c.Name, before.Name)
			}
			if rec.Candidates[0].Order == 0 && vn.CompareNames(before.Name, c.Name) > 0 {
				t.Errorf("%s stands before %s", before.Name, c.Name)
			}
		}
		var set []string
		for _, b := range boxes {
			if b.page == c.Page && b.box.Inside(c.NameBox) {
				set = append(set, b.text)
			}
		}
		if strings.Join(set, " ") != c.Name {
			t.Errorf("in the box of %q stands %q", c.Name, set)
		}
		if l.Form == FormStrike && len(set) != 1 {
			t.Errorf("%q stands in %d lines: no one line strikes it", c.Name, len(set))
		}
		if c.RowBox.Overlaps(l.SealBox) && c.Page == 1 {
			t.Errorf("%q stands in the place of the seal", c.Name)
		}
		if c.NameBox.H() < 1.1*7.5*mmPerPoint {
			t.Errorf("%q is set too small", c.Name)
		}
	}
}

type textBox struct {
	page int
	box  Box
	text string
}

// TestTooManyNames: ninety names are refused, whatever the paper.
func TestTooManyNames(t *testing.T) {
	for _, paper := range []string{"A4", "A5"} {
		if _, err := Design(contest(90, 80, "party-election/committee"), options(FormStrike, paper, false)); err == nil {
			t.Errorf("90 names were set on %s", paper)
		}
	}
	// One side of A5 does not take 89 names in readable type.
	o := options(FormStrike, "A5", false)
	o.Sides, o.Columns = 1, 1
	if _, err := Design(contest(89, 80, "party-election/committee"), o); err == nil {
		t.Error("89 names in one column of one A5 side")
	}
}

// TestLayoutKeeps: a layout written and read is the same layout, the same
// design gives the same bytes, and a changed layout is refused.
func TestLayoutKeeps(t *testing.T) {
	rec := contest(30, 26, "party-election/committee")
	l, err := Design(rec, options(FormAgree, "A4", true))
	if err != nil {
		t.Fatal(err)
	}
	data, err := l.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseLayout(data)
	if err != nil {
		t.Fatal(err)
	}
	data2, _ := again.JSON()
	if string(data) != string(data2) {
		t.Error("the layout changed by being written and read")
	}
	twin, err := Design(contest(30, 26, "party-election/committee"), options(FormAgree, "A4", true))
	if err != nil {
		t.Fatal(err)
	}
	if data3, _ := twin.JSON(); string(data) != string(data3) {
		t.Error("the same contest gave another layout")
	}
	for _, change := range [][2]string{{`"seats": 26`, `"seats": 27`}, {`"id": "c1"`, `"id": "x1"`}, {"Đồng ý", "Đồng í"}, {`"page": 1`, `"page": 3`}, {`"form": "agree"`, `"form": "strike"`}} {
		bent := strings.Replace(string(data), change[0], change[1], 1)
		if bent == string(data) {
			t.Fatalf("%q is not in the layout", change[0])
		}
		if _, err := ParseLayout([]byte(bent)); err == nil {
			t.Errorf("a layout with %s was taken", change[1])
		}
	}
}
