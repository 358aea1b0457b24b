package person

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
)

const factSelect = `SELECT v.person, v.block, v.item, v.valid_from, v.valid_to, v.entry_from, v.content, c.present, c.content
	FROM person_fact v JOIN person_fact_value c ON c.entry = v.content `

// Facts is what holds about a person at a pair of times, in the order of block
// and day.
func Facts(ctx context.Context, tx *store.Tx, person string, at org.At) ([]Fact, error) {
	return facts(ctx, tx, factSelect+`WHERE `+asOf+` AND v.person = $3 ORDER BY v.block, v.valid_from, v.item`, at.On.String(), at.KnownIndex(), person)
}

// FactsUntil is what held about a person on or before a day, past items too, as
// known at an entry: what a form prints (all posts, all diplomas).
func FactsUntil(ctx context.Context, tx *store.Tx, person string, at org.At) ([]Fact, error) {
	return facts(ctx, tx, factSelect+`WHERE v.valid_from <= $1 AND v.entry_from <= $2 AND (v.entry_to = -1 OR v.entry_to > $2) AND v.person = $3
		ORDER BY v.block, v.valid_from, v.item`, at.On.String(), at.KnownIndex(), person)
}

// FactsByPerson reads the facts of many persons at a pair of times at once, of
// some blocks (none: all).
func FactsByPerson(ctx context.Context, tx *store.Tx, persons, blocks []string, at org.At) (map[string][]Fact, error) {
	out := make(map[string][]Fact, len(persons))
	for part := range slices.Chunk(persons, 500) {
		args := []any{at.On.String(), at.KnownIndex()}
		marks := func(xs []string) string {
			ms := make([]string, len(xs))
			for i, x := range xs {
				args = append(args, x)
				ms[i] = fmt.Sprintf("$%d", len(args))
			}
			return strings.Join(ms, ", ")
		}
		where := factSelect + `WHERE ` + asOf + ` AND v.person IN (` + marks(part) + `)`
		if len(blocks) > 0 {
			where += ` AND v.block IN (` + marks(blocks) + `)`
		}
		fs, err := facts(ctx, tx, where+` ORDER BY v.person, v.block, v.valid_from, v.item`, args...)
		if err != nil {
			return nil, err
		}
		for _, f := range fs {
			out[f.Person] = append(out[f.Person], f)
		}
	}
	return out, nil
}

// AttrCounts counts persons by the value of a counted field ("theory.level")
// at a pair of times, among the members whose official place is in some
// organisations (nil: everybody on record). A person with two items of one
// value is counted once. Persons without a value, or whose value was erased,
// are not among them.
//
// The table person_attr (field, person, value and both times) is made for such
// questions: joins go by (field, person).
func AttrCounts(ctx context.Context, tx *store.Tx, field string, at org.At, in map[string]bool) (map[string]int64, error) {
	if in == nil {
		rows, err := tx.Query(ctx, `SELECT v.value, COUNT(DISTINCT v.person) FROM person_attr v WHERE v.field = $3 AND `+asOf+` AND v.value <> '' GROUP BY v.value`,
			at.On.String(), at.KnownIndex(), field)
		return countRows(rows, err, nil)
	}
	rows, err := tx.Query(ctx, `SELECT m.org, v.value, COUNT(DISTINCT v.person) FROM person_member m JOIN person_attr v ON v.field = $3 AND v.person = m.person
		WHERE `+asOf+` AND v.value <> '' AND m.rel = 'official' AND m.valid_from <= $1 AND (m.valid_to = '' OR m.valid_to > $1) AND m.entry_from <= $2 AND (m.entry_to = -1 OR m.entry_to > $2)
		GROUP BY m.org, v.value`, at.On.String(), at.KnownIndex(), field)
	return countRows(rows, err, in)
}

func countRows(rows *sql.Rows, err error, in map[string]bool) (map[string]int64, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var id, value string
		var n int64
		into := []any{&value, &n}
		if in != nil {
			into = []any{&id, &value, &n}
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if in == nil || in[id] {
			out[value] += n
		}
	}
	return out, rows.Err()
}

// FactHistory is all that was said in the blocks of facts of a person, in the
// order of saying; what was corrected or withdrawn is there too.
func FactHistory(ctx context.Context, tx *store.Tx, person string) ([]FactSaying, error) {
	return factSayings(ctx, tx, `WHERE s.person = $1`, person)
}

// LockSpans are the spans of entries in which cases locked a person's identity
// facts, by case; an open span ends at -1.
func LockSpans(ctx context.Context, tx *store.Tx, person string) (map[string][][2]int64, error) {
	rows, err := tx.Query(ctx, `SELECT case_id, entry_from, entry_to FROM person_lock WHERE person = $1 ORDER BY entry_from`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][][2]int64{}
	for rows.Next() {
		var by string
		var span [2]int64
		if err := rows.Scan(&by, &span[0], &span[1]); err != nil {
			return nil, err
		}
		out[by] = append(out[by], span)
	}
	return out, rows.Err()
}

func facts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Fact, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Fact
	for rows.Next() {
		var f Fact
		var from, to, content string
		var present int64
		if err := rows.Scan(&f.Person, &f.Block, &f.Item, &from, &to, &f.EntryFrom, &f.Content, &present, &content); err != nil {
			return nil, err
		}
		if err := errors.Join(f.From.UnmarshalText([]byte(from)), f.To.UnmarshalText([]byte(to)), stored(content, present, &f.FactContent, &f.Present)); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

func stored(content string, present int64, c *FactContent, is *bool) error {
	if *is = present != 0; !*is {
		return nil
	}
	return json.Unmarshal([]byte(content), c)
}

func factSayings(ctx context.Context, tx *store.Tx, where string, args ...any) ([]FactSaying, error) {
	rows, err := tx.Query(ctx, `SELECT s.entry_from, s.entry_to, s.fact, s.person, s.block, s.item, s.valid_from, s.valid_to, s.ended, s.withdrawn, s.content, c.present, c.content
		FROM person_fact_said s JOIN person_fact_value c ON c.entry = s.content `+where+` ORDER BY s.entry_from`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []FactSaying
	for rows.Next() {
		var f FactSaying
		var from, to, content string
		var ended, withdrawn, present int64
		if err := rows.Scan(&f.Entry, &f.EntryTo, &f.Fact, &f.Person, &f.Block, &f.Item, &from, &to, &ended, &withdrawn, &f.content, &present, &content); err != nil {
			return nil, err
		}
		f.Ended, f.Withdrawn = ended != 0, withdrawn != 0
		if err := errors.Join(f.From.UnmarshalText([]byte(from)), f.To.UnmarshalText([]byte(to)), stored(content, present, &f.FactContent, &f.Present)); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

func factVersions(ctx context.Context, tx *store.Tx, person, block, item string) ([]factVersion, error) {
	fs, err := facts(ctx, tx, factSelect+`WHERE v.person = $1 AND v.block = $2 AND v.item = $3 AND v.entry_to = -1 ORDER BY v.valid_from`, person, block, item)
	if err != nil {
		return nil, err
	}
	out := make([]factVersion, len(fs))
	for i, f := range fs {
		out[i] = factVersion{f.From, f.To, f.Content}
	}
	return out, nil
}
