package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// personColumn is a column that the list and its export may have.
type personColumn struct {
	id, label string
	title     rule.Words // instead of label
	group     string     // block of facts it is of
	sort      string     // value of the field "xep", "" cannot be sorted by
	first     bool       // shown until somebody chooses
	text      func(c *Call, r *personListRow, x personExtra) []string
}

// personExtra is what columns need beside the row, read for all rows at once.
type personExtra struct {
	facts map[string][]person.Fact
	unit  func(string) (string, error)
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (col personColumn) name(c *Call) string {
	if col.label == "" {
		return c.Words(col.title)
	}
	return c.T(col.label)
}

// personAllColumns are all of them; the name comes first and always. Every
// column of facts that a file may bring in may go out too, under the same head.
var personAllColumns = append(personOwnColumns, factColumns()...)

func factColumns() (out []personColumn) {
	for _, col := range person.FactColumns {
		if !slices.ContainsFunc(personOwnColumns, func(x personColumn) bool { return attrFields[x.id] == col.ID }) {
			out = append(out, personColumn{id: col.ID, title: col.Title, group: col.Block, text: factColumn(col.ID)})
		}
	}
	return out
}

var personOwnColumns = []personColumn{
	{id: "ten", label: "person.name", sort: "ten", first: true, text: func(c *Call, r *personListRow, _ personExtra) []string { return one(c.personName(r.Person.Person)) }},
	{id: "sinh", label: "person.born", sort: "sinh", first: true, text: func(_ *Call, r *personListRow, _ personExtra) []string {
		return one(r.Person.Identity.Born.Vietnamese())
	}},
	{id: "tuoi", label: "person.col.age", sort: "", text: func(c *Call, r *personListRow, _ personExtra) []string {
		return one(ageOn(r.Person.Identity.Born, c.On()))
	}},
	{id: "gioi", label: "person.gender", text: func(c *Call, r *personListRow, _ personExtra) []string {
		if g := r.Person.Identity.Gender; g != "" {
			return one(c.TK("person.gender", g))
		}
		return nil
	}},
	{id: "dan-toc", label: "person.ethnicity", text: func(_ *Call, r *personListRow, _ personExtra) []string { return one(r.Person.Identity.Ethnicity) }},
	{id: "que", label: "person.hometown", text: func(_ *Call, r *personListRow, _ personExtra) []string { return one(r.Person.Identity.Hometown) }},
	{id: "chuc-vu", label: "person.posts", first: true, text: func(_ *Call, r *personListRow, _ personExtra) []string { return r.Posts }},
	{id: "dien-quan-ly", label: "person.col.level", text: func(_ *Call, r *personListRow, _ personExtra) []string { return r.Levels }},
	{id: "o", label: "person.col.place", sort: "don-vi", text: func(_ *Call, r *personListRow, x personExtra) []string {
		if r.Person.Standing == "" {
			return nil
		}
		n, _ := x.unit(r.Person.Under)
		return one(n)
	}},
	{id: "dang-vien", label: "person.col.standing", first: true, text: func(c *Call, r *personListRow, _ personExtra) []string {
		if r.Person.Standing == "" {
			return nil
		}
		s := c.TK("member.standing", r.Person.Standing)
		if r.Person.State != "active" {
			s += ", " + c.TK("member.state", r.Person.State)
		}
		return one(s)
	}},
	{id: "tu-ngay", label: "person.col.since", sort: "dang", text: func(_ *Call, r *personListRow, _ personExtra) []string { return one(r.Person.Since.Vietnamese()) }},
	{id: "tuoi-dang", label: "person.col.partyage", text: func(c *Call, r *personListRow, _ personExtra) []string {
		if r.Person.Since.IsZero() {
			return nil
		}
		return one(strconv.Itoa(r.Person.Since.MonthsTo(c.On()) / 12))
	}},
	{id: "hoc-van", label: "person.filter.hoc-van", text: factColumn("general.level")},
	{id: "bang-cap", label: "person.filter.bang-cap", text: factColumn("degree.level")},
	{id: "ly-luan", label: "person.filter.ly-luan", text: factColumn("theory.level")},
	{id: "noi-giu", label: "person.home", first: true, text: func(_ *Call, r *personListRow, _ personExtra) []string { return one(r.Home) }},
}

// factColumn shows what a field of facts holds on the day.
func factColumn(field string) func(*Call, *personListRow, personExtra) []string {
	block, key, _ := strings.Cut(field, ".")
	return func(c *Call, r *personListRow, x personExtra) []string {
		f, _ := person.FactFieldOf(field)
		b, _ := person.FactBlockOf(block)
		var out []string
		some := false
		for _, v := range x.facts[r.Person.ID] {
			if v.Block != block || !v.Present {
				continue
			}
			text := f.Words(v.Values[key], c.Lang)
			if key == person.ImportFrom {
				text = v.FactContent.From.Vietnamese()
			}
			if text == "" && b.List() {
				text = "–" // the place of this item among the others
			} else if text != "" {
				some = true
			}
			if text != "" {
				out = append(out, text)
			}
		}
		if !some {
			return nil
		}
		return out
	}
}

// personColumns are the columns of the address, else those chosen the last
// time, else the usual.
func (c *Call) personColumns(tx *store.Tx, q url.Values) ([]personColumn, error) {
	ids := q["cot"]
	if len(ids) == 0 {
		var err error
		if ids, err = person.ListColumns(c.Ctx(), tx, c.User.Account); err != nil {
			return nil, err
		}
	}
	var out []personColumn
	for _, col := range personAllColumns {
		if col.id == "ten" || slices.Contains(ids, col.id) || len(ids) == 0 && col.first {
			out = append(out, col)
		}
	}
	return out, nil
}

// personColumnChoice is one column in the form that chooses them.
type personColumnChoice struct {
	ID, Label, Group string
	On               bool
}

func (c *Call) columnChoices(chosen []personColumn) []personColumnChoice {
	var out []personColumnChoice
	for _, col := range personAllColumns {
		if col.id != "ten" {
			out = append(out, personColumnChoice{col.id, col.name(c), col.group, slices.ContainsFunc(chosen, func(x personColumn) bool { return x.id == col.id })})
		}
	}
	return out
}

// personListRows fills in what the columns show.
func (c *Call) personListRows(tx *store.Tx, ls []person.Listed, cols []personColumn, levels *procedure.Levels) ([]personListRow, error) {
	ids := make([]string, len(ls))
	for i, l := range ls {
		ids[i] = l.ID
	}
	posts, err := person.PostsByPerson(c.Ctx(), tx, ids, c.On())
	if err != nil {
		return nil, err
	}
	x := personExtra{unit: c.unitNames(tx, c.On())}
	var blocks []string
	for _, col := range cols {
		block, _, _ := strings.Cut(attrFields[col.id], ".")
		if col.group != "" {
			block = col.group
		}
		if block != "" && !slices.Contains(blocks, block) {
			blocks = append(blocks, block)
		}
	}
	if len(blocks) > 0 {
		if x.facts, err = person.FactsByPerson(c.Ctx(), tx, ids, blocks, org.Now(c.On())); err != nil {
			return nil, err
		}
	}
	out := make([]personListRow, 0, len(ls))
	for _, l := range ls {
		r := personListRow{Person: l, Path: personPath(l.ID)}
		if r.Home, err = x.unit(l.Home); err != nil {
			return nil, err
		}
		if r.Posts, err = c.postTexts(posts[l.ID], x.unit); err != nil {
			return nil, err
		}
		for _, p := range posts[l.ID] {
			if v := levels.Of(p.Org, p.Title); v != "" && !slices.Contains(r.Levels, v) {
				r.Levels = append(r.Levels, v)
			}
		}
		if l.Standing != "" {
			if _, err = x.unit(l.Under); err != nil {
				return nil, err
			}
		}
		for _, col := range cols {
			r.Cells = append(r.Cells, personListCell{col.name(c), col.text(c, &r, x)})
		}
		out = append(out, r)
	}
	return out, nil
}

// personColumnsPost remembers the columns chosen.
func (s *Server) personColumnsPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var ids []string
	for _, col := range personAllColumns {
		if col.id == "ten" || slices.Contains(f.Values["cot"], col.id) {
			ids = append(ids, col.id)
		}
	}
	if len(ids) == 1 { // none chosen: back to the usual
		ids = nil
	}
	if err := person.KeepListColumns(c.Ctx(), s.db, c.User.Account, ids); err != nil {
		return err
	}
	return c.Redirect(withQuery("/can-bo", withoutColumns(personQuery(f.Values)), "", ""))
}

