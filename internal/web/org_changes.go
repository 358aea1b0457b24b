package web

import (
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// orgChangesData is what changed in a subtree between two days.
type orgChangesData struct {
	Form   *Form
	Root   string
	Name   string
	From   vn.Date
	To     vn.Date
	Asked  bool
	Groups []orgChangeGroup
	Total  int
	Cut    int // rows that the page leaves out
	People []peopleGroup
}

type orgChangeGroup struct {
	What string
	Rows []orgChangeRow
}

type orgChangeRow struct {
	Name, Path string
	Says       string
	Paper      string
	Entry      int64
}

var orgChanges = page[orgChangesData]("org_changes")

// changesShown bounds the rows of one group on the page.
const changesShown = 500

func (s *Server) orgChangesGet(c *Call) error {
	q := c.R.URL.Query()
	d := orgChangesData{Form: &Form{Values: q}, To: c.On()}
	d.From = vn.Date{Year: d.To.Year - 1, Month: d.To.Month, Day: min(d.To.Day, 28)}
	d.Asked = q.Has("tu")
	var err error
	if d.Asked {
		if d.From, err = d.Form.Day("tu"); err == nil {
			d.To, err = d.Form.Day("den")
		}
		if err == nil {
			d.Root, err = c.pickUnit(d.Form, "goc", d.To, false)
			if err != nil && d.Root == "" {
				// It may have ended in between.
				if id, err2 := c.pickUnit(d.Form, "goc", d.From, false); err2 == nil {
					d.Root, err = id, nil
				}
			}
		}
		if err != nil {
			if err := c.Fail(d.Form, err); err != nil {
				return err
			}
			return orgChanges.show(c, d)
		}
	} else {
		d.Root = q.Get("goc")
		d.Form = &Form{Values: map[string][]string{"tu": {dayText("vi", d.From)}, "den": {dayText("vi", d.To)}}}
	}
	if d.To.Before(d.From) {
		d.From, d.To = d.To, d.From
	}
	err = c.Read(func(tx *store.Tx) error { return c.changesData(tx, &d) })
	if err != nil {
		return err
	}
	if d.Root != "" {
		d.Form.Set("goc", d.Name)
	}
	return orgChanges.show(c, d)
}

func (c *Call) changesData(tx *store.Tx, d *orgChangesData) error {
	var err error
	if d.Name, err = c.unitName(tx, d.Root, d.To); err != nil {
		return err
	}
	all, err := org.Changes(c.Ctx(), tx, d.Root, d.From, d.To, -1)
	if err != nil {
		return err
	}
	d.Total = len(all)
	for _, what := range []org.ChangeWhat{org.Gone, org.Appeared, org.Altered, org.CameIn, org.WentOut} {
		g := orgChangeGroup{What: string(what)}
		for _, x := range all {
			if x.What != what {
				continue
			}
			if len(g.Rows) == changesShown {
				d.Cut++
				continue
			}
			row, err := c.changeRow(tx, x, d.To)
			if err != nil {
				return err
			}
			g.Rows = append(g.Rows, row)
		}
		if len(g.Rows) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	return c.peopleChangedData(tx, d)
}

func (c *Call) changeRow(tx *store.Tx, x org.Change, on vn.Date) (orgChangeRow, error) {
	u := x.After
	if u.ID == "" {
		u = x.Before
	}
	r := orgChangeRow{Name: u.Name, Path: unitPath(u.ID), Entry: -1}
	var says []string
	name := func(id string, on vn.Date) string {
		n, err := c.unitName(tx, id, on)
		if err != nil || n == "" {
			return "–"
		}
		return n
	}
	switch x.What {
	case org.Gone:
		for _, h := range x.Heirs {
			says = append(says, c.T("org.changes.heir", name(h.Org, on), shareText(h)))
		}
		if x.Missing.Num > 0 {
			says = append(says, c.T("org.changes.unknown"))
		}
	case org.Altered:
		if x.Before.Name != x.After.Name {
			says = append(says, c.T("org.changes.renamed", x.Before.Name))
		}
		if x.Before.Parent != x.After.Parent {
			says = append(says, c.T("org.changes.moved", name(x.Before.Parent, x.Before.From), name(x.After.Parent, on)))
		}
		if x.Before.Kind != x.After.Kind {
			says = append(says, c.T("org.changes.kind", c.orgKind(x.Before.Kind), c.orgKind(x.After.Kind)))
		}
	case org.CameIn:
		says = append(says, c.T("org.changes.moved", name(x.Before.Parent, x.Before.From), name(x.After.Parent, on)))
	case org.WentOut:
		says = append(says, c.T("org.changes.moved", name(x.Before.Parent, x.Before.From), name(x.After.Parent, on)))
	default:
		says = append(says, c.orgKind(u.Kind))
	}
	r.Says = strings.Join(says, " ")
	if n := len(x.Decisions); n > 0 {
		last := x.Decisions[n-1]
		r.Entry = last.Entry
		r.Paper = strings.TrimSpace(last.Decision.Number + " " + dayText(c.Lang, last.From))
	}
	return r, nil
}

// shareText writes a share: all, or a fraction.
func shareText(p org.Part) string {
	if p.Num == p.Den {
		return "100 %"
	}
	return toString(p.Num) + "/" + toString(p.Den)
}
