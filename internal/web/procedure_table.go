package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// officeTables are the dated tables an office keeps, with their columns in the
// order of a pasted table.
var officeTables = []struct {
	name    string
	columns []string
}{
	{procedure.Managing, []string{"body", "title", "level", "procedure", "decides", "appraises", "signs"}},
	{procedure.PostClasses, []string{"body", "title", "classes"}},
	{procedure.Participation, []string{"body", "title", "meeting", "summons"}},
	{procedure.MinutesLimit, []string{"body", "title", "meeting", "days"}},
}

type procedureTableData struct {
	Table   string
	Tabs    []Option
	Columns []string
	Rows    [][]string
	Entry   int64
	On      vn.Date
	Run     bool
	Form    *Form
	Fields  []Field
}

var procedureTable = page[procedureTableData]("procedure_table")

func (s *Server) procedureTableGet(c *Call) error { return c.showTable(nil) }

// showTable shows a table as it holds on the page's day, and to who may change
// it a form with its rows as text.
func (c *Call) showTable(f *Form) error {
	d := procedureTableData{Table: c.R.URL.Query().Get("bang"), On: c.On(), Form: f, Entry: -1}
	if d.Table == "" {
		d.Table = officeTables[0].name
	}
	for _, x := range officeTables {
		d.Tabs = append(d.Tabs, Option{x.name, c.TK("procedure.table", x.name)})
		if x.name != d.Table {
			continue
		}
		for _, k := range x.columns {
			d.Columns = append(d.Columns, c.TK("procedure.column", k))
		}
	}
	if len(d.Columns) == 0 {
		return errNotFound
	}
	if err := c.Read(func(tx *store.Tx) error {
		d.Run = c.May(tx, procedure.SetTable{}.Need())
		rows, entry, err := procedure.Table(c.Ctx(), tx, d.Table, d.On)
		if err != nil {
			return err
		}
		d.Entry = entry
		for _, r := range rows {
			cells, err := c.tableCells(tx, d.Table, r)
			if err != nil {
				return err
			}
			d.Rows = append(d.Rows, cells)
		}
		if d.Form == nil {
			d.Form, err = c.NewForm(tx, procedure.SetTable{Table: d.Table}.Subject())
			var lines []string
			for _, r := range d.Rows {
				lines = append(lines, strings.Join(r, "\t"))
			}
			d.Form.Set("rows", strings.Join(lines, "\n"))
		}
		return err
	}); err != nil {
		return err
	}
	add := func(name, kind string, required bool) {
		x := newField(d.Form, name, c.TK("procedure.tablefield", name))
		x.Kind, x.Required, x.Wide = kind, required, kind == "textarea"
		if name == "rows" {
			x.Hint = c.T("procedure.table.hint", strings.Join(d.Columns, " | "))
		}
		d.Fields = append(d.Fields, x)
	}
	add("from", "day", true)
	add("number", "text", false)
	add("date", "day", false)
	add("rows", "textarea", true)
	return procedureTable.show(c, d)
}

// tableCells are one row in words, which rowOf reads back.
func (c *Call) tableCells(tx *store.Tx, table string, r procedure.TableRow) ([]string, error) {
	body := c.T("procedure.table.all")
	if r.Kind != "" {
		body = c.orgKind(r.Kind)
	}
	if r.Org != "" {
		name, err := c.unitName(tx, r.Org, c.On())
		if err != nil {
			return nil, err
		}
		body = name
	}
	title := c.T("procedure.table.all")
	if r.Title != "" {
		title = c.titleText(r.Title)
	}
	switch table {
	case procedure.PostClasses:
		var cs []string
		for _, k := range r.Classes {
			cs = append(cs, c.TK("reg.class", k))
		}
		return []string{body, title, strings.Join(cs, "; ")}, nil
	case procedure.Participation, procedure.MinutesLimit:
		meets := ""
		if r.Body != "" {
			meets = c.TK("reg.body", r.Body)
		}
		if table == procedure.MinutesLimit {
			return []string{body, title, meets, strconv.FormatInt(r.Days, 10)}, nil
		}
		return []string{body, title, meets, c.Words(r.Summons)}, nil
	}
	def := ""
	if r.Procedure != "" {
		def = r.Procedure
		lib, err := c.library(tx)
		if err != nil {
			return nil, err
		}
		if _, p, err := lib.Procedure(r.Procedure, c.On()); err == nil {
			def = c.Words(p.Title)
		}
	}
	return []string{body, title, r.Level, def, r.Decides, r.Appraises, r.Signs}, nil
}

// same says that two texts mean one thing: letter case, marks and blanks aside.
func same(a, b string) bool {
	return vn.Fold(strings.Join(strings.Fields(a), " ")) == vn.Fold(strings.Join(strings.Fields(b), " "))
}

