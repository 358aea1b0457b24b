package web

import (
	"strings"

	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type procedureStoryData struct {
	View  *caseView
	Rows  []storyRow
	After []storyRow
}

// storyRow is one line of the one-page "Diễn biến quy trình".
type storyRow struct {
	Step, Title, Body     string
	Held                  vn.Date
	Entered               string
	Late                  bool
	People                string
	Summoned, Present     string
	Ballots               string
	Lines                 []caseLine
	Announced, Minutes    string
	Signers, Article, Out string
}

var procedureStory = page[procedureStoryData]("procedure_story")

func (s *Server) procedureStoryGet(c *Call) error {
	var d procedureStoryData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		d.Rows = c.storyRows(d.View)
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureStory.show(c, d)
}

func (c *Call) storyRows(v *caseView) []storyRow {
	n := func(p *int64) string {
		if p == nil {
			return "–"
		}
		return number(c.Lang, *p)
	}
	var out []storyRow
	for _, st := range v.Def.Steps {
		h := v.Step(st.ID)
		x := c.caseStep(v, st)
		r := storyRow{Step: st.ID, Title: c.Words(st.Title), Body: x.Body, Article: st.Article + ", " + v.Edition.Document.Number, Announced: x.Announc}
		if h != nil && h.Skipped {
			r.Out = c.T("procedure.step.skipped")
		}
		if h != nil && !h.Skipped {
			r.Held, r.Late, r.People = h.Opening.Body.On, h.Opening.Body.Late, v.Names(h.Opening.Body.Persons)
			r.Entered = whenText(c.Lang, h.Opening.At)
			if h.Counted != nil {
				r.Entered = whenText(c.Lang, h.Counted.At)
				if f := h.Counted.Body.Figures; f != nil {
					r.Summoned, r.Present = n(f.Summoned), n(f.Present)
				}
				if rec := h.Record; rec != nil && x.Shown {
					r.Summoned, r.Present = n(rec.Base.Summoned), n(rec.Base.Present)
					r.Ballots = n(rec.Ballots.Issued) + " / " + n(rec.Ballots.Collected) + " / " + n(rec.Ballots.Valid)
				}
				r.Out = c.T("procedure.step.passed", v.Names(h.Passed))
				if !x.Shown {
					r.Out = c.T("procedure.hidden")
				}
			}
			r.Lines = x.Lines
			for _, e := range v.Papers {
				if e.Body.Step == st.ID {
					r.Minutes = strings.TrimSpace(e.Body.Paper.Kind + " " + e.Body.Paper.Number)
					if w := e.Body.Paper.Where; w != "" {
						r.Minutes += ", " + w
					}
					r.Signers = v.Names(e.Body.Signers)
				}
			}
		}
		out = append(out, r)
	}
	return out
}
