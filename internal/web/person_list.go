package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

// personModule is "Cán bộ, đảng viên". Personal content is shown only with the
// right over the organisation that keeps the file, and each view is logged.
var personModule = module{
	name: "person",
	nav:  &navItem{Label: "nav.person", Path: "/can-bo", Order: 40, Need: desk.ReadPerson},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /can-bo", need: desk.ReadPerson, any: true, handle: s.personListGet},
			{pattern: "POST /can-bo/xuat", need: desk.ReadPerson, any: true, handle: s.personExportPost},
			{pattern: "GET /can-bo/doi-chieu", need: desk.ReadPerson, any: true, handle: s.personMatchUploadGet},
			{pattern: "POST /can-bo/doi-chieu", need: desk.ReadPerson, any: true, maxBody: table.MaxUpload + 1<<20, handle: s.personMatchUploadPost},
			{pattern: "GET /can-bo/doi-chieu/{id}", need: desk.ReadPerson, any: true, handle: s.personMatchGet},
			{pattern: "POST /can-bo/doi-chieu/{id}", need: desk.ReadPerson, any: true, handle: s.personMatchPost},
			{pattern: "POST /can-bo/doi-chieu/{id}/xuat", need: desk.ReadPerson, any: true, handle: s.personMatchExport},
			{pattern: "POST /can-bo/cot", need: desk.ReadPerson, any: true, handle: s.personColumnsPost},
			{pattern: "POST /can-bo/bo-loc", need: desk.ReadPerson, any: true, handle: s.personSavedPost},
			{pattern: "POST /can-bo/bo-loc/{id}", need: desk.ReadPerson, any: true, handle: s.personSavedChange},
			{pattern: "GET /can-bo/nhap", need: desk.EditPerson, any: true, handle: s.personUploadGet},
			{pattern: "POST /can-bo/nhap", need: desk.EditPerson, any: true, maxBody: table.MaxUpload + 1<<20, handle: s.personUploadPost},
			{pattern: "GET /can-bo/nhap/{upload}", need: desk.EditPerson, any: true, handle: s.personImportGet},
			{pattern: "POST /can-bo/nhap/{upload}", need: desk.EditPerson, any: true, handle: s.personImportPost},
			{pattern: "GET /can-bo/nhap/{upload}/can-sua", need: desk.EditPerson, any: true, handle: s.personRejectsGet},
			{pattern: "GET /can-bo/nhap/{upload}/ghi", need: desk.EditPerson, any: true, handle: s.personProgressGet},
			{pattern: "POST /can-bo/nhap/{upload}/ghi", need: desk.EditPerson, any: true, handle: s.personProgressPost},
			{pattern: "GET /can-bo/mau/{home...}", need: desk.MakeMinutes, any: true, handle: s.paperTemplateGet},
			{pattern: "POST /can-bo/mau/{home...}", need: desk.MakeMinutes, any: true, maxBody: docx.MaxFile + 1<<20, handle: s.paperTemplatePost},
			{pattern: "GET /can-bo/mau-tep/{file}/{home...}", need: desk.MakeMinutes, any: true, handle: s.paperTemplateFileGet},
			{pattern: "GET /can-bo/{id}", need: desk.ReadPerson, any: true, handle: s.personGet},
			{pattern: "GET /dang-vien/thoi-han", need: desk.ReadPerson, any: true, handle: s.memberClocksGet},
			{pattern: "GET /dang-vien/huy-hieu", need: desk.ReadPerson, any: true, handle: s.memberBadgesGet},
			{pattern: "GET /dang-vien/viec/{id}", need: desk.EditPerson, any: true, handle: s.memberFormGet},
			{pattern: "POST /dang-vien/viec/{id}", need: desk.EditPerson, any: true, handle: s.memberFormPost},
			{pattern: "GET /can-bo/viec/{what}", need: desk.EditPerson, any: true, handle: s.personFormGet},
			{pattern: "GET /can-bo/than-nhan/{id}", need: desk.EditPerson, any: true, handle: s.personKinGet},
			{pattern: "POST /can-bo/than-nhan/{id}", need: desk.EditPerson, any: true, handle: s.personKinPost},
			{pattern: "POST /can-bo/viec/{what}", need: desk.EditPerson, any: true, handle: s.personFormPost},
		}
	},
	search:   personSearch,
	tasks:    personTasks,
	subjects: map[string]func(string) string{"person": personPath},
}

// personPath is the page of a person.
func personPath(id string) string { return "/can-bo/" + strings.TrimPrefix(id, "person/") }

