package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
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
			{pattern: "GET /can-bo/nhap", need: desk.EditPerson, any: true, handle: s.personUploadGet},
			{pattern: "POST /can-bo/nhap", need: desk.EditPerson, any: true, maxBody: table.MaxUpload + 1<<20, handle: s.personUploadPost},
			{pattern: "GET /can-bo/nhap/{upload}", need: desk.EditPerson, any: true, handle: s.personImportGet},
			{pattern: "POST /can-bo/nhap/{upload}", need: desk.EditPerson, any: true, handle: s.personImportPost},
			{pattern: "GET /can-bo/nhap/{upload}/can-sua", need: desk.EditPerson, any: true, handle: s.personRejectsGet},
			{pattern: "GET /can-bo/nhap/{upload}/ghi", need: desk.EditPerson, any: true, handle: s.personProgressGet},
			{pattern: "POST /can-bo/nhap/{upload}/ghi", need: desk.EditPerson, any: true, handle: s.personProgressPost},
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
	Form     *Form
	Asked    bool
	Home     string // organisation whose files are listed, when nothing was asked
	HomeName string
	Rows     []personRow
	More     bool
	Edit     bool
	Export   *Form
	Genders  []Option
	Filters  []string // fields the export carries along
}

type personRow struct {
	Person person.Person
	Path   string
	Home   string
	Posts  []string
}

var personList = page[personListData]("person_list")

const personPage = 100

// personListGet finds by name, or lists the files an organisation keeps: the
// reader's own, unless another is asked for.
func (s *Server) personListGet(c *Call) error {
	d, err := c.personListed(c.R.URL.Query())
	if err != nil {
		return err
	}
	var views []readView
	for _, r := range d.Rows {
		views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "list"})
	}
	if err := s.reads.add(c.Ctx(), views...); err != nil {
		return err
	}
	return personList.show(c, d)
}

// personFilters are the fields that narrow the list, beside the name.
var personFilters = []string{"gioi", "dan-toc", "tuoi-tu", "tuoi-den"}

// personFilter is what a query asks of each person: gender, ethnicity, age on
// the page's day. Whoever's birth does not settle the age by that day is left
// out of a list by age.
func personFilter(q url.Values, on vn.Date) (keep func(person.Person) bool, narrow bool) {
	gender, ethnicity := q.Get("gioi"), vn.Fold(q.Get("dan-toc"))
	from, errFrom := strconv.Atoi(strings.TrimSpace(q.Get("tuoi-tu")))
	to, errTo := strconv.Atoi(strings.TrimSpace(q.Get("tuoi-den")))
	byAge := errFrom == nil || errTo == nil
	return func(p person.Person) bool {
		id := p.Identity
		if !p.Present || gender != "" && id.Gender != gender || ethnicity != "" && vn.Fold(id.Ethnicity) != ethnicity {
			return false
		}
		if !byAge {
			return true
		}
		if id.Born.IsZero() {
			return false
		}
		oldest, youngest := id.Born.First().MonthsTo(on)/12, id.Born.Last().MonthsTo(on)/12
		return (errFrom != nil || youngest >= from) && (errTo != nil || oldest <= to)
	}, gender != "" || ethnicity != "" || byAge
}

// personListed is the list that a query asks for, as the reader may see it.
func (c *Call) personListed(q url.Values) (personListData, error) {
	d := personListData{Form: &Form{Values: q}, Asked: strings.TrimSpace(q.Get("q")) != "", Home: q.Get("don-vi"), Edit: c.User.Has(desk.EditPerson), Export: c.BlankForm(), Filters: append([]string{"q", "don-vi"}, personFilters...),
		Genders: []Option{{"", c.T("person.filter.any")}, {"female", c.TK("person.gender", "female")}, {"male", c.TK("person.gender", "male")}}}
	if d.Home == "" {
		d.Home = c.User.Org
	}
	err := c.Read(func(tx *store.Tx) error {
		at := org.Now(c.On())
		keep, narrow := personFilter(q, at.On)
		limit := personPage + 1
		if narrow {
			limit = 0
		}
		var ps []person.Person
		var err error
		if d.Asked {
			ps, err = person.Search(c.Ctx(), tx, q.Get("q"), at, limit)
		} else if d.Home != "" {
			if d.HomeName, err = c.unitName(tx, d.Home, c.On()); err != nil {
				return err
			}
			ps, err = person.OfHome(c.Ctx(), tx, d.Home, at, limit)
		}
		if err != nil {
			return err
		}
		if narrow {
			ps = slices.DeleteFunc(ps, func(p person.Person) bool { return !keep(p) })
		}
		if len(ps) > personPage {
			ps, d.More = ps[:personPage], true
		}
		d.Rows, err = c.personRows(tx, ps, at)
		return err
	})
	return d, err
}

// personRows keeps the persons the reader may read, with the posts they hold.
func (c *Call) personRows(tx *store.Tx, ps []person.Person, at org.At) ([]personRow, error) {
	may := map[string]bool{}
	names := map[string]string{}
	unit := func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		n, err := c.unitName(tx, id, at.On)
		names[id] = n
		return n, err
	}
	var out []personRow
	for _, p := range ps {
		ok, asked := may[p.Home]
		if !asked {
			ok = c.May(tx, desk.Need{Right: desk.ReadPerson, Org: p.Home})
			may[p.Home] = ok
		}
		if !ok {
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
		for _, x := range posts {
			n, err := unit(x.Org)
			if err != nil {
				return nil, err
			}
			r.Posts = append(r.Posts, c.titleText(x.Title)+", "+n)
		}
		out = append(out, r)
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
	at := org.Now(c.On())
	ps, err := person.Search(c.Ctx(), tx, folded, at, 30)
	if err != nil {
		return h, err
	}
	rows, err := c.personRows(tx, ps, at)
	if err != nil {
		return h, err
	}
	for i, r := range rows {
		if i == 10 {
			break
		}
		detail := r.Home
		if len(r.Posts) > 0 {
			detail = strings.Join(r.Posts, "; ")
		}
		h.Items = append(h.Items, Hit{Title: c.personName(r.Person), Detail: detail, Path: r.Path})
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
