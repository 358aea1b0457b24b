package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// meetingSummonData is the page that draws up and changes the list of those
// summoned: from the registry as of the day, or typed and pasted.
type meetingSummonData struct {
	M         *meeting.State
	Form      *Form
	Groups    []meetingGroup
	Units     []Option
	Unit      string
	UnitName  string
	Pool      []personRow // of the unit, not summoned yet
	Standings []Option
	People    []Option // summoned already
	Results   []Option // elections of which those elected may be summoned
	Result    string   // the one chosen, "event/item"
	MayEnter  bool
	Total     int
}

var meetingSummon = page[meetingSummonData]("meeting_summon")

func (s *Server) meetingSummonGet(c *Call) error { return c.showSummon(nil) }

func (c *Call) showSummon(f *Form) error {
	d := meetingSummonData{Form: f}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.M, err = c.meeting(tx); err != nil {
			return err
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, meeting.Subject(d.M.ID)); err != nil {
				return err
			}
		}
		for _, st := range d.M.Body.Of() {
			d.Standings = append(d.Standings, Option{string(st), c.TK("meeting.standing", string(st))})
		}
		if d.Units, err = c.unitOptions(tx, c.T("meeting.choose")); err != nil {
			return err
		}
		if d.Groups, _, err = c.meetingPeople(tx, d.M, nil); err != nil {
			return err
		}
		d.People, d.Total = voters(c, d.Groups, func(meetingPerson) bool { return true }), len(d.M.People)
		d.MayEnter = c.May(tx, desk.Need{Right: desk.EditPerson, Org: d.M.Org})
		if err := c.summonResults(tx, &d); err != nil || d.Result != "" {
			return err
		}
		if d.Unit = c.R.URL.Query().Get("don-vi"); d.Unit == "" {
			d.Unit = d.M.Org
		}
		if d.Unit == "" {
			return nil
		}
		return c.summonPool(tx, &d)
	})
	if err != nil {
		return err
	}
	return meetingSummon.show(c, d)
}

// summonResults offers the elections that have ended, so that the first meeting
// of a committee is summoned from those elected; the one chosen fills the pool.
func (c *Call) summonResults(tx *store.Tx, d *meetingSummonData) error {
	events, err := election.Chained(c.Ctx(), tx, 20)
	if err != nil {
		return err
	}
	chosen := c.R.URL.Query().Get("trung-cu")
	for _, id := range events {
		ev, err := c.event(tx, id)
		if err != nil || ev.Org != "" && ev.Org != d.M.Org || !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: ev.Org}) {
			continue // another organisation's, or not the reader's to see
		}
		chain, err := c.loadChain(tx, id)
		if err != nil {
			return err
		}
		for _, it := range chain.Items {
			elected := it.Elected()
			if it.State != election.StateDone || len(elected) == 0 || it.OwnTeam {
				continue
			}
			key := id + "/" + it.ID
			d.Results = append(d.Results, Option{key, c.T("meeting.pool.result", c.Words(it.Title), c.Words(ev.Title), number(c.Lang, int64(len(elected))))})
			if key != chosen {
				continue
			}
			d.Result, d.UnitName = key, c.Words(it.Title)
			if err := c.summonElected(tx, d, elected); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Call) summonElected(tx *store.Tx, d *meetingSummonData, elected []*election.Nominee) (err error) {
	at := org.Now(d.M.Date)
	var ps []person.Person
	for _, n := range elected {
		p, known, err := person.Get(c.Ctx(), tx, n.Person, at)
		if err != nil {
			return err
		}
		if known && d.M.Attendee(p.ID) == nil {
			ps = append(ps, p)
		}
	}
	d.Pool, err = c.personRows(tx, ps, at)
	for _, r := range d.Pool {
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "meeting"})
	}
	return err
}

