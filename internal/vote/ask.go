package vote

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Asked is the answer of one stand-alone rule on one day, with what other
// readings of an unverified rule would answer.
type Asked struct {
	Rule     string
	Known    bool // a regulation of that day has the rule
	Recorded bool // every input the rule asks for was given
	Holds    bool
	// Differs lists the readings that answer otherwise; people must then
	// decide which applies before anything follows from the answer.
	Differs []rule.Reading
	Chosen  string // the reading people chose, "" when none was needed
	Verdict rule.Verdict
}

// Settled says whether the answer may be used: the rule is known, its inputs
// are there, and no reading that nobody decided on answers otherwise.
func (a Asked) Settled() bool { return a.Known && a.Recorded && len(a.Differs) == 0 }

// No says that the rule plainly says no.
func (a Asked) No() bool { return a.Settled() && !a.Holds }

// Yes says that the rule plainly says yes.
func (a Asked) Yes() bool { return a.Settled() && a.Holds }

// Ask asks a stand-alone rule (files, deadlines, lists) of the regulations of
// a day. inputs are named as in regulation files; choices are the readings
// that people have decided on (rule → reading). A rule that no regulation of
// the day has is answered with Known false; an unknown input is a fault.
func Ask(lib *rule.Library, id string, on vn.Date, inputs map[string]int64, choices map[string]string) (Asked, error) {
	a := Asked{Rule: id, Chosen: choices[id]}
	var use map[string]string
	if a.Chosen != "" {
		use = map[string]string{id: a.Chosen}
	}
	b, err := lib.Rule(id, on, use)
	if err != nil {
		if !hasRule(lib, id, on) {
			return a, nil
		}
		return a, err
	}
	a.Known = true
	var in rule.Inputs
	for name, v := range inputs {
		if err := in.SetNamed(name, v); err != nil {
			return a, err
		}
	}
	answer, err := b.Ask(&in)
	if err != nil {
		return a, err
	}
	if answer == rule.NotRecorded {
		return a, nil
	}
	a.Recorded, a.Holds = true, answer == rule.Holds
	a.Verdict = b.Verdict(&in, "", a.Holds)
	if a.Chosen != "" || b.Rule.Evidence != rule.Unverified || attested(lib, b) {
		return a, nil
	}
	for _, r := range b.Readings {
		other, err := lib.Rule(id, on, map[string]string{id: r.ID})
		if err != nil {
			return a, err
		}
		ans, err := other.Ask(&in)
		if err != nil {
			return a, err
		}
		if ans != answer {
			a.Differs = append(a.Differs, r)
		}
	}
	return a, nil
}

func attested(lib *rule.Library, b *rule.Bound) bool {
	_, ok := lib.Attested(b.Edition, b.ID)
	return ok
}

func hasRule(lib *rule.Library, id string, on vn.Date) bool {
	return slices.ContainsFunc(lib.On(on), func(e *rule.Edition) bool {
		return slices.ContainsFunc(e.Rules, func(r *rule.Rule) bool { return r.ID == id })
	})
}
