package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenAim: the golden ledger of own aims: set, replaced, corrected, ended,
// withdrawn, and a signer erased.
func TestGoldenAim(t *testing.T) {
	desktest.Golden(t, "testdata/golden/aim", rooms(), recordAims)
}

func recordAims(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	h.do("canbo", org.Found{ID: "org/dang-bo-mau", Title: "Đảng bộ mẫu", Kind: org.Grassroots, From: vn.MustDate("2010-01-01")})
	paper := org.Decision{Number: "15-NQ/TU (mẫu)", Date: vn.MustDate("2025-03-01"), By: "Ban Chấp hành (mẫu)", Basis: "Kế hoạch (mẫu)", Signer: "Trần Văn Mẫu"}
	a := report.Aim{ID: "aim/mau-1", Unit: "org/dang-bo-mau", Reach: report.ReachBoth, Kind: org.Grassroots, Organ: "committee", Measure: report.Young, Under: 42, Num: 1, Den: 10, From: vn.MustDate("2025-04-01")}
	first, _ := h.do("canbo", report.SetAim{Aim: a, Decision: paper})
	next := a
	next.ID, next.Num, next.From = "aim/mau-2", 2, vn.MustDate("2026-01-01")
	h.do("canbo", report.SetAim{Aim: next, Decision: paper, Replaces: a.ID})
	a.Den, a.To = 20, vn.MustDate("2026-01-01")
	h.do("canbo", report.CorrectAim{Aim: a, Decision: paper, Reason: "Văn bản ghi 5 % (mẫu)"})
	h.do("canbo", report.EndAim{ID: next.ID, Unit: next.Unit, On: vn.MustDate("2026-07-01"), Decision: paper})
	women := report.Aim{ID: "aim/mau-3", Unit: a.Unit, Reach: report.ReachOwn, Organ: "standing", Measure: report.Women, Num: 1, From: vn.MustDate("2025-04-01")}
	h.do("canbo", report.SetAim{Aim: women, Decision: paper})
	h.do("canbo", report.WithdrawAim{ID: women.ID, Unit: women.Unit, Reason: "Ghi nhầm (mẫu)"})
	h.do("lanhdao", desk.EraseBlockAct{Index: first, Block: report.BlockSigner, Decision: "47-QĐ/TU (mẫu), 1/3/2026"})
	desktest.CheckRebuild(t, h.d)
	return h.d
}
