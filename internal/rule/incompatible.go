package rule

import (
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/vn"
)

// Incompatible is one pair of posts that relatives may not hold together
// (205-QĐ/TW, then 114-QĐ/TW). A and B list classes of posts (PostClasses): one
// relative in a post of A, the other in a post of B, both Within the same body
// or the same level of one locality. Where the document leaves an exception
// (Exception), a decision of the competent level lifts it; nothing else does.
type Incompatible struct {
	Item      `yaml:",inline"`
	A         []string `yaml:"a"`
	B         []string `yaml:"b"`
	Within    string   `yaml:"within"`    // "body", "committee", "locality"
	Exception bool     `yaml:"exception"` // the document leaves an exception by decision
	Says      Words    `yaml:"says"`
}

// Kin is the list of family ties that an edition counts as relatives.
type Kin struct {
	Item `yaml:",inline"`
	// Ties are names of KinTies; readings choose a longer or shorter list
	// (List of the reading).
	Ties []string `yaml:"ties"`
}

// KinTies are the family ties the registry records.
var KinTies = []string{"spouse", "parent", "child", "sibling", "parent-in-law", "child-in-law", "sibling-in-law", "other"}

// PostClasses are the classes of posts that pairs speak of. Which post of the
// registry is of which class is a dated table the office keeps; sectors are
// mapped from agencies, for sectors merged in 2025.
var PostClasses = []string{
	"committee-secretary", "committee-deputy-secretary", "organisation-board-head", "inspection-commission-head",
	"standing-committee-member", "party-delegation-member", "leadership-member", "people-committee-chair",
	"unit-head", "unit-deputy-head",
	"sector-home-affairs", "sector-inspectorate", "sector-finance", "sector-banking", "sector-tax", "sector-customs",
	"sector-industry-trade", "sector-planning-investment", "sector-natural-resources", "sector-military",
	"sector-police", "sector-court", "sector-procuracy",
}

// Incompatibles are the pairs in force on a day, with the edition of each, in
// the order of the files.
func (l *Library) Incompatibles(on vn.Date) []InForce[*Incompatible] {
	var out []InForce[*Incompatible]
	for _, e := range l.editions {
		if l.usable(e, on) {
			for _, x := range e.Incompatible {
				out = append(out, InForce[*Incompatible]{e, x})
			}
		}
	}
	return out
}

// Kinship is the list of ties in force on a day; nil when no edition has one.
func (l *Library) Kinship(on vn.Date) *InForce[*Kin] {
	for _, e := range l.editions {
		if l.usable(e, on) && e.Kinship != nil {
			return &InForce[*Kin]{e, e.Kinship}
		}
	}
	return nil
}

// InForce is an item with the edition that has it.
type InForce[T any] struct {
	Edition *Edition
	It      T
}

func (e *Edition) validateIncompatible(item func(what string, it *Item, readings func(Reading) bool) error) error {
	for _, x := range e.Incompatible {
		if x == nil {
			return errors.New("an empty entry stands in a list")
		}
		if err := item("pair", &x.Item, func(r Reading) bool { return r.Choose != "" }); err != nil {
			return &itemError{x.ID, err}
		}
		if len(x.A) == 0 || len(x.B) == 0 || x.Says.VI == "" || x.Says.EN == "" || !slices.Contains([]string{"body", "committee", "locality"}, x.Within) {
			return &itemError{x.ID, fmt.Errorf("pair %s: a, b, within and says (vi, en) are required", x.ID)}
		}
		for _, c := range slices.Concat(x.A, x.B) {
			if !slices.Contains(PostClasses, c) {
				return &itemError{x.ID, fmt.Errorf("pair %s: there is no class of posts %q", x.ID, c)}
			}
		}
	}
	if k := e.Kinship; k != nil {
		if err := item("kinship", &k.Item, func(r Reading) bool { return len(r.List) > 0 }); err != nil {
			return &itemError{k.ID, err}
		}
		lists := [][]string{k.Ties}
		for _, r := range k.Readings {
			lists = append(lists, r.List)
		}
		for _, ties := range lists {
			for _, t := range ties {
				if !slices.Contains(KinTies, t) {
					return &itemError{k.ID, fmt.Errorf("kinship: there is no tie %q", t)}
				}
			}
		}
		if len(k.Ties) == 0 {
			return &itemError{k.ID, errors.New("kinship: ties are required")}
		}
	}
	return nil
}
