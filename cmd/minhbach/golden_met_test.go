package main

import (
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenHolderMet: the golden ledger of the word that the person in whose name
// an account is was asked, and holds it.
func TestGoldenHolderMet(t *testing.T) {
	desktest.Golden(t, "testdata/golden/holder-met", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const id = "account/co-ten"
		h.do("quantri.mau", account.OpenStaff{ID: id, Login: "co.ten", Display: "Người có tên (mẫu)", Person: "person/co-ten"})
		h.do("quantri.mau", account.GrantRole{Account: id, Role: "officer", From: vn.MustDate("2026-03-01")})
		h.do("lanhdao", account.MeetHolder{Account: id})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
