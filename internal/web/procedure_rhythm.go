package web

import (
	"strconv"

	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// rhythmRow is the time between two things, beside how long it took in the
// other finished cases of the same procedure.
type rhythmRow struct {
	From, To string
	Days     int64
	Odd      string // quicker or slower than every other case
}

// caseRhythm is how many days lie between the events of a case. It is marked where
// it was quicker or slower than in every other finished case of the same
// procedure on record: no fixed number, only what was usual here.
func (c *Call) caseRhythm(tx *store.Tx, v *caseView) ([]rhythmRow, error) {
	rows, _, err := procedure.List(c.Ctx(), tx, procedure.Filter{Procedure: v.Procedure, Phase: procedure.Ended, Sort: procedure.ByLast, Down: true}, 0, 200)
	if err != nil {
		return nil, err
	}
	type span struct{ low, high, n int64 }
	usual := map[string]*span{}
	for _, r := range rows {
		if r.ID == v.ID || r.Procedure != v.Procedure || r.Phase != procedure.Ended || r.Scribed != v.Scribed {
			continue
		}
		past, err := c.pastGaps(tx, r)
		if err != nil {
			return nil, err
		}
		for _, g := range past {
			u := usual[g.key]
			if u == nil {
				usual[g.key] = &span{g.days, g.days, 1}
				continue
			}
			u.low, u.high, u.n = min(u.low, g.days), max(u.high, g.days), u.n+1
		}
	}
	var out []rhythmRow
	for _, g := range gaps(v.State) {
		r := rhythmRow{From: c.gapText(v, g.from), To: c.gapText(v, g.to), Days: g.days}
		if u := usual[g.key]; u != nil && u.n >= fewest {
			if g.days < u.low {
				r.Odd = c.T("procedure.quick", strconv.FormatInt(u.n, 10), strconv.FormatInt(u.low, 10))
			}
			if g.days > u.high {
				r.Odd = c.T("procedure.slow", strconv.FormatInt(u.n, 10), strconv.FormatInt(u.high, 10))
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// pastGaps are the spans of a case that is over. They change with none but its
// last entry, so each is folded once in the life of the server.
func (c *Call) pastGaps(tx *store.Tx, r procedure.Row) ([]gap, error) {
	key := r.ID + "@" + strconv.FormatInt(r.Last, 10)
	if g, ok := c.s.caseGaps.Load(key); ok {
		return g.([]gap), nil
	}
	st, err := procedure.Get(c.Ctx(), tx, r.ID, -1)
	if err != nil || st == nil {
		return nil, err
	}
	g := gaps(st)
	c.s.caseGaps.Store(key, g)
	return g, nil
}

// fewest is how many other cases there must be before unusual means anything.
const fewest = 3

type gap struct {
	key, from, to string
	days          int64
}

// gaps are the spans between the dated milestones of a case.
func gaps(s *procedure.State) []gap {
	type mark struct {
		key string
		on  vn.Date
	}
	var ms []mark
	add := func(key string, e *procedure.Event) {
		if e != nil && !e.Body.On.IsZero() {
			ms = append(ms, mark{key, e.Body.On})
		}
	}
	add("asked", s.Consent.Asked)
	add("given", s.Consent.Given)
	for i := range s.Steps {
		if !s.Steps[i].Skipped && s.Steps[i].Round <= 1 {
			add(s.Steps[i].ID, &s.Steps[i].Opening)
		}
	}
	add("submitted", s.SubmittedAt)
	add("appraised", s.AppraisedAt)
	add("decided", s.DecidedAt)
	var out []gap
	for i := 1; i < len(ms); i++ {
		out = append(out, gap{ms[i-1].key + ">" + ms[i].key, ms[i-1].key, ms[i].key, daysBetween(ms[i-1].on, ms[i].on)})
	}
	return out
}

func daysBetween(a, b vn.Date) int64 {
	n := int64(0)
	for d := a; d.Before(b) && n < 10_000; d = d.AddDays(1) {
		n++
	}
	return n
}

func (c *Call) gapText(v *caseView, key string) string {
	if v.Def.Step(key) != nil {
		return c.T("procedure.step.n", key)
	}
	return c.TK("procedure.mark", key)
}
