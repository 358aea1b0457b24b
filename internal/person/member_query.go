package person

import (
	"context"
	"encoding/json"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// OfficialPlace is where a member officially belongs at a pair of times.
func OfficialPlace(ctx context.Context, tx *store.Tx, person string, at org.At) (Place, bool, error) {
	ps, err := places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.person = $3 AND v.rel = 'official'`, at.On.String(), at.KnownIndex(), person)
	if err != nil || len(ps) == 0 {
		return Place{}, false, err
	}
	return ps[0], true, nil
}

// PlacesOf is every relation of a member over valid time, as known now.
func PlacesOf(ctx context.Context, tx *store.Tx, person string) ([]Place, error) {
	return places(ctx, tx, placeSelect+`WHERE v.person = $1 AND v.entry_to = -1 ORDER BY v.valid_from, v.rel, v.org`, person)
}

// PlaceEntries are the entries from which the places that PlacesOf lists are
// known so, one for each, in the same order.
func PlaceEntries(ctx context.Context, tx *store.Tx, person string) ([]int64, error) {
	return tx.Int64s(ctx, `SELECT v.entry_from FROM person_member v WHERE v.person = $1 AND v.entry_to = -1 ORDER BY v.valid_from, v.rel, v.org`, person)
}

// MembersIn lists those with a relation to an organisation at a pair of times.
func MembersIn(ctx context.Context, tx *store.Tx, orgID string, at org.At) ([]Place, error) {
	return places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.org = $3 ORDER BY v.rel, v.person`, at.On.String(), at.KnownIndex(), orgID)
}

// MemberCount is how many members an organisation has, by standing and state.
type MemberCount struct {
	Official, Probationary int64 // with their official place here
	Exempt, Suspended      int64 // among those
	Away, Here             int64 // in temporary activity: from here elsewhere, from elsewhere here
}

// Total is all members with their official place here.
func (c MemberCount) Total() int64 { return c.Official + c.Probationary }

// Add sums counts.
func (c *MemberCount) Add(d MemberCount) {
	c.Official += d.Official
	c.Probationary += d.Probationary
	c.Exempt += d.Exempt
	c.Suspended += d.Suspended
	c.Away += d.Away
	c.Here += d.Here
}

// Members counts the members of every organisation at a pair of times.
func Members(ctx context.Context, tx *store.Tx, at org.At) (map[string]MemberCount, error) {
	rows, err := tx.Query(ctx, `SELECT v.org, v.rel, v.standing, v.state, COUNT(*) FROM person_member v WHERE `+asOf+` AND v.rel IN ('official', 'temporary') GROUP BY v.org, v.rel, v.standing, v.state`,
		at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]MemberCount{}
	for rows.Next() {
		var id, rel, standing, state string
		var n int64
		if err := rows.Scan(&id, &rel, &standing, &state, &n); err != nil {
			return nil, err
		}
		c := out[id]
		switch {
		case rel == "temporary":
			c.Here += n
		case standing == "official":
			c.Official += n
		default:
			c.Probationary += n
		}
		if rel == "official" && state == "exempt" {
			c.Exempt += n
		}
		if rel == "official" && state == "suspended" {
			c.Suspended += n
		}
		out[id] = c
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	away, err := tx.Query(ctx, `SELECT v.org, COUNT(*) FROM person_member v JOIN person_member t ON t.person = v.person AND t.rel = 'temporary' WHERE `+asOf+`
		AND v.rel = 'official' AND t.valid_from <= $1 AND (t.valid_to = '' OR t.valid_to > $1) AND t.entry_from <= $2 AND (t.entry_to = -1 OR t.entry_to > $2) GROUP BY v.org`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer away.Close()
	for away.Next() {
		var id string
		var n int64
		if err := away.Scan(&id, &n); err != nil {
			return nil, err
		}
		c := out[id]
		c.Away = n
		out[id] = c
	}
	return out, away.Err()
}

// SizeVerdict asks the rule on the least number of members of an organisation
// of its kind, on a day; false when there is no such rule or nobody is
// recorded in it or under it. A cell counts its official members, a body all
// members of its subtree.
func SizeVerdict(ctx context.Context, tx *store.Tx, lib *rule.Library, u org.Unit, on vn.Date) (rule.Verdict, bool, error) {
	id := org.SizeRule(u.Kind)
	if id == "" || lib == nil {
		return rule.Verdict{}, false, nil
	}
	sum, err := Subtree(ctx, tx, u.ID, org.Now(on))
	if err != nil || sum.Total() == 0 {
		return rule.Verdict{}, false, err
	}
	n := sum.Official
	if u.Kind == org.Grassroots {
		n = sum.Total()
	}
	return askRule(lib, id, on, map[string]int64{"members": n}, nil)
}

// Subtree counts the members of a unit and all under it.
func Subtree(ctx context.Context, tx *store.Tx, root string, at org.At) (MemberCount, error) {
	var sum MemberCount
	all, err := Members(ctx, tx, at)
	if err != nil {
		return sum, err
	}
	us, err := org.Tree(ctx, tx, root, at)
	for _, u := range us {
		sum.Add(all[u.ID])
	}
	return sum, err
}

// Introducers are the persons who introduced, by the entry of that step.
func Introducers(ctx context.Context, tx *store.Tx, f StepFact) ([]string, error) {
	if f.Step != Introduced {
		return nil, nil
	}
	r, err := desk.GetRecord(ctx, tx, f.Entry)
	if err != nil {
		return nil, err
	}
	var b stepBody
	err = json.Unmarshal(r.Body, &b)
	return b.Introducers, err
}

// PartyDates are the three dates of a membership: of the decision on admission,
// from which Party age counts; of the ceremony, which the members' forms call
// "ngày vào Đảng" (docs/papers.md); and of the official recognition. Zero where
// none is recorded.
func PartyDates(steps []StepFact) (decided, sworn, official vn.Date) {
	for _, s := range steps {
		switch {
		case s.Withdrawn:
		case s.Step == Admitted:
			decided = issued(s)
		case s.Step == Sworn:
			sworn = s.From
		case s.Step == Recognised:
			official = s.From
		case s.Step == Transcribed:
			if decided.IsZero() {
				decided = s.Admitted
			}
			if sworn.IsZero() {
				sworn = s.Sworn
			}
			if official.IsZero() {
				official = s.Recognised
			}
		}
	}
	return decided, sworn, official
}
