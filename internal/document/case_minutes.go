package document

import (
	"fmt"
	"strings"

	"minhbach/internal/course"
)

// stepMinutes are the counting minutes of one step: who counted, who came, the
// ballots, the votes and what the rules say of them.
func (w *caseWriter) stepMinutes() error {
	h := w.st.Step(w.About)
	st := w.st.Def.Step(w.About)
	w.Type, w.Subject = "BIÊN BẢN", []string{"kiểm phiếu", typed(st.Title.VI), "nhân sự " + typed(w.post)}
	day, e, rec := h.Opening.Body.On, h.Counted.Entry, h.Record
	w.bases()
	team, err := w.people(h.Opening.Body.Team, day)
	if err != nil {
		return err
	}
	part := w.part("1. Hội nghị, tổ kiểm phiếu", "Ngày họp: "+day.Vietnamese()+". Thành phần: "+typed(st.Participants.VI)+".")
	if h.Round > 1 {
		part.Text = append(part.Text, fmt.Sprintf("Bỏ phiếu lại lần %d.", h.Round))
	}
	if team != "" {
		part.Text = append(part.Text, "Tổ kiểm phiếu (tổ trưởng đứng đầu): "+team+".")
	}
	var came []string
	if b := rec.Base; b != nil {
		for _, x := range []struct {
			what, field string
			v           *int64
		}{{"triệu tập", "summoned", b.Summoned}, {"có mặt", "present", b.Present}, {"tổng số thành viên", "incumbents", b.Incumbents}} {
			if x.v != nil {
				came = append(came, x.what+" "+place(w.fig(*x.v, e, "record.base."+x.field)))
			}
		}
	}
	var ballots []string
	for _, x := range []struct {
		what, field string
		v           *int64
	}{{"phát ra", "issued", rec.Ballots.Issued}, {"thu về", "collected", rec.Ballots.Collected}, {"hợp lệ", "valid", rec.Ballots.Valid}, {"không hợp lệ", "invalid", rec.Ballots.Invalid}} {
		if x.v != nil {
			ballots = append(ballots, x.what+" "+place(w.fig(*x.v, e, "record.ballots."+x.field)))
		}
	}
	count := w.part("2. Số liệu")
	if len(came) > 0 {
		count.Text = append(count.Text, upper(strings.Join(came, "; "))+".")
	}
	if len(ballots) > 0 {
		count.Text = append(count.Text, "Phiếu: "+strings.Join(ballots, "; ")+".")
	}
	var rows [][]string
	for _, l := range h.Result.Results {
		name, err := w.name(l.Candidate, day)
		if err != nil {
			return err
		}
		n := w.fig(l.Votes, e, "record.votes."+l.Candidate)
		share := ""
		if l.Share != "" {
			share = w.shareOf(n, h, l.Share)
		}
		rows = append(rows, []string{fmt.Sprint(len(rows) + 1), name, place(n), share, outcomeWord(l.Outcome)})
	}
	w.table("3. Kết quả", "ket_qua", rows)
	w.Parts = append(w.Parts, Part{Head: "4. Đối chiếu quy định", Said: e, Text: course.Said(*h.Counted)})
	if w.set.Notes != "" {
		w.part("5. Diễn biến", w.set.Notes)
	}
	return nil
}
