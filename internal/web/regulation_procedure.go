package web

import (
	"minhbach/internal/rule"
)

// procedureView is a personnel procedure as the edition page shows it: its
// steps in order with who meets, and what is asked of each person.
type procedureView struct {
	RegItem
	Conditions []conditionView
	Steps      []stepView
	Deadlines  []linkView
}

type conditionView struct {
	RegItem
	Rule linkView
}

type stepView struct {
	RegItem
	N, Body, Does, Persons, Participants string
	Contest                              linkView
	Notes                                []string
}

// kinView is the list of family ties of a document.
type kinView struct{ RegItem }

// pairView is a pair of posts that relatives do not hold together.
type pairView struct {
	RegItem
	Says, A, B string
	Exception  bool
}

func (c *Call) procedureViews(lib *rule.Library, e *rule.Edition, items map[string]RegItem) []procedureView {
	var out []procedureView
	for _, p := range e.Procedures {
		v := procedureView{RegItem: c.plainItem(&p.Item)}
		for _, id := range []string{p.Consent, p.Deadline} {
			if id != "" {
				v.Deadlines = append(v.Deadlines, c.ruleLink(lib, e, id))
			}
		}
		for i := range p.Conditions {
			k := &p.Conditions[i]
			cv := conditionView{RegItem: c.plainItem(&k.Item)}
			if k.Rule != "" {
				cv.Rule = c.ruleLink(lib, e, k.Rule)
			}
			v.Conditions = append(v.Conditions, cv)
		}
		for _, s := range p.Steps {
			v.Steps = append(v.Steps, c.stepView(p, s, items[rule.StepItem(p.ID, s.ID)], e))
		}
		out = append(out, v)
	}
	return out
}

func (c *Call) stepView(p *rule.Procedure, s *rule.Step, item RegItem, e *rule.Edition) stepView {
	v := stepView{RegItem: item, N: s.ID, Body: c.TK("reg.body", s.Body), Does: c.TK("reg.does", s.Does),
		Persons: c.TK("reg.persons", s.Persons), Participants: c.Words(s.Participants)}
	if s.Of != "" {
		v.Persons = c.T("reg.persons.of."+s.Persons, s.Of)
	}
	if s.Contest != "" {
		v.Contest = linkView{s.Contest, reviewURL(e.Valid.From, s.Contest)}
	}
	if s.Compare != "" {
		v.Notes = append(v.Notes, c.T("reg.step.compare", s.Compare))
	}
	if s.Opinion {
		v.Notes = append(v.Notes, c.T("reg.step.opinion"))
	}
	return v
}

// plainItem is an item that is not attested by itself.
func (c *Call) plainItem(it *rule.Item) RegItem {
	return RegItem{ID: it.ID, Title: c.Words(it.Title), Article: it.Article, Source: it.Source, Tag: evidenceTag(c, it.Evidence), Settled: -1, Proposal: -1}
}

// ruleLink leads to a rule of the day, in whichever document it stands.
func (c *Call) ruleLink(lib *rule.Library, e *rule.Edition, id string) linkView {
	b, err := lib.Rule(id, e.Valid.From, nil)
	if err != nil {
		return linkView{Text: id}
	}
	return linkView{c.Words(b.Title), itemURL(b.Edition, id)}
}

func (c *Call) pairViews(e *rule.Edition, items map[string]RegItem) []pairView {
	list := func(classes []string) (s string) {
		for i, k := range classes {
			if i > 0 {
				s += ", "
			}
			s += c.TK("reg.class", k)
		}
		return s
	}
	var out []pairView
	for _, x := range e.Incompatible {
		out = append(out, pairView{items[x.ID], c.Words(x.Says), list(x.A), list(x.B), x.Exception})
	}
	return out
}

// ties are the family ties a document counts, in words.
func (c *Call) ties(k *rule.Kin) []string {
	var out []string
	for _, t := range k.Ties {
		out = append(out, c.TK("reg.tie", t))
	}
	return out
}

// partLines say what a step, a pair or a list of ties is, for its own page.
func (c *Call) partLines(e *rule.Edition, id string, items map[string]RegItem) (sort string, lines []string) {
	for _, p := range e.Procedures {
		for _, s := range p.Steps {
			if rule.StepItem(p.ID, s.ID) == id {
				v := c.stepView(p, s, items[id], e)
				return "step", append([]string{v.Body + " · " + v.Does, v.Persons, v.Participants}, v.Notes...)
			}
		}
	}
	for _, v := range c.pairViews(e, items) {
		if v.ID == id {
			return "pair", []string{v.Says, v.A, v.B}
		}
	}
	if e.Kinship != nil && e.Kinship.ID == id {
		return "kinship", c.ties(e.Kinship)
	}
	return "", nil
}
