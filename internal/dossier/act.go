package dossier

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// Open opens the file of a person: from a day on it lies at Custodian.
type Open struct {
	Person    string
	Home      string // organisation over which the right is asked
	Class     Class
	Custodian string
	From      vn.Date
	Decision  org.Decision
	Hands     Grounds // place, who received it
}

// HandOver records that the file went to another body on a day.
type HandOver struct {
	Person   string
	Home     string
	To       string
	On       vn.Date // first day there
	Decision org.Decision
	Hands    Grounds
	Keeper   bool // done by a keeper of classified papers, whose right is then asked too
}

// CorrectCustody says that a holder was recorded wrongly and how it really was;
// with Withdraw, that it should not stand at all.
type CorrectCustody struct {
	Person   string
	Home     string
	Fact     int64
	Withdraw bool
	Org      string
	From     vn.Date
	Decision org.Decision
	Hands    Grounds
	Reason   string
	Keeper   bool // done by a keeper of classified papers, whose right is then asked too
}

// Item is a paper that comes into the file.
type Item struct {
	Class      Class
	State      State   // Kept or Missing
	Filed      vn.Date // zero: today
	Paper      Paper
	Declassify org.Decision // by which its class is lowered
}

// Put puts papers into the file, several at once.
type Put struct {
	Person string
	Home   string
	Items  []Item
}

// Renew puts a newer version of a paper into the file; the older one stays.
type Renew struct {
	Person string
	Home   string
	Doc    string
	Item   Item
	Keeper bool // done by a keeper of classified papers, whose right is then asked too
}

// Correct says that a version of a paper was recorded wrongly and how it really
// reads, in full; with Withdraw, that it should not stand at all.
type Correct struct {
	Person   string
	Home     string
	Doc      string
	Version  int
	Withdraw bool
	Item     Item
	Reason   string
	Keeper   bool // done by a keeper of classified papers, whose right is then asked too
}

// SetState says that a version of a paper is missing, lost, found again (Kept)
// or restored. A loss and a restoration need their paper.
type SetState struct {
	Person  string
	Home    string
	Doc     string
	Version int
	State   State
	Grounds Grounds
	Keeper  bool // done by a keeper of classified papers, whose right is then asked too
}

// SetFile says that the whole file is lost, restored, kept again or closed, or
// is of another class from now on.
type SetFile struct {
	Person     string
	Home       string
	State      State
	Class      Class
	Grounds    Grounds
	Keeper     bool         // done by a keeper of classified papers, whose right is then asked too
	Declassify org.Decision // by which its class is lowered
}

// MarkKinds says of whole kinds of papers that none can exist for this person,
// that they must be brought, or that nobody knows yet.
type MarkKinds struct {
	Person string
	Home   string
	Marks  map[int]Mark // by number of the kind
	Note   string
	Keeper bool // done by a keeper of classified papers, whose right is then asked too
}

const (
	kindOpened        = "dossier.opened/1"
	kindCustody       = "dossier.custody/1"
	kindCustodyFixed  = "dossier.custody-corrected/1"
	kindDocument      = "dossier.document/1"
	kindDocumentState = "dossier.document-state/1"
	kindMarked        = "dossier.marked/1"
	kindFileState     = "dossier.file-state/1"
)

// Blocks of personal content.
const (
	BlockPaper = "paper"  // a Paper
	BlockHands = "hands"  // Grounds of a custody
	BlockState = "state"  // Grounds of a state
	BlockMarks = "marks"  // []mark
	blockWhy   = "reason" // of a correction
)

// body is the body of every kind of this room; unused fields are left out. It
// holds no personal content: not even the kind of a paper.
type body struct {
	Person    string       `json:"person"`
	Class     Class        `json:"class,omitzero"`
	Org       string       `json:"org,omitzero"`
	From      vn.Date      `json:"from,omitzero"`
	Decision  org.Decision `json:"decision,omitzero"`
	Handover  string       `json:"handover,omitzero"`
	Fact      *int64       `json:"fact,omitzero"`
	Withdrawn bool         `json:"withdrawn,omitzero"`
	Doc       string       `json:"doc,omitzero"`
	Version   int          `json:"version,omitzero"`
	State     State        `json:"state,omitzero"`
	Corrects  bool         `json:"corrects,omitzero"`
}

type mark struct {
	Kind int  `json:"kind"`
	Mark Mark `json:"mark"`
}

type markList struct {
	Marks []mark `json:"marks"`
	Note  string `json:"note,omitzero"`
}

func need(home string) desk.Need { return desk.Need{Right: desk.EditPerson, Org: home} }

// Name, Subject and Need make each an act about the person.
func (a Open) Name() string    { return "dossier.open" }
func (a Open) Subject() string { return a.Person }
func (a Open) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a HandOver) Name() string    { return "dossier.hand-over" }
func (a HandOver) Subject() string { return a.Person }
func (a HandOver) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a CorrectCustody) Name() string    { return "dossier.correct-custody" }
func (a CorrectCustody) Subject() string { return a.Person }
func (a CorrectCustody) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a Put) Name() string    { return "dossier.put" }
func (a Put) Subject() string { return a.Person }
func (a Put) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a Renew) Name() string    { return "dossier.renew" }
func (a Renew) Subject() string { return a.Person }
func (a Renew) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a Correct) Name() string    { return "dossier.correct" }
func (a Correct) Subject() string { return a.Person }
func (a Correct) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a SetState) Name() string    { return "dossier.set-state" }
func (a SetState) Subject() string { return a.Person }
func (a SetState) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a SetFile) Name() string    { return "dossier.set-file" }
func (a SetFile) Subject() string { return a.Person }
func (a SetFile) Need() desk.Need { return need(a.Home) }

// Name, Subject and Need make it an act about the person.
func (a MarkKinds) Name() string    { return "dossier.mark" }
func (a MarkKinds) Subject() string { return a.Person }
func (a MarkKinds) Need() desk.Need { return need(a.Home) }
