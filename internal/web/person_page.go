package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type personData struct {
	Person   person.Person
	ID       string
	Key      string // last part of the id, for the addresses of forms
	Name     string
	Exists   bool // something is said about the page's date
	HomeName string
	HomePath string
	Posts    []postView
	Before   []postView // posts not held on the page's date, past and to come
	Story    []personStatement
	Member   memberView
	Kin      []tieView
	File     dossierLine
	Edit     bool
}

// personStatement is one line of a person's history.
type personStatement struct {
	person.Statement
	Text   string
	Future bool
	Fixed  bool
	Can    bool
	What   string // form that corrects it
}

var personPageT = page[personData]("person")

func (s *Server) personGet(c *Call) error {
	d := personData{ID: "person/" + c.R.PathValue("id"), Key: c.R.PathValue("id")}
	if err := c.Read(func(tx *store.Tx) error { return c.personData(tx, &d) }); err != nil {
		return err
	}
	if err := c.Viewed(d.ID, "file"); err != nil {
		return err
	}
	return personPageT.show(c, d)
}

var errNoPerson = desk.Missing("Không có người này trong hồ sơ, hoặc anh/chị không có quyền xem.",
	"There is no such person on record, or you may not read the file.")

func (c *Call) personData(tx *store.Tx, d *personData) error {
	ctx, at := c.Ctx(), org.Now(c.On())
	home, known, err := person.Home(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if !known || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
		return errNoPerson
	}
	d.Edit = c.May(tx, desk.Need{Right: desk.EditPerson, Org: home})
	if d.HomeName, err = c.unitName(tx, home, c.On()); err != nil {
		return err
	}
	d.HomePath = unitPath(home)
	if d.Person, d.Exists, err = person.Get(ctx, tx, d.ID, at); err != nil {
		return err
	}
	if !d.Exists {
		vs, err := person.Versions(ctx, tx, d.ID, -1)
		if err != nil || len(vs) == 0 {
			return err
		}
		d.Person = vs[0]
	}
	d.Name = c.personName(d.Person)
	all, err := person.AllPosts(ctx, tx, d.ID, -1)
	if err != nil {
		return err
	}
	for _, x := range all {
		name, err := c.unitName(tx, x.Org, x.From)
		if err != nil {
			return err
		}
		v := postView{ID: x.ID, Title: c.titleText(x.Title), Org: name, OrgPath: unitPath(x.Org), From: x.From, To: x.To, Open: x.To.IsZero()}
		if on := c.On(); !on.Before(x.From) && (x.To.IsZero() || on.Before(x.To)) {
			d.Posts = append(d.Posts, v)
		} else {
			d.Before = append(d.Before, v)
		}
	}
	if d.Member, err = c.memberView(tx, d.ID, d.Edit); err != nil {
		return err
	}
	if d.Kin, err = c.tieViews(tx, d.ID); err != nil {
		return err
	}
	if d.File, err = c.dossierLine(tx, d.ID); err != nil {
		return err
	}
	d.Story, err = c.personStory(tx, d.ID, d.Edit)
	return err
}

// AllAlong says that nobody said from when it holds.
func (s personStatement) AllAlong() bool { return s.Day() == person.AllAlong }

func (c *Call) personStory(tx *store.Tx, id string, edit bool) ([]personStatement, error) {
	all, err := person.History(c.Ctx(), tx, id)
	if err != nil {
		return nil, err
	}
	var out []personStatement
	for _, st := range all {
		x := personStatement{Statement: st, Future: c.Today().Before(statementDay(st)), Fixed: st.EntryTo != -1, Can: edit && st.EntryTo == -1 && !st.Withdrawn, What: "dinh-chinh-chuc-vu"}
		unit, err := c.unitName(tx, st.Org, statementDay(st))
		if err != nil {
			return nil, err
		}
		switch st.What {
		case person.Recorded:
			x.Text, x.What = c.T("person.story.recorded"), "dinh-chinh"
		case person.PostHeld:
			x.Text = c.T("person.story.held", c.titleText(st.Title), unit)
		case person.PostDone:
			x.Text = c.T("person.story.ended", unit)
		}
		out = append(out, x)
	}
	return out, nil
}

// Day is the day a statement speaks of.
func (s personStatement) Day() vn.Date { return statementDay(s.Statement) }

func statementDay(s person.Statement) vn.Date {
	if s.What == person.PostDone {
		return s.To
	}
	return s.From
}
