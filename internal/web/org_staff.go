package web

import (
	"net/url"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// orgStaffData is the staff quota of a unit and all under it on the page's day.
type orgStaffData struct {
	Root     org.Unit
	Up       []Crumb
	Kinds    []staffKindView
	Rows     []staffUnitView
	Lines    *Lines
	Months   []staffMonth // the same as the picture, as a table
	Form     *Form
	Base     vn.Date // day the reduction is measured from; zero: not asked
	Verdicts []staffVerdict
	Edit     bool
	Key      string
	People   bool // the reader may see people below the root
}

// PeopleOf is the page of the people behind a sum.
func (d orgStaffData) PeopleOf(rel string) string {
	return withQuery("/to-chuc/bien-che/nguoi", url.Values{"goc": {d.Key}}, "la", rel)
}

type staffKindView struct {
	Name string
	F    person.StaffFigures
	Over int64
	Free int64
}

type staffUnitView struct {
	Unit                 org.Unit
	Path                 string
	Kind                 string // of staff, in words
	F                    person.StaffFigures
	Over                 int64
	Quota, Held          org.DetailFact // the decisions behind
	Used, Borrowed, Lent string         // addresses of the people behind; empty when they may not be read
}

// staffVerdict is an answer of the rules with the unit or kind it speaks of.
type staffVerdict struct {
	Name    string
	Verdict rule.Verdict
}

type staffMonth struct {
	On                   vn.Date
	Allotted, Plan, Used int64
}

var orgStaff = page[orgStaffData]("org_staff")

func (c *Call) staffKind(kind string) string {
	for _, k := range org.StaffKinds() {
		if k.Kind == kind && c.Lang == "en" {
			return k.EN
		} else if k.Kind == kind {
			return k.VI
		}
	}
	return kind
}

func (c *Call) staffKindOptions() []Option {
	os := []Option{{"", c.T("field.none")}}
	for _, k := range org.StaffKinds() {
		os = append(os, Option{k.Kind, c.staffKind(k.Kind)})
	}
	return os
}

func (s *Server) orgStaffGet(c *Call) error {
	q := c.R.URL.Query()
	d := orgStaffData{Form: &Form{Values: q}}
	if q.Get("goc-so-sanh") != "" {
		var err error
		if d.Base, err = d.Form.OptionalDay("goc-so-sanh"); err != nil {
			if err := c.Fail(d.Form, err); err != nil {
				return err
			}
		}
	}
	err := c.Read(func(tx *store.Tx) error { return c.staffData(tx, &d, q.Get("goc")) })
	if err != nil {
		return err
	}
	return orgStaff.show(c, d)
}

func (c *Call) staffData(tx *store.Tx, d *orgStaffData, root string) error {
	ctx, at := c.Ctx(), org.Now(c.On())
	if root == "" {
		root = c.User.Org
	}
	if root == "" {
		tops, err := org.Children(ctx, tx, "", at)
		if err != nil || len(tops) == 0 {
			return err
		}
		root = tops[0].ID
	}
	var ok bool
	var err error
	if d.Root, ok, err = org.Get(ctx, tx, root, at); err != nil {
		return err
	}
	if !ok {
		return errNotFound
	}
	d.Key = root
	d.Edit = c.May(tx, desk.Need{Right: desk.EditOrg, Org: root})
	path, err := org.Path(ctx, tx, root, at)
	if err != nil {
		return err
	}
	for _, u := range path {
		if u.ID != root {
			d.Up = append(d.Up, Crumb{u.Name, withQuery("/to-chuc/bien-che", nil, "goc", u.ID)})
		}
	}
	rows, sum, err := person.Staff(ctx, tx, root, at)
	if err != nil {
		return err
	}
	lib, err := c.s.desk.Rules(ctx, tx)
	if err != nil {
		return err
	}
	may := c.readable(tx, desk.ReadPerson)
	d.People = may(root)
	for _, k := range org.StaffKinds() {
		f, ok := sum.Kinds[k.Kind]
		if !ok {
			continue
		}
		v := staffKindView{Name: c.staffKind(k.Kind), F: f}
		for _, r := range rows { // a unit that is over is not offset by another that has room
			v.Over += r.Kinds[k.Kind].Over()
			v.Free += r.Kinds[k.Kind].Free()
		}
		d.Kinds = append(d.Kinds, v)
	}
	for _, r := range rows {
		for _, k := range org.StaffKinds() {
			f, ok := r.Kinds[k.Kind]
			if !ok {
				continue
			}
			v := staffUnitView{Unit: r.Unit, Path: unitPath(r.Unit.ID), Kind: c.staffKind(k.Kind), F: f, Over: f.Over(), Quota: r.Set[org.QuotaOf(k.Kind)], Held: r.Set[org.HeldOf(k.Kind)]}
			if may(r.Unit.ID) {
				people := func(rel string) string {
					return withQuery("/to-chuc/bien-che/nguoi", url.Values{"don-vi": {r.Unit.ID}}, "la", rel)
				}
				v.Used, v.Borrowed, v.Lent = people("staff"), people("borrowed"), people("lent")
			}
			d.Rows = append(d.Rows, v)
		}
		if v, ok, err := person.DeputiesVerdict(ctx, tx, lib, r, at); err != nil {
			return err
		} else if ok && len(d.Verdicts) < 20 {
			d.Verdicts = append(d.Verdicts, staffVerdict{r.Unit.Name, v})
		}
	}
	if !d.Base.IsZero() {
		_, before, err := person.Staff(ctx, tx, root, org.Now(d.Base))
		if err != nil {
			return err
		}
		for _, k := range org.StaffKinds() {
			v, ok, err := person.ReductionVerdict(lib, k.Kind, before.Kinds[k.Kind].Allotted, sum.Kinds[k.Kind].Allotted, at)
			if err != nil {
				return err
			}
			if ok && k.Kind != org.Contract {
				d.Verdicts = append(d.Verdicts, staffVerdict{c.staffKind(k.Kind), v})
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return c.staffPicture(tx, d, root)
}

// staffPicture draws plan against actual, quarter by quarter: two years back,
// one year ahead.
func (c *Call) staffPicture(tx *store.Tx, d *orgStaffData, root string) error {
	var labels []string
	var allotted, plan, used []int64
	today := c.Today()
	for i := -8; i <= 4; i++ {
		day := c.On().AddMonths(3 * i)
		rows, sum, err := person.Staff(c.Ctx(), tx, root, org.Now(day))
		if err != nil {
			return err
		}
		t := sum.Total()
		m := staffMonth{On: day, Allotted: t.Allotted, Used: t.Used}
		for _, r := range rows {
			for _, f := range r.Kinds {
				if f.Plan == 0 { // no plan of its own: what is allotted
					f.Plan = f.Allotted
				}
				m.Plan += f.Plan
			}
		}
		d.Months = append(d.Months, m)
		allotted, plan = append(allotted, m.Allotted), append(plan, m.Plan)
		if !today.Before(day) {
			used = append(used, m.Used)
		}
		label := ""
		if i%4 == 0 && i < 4 {
			label = toString(int(day.Month)) + "/" + toString(day.Year)
		}
		labels = append(labels, label)
	}
	for len(used) < len(labels) && len(used) > 0 {
		used = append(used, used[len(used)-1]) // who holds a place today holds it until an end is recorded
	}
	d.Lines = newLines(c.Lang, "bien-che", c.T("staff.picture"), c.T("staff.picture.desc", d.Root.Name), labels, []Line{{"a", used}, {"b", plan}, {"c", allotted}})
	return nil
}

// staffPeopleData is who holds places of one unit, or of all below it.
type staffPeopleData struct {
	Unit  org.Unit
	Path  string
	Rel   string
	Below bool
	Rows  []staffPerson
	More  int // beyond what a page shows
}

// staffPeopleShown bounds a page of people; each name shown is a view.
const staffPeopleShown = 300

type staffPerson struct {
	Name, Path, Kind, Unit string
	From                   vn.Date
}

var orgStaffPeople = page[staffPeopleData]("org_staff_people")

func (s *Server) orgStaffPeopleGet(c *Call) error {
	q := c.R.URL.Query()
	d := staffPeopleData{Rel: q.Get("la"), Below: q.Has("goc")}
	if d.Rel != "borrowed" && d.Rel != "lent" {
		d.Rel = "staff"
	}
	err := c.Read(func(tx *store.Tx) error {
		id, at := q.Get("don-vi"), org.Now(c.On())
		if d.Below {
			id = q.Get("goc")
		}
		d.Path = unitPath(id)
		if !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: id}) {
			return errNotFound
		}
		var ok bool
		var err error
		if d.Unit, ok, err = org.Get(c.Ctx(), tx, id, at); err != nil || !ok {
			return or(err, errNotFound)
		}
		units := []org.Unit{d.Unit}
		if d.Below {
			rows, _, err := person.Staff(c.Ctx(), tx, id, at)
			if err != nil {
				return err
			}
			units = nil
			for _, r := range rows {
				units = append(units, r.Unit)
			}
		}
		may := c.readable(tx, desk.ReadPerson)
		var ps []person.Place
		names := map[string]string{}
		for _, u := range units {
			names[u.ID] = u.Name
			var here []person.Place
			if d.Rel == "lent" {
				here, err = person.LentFrom(c.Ctx(), tx, u.ID, at)
			} else {
				here, err = person.StaffIn(c.Ctx(), tx, u.ID, d.Rel, at)
			}
			if err != nil {
				return err
			}
			ps = append(ps, here...)
		}
		d.More = max(0, len(ps)-staffPeopleShown)
		for _, p := range ps[:len(ps)-d.More] {
			r := staffPerson{Kind: c.staffKind(p.Standing), From: p.From, Unit: names[p.Org]}
			name, ok, err := c.listedName(tx, p.Person, may)
			if err != nil {
				return err
			}
			r.Name = c.T("staff.hidden")
			if ok {
				r.Name, r.Path = name, personPath(p.Person)
			}
			d.Rows = append(d.Rows, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return orgStaffPeople.show(c, d)
}
