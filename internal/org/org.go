// Package org is the room of organisations: Party committees, commissions,
// grassroots organisations and cells, and the State bodies beside them, as a
// tree that changes over time.
//
// What is recorded is a statement with its decision: founded on a day, renamed
// from a day, moved under another parent, dissolved. Statements may be entered
// late (an old decision), early (one that takes effect next month), corrected
// (the paper said something else) or withdrawn. What the tree looked like is
// always a question with two times, At: on which day, and as known at which
// entry of the ledger. A correction is not a change: it leaves what was known
// before visible under the earlier entry.
//
// Example: the district committee of Đắk Song is founded 21/6/2001 under the
// province committee of Đắk Lắk, moved 1/1/2004 under that of Đắk Nông,
// dissolved 1/7/2025; its communes moved the same day under Lâm Đồng.
package org

import (
	"embed"
	"io/fs"
	"regexp"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Kind sorts organisations.
type Kind string

// The kinds of organisations.
const (
	ProvinceCommittee Kind = "province-committee" // tỉnh ủy, thành ủy
	DistrictCommittee Kind = "district-committee" // huyện ủy and its like, until 1/7/2025
	PartyBody         Kind = "party-body"         // đảng bộ directly under the province other than a district
	Commission        Kind = "commission"         // ban, văn phòng, ủy ban kiểm tra of a committee
	Grassroots        Kind = "grassroots"         // tổ chức cơ sở đảng
	Cell              Kind = "cell"               // chi bộ
	PeoplesCouncil    Kind = "peoples-council"    // hội đồng nhân dân
	PeoplesCommittee  Kind = "peoples-committee"  // ủy ban nhân dân
	StateAgency       Kind = "state-agency"       // sở, phòng, đơn vị sự nghiệp
	Front             Kind = "front"              // Mặt trận Tổ quốc and mass organisations
	ElectionBody      Kind = "election-body"      // ủy ban, ban, tổ bầu cử
	Other             Kind = "other"
)

// KindName is a kind in the two languages of the screens.
type KindName struct {
	Kind   Kind
	VI, EN string
}

// Kinds lists the kinds in the order forms show them.
func Kinds() []KindName {
	return []KindName{
		{ProvinceCommittee, "Tỉnh ủy, thành ủy", "Province committee"},
		{DistrictCommittee, "Huyện ủy và tương đương", "District committee"},
		{PartyBody, "Đảng bộ trực thuộc", "Party body under the province"},
		{Commission, "Ban, văn phòng của cấp ủy", "Commission or office of a committee"},
		{Grassroots, "Tổ chức cơ sở đảng", "Grassroots organisation"},
		{Cell, "Chi bộ", "Cell"},
		{PeoplesCouncil, "Hội đồng nhân dân", "People's Council"},
		{PeoplesCommittee, "Ủy ban nhân dân", "People's Committee"},
		{StateAgency, "Cơ quan, đơn vị nhà nước", "State agency or unit"},
		{Front, "Mặt trận và đoàn thể", "Front and mass organisations"},
		{ElectionBody, "Tổ chức phụ trách bầu cử", "Election body"},
		{Other, "Tổ chức khác", "Other organisation"},
	}
}

func knownKind(k Kind) bool {
	for _, n := range Kinds() {
		if n.Kind == k {
			return true
		}
	}
	return false
}

// Decision is the paper a statement rests on; any part may be unknown, above
// all for old cases.
type Decision struct {
	Number string  `json:"number,omitzero"` // "12-QĐ/TU"
	Date   vn.Date `json:"date,omitzero"`
	By     string  `json:"by,omitzero"` // issuing body, in words
}

// At is the pair of times a question speaks of: the day it was so, and the
// entry up to which we look. Known below 0 means everything known now.
type At struct {
	On    vn.Date
	Known int64
}

// Now is a day as known now.
func Now(on vn.Date) At { return At{On: on, Known: -1} }

// KnownIndex is Known as the predicate of queries needs it.
func (a At) KnownIndex() int64 {
	if a.Known < 0 {
		return 1 << 62
	}
	return a.Known
}

// Unit is one organisation as it stood at some pair of times.
type Unit struct {
	ID        string
	Name      string
	Kind      Kind
	Parent    string  // "" for a root
	From, To  vn.Date // this version holds from From up to, not including, To (zero: open)
	EntryFrom int64   // entry that made this version known
	Depth     int     // in Tree: 0 for the root asked for
}

// Statement is one thing said about a unit; Fact is the entry that first said
// it and names it in corrections.
type Statement struct {
	Fact       int64
	Entry      int64 // entry that says it in this wording: Fact, or a correction
	What       What
	Org        string
	From       vn.Date // effective date
	Name       string  // founded, renamed
	Kind       Kind    // founded
	Parent     string  // founded, moved
	Successors []string
	Decision   Decision
	Withdrawn  bool
	EntryTo    int64 // -1 while it stands; else the entry that corrected or withdrew it
}

// What is the verb of a statement.
type What string

// The statements.
const (
	Founded   What = "founded"
	Renamed   What = "renamed"
	Moved     What = "moved"
	Dissolved What = "dissolved"
)

// Finding is something that no act may settle by itself and that stays on the
// desk until an act of people does.
type Finding struct {
	Rule     string // "org.outlives-parent"
	Org      string
	Other    string // the parent
	From, To vn.Date
	VI, EN   string
}

//go:embed schema/*.sql
var schema embed.FS

// Room hands the room to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err)
	}
	return desk.Room{
		Name:   "org",
		Schema: sub,
		Kinds:  []string{kindFounded, kindRenamed, kindMoved, kindDissolved, kindCorrected},
		Apply:  apply,
	}
}

var idForm = regexp.MustCompile(`^org/[A-Za-z0-9][A-Za-z0-9./-]{0,100}$`)

// ValidID says whether an id may name an organisation: "org/" and then plain
// letters, digits, dots, slashes and hyphens.
func ValidID(id string) bool { return idForm.MatchString(id) }
