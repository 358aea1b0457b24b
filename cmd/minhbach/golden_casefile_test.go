package main

import (
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenCasefile: the golden ledger of papers made from a personnel case.
func TestGoldenCasefile(t *testing.T) {
	desktest.Golden(t, "testdata/golden/casefile", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const who, body = "person/vang", "org/so-vang"
		day, quota := vn.MustDate("2024-06-03"), int64(2)
		r := procedure.Ref{ID: "pgd-vang", Org: body}
		for _, a := range []desk.Act{
			org.Found{ID: body, Title: "Sở (mẫu)", Kind: org.StateAgency, From: vn.MustDate("2000-01-01")},
			person.Record{ID: who, Home: body, Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Lê Thị Vàng", Born: vn.MustDate("1980-06-15").Partial(), Gender: "female"}},
			procedure.Open{Ref: r, Procedure: "appointment-local", On: day, Title: "deputy-director", Seats: 1, Quota: &quota, Class: procedure.Internal, Need_: "khuyết một người", Scribed: true},
			procedure.AskConsent{Ref: r, Paper: procedure.Paper{Number: "1-TTr", Date: day}},
			procedure.AddPerson{Ref: r, Person: who},
			procedure.GiveFacts{Ref: r, Person: who, Facts: procedure.Facts{PostFrom: vn.MustDate("2020-01-01"), NoDiscipline: true}},
		} {
			h.do("canbo", a)
		}
		set := document.CaseSetting{PaperSetting: document.PaperSetting{Body: "Sở (mẫu)", Place: "Ví Dụ"}}
		h.clock.Add(time.Minute)
		_, err := document.MakeCasePaper(t.Context(), h.d, db, document.Form{ID: "giay-vang", Seen: -1, Actor: h.users["canbo"], Now: h.clock.Now()}, document.ExtractList, r.ID, body, "", set)
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
