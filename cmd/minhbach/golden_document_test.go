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

// TestGoldenDocument: the golden ledger of the papers of an event: an own
// template, a paper made by it, signed, and the template given up.
func TestGoldenDocument(t *testing.T) {
	desktest.Golden(t, "testdata/golden/document", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const event = "giay-vang"
		h.do("canbo", election.OpenEvent{ID: event, Kind: "congress", Date: vn.MustDate("2022-03-10"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ (mẫu)", EN: "Cell congress (sample)"}})
		tpl, _ := election.TemplateOf("cell")
		h.do("canbo", election.SetProgramme{Event: event, Programme: election.Programme{Template: tpl.ID, Level: tpl.Level, Members: 11, Items: tpl.Items}})
		form := func() document.Form {
			return document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.users["canbo"], Now: h.clock.Now()}
		}
		day := vn.DateOf(h.clock.Now())
		f, err := document.FormOn(day)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := document.PaperTemplate(f)
		if err == nil {
			_, err = document.AllPapers.Take(t.Context(), h.d, db, form(), "", raw, "Mẫu riêng")
		}
		if err != nil {
			t.Fatal(err)
		}
		rc, err := document.MakePaper(t.Context(), h.d, db, form(), document.Script, event, "", "", document.PaperSetting{Place: "Ví Dụ"})
		if err != nil {
			t.Fatal(err)
		}
		h.do("canbo", document.SignPaper{Event: event, Entry: rc.Entries[0].Index, Day: day, Who: []string{"Nguyễn Văn Mẫu"}, Where: "Tủ hồ sơ"})
		h.do("canbo", document.SetTemplate{Reason: "Dùng lại mẫu có sẵn"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
