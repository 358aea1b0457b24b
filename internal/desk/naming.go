package desk

import (
	"context"
	"encoding/json"

	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// Naming lists entries whose content names an id, as subject or within, and
// whose main subject is another: where a person stands in what is about
// something else. Newest first, at most limit; more says that there are others.
// It reads the whole ledger: it is for rare questions.
func Naming(ctx context.Context, tx *store.Tx, id string, limit int) (es []ledger.Entry, more bool, err error) {
	if err := settled(ctx, tx); err != nil {
		return nil, false, err
	}
	quoted, err := json.Marshal(id)
	if err != nil {
		return nil, false, err
	}
	has := `instr(e.data, $1) > 0`
	if tx.Dialect() == store.Postgres {
		has = `position($1 in e.data) > 0`
	}
	rs, err := records(ctx, tx, `SELECT e.idx, e.data FROM ledger_entry e WHERE `+has+` ORDER BY e.idx DESC`, quoted)
	for _, r := range rs {
		if len(r.Subjects) > 0 && r.Subjects[0].ID == id {
			continue
		}
		if more = len(es) == limit; more {
			break
		}
		es = append(es, r.Entry)
	}
	return es, more, err
}

// Present says which blocks of some entries are still there, by entry.
func Present(ctx context.Context, tx *store.Tx, es []ledger.Entry) (map[int64]int, error) {
	out := map[int64]int{}
	for _, e := range es {
		if len(e.Blocks) == 0 {
			continue
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_block WHERE idx = $1`, e.Index).Scan(&n); err != nil {
			return nil, err
		}
		out[e.Index] = n
	}
	return out, nil
}
