package main

import (
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenRole: the golden ledger of roles that wait for a second person:
// confirmed, refused, dropped, still waiting; and an account bound to a person.
func TestGoldenRole(t *testing.T) {
	desktest.Golden(t, "testdata/golden/role", rooms(), recordRoles)
}

func recordRoles(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	const id = "account/khong-ten"
	from := vn.MustDate("2026-03-01")
	h.do("quantri.mau", account.OpenStaff{ID: id, Login: "khong.ten", Display: "Tài khoản chưa gắn (mẫu)"})
	for i, role := range []string{"auditor", "secret-keeper", "regulation-keeper", "head"} {
		entry, _ := h.do("quantri.mau", account.GrantRole{Account: id, Role: role, From: from, To: from.AddDays(400)})
		switch i {
		case 0:
			h.do("lanhdao", account.ConfirmRole{Account: id, Proposed: entry})
		case 1:
			h.do("kiemtra", account.RefuseRole{Account: id, Proposed: entry, Checker: true})
		case 2:
			h.do("quantri.mau", account.RefuseRole{Account: id, Proposed: entry})
		}
	}
	h.do("lanhdao", account.BindPerson{Account: id, Person: "person/khong-ten"})
	desktest.CheckRebuild(t, h.d)
	return h.d
}
