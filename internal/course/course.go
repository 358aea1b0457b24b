// Package course is the pure part of personnel procedures (quy trình nhân sự):
// the course (diễn biến) of a case as its entries tell it. It folds entries to
// the state of the case, checks the sheet of standards and conditions, says
// which step comes next and on whose names, what its record must be, and what
// stands in the way of each act. It holds no database and no clock: the room
// that runs cases and the verifier that replays them years later ask the same
// questions here and get the same answers.
//
//	st := course.Fold(events)
//	v, err := course.See(lib, st)      // definition and rules the case is pinned to
//	step, no := v.MayOpen("3")         // no says why not, in both languages
package course

import (
	"slices"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Class is the class of secrecy of a case, required when it opens.
type Class string

// The classes: for internal use, and the two State-secret classes a commission
// works with. Register-only cases hold number, date, level, holder, place.
const (
	Internal     Class = "internal"
	Secret       Class = "secret"     // mật
	TopSecret    Class = "top-secret" // tối mật
	RegisterOnly Class = "register-only"
)

// Classes lists the classes in the order of forms.
var Classes = []Class{Internal, Secret, TopSecret, RegisterOnly}

// Phase says how far a case is.
type Phase string

// The phases, in order.
const (
	Needed    Phase = "needed"    // opened; consent in principle not asked
	Asked     Phase = "asked"     // consent asked
	Running   Phase = "running"   // consent given; steps
	Finished  Phase = "finished"  // all steps done; opinion and submission
	Submitted Phase = "submitted" // submitted; appraisal
	Appraised Phase = "appraised"
	Chosen    Phase = "chosen" // put forward; election and ratification to come
	Ended     Phase = "ended"
	Returned  Phase = "returned" // returned with reasons
	Stopped   Phase = "stopped"
)

// Over says that nothing more can happen in a case.
func (p Phase) Over() bool { return p == Ended || p == Returned || p == Stopped }

// Paper is a document on file: where it comes from and where it lies.
type Paper struct {
	Kind   string  `json:"kind,omitzero"`
	Number string  `json:"number,omitzero"`
	Date   vn.Date `json:"date,omitzero"`
	By     string  `json:"by,omitzero"`    // issuing body, in words
	Where  string  `json:"where,omitzero"` // where the paper lies
	Scan   string  `json:"scan,omitzero"`  // SHA-256 of the scan
}

// Figures are the counts of one step as its minutes have them; a count that is
// nil was not recorded.
type Figures struct {
	Summoned   *int64           `json:"summoned,omitempty"`
	Present    *int64           `json:"present,omitempty"`
	Incumbents *int64           `json:"incumbents,omitempty"`
	Ballots    vote.Ballots     `json:"ballots,omitzero"`
	Votes      map[string]int64 `json:"votes,omitempty"`    // person id → votes
	Disagree   map[string]int64 `json:"disagree,omitempty"` // person id → votes against
	Decisions  []vote.Decision  `json:"decisions,omitempty"`
}

// Event is one thing that happened to a case, as the timeline shows it.
type Event struct {
	Entry int64
	At    time.Time
	Actor string
	What  string // the kind without room and version, e.g. "step-counted"
	Body  Body
	Words string // of the block, "" when it is absent or there is none
}

// Body is the body of every kind of this room; what a kind does not use is
// left out. It holds ids, numbers, days, codes and decision numbers.
type Body struct {
	Case      string       `json:"case,omitzero"`
	Procedure string       `json:"procedure,omitzero"`
	On        vn.Date      `json:"on,omitzero"` // day of the event itself
	Org       string       `json:"organisation,omitzero"`
	Title     string       `json:"title,omitzero"` // code of the table of titles
	Level     string       `json:"level,omitzero"`
	Seats     int64        `json:"seats,omitzero"`
	Quota     *int64       `json:"quota,omitempty"`   // posts of this title allotted
	Holders   *int64       `json:"holders,omitempty"` // of them held on the day
	Class     Class        `json:"class,omitzero"`
	Sample    bool         `json:"sample,omitzero"`
	Clock     vn.Date      `json:"clock,omitzero"` // marked sample clock
	Scribed   bool         `json:"transcribed,omitzero"`
	Pins      []rule.Pin   `json:"pins,omitempty"`
	Moved     []rule.Moved `json:"moved,omitempty"`
	Due       vn.Date      `json:"due,omitzero"` // last day of a deadline, by working days
	Yes       *bool        `json:"yes,omitempty"`
	Paper     Paper        `json:"paper,omitzero"`
	Person    string       `json:"person,omitzero"`
	Persons   []string     `json:"persons,omitempty"`
	Outside   bool         `json:"outside,omitzero"` // put forward from outside the list
	Other     string       `json:"other,omitzero"`   // the other person of a tie
	Tie       string       `json:"tie,omitzero"`
	Condition string       `json:"condition,omitzero"`
	Outcome   string       `json:"outcome,omitzero"`
	Expires   vn.Date      `json:"expires,omitzero"`
	Lines     []Line       `json:"lines,omitempty"`
	Item      string       `json:"item,omitzero"` // of a regulation, when a reading is decided
	Choice    string       `json:"choice,omitzero"`
	Step      string       `json:"step,omitzero"`
	Round     int          `json:"round,omitzero"`
	Meeting   string       `json:"meeting,omitzero"`
	Box       string       `json:"box,omitzero"`
	Team      []string     `json:"team,omitempty"`
	Late      bool         `json:"late,omitzero"` // entered after the day, with a reason
	Figures   *Figures     `json:"figures,omitempty"`
	Record    *vote.Record `json:"record,omitempty"`
	Result    *vote.Result `json:"result,omitempty"`
	Letter    string       `json:"letter,omitzero"`
	Post      string       `json:"post,omitzero"`
	Contest   string       `json:"contest,omitzero"`
	Account   string       `json:"account,omitzero"`
	Until     vn.Date      `json:"until,omitzero"`
	Signers   []string     `json:"signers,omitempty"`
	Ref       *int64       `json:"ref,omitempty"`     // the entry it answers
	Purpose   string       `json:"purpose,omitzero"`  // of an export
	Classes   []string     `json:"classes,omitempty"` // of personal content an export withheld
	Digest    string       `json:"digest,omitzero"`   // SHA-256 of the file exported
	Size      int64        `json:"size,omitzero"`     // of it, in bytes
}

// Conditions of a person, as a line of the sheet has them.
const (
	Met         = "met"
	NotMet      = "not-met"
	Unknown     = "not-recorded" // the fact or the paper is missing
	Excepted    = "exception"    // by a decision of the competent level
	Undecided   = "unsettled"    // readings of an unverified rule differ
	NotAskedFor = "not-asked"    // the reading decided says the document does not ask it
)

// Line is one line of the sheet of standards and conditions of a person.
type Line struct {
	Condition string        `json:"condition"`
	State     string        `json:"state"`
	Verdict   *rule.Verdict `json:"verdict,omitempty"`
	Paper     Paper         `json:"paper,omitzero"`
	Expires   vn.Date       `json:"expires,omitzero"`
}

// Passes says that a line does not stand in the way.
func (l Line) Passes() bool { return slices.Contains([]string{Met, Excepted, NotAskedFor}, l.State) }