// summonPool are the persons of a unit as of the meeting's day: who holds a post
// in it, and whose file it keeps.
func (c *Call) summonPool(tx *store.Tx, d *meetingSummonData) (err error) {
	at := org.Now(d.M.Date)
	if d.UnitName, err = c.unitName(tx, d.Unit, d.M.Date); err != nil {
		return err
	}
	ps, err := person.OfHome(c.Ctx(), tx, d.Unit, at, 1000)
	if err != nil {
		return err
	}
	posts, err := person.PostsIn(c.Ctx(), tx, d.Unit, at)
	if err != nil {
		return err
	}
	for _, x := range posts {
		if slices.ContainsFunc(ps, func(p person.Person) bool { return p.ID == x.Person }) {
			continue
		}
		p, known, err := person.Get(c.Ctx(), tx, x.Person, at)
		if err != nil {
			return err
		}
		if known {
			ps = append(ps, p)
		}
	}
	ps = slices.DeleteFunc(ps, func(p person.Person) bool { return d.M.Attendee(p.ID) != nil })
	d.Pool, err = c.personRows(tx, ps, at)
	for _, r := range d.Pool {
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "meeting"})
	}
	return err
}

func (s *Server) meetingSummonPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	m, err := c.theMeeting()
	if err != nil {
		return err
	}
	as := meeting.Attendee{Standing: meeting.Standing(f.Text("standing")), Delegation: f.Text("delegation"), Convening: f.Text("convening") != "", Suspended: f.Text("suspended") != ""}
	var act desk.Act
	switch f.Text("do") {
	case "pool":
		a := meeting.Summon{Ref: meetingRef(m)}
		for _, p := range f.Values["person"] {
			x := as
			x.Person = p
			a.People = append(a.People, x)
		}
		act = a
	case "typed":
		people, err := c.enteredOf(f, m, as)
		if err != nil {
			return c.again(f, err, c.showSummon)
		}
		act = meeting.Enter{Ref: meetingRef(m), People: people}
	case "change", "out":
		as.Person = f.Text("who")
		act = meeting.ChangeSummons{Ref: meetingRef(m), People: []meeting.Attendee{as}, Out: f.Text("do") == "out", Reason: f.Text("reason")}
	default:
		return errNotFound
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(c.R.URL.RequestURI(), rc)
	}
	return c.showSummon(f)
}

// enteredOf reads a list typed, pasted from a table program, or sent as CSV:
// name, birth, delegation. A first line of headings names the columns; a first
// column of running numbers is passed over.
func (c *Call) enteredOf(f *Form, m *meeting.State, as meeting.Attendee) ([]meeting.Entered, error) {
	text := f.Value("typed")
	if file, _, err := c.R.FormFile("file"); err == nil {
		defer file.Close()
		b, err := io.ReadAll(io.LimitReader(file, listBook.File+1))
		if err != nil {
			return nil, err
		}
		if isXLSX(b) {
			table, err := readXLSX(b)
			if err != nil {
				return nil, err
			}
			b = []byte(table)
		}
		if !utf8.Valid(b) {
			return nil, desk.Wrong("file", "Tệp không phải CSV mã UTF-8. Trong Excel hãy chọn Lưu thành → CSV UTF-8, hoặc bôi đen bảng rồi dán vào ô bên trên.",
				"The file is not CSV in UTF-8. In Excel choose Save as → CSV UTF-8, or copy the table and paste it into the box above.")
		}
		text += "\n" + strings.TrimPrefix(string(b), "\ufeff")
	} else if !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart) {
		return nil, desk.Wrong("file", "Không đọc được tệp.", "The file cannot be read.")
	}
	rows, err := tableOf(text)
	if err != nil {
		return nil, err
	}
	var out []meeting.Entered
	units := map[string]string{}
	for _, r := range rows {
		e := meeting.Entered{Identity: person.Identity{Name: r.name}, As: as}
		if r.born != "" {
			if e.Identity.Born, err = vn.ReadDate(r.born); err != nil {
				return nil, desk.Wrong("typed", fmt.Sprintf("Dòng %d: chưa đọc được ngày sinh “%s”; ghi năm (1975) hoặc ngày/tháng/năm.", r.line, clip(r.born)),
					fmt.Sprintf("Line %d: the birth “%s” cannot be read; give a year (1975) or day/month/year.", r.line, clip(r.born)))
			}
		}
		if r.unit != "" {
			if e.As.Delegation, err = c.unitNamed(units, r.unit, m.Date); err != nil {
				return nil, err
			}
			if e.As.Delegation == "" {
				return nil, desk.Wrong("typed", fmt.Sprintf("Dòng %d: không tìm thấy đúng một tổ chức tên “%s”. Hãy ghi tên như trong mục Tổ chức, hoặc bỏ trống cột này.", r.line, clip(r.unit)),
					fmt.Sprintf("Line %d: no single organisation is named “%s”. Write the name as in Organisations, or leave the column empty.", r.line, clip(r.unit)))
			}
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, desk.Wrong("typed", "Hãy gõ, dán hoặc gửi ít nhất một người.", "Type, paste or send at least one person.")
	}
	return out, nil
}

