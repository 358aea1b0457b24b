package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type procedureListData struct {
	Form          *Form
	Fields        []Field
	Rows          []procedureRow
	Filtered      bool
	Run           bool
	Total         int
	First, Last   int // places of the page, from 1
	Prev, Next    string
	Heads         []caseHead
	Page, PageEnd int
}

// caseHead is a head of the list's table that sorts it.
type caseHead struct {
	Label, Path string
	Class       string // "num" for numbers
	Dir         string // "ascending", "descending" or "" where not sorted by it
}

type procedureRow struct {
	procedure.Row
	Path, Post, OrgName, Def string
	Tag                      Tag
	Left                     int
	Known, Late              bool
}

var procedureList = page[procedureListData]("procedure_list")

const procedurePage = 40

// caseScope is what the reader may list; nil is everything.
func (c *Call) caseScope(tx *store.Tx) (*procedure.Scope, error) {
	s := &procedure.Scope{}
	var roots []string
	for _, r := range c.User.Cases(desk.ReadProcedure) {
		if r == "" {
			return nil, nil
		}
		if id, ok := strings.CutPrefix(r, "procedure/"); ok {
			s.Cases = append(s.Cases, id)
		} else {
			roots = append(roots, r)
		}
	}
	if len(roots) == 0 {
		return s, nil
	}
	orgs, err := procedure.Orgs(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	lines, err := org.ReadLines(c.Ctx(), tx, orgs)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		// Most stand below a root today; who does not (a body of the past) is
		// asked about as the desk asks.
		if slices.ContainsFunc(roots, func(r string) bool { return lines.Within(o, r, c.Today()) }) || c.May(tx, desk.Need{Right: desk.ReadProcedure, Org: o}) {
			s.Orgs = append(s.Orgs, o)
		}
	}
	return s, nil
}

// listFilter reads the filter of the address; a field that is wrong is left out
// and named.
func (c *Call) listFilter(f *Form) procedure.Filter {
	out := procedure.Filter{Query: f.Text("q"), Procedure: f.Text("quy-trinh"), Today: c.Today(), Sort: procedure.Sort(f.Text("xep")), Down: f.Text("chieu") == "xuong"}
	if !slices.Contains(procedure.Sorts, out.Sort) {
		out.Sort = procedure.ByDue
	}
	switch state := f.Text("trang-thai"); {
	case state == "tat-ca" || state == "" && f.Text("het") == "1":
		f.Set("trang-thai", "tat-ca")
	case state == "":
		out.Running = true
	default:
		out.Phase = procedure.Phase(state)
	}
	var err error
	bad := func(name string, e error) {
		if e != nil && f.Problem == nil {
			err = desk.Wrong(name, "Ngày ghi theo dạng 25/11/2026; số ngày là số nguyên.", "A day is written 25/11/2026; days are a whole number.")
			_ = c.Fail(f, err)
		}
	}
	var e error
	out.From, e = f.OptionalDay("tu-ngay")
	bad("tu-ngay", e)
	out.To, e = f.OptionalDay("den-ngay")
	bad("den-ngay", e)
	if t := f.Text("cham"); t != "" {
		n, e := strconv.Atoi(t)
		if bad("cham", e); e == nil {
			out.Late, out.LateDays = true, min(max(n, 0), 1000)
		}
	}
	return out
}

