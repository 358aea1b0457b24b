// Package election keeps elections as they were counted: an event (one
// election day, one congress, one committee meeting) and its contests (đơn vị
// bầu cử, nội dung bầu), each with the figures of its minutes and the verdict
// of the rules on those figures.
//
// A contest enters by RecordContest: the figures become one entry
// ("election.contest-recorded/1"), the verdict the next
// ("election.contest-counted/1"). Nobody declares a person elected: the
// verdict follows from the figures and the regulation of the day. A slip is
// put right by CorrectContest with its reason; the older version stays visible.
// A refusal by the rules (the figures contradict each other) is recorded as a
// result, for it is what the paper says; a form that cannot be understood
// (a vote for nobody on the list, a negative number) is not recorded at all.
//
//	d.Do(ctx, desk.Form{ID: id, Seen: -1, Actor: me, Act: election.RecordContest{
//		Event: "qh15", Contest: election.Contest{Record: rec, Place: "Đắk Nông", Unit: 1}}})
//
// Names and births of candidates stand in a block beside the entry and may be
// erased; votes, outcome and reasons stay. Pages then show the candidate's id
// with the words of Erased.
package election

import (
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The entry kinds of the room.
const (
	KindEventOpened    = "election.event-opened/1"
	KindRecorded       = "election.contest-recorded/1"
	KindCorrected      = "election.contest-corrected/1"
	KindCounted        = "election.contest-counted/1"
	KindAnnounced      = "election.result-announced/1"
	KindMinutes        = "election.minutes-made/1"
	KindImported       = "election.contests-imported/1"
	BlockCandidates    = "candidates"
	BlockReason        = "reason"
	BlockMinutes       = "minutes"
	maxTitle           = 400
	maxReason          = 2000
	maxContestsPerFile = 100_000
)

// Erased are the words that stand where a name was lawfully erased.
var Erased = rule.Words{VI: "(đã rút khỏi hồ sơ)", EN: "(removed from the record)"}

// EventSubject is the ledger subject of an event id, "event/qh15".
func EventSubject(id string) string { return "event/" + id }

// ContestSubject is the ledger subject of a contest id, "contest/qh15/dak-nong/1".
func ContestSubject(id string) string { return "contest/" + id }

// Event is one election day, congress or meeting.
type Event struct {
	ID       string
	Kind     string // "national-assembly", "peoples-council", "congress", "committee-meeting", EventOwn
	Date     vn.Date
	Org      string // organisation that answers for it; "" is the whole province
	Title    rule.Words
	Sample   bool // invented figures
	Official *Official
	Entry    int64 // entry that opened it
}

// Official are totals published elsewhere, to stand beside the counted ones.
type Official struct {
	Source  string          `json:"source"` // who published, where
	Figures []OfficialTotal `json:"figures"`
}

// OfficialTotal is one published figure. Key is one of "seats", "candidates",
// "elected", "listed", "voted", "valid", "invalid".
type OfficialTotal struct {
	Key   string     `json:"key"`
	Value int64      `json:"value"`
	Note  rule.Words `json:"note,omitzero"`
}

// Contest is one thing voted on, as its author hands it in.
type Contest struct {
	Record *vote.Record
	Title  rule.Words // of the unit or of what is elected
	Place  string     // province, or the organisation of a Party contest; groups the lists
	Unit   int        // number of the constituency; 0 when it has none
	Area   string     // extent in words
	Sample bool
	Titles map[string]string // candidate id → "Ông" or "Bà"; personal content
	Source Source
}

// Source tells where figures come from.
type Source struct {
	How       string     `json:"how"` // "hand", "file", "published"
	File      string     `json:"file,omitempty"`
	Digest    string     `json:"digest,omitempty"` // sha256 of the file, hex
	Publisher string     `json:"publisher,omitempty"`
	Licence   string     `json:"licence,omitempty"`
	Note      rule.Words `json:"note,omitzero"`
	Derived   []Derived  `json:"derived,omitempty"`
}

// Derived marks a figure that the source does not state but implies, with the
// interval it lies in for certain.
type Derived struct {
	Field string     `json:"field"` // as in the entry body, e.g. "record.ballots.valid"
	Low   int64      `json:"low"`
	High  int64      `json:"high"`
	Says  rule.Words `json:"says"`
}

// Name is one row of the block "candidates".
type Name struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	Name  string `json:"name"`
	Born  string `json:"born,omitempty"`
}

// Citation names the entry and field a number stands in. N is its place in
// the minutes, from 1.
type Citation struct {
	N     int    `json:"n"`
	Value int64  `json:"value"`
	Entry int64  `json:"entry"`
	Field string `json:"field"`
}

// Point is the checkpoint a paper carries.
type Point struct {
	Size int64  `json:"size"`
	Root string `json:"root"` // hex
	Code string `json:"code"` // as printed
}
