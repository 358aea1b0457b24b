package web

import (
	"strings"
	"time"

	"minhbach/internal/election"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type regulationItemData struct {
	Edition *rule.Edition
	Where   string // address of the edition
	Sort    string // parameter, policy, rule, step, pair, kinship
	Param   *paramView
	Rule    *ruleView
	Policy  *policyView
	Lines   []string // of a step, a pair of posts, a list of ties
	Item    RegItem
	Others  []otherValue // the same item in other editions and overrides
	UsedBy  []linkView   // rules that use a parameter
	Kinds   []linkView   // contest kinds that ask the rule
	Used    []usedView   // contests decided with it
	UsedAll int
	History []attestView
	Entry   int64
}

// otherValue is the item in another edition.
type otherValue struct {
	Where, Path, Valid, Says string
	State                    Tag
	Same                     bool
}

// usedView is one contest whose verdict used the item.
type usedView struct {
	Title, Path string
	Date        vn.Date
	Status      string
}

type attestView struct {
	Entry, Closed int64
	At            time.Time
	Who, State    string
	Path          string
}

var regulationItem = page[regulationItemData]("regulation_item")

const usedShown = 50

func (s *Server) regulationItemGet(c *Call) error {
	var d regulationItemData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e, err := c.edition(lib)
		if err != nil {
			return err
		}
		id := c.R.PathValue("item")
		if e.Item(id) == nil {
			return errNotFound
		}
		d, err = c.itemData(tx, lib, e, id)
		return err
	})
	if err != nil {
		return err
	}
	return regulationItem.show(c, d)
}

func (c *Call) itemData(tx *store.Tx, lib *rule.Library, e *rule.Edition, id string) (regulationItemData, error) {
	d := regulationItemData{Edition: e, Where: editionURL(e), Entry: e.Recorded - 1}
	items, err := c.itemViews(tx, lib, e)
	if err != nil {
		return d, err
	}
	d.Item = items[id]
	switch p, q, r := parameterOf(e, id), policyOf(e, id), ruleOf(e, id); {
	case p != nil:
		d.Sort = "parameter"
		for _, v := range c.paramViews(lib, e, items) {
			if v.ID == id {
				d.Param = &v
			}
		}
		for _, x := range e.Rules {
			if regulation.Mentions(x, id) {
				d.UsedBy = append(d.UsedBy, linkView{c.Words(x.Title), itemURL(e, x.ID)})
			}
		}
	case q != nil:
		d.Sort = "policy"
		d.Policy = &policyView{items[id], c.Words(q.Says), q.Choose, policyDetail(q)}
	case r != nil:
		d.Sort = "rule"
		v := c.ruleView(lib, e, r, items[id])
		d.Rule = &v
	default:
		d.Sort, d.Lines = c.partLines(e, id, items)
	}
	d.Others = c.otherValues(lib, e, id)
	for _, k := range lib.RuleBooks(id, e.Valid.From) {
		d.Kinds = append(d.Kinds, linkView{c.Words(regulation.KindTitle(lib, k)), reviewURL(e.Valid.From, k)})
	}
	if d.Sort != "parameter" {
		rows, err := election.UsedBy(c.Ctx(), tx, id, e.Document.Number, e.Document.Date)
		if err != nil {
			return d, err
		}
		for _, r := range rows {
			if !lib.Validity(e).On(r.Date) {
				continue
			}
			if d.UsedAll++; len(d.Used) < usedShown {
				d.Used = append(d.Used, usedView{usedTitle(c, r), subjectPath(election.ContestSubject(r.ID)), r.Date, r.Status})
			}
		}
	}
	ps, err := regulation.ProposalsFor(c.Ctx(), tx, e.Document.Ref(), e.ID)
	if err != nil {
		return d, err
	}
	names := c.actorNames(tx)
	for _, p := range ps {
		if p.Item == id {
			d.History = append(d.History, attestView{p.Entry, p.Closed, p.At, names(p.Actor), p.State, proposalURL(p.Entry)})
		}
	}
	return d, nil
}

func usedTitle(c *Call, r election.Row) string {
	t := c.Words(r.Title)
	if r.Place != "" && !strings.Contains(t, r.Place) {
		t = r.Place + ", " + t
	}
	return t
}

// otherValues shows how the item stands elsewhere: in other editions of the
// document, in its successors, in overrides.
func (c *Call) otherValues(lib *rule.Library, e *rule.Edition, id string) []otherValue {
	mine := statement(c, e, id)
	var out []otherValue
	for _, o := range lib.Editions() {
		if o == e || o.Item(id) == nil {
			continue
		}
		says := statement(c, o, id)
		v := lib.Validity(o)
		out = append(out, otherValue{Where: c.T("reg.edition.short", o.Document.Number, o.ID), Path: itemURL(o, id), Valid: validityText(c, v),
			Says: says, State: stateTag(c, v), Same: says == mine})
	}
	return out
}

// statement is what an item says, in one line.
func statement(c *Call, e *rule.Edition, id string) string {
	switch p, q, r := parameterOf(e, id), policyOf(e, id), ruleOf(e, id); {
	case p != nil:
		return strings.TrimSpace(p.Text(p.Value) + " " + c.Words(p.Unit))
	case q != nil:
		return c.Words(q.Says)
	case r != nil:
		return strings.Join(strings.Fields(r.Expr), " ")
	}
	return ""
}
