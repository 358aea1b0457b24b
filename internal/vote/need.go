package vote

import (
	"minhbach/internal/rule"
)

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

// NeedAt is the least number of votes with which a person of the record passes
// when the base is so many: the most any of the winner rules asks for, of the
// first reading of a rule that has several. 0: no rule asks for a number, or
// none up to the base is enough. The hand audit of ballots asks it, where the
// number of valid ballots itself is not certain.
func NeedAt(b *rule.Book, rec *Record, base int64) (int64, error) {
	k, err := kindOf(b, rec)
	if err != nil {
		return 0, err
	}
	c := &count{book: b, rec: rec, kind: k, in: &rule.Inputs{}}
	figures(c.in, rec, k)
	if c.base, err = makeBase(b, rec); err != nil {
		return 0, err
	}
	c.base.count = &base
	c.in.Set(inBase, base)
	c.in.Set(inDeducted, c.base.deducted)
	most := int64(0)
	for _, r := range b.Rules {
		if r.Role != rule.RoleWinner || !c.applies(r) {
			continue
		}
		n, err := c.least(r)
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}
