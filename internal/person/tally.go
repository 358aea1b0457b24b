package person

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// The groups by which members are counted. A group of a block of facts is named
// by its field ("theory.level"); see CountedFields.
const (
	ByStanding  = "standing"  // probationary, official; with "/exempt" or "/suspended" behind
	ByGender    = "gender"    // female, male
	ByEthnicity = "ethnicity" // as recorded
	ByBorn      = "born"      // day, month or year of birth
	BySince     = "since"     // day from which Party age counts, "" on probation
)

// wholeRecord is the unit under which the changes of all units are summed.
const wholeRecord = ""

// atLast behind a group of very many values is what the whole record comes to
// once all changes have passed, under the day afterAll.
const (
	atLast   = "="
	afterAll = "~" // after every day
)

func manyValued(group string) bool { return group == ByBorn || group == BySince }

// veryLarge is from how many members on a count by such a group takes away from
// the last what comes after the day, value by value, rather than summing all
// that came before it.
var veryLarge int64 = 500_000

// tallyKey is a row of person_tally without its sum.
type tallyKey struct{ group, unit, value, on string }

// tally gathers signed changes.
type tally map[tallyKey]int64

// add adds what a person comes to, n times (+1, −1): one at the first day of
// each span, one taken away at its end. What meets end to end cancels out.
func (t tally) add(s standingOf, n int64) {
	for _, x := range s.segments {
		if x.place.Org == "" {
			continue
		}
		standing := x.place.Standing
		if x.place.State != "active" {
			standing += "/" + x.place.State
		}
		t.span(ByStanding, x.place.Org, standing, x.from, x.to, n)
		t.span(ByGender, x.place.Org, x.face.gender, x.from, x.to, n)
		t.span(ByEthnicity, x.place.Org, x.face.ethnicity, x.from, x.to, n)
		t.span(ByBorn, x.place.Org, x.face.born, x.from, x.to, n)
		t.span(BySince, x.place.Org, x.place.Since.String(), x.from, x.to, n)
	}
	t.levels(s, n)
}

// levels adds the highest level of each counted field that a person comes to.
func (t tally) levels(s standingOf, n int64) {
	for _, f := range fieldsOf(s.attrs) {
		best := highest(s.attrs, f)
		for _, x := range s.segments {
			for _, v := range best {
				if from, to, ok := vn.Overlap(x.from, x.to, v.from, v.to); ok && x.place.Org != "" {
					t.span(f, x.place.Org, v.value, from, to, n)
				}
			}
		}
	}
}

func (t tally) span(group, unit, value string, from, to vn.Date, n int64) {
	for _, u := range []string{unit, wholeRecord} {
		t[tallyKey{group, u, value, from.String()}] += n
		if !to.IsZero() {
			t[tallyKey{group, u, value, to.String()}] -= n
		}
	}
	if to.IsZero() && manyValued(group) {
		t[tallyKey{group + atLast, wholeRecord, value, afterAll}] += n
	}
}

