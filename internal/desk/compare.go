package desk

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"minhbach/internal/store"
)

// perTable is how many differences of one table are told.
const perTable = 5

// comparison of one table: in the database at hand, and as the ledger gives
// it. What it says names keys and columns, never the content of a column,
// which may be personal.
type comparison struct {
	table string
	add   func(vi, en string)
	cols  []string
	keys  int // the first so many columns are the primary key
	told  int
}

func (c *comparison) say(vi, en string) {
	if c.told++; c.told <= perTable {
		c.add("Bảng "+c.table+": "+vi+".", "Table "+c.table+": "+en+".")
	}
}

func (c *comparison) run(ctx context.Context, have, want *store.Tx) error {
	if err := c.columns(ctx, want); err != nil {
		return err
	}
	list := strings.Join(c.cols, ", ")
	q := `SELECT ` + list + ` FROM ` + c.table + ` ORDER BY `
	for i, col := range c.cols {
		if i > 0 {
			q += ", "
		}
		q += col + " NULLS FIRST"
	}
	a, err := have.Query(ctx, q)
	if err != nil {
		return fmt.Errorf("desk: table %s: %w", c.table, err)
	}
	defer a.Close()
	b, err := want.Query(ctx, q)
	if err != nil {
		return fmt.Errorf("desk: table %s: %w", c.table, err)
	}
	defer b.Close()
	return c.walk(&walker{rows: a, n: len(c.cols)}, &walker{rows: b, n: len(c.cols)})
}

// columns lists the columns, the key first.
func (c *comparison) columns(ctx context.Context, lite *store.Tx) error {
	type column struct {
		name string
		pk   int
	}
	rows, err := lite.Query(ctx, `SELECT name, pk FROM pragma_table_info($1) ORDER BY cid`, c.table)
	if err != nil {
		return err
	}
	defer rows.Close()
	var cols []column
	for rows.Next() {
		var col column
		if err := rows.Scan(&col.name, &col.pk); err != nil {
			return err
		}
		if col.pk > 0 {
			c.keys++
		}
		cols = append(cols, col)
	}
	sort.SliceStable(cols, func(i, j int) bool {
		x, y := cols[i].pk, cols[j].pk
		return x > 0 && (y == 0 || x < y)
	})
	for _, col := range cols {
		c.cols = append(c.cols, col.name)
	}
	if c.keys == 0 {
		c.keys = len(c.cols)
	}
	return rows.Err()
}

func (c *comparison) walk(have, want *walker) error {
	have.next()
	want.next()
	for c.told < perTable && (have.row != nil || want.row != nil) {
		order := 0
		switch {
		case have.row == nil:
			order = 1
		case want.row == nil:
			order = -1
		default:
			order = compareRows(have.row[:c.keys], want.row[:c.keys])
		}
		switch {
		case order < 0:
			c.say("dòng "+c.key(have.row)+" không có trong nhật ký", "row "+c.key(have.row)+" does not come from the ledger")
			have.next()
		case order > 0:
			c.say("thiếu dòng "+c.key(want.row), "row "+c.key(want.row)+" is missing")
			want.next()
		default:
			for i := c.keys; i < len(c.cols); i++ {
				if compareValues(have.row[i], want.row[i]) != 0 {
					c.say(fmt.Sprintf("dòng %s, cột %s khác với nhật ký", c.key(have.row), c.cols[i]), fmt.Sprintf("row %s, column %s is not what the ledger says", c.key(have.row), c.cols[i]))
				}
			}
			have.next()
			want.next()
		}
	}
	if have.err != nil {
		return have.err
	}
	return want.err
}

func (c *comparison) key(row []any) string {
	if c.keys == len(c.cols) && c.keys > 3 {
		return "(…)" // no key of its own: the columns are content
	}
	parts := make([]string, c.keys)
	for i := range c.keys {
		parts[i] = fmt.Sprintf("%s=%v", c.cols[i], row[i])
		if b, ok := row[i].([]byte); ok {
			parts[i] = fmt.Sprintf("%s=%x", c.cols[i], b)
		}
	}
	return strings.Join(parts, " ")
}

// walker reads rows one at a time; row is nil at the end.
type walker struct {
	rows *sql.Rows
	n    int
	row  []any
	err  error
}

func (w *walker) next() {
	w.row = nil
	if w.err != nil || !w.rows.Next() {
		if w.err == nil {
			w.err = w.rows.Err()
		}
		return
	}
	row := make([]any, w.n)
	into := make([]any, w.n)
	for i := range row {
		into[i] = &row[i]
	}
	if w.err = w.rows.Scan(into...); w.err == nil {
		w.row = row
	}
}

func compareRows(a, b []any) int {
	for i := range a {
		if c := compareValues(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// compareValues orders values as both databases do: nothing, numbers, text,
// bytes.
func compareValues(a, b any) int {
	if c := cmp.Compare(valueKind(a), valueKind(b)); c != 0 {
		return c
	}
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64))
	case float64:
		return cmp.Compare(x, b.(float64))
	case string:
		return cmp.Compare(x, b.(string))
	case []byte:
		return bytes.Compare(x, b.([]byte))
	case nil:
		return 0
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

func valueKind(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case int64:
		return 1
	case float64:
		return 2
	case string:
		return 3
	case []byte:
		return 4
	}
	return 5
}
