package web

import (
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ballotboxDoubtData is the queue of doubtful ballots: those alike stand
// together, so that the board decides them at once.
type ballotboxDoubtData struct {
	Box     *ballotbox.Row
	User    boxUser
	Groups  []doubtGroup
	Open    int
	Total   int
	Form    *Form
	Causes  []Option
	Reading bool // piles are still being read
}

type doubtGroup struct {
	Keys, Says string
	Unknown    bool // the stations keyed no marks
	Proposal   string
	Cause      string // proposed
	Reason     *rule.Verdict
	Seen       []string
	Items      []doubtItem
	Open       int
}

type doubtItem struct {
	Value    string // "pile/n"
	Label    string
	Decision string
	Reason   string
	Who      string
	Entry    int64
	Tag      Tag
}

var ballotboxDoubt = page[ballotboxDoubtData]("ballotbox_doubt")

func (s *Server) ballotboxDoubtGet(c *Call) error { return c.showDoubts(nil) }

func (c *Call) showDoubts(f *Form) error {
	d := ballotboxDoubtData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		causes, err := b.Causes(lib)
		if err != nil {
			return err
		}
		var ids []string
		title := map[string]string{}
		for _, x := range causes {
			ids, title[x.ID] = append(ids, x.ID), c.Words(x.Title)
			d.Causes = append(d.Causes, Option{x.ID, c.Words(x.Title)})
		}
		st, err := ballotbox.StateOf(c.Ctx(), tx, lib, b)
		if err != nil {
			return err
		}
		d.Box, d.User, d.Reading = b, u, st == ballotbox.StateReading
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.Subject(b.ID)); err != nil {
				return err
			}
		}
		if b.Mode == ballotbox.TotalsTwice || d.Reading {
			return nil // how many are doubtful is a figure: not before every pile is in
		}
		ds, err := ballotbox.Doubts(c.Ctx(), tx, lib, b)
		if err != nil {
			return err
		}
		at := map[string]int{}
		for _, x := range ds {
			i, ok := at[x.Pattern]
			if !ok {
				i = len(d.Groups)
				at[x.Pattern] = i
				g := doubtGroup{Keys: ballotbox.WriteKeys(b.Sheet.Form, x.Pattern, ids), Says: c.ballotSays(b, x.Pattern), Unknown: x.Pattern == "?", Reason: x.Reason}
				if cause, ok := strings.CutPrefix(x.Proposal, "invalid:"); ok {
					g.Cause, g.Proposal = cause, title[cause]
				}
				d.Groups = append(d.Groups, g)
			}
			g := &d.Groups[i]
			for _, h := range x.Seen {
				if g.Unknown && g.Cause == "" {
					g.Cause = h
				}
				if t := title[h]; t != "" && !strings.Contains(strings.Join(g.Seen, "\n"), t) {
					g.Seen = append(g.Seen, t)
				}
			}
			v := doubtItem{Value: strconv.Itoa(x.Pile) + "/" + strconv.Itoa(x.N), Label: c.T("ballotbox.doubt.item", strconv.Itoa(x.Pile), strconv.Itoa(x.N)), Entry: -1}
			if x.Decision != nil {
				v.Who, v.Entry, v.Reason = who(b, x.Person), x.Entry, x.Decision.Reason
				v.Tag = Tag{"stop", c.T("ballotbox.doubt.invalid") + ": " + title[x.Decision.Cause]}
				if x.Decision.Valid {
					v.Tag = Tag{"yes", c.T("ballotbox.doubt.valid") + " (" + ballotbox.WriteKeys(b.Sheet.Form, x.Decision.Pattern, ids) + ")"}
				}
			} else {
				d.Open++
				g.Open++
			}
			d.Total++
			g.Items = append(g.Items, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.Total > 0 {
		if err := c.Viewed(ballotbox.Subject(d.Box.ID), c.T("ballotbox.doubt")); err != nil {
			return err
		}
	}
	return ballotboxDoubt.show(c, d)
}

func (s *Server) ballotboxDoubtPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	act := ballotbox.Decide{Box: b.ID, Case: b.Case, Valid: f.Text("valid") == "yes", Keys: f.Text("keys"), Cause: f.Text("cause"), Reason: f.Text("reason")}
	for _, v := range f.Values["item"] {
		p, n, _ := strings.Cut(v, "/")
		pile, err1 := strconv.Atoi(p)
		at, err2 := strconv.Atoi(n)
		if err1 == nil && err2 == nil {
			act.Items = append(act.Items, ballotbox.Item{Pile: pile, N: at})
		}
	}
	if act.For, err = countOf(f, "for"); err == nil {
		act.Against, err = countOf(f, "against")
	}
	if err != nil {
		return c.again(f, err, c.showDoubts)
	}
	return c.finish(f, act, "/kiem-phieu/nghi-van/"+b.ID, c.showDoubts)
}
