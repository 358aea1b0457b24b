package desk

import (
	"context"
	"time"

	"minhbach/internal/store"
)

// AwaitQueued waits until n forms wait for the committer.
func AwaitQueued(d *Desk, n int) {
	for len(d.queue) < n {
		time.Sleep(50 * time.Microsecond)
	}
}

// ReadLedger only reads what VerifyLedger reads, row by row, and returns how
// many rows there were: the baseline of the benchmark.
func ReadLedger(ctx context.Context, db *store.DB, size int64) (n int64, err error) {
	v := &verifier{read: db.Read}
	raw := make(chan []rawEntry, 2)
	go func() {
		defer close(raw)
		err = v.readAll(ctx, size, raw)
	}()
	for rows := range raw {
		n += int64(len(rows))
	}
	if err != nil {
		return n, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT subject, idx FROM ledger_ref`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var subject string
			var idx int64
			if err := rows.Scan(&subject, &idx); err != nil {
				return err
			}
			n++
		}
		return rows.Err()
	})
	return n, err
}
