package person_test

import (
	"testing"
	"time"

	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// A file that nobody confirmed is forgotten a day after, a list held against
// the record a week after, whether or not another is handed in.
func TestStagedFilesAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		memberDesk(t, db)
		now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
		file, err := person.StageUpload(t.Context(), db, "a", "org/xa", "danh-sach.csv", []byte("Họ và tên\nNguyễn Văn An\n"), now)
		if err != nil {
			t.Fatal(err)
		}
		list, err := person.StageMatch(t.Context(), db, person.MatchFile{Actor: "a", Root: "org/xa", On: day("2026-03-01"), Name: "ngoai.csv", Content: []byte("x")}, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			after      time.Duration
			file, list bool
		}{{23 * time.Hour, true, true}, {25 * time.Hour, false, true}, {6 * 24 * time.Hour, false, true}, {8 * 24 * time.Hour, false, false}} {
			if err := db.Write(t.Context(), func(tx *store.Tx) error { return person.SweepStaged(t.Context(), tx, now.Add(c.after)) }); err != nil {
				t.Fatal(err)
			}
			if err := db.Read(t.Context(), func(tx *store.Tx) error {
				_, noFile := person.GetUpload(t.Context(), tx, file, "a")
				_, noList := person.GetMatchFile(t.Context(), tx, list, "a")
				if (noFile == nil) != c.file || (noList == nil) != c.list {
					t.Errorf("after %s: %v, %v", c.after, noFile, noList)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		var left int
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT (SELECT COUNT(*) FROM op_person_upload) + (SELECT COUNT(*) FROM op_person_match)`).Scan(&left)
		}); err != nil || left != 0 {
			t.Error(left, err)
		}
	})
}
