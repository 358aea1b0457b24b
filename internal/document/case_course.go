package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/document/docx"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// The sizes of letters, in points, that the course of a case is tried in until
// it stands on one page.
const courseLargest, courseSmallest = 9.5, 6.0

// courseTemplate is the template of "Diễn biến quy trình": one page lying, a
// small head, one table of all steps.
func courseTemplate(f PartyForm, size float64) ([]byte, error) {
	b := &templateOf{Builder: &docx.Builder{Footer: "{{diem_chung}}", Code: "ma_qr", Margins: [4]float64{12, 12, f.Margins.Left, f.Margins.Right}, Wide: true}, f: f, wide: pageWide(f, true), small: size}
	small := func(bold bool) docx.Style {
		return docx.Style{Align: "center", Size: size + 1.5, Bold: bold, Keep: true}
	}
	b.when("do_mat", func() { b.P(docx.Style{Size: size + 2, Bold: true}, "{{do_mat}}") })
	b.Columns([]float64{b.wide * 0.44, b.wide * 0.56},
		append(optional(centre(size+1.5, false, false, "{{cap_tren}}"), "cap_tren"), centre(size+1.5, true, false, "{{co_quan}}")),
		[]docx.Line{{Style: docx.Style{Align: "center", Size: size + 2, Bold: true, Underline: true}, Text: "{{dang}}"}, {Style: docx.Style{Align: "center", Size: size + 1.5, Italic: true}, Text: "{{dia_danh_ngay}}"}})
	b.P(docx.Style{Align: "center", Size: size + 4, Bold: true, Before: 4, Keep: true}, "{{loai}}")
	b.each("trich_yeu", small(true))
	b.when("mau", func() { b.P(docx.Style{Align: "center", Size: size + 1, Bold: true, Italic: true}, "{{mau}}") })
	b.P(docx.Style{Align: "center", Size: 6}, "{{gach}}")
	text := docx.Style{Align: "both", Size: size + 1, Before: 2}
	italic := text
	italic.Italic = true
	b.each("kinh_gui", small(false))
	b.each("can_cu", italic)
	b.when("phan", func() {
		b.when("tieu_de_giua", func() { b.P(small(true), "{{tieu_de_giua}}") })
		b.when("tieu_de", func() {
			b.P(docx.Style{Size: size + 1, Bold: true, Before: 3, Keep: true}, "{{tieu_de}}")
		})
		b.each("doan_van", text)
		b.tables(caseTables(CourseSheet))
	})
	sign := func(side string) []docx.Line {
		return []docx.Line{{Style: docx.Style{Align: "center", Size: size + 2, Bold: true, Before: 6, Keep: true}, Text: "{{thay_mat_" + side + "}}"},
			{Style: docx.Style{Align: "center", Size: size + 2, Keep: true}, Text: "{{chuc_vu_" + side + "}}"}, {Style: docx.Style{Size: 10, Keep: true}}, {Style: docx.Style{Size: 10, Keep: true}},
			centre(size+2, true, false, "{{ten_"+side+"}}")}
	}
	b.Columns([]float64{b.wide / 2, b.wide / 2}, sign("trai"), sign("phai"))
	b.when("co_noi_nhan", func() { b.each("noi_nhan", docx.Style{Size: size}) })
	slip(b.Builder)
	return b.Bytes()
}

// printCourse prints the course in the largest letters in which it stands on
// one page; a slip is a page of its own. The bytes depend on the model alone.
func (p *Paper) printCourse() (Printed, error) {
	f, err := formOf(p.Form)
	if err != nil {
		return Printed{}, err
	}
	d, err := p.Marks()
	if err != nil {
		return Printed{}, err
	}
	most := 1
	if p.Seal == SealSlip {
		most = 2
	}
	for size := courseLargest; ; size -= 0.5 {
		raw, err := courseTemplate(f, size)
		if err != nil {
			return Printed{}, err
		}
		t, err := docx.Open(raw)
		if err != nil {
			return Printed{}, err
		}
		out, err := Print(t, d, p.stamp(), p.title(), p.Made)
		if err != nil || pages(out.PDF) <= most || size <= courseSmallest {
			return out, err
		}
	}
}

// pages is how many pages a PDF that was drawn here has.
func pages(pdf []byte) int { return bytes.Count(pdf, []byte("/Type /Page\n")) }

