package desk

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"minhbach/internal/store"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// The desk's own kinds.
const (
	KindErased   = "ledger.block-erased/1"
	KindRestored = "ledger.restored/1"
)

// EraseBlockAct forgets one block of personal content, by a decision: the
// block's row goes, and every table is left as if the block had never been
// there. The entry, its place in the tree and its hash stay.
type EraseBlockAct struct {
	Index    int64  // entry the block belongs to
	Block    string // name of the block
	Decision string // number and date of the decision; no personal content
}

// Name, Subject and Need make EraseBlockAct an Act.
func (a EraseBlockAct) Name() string    { return "ledger.erase-block" }
func (a EraseBlockAct) Subject() string { return entrySubject(a.Index) }
func (a EraseBlockAct) Need() Need      { return Need{Right: EraseBlock} }

func entrySubject(index int64) string { return "entry/" + strconv.FormatInt(index, 10) }

// BlockOf names a block of an entry.
type BlockOf struct {
	Index int64
	Block string
}

var goesWith []func(ctx context.Context, tx *store.Tx, index int64, block string) ([]BlockOf, error)

// GoesWith lets a room say which blocks of other entries were made of a block
// and are erased with it, by the same decision: a print of minutes holds what
// the minutes held. Called once, when the room's package is loaded.
func GoesWith(find func(ctx context.Context, tx *store.Tx, index int64, block string) ([]BlockOf, error)) {
	goesWith = append(goesWith, find)
}

// Decide refuses what is not there and what was erased before. What was made of
// the block goes with it.
func (a EraseBlockAct) Decide(ctx context.Context, s *Scene) ([]Draft, error) {
	d, err := a.one(ctx, s.Tx)
	if err != nil {
		return nil, err
	}
	drafts := []Draft{d}
	for _, find := range goesWith {
		more, err := find(ctx, s.Tx, a.Index, a.Block)
		if err != nil {
			return nil, err
		}
		for _, b := range more {
			r, err := GetRecord(ctx, s.Tx, b.Index)
			if err != nil {
				return nil, err
			}
			if _, there := r.Blocks[b.Block]; !there && !slices.Contains(r.Sealed, b.Block) {
				continue // erased before
			}
			d, err := EraseBlockAct{Index: b.Index, Block: b.Block, Decision: a.Decision}.one(ctx, s.Tx)
			if err != nil {
				return nil, err
			}
			drafts = append(drafts, d)
		}
	}
	return drafts, nil
}

// one is the erasure of the block itself.
func (a EraseBlockAct) one(ctx context.Context, tx *store.Tx) (Draft, error) {
	if a.Decision == "" {
		return Draft{}, Wrong("decision", "Ghi số, ngày của quyết định cho xóa.", "Give number and date of the decision to erase.")
	}
	r, err := GetRecord(ctx, tx, a.Index)
	if err != nil {
		return Draft{}, err
	}
	found := false
	for _, b := range r.Entry.Blocks {
		found = found || b.Name == a.Block
	}
	if !found {
		return Draft{}, Wrong("block", fmt.Sprintf("Mục %d không có khối %q.", a.Index, a.Block), fmt.Sprintf("Entry %d has no block %q.", a.Index, a.Block))
	}
	if _, there := r.Blocks[a.Block]; !there && !slices.Contains(r.Sealed, a.Block) {
		return Draft{}, Wrong("block", fmt.Sprintf("Khối %q của mục %d đã được xóa.", a.Block, a.Index), fmt.Sprintf("Block %q of entry %d is erased already.", a.Block, a.Index))
	}
	return Draft{
		Kind:     KindErased,
		Subjects: []string{a.Subject(), r.Subjects[0].ID},
		Body:     erased{a.Index, a.Block, a.Decision},
	}, nil
}

// erased is the body of KindErased.
type erased struct {
	Entry    int64  `json:"entry"`
	Block    string `json:"block"`
	Decision string `json:"decision"`
}

// restored is the body of KindRestored: the last checkpoint of the log that
// was restored, signed by its key.
type restored struct {
	Origin string `json:"origin"`
	Key    string `json:"key"` // verifier key of that log
	Size   int64  `json:"size"`
	Root   string `json:"root"` // hex
	Code   string `json:"code"` // paper code
}

// ownRoom is the room of the ledger's own tables and kinds.
func (h *houses) ownRoom() Room {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return Room{Name: "ledger", Schema: sub, Kinds: []string{KindErased, KindRestored, KindOpened}, Apply: h.applyOwn}
}

func (h *houses) applyOwn(ctx context.Context, tx *store.Tx, rs []Record) error {
	for _, r := range rs {
		if r.Kind == KindOpened {
			if err := applyOpened(ctx, tx, r); err != nil {
				return err
			}
		}
		if r.Kind != KindErased {
			continue // the entry itself is all that is to be known
		}
		var b erased
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return fmt.Errorf("desk: entry %d: %w", r.Index, err)
		}
		if err := h.erase(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

func (h *houses) erase(ctx context.Context, tx *store.Tx, b erased) error {
	of, err := GetRecord(ctx, tx, b.Entry)
	if err != nil {
		return err
	}
	if err := tx.Run(ctx, `DELETE FROM ledger_block WHERE idx = $1 AND name = $2`, b.Entry, b.Block); err != nil {
		return fmt.Errorf("desk: erase block %s of entry %d: %w", b.Block, b.Entry, err)
	}
	// The form's hash could confirm a guess of what was erased.
	if err := tx.Run(ctx, `UPDATE op_act SET digest = '' WHERE id = $1`, of.Act); err != nil {
		return fmt.Errorf("desk: forget the form of entry %d: %w", b.Entry, err)
	}
	room := h.byKind[of.Kind]
	if room == nil || room.Erase == nil {
		return nil
	}
	if err := room.Erase(ctx, tx, b.Entry, b.Block); err != nil {
		return fmt.Errorf("desk: room %s: erase block %s of entry %d: %w", room.Name, b.Block, b.Entry, err)
	}
	return nil
}
