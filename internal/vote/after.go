package vote

import (
	"slices"

	"minhbach/internal/rule"
)

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
		asMany := int64(0)
		for _, o := range c.res.Results {
			if o.Votes >= l.Votes {
				asMany++
			}
		}
		c.in.Set(inRankLast, asMany)
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
