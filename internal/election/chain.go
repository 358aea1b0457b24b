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
