package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Insert adds many rows at once. Each row holds the values of cols in order:
// integers, strings, []byte or nil, which are not changed afterwards. Table and
// columns are names written in the program, never input. Like Run, it may be
// held back until the next statement.
func (tx *Tx) Insert(ctx context.Context, table string, cols []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	for i, r := range rows {
		if len(r) != len(cols) {
			return fmt.Errorf("store: insert into %s: row %d has %d values for %d columns", table, i, len(r), len(cols))
		}
	}
	if tx.pg != nil {
		if tx.lost != nil {
			return tx.lost
		}
		tx.pg.hold(table, cols, rows)
		return tx.sendWhenFull(ctx)
	}
	job := func() error { return tx.insertLite(ctx, table, cols, rows) }
	if tx.behind(len(rows) >= manyRows, job) {
		return nil
	}
	return job()
}

func (tx *Tx) insertLite(ctx context.Context, table string, cols []string, rows [][]any) error {
	// Few different lengths, so that the prepared statements stay few.
	for _, size := range []int{64, 16, 4, 1} {
		if size > 1 && size*len(cols) > 2000 {
			continue
		}
		if len(rows) < size {
			continue
		}
		text := insertText(table, cols, size)
		// No rows are taken back of a statement that fails: the transaction
		// ends with it anyhow, and SQLite need not copy each page aside.
		text = "INSERT OR FAIL" + strings.TrimPrefix(text, "INSERT")
		args := make([]any, 0, size*len(cols))
		for len(rows) >= size {
			args = args[:0]
			for _, r := range rows[:size] {
				args = append(args, r...)
			}
			if _, err := tx.run.ExecContext(ctx, text, args...); err != nil {
				return fmt.Errorf("store: insert into %s: %w", table, err)
			}
			rows = rows[size:]
		}
	}
	return nil
}

// insertText is INSERT INTO table (cols) VALUES ($1, $2), ($3, $4) ….
func insertText(table string, cols []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(cols, ", ") + ") VALUES ")
	n := 0
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range cols {
			if c == 0 {
				b.WriteByte('(')
			} else {
				b.WriteString(", ")
			}
			n++
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	return b.String()
}
