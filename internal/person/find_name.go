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
	least, err := fewest(ctx, tx, words, fewNames, all)
	if err == nil && least.names > fewNames && len(words) > 1 && !all {
		least, err = fewest(ctx, tx, words, someNames, false)
	}
	switch {
	case err != nil:
		return List{}, err
	case least.names <= fewNames || least.names <= someNames && len(words) > 1 && !all:
		return f.ofNames(ctx, tx, q, names{words: words, pivot: least.word})
	case all && tx.Dialect() != store.Postgres:
		if least, err = headsOf(ctx, tx, words); err != nil {
			return List{}, err
		}
		fallthrough
	case all:
		if len(least.heads) <= fewHeads {
			return f.common(ctx, tx, q, least.heads, names{words: words, pivot: least.word})
		}
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

// begins is a word typed that begins fewest names, or different words of names.
type begins struct {
	word  string
	names int      // up to one more than asked
	heads []string // the different words, up to one more than fewHeads
}

// fewest is the word that begins fewest names, with up to one more than most of
// them. On PostgreSQL, if asked and there are more, it goes on in the same
// statement to what headsOf finds.
func fewest(ctx context.Context, tx *store.Tx, words []string, most int, heads bool) (least begins, err error) {
	q := &query{}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = fmt.Sprintf(`SELECT %d AS i, (SELECT COUNT(*) FROM (SELECT 1 FROM person_word WHERE word >= %s AND word < %s LIMIT %s) n) AS n, '' AS word`, i, q.arg(w), q.arg(after1(w)), q.arg(most+1))
	}
	text := strings.Join(parts, ` UNION ALL `)
	if heads && tx.Dialect() == store.Postgres {
		text = `WITH f AS MATERIALIZED (` + text + `) SELECT i, n, word FROM f UNION ALL ` + eachHead(q, words, ` AND (SELECT MIN(n) FROM f) > `+q.arg(most))
	}
	rows, err := tx.Query(ctx, text, q.args...)
	if err != nil {
		return least, err
	}
	defer rows.Close()
	least.names = most + 2
	of := make([][]string, len(words))
	for rows.Next() {
		var i, n int
		var head string
		if err := rows.Scan(&i, &n, &head); err != nil {
			return least, err
		}
		switch {
		case head != "":
			of[i] = append(of[i], head)
		case n < least.names || n == least.names && len(words[i]) > len(least.word):
			least.word, least.names = words[i], n
		}
	}
	if least.names > most && heads {
		least.fewestOf(words, of)
	}
	return least, rows.Err()
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