func withoutColumns(q url.Values) url.Values { q.Del("cot"); return q }

// personSaved is a saved search as the page shows it.
type personSaved struct {
	ID, Name, Path string
	Own, Shared    bool
	Here           bool
}

func (c *Call) personSavedShow(tx *store.Tx, d *personListData, q url.Values) error {
	d.Columns = c.columnChoices(d.columns)
	all, err := person.Searches(c.Ctx(), tx, c.User.Account)
	if err != nil {
		return err
	}
	for _, s := range all {
		path := "/can-bo"
		if s.Query != "" {
			path += "?" + s.Query
		}
		d.Saved = append(d.Saved, personSaved{s.ID, s.Name, path, s.Actor == c.User.Account, s.Shared, s.Query == d.Query})
	}
	if id := c.R.URL.Query().Get("da-xoa"); id != "" {
		if s, ok, err := person.GoneSearch(c.Ctx(), tx, id, c.User.Account); err != nil {
			return err
		} else if ok {
			d.Gone = &s
		}
	}
	return nil
}

// personSavedPost keeps the filter at hand under a name.
func (s *Server) personSavedPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	q := personQuery(f.Values)
	_, err = person.SaveSearch(c.Ctx(), s.db, person.Saved{Actor: c.User.Account, Name: f.Text("name"), Query: listAddress(q), Shared: f.Value("shared") == "on"}, s.clock())
	if err == nil {
		return c.Redirect(withQuery("/can-bo", withoutColumns(q), "", ""))
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	d, err := c.personListed(f.Values, personPage)
	if err != nil {
		return err
	}
	d.Save = f
	if err := s.logListed(c, d, "list"); err != nil {
		return err
	}
	return personList.show(c, d)
}

// personSavedChange takes an own search away or brings it back.
func (s *Server) personSavedChange(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id := c.R.PathValue("id")
	if f.Value("do") == "back" {
		if err := person.BringBackSearch(c.Ctx(), s.db, id, c.User.Account); err != nil {
			return err
		}
		return c.Redirect("/can-bo")
	}
	if err := person.DropSearch(c.Ctx(), s.db, id, c.User.Account, s.clock()); err != nil {
		return err
	}
	return c.Redirect(withQuery("/can-bo", url.Values{}, "da-xoa", id))
}
