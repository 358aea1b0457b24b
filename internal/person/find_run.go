package person

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"minhbach/internal/course"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

const listedSelect = `SELECT l.person, l.home, p.sample, l.valid_from, l.valid_to, l.content, i.present, i.content, l.under, l.standing, l.state, l.since
	FROM person_listed l JOIN person_person p ON p.person = l.person JOIN person_identity i ON i.entry = l.content`

// order is how rows follow each other.
func (f Find) order() string {
	name := `l.sort_key, l.folded, l.person`
	down := ""
	if f.Down {
		down = " DESC"
		name = `l.sort_key DESC, l.folded DESC, l.person DESC`
	}
	if f.Sort != "" && f.sortColumn() != `''` {
		return f.sortColumn() + down + `, ` + name
	}
	return name
}

// inOrder finds without a name. Up to CountLimit people are read as they lie,
// which is quicker than in the order of lists, and put in order here; when more
// are found their number is known, and only the page is walked to.
func (f Find) inOrder(ctx context.Context, tx *store.Tx, q *query) (List, error) {
	if f.Exact {
		return f.walk(ctx, tx, q)
	}
	some, err := f.anyOrder(ctx, tx, q)
	if err != nil {
		return List{}, err
	}
	if len(some) > CountLimit {
		out, err := f.walk(ctx, tx, q)
		out.Total, out.More = CountLimit, true
		return out, err
	}
	slices.SortFunc(some, func(a, b found) int {
		if f.Down {
			a, b = b, a
		}
		return a.compare(b)
	})
	out := List{Total: len(some)}
	from, to := min(f.Offset, len(some)), len(some)
	if f.Limit > 0 {
		to = min(from+f.Limit, to)
	}
	ids := make([][2]string, 0, to-from)
	for _, x := range some[from:to] {
		ids = append(ids, x.id)
	}
	out.Rows, err = f.rowsOf(ctx, tx, ids)
	return out, err
}

// found is a person with what lists are ordered by.
type found struct {
	id   [2]string // person and first day of the row
	sort string    // of the column asked for, "" by name
	name listedName
}

func (x found) compare(y found) int {
	return cmp.Or(strings.Compare(x.sort, y.sort), x.name.compare(y.name), strings.Compare(x.id[0], y.id[0]))
}

// anyOrder gathers those found in no order, up to one more than CountLimit.
func (f Find) anyOrder(ctx context.Context, tx *store.Tx, q *query) ([]found, error) {
	q = q.clone()
	text := `SELECT l.person, l.valid_from, l.under, l.sort_key, l.folded, ` + f.sortColumn() + ` FROM person_listed l WHERE ` + strings.Join(q.where, " AND ")
	if q.units == nil {
		text += ` LIMIT ` + q.arg(CountLimit+1)
	}
	rows, err := tx.Query(ctx, text, q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []found
	for rows.Next() && len(out) <= CountLimit {
		var x found
		var under string
		if err := rows.Scan(&x.id[0], &x.id[1], &under, &x.name.sortKey, &x.name.folded, &x.sort); err != nil {
			return nil, err
		}
		if q.units == nil || q.units[under] {
			out = append(out, x)
		}
	}
	return out, errors.Join(rows.Err(), rows.Close())
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

// walk goes through the people in the order asked for up to the end of the
// page, or to the end of all when they are to be counted.
func (f Find) walk(ctx context.Context, tx *store.Tx, q *query) (List, error) {
	q = q.clone()
	limit := f.Limit
	if limit <= 0 {
		limit = 1 << 40
	}
	where := strings.Join(q.where, " AND ")
	if tx.Dialect() == store.SQLite { // the order leads: many are known to be found
		where = strings.ReplaceAll(where, `l.person IN (SELECT`, `+l.person IN (SELECT`)
	}
	text := `SELECT l.person, l.valid_from, l.under FROM person_listed l WHERE ` + where + ` ORDER BY ` + f.order()
	at := 0 // how many came before the row at hand
	if !f.Exact && q.units == nil {
		text += ` LIMIT ` + q.arg(limit) + ` OFFSET ` + q.arg(f.Offset)
		at = f.Offset
	}
	rows, err := tx.Query(ctx, text, q.args...)
	if err != nil {
		return List{}, err
	}
	defer rows.Close()
	var ids [][2]string
	for (f.Exact || len(ids) < limit) && rows.Next() {
		var id [2]string
		var under string
		if err := rows.Scan(&id[0], &id[1], &under); err != nil {
			return List{}, err
		}
		if q.units != nil && !q.units[under] {
			continue
		}
		if at >= f.Offset && len(ids) < limit {
			ids = append(ids, id)
		}
		at++
	}
	out := List{Total: at}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return out, err
	}
	out.Rows, err = f.rowsOf(ctx, tx, ids)
	return out, err
}

// count counts all that a query finds, or up to CountLimit.
func (f Find) count(ctx context.Context, tx *store.Tx, q *query, out *List) error {
	q = q.clone()
	inner := `SELECT 1 FROM person_listed l WHERE ` + strings.Join(q.where, " AND ")
	if !f.Exact {
		inner += ` LIMIT ` + q.arg(CountLimit+1)
	}
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (`+inner+`) n`, q.args...).Scan(&out.Total); err != nil {
		return err
	}
	if out.Total > CountLimit && !f.Exact {
		out.Total, out.More = CountLimit, true
	}
	return nil
}

func listed(ctx context.Context, tx *store.Tx, text string, args ...any) ([]Listed, error) {
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Listed
	for rows.Next() {
		var x Listed
		var from, to, content, since string
		var sample, present int64
		if err := rows.Scan(&x.ID, &x.Home, &sample, &from, &to, &x.Content, &present, &content, &x.Under, &x.Standing, &x.State, &since); err != nil {
			return nil, err
		}
		x.Sample, x.Present = sample != 0, present != 0
		if x.Present {
			if err := json.Unmarshal([]byte(content), &x.Identity); err != nil {
				return nil, err
			}
		}
		if err := errors.Join(x.From.UnmarshalText([]byte(from)), x.To.UnmarshalText([]byte(to)), x.Since.UnmarshalText([]byte(since))); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// fewNames is up to how many different names are gathered before any person is
// looked at; beyond, names are walked in the order of lists.
var fewNames = 2000

// someNames is up to how many names are looked through for those that hold the
// other words too.
var someNames = 30_000

// fewest is the word that begins fewest names, and how many: up to one more
// than most.
func fewest(ctx context.Context, tx *store.Tx, words []string, most int) (word string, least int, err error) {
	least = most + 2
	for _, w := range words {
		n := 0
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM person_word WHERE word >= $1 AND word < $2 LIMIT $3) n`, w, after1(w), most+1).Scan(&n); err != nil {
			return "", 0, err
		}
		if n < least {
			word, least = w, n
		}
	}
	return word, least, nil
}

