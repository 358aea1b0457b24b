package web

import (
	"strconv"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ballotboxTotalsData is the form of totals counted by hand, typed by two
// persons without seeing each other, or of another program's result.
type ballotboxTotalsData struct {
	Box     *ballotbox.Row
	Station int
	Attempt int
	Form    *Form
	totalsShape
	Action string
}

// totalsShape is what a form of totals asks for a box.
type totalsShape struct {
	Rows   []totalsRow
	Extra  []string // figures beside the votes: "disagree", "middle", "unmarked"
	Causes []totalsCause
	Chosen []int // how many persons a ballot may choose, where they are few; else lines are typed
}

// totalsCause is a cause of invalid ballots, with the field its figure is typed in.
type totalsCause struct{ ID, Field, Title string }

// fewSeats is up to how many seats each number of persons chosen has a field of
// its own.
const fewSeats = 10

func (c *Call) totalsOf(lib *rule.Library, b *ballotbox.Row) (totalsShape, error) {
	s := totalsShape{Rows: totalsRows(b), Extra: extraFigures(b.Sheet.Form)}
	causes, err := b.Causes(lib)
	for _, x := range causes {
		s.Causes = append(s.Causes, totalsCause{x.ID, "invalid_by." + x.ID, c.Words(x.Title)})
	}
	if seats := b.Sheet.Seats; seats != nil && *seats <= fewSeats {
		for n := range int(*seats) + 1 {
			s.Chosen = append(s.Chosen, n)
		}
	}
	return s, err
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
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if d.totalsShape, err = c.totalsOf(lib, b); err != nil {
			return err
		}
		d.Box, d.Attempt = b, piles[0].Attempt
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
func readTotals(f *Form, b *ballotbox.Row, shape totalsShape) (ballotbox.Totals, error) {
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
	for _, x := range shape.Causes {
		if err := put(f, x.Field, x.ID, &t.InvalidBy); err != nil {
			return t, err
		}
	}
	for _, n := range shape.Chosen {
		if err := put(f, "by_chosen."+strconv.Itoa(n), strconv.Itoa(n), &t.ByChosen); err != nil {
			return t, err
		}
	}
	if shape.Chosen == nil {
		var err error
		t.ByChosen, err = pairs(f, "by_chosen", nil)
		return t, err
	}
	return t, nil
}

// put notes the number of a field under a key, where one is filled in.
func put(f *Form, field, key string, into *map[string]int64) error {
	n, err := countOf(f, field)
	if n != nil {
		if *into == nil {
			*into = map[string]int64{}
		}
		(*into)[key] = *n
	}
	return err
}

// typedTotals reads the totals of the form for a box.
func (c *Call) typedTotals(f *Form, b *ballotbox.Row) (t ballotbox.Totals, err error) {
	err = c.Read(func(tx *store.Tx) error {
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		shape, err := c.totalsOf(lib, b)
		if err == nil {
			t, err = readTotals(f, b, shape)
		}
		return err
	})
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
	t, err := c.typedTotals(f, b)
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
