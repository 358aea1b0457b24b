package rule

import (
	"fmt"
	"slices"

	"minhbach/internal/vn"
)

// Rule binds one rule by id on a day, outside any contest, as rooms ask for
// deadlines, lists and files. choices picks other readings of unverified items
// (item → reading id); nil asks by what the files state. An override of the day
// stands before the document under it.
func (l *Library) Rule(id string, on vn.Date, choices map[string]string) (*Bound, error) {
	over := l.overrides(on)
	b := &Book{On: on, lib: l, policies: map[string]*Chosen{}, choices: choices}
	e, r, err := l.findRule(id, on, &Edition{}, over)
	if err != nil {
		return nil, err
	}
	if err := b.bindRule(e, r, over, func(*Edition) {}); err != nil {
		return nil, err
	}
	return b.Rules[0], nil
}

// RuleBooks lists the contest kinds whose book on a day has the rule.
func (l *Library) RuleBooks(id string, on vn.Date) []string {
	var out []string
	for _, kind := range l.Kinds() {
		b, err := l.For(kind, on)
		if err != nil {
			continue // no edition of that day
		}
		if b.Find(id) != nil {
			out = append(out, kind)
		}
	}
	return out
}

// CheckChoices demands that every chosen reading exists among the editions of
// the day, so that a slip in an example does not pass as the main reading.
func (l *Library) CheckChoices(on vn.Date, choices map[string]string) error {
	for item, reading := range choices {
		found := false
		for _, e := range l.On(on) {
			it := e.Item(item)
			found = found || it != nil && (reading == MainReading ||
				slices.ContainsFunc(it.Readings, func(r Reading) bool { return r.ID == reading }))
		}
		if !found {
			return fmt.Errorf("rule: on %s no item %s has a reading %q", on, item, reading)
		}
	}
	return nil
}
