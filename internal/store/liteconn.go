package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// maxPrepared bounds the statements kept prepared on one connection; the
// program has a few hundred fixed texts.
const maxPrepared = 600

// liteConn is one SQLite connection with its prepared statements: parsing a
// statement costs SQLite more than running most of ours.
type liteConn struct {
	conn  *sql.Conn
	stmts map[string]*prepared
}

// prepared is a statement and the last rows it gave. A second use while those
// rows are open would move the first reader's cursor, so it is prepared anew.
type prepared struct {
	stmt *sql.Stmt
	rows *sql.Rows
}

func (p *prepared) free() bool {
	if p.rows == nil {
		return true
	}
	if _, err := p.rows.Columns(); err == nil {
		return false // Columns fails on closed rows
	}
	p.rows = nil
	return true
}

func newLiteConn(ctx context.Context, db *sql.DB) (*liteConn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &liteConn{conn: c, stmts: make(map[string]*prepared)}, nil
}

func (c *liteConn) close() error {
	c.forget()
	// A bad connection leaves the pool: nobody else gets its state.
	if err := c.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}

func (c *liteConn) forget() {
	for _, p := range c.stmts {
		p.stmt.Close()
	}
	clear(c.stmts)
}

// inTransaction runs fn between begin and COMMIT. ok is false when the
// connection is no longer in a known state.
func (c *liteConn) inTransaction(ctx context.Context, begin string, fn func() error) (ok bool, err error) {
	if len(c.stmts) > maxPrepared {
		c.forget()
	}
	if _, err := c.ExecContext(ctx, begin); err != nil {
		return false, err
	}
	calm := context.WithoutCancel(ctx)
	done := false
	defer func() {
		if done {
			return
		}
		// fn failed or panicked, or the commit failed.
		if _, rerr := c.ExecContext(calm, "ROLLBACK"); rerr != nil {
			ok = false
			if err != nil {
				err = fmt.Errorf("%w (and rolling back: %v)", err, rerr)
			}
		}
	}()
	if err := fn(); err != nil {
		return true, err
	}
	if _, err := c.ExecContext(calm, "COMMIT"); err != nil {
		return true, err
	}
	done = true
	return true, nil
}

// get returns the statement prepared, nil when it is in use or cannot be
// prepared (running it plainly then tells why).
func (c *liteConn) get(ctx context.Context, query string) *prepared {
	if p := c.stmts[query]; p != nil {
		if p.free() {
			return p
		}
		return nil
	}
	stmt, err := c.conn.PrepareContext(ctx, unnamed(query))
	if err != nil {
		return nil
	}
	p := &prepared{stmt: stmt}
	c.stmts[query] = p
	return p
}

func (c *liteConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if p := c.get(ctx, query); p != nil {
		return p.stmt.ExecContext(ctx, args...)
	}
	return c.conn.ExecContext(ctx, query, args...)
}

func (c *liteConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if p := c.get(ctx, query); p != nil {
		rows, err := p.stmt.QueryContext(ctx, args...)
		p.rows = rows
		return rows, err
	}
	return c.conn.QueryContext(ctx, query, args...)
}

func (c *liteConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if p := c.get(ctx, query); p != nil {
		return p.stmt.QueryRowContext(ctx, args...)
	}
	return c.conn.QueryRowContext(ctx, query, args...)
}
