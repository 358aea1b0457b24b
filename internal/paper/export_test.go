package paper

// Keeps says that a side still keeps what reading it again needs.
func (s *Side) Keeps() bool { return s.kept != nil }

// KeptBytes is how much a side keeps for being read again, about.
func (s *Side) KeptBytes() int {
	if s.kept == nil {
		return 0
	}
	n := len(s.kept.ink.pix)
	for _, r := range s.kept.rows {
		for _, z := range r.zones {
			n += len(z.added) + len(z.free)
		}
	}
	return n
}
