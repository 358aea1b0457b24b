package account

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// An account in somebody's name is asked about until a second person has: not who
// opened it, not its holder; and again once it was taken anew by a new link.
func TestHolderIsAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/ai", Login: "ai.do", Display: "Ai đó", Person: "person/ai"})
		unmet := func() (found *Unmet) {
			t.Helper()
			if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
				all, err := NotMet(t.Context(), tx, h.today())
				for i, x := range all {
					if x.Account.ID == "account/ai" {
						found = &all[i]
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return found
		}
		if unmet() != nil {
			t.Error("an account without a role is asked about")
		}
		if held, _ := h.role(t, h.admin, "account/ai", "auditor"); len(held) != 1 {
			t.Fatalf("held %v", held)
		}
		if x := unmet(); x == nil || !x.Taken.IsZero() || x.Before {
			t.Fatalf("not taken yet: %+v", x)
		}
		take := func() {
			t.Helper()
			link, err := h.s.Invite(t.Context(), h.admin, "account/ai")
			if err != nil {
				t.Fatal(err)
			}
			h.enrol(t, link)
		}
		take()
		if x := unmet(); x == nil || x.Taken.IsZero() {
			t.Fatalf("taken, nobody asked: %+v", x)
		}
		desktest.MustRefuse(t, h.Desk, h.admin, MeetHolder{Account: "account/ai"}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, "account/ai", MeetHolder{Account: "account/ai"}, desk.Refused)
		desktest.MustRefuse(t, h.Desk, headOf, MeetHolder{Account: "account/khong"}, desk.NotFound)
		desktest.MustRefuse(t, h.Desk, headOf, MeetHolder{Account: headOf}, desk.Refused) // names nobody
		h.clock.Add(3600 * 1e9)
		desktest.Do(t, h.Desk, headOf, MeetHolder{Account: "account/ai"})
		if x := unmet(); x != nil {
			t.Fatalf("asked: %+v", x)
		}
		h.clock.Add(3600 * 1e9)
		take()
		if x := unmet(); x == nil || !x.Before {
			t.Fatalf("taken anew: %+v", x)
		}
		desktest.Do(t, h.Desk, headOf, MeetHolder{Account: "account/ai"})
		if x := unmet(); x != nil {
			t.Fatalf("asked again: %+v", x)
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}
