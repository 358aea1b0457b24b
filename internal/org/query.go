package org

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const unitColumns = `u.org, u.valid_from, u.valid_to, u.entry_from, u.name, u.kind, u.parent`

// asOf is the predicate of the two times; $1 is the day, $2 the last known entry.
const asOf = `u.valid_from <= $1 AND (u.valid_to = '' OR u.valid_to > $1) AND u.entry_from <= $2 AND (u.entry_to = -1 OR u.entry_to > $2)`

// maxDepth bounds every walk in the tree; the real one has six floors.
const maxDepth = 64

// Get is one unit at a pair of times; false when it does not exist there.
func Get(ctx context.Context, tx *store.Tx, id string, at At) (Unit, bool, error) {
	us, err := units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE `+asOf+` AND u.org = $3`, at.On.String(), at.KnownIndex(), id)
	if err != nil || len(us) == 0 {
		return Unit{}, false, err
	}
	return us[0], true, nil
}

// Children lists the units directly under one, in the order of lists. The
// parent "" gives the roots.
func Children(ctx context.Context, tx *store.Tx, parent string, at At) ([]Unit, error) {
	return units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE `+asOf+` AND u.parent = $3 ORDER BY u.sort_key, u.org`, at.On.String(), at.KnownIndex(), parent)
}

// Tree lists a unit and all under it, each after its parent, siblings in the
// order of lists. With root "" it is the whole forest; there, units whose
// parent does not exist on that day stand at the top rather than vanish.
func Tree(ctx context.Context, tx *store.Tx, root string, at At) ([]Unit, error) {
	all, err := units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE `+asOf+` ORDER BY u.sort_key, u.org`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	exists := make(map[string]bool, len(all))
	for _, u := range all {
		exists[u.ID] = true
	}
	under := make(map[string][]Unit)
	var top []Unit
	for _, u := range all {
		switch {
		case u.ID == root || root == "" && !exists[u.Parent]:
			top = append(top, u)
		default:
			under[u.Parent] = append(under[u.Parent], u)
		}
	}
	out := make([]Unit, 0, len(all))
	var walk func(us []Unit, depth int)
	walk = func(us []Unit, depth int) {
		if depth > maxDepth {
			return
		}
		for _, u := range us {
			u.Depth = depth
			out = append(out, u)
			walk(under[u.ID], depth+1)
		}
	}
	walk(top, 0)
	return out, nil
}

// Path lists the unit's ancestors from the root down to the unit itself.
func Path(ctx context.Context, tx *store.Tx, id string, at At) ([]Unit, error) {
	up, err := units(ctx, tx, `WITH RECURSIVE up AS (
			SELECT `+unitColumns+`, 0 AS depth FROM org_unit u WHERE `+asOf+` AND u.org = $3
			UNION ALL
			SELECT `+unitColumns+`, up.depth + 1 FROM up JOIN org_unit u ON u.org = up.parent WHERE `+asOf+` AND up.depth < 64
		) SELECT u.org, u.valid_from, u.valid_to, u.entry_from, u.name, u.kind, u.parent FROM up u ORDER BY u.depth DESC`,
		at.On.String(), at.KnownIndex(), id)
	for i := range up {
		up[i].Depth = i
	}
	return up, err
}

// Within says whether a unit is another one or stands under it on a day, as
// known now. A unit that does not exist on that day is within nothing.
func Within(ctx context.Context, tx *store.Tx, id, ancestor string, on vn.Date) (bool, error) {
	path, err := Path(ctx, tx, id, Now(on))
	if err != nil {
		return false, err
	}
	for _, u := range path {
		if u.ID == ancestor {
			return true, nil
		}
	}
	return false, nil
}

// NearestDay is on when the unit exists then; else the day nearest to it on
// which the unit exists, as known now: rights over a unit that will exist
// tomorrow, or has been dissolved, follow its place on that day.
func NearestDay(ctx context.Context, tx *store.Tx, id string, on vn.Date) (vn.Date, bool, error) {
	vs, err := Versions(ctx, tx, id, -1)
	if err != nil || len(vs) == 0 {
		return vn.Date{}, false, err
	}
	first, last := vs[0], vs[len(vs)-1]
	switch {
	case on.Before(first.From):
		return first.From, true, nil
	case !last.To.IsZero() && !on.Before(last.To):
		return last.To.AddDays(-1), true, nil
	}
	return on, true, nil
}

// Versions is one unit over valid time, as known at an entry (below 0: now).
func Versions(ctx context.Context, tx *store.Tx, id string, known int64) ([]Unit, error) {
	return units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE u.entry_from <= $1 AND (u.entry_to = -1 OR u.entry_to > $1) AND u.org = $2 ORDER BY u.valid_from`,
		At{Known: known}.KnownIndex(), id)
}

