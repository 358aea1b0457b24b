package vote

import (
	"minhbach/internal/rule"
)

// winners asks, per candidate, whether the votes pass, then fills the seats
// from the most votes down. Rank first, then threshold: a person may pass and
// still have no seat.
func (c *count) winners() (bool, error) {
	if CountOnly(c.book) {
		c.noVerdict(c.book.Policy("pass"))
		return false, nil
	}
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

// countOnly is the choice of the slot "pass" where no regulation sets a threshold.
const countOnly = "count-only"

// CountOnly says whether the rules of a contest count without any verdict.
func CountOnly(b *rule.Book) bool {
	p := b.Policy("pass")
	return p != nil && p.Choose == countOnly
}

// noVerdict leaves the counts as they are: nobody passes or fails, no seat is
// filled or empty, and the reason says that no regulation sets a threshold.
func (c *count) noVerdict(p *rule.Chosen) {
	c.res.Status, c.res.Unfilled = Counted, 0
	for i := range c.res.Results {
		c.res.Results[i].Outcome = CountedOnly
	}
	c.by(p, map[string]int64{})
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
