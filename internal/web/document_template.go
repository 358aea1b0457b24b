package web

import (
	"io"
	"net/url"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/store"
)

type paperTemplateData struct {
	Files    string  // path of a file of these templates, before its name
	After    string  // and after it
	Crumbs   []Crumb // way here
	Slots    []templateSlot
	Slot     document.Slot
	Name     string
	Path     string                     // where its forms go
	Versions []document.TemplateVersion // newest first
	Own      bool
	Odd      []string // what the PDF of the template in use, or of the one tried, has otherwise
	Lacks    string   // what the template in use leaves out that papers hold today
	Tried    bool     // a template was tried and can be taken
	Form     *Form
}

// templateSlot is a kind of paper in the menu.
type templateSlot struct {
	Name, Path string
	Now, Own   bool
}

var paperTemplate = page[paperTemplateData]("document_template")

func templatePath(base, slot string) string {
	return base + "?" + url.Values{"loai": {slot}}.Encode()
}

// caseTemplates is the page of an organisation's own templates for the papers of
// its personnel cases.
func caseTemplates(id string) string { return "/quy-trinh/mau/" + id }

// personTemplates is the page of an organisation's own templates for the forms
// and lists about persons whose files it keeps, and those below it keep.
func personTemplates(id string) string { return "/can-bo/mau/" + id }

// templateOwner is whose templates the page is about: of the papers of an event,
// or of an organisation's personnel cases.
type templateOwner struct {
	Org, Base string
	Files     string // path of a file of theirs, before its name
	After     string // and after it
	Crumbs    []Crumb
	Slots     []document.Slot
}

// templateOwnerOf reads the owner that the path names.
func (c *Call) templateOwnerOf(tx *store.Tx) (o templateOwner, err error) {
	if id := c.R.PathValue("home"); id != "" {
		if known, err := org.Known(c.Ctx(), tx, id); err != nil {
			return o, err
		} else if !known || !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: id}) {
			return o, errNotFound
		}
		name, err := c.unitName(tx, id, c.Today())
		return templateOwner{Org: id, Base: personTemplates(id), Files: "/can-bo/mau-tep/", After: "/" + id, Slots: document.PersonSlots(),
			Crumbs: []Crumb{{c.T("nav.person"), "/can-bo"}, {name, unitPath(id)}}}, err
	}
	if id := c.R.PathValue("org"); id != "" {
		if known, err := org.Known(c.Ctx(), tx, id); err != nil {
			return o, err
		} else if !known || !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: id}) {
			return o, errNotFound
		}
		name, err := c.unitName(tx, id, c.Today())
		if err != nil {
			return o, err
		}
		o = templateOwner{Org: id, Base: caseTemplates(id), Files: "/quy-trinh/mau-tep/", After: "/" + id, Crumbs: []Crumb{{c.T("nav.procedure"), "/quy-trinh"}, {name, unitPath(id)}}}
		for _, k := range document.CasePaperKinds {
			o.Slots = append(o.Slots, document.CaseSlot(k))
		}
		return o, nil
	}
	chain, err := c.paperEvent(tx)
	if err != nil {
		return o, err
	}
	ev := chain.Event
	return templateOwner{Org: ev.Org, Base: papersPath(ev.ID) + "/mau", Files: papersPath(ev.ID) + "/mau/", Slots: document.Slots(),
		Crumbs: []Crumb{{c.T("nav.election"), "/bau-cu"}, {c.Words(ev.Title), "/bau-cu/su-kien/" + ev.ID}, {c.T("document.papers"), papersPath(ev.ID)}}}, nil
}

// templateSlotOf is the owner, and the kind of paper that the page is about.
func (c *Call) templateSlotOf(tx *store.Tx) (o templateOwner, slot document.Slot, err error) {
	if o, err = c.templateOwnerOf(tx); err != nil {
		return o, slot, err
	}
	id := c.R.URL.Query().Get("loai")
	for _, s := range o.Slots {
		if s.ID == id {
			return o, s, nil
		}
	}
	return o, slot, desk.Missing("Không có loại giấy này.", "There is no such paper.")
}

func (s *Server) paperTemplateGet(c *Call) error { return c.showPaperTemplate(nil, nil) }

