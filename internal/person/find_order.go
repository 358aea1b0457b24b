package person

import (
	"context"
	"strings"

	"minhbach/internal/store"
)

// inOrder finds without the help of names' words. Up to countLimit people are
// gathered as they lie, which is quicker than in the order of lists, and put in
// order among themselves; when more are found their number is known, and only
// the page is walked to.
func (f Find) inOrder(ctx context.Context, tx *store.Tx, q *query) (List, error) {
	if !f.Exact && tx.Dialect() == store.Postgres {
		rows, n, err := f.someOrWalk(ctx, tx, q)
		return f.list(rows, n), err
	}
	if !f.Exact {
		some := q.clone()
		inner := f.candidates() + `WHERE ` + strings.Join(q.where, " AND ") + ` LIMIT ` + some.arg(countLimit+1)
		rows, n, err := page{inner: inner, only: countLimit, skip: f.Offset}.read(ctx, tx, f, some)
		if err != nil || n <= countLimit {
			return f.list(rows, n), err
		}
	}
	count := ``
	if f.Exact {
		count = `SELECT COUNT(*) FROM person_listed l WHERE ` + strings.Join(q.where, " AND ")
	}
	rows, n, err := f.walk(ctx, tx, q, count)
	if !f.Exact {
		n = countLimit + 1
	}
	return f.list(rows, n), err
}

// someOrWalk is inOrder in one statement for PostgreSQL, where each further one
// goes to the server and back: of those gathered and the walk it runs only
// that which the page is of.
func (f Find) someOrWalk(ctx context.Context, tx *store.Tx, q *query) ([]Listed, int, error) {
	q = q.clone()
	from := f.candidates() + `WHERE ` + strings.Join(q.where, " AND ")
	most, limit, skip := q.arg(countLimit), q.arg(f.limit()), q.arg(f.Offset)
	p := page{count: `SELECT COUNT(*) FROM g`}
	p.with = `g AS MATERIALIZED (` + from + ` LIMIT ` + q.arg(countLimit+1) + `)`
	p.inner = `SELECT * FROM (SELECT * FROM g WHERE (SELECT COUNT(*) FROM g) <= ` + most + ` ORDER BY ` + f.order(`g.`, `g.sorted`) + ` LIMIT ` + limit + ` OFFSET ` + skip + `) few
		UNION ALL SELECT * FROM (` + from + ` AND (SELECT COUNT(*) FROM g) > ` + most + ` ORDER BY ` + f.orderOfRows() + ` LIMIT ` + limit + ` OFFSET ` + skip + `) walk`
	return p.read(ctx, tx, f, q)
}

// walk goes through the people in the order asked for up to the end of the page.
func (f Find) walk(ctx context.Context, tx *store.Tx, q *query, count string) ([]Listed, int, error) {
	q = q.clone()
	where := strings.Join(q.where, " AND ")
	if tx.Dialect() == store.SQLite { // the order leads: many are known to be found
		where = strings.NewReplacer(`l.person IN (SELECT`, `+l.person IN (SELECT`, `l.under IN (SELECT`, `+l.under IN (SELECT`).Replace(where)
	}
	inner := f.candidates() + `WHERE ` + where + ` ORDER BY ` + f.orderOfRows() + ` LIMIT ` + q.arg(f.limit()) + ` OFFSET ` + q.arg(f.Offset)
	return page{inner: inner, count: count}.read(ctx, tx, f, q)
}
