package web

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// ballotboxAuditData is the hand audit of a closed box: the draw, one drawn
// paper after another, what the papers seen so far show, and the end.
type ballotboxAuditData struct {
	Box     *ballotbox.Row
	User    boxUser
	Audit   *ballotbox.Audit
	Why     string // why there is nothing to audit
	Path    string
	Draw    *Form
	Limits  []Option
	Paper   *auditPaper // to enter now
	See     *Form
	Causes  []settleName
	Seen    int64
	Percent int64
	Risk    string // percent
	Limit   string
	Tag     Tag
	List    []auditPaper
	End     *Form
	Needs   bool // a note
	Text    string
	Head    string
}

type auditPaper struct {
	No       int64
	Pile, At int
	Where    string
	Seen     bool
	Who      string
	Keys     string
	Says     string
	Path     string
	Entry    int64
}

var ballotboxAudit = page[ballotboxAuditData]("ballotbox_audit")

func auditPath(box string) string { return "/kiem-phieu/kiem-lai/" + box }

func (s *Server) ballotboxAuditGet(c *Call) error { return c.showAudit(nil) }

// perMillion writes a share of a million as a percentage, rounded up, "2,37 %" or "5 %".
func perMillion(lang string, n int64) string {
	hundredths := (n + 99) / 100
	if hundredths%100 == 0 {
		return fmt.Sprintf("%d %%", hundredths/100)
	}
	sep := ","
	if lang == "en" {
		sep = "."
	}
	return fmt.Sprintf("%d%s%02d %%", hundredths/100, sep, hundredths%100)
}

// auditLimits are the risks a board may choose, per mille.
var auditLimits = []int64{10, 20, 50, 100}

func (c *Call) showAudit(f *Form) error {
	var d ballotboxAuditData
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		d.Box, d.User, d.Path, d.Head = b, u, auditPath(b.ID), who(b, b.Team.Head)
		if d.Audit, err = ballotbox.AuditOf(c.Ctx(), tx, lib, b); err != nil {
			if d.Why = c.refusal(err); d.Why != "" {
				return nil
			}
			return err
		}
		a := d.Audit
		for _, l := range auditLimits {
			d.Limits = append(d.Limits, Option{strconv.FormatInt(l, 10), perMillion(c.Lang, l*1000)})
		}
		d.Limit, d.Risk = perMillion(c.Lang, a.Limit*1000), perMillion(c.Lang, a.Risk)
		d.Text = ballotbox.SeedText(a.Seed, b.ID)
		causes, err := b.Causes(lib)
		if err != nil {
			return err
		}
		var ids []string
		for i, x := range causes {
			ids = append(ids, x.ID)
			d.Causes = append(d.Causes, settleName{N: i + 1, Name: c.Words(x.Title)})
		}
		want, _ := strconv.ParseInt(c.R.URL.Query().Get("phieu"), 10, 64)
		if f != nil && (f.Text("do") == "see" || f.Text("do") == "undo") {
			want, _ = strconv.ParseInt(f.Text("no"), 10, 64)
		}
		for _, p := range a.List {
			v := auditPaper{No: p.No, Pile: p.Pile, At: p.At, Seen: p.Seen, Entry: p.Entry, Path: fmt.Sprintf("%s?phieu=%d", d.Path, p.No),
				Where: c.T("ballotbox.audit.where", strconv.Itoa(p.Pile), strconv.Itoa(p.At))}
			if p.Seen {
				d.Seen++
				v.Who = who(b, p.Person)
				if p.Pattern != "" {
					v.Keys, v.Says = ballotbox.WriteKeys(b.Sheet.Form, p.Pattern, ids), c.ballotSays(b, p.Pattern)
				}
			}
			if p.No == want || want == 0 && !p.Seen && d.Paper == nil {
				d.Paper = &v
			}
			d.List = append(d.List, v)
		}
		if a.Papers > 0 {
			d.Percent = d.Seen * 100 / a.Papers
		}
		d.Tag = Tag{map[string]string{ballotbox.AuditStands: "yes", ballotbox.AuditDiffers: "stop"}[a.Outcome], ""}
		if d.Tag.Kind == "" {
			d.Tag.Kind = "wait"
		}
		if a.Drawn >= 0 {
			key := a.Outcome
			if a.Open > 0 {
				key = "open"
			}
			d.Tag.Text = c.TK("ballotbox.audit.outcome", key)
		}
		d.Needs = a.Outcome != ballotbox.AuditStands
		return d.forms(c, tx, f)
	})
	if err != nil {
		return err
	}
	if d.Why == "" {
		if err := c.Viewed(ballotbox.AuditSubject(d.Box.ID), c.T("ballotbox.audit")); err != nil {
			return err
		}
	}
	return ballotboxAudit.show(c, d)
}

// forms makes the forms of the page; f is the one that came back.
func (d *ballotboxAuditData) forms(c *Call, tx *store.Tx, f *Form) (err error) {
	if d.Draw, err = c.NewForm(tx, ballotbox.AuditSubject(d.Box.ID)); err != nil {
		return err
	}
	if d.End, err = c.NewForm(tx, ballotbox.AuditSubject(d.Box.ID)); err != nil {
		return err
	}
	d.Draw.Set("limit", strconv.FormatInt(d.Audit.Limit, 10))
	if d.Paper != nil {
		if d.See, err = c.NewForm(tx, fmt.Sprintf("%s/%d", ballotbox.AuditSubject(d.Box.ID), d.Paper.No)); err != nil {
			return err
		}
	}
	if f == nil {
		return nil
	}
	switch f.Text("do") {
	case "draw", "more":
		d.Draw = f
	case "end":
		d.End = f
	default:
		d.See = f
	}
	return nil
}

// refusal is the sentence of a refusal that a page shows in place of its work;
// empty for any other error.
func (c *Call) refusal(err error) string {
	var e *desk.Error
	if errors.As(err, &e) && e.Code == desk.Refused {
		return c.Words(e.Says)
	}
	return ""
}

// ballotboxAuditPost draws, enters a paper or takes it back, or ends.
func (s *Server) ballotboxAuditPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	number := func(name string) (n int64) {
		if t := f.Text(name); t != "" && err == nil {
			if n, err = strconv.ParseInt(t, 10, 64); err != nil {
				err = desk.Wrong(name, "Phải là một số.", "This must be a number.")
			}
		}
		return n
	}
	var act desk.Act
	switch f.Text("do") {
	case "draw", "more":
		d := ballotbox.DrawAudit{Box: b.ID, Case: b.Case, Dice: f.Text("dice"), Limit: number("limit"), Papers: number("papers")}
		if !slices.Contains(auditLimits, d.Limit) {
			d.Limit = 0
		}
		act = d
	case "see", "undo":
		act = ballotbox.SeeAudited{Box: b.ID, Case: b.Case, No: number("no"), Keys: f.Text("keys"), Undo: f.Text("do") == "undo"}
	case "end":
		act = ballotbox.EndAudit{Box: b.ID, Case: b.Case, Note: f.Text("note")}
	default:
		return desk.Wrong("", "Không rõ phải làm gì. Hãy tải lại trang.", "It is not clear what to do. Reload the page.")
	}
	if err != nil {
		return c.again(f, err, c.showAudit)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(auditPath(b.ID), rc)
	}
	return c.showAudit(f)
}
