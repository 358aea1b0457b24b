package account

import (
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The head of the read log goes into the ledger by the program alone, and only
// forward.
func TestNoteReadLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		notes := func() (last ReadLogNote, known bool, all []ReadLogNote) {
			t.Helper()
			err := h.Read(t.Context(), func(tx *store.Tx) (err error) {
				if last, known, err = LastReadLogNote(t.Context(), tx); err != nil {
					return err
				}
				all, err = ReadLogNotes(t.Context(), tx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return last, known, all
		}
		if _, known, all := notes(); known || len(all) > 0 {
			t.Fatal("a note before the first")
		}
		a, b := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
		desktest.MustRefuse(t, h.Desk, h.admin, NoteReadLog{Size: 3, Head: a}, desk.Denied)
		first := desktest.Do(t, h.Desk, "", NoteReadLog{Size: 3, Head: a})
		if got := string(first.Entries[0].Body); got != `{"size":3,"head":"`+a+`"}` || first.Entries[0].Kind != "account.read-log-noted/1" {
			t.Fatal(first.Entries[0].Kind, got)
		}
		for _, size := range []int64{3, 2} {
			desktest.MustRefuse(t, h.Desk, "", NoteReadLog{Size: size, Head: b}, desk.Refused)
		}
		for _, bad := range []NoteReadLog{{Size: 0, Head: b}, {Size: 4}, {Size: 4, Head: strings.ToUpper(b)}, {Size: 4, Head: b + "00"}} {
			desktest.MustRefuse(t, h.Desk, "", bad, desk.Invalid)
		}
		second := desktest.Do(t, h.Desk, "", NoteReadLog{Size: 4, Head: b})
		last, known, all := notes()
		want := ReadLogNote{Entry: second.Entries[0].Index, Size: 4, Head: b}
		if !known || last != want || len(all) != 2 || all[1] != want || all[0] != (ReadLogNote{Entry: first.Entries[0].Index, Size: 3, Head: a}) {
			t.Fatalf("%+v %v", last, all)
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}
