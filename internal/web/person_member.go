package web

import (
	"encoding/json"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// memberView is the membership of one person, on the person's page.
type memberView struct {
	Places []memberPlace
	Steps  []memberStep
	Clocks []clockRow
	Since  vn.Date // from which Party age counts, as of the page's day
}

type memberPlace struct {
	person.Place
	Name, Path string
	Now        bool
}

type memberStep struct {
	person.StepFact
	OrgName, OtherName string
	Number, Note       string
	Verdicts           []rule.Verdict
	Fixed, Future, Can bool
	By                 []string // who introduced, of those the reader may read
}

// clockRow is one matter that runs out, for people.
type clockRow struct {
	person.Clock
	Name, Path string
	Cell       string
	DueText    string
}

func (c *Call) memberView(tx *store.Tx, id string, edit bool) (memberView, error) {
	var v memberView
	ctx, on := c.Ctx(), c.On()
	ps, err := person.PlacesOf(ctx, tx, id)
	if err != nil {
		return v, err
	}
	for _, p := range ps {
		m := memberPlace{Place: p, Path: unitPath(p.Org), Now: !on.Before(p.From) && (p.To.IsZero() || on.Before(p.To))}
		if m.Name, err = c.unitName(tx, p.Org, later(p.From, on, p.To)); err != nil {
			return v, err
		}
		if m.Now && p.Rel == "official" {
			v.Since = p.Since
		}
		v.Places = append(v.Places, m)
	}
	all, err := person.StepHistory(ctx, tx, id)
	if err != nil {
		return v, err
	}
	may := c.readable(tx, desk.ReadPerson)
	for _, f := range all {
		m := memberStep{StepFact: f, Fixed: f.EntryTo != -1, Future: c.Today().Before(f.From), Can: edit && f.EntryTo == -1 && !f.Withdrawn}
		if m.OrgName, err = c.unitName(tx, f.Org, f.From); err != nil {
			return v, err
		}
		if m.OtherName, err = c.unitName(tx, f.Other, f.From); err != nil {
			return v, err
		}
		rec, err := desk.GetRecord(ctx, tx, f.Entry)
		if err != nil {
			return v, err
		}
		var b struct {
			Verdicts    []rule.Verdict `json:"verdicts"`
			Introducers []string       `json:"introducers"`
		}
		var d struct{ Number, Note, Signer string }
		if err := json.Unmarshal(rec.Body, &b); err != nil {
			return v, err
		}
		if raw := rec.Blocks["details"]; raw != nil {
			if err := json.Unmarshal(raw, &d); err != nil {
				return v, err
			}
		}
		m.Verdicts, m.Number, m.Note = b.Verdicts, d.Number, d.Note
		for _, by := range b.Introducers {
			name, ok, err := c.listedName(tx, by, may)
			if err != nil {
				return v, err
			}
			if !ok {
				name = c.T("person.kin.hidden")
			}
			m.By = append(m.By, name)
		}
		v.Steps = append(v.Steps, m)
	}
	slices.SortStableFunc(v.Steps, func(a, b memberStep) int { return a.From.Compare(b.From) })
	lib, err := c.s.desk.Rules(ctx, tx)
	if err != nil {
		return v, err
	}
	for _, k := range person.ClocksOf(all, lib, on) {
		v.Clocks = append(v.Clocks, clockRow{Clock: k, DueText: c.dueText(k.Due)})
	}
	return v, nil
}

// later is the day to name a unit on: on when it lies in the span, else its
// first day.
func later(from, on, to vn.Date) vn.Date {
	if on.Before(from) || !to.IsZero() && !on.Before(to) {
		return from
	}
	return on
}

func (c *Call) dueText(d vn.Date) string {
	if d.IsZero() {
		return c.T("member.nodue")
	}
	return dayText(c.Lang, d)
}

// memberListData is a list of matters or badges of members the reader may read.
// memberFormData is the form of one step of membership.
