// Package assembly is the pure part of meetings: who was summoned and came, who
// comes off the base, what was voted by hand, as the entries of one meeting
// tell it. The room that keeps meetings and the verifier that replays hand
// votes and bases years later fold the same entries here.
package assembly

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Body says which body meets, in the words of vote.Record.Body.
type Body string

// The bodies.
const (
	MemberCongress      Body = "member-congress"
	DelegateCongress    Body = "delegate-congress"
	CommitteeMeeting    Body = "committee-meeting"
	StandingMeeting     Body = "standing-committee-meeting"
	InspectionMeeting   Body = "inspection-committee-meeting"
	LeadershipMeeting   Body = "leadership-meeting"
	EnlargedMeeting     Body = "enlarged-leadership-meeting"
	KeyCadresConference Body = "key-cadres-conference"
	CellMeeting         Body = "cell-meeting"
)

// Bodies lists the bodies in the order of forms.
var Bodies = []Body{DelegateCongress, MemberCongress, CommitteeMeeting, StandingMeeting, InspectionMeeting, LeadershipMeeting, EnlargedMeeting, KeyCadresConference, CellMeeting}

// Levels lists the levels in the order of forms.
var Levels = []string{"province", "district", "grassroots", "cell"}

// Congress says that a body is a congress.
func (b Body) Congress() bool { return b == MemberCongress || b == DelegateCongress }

// Standing says as what a person is at the meeting.
type Standing string

// The standings. Which of them may vote at a meeting of a body: Votes.
const (
	Official     Standing = "official"     // official member summoned to a members' congress
	Probationary Standing = "probationary" // may nominate; does not vote or stand (Charter Art. 3)
	Temporary    Standing = "temporary"    // in temporary activity here; does not vote
	Elsewhere    Standing = "elsewhere"    // official here, introduced to temporary activity elsewhere
	Exempt       Standing = "exempt"       // official, exempted from work and activity
	Delegate     Standing = "delegate"
	Alternate    Standing = "alternate"
	Member       Standing = "member"  // of the committee or body that meets
	Invited      Standing = "invited" // sits in, counts for nothing
	// NotSummoned is who stays on the list only to say that the guidance of the
	// day keeps him away: suspended, charged or prosecuted before the opening.
	NotSummoned Standing = "not-summoned"
)

// Standings lists the standings in the order of forms.
var Standings = []Standing{Delegate, Alternate, Official, Exempt, Elsewhere, Probationary, Temporary, Member, Invited}

// Of lists the standings persons may have at a meeting of a body.
func (b Body) Of() []Standing {
	switch b {
	case MemberCongress, CellMeeting:
		return []Standing{Official, Exempt, Elsewhere, Probationary, Temporary, Invited}
	case DelegateCongress:
		return []Standing{Delegate, Alternate, Invited}
	}
	return []Standing{Member, Invited}
}

// Summoned says that a standing counts among those summoned whose number the
// base starts from.
func (s Standing) Summoned() bool {
	return s == Official || s == Elsewhere || s == Exempt || s == Delegate || s == Member
}

// Votes says whether a person of a standing votes when present: official
// members, delegates, members of the body, and an alternate who replaces.
func (s Standing) Votes(replacing bool) bool { return s.Summoned() || s == Alternate && replacing }

// Mark says how a person was at a session.
type Mark string

// The marks.
const (
	Present Mark = "present"
	Absent  Mark = "absent"
	Excused Mark = "excused" // absent with a reason that was accepted
)

// Attendee is one person of a meeting.
type Attendee struct {
	Person     string   `json:"person"` // id of the registry
	Standing   Standing `json:"standing"`
	Delegation string   `json:"delegation,omitzero"` // organisation that sent the delegate
	// Convening marks a member of the committee that convenes the congress.
	Convening bool `json:"convening,omitzero"`
	// Suspended marks who is suspended from Party activity, charged or detained.
	Suspended bool `json:"suspended,omitzero"`
	Replaces  string
}

