package web

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/table"
)

// extractData is the page on which a short list of persons is made.
type extractData struct {
	Form   *Form
	Fields []Field
}

var personExtract = page[extractData]("person_extract")

// personExtractGet offers the persons named (?nguoi=) or those who hold posts
// in an organisation (?don-vi=).
func (s *Server) personExtractGet(c *Call) error {
	f := c.BlankForm()
	q := c.R.URL.Query()
	ids := q["nguoi"]
	err := c.Read(func(tx *store.Tx) error {
		unit := q.Get("don-vi")
		if unit == "" {
			return nil
		}
		posts, err := person.PostsIn(c.Ctx(), tx, unit, org.Now(c.On()))
		for _, p := range posts {
			ids = append(ids, p.Person)
		}
		if err != nil {
			return err
		}
		name, err := c.unitName(tx, unit, c.On())
		f.Set("body", name)
		return err
	})
	if err != nil {
		return err
	}
	var lines []string
	seen := map[string]bool{}
	if err := c.Read(func(tx *store.Tx) error {
		may := c.readable(tx, desk.ReadPerson)
		for _, id := range ids {
			if id = "person/" + strings.TrimPrefix(id, "person/"); seen[id] {
				continue
			}
			seen[id] = true
			name, ok, err := c.listedName(tx, id, may)
			if err != nil {
				return err
			}
			if ok {
				lines = append(lines, name+" ("+id+")")
			}
		}
		return nil
	}); err != nil {
		return err
	}
	f.Set("people", strings.Join(lines, "\n"))
	return c.showExtract(f)
}

func (c *Call) showExtract(f *Form) error {
	people := withKind("textarea", newField(f, "people", c.T("extract.people")))
	people.Required, people.Wide, people.Hint = true, true, c.T("extract.people.hint")
	d := extractData{Form: f, Fields: append([]Field{people, newField(f, "body", c.T("extract.body")), newField(f, "subject", c.T("extract.subject"))}, c.paperFor(f, true)...)}
	return personExtract.show(c, d)
}

// paperFor are the fields of every paper that leaves the registry: which file,
// and what for.
func (c *Call) paperFor(f *Form, sheet bool) []Field {
	kind := newField(f, "kind", c.T("personform.kind"))
	kind.Kind, kind.Required, kind.Options = "select", true, []Option{{"pdf", "PDF"}, {"docx", "Word (DOCX)"}}
	if sheet {
		kind.Options = append(kind.Options, Option{"xlsx", "Excel (XLSX)"}, Option{"csv", "Excel (CSV)"})
	}
	purpose := newField(f, "purpose", c.T("personform.purpose"))
	purpose.Required, purpose.Wide, purpose.Hint = true, true, c.T("personform.purpose.hint")
	return []Field{kind, purpose}
}

func (s *Server) personExtractPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	purpose, err := purposeOf(f)
	if err != nil {
		return c.again(f, err, c.showExtract)
	}
	ids, err := c.pickPersons(f, "people", c.On())
	if err == nil && (len(ids) == 0 || len(ids) > 500) {
		err = desk.Wrong("people", "Cần ít nhất một người, nhiều nhất 500.", "At least one person is needed, at most 500.")
	}
	if err != nil {
		return c.again(f, err, c.showExtract)
	}
	var l document.PersonList
	var gone string
	err = c.Read(func(tx *store.Tx) error {
		may := c.readable(tx, desk.ReadPerson)
		for _, id := range ids {
			home, known, err := person.Home(c.Ctx(), tx, id)
			if err != nil {
				return err
			}
			if !known || !may(home) {
				gone = id
			}
		}
		at := org.Now(c.On())
		ps, err := person.ByID(c.Ctx(), tx, ids, at)
		if err != nil {
			return err
		}
		l, err = document.ExtractOf(c.Ctx(), tx, ids, at)
		l.Sample = document.IsSample(ps)
		return err
	})
	if err != nil {
		return err
	}
	if gone != "" {
		return c.again(f, desk.Wrong("people", "“"+clip(gone)+"”: không có người này trong hồ sơ, hoặc anh/chị không có quyền xem.", "“"+clip(gone)+"”: there is no such person on record, or you may not read the file."), c.showExtract)
	}
	l.Body, l.Subject = f.Text("body"), f.Text("subject")
	return c.sendList(l, ids, "trich-ngang", purpose, f.Text("kind"))
}

