package election

import (
	"context"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// pollContest is the contest kind of an opinion poll on a list.
const pollContest = "party-election/opinion-poll"

// kind is the contest kind of a round.
func (r *Round) rules(s *ItemState) string {
	if r.Kind == RoundPoll {
		return pollContest
	}
	return s.Rules
}

// VoteList records that the congress (meeting) voted the list: from here on
// it is the list on the ballot, in its order and form.
type VoteList struct {
	OnRound
	// Order are person ids in ballot order, set by hand; empty: by given name.
	Order []string
	Hand  *Hand
}

func (a VoteList) Name() string { return "election.vote-list" }

// Decide refuses while an earlier item has not ended, while a person on the
// list lacks something, and while the list does not fit the surplus rules; it
// says everything that is missing at once.
func (a VoteList) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	if e := c.Earlier(it); e != nil {
		return nil, mustComeFirst(e)
	}
	k, err := c.Reckon(s.Rules, it, r)
	if err != nil {
		return nil, err
	}
	if len(k.Blocks) > 0 {
		return nil, blocked("Chưa biểu quyết danh sách được.", "The list cannot be voted yet.", k.Blocks)
	}
	body := listVotedBody{stepHead: a.head(it.ID), Seats: r.seats(it)}
	if len(k.Rooms) > 0 {
		body.Most = k.Rooms[0].Most
	}
	if body.Order, err = order(r.Stand(), a.Order); err != nil {
		return nil, err
	}
	var more []desk.Draft
	if !it.OwnTeam {
		if more, err = c.carried(s, it, a.Hand, onList, &body.Hand, &body.Verdicts); err != nil {
			return nil, err
		}
	}
	if body.Form, err = form(s.Rules, c.Day(it), r.rules(it), it.Form, body.Seats, len(body.Order)); err != nil {
		return nil, err
	}
	return append([]desk.Draft{{Kind: KindListVoted, Subjects: a.subjects(), Body: body}}, more...), nil
}

// blocked is a refusal that names everything still missing.
func blocked(vi, en string, bs []Block) error {
	var vs []rule.Verdict
	for _, b := range bs {
		vi, en = vi+" "+b.Says.VI, en+" "+b.Says.EN
		if b.Verdict != nil {
			vi, en = vi+" ("+b.Verdict.Article+", "+b.Verdict.Document+")", en+" ("+b.Verdict.Article+", "+b.Verdict.Document+")"
			vs = append(vs, *b.Verdict)
		}
	}
	return desk.Refuse(vi, en, vs...)
}

// order is the ballot order: by hand where given, else by given name.
func order(stand []*Nominee, byHand []string) ([]string, error) {
	if len(byHand) == 0 {
		var out []string
		for _, p := range InOrder(stand) {
			out = append(out, p.ID)
		}
		return out, nil
	}
	want := map[string]bool{}
	for _, n := range stand {
		want[n.Person] = true
	}
	for _, id := range byHand {
		if !want[id] {
			return nil, desk.Wrong("order", "Số thứ tự phải ghi cho đúng những người trong danh sách, mỗi người một số.", "Order numbers are given to the persons on the list, one each.")
		}
		delete(want, id)
	}
	if len(want) > 0 {
		return nil, desk.Wrong("order", "Còn người trong danh sách chưa có số thứ tự.", "Some persons on the list have no order number.")
	}
	return slices.Clone(byHand), nil
}

// InOrder puts persons in the order of given names, equal names told apart.
func InOrder(stand []*Nominee) []vote.Placed {
	ps := make([]vote.Placed, len(stand))
	for i, n := range stand {
		ps[i] = vote.Placed{ID: n.Person, Name: n.Name, Born: n.Born}
	}
	return vote.PlaceNames(ps)
}

// OnBallot is the voted list of a round in ballot order, equal names told
// apart; nil before it is voted.
func (r *Round) OnBallot() []vote.Placed {
	if r.List == nil {
		return nil
	}
	var ps []vote.Placed
	for i, id := range r.List.Order {
		p := vote.Placed{ID: id, Order: i + 1}
		if n := r.Find(id); n != nil {
			p.Name, p.Born = n.Name, n.Born
		}
		ps = append(ps, p)
	}
	out, _ := vote.PlaceByHand(ps)
	return out
}

// form is the form of the ballot by the rule of the day: names are struck with
// surplus, agreed to without. Where the rules name none it is the chosen one.
func form(lib *rule.Library, on vn.Date, kind, chosen string, seats int64, names int) (string, error) {
	b, err := lib.For(kind, on)
	if err != nil {
		return "", err
	}
	p := b.Policy("form")
	switch {
	case p == nil:
		return chosen, nil
	case p.Choose != "by-surplus":
		return p.Choose, nil
	case int64(names) > seats:
		return "strike", nil
	}
	return "agree", nil
}

