package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// maxReaders bounds how many read at once: more do not read faster.
const maxReaders = 8

// liteDB is a SQLite file: one connection that writes, and a few that read.
type liteDB struct {
	path          string
	writes, reads *sql.DB
	writer        *liteConn
	reading       chan struct{} // as many elements as read now
	cache         int64         // bytes the writer keeps

	mu   sync.Mutex
	idle []*liteConn // connections that read, the one used last at the end
}

func openLite(ctx context.Context, path string, sync bool) (*liteDB, error) {
	if path == "" {
		return nil, errors.New("sqlite: no file is named")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	l := &liteDB{path: abs, reading: make(chan struct{}, maxReaders)}
	// secure_delete: what is erased by law is overwritten, not only unlinked.
	level := "FULL"
	if !sync {
		level = "OFF"
	}
	// What is written again and again between two checkpoints goes into the file
	// once; every commit is in the synced log all the same.
	l.cache = writerCache(abs)
	cache := fmt.Sprintf("cache_size(-%d)", l.cache>>10)
	if l.writes, err = sql.Open("sqlite", l.source("busy_timeout(10000)", "journal_mode(WAL)", "synchronous("+level+")",
		"foreign_keys(1)", "secure_delete(1)", "temp_store(2)", cache, "wal_autocheckpoint(8192)", "journal_size_limit(67108864)")); err != nil {
		return nil, err
	}
	if l.reads, err = sql.Open("sqlite", l.source("busy_timeout(10000)", "query_only(1)", "cache_size(-8000)", "mmap_size(1073741824)")); err != nil {
		return nil, err
	}
	if l.writer, err = newLiteConn(ctx, l.writes); err != nil {
		l.writes.Close()
		return nil, fmt.Errorf("sqlite file %s: %w", path, err)
	}
	return l, nil
}

// writerCache is how many bytes the writer keeps of a database: a quarter of
// the file, whose indexes by name and day are written all over, between 32 MB
// and 1 GB.
func writerCache(path string) int64 {
	size := int64(0)
	if st, err := os.Stat(path); err == nil {
		size = st.Size()
	}
	return min(max(size/4, 32<<20), 1<<30)
}

// source is the driver's name of the file with the pragmas of each connection.
func (l *liteDB) source(pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	slashed := filepath.ToSlash(l.path)
	if slashed[0] != '/' {
		slashed = "/" + slashed // C:/… becomes file:///C:/…
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}).String()
}

func (l *liteDB) close() error {
	var errs []error
	for range maxReaders { // waits for readers at work
		l.reading <- struct{}{}
	}
	for _, c := range l.idle {
		errs = append(errs, c.close())
	}
	l.idle = nil
	if l.writer != nil {
		errs = append(errs, l.writer.close())
	}
	return errors.Join(append(errs, l.reads.Close(), l.writes.Close())...)
}

// writeLite runs in the writer; the caller holds db.writing.
func (db *DB) writeLite(ctx context.Context, fn func(*Tx) error) error {
	l := db.lite
	if l.writer == nil { // a rollback failed before
		c, err := newLiteConn(ctx, l.writes)
		if err != nil {
			return err
		}
		l.writer = c
	}
	ok, err := l.writer.inTransaction(ctx, "BEGIN IMMEDIATE", func() error {
		tx := &Tx{db: db, run: l.writer, writes: true}
		defer func() { // before the commit, or before the rollback of whatever went wrong
			if tx.ahead != nil {
				tx.ahead.end()
			}
		}()
		err := fn(tx)
		if err == nil || tx.lost != nil { // what did not arrive is why, whatever fn makes of it
			err = tx.whole()
		}
		return err
	})
	if !ok {
		l.writer.close()
		l.writer = nil
		return err
	}
	l.growCache(ctx)
	return err
}

// growCache lets the writer's cache follow a file that has grown much: looked
// at after each commit, for one of an import may be hundreds of megabytes. A
// cache that stays as it is costs time only.
func (l *liteDB) growCache(ctx context.Context) {
	if want := writerCache(l.path); want > l.cache*3/2 {
		l.cache = want
		_, _ = l.writer.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", want>>10))
	}
}

func (db *DB) readLite(ctx context.Context, fn func(*Tx) error) error {
	l := db.lite
	select {
	case l.reading <- struct{}{}:
		defer func() { <-l.reading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	c := l.take()
	if c == nil {
		var err error
		if c, err = newLiteConn(ctx, l.reads); err != nil {
			return err
		}
	}
	known := false // a panic leaves the connection in a state nobody knows
	defer func() {
		if !known {
			c.close()
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.idle = append(l.idle, c)
	}()
	ok, err := c.inTransaction(ctx, "BEGIN", func() error { return fn(&Tx{db: db, run: c}) })
	known = ok
	return err
}

// take is the reading connection used last, whose statements and pages are
// still near the processor; nil when all are in use.
func (l *liteDB) take() *liteConn {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.idle) - 1
	if n < 0 {
		return nil
	}
	c := l.idle[n]
	l.idle = l.idle[:n]
	return c
}

// Truncate moves everything into the database file and empties the write-ahead
// log, so that no copy of what was erased stays there. On PostgreSQL vacuum
// does that in its own time.
func (db *DB) Truncate(ctx context.Context) error {
	if db.lite == nil {
		return nil
	}
	select {
	case <-db.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.writing <- struct{}{} }()
	if db.lite.writer == nil {
		return nil
	}
	_, err := db.lite.writer.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
