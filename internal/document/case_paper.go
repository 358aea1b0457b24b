package document

import (
	"context"
	"fmt"
	"slices"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

// The papers of a personnel case beside its minutes.
const (
	StepMinutes    PaperKind = "step-minutes"         // biên bản kiểm phiếu của một bước
	ExtractList    PaperKind = "extract-list"         // danh sách trích ngang
	CourseSheet    PaperKind = "course"               // diễn biến quy trình
	Submission     PaperKind = "submission"           // tờ trình
	AppraisalSheet PaperKind = "appraisal-sheet"      // phiếu thẩm định
	CaseDecision   PaperKind = "appointment-decision" // quyết định
)

// CasePaperKinds lists them in the order in which they are needed.
var CasePaperKinds = []PaperKind{StepMinutes, ExtractList, CourseSheet, Submission, AppraisalSheet, CaseDecision}

// caseTables are the kinds of tables of a paper of a case, in a fixed order.
func caseTables(k PaperKind) []string {
	if k == CourseSheet {
		return []string{"dien_bien"}
	}
	return []string{"ket_qua", "trich_ngang", "cac_buoc", "dieu_kien", "y_kien"}
}

// lying says that a kind of paper is printed on A4 landscape.
func lying(k PaperKind) bool { return k == ExtractList || k == CourseSheet }

func init() {
	for id, cols := range map[string][]column{
		"trich_ngang": {{"TT", 9, "center"}, {"Họ và tên", 33, "left"}, {"Sinh (nam)", 23, "center"}, {"Sinh (nữ)", 23, "center"}, {"Dân tộc", 14, "left"}, {"Quê quán", 24, "left"},
			{"Vào Đảng, chính thức", 23, "center"}, {"Trình độ chuyên môn, lý luận", 28, "left"}, {"Chức vụ, đơn vị công tác", 34, "left"}, {"Tiêu chuẩn, điều kiện", 18, "left"}, {"Kết quả phiếu ở các bước", 23, "left"}},
		"cac_buoc":  {{"Bước", 15, "center"}, {"Ngày", 24, "center"}, {"Triệu tập", 16, "right"}, {"Có mặt", 15, "right"}, {"Người được giới thiệu", 43, "left"}, {"Số phiếu", 16, "right"}, {"Tỷ lệ", 18, "right"}, {"Kết quả", 18, "left"}},
		"dieu_kien": {{"TT", 10, "center"}, {"Tiêu chuẩn, điều kiện", 56, "left"}, {"Tại ngày đối chiếu", 40, "left"}, {"Căn cứ, giấy tờ", 36, "left"}, {"Kết quả", 23, "left"}},
		"dien_bien": {{"Bước, hội nghị", 36, "left"}, {"Ngày họp; ngày nhập", 24, "left"}, {"Triệu tập", 13, "right"}, {"Có mặt", 12, "right"}, {"Phát ra", 12, "right"}, {"Thu về", 12, "right"}, {"Hợp lệ", 12, "right"}, {"Người được đưa ra", 35, "left"}, {"Số phiếu", 13, "right"}, {"Tỷ lệ", 16, "right"}, {"Kết quả; công bố", 26, "left"}, {"Biên bản, người ký", 26, "left"}, {"Căn cứ", 15, "left"}},
		"y_kien":    {{"TT", 10, "center"}, {"Cơ quan được hỏi", 55, "left"}, {"Văn bản hỏi", 35, "left"}, {"Văn bản trả lời", 35, "left"}, {"Ý kiến", 30, "left"}},
	} {
		paperTables[id] = cols
	}
}

// OfCase says whether a kind is a paper of a personnel case.
func OfCase(k PaperKind) bool { return slices.Contains(CasePaperKinds, k) }

// tables are the kinds of tables the paper may hold.
func (p *Paper) tables() []string {
	if p.Case != "" {
		return caseTables(p.Kind)
	}
	return tableIDs
}

// CaseTemplate is the shipped Word template of a paper of a personnel case in
// an edition of the form. docs/papers.md lists its marks.
func CaseTemplate(f PartyForm, kind PaperKind) ([]byte, error) {
	if kind == CourseSheet {
		return courseTemplate(f, courseLargest)
	}
	wide := lying(kind)
	b := &templateOf{Builder: &docx.Builder{Footer: "{{diem_chung}}", Code: "ma_qr", Margins: f.margins(), Wide: wide}, f: f, wide: pageWide(f, wide)}
	b.when("do_mat", func() { b.P(docx.Style{Size: 14, Bold: true}, "{{do_mat}}") })
	b.head()
	b.each("kinh_gui", docx.Style{Align: "center", Size: f.Body, Before: 4, Keep: true})
	b.each("can_cu", b.italic())
	b.when("phan", func() { b.part(caseTables(kind), true) })
	b.signs()
	return b.Bytes()
}

// checkSaid holds words that a paper repeats against the entry they stand in.
func (p *Paper) checkSaid(ctx context.Context, tx *store.Tx) error {
	if p.Case == "" {
		if slices.ContainsFunc(p.Parts, func(x Part) bool { return x.Said != 0 }) {
			return desk.Wrong("model", "Giấy dẫn lời của mục không thuộc hồ sơ.", "The paper repeats words of an entry that is not of the case.")
		}
		return nil
	}
	events, err := procedure.Timeline(ctx, tx, p.Case, -1)
	if err != nil {
		return err
	}
	for _, x := range p.Parts {
		if x.Said == 0 {
			continue
		}
		i := slices.IndexFunc(events, func(e procedure.Event) bool { return e.Entry == x.Said })
		if i < 0 || !slices.Equal(x.Text, course.Said(events[i])) {
			return desk.Wrong("numbers", fmt.Sprintf("Lời dẫn trong giấy không đúng với mục %d của nhật ký; hãy lập lại.", x.Said),
				fmt.Sprintf("Words of the paper are not those of entry %d; make it again.", x.Said))
		}
	}
	return nil
}
