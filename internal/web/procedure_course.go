package web

import (
	"fmt"
	"strings"

	"minhbach/internal/document"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

// procedureCoursePDF is the one-page "Diễn biến quy trình" on paper: what the
// page on the screen shows this reader, with the entry of each step.
func (s *Server) procedureCoursePDF(c *Call) error {
	cp, _, err := s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return err
	}
	var v *caseView
	m := document.Course{Made: c.Today(), Code: cp.PaperCode()}
	if err := c.Read(func(tx *store.Tx) (err error) {
		if v, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		c.course(v, &m)
		return nil
	}); err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(v.ID), "case"); err != nil {
		return err
	}
	pdf, err := m.PDF()
	if err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", "dien-bien-"+v.ID+".pdf")
}

// course writes a case into the model of the paper.
func (c *Call) course(v *caseView, m *document.Course) {
	m.Title, m.Sample = v.Post+", "+v.OrgName, v.Sample
	m.Rules = c.Words(v.Def.Title) + ", " + v.Edition.Document.Number
	if v.Scribed {
		m.Notes = append(m.Notes, c.T("procedure.scribed.long"))
	}
	if g := v.Consent.Given; g != nil {
		m.Notes = append(m.Notes, c.T("procedure.consent.line", g.Body.Paper.Number, dayText(c.Lang, g.Body.On))+" ("+c.entryText(g.Entry)+")")
	}
	for _, k := range []string{"step", "held", "people", "roll", "ballots", "votes", "announced", "minutes", "article"} {
		m.Heads = append(m.Heads, c.TK("procedure.story", k))
	}
	for _, r := range c.storyRows(v) {
		held, votes, roll := "–", []string{}, "–"
		if !r.Held.IsZero() {
			held = dayText(c.Lang, r.Held) + "\n" + c.T("procedure.story.entered", r.Entered)
			if r.Late {
				held += "\n" + c.T("procedure.entered.late")
			}
		}
		if h := v.Step(r.Step); h != nil {
			e := h.Opening.Entry
			if h.Counted != nil {
				e = h.Counted.Entry
			}
			held += "\n" + c.entryText(e)
		}
		for _, l := range r.Lines {
			s := fmt.Sprintf("%s: %s", l.Name, number(c.Lang, l.Votes))
			if l.Share != "" {
				s += " (" + percent(c.Lang, l.Share) + ")"
			}
			votes = append(votes, s)
		}
		if r.Out != "" {
			votes = append(votes, r.Out)
		}
		if r.Summoned != "" {
			roll = r.Present + " / " + r.Summoned
		}
		minutes := r.Minutes
		if r.Signers != "" {
			minutes += "\n" + r.Signers
		}
		m.Rows = append(m.Rows, document.CourseRow{Cells: []string{r.Title + "\n" + r.Body, held, r.People, roll, r.Ballots, strings.Join(votes, "\n"), r.Announced, minutes, r.Article}})
	}
	for _, o := range v.Opinions {
		m.After = append(m.After, c.paperLine("opinion-recorded", o))
	}
	for _, o := range v.Differ {
		s := c.T("procedure.differ") + ": " + o.Body.Paper.By
		if v.Sees {
			s += ": " + o.Words
		}
		m.After = append(m.After, s+" ("+c.entryText(o.Entry)+")")
	}
	for _, x := range []struct {
		what string
		e    *procedure.Event
	}{{"submitted", v.SubmittedAt}, {"appraised", v.AppraisedAt}, {"decided", v.DecidedAt}, {"elected", v.ElectedAt}, {"ratified", v.RatifiedAt}} {
		if x.e != nil {
			m.After = append(m.After, c.paperLine(x.what, *x.e))
		}
	}
}

func (c *Call) entryText(entry int64) string { return c.T("ledger.entry", number(c.Lang, entry)) }

// paperLine is a paper of the case in one line, with its entry.
func (c *Call) paperLine(what string, e procedure.Event) string {
	p := e.Body.Paper
	s := c.TK("procedure.filed", what)
	if p.Number != "" {
		s += ": " + c.T("procedure.paper", p.Number, dayText(c.Lang, p.Date))
	}
	if p.By != "" {
		s += ", " + p.By
	}
	return s + " (" + c.entryText(e.Entry) + ")"
}
