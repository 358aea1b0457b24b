package report

import (
	"context"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Reckon works the figures of a unit and all under it out for a day, as known
// now. A unit that did not exist then is a refusal.
func Reckon(ctx context.Context, tx *store.Tx, lib *rule.Library, unit string, on vn.Date) (*Sheet, error) {
	s, rows, err := frame(ctx, tx, unit, on)
	if err != nil {
		return nil, err
	}
	groups := map[string]map[string]map[string]int64{}
	for _, k := range kinds() {
		t := Table{Kind: k.id, Total: make([]int64, len(k.columns)), Rows: make([]Row, len(rows.list))}
		for i, r := range rows.list {
			t.Rows[i] = Row{Unit: r.Unit, Part: r.Part, N: make([]int64, len(k.columns))}
		}
		for i, c := range k.columns {
			t.Columns = append(t.Columns, c.key)
			if c.key == notRecorded {
				t.rest(s.Tables[0], i)
				continue
			}
			if groups[c.group] == nil {
				if groups[c.group], err = person.CountUnits(ctx, tx, c.group, on); err != nil {
					return nil, err
				}
			}
			for u, values := range groups[c.group] {
				at, ok := rows.of[u]
				if !ok {
					continue
				}
				for v, n := range values {
					if c.match(v, on) {
						t.Rows[at].N[i] += n
						t.Total[i] += n
					}
				}
			}
		}
		s.Tables = append(s.Tables, t)
	}
	t, err := committee(ctx, tx, lib, unit, on)
	if err != nil {
		return nil, err
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	if t, err = aimTable(ctx, tx, unit, on); err != nil {
		return nil, err
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	return s, nil
}

// rest fills a last column with the members whom no other column counts.
func (t *Table) rest(all Table, last int) {
	left := func(n []int64, all int64) {
		for _, x := range n[:last] {
			all -= x
		}
		n[last] = all
	}
	for i := range t.Rows {
		left(t.Rows[i].N, all.Rows[i].N[0])
	}
	left(t.Total, all.Total[0])
}

// rowsOf are the rows of a sheet, and the row that each unit counts in.
type rowsOf struct {
	list []Row
	of   map[string]int
}

// frame finds the rows: the units directly under the sheet's and all that stands
// under each, and the sheet's own unit.
func frame(ctx context.Context, tx *store.Tx, unit string, on vn.Date) (*Sheet, rowsOf, error) {
	rows := rowsOf{of: map[string]int{}}
	tree, err := org.Tree(ctx, tx, unit, org.Now(on))
	if err != nil {
		return nil, rows, err
	}
	if len(tree) == 0 || tree[0].ID != unit {
		return nil, rows, desk.Missing("Ngày này tổ chức chưa có hoặc không còn.", "This organisation did not exist on that day.")
	}
	for _, u := range tree {
		switch at, ok := rows.of[u.Parent]; {
		case u.ID == unit:
			rows.of[unit] = 0
			rows.list = append(rows.list, Row{Unit: unit, Part: "direct"})
		case u.Parent == unit:
			rows.of[u.ID] = len(rows.list)
			rows.list = append(rows.list, Row{Unit: u.ID})
		case ok:
			rows.of[u.ID] = at
		}
	}
	// The unit's own members stand last, under its parts.
	own := rows.list[0]
	rows.list = append(rows.list[1:], own)
	for u, at := range rows.of {
		if at--; at < 0 {
			at = len(rows.list) - 1
		}
		rows.of[u] = at
	}
	return &Sheet{Unit: unit, On: on}, rows, nil
}

// committee is the make-up of the committee of a unit, by the posts on record.
func committee(ctx context.Context, tx *store.Tx, lib *rule.Library, unit string, on vn.Date) (Table, error) {
	cols := committeeColumns()
	t := Table{Kind: Committee}
	if known, err := vote.Ask(lib, "structure.is-young", on, map[string]int64{"age": 0}, nil); err != nil {
		return t, err
	} else if !known.Known { // no regulation of the day says who is young
		cols = slices.DeleteFunc(cols, func(c column) bool { return c.key == "young" })
	}
	for _, c := range cols {
		t.Columns = append(t.Columns, c.key)
	}
	posts, err := person.PostsIn(ctx, tx, unit, org.Now(on))
	if err != nil {
		return t, err
	}
	for _, part := range []string{"committee", "standing"} {
		ids := membersOf(posts, organTitles[part])
		if len(ids) == 0 {
			continue
		}
		n, err := makeUp(ctx, tx, lib, ids, cols, on)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, Row{Part: part, N: n})
	}
	return t, nil
}

func makeUp(ctx context.Context, tx *store.Tx, lib *rule.Library, ids []string, cols []column, on vn.Date) ([]int64, error) {
	ps, err := person.ByID(ctx, tx, ids, org.Now(on))
	if err != nil {
		return nil, err
	}
	facts, err := person.FactsByPerson(ctx, tx, ids, []string{"theory"}, org.Now(on))
	if err != nil {
		return nil, err
	}
	n := make([]int64, len(cols))
	for _, id := range ids {
		who := ps[id].Identity
		born := who.Born.String()
		for i, c := range cols {
			hit := false
			switch {
			case c.key == "all":
				hit = true
			case c.key == "women":
				hit = who.Gender == "female"
			case c.key == "minority":
				hit = minority(who.Ethnicity, on)
			case c.key == "young":
				if hit, err = young(lib, who.Born, on); err != nil {
					return nil, err
				}
			case c.group == "theory.level":
				hit = c.match(highest(facts[id]), on)
			default:
				hit = c.match(born, on)
			}
			if hit {
				n[i]++
			}
		}
	}
	return n, nil
}

// highest is the highest level among facts of political theory.
func highest(fs []person.Fact) string {
	var levels []string
	for _, f := range fs {
		levels = append(levels, f.Values["level"])
	}
	return person.Highest("theory.level", levels)
}

// young asks the regulation of the day whether a person counts as young; where
// there is none, or the birth does not say, the person is not counted.
func young(lib *rule.Library, born vn.PartialDate, on vn.Date) (bool, error) {
	if born.IsZero() || on.Before(born.Last()) {
		return false, nil
	}
	for _, d := range []vn.Date{born.First(), born.Last()} {
		a, err := vote.Ask(lib, "structure.is-young", on, map[string]int64{"age": int64(full(d, on))}, nil)
		if err != nil || !a.Yes() {
			return false, err
		}
	}
	return true, nil
}

// Targets holds the make-up of a committee against the aims of the day.
func Targets(lib *rule.Library, s *Sheet) ([]Target, error) {
	t, ok := s.Table(Committee)
	if !ok {
		return nil, nil
	}
	var out []Target
	for _, r := range t.Rows {
		if r.Part != "committee" {
			continue
		}
		n := map[string]int64{}
		for i, c := range t.Columns {
			n[c] = r.N[i]
		}
		for _, id := range []string{"structure.women", "structure.young"} {
			a, err := vote.Ask(lib, id, s.On, map[string]int64{"committee": n["all"], "committee_women": n["women"], "committee_young": n["young"]}, nil)
			if err != nil {
				return nil, err
			}
			if a.Known && a.Recorded {
				out = append(out, Target{id, a.Verdict})
			}
		}
	}
	return out, nil
}

// Point is the number of members of a unit, and of what it was made of before it
// stood, on a day. Exact is false where only a share of an older unit counts.
type Point struct {
	On    vn.Date
	N     int64
	Exact bool
	Units []org.Part
}

// Series follows the number of members of a unit through days, each no later
// than on; before the unit stood it follows the units it was made of, by the
// shares on record.
func Series(ctx context.Context, tx *store.Tx, unit string, on vn.Date, days []vn.Date) ([]Point, error) {
	var out []Point
	for _, d := range days {
		parts, err := org.Origin(ctx, tx, unit, on, d, -1)
		if err != nil {
			return nil, err
		}
		p := Point{On: d, Exact: true, Units: parts}
		for _, x := range parts {
			all, err := person.Count(ctx, tx, person.ByStanding, x.Org, d)
			if err != nil {
				return nil, err
			}
			var n int64
			for _, v := range all {
				n += v
			}
			if x.Den > 0 && x.Num != x.Den {
				p.Exact = false
				n = (n*x.Num + x.Den/2) / x.Den
			}
			p.N += n
		}
		out = append(out, p)
	}
	return out, nil
}
