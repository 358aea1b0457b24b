package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type memberListData struct {
	Form      *Form // of the printed list of badges
	Fields    []Field
	Occasions []vn.Date
	Clocks    []clockRow
	Badges    []badgeRow
	More      int
}

type badgeRow struct {
	person.BadgeDue
	Name, Path, Cell string
}

var (
	memberClocks = page[memberListData]("member_clocks")
	memberBadges = page[memberListData]("member_badges")
)

const memberRows = 300

// readable says, remembering the answer, whether the reader may read the
// persons of an organisation.
func (c *Call) readable(tx *store.Tx, right desk.Right) func(string) bool {
	seen := map[string]bool{}
	return func(id string) bool {
		ok, asked := seen[id]
		if !asked {
			ok = c.May(tx, desk.Need{Right: right, Org: id})
			seen[id] = ok
		}
		return ok
	}
}

// listedName is a person's name for a list, when the reader may read the file.
func (c *Call) listedName(tx *store.Tx, id string, may func(string) bool) (string, bool, error) {
	home, known, err := person.Home(c.Ctx(), tx, id)
	if err != nil || !known || !may(home) {
		return "", false, err
	}
	p, _, err := person.Get(c.Ctx(), tx, id, org.Now(c.On()))
	if err != nil {
		return "", false, err
	}
	c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: id, what: "list"})
	return c.personName(p), true, nil
}

func (s *Server) memberClocksGet(c *Call) error {
	var d memberListData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		all, err := person.Clocks(c.Ctx(), tx, lib, c.On(), may)
		if err != nil {
			return err
		}
		if len(all) > memberRows {
			d.More, all = len(all)-memberRows, all[:memberRows]
		}
		for _, k := range all {
			r := clockRow{Clock: k, Path: personPath(k.Person), DueText: c.dueText(k.Due)}
			var ok bool
			if r.Name, ok, err = c.listedName(tx, k.Person, may); err != nil {
				return err
			}
			if !ok {
				continue
			}
			if r.Cell, err = c.unitName(tx, k.Org, c.On()); err != nil {
				return err
			}
			d.Clocks = append(d.Clocks, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return memberClocks.show(c, d)
}

func (s *Server) memberBadgesGet(c *Call) error { return c.showBadges(c.BlankForm()) }

func (c *Call) showBadges(f *Form) error {
	d := memberListData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		d.Occasions = person.Occasions(lib, c.On(), 4)
		all, err := person.BadgesDue(c.Ctx(), tx, lib, c.On(), 4, may)
		if err != nil {
			return err
		}
		if len(all) > memberRows {
			d.More, all = len(all)-memberRows, all[:memberRows]
		}
		for _, b := range all {
			r := badgeRow{BadgeDue: b, Path: personPath(b.Person)}
			var ok bool
			if r.Name, ok, err = c.listedName(tx, b.Person, may); err != nil {
				return err
			}
			if !ok {
				continue
			}
			if r.Cell, err = c.unitName(tx, b.Org, c.On()); err != nil {
				return err
			}
			d.Badges = append(d.Badges, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	occasion := newField(f, "occasion", c.T("member.occasion"))
	occasion.Kind, occasion.Options = "select", []Option{{"", c.T("member.occasions.all")}}
	for _, o := range d.Occasions {
		occasion.Options = append(occasion.Options, Option{o.String(), dayText(c.Lang, o)})
	}
	d.Fields = append([]Field{occasion}, c.paperFor(f, true)...)
	return memberBadges.show(c, d)
}

// memberTasks are the matters of members that are late or soon due, for those
// who keep the file.
func memberTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.EditPerson) {
		return nil, nil
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	may := c.readable(tx, desk.EditPerson)
	all, err := person.Clocks(c.Ctx(), tx, lib, c.Today(), may)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, k := range all {
		if k.What == "probation" || len(out) == 20 {
			continue
		}
		name, err := c.unitName(tx, k.Org, c.Today())
		if err != nil {
			return nil, err
		}
		out = append(out, Task{Title: c.TK("member.clock", k.What), Path: personPath(k.Person), Org: name, Missing: c.T("member.began") + " " + dayText(c.Lang, k.Began),
			Waiting: c.T("home.me"), Due: c.dueText(k.Due), Late: k.Late})
	}
	return out, nil
}
