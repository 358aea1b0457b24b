package person_test

import (
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// Connections can be made ready before there is anybody, and with people, by
// every way that a search takes.
func TestReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := desktest.New(t, db, org.Room(), person.Room())
		if err := person.Ready(t.Context(), db, persontest.On); err != nil {
			t.Fatalf("with nobody on record: %v", err)
		}
		if _, err := persontest.Fill(t.Context(), d, persontest.Size{Members: 60, PerCell: 10, Cells: 2, Seed: 1}); err != nil {
			t.Fatal(err)
		}
		for _, few := range []int{1, 2000} {
			person.SetFewNames(few)
			t.Cleanup(func() { person.SetFewNames(2000) })
			if err := person.Ready(t.Context(), db, persontest.On); err != nil {
				t.Error(err)
			}
		}
	})
}
