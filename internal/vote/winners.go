package vote

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
)

// winners asks, per candidate, whether the votes pass, then fills the seats
// from the most votes down. Rank first, then threshold: a person may pass and
// still have no seat.
func (c *count) winners() (bool, error) {
	passed, ok, err := c.passed()
	if err != nil || !ok {
		return false, err
	}
	if len(passed) == 0 {
		return true, c.nobody()
	}
	seats := int(*c.rec.Seats)
	sure, tied, beyond := split(passed, seats)
	won := OutcomeOf(c.book)
	for _, l := range sure {
		l.Outcome = won
	}
	for _, l := range beyond {
		if l.Outcome, err = c.seatless(l); err != nil {
			return false, err
		}
	}
	if len(tied) > 0 {
		if err := c.tie(sure, tied, seats-len(sure), won); err != nil {
			return false, err
		}
	}
	if c.res.Status != Tied && won == Elected {
		if err := c.alternates(beyondOrTiedOut(passed)); err != nil {
			return false, err
		}
	}
	c.collect()
	return true, nil
}

// seatless is the outcome of one who ranks after the last seat: where the rank
// alone decides, only the winner rules can say whether the person passed.
func (c *count) seatless(l *Line) (Outcome, error) {
	if c.ranked {
		pass, err := c.pass(c.in, l)
		if err != nil || !pass {
			return NotElected, err
		}
	}
	return PassedNoSeat, nil
}

// pass asks the winner rules about one person without leaving reasons; false
// too when a figure they need was not recorded.
func (c *count) pass(in *rule.Inputs, l *Line) (bool, error) {
	line(in, c.rec, l.Candidate)
	any := false
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleWinner || !c.applies(r) {
			continue
		}
		a, err := r.Ask(in)
		if err != nil || a != rule.Holds {
			return false, err
		}
		any = true
	}
	return any, nil
}

// OutcomeOf is what winning means in a contest: elected, going on to the next
// step, or standing as an alternate.
func OutcomeOf(b *rule.Book) Outcome {
	if p := b.Policy("outcome"); p != nil {
		return Outcome(p.Choose)
	}
	return Elected
}

// passed lists the lines that reach the threshold, most votes first. ok is
// false when the threshold cannot be applied because figures are missing.
func (c *count) passed() (lines []*Line, ok bool, err error) {
	rank := c.book.Policy("pass")
	if c.kind.kind == "revote-tied" {
		if p := c.book.Policy("revote"); p != nil {
			rank = p
		}
	}
	if rank != nil && rank.Choose == "rank" {
		c.ranked = true
		c.by(rank, map[string]int64{})
		for i := range c.res.Results {
			if l := &c.res.Results[i]; l.Votes > 0 { // whom nobody chose has no rank
				lines = append(lines, l)
			}
		}
		return lines, true, nil
	}
	for i := range c.res.Results {
		l := &c.res.Results[i]
		line(c.in, c.rec, l.Candidate)
		pass, any := true, false
		for _, r := range c.book.Rules {
			if r.Role != rule.RoleWinner || !c.applies(r) {
				continue
			}
			a, err := r.Ask(c.in)
			if err != nil {
				return nil, false, err
			}
			if a == rule.NotRecorded {
				c.notRecorded(r)
				c.refuseUndecided(r)
				return nil, false, nil
			}
			any = true
			pass = pass && a == rule.Holds
			c.reason(r, l.Candidate, a == rule.Holds)
			if c.res.Need == 0 && !c.brief && c.base.count != nil {
				if c.res.Need, err = c.least(r); err != nil {
					return nil, false, err
				}
			}
		}
		if any && pass {
			lines = append(lines, l)
		}
	}
	return lines, true, nil
}

// refuseUndecided: without the denominator nobody can be declared elected.
func (c *count) refuseUndecided(r *rule.Bound) {
	c.refuse(Finding{Rule: r.ID, Kind: "not-recorded", Severity: "error", Says: rule.Words{
		VI: "Chưa có mẫu số nên chưa xác định được ai trúng cử.",
		EN: "The denominator was not recorded, so it cannot be said who is elected."}})
}

