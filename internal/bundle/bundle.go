// Package bundle writes and checks bundles: what the server hands out of the
// record for a contest, a case or the whole ledger, so that somebody who does
// not trust the server can check it without the server. A bundle is a zip file
// or the same files in a folder; docs/formats/ledger.md describes it well
// enough to write a second verifier.
//
// Write takes plain data, so that this package needs no database. Verify takes
// foreign bytes: every file, line, count and name in a bundle is bounded and
// checked. A check that cannot be made is a failure, never passed over; only
// personal content that is withheld or lawfully erased may be missing, and is
// counted and listed.
package bundle

import (
	"iter"
	"strings"

	"minhbach/internal/ledger"
)

// Format is the first line of a bundle's manifest.
const Format = "minhbach-bundle/1"

// Scope says what a bundle is of.
type Scope string

// The scopes. A ledger bundle holds every entry and its tree is computed
// again; the others hold the entries of their subjects, each proved to stand
// in the signed tree.
const (
	Contest Scope = "contest"
	Case    Scope = "case"
	Ledger  Scope = "ledger"
)

// The entry kinds that this package looks into. All others are checked as
// entries: form, place in the tree, chain, blocks.
const (
	kindEvent    = "election.event-opened/1"
	kindImported = "election.contests-imported/1"
	// The chain of elections: programmes, lists, decisions of the body.
	kindProgramme   = "election.programme-set/1"
	kindListOpened  = "election.list-opened/1"
	kindListed      = "election.persons-listed/1"
	kindMoved       = "election.person-moved/1"
	kindSeats       = "election.seats-voted/1"
	kindReading     = "election.reading-chosen/1"
	kindListVoted   = "election.list-voted/1"
	kindBoxSet      = "election.box-set/1"
	kindRoundClosed = "election.round-decided/1"
	kindRecorded    = "election.contest-recorded/1"
	kindCorrected   = "election.contest-corrected/1"
	kindCounted     = "election.contest-counted/1"
	kindMinutes     = "election.minutes-made/1"
	kindAnnounced   = "election.result-announced/1"
	kindEdition     = "regulation.edition-recorded/1"
	kindProposed    = "regulation.attest-proposed/1"
	kindAttested    = "regulation.attested/1"
	kindRefused     = "regulation.attest-refused/1"
	kindDays        = "regulation.days-recorded/1"
	kindErased      = "ledger.block-erased/1"
	kindRestored    = "ledger.restored/1"
	kindOpened      = "ledger.blocks-opened/1"
	// sealedPrefix begins the names of blocks that are held back until an
	// entry of kindOpened names their entry.
	sealedPrefix = "sealed-"
)

// Carries says whether a bundle of contests or cases must hold every entry of
// this kind that stands in the ledger, whatever its subject: the rules that
// verdicts are replayed with, and the erasures that explain missing blocks.
func Carries(kind string) bool {
	return strings.HasPrefix(kind, "regulation.") || kind == kindErased
}

// Source is all that Write needs, as plain data.
type Source struct {
	Scope Scope
	// Subjects are the ids whose whole chains the bundle holds, e.g.
	// "contest/qh15/dak-nong/1". Empty for a ledger bundle.
	Subjects []string
	// Redacted leaves out every block and every minutes file.
	Redacted bool
	// Withheld, in a redacted bundle, names the classes that are left out and
	// why; Blocks and Files then hold all the others. Nil leaves out everything.
	Withheld *Withheld
	// Key is the log's verifier key, Checkpoint its signed note over the head.
	Key        string
	Checkpoint []byte
	// Entries are canonical bytes in the order of the log: all of them for a
	// ledger bundle, else the chains of Subjects and all that Carries asks for,
	// up to the checkpoint's size.
	Entries iter.Seq2[[]byte, error]
	// Blocks are those present, in the order of entry, then name.
	Blocks iter.Seq2[ledger.Block, error]
	// Hashes are the hashes the log keeps, for proofs.
	Hashes ledger.HashSource
	// Witnesses are the sizes of earlier checkpoints to prove consistent with
	// the head, beside those that stand on minutes in the bundle: the ones on
	// the papers that the receiver holds.
	Witnesses []int64
	// Files are the minutes files and scans, in the order of entry, then name.
	Files iter.Seq2[File, error]
}

// File is a file bound by hash to an entry.
type File struct {
	Entry   int64
	Name    string // e.g. "minutes.pdf", as in the entry's body
	Content []byte
}

// All makes a sequence of a slice, for Source.
func All[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Bounds of a bundle. They are part of the format: more is refused.
const (
	maxFiles     = 400_000
	maxManifest  = 128 << 20
	maxBytes     = 64 << 30 // unpacked, all files
	maxRatio     = 400      // unpacked to packed, of a file above maxSlack
	maxSlack     = 4 << 20
	maxFile      = 256 << 20 // one minutes file or scan
	maxWitnesses = 100_000
	maxLine      = ledger.MaxContent + 4096
)

// The names of the files.
const (
	fileManifest   = "manifest.json"
	fileCheckpoint = "checkpoint.txt"
	fileEntries    = "entries.jsonl"
	fileLeaves     = "leaves.txt"
	fileProofs     = "proofs.jsonl"
	fileBlocks     = "blocks.jsonl"
	fileWitnesses  = "witnesses.jsonl"
)