// rowOf reads one row: codes or the words of the screens; line is for errors.
func (c *Call) rowOf(tx *store.Tx, table string, cells []string, line int) (procedure.TableRow, error) {
	var r procedure.TableRow
	cell := func(i int) string {
		if i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	wrong := func(vi, en string) error {
		return desk.Wrong("rows", fmt.Sprintf("Dòng %d: %s", line, vi), fmt.Sprintf("Line %d: %s", line, en))
	}
	all := func(s string) bool { return s == "" || same(s, c.T("procedure.table.all")) }
	if body := cell(0); !all(body) {
		for _, k := range org.Kinds() {
			if body == string(k.Kind) || same(body, c.orgKind(k.Kind)) {
				r.Kind = k.Kind
			}
		}
		if r.Kind == "" {
			units, err := org.Search(c.Ctx(), tx, body, org.Now(c.On()), 30)
			if err != nil {
				return r, err
			}
			units = slices.DeleteFunc(units, func(u org.Unit) bool { return !same(u.Name, body) })
			if u, ok, err := org.Get(c.Ctx(), tx, body, org.Now(c.On())); err != nil {
				return r, err
			} else if ok {
				units = []org.Unit{u}
			}
			if len(units) != 1 {
				return r, wrong("không có đúng một tổ chức hay loại tổ chức nào tên “"+clip(body)+"”.", "not exactly one organisation or kind is called “"+clip(body)+"”.")
			}
			r.Org = units[0].ID
		}
	}
	if title := cell(1); !all(title) {
		for _, t := range person.Titles() {
			if r.Title == "" && (title == t.Code || same(title, c.titleText(t.Code))) {
				r.Title = t.Code
			}
		}
		if r.Title == "" {
			return r, wrong("không có chức danh “"+clip(title)+"” trong danh mục.", "there is no title “"+clip(title)+"” in the list.")
		}
	}
	switch table {
	case procedure.PostClasses:
		for _, w := range strings.Split(cell(2), ";") {
			if w = strings.TrimSpace(w); w == "" {
				continue
			}
			i := slices.IndexFunc(rule.PostClasses, func(k string) bool { return w == k || same(w, c.TK("reg.class", k)) })
			if i < 0 {
				return r, wrong("không có nhóm chức vụ “"+clip(w)+"”.", "there is no class of posts “"+clip(w)+"”.")
			}
			r.Classes = append(r.Classes, rule.PostClasses[i])
		}
	case procedure.Participation, procedure.MinutesLimit:
		if w := cell(2); w != "" {
			i := slices.IndexFunc(meeting.Bodies, func(b meeting.Body) bool { return w == string(b) || same(w, c.TK("reg.body", string(b))) })
			if i < 0 {
				return r, wrong("không có loại hội nghị “"+clip(w)+"”.", "there is no kind of meeting “"+clip(w)+"”.")
			}
			r.Body = string(meeting.Bodies[i])
		}
		if table == procedure.MinutesLimit {
			n, err := strconv.ParseInt(cell(3), 10, 32)
			if err != nil {
				return r, wrong("số ngày làm việc không đọc được.", "the working days cannot be read.")
			}
			r.Days = n
			break
		}
		r.Summons = rule.Words{VI: cell(3), EN: cell(3)}
	default:
		r.Level, r.Decides, r.Appraises, r.Signs = cell(2), cell(4), cell(5), cell(6)
		if w := cell(3); w != "" {
			lib, err := c.library(tx)
			if err != nil {
				return r, err
			}
			for _, id := range lib.Procedures(c.On()) {
				if _, p, err := lib.Procedure(id, c.On()); err == nil && (w == id || same(w, c.Words(p.Title))) {
					r.Procedure = id
				}
			}
			if r.Procedure == "" {
				return r, wrong("không có quy trình “"+clip(w)+"” vào ngày này.", "there is no procedure “"+clip(w)+"” on this day.")
			}
		}
	}
	return r, nil
}

// rowsOf reads a pasted table: cells apart by tab, else by comma as in a CSV.
func (c *Call) rowsOf(table, text string) (out []procedure.TableRow, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, false
	if strings.Contains(text, "\t") {
		r.Comma = '\t'
	}
	err = c.Read(func(tx *store.Tx) error {
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			line, _ := r.FieldPos(0)
			if err != nil {
				return desk.Wrong("rows", fmt.Sprintf("Dòng %d: không đọc được.", line), fmt.Sprintf("Line %d cannot be read.", line))
			}
			if strings.TrimSpace(strings.Join(cells, "")) == "" || line == 1 && same(cells[0], c.TK("procedure.column", "body")) {
				continue
			}
			row, err := c.rowOf(tx, table, cells, line)
			if err != nil {
				return err
			}
			out = append(out, row)
		}
	})
	return out, err
}

func (s *Server) procedureTablePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	again := func(f *Form) error { return c.showTable(f) }
	a := procedure.SetTable{Table: c.R.URL.Query().Get("bang"), Decision: org.Decision{Number: f.Text("number")}}
	if a.From, err = f.Day("from"); err == nil {
		if a.Decision.Date, err = f.OptionalDay("date"); err == nil {
			a.Rows, err = c.rowsOf(a.Table, f.Value("rows"))
		}
	}
	if err != nil {
		return c.again(f, err, again)
	}
	rc, ok, err := c.Do(f, a)
	if err != nil {
		return err
	}
	if ok {
		return c.Done("/quy-trinh/bang?bang="+a.Table, rc)
	}
	return again(f)
}
