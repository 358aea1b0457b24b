package rule

import (
	"fmt"
	"slices"
)

// Moved is one edition that takes another's place in a case that was pinned,
// and what allows it: a transition clause, or that it replaces the other.
type Moved struct {
	From    Pin    `json:"from"`
	To      Pin    `json:"to"`
	Article string `json:"article,omitempty"` // of the transition clause; empty when To replaces From
	Says    Words  `json:"says"`
}

// Move says whether a case pinned to some editions may go over to others. Each
// edition that comes in must name, in a transition clause or under "replaces",
// one that the case was pinned to; each that goes must be named so. The error
// says which edition has no such clause: then the case keeps its editions.
func (l *Library) Move(from, to []Pin) ([]Moved, error) {
	var out []Moved
	for _, n := range to {
		if slices.ContainsFunc(from, func(o Pin) bool { return o.Digest == n.Digest }) {
			continue
		}
		at := slices.IndexFunc(l.editions, func(e *Edition) bool { return e.Digest == n.Digest })
		if at < 0 {
			return nil, fmt.Errorf("rule: edition %s of %s (%s) is not here", n.Edition, n.Document, n.Date)
		}
		found := false
		for _, o := range from {
			if m, ok := l.editions[at].takes(o); ok {
				m.From, m.To = o, n
				out, found = append(out, m), true
			}
		}
		if !found {
			return nil, fmt.Errorf("rule: edition %s of %s (%s) has no transition clause for what the case was decided by", n.Edition, n.Document, n.Date)
		}
	}
	for _, o := range from {
		if slices.ContainsFunc(to, func(n Pin) bool { return n.Digest == o.Digest }) {
			continue
		}
		if !slices.ContainsFunc(out, func(m Moved) bool { return m.From.Digest == o.Digest }) {
			return nil, fmt.Errorf("rule: no transition clause lets a case leave edition %s of %s (%s)", o.Edition, o.Document, o.Date)
		}
	}
	return out, nil
}

// takes says whether the edition names a pinned one in a transition clause or
// replaces it.
func (e *Edition) takes(o Pin) (Moved, bool) {
	ref := DocRef{o.Document, o.Date}
	for _, t := range e.Transitions {
		if t.From == ref && (t.Edition == "" || t.Edition == o.Edition) {
			return Moved{Article: t.Article, Says: t.Says}, true
		}
	}
	for _, r := range e.Replaces {
		if (DocRef{r.Number, r.Date}) == ref && (r.Edition == "" || r.Edition == o.Edition) {
			return Moved{Says: Words{VI: "Bản này thay bản " + o.Edition + " của " + o.Document + ".", EN: "It replaces edition " + o.Edition + " of " + o.Document + "."}}, true
		}
	}
	return Moved{}, false
}

// SamePins says whether two verdicts were given by the same files.
func SamePins(a, b []Pin) bool {
	return slices.EqualFunc(a, b, func(x, y Pin) bool { return x.Digest == y.Digest })
}
