// Package store opens the one database of the program, SQLite or PostgreSQL,
// and gives transactions with the same SQL on both: one writer at a time,
// readers on a snapshot. Statements use $1, $2 … and list their columns.
//
// Shared SQL: booleans are 0/1 integers; times are RFC 3339 text with
// milliseconds in UTC, days are YYYY-MM-DD text, an open end is ” (empty
// text); JSON is text. Migrations write the column types CTEXT (text in byte
// order: TEXT on SQLite, TEXT COLLATE "C" on PostgreSQL), INT8 (64-bit) and
// BYTES, which Migrate replaces for the database at hand.
//
// Two habits keep a statement working on both: read the rows of one query to
// the end (or close them) before the next query of the same transaction, and
// never go on in a transaction after a statement failed: PostgreSQL has given
// it up by then.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Dialect is the kind of database.
type Dialect string

// The two kinds.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is one open database. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	writing chan struct{} // holds one token: who has it is the writer of this process

	lite *liteDB // SQLite
	pg   *sql.DB // PostgreSQL

	pgStats *pgStats      // what was written into its tables
	pgReads chan struct{} // as many elements as read now

	remove string   // folder to remove on Close: OpenTemp
	held   *os.File // says to others that the folder is in use
}

//go:embed schema/*.sql
var schema embed.FS

// Open opens "sqlite:FILE" (made when missing) or "postgres://…". On SQLite
// every commit is synced to disk before Write returns; on PostgreSQL the
// session asks for the same.
func Open(ctx context.Context, dsn string) (*DB, error) {
	return open(ctx, dsn, true)
}

func open(ctx context.Context, dsn string, sync bool) (*DB, error) {
	db := &DB{writing: make(chan struct{}, 1)}
	db.writing <- struct{}{}
	var err error
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		db.dialect = SQLite
		db.lite, err = openLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), sync)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		db.dialect = Postgres
		db.pgStats, db.pgReads = newPGStats(), make(chan struct{}, maxReaders)
		db.pg, err = openPostgres(ctx, dsn, db.pgStats)
	default:
		err = errors.New(`the database must be given as "sqlite:FILE" or "postgres://…"`)
	}
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	own, err := fs.Sub(schema, "schema")
	if err == nil {
		err = db.Migrate(ctx, "store", own)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Dialect says which database this is, for the rare statement that differs.
func (db *DB) Dialect() Dialect { return db.dialect }

// Close waits for the writer and closes the database.
func (db *DB) Close() error {
	<-db.writing
	defer func() { db.writing <- struct{}{} }()
	var err error
	if db.lite != nil {
		err = db.lite.close()
	}
	if db.pg != nil {
		err = db.pg.Close()
	}
	if db.held != nil {
		err = errors.Join(err, db.held.Close())
	}
	if db.remove != "" {
		err = errors.Join(err, os.RemoveAll(db.remove))
	}
	return err
}

// Write runs fn in the one writing transaction (BEGIN IMMEDIATE;
// pg_advisory_xact_lock across processes) and commits it durably. An error or
// a panic of fn rolls back. ctx bounds the wait for the lock; once fn has
// returned nil the commit is not interrupted. After an error of the commit
// itself it is unknown whether it happened.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	select {
	case <-db.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.writing <- struct{}{} }()
	if db.lite != nil {
		return db.writeLite(ctx, fn)
	}
	return db.inPostgres(ctx, false, fn)
}

// Read runs fn on one read-only snapshot.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if db.lite != nil {
		return db.readLite(ctx, fn)
	}
	return db.inPostgres(ctx, true, fn)
}

// Tables lists all tables in name order, those of migrations included.
func (db *DB) Tables(ctx context.Context) ([]string, error) {
	q := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`
	if db.dialect == Postgres {
		q = `SELECT tablename::text COLLATE "C" FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`
	}
	var names []string
	err := db.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	return names, err
}