type personListData struct {
	Form    *Form
	Filters []Field // the further fields
	Open    bool    // one of those is asked
	Chips   []personChip
	Total   string
	Exact   string // address of the whole count, when there are more than counted
	Heads   []personHead
	Rows    []personListRow
	Pager   listPager
	Columns []personColumnChoice
	Saved   []personSaved
	Gone    *person.Saved // a search just taken away
	Save    *Form
	Edit    bool
	Export  *Form
	Kinds   []Option      // of file
	Hidden  []hiddenField // the fields that the export, the columns and a saved search carry along
	Query   string        // of the address, without page
	Chosen  []string      // columns that the address names
	columns []personColumn
	levels  *procedure.Levels
	list    person.List
}

type listPager struct{ Newer, Older string }

type hiddenField struct{ Name, Value string }

type personHead struct {
	Label, Path, Order string // Path sorts by it; Order: "ascending", "descending" or ""
}

type personListRow struct {
	Person person.Listed
	Path   string
	Home   string
	Posts  []string
	Levels []string // managing levels of the posts
	Cells  []personListCell
}

// personListCell is a cell under a head; Lines when it holds several things.
type personListCell struct {
	Label string
	Lines []string
}

var personList = page[personListData]("person_list")

const personPage = 50

// personListGet lists whom the reader may read and the filter asks for, on the
// page's day. Each person shown stands in the read log.
func (s *Server) personListGet(c *Call) error {
	d, err := c.personListed(c.R.URL.Query(), personPage)
	if err != nil {
		return err
	}
	if err := s.logListed(c, d, "list"); err != nil {
		return err
	}
	return personList.show(c, d)
}

func (s *Server) logListed(c *Call, d personListData, what string) error {
	views := make([]readView, 0, len(d.Rows))
	for _, r := range d.Rows {
		views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: r.Person.ID, what: what})
	}
	return s.reads.add(c.Ctx(), views...)
}

// personListed is one page of the list that a query asks for, as the reader may
// see it; limit 0 is all of it.
func (c *Call) personListed(q url.Values, limit int) (personListData, error) {
	q = personQuery(q)
	d := personListData{Form: &Form{Values: q}, Edit: c.User.Has(desk.EditPerson), Export: c.BlankForm(), Save: c.BlankForm(), Kinds: []Option{{"xlsx", c.T("person.export.xlsx")}, {"csv", c.T("person.export.csv")}}, Query: listAddress(q), Chosen: q["cot"]}
	err := c.Read(func(tx *store.Tx) error {
		f, err := c.personFind(tx, q, &d)
		if err != nil {
			return err
		}
		f.Limit = limit
		n := pageOf(q)
		if limit > 0 {
			f.Offset = n * limit
		} else {
			f.Offset, f.Exact = 0, true
		}
		if d.Form.Problem == nil {
			if d.list, err = f.Run(c.Ctx(), tx); err != nil {
				return err
			}
		}
		if d.columns, err = c.personColumns(tx, q); err != nil {
			return err
		}
		if d.Rows, err = c.personListRows(tx, d.list.Rows, d.columns, d.levels); err != nil {
			return err
		}
		c.personListShow(&d, q, n, limit)
		return c.personSavedShow(tx, &d, q)
	})
	return d, err
}

