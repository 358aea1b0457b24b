package document

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// PaperSetting is what the person who makes a paper adds.
type PaperSetting struct {
	Number  int64  // from văn thư; 0 leaves it open
	Organ   string // abbreviation in the number
	Upper   string
	Body    string
	Place   string
	Notes   string // course of the meeting
	Signers []Signer
	To      []string
	Seal    Seal
}

// typed drops the braces that hold places of figures from what people write.
func typed(s string) string {
	return strings.TrimSpace(strings.NewReplacer("{", "(", "}", ")", "\r\n", "\n").Replace(s))
}

// writer sets the figures of a paper as it is written.
type writer struct {
	*Paper
	ctx   context.Context
	tx    *store.Tx
	lib   *rule.Library
	chain *election.Chain
	known map[string]int // figure already cited: entry and field → place
}

func place(n int) string { return fmt.Sprintf("{%d}", n) }

// fig cites a number of an entry and gives its place.
func (w *writer) fig(v, entry int64, field string) int {
	key := fmt.Sprintf("%d %s", entry, field)
	if n, ok := w.known[key]; ok {
		return n
	}
	w.Figures = append(w.Figures, PaperFigure{Value: v, Entry: entry, Field: field})
	w.known[key] = len(w.Figures)
	return len(w.Figures)
}

// meet cites a number of a meeting as it stands.
func (w *writer) meet(m *meeting.State, field string) int {
	v, _ := asOf(m, field)
	return w.fig(v, m.Last, "as-of."+field)
}

func (w *writer) share(part, of int) string {
	a, b := w.Figures[part-1].Value, w.Figures[of-1].Value
	if b <= 0 {
		return ""
	}
	w.Figures = append(w.Figures, PaperFigure{Share: []int{part, of}, Text: percent(a, b)})
	return place(len(w.Figures))
}

func (w *writer) part(head string, text ...string) *Part {
	w.Parts = append(w.Parts, Part{Head: head, Text: text})
	return &w.Parts[len(w.Parts)-1]
}

func (w *writer) table(head, id string, rows [][]string) {
	if len(rows) > 0 {
		w.part(head).Table = &PaperTable{ID: id, Rows: rows}
	}
}

func (w *writer) name(id string, day vn.Date) (string, error) {
	ns, err := names(w.ctx, w.tx, []string{id}, day)
	if err != nil {
		return "", err
	}
	return typed(ns[0]), nil
}

// DraftPaper writes a paper of an event as it would be made now. about is the
// contest of a list or of poll minutes, or the meeting of a credentials report.
func DraftPaper(ctx context.Context, tx *store.Tx, lib *rule.Library, kind PaperKind, event, about string, set PaperSetting, today vn.Date, point ledger.Checkpoint, key string) (*Paper, error) {
	chain, err := election.LoadChain(ctx, tx, lib, event)
	if err != nil {
		return nil, err
	}
	form, err := FormOn(today)
	if err != nil {
		return nil, err
	}
	if err := set.validate(form); err != nil {
		return nil, err
	}
	ev := chain.Event
	p := &Paper{V: 1, Kind: kind, Event: event, About: about, Sample: ev.Sample, Form: form.ID, Upper: typed(set.Upper), Body: typed(set.Body), Number: set.Number,
		Organ: typed(set.Organ), Place: typed(set.Place), Made: today, Seal: set.Seal, Key: key,
		Point: election.Point{Size: point.Size, Root: hex.EncodeToString(point.Root[:]), Code: point.PaperCode()}}
	if p.Seal == "" {
		p.Seal = SealFooter
	}
	if p.Body == "" {
		p.Body = typed(ev.Title.VI)
	}
	for _, s := range set.Signers {
		if s = (Signer{typed(s.For), typed(s.Post), vn.NormalizeName(typed(s.Name))}); s != (Signer{}) {
			p.Signers = append(p.Signers, s)
		}
	}
	for _, s := range set.To {
		if s = typed(s); s != "" {
			p.To = append(p.To, s)
		}
	}
	w := &writer{p, ctx, tx, lib, chain, map[string]int{}}
	switch kind {
	case ElectionMinutes:
		err = w.electionMinutes()
	case PollMinutes:
		err = w.pollMinutes()
	case ListPaper:
		err = w.listVoted()
	case Credentials:
		err = w.credentials()
	case UpperReport:
		err = w.report()
	case Script:
		err = w.script()
	default:
		return nil, desk.Wrong("paper", "Hãy chọn loại giấy.", "Choose a paper.")
	}
	if err != nil {
		return nil, err
	}
	if n := typed(set.Notes); n != "" {
		w.part("Diễn biến", n)
	}
	for i := range p.Basis { // one a line, each with ";", the last with ","
		end := ";"
		if i == len(p.Basis)-1 {
			end = ","
		}
		p.Basis[i] += end
	}
	return p, nil
}

