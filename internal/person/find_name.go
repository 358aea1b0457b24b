package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/store"
)

// fewNames is up to how many different names under a word all of them are
// gathered; with more they are walked in the order of lists.
var fewNames = 2000

// someNames is up to how many names are looked through for those that hold the
// other words too.
var someNames = 30_000

// fewHeads is up to how many different words of names with the same first
// letters have their names merged; with more, every page of a list has some.
var fewHeads = 64

// byName finds by words of names, each as far as typed. The word that fewest
// names have leads; the others are looked for in the names it gives.
func (f Find) byName(ctx context.Context, tx *store.Tx, q *query, words []string) (List, error) {
	words = words[:min(len(words), 8)]
	q = q.clone()
	all := !q.narrow && f.Offset <= countLimit && !f.Exact
	for _, w := range words {
		q.and(holds(tx, "l.folded", q.arg(" "+w)))
	}
	if f.Sort != "" || f.Down {
		return f.inOrder(ctx, tx, q)
	}
	pivot, least, err := fewest(ctx, tx, words, fewNames)
	if err == nil && least > fewNames && len(words) > 1 && !all {
		pivot, least, err = fewest(ctx, tx, words, someNames)
	}
	switch {
	case err != nil:
		return List{}, err
	case least <= fewNames || least <= someNames && len(words) > 1 && !all:
		return f.ofNames(ctx, tx, q, names{words: words, pivot: pivot})
	case all:
		return f.common(ctx, tx, q, words)
	}
	return f.inOrder(ctx, tx, q)
}

// holds says in SQL that a name has a word that begins as given, which stands
// behind a space. Looking for a text is several times quicker than a pattern.
func holds(tx *store.Tx, folded, begin string) string {
	if tx.Dialect() == store.Postgres {
		return `strpos(' ' || ` + folded + `, ` + begin + `) > 0`
	}
	return `instr(' ' || ` + folded + `, ` + begin + `) > 0`
}

// fewest is the word that begins fewest names, and how many: up to one more
// than most.
func fewest(ctx context.Context, tx *store.Tx, words []string, most int) (word string, least int, err error) {
	q := &query{}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = fmt.Sprintf(`SELECT %d, (SELECT COUNT(*) FROM (SELECT 1 FROM person_word WHERE word >= %s AND word < %s LIMIT %s) n)`, i, q.arg(w), q.arg(after1(w)), q.arg(most+1))
	}
	rows, err := tx.Query(ctx, strings.Join(parts, ` UNION ALL `), q.args...)
	if err != nil {
		return "", 0, err
	}
	defer rows.Close()
	least = most + 2
	for rows.Next() {
		var i, n int
		if err := rows.Scan(&i, &n); err != nil {
			return "", 0, err
		}
		if n < least || n == least && len(words[i]) > len(word) {
			word, least = words[i], n
		}
	}
	return word, least, rows.Err()
}

// after1 is the first text after all that begin with a word.
func after1(word string) string {
	rs := []rune(word)
	rs[len(rs)-1]++
	return string(rs)
}

// names says in SQL which names hold all words.
type names struct {
	words []string
	pivot string
}

// keys are the sort keys of names under the pivot that hold all words: of all
// such names, or of any most of them.
func (n names) keys(tx *store.Tx, q *query, most int) string {
	text := `SELECT w.sort_key FROM person_word w WHERE w.word >= ` + q.arg(n.pivot) + ` AND w.word < ` + q.arg(after1(n.pivot)) + n.others(tx, q)
	if most > 0 {
		text += ` LIMIT ` + q.arg(most)
	}
	return text
}

// others asks for the words beside the pivot, the longest first: it is the rarest
// more often than not.
func (n names) others(tx *store.Tx, q *query) (text string) {
	left := slices.Clone(n.words)
	if i := slices.Index(left, n.pivot); i >= 0 {
		left = slices.Delete(left, i, i+1)
	}
	slices.SortStableFunc(left, func(a, b string) int { return len(b) - len(a) })
	for _, w := range left {
		text += ` AND ` + holds(tx, "w.folded", q.arg(" "+w))
	}
	return text
}

// among says that a person's name has one of some sort keys.
func among(tx *store.Tx, keys string) string {
	if tx.Dialect() == store.Postgres { // one array keeps the order of the index
		return `l.sort_key = ANY(ARRAY(` + keys + `))`
	}
	return `l.sort_key IN (` + keys + `)`
}

// ofNames finds the people of few names: the index by name gives them in
// order, and the limit ends it.
func (f Find) ofNames(ctx context.Context, tx *store.Tx, q *query, n names) (List, error) {
	q = q.clone()
	inner := f.candidates() + `WHERE ` + among(tx, n.keys(tx, q, 0)) + ` AND ` + strings.Join(q.where, " AND ") + ` ORDER BY ` + f.orderOfRows() + ` LIMIT ` + q.arg(f.enough())
	rows, total, err := page{inner: inner, skip: f.Offset}.read(ctx, tx, f, q)
	return f.list(rows, total), err
}
