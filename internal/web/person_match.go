package web

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/table"
)

var personMatchUpload = page[personUploadData]("person_match_upload")

func (s *Server) personMatchUploadGet(c *Call) error {
	d := personUploadData{c.BlankForm()}
	if c.User.Org != "" {
		if err := c.Read(func(tx *store.Tx) error {
			name, err := c.unitName(tx, c.User.Org, c.On())
			d.Form.Set("root", name)
			return err
		}); err != nil {
			return err
		}
	}
	return personMatchUpload.show(c, d)
}

// personMatchUploadPost keeps a list of another system, to be held against the
// people of a unit on the page's day.
func (s *Server) personMatchUploadPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id, err := c.stageMatch(f)
	if err == nil {
		return c.Redirect("/can-bo/doi-chieu/" + id)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return personMatchUpload.show(c, personUploadData{f})
}

func (c *Call) stageMatch(f *Form) (string, error) {
	root, err := c.pickUnit(f, "root", c.On(), true)
	if err != nil {
		return "", err
	}
	if !c.MayNow(desk.Need{Right: desk.ReadPerson, Org: root}) {
		return "", desk.Deny("Vai trò của anh/chị không xem được hồ sơ của tổ chức này.", "Your role may not read the files of this organisation.")
	}
	name, data, err := c.uploadedTable()
	if err != nil {
		return "", err
	}
	return person.StageMatch(c.Ctx(), c.s.db, person.MatchFile{Actor: c.User.Account, Root: root, On: c.On(), Name: name, Content: data}, c.s.clock())
}

type personMatchData struct {
	ID, File, Root, Day string
	Form                *Form
	Export              *Form
	Columns             []Field
	Match               *person.Match
	Groups              []matchGroup
	Doubtful            []matchRow
	Decided             int
	file                *person.MatchFile
	table               *table.Table
	columns             map[string]int
	rows                map[string][]matchRow
}

// matchGroup is one part of the report.
type matchGroup struct {
	Key   string
	Count int
	Rows  []matchRow
	More  int // not shown here; the file has them
}

type matchRow struct {
	Line       int
	Name, Path string
	ID, Unit   string
	Why        string
	Cells      []personCell
	Given      []string // what the list says
	Field      Field    // the decision
	May        []Hit
	By         bool
}

var personMatch = page[personMatchData]("person_match")

// shownMatch is how many lines of each part the page shows.
const shownMatch = 100

func (s *Server) personMatchGet(c *Call) error {
	d, err := c.personMatch(c.BlankForm())
	if err != nil {
		return err
	}
	return s.showMatch(c, d)
}

// showMatch shows the report; everybody of it whose content is shown stands in
// the read log.
func (s *Server) showMatch(c *Call, d *personMatchData) error {
	return personMatch.show(c, *d)
}

// personMatch holds the list against the record as it stands now.
func (c *Call) personMatch(f *Form) (d *personMatchData, err error) {
	d = &personMatchData{ID: c.R.PathValue("id"), Form: f, Export: c.BlankForm(), rows: map[string][]matchRow{}}
	err = c.Read(func(tx *store.Tx) error {
		if d.file, err = person.GetMatchFile(c.Ctx(), tx, d.ID, c.User.Account); err != nil {
			return err
		}
		d.File, d.Day, d.Decided = d.file.Name, dayText(c.Lang, d.file.On), len(d.file.Decided)
		if !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: d.file.Root}) {
			return desk.Deny("Vai trò của anh/chị không xem được hồ sơ của tổ chức này.", "Your role may not read the files of this organisation.")
		}
		if d.Root, err = c.unitName(tx, d.file.Root, d.file.On); err != nil {
			return err
		}
		if d.table, err = table.Parse(d.file.Content); err != nil {
			return err
		}
		if d.columns, d.Columns, err = c.mapColumns(tx, d.table, d.Form, person.ImportColumns); err != nil {
			return err
		}
		find := person.Find{On: d.file.On, Under: d.file.Root}
		if find.Reader, err = c.personReader(tx); err != nil {
			return err
		}
		d.Match, err = person.RunMatch(c.Ctx(), tx, find, d.table, d.columns, d.file.Decided)
		if _, plain := asDeskError(err); plain {
			return c.Fail(f, err)
		}
		if err != nil {
			return err
		}
		return d.show(c, tx)
	})
	return d, err
}

