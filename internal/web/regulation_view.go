package web

import (
	"regexp"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// itemViews gathers what all items show, with proposals and attestations.
func (c *Call) itemViews(tx *store.Tx, lib *rule.Library, e *rule.Edition) (map[string]RegItem, error) {
	ps, err := regulation.ProposalsFor(c.Ctx(), tx, e.Document.Ref(), e.ID)
	if err != nil {
		return nil, err
	}
	may := c.User.Has(desk.AttestRegulation)
	out := map[string]RegItem{}
	e.EachItem(func(sort string, it *rule.Item) {
		v := RegItem{ID: it.ID, Title: c.Words(it.Title), Article: it.Article, Source: it.Source, Path: itemURL(e, it.ID), Settled: -1, Proposal: -1}
		ev := it.Evidence
		at, settled := lib.Attested(e, it.ID)
		if settled {
			ev, v.Settled = rule.Attested, at.Entry
		}
		v.Tag = evidenceTag(c, ev)
		for _, p := range ps {
			if p.Item == it.ID && p.State == "open" {
				v.Proposal = p.Entry
			}
		}
		if it.Evidence == rule.Unverified {
			v.Readings = c.readings(e, it, at.Choice)
			if may && v.Proposal < 0 {
				v.Attest = proposeURL(e, it.ID)
			}
		}
		out[it.ID] = v
	})
	return out, nil
}

// readings lists the main reading and the others, with what each would decide.
func (c *Call) readings(e *rule.Edition, it *rule.Item, chosen string) []readingView {
	main := readingView{ID: rule.MainReading, Main: true, Chosen: chosen == rule.MainReading}
	switch p, q, r := parameterOf(e, it.ID), policyOf(e, it.ID), ruleOf(e, it.ID); {
	case p != nil:
		main.Value, main.Says = p.Text(p.Value), c.Words(p.Unit)
	case q != nil:
		main.Says = c.Words(q.Says) // the policy's name is the program's, not the reader's
	case r != nil:
		main.Value, main.Says = r.Expr, c.Words(r.Title)
	default: // a step, a list of ties
		main.Says = c.Words(it.Title)
	}
	out := []readingView{main}
	for _, r := range it.Readings {
		v := readingView{ID: r.ID, Says: c.Words(r.Says), Value: r.Expr, Chosen: chosen == r.ID}
		if r.Value != nil {
			v.Value = parameterOf(e, it.ID).Text(*r.Value)
		}
		if v.Value == "true" || v.Value == "false" {
			v.Value = "" // the words say it
		}
		out = append(out, v)
	}
	return out
}

func parameterOf(e *rule.Edition, id string) *rule.Parameter {
	for _, p := range e.Parameters {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func policyOf(e *rule.Edition, id string) *rule.Policy {
	for _, p := range e.Policies {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func ruleOf(e *rule.Edition, id string) *rule.Rule {
	for _, r := range e.Rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (c *Call) paramViews(lib *rule.Library, e *rule.Edition, items map[string]RegItem) []paramView {
	now := map[string]regulation.Value{}
	if e.Override == nil {
		for _, v := range regulation.InForce(lib, e.Document.Ref(), c.On()) {
			now[v.ID] = v
		}
	}
	var out []paramView
	for _, p := range e.Parameters {
		v := paramView{RegItem: items[p.ID], Value: p.Text(p.Value), Unit: c.Words(p.Unit), Type: c.TK("reg.type", p.Type)}
		if at, ok := lib.Attested(e, p.ID); ok {
			for _, r := range p.Readings {
				if r.ID == at.Choice && r.Value != nil {
					v.Value = p.Text(*r.Value)
				}
			}
		}
		if o, ok := now[p.ID]; ok && o.Edition.Override != nil {
			v.InForce, v.By, v.ByPath = o.Text(o.Value), o.Edition.Document.Number, editionURL(o.Edition)
		}
		if e.Override == nil && c.User.Has(desk.KeepRegulation) {
			v.Override = overrideURL(e, p.ID)
		}
		out = append(out, v)
	}
	return out
}

func (c *Call) ruleView(lib *rule.Library, e *rule.Edition, r *rule.Rule, it RegItem) ruleView {
	v := ruleView{RegItem: it, Holds: c.sentence(e, c.Words(r.Holds)), Fails: c.sentence(e, c.Words(r.Fails)), Expr: r.Expr, Role: c.TK("reg.role", string(r.Role)),
		Block: r.Severity == "block"}
	for i, f := range r.Forms {
		if i > 0 {
			v.Forms += ", "
		}
		v.Forms += f
	}
	if b, err := lib.Rule(r.ID, e.Valid.From, nil); err == nil && b.Rule == r {
		for _, s := range b.Needs {
			v.Needs = append(v.Needs, s.String()+" – "+c.Words(s.Words()))
		}
	}
	return v
}

var place = regexp.MustCompile(`\{[a-z0-9_]+\}`)

// sentence shows the words of a rule outside any contest: parameters with the
// value of the edition, inputs by what they are.
func (c *Call) sentence(e *rule.Edition, text string) string {
	return place.ReplaceAllStringFunc(text, func(m string) string {
		name := m[1 : len(m)-1]
		if p := parameterOf(e, name); p != nil {
			return p.Text(p.Value)
		}
		for _, s := range rule.Vocabulary() {
			if s.String() == name {
				return "‹" + c.Words(s.Words()) + "›"
			}
		}
		return m
	})
}

func policyDetail(p *rule.Policy) string {
	return strings.Join(p.List, ", ")
}

func (c *Call) contestView(e *rule.Edition, k *rule.Contest) contestView {
	v := contestView{ID: k.ID, Title: c.Words(k.Title), Review: reviewURL(e.Valid.From, k.ID)}
	for _, id := range k.Rules {
		l := linkView{Text: id}
		if r := ruleOf(e, id); r != nil {
			l = linkView{c.Words(r.Title), "#" + id}
		}
		v.Rules = append(v.Rules, l)
	}
	return v
}
