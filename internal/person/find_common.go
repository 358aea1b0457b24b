package person

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/store"
)

// common finds by words that very many names have: the page by walking names in
// the order of lists, the count among any of them, where it is soon enough.
func (f Find) common(ctx context.Context, tx *store.Tx, q *query, heads []string, n names) (List, error) {
	walked, counted := max(64, 2*(f.Offset+f.limit())), fewNames
	for {
		r := q.clone()
		p := page{skip: f.Offset}
		p.with = `nm AS MATERIALIZED (` + n.inOrder(tx, r, heads, walked) + `)`
		p.inner = f.candidates() + `WHERE ` + among(tx, `SELECT nm.sort_key FROM nm`) + ` AND ` + strings.Join(q.where, " AND ") + ` ORDER BY ` + f.orderOfRows() + ` LIMIT ` + r.arg(f.Offset+f.limit())
		p.count = f.countOf(tx, r, n, counted)
		rows, total, err := p.read(ctx, tx, f, r)
		switch {
		case err != nil:
			return List{}, err
		case total < 0: // the names looked at had too few people: all of them
			counted = 0
		case len(rows) < min(f.limit(), total-f.Offset):
			walked *= 16
		default:
			return f.list(rows, total), nil
		}
	}
}

// countOf counts people whose names hold all words, until they are enough; on
// PostgreSQL those of so many names, 0: of all, and -1 when that did not do.
func (f Find) countOf(tx *store.Tx, q *query, n names, most int) string {
	where := strings.Join(q.where, " AND ")
	if tx.Dialect() == store.Postgres { // which would gather all before it leaves out who comes twice
		if most == 0 {
			return `SELECT COUNT(*) FROM (SELECT 1 FROM person_listed l WHERE ` + among(tx, n.keys(tx, q, 0)) + ` AND ` + where + ` LIMIT ` + q.arg(f.enough()) + `) c`
		}
		return `WITH km AS MATERIALIZED (` + n.keys(tx, q, most) + `) SELECT CASE WHEN c.n < ` + q.arg(f.enough()) + ` AND (SELECT COUNT(*) FROM km) >= ` + q.arg(most) + ` THEN -1 ELSE c.n END
			FROM (SELECT COUNT(*) AS n FROM (SELECT 1 FROM person_listed l WHERE ` + among(tx, `SELECT km.sort_key FROM km`) + ` AND ` + where + ` LIMIT ` + q.arg(f.enough()) + `) c) c`
	}
	return `SELECT COUNT(*) FROM (SELECT DISTINCT l.person FROM person_word w CROSS JOIN person_listed l ON l.sort_key = w.sort_key AND l.folded = w.folded
		WHERE w.word >= ` + q.arg(n.pivot) + ` AND w.word < ` + q.arg(after1(n.pivot)) + n.others(tx, q) + ` AND ` + where + ` LIMIT ` + q.arg(f.enough()) + `) c`
}

// inOrder are names that hold all words, in the order of lists, so many at most:
// the lists of the words that begin as was typed, merged.
func (n names) inOrder(tx *store.Tx, q *query, heads []string, most int) string {
	if tx.Dialect() == store.Postgres {
		// A name may come twice: that the others of so many come first is enough.
		return `SELECT n.sort_key FROM unnest(` + q.arg(heads) + `::text[]) h (word) CROSS JOIN LATERAL (
			SELECT w.sort_key FROM person_word w WHERE w.word = h.word` + n.others(tx, q) + ` ORDER BY w.sort_key LIMIT ` + q.arg(most) + `) n
			ORDER BY 1 LIMIT ` + q.arg(most)
	}
	size := 1
	for size < len(heads) {
		size *= 2 // few lengths, so that statements stay few
	}
	arms, others := make([]string, size), n.others(tx, q)
	for i := range arms {
		arms[i] = `SELECT w.sort_key, w.folded FROM person_word w WHERE w.word = ` + q.arg(heads[min(i, len(heads)-1)]) + others
	}
	return strings.Join(arms, ` UNION `) + ` ORDER BY 1, 2 LIMIT ` + q.arg(most)
}

// headsOf are the different words of names that begin as one of the words
// typed, of which the one with fewest is taken.
func headsOf(ctx context.Context, tx *store.Tx, words []string) (least begins, err error) {
	q := &query{}
	rows, err := tx.Query(ctx, eachHead(q, words, ""), q.args...)
	if err != nil {
		return least, err
	}
	defer rows.Close()
	of := make([][]string, len(words))
	for rows.Next() {
		var i, n int
		var head string
		if err := rows.Scan(&i, &n, &head); err != nil {
			return least, err
		}
		of[i] = append(of[i], head)
	}
	least.fewestOf(words, of)
	return least, rows.Err()
}

// eachHead asks for the different words of names that begin as each word typed:
// its number, 0 and the word; none when a further condition does not hold.
func eachHead(q *query, words []string, only string) string {
	arms := make([]string, len(words))
	for i, w := range words {
		from, to := q.arg(w), q.arg(after1(w))
		arms[i] = fmt.Sprintf(`SELECT %d, 0, word FROM (WITH RECURSIVE v (word) AS (
			SELECT MIN(word) FROM person_word WHERE word >= %s AND word < %s%s
			UNION ALL
			SELECT (SELECT MIN(p.word) FROM person_word p WHERE p.word > v.word AND p.word < %s) FROM v WHERE v.word IS NOT NULL
		) SELECT word FROM v WHERE word IS NOT NULL LIMIT %s) h`, i, from, to, only, to, q.arg(fewHeads+1))
	}
	return strings.Join(arms, ` UNION ALL `)
}

// fewestOf takes the word typed that begins fewest different words.
func (b *begins) fewestOf(words []string, of [][]string) {
	for i, w := range words {
		if n := len(of[i]); i == 0 || n < len(b.heads) || n == len(b.heads) && len(w) > len(b.word) {
			b.word, b.heads = w, of[i]
		}
	}
}
