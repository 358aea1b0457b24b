package main

import (
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
)

// TestGoldenAudit: the golden ledger of a hand audit: papers drawn and drawn
// further, seen, taken back, and the audit ended with a note.
func TestGoldenAudit(t *testing.T) {
	desktest.Golden(t, "testdata/golden/audit", rooms(), recordAudit)
}

func recordAudit(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	box := h.box(ballotbox.TotalsTwice)
	h.do("canbo", ballotbox.Open{Box: box})
	count := func(what string, n int64) {
		h.do("canbo2", ballotbox.CountStock{Box: box.ID, Case: box.Case, What: what, Number: n})
	}
	count("printed", 3)
	count("issued", 3)
	count("spoiled", 0)
	count("unused", 0)
	h.do("lanhdao", ballotbox.CheckBox{Box: box.ID, Case: box.Case, Empty: true, Seal: "NP-01"})
	h.do("lanhdao", ballotbox.Unseal{Box: box.ID, Case: box.Case, Intact: true})
	count("collected", 3)
	h.do("lanhdao", ballotbox.MakePiles{Box: box.ID, Case: box.Case})
	for i, u := range []string{"canbo2", "kiemtra"} {
		h.do(u, ballotbox.KeyTotals{Box: box.ID, Case: box.Case, Station: i + 1, Attempt: 1,
			Totals: ballotbox.Totals{Valid: 3, Votes: map[string]int64{"c1": 3, "c2": 3, "c3": 0}, ByChosen: map[string]int64{"2": 3}}})
	}
	h.do("lanhdao", ballotbox.Close{Box: box.ID, Case: box.Case})
	h.do("lanhdao", ballotbox.Report{Box: box.ID, Case: box.Case})
	draw := ballotbox.DrawAudit{Box: box.ID, Case: box.Case, Dice: "4 2 6 6 1 3 5 2 1 4", Limit: 50, Papers: 2}
	h.do("lanhdao", draw)
	draw.Dice, draw.Papers = "", 3
	h.do("lanhdao", draw)
	for no := range int64(3) {
		see := ballotbox.SeeAudited{Box: box.ID, Case: box.Case, No: no + 1, Keys: "1"}
		h.do("canbo2", see)
		see.Undo, see.Keys = true, ""
		h.do("kiemtra", see)
		see.Undo, see.Keys = false, "2"
		h.do("kiemtra", see)
	}
	h.do("lanhdao", ballotbox.EndAudit{Box: box.ID, Case: box.Case, Note: "Kiểm lại toàn bộ cho kết quả khác (mẫu)"})
	desktest.CheckRebuild(t, h.d)
	return h.d
}
