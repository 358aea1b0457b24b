// Package person is the room of cadres and Party members ("Cán bộ, đảng
// viên"): who a person is, and which posts the person holds or held.
//
// The person is an opaque id. Name, birth and the like are personal content:
// they stand in the block "identity" beside the entry, can be lawfully erased,
// and everything else still applies. What is said has two times, like in the
// room of organisations: a change (a new name from a day on) leaves the time
// before as it was; a correction says that the paper had always read
// otherwise, and what was known before stays visible at earlier entries.
//
// Example: a person is recorded with a birth of 1971, holds the post of
// secretary from 1/8/2020; in 2022 the birth is corrected to 12/3/1972 from
// the personal file, and on 1/7/2025 the post ends.
package person

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"io/fs"
	"regexp"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Identity is the personal content of a person on some day.
type Identity struct {
	Name       string         `json:"name"`
	OtherNames string         `json:"other_names,omitzero"` // alias, religious name
	Born       vn.PartialDate `json:"born,omitzero"`
	Gender     string         `json:"gender,omitzero"` // "female", "male" or not recorded
	Ethnicity  string         `json:"ethnicity,omitzero"`
	Hometown   string         `json:"hometown,omitzero"`
}

// Person is one person as it stood at some pair of times.
type Person struct {
	ID        string
	Home      string // organisation that keeps the file
	Sample    bool   // invented, for demonstration
	Present   bool   // false: the identity is withheld or erased
	Identity  Identity
	From, To  vn.Date // this identity holds from From up to, not including, To (zero: open)
	EntryFrom int64   // entry that made this version known
	Content   int64   // entry whose block "identity" it shows
}

// Post is one post of one person as known at an entry.
type Post struct {
	ID        string
	Person    string
	Org       string
	Title     string  // code of the table of titles
	From, To  vn.Date // up to, not including, To; zero: open
	EntryFrom int64
}

// Title is a row of the table of titles.
type Title struct {
	Code   string
	Single bool // at most one person holds it in one organisation on one day
	Deputy bool // a deputy of the head: counted in the share of deputies
	VI, EN string
}

//go:embed titles.csv
var titlesCSV []byte

var titles = func() []Title {
	rows, err := csv.NewReader(bytes.NewReader(titlesCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	var ts []Title
	for _, r := range rows[1:] {
		ts = append(ts, Title{Code: r[0], Single: r[1] == "1", VI: r[2], EN: r[3], Deputy: r[4] == "1"})
	}
	return ts
}()

// Titles lists the titles in the order forms show them.
func Titles() []Title { return append([]Title{}, titles...) }

// TitleOf finds a title by code.
func TitleOf(code string) (Title, bool) {
	for _, t := range titles {
		if t.Code == code {
			return t, true
		}
	}
	return Title{}, false
}

// Statement is one thing said about a person or a post, as history shows it.
// Fact is the entry that first said it and names it in corrections.
type Statement struct {
	Fact, Entry int64
	EntryTo     int64 // -1 while it stands
	What        What
	Person      string
	Post        string // statements about posts
	Org, Title  string
	From, To    vn.Date
	Decision    org.Decision
	Withdrawn   bool
}

// What is the verb of a statement.
type What string

// The statements.
const (
	Recorded What = "recorded" // identity from a day on
	PostHeld What = "held"     // post from a day on
	PostDone What = "ended"    // post until a day
)

// Finding is something that no act may settle by itself and that stays open
// until people act: a single post held twice, a post outside the life of its
// organisation. It names no person but by id.
type Finding struct {
	Rule          string // "person.single-post", "person.post-outlives-org"
	Person, Other string
	Post          string
	Org           string
	From, To      vn.Date
	VI, EN        string
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
		Name:   "person",
		Schema: sub,
		Kinds: []string{kindRecorded, kindChanged, kindCorrected, kindPostTaken, kindPostEnded, kindPostCorrected,
			kindKin, kindKinUndone, kindLocked, kindUnlocked, kindStep, kindStepCorrected,
			kindHandoverOpened, kindHandoverAccepted, kindHandoverSigned,
			kindImportPart, kindImportClosed, kindImportUndone,
			kindFact, kindFactCorrected},
		Apply: apply,
		Erase: erase,
		CatchUp: func(ctx context.Context, tx *store.Tx) error {
			if err := catchUp(ctx, tx); err != nil {
				return err
			}
			return catchUpLevels(ctx, tx)
		},
	}
}

var idForm = regexp.MustCompile(`^(person|post)/[A-Za-z0-9][A-Za-z0-9.-]{0,80}$`)

// ValidID says whether an id may name a person ("person/…") or a post ("post/…").
func ValidID(id string) bool { return idForm.MatchString(id) }

// AllAlong is the day from which an identity holds when nobody said. It is never
// the birth: the day stands in the ledger's tree, from which no lawful erasure
// could take it.
var AllAlong = vn.Date{Year: 1900, Month: 1, Day: 1}
