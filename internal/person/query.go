package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const identityBlock = "identity"

const personColumns = `v.person, p.home, p.sample, v.valid_from, v.valid_to, v.entry_from, v.content, i.present, i.content`

const personTables = ` FROM person_version v JOIN person_person p ON p.person = v.person JOIN person_identity i ON i.entry = v.content`

// asOf is the predicate of the two times; $1 is the day, $2 the last known entry.
const asOf = `v.valid_from <= $1 AND (v.valid_to = '' OR v.valid_to > $1) AND v.entry_from <= $2 AND (v.entry_to = -1 OR v.entry_to > $2)`

// Get is one person at a pair of times; false when nothing is said there.
func Get(ctx context.Context, tx *store.Tx, id string, at org.At) (Person, bool, error) {
	ps, err := persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE `+asOf+` AND v.person = $3`, at.On.String(), at.KnownIndex(), id)
	if err != nil || len(ps) == 0 {
		return Person{}, false, err
	}
	return ps[0], true, nil
}

// ByID reads many persons at once, by id; who is not known there is missing.
func ByID(ctx context.Context, tx *store.Tx, ids []string, at org.At) (map[string]Person, error) {
	out := make(map[string]Person, len(ids))
	for part := range slices.Chunk(ids, 500) {
		args := []any{at.On.String(), at.KnownIndex()}
		marks := make([]string, len(part))
		for i, id := range part {
			args = append(args, id)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		ps, err := persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE `+asOf+` AND v.person IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			out[p.ID] = p
		}
	}
	return out, nil
}

// Home is the organisation that keeps a person's file.
func Home(ctx context.Context, tx *store.Tx, id string) (home string, known bool, err error) {
	rows, err := tx.Query(ctx, `SELECT home FROM person_person WHERE person = $1`, id)
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	for rows.Next() {
		known = true
		if err := rows.Scan(&home); err != nil {
			return "", false, err
		}
	}
	return home, known, rows.Err()
}

// Search finds persons whose name holds all words of the query, in any order,
// without regard to case and marks, in the order of lists. An empty query
// finds nothing; limit 0 is no limit. Erased persons are not found.
func Search(ctx context.Context, tx *store.Tx, query string, at org.At, limit int) ([]Person, error) {
	words := strings.Fields(vn.Fold(query))
	if len(words) == 0 {
		return nil, nil
	}
	where, args := asOf, []any{at.On.String(), at.KnownIndex()}
	for i, w := range words {
		if i == 8 {
			break
		}
		args = append(args, "% "+w+"%")
		where += fmt.Sprintf(` AND ' ' || i.folded LIKE $%d`, len(args))
	}
	where += ` ORDER BY i.sort_key, v.person`
	if limit > 0 {
		args = append(args, int64(limit))
		where += fmt.Sprintf(` LIMIT $%d`, len(args))
	}
	return persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE `+where, args...)
}

// Ordered lists everybody on record at a pair of times by id, in the order of
// lists; with words, those whose name holds them as Search finds them. It reads
// no names: for lists that order many and show few.
func Ordered(ctx context.Context, tx *store.Tx, words string, at org.At) ([]string, error) {
	where, args, folded := asOf, []any{at.On.String(), at.KnownIndex()}, `i.folded`
	if at.Known < 0 { // the index of names has all of it, in order
		where, args, folded = `l.valid_from <= $1 AND (l.valid_to = '' OR l.valid_to > $1)`, args[:1], `l.folded`
	}
	for _, w := range strings.Fields(vn.Fold(words)) {
		args = append(args, "% "+w+"%")
		where += fmt.Sprintf(` AND ' ' || %s LIKE $%d`, folded, len(args))
	}
	if at.Known < 0 {
		return tx.Strings(ctx, `SELECT l.person FROM person_listed l WHERE `+where+` ORDER BY l.sort_key, l.person`, args...)
	}
	return tx.Strings(ctx, `SELECT v.person FROM person_version v JOIN person_identity i ON i.entry = v.content WHERE `+where+` ORDER BY i.sort_key, v.person`, args...)
}

// OfHome lists the persons whose file an organisation keeps, in the order of
// lists; limit 0 is no limit.
func OfHome(ctx context.Context, tx *store.Tx, home string, at org.At, limit int) ([]Person, error) {
	where, args := asOf+` AND p.home = $3 ORDER BY i.sort_key, v.person`, []any{at.On.String(), at.KnownIndex(), home}
	if limit > 0 {
		args = append(args, int64(limit))
		where += ` LIMIT $4`
	}
	return persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE `+where, args...)
}

// Versions is one person over valid time, as known at an entry (below 0: now).
func Versions(ctx context.Context, tx *store.Tx, id string, known int64) ([]Person, error) {
	return persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE v.entry_from <= $1 AND (v.entry_to = -1 OR v.entry_to > $1) AND v.person = $2 ORDER BY v.valid_from`,
		org.At{Known: known}.KnownIndex(), id)
}

