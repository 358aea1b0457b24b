package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"

	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// shadows checks the tables that follow the entries, once the entries
// themselves were found whole.
func (v *verifier) shadows(ctx context.Context, tx *store.Tx, to int64) error {
	for _, m := range v.missing {
		if err := v.explained(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := v.nodeRows(ctx, tx, to); err != nil {
		return err
	}
	if v.from > 0 {
		return v.newRefs(ctx, tx)
	}
	if err := v.allRefs(ctx, tx, to); err != nil {
		return err
	}
	return v.strays(ctx, tx, to)
}

// explained asks for the act that erased a block which is not there.
func (v *verifier) explained(ctx context.Context, tx *store.Tx, m blockAt) error {
	chain, err := Chain(ctx, tx, entrySubject(m.index))
	if err != nil {
		return err
	}
	for _, r := range chain {
		var b erased
		if r.Kind == KindErased && json.Unmarshal(r.Body, &b) == nil && b.Entry == m.index && b.Block == m.name {
			return nil
		}
	}
	v.found(m.index, fmt.Sprintf("khối %q bị mất mà không có quyết định xóa", m.name), fmt.Sprintf("block %q is gone and no act erased it", m.name))
	return nil
}

func (v *verifier) nodeRows(ctx context.Context, tx *store.Tx, to int64) error {
	type place struct {
		level int
		n     int64
	}
	want := make(map[place][32]byte, len(v.nodes))
	for _, n := range v.nodes {
		want[place{n.Level, n.N}] = n.Hash
	}
	bad := func(p place) {
		v.findings = append(v.findings, Finding{-1, rule.Words{
			VI: fmt.Sprintf("Bảng ledger_node: nút %d tầng %d không khớp các mục của nhật ký.", p.n, p.level),
			EN: fmt.Sprintf("Table ledger_node: node %d of level %d does not match the entries.", p.n, p.level),
		}})
	}
	if v.from > 0 { // few: look each up
		for p, h := range want {
			var hash []byte
			err := tx.QueryRow(ctx, `SELECT hash FROM ledger_node WHERE level = $1 AND n = $2`, p.level, p.n).Scan(&hash)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if string(hash) != string(h[:]) {
				bad(p)
			}
		}
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT level, n, hash FROM ledger_node`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var hash []byte
		if err := rows.Scan(&p.level, &p.n, &hash); err != nil {
			return err
		}
		if p.level < 1 || p.level > 62 || p.n < 0 {
			bad(p)
			continue
		}
		last := (p.n + 1) << p.level // entries it stands for end here
		if last > to {
			continue
		}
		if w, ok := want[p]; !ok || string(w[:]) != string(hash) {
			bad(p)
		}
		delete(want, p)
	}
	for p := range want {
		bad(p)
	}
	return rows.Err()
}

// newRefs looks up the links of a stretch at the end of the ledger.
func (v *verifier) newRefs(ctx context.Context, tx *store.Tx) error {
	for _, l := range v.links {
		var n int64
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_ref WHERE subject = $1 AND idx = $2`, l.subject, l.here).Scan(&n); err != nil {
			return err
		}
		if n != 1 {
			v.refsDiffer()
			return nil
		}
		if !l.first {
			continue
		}
		var prev int64
		if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) FROM ledger_ref WHERE subject = $1 AND idx < $2`, l.subject, l.here).Scan(&prev); err != nil {
			return err
		}
		if prev != l.prev {
			v.found(l.here, "chuỗi mục về "+l.subject+" bị đứt", "the chain of entries about "+l.subject+" is broken")
		}
	}
	return nil
}

func (v *verifier) refsDiffer() {
	v.findings = append(v.findings, Finding{-1, rule.Words{
		VI: "Bảng ledger_ref ghi khác các mục của nhật ký.",
		EN: "The table ledger_ref says something else than the entries.",
	}})
}

// allRefs compares ledger_ref with the entries by a sum of keyed hashes, in
// whatever order the table is read fastest.
func (v *verifier) allRefs(ctx context.Context, tx *store.Tx, to int64) error {
	rows, err := tx.Query(ctx, `SELECT subject, idx FROM ledger_ref`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var sum uint64
	var n int64
	for rows.Next() {
		var subject string
		var idx int64
		if err := rows.Scan(&subject, &idx); err != nil {
			return err
		}
		if idx >= to {
			continue // came while we read
		}
		sum += mix(maphash.String(v.seed, subject), idx)
		n++
	}
	if n != v.nrefs || sum != v.refs {
		v.refsDiffer()
	}
	return rows.Err()
}

// strays finds rows that belong to no entry.
func (v *verifier) strays(ctx context.Context, tx *store.Tx, to int64) error {
	var inIndex, outside int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_index WHERE idx < $1`, to).Scan(&inIndex); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_block b LEFT JOIN ledger_entry e ON e.idx = b.idx WHERE e.idx IS NULL`).Scan(&outside); err != nil {
		return err
	}
	if inIndex != to {
		v.findings = append(v.findings, Finding{-1, rule.Words{VI: "Bảng ledger_index có dòng không thuộc mục nào.", EN: "The table ledger_index has rows of no entry."}})
	}
	if outside > 0 {
		v.findings = append(v.findings, Finding{-1, rule.Words{VI: "Bảng ledger_block có khối không thuộc mục nào.", EN: "The table ledger_block has blocks of no entry."}})
	}
	return nil
}
