package store

import (
	"context"
	"database/sql"
)

// Tx is one transaction, made by DB.Write or DB.Read. Not safe for concurrent
// use, and not to be kept after the function it was given to.
type Tx struct {
	db    *DB
	run   runner
	conn  *sql.Conn // PostgreSQL: for COPY
	aside map[any]any
}

// runner is what a transaction runs statements on.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Dialect says which database this is, for the rare statement that differs.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.run.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query. The caller reads the rows to the end or closes them
// before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.run.QueryContext(ctx, query, args...)
}

// QueryRow runs a query of at most one row; the caller scans it at once.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.run.QueryRowContext(ctx, query, args...)
}

// Put keeps a value beside the transaction for as long as it lasts: what a
// package has read and does not want to read again, or has not yet written.
// The key's type is the package's own.
func (tx *Tx) Put(key, value any) {
	if tx.aside == nil {
		tx.aside = make(map[any]any)
	}
	tx.aside[key] = value
}

// Get returns what Put kept, nil if nothing.
func (tx *Tx) Get(key any) any { return tx.aside[key] }