func pageOf(q url.Values) int {
	n, err := strconv.Atoi(q.Get("trang"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 0
	}
	return n - 1
}

// listAddress is a query without page, exact count and columns.
func listAddress(q url.Values) string {
	n := url.Values{}
	for k, v := range q {
		if k != "trang" && k != "dem" && k != "cot" {
			n[k] = v
		}
	}
	return n.Encode()
}

// personListShow fills in heads, count, pages and what forms carry along.
func (c *Call) personListShow(d *personListData, q url.Values, n, limit int) {
	d.Total = c.T("person.list.count", number(c.Lang, int64(d.list.Total)))
	if d.list.More {
		d.Total = c.T("person.list.over", number(c.Lang, int64(d.list.Total)))
		d.Exact = withQuery("/can-bo", q, "dem", "1")
	}
	for _, col := range d.columns {
		h := personHead{Label: col.name(c)}
		if col.sort != "" {
			asked, down := q.Get("xep"), q.Get("giam") == "1"
			if asked == "" {
				asked = "ten"
			}
			next := url.Values{}
			for k, v := range q {
				if k != "xep" && k != "giam" && k != "trang" {
					next[k] = v
				}
			}
			next.Set("xep", col.sort)
			if asked == col.sort {
				h.Order = "ascending"
				if down {
					h.Order = "descending"
				} else {
					next.Set("giam", "1")
				}
			}
			h.Path = "/can-bo?" + next.Encode()
		}
		d.Heads = append(d.Heads, h)
	}
	page := func(to int) string { return withQuery("/can-bo", q, "trang", strconv.Itoa(to+1)) }
	if n > 0 {
		d.Pager.Newer = page(n - 1)
	}
	if limit > 0 && len(d.list.Rows) == limit && (d.list.More || (n+1)*limit < d.list.Total) {
		d.Pager.Older = page(n + 1)
	}
	for _, k := range slices.Sorted(maps.Keys(q)) {
		for _, v := range q[k] {
			if k != "trang" && k != "dem" && k != "cot" {
				d.Hidden = append(d.Hidden, hiddenField{k, v})
			}
		}
	}
}

type personRow struct {
	Person person.Person
	Path   string
	Home   string
	Posts  []string
}

// personRows keeps the persons the reader may read, with the posts they hold.
func (c *Call) personRows(tx *store.Tx, ps []person.Person, at org.At) ([]personRow, error) {
	may, unit := c.readable(tx, desk.ReadPerson), c.unitNames(tx, at.On)
	var out []personRow
	for _, p := range ps {
		if !may(p.Home) {
			continue
		}
		r := personRow{Person: p, Path: personPath(p.ID)}
		var err error
		if r.Home, err = unit(p.Home); err != nil {
			return nil, err
		}
		posts, err := person.Posts(c.Ctx(), tx, p.ID, at)
		if err != nil {
			return nil, err
		}
		if r.Posts, err = c.postTexts(posts, unit); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// unitNames names units on a day, remembering what it has read.
func (c *Call) unitNames(tx *store.Tx, on vn.Date) func(string) (string, error) {
	names := map[string]string{}
	return func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		n, err := c.unitName(tx, id, on)
		names[id] = n
		return n, err
	}
}

// postTexts are posts in words: title, organisation.
func (c *Call) postTexts(posts []person.Post, unit func(string) (string, error)) ([]string, error) {
	var out []string
	for _, x := range posts {
		n, err := unit(x.Org)
		if err != nil {
			return nil, err
		}
		out = append(out, c.titleText(x.Title)+", "+n)
	}
	return out, nil
}

// titleText names a title of the table of titles.
func (c *Call) titleText(code string) string {
	t, ok := person.TitleOf(code)
	switch {
	case !ok:
		return code
	case c.Lang == "en":
		return t.EN
	}
	return t.VI
}

// personName is a person's name, or that it is withheld.
func (c *Call) personName(p person.Person) string {
	if !p.Present {
		return c.T("person.erased")
	}
	return p.Identity.Name
}

func personSearch(c *Call, tx *store.Tx, folded string) (Hits, error) {
	h := Hits{Label: "nav.person", More: withQuery("/can-bo", nil, "q", folded)}
	if !c.User.Has(desk.ReadPerson) {
		return h, nil
	}
	reader, err := c.personReader(tx)
	if err != nil {
		return h, err
	}
	l, err := person.Find{On: c.On(), Name: folded, Reader: reader, Limit: 20}.Run(c.Ctx(), tx)
	if err != nil {
		return h, err
	}
	rows, err := c.personListRows(tx, l.Rows, nil, nil)
	if err != nil {
		return h, err
	}
	for _, r := range rows {
		detail := r.Home
		if len(r.Posts) > 0 {
			detail = strings.Join(r.Posts, "; ")
		}
		h.Items = append(h.Items, Hit{Title: c.personName(r.Person.Person), Detail: detail, Path: r.Path})
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "search"})
	}
	return h, nil
}

// personTasks are the open findings about posts.
func personTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.EditPerson) {
		return nil, nil
	}
	fs, err := person.Findings(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, f := range fs {
		if !c.May(tx, desk.Need{Right: desk.EditPerson, Org: f.Org}) {
			continue
		}
		name, err := c.unitName(tx, f.Org, f.From)
		if err != nil {
			return nil, err
		}
		text := f.VI
		if c.Lang == "en" {
			text = f.EN
		}
		out = append(out, Task{Title: c.T("person.finding.title"), Detail: text, Path: personPath(f.Person), Org: name, Missing: c.T("person.finding.missing"), Waiting: c.T("home.me")})
	}
	more, err := memberTasks(c, tx)
	return append(out, more...), err
}

// postView is a post with its words, on unit and person pages.
type postView struct {
	ID, Name, Path, Title, Org, OrgPath string
	From, To                            vn.Date
	Open                                bool // no end is recorded
}

// unitPosts lists who holds a post in a unit on the page's date. The caller
// has asked for the right over the unit.
func (c *Call) unitPosts(tx *store.Tx, unit string) ([]postView, error) {
	at := org.Now(c.On())
	ps, err := person.PostsIn(c.Ctx(), tx, unit, at)
	if err != nil {
		return nil, err
	}
	var out []postView
	for _, x := range ps {
		p, _, err := person.Get(c.Ctx(), tx, x.Person, at)
		if err != nil {
			return nil, err
		}
		out = append(out, postView{ID: x.ID, Name: c.personName(p), Path: personPath(x.Person), Title: c.titleText(x.Title), From: x.From, To: x.To})
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: x.Person, what: "post"})
	}
	return out, nil
}