// Session is one sitting.
type Session struct {
	ID     string // "1", "2" …
	Title  rule.Words
	Date   vn.Date
	Voting bool // elections are held in it
	Closed bool
	Marks  map[string]Mark // person → mark
	Entry  int64
}

// Deduction takes one person off the base.
type Deduction struct {
	Person string
	Reason string // as the regulation names it
	Words  string
	Entry  int64
}

// Organ is a body that runs or serves the meeting.
type Organ string

// The organs. A poll team counts opinion polls; a counting team serves a
// committee meeting as the counting board serves a congress.
const (
	Presidium     Organ = "presidium"
	Secretaries   Organ = "secretaries"
	Credentials   Organ = "credentials-board"
	CountingBoard Organ = "counting-board"
	PollTeam      Organ = "poll-team"
)

// Organs lists the organs in the order of forms.
var Organs = []Organ{Presidium, Secretaries, Credentials, CountingBoard, PollTeam}

// Chosen is an organ as it was chosen.
type Chosen struct {
	Organ   Organ
	For     string // the item it serves, for poll teams; "" otherwise
	Head    string
	Members []string // the head among them
	Vote    string   // hand vote that chose it
	Entry   int64
}

// HandMatters lists what is voted by hand, in the order of forms; the vote of an
// organ is on "organ:…".
var HandMatters = []string{"programme", "number", "list", "withdrawal", "resolution", "other"}

// HandVote is a vote by show of hands.
type HandVote struct {
	ID      string
	Chosen  []Choice // readings the body decided on, with Words as its reason
	Words   string
	On      string // code of what was voted: organ:…, number, list, withdrawal, programme, resolution
	Title   rule.Words
	For     int64
	Against int64
	Other   int64
	Passed  bool
	Status  string // of the verdict: decided, unsettled, refused …
	Verdict []rule.Verdict
	Base    int64
	Session string
	Entry   int64
}

// State is a meeting as it stands after some of its events.
type State struct {
	ID         string
	Org        string
	Body       Body
	Level      string
	Date       vn.Date
	Title      rule.Words
	Term       string
	After      string
	Late       bool
	LateWhy    string
	Sample     bool
	Clock      vn.Date
	Opened     int64 // entry that opened it
	Closed     bool
	ClosedOn   vn.Date
	People     []Attendee // in the order of summoning
	Sessions   []Session
	Deductions []Deduction
	Organs     []Chosen
	Votes      []HandVote
	History    []Event
	Last       int64
	// Incumbents is the number of members the body has on the day, where that
	// is more than were summoned; nil when those summoned are all.
	Incumbents *int64
}

// Attendee finds a person of the meeting, or nil.
func (s *State) Attendee(person string) *Attendee {
	i := slices.IndexFunc(s.People, func(a Attendee) bool { return a.Person == person })
	if i < 0 {
		return nil
	}
	return &s.People[i]
}

// Session finds a sitting, or nil.
func (s *State) Session(id string) *Session {
	i := slices.IndexFunc(s.Sessions, func(x Session) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Sessions[i]
}

// Voting is the sitting in which elections are held: the last marked so, else
// the last, else nil.
func (s *State) Voting() *Session {
	for i := len(s.Sessions) - 1; i >= 0; i-- {
		if s.Sessions[i].Voting {
			return &s.Sessions[i]
		}
	}
	if n := len(s.Sessions); n > 0 {
		return &s.Sessions[n-1]
	}
	return nil
}

// Organ is the organ as chosen last for an item, or nil.
func (s *State) Organ(o Organ, item string) *Chosen {
	for i := len(s.Organs) - 1; i >= 0; i-- {
		if s.Organs[i].Organ == o && s.Organs[i].For == item {
			return &s.Organs[i]
		}
	}
	return nil
}

// Vote finds a hand vote, or nil.
func (s *State) Vote(id string) *HandVote {
	i := slices.IndexFunc(s.Votes, func(v HandVote) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Votes[i]
}

// Event is one thing that happened, as the history shows it.
type Event struct {
	Entry int64
	At    string
	Actor string
	What  string // the kind without room and version
	Fact  Fact
	Words string
}
