package web

import (
	"io"
	"net/url"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

type paperTemplateData struct {
	Event    *election.Event
	Slots    []templateSlot
	Slot     document.Slot
	Name     string
	Path     string                     // where its forms go
	Versions []document.TemplateVersion // newest first
	Own      bool
	Odd      []string // what the PDF of the template in use, or of the one tried, has otherwise
	Tried    bool     // a template was tried and can be taken
	Form     *Form
}

// templateSlot is a kind of paper in the menu.
type templateSlot struct {
	Name, Path string
	Now, Own   bool
}

var paperTemplate = page[paperTemplateData]("document_template")

func templatePath(event, slot string) string {
	return papersPath(event) + "/mau?" + url.Values{"loai": {slot}}.Encode()
}

// templateSlotOf is the kind of paper that the page is about.
func (c *Call) templateSlotOf() (document.Slot, error) {
	id := c.R.URL.Query().Get("loai")
	for _, s := range document.Slots() {
		if s.ID == id {
			return s, nil
		}
	}
	return document.Slot{}, desk.Missing("Không có loại giấy này.", "There is no such paper.")
}

func (s *Server) paperTemplateGet(c *Call) error { return c.showPaperTemplate(nil, nil) }

// showPaperTemplate shows the templates of a kind of paper; tried is a template
// that was tried just now, nil for none.
func (c *Call) showPaperTemplate(f *Form, tried *document.Printed) error {
	slot, err := c.templateSlotOf()
	if err != nil {
		return err
	}
	d := paperTemplateData{Form: f, Slot: slot, Name: c.Words(slot.Words), Tried: tried != nil}
	var inUse []byte
	err = c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err != nil {
			return err
		}
		d.Event, d.Path = chain.Event, templatePath(chain.Event.ID, slot.ID)
		for _, x := range document.Slots() {
			vs, err := x.Versions(c.Ctx(), tx, d.Event.Org)
			if err != nil {
				return err
			}
			d.Slots = append(d.Slots, templateSlot{c.Words(x.Words), templatePath(d.Event.ID, x.ID), x.ID == slot.ID, len(vs) > 0 && vs[len(vs)-1].File != ""})
		}
		vs, err := slot.Versions(c.Ctx(), tx, d.Event.Org)
		if err != nil {
			return err
		}
		for i := len(vs) - 1; i >= 0; i-- {
			v := vs[i]
			v.Actor = c.actorText(tx, v.Actor)
			d.Versions = append(d.Versions, v)
		}
		if d.Own = len(vs) > 0 && vs[len(vs)-1].File != ""; d.Own {
			// A file that is gone from the store is told on the page of the paper.
			inUse, _ = store.GetBlob(c.Ctx(), tx, vs[len(vs)-1].File)
		}
		if f == nil {
			d.Form, err = c.NewForm(tx, slot.Subject(d.Event.Org))
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
	slot, err := c.templateSlotOf()
	if err != nil {
		return err
	}
	var ev *election.Event
	if err := c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err == nil {
			ev = chain.Event
		}
		return err
	}); err != nil {
		return err
	}
	show := func(f *Form) error { return c.showPaperTemplate(f, nil) }
	do := f.Text("do")
	if do == "reset" {
		rc, ok, err := c.Do(f, document.SetTemplate{Org: ev.Org, Slot: slot.ID, Reason: f.Text("reason")})
		if err != nil {
			return err
		}
		if !ok {
			return show(f)
		}
		return c.Done(templatePath(ev.ID, slot.ID), rc)
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
	rc, err := slot.Take(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()}, ev.Org, raw, f.Text("reason"))
	if err != nil {
		return c.again(f, err, show)
	}
	return c.Done(templatePath(ev.ID, slot.ID), rc)
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
	slot, err := c.templateSlotOf()
	if err != nil {
		return err
	}
	var raw []byte
	err = c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err != nil {
			return err
		}
		if name == "co-san.docx" {
			raw, err = slot.Shipped(c.Today())
			return err
		}
		raw, err = slot.File(c.Ctx(), tx, chain.Event.Org, name)
		return err
	})
	if err != nil {
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
