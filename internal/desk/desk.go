// Package desk is the one door: every change of the record is an act handed to
// Desk.Do. The desk checks who may (Authority), lets the act decide by the
// rules (Act.Decide), records what was decided (entries in the ledger), lets
// the rooms follow in their tables (Room.Apply), all in one database
// transaction shared by the acts that came together.
package desk

import (
	"context"
	"encoding/json"
	"io/fs"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Act is one intended change, made from a form. It is plain data plus Decide.
type Act interface {
	// Name is "room.verb", e.g. "election.record-contest".
	Name() string
	// Subject is the id of the main subject, the one Form.Seen speaks of.
	Subject() string
	// Need says what right the actor must hold, over which organisation.
	Need() Need
	// Decide reads through s.Tx and returns what is to be recorded. It writes
	// nothing. It returns *Error (Refused, Invalid, NotFound …) to say no; a
	// refusal by rule carries its verdicts.
	Decide(ctx context.Context, s *Scene) ([]Draft, error)
}

// MoreNeeds is an act that asks for further rights beside Need, all of them.
type MoreNeeds interface {
	MoreNeeds() []Need
}

// Need is what an act asks of its actor. An empty Org is the whole province.
type Need struct {
	Right Right
	Org   string // organisation id ("org/…"), or empty
	Case  string // for rights bound to one contest or case: its subject id
}

// Scene is what Decide sees: one transaction, one instant, the rules in force.
type Scene struct {
	Tx    *store.Tx
	Now   time.Time // time the entries will carry, UTC
	Today vn.Date   // the civil day in Vietnam
	Actor string
	ActID string // ids of new things derive from it: same form, same ids
	Head  int64  // index of the last entry before this act, -1 when empty
	Rules *rule.Library
}

// Draft is an entry before it has a place in the log.
type Draft struct {
	Kind     string
	Subjects []string // main subject first
	Body     any      // marshalled to compact JSON; no personal content
	Blocks   []DraftBlock
}

// DraftBlock is personal content that goes beside the tree.
type DraftBlock struct {
	Name    string
	Content any // marshalled to JSON
}

// Record is an entry with those of its blocks that are present. Apply gets
// records; a withheld or erased block is missing from Blocks and Apply must
// work without it.
type Record struct {
	ledger.Entry
	Blocks map[string]json.RawMessage
	// Sealed names the blocks that are there and are held back until an entry
	// opens them (see SealedPrefix). Apply is handed every block and finds none here.
	Sealed []string
}

// Room is a part of the house that owns kinds of entries and tables.
type Room struct {
	Name   string   // prefix of its kinds and tables
	Schema fs.FS    // goose migrations, files "00001_….sql" at its root
	Kinds  []string // every kind and version it owns, published versions for ever
	// Apply follows records in the room's tables, in order. It decides
	// nothing and uses no clock, random, auto-increment or map order.
	Apply func(ctx context.Context, tx *store.Tx, rs []Record) error
	// Erase forgets the content of one block in the room's tables: what is
	// left equals what Apply makes when the block is absent. Nil when the
	// room keeps no block content.
	Erase func(ctx context.Context, tx *store.Tx, index int64, block string) error
	// CatchUp fills tables that a newer release derives from entries an older
	// one had applied, so that they are what a rebuild gives. It is called
	// whenever tables were migrated and does nothing when nothing is missing.
	CatchUp func(ctx context.Context, tx *store.Tx) error
}

// Authority decides who may. account implements it.
type Authority interface {
	// May returns nil, or *Error with code Denied in plain words.
	May(ctx context.Context, tx *store.Tx, actor string, on vn.Date, need Need) error
}

// RuleBook gives the rules as the record stands in tx: built-in editions,
// recorded editions, overrides and attestations. regulation implements it.
type RuleBook interface {
	Library(ctx context.Context, tx *store.Tx) (*rule.Library, error)
}

// Form is one submission of an act.
type Form struct {
	ID    string // made with the form (NewID); a retry under the same ID returns the first result
	Seen  int64  // last entry of Act.Subject() its author saw; -1 for a subject that must be new; AnySeen to waive
	Actor string // account id
	Act   Act
}

// AnySeen waives the check of Form.Seen: only for acts that cannot conflict.
const AnySeen int64 = -2

// Receipt is what Do returns once the group is committed.
type Receipt struct {
	Act      string
	Entries  []ledger.Entry
	Repeated bool // the act had been done before under this id
}
