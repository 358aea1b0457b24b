package document

import (
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
)

func (w *writer) credentials() error {
	i := slices.IndexFunc(w.meetings(), func(m *meeting.State) bool { return m.ID == w.About })
	if i < 0 {
		return desk.Missing("Không có cuộc họp này trong chương trình.", "There is no such meeting in the programme.")
	}
	m := w.meetings()[i]
	x := m.Voting()
	if x == nil || len(x.Marks) == 0 {
		return desk.Refuse("Chưa điểm danh phiên nào nên chưa lập được báo cáo.", "No attendance was taken yet, so the report cannot be made.")
	}
	w.Type, w.Subject = "BÁO CÁO", []string{"thẩm tra tư cách đại biểu", typed(m.Title.VI)}
	sum, here, gone := w.meet(m, "summoned"), w.meet(m, "present"), w.meet(m, "absent")
	text := fmt.Sprintf("Triệu tập: %s đại biểu. Có mặt: %s, bằng %s so với triệu tập. Vắng mặt: %s.", place(sum), place(here), w.share(here, sum), place(gone))
	if n := w.meet(m, "alternates"); w.Figures[n-1].Value > 0 {
		text += fmt.Sprintf(" Đại biểu dự khuyết thay thế: %s.", place(n))
	} else {
		w.drop(n)
	}
	// Parts with nothing to say go, and the others are numbered as they stand.
	at := 0
	numbered := func(head string) string { at++; return []string{"I", "II", "III", "IV", "V"}[at-1] + ". " + head }
	table := func(head, id string, rows [][]string) {
		if len(rows) > 0 {
			w.table(numbered(head), id, rows)
		}
	}
	w.part(numbered("Tình hình đại biểu"), text)
	var orgs []string
	for _, a := range m.People {
		if a.Delegation != "" && !slices.Contains(orgs, a.Delegation) {
			orgs = append(orgs, a.Delegation)
		}
	}
	title := map[string]string{"": ""}
	var rows [][]string
	for i, o := range orgs {
		u, ok, err := org.Get(w.ctx, w.tx, o, org.Now(m.Date))
		if err != nil {
			return err
		}
		if title[o] = o; ok && u.Name != "" {
			title[o] = typed(u.Name)
		}
		row := []string{fmt.Sprint(i + 1), title[o]}
		for _, f := range []string{"summoned", "present", "absent", "alternates"} {
			row = append(row, place(w.meet(m, "delegation."+o+"."+f)))
		}
		rows = append(rows, row)
	}
	table("Theo đoàn", "doan", rows)
	rows = nil
	for _, a := range m.People {
		if !a.Standing.Votes(a.Replaces != "") || a.Replaces == "" && x.Marks[a.Person] == meeting.Present {
			continue
		}
		n, err := w.name(a.Person, m.Date)
		if err != nil {
			return err
		}
		how := "Vắng mặt"
		switch {
		case a.Replaces != "":
			of, err := w.name(a.Replaces, m.Date)
			if err != nil {
				return err
			}
			how = "Dự khuyết, thay " + of
		case x.Marks[a.Person] == meeting.Excused:
			how = "Vắng mặt có lý do"
		}
		rows = append(rows, []string{fmt.Sprint(len(rows) + 1), n, title[a.Delegation], how})
	}
	table("Đại biểu vắng mặt, thay thế", "nguoi", rows)
	rows = nil
	for i, d := range m.Deductions {
		n, err := w.name(d.Person, m.Date)
		if err != nil {
			return err
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), n, ReasonWords(d.Reason).VI})
	}
	table("Người được trừ khỏi mẫu số", "tru", rows)
	a, err := m.Quorum(w.lib, x)
	if err != nil {
		return err
	}
	switch v := a.Verdict; {
	case !a.Settled():
		w.part(numbered("Kết luận"), "Không có quy định đã xác minh nào của ngày họp để kết luận về số đại biểu tối thiểu; Ban thẩm tra nêu ý kiến và đại hội biểu quyết.")
	case a.Holds:
		w.part(numbered("Kết luận"), "Số đại biểu có mặt đủ để tiến hành theo "+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+".")
	default:
		w.part(numbered("Kết luận"), "Số đại biểu có mặt CHƯA ĐỦ để tiến hành theo "+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+".")
	}
	return nil
}
