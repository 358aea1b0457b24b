package vote

import (
	"fmt"
	"slices"

	"minhbach/internal/rule"
)

// Identities holds the figures recorded so far against each other, before
// there are votes: it asks the identities of the book whose figures are all
// there, and passes over the others. The verdicts are of those that fail;
// blocks says that one of them stops the contest.
func Identities(b *rule.Book, rec *Record) (fails []rule.Verdict, blocks bool, err error) {
	k, err := kindOf(b, rec)
	if err != nil {
		return nil, false, err
	}
	in := &rule.Inputs{}
	figures(in, rec, k)
	base, err := makeBase(b, rec)
	if err != nil {
		return nil, false, err
	}
	if base.count != nil {
		in.Set(inBase, *base.count)
		in.Set(inDeducted, base.deducted)
	}
	if len(rec.Votes) == 0 {
		in.Clear(inSumVotes)
	}
	for _, r := range b.Rules {
		if r.Role != rule.RoleIdentity || len(r.Forms) > 0 && !slices.Contains(r.Forms, k.form) {
			continue
		}
		a, err := r.Ask(in)
		if err != nil {
			return nil, false, err
		}
		if a == rule.Fails {
			fails = append(fails, r.Verdict(in, "", false))
			blocks = blocks || r.Severity == "block"
		}
	}
	return fails, blocks, nil
}

// FormOf is the form of ballot of a contest: as recorded, else by the rules;
// "" where neither names one.
func FormOf(b *rule.Book, rec *Record) string {
	if rec.Form != "" {
		return rec.Form
	}
	return ruledForm(b, rec)
}

func (c *count) refuse(f Finding) {
	c.res.Status = Refused
	c.res.Findings = append(c.res.Findings, f)
}

// identities holds the figures against each other.
func (c *count) identities() (bool, error) {
	for _, cand := range c.rec.Candidates {
		if _, ok := c.rec.Votes[cand.ID]; !ok {
			c.refuse(Finding{Rule: "votes." + cand.ID, Kind: "not-recorded", Severity: "error", Says: rule.Words{
				VI: fmt.Sprintf("Chưa ghi số phiếu của người mang mã %s.", cand.ID), EN: fmt.Sprintf("The votes of candidate %s were not recorded.", cand.ID)}})
		}
	}
	for _, r := range c.book.Rules {
		if !c.applies(r) {
			continue
		}
		switch r.Role {
		case rule.RoleIdentity:
			if err := c.identity(r, ""); err != nil {
				return false, err
			}
		case rule.RoleLine:
			for i := range c.rec.Candidates {
				id := c.rec.Candidates[i].ID
				line(c.in, c.rec, id)
				if err := c.identity(r, id); err != nil {
					return false, err
				}
			}
		}
	}
	c.withinBase()
	return c.res.Status != Refused, nil
}

// withinBase holds the votes against the persons themselves, whatever the rules
// of the contest ask for: who is listed as taken off did not vote, whether the
// base counts that person or not. Otherwise wrong deductions leave a base so
// small, or below nothing, that any number of votes elects.
func (c *count) withinBase() {
	if c.base.whole == nil || c.res.Status == Refused {
		return
	}
	room, listed := *c.base.whole, int64(0)
	if base := c.rec.Base; base != nil && c.base.policy.Choose != "valid-ballots" {
		for _, d := range base.Deductions {
			listed += d.Count
		}
		if c.base.policy.Choose != "present" {
			room -= listed
		} else if base.Summoned != nil {
			// Who is present was not taken off for being away.
			room = min(room, *base.Summoned-listed)
		}
	}
	if room < 0 {
		c.refuse(Finding{Rule: c.base.policy.ID, Kind: "contradiction", Severity: "error", Says: rule.Words{
			VI: fmt.Sprintf("Liệt kê %d người được trừ, nhưng mẫu số trước khi trừ chỉ có %d.", listed, *c.base.whole),
			EN: fmt.Sprintf("%d persons are listed as taken off, but there are only %d to begin with.", listed, *c.base.whole)}})
		return
	}
	for _, cand := range c.rec.Candidates {
		if v := c.rec.Votes[cand.ID]; v > room {
			c.refuse(Finding{Rule: c.base.policy.ID, Kind: "contradiction", Severity: "error", Says: rule.Words{
				VI: fmt.Sprintf("%s: %d phiếu, nhưng nhiều nhất chỉ có %d người bỏ phiếu: xem lại số được triệu tập và số được trừ.", cand.ID, v, room),
				EN: fmt.Sprintf("%s: %d votes, but at most %d persons voted: look at the number summoned and the deductions again.", cand.ID, v, room)}})
		}
	}
}

func (c *count) identity(r *rule.Bound, who string) error {
	a, err := r.Ask(c.in)
	if err != nil {
		return err
	}
	switch a {
	case rule.NotRecorded:
		c.notRecorded(r)
	case rule.Fails:
		if r.Severity == "block" {
			c.res.Status = Refused
		}
		if c.brief {
			return nil
		}
		v := r.Verdict(c.in, who, false)
		c.res.Reasons = append(c.res.Reasons, v)
		f := Finding{Rule: r.ID, Kind: "contradiction", Severity: "warning", Says: v.Says}
		if who != "" {
			f.Says = rule.Words{VI: who + ": " + f.Says.VI, EN: who + ": " + f.Says.EN}
		}
		if r.Severity == "block" {
			f.Severity = "error"
		}
		c.res.Findings = append(c.res.Findings, f)
	}
	return nil
}
