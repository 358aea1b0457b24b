package org_test

import (
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// A list is refused and taken alike, whether the whole record was read for it
// or only the units it names.
func TestLoadReadsWhatItNames(t *testing.T) {
	day := vn.MustDate("2020-01-01")
	var said []string
	for _, larger := range []int{8, -1} {
		org.SetMuchLarger(larger)
		t.Cleanup(func() { org.SetMuchLarger(8) })
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			d := open(t, db)
			load := func(id string, a org.LoadUnits) string {
				a.From = day
				if err := org.Load(t.Context(), d, id, "a", a); err != nil {
					return err.Error()
				}
				return ""
			}
			coded := func(id, parent, code string) org.Found {
				return org.Found{ID: id, Title: "Đơn vị " + id, Kind: org.Grassroots, Parent: parent, Details: []org.Detail{{Key: org.AdminCode, Value: code}}}
			}
			got := []string{
				load("a", org.LoadUnits{Units: []org.Found{{ID: "org/t", Title: "Tỉnh ủy", Kind: org.ProvinceCommittee}, coded("org/x", "org/t", "1"), coded("org/y", "org/t", "2")}}),
				load("b", org.LoadUnits{Units: []org.Found{coded("org/x", "org/t", "3")}}),
				load("c", org.LoadUnits{Units: []org.Found{coded("org/z", "org/nowhere", "3")}}),
				load("d", org.LoadUnits{Units: []org.Found{coded("org/z", "org/t", "2")}}),
				load("e", org.LoadUnits{Units: []org.Found{coded("org/z", "org/x", "3"), coded("org/w", "org/z", "4")},
					Ends: []org.Dissolve{{Org: "org/y", From: vn.MustDate("2022-01-01"), Successors: []string{"org/x"}}}}),
				load("f", org.LoadUnits{Units: []org.Found{{ID: "org/v", Title: "Muộn", Kind: org.Cell, Parent: "org/y", From: vn.MustDate("2023-01-01")}}}),
			}
			for i, want := range []bool{true, false, false, false, true, false} {
				if (got[i] == "") != want {
					t.Errorf("list %d: %q", i, got[i])
				}
			}
			if said == nil {
				said = got
			}
			for i := range got {
				if got[i] != said[i] {
					t.Errorf("list %d: %q and %q", i, got[i], said[i])
				}
			}
			desktest.CheckRebuild(t, d)
		})
	}
}
