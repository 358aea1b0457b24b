package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// beginRead begins a read-only snapshot. It travels with the first question.
const beginRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`

// endWait bounds how long the end of a snapshot is waited for; a connection
// that does not answer so long is given up.
const endWait = 10 * time.Second

// BeginTx begins a transaction. One that only reads costs no round trip of its
// own: its beginning goes with its first question, and whoever asked does not
// wait for its end.
func (c *pgConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if !opts.ReadOnly {
		return c.Conn.BeginTx(ctx, opts)
	}
	c.held, c.lost = []heldWrite{{text: beginRead}}, nil
	return pgSnapshot{c}, nil
}

// begun remembers that a snapshot did not begin, because the question it went
// with could not even be prepared: what came next would be asked outside.
func (c *pgConn) begun(first string, fault *error) {
	if first == beginRead && *fault != nil {
		c.lost = *fault
	}
}

// pgSnapshot is a transaction that only reads.
type pgSnapshot struct{ c *pgConn }

// Commit ends the snapshot. It fails when a question has failed.
func (s pgSnapshot) Commit() error {
	if s.c.lost != nil || s.c.Conn.Conn().PgConn().TxStatus() == 'E' {
		return errors.Join(pgx.ErrTxCommitRollback, s.Rollback())
	}
	return s.Rollback()
}

// Rollback ends the snapshot: there is nothing to take back.
func (s pgSnapshot) Rollback() error {
	c := s.c
	c.forget()
	c.lost = nil
	conn := c.Conn.Conn()
	if conn.IsClosed() || conn.PgConn().TxStatus() == 'I' { // nothing was asked
		return nil
	}
	ended := make(chan struct{})
	c.ended = ended
	go func() {
		defer close(ended)
		ctx, cancel := context.WithTimeout(context.Background(), endWait)
		defer cancel()
		// What fails here closes the connection or leaves its status, and
		// ResetSession turns it away.
		_, _ = conn.Exec(ctx, `COMMIT`)
	}()
	return nil
}

// settle waits for the end of the snapshot before.
func (c *pgConn) settle() {
	if c.ended != nil {
		<-c.ended
		c.ended = nil
	}
}

// ResetSession readies the connection for whoever takes it from the pool.
func (c *pgConn) ResetSession(ctx context.Context) error {
	c.settle()
	return c.Conn.ResetSession(ctx)
}

// Close closes the connection.
func (c *pgConn) Close() error {
	c.settle()
	return c.Conn.Close()
}