func (d *personMatchData) show(c *Call, tx *store.Tx) error {
	unit := c.unitNames(tx, d.file.On)
	titles := map[string]string{}
	for _, col := range person.ImportColumns {
		titles[col.ID] = c.Words(col.Title)
	}
	viewed := func(id string) {
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: id, what: "match"})
	}
	row := func(l person.MatchLine) matchRow {
		r := matchRow{Line: l.Line, Name: l.Name, Why: c.Words(l.Why), By: l.By}
		for _, col := range person.ImportColumns {
			if v := l.Cell[col.ID]; v != "" && col.ID != "name" {
				r.Given = append(r.Given, titles[col.ID]+": "+v)
			}
		}
		if l.Who != nil {
			r.ID, r.Path = strings.TrimPrefix(l.Who.ID, "person/"), personPath(l.Who.ID)
		}
		for _, x := range l.Cells {
			r.Cells = append(r.Cells, personCell{titles[x.Column], x.Here, x.There})
		}
		return r
	}
	for _, p := range d.Match.OnlyHere {
		n, err := unit(p.Under)
		if err != nil {
			return err
		}
		d.rows["here"] = append(d.rows["here"], matchRow{Name: p.Identity.Name, ID: strings.TrimPrefix(p.ID, "person/"), Path: personPath(p.ID), Unit: n, Given: []string{p.Identity.Born.Vietnamese()}})
	}
	for key, ls := range map[string][]person.MatchLine{"differ": d.Match.Differ, "there": d.Match.OnlyThere, "unread": d.Match.Unread, "same": d.Match.Same} {
		for _, l := range ls {
			d.rows[key] = append(d.rows[key], row(l))
		}
	}
	for _, key := range []string{"differ", "here", "there", "unread"} {
		g := matchGroup{Key: key, Count: len(d.rows[key]), Rows: d.rows[key]}
		if len(g.Rows) > shownMatch {
			g.Rows, g.More = g.Rows[:shownMatch], len(g.Rows)-shownMatch
		}
		d.Groups = append(d.Groups, g)
		for _, r := range g.Rows {
			if r.ID != "" {
				viewed("person/" + r.ID)
			}
		}
	}
	for i, l := range d.Match.Doubtful {
		r := row(l)
		r.Field = newField(d.Form, "dong-"+strconv.Itoa(l.Line), c.T("person.match.who", l.Name))
		r.Field.Kind, r.Field.Options = "select", []Option{{"", c.T("person.match.undecided")}}
		for _, p := range l.May {
			n, err := unit(p.Under)
			if err != nil {
				return err
			}
			name := p.Identity.Name + " " + p.Identity.Born.Vietnamese() + ", " + n + " (" + strings.TrimPrefix(p.ID, "person/") + ")"
			r.Field.Options = append(r.Field.Options, Option{p.ID, name})
			r.May = append(r.May, Hit{Title: name, Path: personPath(p.ID)})
			if i < shownMatch {
				viewed(p.ID)
			}
		}
		r.Field.Options = append(r.Field.Options, Option{person.MatchNone, c.T("person.match.none")})
		d.rows["doubtful"] = append(d.rows["doubtful"], r)
	}
	d.Doubtful = d.rows["doubtful"][:min(len(d.rows["doubtful"]), shownMatch)]
	return nil
}

// personMatchPost keeps what was decided about doubtful lines, or forgets all
// decisions. The columns in use are remembered for the next list.
func (s *Server) personMatchPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d, err := c.personMatch(f)
	if err != nil {
		return err
	}
	said := map[int]string{}
	if f.Value("do") == "forget" {
		for line := range d.file.Decided {
			said[line] = ""
		}
	} else if d.Match != nil {
		for _, l := range d.Match.Doubtful {
			who := f.Value("dong-" + strconv.Itoa(l.Line))
			if who == "" {
				continue
			}
			if err := d.Match.Decidable(l.Line, who); err != nil {
				return desk.Wrong("dong-"+strconv.Itoa(l.Line), "Hãy chọn một người trong danh sách.", "Choose one of the persons listed.")
			}
			said[l.Line] = who
		}
		if err := person.RememberColumns(c.Ctx(), s.db, c.User.Account, d.table.Header, d.columns); err != nil {
			return err
		}
	}
	if err := person.DecideMatch(c.Ctx(), s.db, d.ID, c.User.Account, said); err != nil {
		return err
	}
	return c.Redirect("/can-bo/doi-chieu/" + d.ID)
}

// personMatchExport hands out the whole report, with its purpose in the read
// log and its stamp.
func (s *Server) personMatchExport(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d, err := c.personMatch(c.BlankForm())
	if err != nil {
		return err
	}
	purpose := strings.Join(strings.Fields(f.Text("purpose")), " ")
	if purpose == "" || utf8.RuneCountInString(purpose) > 300 || d.Match == nil {
		if err := c.Fail(f, desk.Wrong("purpose", "Hãy ghi danh sách này dùng vào việc gì, không quá 300 chữ.", "Say what the list is for, in at most 300 letters.")); err != nil {
			return err
		}
		d.Export = f
		return s.showMatch(c, d)
	}
	o := &outSheet{widths: []float64{22, 8, 18, 30, 24, 30, 30}}
	for _, k := range []string{"result", "line", "id", "name", "column", "here", "there"} {
		o.head = append(o.head, c.TK("person.match.col", k))
	}
	var views []readView
	for _, key := range []string{"differ", "doubtful", "here", "there", "unread", "same"} {
		for _, r := range d.rows[key] {
			line := ""
			if r.Line > 0 {
				line = strconv.Itoa(r.Line)
			}
			head := []string{c.TK("person.match.group", key), line, r.ID, r.Name}
			if r.ID != "" {
				views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: "person/" + r.ID, what: "export: " + purpose})
			}
			switch {
			case len(r.Cells) > 0:
				for _, x := range r.Cells {
					o.rows = append(o.rows, append(head[:4:4], x.Column, x.Old, x.New))
				}
			case key == "here":
				o.rows = append(o.rows, append(head, "", strings.Join(append(r.Given, r.Unit), "; "), ""))
			case key == "doubtful":
				for _, m := range r.May {
					views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: "person/" + strings.TrimPrefix(m.Path, "/can-bo/"), what: "export: " + purpose})
					o.rows = append(o.rows, append(head[:4:4], r.Why, m.Title, strings.Join(r.Given, "; ")))
				}
			default:
				o.rows = append(o.rows, append(head, r.Why, "", strings.Join(r.Given, "; ")))
			}
		}
	}
	if o.stamps, err = s.stamps(c, purpose, c.T("person.match.stamp", d.File, d.Root, d.Day), len(o.rows)); err != nil {
		return err
	}
	c.viewed = nil
	if err := s.reads.add(c.Ctx(), views...); err != nil {
		return err
	}
	return o.xlsx(c, "doi-chieu")
}