type listedName struct{ sortKey, folded string }

func (n listedName) compare(o listedName) int {
	return cmp.Or(strings.Compare(n.sortKey, o.sortKey), strings.Compare(n.folded, o.folded))
}

// byName finds by words of names. The word that fewest names have leads; the
// others are looked for in the names it gives.
func (f Find) byName(ctx context.Context, tx *store.Tx, q *query, words []string) (List, error) {
	words = words[:min(len(words), 8)]
	pivot, least, err := fewest(ctx, tx, words, fewNames)
	if err == nil && least > fewNames && len(words) > 1 {
		pivot, least, err = fewest(ctx, tx, words, someNames)
	}
	if err != nil {
		return List{}, err
	}
	if f.Sort == "" && !f.Down {
		walks := !q.narrow && f.Offset <= CountLimit && !f.Exact
		if least <= fewNames || least <= someNames && len(words) > 1 && !walks {
			var last listedName // given so far
			return f.ofNames(ctx, tx, q, func() ([]listedName, error) {
				names, err := namesOf(ctx, tx, pivot, after1(pivot), words, last, fewNames+1)
				if len(names) > 0 {
					last = names[len(names)-1]
				}
				return names, err
			})
		}
		if walks {
			walk := &nameWalk{ctx: ctx, tx: tx, words: words}
			if err := walk.open(pivot); err != nil {
				return List{}, err
			}
			if len(words) == 1 && len(walk.heads) > fewHeads {
				return f.common(ctx, tx, q, words, walk)
			}
			return f.ofNames(ctx, tx, q, walk.next)
		}
	}
	q = q.clone()
	for _, w := range words {
		q.and(`' ' || l.folded LIKE ` + q.arg("% "+w+"%"))
	}
	return f.inOrder(ctx, tx, q)
}

// fewHeads is with up to how many different words of names a typed word is
// taken for nearly whole; with more it is a letter or two, which many names have.
const fewHeads = 4

// common finds by the first letters of one word: the page by walking the names,
// the count among the people, where it is soon more than CountLimit.
func (f Find) common(ctx context.Context, tx *store.Tx, q *query, words []string, walk *nameWalk) (List, error) {
	first := f
	first.enough = true
	out, err := first.ofNames(ctx, tx, q, walk.next)
	if err != nil || len(out.Rows) < f.Limit || f.Limit <= 0 {
		return out, err
	}
	q = q.clone()
	q.and(`' ' || l.folded LIKE ` + q.arg("% "+words[0]+"%"))
	err = f.count(ctx, tx, q, &out)
	return out, err
}

