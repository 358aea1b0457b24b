package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenDays: the golden ledger of days of rest, recorded and told anew.
func TestGoldenDays(t *testing.T) {
	desktest.Golden(t, "testdata/golden/days", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		period := rule.Days{From: vn.MustDate("2026-11-24"), To: vn.MustDate("2027-03-31"), Number: "1/TB (mẫu)", Date: vn.MustDate("2026-11-10"), Issuer: "Cơ quan (mẫu)",
			Days: []rule.Day{{On: vn.MustDate("2026-11-24"), Name: "Ngày nghỉ (mẫu)"}, {On: vn.MustDate("2027-02-20"), Work: true, Name: "Làm bù (mẫu)"}}}
		h.do("quydinh1", regulation.RecordDays{Days: period})
		period.To, period.Days, period.Number = vn.MustDate("2026-12-31"), period.Days[:0], "2/TB (mẫu)"
		h.do("quydinh1", regulation.RecordDays{Days: period})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