func (s *Server) procedureListGet(c *Call) error {
	f := &Form{ID: desk.NewID(), Values: c.R.URL.Query()}
	d := procedureListData{Form: f, Run: c.User.Has(desk.RunProcedure), Page: 1}
	filter := c.listFilter(f)
	for _, k := range []string{"q", "trang-thai", "quy-trinh", "tu-ngay", "den-ngay", "cham"} {
		d.Filtered = d.Filtered || f.Text(k) != ""
	}
	if n, err := strconv.Atoi(f.Text("trang")); err == nil {
		d.Page = max(n, 1)
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if filter.Scope, err = c.caseScope(tx); err != nil {
			return err
		}
		rows, total, err := procedure.List(c.Ctx(), tx, filter, (d.Page-1)*procedurePage, procedurePage)
		if err != nil {
			return err
		}
		if d.Total, d.PageEnd = total, max((total+procedurePage-1)/procedurePage, 1); d.Page > d.PageEnd { // an old address
			d.Page = d.PageEnd
			if rows, _, err = procedure.List(c.Ctx(), tx, filter, (d.Page-1)*procedurePage, procedurePage); err != nil {
				return err
			}
		}
		d.First, d.Last = (d.Page-1)*procedurePage+1, (d.Page-1)*procedurePage+len(rows)
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		if err := c.listFields(tx, lib, &d); err != nil {
			return err
		}
		for _, r := range rows {
			x, err := c.procedureRow(tx, lib, r)
			if err != nil {
				return err
			}
			d.Rows = append(d.Rows, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	link := func(set url.Values) string {
		v := url.Values{}
		for _, k := range []string{"q", "trang-thai", "quy-trinh", "tu-ngay", "den-ngay", "cham", "xep", "chieu"} {
			if t := f.Text(k); t != "" {
				v.Set(k, t)
			}
		}
		for k, x := range set {
			v[k] = x
		}
		return "/quy-trinh?" + v.Encode()
	}
	if d.Page > 1 {
		d.Prev = link(url.Values{"trang": {strconv.Itoa(min(d.Page-1, d.PageEnd))}})
	}
	if d.Page < d.PageEnd {
		d.Next = link(url.Values{"trang": {strconv.Itoa(d.Page + 1)}})
	}
	for _, h := range []struct {
		label string
		by    procedure.Sort
	}{{"procedure.col.post", procedure.ByTitle}, {"procedure.col.phase", procedure.ByPhase}, {"procedure.col.due", procedure.ByDue}, {"procedure.col.opened", procedure.ByOpened}, {"procedure.col.last", procedure.ByLast}} {
		x := caseHead{Label: c.T(h.label)}
		to := url.Values{"xep": {string(h.by)}, "chieu": {""}}
		if filter.Sort == h.by {
			if x.Dir = "ascending"; filter.Down {
				x.Dir = "descending"
			} else {
				to.Set("chieu", "xuong")
			}
		}
		x.Path = link(to)
		d.Heads = append(d.Heads, x)
	}
	return procedureList.show(c, d)
}

// procedureRow is a line of the list in the reader's words.
func (c *Call) procedureRow(tx *store.Tx, lib *rule.Library, r procedure.Row) (procedureRow, error) {
	x := procedureRow{Row: r, Path: procedurePath(r.ID), Post: c.titleText(r.Title), Tag: phaseTag(c, r.Phase)}
	var err error
	if x.OrgName, err = c.unitName(tx, r.Org, r.Opened); err != nil {
		return x, err
	}
	if _, def, err := lib.Procedure(r.Procedure, r.Opened); err == nil {
		x.Def = c.Words(def.Title)
	}
	if !r.Due.IsZero() && !r.Phase.Over() {
		today := c.Today()
		if !r.Clock.IsZero() {
			today = r.Clock
		}
		x.Left, x.Known = daysLeft(today, r.Due)
		x.Late = r.Due.Before(today)
	}
	return x, nil
}

// Behind is how many working days the row is late.
func (r procedureRow) Behind() int { return -r.Left }

func (c *Call) listFields(tx *store.Tx, lib *rule.Library, d *procedureListData) error {
	known, err := procedure.Procedures(c.Ctx(), tx)
	if err != nil {
		return err
	}
	procs := []Option{{"", c.T("procedure.list.anydef")}}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if _, def, err := lib.Procedure(id, known[id]); err == nil {
			procs = append(procs, Option{id, c.Words(def.Title)})
		}
	}
	states := []Option{{"", c.T("procedure.list.running")}, {"tat-ca", c.T("procedure.list.all")}}
	for _, p := range []procedure.Phase{procedure.Needed, procedure.Asked, procedure.Running, procedure.Finished, procedure.Submitted, procedure.Appraised, procedure.Chosen, procedure.Ended, procedure.Returned, procedure.Stopped} {
		states = append(states, Option{string(p), c.TK("procedure.phase", string(p))})
	}
	field := func(name, label, kind string, o []Option) {
		x := newField(d.Form, name, c.T(label))
		if x.Kind = kind; o != nil {
			x.Kind, x.Options = "select", o
		}
		d.Fields = append(d.Fields, x)
	}
	field("q", "procedure.list.find", "text", nil)
	field("trang-thai", "procedure.col.phase", "", states)
	field("quy-trinh", "procedure.list.def", "", procs)
	field("tu-ngay", "procedure.list.from", "day", nil)
	field("den-ngay", "procedure.list.to", "day", nil)
	field("cham", "procedure.list.late", "number", nil)
	return nil
}

// procedureSearch answers the search box: cases by a person's name, post, body
// or id, those that run first.
func procedureSearch(c *Call, tx *store.Tx, q string) (Hits, error) {
	h := Hits{Label: "nav.procedure"}
	if !c.User.Has(desk.ReadProcedure) {
		return h, nil
	}
	scope, err := c.caseScope(tx)
	if err != nil {
		return h, err
	}
	const shown = 8
	rows, total, err := procedure.List(c.Ctx(), tx, procedure.Filter{Scope: scope, Query: q}, 0, shown)
	if err != nil {
		return h, err
	}
	lib, err := c.library(tx)
	if err != nil {
		return h, err
	}
	for _, r := range rows {
		x, err := c.procedureRow(tx, lib, r)
		if err != nil {
			return h, err
		}
		h.Items = append(h.Items, Hit{Title: x.Post + ", " + x.OrgName, Detail: x.Tag.Text + " · " + x.Def + " · " + dayText(c.Lang, x.Opened), Path: x.Path})
	}
	if total > shown {
		h.More = "/quy-trinh?" + url.Values{"q": {q}, "trang-thai": {"tat-ca"}}.Encode()
	}
	return h, nil
}

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
