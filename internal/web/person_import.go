package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/table"
)

type personImportData struct {
	Upload, File, HomeName     string
	Form                       *Form
	Columns                    []Field
	Facts                      []personFactGroup
	FactCount                  int     // columns mapped to facts
	Defaults                   []Field // of facts: the day and the paper for the whole file
	New, Changed, Same, Reject int
	Rows                       []personPlanRow
	More                       int    // rows not shown
	Query                      string // the mapping as it stands in the address
	table                      *table.Table
	columns                    map[string]int
	plan                       []person.PlanRow
	sum                        string // of the plan, once it was asked for
}

// Todo is how many rows would be recorded.
func (d *personImportData) Todo() int { return d.New + d.Changed }

type personPlanRow struct {
	Line  int
	Name  string
	Tag   Tag
	Why   string
	Cells []personCell
	Twins []Hit
}

type personCell struct{ Column, Old, New string }

var personImport = page[personImportData]("person_import")

// shownPlan is how many rows the look shows; rejects first, then changes.
const shownPlan = 200

func (s *Server) personImportGet(c *Call) error {
	d, up, job, err := c.planned(c.BlankForm(), "")
	switch {
	case err != nil:
		return err
	case job != nil:
		return c.showPlanning(job, nil)
	case up.Confirmed:
		return c.Redirect("/can-bo/nhap/" + up.ID + "/ghi")
	}
	return personImport.show(c, *d)
}

// personPlan reads the staged file by the columns in the query and says what
// would be recorded; tell is told how many rows of how many are read.
func (c *Call) personPlan(f *Form, tell func(rows, all int)) (d *personImportData, up *person.Upload, err error) {
	d = &personImportData{Upload: c.R.PathValue("upload"), Form: f, Query: c.R.URL.RawQuery}
	err = c.Read(func(tx *store.Tx) error {
		if up, err = person.GetUpload(c.Ctx(), tx, d.Upload, c.User.Account); err != nil || up.Confirmed {
			return err
		}
		d.File = up.Name
		if !c.May(tx, desk.Need{Right: desk.EditPerson, Org: up.Home}) || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: up.Home}) {
			return desk.Deny("Vai trò của anh/chị không ghi được hồ sơ do tổ chức này giữ.", "Your role may not record in the files of this organisation.")
		}
		if d.HomeName, err = c.unitName(tx, up.Home, c.Today()); err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if d.table, err = table.Parse(up.Content); err != nil {
			return err
		}
		if err := d.mapping(c, tx); err != nil {
			return err
		}
		may := map[string]bool{}
		say, err := d.defaults(c)
		if err == nil {
			d.plan, err = person.PlanImportTold(c.Ctx(), tx, lib, d.table, d.columns, say, up.Home, up.ID, c.Today(), func(home string) bool {
				ok, asked := may[home]
				if !asked {
					ok = c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home})
					may[home] = ok
				}
				return ok
			}, func(rows int) { tell(rows, len(d.table.Rows)) })
		}
		if _, plain := asDeskError(err); plain {
			return c.Fail(f, err)
		}
		if err != nil {
			return err
		}
		return d.show(c, tx)
	})
	if err == nil {
		for _, r := range d.plan {
			if strings.HasPrefix(r.Row.Person, "person/") && r.Row.Fact >= 0 {
				c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Row.Person, what: "import"})
			}
			for _, t := range r.Twins {
				c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: t, what: "import"})
			}
		}
	}
	return d, up, err
}

// mapping is what the columns of the file are; see mapColumns.
func (d *personImportData) mapping(c *Call, tx *store.Tx) (err error) {
	d.columns, d.Columns, err = c.mapColumns(tx, d.table, d.Form, person.ImportColumns)
	if err != nil {
		return err
	}
	return d.mapFacts(c, tx)
}

// mapColumns is the guess what the columns of a file are, changed by what was
// chosen the last time, and by what is chosen now.
func (c *Call) mapColumns(tx *store.Tx, t *table.Table, f *Form, cols []person.ImportColumn) (columns map[string]int, fields []Field, err error) {
	q := c.R.URL.Query()
	columns = map[string]int{}
	guess := person.GuessColumns(t.Header)
	last, err := person.RecallColumns(c.Ctx(), tx, c.User.Account, t.Header)
	if err != nil {
		return nil, nil, err
	}
	options := []Option{{"-1", c.T("election.import.notin")}}
	for i, h := range t.Header {
		options = append(options, Option{strconv.Itoa(i), h})
	}
	for _, col := range cols {
		name := "cot-" + col.ID
		if i, ok := guess[col.ID]; ok {
			columns[col.ID] = i
		}
		if i, ok := last[col.ID]; ok {
			columns[col.ID] = i
		}
		if i, err := strconv.Atoi(q.Get(name)); err == nil {
			columns[col.ID] = i
		}
		if i, ok := columns[col.ID]; !ok || i < 0 || i >= len(t.Header) {
			delete(columns, col.ID)
		}
		v := "-1"
		if i, ok := columns[col.ID]; ok {
			v = strconv.Itoa(i)
		}
		f.Values.Set(name, v)
		fd := newField(f, name, c.Words(col.Title))
		fd.Kind, fd.Options, fd.Required = "select", options, col.ID == "name"
		fields = append(fields, fd)
	}
	return columns, fields, nil
}

