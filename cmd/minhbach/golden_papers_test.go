package main

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// TestGoldenPapers: the golden ledger of templates of single kinds of papers,
// of prints and of scans of signed papers.
func TestGoldenPapers(t *testing.T) {
	desktest.Golden(t, "testdata/golden/papers", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const event = "giay-vang-2"
		h.do("canbo", election.OpenEvent{ID: event, Kind: "congress", Date: vn.MustDate("2022-03-10"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ (mẫu)", EN: "Cell congress (sample)"}})
		tpl, _ := election.TemplateOf("cell")
		h.do("canbo", election.SetProgramme{Event: event, Programme: election.Programme{Template: tpl.ID, Level: tpl.Level, Members: 11, Items: tpl.Items}})
		form := func() document.Form {
			return document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.users["canbo"], Now: h.clock.Now()}
		}
		for _, s := range document.Slots() {
			if s.ID != "script" {
				continue
			}
			raw, err := s.Shipped(vn.DateOf(h.clock.Now()))
			if err == nil {
				_, err = s.Take(t.Context(), h.d, db, form(), "", raw, "Mẫu riêng của kịch bản")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		rc, err := document.MakePaper(t.Context(), h.d, db, form(), document.Script, event, "", "", document.PaperSetting{Place: "Ví Dụ"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := document.MakePrint(t.Context(), h.d, db, form(), event, "", document.PrintKit, -1, "Bộ dự phòng giấy (mẫu)", []byte("%PDF-1.3 (mẫu)")); err != nil {
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
			f, err = v.Put(t.Context(), tx, document.PapersSubject(event), scan.Bytes(), h.clock.Now())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.do("canbo", document.AttachScan{Event: event, Entry: rc.Entries[0].Index, File: f.Hash, Title: "quet.png"})
		h.do("canbo", document.SetTemplate{Slot: "script", Reason: "Dùng lại mẫu có sẵn"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
