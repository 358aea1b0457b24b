package web

import (
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// printLine is a recorded print in a list.
type printLine struct {
	document.MadePrint
	Name, Actor string
}

func (c *Call) printLines(tx *store.Tx, event string) (out []printLine, err error) {
	ps, err := document.Prints(c.Ctx(), tx, event)
	for _, p := range ps {
		out = append(out, printLine{p, c.TK("document.print", string(p.Kind)), c.actorText(tx, p.Actor)})
	}
	return out, err
}

// printForms are the two forms of a row of minutes, nil for those who may not
// print.
func (c *Call) printForms(tx *store.Tx, ev *election.Event) (slide, slip *Form, err error) {
	if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org}) {
		return nil, nil, nil
	}
	if slide, err = c.NewForm(tx, document.PapersSubject(ev.ID)); err == nil {
		slip, err = c.NewForm(tx, document.PapersSubject(ev.ID))
	}
	return slide, slip, err
}

// record keeps and records a print, and shows it.
func (c *Call) record(ev *election.Event, kind document.PrintKind, minutes int64, title string, pdf []byte) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	entry, rc, err := document.MakePrint(c.Ctx(), c.s.desk, c.s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: c.s.clock()}, ev.ID, ev.Org, kind, minutes, title, pdf)
	if err != nil {
		return err
	}
	return c.Done(fmt.Sprintf("%s/ban-in/%d", papersPath(ev.ID), entry), rc)
}

// papersPrintGet hands out a recorded print.
func (s *Server) papersPrintGet(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	var raw []byte
	var p *document.MadePrint
	if err := c.Read(func(tx *store.Tx) error {
		ev, err := c.event(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		p, raw, err = document.PrintFile(c.Ctx(), tx, ev.ID, entry)
		if err == nil && p.Kind == document.PrintKit && !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org}) {
			err = desk.Missing("Không có bản in này.", "There is no such print.")
		}
		return err
	}); err != nil {
		return err
	}
	return c.file(raw, "application/pdf", "inline", fmt.Sprintf("%s-muc-%d.pdf", p.Kind, p.Entry))
}

// ofMinutes draws a print of the minutes of the page.
func (c *Call) ofMinutes(draw func(*document.Model, *rule.Library) ([]byte, error)) (ev *election.Event, m *election.Minutes, title string, pdf []byte, err error) {
	err = c.Read(func(tx *store.Tx) error {
		var model *document.Model
		if m, model, err = c.minutesModel(tx); err != nil {
			return err
		}
		det, err := election.Get(c.Ctx(), tx, m.Contest)
		if err != nil {
			return err
		}
		if ev, err = election.GetEvent(c.Ctx(), tx, det.Event); err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		title = model.Title.VI
		pdf, err = draw(model, lib)
		return err
	})
	return ev, m, title, pdf, err
}

func slide(m *document.Model, _ *rule.Library) ([]byte, error) { return m.Slide() }

func sealingSlip(m *document.Model, lib *rule.Library) ([]byte, error) {
	keep := document.Term{}
	if m.Family == "party" {
		var err error
		if keep, err = document.KeepingTerm(lib, m.Held); err != nil {
			return nil, err
		}
	}
	return m.SealingSlip(keep)
}

func (s *Server) papersSlideGet(c *Call) error   { return c.showPrint(slide, "trang-chieu") }
func (s *Server) papersSealingGet(c *Call) error { return c.showPrint(sealingSlip, "phieu-niem-phong") }
func (s *Server) papersSlidePost(c *Call) error  { return c.makePrint(slide, document.PrintSlide) }
func (s *Server) papersSealingPost(c *Call) error {
	return c.makePrint(sealingSlip, document.PrintSlip)
}

// showPrint shows a print without recording it.
func (c *Call) showPrint(draw func(*document.Model, *rule.Library) ([]byte, error), name string) error {
	_, m, _, pdf, err := c.ofMinutes(draw)
	if err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", fmt.Sprintf("%s-muc-%d.pdf", name, m.Entry))
}

func (c *Call) makePrint(draw func(*document.Model, *rule.Library) ([]byte, error), kind document.PrintKind) error {
	ev, m, title, pdf, err := c.ofMinutes(draw)
	if err != nil {
		return err
	}
	return c.record(ev, kind, m.Entry, title, pdf)
}
