package election

import (
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The chain of elections of an event (chương trình bầu cử): contests one after
// another, each list depending on the result before. A programme is data: it
// is laid down from a template by kind of congress and may be edited for the
// event as long as the item has not begun. Each item goes its way by acts:
//
//	OpenList → ListPersons, MovePerson → VoteSeats → VoteList → OpenBox →
//	ReportRound (figures and verdict) → DecideRound where people must decide
//
// An act in the wrong order is refused with a sentence that says what must
// come first. Nothing of the chain is kept but its entries: the state of an
// item is folded from them each time (chain.go).
const (
	KindProgramme   = "election.programme-set/1"
	KindListOpened  = "election.list-opened/1"
	KindListed      = "election.persons-listed/1"
	KindMoved       = "election.person-moved/1"
	KindSeats       = "election.seats-voted/1"
	KindReading     = "election.reading-chosen/1"
	KindListVoted   = "election.list-voted/1"
	KindBoxSet      = "election.box-set/1"
	KindRoundClosed = "election.round-decided/1"
)

// ChainKinds are the entry kinds of the chain of elections.
var ChainKinds = []string{KindProgramme, KindListOpened, KindListed, KindMoved, KindSeats, KindReading, KindListVoted, KindBoxSet, KindRoundClosed}

// How the number of seats of an item comes about.
const (
	SeatsVoted    = "voted"    // the body votes the number
	SeatsAllotted = "allotted" // given from above, not voted (delegates)
	SeatsFixed    = "fixed"    // one person for one post
)

// Item is one contest of the programme.
type Item struct {
	ID      string     `json:"id"`    // contest id is "<event>/<id>"
	Rules   string     `json:"rules"` // contest kind
	Title   rule.Words `json:"title"`
	Body    string     `json:"body"` // vote.Record.Body of the meeting that votes
	Seats   int64      `json:"seats,omitempty"`
	SeatsBy string     `json:"seats_by"`
	From    string     `json:"from,omitempty"`    // item whose elected persons it elects from among
	Rest    string     `json:"rest,omitempty"`    // item whose persons not elected make its list
	Except  []string   `json:"except,omitempty"`  // items whose elected persons are left out
	Plans   []string   `json:"plans,omitempty"`   // planned posts that matter here (pause rules)
	When    string     `json:"when,omitempty"`    // stand-alone rule that says whether the body elects this at all
	Meeting string     `json:"meeting,omitempty"` // meeting that votes it
	// Optional items may be left out by a recorded decision.
	Optional bool `json:"optional,omitempty"`
	// OwnTeam marks polls: their own counting team and minutes.
	OwnTeam bool `json:"own_team,omitempty"`
	// Form is the form of the slip of a poll whose rules name none.
	Form string `json:"form,omitempty"`
}

// Programme is the ordered chain of an event.
type Programme struct {
	Event    string `json:"event"`
	Template string `json:"template"`
	// Level is "province", "district", "grassroots" or "cell".
	Level string `json:"level"`
	// Members is the number of official members of a cell or grassroots
	// organisation, for the rules that ask it; 0 where it plays no part.
	Members int64  `json:"members,omitempty"`
	Items   []Item `json:"items"`
}

// Hand is a vote by show of hands, as the body took it. Vote names the hand
// vote in the records of the meeting; where it is empty the figures were
// entered here.
type Hand struct {
	Meeting string `json:"meeting,omitempty"`
	Vote    string `json:"vote,omitempty"`
	For     int64  `json:"for"`
	Against int64  `json:"against"`
	Other   int64  `json:"other"`
	Base    int64  `json:"base"` // whose majority counts
}

// Listed is one person as a list knows it. It holds no personal content: the
// name and birth stand in the block "candidates" of the same entry.
type Listed struct {
	Person       string      `json:"person"` // registry id, or an id made with the form for a typed name
	Origin       vote.Origin `json:"origin"`
	By           string      `json:"by,omitempty"` // person who nominates
	Planned      string      `json:"planned,omitempty"`
	Outgoing     bool        `json:"outgoing,omitempty"`
	InBody       bool        `json:"in_body,omitempty"`
	Probationary bool        `json:"probationary,omitempty"`
	Temporary    bool        `json:"temporary,omitempty"`
	ByOutgoing   bool        `json:"by_outgoing,omitempty"`
	ByDelegate   bool        `json:"by_delegate,omitempty"`
}

// Move is what happens to a person on a list.
type Move string

// The moves. Support carries the vote of those attending, File the papers.
const (
	MoveAccept   Move = "accepted"
	MoveDecline  Move = "declined"
	MoveFile     Move = "file"
	MoveSupport  Move = "support"
	MoveAskOut   Move = "withdrawal-asked"
	MoveOut      Move = "withdrawal-granted"
	MoveKeep     Move = "withdrawal-refused"
	MoveStrike   Move = "struck"
	MovePollOut  Move = "left-by-poll"
	MoveUnlisted Move = "entered-by-mistake"
)

// Kinds of rounds.
const (
	RoundFirst   = "first"
	RoundFurther = "further"
	RoundRevote  = "revote-tied"
	RoundPoll    = "poll"
)

// What a body decides after a result.
const (
	ChooseFurther = "further" // vote again for the empty seats
	ChooseRevote  = "revote"  // vote again among the tied
	ChooseStop    = "stop"    // leave it at what was elected
	ChooseSkip    = "skip"    // an optional item is not held
	ChooseGoOn    = "answered-continue"
	ChooseName    = "answered-designated" // the upper level designates the person
)

// The bodies of the entries. Every one begins with the contest, event and item.

type stepHead struct {
	Contest string `json:"contest,omitempty"`
	Event   string `json:"event"`
	Item    string `json:"item,omitempty"`
}

type programmeBody struct {
	Programme
}

type openedBody struct {
	stepHead
	Kind    string   `json:"kind"`
	Round   int      `json:"round"`
	Seats   int64    `json:"seats,omitempty"`
	Opening vn.Date  `json:"opening"` // day the congress or meeting opens
	After   string   `json:"after,omitempty"`
	Persons []Listed `json:"persons"`
}

type listedBody struct {
	stepHead
	Persons []Listed `json:"persons"`
}

type movedBody struct {
	stepHead
	Person   string         `json:"person"`
	What     Move           `json:"what"`
	Files    *int64         `json:"files,omitempty"`
	HandedIn vn.Date        `json:"handed_in,omitzero"`
	Support  *int64         `json:"support,omitempty"`
	Present  *int64         `json:"attending,omitempty"`
	Hand     *Hand          `json:"hand,omitempty"`
	Verdicts []rule.Verdict `json:"verdicts,omitempty"`
}

type seatsBody struct {
	stepHead
	Seats    int64          `json:"seats"`
	Hand     *Hand          `json:"hand,omitempty"`
	Verdicts []rule.Verdict `json:"verdicts,omitempty"`
}

type readingBody struct {
	stepHead
	Rule    string `json:"rule"`
	Reading string `json:"reading"`
}

type listVotedBody struct {
	stepHead
	Order    []string       `json:"order"` // person ids in ballot order
	Seats    int64          `json:"seats"`
	Form     string         `json:"form"`
	Most     int64          `json:"list_cap,omitempty"`
	Hand     *Hand          `json:"hand,omitempty"`
	Verdicts []rule.Verdict `json:"verdicts,omitempty"`
}

type boxBody struct {
	stepHead
	Box string `json:"box"`
}

type decidedBody struct {
	stepHead
	Choice   string         `json:"choice"`
	NewNames bool           `json:"new_names,omitempty"`
	Hand     *Hand          `json:"hand,omitempty"`
	Number   string         `json:"number,omitempty"` // of the upper level's answer
	Date     vn.Date        `json:"date,omitzero"`
	Person   string         `json:"person,omitempty"` // designated
	Verdicts []rule.Verdict `json:"verdicts,omitempty"`
}
