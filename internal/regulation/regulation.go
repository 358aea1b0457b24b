// Package regulation keeps what the province adds to the rules that ship with
// the program: new editions of documents, its own overrides of a parameter or
// rule, and the attestations by which two regulation keepers settle an
// unverified item against the signed text. From these it makes the library
// that every act and page asks (RuleBook).
//
// One example. The program ships the law of 2015 with the winner's share at
// one half. A province decides, by its decision 12-QĐ/TU of 1 March 2027, that
// lists in its own polls carry one name more: a regulation keeper writes the
// override on the screen, sees what it would change and that its examples
// pass, and records it (AddEdition). From its first valid day contests are
// counted by it, and every verdict names it. Where the shipped file says of a
// rule that its text was never seen, one keeper compares it with the signed
// paper, lays a scan beside it and proposes the reading found there
// (ProposeAttestation); another keeper reads the paper for himself and
// confirms (ConfirmAttestation) or refuses with a reason. Only then it decides.
//
// The same with the working days that terms are reckoned in: the Government
// tells year by year which days are days of rest and which Saturdays are worked
// in exchange. The table that ships ends where its makers had seen no text; a
// keeper records the notice for the days after (RecordDays), and every term
// behind that day is known.
//
// Nothing here is ever changed or taken back in place: a wrong file is put
// right by another that names it under "replaces", a wrong attestation by
// another pair of keepers.
package regulation

import (
	"embed"
	"io/fs"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Kinds of entries.
const (
	KindEdition  = "regulation.edition-recorded/1"
	KindProposed = "regulation.attest-proposed/1"
	KindAttested = "regulation.attested/1"
	KindRefused  = "regulation.attest-refused/1"
	KindDays     = "regulation.days-recorded/1"
)

// Blocks of personal content: what a keeper wrote may name people.
const (
	BlockNote   = "note"   // of a proposal: what was compared with what
	BlockReason = "reason" // of a refusal
)

//go:embed schema/*.sql
var schemas embed.FS

// Room is the regulation room for the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "regulation", Schema: sub, Apply: apply, Erase: erase,
		Kinds: []string{KindEdition, KindProposed, KindAttested, KindRefused, KindDays}}
}

// Slug is the name of a document in addresses and subjects: number and date,
// because numbers repeat. "85/2015/QH13" of 25/6/2015 is
// "85-2015-qh13.2015-06-25".
func Slug(number string, date vn.Date) string {
	return strings.ReplaceAll(vn.Fold(number), " ", "-") + "." + date.String()
}

// Subject is the chain of one document in the ledger.
func Subject(number string, date vn.Date) string { return "regulation/" + Slug(number, date) }

// Find is the edition with this slug and edition id, or nil.
func Find(lib *rule.Library, slug, edition string) *rule.Edition {
	for _, e := range lib.Editions() {
		if e.ID == edition && Slug(e.Document.Number, e.Document.Date) == slug {
			return e
		}
	}
	return nil
}

// OfDocument lists the editions of one document, oldest first.
func OfDocument(lib *rule.Library, slug string) []*rule.Edition {
	var out []*rule.Edition
	for _, e := range lib.Editions() {
		if Slug(e.Document.Number, e.Document.Date) == slug {
			out = append(out, e)
		}
	}
	return out
}

// Over lists the overrides that stand over a document, oldest first.
func Over(lib *rule.Library, doc rule.DocRef) []*rule.Edition {
	var out []*rule.Edition
	for _, e := range lib.Editions() {
		if e.Override != nil && *e.Override == doc {
			out = append(out, e)
		}
	}
	return out
}

type editionBody struct {
	File    string `json:"file"`
	Digest  string `json:"digest"`
	YAML    string `json:"yaml"`
	Doc     string `json:"document"`
	Date    string `json:"date"`
	Edition string `json:"edition"`
	Over    string `json:"over,omitempty"` // slug of the document it stands over
}

// attestBody serves proposals and attestations. Page is where in the document
// the text stands; Proposed is the entry of the proposal.
type attestBody struct {
	Document string `json:"document"`
	Date     string `json:"date"`
	Edition  string `json:"edition"`
	Item     string `json:"item"`
	Choice   string `json:"choice"`
	Scan     string `json:"scan"` // sha256 of the scan, hex
	ScanType string `json:"scan_type,omitempty"`
	ScanSize int64  `json:"scan_size,omitempty"`
	Page     string `json:"page,omitempty"`
	Proposed *int64 `json:"proposed,omitempty"`
}

type refusedBody struct {
	Proposed  int64 `json:"proposed"`
	Withdrawn bool  `json:"withdrawn,omitempty"` // by the keeper who proposed it
}
