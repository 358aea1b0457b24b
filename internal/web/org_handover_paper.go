package web

import (
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// handoverDraft is what the minutes of a collective handover say now.
type handoverDraft struct {
	Handover person.Handover
	Paper    document.FiguresPaper
	Sheets   []xlsxTable
	Hidden   int // names that this reader may not see
}

// handoverPaper draws the minutes of a collective handover for both sides to
// sign on paper: the balance, the organisations, the members by name and who is
// in motion. Names are read as in a list, and logged so.
func (c *Call) handoverPaper() (d handoverDraft, err error) {
	if d.Paper, err = c.figuresPaper(); err != nil {
		return d, err
	}
	p := &d.Paper
	err = c.Read(func(tx *store.Tx) error {
		h, ok, err := person.GetHandover(c.Ctx(), tx, "handover/"+c.R.PathValue("id"))
		if err != nil || !ok {
			return or(err, errNotFound)
		}
		d.Handover = h
		reads := c.readable(tx, desk.ReadPerson)
		if !reads(h.List.From) && !reads(h.List.To) {
			return errNotFound
		}
		row, err := c.handoverRow(tx, h)
		if err != nil {
			return err
		}
		if err := c.paperHead(tx, h.List.From, h.List.On.AddDays(-1), p); err != nil {
			return err
		}
		p.Entry, p.Title = h.Opened, c.T("handover.paper.title")
		p.Of = row.From + " – " + row.To + ", " + c.T("handover.from-day", dayText(c.Lang, h.List.On))
		p.Foot = c.T("handover.paper.foot", number(c.Lang, h.Opened), p.Code)
		p.Beside, p.Role = c.T("handover.paper.giver", row.From), c.T("handover.paper.taker", row.To)
		if h.List.Decision.Number != "" {
			p.Notes = append(p.Notes, c.T("handover.paper.basis", h.List.Decision.Number))
		}
		p.Notes = append(p.Notes, c.T("handover.paper.state", c.TK("handover.state", row.State)))
		p.Tables = []document.FiguresTable{c.handoverBalance(h)}
		name := func(id string) (string, bool, error) {
			name, ok, err := c.listedName(tx, id, reads)
			if err == nil && !ok {
				name = c.T("staff.hidden")
				d.Hidden++
			}
			return name, ok, err
		}
		lists := []func() (document.FiguresTable, error){
			func() (document.FiguresTable, error) { return c.handoverUnits(tx, h) },
			func() (document.FiguresTable, error) { return c.handoverMembers(tx, h, name) },
			func() (document.FiguresTable, error) { return c.handoverMotions(tx, h, name) },
		}
		for _, list := range lists {
			t, err := list()
			if err != nil {
				return err
			}
			if len(t.Rows) > 0 {
				p.Tables = append(p.Tables, t)
			}
		}
		for _, t := range p.Tables {
			d.Sheets = append(d.Sheets, sheetOf(t))
		}
		return nil
	})
	return d, err
}

// handoverPaperGet sends the minutes as they would be printed now; they are not
// kept so.
func (s *Server) handoverPaperGet(c *Call) error {
	d, err := c.handoverPaper()
	if err != nil {
		return err
	}
	return c.sendPaper(&d.Paper, d.Sheets, "bien-ban-ban-giao")
}

// sheetOf is a table of words for Excel.
func sheetOf(t document.FiguresTable) xlsxTable {
	x := xlsxTable{Title: t.Title}
	for _, r := range append([][]string{t.Heads}, t.Rows...) {
		line := make([]any, len(r))
		for i, v := range r {
			line[i] = v
		}
		x.Rows = append(x.Rows, line)
	}
	return x
}

// handoverBalance is what was listed beside what was received: opening + in −
// out = closing.
func (c *Call) handoverBalance(h person.Handover) document.FiguresTable {
	l, r := h.List, h.Receipt
	n := func(v int64) string { return number(c.Lang, v) }
	got := func(v func() int64) string {
		if r == nil {
			return "–"
		}
		return n(v())
	}
	seal := func(b bool) string {
		return c.T(map[bool]string{true: "handover.paper.yes", false: "handover.paper.no"}[b])
	}
	sealGot := "–"
	if r != nil {
		sealGot = seal(r.Seal)
	}
	return document.FiguresTable{Title: c.T("handover.balance"), Heads: []string{c.T("handover.paper.what"), c.T("handover.listed"), c.T("handover.received")}, Rows: [][]string{
		{c.T("handover.field.official"), n(int64(len(l.Official))), got(func() int64 { return r.Official })},
		{c.T("handover.field.probationary"), n(int64(len(l.Probationary))), got(func() int64 { return r.Probationary })},
		{c.T("handover.field.files"), n(l.Files), got(func() int64 { return r.Files })},
		{c.T("handover.field.seal"), seal(l.Seal), sealGot},
		{c.T("handover.field.letters"), n(l.Letters), ""},
		{c.T("handover.sum"), n(l.Opening) + " + " + n(l.In()) + " − 0 = " + n(l.Opening+l.In()), got(func() int64 { return r.Closing })},
		{c.T("handover.giver"), n(l.GiverHad) + " − " + n(l.In()) + " = " + n(l.GiverKeeps), ""},
	}}
}

// codeKeys are the codes that people know an organisation by, the best first.
var codeKeys = []string{org.PartyCode, org.OldPartyCode, org.AdminCode}

func (c *Call) handoverUnits(tx *store.Tx, h person.Handover) (document.FiguresTable, error) {
	t := document.FiguresTable{Title: c.T("handover.field.units"), Heads: []string{c.T("handover.paper.tt"), c.T("org.name"), c.T("handover.paper.under"), c.T("handover.paper.code")}}
	eve := org.Now(h.List.On.AddDays(-1))
	for i, u := range h.List.Units {
		path, err := org.Path(c.Ctx(), tx, u, eve)
		if err != nil {
			return t, err
		}
		line := []string{number(c.Lang, int64(i+1)), "", "", c.T("handover.paper.code.none")}
		for _, x := range path {
			if x.ID == u {
				line[1] = x.Name
			} else {
				line[2] = x.Name
			}
		}
		ds, err := org.Details(c.Ctx(), tx, u, eve)
		if err != nil {
			return t, err
		}
		for _, key := range slices.Backward(codeKeys) {
			for _, d := range ds {
				if d.Key == key && d.Value != "" {
					line[3] = d.Value
				}
			}
		}
		t.Rows = append(t.Rows, line)
	}
	return t, nil
}

func (c *Call) handoverMembers(tx *store.Tx, h person.Handover, name func(string) (string, bool, error)) (document.FiguresTable, error) {
	t := document.FiguresTable{Title: c.T("handover.paper.members"), Heads: []string{c.T("handover.paper.tt"), c.T("person.name"), c.T("person.born"), c.T("handover.paper.what")}}
	for _, x := range []struct {
		ids  []string
		what string
	}{{h.List.Official, c.T("handover.field.official")}, {h.List.Probationary, c.T("handover.field.probationary")}} {
		for _, id := range x.ids {
			who, ok, err := name(id)
			if err != nil {
				return t, err
			}
			line := []string{number(c.Lang, int64(len(t.Rows)+1)), who, "", x.what}
			if ok {
				p, _, err := person.Get(c.Ctx(), tx, id, org.Now(c.On()))
				if err != nil {
					return t, err
				}
				line[2] = p.Identity.Born.Vietnamese()
			}
			t.Rows = append(t.Rows, line)
		}
	}
	return t, nil
}

func (c *Call) handoverMotions(tx *store.Tx, h person.Handover, name func(string) (string, bool, error)) (document.FiguresTable, error) {
	t := document.FiguresTable{Title: c.T("handover.motions"), Heads: []string{c.T("handover.paper.tt"), c.T("person.name"), c.T("member.cell"), c.T("member.what"), c.T("member.due")}}
	for i, m := range h.List.Motions {
		who, _, err := name(m.Person)
		if err != nil {
			return t, err
		}
		cell, err := c.unitName(tx, m.Org, h.List.On.AddDays(-1))
		if err != nil {
			return t, err
		}
		due := "–"
		if !m.Due.IsZero() {
			due = dayText(c.Lang, m.Due)
		}
		t.Rows = append(t.Rows, []string{number(c.Lang, int64(i+1)), who, cell, c.TK("handover.motion", m.What), due})
	}
	return t, nil
}
