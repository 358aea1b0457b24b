package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// handoverListData lists collective handovers and holds the form of a new one.
type handoverListData struct {
	Rows   []handoverRow
	Form   *Form
	Fields []Field
	Paper  []Field
	Edit   bool
}

type handoverRow struct {
	person.Handover
	Path, From, To string
	State          string
}

// handoverData is one handover: list, receipt, balance, signatures.
type handoverData struct {
	handoverRow
	ID        string
	Units     []orgHit
	Motions   []motionRow
	In        int64
	Gaps      []string
	Closing   int64 // of the receiving side by the record, on the day
	Form      *Form
	Receive   []Field
	MayAccept bool
	Sign      []signSide
	Files     handoverFiles
	Prints    handoverPrints
}

type motionRow struct {
	person.Motion
	Name, Path, Unit, DueText string
}

type signSide struct {
	Org, Name string
	Entry     int64
	May       bool
	Form      *Form
}

var (
	handoverList = page[handoverListData]("handover_list")
	handoverPage = page[handoverData]("handover")
)

func handoverPath(id string) string {
	return "/to-chuc/ban-giao/" + strings.TrimPrefix(id, "handover/")
}

func handoverState(h person.Handover) string {
	switch {
	case h.Closed():
		return "closed"
	case h.Receipt == nil:
		return "opened"
	case len(h.Gaps()) > 0:
		return "gaps"
	}
	return "accepted"
}

func (c *Call) handoverRow(tx *store.Tx, h person.Handover) (handoverRow, error) {
	r := handoverRow{Handover: h, Path: handoverPath(h.List.ID), State: handoverState(h)}
	var err error
	if r.From, err = c.unitName(tx, h.List.From, h.List.On.AddDays(-1)); err == nil {
		r.To, err = c.unitName(tx, h.List.To, h.List.On)
	}
	return r, err
}

func (s *Server) handoverListGet(c *Call) error {
	f := c.BlankForm().Set("on", dayText("vi", c.Today()))
	return c.showHandovers(f)
}

