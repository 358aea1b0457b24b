package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// peopleGroup is one kind of change of members and posts of a subtree: came,
// went, moved, standing, state, post. Numbers are for everyone, names for who
// may read the files.
type peopleGroup struct {
	What   string
	Total  int
	Hidden int // of persons whose files the reader may not read
	Cut    int
	Rows   []peopleRow
}

type peopleRow struct {
	Name, Path   string
	Before, Says string
	Why          string
	Entry        int64
}

// peopleChangedData fills the members and posts that changed.
func (c *Call) peopleChangedData(tx *store.Tx, d *orgChangesData) error {
	ms, ps, err := person.Changes(c.Ctx(), tx, d.Root, d.From, d.To)
	if err != nil {
		return err
	}
	may := c.readable(tx, desk.ReadPerson)
	unit := func(id string, was bool) (string, error) {
		on := d.To
		if was {
			on = d.From
		}
		if id == "" {
			return c.T("org.changes.outside"), nil
		}
		return c.unitName(tx, id, on)
	}
	groups := map[string]*peopleGroup{}
	row := func(what, id string, entry int64, say func() (before, after string, err error), why string) error {
		g := groups[what]
		if g == nil {
			g = &peopleGroup{What: what}
			groups[what] = g
		}
		g.Total++
		if len(g.Rows) >= changesShown {
			g.Cut++
			return nil
		}
		name, ok, err := c.listedName(tx, id, may)
		if err != nil {
			return err
		}
		if !ok {
			g.Hidden++
			return nil
		}
		r := peopleRow{Name: name, Path: personPath(id), Entry: entry, Why: why}
		if r.Before, r.Says, err = say(); err != nil {
			return err
		}
		g.Rows = append(g.Rows, r)
		return nil
	}
	for _, m := range ms {
		why := ""
		if m.Step != "" {
			why = c.TK("person.step", string(m.Step))
		}
		if err := row(m.What, m.Person, m.Entry, func() (string, string, error) {
			if m.What == "standing" || m.What == "state" {
				place, err := unit(m.After.Org, false)
				text := func(p person.Place) string {
					s := c.TK("member.standing", p.Standing)
					if p.State != "active" {
						s += ", " + c.TK("member.state", p.State)
					}
					return s
				}
				return text(m.Before), text(m.After) + " · " + place, err
			}
			a, err := unit(m.Before.Org, true)
			if err != nil {
				return "", "", err
			}
			b, err := unit(m.After.Org, false)
			return a, b, err
		}, why); err != nil {
			return err
		}
	}
	for _, p := range ps {
		if err := row("post", p.Person, p.EntryFrom, func() (string, string, error) {
			name, err := c.unitName(tx, p.Org, later(p.From, d.To, p.To))
			return c.titleText(p.Title) + ", " + name, spanText(c.Lang, p.From, p.To), err
		}, c.postChange(p)); err != nil {
			return err
		}
	}
	for _, what := range []string{"came", "went", "moved", "standing", "state", "post"} {
		if g := groups[what]; g != nil {
			d.People = append(d.People, *g)
		}
	}
	return nil
}

func (c *Call) postChange(p person.PostChange) string {
	switch {
	case p.Began && p.Ended:
		return c.T("org.changes.post.both")
	case p.Began:
		return c.T("org.changes.post.began")
	}
	return c.T("org.changes.post.ended")
}
