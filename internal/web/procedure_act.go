package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// One form a step of a case: what it asks, and the act it becomes. Fields are
// named as the acts name them in their errors.
type procedureForm struct {
	fields func(c *Call, v *caseView, d *procedureActData)
	act    func(c *Call, v *caseView, f *Form) (desk.Act, error)
}

type procedureActData struct {
	View    *caseView
	Act     string
	Title   string
	Lead    string // what the form is for, and what comes of it
	Form    *Form
	Fields  []Field
	Checks  []checkField
	Figs    []figureRow
	Step    *rule.Step
	Person  string
	Box     string // address of the ballot box that counts the step
	Hidden  map[string]string
	WriteIn string // form that puts forward somebody from outside the list
	File    bool   // a scan may be sent along
}

// checkField is one box of a list of persons.
type checkField struct {
	Name, Label, Note string
	On                bool
}

// figureRow is one person of a count.
type figureRow struct{ Label, Votes, Against, VoteValue, AgainstValue string }

var procedureAct = page[procedureActData]("procedure_act")

// add puts a field on the form.
func (d *procedureActData) add(c *Call, name, kind string, required bool, options ...Option) {
	x := newField(d.Form, name, c.TK("procedure.f", name))
	if c.s.messages.has("procedure.h." + name) {
		x.Hint = c.TK("procedure.h", name)
	}
	x.Required, x.Wide = required, kind == "textarea"
	if len(options) > 0 {
		x.Kind, x.Options = "select", options
	} else if x.Kind != "select" {
		x.Kind = kind
	}
	d.Fields = append(d.Fields, x)
}

// paper asks for a document.
func (d *procedureActData) paper(c *Call, required bool) {
	d.add(c, "number", "text", required)
	d.add(c, "date", "day", required)
	d.add(c, "by", "text", false)
	d.add(c, "where", "text", false)
}

func paperOf(f *Form) (procedure.Paper, error) {
	p := procedure.Paper{Kind: f.Text("kind"), Number: f.Text("number"), By: f.Text("by"), Where: f.Text("where")}
	if f.Text("date") == "" {
		return p, nil
	}
	var err error
	p.Date, err = f.Day("date")
	return p, err
}

func (c *Call) ref(v *caseView) procedure.Ref { return procedure.Ref{ID: v.ID, Org: v.Org} }

// step is the step the form is about.
func (v *caseView) step(f *Form) *rule.Step { return v.Def.Step(f.Text("buoc")) }

// boxes are the persons that may be put forward, ticked where nothing else was
// said.
func (d *procedureActData) boxes(v *caseView, ids []string, notes func(string) string) {
	fresh := !strings.Contains(strings.Join(keys(d.Form.Values), " "), "p1")
	for i, id := range ids {
		name := "p" + strconv.Itoa(i+1)
		d.Checks = append(d.Checks, checkField{name, v.Name(id), notes(id), d.Form.Value(name) != "" || fresh && d.Form.Problem == nil && notes(id) == ""})
	}
}

func keys(m map[string][]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// ticked are the persons of a list whose boxes were ticked.
func ticked(f *Form, ids []string) (out []string) {
	for i, id := range ids {
		if f.Value("p"+strconv.Itoa(i+1)) != "" {
			out = append(out, id)
		}
	}
	return out
}

// candidates are whom the boxes of a step's form offer.
func (v *caseView) candidates(st *rule.Step) []string {
	may, others := v.May(st)
	if others {
		for _, p := range v.Persons {
			if !p.Left && !slices.Contains(may, p.ID) {
				may = append(may, p.ID)
			}
		}
	}
	return may
}

// persons finds people of the registry by the names typed, one a line or
// between semicolons; "(1975)" behind a name tells the year of birth.
func (c *Call) persons(field, text string) ([]string, error) {
	var out []string
	err := c.Read(func(tx *store.Tx) error {
		for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' || r == ',' }) {
			name, year, _ := strings.Cut(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), ")")), "(")
			name, year = vn.NormalizeName(name), strings.TrimSpace(year)
			if name == "" {
				continue
			}
			found, err := person.Search(c.Ctx(), tx, name, org.Now(c.Today()), 50)
			if err != nil {
				return err
			}
			found = slices.DeleteFunc(found, func(p person.Person) bool {
				return vn.Fold(p.Identity.Name) != vn.Fold(name) || year != "" && strconv.Itoa(p.Identity.Born.Year) != year
			})
			switch len(found) {
			case 0:
				return desk.Wrong(field, "Không thấy “"+name+"” trong hồ sơ cán bộ, đảng viên. Hãy ghi hồ sơ trước, hoặc xem lại cách viết tên.",
					"“"+name+"” is not on record. Record the person first, or look at the spelling.")
			case 1:
				out = append(out, found[0].ID)
			default:
				return desk.Wrong(field, "Có nhiều người tên “"+name+"”: hãy ghi thêm năm sinh, ví dụ "+name+" ("+strconv.Itoa(found[0].Identity.Born.Year)+").",
					"Several persons are called “"+name+"”: add the year of birth, as in "+name+" ("+strconv.Itoa(found[0].Identity.Born.Year)+").")
			}
		}
		return nil
	})
	return out, err
}

