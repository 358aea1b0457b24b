package org_test

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// saying is one wording in the naive model: no intervals, no rows, only what
// was said at which entry.
type saying struct {
	entry, fact int64
	what        org.What
	org         string
	from        vn.Date
	name        string
	parent      string
	kind        org.Kind
	level       string // of a detail; its verb is ""
	withdrawn   bool
}

// model answers every question by going through all that was said.
type model []saying

// state is the unit on a day as known at an entry, by its definition: take the
// last wording of each statement known then, and of those in effect the latest.
func (m model) state(id string, on vn.Date, known int64) (name, parent string, kind org.Kind, exists bool) {
	last := map[int64]saying{}
	for _, s := range m {
		if s.org == id && s.entry <= known && s.what != "" {
			last[s.fact] = s
		}
	}
	var facts []int64
	for f := range last {
		facts = append(facts, f)
	}
	slices.Sort(facts)
	var nameFrom, parentFrom, kindFrom vn.Date
	for _, f := range facts {
		s := last[f]
		if s.withdrawn || on.Before(s.from) {
			continue
		}
		switch s.what {
		case org.Founded:
			exists = true
		case org.Dissolved:
			return "", "", "", false
		}
		if (s.what == org.Founded || s.what == org.Renamed) && !s.from.Before(nameFrom) {
			name, nameFrom = s.name, s.from
		}
		if (s.what == org.Founded || s.what == org.Moved) && !s.from.Before(parentFrom) {
			parent, parentFrom = s.parent, s.from
		}
		if (s.what == org.Founded || s.what == org.Reclassified) && !s.from.Before(kindFrom) {
			kind, kindFrom = s.kind, s.from
		}
	}
	if !exists {
		return "", "", "", false
	}
	return name, parent, kind, true
}

// level is the detail with the latest day that has come.
func (m model) level(id string, on vn.Date, known int64) (value string) {
	last := map[int64]saying{}
	for _, s := range m {
		if s.org == id && s.entry <= known && s.what == "" {
			last[s.fact] = s
		}
	}
	var from vn.Date
	for _, s := range last {
		if !s.withdrawn && !on.Before(s.from) && from.Before(s.from) {
			value, from = s.level, s.from
		}
	}
	return value
}

func TestAgainstNaiveModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		round := 0
		ids := func(i int) string { return fmt.Sprintf("org/r%d-u%d", round, i) }
		rapid.Check(t, func(rt *rapid.T) {
			round++
			var m model
			first := d.Head() + 1
			days := rapid.Map(rapid.IntRange(0, 40), func(n int) vn.Date { return vn.MustDate("2020-01-01").AddDays(n * 30) })
			unit := rapid.Map(rapid.IntRange(0, 4), ids)
			parent := rapid.OneOf(rapid.Just(""), unit)
			do := func(act desk.Act, s saying) {
				r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act})
				var no *desk.Error
				if errors.As(err, &no) {
					return // a refusal changes nothing; the model shows it
				}
				if err != nil {
					rt.Fatal(err)
				}
				s.entry = r.Entries[0].Index
				if s.fact < 0 {
					s.fact = s.entry
				}
				m = append(m, s)
			}
			for range rapid.IntRange(5, 25).Draw(rt, "acts") {
				u, on, p := unit.Draw(rt, "unit"), days.Draw(rt, "day"), parent.Draw(rt, "parent")
				name := fmt.Sprintf("Đơn vị %d", len(m))
				switch rapid.IntRange(0, 7).Draw(rt, "verb") {
				case 0, 1:
					do(org.Found{ID: u, Title: name, Kind: org.Cell, Parent: p, From: on}, saying{fact: -1, what: org.Founded, org: u, from: on, name: name, parent: p, kind: org.Cell})
				case 2:
					do(org.Rename{Org: u, Title: name, From: on}, saying{fact: -1, what: org.Renamed, org: u, from: on, name: name})
				case 3:
					do(org.Move{Org: u, Parent: p, From: on}, saying{fact: -1, what: org.Moved, org: u, from: on, parent: p})
				case 4:
					do(org.Dissolve{Org: u, From: on}, saying{fact: -1, what: org.Dissolved, org: u, from: on})
				case 6:
					do(org.Reclassify{Org: u, Kind: org.Grassroots, From: on}, saying{fact: -1, what: org.Reclassified, org: u, from: on, kind: org.Grassroots})
				case 7:
					level := rapid.SampledFrom([]string{"", "province", "grassroots"}).Draw(rt, "level")
					do(org.SetDetail{Org: u, Detail: org.Detail{Key: org.Level, Value: level}, From: on}, saying{fact: -1, org: u, from: on, level: level})
				case 5:
					if len(m) == 0 {
						continue
					}
					old := m[rapid.IntRange(0, len(m)-1).Draw(rt, "corrects")]
					withdraw := rapid.IntRange(0, 3).Draw(rt, "withdraw") == 0
					s := saying{fact: old.fact, what: old.what, org: old.org, withdrawn: withdraw}
					if !withdraw {
						s.from, s.name, s.parent, s.kind, s.level = on, name, p, org.Cell, "district"
					}
					if old.what == "" {
						do(org.CorrectDetail{Org: old.org, Fact: old.fact, Withdraw: withdraw, From: on, Detail: org.Detail{Key: org.Level, Value: "district"}, Reason: "đính chính"}, s)
						continue
					}
					do(org.Correct{Org: old.org, Fact: old.fact, Withdraw: withdraw, From: on, Title: name, Kind: org.Cell, Parent: p, Reason: "đính chính"}, s)
				}
			}
			if d.Head() < 0 {
				return
			}
			err := d.Read(t.Context(), func(tx *store.Tx) error {
				for range 40 {
					u, on := unit.Draw(rt, "asked"), days.Draw(rt, "on").AddDays(rapid.IntRange(-1, 1).Draw(rt, "near"))
					known := rapid.Int64Range(max(first-1, 0), d.Head()).Draw(rt, "known")
					got, ok, err := org.Get(t.Context(), tx, u, org.At{On: on, Known: known})
					if err != nil {
						return err
					}
					name, parent, kind, exists := m.state(u, on, known)
					if ok != exists || got.Name != name || got.Parent != parent || got.Kind != kind {
						rt.Fatalf("%s on %s known %d: got %v %q under %q; the model says %v %q under %q", u, on, known, ok, got.Name, got.Parent, exists, name, parent)
					}
					details, err := org.DetailOf(t.Context(), tx, org.Level, org.At{On: on, Known: known})
					if err != nil || details[u] != m.level(u, on, known) {
						rt.Fatalf("%s on %s known %d: level %q, the model says %q %v", u, on, known, details[u], m.level(u, on, known), err)
					}
					// Whatever was accepted, going up never goes round.
					seen := map[string]bool{}
					for at, up := u, exists; up && at != ""; {
						if seen[at] {
							rt.Fatalf("a circle through %s on %s known %d", at, on, known)
						}
						seen[at] = true
						_, at, _, up = m.state(at, on, known)
					}
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		})
		desktest.CheckRebuild(t, d)
	})
}

