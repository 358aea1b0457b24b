package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// face is what lists and counts need of an identity.
type face struct {
	present               bool
	gender, ethnicity     string // ethnicity as recorded
	bornFirst, bornLast   string
	born, sortKey, folded string
}

// segment is a span of days over which identity and official place of one
// person stay the same, as known now: a row of person_listed.
type segment struct {
	from, to vn.Date
	content  int64 // entry of the identity; -1 before the first
	face     face
	place    Place // zero: no member
}

// standingOf is what is known now of a person, as far as lists and counts ask.
type standingOf struct {
	home     string
	segments []segment
	attrs    []attr
}

// attr is one counted value of a block of facts over a span of days.
type attr struct {
	field, value string
	from, to     vn.Date
}

// follow runs fn, which changes what stands about some persons, and lets the
// tables of lists and counts follow: what was drawn from the state before is
// taken away, what is drawn from the state after is added. fresh are persons
// of whom nothing stood before; what stands of the news fn tells is not read.
func follow(ctx context.Context, tx *store.Tx, ids []string, fresh map[string]bool, fn func() (news, error)) error {
	old := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return fresh[id] })
	before, err := standings(ctx, tx, old)
	if err != nil {
		return err
	}
	known, err := fn()
	if err != nil {
		return err
	}
	after, err := standings(ctx, tx, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return fresh[id] && known[id] != nil }))
	if err != nil {
		return err
	}
	for id, n := range known {
		if fresh[id] {
			after[id] = n.standing()
		}
	}
	sums := tally{}
	var gone []string
	var add [][]any
	for _, id := range ids {
		was, is := before[id], after[id]
		sums.add(was, -1)
		sums.add(is, +1)
		if slices.Equal(was.segments, is.segments) && was.home == is.home {
			continue
		}
		if len(was.segments) > 0 {
			gone = append(gone, id)
		}
		for _, s := range is.segments {
			if s.content >= 0 {
				add = append(add, listedRow(id, is.home, s))
			}
		}
	}
	if err := forEachPart(gone, func(marks string, args []any) error {
		return tx.Run(ctx, `DELETE FROM person_listed WHERE person IN (`+marks+`)`, args...)
	}); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "person_listed", listedColumns, add); err != nil {
		return err
	}
	if err := followWords(ctx, tx, ids, before, after); err != nil {
		return err
	}
	return sums.write(ctx, tx)
}

