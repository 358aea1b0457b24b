package web

import (
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// orgFormData is a form of one act about a unit. What: doi-ten (rename),
// chuyen (move), giai-the (dissolve), dinh-chinh (correct), thanh-lap (found).
type orgFormData struct {
	What   string
	ID     string
	Name   string
	Path   string
	Form   *Form
	Kinds  []Option
	Levels []Option
	Fact   *orgStatement // the statement a correction is about
}

var orgForm = page[orgFormData]("org_form")

func (s *Server) orgFoundGet(c *Call) error {
	d := orgFormData{What: "thanh-lap", Form: c.BlankForm(), Kinds: c.orgKindOptions(), Levels: c.levelOptions()}
	if parent := c.R.URL.Query().Get("cap-tren"); parent != "" {
		if err := c.Read(func(tx *store.Tx) error {
			name, err := c.unitName(tx, parent, c.On())
			d.Form.Set("parent", name)
			return err
		}); err != nil {
			return err
		}
	}
	d.Form.Set("from", dayText("vi", c.Today()))
	return orgForm.show(c, d)
}

func (s *Server) orgFoundPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := org.Found{Title: f.Text("name"), Kind: org.Kind(f.Text("kind")), Details: []org.Detail{{Key: org.Level, Value: f.Text("level")}, {Key: org.ManagingLevel, Value: f.Text("managing")},
		{Key: org.PartyCode, Value: f.Text("code")}, {Key: org.Seal, Value: f.Text("seal")}}}
	if act.From, err = f.Day("from"); err == nil {
		act.Decision, err = orgDecision(f)
	}
	if err == nil {
		act.Parent, err = c.pickUnit(f, "parent", act.From, false)
	}
	if err == nil {
		act.ID = newUnitID(act.Title, f.ID)
		rc, ok, derr := c.Do(f, act)
		if ok {
			return c.Done(unitPath(act.ID), rc)
		}
		if derr != nil {
			return derr
		}
	} else if err := c.Fail(f, err); err != nil {
		return err
	}
	return orgForm.show(c, orgFormData{What: "thanh-lap", Form: f, Kinds: c.orgKindOptions(), Levels: c.levelOptions()})
}

// newUnitID derives the id of a new unit from its name and the form, so that
// the same form always makes the same unit.
func newUnitID(title, form string) string {
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, vn.Fold(title)), "-")
	for strings.Contains(slug, "--") {
		slug = strings.ReplaceAll(slug, "--", "-")
	}
	if len(slug) > 48 {
		slug = strings.TrimRight(slug[:48], "-")
	}
	tail := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(form))
	if len(tail) > 8 {
		tail = tail[len(tail)-8:]
	}
	return "org/" + strings.Trim(slug+"-"+tail, "-")
}

func (s *Server) orgFormGet(c *Call) error {
	d, err := c.orgFormData()
	if err != nil {
		return err
	}
	err = c.Read(func(tx *store.Tx) error {
		var err error
		d.Form, err = c.NewForm(tx, d.ID)
		return err
	})
	if err != nil {
		return err
	}
	d.Form.Set("from", dayText("vi", c.Today()))
	switch {
	case d.What == "doi-ten":
		d.Form.Set("name", d.Name)
	case d.Fact != nil:
		st := d.Fact.Statement
		d.Form.Set("from", dayText("vi", st.From)).Set("name", st.Name).Set("kind", string(st.Kind)).Set("number", st.Decision.Number).Set("by", st.Decision.By)
		if !st.Decision.Date.IsZero() {
			d.Form.Set("date", dayText("vi", st.Decision.Date))
		}
		err = c.Read(func(tx *store.Tx) error {
			name, err := c.unitName(tx, st.Parent, st.From)
			d.Form.Set("parent", name)
			return err
		})
		if err != nil {
			return err
		}
	}
	return orgForm.show(c, d)
}

