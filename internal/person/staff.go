package person

import (
	"context"

	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// StaffFigures are the places of one kind of staff of one unit, or of a subtree.
type StaffFigures struct {
	Allotted int64 // by decision
	Used     int64 // persons who hold a place of this quota, wherever they work
	Held     int64 // places held open by decision
	Borrowed int64 // persons who work here on another's quota
	Lent     int64 // persons of this quota who work elsewhere
	Plan     int64
}

// Over is how many places are used or held beyond what is allotted.
func (f StaffFigures) Over() int64 { return max(0, f.Used+f.Held-f.Allotted) }

// Free is how many places are neither used nor held.
func (f StaffFigures) Free() int64 { return max(0, f.Allotted-f.Used-f.Held) }

// Add sums figures.
func (f *StaffFigures) Add(g StaffFigures) {
	f.Allotted += g.Allotted
	f.Used += g.Used
	f.Held += g.Held
	f.Borrowed += g.Borrowed
	f.Lent += g.Lent
	f.Plan += g.Plan
}

// StaffRow is one unit with its figures by kind of staff.
type StaffRow struct {
	Unit  org.Unit
	Kinds map[string]StaffFigures
	Set   map[string]org.DetailFact // the decisions behind allotted, held and plan, by key
}

// Total sums the kinds.
func (r StaffRow) Total() (sum StaffFigures) {
	for _, f := range r.Kinds {
		sum.Add(f)
	}
	return sum
}

// Staff gives the figures of a unit and of all under it at a pair of times, in
// the order of the tree. Units without any figure are left out.
func Staff(ctx context.Context, tx *store.Tx, root string, at org.At) (rows []StaffRow, sum StaffRow, err error) {
	us, err := org.Tree(ctx, tx, root, at)
	if err != nil {
		return nil, sum, err
	}
	counts, err := org.Counts(ctx, tx, at)
	if err != nil {
		return nil, sum, err
	}
	used, err := staffBy(ctx, tx, `v.rel = 'staff'`, at)
	if err != nil {
		return nil, sum, err
	}
	borrowed, err := staffBy(ctx, tx, `v.rel = 'borrowed'`, at)
	if err != nil {
		return nil, sum, err
	}
	lent, err := staffBy(ctx, tx, `v.rel = 'staff' AND EXISTS (SELECT 1 FROM person_member b WHERE b.person = v.person AND b.rel = 'borrowed' AND b.valid_from <= $1 AND (b.valid_to = '' OR b.valid_to > $1)
		AND b.entry_from <= $2 AND (b.entry_to = -1 OR b.entry_to > $2))`, at)
	if err != nil {
		return nil, sum, err
	}
	sum.Kinds = map[string]StaffFigures{}
	for _, u := range us {
		r := StaffRow{Unit: u, Kinds: map[string]StaffFigures{}, Set: counts[u.ID]}
		for _, k := range org.StaffKinds() {
			key := [2]string{u.ID, k.Kind}
			f := StaffFigures{Allotted: r.Set[org.QuotaOf(k.Kind)].Number(), Held: r.Set[org.HeldOf(k.Kind)].Number(), Plan: r.Set[org.PlanOf(k.Kind)].Number(),
				Used: used[key], Borrowed: borrowed[key], Lent: lent[key]}
			if f == (StaffFigures{}) {
				continue
			}
			r.Kinds[k.Kind] = f
			s := sum.Kinds[k.Kind]
			s.Add(f)
			sum.Kinds[k.Kind] = s
		}
		if len(r.Kinds) > 0 {
			rows = append(rows, r)
		}
	}
	return rows, sum, nil
}

func staffBy(ctx context.Context, tx *store.Tx, where string, at org.At) (map[[2]string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT v.org, v.standing, COUNT(*) FROM person_member v WHERE `+asOf+` AND `+where+` GROUP BY v.org, v.standing`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[[2]string]int64{}
	for rows.Next() {
		var id, kind string
		var n int64
		if err := rows.Scan(&id, &kind, &n); err != nil {
			return nil, err
		}
		out[[2]string{id, kind}] = n
	}
	return out, rows.Err()
}

// StaffIn lists who holds a place of a unit's quota (rel "staff") or works in
// it on another's (rel "borrowed") at a pair of times.
func StaffIn(ctx context.Context, tx *store.Tx, orgID, rel string, at org.At) ([]Place, error) {
	return places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.org = $3 AND v.rel = $4 ORDER BY v.standing, v.person`, at.On.String(), at.KnownIndex(), orgID, rel)
}

// LentFrom lists who holds a place of a unit's quota and works elsewhere on it.
func LentFrom(ctx context.Context, tx *store.Tx, orgID string, at org.At) ([]Place, error) {
	return places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.org = $3 AND v.rel = 'staff' AND EXISTS (SELECT 1 FROM person_member b WHERE b.person = v.person AND b.rel = 'borrowed' AND b.valid_from <= $1 AND (b.valid_to = '' OR b.valid_to > $1)
		AND b.entry_from <= $2 AND (b.entry_to = -1 OR b.entry_to > $2)) ORDER BY v.standing, v.person`, at.On.String(), at.KnownIndex(), orgID)
}

// Deputies counts the persons who hold a deputy's post in a unit.
func Deputies(ctx context.Context, tx *store.Tx, orgID string, at org.At) (int64, error) {
	ps, err := PostsIn(ctx, tx, orgID, at)
	seen := map[string]bool{}
	for _, p := range ps {
		if t, _ := TitleOf(p.Title); t.Deputy {
			seen[p.Person] = true
		}
	}
	return int64(len(seen)), err
}

// DeputiesVerdict asks the rule on the share of deputies of one unit (187-KL/TW);
// false when no document of the day has it or no quota is on record.
func DeputiesVerdict(ctx context.Context, tx *store.Tx, lib *rule.Library, r StaffRow, at org.At) (rule.Verdict, bool, error) {
	n, err := Deputies(ctx, tx, r.Unit.ID, at)
	if err != nil || lib == nil || r.Total().Allotted == 0 {
		return rule.Verdict{}, false, err
	}
	front := int64(0)
	if r.Unit.Kind == org.Front {
		ds, err := org.Details(ctx, tx, r.Unit.ID, at)
		if err != nil {
			return rule.Verdict{}, false, err
		}
		for _, d := range ds {
			if d.Key == org.Level && d.Value == "grassroots" {
				front = 1 // the commune Front is left out of the rule
			}
		}
	}
	return askRule(lib, "staff.deputies", at.On, map[string]int64{"deputies": n, "headcount": r.Total().Allotted, "is_front": front}, nil)
}

// DeputiesOf counts the deputies of one unit and asks the rule on their number:
// false where no document of the day has it or no quota of the unit is on
// record.
func DeputiesOf(ctx context.Context, tx *store.Tx, lib *rule.Library, orgID string, at org.At) (n int64, v rule.Verdict, ok bool, err error) {
	if n, err = Deputies(ctx, tx, orgID, at); err != nil {
		return n, v, false, err
	}
	u, found, err := org.Get(ctx, tx, orgID, at)
	if err != nil || !found {
		return n, v, false, err
	}
	ds, err := org.Details(ctx, tx, orgID, at)
	if err != nil {
		return n, v, false, err
	}
	r := StaffRow{Unit: u, Kinds: map[string]StaffFigures{}}
	for _, d := range ds {
		for _, k := range org.StaffKinds() {
			if d.Key == org.QuotaOf(k.Kind) {
				r.Kinds[k.Kind] = StaffFigures{Allotted: d.Number()}
			}
		}
	}
	v, ok, err = DeputiesVerdict(ctx, tx, lib, r, at)
	return n, v, ok, err
}

// ReductionVerdict asks whether a quota went down as aimed at, from what it was
// to what it is; civil servants and public employees have aims of their own.
func ReductionVerdict(lib *rule.Library, kind string, start, end int64, at org.At) (rule.Verdict, bool, error) {
	id := "staff.reduction"
	if kind == org.Employee {
		id = "staff.reduction-employee"
	}
	if lib == nil || start == 0 {
		return rule.Verdict{}, false, nil
	}
	v, ok, err := askRule(lib, id, at.On, map[string]int64{"quota_start": start, "quota_end": end}, nil)
	if !ok && err == nil && kind == org.Employee {
		return askRule(lib, "staff.reduction", at.On, map[string]int64{"quota_start": start, "quota_end": end}, nil)
	}
	return v, ok, err
}
