package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/store"
)

// A sealed block is content that nobody is to read before its hour: what a
// counting station keyed, a result before the head of the board has reported.
// Its name begins with SealedPrefix. Its salted hash stands in the entry like
// any other block's, and Apply gets its content; but every read of the ledger
// (GetRecord, Chain, Range, bundles) holds it back, for everybody, until an
// entry KindOpened names its entry. From then on it is a block like others.

// SealedPrefix begins the names of blocks that are sealed until opened.
const SealedPrefix = "sealed-"

// KindOpened says that the sealed blocks of some entries are open from now on.
const KindOpened = "ledger.blocks-opened/1"

type openedBody struct {
	Entries []int64 `json:"entries"`
}

// OpenBlocks is the draft that opens the sealed blocks of entries; a room's
// Decide adds it to its own drafts, about its own subject.
func OpenBlocks(subject string, entries []int64) Draft {
	list := slices.Clone(entries)
	slices.Sort(list)
	return Draft{Kind: KindOpened, Subjects: []string{subject}, Body: openedBody{Entries: slices.Compact(list)}}
}

// IsSealed says whether a block's name is that of a sealed block.
func IsSealed(name string) bool { return strings.HasPrefix(name, SealedPrefix) }

// sealedOf lists which of the entries have not been opened, among those asked for.
func sealedOf(ctx context.Context, tx *store.Tx, entries []int64) (map[int64]bool, error) {
	sealed := make(map[int64]bool, len(entries))
	if len(entries) == 0 {
		return sealed, nil
	}
	for _, i := range entries {
		sealed[i] = true
	}
	list, args := inList(entries)
	rows, err := tx.Query(ctx, `SELECT idx FROM ledger_opened WHERE idx IN `+list, args...)
	if err != nil {
		return nil, fmt.Errorf("desk: opened blocks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i int64
		if err := rows.Scan(&i); err != nil {
			return nil, fmt.Errorf("desk: opened blocks: %w", err)
		}
		delete(sealed, i)
	}
	return sealed, rows.Err()
}

// applyOpened notes which entries were opened, and by which entry.
func applyOpened(ctx context.Context, tx *store.Tx, r Record) error {
	var b openedBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return fmt.Errorf("desk: entry %d: %w", r.Index, err)
	}
	for _, i := range b.Entries {
		if i < 0 || i >= r.Index {
			return fmt.Errorf("desk: entry %d opens entry %d, which does not stand before it", r.Index, i)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO ledger_opened (idx, opened_by) VALUES ($1, $2) ON CONFLICT (idx) DO NOTHING`, i, r.Index); err != nil {
			return fmt.Errorf("desk: open blocks of entry %d: %w", i, err)
		}
	}
	return nil
}