// orgFormData reads which form, about which unit, from the path.
func (c *Call) orgFormData() (orgFormData, error) {
	d := orgFormData{What: c.R.PathValue("what"), ID: "org/" + c.R.PathValue("id"), Kinds: c.orgKindOptions()}
	d.Path = unitPath(d.ID)
	switch d.What {
	case "doi-ten", "chuyen", "giai-the", "dinh-chinh":
	default:
		return d, errNotFound
	}
	err := c.Read(func(tx *store.Tx) error {
		known, err := org.Known(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		if !known {
			return errNotFound
		}
		if d.Name, err = c.unitName(tx, d.ID, c.Today()); err != nil {
			return err
		}
		if d.What != "dinh-chinh" {
			return nil
		}
		fact, err := strconv.ParseInt(c.R.URL.Query().Get("muc"), 10, 64)
		if err != nil {
			return errNotFound
		}
		all, err := c.unitStory(tx, d.ID, true)
		if err != nil {
			return err
		}
		for _, st := range all {
			if st.Fact == fact && st.EntryTo == -1 {
				d.Fact = &st
			}
		}
		if d.Fact == nil {
			return errNotFound
		}
		return nil
	})
	return d, err
}

func (s *Server) orgFormPost(c *Call) error {
	d, err := c.orgFormData()
	if err != nil {
		return err
	}
	if d.Form, err = c.PostForm(); err != nil {
		return err
	}
	act, err := c.orgAct(d)
	if err != nil {
		if err := c.Fail(d.Form, err); err != nil {
			return err
		}
		return orgForm.show(c, d)
	}
	rc, ok, err := c.Do(d.Form, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(d.Path, rc)
	}
	return orgForm.show(c, d)
}

// orgAct reads the typed act out of the posted form.
func (c *Call) orgAct(d orgFormData) (desk.Act, error) {
	f := d.Form
	withdraw := d.What == "dinh-chinh" && f.Value("withdraw") != ""
	from, err := f.Day("from")
	if err != nil && !withdraw {
		return nil, err
	}
	decision, err := orgDecision(f)
	if err != nil {
		return nil, err
	}
	switch d.What {
	case "doi-ten":
		return org.Rename{Org: d.ID, Title: f.Text("name"), From: from, Decision: decision}, nil
	case "chuyen":
		parent, err := c.pickUnit(f, "parent", from, true)
		return org.Move{Org: d.ID, Parent: parent, From: from, Decision: decision}, err
	case "giai-the":
		succ, err := c.pickUnit(f, "successors", from, false)
		a := org.Dissolve{Org: d.ID, From: from, Decision: decision}
		if succ != "" {
			a.Successors = []string{succ}
		}
		return a, err
	}
	reason, err := f.Need("reason")
	if err != nil {
		return nil, err
	}
	st := d.Fact.Statement
	a := org.Correct{Org: d.ID, Fact: st.Fact, Withdraw: withdraw, From: from, Title: st.Name, Kind: st.Kind, Parent: st.Parent,
		Successors: st.Successors, Decision: decision, Reason: reason}
	if withdraw {
		a.From = st.From
		return a, nil
	}
	if st.What == org.Founded || st.What == org.Renamed {
		a.Title = f.Text("name")
	}
	if st.What == org.Founded {
		a.Kind = org.Kind(f.Text("kind"))
	}
	if st.What == org.Founded || st.What == org.Moved {
		a.Parent, err = c.pickUnit(f, "parent", from, st.What == org.Moved)
	}
	return a, err
}

func orgDecision(f *Form) (org.Decision, error) {
	date, err := f.OptionalDay("date")
	return org.Decision{Number: f.Text("number"), Date: date, By: f.Text("by"), Basis: f.Text("basis"), Signer: f.Text("signer")}, err
}

func (c *Call) orgKindOptions() []Option {
	out := []Option{{"", c.T("field.none")}}
	for _, k := range org.Kinds() {
		out = append(out, Option{string(k.Kind), c.orgKind(k.Kind)})
	}
	return out
}

// pickUnit finds the organisation typed into a field: by id, or by name
// without regard to marks. Where several fit, the field becomes a choice among
// them.
func (c *Call) pickUnit(f *Form, field string, on vn.Date, required bool) (string, error) {
	text := f.Text(field)
	if text == "" {
		if required {
			return "", desk.Wrong(field, "Hãy nhập tên tổ chức.", "Type the name of the organisation.")
		}
		return "", nil
	}
	var found string
	err := c.Read(func(tx *store.Tx) error {
		if uses, err := org.ByCode(c.Ctx(), tx, text); err != nil {
			return err
		} else if len(uses) > 0 {
			found = uses[len(uses)-1].Org
			for _, u := range uses {
				if !on.Before(u.From) && (u.To.IsZero() || on.Before(u.To)) {
					found = u.Org
				}
			}
			return nil
		}
		if org.ValidID(text) {
			ok, err := org.Known(c.Ctx(), tx, text)
			if err != nil || ok {
				found = text
				return err
			}
		}
		at := org.Now(on)
		us, err := org.Search(c.Ctx(), tx, text, at, 30)
		if err != nil {
			return err
		}
		var same []org.Unit
		for _, u := range us {
			if vn.Fold(u.Name) == vn.Fold(text) {
				same = append(same, u)
			}
		}
		if len(same) > 0 {
			us = same
		}
		switch len(us) {
		case 0:
			return desk.Wrong(field, "Không có tổ chức nào tên “"+clip(text)+"” vào ngày "+dayText("vi", on)+".",
				"There is no organisation named “"+clip(text)+"” on "+dayText("en", on)+".")
		case 1:
			found = us[0].ID
			return nil
		}
		opts := []Option{{"", c.T("field.none")}}
		for _, u := range us {
			h, err := c.orgHit(tx, u, at)
			if err != nil {
				return err
			}
			label := u.Name
			if h.Up != "" {
				label += " (" + h.Up + ")"
			}
			opts = append(opts, Option{u.ID, label})
		}
		f.Choose(field, opts)
		return desk.Wrong(field, "Có nhiều tổ chức khớp; hãy chọn một.", "Several organisations fit; choose one.")
	})
	return found, err
}
