package persontest_test

import (
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	_ "minhbach/internal/vote" // the inputs that rules ask for
)

// The invented registry is what its size says, stands as the ledger gives it,
// and the same seed names the same people.
func TestFill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := desktest.New(t, db, org.Room(), person.Room())
		m, err := persontest.Fill(t.Context(), d, persontest.Size{Members: 230, PerCell: 10, Cells: 8, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Cells) != 23 || len(m.Bodies) != 3 || len(m.Persons) != 230 {
			t.Fatalf("made %d cells, %d bodies, %d persons", len(m.Cells), len(m.Bodies), len(m.Persons))
		}
		err = d.Read(t.Context(), func(tx *store.Tx) error {
			n, err := person.Subtree(t.Context(), tx, m.Root, org.Now(persontest.On))
			if err != nil {
				return err
			}
			if n.Total() != 230 || n.Official == 0 || n.Probationary == 0 {
				t.Errorf("%+v stand on %s", n, persontest.On)
			}
			posts, err := person.PostsIn(t.Context(), tx, m.Cells[4], org.Now(persontest.On))
			if err == nil && len(posts) != 2 {
				t.Errorf("%d posts in a cell", len(posts))
			}
			if err != nil {
				return err
			}
			p, ok, err := person.Get(t.Context(), tx, m.Persons[0], org.Now(persontest.On))
			if !ok || !p.Sample || vn.Fold(p.Identity.Name) == "" {
				t.Errorf("the first person is %+v", p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
		// A database written before there were tables of lists is caught up with
		// when a newer program opens it.
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			for _, name := range []string{"person_listed", "person_word", "person_tally"} {
				if _, err := tx.Exec(t.Context(), `DELETE FROM `+name); err != nil {
					return err
				}
			}
			return person.Room().CatchUp(t.Context(), tx)
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
	a := persontest.Rows(persontest.Size{Members: 20, Seed: 7}, persontest.Made{Cells: []string{"org/a", "org/b"}}, 0)
	b := persontest.Rows(persontest.Size{Members: 20, Seed: 7}, persontest.Made{Cells: []string{"org/a", "org/b"}}, 0)
	c := persontest.Rows(persontest.Size{Members: 20, Seed: 8}, persontest.Made{Cells: []string{"org/a", "org/b"}}, 0)
	if a[3].Identity != b[3].Identity || a[3].Identity == c[3].Identity && a[4].Identity == c[4].Identity {
		t.Error("the seed does not make the people")
	}
}
