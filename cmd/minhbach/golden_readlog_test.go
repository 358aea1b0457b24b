package main

import (
	"strings"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
)

// TestGoldenReadLog: the golden ledger of what came after the first one, the
// heads of the read log.
func TestGoldenReadLog(t *testing.T) {
	desktest.Golden(t, "testdata/golden/2", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		for i, digit := range []string{"3", "c"} {
			h.clock.Add(time.Hour)
			desktest.Do(t, h.d, "", account.NoteReadLog{Size: int64(40 * (i + 1)), Head: strings.Repeat(digit, 64)})
		}
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
