// Package dossier is the room of persons' files ("hồ sơ đảng viên, cán bộ"):
// which papers a file holds and which it lacks, who keeps it and from whom it
// came, and the scans of its papers.
//
// A file is opened for a person with a class of secrecy and a custodian. Custody
// goes from one body to another on a day, by a decision, from hand to hand; a
// collective handover moves the files of everybody on its list. A paper has a
// kind (one of the 104 of Công văn 1361-CV/BTCTW, Appendix 1), number, date and
// issuer, lies there on paper, as scans, or both, and has versions: an old
// version is kept. A paper can be missing, lost (with the record of the loss)
// and restored (by decision); a kind can be marked as not arising for this
// person or still to be supplied.
//
// What a paper is and says is personal content and stands in blocks beside the
// tree, the kind too: that a file holds a decision on discipline is itself
// personal. Scans lie in the vault under the person; the block names them by
// hash. Erasing the block erases the scan.
//
// Example: the file of a member is opened at the commune committee on 1/3/2020,
// paper 02 (the member's CV) comes in with a scan of 12 pages, paper 07 is found
// missing, lost by the minutes 3-BB/ĐU, restored by the decision 15-QĐ/ĐU; on
// 1/7/2025 the file goes to the province.
package dossier

import (
	"bytes"
	"embed"
	"encoding/csv"
	"io/fs"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// Class is the class of secrecy of a file or a paper.
type Class string

// The classes, as of a case.
const (
	Internal     Class = "internal"
	Secret       Class = "secret"        // mật
	TopSecret    Class = "top-secret"    // tối mật
	RegisterOnly Class = "register-only" // number, date, place of the paper; no content, no scan
)

// Classes lists the classes in the order of forms.
var Classes = []Class{Internal, Secret, TopSecret, RegisterOnly}

// Guarded says whether content of this class is only for who holds
// desk.ReadSecret.
func (c Class) Guarded() bool { return c != Internal }

// State is the state of a paper, or of a whole file.
type State string

// The states.
const (
	Kept      State = "kept"      // on paper, as scans, or both
	Missing   State = "missing"   // known to exist, not in the file
	Lost      State = "lost"      // with a record of the loss
	Restored  State = "restored"  // by decision, after a loss
	Withdrawn State = "withdrawn" // of a paper: recorded wrongly
	Closed    State = "closed"    // of a file: the person left or died
)

// Mark is what was said of a kind of papers as a whole.
type Mark string

// The marks: the states of the checklist beside "present".
const (
	NotArising   Mark = "not-arising"  // no such paper can exist for this person
	ToSupply     Mark = "to-supply"    // it must be brought
	Undetermined Mark = "undetermined" // nobody has looked yet
)

// Marks lists the marks in the order of forms.
var Marks = []Mark{Undetermined, ToSupply, NotArising}

// Scan is one scan of a paper, kept in the vault under the person.
type Scan struct {
	Hash string `json:"hash"`
	Kind string `json:"kind"` // of vault.Kind
	Size int64  `json:"size"`
	Name string `json:"name,omitzero"` // as it was uploaded
}

// Paper is what a paper of the file is: personal content.
type Paper struct {
	Kind   int     `json:"kind"`            // 1 to 104; 0: of none of the kinds
	Title  string  `json:"title,omitzero"`  // in the paper's own words
	Number string  `json:"number,omitzero"` // "15-QĐ/ĐU"
	Date   vn.Date `json:"date,omitzero"`
	Issuer string  `json:"issuer,omitzero"`
	Pages  int     `json:"pages,omitzero"`
	Place  string  `json:"place,omitzero"` // where in the file: volume, sheet
	Paper  bool    `json:"paper,omitzero"` // the paper itself is in the file
	Scans  []Scan  `json:"scans,omitzero"`
	Note   string  `json:"note,omitzero"`
}

// Grounds say why and by which paper something was lost, restored, handed over.
type Grounds struct {
	Number   string  `json:"number,omitzero"`
	Date     vn.Date `json:"date,omitzero"`
	By       string  `json:"by,omitzero"`
	Note     string  `json:"note,omitzero"`
	Giver    string  `json:"giver,omitzero"`    // who handed over
	Receiver string  `json:"receiver,omitzero"` // who received
	Place    string  `json:"place,omitzero"`    // shelf, box
}

// Kind is one of the kinds of papers.
type Kind struct {
	Number   int
	Priority int  // of digitising: 1 originals and key decisions, 2 procedure and activity, 3 diplomas and letters
	Own      bool // false: the source names a group of numbers, and this is the group's name
	VI, EN   string
}

// KindsSource is where the list of kinds comes from and how sure it is.
var KindsSource = struct{ VI, EN string }{
	VI: "Công văn 1361-CV/BTCTW, Phụ lục 1: 104 loại tài liệu, ba mức ưu tiên (ghi theo bản dẫn lại, chưa đối chiếu văn bản ký; tên gọi là tên tắt, nhiều số chỉ có tên chung của nhóm).",
	EN: "Công văn 1361-CV/BTCTW, Appendix 1: 104 kinds of papers in three priorities (from a second-hand reading, not compared with the signed text; names are short, many numbers only have the name of their group).",
}

//go:embed kinds.csv
var kindsCSV []byte

var kinds = func() []Kind {
	rows, err := csv.NewReader(bytes.NewReader(kindsCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	var out []Kind
	for i, r := range rows[1:] {
		n, err1 := strconv.Atoi(r[0])
		p, err2 := strconv.Atoi(r[1])
		if err1 != nil || err2 != nil || n != i+1 {
			panic("dossier: kinds.csv: line " + strconv.Itoa(i+2))
		}
		out = append(out, Kind{n, p, r[2] == "own", r[3], r[4]})
	}
	return out
}()

// Kinds lists the kinds by number.
func Kinds() []Kind { return append([]Kind{}, kinds...) }

// KindOf finds a kind by number; false for 0 and what is not on the list.
func KindOf(n int) (Kind, bool) {
	if n < 1 || n > len(kinds) {
		return Kind{}, false
	}
	return kinds[n-1], true
}

// Custody is one holder of a file, from a day on.
type Custody struct {
	Fact      int64 // entry that first said it
	Entry     int64
	EntryTo   int64 // -1 while it stands
	Person    string
	Org       string
	From, To  vn.Date // To is zero while nobody followed
	Decision  org.Decision
	Handover  string // collective handover it came by
	Hands     *Grounds
	Withdrawn bool
}

// File is a person's file as a whole.
type File struct {
	Person string
	Class  Class
	State  State
	Said   *Grounds // why it is in that state, when something was said
	Opened int64    // entry
}

// Doc is one version of a paper as it stands.
type Doc struct {
	Person  string
	ID      string // "paper/…"
	Version int
	Class   Class
	State   State
	Filed   vn.Date
	Paper   *Paper   // nil when erased or withheld
	Said    *Grounds // of loss, restoration, finding
	Entry   int64    // entry of this wording
	EntryTo int64    // -1 while it stands
	Content int64    // entry whose block "document" it shows
	Older   bool     // a newer version is in the file
}

//go:embed schema/*.sql
var schema embed.FS

// Room hands the room to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err)
	}
	return desk.Room{Name: "dossier", Schema: sub,
		Kinds: []string{kindOpened, kindCustody, kindCustodyFixed, kindDocument, kindDocumentState, kindMarked, kindFileState},
		Apply: apply, Erase: erase}
}