func (set PaperSetting) validate(form PartyForm) error {
	if set.Number < 0 || set.Number > 99999 {
		return desk.Wrong("number", "Số văn bản không hợp lệ.", "The number is not valid.")
	}
	for field, s := range map[string]string{"organ": set.Organ, "upper": set.Upper, "body": set.Body, "place": set.Place} {
		if len(s) > 300 {
			return desk.Wrong(field, "Nội dung dài quá.", "This is too long.")
		}
	}
	if len(set.Notes) > 8000 || len(set.Signers) > 2 || len(set.To) > 20 || len(strings.Join(set.To, "")) > 4000 {
		return desk.Wrong("notes", "Diễn biến, người ký hoặc nơi nhận dài quá.", "The notes, the signers or the recipients are too long.")
	}
	for _, s := range set.Signers {
		if len(s.For)+len(s.Post)+len(s.Name) > 600 {
			return desk.Wrong("signers", "Nội dung ký dài quá.", "The signature is too long.")
		}
		if up := strings.ToUpper(s.For + " " + s.Post); !form.Deputy && (strings.Contains(up, "K/T") || strings.Contains(up, "KT.")) {
			return desk.Wrong("signers", "Từ "+form.Document+" ngày "+form.Date.Vietnamese()+", cấp ủy làm việc tập thể không ký K/T; hãy ghi T/M và chức vụ.",
				"Since "+form.Document+" a committee does not sign K/T (for and on behalf of a post); write T/M and the post.")
		}
	}
	switch set.Seal {
	case "", SealFooter, SealSlip, SealNone:
		return nil
	}
	return desk.Wrong("seal", "Hãy chọn nơi in điểm chứng.", "Choose where the checkpoint is printed.")
}

// meetings are the meetings of the event, each once, in the order of the chain.
func (w *writer) meetings() (out []*meeting.State) {
	for _, it := range w.chain.Items {
		if it.Meet != nil && !slices.ContainsFunc(out, func(m *meeting.State) bool { return m.ID == it.Meet.ID }) {
			out = append(out, it.Meet)
		}
	}
	return out
}

func (w *writer) hand(h *election.Hand, entry int64, field string) string {
	if h == nil {
		return ""
	}
	return fmt.Sprintf("biểu quyết: tán thành %s, không tán thành %s, ý kiến khác %s, trên %s có quyền biểu quyết",
		place(w.fig(h.For, entry, field+".for")), place(w.fig(h.Against, entry, field+".against")), place(w.fig(h.Other, entry, field+".other")), place(w.fig(h.Base, entry, field+".base")))
}

// present are the sentences that open a paper: who came.
func (w *writer) present() {
	part := w.part("Thành phần dự")
	for _, m := range w.meetings() {
		s := fmt.Sprintf("%s, ngày %s: triệu tập %s, có mặt %s, vắng mặt %s.", typed(m.Title.VI), m.Date.Vietnamese(), place(w.meet(m, "summoned")), place(w.meet(m, "present")), place(w.meet(m, "absent")))
		if n := w.meet(m, "alternates"); w.Figures[n-1].Value > 0 {
			s += fmt.Sprintf(" Số dự khuyết thay thế: %s.", place(n))
		} else {
			w.drop(n)
		}
		part.Text = append(part.Text, s)
	}
	if len(part.Text) == 0 {
		part.Text = []string{"Số người dự theo biên bản kiểm phiếu của từng nội dung bầu."}
	}
}

// drop takes back the last figure where the text does not use it.
func (w *writer) drop(n int) {
	if n == len(w.Figures) {
		f := w.Figures[n-1]
		delete(w.known, fmt.Sprintf("%d %s", f.Entry, f.Field))
		w.Figures = w.Figures[:n-1]
	}
}

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
		rows = append(rows, []string{fmt.Sprint(i + 1), typed(strings.TrimSpace(c.Title + " " + c.Name)), place(n), share, outcome})
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
	w.part("", "Kết quả lấy phiếu là căn cứ tham khảo để lập danh sách, không phải kết quả bầu cử.")
	return nil
}

func (w *writer) listVoted() error {
	it, r, err := w.round()
	if err != nil {
		return err
	}
	if r.List == nil {
		return desk.Refuse("Danh sách chưa được biểu quyết.", "The list was not voted yet.")
	}
	w.Type, w.Subject = "DANH SÁCH BẦU CỬ", []string{typed(election.ContestTitle(it, r).VI), typed(w.chain.Event.Title.VI)}
	w.part("", w.listHand(r))
	var rows [][]string
	for _, x := range r.OnBallot() {
		n := r.Find(x.ID)
		row := []string{fmt.Sprint(x.Order), typed(strings.TrimSpace(x.Name + " " + x.Apart)), typed(x.Born), ""}
		if n != nil {
			row[1] = typed(strings.TrimSpace(n.Show("vi") + " " + x.Apart))
			row[3] = election.OriginWords(string(n.Origin)).VI
		}
		rows = append(rows, row)
	}
	w.table("", "ung_cu", rows)
	w.part("", "Thứ tự trên là thứ tự trên phiếu bầu, xếp theo vần A, B, C của tên.")
	return nil
}

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
	w.part("I. Tình hình đại biểu", text)
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
	w.table("II. Theo đoàn", "doan", rows)
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
	w.table("III. Đại biểu vắng mặt, thay thế", "nguoi", rows)
	rows = nil
	for i, d := range m.Deductions {
		n, err := w.name(d.Person, m.Date)
		if err != nil {
			return err
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), n, ReasonWords(d.Reason).VI})
	}
	w.table("IV. Người được trừ khỏi mẫu số", "tru", rows)
	a, err := m.Quorum(w.lib, x)
	if err != nil {
		return err
	}
	switch v := a.Verdict; {
	case !a.Settled():
		w.part("Kết luận", "Không có quy định đã xác minh nào của ngày họp để kết luận về số đại biểu tối thiểu; Ban thẩm tra nêu ý kiến và đại hội biểu quyết.")
	case a.Holds:
		w.part("Kết luận", "Số đại biểu có mặt đủ để tiến hành theo "+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+".")
	default:
		w.part("Kết luận", "Số đại biểu có mặt CHƯA ĐỦ để tiến hành theo "+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+".")
	}
	return nil
}

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
			t, err := WorkingTerm(w.lib, vn.BuiltinCalendar(), c.id, from)
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

