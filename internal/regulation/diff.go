package regulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Change is one thing that differs between two editions.
type Change struct {
	What   string // added, removed, changed
	Sort   string // parameter, policy, rule, contest
	ID     string
	Title  rule.Words
	Fields []FieldChange // of a changed item
}

// Minor says that only the note of the source differs, nothing that decides.
func (c Change) Minor() bool {
	return c.What == "changed" && !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Field != "source" })
}

// FieldChange is one field of an item, before and after.
type FieldChange struct {
	Field    string // value, article, evidence, expr, title, words …
	Old, New rule.Words
}

// facet is one field of an item in the form in which it is compared and shown.
type facet struct {
	name string
	says rule.Words
}

type thing struct {
	sort, id string
	title    rule.Words
	facets   []facet
}

func plain(s string) rule.Words { return rule.Words{VI: s, EN: s} }

func itemFacets(it *rule.Item, rest ...facet) []facet {
	fs := append(rest, facet{"article", plain(it.Article)}, facet{"evidence", plain(string(it.Evidence))},
		facet{"title", it.Title})
	for _, r := range it.Readings {
		says := r.Says
		if r.Value != nil {
			says = rule.Words{VI: r.Value.String() + ": " + says.VI, EN: r.Value.String() + ": " + says.EN}
		}
		if r.Expr != "" {
			says = rule.Words{VI: says.VI + " [" + r.Expr + "]", EN: says.EN + " [" + r.Expr + "]"}
		}
		fs = append(fs, facet{"reading " + r.ID, says})
	}
	return append(fs, facet{"source", plain(it.Source)})
}

func mapText(m map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+" = "+m[k])
	}
	return strings.Join(parts, ", ")
}

func things(e *rule.Edition) []thing {
	var out []thing
	for _, p := range e.Parameters {
		out = append(out, thing{"parameter", p.ID, p.Title, itemFacets(&p.Item,
			facet{"value", plain(p.Value.String())}, facet{"type", plain(p.Type)}, facet{"unit", p.Unit})})
	}
	for _, p := range e.Policies {
		out = append(out, thing{"policy", p.ID, p.Title, itemFacets(&p.Item,
			facet{"choose", plain(p.Choose)}, facet{"with", plain(mapText(p.With))}, facet{"list", plain(strings.Join(p.List, ", "))}, facet{"says", p.Says})})
	}
	for _, r := range e.Rules {
		out = append(out, thing{"rule", r.ID, r.Title, itemFacets(&r.Item,
			facet{"expr", plain(strings.Join(strings.Fields(r.Expr), " "))}, facet{"role", plain(string(r.Role))}, facet{"severity", plain(r.Severity)},
			facet{"forms", plain(strings.Join(r.Forms, ", "))}, facet{"cause", plain(r.Cause)},
			facet{"holds", r.Holds}, facet{"fails", r.Fails}, facet{"for", plain(strings.Join(r.For, ", "))})})
	}
	for _, c := range e.Contests {
		out = append(out, thing{"contest", c.ID, c.Title, []facet{{"title", c.Title},
			{"rules", plain(strings.Join(c.Rules, ", "))}, {"policies", plain(mapText(c.Policies))}}})
	}
	return out
}

// Diff lists what differs from a to b, in the order of b, removed things last.
func Diff(a, b *rule.Edition) []Change { return diff(things(a), things(b), true) }

func diff(old, new []thing, removed bool) []Change {
	var out []Change
	find := func(ts []thing, t thing) *thing {
		for i := range ts {
			if ts[i].sort == t.sort && ts[i].id == t.id {
				return &ts[i]
			}
		}
		return nil
	}
	for _, n := range new {
		o := find(old, n)
		if o == nil {
			out = append(out, Change{What: "added", Sort: n.sort, ID: n.id, Title: n.title, Fields: fieldsOf(n)})
			continue
		}
		c := Change{What: "changed", Sort: n.sort, ID: n.id, Title: n.title}
		for _, f := range n.facets {
			if was := o.facet(f.name); was != f.says {
				c.Fields = append(c.Fields, FieldChange{f.name, was, f.says})
			}
		}
		for _, f := range o.facets {
			if !slices.ContainsFunc(n.facets, func(x facet) bool { return x.name == f.name }) {
				c.Fields = append(c.Fields, FieldChange{Field: f.name, Old: f.says})
			}
		}
		if len(c.Fields) > 0 {
			out = append(out, c)
		}
	}
	for _, o := range old {
		if removed && find(new, o) == nil {
			out = append(out, Change{What: "removed", Sort: o.sort, ID: o.id, Title: o.title})
		}
	}
	return out
}

