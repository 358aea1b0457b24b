package document

import (
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/document/docx"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The slots of this room: one template for all papers of an event, one for each
// kind that an organisation wants otherwise, and that of counting minutes.
var (
	AllPapers = Slot{ID: "", Words: rule.Words{VI: "Mẫu chung của các giấy của sự kiện", EN: "All papers of an event"}, Shipped: shippedPaper, Sample: samplePaper}

	CountingMinutes = Slot{ID: "counting-minutes", Words: rule.Words{VI: "Biên bản kiểm phiếu", EN: "Counting minutes"},
		Shipped: func(vn.Date) ([]byte, error) { return MinutesTemplate() }, Sample: sampleMinutes}
)

func slotOf(k PaperKind) Slot {
	return Slot{ID: string(k), Words: PaperWords(k), Shipped: shippedPaper, Sample: samplePaper}
}

// Slots lists the slots of this room in the order of a menu.
func Slots() []Slot {
	out := []Slot{CountingMinutes, slotOf(ElectionMinutes), AllPapers}
	for _, k := range PaperKinds {
		if k != ElectionMinutes {
			out = append(out, slotOf(k))
		}
	}
	return out
}

func shippedPaper(day vn.Date) ([]byte, error) {
	f, err := FormOn(day)
	if err != nil {
		return nil, err
	}
	return PaperTemplate(f)
}

func samplePaper(day vn.Date) (d docx.Data, must []string, err error) {
	p, err := SamplePaper(day)
	if err != nil {
		return d, nil, err
	}
	p.texts(func(text string, _ bool) {
		if text != "" {
			must = append(must, p.Say(text))
		}
	})
	for _, s := range p.Signers {
		must = append(must, s.For, s.Name)
	}
	d, err = p.Marks()
	return d, append(must, p.Type), err
}

// sampleMinutes are invented minutes in which every mark says something.
func sampleMinutes(day vn.Date) (docx.Data, []string, error) {
	w := func(s string) rule.Words { return rule.Words{VI: s, EN: s} }
	m := &Model{V: 1, Family: "party", Contest: "mau/mau/1", Sample: true, Event: w("Đại hội Đảng bộ xã Ví Dụ (mẫu)"), Title: w("Bầu Ban Chấp hành (mẫu)"), Upper: "Đảng bộ tỉnh Mẫu", Body: "Đại hội Đảng bộ xã Ví Dụ",
		Held: day, Made: day, Place: "Ví Dụ", Started: "8 giờ 00 phút", Ended: "9 giờ 30 phút", Round: 2, Status: string(vote.Decided), Elected: []string{"a"}, Recorded: 1, Counted: 2,
		Basis:      []Basis{{Number: "00-QĐ/TW", Date: day, Title: w("Quy định mẫu")}},
		Figures:    []Figure{{Label: w("Số phiếu phát ra (mẫu)"), N: 1, Value: 1344}, {Label: w("Số phiếu hợp lệ (mẫu)"), N: 2, Value: 1343, Share: "99.93", ShareOf: w("so với số phiếu mẫu")}},
		Deductions: []Deduction{{Figure: Figure{Label: w("Lý do trừ mẫu"), N: 3, Value: 1}, Names: []string{"Lê Thị Mẫu"}}},
		Candidates: []Candidate{{ID: "a", Place: 1, Name: "Nguyễn Văn Thí Dụ", Votes: Figure{N: 4, Value: 1000}, Share: "74.40", Outcome: vote.Elected}, {ID: "b", Place: 2, Name: "Trần Thị Ví Dụ", Votes: Figure{N: 5, Value: 343}, Share: "25.52", Outcome: vote.NotElected}},
		Verdicts:   []VerdictLine{{Holds: true, Says: w("Câu đối chiếu mẫu"), Document: "00-QĐ/TW", Date: day, Article: "Điều 0"}}, Findings: []rule.Words{w("Lưu ý mẫu")},
		Count: &Count{Box: "mau", Mode: string(ballotbox.Ballots), Piles: []PileRead{{Pile: 1, Size: 1344, Attempt: 2, Agreed: 9, Readings: []ReadBy{{"station", 1, 5, true}, {"station", 2, 6, true}, {"scan", 0, 7, true}}}},
			Others: []OtherRead{{"Chương trình mẫu", 8, true}}, Sheets: []SheetRead{{1, ballotbox.ListedSheet{Picture: "0123456789abcdef", Why: "names", Marks: []string{"partial"}, Says: ballotbox.SheetDoubtful, Cause: "marked"}, 7}},
			Doubts: []DoubtRead{{1, 1, false, "marked", "Lý do quyết định mẫu", 10}}},
		Notes: "Diễn biến mẫu.", Complaints: "Khiếu nại mẫu.", Board: []Member{{"Trưởng Ban kiểm phiếu", "Phạm Văn Mẫu"}}, Witnesses: []Member{{"Đoàn chủ tịch", "Hoàng Thị Mẫu"}}, Seal: SealFooter, Code: "MẪU", Key: "mẫu"}
	d := m.marks()
	var must []string
	for _, items := range d.List {
		for _, x := range items {
			for _, text := range x.Text {
				must = append(must, text)
			}
		}
	}
	for _, k := range []string{"viec", "lan_bau", "mau", "mo_dau", "tinh_trang", "ket_thuc", "ky_trai", "ten_trai", "ky_phai", "ten_phai"} {
		must = append(must, strings.TrimSpace(d.Text[k]))
	}
	return d, must, nil
}
