package web

import (
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/store"
)

// ballotboxTotalsData is the form of totals counted by hand, typed by two
// persons without seeing each other, or of another program's result.
type ballotboxTotalsData struct {
	Box     *ballotbox.Row
	Station int
	Attempt int
	Form    *Form
	Rows    []totalsRow
	Extra   []string // figures beside the votes: "disagree", "middle", "unmarked"
	Action  string
}

type totalsRow struct {
	N    int
	ID   string
	Name string
}

var ballotboxTotals = page[ballotboxTotalsData]("ballotbox_totals")

// extraFigures are the figures of a form beside the votes.
func extraFigures(form string) []string {
	switch form {
	case "agree":
		return []string{"disagree", "unmarked"}
	case "confidence3":
		return []string{"middle", "disagree", "unmarked"}
	}
	return nil
}

func totalsRows(b *ballotbox.Row) []totalsRow {
	var out []totalsRow
	for i, x := range b.Sheet.Candidates {
		out = append(out, totalsRow{i + 1, x.ID, b.Called(i)})
	}
	return out
}

func (s *Server) ballotboxTotalsGet(c *Call) error { return c.showTotals(nil) }

func (c *Call) showTotals(f *Form) error {
	st, err := strconv.Atoi(c.R.PathValue("station"))
	if err != nil {
		return errNotFound
	}
	d := ballotboxTotalsData{Form: f, Station: st}
	err = c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		if !u.Team || b.Mode != ballotbox.TotalsTwice {
			return errNotFound
		}
		piles, err := ballotbox.Piles(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		if len(piles) == 0 || st < 1 || st > b.Stations {
			return errNotFound
		}
		d.Box, d.Attempt, d.Rows, d.Extra = b, piles[0].Attempt, totalsRows(b), extraFigures(b.Sheet.Form)
		d.Action = "/kiem-phieu/tong/" + strconv.Itoa(st) + "/" + b.ID
		if d.Form == nil {
			d.Form, err = c.NewForm(tx, ballotbox.PileSubject(b.ID, 1, st))
		}
		return err
	})
	if err != nil {
		return err
	}
	return ballotboxTotals.show(c, d)
}

// readTotals reads the typed totals of a box.
func readTotals(f *Form, b *ballotbox.Row) (ballotbox.Totals, error) {
	t := ballotbox.Totals{Votes: map[string]int64{}}
	for field, into := range map[string]*int64{"valid": &t.Valid, "invalid": &t.Invalid} {
		n, err := countOf(f, field)
		if err != nil {
			return t, err
		}
		if n == nil {
			return t, desk.Wrong(field, "Thiếu số phiếu.", "The number is missing.")
		}
		*into = *n
	}
	maps := map[string]map[string]int64{"votes": t.Votes}
	for _, x := range extraFigures(b.Sheet.Form) {
		maps[x] = map[string]int64{}
	}
	for _, x := range b.Sheet.Candidates {
		for name, m := range maps {
			n, err := countOf(f, name+"."+x.ID)
			if err != nil {
				return t, err
			}
			if n == nil {
				return t, desk.Wrong(name+"."+x.ID, "Thiếu số của người này; nếu không có phiếu nào, ghi 0.", "This person's figure is missing; write 0 when there is none.")
			}
			m[x.ID] = *n
		}
	}
	t.Disagree, t.Middle, t.Unmarked = maps["disagree"], maps["middle"], maps["unmarked"]
	var err error
	if t.InvalidBy, err = pairs(f, "invalid_by", document.CauseOf); err != nil {
		return t, err
	}
	if strings.TrimSpace(f.Value("by_chosen")) != "" {
		t.ByChosen, err = pairs(f, "by_chosen", nil)
	}
	return t, err
}

func (s *Server) ballotboxTotalsPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	t, err := readTotals(f, b)
	if err != nil {
		return c.again(f, err, c.showTotals)
	}
	st, err1 := strconv.Atoi(c.R.PathValue("station"))
	attempt, err2 := strconv.Atoi(f.Text("attempt"))
	if err1 != nil || err2 != nil {
		return errNotFound
	}
	return c.finish(f, ballotbox.KeyTotals{Box: b.ID, Case: b.Case, Station: st, Attempt: attempt, Totals: t}, boxPath(b.ID), c.showTotals)
}