// after1 is the first text after all that begin with a word.
func after1(word string) string {
	rs := []rune(word)
	rs[len(rs)-1]++
	return string(rs)
}

// namesOf are names under a span of words that hold all words, in order, after
// one.
func namesOf(ctx context.Context, tx *store.Tx, from, to string, words []string, after listedName, limit int) ([]listedName, error) {
	q := &query{args: []any{from, to}}
	text := `SELECT DISTINCT sort_key, folded FROM person_word WHERE word >= $1 AND word < $2`
	if to == "" {
		q.args, text = []any{from}, `SELECT sort_key, folded FROM person_word WHERE word = $1`
	}
	if after != (listedName{}) {
		text += ` AND (sort_key, folded) > (` + q.arg(after.sortKey) + `, ` + q.arg(after.folded) + `)`
	}
	for _, w := range words {
		text += ` AND ' ' || folded LIKE ` + q.arg("% "+w+"%")
	}
	rows, err := tx.Query(ctx, text+` ORDER BY sort_key, folded LIMIT `+q.arg(limit), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []listedName
	for rows.Next() {
		var n listedName
		if err := rows.Scan(&n.sortKey, &n.folded); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// nameWalk gives names in the order of lists, some at a time, by merging the
// lists of the words that begin with what was typed.
type nameWalk struct {
	ctx   context.Context
	tx    *store.Tx
	words []string
	heads []walkHead
	last  listedName // given last
}

type walkHead struct {
	word  string
	names []listedName
	done  bool
}

// walkStep is how many names of one word are read at a time.
const walkStep = 64

func (w *nameWalk) open(pivot string) error {
	found, err := w.tx.Strings(w.ctx, `WITH RECURSIVE v (word) AS (
			SELECT MIN(word) FROM person_word WHERE word >= $1 AND word < $2
			UNION ALL
			SELECT (SELECT MIN(p.word) FROM person_word p WHERE p.word > v.word AND p.word < $2) FROM v WHERE v.word IS NOT NULL
		) SELECT word FROM v WHERE word IS NOT NULL`, pivot, after1(pivot))
	for _, word := range found {
		w.heads = append(w.heads, walkHead{word: word})
	}
	return err
}

func (w *nameWalk) fill(h *walkHead, after listedName) error {
	names, err := namesOf(w.ctx, w.tx, h.word, "", w.words, after, walkStep)
	h.names, h.done = names, len(names) < walkStep
	return err
}

// next gives the names up to the end of the list that ends first.
func (w *nameWalk) next() ([]listedName, error) {
	var out []listedName
	for len(out) < walkStep {
		best := -1
		for i := range w.heads {
			h := &w.heads[i]
			if len(h.names) == 0 && !h.done {
				if err := w.fill(h, w.last); err != nil {
					return nil, err
				}
			}
			if len(h.names) > 0 && (best < 0 || h.names[0].compare(w.heads[best].names[0]) < 0) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		n := w.heads[best].names[0]
		for i := range w.heads {
			if h := &w.heads[i]; len(h.names) > 0 && h.names[0] == n {
				h.names = h.names[1:]
			}
		}
		out, w.last = append(out, n), n
	}
	return out, nil
}

// ofNames reads the persons of names in order until the page is full and the
// count is known.
func (f Find) ofNames(ctx context.Context, tx *store.Tx, q *query, next func() ([]listedName, error)) (List, error) {
	out := List{}
	limit := f.Limit
	if limit <= 0 {
		limit = 1 << 40
	}
	step := 1 // few at first: one name may be thousands of persons'
	for {
		names, err := next()
		if err != nil || len(names) == 0 {
			return out, err
		}
		for len(names) > 0 {
			part := names[:min(step, len(names))]
			names = names[len(part):]
			have := map[listedName]bool{}
			keys := make([]string, len(part))
			for i, n := range part {
				keys[i], have[n] = n.sortKey, true
			}
			r := q.clone()
			among := `l.sort_key IN (`
			if tx.Dialect() == store.Postgres { // one value, quicker to plan for
				among = `l.sort_key = ANY(` + r.arg(keys) + `::text[])`
			} else {
				among += r.list(keys) + `)`
			}
			where := append([]string{among}, r.where...)
			if len(part) == 1 { // in the order of the index, so that the limit ends it
				where = append(where, `l.folded = `+r.arg(part[0].folded))
			}
			full := out.Total >= f.Offset+limit
			text := `SELECT l.person, l.valid_from, l.sort_key, l.folded FROM person_listed l WHERE ` + strings.Join(where, " AND ") + ` ORDER BY l.sort_key, l.folded, l.person`
			if len(part) == 1 && !f.Exact {
				text += ` LIMIT ` + r.arg(max(f.Offset+limit, CountLimit+1)-out.Total)
			}
			ids, err := namedIDs(ctx, tx, text, have, r.args...)
			if err != nil {
				return out, err
			}
			if step = min(4*step, 128); len(ids) > 500 {
				step = max(1, step/16)
			}
			if !full {
				from := max(0, f.Offset-out.Total)
				to := min(len(ids), f.Offset+limit-out.Total)
				if from < to {
					rows, err := f.rowsOf(ctx, tx, ids[from:to])
					if err != nil {
						return out, err
					}
					out.Rows = append(out.Rows, rows...)
				}
			}
			out.Total += len(ids)
			if f.enough && len(out.Rows) == limit {
				return out, nil
			}
			if out.Total > CountLimit && !f.Exact && out.Total >= f.Offset+limit {
				out.Total, out.More = CountLimit, true
				return out, nil
			}
		}
	}
}

func namedIDs(ctx context.Context, tx *store.Tx, text string, have map[listedName]bool, args ...any) ([][2]string, error) {
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][2]string
	for rows.Next() {
		var id [2]string
		var n listedName
		if err := rows.Scan(&id[0], &id[1], &n.sortKey, &n.folded); err != nil {
			return nil, err
		}
		if have[n] {
			out = append(out, id)
		}
	}
	return out, rows.Err()
}

// rowsOf reads what is shown of some persons, in their order.
func (f Find) rowsOf(ctx context.Context, tx *store.Tx, ids [][2]string) ([]Listed, error) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		at[id[0]] = i
	}
	out := make([]Listed, len(ids))
	for part := range slices.Chunk(ids, 128) {
		q := &query{args: []any{f.On.String()}}
		who := make([]string, len(part))
		for i, id := range part {
			who[i] = id[0]
		}
		rows, err := listed(ctx, tx, listedSelect+` WHERE l.person IN (`+q.list(who)+`) AND l.valid_from <= $1 AND (l.valid_to = '' OR l.valid_to > $1)`, q.args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[at[r.ID]] = r
		}
	}
	return out, nil
}

// retiring asks for those whose last day of work by the road map in force lies
// so many months ahead. Men and women have ages of their own; who has no
// gender or month of birth on record is in no span.
func retiring(q *query, lib *rule.Library, on vn.Date, s Span) (string, error) {
	from, to := on, vn.Date{Year: on.Year + 100, Month: time.December, Day: 31}
	if s.From != nil {
		from = on.AddMonths(*s.From)
	}
	if s.To != nil {
		to = on.AddMonths(*s.To)
	}
	var some []string
	for _, g := range []string{"male", "female"} {
		first, err := bornToRetire(lib, g == "female", from, on)
		if err != nil {
			return "", err
		}
		past, err := bornToRetire(lib, g == "female", to.AddDays(1), on)
		if err != nil {
			return "", err
		}
		if first.IsZero() {
			continue
		}
		cond := `l.gender = ` + q.arg(g) + ` AND l.born_first <> '' AND substr(l.born_first, 1, 7) = substr(l.born_last, 1, 7) AND l.born_first >= ` + q.arg(first.String())
		if !past.IsZero() {
			cond += ` AND l.born_last < ` + q.arg(past.String())
		}
		some = append(some, `(`+cond+`)`)
	}
	if len(some) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(some, " OR ") + `)`, nil
}

// bornToRetire is the first day of the first month of birth with which the last
// day of work is not before a day; zero when none of the months looked at has.
func bornToRetire(lib *rule.Library, woman bool, last, on vn.Date) (vn.Date, error) {
	if lib == nil {
		return vn.Date{}, nil
	}
	start := vn.Date{Year: on.Year - 110, Month: time.January, Day: 1}
	lo, hi := 0, 110*12 // months of birth after start
	for lo < hi {
		mid := (lo + hi) / 2
		b := start.AddMonths(mid)
		day, known, err := course.Retires(lib, vn.PartialDate{Year: b.Year, Month: b.Month}, woman)
		if err != nil {
			return vn.Date{}, err
		}
		switch {
		case known && day.Before(last):
			lo = mid + 1
		case !known && mid < 60*12: // retired before there was a road map
			lo = mid + 1
		default:
			hi = mid
		}
	}
	if lo == 110*12 {
		return vn.Date{}, nil
	}
	return start.AddMonths(lo), nil
}
