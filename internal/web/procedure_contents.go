package web

import (
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

type procedureContentsData struct {
	View    *caseView
	Items   []contentsLine
	Missing int
}

type contentsLine struct {
	procedure.Item
	No    int
	Title string
	Who   string // signers
	Tag   Tag
}

var procedureContents = page[procedureContentsData]("procedure_contents")

// procedureContentsGet is the table of contents of a file: what is there, what
// is missing, where the paper lies.
func (s *Server) procedureContentsGet(c *Call) error {
	var d procedureContentsData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		d.Items, d.Missing = c.contents(d.View, d.View.Events)
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureContents.show(c, d)
}

// contents are the lines of the table of contents in words, and how many are
// missing.
func (c *Call) contents(v *caseView, events []procedure.Event) (out []contentsLine, missing int) {
	for i, it := range procedure.Contents(v.Def, v.State, events) {
		l := contentsLine{Item: it, No: i + 1, Title: c.TK("procedure.filed", it.What), Who: v.Names(it.Signers)}
		if it.Condition != "" {
			l.Title = c.Words(v.Condition(it.Condition)) + ": " + v.Name(it.Person)
		}
		if it.Step != "" {
			l.Title += ", " + c.T("procedure.step.n", it.Step)
		}
		switch {
		case it.There():
			l.Tag = Tag{"yes", c.T("procedure.there")}
		case it.Missing():
			l.Tag, missing = Tag{"stop", c.T("procedure.lacks")}, missing+1
		default:
			l.Tag = Tag{"no", c.T("procedure.step.waits")}
		}
		out = append(out, l)
	}
	return out, missing
}
