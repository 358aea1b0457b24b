package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

type procedureOpenData struct {
	Form   *Form
	Fields []Field
}

var procedureOpen = page[procedureOpenData]("procedure_open")

func (s *Server) procedureOpenGet(c *Call) error {
	f := c.BlankForm()
	f.Set("on", dayText("vi", c.Today())).Set("seats", "1").Set("class", string(procedure.Internal))
	if o := c.User.Org; o != "" {
		f.Set("org", o)
	}
	return c.showOpen(f)
}

func (c *Call) showOpen(f *Form) error {
	d := procedureOpenData{Form: f}
	on, err := f.Day("on")
	if err != nil {
		on = c.Today()
	}
	var procs, titles, orgs, classes []Option
	for _, k := range procedure.Classes {
		classes = append(classes, Option{string(k), c.TK("procedure.class", string(k))})
	}
	for _, t := range person.Titles() {
		titles = append(titles, Option{t.Code, c.titleText(t.Code)})
	}
	err = c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		for _, id := range lib.Procedures(on) {
			if e, p, err := lib.Procedure(id, on); err == nil {
				procs = append(procs, Option{id, c.Words(p.Title) + " (" + e.Document.Number + ")"})
			}
		}
		units, err := org.Search(c.Ctx(), tx, f.Text("org_q"), org.Now(on), 30)
		if err != nil {
			return err
		}
		if f.Text("org_q") == "" && f.Text("org") != "" {
			if u, ok, err := org.Get(c.Ctx(), tx, f.Text("org"), org.Now(on)); err != nil {
				return err
			} else if ok {
				units = append(units, u)
			}
			kids, err := org.Children(c.Ctx(), tx, f.Text("org"), org.Now(on))
			if err != nil {
				return err
			}
			units = append(units, kids...)
		}
		for _, u := range units {
			if c.May(tx, desk.Need{Right: desk.RunProcedure, Org: u.ID}) {
				orgs = append(orgs, Option{u.ID, u.Name})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	levels := []Option{{"", c.T("field.none")}}
	for _, l := range []string{"province", "district", "state-leadership"} {
		levels = append(levels, Option{l, c.TK("procedure.level", l)})
	}
	field := func(name, kind string, required bool, o []Option) {
		x := newField(f, name, c.T("procedure.o."+name))
		if c.s.messages.has("procedure.oh." + name) {
			x.Hint = c.T("procedure.oh." + name)
		}
		x.Required = required
		if o != nil {
			x.Kind, x.Options = "select", o
		} else if x.Kind != "select" {
			x.Kind = kind
		}
		x.Wide = kind == "textarea"
		d.Fields = append(d.Fields, x)
	}
	field("procedure", "text", true, procs)
	field("org_q", "text", false, nil)
	field("org", "text", true, append([]Option{{"", c.T("field.none")}}, orgs...))
	field("title", "text", true, titles)
	field("level", "text", false, levels)
	field("seats", "number", true, nil)
	field("quota", "number", false, nil)
	field("class", "text", true, classes)
	field("on", "day", true, nil)
	field("need", "textarea", true, nil)
	field("scribed", "checkbox", false, nil)
	return procedureOpen.show(c, d)
}

func (s *Server) procedureOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if f.Value("find") != "" { // the unit is looked for first; nothing is recorded
		f.ID = desk.NewID()
		return c.showOpen(f)
	}
	act, err := openCase(f)
	if err != nil {
		return c.again(f, err, c.showOpen)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(procedurePath(act.ID), rc)
	}
	return c.showOpen(f)
}

func openCase(f *Form) (procedure.Open, error) {
	a := procedure.Open{Procedure: f.Text("procedure"), Title: f.Text("title"), Level: f.Text("level"), Class: procedure.Class(f.Text("class")), Need_: f.Text("need"), Scribed: f.Value("scribed") != ""}
	var err error
	if a.On, err = f.Day("on"); err != nil {
		return a, err
	}
	if a.Seats, err = countOr(f, "seats", 1); err != nil {
		return a, err
	}
	if f.Text("quota") != "" {
		q, err := countOr(f, "quota", 0)
		if err != nil {
			return a, err
		}
		a.Quota = &q
	}
	a.Org = f.Text("org")
	// The id derives from the form: sent twice it is the same case.
	a.ID = "hs-" + newID("x", f.ID)[len("x/"):]
	if len(a.ID) > 20 {
		a.ID = "hs-" + a.ID[len(a.ID)-14:]
	}
	return a, nil
}