// OpenPoll opens the opinion poll on a list: on the names outside the official
// list, for as many places as the largest list leaves.
type OpenPoll struct {
	OnRound
	Reason string // needed where the poll is not obligatory
}

func (a OpenPoll) Name() string { return "election.open-poll" }

// Decide refuses a poll on a list that is not ready but for its length, and a
// poll nobody asks for without a reason.
func (a OpenPoll) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	if it.Poll() != nil || r.Kind != RoundFirst || it.OwnTeam {
		return nil, desk.Refuse("Danh sách này không lấy phiếu xin ý kiến (nữa).", "There is no (further) opinion poll on this list.")
	}
	k, err := c.Reckon(s.Rules, it, r)
	if err != nil {
		return nil, err
	}
	var left []Block
	for _, b := range k.Blocks {
		if b.Person != "" || r.seats(it) < 1 {
			left = append(left, b)
		}
	}
	if len(left) > 0 {
		return nil, blocked("Chưa lấy phiếu xin ý kiến được.", "The opinion poll cannot be held yet.", left)
	}
	var ask []*Nominee
	for _, n := range r.Stand() {
		if n.Origin != vote.Official {
			ask = append(ask, n)
		}
	}
	if len(ask) == 0 {
		return nil, desk.Refuse("Không có người ứng cử, được đề cử ngoài danh sách chính thức nên không có ai để xin ý kiến.", "Nobody outside the official list stands, so there is nobody to ask about.")
	}
	duty := k.Poll.Yes() || k.Duty.Yes()
	if !duty {
		if _, err := needReason(a.Reason); err != nil {
			return nil, err
		}
	}
	most := int64(len(ask))
	if len(k.Rooms) > 0 && k.Rooms[0].Most > 0 {
		most = min(most, k.Rooms[0].Most-k.Official)
	}
	if most < 1 {
		return nil, desk.Refuse("Danh sách chính thức đã đến số dư tối đa, không còn chỗ cho người ngoài danh sách.", "The official list already has the largest surplus; no place is left for others.")
	}
	contest := a.Contest + PollSuffix
	open := c.open(it, contest, RoundPoll, 1, most, a.Contest, ask)
	body := listVotedBody{stepHead: stepHead{Contest: contest, Event: a.Event, Item: it.ID}, Seats: most}
	if k.Poll.Recorded {
		body.Verdicts = bare(k.Poll.Verdict)
	}
	if body.Order, err = order(ask, nil); err != nil {
		return nil, err
	}
	if body.Form, err = form(s.Rules, c.Day(it), pollContest, "", most, len(ask)); err != nil {
		return nil, err
	}
	return []desk.Draft{open, {Kind: KindListVoted, Subjects: []string{ContestSubject(contest), EventSubject(a.Event)}, Body: body, Blocks: reasonBlock(a.Reason)}}, nil
}

// Skeleton is the contest record of a round without its figures: what a box is
// opened with and what figures are held against.
func (c *Chain) Skeleton(s *ItemState, r *Round) *vote.Record {
	if r.List == nil {
		return nil
	}
	seats := r.List.Seats
	rec := &vote.Record{ID: r.Contest, Rules: r.rules(s), Date: c.Day(s), Round: r.N, Form: r.List.Form, Level: c.Programme.Level, Body: s.Body, Seats: &seats}
	if c.Programme.Level == "cell" {
		rec.OrgKind = "cell"
	}
	switch r.Kind {
	case RoundRevote:
		rec.Kind = "revote-tied"
	case RoundFurther:
		rec.Kind = "further"
	}
	if r.N > 1 {
		earlier := int64(0)
		for _, o := range s.Rounds {
			if o.N < r.N && o.Kind != RoundPoll {
				for _, l := range o.Lines {
					if l.Outcome == vote.Elected || l.Outcome == vote.GoesOn {
						earlier++
					}
				}
			}
		}
		rec.EarlierElected = &earlier
	}
	for i, id := range r.List.Order {
		cand := vote.Candidate{ID: id, Order: i + 1}
		if n := r.Find(id); n != nil {
			cand.Name, cand.Born = n.Name, n.Born
			if slices.Contains(s.Plans, n.Planned) && r.Kind != RoundPoll {
				cand.Planned = n.Planned
			}
		}
		rec.Candidates = append(rec.Candidates, cand)
	}
	return rec
}
