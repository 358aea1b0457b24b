package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgConnector makes connections that can hold writes back (pgConn).
type pgConnector struct {
	driver.Connector
	stats *pgStats
}

func (c pgConnector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pgConn{Conn: dc.(*stdlib.Conn), stats: c.stats}, nil
}

// pgConn is one PostgreSQL connection. Writes whose answer nobody waits for
// are held and travel with the next statement, in order and in one round
// trip: the way to the server and back costs more than most of our writes.
type pgConn struct {
	*stdlib.Conn
	held  []heldWrite
	ended <-chan struct{} // closed when the end of the last snapshot is answered; nil: none is under way
	lost  error           // why the snapshot under way did not begin: nothing more may be asked
	stats *pgStats
}

// heldWrite is one statement, or rows of one table (then text is empty).
type heldWrite struct {
	text  string
	args  []any
	table string
	cols  []string
	rows  [][]any
	merge *mergeInto // rows of which some may be there
}

// holdMax bounds what is held: a long import sends it on its way.
const holdMax = 4000

func (c *pgConn) forget() { c.held = nil }

// ExecContext sends what is held and the statement after it.
func (c *pgConn) ExecContext(ctx context.Context, query string, argsV []driver.NamedValue) (_ driver.Result, fault error) {
	if len(c.held) == 0 {
		if c.lost != nil {
			return nil, c.lost
		}
		return c.Conn.ExecContext(ctx, query, argsV)
	}
	defer c.begun(c.held[0].text, &fault)
	b, sent, err := c.take(ctx)
	if err != nil {
		return nil, err
	}
	b.Queue(query, plain(argsV)...)
	br := c.Conn.Conn().SendBatch(ctx, b)
	defer br.Close()
	if err := answers(br, sent); err != nil {
		return nil, err
	}
	tag, err := br.Exec()
	if err != nil {
		return nil, err
	}
	return driver.RowsAffected(tag.RowsAffected()), br.Close()
}

// QueryContext sends what is held and the query after it.
func (c *pgConn) QueryContext(ctx context.Context, query string, argsV []driver.NamedValue) (_ driver.Rows, fault error) {
	if len(c.held) == 0 {
		if c.lost != nil {
			return nil, c.lost
		}
		return c.Conn.QueryContext(ctx, query, argsV)
	}
	defer c.begun(c.held[0].text, &fault)
	b, sent, err := c.take(ctx)
	if err != nil {
		return nil, err
	}
	b.Queue(query, plain(argsV)...)
	br := c.Conn.Conn().SendBatch(ctx, b)
	if err := answers(br, sent); err != nil {
		br.Close()
		return nil, err
	}
	rows, err := br.Query()
	if err != nil {
		rows.Close()
		br.Close()
		return nil, err
	}
	return &batchRows{types: c.Conn.Conn().TypeMap(), br: br, rows: rows}, nil
}

// send sends what was held.
func (c *pgConn) send(ctx context.Context, held []heldWrite) error {
	if len(held) == 0 {
		return nil
	}
	b, sent, err := c.batch(ctx, held)
	if err != nil || sent == 0 {
		return err
	}
	br := c.Conn.Conn().SendBatch(ctx, b)
	if err := answers(br, sent); err != nil {
		br.Close()
		return err
	}
	return br.Close()
}

// take makes one batch of what is held.
func (c *pgConn) take(ctx context.Context) (*pgx.Batch, int, error) {
	held := c.held
	c.held = nil
	return c.batch(ctx, held)
}

// batch makes one batch of what was held. Rows in great number go by COPY, before
// which the writes that were held earlier are sent.
func (c *pgConn) batch(ctx context.Context, held []heldWrite) (*pgx.Batch, int, error) {
	c.stats.wrote(held)
	b := &pgx.Batch{}
	for _, h := range held {
		switch {
		case h.text != "":
			b.Queue(h.text, h.args...)
		case h.merge != nil:
			if err := queueMerge(b, h); err != nil {
				return nil, 0, err
			}
		case len(h.rows) >= copyFrom:
			if b.Len() > 0 {
				br := c.Conn.Conn().SendBatch(ctx, b)
				if err := br.Close(); err != nil {
					return nil, 0, err
				}
				b = &pgx.Batch{}
			}
			if err := c.copyRows(ctx, h); err != nil {
				return nil, 0, err
			}
		default:
			queueRows(b, h)
		}
	}
	return b, b.Len(), nil
}

// answers reads the answers of the first n statements of a batch.
func answers(br pgx.BatchResults, n int) error {
	for range n {
		if _, err := br.Exec(); err != nil {
			return fmt.Errorf("store: a write held until now: %w", err)
		}
	}
	return nil
}

func plain(vs []driver.NamedValue) []any {
	args := make([]any, len(vs))
	for i, v := range vs {
		args[i] = v.Value
	}
	return args
}

// batchRows are the rows of the last query of a batch.
type batchRows struct {
	types *pgtype.Map
	br    pgx.BatchResults
	rows  pgx.Rows
}

func (r *batchRows) Columns() []string {
	fields := r.rows.FieldDescriptions()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

func (r *batchRows) Close() error {
	r.rows.Close()
	return r.br.Close()
}

func (r *batchRows) Next(dest []driver.Value) error {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	fields := r.rows.FieldDescriptions()
	for i, raw := range r.rows.RawValues() {
		if raw == nil {
			dest[i] = nil
			continue
		}
		var err error
		f := fields[i]
		switch f.DataTypeOID {
		case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID:
			var v int64
			err = r.types.Scan(f.DataTypeOID, f.Format, raw, &v)
			dest[i] = v
		case pgtype.ByteaOID:
			var v []byte
			err = r.types.Scan(f.DataTypeOID, f.Format, raw, &v)
			dest[i] = v
		case pgtype.BoolOID:
			var v bool
			err = r.types.Scan(f.DataTypeOID, f.Format, raw, &v)
			dest[i] = v
		case pgtype.Float8OID, pgtype.Float4OID:
			var v float64
			err = r.types.Scan(f.DataTypeOID, f.Format, raw, &v)
			dest[i] = v
		default:
			var v string
			err = r.types.Scan(f.DataTypeOID, f.Format, raw, &v)
			dest[i] = v
		}
		if err != nil {
			return fmt.Errorf("store: column %s: %w", f.Name, err)
		}
	}
	return nil
}