// courseSheet is the course of the case: consent, each step with its meeting,
// the day it was entered, who was summoned and came, the ballots, votes and
// share of each person, whether it was announced, the minutes and who signed
// them, the article; then opinions that differ and what followed.
func (w *caseWriter) courseSheet() error {
	w.Type, w.Subject = "DIỄN BIẾN QUY TRÌNH", []string{"nhân sự " + typed(w.post), typed(w.st.Def.Title.VI) + ", " + w.st.Edition.Document.Number}
	if w.st.Scribed {
		w.part("", "Hồ sơ chép lại từ giấy, không chạy trên chương trình này.")
	}
	w.consent("")
	var rows [][]string
	for _, s := range w.st.Def.Steps {
		if w.st.Step(s.ID) == nil && w.st.NotHeld(s) {
			rows = append(rows, w.courseRow(s, "Không tổ chức, theo quy định đã chứng thực"))
		}
		for i := range w.st.Steps {
			h := &w.st.Steps[i]
			if h.ID != s.ID {
				continue
			}
			more, err := w.courseStep(s, h)
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
	}
	w.table("", "dien_bien", rows)
	w.stepNotes()
	w.opinions("Ý kiến")
	part := w.part("")
	for _, x := range []struct {
		what string
		e    *procedure.Event
	}{{"Tờ trình", w.st.SubmittedAt}, {"Thẩm định", w.st.AppraisedAt}, {"Quyết định", w.st.DecidedAt}, {"Kết quả bầu", w.st.ElectedAt}, {"Chuẩn y", w.st.RatifiedAt}} {
		if x.e != nil {
			part.Text = append(part.Text, fmt.Sprintf("%s: %s (mục %d của nhật ký).", x.what, docWords(x.e.Body.Paper), x.e.Entry))
		}
	}
	if w.set.Notes != "" {
		part.Text = append(part.Text, w.set.Notes)
	}
	if len(part.Text) == 0 {
		w.Parts = w.Parts[:len(w.Parts)-1]
	}
	return nil
}

// courseRow is a row of a step of which nothing was counted.
func (w *caseWriter) courseRow(s *rule.Step, says string) []string {
	row := make([]string, len(paperTables["dien_bien"]))
	row[0], row[10], row[12] = typed(s.Title.VI), says, typed(s.Article)
	return row
}

// courseStep are the rows of one holding of a step: one a person.
func (w *caseWriter) courseStep(s *rule.Step, h *procedure.Step) ([][]string, error) {
	if h.Skipped {
		return [][]string{w.courseRow(s, fmt.Sprintf("Không tổ chức, theo kết luận ghi tại mục %d", h.Opening.Entry))}, nil
	}
	on := h.Opening.Body.On
	first := w.courseRow(s, "Đang mở, chưa có kết quả")
	first[0] += "\n" + typed(s.Participants.VI)
	if h.Round > 1 {
		first[0] += fmt.Sprintf("\n(lần %d)", h.Round)
	}
	first[1] = "Họp " + on.Vietnamese()
	if h.Counted == nil {
		who, err := w.people(h.Opening.Body.Persons, on)
		first[7] = who
		return [][]string{first}, err
	}
	e := h.Counted.Entry
	first[1] += fmt.Sprintf("\nNhập %s, mục %d", vn.DateOf(h.Counted.At.In(zone)).Vietnamese(), e)
	if h.Opening.Body.Late || h.Counted.Body.Late {
		first[1] += "\n(nhập sau)"
	}
	var err error
	if first[11], err = w.courseMinutes(s.ID, on); err != nil {
		return nil, err
	}
	if h.Result == nil {
		return w.courseReview(first, h)
	}
	if b := h.Record.Base; b != nil {
		first[2], first[3] = w.optional(b.Summoned, e, "record.base.summoned"), w.optional(b.Present, e, "record.base.present")
	}
	k := h.Record.Ballots
	first[4], first[5], first[6] = w.optional(k.Issued, e, "record.ballots.issued"), w.optional(k.Collected, e, "record.ballots.collected"), w.optional(k.Valid, e, "record.ballots.valid")
	announced := w.announced(s)
	rows := [][]string{first}
	for i, l := range h.Result.Results {
		if i > 0 {
			rows = append(rows, make([]string, len(first)))
		}
		row := rows[i]
		if row[7], err = w.name(l.Candidate, on); err != nil {
			return nil, err
		}
		n := w.fig(l.Votes, e, "record.votes."+l.Candidate)
		if row[8] = place(n); l.Share != "" {
			row[9] = w.shareOf(n, h, l.Share)
		}
		row[10] = upper(outcomeWord(l.Outcome))
		if i == 0 && announced != "" {
			row[10] += "\n" + announced
		}
	}
	return rows, nil
}

// courseReview is the row of a list that a meeting approved by hand.
func (w *caseWriter) courseReview(row []string, h *procedure.Step) ([][]string, error) {
	e := h.Counted.Entry
	row[10] = "Thông qua danh sách"
	if f := h.Counted.Body.Figures; f != nil {
		row[2], row[3] = w.optional(f.Summoned, e, "figures.summoned"), w.optional(f.Present, e, "figures.present")
		if v, ok := f.Votes["list"]; ok {
			n := w.fig(v, e, "figures.votes.list")
			if row[8] = place(n); f.Summoned != nil {
				row[9] = w.share(n, w.fig(*f.Summoned, e, "figures.summoned"))
			}
		}
	}
	who, err := w.people(h.Passed, h.Opening.Body.On)
	row[7] = who
	return [][]string{row}, err
}

// announced is whether the result of a step is announced, by its edition.
func (w *caseWriter) announced(s *rule.Step) string {
	b, err := w.st.Lib.For(s.Contest, w.st.Opened)
	if err != nil {
		return ""
	}
	p := b.Policy("announce")
	if p == nil {
		return "Công bố: văn bản không nói"
	}
	if p.Choose == "announced" {
		return "Có công bố"
	}
	return "Không công bố"
}

// courseMinutes are the signed papers of a step: kind, number, where, signers.
func (w *caseWriter) courseMinutes(step string, on vn.Date) (string, error) {
	var out []string
	for _, e := range w.st.Papers {
		if e.Body.Step != step {
			continue
		}
		p := e.Body.Paper
		s := strings.TrimSpace(typed(p.Kind) + " " + typed(p.Number))
		if p.Where != "" {
			s += ", " + typed(p.Where)
		}
		who, err := w.people(e.Body.Signers, on)
		if err != nil {
			return "", err
		}
		if out = append(out, s); who != "" {
			out = append(out, "Ký: "+who)
		}
	}
	return strings.Join(slices.Compact(out), "\n"), nil
}
