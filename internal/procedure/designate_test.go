package procedure_test

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// A province's own order that ends in a designation: two reviews, no ballot.
const designates = `document: {number: 98-QĐ/TU, date: 2024-05-20, kind: regulation, title: {vi: "Quy định của tỉnh về chỉ định", en: "Regulation of the province on designation"}, issuer: {vi: "Tỉnh ủy", en: "Province committee"}}
edition: "1"
series: designation-tu
valid: {from: 2024-05-20}
procedures:
  - id: designation-tu
    title: {vi: "Chỉ định cấp ủy mới lập", en: "Designation of a new committee"}
    article: "Điều 2"
    evidence: confirmed
    source: "văn bản của tỉnh"
    ends: [designation]
    conditions:
      - {id: standards, title: {vi: "Tiêu chuẩn", en: "Standards"}, article: "Điều 2", evidence: confirmed, source: "văn bản", fact: judged}
    steps:
      - {id: "1", title: {vi: "Đề xuất", en: "Proposal"}, article: "Điều 2", evidence: confirmed, source: "văn bản", body: standing-committee-meeting, does: review, persons: plan, participants: {vi: "ban thường vụ", en: "standing committee"}}
`

// TestDesignation: a case that ends in a designation enters the registry from
// its day, not before; it is refused where the edition does not end so, where
// the post's quota is full, and where the body is gone on that day.
func TestDesignation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, "2024-06-03")
		h.do(regulation.AddEdition{File: "98.yaml", YAML: designates})
		r := procedure.Ref{ID: "chi-dinh", Org: "org/tinh"}
		h.do(procedure.Open{Ref: r, Procedure: "designation-tu", On: day("2024-06-03"), Title: "deputy-secretary", Seats: 1, Quota: n(1), Class: procedure.Internal, Need_: "cấp ủy mới lập"})
		h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", "2024-06-03")})
		h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2024-06-03"), Yes: true})
		h.do(procedure.AddPerson{Ref: r, Person: a(1)})
		h.do(procedure.GiveFacts{Ref: r, Person: a(1), Facts: procedure.Facts{}})
		h.do(procedure.Judge{Ref: r, Person: a(1), Condition: "standards", State: procedure.Met, Paper: paper("2", "2024-06-03")})
		h.do(procedure.OpenStep{Ref: r, Step: "1", On: day("2024-06-03"), Persons: []string{a(1)}})
		h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{a(1)}, Summoned: 9, Present: 9, For: 9})
		h.do(procedure.Submit{Ref: r, Paper: paper("3-TTr", "2024-06-03"), Person: a(1)})
		h.do(procedure.Appraise{Ref: r, Paper: paper("4-PTĐ", "2024-06-03"), Yes: true})
		last := procedure.Decision{Ref: r, Paper: paper("5-QĐ", "2024-06-03"), Outcome: procedure.OutcomeDesignate, Person: a(1), From: day("2024-06-10"), Post: "post/chi-dinh"}
		wrong := last
		wrong.Outcome = procedure.OutcomeAppoint
		h.no(wrong, desk.Invalid, "không kết thúc bằng cách ấy")
		h.do(person.TakePost{ID: "post/khac", Person: a(2), Org: "org/tinh", Title: "deputy-secretary", From: day("2024-06-01")})
		h.no(last, desk.Refused, "đã đủ")
		excepted := last
		excepted.Exception = paper("9-QĐ", "2024-06-02")
		h.do(excepted)
		if s := h.get(r.ID); s.Phase != procedure.Ended || s.DecidedAt.Body.Other != "9-QĐ" {
			t.Errorf("after the designation: %s, %+v", s.Phase, s.DecidedAt)
		}
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			for on, want := range map[string]bool{"2024-06-09": false, "2024-06-10": true} {
				posts, err := person.Posts(t.Context(), tx, a(1), org.Now(day(on)))
				if err != nil {
					return err
				}
				held := false
				for _, p := range posts {
					held = held || p.ID == "post/chi-dinh"
				}
				if held != want {
					t.Errorf("on %s the post is held: %v", on, held)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, h.d)
	})
}
