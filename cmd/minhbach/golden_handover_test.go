package main

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// TestGoldenHandoverPrint: the golden ledger of printed minutes of a collective
// handover and of their signed scan.
func TestGoldenHandoverPrint(t *testing.T) {
	desktest.Golden(t, "testdata/golden/handover-print", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		from := vn.MustDate("2001-06-21")
		for _, u := range []org.Found{
			{ID: "org/giao", Title: "Đảng ủy xã A", Kind: org.Grassroots},
			{ID: "org/nhan", Title: "Đảng ủy xã B", Kind: org.Grassroots},
			{ID: "org/giao/1", Title: "Chi bộ thôn 1", Kind: org.Cell, Parent: "org/giao"},
		} {
			u.From = from
			h.do("canbo", u)
		}
		const id = "handover/in"
		opened, _ := h.do("canbo", person.OpenHandover{ID: id, From: "org/giao", To: "org/nhan", On: vn.MustDate("2026-02-01"), Units: []string{"org/giao/1"}, Decision: decided})
		entry, _, err := document.MakeHandoverPrint(t.Context(), h.d, db, document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.users["canbo"], Now: h.clock.Now()},
			document.RecordHandoverPrint{Handover: id, Org: "org/giao", Shows: opened, Title: "Xã A – Xã B (mẫu)"},
			&document.FiguresPaper{Title: "BIÊN BẢN BÀN GIAO (MẪU)", Of: "Xã A – Xã B", Made: vn.MustDate("2026-02-01"), Code: "mẫu", Entry: opened})
		if err != nil {
			t.Fatal(err)
		}
		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		var scan bytes.Buffer
		if err := png.Encode(&scan, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		var f vault.File
		if err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
			f, err = v.Put(t.Context(), tx, document.HandoverPapers(id), scan.Bytes(), h.clock.Now())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.do("canbo2", document.AttachHandoverScan{Handover: id, Org: "org/nhan", Print: entry, File: f.Hash, Title: "da-ky.png"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