// Search finds units whose name holds all words of the query, in any order,
// without regard to case and marks. An empty query finds nothing.
func Search(ctx context.Context, tx *store.Tx, query string, at At, limit int) ([]Unit, error) {
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
		where += ` AND ' ' || u.folded LIKE $` + strconv.Itoa(len(args))
	}
	us, err := units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE `+where+` ORDER BY u.sort_key, u.org`, args...)
	if limit > 0 && len(us) > limit {
		us = us[:limit]
	}
	return us, err
}

// EverNamed gives, for each of some folded words, which of the units asked about
// have, had or will have a name with a word that begins so, as known now.
func EverNamed(ctx context.Context, tx *store.Tx, among, words []string) ([]map[string]bool, error) {
	out := make([]map[string]bool, len(words))
	for i := range words {
		out[i] = map[string]bool{}
	}
	for part := range slices.Chunk(among, 500) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, id := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), id
		}
		rows, err := tx.Query(ctx, `SELECT org, folded FROM org_unit WHERE entry_to = -1 AND org IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id, folded string
			if err := rows.Scan(&id, &folded); err != nil {
				rows.Close()
				return nil, err
			}
			for i, w := range words {
				if strings.Contains(" "+folded, " "+w) {
					out[i][id] = true
				}
			}
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		rows.Close()
	}
	return out, nil
}

// History is all that was said about one unit, in the order of saying; wordings
// that were corrected or withdrawn are there too (EntryTo, Withdrawn).
func History(ctx context.Context, tx *store.Tx, id string) ([]Statement, error) {
	return statements(ctx, tx, `SELECT entry_from, entry_to, fact, org, what, valid_from, name, kind, parent, successors, decision, withdrawn FROM org_statement WHERE org = $1 ORDER BY entry_from`, id)
}

// standing is what is said about a unit now, withdrawn statements included.
func standing(ctx context.Context, tx *store.Tx, id string) ([]Statement, error) {
	return statements(ctx, tx, `SELECT entry_from, entry_to, fact, org, what, valid_from, name, kind, parent, successors, decision, withdrawn FROM org_statement WHERE org = $1 AND entry_to = -1 ORDER BY fact`, id)
}

// Findings lists what stands open in the tree as known now: spans of days in
// which a unit stands under a parent that does not exist then.
func Findings(ctx context.Context, tx *store.Tx) ([]Finding, error) {
	rows, err := tx.Query(ctx, `SELECT u.org, u.name, u.parent, u.valid_from, u.valid_to, COALESCE(p.first, ''), COALESCE(p.last, '')
		FROM org_unit u LEFT JOIN (
			SELECT org, MIN(valid_from) AS first, MAX(CASE WHEN valid_to = '' THEN '9999-12-31' ELSE valid_to END) AS last
			FROM org_unit WHERE entry_to = -1 GROUP BY org
		) p ON p.org = u.parent
		WHERE u.entry_to = -1 AND u.parent <> '' AND (p.org IS NULL OR p.first > u.valid_from OR p.last < CASE WHEN u.valid_to = '' THEN '9999-12-31' ELSE u.valid_to END)
		ORDER BY u.org, u.valid_from`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Finding
	for rows.Next() {
		var id, name, parent, from, to, first, last string
		if err := rows.Scan(&id, &name, &parent, &from, &to, &first, &last); err != nil {
			return nil, err
		}
		f, t, err := days(from, to)
		if err != nil {
			return nil, err
		}
		pf, pt, err := days(first, last)
		if err != nil {
			return nil, err
		}
		// The uncovered spans: before the parent's first day, after its last.
		if pf.IsZero() {
			out = append(out, outlives(id, name, parent, f, t))
			continue
		}
		if f.Before(pf) {
			end := pf
			if !t.IsZero() && t.Before(pf) {
				end = t
			}
			out = append(out, outlives(id, name, parent, f, end))
		}
		if last != "9999-12-31" && (t.IsZero() || pt.Before(t)) {
			begin := pt
			if begin.Before(f) {
				begin = f
			}
			out = append(out, outlives(id, name, parent, begin, t))
		}
	}
	return out, rows.Err()
}

func outlives(id, name, parent string, from, to vn.Date) Finding {
	until, untilEN := "", ""
	if !to.IsZero() {
		until, untilEN = " đến trước ngày "+to.Vietnamese(), " until "+to.String()
	}
	return Finding{
		Rule: "org.outlives-parent", Org: id, Other: parent, From: from, To: to,
		VI: name + ": tổ chức cấp trên không tồn tại từ ngày " + from.Vietnamese() + until + "; cần chuyển về cấp trên khác hoặc giải thể.",
		EN: name + ": the parent does not exist from " + from.String() + untilEN + "; move it under another parent or dissolve it.",
	}
}

func units(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Unit, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Unit
	for rows.Next() {
		var u Unit
		var from, to string
		if err := rows.Scan(&u.ID, &from, &to, &u.EntryFrom, &u.Name, &u.Kind, &u.Parent); err != nil {
			return nil, err
		}
		if u.From, u.To, err = days(from, to); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}

func statements(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Statement, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Statement
	for rows.Next() {
		var s Statement
		var from, successors, decision string
		var withdrawn int64
		if err := rows.Scan(&s.Entry, &s.EntryTo, &s.Fact, &s.Org, &s.What, &from, &s.Name, &s.Kind, &s.Parent, &successors, &decision, &withdrawn); err != nil {
			return nil, err
		}
		s.Withdrawn = withdrawn != 0
		err := errors.Join(s.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(successors), &s.Successors), json.Unmarshal([]byte(decision), &s.Decision))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// Known says whether anything was ever said about a unit.
func Known(ctx context.Context, tx *store.Tx, id string) (bool, error) {
	var one int
	err := tx.QueryRow(ctx, `SELECT 1 FROM org_statement WHERE org = $1 LIMIT 1`, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
