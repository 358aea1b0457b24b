package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenPapers: the golden ledger of templates of single kinds of papers.
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
		if _, err := document.MakePaper(t.Context(), h.d, db, form(), document.Script, event, "", "", document.PaperSetting{Place: "Ví Dụ"}); err != nil {
			t.Fatal(err)
		}
		h.do("canbo", document.SetTemplate{Slot: "script", Reason: "Dùng lại mẫu có sẵn"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
