package account

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// rolesHeld and waiting are what an account holds today, and what waits.
func (h *house) rolesHeld(t *testing.T, account string) (held []string, waiting []int64) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		gs, err := GrantsOn(t.Context(), tx, account, h.today())
		if err != nil {
			return err
		}
		for _, g := range gs {
			held = append(held, g.Role)
		}
		ps, err := Proposals(t.Context(), tx, account)
		for _, p := range ps {
			waiting = append(waiting, p.Entry)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return held, waiting
}

func (h *house) role(t *testing.T, actor, account, role string) (held []string, waiting []int64) {
	t.Helper()
	desktest.Do(t, h.Desk, actor, GrantRole{Account: account, Role: role, From: h.today()})
	return h.rolesHeld(t, account)
}

// An account bound to no person holds no role before a second person has said
// so: its administrator could be its holder.
func TestRoleOfAnAccountWithoutAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/ai", Login: "ai.do", Display: "Ai đó"})
		for _, r := range []string{"officer", "head", "auditor", "administrator", "regulation-keeper", "secret-keeper"} {
			if held, waiting := h.role(t, h.admin, "account/ai", r); len(held) != 0 || len(waiting) == 0 {
				t.Fatalf("%s: held %v, waiting %v", r, held, waiting)
			}
		}
		_, waiting := h.rolesHeld(t, "account/ai")
		if no := desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/ai", Role: "officer", From: h.today()}, desk.Refused); !strings.Contains(no.Says.VI, "đang chờ người thứ hai") {
			t.Errorf("%+v", no)
		}
		officer := waiting[0]
		desktest.MustRefuse(t, h.Desk, h.admin, ConfirmRole{Account: "account/ai", Proposed: officer}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, "account/thuky", ConfirmRole{Account: "account/ai", Proposed: officer}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, headOf, ConfirmRole{Account: "account/thuky", Proposed: officer}, desk.NotFound)
		h.clock.Add(50 * 3600 * 1e9) // it holds from the day it is confirmed
		desktest.Do(t, h.Desk, headOf, ConfirmRole{Account: "account/ai", Proposed: officer})
		if held, _ := h.rolesHeld(t, "account/ai"); !slices.Equal(held, []string{"officer"}) {
			t.Errorf("held %v", held)
		}
		desktest.MustRefuse(t, h.Desk, headOf, ConfirmRole{Account: "account/ai", Proposed: officer}, desk.NotFound)
		desktest.MustRefuse(t, h.Desk, headOf, ConfirmRole{Account: "account/ai", Proposed: waiting[3]}, desk.Refused) // administrator beside officer
		desktest.Do(t, h.Desk, headOf, RefuseRole{Account: "account/ai", Proposed: waiting[1], Checker: true})
		desktest.Do(t, h.Desk, h.admin, RefuseRole{Account: "account/ai", Proposed: waiting[2]})
		if _, left := h.rolesHeld(t, "account/ai"); len(left) != 3 {
			t.Errorf("waiting %v", left)
		}
		desktest.Do(t, h.Desk, h.admin, Close{Account: "account/ai"})
		desktest.MustRefuse(t, h.Desk, headOf, ConfirmRole{Account: "account/ai", Proposed: waiting[4]}, desk.NotFound)
		desktest.CheckRebuild(t, h.Desk)
	})
}

// Whoever confirms is a third hand: not the holder, not another account of the
// proposer or the holder.
func TestSecondPersonIsAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		for id, person := range map[string]string{"kiem": "person/quantri", "ai": ""} {
			desktest.Do(t, h.Desk, h.admin, oldOpen{OpenStaff{ID: "account/" + id, Login: id + ".x", Display: id, Person: person}})
		}
		desktest.Do(t, h.Desk, h.admin, oldGrant{GrantRole{Account: "account/kiem", Role: "auditor", From: h.today()}})
		_, waiting := h.role(t, h.admin, "account/ai", "auditor")
		desktest.MustRefuse(t, h.Desk, "account/kiem", ConfirmRole{Account: "account/ai", Proposed: waiting[0]}, desk.Refused) // the administrator's own
		desktest.Do(t, h.Desk, headOf, ConfirmRole{Account: "account/ai", Proposed: waiting[0]})
		_, waiting = h.role(t, h.admin, "account/ai", "regulation-keeper")
		desktest.MustRefuse(t, h.Desk, "account/ai", ConfirmRole{Account: "account/ai", Proposed: waiting[0]}, desk.Refused)
		desktest.CheckRebuild(t, h.Desk)
	})
}

