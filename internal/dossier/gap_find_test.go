package dossier_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// lookAtGaps counts the gaps of everybody by reading every paper and mark, one
// after another, with nothing counted beforehand.
func lookAtGaps(ctx context.Context, tx *store.Tx) (map[string]dossier.Gap, error) {
	out := map[string]dossier.Gap{}
	read := func(query string, do func(scan func(...any) error) error) error {
		rows, err := tx.Query(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := do(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	if err := read(`SELECT p.person, p.home, COALESCE(f.state, '') FROM person_person p LEFT JOIN dossier_file f ON f.person = p.person`, func(scan func(...any) error) error {
		var g dossier.Gap
		var state dossier.State
		err := scan(&g.Person, &g.Home, &state)
		g.Opened, g.FileLost = state != "", state == dossier.Lost
		out[g.Person] = g
		return err
	}); err != nil {
		return nil, err
	}
	have, marks := map[string]map[int]bool{}, map[string]map[int]dossier.Mark{}
	if err := read(`SELECT d.person, d.state, d.class, COALESCE(p.content, ''), (SELECT COUNT(*) FROM dossier_scan s WHERE s.entry = d.content)
		FROM dossier_doc d LEFT JOIN dossier_content p ON p.entry = d.content AND p.block = 'paper' WHERE d.entry_to = -1`, func(scan func(...any) error) error {
		var who, content string
		var state dossier.State
		var class dossier.Class
		var scans int
		if err := scan(&who, &state, &class, &content, &scans); err != nil || state == dossier.Withdrawn {
			return err
		}
		g := out[who]
		g.Papers++
		switch kept := state == dossier.Kept || state == dossier.Restored; {
		case state == dossier.Missing:
			g.Missing++
		case state == dossier.Lost:
			g.Lost++
		case kept && class != dossier.RegisterOnly && scans == 0:
			g.NoScan++
		}
		out[who] = g
		if content == "" || state != dossier.Kept && state != dossier.Restored {
			return nil
		}
		var p dossier.Paper
		if have[who] == nil {
			have[who] = map[int]bool{}
		}
		err := json.Unmarshal([]byte(content), &p)
		have[who][p.Kind] = true
		return err
	}); err != nil {
		return nil, err
	}
	if err := read(`SELECT person, kind, state FROM dossier_mark ORDER BY entry, n`, func(scan func(...any) error) error {
		var who string
		var kind int
		var m dossier.Mark
		err := scan(&who, &kind, &m)
		if marks[who] == nil {
			marks[who] = map[int]dossier.Mark{}
		}
		marks[who][kind] = m
		return err
	}); err != nil {
		return nil, err
	}
	for who, ms := range marks {
		g := out[who]
		for kind, m := range ms {
			if m == dossier.ToSupply && !have[who][kind] {
				g.ToSupply++
			}
		}
		out[who] = g
	}
	return out, nil
}

var keepGap = map[string]func(dossier.Gap) bool{
	dossier.GapAny:      dossier.Gap.Any,
	dossier.GapUnopened: func(g dossier.Gap) bool { return !g.Opened },
	dossier.GapMissing:  func(g dossier.Gap) bool { return g.Missing > 0 },
	dossier.GapLost:     func(g dossier.Gap) bool { return g.Lost > 0 || g.FileLost },
	dossier.GapSupply:   func(g dossier.Gap) bool { return g.ToSupply > 0 },
	dossier.GapNoScan:   func(g dossier.Gap) bool { return g.NoScan > 0 },
	dossier.GapAll:      func(dossier.Gap) bool { return true },
}

// wholeList is a list of gaps by looking at each person: all of it, in order.
func wholeList(ctx context.Context, tx *store.Tx, gaps map[string]dossier.Gap, f dossier.GapFind) (all []dossier.Gap, people, complete int, err error) {
	order, err := person.Ordered(ctx, tx, f.Words, org.Now(f.On))
	if err != nil {
		return nil, 0, 0, err
	}
	in := func(g dossier.Gap) bool { return f.Whole || slices.Contains(f.Homes, g.Home) }
	for _, g := range gaps {
		if in(g) {
			people++
			if !g.Any() {
				complete++
			}
		}
	}
	for _, id := range order {
		if g := gaps[id]; in(g) && keepGap[f.What](g) {
			all = append(all, g)
		}
	}
	slices.SortStableFunc(all, func(a, b dossier.Gap) int {
		switch f.Order {
		case dossier.ByMissing:
			return b.Missing - a.Missing
		case dossier.ByLost:
			return b.Lost - a.Lost
		case dossier.BySupply:
			return b.ToSupply - a.ToSupply
		case dossier.ByNoScan:
			return b.NoScan - a.NoScan
		case dossier.ByHome:
			return cmp.Compare(f.HomeOrder[a.Home], f.HomeOrder[b.Home])
		}
		return 0
	})
	return all, people, complete, nil
}

// Every page of every list says what looking at each paper says: by filter,
// order, words, homes and day, whether persons are gathered or walked to; also
// after erasing and after a rebuild.
func TestGapsAgainstLookingAtEachPaper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		r := rand.New(rand.NewPCG(7, 11))
		homes := []string{xa, "org/tinh", "org/phuong"}
		o.do(org.Found{ID: "org/phuong", Title: "Đảng ủy phường (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")})
		o.someFiles(r, homes)
		o.gapsAgree(homes)
		desktest.CheckRebuild(t, o.d)
		o.do(dossier.Erase{Person: "person/p03", Home: homes[0], Decision: "1-QĐ"})
		ds := o.docsOf("person/p06")
		o.do(dossier.Erase{Person: "person/p06", Home: homes[0], Doc: ds[0].ID, Decision: "2-QĐ"})
		o.gapsAgree(homes)
		desktest.CheckRebuild(t, o.d)
		o.gapsAgree(homes)
	})
}

