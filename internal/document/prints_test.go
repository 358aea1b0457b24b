package document_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
)

// Slide, sealing slip and kit stand in the record by the hash of their file;
// the same print again is no new entry; what is erased is gone.
func TestPrintsByHash(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		d := prepare(t, db, sample())
		rc, err := document.MakeMinutes(ctx, d, db, form(), contest, setting)
		if err != nil {
			t.Fatal(err)
		}
		minutes := rc.Entries[0].Index
		var m *document.Model
		if err := d.Read(ctx, func(tx *store.Tx) error {
			x, err := election.GetMinutes(ctx, tx, minutes)
			if err == nil {
				m, err = document.Parse(x.Model)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		slide, err := m.Slide()
		if err != nil {
			t.Fatal(err)
		}
		entry, _, err := document.MakePrint(ctx, d, db, form(), "qh15", "", document.PrintSlide, minutes, "Trang chiếu", slide)
		if err != nil {
			t.Fatal(err)
		}
		if again, rc, err := document.MakePrint(ctx, d, db, form(), "qh15", "", document.PrintSlide, minutes, "Trang chiếu", slide); err != nil || again != entry || len(rc.Entries) != 0 {
			t.Errorf("printed again: entry %d, %+v, %v", again, rc, err)
		}
		if _, _, err := document.MakePrint(ctx, d, db, form(), "qh15", "", document.PrintKit, -1, "Bộ dự phòng", []byte("%PDF-1.3 kit")); err != nil {
			t.Fatal(err)
		}
		for name, a := range map[string]document.RecordPrint{
			"no such minutes":      {Event: "qh15", Print: document.PrintSlip, Minutes: entry, File: m.Code},
			"a kit of minutes":     {Event: "qh15", Print: document.PrintKit, Minutes: minutes},
			"a slide of none":      {Event: "qh15", Print: document.PrintSlide, Minutes: -1},
			"a file never kept":    {Event: "qh15", Print: document.PrintSlide, Minutes: minutes, File: "00"},
			"an unknown kind":      {Event: "qh15", Print: "khac", Minutes: minutes},
			"an event of no house": {Event: "khac", Print: document.PrintKit, Minutes: -1},
		} {
			if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: a}); err == nil {
				t.Errorf("%s is recorded", name)
			}
		}
		check := func(erased bool) {
			t.Helper()
			if err := d.Read(ctx, func(tx *store.Tx) error {
				ps, err := document.Prints(ctx, tx, "qh15")
				if err != nil {
					return err
				}
				if len(ps) != 2 || ps[1].Entry != entry || ps[1].Minutes != minutes || ps[0].Minutes != -1 {
					t.Errorf("prints: %+v", ps)
				}
				p, raw, err := document.PrintFile(ctx, tx, "qh15", entry)
				if erased {
					if err == nil {
						t.Error("an erased print is handed out")
					}
					return nil
				}
				if err == nil && (!bytes.Equal(raw, slide) || p.Title != "Trang chiếu") {
					t.Errorf("another file: %+v", p)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		check(false)
		desktest.CheckRebuild(t, d)
		desktest.Do(t, d, "officer", desk.EraseBlockAct{Index: entry, Block: "words", Decision: "01-QĐ/BTC"})
		check(true)
		desktest.CheckRebuild(t, d)
	})
}

// Scans of signed papers lie encrypted in the vault and stand in the record by
// their hash; what is no picture, what was not put, and the same twice are
// refused.
func TestScansOfSignedPapers(t *testing.T) {
	t.Run("the scan alone", func(t *testing.T) {
		scanErased(t, func(_, scan int64) desk.EraseBlockAct {
			return desk.EraseBlockAct{Index: scan, Block: "words", Decision: "01-QĐ/BTC"}
		}, 0)
	})
	t.Run("with its minutes", func(t *testing.T) {
		scanErased(t, func(minutes, _ int64) desk.EraseBlockAct {
			return desk.EraseBlockAct{Index: minutes, Block: election.BlockMinutes, Decision: "01-QĐ/BTC"}
		}, 1)
	})
}

// scanErased attaches a scan to minutes and erases what is said, with so many
// blocks that go with it: name and file of the scan are gone, and a ledger
// rebuilt after the erasure is the one erased after it was built.
func scanErased(t *testing.T, what func(minutes, scan int64) desk.EraseBlockAct, with int) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		d := prepare(t, db, sample())
		rc, err := document.MakeMinutes(ctx, d, db, form(), contest, setting)
		if err != nil {
			t.Fatal(err)
		}
		minutes := rc.Entries[0].Index
		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		var scan bytes.Buffer
		if err := png.Encode(&scan, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
			t.Fatal(err)
		}
		owner := document.PapersSubject("qh15")
		put := func(content []byte) (f vault.File) {
			t.Helper()
			if err := db.Write(ctx, func(tx *store.Tx) (err error) {
				f, err = v.Put(ctx, tx, owner, content, form().Now)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return f
		}
		f := put(scan.Bytes())
		attach := document.AttachScan{Event: "qh15", Entry: minutes, File: f.Hash, Title: "bien-ban.png"}
		no := attach
		no.File = "00"
		if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: no}); err == nil {
			t.Error("a file that is not kept is attached")
		}
		no = attach
		no.Entry = 0
		if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: no}); err == nil {
			t.Error("a scan of no paper is attached")
		}
		entry := desktest.Do(t, d, "officer", attach).Entries[0].Index
		desktest.MustRefuse(t, d, "officer", attach, desk.Refused)
		if err := d.Read(ctx, func(tx *store.Tx) error {
			ss, err := document.Scans(ctx, tx, "qh15", minutes)
			if err != nil {
				return err
			}
			if len(ss) != 1 || ss[0].Entry != entry || ss[0].File != f.Hash || !ss[0].Kept || ss[0].Name != "bien-ban.png" {
				t.Errorf("scans: %+v", ss)
			}
			got, info, err := v.Get(ctx, tx, owner, f.Hash)
			if err == nil && (!bytes.Equal(got, scan.Bytes()) || !info.Claimed) {
				t.Errorf("the scan is not the one that was put, or not claimed: %+v", info)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
		if erased := desktest.Do(t, d, "officer", what(minutes, entry)); len(erased.Entries) != 1+with {
			t.Errorf("%d entries of the erasure", len(erased.Entries))
		}
		if err := d.Read(ctx, func(tx *store.Tx) error {
			if _, err := vault.Info(ctx, tx, owner, f.Hash); !errors.Is(err, vault.ErrNone) {
				t.Errorf("the scan outlives its erasure: %v", err)
			}
			ss, err := document.Scans(ctx, tx, "qh15", minutes)
			if err == nil && (len(ss) != 1 || ss[0].Kept || ss[0].Name != "") {
				t.Errorf("erased: %+v", ss)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}