// sendList hands out a printed list; every person stands in the read log first.
func (c *Call) sendList(l document.PersonList, ids []string, name, purpose, kind string) error {
	stamp, err := c.paperStamp(purpose)
	if err != nil {
		return err
	}
	var views []readView
	for _, id := range ids {
		views = append(views, readView{at: c.s.clock(), actor: c.User.Account, subject: id, what: "paper " + name + ": " + purpose})
	}
	c.viewed = views // each once, by the paper
	if err := c.noteViews(); err != nil {
		return err
	}
	if kind == "csv" {
		return c.file(listCSV(l, stamp.Text), "text/csv; charset=utf-8", "attachment", name+".csv")
	}
	if kind == "xlsx" {
		return listSheet(l, stamp.Text).xlsx(c, name)
	}
	var own *docx.Template
	if err := c.Read(func(tx *store.Tx) (err error) {
		whose := c.User.Org
		if whose == "" && len(ids) > 0 { // the whole province: that of who keeps the first file
			if whose, _, err = person.Home(c.Ctx(), tx, ids[0]); err != nil {
				return err
			}
		}
		own, err = l.Slot().TemplateAbove(c.Ctx(), tx, whose, c.Today())
		return err
	}); err != nil {
		return err
	}
	out, err := l.Files(own, stamp, c.Today())
	if err != nil {
		return err
	}
	if kind == "docx" {
		return c.file(out.Word, wordType, "attachment", name+".docx")
	}
	return c.file(out.PDF, "application/pdf", "attachment", name+".pdf")
}

// listSheet is the list as an Excel sheet, every cell text.
func listSheet(l document.PersonList, stamp string) *outSheet {
	o := &outSheet{head: l.Heads(), rows: l.Rows, stamps: []string{person.StampMark + " " + stamp}}
	for _, w := range l.Widths() {
		o.widths = append(o.widths, w/2)
	}
	return o
}

// listCSV writes the list as Excel opens it; cells that would run are text.
func listCSV(l document.PersonList, stamp string) []byte {
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range append(append([][]string{l.Heads()}, l.Rows...), []string{stamp}) {
		cells := make([]string, len(row))
		for i, v := range row {
			if cells[i] = v; table.Formula(v) {
				cells[i] = "'" + strings.TrimPrefix(v, "'")
			}
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return buf.Bytes()
}

// memberBadgesPost hands out who is due at the next four occasions, or at one.
func (s *Server) memberBadgesPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	purpose, err := purposeOf(f)
	if err != nil {
		return c.again(f, err, c.showBadges)
	}
	var rows [][]string
	var ids []string
	sample := false
	err = c.Read(func(tx *store.Tx) error {
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		all, err := person.BadgesDue(c.Ctx(), tx, lib, c.On(), 4, may)
		if err != nil {
			return err
		}
		for _, b := range all {
			if on := f.Text("occasion"); on != "" && on != b.Occasion.String() {
				continue
			}
			name, ok, err := c.listedName(tx, b.Person, may)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			p, _, err := person.Get(c.Ctx(), tx, b.Person, org.Now(c.On()))
			if err != nil {
				return err
			}
			cell, err := c.unitName(tx, b.Org, c.On())
			if err != nil {
				return err
			}
			sample = sample || p.Sample
			when := dayText("vi", b.Occasion)
			if b.Overdue {
				when += " (chưa trao đợt trước)"
			}
			ids = append(ids, b.Person)
			rows = append(rows, []string{strconv.Itoa(len(ids)), name, p.Identity.Born.Vietnamese(), cell, dayText("vi", b.Since), strconv.FormatInt(b.Years, 10) + " năm", dayText("vi", b.Reached), when})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return c.again(f, desk.Wrong("occasion", "Không có đảng viên nào đến hạn trong đợt này.", "No member is due at this occasion."), c.showBadges)
	}
	l := document.BadgeList(rows)
	l.Sample = sample
	if err := c.Read(func(tx *store.Tx) (err error) {
		l.Body, err = c.unitName(tx, c.User.Org, c.On())
		return err
	}); err != nil {
		return err
	}
	return c.sendList(l, ids, "huy-hieu", purpose, f.Text("kind"))
}
