package web

import (
	"errors"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// personFormsData is the page on which printed forms about a person are taken.
type personFormsData struct {
	ID, Key, Name string
	Sample        bool
	Home          string // organisation that keeps the file
	Templates     string // page of its own templates, "" for who may not set them
	Form          *Form
	Forms         []personFormChoice
	Fields        []Field
}

type personFormChoice struct{ ID, Name, Note string }

var personForms = page[personFormsData]("person_forms")

func (c *Call) personFormsData() (d personFormsData, p person.Person, err error) {
	err = c.Read(func(tx *store.Tx) error {
		if d.ID, _, p, err = c.subjectPerson(tx, desk.ReadPerson); err != nil {
			return err
		}
		if d.Home, _, err = person.Home(c.Ctx(), tx, d.ID); err == nil && c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: d.Home}) {
			d.Templates = templatePath(personTemplates(d.Home), document.PersonForms[0].ID)
		}
		return err
	})
	d.Key, d.Name, d.Sample = c.R.PathValue("id"), c.personName(p), p.Sample
	for _, f := range document.PersonForms {
		d.Forms = append(d.Forms, personFormChoice{f.ID, c.Words(f.Words), c.Words(f.Note)})
	}
	d.Form = c.BlankForm()
	return d, p, err
}

func (s *Server) personFormsGet(c *Call) error {
	d, _, err := c.personFormsData()
	if err != nil {
		return err
	}
	if err := c.Viewed(d.ID, "list"); err != nil {
		return err
	}
	return c.showPersonForms(d)
}

func (c *Call) showPersonForms(d personFormsData) error {
	form := newField(d.Form, "form", c.T("personform.which"))
	form.Kind, form.Required = "select", true
	for _, f := range d.Forms {
		form.Options = append(form.Options, Option{f.ID, f.Name})
	}
	d.Fields = append([]Field{form}, c.paperFor(d.Form, false)...)
	return personForms.show(c, d)
}

// purposeOf is what a paper is taken for.
func purposeOf(f *Form) (string, error) {
	p := strings.Join(strings.Fields(f.Text("purpose")), " ")
	if p == "" || utf8.RuneCountInString(p) > 300 {
		return "", desk.Wrong("purpose", "Hãy ghi dùng vào việc gì, không quá 300 chữ.", "Say what it is for, in at most 300 letters.")
	}
	return p, nil
}

// personFormsPost hands out one form; what for stands in the read log first and
// at the foot of the paper.
func (s *Server) personFormsPost(c *Call) error {
	d, _, err := c.personFormsData()
	if err != nil {
		return err
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d.Form = f
	again := func(f *Form) error { d.Form = f; return c.showPersonForms(d) }
	purpose, err := purposeOf(f)
	if err != nil {
		return c.again(f, err, again)
	}
	form, ok := document.PersonFormOf(f.Text("form"))
	if !ok {
		return c.again(f, desk.Wrong("form", "Cần chọn loại phiếu.", "Choose the form."), again)
	}
	var rec document.PersonRecord
	var own *docx.Template
	err = c.Read(func(tx *store.Tx) (err error) {
		if own, err = form.Slot().TemplateAbove(c.Ctx(), tx, d.Home, c.Today()); err != nil {
			return err
		}
		rec, err = document.ReadPerson(c.Ctx(), tx, d.ID, org.Now(c.On()))
		return err
	})
	if errors.Is(err, document.ErrErased) {
		return c.again(f, desk.Refuse("Nhân thân của người này đã được xóa hoặc không lưu ở đây, nên không lập được phiếu.", "The identity of this person was erased or is not kept here, so no form can be made."), again)
	}
	if err != nil {
		return err
	}
	stamp, err := c.paperStamp(purpose)
	if err != nil {
		return err
	}
	if err := c.Viewed(d.ID, "paper "+form.ID+": "+purpose); err != nil {
		return err
	}
	name := form.ID + "-" + d.Key
	out, err := form.Files(own, &rec, stamp, c.Today())
	if _, plain := asDeskError(err); plain {
		return c.again(f, err, again)
	}
	if err != nil {
		return err
	}
	if f.Text("kind") == "docx" {
		return c.file(out.Word, wordType, "attachment", name+".docx")
	}
	return c.file(out.PDF, "application/pdf", "attachment", name+".pdf")
}

// paperStamp says when, by whom and for what a paper left the record.
func (c *Call) paperStamp(purpose string) (document.PersonStamp, error) {
	cp, _, err := c.s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return document.PersonStamp{}, err
	}
	clean := strings.NewReplacer("{", "(", "}", ")").Replace
	return document.PersonStamp{Text: c.Words(rule.Words{
		VI: "Minh Bạch · số liệu ngày " + dayText("vi", c.On()) + ", lấy ngày " + dayText("vi", c.Today()) + " bởi " + clean(c.User.Name) + " để: " + clean(purpose) + " · điểm chứng " + cp.PaperCode(),
		EN: "Minh Bạch · as of " + dayText("en", c.On()) + ", taken on " + dayText("en", c.Today()) + " by " + clean(c.User.Name) + " for: " + clean(purpose) + " · checkpoint " + cp.PaperCode()})}, nil
}