func (d *personImportData) show(c *Call, tx *store.Tx) error {
	tags := map[person.Outcome]string{person.RowNew: "yes", person.RowChanged: "wait", person.RowSame: "no", person.RowReject: "stop"}
	order := []person.Outcome{person.RowReject, person.RowChanged, person.RowNew, person.RowSame}
	for _, o := range order {
		for _, r := range d.plan {
			if r.Outcome != o {
				continue
			}
			switch o {
			case person.RowNew:
				d.New++
			case person.RowChanged:
				d.Changed++
			case person.RowSame:
				d.Same++
			case person.RowReject:
				d.Reject++
			}
			if len(d.Rows) >= shownPlan {
				d.More++
				continue
			}
			v := personPlanRow{Line: r.Line, Name: r.Name, Tag: Tag{tags[o], c.T("person.import." + string(o))}, Why: c.Words(r.Why)}
			for _, x := range r.Cells {
				v.Cells = append(v.Cells, personCell{c.Words(person.ColumnTitle(x.Column)), x.Old, x.New})
			}
			for _, id := range r.Twins {
				p, _, err := person.Get(c.Ctx(), tx, id, org.Now(c.Today()))
				if err != nil {
					return err
				}
				v.Twins = append(v.Twins, Hit{Title: c.personName(p) + " " + p.Identity.Born.Vietnamese() + " (" + strings.TrimPrefix(id, "person/") + ")", Path: personPath(id)})
			}
			d.Rows = append(d.Rows, v)
		}
	}
	return nil
}

// personImportPost confirms the plan as looked at; the columns stand in the
// address, as in the look.
func (s *Server) personImportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d, up, job, err := c.planned(f, f.ID)
	if err != nil {
		return err
	}
	if job != nil {
		return c.showPlanning(job, f)
	}
	if !up.Confirmed {
		if f.Problem != nil || d.Todo() == 0 {
			return personImport.show(c, *d)
		}
		if f.Value("sum") != d.Sum() {
			if err := c.Fail(f, desk.Refuse("Hồ sơ đã thay đổi từ khi xem trước; dưới đây là kết quả mới, hãy xem lại rồi ghi.", "The record changed since the look; below is the new result, look again and then record.")); err != nil {
				return err
			}
			return personImport.show(c, *d)
		}
		if err := person.RememberColumns(c.Ctx(), s.db, c.User.Account, d.table.Header, d.chosen()); err != nil {
			return err
		}
		plan, err := person.PlanJSON(d.plan)
		if err != nil {
			return err
		}
		if err := person.ConfirmUpload(c.Ctx(), s.db, up.ID, c.User.Account, plan); err != nil {
			return err
		}
	}
	return c.Redirect("/can-bo/nhap/" + up.ID + "/ghi")
}

// chosen is the mapping as it is remembered: what was left out too.
func (d *personImportData) chosen() map[string]int {
	m := map[string]int{}
	for _, col := range slices.Concat(person.ImportColumns, person.FactColumns) {
		m[col.ID] = -1
		if i, ok := d.columns[col.ID]; ok {
			m[col.ID] = i
		}
	}
	return m
}

// Sum is what the plan comes to: the form is for exactly this plan.
func (d *personImportData) Sum() string {
	if d.sum == "" {
		text, err := person.PlanJSON(d.plan)
		if err != nil {
			return ""
		}
		sum := sha256.Sum256([]byte(text))
		d.sum = hex.EncodeToString(sum[:])
	}
	return d.sum
}

// personRejectsGet hands out the rejected rows with their reasons: corrected,
// the file is handed in again.
func (s *Server) personRejectsGet(c *Call) error {
	d, _, job, err := c.planned(c.BlankForm(), asLooked)
	if err != nil {
		return err
	}
	if job != nil {
		return desk.Refuse("Tệp đang được đọc lại; hãy mở trang xem trước, chờ đọc xong rồi tải.", "The file is being read again; open the look, wait until it is read and get this then.")
	}
	if d.table == nil {
		return errNotFound
	}
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	w.Comma = d.table.Comma
	keep := func(row []string) (out []string) {
		for i, v := range row {
			if !slices.Contains(person.RejectColumns, d.table.Header[i]) {
				out = append(out, v)
			}
		}
		return out
	}
	_ = w.Write(append(keep(d.table.Header), person.RejectColumns...))
	for _, r := range d.plan {
		if r.Outcome == person.RowReject {
			twins := strings.ReplaceAll(strings.Join(r.Twins, ", "), "person/", "")
			row := append(keep(d.table.Rows[r.At]), c.Words(r.Why), twins)
			for i := range row {
				if table.Formula(row[i]) {
					row[i] = "'" + strings.TrimPrefix(row[i], "'") // shown as text, never run
				}
			}
			_ = w.Write(row)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return c.file(buf.Bytes(), "text/csv; charset=utf-8", "attachment", "dong-can-sua.csv")
}
