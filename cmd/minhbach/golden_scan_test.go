package main

import (
	"bytes"
	"image/png"
	"math/rand/v2"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// TestGoldenScan: the golden ledger of paper ballots read by the program: the
// ballot released, a pile scanned, a sheet settled and taken back, the pictures
// destroyed.
func TestGoldenScan(t *testing.T) {
	desktest.Golden(t, "testdata/golden/scan", rooms(), recordScan)
}

// TestGoldenSheetsListed: the same since a scanned pile is handed in with the list
// of the sheets that people settled.
func TestGoldenSheetsListed(t *testing.T) {
	desktest.Golden(t, "testdata/golden/sheets-listed", rooms(), recordScan)
}

func recordScan(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	const of = goldenCase
	box := h.box(ballotbox.Ballots)
	h.do("canbo", ballotbox.Open{Box: box})
	var row *ballotbox.Row
	var lib *rule.Library
	if err := h.d.Read(t.Context(), func(tx *store.Tx) (err error) {
		if lib, err = h.d.Rules(t.Context(), tx); err != nil {
			return err
		}
		row, err = ballotbox.Get(t.Context(), tx, box.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	o := paper.Options{Paper: "A5", Title: "Bầu chi ủy (mẫu)"}
	act, _, err := ballotbox.TryBallot(lib, row, o)
	if err != nil {
		t.Fatal(err)
	}
	h.do("lanhdao", act)
	for _, s := range []struct {
		what string
		n    int64
	}{{"printed", 3}, {"issued", 3}, {"spoiled", 0}, {"unused", 0}} {
		h.do("canbo2", ballotbox.CountStock{Box: box.ID, Case: of, What: s.what, Number: s.n})
	}
	h.do("lanhdao", ballotbox.CheckBox{Box: box.ID, Case: of, Empty: true, Seal: "NP-01"})
	h.do("lanhdao", ballotbox.Unseal{Box: box.ID, Case: of, Intact: true})
	h.do("canbo2", ballotbox.CountStock{Box: box.ID, Case: of, What: "collected", Number: 3})
	h.do("lanhdao", ballotbox.MakePiles{Box: box.ID, Case: of})
	l, err := row.Design(o)
	if err != nil {
		t.Fatal(err)
	}
	v, err := ballotbox.NewVault()
	if err != nil {
		t.Fatal(err)
	}
	m := papertest.NewMaker(l, 150)
	var files []ballotbox.Upload
	for i, kinds := range [][]string{{"none", "none", "line"}, {"line", "none", "none"}, {"none", "none", "partial"}} {
		s := m.Sheet(papertest.Measure, uint64(i), func(_ *rand.Rand, _ *paper.Layout, k int) string { return kinds[k] }, papertest.Perfect)
		var b bytes.Buffer
		if err := png.Encode(&b, s.Sides[0]); err != nil {
			t.Fatal(err)
		}
		files = append(files, ballotbox.Upload{Name: "quet.png", Data: bytes.NewReader(b.Bytes()), Size: int64(b.Len())})
	}
	seat := ballotbox.ScanSeat{Box: box.ID, Case: of, Pile: 1, Actor: h.users["canbo2"]}
	got, err := v.Stage(t.Context(), db, seat, files)
	if err != nil || got.Sheets != 3 {
		t.Fatalf("%+v %v", got, err)
	}
	var q *ballotbox.Queue
	if err := h.d.Read(t.Context(), func(tx *store.Tx) (err error) {
		_, _, _, q, err = v.Queue(t.Context(), tx, seat)
		return err
	}); err != nil || len(q.Sheets) != 1 {
		t.Fatalf("%+v %v", q, err)
	}
	settle := ballotbox.SettleSheet{Box: box.ID, Case: of, Pile: 1, Picture: q.Sheets[0].ID, Keys: "?"}
	h.do("canbo2", settle)
	settle.Undo = true
	h.do("canbo2", settle)
	settle.Undo, settle.Keys = false, "3"
	h.do("kiemtra", settle)
	h.do("canbo2", v.HandIn(box.ID, of, 1, 3, false))
	h.readPile(db, box, 1, "3", "1", "3")
	h.do("lanhdao", ballotbox.Close{Box: box.ID, Case: of})
	h.do("lanhdao", ballotbox.Report{Box: box.ID, Case: of})
	h.do("canbo", ballotbox.DestroyPictures{Box: box.ID, Decision: "Biên bản tiêu hủy phiếu số 01 (mẫu)"})
	desktest.CheckRebuild(t, h.d)
	return h.d
}
