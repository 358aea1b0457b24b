package document_test

import (
	"errors"
	"slices"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// Counting minutes are recorded as signed like every other paper; and when they
// are lawfully erased the slide, the sealing slip and the record of who signed
// go with them, by the same decision, in one act.
func TestMinutesSignedAndErasedWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		d := prepare(t, db, sample())
		rc, err := document.MakeMinutes(ctx, d, db, form(), contest, setting)
		if err != nil {
			t.Fatal(err)
		}
		minutes := rc.Entries[0].Index
		day := vn.DateOf(rc.Entries[0].At)
		sign := document.SignPaper{Event: "qh15", Entry: minutes, Day: day, Who: []string{"Nguyễn Văn Một", "Trần Thị Hai"}, Where: "Tủ 3"}
		early := sign
		early.Day = day.AddDays(-3)
		desktest.MustRefuse(t, d, "officer", early, desk.Invalid)
		none := sign
		none.Entry = 0
		desktest.MustRefuse(t, d, "officer", none, desk.NotFound)
		desktest.Do(t, d, "officer", sign)
		desktest.MustRefuse(t, d, "officer", sign, desk.Invalid) // again: the reason
		sign.Reason, sign.Where = "Ghi sai nơi lưu", "Tủ 4"
		desktest.Do(t, d, "officer", sign)

		var prints []int64
		for _, k := range []document.PrintKind{document.PrintSlide, document.PrintSlip} {
			e, _, err := document.MakePrint(ctx, d, db, form(), "qh15", "", k, minutes, "Bản in có tên người", []byte("%PDF-1.4 "+k))
			if err != nil {
				t.Fatal(err)
			}
			prints = append(prints, e)
		}
		kit, _, err := document.MakePrint(ctx, d, db, form(), "qh15", "", document.PrintKit, -1, "Bộ dự phòng", []byte("%PDF-1.4 kit"))
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
		erased := desktest.Do(t, d, "officer", desk.EraseBlockAct{Index: minutes, Block: election.BlockMinutes, Decision: "01-QĐ/BTC"})
		if len(erased.Entries) != 1+len(prints)+2 {
			t.Errorf("%d entries of the erasure", len(erased.Entries))
		}
		if err := d.Read(ctx, func(tx *store.Tx) error {
			for _, e := range prints {
				if _, _, err := document.PrintFile(ctx, tx, "qh15", e); !errors.As(err, new(*desk.Error)) {
					t.Errorf("the print of entry %d is still there: %v", e, err)
				}
			}
			if _, raw, err := document.PrintFile(ctx, tx, "qh15", kit); err != nil || len(raw) == 0 {
				t.Errorf("the kit went with the minutes: %v", err)
			}
			ss, err := document.Signings(ctx, tx, "qh15", minutes)
			if err != nil || len(ss) != 2 || ss[1].N != 2 || slices.ContainsFunc(ss, func(s document.Signing) bool { return len(s.Who) > 0 || s.Where != "" }) {
				t.Errorf("signings after the erasure: %+v %v", ss, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.MustRefuse(t, d, "officer", sign, desk.NotFound)
		desktest.CheckRebuild(t, d)
	})
}
