package document

import (
	"fmt"
	"strings"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// CaseSlot is the slot of templates of a paper of a personnel case.
func CaseSlot(kind PaperKind) Slot {
	return Slot{ID: string(kind), Words: PaperWords(kind),
		Shipped: func(day vn.Date) ([]byte, error) {
			f, err := FormOn(day)
			if err != nil {
				return nil, err
			}
			return CaseTemplate(f, kind)
		},
		Sample: func(day vn.Date) (docx.Data, []string, error) {
			p, err := sampleCasePaper(kind, day)
			if err != nil {
				return docx.Data{}, nil, err
			}
			d, err := p.Marks()
			var must []string
			p.texts(func(text string, _ bool) { must = append(must, p.Say(text)) })
			return d, must, err
		}}
}

// sampleCasePaper is an invented paper that uses every mark.
func sampleCasePaper(kind PaperKind, day vn.Date) (*Paper, error) {
	p, err := SamplePaper(day)
	if err != nil {
		return nil, err
	}
	p.Kind, p.Event, p.Case, p.Wide, p.Class = kind, "", "mau", lying(kind), classMark["secret"]
	p.Body, p.Type, p.Subject = "Ban Thường vụ Tỉnh ủy Mẫu", strings.ToUpper(PaperWords(kind).VI), []string{"về việc xem thử mẫu"}
	p.Address = []string{"Kính trình: Ban Thường vụ Tỉnh ủy Mẫu"}
	p.Parts = []Part{{Head: "BAN THƯỜNG VỤ QUYẾT ĐỊNH", Mid: true}, {Head: "Sự cần thiết", Text: []string{"Số lượng được giao {1}."}}}
	for _, id := range caseTables(kind) {
		row := make([]string, len(paperTables[id]))
		for i := range row {
			if row[i] = fmt.Sprintf("ô mẫu %s %d", id, i+1); paperTables[id][i].align == "right" {
				row[i] = "{2}"
			}
		}
		p.Parts = append(p.Parts, Part{Head: "Bảng " + id, Table: &PaperTable{ID: id, Rows: [][]string{row}}})
	}
	return p, nil
}
