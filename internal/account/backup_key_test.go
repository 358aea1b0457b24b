package account

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The key that backups are made to changes by two persons of different rights,
// who both have the paper with the key: not by one with two accounts, not by
// two administrators, and not while a proposal is open.
func TestBackupKeyByTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		// As a release before one account a person could leave them.
		account := func(id, role, person string) string {
			desktest.Do(t, h.Desk, h.admin, oldOpen{OpenStaff{ID: "account/" + id, Login: id, Display: id, Person: person}})
			desktest.Do(t, h.Desk, h.admin, oldGrant{GrantRole{Account: "account/" + id, Role: role, From: h.today()}})
			return "account/" + id
		}
		admin, twin, head := account("quantri2", "administrator", "person/x"), account("kiemtra1", "auditor", "person/x"), account("lanhdao1", "head", "")
		key := func() string {
			_, public, err := desk.NewBackupKey()
			if err != nil {
				t.Fatal(err)
			}
			return public
		}
		one, two := key(), key()
		state := func() (now, open *BackupKey) {
			t.Helper()
			if err := h.Read(t.Context(), func(tx *store.Tx) (err error) { now, open, err = BackupKeys(t.Context(), tx); return err }); err != nil {
				t.Fatal(err)
			}
			return now, open
		}
		desktest.MustRefuse(t, h.Desk, head, ProposeBackupKey{Key: one}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, admin, ProposeBackupKey{Key: "AGE-SECRET-KEY-1"}, desk.Invalid)
		at := desktest.Do(t, h.Desk, admin, ProposeBackupKey{Key: one}).Entries[0].Index
		if now, open := state(); now != nil || open == nil || open.Key != one {
			t.Fatalf("after the proposal: %+v %+v", now, open)
		}
		desktest.MustRefuse(t, h.Desk, h.admin, ProposeBackupKey{Key: two}, desk.Refused) // one waits
		tail := one[len(one)-8:]
		for actor, a := range map[string]ConfirmBackupKey{h.admin: {Proposed: at, Tail: tail}, twin: {Proposed: at, Tail: tail, Checker: true}} {
			desktest.MustRefuse(t, h.Desk, actor, a, desk.Refused)
		}
		desktest.MustRefuse(t, h.Desk, admin, ConfirmBackupKey{Proposed: at, Tail: tail, Checker: true}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, head, ConfirmBackupKey{Proposed: at, Tail: two[len(two)-8:], Checker: true}, desk.Invalid)
		desktest.MustRefuse(t, h.Desk, head, ConfirmBackupKey{Proposed: at + 1, Tail: tail, Checker: true}, desk.NotFound)
		desktest.Do(t, h.Desk, head, ConfirmBackupKey{Proposed: at, Tail: tail, Checker: true})
		if now, open := state(); now == nil || now.Key != one || now.By != admin || now.Second != head || open != nil {
			t.Fatalf("after the confirmation: %+v %+v", now, open)
		}
		desktest.MustRefuse(t, h.Desk, admin, ProposeBackupKey{Key: one}, desk.Invalid) // in force already
		// The head makes the next one; dropped, then proposed again.
		at = desktest.Do(t, h.Desk, head, ProposeBackupKey{Key: two, Checker: true}).Entries[0].Index
		desktest.Do(t, h.Desk, head, RefuseBackupKey{Proposed: at, Checker: true})
		desktest.MustRefuse(t, h.Desk, h.admin, ConfirmBackupKey{Proposed: at, Tail: two[len(two)-8:]}, desk.NotFound)
		at = desktest.Do(t, h.Desk, head, ProposeBackupKey{Key: two, Checker: true}).Entries[0].Index
		desktest.Do(t, h.Desk, h.admin, ConfirmBackupKey{Proposed: at, Tail: two[len(two)-8:]})
		if now, _ := state(); now == nil || now.Key != two {
			t.Fatalf("after the second key: %+v", now)
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}
