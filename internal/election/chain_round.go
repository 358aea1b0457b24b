package election

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// ReportRound records the figures of a round as the counting board reported
// them, with the verdict on them, in one act.
type ReportRound struct {
	OnRound
	Base      *vote.Base
	Ballots   vote.Ballots
	Votes     map[string]int64
	Disagree  map[string]int64
	Unmarked  map[string]int64
	Decisions []vote.Decision
	Source    Source
}

func (a ReportRound) Name() string { return "election.report-round" }

// Decide puts the figures to the list as it was voted and counts them.
func (a ReportRound) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := countable(c, it, r); err != nil {
		return nil, err
	}
	if r.Box != "" {
		return nil, desk.Refuse("Hòm phiếu của lần bầu này đã mở: số liệu do trưởng ban kiểm phiếu báo cáo từ việc kiểm phiếu.", "The box of this round is open: the head of the counting board reports the figures from the count.")
	}
	rec := c.Skeleton(it, r)
	rec.Base, rec.Ballots, rec.Votes, rec.Disagree, rec.Unmarked, rec.Decisions = a.Base, a.Ballots, a.Votes, a.Disagree, a.Unmarked, a.Decisions
	return c.record(ctx, s, a.OnRound, it, r, rec, a.Source)
}

// countable says whether a round may be voted and counted now.
func countable(c *Chain, it *ItemState, r *Round) error {
	switch {
	case r.Row != nil:
		return desk.Refuse("Số liệu của lần bầu này đã được ghi; muốn sửa thì đính chính.", "The figures of this round are recorded already; correct them instead.")
	case r.List == nil:
		return desk.Refuse("Phải biểu quyết danh sách bầu cử trước.", "The list must be voted first.")
	}
	if e := c.Earlier(it); e != nil {
		return mustComeFirst(e)
	}
	return nil
}

// record drafts the figures and verdict of a round by the act that records
// any contest.
func (c *Chain) record(ctx context.Context, s *desk.Scene, a OnRound, it *ItemState, r *Round, rec *vote.Record, src Source) ([]desk.Draft, error) {
	titles := map[string]string{}
	for _, n := range r.Persons {
		if n.Title != "" {
			titles[n.Person] = n.Title
		}
	}
	if src.How == "" {
		src.How = "hand"
	}
	return RecordContest{Event: a.Event, Org: a.Org, Contest: Contest{Record: rec, Title: ContestTitle(it, r), Sample: c.Event.Sample, Titles: titles, Source: src}}.Decide(ctx, s)
}

// ContestTitle is the title of a round as its contest bears it.
func ContestTitle(it *ItemState, r *Round) rule.Words {
	w := it.Title
	switch r.Kind {
	case RoundPoll:
		return rule.Words{VI: w.VI + " – lấy phiếu xin ý kiến về danh sách", EN: w.EN + " – opinion poll on the list"}
	case RoundFurther:
		return rule.Words{VI: fmt.Sprintf("%s – bầu tiếp, lần %d", w.VI, r.N), EN: fmt.Sprintf("%s – further round, %d", w.EN, r.N)}
	case RoundRevote:
		return rule.Words{VI: fmt.Sprintf("%s – bầu lại giữa những người bằng phiếu, lần %d", w.VI, r.N), EN: fmt.Sprintf("%s – vote among the tied, round %d", w.EN, r.N)}
	}
	return w
}

// guard holds figures of a contest that belongs to a chain against the list as
// it was voted, however they come in.
func guard(ctx context.Context, s *desk.Scene, rec *vote.Record) error {
	if rec == nil {
		return nil
	}
	event, err := EventOf(ctx, s.Tx, rec.ID)
	if err != nil || event == "" {
		return err
	}
	c, err := LoadChain(ctx, s.Tx, s.Rules, event)
	if err != nil {
		return err
	}
	it, r := c.Round(rec.ID)
	if r == nil {
		return nil
	}
	if err := countable(c, it, r); err != nil {
		return err
	}
	want := c.Skeleton(it, r)
	same := rec.Rules == want.Rules && rec.Date == want.Date && rec.Seats != nil && *rec.Seats == *want.Seats && len(rec.Candidates) == len(want.Candidates) && (rec.Form == "" || rec.Form == want.Form)
	for i := range want.Candidates {
		same = same && rec.Candidates[i].ID == want.Candidates[i].ID
	}
	if !same {
		return desk.Wrong("candidates", "Loại bầu, ngày, số lượng, hình thức phiếu và người trong số liệu phải đúng danh sách đã biểu quyết.",
			"Kind, day, seats, form of ballot and persons of the figures must be those of the list that was voted.")
	}
	return nil
}

