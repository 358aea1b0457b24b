package org

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// bodyOf reads the body of an entry of this room; false for other rooms.
func bodyOf(r desk.Record) (body, bool, error) {
	var b body
	if !strings.HasPrefix(r.Kind, "org.") {
		return b, false, nil
	}
	err := json.Unmarshal(r.Body, &b)
	return b, true, err
}

// Change is one difference of a subtree between two days.
type Change struct {
	What          ChangeWhat
	Before, After Unit // zero when it did not, or does not, belong
	Decisions     []Statement
	Heirs         []Part // for Gone: where it went on, as recorded
	Missing       Part   // share without a recorded heir
}

// ChangeWhat sorts differences.
type ChangeWhat string

// The differences.
const (
	Appeared ChangeWhat = "appeared" // exists on the later day only
	Gone     ChangeWhat = "gone"     // exists on the earlier day only
	CameIn   ChangeWhat = "came-in"  // exists on both, in the subtree on the later
	WentOut  ChangeWhat = "went-out"
	Altered  ChangeWhat = "altered" // name, kind or parent differ
)

// Changes compares a subtree on two days, both as known at one entry, in the
// order of the trees. Root "" compares all.
func Changes(ctx context.Context, tx *store.Tx, root string, earlier, later vn.Date, known int64) ([]Change, error) {
	a, err := Tree(ctx, tx, root, At{earlier, known})
	if err != nil {
		return nil, err
	}
	b, err := Tree(ctx, tx, root, At{later, known})
	if err != nil {
		return nil, err
	}
	a, b = under(a, root), under(b, root)
	before, after := byID(a), byID(b)
	everywhere := after
	if root != "" {
		all, err := Tree(ctx, tx, "", At{later, known})
		if err != nil {
			return nil, err
		}
		everywhere = byID(all)
	}
	linked, err := sources(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, u := range a {
		v, ok := after[u.ID]
		switch {
		case ok && (u.Name != v.Name || u.Kind != v.Kind || u.Parent != v.Parent):
			out = append(out, Change{What: Altered, Before: u, After: v})
		case !ok:
			c := Change{What: Gone, Before: u}
			if now, exists := everywhere[u.ID]; exists {
				c.What, c.After = WentOut, now
			} else if c.Missing = (Part{Num: 1, Den: 1}); !linked[u.ID] {
				// Nothing on record says where it went.
			} else if c.Heirs, c.Missing, err = Heirs(ctx, tx, u.ID, earlier, later, known); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	for _, v := range b {
		if _, ok := before[v.ID]; ok {
			continue
		}
		c := Change{What: Appeared, After: v}
		if was, exists, err := Get(ctx, tx, v.ID, At{earlier, known}); err != nil {
			return nil, err
		} else if exists {
			c.What, c.Before = CameIn, was
		}
		out = append(out, c)
	}
	said, err := saidBetween(ctx, tx, earlier, later, known)
	if err != nil {
		return nil, err
	}
	for i := range out {
		id := out[i].Before.ID
		if id == "" {
			id = out[i].After.ID
		}
		out[i].Decisions = said[id]
	}
	return out, nil
}

// sources are the units of which some decision says where they went.
func sources(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT source FROM org_lineage`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// under leaves out what is not in the subtree; Tree keeps only it already, save
// for roots that stand alone.
func under(us []Unit, root string) []Unit {
	if root != "" && !slices.ContainsFunc(us, func(u Unit) bool { return u.ID == root }) {
		return nil
	}
	return us
}

func byID(us []Unit) map[string]Unit {
	m := make(map[string]Unit, len(us))
	for _, u := range us {
		m[u.ID] = u
	}
	return m
}

// saidBetween gives the statements that took effect after earlier and up to
// later, by unit.
func saidBetween(ctx context.Context, tx *store.Tx, earlier, later vn.Date, known int64) (map[string][]Statement, error) {
	all, err := statements(ctx, tx, `SELECT entry_from, entry_to, fact, org, what, valid_from, name, kind, parent, successors, decision, withdrawn FROM org_statement
		WHERE valid_from > $1 AND valid_from <= $2 AND withdrawn = 0 AND entry_from <= $3 AND (entry_to = -1 OR entry_to > $3) ORDER BY valid_from, fact`,
		earlier.String(), later.String(), At{Known: known}.KnownIndex())
	if err != nil {
		return nil, err
	}
	out := map[string][]Statement{}
	for _, s := range all {
		out[s.Org] = append(out[s.Org], s)
	}
	return out, nil
}
