package rule

import (
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/vn"
)

// Procedure is the order of steps of a personnel procedure (quy trình nhân sự)
// as one document has it: which meetings, in which order, on whose names, with
// which ballot, and whether a result is announced. What a ballot decides
// stands in the contest kind that a step names; deadlines and conditions are
// standalone rules of the same day.
type Procedure struct {
	Item `yaml:",inline"`
	// Deadline is the standalone rule asked with working_days since consent in
	// principle (chủ trương); empty when the document sets none.
	Deadline string `yaml:"deadline"`
	// Consent is the standalone rule asked with working_days from the request
	// for consent to its answer; empty when the document sets none.
	Consent string `yaml:"consent"`
	// Conditions are asked of each person, line by line.
	Conditions []Condition `yaml:"conditions"`
	Steps      []*Step     `yaml:"steps"`
	// Ends says how the case may end: appointment, election, designation,
	// candidacy (put forward to a congress or to a State body).
	Ends []string `yaml:"ends"`
}

// Condition is one line of the sheet of standards and conditions: Rule when it
// can be reckoned, Fact for which fact of the person is asked, Paper when it is
// met by a dated paper. Words say what is asked.
type Condition struct {
	Item `yaml:",inline"`
	Rule string `yaml:"rule"` // standalone rule; empty when people judge
	Fact string `yaml:"fact"` // what feeds the rule, one of Facts
	// Paper is the kind of paper that shows it; with Months it runs out that
	// many months after its date (a parameter of the edition, by id).
	Paper  string `yaml:"paper"`
	Months string `yaml:"months"`
	Level  string `yaml:"level"` // asked only of posts of this level; empty: all
}

// Facts are the facts a condition may ask of a person, reckoned on the day.
var Facts = []string{
	"planned",              // yes: in the succession plan for this, an equivalent or a higher post
	"months-in-post",       // months in the present or an equivalent post
	"months-left",          // months of working time left on the reference month
	"months-to-retirement", // the same, on the day
	"birth-month",          // year*100 + month
	"months-since-reprimand", "months-since-warning", "months-since-removal",
	"judged", // people say it, with the paper they saw
}

// What a step does.
const (
	StepReview  = "review"  // the meeting discusses and approves a list; no ballot
	StepVote    = "vote"    // secret ballot whose verdict carries the case on
	StepOpinion = "opinion" // secret ballot taken for reference
)

// Where the persons of a step come from.
const (
	FromPlan        = "plan"          // persons who meet the conditions
	FromStep        = "step"          // those the step Of gives, and nobody else
	FromStepOrOther = "step-or-other" // those, or another who meets the conditions
)

// Step is one meeting of a procedure. An unverified step lists readings that
// choose another body for it, or "none" for a step that is not held.
type Step struct {
	Item    `yaml:",inline"` // the id is its place: "1", "2" …
	Body    string           `yaml:"body"` // as in vote.Record.Body
	Does    string           `yaml:"does"` // StepReview, StepVote, StepOpinion
	Contest string           `yaml:"contest"`
	Persons string           `yaml:"persons"`
	Of      string           `yaml:"of"` // the step whose result gives the persons
	// Compare names a step: when the results differ it is explained and
	// reported to the competent level before the case goes on.
	Compare string `yaml:"compare"`
	// Opinion demands the written opinion of the Party committee before it.
	Opinion      bool  `yaml:"opinion"`
	Participants Words `yaml:"participants"` // who is summoned, in the document's words
}

// Procedure is the procedure in force on a day with its edition, or an error
// that says which days are known. A pinned library gives the pinned one.
func (l *Library) Procedure(id string, on vn.Date) (*Edition, *Procedure, error) {
	var fe *Edition
	var fp *Procedure
	known := false
	for _, e := range l.editions {
		for _, p := range e.Procedures {
			if p.ID != id {
				continue
			}
			known = true
			if !l.usable(e, on) {
				continue
			}
			if fp != nil {
				return nil, nil, fmt.Errorf("rule: both %s and %s define procedure %s on %s", fe.File, e.File, id, on)
			}
			fe, fp = e, p
		}
	}
	switch {
	case !known:
		return nil, nil, fmt.Errorf("rule: no regulation defines a procedure %q", id)
	case fp == nil:
		return nil, nil, fmt.Errorf("rule: no edition defines procedure %s on %s", id, on)
	}
	return fe, fp, nil
}

