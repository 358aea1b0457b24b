package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenReport: the golden ledger of closed figures: a set closed, and closed
// anew with a reason.
func TestGoldenReport(t *testing.T) {
	desktest.Golden(t, "testdata/golden/report", rooms(), recordReport)
}

func recordReport(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	on := vn.MustDate("2026-02-28")
	h.do("canbo", org.Found{ID: "org/dang-bo-mau", Title: "Đảng bộ mẫu", Kind: org.Grassroots, From: vn.MustDate("2010-01-01")})
	shut := report.Close{ID: "report/mau-1", Unit: "org/dang-bo-mau", On: on, Signing: report.Signing{Title: "Báo cáo (mẫu)", Number: "01-BC (mẫu)", Date: vn.MustDate("2026-03-01"), Signer: "Trần Văn Mẫu", Role: "Trưởng Ban (mẫu)"}}
	if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
		lib, err := rule.Builtin()
		if err != nil {
			return err
		}
		s, err := report.Reckon(t.Context(), tx, lib, shut.Unit, on)
		if err == nil {
			shut.Digest = s.Digest()
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.do("canbo", shut)
	shut.ID, shut.Replaces, shut.Signing.Reason = "report/mau-2", "report/mau-1", "Ghi nhầm số văn bản (mẫu)"
	h.do("canbo", shut)
	desktest.CheckRebuild(t, h.d)
	return h.d
}
