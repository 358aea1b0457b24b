package web

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"minhbach/internal/store"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// readLog records each view of personal content before it is shown. Views that
// come together share one transaction.
type readLog struct {
	db   *store.DB
	mu   sync.Mutex
	open *readBatch // gathers until its writer takes it
	turn sync.Mutex // one batch is written at a time

	broken atomic.Bool // a check found it changed by hand
}

type readBatch struct {
	views []readView
	done  chan struct{}
	err   error
}

type readView struct {
	at                   time.Time
	actor, subject, what string
}

func openReadLog(db *store.DB) (*readLog, error) {
	return &readLog{db: db}, Migrate(context.Background(), db)
}

// Migrate makes the tables of the pages. New does it too; a restore needs them
// before any page is served, for the read log that comes back with a backup.
func Migrate(ctx context.Context, db *store.DB) error {
	schema, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "web", schema)
}

// add returns when the views stand in the log. What is logged is written even
// when the reader has gone away meanwhile.
func (l *readLog) add(ctx context.Context, views ...readView) error {
	if len(views) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	l.mu.Lock()
	b := l.open
	first := b == nil
	if first {
		b = &readBatch{done: make(chan struct{})}
		l.open = b
	}
	b.views = append(b.views, views...)
	l.mu.Unlock()
	if !first {
		<-b.done
		return b.err
	}
	l.turn.Lock() // while the batch before is being written, others join ours
	defer l.turn.Unlock()
	l.mu.Lock()
	l.open = nil
	l.mu.Unlock()
	defer close(b.done)
	b.err = l.write(ctx, b.views)
	return b.err
}

func (l *readLog) write(ctx context.Context, views []readView) error {
	return l.db.Write(ctx, func(tx *store.Tx) error {
		seq, hash, err := lastRead(ctx, tx)
		if err != nil {
			return err
		}
		rows := make([][]any, 0, len(views))
		for _, v := range views {
			seq++
			at := v.at.UTC().Format("2006-01-02T15:04:05.000Z")
			hash = readHash(hash, seq, at, v.actor, v.subject, v.what)
			rows = append(rows, []any{seq, at, v.actor, v.subject, v.what, hash})
		}
		return tx.Insert(ctx, "op_read_log", []string{"seq", "at", "actor", "subject", "what", "hash"}, rows)
	})
}

// lastRead is the newest line; -1 and an empty hash when there is none.
func lastRead(ctx context.Context, tx *store.Tx) (seq int64, hash string, err error) {
	rows, err := tx.Query(ctx, `SELECT seq, hash FROM op_read_log ORDER BY seq DESC LIMIT 1`)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = rows.Close() }()
	seq = -1
	for rows.Next() {
		if err := rows.Scan(&seq, &hash); err != nil {
			return 0, "", err
		}
	}
	return seq, hash, rows.Err()
}

// readHash chains one line to the one before; lengths stand before the parts,
// so that no two lines have one text.
func readHash(before string, seq int64, at, actor, subject, what string) string {
	h := sha256.New()
	for _, p := range []string{"minhbach read log 1", before, fmt.Sprint(seq), at, actor, subject, what} {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Viewed logs that the person looked at the personal content of a subject.
func (c *Call) Viewed(subject, what string) error {
	return c.s.reads.add(c.Ctx(), readView{at: c.s.clock(), actor: c.User.Account, subject: subject, what: what})
}
