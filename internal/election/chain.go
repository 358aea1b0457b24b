package election

import (
	"slices"

	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Chain is the programme of an event as it stands.
type Chain struct {
	Event     *Event
	Programme *Programme // nil: none laid down yet
	Entry     int64      // of the programme in force
	Items     []*ItemState
	Last      int64 // last entry of the chain
}

// State says where an item or round stands.
type State string

// The states, from the first to the last.
const (
	StateOff      State = "off"       // the rules say that this body elects none
	StateSkipped  State = "skipped"   // left out by decision
	StateWaits    State = "waits"     // something earlier must end first
	StateReady    State = "ready"     // the list can be opened
	StateList     State = "list"      // the list is being made
	StateVoted    State = "voted"     // the list is voted, the box can be opened
	StateCounting State = "counting"  // the box is at the counting board
	StateRefused  State = "refused"   // the figures contradict each other
	StateOpen     State = "unsettled" // readings differ, people must decide
	StateInvalid  State = "invalid"   // the election does not count
	StatePaused   State = "paused"    // the upper level must answer
	StateTied     State = "tied"
	StateShort    State = "short"
	StateDone     State = "done"
)

// Over says that nothing more is to be done.
func (s State) Over() bool { return s == StateDone || s == StateOff || s == StateSkipped }

// ItemState is one item of the programme with its rounds.
type ItemState struct {
	Item
	State   State
	Rounds  []*Round
	Meet    *meeting.State // of Item.Meeting; nil where none is named
	When    *vote.Asked    // answer of Item.When, where it has one
	Skipped *Decision
	Waits   *ItemState // the item that must end first
}

// Now is the last round, nil before the first. A poll on the list is beside
// the round it belongs to and never the last.
func (s *ItemState) Now() *Round {
	for i := len(s.Rounds) - 1; i >= 0; i-- {
		if s.Rounds[i].Kind != RoundPoll {
			return s.Rounds[i]
		}
	}
	return nil
}

// Poll is the opinion poll on the list of the item, or nil.
func (s *ItemState) Poll() *Round {
	i := slices.IndexFunc(s.Rounds, func(r *Round) bool { return r.Kind == RoundPoll })
	if i < 0 {
		return nil
	}
	return s.Rounds[i]
}

// Round is one vote of an item: its list, box and result.
type Round struct {
	Contest    string
	Item       string
	Kind       string
	N          int
	Opened     int64
	Opening    vn.Date
	After      string // contest whose result it follows
	Seats      int64
	SeatsVoted bool
	SeatsHand  *Hand
	Persons    []*Nominee
	Choices    map[string]string // readings decided on
	List       *ListVoted
	Box        string
	Row        *Row
	Lines      []Line
	Decided    []*Decision
	Last       int64 // last entry of this round
}

// Decision is what a body, or the upper level, decided on a round.
type Decision struct {
	Entry    int64
	At       string
	Actor    string
	Choice   string
	NewNames bool
	Hand     *Hand
	Number   string
	Date     vn.Date
	Person   string
	Reason   string
	Verdicts []rule.Verdict
}

// ListVoted is the list as the body voted it.
type ListVoted struct {
	Entry int64
	Order []string
	Seats int64
	Form  string
	Most  int64 // most names the list might have; below 1: no rule limited it
	Hand  *Hand
}

// Nominee is a person on a list as it stands.
type Nominee struct {
	Listed
	Name, Born, Title string // "" when erased
	Entry             int64  // that listed the person
	Accepted          *bool
	Files             *int64
	HandedIn          vn.Date
	Support           *int64
	Attending         *int64
	AskedOut          bool
	Kept              bool // the withdrawal was refused
	Out               Move // why the person no longer stands, "" while standing
	OutEntry          int64
	Reason            string
	Examined          vote.Examined
	Placed            vote.Placed
}

// Find is a person of the round, or nil.
func (r *Round) Find(person string) *Nominee {
	i := slices.IndexFunc(r.Persons, func(n *Nominee) bool { return n.Person == person })
	if i < 0 {
		return nil
	}
	return r.Persons[i]
}

// Stand lists the persons that stand: on the list and out for no reason.
func (r *Round) Stand() []*Nominee {
	var out []*Nominee
	for _, n := range r.Persons {
		if n.Out == "" {
			out = append(out, n)
		}
	}
	return out
}

// tied says whether a person is tied at the last place of a poll.
func (r *Round) tied(person string) bool {
	return r != nil && r.Row != nil && slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Candidate == person && l.Outcome == vote.TiedOutcome })
}

// decided is the last decision with one of the choices, or nil.
func (r *Round) decided(choices ...string) *Decision {
	for i := len(r.Decided) - 1; i >= 0; i-- {
		if slices.Contains(choices, r.Decided[i].Choice) {
			return r.Decided[i]
		}
	}
	return nil
}

// item finds an item of the chain, or nil.
func (c *Chain) item(id string) *ItemState {
	i := slices.IndexFunc(c.Items, func(s *ItemState) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return c.Items[i]
}

// Round finds a round by contest id with its item, or nil.
func (c *Chain) Round(contest string) (*ItemState, *Round) {
	for _, s := range c.Items {
		for _, r := range s.Rounds {
			if r.Contest == contest {
				return s, r
			}
		}
	}
	return nil, nil
}

// Elected are the persons an item has elected (proposed, in a poll), by round
// and votes.
func (s *ItemState) Elected() []*Nominee {
	var out []*Nominee
	for _, r := range s.Rounds {
		if r.Kind == RoundPoll {
			continue
		}
		for _, l := range r.Lines {
			switch l.Outcome {
			case vote.Elected, vote.GoesOn:
			case vote.Alternate:
				if s.Rules != "party-election/alternates" {
					continue
				}
			default:
				continue
			}
			if n := r.Find(l.Candidate); n != nil {
				out = append(out, n)
			}
		}
		if d := r.decided(ChooseName); d != nil {
			if n := r.Find(d.Person); n != nil {
				out = append(out, n)
			}
		}
	}
	return out
}

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
