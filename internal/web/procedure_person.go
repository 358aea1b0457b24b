package web

import (
	"strings"

	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type casePerson struct {
	procedure.Person
	Name, Path       string
	Met, Missing, No int
	Tag              Tag
}

func (c *Call) casePerson(v *caseView, p procedure.Person) casePerson {
	x := casePerson{Person: p, Name: v.Name(p.ID), Path: v.Path + "/nguoi/" + strings.TrimPrefix(p.ID, "person/")}
	for _, l := range p.Lines {
		switch l.State {
		case procedure.Met, procedure.Excepted, procedure.NotAskedFor:
			x.Met++
		case procedure.NotMet:
			x.No++
		default:
			x.Missing++
		}
	}
	switch {
	case p.Left:
		x.Tag = Tag{"no", c.T("procedure.person.left")}
	case p.Eligible():
		x.Tag = Tag{"yes", c.T("procedure.person.eligible")}
	case x.No > 0:
		x.Tag = Tag{"stop", c.T("procedure.person.not")}
	default:
		x.Tag = Tag{"wait", c.T("procedure.person.missing")}
	}
	return x
}

type procedurePersonData struct {
	View    *caseView
	Person  casePerson
	Lines   []sheetLine
	Clashes []clashLine
}

type sheetLine struct {
	procedure.Line
	Title, Article, Judge string
	Tag                   Tag
	Reckoned              bool
	Free                  bool // nothing to wait for: no discipline was found
	Asks                  bool // the registry keeps what the line asks for
	Known                 []registryFact
}

// registryFact is what the registry has of a line, with the entry that says it.
type registryFact struct {
	Says  string
	Entry int64
}

// registryFacts are the facts of the registry that a condition asks for; asks is
// false where the registry keeps no such fact.
func (c *Call) registryFacts(r procedure.Registry, k *rule.Condition) (out []registryFact, asks bool) {
	for _, f := range r.Of(k) {
		out = append(out, registryFact{c.factText(f), f.Content})
	}
	return out, procedure.Asks(k)
}

// factText is a fact of the registry in one line: what it is, its day, its paper.
func (c *Call) factText(f person.Fact) string {
	s := ""
	if b, ok := person.FactBlockOf(f.Block); ok {
		s = c.either(b.VI, b.EN)
		for _, key := range []string{"side", "form", "kind", "class"} {
			if field, ok := b.Field(key); ok && f.Values[key] != "" {
				s += ", " + field.Words(f.Values[key], string(c.Lang))
			}
		}
	}
	s += ", " + dayText(c.Lang, f.From)
	if f.Source.Number != "" {
		s += " (" + c.T("procedure.paper", f.Source.Number, dayText(c.Lang, f.Source.Date)) + ")"
	}
	return s
}

type clashLine struct{ Says, Article, Tie string }

var procedurePerson = page[procedurePersonData]("procedure_person")

func (s *Server) procedurePersonGet(c *Call) error {
	var d procedurePersonData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		v := d.View
		p := v.Person("person/" + c.R.PathValue("person"))
		if p == nil {
			return errNotFound
		}
		d.Person = c.casePerson(v, *p)
		known, err := procedure.FromRegistry(c.Ctx(), tx, p.ID, v.today(c))
		if err != nil {
			return err
		}
		for i := range v.Def.Conditions {
			k := &v.Def.Conditions[i]
			if k.Level != "" && k.Level != v.Level {
				continue
			}
			l := sheetLine{Line: procedure.Line{Condition: k.ID, State: procedure.Unknown}, Title: c.Words(k.Title), Article: k.Article, Reckoned: k.Rule != ""}
			for _, got := range p.Lines {
				if got.Condition == k.ID {
					l.Line = got
				}
			}
			if l.Reckoned && l.Verdict == nil && l.State == procedure.Met {
				l.Free = true
			}
			if v.Sees {
				l.Known, l.Asks = c.registryFacts(known, k)
			}
			l.Judge = procedureActPath(v.ID, "dieu-kien") + "?nguoi=" + p.ID + "&dieu=" + k.ID
			l.Tag = Tag{map[string]string{procedure.Met: "yes", procedure.Excepted: "yes", procedure.NotAskedFor: "no", procedure.NotMet: "stop"}[l.State], c.TK("procedure.line", l.State)}
			if l.Tag.Kind == "" {
				l.Tag.Kind = "wait"
			}
			d.Lines = append(d.Lines, l)
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		found, err := procedure.Relatives(c.Ctx(), tx, lib, v.State, p.ID, c.Today())
		if err != nil {
			return err
		}
		for _, x := range found {
			d.Clashes = append(d.Clashes, clashLine{c.Words(x.Pair.Says), x.Pair.Article + ", " + x.Edition.Document.Number, c.TK("procedure.tied", "as-"+x.Tie)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(d.Person.ID, "case"); err != nil {
		return err
	}
	if d.View.Sees { // sensitive blocks stand in the read log under their own names
		for _, b := range []string{"facts.discipline", "facts.health"} {
			if err := c.Viewed(d.Person.ID, b); err != nil {
				return err
			}
		}
	}
	return procedurePerson.show(c, d)
}