// script is what the chair reads, with the figures that stand now and dots
// where they do not stand yet.
func (w *writer) script() error {
	w.Type, w.Subject = "KỊCH BẢN ĐIỀU HÀNH", []string{typed(w.chain.Event.Title.VI)}
	if len(w.chain.Items) == 0 {
		return desk.Refuse("Sự kiện chưa có chương trình bầu cử.", "The event has no programme yet.")
	}
	const dots = "........"
	open := w.part("I. Khai mạc, thẩm tra tư cách")
	for _, m := range w.meetings() {
		s := typed(m.Title.VI) + ", ngày " + m.Date.Vietnamese() + ". Kính thưa đại hội, "
		if x := m.Voting(); x != nil && len(x.Marks) > 0 {
			s += fmt.Sprintf("số được triệu tập là %s, có mặt %s, vắng mặt %s.", place(w.meet(m, "summoned")), place(w.meet(m, "present")), place(w.meet(m, "absent")))
		} else {
			s += fmt.Sprintf("số được triệu tập là %s, có mặt %s, vắng mặt %s.", place(w.meet(m, "summoned")), dots, dots)
		}
		open.Text = append(open.Text, s)
	}
	open.Text = append(open.Text, "Giới thiệu đoàn chủ tịch, thư ký, ban thẩm tra tư cách; xin đại hội biểu quyết. Tán thành: "+dots+"; không tán thành: "+dots+"; ý kiến khác: "+dots+".")
	for i, it := range w.chain.Items {
		if it.State == election.StateOff || it.State == election.StateSkipped {
			continue
		}
		part := w.part(fmt.Sprintf("II.%d. %s", i+1, typed(it.Title.VI)))
		say := func(s string) { part.Text = append(part.Text, s) }
		r := it.Now()
		switch {
		case r != nil && r.Row != nil:
			say("Nội dung này đã kiểm phiếu xong. Mời trưởng ban kiểm phiếu công bố biên bản.")
			continue
		case r != nil && r.List != nil:
			say(w.listHand(r))
			say("Danh sách, theo thứ tự trên phiếu:")
			for _, x := range r.OnBallot() {
				name := x.Name
				if n := r.Find(x.ID); n != nil {
					name = n.Show("vi")
				}
				say(fmt.Sprintf("%d. %s", x.Order, typed(strings.TrimSpace(name+" "+x.Apart))))
			}
		default:
			say("Biểu quyết số lượng: tán thành " + dots + "; không tán thành " + dots + "; ý kiến khác " + dots + ".")
			say("Mời đề cử, ứng cử; xét các trường hợp xin rút; chốt danh sách gồm " + dots + " người. Biểu quyết danh sách: tán thành " + dots + "; không tán thành " + dots + "; ý kiến khác " + dots + ".")
		}
		say("Mời ban kiểm phiếu kiểm tra, niêm phong hòm phiếu trước đại hội; hướng dẫn cách bầu; phát phiếu. Số phiếu phát ra: " + dots + "; thu về: " + dots + ".")
		say("Tạm nghỉ để kiểm phiếu. Mời trưởng ban kiểm phiếu báo cáo kết quả; đoàn chủ tịch kết luận.")
	}
	w.part("III. Bế mạc", "Thông qua biên bản bầu cử; niêm phong phiếu, bàn giao; chào cờ, bế mạc.")
	return nil
}

// PaperWords names a kind of paper.
func PaperWords(k PaperKind) rule.Words { return paperWords[k] }

var paperWords = map[PaperKind]rule.Words{
	ElectionMinutes: {VI: "Biên bản bầu cử", EN: "Election minutes"},
	PollMinutes:     {VI: "Biên bản kiểm phiếu lấy ý kiến, giới thiệu", EN: "Minutes of the poll"},
	ListPaper:       {VI: "Danh sách bầu cử", EN: "List voted"},
	Credentials:     {VI: "Báo cáo thẩm tra tư cách đại biểu", EN: "Credentials report"},
	UpperReport:     {VI: "Báo cáo kết quả bầu cử lên cấp trên", EN: "Report to the upper level"},
	Script:          {VI: "Kịch bản điều hành", EN: "Script of the session"},
}