// Whatever is merged, split and dissolved, in any order: the shares in which a
// unit went on and the share of which nothing is recorded make the whole, and
// going back along them never gives more than there was.
func TestNothingIsLostAcrossReorganisations(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		id := func(i int) string { return fmt.Sprintf("org/q%d-u%d", round, i) }
		start := vn.MustDate("2000-01-01")
		n := 4
		for i := range n {
			desktest.Do(t, d, "a", org.Found{ID: id(i), Title: "Đơn vị", Kind: org.Grassroots, From: start})
		}
		on := start
		for range rapid.IntRange(1, 8).Draw(rt, "acts") {
			on = on.AddDays(rapid.IntRange(1, 300).Draw(rt, "days"))
			a, b := id(rapid.IntRange(0, n-1).Draw(rt, "a")), id(rapid.IntRange(0, n-1).Draw(rt, "b"))
			var act desk.Act
			switch rapid.IntRange(0, 3).Draw(rt, "verb") {
			case 0:
				act = org.Merge{Into: b, Parts: []string{a}, From: on}
			case 1:
				act = org.SplitUnit{Org: a, From: on, Pieces: []org.Piece{{Into: id(n), New: &org.Found{Title: "Mới", Kind: org.Grassroots}, Num: 1, Den: 3}}}
			case 2:
				act = org.SplitUnit{Org: a, Ends: true, From: on, Pieces: []org.Piece{{Into: id(n), New: &org.Found{Title: "Mới", Kind: org.Grassroots}, Num: 1, Den: 4}, {Into: b, Num: 3, Den: 4}}}
			case 3:
				act = org.Dissolve{Org: a, From: on}
			}
			if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act}); err == nil {
				n++
			}
		}
		end := on.AddDays(1)
		err := d.Read(t.Context(), func(tx *store.Tx) error {
			total := new(big.Rat)
			for i := range 4 {
				heirs, missing, err := org.Heirs(t.Context(), tx, id(i), start, end, -1)
				if err != nil {
					return err
				}
				sum := big.NewRat(missing.Num, missing.Den)
				for _, h := range heirs {
					sum.Add(sum, big.NewRat(h.Num, h.Den))
					total.Add(total, big.NewRat(h.Num, h.Den))
				}
				if sum.Cmp(big.NewRat(1, 1)) != 0 {
					rt.Fatalf("%s: %v and missing %v", id(i), heirs, missing)
				}
			}
			back := new(big.Rat)
			for i := range n + 1 {
				if _, ok, err := org.Get(t.Context(), tx, id(i), org.Now(end)); err != nil || !ok {
					continue
				}
				parts, err := org.Origin(t.Context(), tx, id(i), end, start, -1)
				if err != nil {
					return err
				}
				for _, p := range parts {
					back.Add(back, big.NewRat(p.Num, p.Den))
				}
			}
			if back.Cmp(total) != 0 {
				rt.Fatalf("going back gives %s, going on %s", back, total)
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
	desktest.CheckRebuild(t, d)
}
