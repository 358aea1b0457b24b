package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenSearch: the golden ledger whose tables hold what lists, search and
// counts follow: some members with their lives, one transferred, one corrected,
// one with a level of theory, one whose identity was erased.
func TestGoldenSearch(t *testing.T) {
	desktest.Golden(t, "testdata/golden/search", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		m, err := persontest.Fill(t.Context(), h.d, persontest.Size{Members: 12, PerCell: 4, Cells: 2, Seed: 3, Actor: h.users["canbo"]})
		if err != nil {
			t.Fatal(err)
		}
		on := vn.MustDate("2026-02-01")
		h.do("canbo", person.TakeStep{Person: m.Persons[0], Org: m.Cells[0], Other: m.Cells[1], Step: person.Sent, From: on})
		h.do("canbo", person.TakeStep{Person: m.Persons[0], Org: m.Cells[1], Step: person.Arrived, From: on.AddDays(10)})
		h.do("canbo", person.Change{Person: m.Persons[1], Home: m.Bodies[0], From: on, Identity: person.Identity{Name: "Trần Văn Mẫu", Gender: "male"}})
		h.do("canbo", person.RecordFact{Person: m.Persons[2], Home: m.Bodies[0], Block: "theory", Item: "fact/mau", Content: person.FactContent{Values: map[string]string{"level": "trung-cap"}, From: on.Partial(), Source: person.FactSource{Kind: "diploma"}}})
		h.do("canbo", org.Move{Org: m.Cells[2], Parent: m.Bodies[0], From: on})
		var first int64
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			p, _, err := person.Get(t.Context(), tx, m.Persons[3], org.Now(on))
			first = p.Content
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.do("lanhdao", desk.EraseBlockAct{Index: first, Block: "identity", Decision: "01-QĐ/BTC"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
