package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// ballotboxCompareData is the comparison of the readings, for the head alone,
// and of another program's result.
type ballotboxCompareData struct {
	Box   *ballotbox.Row
	User  boxUser
	Piles []comparedPile
	Other bool // the box is counted beside another program
	Form  *Form
	totalsShape
	Others []otherView
	Done   bool // every ballot is read and decided: results can be compared
	Heads  []int
	Scans  []scanView
}

type comparedPile struct {
	Pile, Size, Attempt int
	Tag                 Tag
	Attempts            []comparedAttempt
}

type comparedAttempt struct {
	Attempt int
	Rows    []comparedRow
}

type comparedRow struct {
	Keys, Says string
	Counts     []int64
}

type otherView struct {
	Source, Who string
	Entry       int64
	Same        bool
	Rows        []otherRow
}

type otherRow struct {
	Label        string
	Ours, Theirs int64
}

var ballotboxCompare = page[ballotboxCompareData]("ballotbox_compare")

func (s *Server) ballotboxCompareGet(c *Call) error { return c.showCompare(nil) }

func (c *Call) showCompare(f *Form) error {
	d := ballotboxCompareData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		if !u.Head {
			return desk.Deny("Trang đối chiếu chỉ dành cho trưởng ban kiểm phiếu.", "The comparison is for the head of the counting board alone.")
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
		for _, x := range causes {
			ids = append(ids, x.ID)
		}
		d.Box, d.User, d.Other = b, u, b.Mode == ballotbox.CompareWith
		if d.totalsShape, err = c.totalsOf(lib, b); err != nil {
			return err
		}
		for st := 1; st <= b.Stations; st++ {
			d.Heads = append(d.Heads, st)
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.PileSubject(b.ID, 0, ballotbox.OtherStation)); err != nil {
				return err
			}
		}
		piles, err := ballotbox.Piles(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		for _, p := range piles {
			v := comparedPile{Pile: p.Pile, Size: p.Size, Attempt: p.Attempt, Tag: Tag{"no", c.T("ballotbox.pile.waits")}}
			if p.Agreed >= 0 {
				v.Tag = Tag{"yes", c.T("ballotbox.pile.agreed")}
			}
			for a := p.Attempt; a >= 1; a-- {
				diffs, err := ballotbox.Compared(c.Ctx(), tx, b, p.Pile, a)
				if err != nil {
					return err
				}
				if len(diffs) == 0 {
					continue
				}
				v.Tag = Tag{"stop", c.T("ballotbox.pile.again", strconv.Itoa(p.Attempt))}
				if p.Agreed >= 0 {
					v.Tag = Tag{"yes", c.T("ballotbox.pile.agreed")}
				}
				at := comparedAttempt{Attempt: a}
				for _, x := range diffs {
					r := comparedRow{Counts: x.Counts, Keys: c.totalLabel(b, x.Field)}
					if x.Pattern != "" {
						r.Keys, r.Says = ballotbox.WriteKeys(b.Sheet.Form, x.Pattern, ids), c.ballotSays(b, x.Pattern)
					}
					at.Rows = append(at.Rows, r)
				}
				v.Attempts = append(v.Attempts, at)
			}
			d.Piles = append(d.Piles, v)
		}
		scans, err := ballotbox.ScanCompared(c.Ctx(), tx, b)
		if err != nil {
			return err
		}
		d.Scans = c.scanViews(b, scans, ids)
		if !d.Other {
			return nil
		}
		st, err := ballotbox.StateOf(c.Ctx(), tx, lib, b)
		if err != nil || st == ballotbox.StateReading || st == ballotbox.StateDoubts || len(piles) == 0 {
			return err
		}
		d.Done = true
		check, err := ballotbox.CheckOf(c.Ctx(), tx, lib, b)
		if err != nil {
			return err
		}
		d.Others = c.otherViews(b, check.Others)
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(ballotbox.Subject(d.Box.ID), c.T("ballotbox.compare")); err != nil {
		return err
	}
	return ballotboxCompare.show(c, d)
}

func (c *Call) otherViews(b *ballotbox.Row, others []ballotbox.Other) []otherView {
	var out []otherView
	for _, o := range others {
		v := otherView{Source: o.Source, Who: who(b, o.Person), Entry: o.Entry, Same: len(o.Diffs) == 0}
		for _, x := range o.Diffs {
			v.Rows = append(v.Rows, otherRow{c.totalLabel(b, x.Field), x.A, x.B})
		}
		out = append(out, v)
	}
	return out
}

// totalLabel names a figure of totals, "votes.c3" by the person's name.
func (c *Call) totalLabel(b *ballotbox.Row, field string) string {
	name, id, ok := strings.Cut(field, ".")
	if !ok {
		if field == "" {
			return ""
		}
		return c.TK("ballotbox.total", field)
	}
	return calledBy(b, id) + ": " + lowerFirst(c.TK("ballotbox.total", name))
}

func (s *Server) ballotboxOtherPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, u, err := c.theBox()
	if err != nil {
		return err
	}
	if !u.Head {
		return desk.Deny("Trang đối chiếu chỉ dành cho trưởng ban kiểm phiếu.", "The comparison is for the head of the counting board alone.")
	}
	t, err := c.typedTotals(f, b)
	if err != nil {
		return c.again(f, err, c.showCompare)
	}
	return c.finish(f, ballotbox.EnterOther{Box: b.ID, Case: b.Case, Source: f.Text("source"), Totals: t}, "/kiem-phieu/doi-chieu/"+b.ID, c.showCompare)
}

// scanView is the scan of a pile held against its typed readings.
type scanView struct {
	Pile         int
	Tag          Tag
	Reader       string
	Settled      bool
	Same         bool
	Votes, Diffs []otherRow
}

// Long says that the persons whose votes differ are many: one sheet that one
// side leaves to the board makes nearly all of them differ, so they stand folded
// behind the sheets themselves.
func (v scanView) Long() bool { return len(v.Votes) > 8 }

// calledBy is the name of a candidate as the board calls him: two called alike
// are told apart as on the ballot.
func calledBy(b *ballotbox.Row, id string) string {
	if i := slices.IndexFunc(b.Sheet.Candidates, func(x vote.Candidate) bool { return x.ID == id }); i >= 0 {
		return b.Called(i)
	}
	return id
}

func (c *Call) scanViews(b *ballotbox.Row, piles []ballotbox.ScanPile, causes []string) []scanView {
	var out []scanView
	for _, p := range piles {
		v := scanView{Pile: p.Pile, Settled: p.Settled, Same: p.Same, Reader: c.T("ballotbox.scan.reader", strconv.FormatInt(p.Reader.Ballots, 10), who(b, p.Reader.Person)), Tag: Tag{"wait", c.T("ballotbox.scan.notyet")}}
		switch {
		case p.Settled && p.Same:
			v.Tag = Tag{"yes", c.T("ballotbox.scan.same")}
		case p.Settled:
			v.Tag = Tag{"stop", c.T("ballotbox.scan.differs")}
		}
		for _, x := range p.Votes {
			v.Votes = append(v.Votes, otherRow{calledBy(b, x.Field), x.Counts[0], x.Counts[1]})
		}
		for _, x := range p.Diffs {
			v.Diffs = append(v.Diffs, otherRow{ballotbox.WriteKeys(b.Sheet.Form, x.Pattern, causes) + " · " + c.ballotSays(b, x.Pattern), x.Counts[0], x.Counts[1]})
		}
		out = append(out, v)
	}
	return out
}