// DecideRound records what follows a result where people must decide: another
// vote among the tied, a further round or none, the answer of the upper level
// to a pause.
type DecideRound struct {
	OnRound
	Choice   string
	NewNames bool   // a further round may have new names
	Reading  string // of the rule on stopping, where its readings differ
	Hand     *Hand
	Number   string // of the upper level's answer
	Date     vn.Date
	Person   string // whom the upper level designates
	Reason   string
}

func (a DecideRound) Name() string { return "election.decide-round" }

// Decide lets only what the state of the round leaves to decide.
func (a DecideRound) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if it.Now() != r {
		return nil, desk.Refuse("Lần bầu này đã qua; hãy làm ở lần bầu đang mở.", "This round is past; act on the one that is open.")
	}
	if vn.Longer(a.Reason, maxReason) || vn.Longer(a.Number, 100) {
		return nil, desk.Wrong("reason", "Lý do hoặc số văn bản quá dài.", "The reason or number is too long.")
	}
	body := decidedBody{stepHead: a.head(it.ID), Choice: a.Choice, NewNames: a.NewNames && a.Choice == ChooseFurther}
	var more []desk.Draft
	switch it.State {
	case StatePaused:
		err = a.answer(s, r, &body)
	case StateTied:
		more, err = a.tied(c, s, it, r, &body)
	case StateShort, StateInvalid:
		more, err = a.short(c, s, it, r, &body)
	case StateRefused:
		err = desk.Refuse("Số liệu mâu thuẫn: phải kiểm tra và đính chính số liệu trước.", "The figures contradict each other: check and correct them first.")
	case StateOpen:
		err = desk.Refuse("Các cách hiểu quy định cho kết quả khác nhau: phải ghi quyết định ở trang kết quả của cuộc bầu trước.", "Readings of the rules give different results: record the decision on the page of the contest first.")
	default:
		err = desk.Refuse("Không có gì phải quyết định ở đây ("+lower(StateWords(it.State).VI)+").", "There is nothing to decide here ("+lower(StateWords(it.State).EN)+").")
	}
	if err != nil {
		return nil, err
	}
	out := []desk.Draft{{Kind: KindRoundClosed, Subjects: a.subjects(), Body: body, Blocks: reasonBlock(a.Reason)}}
	next, err := a.next(c, s, it, r)
	return append(append(out, next...), more...), err
}

// answer: a pause ends only by the recorded answer of the upper level.
func (a DecideRound) answer(s *desk.Scene, r *Round, body *decidedBody) error {
	if a.Choice != ChooseGoOn && a.Choice != ChooseName {
		return desk.Refuse("Việc bầu đang tạm dừng: chỉ tiếp tục khi ghi ý kiến trả lời của ban thường vụ cấp ủy cấp trên.", "The election is paused: it goes on only by the recorded answer of the upper standing committee.")
	}
	if strings.TrimSpace(a.Number) == "" || a.Date.IsZero() {
		return desk.Wrong("number", "Hãy ghi số và ngày văn bản trả lời của cấp trên (hoặc “ý kiến trực tiếp” và ngày).", "Give the number and day of the upper level's answer (or “in person” and the day).")
	}
	if s.Today.Before(a.Date) {
		return desk.Wrong("date", "Ngày của văn bản trả lời còn ở phía trước.", "The day of the answer lies ahead.")
	}
	if _, err := needReason(a.Reason); err != nil {
		return err
	}
	body.Number, body.Date = strings.TrimSpace(a.Number), a.Date
	if a.Choice == ChooseName {
		if n := r.Find(a.Person); n == nil || n.Out != "" {
			return desk.Wrong("person", "Hãy chọn người được chỉ định trong danh sách bầu.", "Choose the person designated from the list.")
		}
		body.Person = a.Person
	}
	return nil
}

// tied: the first tie is voted again; tied again the body decides.
func (a DecideRound) tied(c *Chain, s *desk.Scene, it *ItemState, r *Round, body *decidedBody) ([]desk.Draft, error) {
	switch {
	case a.Choice != ChooseRevote && a.Choice != ChooseStop:
		return nil, desk.Refuse("Bằng phiếu ở người cuối cùng: phải bầu lại giữa những người bằng phiếu trước.", "Tied at the last seat: the tied must be voted again first.")
	case a.Choice == ChooseRevote && vote.Next(r.Row.Next) != vote.RevoteTied:
		return nil, desk.Refuse("Quy định của ngày này không có việc bầu lại giữa những người bằng phiếu.", "The rules of this day know no vote among the tied.")
	case r.Kind != RoundRevote && a.Choice == ChooseStop:
		return nil, desk.Refuse("Phải bầu lại giữa những người bằng phiếu trước; lại bằng phiếu thì đại hội (hội nghị) mới quyết định dừng.", "The tied must be voted again first; tied again, the congress (meeting) may stop.")
	case r.Kind != RoundRevote:
		return nil, nil // follows from the rule: nobody has to vote on it
	}
	return c.carried(s, it, a.Hand, onFurther, &body.Hand, &body.Verdicts)
}

