package document

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/vote"
)

// result writes the figures of one contest.
func (w *writer) result(title string, r *election.Round, short bool) error {
	det, err := election.Get(w.ctx, w.tx, r.Contest)
	if err != nil {
		return err
	}
	if err := det.MinutesReady(w.lib); err != nil {
		return err
	}
	m, err := Draft(det, w.chain.Event, w.lib, Setting{}, w.Made, ledger.Checkpoint{}, "")
	if err != nil {
		return err
	}
	for _, b := range m.Basis {
		s := fmt.Sprintf("Căn cứ %s số %s ngày %s", typed(b.Title.VI), typed(b.Number), b.Date.Vietnamese())
		if !slices.Contains(w.Basis, s) {
			w.Basis = append(w.Basis, s)
		}
	}
	it, _ := w.chain.Round(r.Contest)
	poll := r.Kind == election.RoundPoll || it != nil && it.OwnTeam
	part := w.part(title)
	if r.List != nil && !short && !poll {
		part.Text = append(part.Text, w.listHand(r))
	}
	var figures []string
	base := 0
	for _, f := range m.Figures {
		if f.N == 0 || short && strings.HasPrefix(f.Field, "record.ballots.invalid_by") {
			continue
		}
		n := w.fig(f.Value, f.Entry, f.Field)
		label := f.Label.VI
		switch {
		case m.Status == string(vote.Counted) && f.Field == "record.seats":
		case poll && f.Field == "record.seats":
			label = "Số lượng cần giới thiệu"
		case poll && f.Field == "candidates":
			label = "Số người trong danh sách lấy phiếu"
		}
		figures = append(figures, label+": "+place(n))
		if f.Field == "result.denominator.count" {
			base = n
		}
	}
	for _, d := range m.Deductions {
		figures = append(figures, "trừ khỏi mẫu số – "+d.Says+": "+place(w.fig(d.Figure.Value, d.Figure.Entry, d.Figure.Field)))
	}
	part.Text = append(part.Text, strings.Join(figures, "; ")+".")
	var rows [][]string
	var elected []string
	for i, c := range m.Candidates {
		n, share := w.fig(c.Votes.Value, c.Votes.Entry, c.Votes.Field), ""
		if base > 0 {
			share = w.share(n, base)
		}
		outcome := election.OutcomeWords(c.Outcome).VI
		if poll && c.Outcome == vote.NotElected {
			outcome = "Không được chọn"
		}
		counts := place(n)
		if c.Middle != nil {
			counts += "; tín nhiệm " + place(w.fig(c.Middle.Value, c.Middle.Entry, c.Middle.Field))
		}
		if c.Against != nil {
			against := "; không đồng ý "
			if c.Middle != nil {
				against = "; tín nhiệm thấp "
			}
			counts += against + place(w.fig(c.Against.Value, c.Against.Entry, c.Against.Field))
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), typed(strings.TrimSpace(c.Title + " " + c.Name)), counts, share, outcome})
	}
	for _, id := range m.Elected {
		for _, c := range m.Candidates {
			if c.ID == id {
				elected = append(elected, typed(c.Name))
			}
		}
	}
	w.table("", "ket_qua", rows)
	s := "Tình trạng: " + election.StatusWords(m.Status).VI + "."
	if len(elected) > 0 {
		s = "Kết quả, theo số phiếu từ cao xuống thấp: " + strings.Join(elected, ", ") + ". " + s
	}
	w.part("", s)
	return nil
}

// listHand says how the list of a round was voted.
func (w *writer) listHand(r *election.Round) string {
	if r.List == nil {
		return ""
	}
	s := fmt.Sprintf("Danh sách bầu cử gồm %s người, bầu lấy %s người", place(w.fig(int64(len(r.List.Order)), r.List.Entry, "order.#")), place(w.fig(r.List.Seats, r.List.Entry, "seats")))
	if h := w.hand(r.List.Hand, r.List.Entry, "hand"); h != "" {
		s += "; " + h
	}
	return s + "."
}

func (w *writer) electionMinutes() error {
	w.Type, w.Subject = "BIÊN BẢN", []string{"bầu cử", typed(w.chain.Event.Title.VI)}
	w.present()
	some := false
	for _, it := range w.chain.Items {
		for _, r := range it.Rounds {
			if r.Row == nil {
				continue
			}
			some = true
			if err := w.result(typed(election.ContestTitle(it, r).VI), r, false); err != nil {
				return err
			}
		}
	}
	if !some {
		return desk.Refuse("Chưa có nội dung bầu nào có kết quả nên chưa lập được biên bản bầu cử.", "No contest has a result yet, so the election minutes cannot be made.")
	}
	w.part("", "Biên bản kiểm phiếu của từng nội dung kèm theo biên bản này. Mỗi số trên đều dẫn đến một mục của nhật ký chứng thực.")
	return nil
}

// round is the round that the paper is about.
func (w *writer) round() (*election.ItemState, *election.Round, error) {
	it, r := w.chain.Round(w.About)
	if r == nil {
		return nil, nil, desk.Missing("Không có nội dung bầu này.", "There is no such contest.")
	}
	return it, r, nil
}

func (w *writer) pollMinutes() error {
	it, r, err := w.round()
	if err != nil {
		return err
	}
	if r.Kind != election.RoundPoll && !it.OwnTeam {
		return desk.Refuse("Nội dung này là bầu cử, không phải lấy phiếu; hãy lập biên bản kiểm phiếu.", "This is an election, not a poll; make counting minutes.")
	}
	if r.Row == nil {
		return desk.Refuse("Phiếu chưa kiểm xong.", "The ballots are not counted yet.")
	}
	w.Type, w.Subject = "BIÊN BẢN", []string{"kiểm phiếu lấy ý kiến, giới thiệu", typed(election.ContestTitle(it, r).VI)}
	w.present()
	if it.Meet != nil {
		c := it.Meet.Organ(meeting.PollTeam, it.ID)
		if c == nil {
			c = it.Meet.Organ(meeting.PollTeam, "")
		}
		if c != nil {
			part := w.part("Tổ kiểm phiếu")
			for _, id := range c.Members {
				n, err := w.name(id, it.Meet.Date)
				if err != nil {
					return err
				}
				if id == c.Head {
					n += " – Tổ trưởng"
				}
				part.Text = append(part.Text, n)
			}
		}
	}
	if err := w.result("Kết quả", r, false); err != nil {
		return err
	}
	if vote.Status(r.Row.Status) == vote.Counted {
		w.part("", "Không có ngưỡng trong quy định cho cuộc lấy phiếu này; người có thẩm quyền xem xét kết quả.")
		return nil
	}
	w.part("", "Kết quả lấy phiếu là căn cứ tham khảo để lập danh sách, không phải kết quả bầu cử.")
	return nil
}
