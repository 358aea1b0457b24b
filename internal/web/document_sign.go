package web

import (
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

// signCard is the card of the signature of a paper, or of counting minutes:
// what is recorded, and the form for those who may record it.
type signCard struct {
	Path   string // where the form is sent
	Signed *document.Signing
	Older  []document.Signing
	Form   *Form // nil for those who may not
}

// signature reads the card; f is a posted form that was not taken, who are the
// names that the paper has for its signatures.
func (c *Call) signature(tx *store.Tx, ev *election.Event, of int64, path string, f *Form, who []string) (*signCard, error) {
	d := &signCard{Path: path, Form: f}
	all, err := document.Signings(c.Ctx(), tx, ev.ID, of)
	if err != nil {
		return nil, err
	}
	if n := len(all); n > 0 {
		d.Signed, d.Older = &all[n-1], all[:n-1]
	}
	if f == nil && c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org, Case: election.EventSubject(ev.ID)}) {
		if d.Form, err = c.NewForm(tx, document.PapersSubject(ev.ID)); err != nil {
			return nil, err
		}
		d.Form.Set("day", c.Today().Vietnamese()).Set("who", strings.TrimSpace(strings.Join(who, "\n")))
	}
	return d, nil
}

// sign records the signature of a posted form.
func (c *Call) sign(f *Form, ev *election.Event, of int64, to string, show func(*Form) error) error {
	day, err := dayOr(f, "day")
	if err != nil {
		return c.again(f, err, show)
	}
	return c.finish(f, document.SignPaper{Event: ev.ID, Org: ev.Org, Entry: of, Day: day, Who: strings.Split(f.Text("who"), "\n"), Where: f.Text("where"), Reason: f.Text("reason")}, to, show)
}

func (s *Server) paperSignPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	ev, p, err := c.paperHere()
	if err != nil {
		return err
	}
	return c.sign(f, ev, p.Entry, fmt.Sprintf("%s/muc/%d", papersPath(ev.ID), p.Entry), c.showPaper)
}

func (s *Server) minutesSignPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	ev, m, err := c.minutesOf()
	if err != nil {
		return err
	}
	return c.sign(f, ev, m.Entry, fmt.Sprintf("/bau-cu/bien-ban-so/%d", m.Entry), c.showMinutes)
}
