package election

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// MovePerson records what happens to a person on a list: acceptance, files,
// support, withdrawal and who decided it, striking.
type MovePerson struct {
	OnRound
	Person    string
	What      Move
	Files     *int64
	HandedIn  vn.Date
	Support   *int64
	Attending *int64
	Hand      *Hand
	Reason    string
}

func (a MovePerson) Name() string { return "election.move-person" }

// Decide: a withdrawal and a striking are decided by the congress (meeting),
// never by the presidium alone; who may be struck follows from the rules.
func (a MovePerson) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	n := r.Find(a.Person)
	if n == nil || n.Out == MoveUnlisted {
		return nil, desk.Missing("Người này không có trong danh sách.", "This person is not on the list.")
	}
	if n.Out != "" {
		return nil, desk.Refuse(n.Show("vi")+" không còn trong danh sách ("+lower(MoveWords(n.Out).VI)+").", n.Show("en")+" is no longer on the list ("+lower(MoveWords(n.Out).EN)+").")
	}
	body := movedBody{stepHead: a.head(it.ID), Person: a.Person, What: a.What}
	more, err := a.fill(c, s, it, n, &body)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{{Kind: KindMoved, Subjects: a.subjects(), Body: body, Blocks: reasonBlock(a.Reason)}}, more...), nil
}

func (a MovePerson) fill(c *Chain, s *desk.Scene, it *ItemState, n *Nominee, body *movedBody) ([]desk.Draft, error) {
	wrong := func(vi, en string) ([]desk.Draft, error) {
		return nil, desk.Refuse(n.Show("vi")+" "+vi, n.Show("en")+" "+en)
	}
	switch a.What {
	case MoveAccept, MoveDecline:
		if n.Origin == vote.Standing {
			return wrong("tự ứng cử nên không phải ghi nhận đề cử; muốn thôi thì ghi xin rút.", "stands by own choice: no acceptance is recorded; to leave, record a request to withdraw.")
		}
		if n.Accepted != nil {
			return wrong("đã được ghi nhận đề cử; muốn thôi thì ghi xin rút.", "has accepted already; to leave, record a request to withdraw.")
		}
	case MoveFile:
		if a.Files == nil || *a.Files < 0 || *a.Files > 100 {
			return nil, desk.Wrong("files", "Hãy ghi số giấy tờ trong hồ sơ.", "Give the number of papers in the file.")
		}
		body.Files, body.HandedIn = a.Files, a.HandedIn
	case MoveSupport:
		if m := it.Meet; a.Attending == nil && m != nil && m.Voting() != nil {
			n := m.Counts(m.Voting()).Present
			a.Attending = &n
		}
		if a.Support == nil || a.Attending == nil || *a.Support < 0 || *a.Attending < 1 || *a.Support > *a.Attending {
			return nil, desk.Wrong("support", "Hãy ghi số người ủng hộ và số người dự; số ủng hộ không nhiều hơn số dự.", "Give supporters and those attending; supporters are not more than those attending.")
		}
		body.Support, body.Present = a.Support, a.Attending
		v, err := vote.Ask(s.Rules, vote.RuleOutsideSupport, c.Day(it), map[string]int64{"support": *a.Support, "attending": *a.Attending}, nil)
		if err != nil {
			return nil, err
		}
		if v.Recorded {
			body.Verdicts = bare(v.Verdict)
		}
	case MoveAskOut:
		if n.AskedOut {
			return wrong("đã xin rút, đang chờ quyết định.", "has asked to withdraw; the decision is awaited.")
		}
		if _, err := needReason(a.Reason); err != nil {
			return nil, err
		}
	case MoveOut, MoveKeep:
		if !n.AskedOut {
			return wrong("chưa xin rút: hãy ghi xin rút trước.", "has not asked to withdraw: record the request first.")
		}
		return a.decided(c, s, it, body)
	case MoveStrike:
		if len(n.Examined.Barred) == 0 {
			return wrong("không vướng quy định nào để đưa ra khỏi danh sách; nếu người này xin rút thì ghi xin rút.", "is barred by no rule and cannot be struck; if the person wishes to leave, record a request to withdraw.")
		}
		for _, b := range n.Examined.Barred {
			body.Verdicts = append(body.Verdicts, bare(b.Verdict)...)
		}
		return a.decided(c, s, it, body)
	case MovePollOut:
		if !it.Poll().tied(a.Person) {
			return wrong("không bằng phiếu ở chỗ cuối khi xin ý kiến.", "is not tied at the last place of the poll.")
		}
		return c.carried(s, it, a.Hand, onList, &body.Hand, &body.Verdicts)
	case MoveUnlisted:
		if _, err := needReason(a.Reason); err != nil {
			return nil, err
		}
		if n.Support != nil || n.AskedOut || n.Kept {
			return wrong("đã có diễn biến tại đại hội (hội nghị) nên không bỏ như ghi nhầm được.", "was already dealt with by the congress (meeting) and cannot be taken off as a mistake.")
		}
	default:
		return nil, desk.Wrong("what", "Hãy chọn việc cần ghi.", "Choose what to record.")
	}
	return nil, nil
}

