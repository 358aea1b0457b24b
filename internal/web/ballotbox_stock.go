package web

import (
	"minhbach/internal/ballotbox"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ballotboxStockData is the stock of ballots, each number with who counted it.
type ballotboxStockData struct {
	Box    *ballotbox.Row
	User   boxUser
	Form   *Form
	Stock  []stockView
	All    []stockView // every count, older ones too
	Rows   []stockView // what may be counted now
	Fails  []rule.Verdict
	Blocks bool
	Live   bool // more may be counted
}

// stockView is one figure of the stock.
type stockView struct {
	What   string
	Label  string
	Number int64
	Known  bool
	Who    string
	When   string
	Note   string
	Entry  int64
}

var ballotboxStock = page[ballotboxStockData]("ballotbox_stock")

// stockKinds are the figures a box needs, in the order they come about.
func stockKinds(b *ballotbox.Row) []string {
	out := []string{ballotbox.Printed, ballotbox.Issued, ballotbox.Spoiled, ballotbox.Unused, ballotbox.Collected}
	if b.Sheet.Base == nil {
		out = append([]string{ballotbox.Listed, ballotbox.Voted}, out...)
	}
	return out
}

// stockViews are the figures in force.
func (c *Call) stockViews(tx *store.Tx, b *ballotbox.Row) ([]stockView, error) {
	lines, err := ballotbox.Stock(c.Ctx(), tx, b.ID)
	if err != nil {
		return nil, err
	}
	now := map[string]ballotbox.StockLine{}
	for _, l := range lines {
		now[l.What] = l
	}
	var out []stockView
	for _, w := range stockKinds(b) {
		l, ok := now[w]
		v := stockView{What: w, Label: ballotbox.StockWords[w].In(c.Lang)}
		if ok {
			v = c.stockView(b, l)
		}
		out = append(out, v)
	}
	return out, nil
}

func (c *Call) stockView(b *ballotbox.Row, l ballotbox.StockLine) stockView {
	return stockView{l.What, ballotbox.StockWords[l.What].In(c.Lang), l.Number, true, who(b, l.Person), whenText(c.Lang, l.At), l.Note, l.Entry}
}

func (s *Server) ballotboxStockGet(c *Call) error { return c.showStock(nil) }

func (c *Call) showStock(f *Form) error {
	d := ballotboxStockData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		d.Box, d.User = b, u
		d.Live = b.Stage != ballotbox.StateClosed && b.Stage != ballotbox.StateReported && b.Stage != ballotbox.StateAnnulled
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.Subject(b.ID)+"/stock"); err != nil {
				return err
			}
		}
		if d.Stock, err = c.stockViews(tx, b); err != nil {
			return err
		}
		lines, err := ballotbox.Stock(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		for _, l := range lines {
			d.All = append(d.All, c.stockView(b, l))
		}
		for _, v := range d.Stock { // the collected are counted once the paper box is open
			if v.What != ballotbox.Collected || b.Stage != ballotbox.StateOpen && b.Stage != ballotbox.StateSealed {
				d.Rows = append(d.Rows, v)
			}
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		d.Fails, d.Blocks, err = ballotbox.StockCheck(c.Ctx(), tx, lib, b)
		return err
	})
	if err != nil {
		return err
	}
	return ballotboxStock.show(c, d)
}

func (s *Server) ballotboxStockPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	act := ballotbox.CountStocks{Box: b.ID, Case: b.Case, Note: f.Text("note")}
	for _, w := range stockKinds(b) {
		n, err := countOf(f, "n."+w)
		if err != nil {
			return c.again(f, err, c.showStock)
		}
		if n != nil {
			act.Counts = append(act.Counts, ballotbox.StockCount{What: w, Number: *n})
		}
	}
	return c.finish(f, act, "/kiem-phieu/so-phieu/"+b.ID, c.showStock)
}
