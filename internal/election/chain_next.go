package election

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Source is the body that an item elects from among: the persons elected by
// Item.From less those elected by Item.Except. known is false where nothing
// limits the choice: no such item, or the rules have this body elect none and
// what that item chooses from is free too.
func (c *Chain) Source(s *ItemState) (out []*Nominee, known bool) {
	from := c.item(s.From)
	for from != nil && from.State == StateOff {
		from = c.item(from.From)
	}
	if from == nil {
		return nil, false
	}
	gone := map[string]bool{}
	for _, id := range s.Except {
		if e := c.item(id); e != nil {
			for _, n := range e.Elected() {
				gone[n.Person] = true
			}
		}
	}
	for _, n := range from.Elected() {
		if !gone[n.Person] {
			out = append(out, n)
		}
	}
	return out, true
}

// rest are those of an item's lists who were not elected and whom no result
// made an alternate: officials first, the rest the alternates' list.
func (c *Chain) rest(id string) []*Nominee {
	s := c.item(id)
	if s == nil {
		return nil
	}
	var out []*Nominee
	taken := map[string]bool{}
	for _, n := range s.Elected() {
		taken[n.Person] = true
	}
	for _, r := range s.Rounds {
		for _, l := range r.Lines {
			if l.Outcome == vote.Alternate {
				taken[l.Candidate] = true
			}
		}
	}
	for _, r := range s.Rounds {
		if r.Kind == RoundPoll || r.List == nil {
			continue
		}
		for _, id := range r.List.Order {
			if n := r.Find(id); n != nil && !taken[id] {
				taken[id] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// Needs lists the items that must end before the list of s can be opened: what
// its list depends on.
func (c *Chain) needs(s *ItemState) *ItemState {
	for _, id := range append([]string{s.From, s.Rest}, s.Except...) {
		if n := c.item(id); n != nil && !n.State.Over() {
			return n
		}
	}
	return nil
}

// Earlier is the first earlier item that has not ended, or nil.
func (c *Chain) Earlier(s *ItemState) *ItemState {
	for _, e := range c.Items {
		if e.ID == s.ID {
			return nil
		}
		if !e.State.Over() {
			return e
		}
	}
	return nil
}

// paused is the item at which the upper level must answer, or nil.
func (c *Chain) paused() *ItemState {
	i := slices.IndexFunc(c.Items, func(s *ItemState) bool { return s.State == StatePaused })
	if i < 0 {
		return nil
	}
	return c.Items[i]
}

// Next is the first item that has not ended, or nil.
func (c *Chain) Next() *ItemState {
	for _, s := range c.Items {
		if !s.State.Over() {
			return s
		}
	}
	return nil
}

// derive works out the state of every item, in the order of the programme.
func (c *Chain) derive(lib *rule.Library) error {
	for _, s := range c.Items {
		if p := s.Poll(); p != nil {
			leftByPoll(s.Now(), p)
		}
		if err := c.whether(lib, s); err != nil {
			return err
		}
		s.State = c.stateOf(s)
		if r := s.Now(); r != nil && r.List == nil && !s.State.Over() {
			if err := c.examine(lib, s, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// whether asks the rule that says if the body elects this at all.
func (c *Chain) whether(lib *rule.Library, s *ItemState) error {
	if s.Item.When == "" {
		return nil
	}
	in := map[string]int64{}
	if c.Programme.Members > 0 {
		in["members"] = c.Programme.Members
	}
	if of := c.item(s.From); of != nil && of.State.Over() {
		in["committee"] = int64(len(of.Elected()))
	}
	choices := map[string]string{}
	if r := s.Now(); r != nil {
		choices = r.Choices
	}
	a, err := vote.Ask(lib, s.Item.When, c.Day(s), in, choices)
	if err != nil {
		return err
	}
	s.When = &a
	return nil
}

func (c *Chain) stateOf(s *ItemState) State {
	r := s.Now()
	if s.Skipped != nil {
		return StateSkipped
	}
	if r == nil {
		if s.When != nil && s.When.No() {
			return StateOff
		}
		if n := c.needs(s); n != nil {
			s.Waits = n
			return StateWaits
		}
		if from := c.item(s.From); from != nil && from.State == StateSkipped {
			return StateOff // the body to elect from was left out
		}
		if s.Rest != "" && len(c.rest(s.Rest)) == 0 {
			return StateOff // nobody is left for the alternates' list
		}
		return StateReady
	}
	switch {
	case r.Row != nil:
		return after(r)
	case r.Box != "":
		return StateCounting
	case r.List != nil:
		return StateVoted
	}
	return StateList
}

// after is the state that a result leads to, with what was decided on it.
func after(r *Round) State {
	switch vote.Status(r.Row.Status) {
	case vote.Refused:
		return StateRefused
	case vote.Unsettled:
		return StateOpen
	case vote.Invalid:
		if r.decided(ChooseStop) != nil {
			return StateDone
		}
		return StateInvalid
	}
	if vote.Next(r.Row.Next) == vote.AskUpper && r.decided(ChooseGoOn, ChooseName) == nil {
		return StatePaused
	}
	if r.decided(ChooseName, ChooseStop) != nil {
		return StateDone
	}
	switch {
	case vote.Status(r.Row.Status) == vote.Tied:
		return StateTied
	case r.Row.Unfilled > 0:
		return StateShort
	}
	return StateDone
}

// leftByPoll takes off the list those whom the opinion poll left behind.
func leftByPoll(r, poll *Round) {
	if r == nil || poll.Row == nil || vote.Status(poll.Row.Status) == vote.Unsettled || vote.Status(poll.Row.Status) == vote.Refused {
		return
	}
	for _, l := range poll.Lines {
		// Who is tied at the last place stays until the body decides.
		if n := r.Find(l.Candidate); n != nil && n.Out == "" && l.Outcome != vote.GoesOn && l.Outcome != vote.TiedOutcome {
			n.Out, n.OutEntry = MovePollOut, poll.Row.Counted
		}
	}
}
