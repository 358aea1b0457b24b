package web

import (
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// caseStep is one step as the chain shows it.
type caseStep struct {
	Step    *rule.Step
	Holding *procedure.Step
	Class   string
	Tag     Tag
	Shown   bool // the figures may be shown to this reader
	Announc string
	Lines   []caseLine
	Says    string
	Who     string
	Body    string
	Summons string // who is summoned, by the office's table; "" where it says nothing
	WriteIn string // form that puts forward somebody from outside the list, while the step is open
}

type caseLine struct {
	Name, Share, Outcome string
	Votes                int64
	Tag                  Tag
	Width, Line          int64
}

func (c *Call) caseStep(v *caseView, st *rule.Step) caseStep {
	x := caseStep{Step: st, Holding: v.Step(st.ID), Body: c.TK("reg.body", st.Body), Shown: v.Sees}
	if st.Contest != "" {
		if b, err := v.Lib.For(st.Contest, v.Opened); err == nil {
			if p := b.Policy("announce"); p != nil {
				x.Announc = c.Words(p.Policy.Says)
				x.Shown = x.Shown || p.Choose == "announced"
			} else {
				x.Announc = c.T("procedure.announce.unknown")
			}
		}
	}
	h := x.Holding
	switch {
	case h == nil && v.NotHeld(st):
		x.Class, x.Tag = "over", Tag{"no", c.T("procedure.step.skipped")}
		return x
	case h == nil:
		x.Tag = Tag{"no", c.T("procedure.step.waits")}
		if n := v.Next(); n != nil && n.ID == st.ID && v.Phase == procedure.Running {
			x.Class, x.Tag = "now", Tag{"wait", c.T("procedure.step.next")}
		}
		return x
	case h.Skipped:
		x.Class, x.Tag = "over", Tag{"no", c.T("procedure.step.skipped")}
		return x
	case h.Counted == nil:
		x.Class, x.Tag = "now", Tag{"wait", c.T("procedure.step.open")}
	case h.Done():
		x.Class, x.Tag = "over", Tag{"yes", c.T("procedure.step.done")}
	default:
		x.Class, x.Tag = "now", Tag{"stop", c.TK("reg.status", string(h.Result.Status))}
	}
	x.Who = v.Names(h.Opening.Body.Persons)
	if h.Counted != nil && h.Result == nil {
		x.Says = c.T("procedure.step.approved", v.Names(h.Passed))
	}
	if h.Result != nil && x.Shown {
		base := int64(0)
		if h.Result.Denominator.Count != nil {
			base = *h.Result.Denominator.Count
		}
		for _, l := range h.Result.Results {
			cl := caseLine{Name: v.Name(l.Candidate), Share: l.Share, Votes: l.Votes, Outcome: c.TK("procedure.result", string(l.Outcome))}
			cl.Tag = Tag{"no", cl.Outcome}
			if l.Outcome == vote.GoesOn || l.Outcome == vote.Elected {
				cl.Tag.Kind = "yes"
			}
			if base > 0 {
				cl.Width = min(1000, l.Votes*1000/base)
			}
			x.Lines = append(x.Lines, cl)
		}
	}
	return x
}

// summons is who the office's table summons to the meeting of a step for the
// post of the case, on the day it is held.
func (c *Call) summons(tx *store.Tx, v *caseView, st *rule.Step) (string, error) {
	on := v.today(c)
	if h := v.Step(st.ID); h != nil {
		on = h.Opening.Body.On
	}
	row, ok, err := procedure.MeetingRow(c.Ctx(), tx, procedure.Participation, v.Org, v.State.Title, v.View.Body(st), on)
	if err != nil || !ok {
		return "", err
	}
	return c.Words(row.Summons), nil
}