func (c *Call) showHandovers(f *Form) error {
	d := handoverListData{Form: f, Edit: c.User.Has(desk.EditPerson)}
	err := c.Read(func(tx *store.Tx) error {
		all, err := person.Handovers(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		for _, h := range all {
			if !may(h.List.From) && !may(h.List.To) {
				continue
			}
			r, err := c.handoverRow(tx, h)
			if err != nil {
				return err
			}
			d.Rows = append(d.Rows, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.Fields = c.handoverFields(f, "from", "to", "on", "units", "files", "letters", "seal")
	d.Paper = c.paperFields(f)
	return handoverList.show(c, d)
}

func (c *Call) handoverFields(f *Form, names ...string) []Field {
	kinds := map[string]string{"on": "day", "units": "textarea", "files": "number", "letters": "number", "seal": "checkbox", "official": "number", "probationary": "number",
		"closing": "number", "differences": "textarea"}
	var out []Field
	for _, n := range names {
		x := newField(f, n, c.TK("handover.field", n))
		if k := kinds[n]; k != "" {
			x = withKind(k, x)
		}
		x.Required = n == "from" || n == "to" || n == "on" || n == "official" || n == "probationary" || n == "closing" || n == "signer"
		x.Wide = x.Kind == "textarea" || x.Kind == "checkbox"
		if n == "units" {
			x.Hint = c.T("handover.units.hint")
		}
		out = append(out, x)
	}
	return out
}

func counts(f *Form, to map[string]*int64) error {
	for name, n := range to {
		if f.Text(name) == "" {
			continue
		}
		v, err := vn.ReadCount(f.Text(name))
		if err != nil {
			return desk.Wrong(name, "Cần một số nguyên.", "A whole number is needed.")
		}
		*n = v
	}
	return nil
}

func (s *Server) handoverOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	a := person.OpenHandover{ID: newID("handover", f.ID), Seal: f.Value("seal") != ""}
	if a.On, err = f.Day("on"); err == nil {
		a.Decision, err = orgDecision(f)
	}
	if err == nil {
		err = counts(f, map[string]*int64{"files": &a.Files, "letters": &a.Letters})
	}
	if err == nil {
		a.From, err = c.pickUnit(f, "from", a.On.AddDays(-1), true)
	}
	if err == nil {
		a.To, err = c.pickUnit(f, "to", a.On, true)
	}
	if err == nil {
		a.Units, err = c.pickUnits(f, "units", a.On.AddDays(-1))
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return c.showHandovers(f)
	}
	rc, ok, err := c.Do(f, a)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(handoverPath(a.ID), rc)
	}
	return c.showHandovers(f)
}

func (s *Server) handoverGet(c *Call) error { return c.showHandover(nil) }

// showHandover draws one handover; f is a form that was refused, if any.
func (c *Call) showHandover(f *Form) error {
	d := handoverData{ID: "handover/" + c.R.PathValue("id")}
	err := c.Read(func(tx *store.Tx) error {
		h, ok, err := person.GetHandover(c.Ctx(), tx, d.ID)
		if err != nil || !ok {
			return or(err, errNotFound)
		}
		may := c.readable(tx, desk.ReadPerson)
		if !may(h.List.From) && !may(h.List.To) {
			return errNotFound
		}
		if d.handoverRow, err = c.handoverRow(tx, h); err != nil {
			return err
		}
		d.In = h.List.In()
		for _, g := range h.Gaps() {
			d.Gaps = append(d.Gaps, c.TK("handover.gap", g))
		}
		for _, u := range h.List.Units {
			name, err := c.unitName(tx, u, h.List.On)
			if err != nil {
				return err
			}
			d.Units = append(d.Units, orgHit{Unit: org.Unit{ID: u, Name: name}, Path: unitPath(u)})
		}
		for _, m := range h.List.Motions {
			r := motionRow{Motion: m, Name: c.T("staff.hidden")}
			name, ok, err := c.listedName(tx, m.Person, may)
			if err != nil {
				return err
			}
			if ok {
				r.Name, r.Path = name, personPath(m.Person)
			}
			if r.Unit, err = c.unitName(tx, m.Org, h.List.On.AddDays(-1)); err != nil {
				return err
			}
			if !m.Due.IsZero() {
				r.DueText = dayText(c.Lang, m.Due)
			}
			d.Motions = append(d.Motions, r)
		}
		sum, err := person.Subtree(c.Ctx(), tx, h.List.To, org.Now(h.List.On))
		if err != nil {
			return err
		}
		d.Closing = sum.Total()
		if d.Files, err = c.handoverFiles(tx, h, may); err != nil {
			return err
		}
		if d.Prints, err = c.handoverPrints(tx, h); err != nil {
			return err
		}
		edit := c.readable(tx, desk.EditPerson)
		d.MayAccept = edit(h.List.To) && h.SignedSource < 0 && h.SignedTarget < 0
		if d.Form = f; f == nil {
			if d.Form, err = c.NewForm(tx, d.ID); err != nil {
				return err
			}
		}
		for _, side := range []struct {
			org, name string
			entry     int64
		}{{h.List.From, d.From, h.SignedSource}, {h.List.To, d.To, h.SignedTarget}} {
			sf, err := c.NewForm(tx, d.ID)
			if err != nil {
				return err
			}
			d.Sign = append(d.Sign, signSide{side.org, side.name, side.entry, side.entry < 0 && edit(side.org) && len(h.Gaps()) == 0, sf})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.MayAccept {
		d.Receive = c.handoverFields(d.Form, "official", "probationary", "files", "seal", "closing", "differences")
	}
	return handoverPage.show(c, d)
}

func (s *Server) handoverPost(c *Call) error {
	id := "handover/" + c.R.PathValue("id")
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var act desk.Act
	if side := f.Text("side"); side != "" {
		act = dossier.SignHandover{SignHandover: person.SignHandover{ID: id, Org: side, Signer: f.Text("signer")}}
	} else {
		a := person.AcceptHandover{ID: id, Seal: f.Value("seal") != "", Differences: f.Text("differences")}
		err = counts(f, map[string]*int64{"official": &a.Official, "probationary": &a.Probationary, "files": &a.Files, "closing": &a.Closing})
		if err == nil {
			err = c.Read(func(tx *store.Tx) error {
				h, ok, err := person.GetHandover(c.Ctx(), tx, id)
				a.To = h.List.To
				if !ok {
					return or(err, errNotFound)
				}
				return err
			})
		}
		act = a
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return c.showHandover(f)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(handoverPath(id), rc)
	}
	return c.showHandover(f)
}
