package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Merge adds rows as Insert does, of which some may be there already: whose
// first keys columns, the table's primary key, are those of a row that stands.
// With sum the value of the last column, a number, is added to that row's;
// without, the row that stands stays as it is. No two of the rows have one key.
func (tx *Tx) Merge(ctx context.Context, table string, cols []string, keys int, sum bool, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	for i, r := range rows {
		if len(r) != len(cols) {
			return fmt.Errorf("store: merge into %s: row %d has %d values for %d columns", table, i, len(r), len(cols))
		}
	}
	m := &mergeInto{keys: keys, sum: sum}
	if tx.pg != nil {
		if tx.lost != nil {
			return tx.lost
		}
		tx.pg.held = append(tx.pg.held, heldWrite{table: table, cols: cols, rows: rows, merge: m})
		return tx.sendWhenFull(ctx)
	}
	job := func() error { return tx.mergeLite(ctx, table, cols, rows, m) }
	if tx.behind(len(rows) >= manyRows, job) {
		return nil
	}
	return job()
}

// mergeInto says what becomes of rows that are there already.
type mergeInto struct {
	keys int
	sum  bool
}

// onConflict is the end of an insert that meets rows of the same key.
func (m *mergeInto) onConflict(table string, cols []string) string {
	tail := ` ON CONFLICT (` + strings.Join(cols[:m.keys], ", ") + `) DO NOTHING`
	if m.sum {
		last := cols[len(cols)-1]
		tail = strings.TrimSuffix(tail, `NOTHING`) + `UPDATE SET ` + last + ` = ` + table + `.` + last + ` + EXCLUDED.` + last
	}
	return tail
}

func (tx *Tx) mergeLite(ctx context.Context, table string, cols []string, rows [][]any, m *mergeInto) error {
	for _, size := range []int{64, 8, 1} {
		if len(rows) < size {
			continue
		}
		text := insertText(table, cols, size) + m.onConflict(table, cols)
		args := make([]any, 0, size*len(cols))
		for ; len(rows) >= size; rows = rows[size:] {
			args = args[:0]
			for _, r := range rows[:size] {
				args = append(args, r...)
			}
			if _, err := tx.run.ExecContext(ctx, text, args...); err != nil {
				return fmt.Errorf("store: merge into %s: %w", table, err)
			}
		}
	}
	return nil
}

// queueMerge adds a merge to a batch.
func queueMerge(b *pgx.Batch, h heldWrite) error {
	text, args, ok := arrays(h)
	if !ok {
		return errors.New("store: merge into " + h.table + ": a column holds values of different types")
	}
	b.Queue(text+h.merge.onConflict(h.table, h.cols), args...)
	return nil
}

// unnest is the table function that gives some rows, one array a column.
func unnest(h heldWrite) (text string, args []any, ok bool) {
	var q strings.Builder
	q.WriteString("unnest(")
	for i := range h.cols {
		arg, kind := column(h.rows, i)
		if kind == "" {
			return "", nil, false
		}
		if i > 0 {
			q.WriteString(", ")
		}
		q.WriteString("$" + strconv.Itoa(i+1) + "::" + kind + "[]")
		args = append(args, arg)
	}
	q.WriteByte(')')
	return q.String(), args, true
}
