package vote

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
)

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
