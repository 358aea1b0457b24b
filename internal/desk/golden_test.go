package desk_test

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
)

func TestGoldenLedger(t *testing.T) {
	toy := desktest.Toy()
	toy.Kinds = toy.Kinds[:2] // the third never applies
	desktest.Golden(t, "testdata/golden/1", []desk.Room{toy}, func(t *testing.T, db *store.DB) *desk.Desk {
		d := desktest.NewToy(t, db)
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 5})
		desktest.Do(t, d, "acc/minh", desktest.Add{ID: "a", By: -2, Words: "của lan < & \u2028"})
		r := desktest.Do(t, d, "acc/minh", desktest.Add{ID: "b", By: 1, Words: "sẽ xóa"})
		desktest.Do(t, d, "acc/lan", desk.EraseBlockAct{Index: r.Entries[1].Index, Block: "words", Decision: "12-QĐ/TU, 1/3/2026"})
		return d
	})
}