func (o *office) docsOf(id string) (ds []dossier.Doc) {
	o.t.Helper()
	o.read(func(ctx context.Context, tx *store.Tx) (err error) {
		ds, err = dossier.Docs(ctx, tx, id, -1)
		return err
	})
	return ds
}

// someFiles records persons with files of every sort of gap, one of them only
// from a later day on, some without a file.
func (o *office) someFiles(r *rand.Rand, homes []string) {
	o.t.Helper()
	names := []string{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn An", "Đỗ Thị Ánh", "Phạm Quốc Ẩn"}
	for i := range 24 {
		id, home := fmt.Sprintf("person/p%02d", i), homes[i%3]
		from := "2010-01-01"
		if i%11 == 10 {
			from = "2020-01-01"
		}
		o.do(person.Record{ID: id, Home: home, Sample: true, From: day(from), Identity: person.Identity{Name: names[r.IntN(len(names))]}})
		if i%4 == 1 {
			continue
		}
		o.do(dossier.Open{Person: id, Home: home, Class: dossier.Internal, Custodian: home, From: day("2020-02-01"), Hands: dossier.Grounds{Receiver: "A"}})
		var items []dossier.Item
		for k := range r.IntN(5) + 1 {
			switch r.IntN(4) {
			case 0:
				items = append(items, dossier.Item{State: dossier.Missing, Paper: dossier.Paper{Kind: k + 1}})
			case 1:
				items = append(items, item(dossier.Paper{Kind: k + 1, Title: `tên "kind":38, và "kind":5}`}, o.scan(id, fmt.Sprint(id, k))))
			default:
				items = append(items, item(dossier.Paper{Kind: k + 1}))
			}
		}
		items = append(items, item(dossier.Paper{Kind: 7}))
		rc := o.do(dossier.Put{Person: id, Home: home, Items: items})
		if i%3 == 0 {
			o.do(dossier.MarkKinds{Person: id, Home: home, Marks: map[int]dossier.Mark{1: dossier.ToSupply, 5: dossier.ToSupply, 38: dossier.ToSupply, 83: dossier.ToSupply}})
			o.do(dossier.MarkKinds{Person: id, Home: home, Marks: map[int]dossier.Mark{83: dossier.NotArising}})
		}
		if i%5 == 0 {
			lost := dossier.Grounds{Number: "3-BB", Date: day("2021-01-05")}
			o.do(dossier.SetState{Person: id, Home: home, Doc: fmt.Sprintf("paper/%s-%d", rc.Act, len(items)), Version: 1, State: dossier.Lost, Grounds: lost})
			if i%10 == 0 {
				o.do(dossier.SetFile{Person: id, Home: home, State: dossier.Lost, Grounds: lost})
			}
		}
	}
}

func (o *office) gapsAgree(homes []string) {
	o.t.Helper()
	of := [][]string{nil, homes[:1], homes[1:], {}}
	for _, limits := range [][2]int{{1000, 4000}, {5, 0}, {16, 0}, {3, 12}} {
		back := dossier.SetGapLimits(limits[0], limits[1])
		o.read(func(ctx context.Context, tx *store.Tx) error {
			gaps, err := lookAtGaps(ctx, tx)
			if err != nil {
				return err
			}
			for _, what := range slices.Sorted(maps.Keys(keepGap)) {
				for _, order := range []string{"", dossier.ByMissing, dossier.ByLost, dossier.BySupply, dossier.ByNoScan, dossier.ByHome} {
					for i, hs := range of {
						f := dossier.GapFind{On: day("2026-01-01"), Whole: i == 0, Homes: hs, What: what, Order: order, Limit: 7}
						if i == 0 {
							hs = homes
						}
						f.HomeOrder = map[string]int{}
						for _, h := range hs {
							f.HomeOrder[h] = map[string]int{homes[0]: 1, homes[1]: 0, homes[2]: 1}[h]
						}
						f.Words = []string{"", "an", "thi a", "zzz", "%"}[len(what)%5]
						if order == "" {
							f.Words = ""
						}
						if len(order) == 4 { // before some were on record
							f.On = day("2015-01-01")
						}
						if err := pagesAgree(ctx, tx, gaps, f, limits[0]); err != nil {
							return fmt.Errorf("limits %v, %+v: %w", limits, f, err)
						}
					}
				}
			}
			return nil
		})
		back()
	}
}

// pagesAgree turns every page of a list, and one beyond.
func pagesAgree(ctx context.Context, tx *store.Tx, gaps map[string]dossier.Gap, f dossier.GapFind, most int) error {
	all, people, complete, err := wholeList(ctx, tx, gaps, f)
	if err != nil {
		return err
	}
	for from := 0; from < len(all)+f.Limit; from += f.Limit {
		f.Offset = from
		l, err := dossier.FindGaps(ctx, tx, f)
		if err != nil {
			return err
		}
		at := min(from, max(0, len(all)-1)) / f.Limit * f.Limit
		want := all[at:min(at+f.Limit, len(all))]
		total, more := len(all), false
		if total > most {
			total, more = most, true
		}
		if !slices.Equal(l.Rows, want) || l.From != at || l.Total != total || l.More != more || l.Next != (at+f.Limit < len(all)) || l.People != people || l.Complete != complete {
			return fmt.Errorf("from %d: got %+v,\nwant %+v from %d, %d %v, %d whole of %d", from, l, want, at, total, more, complete, people)
		}
	}
	return nil
}

// Tables made before gaps were counted are counted when the program is brought
// up to date, with what one paper says in its own title told apart from its kind.
func TestGapsCountedOfAnOldRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.do(org.Found{ID: "org/phuong", Title: "Đảng ủy phường (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")})
		homes := []string{xa, "org/tinh", "org/phuong"}
		o.someFiles(rand.New(rand.NewPCG(3, 5)), homes)
		counted := dossier.FillStatement(t)
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Run(t.Context(), `DELETE FROM dossier_gap`); err != nil {
				return err
			}
			return tx.Run(t.Context(), counted)
		}); err != nil {
			t.Fatal(err)
		}
		o.gapsAgree(homes)
		desktest.CheckRebuild(t, o.d)
	})
}
