package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// tieView is one family tie as the page of a person shows it.
type tieView struct {
	person.Tie
	Key  string // last part of its id
	Name string // of the other, "" when the reader may not read that file
	Path string
	Says string
}

// tieViews are the family ties of a person.
func (c *Call) tieViews(tx *store.Tx, id string) ([]tieView, error) {
	ties, err := person.Kin(c.Ctx(), tx, id)
	if err != nil {
		return nil, err
	}
	var out []tieView
	for _, t := range ties {
		v := tieView{Tie: t, Says: c.T("person.kin.erased"), Name: c.T("person.kin.hidden")}
		if len(t.ID) > len("kin/") {
			v.Key = t.ID[len("kin/"):]
		}
		if t.Tie != "" {
			v.Says = c.TK("procedure.tied", "as-"+t.Tie)
		}
		home, known, err := person.Home(c.Ctx(), tx, t.Other)
		if err != nil {
			return nil, err
		}
		if known && c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
			p, ok, err := person.Get(c.Ctx(), tx, t.Other, org.Now(c.Today()))
			if err != nil {
				return nil, err
			}
			if ok {
				v.Name = c.personName(p)
			}
			v.Path = personPath(t.Other)
			c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: t.Other, what: "kin"})
		}
		out = append(out, v)
	}
	return out, nil
}

type personKinData struct {
	ID, Key, Name, Path, Home string
	Form                      *Form
	Fields                    []Field
	Tie                       *tieView // the one to withdraw; nil to add one
}

var personKin = page[personKinData]("person_kin")

// kinSubject is the person of the address, whom the reader may edit, and the
// tie to withdraw when ?muc= names one.
func (c *Call) kinSubject() (d personKinData, err error) {
	d.Key = c.R.PathValue("id")
	d.ID = "person/" + d.Key
	d.Path = personPath(d.ID)
	err = c.Read(func(tx *store.Tx) error {
		home, known, err := person.Home(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		if !known || !c.May(tx, desk.Need{Right: desk.EditPerson, Org: home}) || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
			return errNoPerson
		}
		d.Home = home
		p, err := c.personNow(tx, d.ID)
		if err != nil {
			return err
		}
		d.Name = c.personName(p)
		if key := c.R.URL.Query().Get("muc"); key != "" {
			ties, err := c.tieViews(tx, d.ID)
			if err != nil {
				return err
			}
			for i := range ties {
				if ties[i].Key == key {
					d.Tie = &ties[i]
				}
			}
			if d.Tie == nil {
				return errNotFound
			}
		}
		if d.Form, err = c.NewForm(tx, d.ID); err != nil {
			return err
		}
		return nil
	})
	return d, err
}

func (s *Server) personKinGet(c *Call) error {
	d, err := c.kinSubject()
	if err != nil {
		return err
	}
	return c.showKin(d)
}

func (c *Call) showKin(d personKinData) error {
	add := func(name, label, kind string, required bool, o ...Option) {
		x := newField(d.Form, name, label)
		x.Required, x.Wide = required, kind == "textarea"
		if len(o) > 0 {
			x.Kind, x.Options = "select", o
		} else if x.Kind != "select" {
			x.Kind = kind
		}
		d.Fields = append(d.Fields, x)
	}
	if d.Tie != nil {
		add("reason", c.T("org.reason"), "textarea", true)
	} else {
		ties := []Option{{"", c.T("field.none")}}
		for _, t := range rule.KinTies {
			ties = append(ties, Option{t, c.TK("procedure.tied", "as-"+t)})
		}
		add("other", c.T("person.kin.other"), "text", true)
		add("tie", c.T("person.kin.tie"), "text", true, ties...)
		add("number", c.T("person.kin.paper"), "text", false)
		add("date", c.T("org.decision.day"), "day", false)
	}
	if err := c.Viewed(d.ID, "form"); err != nil {
		return err
	}
	return personKin.show(c, d)
}

func (s *Server) personKinPost(c *Call) error {
	d, err := c.kinSubject()
	if err != nil {
		return err
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d.Form = f
	again := func(f *Form) error { d.Form = f; return c.showKin(d) }
	var act desk.Act
	if d.Tie != nil {
		act = person.WithdrawKin{ID: d.Tie.ID, Person: d.ID, Home: d.Home, Reason: f.Text("reason")}
	} else {
		a := person.RecordKin{ID: newID("kin", f.ID), Person: d.ID, Home: d.Home, Tie: f.Text("tie"), Decision: org.Decision{Number: f.Text("number")}}
		if a.Other, _, err = c.pickPerson(f, "other", c.Today()); err == nil {
			a.Decision.Date, err = f.OptionalDay("date")
		}
		if err != nil {
			return c.again(f, err, again)
		}
		act = a
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(d.Path, rc)
	}
	return again(f)
}