// decided demands the vote of the congress (meeting) and its majority.
func (a MovePerson) decided(c *Chain, s *desk.Scene, it *ItemState, body *movedBody) ([]desk.Draft, error) {
	v, err := vote.Ask(s.Rules, vote.RuleWithdrawal, c.Day(it), map[string]int64{"is_voted": flag(a.Hand != nil)}, nil)
	if err != nil {
		return nil, err
	}
	if a.Hand == nil {
		if v.Recorded {
			return nil, desk.Refuse(v.Verdict.Says.VI, v.Verdict.Says.EN, v.Verdict)
		}
		return nil, desk.Wrong("for", "Hãy ghi kết quả biểu quyết của đại hội (hội nghị).", "Record the vote of the congress (meeting).")
	}
	if v.Recorded {
		body.Verdicts = append(body.Verdicts, bare(v.Verdict)...)
	}
	return c.carried(s, it, a.Hand, onWithdrawal, &body.Hand, &body.Verdicts)
}

// bare is a verdict without its sentences, as entries keep it: the rule, its
// document and inputs say it again at any time.
func bare(v rule.Verdict) []rule.Verdict {
	v.Says = rule.Words{}
	return []rule.Verdict{v}
}

// VoteSeats records the number of seats as the congress (meeting) voted it;
// for delegates the number allotted from above, which is not voted.
type VoteSeats struct {
	OnRound
	Seats int64
	Hand  *Hand
}

func (a VoteSeats) Name() string { return "election.vote-seats" }

// Decide demands the vote where the number is voted.
func (a VoteSeats) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	if r.N > 1 || it.SeatsBy == SeatsFixed {
		return nil, desk.Refuse("Số lượng của lần bầu này đã định, không biểu quyết.", "The number of this round is fixed and not voted.")
	}
	if a.Seats < 1 || a.Seats > vote.MaxSeats {
		return nil, desk.Wrong("seats", "Hãy ghi số lượng cần bầu, từ 1 trở lên.", "Give the number of seats, 1 or more.")
	}
	body := seatsBody{stepHead: a.head(it.ID), Seats: a.Seats}
	if it.SeatsBy == SeatsAllotted {
		if a.Hand != nil {
			return nil, desk.Refuse("Số lượng đại biểu do cấp trên phân bổ, đại hội không biểu quyết số lượng.", "The number of delegates is allotted from above; the congress does not vote it.")
		}
		return []desk.Draft{{Kind: KindSeats, Subjects: a.subjects(), Body: body}}, nil
	}
	more, err := c.carried(s, it, a.Hand, onNumber, &body.Hand, &body.Verdicts)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{{Kind: KindSeats, Subjects: a.subjects(), Body: body}}, more...), nil
}

// ChooseReading records which reading of an unverified rule the congress
// (meeting) follows on this list, where the readings give different results.
type ChooseReading struct {
	OnRound
	Rule, Reading string
	Reason        string // who chose it and why
}

func (a ChooseReading) Name() string { return "election.choose-reading" }

// Decide takes only readings that the regulation file lists.
func (a ChooseReading) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	if err := s.Rules.CheckChoices(c.Day(it), map[string]string{a.Rule: a.Reading}); err != nil {
		return nil, desk.Wrong("reading", "Quy định này không có cách hiểu đó.", "The rule has no such reading.")
	}
	reason, err := needReason(a.Reason)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindReading, Subjects: a.subjects(), Body: readingBody{a.head(it.ID), a.Rule, a.Reading}, Blocks: reasonBlock(reason)}}, nil
}