// unitNamed finds the one organisation of a name; "" when none or several fit.
func (c *Call) unitNamed(known map[string]string, name string, on vn.Date) (string, error) {
	key := vn.Fold(name)
	if id, ok := known[key]; ok {
		return id, nil
	}
	err := c.Read(func(tx *store.Tx) error {
		us, err := org.Search(c.Ctx(), tx, name, org.Now(on), 50)
		n := 0
		for _, u := range us {
			if vn.Fold(u.Name) == key {
				known[key], n = u.ID, n+1
			}
		}
		if n != 1 {
			known[key] = ""
			if len(us) == 1 {
				known[key] = us[0].ID
			}
		}
		return err
	})
	return known[key], err
}

// tableRow is one person of a pasted table.
type tableRow struct {
	line             int
	name, born, unit string
}

// tableOf reads a pasted table: cells apart by tab, else semicolon, else comma.
func tableOf(text string) ([]tableRow, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace, r.Comma = -1, true, false, ','
	switch {
	case strings.Contains(text, "\t"):
		r.Comma = '\t'
	case strings.Contains(text, ";"):
		r.Comma = ';'
	}
	col := map[string]int{"name": 0, "born": 1, "unit": 2}
	var out []tableRow
	for first := true; ; {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, desk.Wrong("typed", fmt.Sprintf("Dòng %d: không đọc được.", line), fmt.Sprintf("Line %d cannot be read.", line))
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if first {
			first = false
			if head := tableHead(cells); head != nil {
				col = head
				continue
			}
			if len(cells) > 1 && strings.Trim(strings.TrimSpace(cells[0]), "0123456789.") == "" {
				col = map[string]int{"name": 1, "born": 2, "unit": 3}
			}
		}
		cell := func(name string) string {
			if i, ok := col[name]; ok && i < len(cells) {
				return strings.Join(strings.Fields(cells[i]), " ")
			}
			return ""
		}
		if cell("name") == "" {
			return nil, desk.Wrong("typed", fmt.Sprintf("Dòng %d: thiếu họ và tên.", line), fmt.Sprintf("Line %d: the name is missing.", line))
		}
		out = append(out, tableRow{line, cell("name"), cell("born"), cell("unit")})
	}
}

// tableHead finds the columns by their headings; nil when the line has none.
func tableHead(cells []string) map[string]int {
	col := map[string]int{}
	for i, c := range cells {
		switch h := vn.Fold(strings.TrimSpace(c)); {
		case h == "ho ten" || h == "ho va ten" || h == "ten" || h == "name":
			col["name"] = i
		case strings.HasPrefix(h, "ngay sinh") || strings.HasPrefix(h, "nam sinh") || strings.HasPrefix(h, "sinh") || h == "born":
			col["born"] = i
		case strings.HasPrefix(h, "doan") || strings.HasPrefix(h, "don vi") || strings.HasPrefix(h, "to chuc") || h == "delegation":
			col["unit"] = i
		}
	}
	if _, ok := col["name"]; !ok {
		return nil
	}
	return col
}
