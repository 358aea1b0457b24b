package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// pendingKey marks, in a writing transaction, the entries of the group that
// are not in the tables of the ledger yet.
type pendingKey struct{}

// settled writes those entries, so that a read of the ledger sees them.
func settled(ctx context.Context, tx *store.Tx) error {
	if a, ok := tx.Get(pendingKey{}).(*appender); ok {
		return a.flush(ctx)
	}
	return nil
}

// Seen is the last entry about a subject, -1 when there is none: the value a
// page puts into its form.
func Seen(ctx context.Context, tx *store.Tx, subject string) (int64, error) {
	if err := settled(ctx, tx); err != nil {
		return -1, err
	}
	var last int64
	err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) FROM ledger_ref WHERE subject = $1`, subject).Scan(&last)
	if err != nil {
		return -1, fmt.Errorf("desk: last entry of %s: %w", subject, err)
	}
	return last, nil
}

// GetRecord reads one entry with those of its blocks that are present.
func GetRecord(ctx context.Context, tx *store.Tx, index int64) (Record, error) {
	if err := settled(ctx, tx); err != nil {
		return Record{}, err
	}
	rs, err := records(ctx, tx, `SELECT idx, data FROM ledger_entry WHERE idx = $1`, index)
	if err != nil {
		return Record{}, err
	}
	if len(rs) == 0 {
		return Record{}, Missing(fmt.Sprintf("Không có mục %d trong nhật ký.", index), fmt.Sprintf("There is no entry %d in the ledger.", index))
	}
	return rs[0], nil
}

// Chain reads all entries about a subject, oldest first.
func Chain(ctx context.Context, tx *store.Tx, subject string) ([]Record, error) {
	if err := settled(ctx, tx); err != nil {
		return nil, err
	}
	return records(ctx, tx, `SELECT e.idx, e.data FROM ledger_ref r JOIN ledger_entry e ON e.idx = r.idx WHERE r.subject = $1 ORDER BY e.idx`, subject)
}

// Range reads the entries from up to but not including to, oldest first.
func Range(ctx context.Context, tx *store.Tx, from, to int64) ([]Record, error) {
	if err := settled(ctx, tx); err != nil {
		return nil, err
	}
	return records(ctx, tx, `SELECT idx, data FROM ledger_entry WHERE idx >= $1 AND idx < $2 ORDER BY idx`, from, to)
}

func records(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Record, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("desk: read entries: %w", err)
	}
	defer rows.Close()
	var rs []Record
	for rows.Next() {
		var idx int64
		var data []byte
		if err := rows.Scan(&idx, &data); err != nil {
			return nil, fmt.Errorf("desk: read entries: %w", err)
		}
		e, err := ledger.Decode(data)
		if err != nil {
			return nil, fmt.Errorf("desk: entry %d: %w", idx, err)
		}
		if e.Index != idx {
			return nil, fmt.Errorf("desk: entry %d stands in the place of entry %d", e.Index, idx)
		}
		rs = append(rs, Record{Entry: e})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("desk: read entries: %w", err)
	}
	rows.Close()
	return rs, withBlocks(ctx, tx, rs)
}

// withBlocks fills in the blocks that are present. Records are in index order.
func withBlocks(ctx context.Context, tx *store.Tx, rs []Record) error {
	for len(rs) > 0 {
		n := min(len(rs), 500)
		if err := someBlocks(ctx, tx, rs[:n]); err != nil {
			return err
		}
		rs = rs[n:]
	}
	return nil
}

func someBlocks(ctx context.Context, tx *store.Tx, rs []Record) error {
	at := make(map[int64]*Record)
	var ids, sealed []int64
	for i := range rs {
		if len(rs[i].Entry.Blocks) > 0 {
			at[rs[i].Index] = &rs[i]
			ids = append(ids, rs[i].Index)
			if slices.ContainsFunc(rs[i].Entry.Blocks, func(b ledger.BlockRef) bool { return IsSealed(b.Name) }) {
				sealed = append(sealed, rs[i].Index)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	closed, err := sealedOf(ctx, tx, sealed)
	if err != nil {
		return err
	}
	list, args := inList(ids)
	rows, err := tx.Query(ctx, `SELECT idx, name, content FROM ledger_block WHERE idx IN `+list, args...)
	if err != nil {
		return fmt.Errorf("desk: read blocks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var idx int64
		var name string
		var content []byte
		if err := rows.Scan(&idx, &name, &content); err != nil {
			return fmt.Errorf("desk: read blocks: %w", err)
		}
		r := at[idx]
		if closed[idx] && IsSealed(name) {
			r.Sealed = append(r.Sealed, name)
			continue
		}
		if r.Blocks == nil {
			r.Blocks = make(map[string]json.RawMessage)
		}
		r.Blocks[name] = content
	}
	return rows.Err()
}

// inList makes "($1, $2, …)" and its arguments. The length is rounded up to a
// power of two by repeating the last, so that prepared statements stay few.
func inList[T any](ids []T) (string, []any) {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	var b strings.Builder
	args := make([]any, n)
	for i := range n {
		if i == 0 {
			b.WriteByte('(')
		} else {
			b.WriteByte(',')
		}
		b.WriteString("$" + strconv.Itoa(i+1))
		args[i] = ids[min(i, len(ids)-1)]
	}
	b.WriteByte(')')
	return b.String(), args
}

// Filter says which entries a list shows. Empty fields do not filter.
type Filter struct {
	Kind    string // exact, or "room." for all kinds of a room
	Subject string
	Actor   string
	Act     string
	From    time.Time // recorded at or after
	To      time.Time // recorded before
	Before  int64     // only entries before this index; 0 for all
	Limit   int       // at most this many; 0 means 50, never more than 1000
}

// Find lists entries, newest first.
func Find(ctx context.Context, tx *store.Tx, f Filter) ([]ledger.Entry, error) {
	if err := settled(ctx, tx); err != nil {
		return nil, err
	}
	var where []string
	var args []any
	and := func(cond string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(cond, "?", "$"+strconv.Itoa(len(args))))
	}
	from := `ledger_index i`
	if f.Subject != "" {
		from = `ledger_ref r JOIN ledger_index i ON i.idx = r.idx`
		and(`r.subject = ?`, f.Subject)
	}
	if room, ok := strings.CutSuffix(f.Kind, "."); ok {
		and(`i.kind >= ?`, room+".")
		and(`i.kind < ?`, room+"/")
	} else if f.Kind != "" {
		and(`i.kind = ?`, f.Kind)
	}
	if f.Actor != "" {
		and(`i.actor = ?`, f.Actor)
	}
	if f.Act != "" {
		first, count, err := actRange(ctx, tx, f.Act)
		if err != nil || count == 0 {
			return nil, err
		}
		and(`i.idx >= ?`, first)
		and(`i.idx < ?`, first+count)
	}
	// Times only grow with the index: a bound in time is a bound in the index.
	if !f.From.IsZero() {
		n, err := firstAt(ctx, tx, f.From)
		if err != nil {
			return nil, err
		}
		and(`i.idx >= ?`, n)
	}
	if !f.To.IsZero() {
		n, err := firstAt(ctx, tx, f.To)
		if err != nil {
			return nil, err
		}
		and(`i.idx < ?`, n)
	}
	if f.Before > 0 {
		and(`i.idx < ?`, f.Before)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	text := `SELECT e.idx, e.data FROM ` + from + ` JOIN ledger_entry e ON e.idx = i.idx`
	if len(where) > 0 {
		text += ` WHERE ` + strings.Join(where, ` AND `)
	}
	args = append(args, min(limit, 1000))
	text += ` ORDER BY i.idx DESC LIMIT $` + strconv.Itoa(len(args))
	rs, err := records(ctx, tx, text, args...)
	es := make([]ledger.Entry, len(rs))
	for i, r := range rs {
		es[i] = r.Entry
	}
	return es, err
}

func actRange(ctx context.Context, tx *store.Tx, act string) (first, count int64, err error) {
	err = tx.QueryRow(ctx, `SELECT first, count FROM op_act WHERE id = $1`, act).Scan(&first, &count)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return first, count, err
}

// firstAt is the first index recorded at or after t, by halving.
func firstAt(ctx context.Context, tx *store.Tx, t time.Time) (int64, error) {
	var lo, hi int64
	if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) + 1 FROM ledger_index`).Scan(&hi); err != nil {
		return 0, err
	}
	want := stamp(t)
	for lo < hi {
		mid := (lo + hi) / 2
		var at string
		if err := tx.QueryRow(ctx, `SELECT at FROM ledger_index WHERE idx = $1`, mid).Scan(&at); err != nil {
			return 0, err
		}
		if at < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, nil
}