// short: the body decides whether to vote again, and whether new names may
// enter; delegates are voted again before anybody may stop.
func (a DecideRound) short(c *Chain, s *desk.Scene, it *ItemState, r *Round, body *decidedBody) ([]desk.Draft, error) {
	switch a.Choice {
	case ChooseFurther:
	case ChooseStop:
		choices := map[string]string{}
		if a.Reading != "" {
			choices[vote.RuleMayStop] = a.Reading
			if err := s.Rules.CheckChoices(c.Day(it), choices); err != nil {
				return nil, desk.Wrong("reading", "Quy định này không có cách hiểu đó.", "The rule has no such reading.")
			}
			if _, err := needReason(a.Reason); err != nil {
				return nil, err
			}
		}
		delegates := it.Rules == "party-election/delegates" || it.Rules == "party-election/alternates"
		v, err := vote.Ask(s.Rules, vote.RuleMayStop, c.Day(it), map[string]int64{"is_delegates": flag(delegates), "round": int64(r.N)}, choices)
		if err != nil {
			return nil, err
		}
		if len(v.Differs) > 0 {
			return nil, desk.Refuse("Có cách hiểu cho dừng, có cách hiểu phải bầu tiếp: hãy chọn cách hiểu và ghi lý do. "+v.Verdict.Says.VI, "Readings differ on whether the body may stop: choose one and give the reason. "+v.Verdict.Says.EN, v.Verdict)
		}
		if v.No() {
			return nil, desk.Refuse("Chưa được dừng. "+v.Verdict.Says.VI, "It may not stop yet. "+v.Verdict.Says.EN, v.Verdict)
		}
		if v.Recorded {
			body.Verdicts = append(body.Verdicts, bare(v.Verdict)...)
		}
	default:
		return nil, desk.Refuse("Bầu chưa đủ số lượng: đại hội (hội nghị) phải quyết định bầu tiếp hay dừng trước.", "Seats are left empty: the congress (meeting) must first decide to vote again or to stop.")
	}
	return c.carried(s, it, a.Hand, onFurther, &body.Hand, &body.Verdicts)
}

// next opens the round that follows: its list is ready by itself.
func (a DecideRound) next(c *Chain, s *desk.Scene, it *ItemState, r *Round) ([]desk.Draft, error) {
	n := r.N + 1
	switch a.Choice {
	case ChooseRevote:
		ps := r.with(vote.TiedOutcome)
		contest := fmt.Sprintf("%s/%s/lai-%d", c.Event.ID, it.ID, n)
		seats := r.Row.Unfilled
		open := c.open(it, contest, RoundRevote, n, seats, r.Contest, ps)
		body := listVotedBody{stepHead: stepHead{Contest: contest, Event: a.Event, Item: it.ID}, Seats: seats}
		var err error
		if body.Order, err = order(ps, nil); err != nil {
			return nil, err
		}
		if body.Form, err = form(s.Rules, c.Day(it), it.Rules, it.Form, seats, len(ps)); err != nil {
			return nil, err
		}
		return []desk.Draft{open, {Kind: KindListVoted, Subjects: []string{ContestSubject(contest), EventSubject(a.Event)}, Body: body}}, nil
	case ChooseFurther:
		seats := r.Row.Unfilled
		ps := r.without(vote.Elected, vote.GoesOn, vote.Alternate)
		if it.State == StateInvalid {
			seats, ps = r.List.Seats, r.with("")
		}
		return []desk.Draft{c.open(it, fmt.Sprintf("%s/%s/lan-%d", c.Event.ID, it.ID, n), RoundFurther, n, seats, r.Contest, ps)}, nil
	}
	return nil, nil
}

// with are the persons on the ballot with one outcome; "" is everybody.
func (r *Round) with(o vote.Outcome) []*Nominee {
	var out []*Nominee
	for _, id := range r.List.Order {
		n := r.Find(id)
		for _, l := range r.Lines {
			if n != nil && l.Candidate == id && (o == "" || l.Outcome == o) {
				out = append(out, n)
			}
		}
	}
	return out
}

// without are the persons on the ballot with none of the outcomes.
func (r *Round) without(os ...vote.Outcome) []*Nominee {
	gone := map[string]bool{}
	for _, o := range os {
		for _, n := range r.with(o) {
			gone[n.Person] = true
		}
	}
	var out []*Nominee
	for _, n := range r.with("") {
		if !gone[n.Person] {
			out = append(out, n)
		}
	}
	return out
}
