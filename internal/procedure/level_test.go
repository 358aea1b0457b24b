package procedure_test

import (
	"slices"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// People are found by the managing level of the post they hold, by the table of
// the day asked about: a new table changes the answer from its day on, the row
// that names most narrowly counts, and who took the post later is not found
// earlier.
func TestPeopleOfAManagingLevel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, "2025-01-10")
		h.do(person.TakePost{ID: "post/gd", Person: b(1), Org: "org/so", Title: "director", From: day("2023-01-01")})
		h.do(person.TakePost{ID: "post/bt", Person: b(2), Org: "org/tinh", Title: "secretary", From: day("2020-01-01")})
		h.do(procedure.SetTable{Table: procedure.Managing, From: day("2021-01-01"), Rows: []procedure.TableRow{
			{Level: "Cơ quan quản lý"}, {Title: "secretary", Level: "Trung ương quản lý"},
			{Kind: org.StateAgency, Title: "director", Level: "Tỉnh ủy quản lý"}}})
		h.do(procedure.SetTable{Table: procedure.Managing, From: day("2024-07-01"), Rows: []procedure.TableRow{
			{Kind: org.StateAgency, Title: "director", Level: "Tỉnh ủy quản lý"},
			{Org: "org/so", Title: "director", Level: "Ban Thường vụ quản lý"}, {Org: "org/so", Title: "director", Level: "dòng sau không tính"}}})
		look := func(on, level string, want ...string) {
			t.Helper()
			if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
				l, err := procedure.LevelsOn(t.Context(), tx, day(on))
				if err != nil {
					return err
				}
				for _, name := range []string{"", "b"} { // the walk in order, and the search by name
					got := []string{}
					list, err := person.Find{On: day(on), Held: l.Posts(level), Name: name, Limit: 50}.Run(t.Context(), tx)
					for _, p := range list.Rows {
						got = append(got, p.ID)
					}
					want := slices.Clone(want)
					if name != "" {
						want = slices.DeleteFunc(want, func(id string) bool { return id[len("person/")] != 'b' })
					}
					if slices.Sort(got); err != nil || !slices.Equal(got, want) && len(got)+len(want) > 0 {
						t.Errorf("on %s %q named %q: %v %v, want %v", on, level, name, got, err, want)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		staff := []string{a(1), a(2), a(3), a(4), a(5), a(6)}
		look("2020-12-31", "Trung ương quản lý") // no table yet
		look("2022-12-31", "Trung ương quản lý", b(2))
		look("2022-12-31", "Tỉnh ủy quản lý") // nobody is director yet
		look("2022-12-31", "Cơ quan quản lý", staff...)
		look("2023-01-01", "Tỉnh ủy quản lý", b(1))
		look("2024-07-01", "Tỉnh ủy quản lý")
		look("2024-07-01", "Ban Thường vụ quản lý", b(1))
		look("2024-07-01", "Cơ quan quản lý") // the new table says nothing of staff
		look("2024-07-01", "dòng sau không tính")
		desktest.CheckRebuild(t, h.d)
	})
}
