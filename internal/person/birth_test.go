package person_test

import (
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

// The birth stands in the block that can be erased and nowhere in the tree, also
// where nobody said from when the identity holds, by hand or from a file.
func TestBirthStandsOutsideTheTree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		d := desktest.New(t, db, org.Room(), person.Room())
		desktest.Do(t, d, "a", org.Found{ID: "org/xa", Title: "Đảng ủy xã", Kind: org.Grassroots, From: vn.MustDate("2000-01-01")})
		born, err := vn.ParsePartial("1971-03-12")
		if err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, d, "a", person.Record{ID: "person/tay", Home: "org/xa", Identity: person.Identity{Name: "Lê Thị Tay", Born: born}})
		tab, err := table.Parse([]byte("Họ và tên,Ngày sinh\nLê Thị Tệp,12/3/1971\n"))
		if err != nil {
			t.Fatal(err)
		}
		var plan []person.ImportRow
		if err := d.Read(ctx, func(tx *store.Tx) error {
			rows, err := person.PlanImport(ctx, tx, nil, tab, person.GuessColumns(tab.Header), "org/xa", desk.NewID(), vn.MustDate("2026-03-01"), func(string) bool { return true })
			for _, r := range rows {
				plan = append(plan, r.Row)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := person.RunImport(ctx, d, desk.NewID(), "a", "org/xa", "tep.csv", strings.Repeat("0", 64), plan, func() bool { return true }); err != nil {
			t.Fatal(err)
		}
		if err := d.Read(ctx, func(tx *store.Tx) error {
			for i := range d.Head() + 1 {
				r, err := desk.GetRecord(ctx, tx, i)
				if err != nil {
					return err
				}
				if strings.Contains(string(r.Body), "1971") {
					t.Errorf("entry %d, %s: %s", i, r.Kind, r.Body)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}
