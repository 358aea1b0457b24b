package document

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
)

// extractList is the summary list of the persons of the case, lying, one row a
// person.
func (w *caseWriter) extractList() error {
	w.Type, w.Subject = "DANH SÁCH TRÍCH NGANG", []string{"nhân sự đề nghị xem xét: " + typed(w.post)}
	var rows [][]string
	for _, p := range w.st.Persons {
		if p.Left {
			continue
		}
		a, err := w.person(p.ID)
		if err != nil {
			return err
		}
		row := append(a.extract(len(rows)+1), w.short(&p), w.votes(p.ID))
		rows = append(rows, row)
	}
	w.table("", "trich_ngang", rows)
	if w.set.Notes != "" {
		w.part("", w.set.Notes)
	}
	return nil
}

// short is the sheet of conditions of a person in one cell.
func (w *caseWriter) short(p *procedure.Person) string {
	if p.Eligible() {
		for _, l := range p.Lines {
			if l.State == procedure.Excepted {
				return "đủ, có ngoại lệ"
			}
		}
		return "đủ"
	}
	for _, l := range p.Lines {
		if l.State == procedure.NotMet {
			return "chưa đủ"
		}
	}
	return "còn thiếu giấy tờ"
}

// votes are the ballots for a person at each step, cited.
func (w *caseWriter) votes(id string) string {
	var out []string
	for _, s := range w.st.Def.Steps {
		h := w.st.Step(s.ID)
		if h == nil || h.Skipped || h.Result == nil {
			continue
		}
		for _, l := range h.Result.Results {
			if l.Candidate != id {
				continue
			}
			n := w.fig(l.Votes, h.Counted.Entry, "record.votes."+id)
			text := "bước " + s.ID + ": " + place(n)
			if share := w.shareOf(n, h, l.Share); share != "" {
				text += " (" + share + ")"
			}
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n")
}

// submission is the submission with the need, consent, course, person,
// opinions, the proposal, and the files that go with it.
func (w *caseWriter) submission() error {
	verb, noun := w.ends("")
	w.Type, w.Subject = "TỜ TRÌNH", []string{"về việc đề nghị " + noun}
	w.address("Kính trình: ")
	w.bases()
	if err := w.need("1. Sự cần thiết"); err != nil {
		return err
	}
	w.consent("2. Chủ trương")
	if err := w.stepsTable("3. Quá trình thực hiện quy trình"); err != nil {
		return err
	}
	w.stepNotes()
	text, err := w.life(w.About)
	if err != nil {
		return err
	}
	w.part("4. Nhân sự đề nghị", text...)
	if err := w.conditions("Tiêu chuẩn, điều kiện", w.About); err != nil {
		return err
	}
	w.opinions("5. Ý kiến của cấp ủy")
	name, err := w.name(w.About, w.Made)
	if err != nil {
		return err
	}
	w.part("6. Đề nghị", fmt.Sprintf("Kính đề nghị %s xem xét, quyết định %s đồng chí %s giữ chức vụ %s.", w.decides(), verb, name, typed(w.post)))
	if w.set.Notes != "" {
		w.part("", w.set.Notes)
	}
	return w.files("Hồ sơ kèm theo")
}

func (w *caseWriter) address(lead string) {
	w.Address = w.set.Address
	if len(w.Address) == 0 {
		w.Address = []string{lead + w.decides()}
	}
}

// need is why the post is to be filled: quota, who holds it, and the words.
func (w *caseWriter) need(head string) error {
	open := w.events[0]
	s := fmt.Sprintf("Chức vụ: %s. Số người cần kiện toàn: %s.", typed(w.post), place(w.fig(w.st.Seats, open.Entry, "seats")))
	if w.st.Quota != nil {
		s += fmt.Sprintf(" Số lượng được giao: %s.", place(w.fig(*w.st.Quota, open.Entry, "quota")))
	}
	if w.st.Holders != nil {
		s += fmt.Sprintf(" Hiện có: %s.", place(w.fig(*w.st.Holders, open.Entry, "holders")))
	}
	w.part(head, s)
	w.said(open)
	return nil
}

func (w *caseWriter) consent(head string) {
	part := w.part(head)
	c := w.st.Consent
	if c.Asked != nil {
		part.Text = append(part.Text, "Xin chủ trương: "+docWords(c.Asked.Body.Paper)+".")
	}
	if c.Given != nil {
		s := "Chủ trương: " + docWords(c.Given.Body.Paper) + "."
		if !c.RunDue.IsZero() {
			s += " Hạn thực hiện quy trình: ngày " + c.RunDue.Vietnamese() + "."
		}
		part.Text = append(part.Text, s)
	}
}

// files lists what goes with the submission: the papers of the case up to it
// and those of the person, what is missing marked.
func (w *caseWriter) files(head string) error {
	part := w.part(head)
	later := []string{"submitted", "opinion-asked", "opinion-answered", "appraised", "decided", "elected", "ratified", "letter-received", "letter-closed", "access-opened"}
	for _, it := range procedure.Contents(w.st.Def, w.st.State, w.events) {
		if !it.There() && !it.Missing() || slices.Contains(later, it.What) || it.Person != "" && it.Person != w.About {
			continue
		}
		s := "- " + filedWords[it.What]
		if i := slices.IndexFunc(w.st.Def.Conditions, func(k rule.Condition) bool { return k.ID == it.Condition }); i >= 0 {
			s = "- " + typed(w.st.Def.Conditions[i].Title.VI)
		}
		if it.Step != "" {
			s += ", bước " + it.Step
		}
		if !it.There() {
			part.Text = append(part.Text, s+" (CHƯA CÓ)")
			continue
		}
		if it.Paper.Number != "" {
			s += ": số " + typed(it.Paper.Number)
		}
		if !it.Paper.Date.IsZero() {
			s += ", ngày " + it.Paper.Date.Vietnamese()
		}
		part.Text = append(part.Text, fmt.Sprintf("%s (mục %d của nhật ký)", s, it.Entry))
	}
	return nil
}

// filedWords name the papers of the table of contents.
var filedWords = map[string]string{"consent-asked": "Văn bản xin chủ trương", "consent-given": "Văn bản cho chủ trương", "condition-judged": "Giấy tờ điều kiện", "reading-decided": "Kết luận về cách hiểu quy định",
	"signed-minutes": "Biên bản đã ký", "full-minutes": "Biên bản hội nghị đầy đủ", "difference-explained": "Báo cáo làm rõ kết quả khác nhau", "opinion-recorded": "Ý kiến bằng văn bản của cấp ủy", "opinion-asked": "Văn bản lấy ý kiến", "opinion-answered": "Văn bản trả lời ý kiến",
	"appraised": "Phiếu thẩm định", "decided": "Quyết định", "elected": "Kết quả bầu", "ratified": "Quyết định chuẩn y", "other-paper": "Giấy tờ khác"}

// appraisal holds the case against what the regulations ask: order and
// verdicts of the steps, conditions, relatives, letters, opinions of others.
func (w *caseWriter) appraisal() error {
	st := w.st
	w.Type, w.Subject = "PHIẾU THẨM ĐỊNH", []string{"nhân sự đề nghị: " + typed(w.post)}
	if len(w.set.Address) > 0 {
		w.address("")
	}
	w.bases("Căn cứ tờ trình tại " + docWords(st.SubmittedAt.Body.Paper))
	text, err := w.life(w.About)
	if err != nil {
		return err
	}
	w.part("1. Nhân sự", text...)
	if err := w.need("2. Số lượng, sự cần thiết"); err != nil {
		return err
	}
	w.consent("3. Chủ trương và thời hạn")
	if err := w.stepsTable("4. Trình tự, kết quả các bước"); err != nil {
		return err
	}
	w.stepNotes()
	w.verdicts()
	if err := w.conditions("5. Tiêu chuẩn, điều kiện", w.About); err != nil {
		return err
	}
	if err := w.control("6. Kiểm soát quyền lực"); err != nil {
		return err
	}
	w.opinions("7. Ý kiến của cấp ủy")
	w.asks("8. Ý kiến của các cơ quan được hỏi")
	missing := []string{}
	for _, it := range procedure.Contents(w.st.Def, st.State, w.events) {
		if it.Missing() && it.What != "appraised" {
			s := filedWords[it.What]
			if it.Step != "" {
				s += ", bước " + it.Step
			}
			missing = append(missing, lower(s))
		}
	}
	files := "Hồ sơ đủ thành phần theo mục lục."
	if len(missing) > 0 {
		files = "Hồ sơ còn thiếu: " + strings.Join(missing, "; ") + "."
	}
	w.part("9. Hồ sơ", files)
	head := "10. Ý kiến thẩm định"
	switch a := st.AppraisedAt; {
	case a != nil:
		said := "Không đồng ý với đề nghị"
		if a.Body.Yes != nil && *a.Body.Yes {
			said = "Đồng ý với đề nghị"
		}
		w.part(head, fmt.Sprintf("%s (%s; mục %d của nhật ký).", said, docWords(a.Body.Paper), a.Entry))
		w.said(*a)
	case w.set.Notes != "":
		w.part(head, w.set.Notes)
	default:
		return desk.Wrong("notes", "Hãy ghi ý kiến thẩm định.", "Write what the appraisal says.")
	}
	return nil
}

// verdicts are the reasons of each step with their articles, as the entry of
// the step has them.
func (w *caseWriter) verdicts() {
	head := "Đối chiếu quy định"
	for _, s := range w.st.Def.Steps {
		if h := w.st.Step(s.ID); h != nil && h.Result != nil {
			w.Parts = append(w.Parts, Part{Head: head, Said: h.Counted.Entry, Text: course.Said(*h.Counted)})
			head = ""
		}
	}
}

// control is what 205 and later 114 ask: relatives, who stepped aside, letters.
func (w *caseWriter) control(head string) error {
	part := w.part(head)
	found, err := procedure.Relatives(w.ctx, w.tx, w.lib, w.st.State, w.About, w.Made)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		part.Text = append(part.Text, "Theo hồ sơ không có quan hệ gia đình thuộc trường hợp không được cùng giữ chức vụ.")
	}
	for _, c := range found {
		part.Text = append(part.Text, fmt.Sprintf("VƯỚNG QUAN HỆ GIA ĐÌNH: %s (%s, %s)", typed(c.Pair.Says.VI), c.Pair.Article, c.Edition.Document.Number))
	}
	if n := len(w.st.Recused); n > 0 {
		part.Text = append(part.Text, "Có người làm hồ sơ khai quan hệ với người trong hồ sơ và không tham gia (xem nhật ký của hồ sơ).")
	}
	switch open := len(w.st.OpenLetters()); {
	case len(w.st.Letters) == 0:
		part.Text = append(part.Text, "Không có đơn thư về người trong hồ sơ được ghi nhận.")
	case open == 0:
		part.Text = append(part.Text, "Đơn thư về người trong hồ sơ đã được xử lý hoặc báo cáo cấp có thẩm quyền.")
	default:
		part.Text = append(part.Text, "CÒN ĐƠN THƯ CHƯA XỬ LÝ.")
	}
	return nil
}

func (w *caseWriter) asks(head string) {
	var rows [][]string
	for _, q := range w.st.Asks {
		row := []string{fmt.Sprint(len(rows) + 1), typed(q.Asked.Body.Paper.By), paperShort(q.Asked.Body.Paper), "chưa trả lời", ""}
		if a := q.Answered; a != nil {
			row[3], row[4] = paperShort(a.Body.Paper), "không đồng ý"
			if a.Body.Yes != nil && *a.Body.Yes {
				row[4] = "đồng ý"
			}
		}
		rows = append(rows, row)
	}
	w.table(head, "y_kien", rows)
}

func paperShort(p procedure.Paper) string {
	return strings.TrimSpace(typed(p.Number) + ", " + p.Date.Vietnamese())
}

// decision is the decision, as drafted for signature or as recorded.
func (w *caseWriter) decision() error {
	outcome, from, to := w.set.Outcome, w.set.Since, w.set.Until
	if d := w.st.DecidedAt; d != nil {
		outcome, to = d.Body.Outcome, d.Body.Until
		posts, err := person.AllPosts(w.ctx, w.tx, w.About, -1)
		if err != nil {
			return err
		}
		for _, p := range posts {
			if p.ID == d.Body.Post && d.Body.Post != "" {
				from = p.From
			}
		}
	}
	verb, noun := w.ends(outcome)
	if outcome == "" {
		return desk.Wrong("outcome", "Hãy chọn quyết định kết thúc bằng cách nào.", "Choose how the decision comes out.")
	}
	if outcome != procedure.OutcomePutForward && from.IsZero() {
		return desk.Wrong("from", "Cần ngày quyết định có hiệu lực.", "The day from which the post is held is needed.")
	}
	w.Type, w.Subject = "QUYẾT ĐỊNH", []string{"về việc " + noun}
	more := []string{"Xét đề nghị tại " + docWords(w.st.SubmittedAt.Body.Paper)}
	if a := w.st.AppraisedAt; a != nil {
		more = append(more, "Xét kết quả thẩm định tại "+docWords(a.Body.Paper))
	}
	w.bases(more...)
	a, err := w.person(w.About)
	if err != nil {
		return err
	}
	who := "đồng chí " + a.name
	if a.born != "" {
		who += ", sinh " + a.born
	}
	if a.posts != "" {
		who += ", " + a.posts
	}
	w.Parts = append(w.Parts, Part{Head: strings.ToUpper(w.Body) + " QUYẾT ĐỊNH", Mid: true})
	first := fmt.Sprintf("%s %s giữ chức vụ %s", upper(verb), who, typed(w.post))
	if outcome == procedure.OutcomePutForward {
		first = fmt.Sprintf("Giới thiệu %s để bầu giữ chức vụ %s", who, typed(w.post))
	}
	if !to.IsZero() {
		first += ", đến ngày " + to.Vietnamese()
	}
	w.part("", "Điều 1. "+first+".")
	if outcome != procedure.OutcomePutForward {
		w.part("", "Điều 2. Quyết định này có hiệu lực từ ngày "+from.Vietnamese()+".")
	} else {
		w.part("", "Điều 2. Việc bầu cử, chuẩn y thực hiện theo quy định; chức vụ chỉ có hiệu lực khi được bầu.")
	}
	rest := w.set.Notes
	if rest == "" {
		rest = fmt.Sprintf("Các cơ quan liên quan và đồng chí %s chịu trách nhiệm thi hành Quyết định này.", a.name)
	}
	w.part("", "Điều 3. "+rest)
	return nil
}
