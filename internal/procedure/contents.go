package procedure

import (
	"slices"

	"minhbach/internal/rule"
)

// Item is one line of the table of contents of a file: a paper the course of
// the case asks for or was given, whether it is there, and where it lies.
type Item struct {
	What      string // kind of the event it belongs to, "signed-minutes", or "other-paper"
	Step      string
	Person    string
	Condition string
	Asks      string // kind of paper a condition asks for, of the regulation
	Paper     Paper
	Signers   []string
	Entry     int64 // that recorded it, -1 when it is not there
	Needed    bool  // it is time for it: not there means missing
}

// There says that the paper is recorded.
func (i Item) There() bool { return i.Entry >= 0 }

// Missing says that the paper should be there by now and is not.
func (i Item) Missing() bool { return i.Needed && !i.There() }

// Contents is the table of contents of a case: the papers in the order of its
// course, those not there yet among them.
func Contents(def *rule.Procedure, st *State, events []Event) []Item {
	var out []Item
	one := func(what string, e *Event, needed bool) {
		it := Item{What: what, Entry: -1, Needed: needed}
		if e != nil {
			it.Paper, it.Entry = e.Body.Paper, e.Entry
		}
		out = append(out, it)
	}
	one("consent-asked", st.Consent.Asked, true)
	one("consent-given", st.Consent.Given, st.Phase != Needed)
	for _, p := range st.Persons {
		if !p.Left {
			out = append(out, sheetPapers(def, st, &p, events)...)
		}
	}
	for _, e := range events {
		if e.What == "reading-decided" {
			out = append(out, Item{What: e.What, Step: e.Body.Step, Paper: e.Body.Paper, Entry: e.Entry, Needed: true})
		}
	}
	for _, s := range def.Steps {
		out = append(out, stepPapers(st, s)...)
	}
	for i := range st.Opinions {
		one("opinion-recorded", &st.Opinions[i], true)
	}
	if len(st.Opinions) == 0 && slices.ContainsFunc(def.Steps, func(s *rule.Step) bool { return s.Opinion }) {
		one("opinion-recorded", nil, st.SubmittedAt != nil)
	}
	one("submitted", st.SubmittedAt, st.Phase == Finished)
	for i := range st.Asks {
		one("opinion-asked", &st.Asks[i].Asked, true)
		one("opinion-answered", st.Asks[i].Answered, true)
	}
	one("appraised", st.AppraisedAt, st.SubmittedAt != nil)
	one("decided", st.DecidedAt, st.AppraisedAt != nil)
	if st.Phase == Chosen || st.ElectedAt != nil {
		one("elected", st.ElectedAt, true)
		if e := st.ElectedAt; e == nil || e.Body.Yes == nil || *e.Body.Yes {
			one("ratified", st.RatifiedAt, e != nil)
		}
	}
	for i := range st.Letters {
		one("letter-received", &st.Letters[i].Received, true)
		one("letter-closed", st.Letters[i].Closed, true)
	}
	for i := range st.Access {
		one("access-opened", &st.Access[i], true)
	}
	for _, e := range st.Papers {
		if e.Body.Step == "" {
			out = append(out, Item{What: "other-paper", Paper: e.Body.Paper, Signers: e.Body.Signers, Entry: e.Entry, Needed: true})
		}
	}
	if st.Phase.Over() { // what a stopped case never came to is not missing
		out = slices.DeleteFunc(out, func(i Item) bool { return !i.There() && !i.Needed })
	}
	return out
}

// sheetPapers are the papers of one person's sheet of conditions: those the
// regulation asks for, and decisions on exceptions.
func sheetPapers(def *rule.Procedure, st *State, p *Person, events []Event) []Item {
	var out []Item
	for i := range def.Conditions {
		k := &def.Conditions[i]
		if k.Level != "" && k.Level != st.Level || k.Fact != "judged" && p.Judged[k.ID].State != Excepted {
			continue
		}
		it := Item{What: "condition-judged", Person: p.ID, Condition: k.ID, Asks: k.Paper, Entry: -1, Needed: len(p.Lines) > 0}
		for _, l := range p.Lines {
			if l.Condition == k.ID && l.State == NotAskedFor {
				it.Needed = false
			}
		}
		for _, e := range events {
			if e.What == "condition-judged" && e.Body.Person == p.ID && e.Body.Condition == k.ID && e.Entry > p.Entry {
				it.Paper, it.Entry = e.Body.Paper, e.Entry
			}
		}
		out = append(out, it)
	}
	return out
}

// stepPapers are the signed papers of a step, and the report that explained a
// difference.
func stepPapers(st *State, s *rule.Step) []Item {
	h := st.Step(s.ID)
	if h != nil && h.Skipped {
		return nil
	}
	var out []Item
	for _, e := range st.Papers {
		if e.Body.Step == s.ID && e.Body.Choice != FullMinutes {
			out = append(out, Item{What: "signed-minutes", Step: s.ID, Paper: e.Body.Paper, Signers: e.Body.Signers, Entry: e.Entry, Needed: true})
		}
	}
	if len(out) == 0 {
		out = append(out, Item{What: "signed-minutes", Step: s.ID, Entry: -1, Needed: h != nil && h.Counted != nil})
	}
	for _, e := range st.Papers {
		if e.Body.Step == s.ID && e.Body.Choice == FullMinutes {
			out = append(out, Item{What: FullMinutes, Step: s.ID, Paper: e.Body.Paper, Signers: e.Body.Signers, Entry: e.Entry, Needed: true})
		}
	}
	if h != nil && h.Counted != nil && !slices.ContainsFunc(out, func(i Item) bool { return i.What == FullMinutes }) {
		out = append(out, Item{What: FullMinutes, Step: s.ID, Entry: -1})
	}
	e := st.Explain[s.ID]
	switch {
	case st.Explained(s):
		out = append(out, Item{What: "difference-explained", Step: s.ID, Paper: e.Body.Paper, Entry: e.Entry, Needed: true})
	case st.Differs(s):
		out = append(out, Item{What: "difference-explained", Step: s.ID, Entry: -1, Needed: true})
	}
	return out
}
