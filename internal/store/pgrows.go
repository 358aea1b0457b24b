package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyFrom is the number of rows from which PostgreSQL's COPY is worth its
// extra round trips.
const copyFrom = 400

// hold keeps rows to be inserted; those of the table before them join in.
func (c *pgConn) hold(table string, cols []string, rows [][]any) {
	if n := len(c.held) - 1; n >= 0 && c.held[n].merge == nil && c.held[n].table == table && sameNames(c.held[n].cols, cols) {
		c.held[n].rows = append(c.held[n].rows, rows...)
		return
	}
	c.held = append(c.held, heldWrite{table: table, cols: cols, rows: append([][]any(nil), rows...)})
}

// full says that enough is held to be sent.
func (c *pgConn) full() bool {
	n := 0
	for _, h := range c.held {
		n += 1 + len(h.rows)
	}
	return n > holdMax
}

func sameNames(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// queueRows adds the insert of some rows to a batch: as arrays, one a column,
// so that any number of rows is the same prepared statement; as VALUES when a
// column holds values that an array cannot.
func queueRows(b *pgx.Batch, h heldWrite) {
	if len(h.rows) > 1 {
		if text, args, ok := arrays(h); ok {
			b.Queue(text, args...)
			return
		}
	}
	for _, r := range h.rows {
		b.Queue(insertText(h.table, h.cols, 1), r...)
	}
}

func arrays(h heldWrite) (text string, args []any, ok bool) {
	from, args, ok := unnest(h)
	return "INSERT INTO " + h.table + " (" + strings.Join(h.cols, ", ") + ") SELECT * FROM " + from, args, ok
}

// column gathers one column of rows whose values are all of one type.
func column(rows [][]any, i int) (arg any, kind string) {
	switch rows[0][i].(type) {
	case int64, int:
		vs := make([]int64, len(rows))
		for n, r := range rows {
			switch v := r[i].(type) {
			case int64:
				vs[n] = v
			case int:
				vs[n] = int64(v)
			default:
				return nil, ""
			}
		}
		return vs, "int8"
	case string:
		vs := make([]string, len(rows))
		for n, r := range rows {
			v, ok := r[i].(string)
			if !ok {
				return nil, ""
			}
			vs[n] = v
		}
		return vs, "text"
	case []byte:
		vs := make([][]byte, len(rows))
		for n, r := range rows {
			v, ok := r[i].([]byte)
			if !ok {
				return nil, ""
			}
			vs[n] = v
		}
		return vs, "bytea"
	}
	return nil, ""
}

func (c *pgConn) copyRows(ctx context.Context, h heldWrite) error {
	n, err := c.Conn.Conn().CopyFrom(ctx, pgx.Identifier{h.table}, h.cols, pgx.CopyFromRows(h.rows))
	if err != nil {
		return fmt.Errorf("store: copy into %s: %w", h.table, err)
	}
	if n != int64(len(h.rows)) {
		return fmt.Errorf("store: copy into %s: %d of %d rows arrived", h.table, n, len(h.rows))
	}
	return nil
}
