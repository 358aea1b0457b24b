package person_test

import (
	"fmt"
	"slices"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// What changed among the people of a subtree between two days: one admitted,
// one recognised, one moved inside, one left for another commune, one died.
func TestPeopleChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, id := range []string{"org/c1", "org/c2"} {
			desktest.Do(t, d, "a", org.Found{ID: id, Title: "Chi bộ " + id, Kind: org.Cell, Parent: "org/xa", From: day("2000-01-01")})
		}
		desktest.Do(t, d, "a", org.Found{ID: "org/xa2", Title: "Đảng ủy xã khác", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")})
		member := func(who, cell string) {
			desktest.Do(t, d, "a", person.Record{ID: who, Home: "org/xa", Identity: person.Identity{Name: "Người Mẫu"}})
			desktest.Do(t, d, "a", person.TakeStep{Person: who, Org: cell, Step: person.Transcribed, From: day("2020-01-01"), Admitted: day("2010-01-01"), Sworn: day("2010-01-10"), Recognised: day("2011-01-10")})
		}
		for i, cell := range []string{"org/c1", "org/c1", "org/c2", "org/c1"} {
			member(fmt.Sprintf("person/m%d", i+1), cell)
		}
		step := func(who, at string, s person.Step, on, other string) {
			desktest.Do(t, d, "a", person.TakeStep{Person: who, Org: at, Step: s, From: day(on), Other: other})
		}
		step("person/m1", "org/c1", person.Sent, "2026-01-05", "org/c2")
		step("person/m1", "org/c2", person.Arrived, "2026-01-20", "")
		step("person/m2", "org/c1", person.Sent, "2026-01-05", "org/xa2")
		step("person/m2", "org/xa2", person.Arrived, "2026-01-25", "")
		step("person/m3", "org/c2", person.Died, "2026-02-01", "")
		step("person/m4", "org/c1", person.Exempt, "2026-02-10", "")
		desktest.Do(t, d, "a", person.TakePost{ID: "post/1", Person: "person/m4", Org: "org/c1", Title: "secretary", From: day("2025-06-01")})
		desktest.Do(t, d, "a", person.EndPost{Post: "post/1", Person: "person/m4", Org: "org/c1", On: day("2026-02-10")})
		read(t, d, func(tx *store.Tx) error {
			for root, want := range map[string][]string{
				"org/xa":   {"moved m1 transfer-arrived", "state m4 exempt", "went m2 transfer-arrived", "went m3 died"},
				"org/c1":   {"state m4 exempt", "went m1 transfer-arrived", "went m2 transfer-arrived"},
				"org/xa2":  {"came m2 transfer-arrived"},
				"org/tinh": {"moved m1 transfer-arrived", "moved m2 transfer-arrived", "state m4 exempt", "went m3 died"},
				"":         {"moved m1 transfer-arrived", "moved m2 transfer-arrived", "state m4 exempt", "went m3 died"},
			} {
				ms, ps, err := person.Changes(t.Context(), tx, root, day("2026-01-01"), day("2026-03-01"))
				if err != nil {
					return err
				}
				var got []string
				for _, m := range ms {
					got = append(got, fmt.Sprintf("%s %s %s", m.What, m.Person[len("person/"):], m.Step))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", root, got, want)
				}
				if root != "org/xa2" && (len(ps) != 1 || ps[0].Began || !ps[0].Ended) {
					t.Errorf("%s: posts %+v", root, ps)
				}
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}