// one is persons for exactly one.
func (c *Call) one(field, text string) (string, error) {
	ids, err := c.persons(field, text)
	if err != nil {
		return "", err
	}
	if len(ids) != 1 {
		return "", desk.Wrong(field, "Cần đúng một người.", "Exactly one person is needed.")
	}
	return ids[0], nil
}

func (s *Server) procedureActGet(c *Call) error {
	f := &Form{ID: desk.NewID(), Values: c.R.URL.Query()}
	return c.showProcedureAct(f, true)
}

func (c *Call) showProcedureAct(f *Form, fresh bool) error {
	act := c.R.PathValue("act")
	form, ok := procedureForms[act]
	if !ok {
		return errNotFound
	}
	d := procedureActData{Act: act, Title: c.TK("procedure.act", act), Form: f, Hidden: map[string]string{}}
	if c.s.messages.has("procedure.lead." + act) {
		d.Lead = c.TK("procedure.lead", act)
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		if !d.View.Run {
			return errNoCase
		}
		if fresh {
			f.Seen = d.View.Last
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range []string{"buoc", "nguoi", "dieu", "muc", "don", "hoi", "giay", "scan", "scan_name"} {
		if v := f.Text(k); v != "" {
			d.Hidden[k] = v
		}
	}
	d.Step = d.View.step(f)
	if d.Step != nil && act == "ket-qua" && d.Step.Persons == rule.FromStepOrOther {
		d.WriteIn = procedureActPath(d.View.ID, "nguoi?buoc="+d.Step.ID)
	}
	if form.fields != nil {
		form.fields(c, d.View, &d)
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureAct.show(c, d)
}

func (s *Server) procedureActPost(c *Call) error {
	form, ok := procedureForms[c.R.PathValue("act")]
	if !ok {
		return errNotFound
	}
	again := func(f *Form) error { return c.showProcedureAct(f, false) }
	var v *caseView
	err := c.Read(func(tx *store.Tx) (err error) {
		v, err = c.caseToWrite(tx)
		return err
	})
	if err != nil {
		return err
	}
	f, files, err := c.PostFiles(procedure.Subject(v.ID), "file")
	if err != nil {
		return err
	}
	for _, up := range files { // one scan a paper: a PDF or TIFF holds its pages
		if up.No != nil {
			return c.again(f, desk.Wrong("file", up.No.Says.VI, up.No.Says.EN), again)
		}
		if f.Text("scan") != "" || len(files) > 1 {
			return c.again(f, desk.Wrong("file", "Mỗi văn bản một tệp quét; nhiều trang thì gộp thành một tệp PDF.", "One scan a paper; put several pages into one PDF."), again)
		}
		f.Set("scan", up.File.Hash).Set("scan_name", up.Name)
	}
	act, err := form.act(c, v, f)
	if err != nil {
		return c.again(f, err, again)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if !ok {
		return again(f)
	}
	to := v.Path
	if p := f.Text("nguoi"); p != "" {
		to += "/nguoi/" + strings.TrimPrefix(p, "person/")
	}
	return c.Done(to, rc)
}
