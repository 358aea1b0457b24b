package person

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// page finds the people of one page, counts and reads what is shown of them,
// all in one statement: on a busy machine each further one waits for its turn.
type page struct {
	with  string // common tables before, "" none
	inner string // of whom the page is made: columns as of candidates
	count string // a number; "" counts inner
	only  int    // the page is wanted when so many at most are counted; 0: always
	skip  int    // of inner that come before the page
}

// candidates begins the statement of people among whom a page is.
func (f Find) candidates() string {
	return `SELECT l.person, l.valid_from, l.sort_key, l.folded, ` + f.sortColumn() + ` AS sorted FROM person_listed l `
}

// sortColumn is the column that comes before the name in the order asked for.
func (f Find) sortColumn() string {
	switch f.Sort {
	case SortBorn:
		return `l.born_first`
	case SortSince:
		return `l.since`
	case SortUnder:
		return `l.under`
	}
	return `''`
}

// order is how rows follow each other; of is the table and the column asked
// for comes as first.
func (f Find) order(of, first string) string {
	cols := []string{of + `sort_key`, of + `folded`, of + `person`}
	if f.sortColumn() != `''` {
		cols = append([]string{first}, cols...)
	}
	if f.Down {
		for i := range cols {
			cols[i] += ` DESC`
		}
	}
	return strings.Join(cols, ", ")
}

func (f Find) orderOfRows() string { return f.order(`l.`, f.sortColumn()) }

// limit is how many rows a page has at most.
func (f Find) limit() int {
	if f.Limit <= 0 {
		return 1 << 40
	}
	return f.Limit
}

// enough is beyond how many people a count needs not go on.
func (f Find) enough() int {
	if f.Exact {
		return 1 << 41
	}
	return max(f.Offset+f.limit(), countLimit+1)
}

// read runs the statement: the rows of the page in order, and the count.
func (p page) read(ctx context.Context, tx *store.Tx, f Find, q *query) (rows []Listed, n int, err error) {
	q = q.clone()
	with := `WITH `
	if p.with != "" {
		with += p.with + `, `
	}
	if p.count == "" {
		p.count = `SELECT COUNT(*) FROM m`
	}
	on := `1 = 1`
	if p.only > 0 {
		on = `c.n <= ` + q.arg(p.only)
	}
	text := with + `m AS MATERIALIZED (` + p.inner + `)
	SELECT c.n, l.person, l.home, p.sample, l.valid_from, l.valid_to, l.content, i.present, i.content, l.under, l.standing, l.state, l.since
	FROM (SELECT (` + p.count + `) AS n) c
	LEFT JOIN (SELECT m.person, m.valid_from, m.sort_key, m.folded, m.sorted FROM m ORDER BY ` + f.order(`m.`, `m.sorted`) + ` LIMIT ` + q.arg(f.limit()) + ` OFFSET ` + q.arg(p.skip) + `) k ON ` + on + `
	LEFT JOIN person_listed l ON l.person = k.person AND l.valid_from = k.valid_from
	LEFT JOIN person_person p ON p.person = l.person LEFT JOIN person_identity i ON i.entry = l.content
	ORDER BY ` + f.order(`k.`, `k.sorted`)
	got, err := tx.Query(ctx, text, q.args...)
	if err != nil {
		return nil, 0, err
	}
	defer got.Close()
	for got.Next() {
		x, there, err := listedFrom(got, &n)
		if err != nil {
			return nil, 0, err
		}
		if there {
			rows = append(rows, x)
		}
	}
	return rows, n, got.Err()
}

// listedFrom reads one row of a page behind the count; there is false when the
// page has none.
func listedFrom(row *sql.Rows, n *int) (x Listed, there bool, err error) {
	var id, home, from, to, content, under, standing, state, since sql.Null[string]
	var sample, entry, present sql.Null[int64]
	if err := row.Scan(n, &id, &home, &sample, &from, &to, &entry, &present, &content, &under, &standing, &state, &since); err != nil || !id.Valid {
		return x, false, err
	}
	x.ID, x.Home, x.Under, x.Standing, x.State, x.Content = id.V, home.V, under.V, standing.V, state.V, entry.V
	x.Sample, x.Present = sample.V != 0, present.V != 0
	if x.Present {
		if err := json.Unmarshal([]byte(content.V), &x.Identity); err != nil {
			return x, false, err
		}
	}
	for _, d := range []struct {
		into *vn.Date
		text string
	}{{&x.From, from.V}, {&x.To, to.V}, {&x.Since, since.V}} {
		err = errors.Join(err, d.into.UnmarshalText([]byte(d.text)))
	}
	return x, true, err
}

// list makes the answer of a page and a count that went up to enough.
func (f Find) list(rows []Listed, n int) List {
	if n > countLimit && !f.Exact {
		return List{Rows: rows, Total: countLimit, More: true}
	}
	return List{Rows: rows, Total: n}
}