// fieldsOf are the fields that some values are of, in order.
func fieldsOf(as []attr) []string {
	var out []string
	for _, a := range as {
		out = append(out, a.field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// highest are the spans over which each value of a field is the highest that
// is held: tables count a person once, by the highest level of the day. The
// levels of a field stand in their list of codes from the lowest up; what the
// list does not know counts below them all.
func highest(as []attr, field string) []attr {
	some := joined(as, field)
	if len(some) < 2 {
		return some
	}
	rank := rankOf(field)
	var cuts []vn.Date // ends of spans; the zero date, open, last
	for _, a := range some {
		cuts = append(cuts, a.from)
		if !a.to.IsZero() {
			cuts = append(cuts, a.to)
		}
	}
	slices.SortFunc(cuts, vn.Date.Compare)
	cuts = append(slices.CompactFunc(cuts, func(a, b vn.Date) bool { return a == b }), vn.Date{})
	var out []attr
	for i, from := range cuts[:len(cuts)-1] {
		best := attr{}
		for _, a := range some {
			held := !from.Before(a.from) && (a.to.IsZero() || from.Before(a.to))
			if held && (best.field == "" || cmp.Or(cmp.Compare(rank(a.value), rank(best.value)), strings.Compare(a.value, best.value)) > 0) {
				best = a
			}
		}
		if best.field != "" {
			best.from, best.to = from, cuts[i+1]
			out = append(out, best)
		}
	}
	return joined(out, field)
}

// rankOf gives the place of a value among the levels of a field, from 1; 0 for
// what its list does not know.
func rankOf(field string) func(value string) int {
	f, ok := FactFieldOf(field)
	if !ok {
		return func(string) int { return 0 }
	}
	codes := FactCodes(f.List)
	return func(value string) int {
		return slices.IndexFunc(codes, func(c FactCode) bool { return c.Code == value }) + 1
	}
}

// Highest is the highest of some values of a field of levels ("theory.level"),
// as tables count it; "" when there is none.
func Highest(field string, values []string) string {
	rank, best := rankOf(field), ""
	for _, v := range values {
		if best == "" || v != "" && cmp.Or(cmp.Compare(rank(v), rank(best)), strings.Compare(v, best)) > 0 {
			best = v
		}
	}
	return best
}

// joined are the spans of each value of a field, those that overlap made one:
// two diplomas of one level count once.
func joined(as []attr, field string) []attr {
	var some []attr
	for _, a := range as {
		if a.field == field {
			some = append(some, a)
		}
	}
	slices.SortFunc(some, func(a, b attr) int {
		return cmp.Or(strings.Compare(a.value, b.value), a.from.Compare(b.from))
	})
	var out []attr
	for _, a := range some {
		if n := len(out); n > 0 && out[n-1].value == a.value && (out[n-1].to.IsZero() || a.from.Compare(out[n-1].to) <= 0) {
			if last := &out[n-1]; !last.to.IsZero() && (a.to.IsZero() || last.to.Before(a.to)) {
				last.to = a.to
			}
			continue
		}
		out = append(out, a)
	}
	return out
}

// write adds the changes to the table, in the order of its key.
func (t tally) write(ctx context.Context, tx *store.Tx) error {
	keys := make([]tallyKey, 0, len(t))
	for k, n := range t {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	slices.SortFunc(keys, func(a, b tallyKey) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.unit, b.unit), strings.Compare(a.value, b.value), strings.Compare(a.on, b.on))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{k.group, k.unit, k.value, k.on, t[k]}
	}
	if err := tx.Merge(ctx, "person_tally", []string{"grp", "unit", "value", "on_day", "n"}, 4, true, rows); err != nil {
		return err
	}
	return tx.Run(ctx, `DELETE FROM person_tally WHERE n = 0`)
}

// Count is how many members have which value of a group on a day, as known
// now: in a unit and all that stands under it on that day, or with root "" in
// the whole record. It sums signed changes; nobody's row is read.
func Count(ctx context.Context, tx *store.Tx, group, root string, on vn.Date) (map[string]int64, error) {
	in, err := subtree(ctx, tx, root, on)
	if err != nil {
		return nil, err
	}
	return countIn(ctx, tx, group, in, on)
}

// subtree is the set of units under one; nil for the whole record, which a
// large subtree often is.
func subtree(ctx context.Context, tx *store.Tx, root string, on vn.Date) (map[string]bool, error) {
	if root == "" {
		return nil, nil
	}
	reach, err := org.ReachOf(ctx, tx, root, on, fewUnits, manyUnits)
	if err == nil && reach.Vast {
		reach.Whole, err = org.IsWhole(ctx, tx, root, on)
	}
	if err != nil || reach.Whole {
		return nil, err
	}
	ids := reach.Units
	if !reach.Few {
		if ids, err = org.SubtreeIDs(ctx, tx, root, on); err != nil {
			return nil, err
		}
	}
	in := make(map[string]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	return in, nil
}

// fewUnits is up to how many units are asked for by name, whatever the record
// holds.
var fewUnits = 250

// countIn sums the changes of some units: by name while they are few or less
// than half of all; of nearly all as the whole record without the others;
// otherwise from one reading of every unit's changes.
func countIn(ctx context.Context, tx *store.Tx, group string, in map[string]bool, on vn.Date) (map[string]int64, error) {
	out := map[string]int64{}
	switch {
	case in == nil:
		return out, sumWhole(ctx, tx, group, on, out)
	case len(in) <= fewUnits:
		return out, sumUnits(ctx, tx, group, on, out, +1, slices.Sorted(maps.Keys(in)))
	}
	all, err := org.EveryID(ctx, tx)
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(all, func(id string) bool { return in[id] })
	switch {
	case len(others) >= len(in):
		return out, sumUnits(ctx, tx, group, on, out, +1, slices.Sorted(maps.Keys(in)))
	case len(others) > fewUnits:
		return out, sumOf(ctx, tx, group, on, out, +1, in, `unit > ''`)
	}
	if err := sumWhole(ctx, tx, group, on, out); err != nil {
		return nil, err
	}
	if err := sumUnits(ctx, tx, group, on, out, -1, others); err != nil {
		return nil, err
	}
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n == 0 })
	return out, nil
}

// sumWhole adds the changes of the whole record up to a day.
func sumWhole(ctx context.Context, tx *store.Tx, group string, on vn.Date, out map[string]int64) error {
	text, args := `SELECT value, SUM(n) FROM person_tally WHERE grp = $1 AND unit = '' AND on_day <= $2 GROUP BY value`, []any{group, on.String()}
	if manyValued(group) {
		var then, members int64
		if err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(CASE WHEN on_day <= $2 THEN n ELSE 0 END), 0), COALESCE(SUM(n), 0) FROM person_tally WHERE grp = $1 AND unit = ''`, ByStanding, on.String()).Scan(&then, &members); err != nil {
			return err
		}
		switch {
		case members <= veryLarge:
		case then < members-then: // fewer changes before the day than after it
			text = fromFirst
		default:
			text, args = fromLast, []any{group, group + atLast, on.String()}
		}
	}
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		var n int64
		if err := rows.Scan(&value, &n); err != nil {
			return err
		}
		if n != 0 {
			out[value] = n
		}
	}
	return rows.Err()
}

// eachValue steps from value to value of a group, so that of each only the
// changes on one side of a day are read.
const eachValue = `WITH RECURSIVE v (value) AS (
		SELECT MIN(value) FROM person_tally WHERE grp = $1 AND unit = ''
		UNION ALL
		SELECT (SELECT MIN(t.value) FROM person_tally t WHERE t.grp = $1 AND t.unit = '' AND t.value > v.value) FROM v WHERE v.value IS NOT NULL
	) `

// fromFirst is what came up to the day.
const fromFirst = eachValue + `SELECT v.value, COALESCE((SELECT SUM(t.n) FROM person_tally t WHERE t.grp = $1 AND t.unit = '' AND t.value = v.value AND t.on_day <= $2), 0)
	FROM v WHERE v.value IS NOT NULL`

// fromLast is what there is at last without what comes after the day.
const fromLast = eachValue + `SELECT v.value,
		COALESCE((SELECT t.n FROM person_tally t WHERE t.grp = $2 AND t.unit = '' AND t.value = v.value AND t.on_day = '` + afterAll + `'), 0)
		- COALESCE((SELECT SUM(t.n) FROM person_tally t WHERE t.grp = $1 AND t.unit = '' AND t.value = v.value AND t.on_day > $3), 0)
	FROM v WHERE v.value IS NOT NULL`

// sumOf adds the changes up to a day, sign times, of the units of a condition
// that are in a set (nil: all of them).
func sumOf(ctx context.Context, tx *store.Tx, group string, on vn.Date, out map[string]int64, sign int64, in map[string]bool, where string, args ...any) error {
	rows, err := tx.Query(ctx, `SELECT unit, value, SUM(n) FROM person_tally WHERE grp = $1 AND on_day <= $2 AND `+where+` GROUP BY unit, value`, append([]any{group, on.String()}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var unit, value string
		var n int64
		if err := rows.Scan(&unit, &value, &n); err != nil {
			return err
		}
		if n != 0 && (in == nil || in[unit]) {
			out[value] += sign * n
		}
	}
	return rows.Err()
}

// sumUnits adds the changes of units by name.
func sumUnits(ctx context.Context, tx *store.Tx, group string, on vn.Date, out map[string]int64, sign int64, units []string) error {
	for part := range slices.Chunk(units, 128) {
		q := &query{args: []any{group, on.String()}}
		if err := sumOf(ctx, tx, group, on, out, sign, nil, `unit IN (`+q.list(part)+`)`, q.args[2:]...); err != nil {
			return err
		}
	}
	return nil
}