// showPaperTemplate shows the templates of a kind of paper; tried is a template
// that was tried just now, nil for none.
func (c *Call) showPaperTemplate(f *Form, tried *document.Printed) error {
	d := paperTemplateData{Form: f, Tried: tried != nil}
	var slot document.Slot
	var inUse []byte
	err := c.Read(func(tx *store.Tx) error {
		o, x, err := c.templateSlotOf(tx)
		if err != nil {
			return err
		}
		slot = x
		d.Slot, d.Name, d.Files, d.After, d.Crumbs, d.Path = x, c.Words(x.Words), o.Files, o.After, o.Crumbs, templatePath(o.Base, x.ID)
		for _, x := range o.Slots {
			vs, err := x.Versions(c.Ctx(), tx, o.Org)
			if err != nil {
				return err
			}
			d.Slots = append(d.Slots, templateSlot{c.Words(x.Words), templatePath(o.Base, x.ID), x.ID == slot.ID, len(vs) > 0 && vs[len(vs)-1].File != ""})
		}
		vs, err := slot.Versions(c.Ctx(), tx, o.Org)
		if err != nil {
			return err
		}
		for i := len(vs) - 1; i >= 0; i-- {
			v := vs[i]
			v.Actor = c.actorText(tx, v.Actor)
			d.Versions = append(d.Versions, v)
		}
		lacks, err := slot.Lacks(c.Ctx(), tx, o.Org, c.Today())
		if err != nil {
			return err
		}
		d.Lacks = c.Words(lacks)
		if d.Own = len(vs) > 0 && vs[len(vs)-1].File != ""; d.Own {
			// A file that is gone from the store is told on the page of the paper.
			inUse, _ = store.GetBlob(c.Ctx(), tx, vs[len(vs)-1].File)
		}
		if f == nil {
			d.Form, err = c.NewForm(tx, slot.Subject(o.Org))
		}
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case tried != nil:
		d.Odd = c.oddWords(tried.Odd)
	case inUse != nil:
		if p, err := slot.Try(inUse, c.Today()); err == nil {
			d.Odd = c.oddWords(p.Odd)
		}
	}
	return paperTemplate.show(c, d)
}

func (c *Call) oddWords(ns []docx.Note) (out []string) {
	for _, n := range ns {
		if c.Lang == "en" {
			out = append(out, n.EN)
		} else {
			out = append(out, n.VI)
		}
	}
	return out
}

// paperTemplatePost tries a template, shows what it makes of sample data, takes
// it, or goes back to the shipped one.
func (s *Server) paperTemplatePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var o templateOwner
	var slot document.Slot
	if err := c.Read(func(tx *store.Tx) (err error) {
		o, slot, err = c.templateSlotOf(tx)
		return err
	}); err != nil {
		return err
	}
	show := func(f *Form) error { return c.showPaperTemplate(f, nil) }
	do := f.Text("do")
	if do == "reset" {
		rc, ok, err := c.Do(f, document.SetTemplate{Org: o.Org, Slot: slot.ID, Reason: f.Text("reason")})
		if err != nil {
			return err
		}
		if !ok {
			return show(f)
		}
		return c.Done(templatePath(o.Base, slot.ID), rc)
	}
	raw, err := c.templateFile()
	if err != nil {
		return c.again(f, err, show)
	}
	if do == "try" || do == "preview" || do == "preview-pdf" {
		out, err := slot.Try(raw, c.Today())
		if err != nil {
			return c.again(f, err, show)
		}
		switch do {
		case "preview":
			return c.file(out.Word, wordType, "attachment", "xem-thu-mau.docx")
		case "preview-pdf":
			return c.file(out.PDF, "application/pdf", "inline", "xem-thu-mau.pdf")
		}
		return c.showPaperTemplate(f, &out)
	}
	rc, err := slot.Take(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()}, o.Org, raw, f.Text("reason"))
	if err != nil {
		return c.again(f, err, show)
	}
	return c.Done(templatePath(o.Base, slot.ID), rc)
}

func (c *Call) templateFile() ([]byte, error) {
	file, _, err := c.R.FormFile("file")
	if err != nil {
		return nil, desk.Wrong("file", "Hãy chọn một tệp Word (.docx).", "Choose a Word file (.docx).")
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, docx.MaxFile+1))
}

// paperTemplateFileGet hands out the shipped template ("co-san.docx") or a
// version of the own one ("<version>.docx"); with xem=pdf, what it makes of
// sample data.
func (s *Server) paperTemplateFileGet(c *Call) error {
	name := c.R.PathValue("file")
	var slot document.Slot
	var raw []byte
	if err := c.Read(func(tx *store.Tx) error {
		o, x, err := c.templateSlotOf(tx)
		if err != nil {
			return err
		}
		if slot = x; name == "co-san.docx" {
			raw, err = slot.Shipped(c.Today())
			return err
		}
		raw, err = slot.File(c.Ctx(), tx, o.Org, name)
		return err
	}); err != nil {
		return err
	}
	if c.R.URL.Query().Get("xem") == "pdf" {
		out, err := slot.Try(raw, c.Today())
		if err != nil {
			return err
		}
		return c.file(out.PDF, "application/pdf", "inline", "xem-thu-mau.pdf")
	}
	if slot.ID != "" {
		name = slot.ID + "-" + name
	}
	return c.file(raw, wordType, "attachment", "mau-giay-to-"+name)
}
