package document_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"minhbach/internal/document"
	"minhbach/internal/rule"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
	"minhbach/regulations"
)

// The slide shows every figure and every candidate of the minutes, each time
// the same bytes; the sealing slip shows the ballots and the day.
func TestSlideAndSealingSlip(t *testing.T) {
	db := storetest.SQLite(t)
	d := prepare(t, db, sample())
	m, _, err := document.Preview(context.Background(), d, contest, setting, form().Now)
	if err != nil {
		t.Fatal(err)
	}
	slide, err := m.Slide()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := m.Slide(); !bytes.Equal(slide, again) {
		t.Error("the slide drawn again differs")
	}
	text := pdfText(t, slide)
	for _, c := range m.Candidates {
		if !strings.Contains(text, c.Name) || !strings.Contains(text, vn.Thousands(c.Votes.Value)) {
			t.Errorf("%s with %d votes is not on the slide", c.Name, c.Votes.Value)
		}
	}
	slip, err := m.SealingSlip(document.Term{Settled: true, N: 6, On: vn.MustDate("2021-11-23"), Asked: vote.Asked{Verdict: rule.Verdict{Article: "Điều thử"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PHIẾU NIÊM PHONG", "23/11/2021", "189.000", "Điều thử", m.Code} {
		if !strings.Contains(pdfText(t, slip), want) {
			t.Errorf("the sealing slip does not say %q", want)
		}
	}
}

// The terms come from the regulations of the day.
func TestTerms(t *testing.T) {
	lib, err := rule.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	keep, err := document.KeepingTerm(lib, vn.MustDate("2025-09-15"))
	if err != nil || !keep.Settled || keep.On != vn.MustDate("2026-03-15") {
		t.Errorf("kept until %v, %v", keep, err)
	}
	// 16.1 of 24-QĐ/TW: seven working days after Friday 16/10/2020.
	report, err := document.WorkingTerm(lib, document.RuleReport, vn.MustDate("2020-10-16"))
	if err != nil {
		t.Fatal(err)
	}
	if report.Settled {
		t.Errorf("24-QĐ/TW was not in force in 2020, and a term came of it: %+v", report)
	}
	report, err = document.WorkingTerm(lib, document.RuleReport, vn.MustDate("2022-10-14"))
	if err != nil || !report.Settled || report.On != vn.MustDate("2022-10-25") {
		t.Errorf("reported until %+v, %v", report, err)
	}
}

// The kit holds the lists, a tally sheet for each of two writers, blank
// minutes and the roll, and says of a list that it was not voted yet.
func TestPaperKit(t *testing.T) {
	k := &document.Kit{Event: "Đại hội mẫu", Day: vn.MustDate("2025-09-15"), Sample: true,
		Rolls: []document.KitRoll{{Title: "Đại hội", Names: []string{"Nguyễn Văn Mẫu", "Y Blôk Êban Ví Dụ"}}},
		Contests: []document.KitContest{{Title: "Bầu Ban Chấp hành", Seats: 2, Names: []string{"Trần Thị Thử", "Hoàng Đức Giả Định", "Công Tằng Tôn Nữ Ngọc Thí Dụ"}, Voted: true},
			{Title: "Bầu Bí thư"}}}
	pdf, err := k.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := k.PDF(); !bytes.Equal(pdf, again) {
		t.Error("the kit drawn again differs")
	}
	text := pdfText(t, pdf)
	for want, n := range map[string]int{"TỜ KIỂM PHIẾU": 4, "BIÊN BẢN KIỂM PHIẾU": 2, "DANH SÁCH BẦU CỬ": 2, "DANH SÁCH TRIỆU TẬP, ĐIỂM DANH": 1, "Công Tằng Tôn Nữ Ngọc Thí Dụ": 4, "Y Blôk Êban Ví Dụ": 1} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands %d times, not %d", want, got, n)
		}
	}
}
