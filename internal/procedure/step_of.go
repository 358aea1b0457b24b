package procedure

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// body is the body that holds a step, under the reading that was decided or
// attested.
func (v *view) body(st *rule.Step) string {
	choice := v.Choices[rule.StepItem(v.def.ID, st.ID)]
	if c, ok := v.lib.SettledStep(v.edition, v.def, st); ok && c != rule.MainReading {
		for _, r := range st.Readings {
			if r.ID == c {
				return r.Choose
			}
		}
	}
	if choice != "" && choice != rule.MainReading {
		return choice
	}
	return st.Body
}

// differs says that a step whose result is compared chose others than the step
// it is compared with.
func (s *State) differs(st *rule.Step) bool {
	if st.Compare == "" {
		return false
	}
	a, b := s.Step(st.ID), s.Step(st.Compare)
	if a == nil || b == nil || a.Counted == nil || b.Counted == nil {
		return false
	}
	x, y := slices.Clone(a.Passed), slices.Clone(b.Passed)
	slices.Sort(x)
	slices.Sort(y)
	return !slices.Equal(x, y)
}

// Differs is differs for pages.
func (s *State) Differs(st *rule.Step) bool { return s.differs(st) }

// lastStepDay is the day before which no step can be held.
func (s *State) lastStepDay() vn.Date {
	d := s.Opened
	if g := s.Consent.Given; g != nil && d.Before(g.Body.On) {
		d = g.Body.On
	}
	for _, h := range s.Steps {
		if d.Before(h.Opening.Body.On) {
			d = h.Opening.Body.On
		}
	}
	return d
}

// May is who a step may speak of: those of the step it names, and for step-or-
// other also who else meets every condition.
func (s *State) May(st *rule.Step) (ids []string, others bool) {
	if st.Persons == rule.FromPlan {
		return s.here(), false
	}
	for of := st; of != nil; {
		h := s.Step(of.Of)
		if h != nil && !h.Skipped && h.Counted != nil {
			return slices.DeleteFunc(slices.Clone(h.Passed), func(p string) bool { return s.Person(p) == nil }), st.Persons == rule.FromStepOrOther
		}
		// A step that the reading says is not held hands on what came before.
		if h == nil {
			break
		}
		of = &rule.Step{Of: s.before(of.Of)}
		if of.Of == "" {
			break
		}
	}
	return s.here(), st.Persons == rule.FromStepOrOther
}

// before is the step held last before one that was passed over.
func (s *State) before(id string) string {
	last := ""
	for _, h := range s.Steps {
		if h.ID == id {
			return last
		}
		if !h.Skipped {
			last = h.ID
		}
	}
	return ""
}
