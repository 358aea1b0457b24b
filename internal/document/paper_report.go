package document

import (
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/election"
)

// report goes to the upper committee with its list of files and the clocks.
func (w *writer) report() error {
	w.Type, w.Subject = "BÁO CÁO", []string{"kết quả bầu cử", typed(w.chain.Event.Title.VI)}
	w.present()
	var rows [][]string
	for _, it := range w.chain.Items {
		for _, r := range it.Rounds {
			if r.Row == nil {
				continue
			}
			if err := w.result(typed(election.ContestTitle(it, r).VI), r, true); err != nil {
				return err
			}
		}
		if it.OwnTeam {
			continue
		}
		for _, n := range it.Elected() {
			rows = append(rows, []string{fmt.Sprint(len(rows) + 1), typed(n.Show("vi")), typed(it.Title.VI)})
		}
	}
	if len(rows) == 0 {
		return desk.Refuse("Chưa có ai trúng cử nên chưa lập được báo cáo.", "Nobody is elected yet, so the report cannot be made.")
	}
	w.table("Danh sách trúng cử đề nghị chuẩn y", "trung_cu", rows)
	clocks := w.part("Thời hạn")
	ms := w.meetings()
	if len(ms) == 0 || !ms[len(ms)-1].Closed {
		clocks.Text = append(clocks.Text, "Thời hạn báo cáo và chuẩn y tính từ ngày bế mạc; cuộc họp cuối của chương trình chưa được ghi là bế mạc.")
	} else {
		closed := ms[len(ms)-1].ClosedOn
		for _, c := range []struct{ id, what, from string }{{RuleReport, "Báo cáo cấp trên", "kể từ ngày bế mạc " + closed.Vietnamese()},
			{RuleApprove, "Cấp trên xem xét chuẩn y (nếu nhận báo cáo ngay ngày lập giấy này)", "kể từ ngày nhận báo cáo " + w.Made.Vietnamese()}} {
			from := closed
			if c.id == RuleApprove {
				from = w.Made
			}
			t, err := WorkingTerm(w.lib, c.id, from)
			if err != nil {
				clocks.Text = append(clocks.Text, c.what+": chưa tính được vì lịch ngày nghỉ chưa có đến ngày đó.")
				continue
			}
			if !t.Settled {
				clocks.Text = append(clocks.Text, c.what+": chưa có quy định đã xác minh của ngày này về thời hạn, hoặc các cách hiểu cho kết quả khác nhau.")
				continue
			}
			clocks.Text = append(clocks.Text, fmt.Sprintf("%s: chậm nhất ngày %s (ngày làm việc thứ %d %s; %s, %s).", c.what, t.On.Vietnamese(), t.N, c.from, t.Asked.Verdict.Article, t.Asked.Verdict.Document))
		}
	}
	files := w.part("Hồ sơ kèm theo")
	n := 0
	add := func(s string) { n++; files.Text = append(files.Text, fmt.Sprintf("%d. %s.", n, s)) }
	made, err := Papers(w.ctx, w.tx, w.chain.Event.ID)
	if err != nil {
		return err
	}
	for _, p := range made {
		if p.Newer == 0 && p.Kind != UpperReport && p.Kind != Script {
			s := fmt.Sprintf("%s, lập ngày %s (mục %d của nhật ký)", PaperWords(p.Kind).VI, p.Made.Vietnamese(), p.Entry)
			if p.Signed != nil {
				s += ", ký ngày " + p.Signed.Day.Vietnamese()
			}
			add(s)
		}
	}
	for _, it := range w.chain.Items {
		for _, r := range it.Rounds {
			if r.Row == nil {
				continue
			}
			mins, err := election.MinutesOf(w.ctx, w.tx, r.Contest)
			if err != nil {
				return err
			}
			if s := "Biên bản kiểm phiếu – " + typed(election.ContestTitle(it, r).VI); len(mins) > 0 {
				add(fmt.Sprintf("%s (mục %d của nhật ký)", s, mins[0].Entry))
			} else {
				add(s + " (CHƯA LẬP)")
			}
		}
	}
	return nil
}
