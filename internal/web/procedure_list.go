package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
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
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		filter.Calendar = lib.Calendar()
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
		x.Left, x.Known = daysLeft(lib.Calendar(), today, r.Due)
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
