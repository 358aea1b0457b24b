package regulation

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Review is what the page "Rà soát quy định" shows before an event: for each
// contest kind of the day every rule and policy that can touch it, and what is
// still unverified.
type Review struct {
	On    vn.Date
	Kinds []KindReview
	Open  []OpenItem // over all kinds, each once
}

// KindReview is one contest kind under review.
type KindReview struct {
	ID       string
	Title    rule.Words
	Unbound  bool // no edition binds it on the day
	Edition  *rule.Edition
	Pins     []*rule.Edition
	Rules    []RuleState
	Policies []PolicyState
	Open     int
}

// RuleState is one rule of a kind with its evidence in force.
type RuleState struct {
	*rule.Bound
	Open bool // it, or a parameter it uses, waits for an attestation
}

// PolicyState is one policy of a kind.
type PolicyState struct {
	Slot string
	*rule.Chosen
	Open bool
}

// OpenItem is an unverified item with the kinds it touches.
type OpenItem struct {
	rule.Open
	Kinds []Kind
}

// MakeReview reviews the kinds on a day; unknown kinds are shown as unbound.
func MakeReview(lib *rule.Library, on vn.Date, kinds []string) Review {
	r := Review{On: on}
	for _, k := range kinds {
		b, err := lib.For(k, on)
		if err != nil {
			r.Kinds = append(r.Kinds, KindReview{ID: k, Title: KindTitle(lib, k), Unbound: true})
			continue
		}
		kr := KindReview{ID: k, Title: b.Title, Edition: b.Edition}
		for _, p := range b.Pins {
			for _, e := range lib.Editions() {
				if e.Digest == p.Digest {
					kr.Pins = append(kr.Pins, e)
					break
				}
			}
		}
		open := b.Open()
		kr.Open = len(open)
		for _, x := range b.Rules {
			kr.Rules = append(kr.Rules, RuleState{x, slices.ContainsFunc(open, func(o rule.Open) bool { return x.Uses(o.Item) })})
		}
		for _, slot := range b.Slots() {
			p := b.Policy(slot)
			kr.Policies = append(kr.Policies, PolicyState{slot, p, slices.ContainsFunc(open, func(o rule.Open) bool { return o.Item == &p.Policy.Item })})
		}
		for _, o := range open {
			at := slices.IndexFunc(r.Open, func(x OpenItem) bool { return x.Item == o.Item })
			if at < 0 {
				r.Open = append(r.Open, OpenItem{Open: o})
				at = len(r.Open) - 1
			}
			r.Open[at].Kinds = append(r.Open[at].Kinds, Kind{k, b.Title})
		}
		r.Kinds = append(r.Kinds, kr)
	}
	return r
}

// Beside adds what is unverified on the day and touches no contest kind of the
// review: rules that other rooms ask, such as deadlines and papers.
func (r *Review) Beside(lib *rule.Library) {
	for _, e := range lib.On(r.On) {
		add := func(it *rule.Item, role rule.Role) {
			_, done := lib.Attested(e, it.ID)
			if it.Evidence == rule.Unverified && !done && !slices.ContainsFunc(r.Open, func(x OpenItem) bool { return x.Item == it }) {
				r.Open = append(r.Open, OpenItem{Open: rule.Open{Edition: e, Item: it, Role: role}})
			}
		}
		for _, p := range e.Parameters {
			add(&p.Item, "")
		}
		for _, p := range e.Policies {
			add(&p.Item, "")
		}
		for _, x := range e.Rules {
			add(&x.Item, x.Role)
		}
	}
}

// KindTitle is the title of a contest kind in the latest edition that has it.
func KindTitle(lib *rule.Library, id string) rule.Words {
	out := rule.Words{VI: id, EN: id}
	for _, e := range lib.Editions() {
		for _, c := range e.Contests {
			if c.ID == id {
				out = c.Title
			}
		}
	}
	return out
}

// Tally counts the items of an edition by evidence as it stands.
func Tally(lib *rule.Library, e *rule.Edition) map[rule.Evidence]int {
	n := map[rule.Evidence]int{}
	e.EachItem(func(_ string, it *rule.Item) {
		ev := it.Evidence
		if _, ok := lib.Attested(e, it.ID); ok {
			ev = rule.Attested
		}
		n[ev]++
	})
	return n
}
