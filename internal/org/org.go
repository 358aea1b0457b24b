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

// Decision is the paper a statement rests on; any part may be unknown, above
// all for old cases.
type Decision struct {
	Number string  `json:"number,omitzero"` // "12-QĐ/TU"
	Date   vn.Date `json:"date,omitzero"`
	By     string  `json:"by,omitzero"` // issuing body, in words
	// Basis is the paper the decision itself rests on, "60-NQ/TW, 12/4/2025".
	Basis string `json:"basis,omitzero"`
	// Signer is who signed, a person's name: it goes into the block "signer"
	// beside the entry, never into the tree.
	Signer string `json:"-"`
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
	// Reclassified: of another kind from a day on (a grassroots cell that grew
	// into a party body).
	Reclassified What = "reclassified"
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
		Kinds: []string{kindFounded, kindRenamed, kindMoved, kindDissolved, kindCorrected,
			kindFoundedWith, kindReclassified, kindDetailed, kindDetailCorrected, kindSucceeded, kindLineageCorrected},
		Apply: apply,
	}
}

var idForm = regexp.MustCompile(`^org/[A-Za-z0-9][A-Za-z0-9./-]{0,100}$`)

// ValidID says whether an id may name an organisation: "org/" and then plain
// letters, digits, dots, slashes and hyphens.
func ValidID(id string) bool { return idForm.MatchString(id) }
