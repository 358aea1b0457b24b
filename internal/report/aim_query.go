package report

import (
	"context"
	"fmt"
	"slices"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// GetAim reads an aim as known at an entry (below 0: now).
func GetAim(ctx context.Context, tx *store.Tx, id string, known int64) (AimFact, bool, error) {
	as, err := aims(ctx, tx, aimSelect+`AND a.aim = $2`, org.At{Known: known}.KnownIndex(), id)
	if err != nil || len(as) == 0 {
		return AimFact{}, false, err
	}
	return as[0], true, nil
}

// AimsOf lists the aims that one organisation has set, of any day, the latest
// first.
func AimsOf(ctx context.Context, tx *store.Tx, unit string, known int64) ([]AimFact, error) {
	return aims(ctx, tx, aimSelect+`AND a.unit = $2 ORDER BY a.valid_from DESC, a.organ, a.measure, a.aim`, org.At{Known: known}.KnownIndex(), unit)
}

// AimHistory lists everything said about an aim in the order of saying,
// withdrawals too.
func AimHistory(ctx context.Context, tx *store.Tx, id string) ([]AimSaid, error) {
	rows, err := tx.Query(ctx, `SELECT entry, what, decision, signer, reason, actor, at FROM report_aim_said WHERE aim = $1 ORDER BY entry`, id)
	if err != nil {
		return nil, fmt.Errorf("report: aim %s: %w", id, err)
	}
	defer rows.Close()
	var out []AimSaid
	for rows.Next() {
		s := AimSaid{Aim: id}
		var decision, signer, at string
		if err := rows.Scan(&s.Entry, &s.What, &decision, &signer, &s.Reason, &s.Actor, &at); err != nil {
			return nil, err
		}
		if err := s.read(decision, signer, at); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// AimsFor lists the aims that speak of the committee of a unit on a day: its own
// and those of the organisations above it that reach it.
func AimsFor(ctx context.Context, tx *store.Tx, unit string, at org.At) ([]AimFact, error) {
	day := at.On.String()
	all, err := aims(ctx, tx, aimSelect+`AND a.valid_from <= $2 AND (a.valid_to = '' OR a.valid_to > $2) ORDER BY a.organ, a.measure, a.valid_from, a.aim`, at.KnownIndex(), day)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	path, err := org.Path(ctx, tx, unit, at)
	if err != nil {
		return nil, err
	}
	above := map[string]bool{}
	var self org.Unit
	for _, u := range path {
		above[u.ID] = true
		if u.ID == unit {
			self = u
		}
	}
	return slices.DeleteFunc(all, func(a AimFact) bool { return !above[a.Unit] || !a.SpeaksOf(self) }), nil
}

// aimTable holds the committee of a unit against the aims of the day.
func aimTable(ctx context.Context, tx *store.Tx, unit string, on vn.Date) (Table, error) {
	t := Table{Kind: Aims, Columns: AimColumns}
	at := org.Now(on)
	as, err := AimsFor(ctx, tx, unit, at)
	if err != nil || len(as) == 0 {
		return t, err
	}
	posts, err := person.PostsIn(ctx, tx, unit, at)
	if err != nil {
		return t, err
	}
	for _, a := range as {
		ids := membersOf(posts, organTitles[a.Organ])
		if len(ids) == 0 {
			continue
		}
		c, err := a.read(ctx, tx, ids, at)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, Row{Part: a.ID, N: a.hold(c, ids, on)})
	}
	return t, nil
}

// organTitles are the posts that make the bodies of a committee.
var organTitles = map[string]string{"committee": "committee-member", "standing": "standing-committee-member"}

// membersOf lists who holds a post, each once.
func membersOf(posts []person.Post, title string) []string {
	var ids []string
	for _, p := range posts {
		if p.Title == title && !slices.Contains(ids, p.Person) {
			ids = append(ids, p.Person)
		}
	}
	return ids
}

// counted is what the record says about people, read once for many bodies.
type counted struct {
	people map[string]person.Person
	theory map[string][]person.Fact
}

// read reads what an aim asks about people.
func (a Aim) read(ctx context.Context, tx *store.Tx, ids []string, at org.At) (c counted, err error) {
	if c.people, err = person.ByID(ctx, tx, ids, at); err == nil && theoryRank(a.Measure) >= 0 {
		c.theory, err = person.FactsByPerson(ctx, tx, ids, []string{"theory"}, at)
	}
	return c, err
}

// theoryRank is the place of a level among those of political theory, the lowest
// first; below 0 for any other measure.
func theoryRank(measure string) int {
	return slices.IndexFunc(person.FactCodes("theory"), func(c person.FactCode) bool { return theoryKey+c.Code == measure })
}

// hold counts people for an aim, in the order of AimColumns.
func (a Aim) hold(c counted, ids []string, on vn.Date) []int64 {
	level := theoryRank(a.Measure)
	var hit, unsure int64
	for _, id := range ids {
		who := c.people[id].Identity
		yes, known := false, true
		switch {
		case a.Measure == Women:
			yes, known = who.Gender == "female", who.Gender != ""
		case a.Measure == Minority:
			yes, known = minority(who.Ethnicity, on), who.Ethnicity != ""
		case a.Measure == Young:
			yes, known = under(who.Born, on, a.Under)
		case level >= 0:
			known = len(c.theory[id]) > 0
			yes = slices.ContainsFunc(c.theory[id], func(f person.Fact) bool { return theoryRank(theoryKey+f.Values["level"]) >= level })
		}
		if yes {
			hit++
		} else if !known {
			unsure++
		}
	}
	n := int64(len(ids))
	return []int64{hit, n, a.needed(n), unsure}
}

// AimUnit is one committee held against an aim.
type AimUnit struct {
	Unit org.Unit
	AimResult
}

// AimOver holds every committee that an aim speaks of against it on a day, in
// the order of the tree; organisations without such a body on record are left out.
func AimOver(ctx context.Context, tx *store.Tx, a AimFact, at org.At) ([]AimUnit, error) {
	tree, err := org.Tree(ctx, tx, a.Unit, at)
	if err != nil {
		return nil, err
	}
	posts, err := person.PostsTitled(ctx, tx, organTitles[a.Organ], at)
	if err != nil {
		return nil, err
	}
	members := map[string][]string{}
	var all []string
	for _, p := range posts {
		if !slices.Contains(members[p.Org], p.Person) {
			members[p.Org] = append(members[p.Org], p.Person)
		}
	}
	var out []AimUnit
	for _, u := range tree {
		if ids := members[u.ID]; len(ids) > 0 && a.SpeaksOf(u) {
			out = append(out, AimUnit{Unit: u})
			all = append(all, ids...)
		}
	}
	c, err := a.read(ctx, tx, all, at)
	if err != nil {
		return nil, err
	}
	for i, u := range out {
		out[i].AimResult = resultOf(a, a.hold(c, members[u.Unit.ID], at.On))
	}
	return out, nil
}

// SpeaksOf says whether an aim speaks of the committee of a unit at or under its own.
func (a Aim) SpeaksOf(u org.Unit) bool {
	if u.ID == a.Unit && a.Reach == ReachBelow || u.ID != a.Unit && a.Reach == ReachOwn {
		return false
	}
	return a.Kind == "" || a.Kind == u.Kind
}

func resultOf(a AimFact, n []int64) AimResult {
	return AimResult{Aim: a, Reached: at(n, 0), Members: at(n, 1), Needed: at(n, 2), Unsure: at(n, 3)}
}

// under says whether somebody is younger than years on a day; known is false
// where a birth recorded by year or month alone does not tell.
func under(born vn.PartialDate, on vn.Date, years int64) (yes, known bool) {
	if born.IsZero() || on.Before(born.First()) {
		return false, false
	}
	oldest, youngest := int64(full(born.First(), on)) < years, int64(full(born.Last(), on)) < years
	return oldest && youngest, oldest == youngest
}

// AimResults are the rows of a sheet's table of aims with the aims they speak
// of, as known at an entry (below 0: now).
func AimResults(ctx context.Context, tx *store.Tx, s *Sheet, known int64) ([]AimResult, error) {
	t, ok := s.Table(Aims)
	if !ok {
		return nil, nil
	}
	var out []AimResult
	for _, r := range t.Rows {
		a, ok, err := GetAim(ctx, tx, r.Part, known)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fmt.Errorf("report: no aim %s known at entry %d", r.Part, known)
		}
		out = append(out, resultOf(a, r.N))
	}
	return out, nil
}

// aimColumnWords names the columns of the table of aims.
func aimColumnWords(key string) rule.Words {
	switch key {
	case "reached":
		return rule.Words{VI: "Đạt", EN: "Reached"}
	case "members":
		return rule.Words{VI: "Tổng số", EN: "All"}
	case "needed":
		return rule.Words{VI: "Cần", EN: "Needed"}
	case "unsure":
		return rule.Words{VI: "Chưa rõ", EN: "Not sure"}
	}
	return rule.Words{VI: key, EN: key}
}