// A new house: the first administrator is bound to nobody. He gives the first
// head alone, everything after it waits for that head, until the head has said
// whose account the administrator's is; closing the head opens no way back.
func TestFirstRolesOfAHouse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		link, err := h.s.FirstLink(t.Context(), h.Desk)
		if err != nil {
			t.Fatal(err)
		}
		inv, _ := h.s.Invited(t.Context(), link)
		h.admin = inv.Account
		staff := func(id, person string) {
			desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/" + id, Login: id + ".y", Display: id, Person: person})
		}
		staff("can", "person/can")
		staff("dau", "")
		if held, waiting := h.role(t, h.admin, "account/can", "officer"); len(held) != 0 || len(waiting) != 1 {
			t.Fatalf("an administrator bound to nobody gave %v, waiting %v", held, waiting)
		}
		if held, _ := h.role(t, h.admin, "account/dau", "head"); !slices.Equal(held, []string{"head"}) {
			t.Fatalf("the first head holds %v", held)
		}
		_, waiting := h.rolesHeld(t, "account/can")
		desktest.Do(t, h.Desk, "account/dau", ConfirmRole{Account: "account/can", Proposed: waiting[0]})
		desktest.MustRefuse(t, h.Desk, "account/dau", BindPerson{Account: h.admin}, desk.Invalid)
		desktest.MustRefuse(t, h.Desk, "account/dau", BindPerson{Account: "account/dau", Person: "person/dau"}, desk.Refused)
		desktest.MustRefuse(t, h.Desk, "account/dau", BindPerson{Account: "account/can", Person: "person/x"}, desk.Refused)
		if no := desktest.MustRefuse(t, h.Desk, "account/dau", BindPerson{Account: h.admin, Person: "person/can"}, desk.Invalid); no.Field != "person" {
			t.Errorf("%+v", no)
		}
		desktest.MustRefuse(t, h.Desk, h.admin, BindPerson{Account: h.admin, Person: "person/q"}, desk.Denied)
		desktest.Do(t, h.Desk, "account/dau", BindPerson{Account: h.admin, Person: "person/q"})
		staff("hai", "person/hai")
		if held, _ := h.role(t, h.admin, "account/hai", "officer"); len(held) != 1 {
			t.Error("between two named persons a role waits for nobody")
		}
		desktest.Do(t, h.Desk, h.admin, Close{Account: "account/dau"})
		staff("ma", "")
		if held, waiting := h.role(t, h.admin, "account/ma", "head"); len(held) != 0 || len(waiting) != 1 {
			t.Errorf("after the head was closed a nameless account holds %v", held)
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}

// A new house without its first head: its administrator and whom he gives roles
// are bound to nobody.
func namelessHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := open(t, db)
	link, err := h.s.FirstLink(t.Context(), h.Desk)
	if err != nil {
		t.Fatal(err)
	}
	inv, _ := h.s.Invited(t.Context(), link)
	h.admin = inv.Account
	for _, id := range []string{"dau", "sau"} {
		desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/" + id, Login: id + ".z", Display: id})
	}
	return h
}

// A role that checks the ledger over one organisation, given by an older
// release, cannot confirm anything: the first over the whole province is still
// given by the administrator alone.
func TestFirstCheckerOfTheProvinceBesideOneOfAUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := namelessHouse(t, db)
		desktest.Do(t, h.Desk, h.admin, oldGrant{GrantRole{Account: "account/sau", Role: "auditor", Org: "org/xa", From: h.today()}})
		if held, _ := h.role(t, h.admin, "account/dau", "head"); !slices.Equal(held, []string{"head"}) {
			t.Errorf("the first head holds %v", held)
		}
	})
}

// Without anybody who confirms roles, nameless administrators could give none
// ever again: the last one stays until another is there.
func TestLastWhoConfirmsRolesStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := namelessHouse(t, db)
		h.role(t, h.admin, "account/dau", "head")
		var grant string
		if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
			gs, err := Grants(t.Context(), tx, "account/dau")
			if err == nil {
				grant = gs[0].ID
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		end := EndRole{Account: "account/dau", Grant: grant, On: h.today().AddDays(30)}
		for _, a := range []desk.Act{Close{Account: "account/dau"}, end} {
			if no := desktest.MustRefuse(t, h.Desk, h.admin, a, desk.Refused); !strings.Contains(no.Says.VI, "xác nhận vai trò") {
				t.Errorf("%T: %s", a, no.Says.VI)
			}
		}
		// A successor from before that day on is enough.
		desktest.Do(t, h.Desk, h.admin, GrantRole{Account: "account/sau", Role: "auditor", From: h.today().AddDays(20)})
		_, waiting := h.rolesHeld(t, "account/sau")
		desktest.Do(t, h.Desk, "account/dau", ConfirmRole{Account: "account/sau", Proposed: waiting[0]})
		desktest.MustRefuse(t, h.Desk, h.admin, Close{Account: "account/dau"}, desk.Refused)
		desktest.Do(t, h.Desk, h.admin, end)
		// So is an administrator who is known by name.
		desktest.Do(t, h.Desk, "account/dau", BindPerson{Account: h.admin, Person: "person/q"})
		desktest.Do(t, h.Desk, h.admin, Close{Account: "account/dau"})
		desktest.CheckRebuild(t, h.Desk)
	})
}