// least is the smallest number of votes that passes the rule, found by asking
// the rule itself; 0 when no number up to the base does.
func (c *count) least(r *rule.Bound) (int64, error) {
	votes, _ := c.in.Get(inVotes)
	defer c.in.Set(inVotes, votes)
	ask := func(v int64) (bool, error) {
		c.in.Set(inVotes, v)
		a, err := r.Ask(c.in)
		return a == rule.Holds, err
	}
	lo, hi := int64(0), *c.base.count+1 // ask(lo) fails, ask(hi) holds or nothing does
	if g := c.guess(r); g > 0 {
		above, err := ask(g)
		if err != nil {
			return 0, err
		}
		below, err := ask(g - 1)
		if err != nil {
			return 0, err
		}
		if above && !below {
			return g, nil
		}
	}
	if yes, err := ask(hi); err != nil || !yes {
		return 0, err
	}
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		yes, err := ask(mid)
		if err != nil {
			return 0, err
		}
		if yes {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, nil
}

// guess reads a share of the base off the rule's only parameter, to save the
// search; least asks the rule before it believes it.
func (c *count) guess(r *rule.Bound) int64 {
	ps := r.Params()
	if len(ps) != 1 || c.base.count == nil {
		return 0
	}
	v := ps[0]
	return *c.base.count/v.Den*v.Num + (*c.base.count%v.Den)*v.Num/v.Den + 1
}

// split takes the lines that pass (most votes first) into those who surely
// have a seat, those tied at the last seat, and those beyond it.
func split(passed []*Line, seats int) (sure, tied, beyond []*Line) {
	if len(passed) <= seats {
		return passed, nil, nil
	}
	at := passed[seats-1].Votes
	if passed[seats].Votes != at {
		return passed[:seats], nil, passed[seats:]
	}
	for _, l := range passed {
		switch {
		case l.Votes > at:
			sure = append(sure, l)
		case l.Votes == at:
			tied = append(tied, l)
		default:
			beyond = append(beyond, l)
		}
	}
	return sure, tied, beyond
}

func beyondOrTiedOut(passed []*Line) []*Line {
	var out []*Line
	for _, l := range passed {
		if l.Outcome == PassedNoSeat {
			out = append(out, l)
		}
	}
	return out
}

// tie settles the last seats as the policy says: by age, by another vote among
// the tied, or by people.
func (c *count) tie(sure, tied []*Line, left int, won Outcome) error {
	c.asked.tie = true
	p := c.book.Policy("tie")
	if p == nil {
		return c.leaveTied(tied, NextNone)
	}
	ids := make([]string, len(tied))
	for i, l := range tied {
		ids[i] = l.Candidate
	}
	reason := p.Verdict(map[string]int64{"votes": tied[0].Votes, "tied": int64(len(tied)), "seats_left": int64(left)}, "")
	switch p.Choose {
	case "older":
		if picked, ok := oldest(c.rec, ids, left); ok {
			c.res.Reasons = append(c.res.Reasons, reason)
			return c.give(tied, picked, won)
		}
		if done, err := c.peopleChoose(p, reason, tied, ids, left, won); done || err != nil {
			return err
		}
		reason.Holds = false
		reason.Says = rule.Words{
			VI: "Bằng phiếu ở người cuối cùng và ngày sinh bằng nhau hoặc chưa ghi đủ: quy định chưa nói, phải xin ý kiến cấp trên.",
			EN: "Tied at the last seat and births are equal or not fully recorded: the rules do not say, the upper level must be asked."}
		c.res.Reasons = append(c.res.Reasons, reason)
		return c.leaveTied(tied, AskUpper)
	case "ask-upper-level":
		if done, err := c.peopleChoose(p, reason, tied, ids, left, won); done || err != nil {
			return err
		}
		c.res.Reasons = append(c.res.Reasons, reason)
		return c.leaveTied(tied, AskUpper)
	default: // revote-tied
		c.res.Reasons = append(c.res.Reasons, reason)
		if c.stopped(p) {
			return c.give(tied, nil, won)
		}
		return c.leaveTied(tied, RevoteTied)
	}
}

func (c *count) leaveTied(tied []*Line, next Next) error {
	for _, l := range tied {
		l.Outcome = TiedOutcome
	}
	c.res.Status, c.res.Next = Tied, next
	return nil
}

func (c *count) give(tied []*Line, picked []string, won Outcome) (err error) {
	for _, l := range tied {
		if slices.Contains(picked, l.Candidate) {
			l.Outcome = won
		} else if l.Outcome, err = c.seatless(l); err != nil {
			return err
		}
	}
	return nil
}

// peopleChoose settles a tie by a recorded decision, where the rule itself can
// not: never against the age or the vote by which a rule settles it.
func (c *count) peopleChoose(p *rule.Chosen, reason rule.Verdict, tied []*Line, ids []string, left int, won Outcome) (bool, error) {
	picked, f, err := c.chosenByPeople(p, ids, left)
	if err != nil || picked == nil {
		return false, err
	}
	c.res.Findings = append(c.res.Findings, *f)
	c.res.Reasons = append(c.res.Reasons, reason)
	return true, c.give(tied, picked, won)
}

// chosenByPeople reads a recorded decision "elect:c3,c5" on a policy that
// leaves the choice to people; nil when there is none.
func (c *count) chosenByPeople(p *rule.Chosen, among []string, left int) ([]string, *Finding, error) {
	for i, d := range c.rec.Decisions {
		list, ok := strings.CutPrefix(d.Choice, "elect:")
		if d.Rule != p.ID || !ok {
			continue
		}
		picked := strings.Split(list, ",")
		if len(slices.Compact(slices.Sorted(slices.Values(picked)))) != left || len(picked) != left || slices.ContainsFunc(picked, func(id string) bool { return !slices.Contains(among, id) }) {
			return nil, nil, bad(decisionField(i), "phải chọn đúng %d người trong số %s", "choose exactly %d of %s", left, strings.Join(among, ", "))
		}
		c.used(i)
		return picked, decidedByPeople(d), nil
	}
	return nil, nil, nil
}

// stopped says that the body decided not to vote again under this policy.
func (c *count) stopped(p *rule.Chosen) bool {
	for i, d := range c.rec.Decisions {
		if d.Rule == p.ID && d.Choice == "stop" {
			c.used(i)
			c.res.Findings = append(c.res.Findings, *decidedByPeople(d))
			return true
		}
	}
	return false
}

// alternates fills the alternate seats from those who passed without a seat.
func (c *count) alternates(rest []*Line) error {
	if c.rec.Alternates == nil || *c.rec.Alternates == 0 || len(rest) == 0 {
		return nil
	}
	c.asked.alternates = true
	n := int(*c.rec.Alternates)
	if p := c.book.Policy("alternates"); p != nil {
		if p.Choose == "from-passed-of-summoned" {
			var err error
			if rest, err = c.passWhole(rest); err != nil {
				return err
			}
		}
		c.by(p, map[string]int64{"alternates": int64(n)})
	}
	sure, tied, _ := split(rest, n)
	for _, l := range sure {
		l.Outcome = Alternate
	}
	if len(tied) > 0 {
		return c.leaveTied(tied, RevoteTied)
	}
	return nil
}

// passWhole keeps those who pass when nobody is taken off the base.
func (c *count) passWhole(rest []*Line) ([]*Line, error) {
	if c.base.whole == nil {
		return rest, nil
	}
	in := *c.in
	in.Set(inBase, *c.base.whole)
	var out []*Line
	for _, l := range rest {
		pass, err := c.pass(&in, l)
		if err != nil {
			return nil, err
		}
		if pass {
			out = append(out, l)
		}
	}
	return out, nil
}

// collect writes the elected, most votes first, and the seats left empty.
func (c *count) collect() {
	for _, l := range c.res.Results {
		if l.Outcome == OutcomeOf(c.book) && l.Outcome != GoesOn {
			c.res.Elected = append(c.res.Elected, l.Candidate)
		}
	}
	filled := int64(0)
	for _, l := range c.res.Results {
		if l.Outcome == OutcomeOf(c.book) {
			filled++
		}
	}
	c.res.Unfilled = max(0, *c.rec.Seats-filled) // more may go on than one step has places
}

// nobody handles a contest in which no candidate passes: the rules may let
// some go on, or leave the choice to the head.
func (c *count) nobody() error {
	c.asked.nobody = true
	rank, last := int64(0), int64(-1)
	var head []string
	for i := range c.res.Results {
		l := &c.res.Results[i]
		line(c.in, c.rec, l.Candidate)
		if l.Votes != last {
			rank, last = int64(i+1), l.Votes
		}
		c.in.Set(inRank, rank)
		for _, r := range c.book.Rules {
			if r.Role != rule.RoleFallback && r.Role != rule.RoleHead {
				continue
			}
			a, err := r.Ask(c.in)
			if err != nil {
				return err
			}
			if a != rule.Holds {
				continue
			}
			c.reason(r, l.Candidate, true)
			if r.Role == rule.RoleHead {
				head = append(head, l.Candidate)
				l.Outcome = TiedOutcome
				c.headChoice(r, l)
			} else {
				l.Outcome = GoesOn
			}
		}
	}
	if len(head) > 0 {
		if err := c.headChosen(); err != nil {
			return err
		}
	}
	c.collect()
	return nil
}

// headChosen closes the head's choice: whom he passed over is not elected, and
// while he has not chosen the contest waits for him.
func (c *count) headChosen() error {
	won := OutcomeOf(c.book)
	chosen := int64(0)
	for _, l := range c.res.Results {
		if l.Outcome == won {
			chosen++
		}
	}
	switch {
	case chosen == 0:
		c.res.Status, c.res.Next = Tied, AskUpper
	case chosen > *c.rec.Seats:
		return bad("decisions", "người đứng đầu chọn %d người cho %d chỗ", "the head chose %d persons for %d places", chosen, *c.rec.Seats)
	default:
		for i := range c.res.Results {
			if l := &c.res.Results[i]; l.Outcome == TiedOutcome {
				l.Outcome = NotElected
			}
		}
	}
	return nil
}

// headChoice takes the recorded choice of the head where the rule leaves it to him.
func (c *count) headChoice(r *rule.Bound, l *Line) {
	for i, d := range c.rec.Decisions {
		if d.Rule == r.ID && d.Choice == "elect:"+l.Candidate && l.Outcome == TiedOutcome {
			c.used(i)
			l.Outcome = OutcomeOf(c.book)
			c.res.Findings = append(c.res.Findings, *decidedByPeople(d))
		}
	}
}

// after says what the rules ask for next: seats left empty, planned persons
// not elected.
func (c *count) after() (bool, error) {
	earlier := int64(0)
	if c.rec.EarlierElected != nil {
		earlier = *c.rec.EarlierElected
	}
	c.in.Set(inElected, *c.rec.Seats-c.res.Unfilled+earlier)
	if missed, known := c.plannedMissed(); known {
		c.in.Set(inMissed, missed)
	}
	if c.res.Status == Decided && c.res.Unfilled > 0 {
		goesOn := slices.ContainsFunc(c.res.Results, func(l Line) bool { return l.Outcome == GoesOn })
		if !(goesOn && OutcomeOf(c.book) == GoesOn) {
			c.res.Status = Short
			if err := c.short(); err != nil {
				return false, err
			}
		}
	}
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleAskUpper {
			continue
		}
		a, err := r.Ask(c.in)
		if err != nil {
			return false, err
		}
		if a == rule.NotRecorded {
			c.notRecorded(r)
		} else if a == rule.Holds {
			c.res.Next = AskUpper
			c.reason(r, "", true)
		}
	}
	return true, nil
}

// short: an extra election where a rule says so, else the policy for empty seats.
func (c *count) short() error {
	c.asked.short = true
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleExtra {
			continue
		}
		a, err := r.Ask(c.in)
		if err != nil {
			return err
		}
		if a == rule.NotRecorded {
			c.notRecorded(r)
			continue
		}
		c.reason(r, "", a == rule.Holds)
		if a == rule.Holds {
			c.res.Next = ExtraElection
		}
	}
	if p := c.book.Policy("short"); p != nil {
		c.by(p, map[string]int64{"unfilled": c.res.Unfilled})
		if p.Choose == "further-round" && !c.stopped(p) {
			c.res.Next = SecondRound
		}
	}
	return nil
}

// plannedMissed counts those whom the approved scheme planned and who are not
// elected; one who is tied may still be. known is false when no candidate
// carries a plan.
func (c *count) plannedMissed() (n int64, known bool) {
	for _, cand := range c.rec.Candidates {
		if cand.Planned == "" {
			continue
		}
		known = true
		if !slices.ContainsFunc(c.res.Results, func(l Line) bool {
			return l.Candidate == cand.ID && (l.Outcome == OutcomeOf(c.book) || l.Outcome == TiedOutcome)
		}) {
			n++
		}
	}
	return n, known
}