const postColumns = `v.post, v.person, v.org, v.title, v.valid_from, v.valid_to, v.entry_from`

// Posts lists the posts a person holds on a day, in the order of organisation
// and title.
func Posts(ctx context.Context, tx *store.Tx, person string, at org.At) ([]Post, error) {
	return posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE `+asOf+` AND v.person = $3 ORDER BY v.org, v.title, v.post`, at.On.String(), at.KnownIndex(), person)
}

// PostsIn lists the posts held in an organisation on a day.
func PostsIn(ctx context.Context, tx *store.Tx, orgID string, at org.At) ([]Post, error) {
	return posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE `+asOf+` AND v.org = $3 ORDER BY v.title, v.person, v.post`, at.On.String(), at.KnownIndex(), orgID)
}

// PostsTitled lists everybody who holds a title on a day, by organisation.
func PostsTitled(ctx context.Context, tx *store.Tx, title string, at org.At) ([]Post, error) {
	return posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE `+asOf+` AND v.title = $3 ORDER BY v.org, v.person, v.post`, at.On.String(), at.KnownIndex(), title)
}

// AllPosts lists every post of a person over valid time, past and future, as
// known at an entry (below 0: now), earliest first.
func AllPosts(ctx context.Context, tx *store.Tx, person string, known int64) ([]Post, error) {
	return posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE v.entry_from <= $1 AND (v.entry_to = -1 OR v.entry_to > $1) AND v.person = $2 ORDER BY v.valid_from, v.post`,
		org.At{Known: known}.KnownIndex(), person)
}

// History is all that was said about a person and the person's posts, in the
// order of saying; what was corrected or withdrawn is there too.
func History(ctx context.Context, tx *store.Tx, person string) ([]Statement, error) {
	ws, err := wordings(ctx, tx, `SELECT `+wordingColumns+` FROM person_statement WHERE person = $1 ORDER BY entry_from`, person)
	if err != nil {
		return nil, err
	}
	out := make([]Statement, len(ws))
	for i, w := range ws {
		out[i] = w.Statement
	}
	return out, nil
}

// Findings lists what stands open about posts as known now: single posts held
// by two at once, and posts outside the life of their organisation.
func Findings(ctx context.Context, tx *store.Tx) ([]Finding, error) {
	all, err := posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE v.entry_to = -1 ORDER BY v.org, v.title, v.valid_from, v.post`)
	if err != nil {
		return nil, err
	}
	var out []Finding
	life := make(map[string][2]vn.Date)
	for i, p := range all {
		t, _ := TitleOf(p.Title)
		for j := i + 1; t.Single && j < len(all) && all[j].Org == p.Org && all[j].Title == p.Title; j++ {
			q := all[j]
			from, to, ok := vn.Overlap(p.From, p.To, q.From, q.To)
			if !ok {
				continue
			}
			out = append(out, Finding{Rule: "person.single-post", Person: p.Person, Other: q.Person, Post: q.ID, Org: p.Org, From: from, To: to,
				VI: t.VI + ": có hai người cùng giữ từ ngày " + from.Vietnamese() + "; cần ghi ngày thôi giữ chức hoặc đính chính.",
				EN: t.EN + ": held by two persons from " + from.String() + "; record the end of one or correct it."})
		}
		span, seen := life[p.Org]
		if !seen {
			vs, err := org.Versions(ctx, tx, p.Org, -1)
			if err != nil {
				return nil, err
			}
			if len(vs) > 0 {
				span = [2]vn.Date{vs[0].From, vs[len(vs)-1].To}
			}
			life[p.Org] = span
		}
		if span[0].IsZero() || p.From.Before(span[0]) || !span[1].IsZero() && (p.To.IsZero() || span[1].Before(p.To)) {
			from := p.From
			if !span[1].IsZero() && from.Before(span[1]) {
				from = span[1]
			}
			out = append(out, Finding{Rule: "person.post-outlives-org", Person: p.Person, Post: p.ID, Org: p.Org, From: from, To: p.To,
				VI: t.VI + ": tổ chức không tồn tại trong cả thời gian giữ chức; cần ghi ngày thôi giữ chức hoặc đính chính.",
				EN: t.EN + ": the organisation does not exist over the whole time of the post; record its end or correct it."})
		}
	}
	dead, err := stepFacts(ctx, tx, stepSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND step = 'died' ORDER BY person`)
	if err != nil {
		return nil, err
	}
	died := map[string]vn.Date{}
	for _, f := range dead {
		died[f.Person] = f.From
	}
	for _, p := range all {
		if on, ok := died[p.Person]; ok && (p.To.IsZero() || on.AddDays(1).Before(p.To)) {
			t, _ := TitleOf(p.Title)
			out = append(out, Finding{Rule: "person.post-after-death", Person: p.Person, Post: p.ID, Org: p.Org, From: on, To: p.To,
				VI: t.VI + ": người giữ chức đã từ trần ngày " + on.Vietnamese() + "; cần ghi thôi giữ chức từ ngày ấy.",
				EN: t.EN + ": the holder died on " + on.String() + "; record the end of the post."})
		}
	}
	return out, nil
}

