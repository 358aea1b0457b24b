package person_test

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// A commune hands a cell over with its members: list, receipt, two signatures,
// a balance that closes, people in motion one by one.
func TestCollectiveHandover(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _ := memberDesk(t, db)
		on := vn.MustDate
		desktest.Do(t, d, "a", org.Found{ID: "org/moi", Title: "Đảng ủy xã mới", Kind: org.Grassroots, From: on("2025-07-01")})
		desktest.Do(t, d, "a", org.Found{ID: "org/moi/1", Title: "Chi bộ 1 mới", Kind: org.Cell, Parent: "org/moi", From: on("2025-07-01")})
		for _, m := range []string{"a", "b", "c"} {
			oldMember(t, d, m, "org/xa/1", "2000-05-19")
		}
		oldMember(t, d, "o", "org/xa/2", "2000-05-19")
		newPerson(t, d, "p") // on probation when the commune ends
		desktest.Do(t, d, "a", person.TakeStep{Person: "person/p", Org: "org/xa/1", Step: person.Transcribed, From: on("2025-02-01"), Admitted: on("2025-01-10"), Sworn: on("2025-02-01")})
		desktest.Do(t, d, "a", person.TakeStep{Person: "person/b", Org: "org/xa/1", Step: person.Exempt, From: on("2024-01-01")})
		open := person.OpenHandover{ID: "handover/1", From: "org/xa", To: "org/moi", On: on("2025-09-01"), Units: []string{"org/xa/1"}, Files: 4, Letters: 1, Seal: true,
			Decision: org.Decision{Number: "77-QĐ/TU"}}
		bad := open
		bad.Units = []string{"org/moi/1"}
		desktest.MustRefuse(t, d, "giao", bad, desk.Invalid)
		desktest.Do(t, d, "giao", open)
		get := func() (h person.Handover) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
				h, _, err = person.GetHandover(t.Context(), tx, "handover/1")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return h
		}
		h := get()
		if len(h.List.Official) != 3 || len(h.List.Probationary) != 1 || h.List.Opening != 0 || h.List.GiverHad != 5 || h.List.GiverKeeps != 1 {
			t.Errorf("list: %+v", h.List)
		}
		motions := map[string]string{}
		for _, m := range h.List.Motions {
			motions[m.Person] += m.What + " "
		}
		if motions["person/p"] != "probation " || motions["person/b"] != "exempt " {
			t.Errorf("in motion: %v", motions)
		}
		sign := func(side string) person.SignHandover {
			return person.SignHandover{ID: "handover/1", Org: side, Signer: "Người Ký"}
		}
		desktest.MustRefuse(t, d, "giao", sign("org/xa"), desk.Refused) // nothing was received yet
		got := person.AcceptHandover{ID: "handover/1", To: "org/moi", Official: 3, Probationary: 1, Files: 3, Seal: true, Closing: 4}
		desktest.MustRefuse(t, d, "nhan", got, desk.Invalid) // one file is missing and nobody says so
		got.Differences = "Thiếu một hồ sơ, đang tìm"
		desktest.Do(t, d, "nhan", got)
		desktest.MustRefuse(t, d, "giao", sign("org/xa"), desk.Refused)
		got.Files, got.Differences = 4, ""
		desktest.Do(t, d, "nhan", got)
		desktest.Do(t, d, "giao", sign("org/xa"))
		desktest.MustRefuse(t, d, "nhan", got, desk.Refused)
		desktest.MustRefuse(t, d, "giao", sign("org/moi"), desk.Refused) // the same person for both
		count := func(unit, day string) (n int64) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *store.Tx) error {
				c, err := person.Subtree(t.Context(), tx, unit, org.Now(on(day)))
				n = c.Total()
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if count("org/moi", "2025-09-01") != 0 {
			t.Error("nobody moves on one signature")
		}
		desktest.Do(t, d, "nhan", sign("org/moi"))
		if h := get(); !h.Closed() || count("org/moi", "2025-09-01") != h.List.Opening+h.List.In() || count("org/xa", "2025-09-01") != h.List.GiverKeeps {
			t.Errorf("the balance: %d and %d", count("org/moi", "2025-09-01"), count("org/xa", "2025-09-01"))
		}
		if count("org/xa", "2025-08-31") != 5 || count("org/moi", "2025-08-31") != 0 {
			t.Error("the day before stays as it was")
		}
		// The members of one cell go into another, each by a step of their own.
		desktest.Do(t, d, "giao", person.OpenHandover{ID: "handover/2", From: "org/xa/2", To: "org/moi/1", On: on("2025-10-01"), Files: 1})
		desktest.Do(t, d, "nhan", person.AcceptHandover{ID: "handover/2", To: "org/moi/1", Official: 1, Files: 1, Closing: 1})
		desktest.Do(t, d, "nhan", person.SignHandover{ID: "handover/2", Org: "org/moi/1", Signer: "B"})
		desktest.Do(t, d, "giao", person.SignHandover{ID: "handover/2", Org: "org/xa/2", Signer: "A"})
		if count("org/moi/1", "2025-10-01") != 1 || count("org/xa/2", "2025-10-01") != 0 {
			t.Error("the member followed")
		}
		desktest.CheckRebuild(t, d)
	})
}
