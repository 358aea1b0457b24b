package web

import (
	"slices"

	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

// electionCompareData holds two versions of a contest side by side.
type electionCompareData struct {
	ID, Title string
	A, B      *election.Detail
	TagA      Tag
	TagB      Tag
	Versions  []Option
	Form      *Form
	Rows      []compareRow
}

// compareRow is one figure in both versions; nil was not recorded.
type compareRow struct {
	Label   string
	A, B    string
	Differs bool
}

var electionCompare = page[electionCompareData]("election_compare")

func (s *Server) electionCompareGet(c *Call) error {
	q := c.R.URL.Query()
	d := electionCompareData{ID: c.R.PathValue("id"), Form: &Form{Values: q}}
	err := c.Read(func(tx *store.Tx) error {
		now, _, err := c.contest(tx, d.ID)
		if err != nil {
			return err
		}
		d.Title = contestTitle(c.Lang, now.Place, now.Title)
		vs, err := election.Versions(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		for _, v := range vs {
			d.Versions = append(d.Versions, Option{toString(v.Entry), c.T("ledger.entry", number(c.Lang, v.Entry)) + " · " + whenText(c.Lang, v.At)})
		}
		a, b := vs[min(1, len(vs)-1)].Entry, vs[0].Entry
		if s := q.Get("a"); s != "" {
			if a, err = parseIndex(s); err != nil {
				return err
			}
		}
		if s := q.Get("b"); s != "" {
			if b, err = parseIndex(s); err != nil {
				return err
			}
		}
		q.Set("a", toString(a))
		q.Set("b", toString(b))
		if d.A, err = election.GetVersion(c.Ctx(), tx, d.ID, a); err != nil {
			return err
		}
		d.B, err = election.GetVersion(c.Ctx(), tx, d.ID, b)
		return err
	})
	if err != nil {
		return err
	}
	d.TagA, d.TagB = statusTag(c.Lang, d.A.Status), statusTag(c.Lang, d.B.Status)
	d.rows(c)
	return electionCompare.show(c, d)
}

// rows puts every figure of the two versions side by side.
func (d *electionCompareData) rows(c *Call) {
	row := func(label, a, b string) {
		if a != "" || b != "" {
			d.Rows = append(d.Rows, compareRow{label, a, b, a != b})
		}
	}
	text := func(v *int64) string {
		if v == nil {
			return ""
		}
		return number(c.Lang, *v)
	}
	for _, x := range contestFigures {
		row(c.TK("election.field", x.field), text(figureOf(d.A.Record, x)), text(figureOf(d.B.Record, x)))
	}
	for _, m := range []struct {
		a, b map[string]int64
		name func(string) string
	}{{d.A.Record.Ballots.InvalidBy, d.B.Record.Ballots.InvalidBy, func(k string) string { return c.Words(document.CauseWords(k)) }},
		{d.A.Record.Ballots.ByChosen, d.B.Record.Ballots.ByChosen, func(k string) string { return c.T("election.chosen", k) }}} {
		for _, k := range keysOf(m.a, m.b) {
			row(m.name(k), mapText(c, m.a, k), mapText(c, m.b, k))
		}
	}
	seen := map[string]bool{}
	for _, det := range []*election.Detail{d.A, d.B} {
		for _, l := range det.Lines {
			if seen[l.Candidate] {
				continue
			}
			seen[l.Candidate] = true
			row(l.Show(c.Lang), lineText(c, d.A, l.Candidate), lineText(c, d.B, l.Candidate))
		}
	}
}

func lineText(c *Call, d *election.Detail, id string) string {
	for _, l := range d.Lines {
		if l.Candidate == id {
			return number(c.Lang, l.Votes) + " · " + election.OutcomeWords(l.Outcome).In(c.Lang)
		}
	}
	return ""
}

func mapText(c *Call, m map[string]int64, k string) string {
	if v, ok := m[k]; ok {
		return number(c.Lang, v)
	}
	return ""
}

func keysOf(ms ...map[string]int64) []string {
	set := map[string]bool{}
	var out []string
	for _, m := range ms {
		for k := range m {
			if !set[k] {
				set[k] = true
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return out
}
