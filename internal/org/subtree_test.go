package org_test

import (
	"context"
	"slices"
	"testing"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// What is said of a unit's reach, wherever the bounds lie, is what reading all
// units under it says; before, while and after a unit was another's, and with
// a second unit under none.
func TestReachIsWhatReadingAllSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, d, day := t.Context(), open(t, db), vn.MustDate("2020-01-01")
		unit := func(id, parent string) org.Found {
			return org.Found{ID: id, Title: "Đơn vị " + id, Kind: org.Cell, Parent: parent}
		}
		load := func(id string, a org.LoadUnits) {
			t.Helper()
			a.From = day
			if err := org.Load(ctx, d, id, "a", a); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		look := func() {
			read(t, d, func(tx *store.Tx) error {
				every, err := org.EveryID(ctx, tx)
				if err != nil {
					return err
				}
				for _, root := range append(every, "org/nowhere") {
					for _, on := range []string{"2019-01-01", "2021-01-01", "2023-01-01"} {
						for _, few := range []int{1, 3, 250} {
							for _, vast := range []int{4, 20_000} {
								if err := compare(ctx, t, tx, root, vn.MustDate(on), few, vast, len(every), seen); err != nil {
									return err
								}
							}
						}
					}
				}
				return nil
			})
		}
		load("a", org.LoadUnits{Units: []org.Found{unit("org/t", ""), unit("org/x", "org/t"), unit("org/y", "org/t"), unit("org/z", "org/x")}})
		look()
		load("b", org.LoadUnits{Units: []org.Found{unit("org/w", "org/z")}, Ends: []org.Dissolve{{Org: "org/y", From: vn.MustDate("2022-01-01"), Successors: []string{"org/x"}}}})
		look()
		load("c", org.LoadUnits{Units: []org.Found{unit("org/other", "")}})
		look()
		for _, case1 := range []string{"few", "whole", "vast", "neither"} {
			if !seen[case1] {
				t.Errorf("no unit's reach was %s", case1)
			}
		}
	})
}

func compare(ctx context.Context, t *testing.T, tx *store.Tx, root string, on vn.Date, few, vast, every int, seen map[string]bool) error {
	t.Helper()
	r, err := org.ReachOf(ctx, tx, root, on, few, vast)
	if err != nil {
		return err
	}
	all, err := org.SubtreeIDs(ctx, tx, root, on)
	if err != nil {
		return err
	}
	slices.Sort(r.Units)
	switch {
	case r.Few:
		seen["few"] = true
		if !slices.Equal(r.Units, all) || len(all) > few {
			t.Errorf("%s on %v, few %d: %v, reading all says %v", root, on, few, r.Units, all)
		}
	case len(r.Units) > 0:
		t.Errorf("%s on %v: units of many: %v", root, on, r.Units)
	case r.Whole:
		seen["whole"] = true
		if len(all) != every || r.Vast {
			t.Errorf("%s on %v, few %d, vast %d: the whole of %d, reading all says %v", root, on, few, vast, every, all)
		}
	case r.Vast:
		seen["vast"] = true
		if len(all) == 0 {
			t.Errorf("%s on %v, vast %d: of %d units", root, on, vast, every)
		}
	default:
		seen["neither"] = true
		if len(all) == every && len(all) > few {
			if whole, err := org.IsWhole(ctx, tx, root, on); err != nil || whole {
				t.Errorf("%s on %v: the whole was not seen, %v", root, on, err)
			}
		}
	}
	return nil
}
