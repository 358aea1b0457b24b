package web

import (
	"io"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

type paperTemplateData struct {
	Event    *election.Event
	Versions []document.TemplateVersion // newest first
	Own      bool
	Form     *Form
}

var paperTemplate = page[paperTemplateData]("document_template")

func (s *Server) paperTemplateGet(c *Call) error { return c.showPaperTemplate(nil) }

func (c *Call) showPaperTemplate(f *Form) error {
	d := paperTemplateData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err != nil {
			return err
		}
		d.Event = chain.Event
		vs, err := document.Templates(c.Ctx(), tx, d.Event.Org)
		if err != nil {
			return err
		}
		for i := len(vs) - 1; i >= 0; i-- {
			v := vs[i]
			v.Actor = c.actorText(tx, v.Actor)
			d.Versions = append(d.Versions, v)
		}
		d.Own = len(vs) > 0 && vs[len(vs)-1].File != ""
		if f == nil {
			d.Form, err = c.NewForm(tx, document.TemplateSubject(d.Event.Org))
		}
		return err
	})
	if err != nil {
		return err
	}
	return paperTemplate.show(c, d)
}

// paperTemplatePost takes an own template, shows what it makes of sample data,
// or goes back to the shipped one.
func (s *Server) paperTemplatePost(c *Call) error {
	f, err := c.PostForm()
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
	if f.Text("do") == "reset" {
		rc, ok, err := c.Do(f, document.SetTemplate{Org: ev.Org, Reason: f.Text("reason")})
		if err != nil {
			return err
		}
		if !ok {
			return c.showPaperTemplate(f)
		}
		return c.Done(papersPath(ev.ID)+"/mau", rc)
	}
	raw, err := c.templateFile()
	if err != nil {
		return c.again(f, err, c.showPaperTemplate)
	}
	if f.Text("do") == "preview" {
		out, err := document.PreviewTemplate(raw, c.Today())
		if err != nil {
			return c.again(f, err, c.showPaperTemplate)
		}
		return c.file(out, wordType, "attachment", "xem-thu-mau.docx")
	}
	rc, err := document.TakeTemplate(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()}, ev.Org, raw, f.Text("reason"))
	if err != nil {
		return c.again(f, err, c.showPaperTemplate)
	}
	return c.Done(papersPath(ev.ID)+"/mau", rc)
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
// version of the own one ("<version>.docx").
func (s *Server) paperTemplateFileGet(c *Call) error {
	name := c.R.PathValue("file")
	var raw []byte
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err != nil {
			return err
		}
		if name == "co-san.docx" {
			form, err := document.FormOn(c.Today())
			if err != nil {
				return err
			}
			raw, err = document.PaperTemplate(form)
			return err
		}
		raw, err = document.TemplateFile(c.Ctx(), tx, chain.Event.Org, name)
		return err
	})
	if err != nil {
		return err
	}
	return c.file(raw, wordType, "attachment", "mau-giay-to-"+name)
}