// fieldsOf shows the first, telling field of what is added.
func fieldsOf(t thing) []FieldChange {
	for _, f := range t.facets {
		if f.says.VI != "" {
			return []FieldChange{{Field: f.name, New: f.says}}
		}
	}
	return nil
}

func (t *thing) facet(name string) rule.Words {
	for _, f := range t.facets {
		if f.name == name {
			return f.says
		}
	}
	return rule.Words{}
}

// compareInForce compares a new file with what decides on its first day
// without it: for an override the items under it, for an edition what it
// replaces, else the edition of its series that decided the day before.
func compareInForce(lib *rule.Library, e *rule.Edition) ([]*rule.Edition, []Change) {
	on := e.Valid.From
	if e.Override != nil {
		var under []thing
		var against []*rule.Edition
		bases := append([]*rule.Edition{}, Over(lib, *e.Override)...)
		slices.Reverse(bases) // the latest override stands before the older ones
		bases = append(bases, OfDocument(lib, Slug(e.Override.Number, e.Override.Date))...)
		for _, b := range bases {
			if !lib.Validity(b).On(on) {
				continue
			}
			against = append(against, b)
			under = append(under, things(b)...)
		}
		var replaced []thing // what an override it replaces had, and it has no more
		for _, r := range e.Replaces {
			for _, o := range OfDocument(lib, Slug(r.Number, r.Date)) {
				if r.Edition == "" || r.Edition == o.ID {
					replaced = append(replaced, things(o)...)
				}
			}
		}
		return against, append(diff(under, things(e), false), onlyRemoved(diff(replaced, things(e), true))...)
	}
	var before []*rule.Edition
	for _, r := range e.Replaces {
		for _, o := range OfDocument(lib, Slug(r.Number, r.Date)) {
			if (r.Edition == "" || r.Edition == o.ID) && (lib.Validity(o).On(on) || lib.Validity(o).On(on.AddDays(-1))) {
				before = append(before, o)
			}
		}
	}
	if len(before) == 0 && e.Series != "" {
		for _, o := range lib.Editions() {
			if o.Series == e.Series && o.Override == nil && (lib.Validity(o).On(on) || lib.Validity(o).On(on.AddDays(-1))) {
				before = append(before, o)
			}
		}
	}
	var old []thing
	for _, o := range before {
		old = append(old, things(o)...)
	}
	return before, diff(old, things(e), true)
}

func onlyRemoved(cs []Change) []Change {
	return slices.DeleteFunc(cs, func(c Change) bool { return c.What != "removed" })
}

// Value is what a parameter of a document is worth on a day, and which edition
// or override says so.
type Value struct {
	*rule.Parameter
	Edition *rule.Edition
}

// InForce lists the parameters of a document on a day, overrides applied.
func InForce(lib *rule.Library, doc rule.DocRef, on vn.Date) []Value {
	var out []Value
	for _, e := range OfDocument(lib, Slug(doc.Number, doc.Date)) {
		if e.Override != nil || !lib.Validity(e).On(on) {
			continue
		}
		for _, p := range e.Parameters {
			v := Value{p, e}
			for _, o := range Over(lib, doc) {
				if !lib.Validity(o).On(on) {
					continue
				}
				for _, q := range o.Parameters {
					if q.ID == p.ID {
						v = Value{q, o}
					}
				}
			}
			out = append(out, v)
		}
	}
	return out
}

// ParseValue reads what a keeper types: 30, 3/10 or 30 % (a share out of 100).
func ParseValue(s string) (rule.Value, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	var v rule.Value
	var rest string
	switch {
	case strings.HasSuffix(s, "%"):
		if n, _ := fmt.Sscanf(strings.TrimSuffix(s, "%")+" .", "%d %s", &v.Num, &rest); n == 2 && rest == "." {
			v.Den = 100
			return v, nil
		}
	case strings.Contains(s, "/"):
		if n, _ := fmt.Sscanf(s+" .", "%d/%d %s", &v.Num, &v.Den, &rest); n == 3 && rest == "." && v.Den > 0 && v.Num >= 0 {
			return v, nil
		}
	default:
		if n, _ := fmt.Sscanf(s+" .", "%d %s", &v.Num, &rest); n == 2 && rest == "." && v.Num >= 0 {
			v.Den = 1
			return v, nil
		}
	}
	return rule.Value{}, fmt.Errorf("regulation: %q is not a whole number or a fraction such as 3/10", s)
}
