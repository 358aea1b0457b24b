package assembly

import "slices"

// Off says whether a person comes off the base.
func (m *State) Off(person string) bool {
	return slices.ContainsFunc(m.Deductions, func(d Deduction) bool { return d.Person == person })
}

// Replaced says whether an alternate takes the place of a delegate.
func (m *State) Replaced(delegate string) bool {
	return slices.ContainsFunc(m.People, func(o Attendee) bool { return o.Replaces == delegate })
}

// PresentAt is the first session at which a person was marked present, or nil.
func (m *State) PresentAt(person string) *Session {
	i := slices.IndexFunc(m.Sessions, func(x Session) bool { return x.Marks[person] == Present })
	if i < 0 {
		return nil
	}
	return &m.Sessions[i]
}