func persons(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Person, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Person
	for rows.Next() {
		var p Person
		var from, to, content string
		var sample, present int64
		if err := rows.Scan(&p.ID, &p.Home, &sample, &from, &to, &p.EntryFrom, &p.Content, &present, &content); err != nil {
			return nil, err
		}
		p.Sample, p.Present = sample != 0, present != 0
		if p.Present {
			if err := json.Unmarshal([]byte(content), &p.Identity); err != nil {
				return nil, err
			}
		}
		if err := errors.Join(p.From.UnmarshalText([]byte(from)), p.To.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

func posts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Post, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Post
	for rows.Next() {
		var p Post
		var from, to string
		if err := rows.Scan(&p.ID, &p.Person, &p.Org, &p.Title, &from, &to, &p.EntryFrom); err != nil {
			return nil, err
		}
		if err := errors.Join(p.From.UnmarshalText([]byte(from)), p.To.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

const wordingColumns = `entry_from, entry_to, fact, person, what, post, org, title, valid_from, valid_to, decision, content, withdrawn`

func standing(ctx context.Context, tx *store.Tx, person string) ([]wording, error) {
	return wordings(ctx, tx, `SELECT `+wordingColumns+` FROM person_statement WHERE person = $1 AND entry_to = -1 ORDER BY fact`, person)
}

func wordings(ctx context.Context, tx *store.Tx, query string, args ...any) ([]wording, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []wording
	for rows.Next() {
		var w wording
		var from, to, decision string
		var withdrawn int64
		if err := rows.Scan(&w.Entry, &w.EntryTo, &w.Fact, &w.Person, &w.What, &w.Post, &w.Org, &w.Title, &from, &to, &decision, &w.content, &withdrawn); err != nil {
			return nil, err
		}
		w.Withdrawn = withdrawn != 0
		err := errors.Join(w.From.UnmarshalText([]byte(from)), w.To.UnmarshalText([]byte(to)), json.Unmarshal([]byte(decision), &w.Decision))
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

func versions(ctx context.Context, tx *store.Tx, person string) ([]identityVersion, error) {
	rows, err := tx.Query(ctx, `SELECT valid_from, valid_to, content FROM person_version WHERE person = $1 AND entry_to = -1 ORDER BY valid_from`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []identityVersion
	for rows.Next() {
		var v identityVersion
		var from, to string
		if err := rows.Scan(&from, &to, &v.content); err != nil {
			return nil, err
		}
		if err := errors.Join(v.from.UnmarshalText([]byte(from)), v.to.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func postVersions(ctx context.Context, tx *store.Tx, person string) ([]postVersion, error) {
	ps, err := posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE v.person = $1 AND v.entry_to = -1 ORDER BY v.post`, person)
	if err != nil {
		return nil, err
	}
	out := make([]postVersion, len(ps))
	for i, p := range ps {
		out[i] = postVersion{p.ID, p.Person, p.Org, p.Title, p.From, p.To}
	}
	return out, nil
}

// Homes lists the organisations that keep anybody's file.
func Homes(ctx context.Context, tx *store.Tx) ([]string, error) {
	// From each home to the next by the index, however many persons it keeps.
	return tx.Strings(ctx, `WITH RECURSIVE h (home) AS (
			SELECT MIN(home) FROM person_person
			UNION ALL
			SELECT (SELECT MIN(p.home) FROM person_person p WHERE p.home > h.home) FROM h WHERE h.home IS NOT NULL
		) SELECT home FROM h WHERE home IS NOT NULL ORDER BY home`)
}
