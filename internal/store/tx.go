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
	conn  *sql.Conn // PostgreSQL
	pg    *pgConn   // PostgreSQL, when writing: holds writes back
	ahead *ahead    // when much is written: writes not done yet
	lost  error     // why held writes did not arrive: nothing more may be done
	aside map[any]any

	writes bool // SQLite: may write
}

// runner is what a transaction runs statements on.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Dialect says which database this is, for the rare statement that differs.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// Run runs a statement of which nobody asks how many rows it touched. It may
// be held until the next statement of the transaction that gives an answer, or
// its end: on PostgreSQL to travel with that, on SQLite when much is being
// written. Its error then comes from there, and as after any failed statement
// the transaction is over.
func (tx *Tx) Run(ctx context.Context, query string, args ...any) error {
	if tx.pg == nil {
		if tx.ahead != nil {
			args = append([]any(nil), args...)
		}
		job := func() error {
			_, err := tx.run.ExecContext(ctx, query, args...)
			return err
		}
		if tx.behind(false, job) {
			return nil
		}
		return job()
	}
	if tx.lost != nil {
		return tx.lost
	}
	tx.pg.held = append(tx.pg.held, heldWrite{text: query, args: append([]any(nil), args...)})
	return tx.sendWhenFull(ctx)
}

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.whole(); err != nil {
		return 0, err
	}
	held := tx.holds()
	res, err := tx.run.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, tx.failed(held, err)
	}
	return res.RowsAffected()
}

// Query runs a query. The caller reads the rows to the end or closes them
// before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.whole(); err != nil {
		return nil, err
	}
	held := tx.holds()
	rows, err := tx.run.QueryContext(ctx, query, args...)
	return rows, tx.failed(held, err)
}

// QueryRow runs a query of at most one row; the caller scans it at once.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if tx.whole() != nil {
		over, cancel := context.WithCancelCause(ctx)
		cancel(tx.lost)
		return tx.run.QueryRowContext(over, query, args...) // a row that only has the error
	}
	held := tx.holds()
	row := tx.run.QueryRowContext(ctx, query, args...)
	tx.failed(held, row.Err())
	return row
}

// Strings are the values of the one column of a query, in its order.
func (tx *Tx) Strings(ctx context.Context, query string, args ...any) ([]string, error) {
	return oneColumn[string](ctx, tx, query, args)
}

// Int64s are the numbers of the one column of a query, in its order.
func (tx *Tx) Int64s(ctx context.Context, query string, args ...any) ([]int64, error) {
	return oneColumn[int64](ctx, tx, query, args)
}

func oneColumn[T any](ctx context.Context, tx *Tx, query string, args []any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func (tx *Tx) holds() bool { return tx.pg != nil && len(tx.pg.held) > 0 }

// failed remembers the error of a statement with which held writes travelled.
func (tx *Tx) failed(held bool, err error) error {
	if held && err != nil && tx.lost == nil {
		tx.lost = err
	}
	return err
}

// whole waits for writes under way, and says whether all of them arrived.
func (tx *Tx) whole() error {
	if tx.ahead != nil && tx.lost == nil {
		tx.lost = tx.ahead.settle()
	}
	return tx.lost
}

// sendWhenFull lets the transaction's goroutine send what is held once it is
// much, so that whoever writes goes on making the next meanwhile.
func (tx *Tx) sendWhenFull(ctx context.Context) error {
	if !tx.pg.full() {
		return nil
	}
	held := tx.pg.held
	tx.pg.held = nil
	if tx.ahead == nil {
		tx.ahead = newAhead()
	}
	tx.ahead.put(func() error {
		return tx.conn.Raw(func(any) error { return tx.pg.send(ctx, held) })
	})
	return nil
}

// send sends what is held back.
func (tx *Tx) send(ctx context.Context) error {
	if err := tx.whole(); err != nil {
		return err
	}
	if !tx.holds() {
		return nil
	}
	held := tx.pg.held
	tx.pg.held = nil
	return tx.failed(true, tx.conn.Raw(func(any) error { return tx.pg.send(ctx, held) }))
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