const stampForm = "2006-01-02T15:04:05.000Z"

// stamp is a time as the tables hold it.
func stamp(t time.Time) string { return t.UTC().Format(stampForm) }

// hashes serves the kept hashes of the tree out of a transaction.
func hashes(ctx context.Context, tx *store.Tx) ledger.HashSource {
	return ledger.HashSourceFunc(func(level int, from, to int64) ([][32]byte, error) {
		if err := settled(ctx, tx); err != nil {
			return nil, err
		}
		q, args := `SELECT leaf FROM ledger_entry WHERE idx >= $1 AND idx < $2 ORDER BY idx`, []any{from, to}
		if level > 0 {
			q, args = `SELECT hash FROM ledger_node WHERE n >= $1 AND n < $2 AND level = $3 ORDER BY n`, append(args, level)
		}
		rows, err := tx.Query(ctx, q, args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		out := make([][32]byte, 0, to-from)
		for rows.Next() {
			var h []byte
			if err := rows.Scan(&h); err != nil {
				return nil, err
			}
			if len(h) != 32 {
				return nil, fmt.Errorf("desk: a hash of level %d is %d bytes", level, len(h))
			}
			out = append(out, [32]byte(h))
		}
		return out, rows.Err()
	})
}

// Hashes serves the kept hashes of the tree for proofs (ledger.Reader), out of
// one transaction.
func Hashes(ctx context.Context, tx *store.Tx) ledger.HashSource { return hashes(ctx, tx) }

// contents is what a record carries of its blocks.
func contents(blocks []ledger.Block) map[string]json.RawMessage {
	if len(blocks) == 0 {
		return nil
	}
	m := make(map[string]json.RawMessage, len(blocks))
	for _, b := range blocks {
		m[b.Name] = b.Content
	}
	return m
}