// catchUp draws the tables of lists and counts from what stands, in a database
// that was written before there were any.
func catchUp(ctx context.Context, tx *store.Tx) error {
	var people, drawn int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM person_version WHERE entry_to = -1 LIMIT 1) v`).Scan(&people); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM person_listed LIMIT 1) l`).Scan(&drawn); err != nil {
		return err
	}
	if people == 0 || drawn > 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT person FROM person_person ORDER BY person`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for part := range slices.Chunk(ids, 1000) {
		fresh := make(map[string]bool, len(part))
		for _, id := range part {
			fresh[id] = true // nothing of them was drawn before
		}
		if err := follow(ctx, tx, part, fresh, func() (news, error) { return nil, nil }); err != nil {
			return err
		}
	}
	return nil
}

// standing is what stands of a newcomer, as standings would read it.
func (n *newcomer) standing() standingOf {
	var ps []Place
	for _, p := range n.places {
		if p.Rel == "official" {
			ps = append(ps, p)
		}
	}
	slices.SortStableFunc(ps, func(a, b Place) int { return a.From.Compare(b.From) })
	return standingOf{home: n.home, segments: cut(n.identity, ps)}
}

// faceOf is what lists and counts need of an identity, but for the name.
func faceOf(x Identity) face {
	return face{present: true, gender: x.Gender, ethnicity: x.Ethnicity, born: x.Born.String(), bornFirst: x.Born.First().String(), bornLast: x.Born.Last().String()}
}

var listedColumns = []string{"person", "valid_from", "valid_to", "home", "under", "standing", "state", "since", "gender", "ethnicity", "born_first", "born_last", "sort_key", "folded", "content"}

func listedRow(id, home string, s segment) []any {
	under := home
	if s.place.Org != "" {
		under = s.place.Org
	}
	return []any{id, s.from.String(), s.to.String(), home, under, s.place.Standing, s.place.State, s.place.Since.String(),
		s.face.gender, vn.Fold(s.face.ethnicity), s.face.bornFirst, s.face.bornLast, s.face.sortKey, s.face.folded, s.content}
}

// touched are the persons whose identity, membership or facts some records
// change, in the order of coming, and those among them who are new.
func touched(rs []desk.Record) (ids []string, fresh map[string]bool) {
	fresh = map[string]bool{}
	seen := map[string]bool{}
	for _, r := range rs {
		switch r.Kind {
		case kindPostTaken, kindPostEnded, kindPostCorrected, kindKin, kindKinUndone, kindLocked, kindUnlocked:
			continue
		}
		if len(r.Subjects) == 0 || !strings.HasPrefix(r.Subjects[0].ID, "person/") {
			continue
		}
		id := r.Subjects[0].ID
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
			fresh[id] = r.Kind == kindRecorded
		}
	}
	return ids, fresh
}

// forEachPart calls fn for some hundred ids at a time, with their marks $1, $2 …
func forEachPart(ids []string, fn func(marks string, args []any) error) error {
	for part := range slices.Chunk(ids, 250) {
		size := len(part)
		for _, n := range []int{1, 10, 50} { // few different texts, so that prepared statements stay few
			if size <= n {
				size = n
				break
			}
		}
		if size > 50 {
			size = 250
		}
		marks, args := make([]string, size), make([]any, size)
		for i := range size {
			marks[i], args[i] = fmt.Sprintf("$%d", i+1), part[min(i, len(part)-1)]
		}
		if err := fn(strings.Join(marks, ", "), args); err != nil {
			return err
		}
	}
	return nil
}

// standings reads what stands now about some persons.
func standings(ctx context.Context, tx *store.Tx, ids []string) (map[string]standingOf, error) {
	out := make(map[string]standingOf, len(ids))
	err := forEachPart(ids, func(marks string, args []any) error {
		ids, err := identitiesIn(ctx, tx, marks, args, out)
		if err != nil {
			return err
		}
		ps, err := places(ctx, tx, placeSelect+`WHERE v.person IN (`+marks+`) AND v.rel = 'official' AND v.entry_to = -1 ORDER BY v.person, v.valid_from`, args...)
		if err != nil {
			return err
		}
		byPerson := map[string][]Place{}
		for _, p := range ps {
			byPerson[p.Person] = append(byPerson[p.Person], p)
		}
		for id, vs := range ids {
			s := out[id]
			s.segments = cut(vs, byPerson[id])
			out[id] = s
		}
		return attrsIn(ctx, tx, marks, args, out)
	})
	return out, err
}

// identitiesIn reads the identities over valid time and the homes.
func identitiesIn(ctx context.Context, tx *store.Tx, marks string, args []any, out map[string]standingOf) (map[string][]segment, error) {
	rows, err := tx.Query(ctx, `SELECT v.person, v.valid_from, v.valid_to, v.content, i.present, i.content, i.folded, i.sort_key, p.home
		FROM person_version v JOIN person_identity i ON i.entry = v.content JOIN person_person p ON p.person = v.person
		WHERE v.person IN (`+marks+`) AND v.entry_to = -1 ORDER BY v.person, v.valid_from`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	vs := map[string][]segment{}
	for rows.Next() {
		var id, from, to, content, home string
		var present int64
		var s segment
		if err := rows.Scan(&id, &from, &to, &s.content, &present, &content, &s.face.folded, &s.face.sortKey, &home); err != nil {
			return nil, err
		}
		if err := errors.Join(s.from.UnmarshalText([]byte(from)), s.to.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		if s.face.present = present != 0; s.face.present {
			var x Identity
			if err := json.Unmarshal([]byte(content), &x); err != nil {
				return nil, err
			}
			f := faceOf(x)
			f.folded, f.sortKey = s.face.folded, s.face.sortKey
			s.face = f
		}
		vs[id] = append(vs[id], s)
		out[id] = standingOf{home: home}
	}
	return vs, rows.Err()
}

// cut lays identities and official places over each other. Days of membership
// before the first identity make a segment of their own, which counts and is
// not listed.
func cut(ids []segment, ps []Place) []segment {
	var days []vn.Date
	for _, s := range ids {
		days = append(days, s.from, s.to)
	}
	for _, p := range ps {
		days = append(days, p.From, p.To)
	}
	days = slices.DeleteFunc(days, vn.Date.IsZero)
	slices.SortFunc(days, vn.Date.Compare)
	days = slices.Compact(days)
	var out []segment
	for i, from := range days {
		s := segment{from: from, content: -1}
		if i+1 < len(days) {
			s.to = days[i+1]
		}
		holds := func(f, t vn.Date) bool { return f.Compare(from) <= 0 && (t.IsZero() || from.Before(t)) }
		for _, v := range ids {
			if holds(v.from, v.to) {
				s.content, s.face = v.content, v.face
			}
		}
		for _, p := range ps {
			if holds(p.From, p.To) {
				s.place = Place{Org: p.Org, Standing: p.Standing, State: p.State, Since: p.Since}
			}
		}
		if s.content >= 0 || s.place.Org != "" {
			out = append(out, s)
		}
	}
	return out
}

// followWords keeps the words of the names that are listed.
func followWords(ctx context.Context, tx *store.Tx, ids []string, before, after map[string]standingOf) error {
	type nameOf struct{ sortKey, folded string }
	were, are := map[nameOf]bool{}, map[nameOf]bool{}
	collect := func(into map[nameOf]bool, s standingOf) {
		for _, x := range s.segments {
			if x.content >= 0 && x.face.folded != "" {
				into[nameOf{x.face.sortKey, x.face.folded}] = true
			}
		}
	}
	for _, id := range ids {
		collect(were, before[id])
		collect(are, after[id])
	}
	sorted := func(m, without map[nameOf]bool) []nameOf {
		var out []nameOf
		for n := range m {
			if !without[n] {
				out = append(out, n)
			}
		}
		slices.SortFunc(out, func(a, b nameOf) int {
			if c := strings.Compare(a.sortKey, b.sortKey); c != 0 {
				return c
			}
			return strings.Compare(a.folded, b.folded)
		})
		return out
	}
	var add [][]any
	for _, n := range sorted(are, were) {
		for _, w := range words(n.folded) {
			add = append(add, []any{w, n.sortKey, n.folded})
		}
	}
	if err := tx.Merge(ctx, "person_word", []string{"word", "sort_key", "folded"}, 3, false, add); err != nil {
		return err
	}
	for _, n := range sorted(were, are) {
		for _, w := range words(n.folded) {
			if err := tx.Run(ctx, `DELETE FROM person_word WHERE word = $1 AND sort_key = $2 AND folded = $3 AND NOT EXISTS (SELECT 1 FROM person_listed l WHERE l.sort_key = $2 AND l.folded = $3)`, w, n.sortKey, n.folded); err != nil {
				return err
			}
		}
	}
	return nil
}

// words are the different words of a folded name.
func words(folded string) []string {
	ws := strings.Fields(folded)
	slices.Sort(ws)
	return slices.Compact(ws)
}
