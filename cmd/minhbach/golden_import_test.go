package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenImport: the golden ledger of a file of persons that came in and
// was undone.
func TestGoldenImport(t *testing.T) {
	desktest.Golden(t, "testdata/golden/import", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		from := vn.MustDate("2001-06-21")
		h.do("canbo", org.Found{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: from, Decision: decided})
		h.do("canbo", org.Found{ID: "org/cb", Title: "Chi bộ Mẫu", Kind: org.Cell, Parent: "org/tinh", From: from, Decision: decided})
		known, _ := h.do("canbo", person.Record{ID: "person/cu", Home: "org/tinh", From: from, Identity: person.Identity{Name: "Lê Thị Cúc"}})
		who := "person/nhap-2"
		rows := []person.ImportRow{
			{Line: 2, Person: who, Fact: -1, Entry: -1, Write: true, Identity: person.Identity{Name: "Trần Văn Mẫu", Gender: "male"},
				Step: &person.TakeStep{Person: who, Org: "org/cb", Step: person.Transcribed, From: vn.MustDate("2015-02-01"), Admitted: vn.MustDate("2013-12-20"), Sworn: vn.MustDate("2014-01-05"), Recognised: vn.MustDate("2015-01-05")}},
			{Line: 3, Person: "person/cu", Fact: known, Entry: known, From: from, Write: true, Identity: person.Identity{Name: "Lê Thị Cúc", Ethnicity: "Tày"}},
			{Line: 4, Person: "person/cu", Fact: known, Entry: known - 1, From: from, Write: true, Identity: person.Identity{Name: "Lê Thị Cúc"}},
		}
		all := func() bool { return true }
		if _, _, err := person.RunImport(t.Context(), h.d, "nhap", h.users["canbo"], "org/tinh", "danh-sach.csv", "", rows, all); err != nil {
			t.Fatal(err)
		}
		if _, _, err := person.RunUndo(t.Context(), h.d, "nhap", h.users["canbo"], "org/tinh", "Nhầm tệp", all); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