// Procedures lists the ids of all procedures in force on a day, sorted.
func (l *Library) Procedures(on vn.Date) []string {
	var out []string
	for _, e := range l.editions {
		if !l.usable(e, on) {
			continue
		}
		for _, p := range e.Procedures {
			if !slices.Contains(out, p.ID) {
				out = append(out, p.ID)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Step is the step by id, or nil.
func (p *Procedure) Step(id string) *Step {
	for _, s := range p.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// StepItem is the id under which a step or condition of a procedure is attested
// or its reading decided: "appointment-local/3".
func StepItem(procedure, step string) string { return procedure + "/" + step }

// SettledStep tells how keepers attested an unverified step: the reading's
// choice of body, or the step's own. It is not settled when nobody did.
func (l *Library) SettledStep(e *Edition, p *Procedure, s *Step) (choice string, settled bool) {
	if s.Evidence != Unverified {
		return MainReading, true
	}
	a, ok := l.Attested(e, StepItem(p.ID, s.ID))
	return a.Choice, ok
}

func (e *Edition) validateProcedures(item func(what string, it *Item, readings func(Reading) bool) error) error {
	seen := map[string]bool{}
	for _, p := range e.Procedures {
		if p == nil {
			return errors.New("an empty entry stands in a list")
		}
		fail := func(err error) error { return &itemError{p.ID, fmt.Errorf("procedure %s: %w", p.ID, err)} }
		if seen[p.ID] {
			return fail(errors.New("it stands twice"))
		}
		seen[p.ID] = true
		if err := item("procedure", &p.Item, func(r Reading) bool { return r.Choose != "" }); err != nil {
			return fail(err)
		}
		if len(p.Steps) == 0 || len(p.Ends) == 0 {
			return fail(errors.New("steps and ends are required"))
		}
		for _, end := range p.Ends {
			if !slices.Contains([]string{"appointment", "election", "designation", "candidacy"}, end) {
				return fail(fmt.Errorf("it cannot end in %q", end))
			}
		}
		parts := map[string]bool{}
		for i := range p.Conditions {
			c := &p.Conditions[i]
			if parts[c.ID] {
				return fail(fmt.Errorf("%s stands twice", c.ID))
			}
			parts[c.ID] = true
			if err := item("condition", &c.Item, func(r Reading) bool { return r.Choose != "" }); err != nil {
				return fail(err)
			}
			if !slices.Contains(Facts, c.Fact) || (c.Rule == "") != (c.Fact == "judged") {
				return fail(fmt.Errorf("condition %s: fact %q with rule %q", c.ID, c.Fact, c.Rule))
			}
			if c.Months != "" && (c.Paper == "" || e.Item(c.Months) == nil) {
				return fail(fmt.Errorf("condition %s: months names a parameter of this file and needs a paper", c.ID))
			}
		}
		for i, s := range p.Steps {
			if s == nil {
				return fail(errors.New("an empty step stands in the list"))
			}
			if parts[s.ID] {
				return fail(fmt.Errorf("%s stands twice", s.ID))
			}
			if err := item("step", &s.Item, func(r Reading) bool { return r.Choose != "" }); err != nil {
				return fail(err)
			}
			if err := s.validate(p.Steps[:i]); err != nil {
				return fail(fmt.Errorf("step %s: %w", s.ID, err))
			}
			parts[s.ID] = true
		}
	}
	return nil
}

func (s *Step) validate(before []*Step) error {
	earlier := func(id string) bool {
		return slices.ContainsFunc(before, func(o *Step) bool { return o.ID == id })
	}
	switch {
	case s.Body == "":
		return errors.New("body is required")
	case s.Does != StepReview && s.Does != StepVote && s.Does != StepOpinion:
		return fmt.Errorf("it does %q, which is not known", s.Does)
	case (s.Does == StepReview) != (s.Contest == ""):
		return errors.New("a step with a ballot names its contest, a review none")
	case s.Persons != FromPlan && s.Persons != FromStep && s.Persons != FromStepOrOther:
		return fmt.Errorf("persons %q are not known", s.Persons)
	case (s.Persons == FromPlan) != (s.Of == ""):
		return errors.New("of names the step the persons come from, and only then")
	case s.Of != "" && !earlier(s.Of):
		return fmt.Errorf("step %s does not come before it", s.Of)
	case s.Compare != "" && !earlier(s.Compare):
		return fmt.Errorf("step %s does not come before it", s.Compare)
	case s.Participants.VI == "" || s.Participants.EN == "":
		return errors.New("participants (vi, en) are required")
	}
	return nil
}

// checkProcedures makes sure that what a procedure names can be bound on the
// first day of its edition.
func (l *Library) checkProcedures(e *Edition) error {
	on := e.Valid.From
	if !l.Validity(e).On(on) {
		return nil
	}
	for _, p := range e.Procedures {
		if _, _, err := l.Procedure(p.ID, on); err != nil {
			return err
		}
		rules := []string{}
		for _, id := range []string{p.Deadline, p.Consent} {
			if id != "" {
				rules = append(rules, id)
			}
		}
		for _, c := range p.Conditions {
			if c.Rule != "" {
				rules = append(rules, c.Rule)
			}
		}
		for _, id := range rules {
			if _, err := l.Rule(id, on, nil); err != nil {
				return fmt.Errorf("procedure %s: %w", p.ID, err)
			}
		}
		for _, s := range p.Steps {
			if s.Contest == "" {
				continue
			}
			if _, err := l.For(s.Contest, on); err != nil {
				return fmt.Errorf("procedure %s, step %s: %w", p.ID, s.ID, err)
			}
		}
	}
	return nil
}

// EachItem walks the items of an edition: parameters, policies, rules, steps of
// procedures (a copy, under StepItem), pairs of relatives, the list of ties.
func (e *Edition) EachItem(fn func(sort string, it *Item)) {
	for _, p := range e.Parameters {
		fn("parameter", &p.Item)
	}
	for _, p := range e.Policies {
		fn("policy", &p.Item)
	}
	for _, r := range e.Rules {
		fn("rule", &r.Item)
	}
	for _, p := range e.Procedures {
		for _, s := range p.Steps {
			it := s.Item
			it.ID = StepItem(p.ID, s.ID)
			fn("step", &it)
		}
	}
	for _, x := range e.Incompatible {
		fn("pair", &x.Item)
	}
	if e.Kinship != nil {
		fn("kinship", &e.Kinship.Item)
	}
}
