package main

import (
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
)

// TestGoldenBackupKey: the golden ledger of the key that backups are made to,
// proposed, refused and confirmed by a second person.
func TestGoldenBackupKey(t *testing.T) {
	desktest.Golden(t, "testdata/golden/backup-key", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
		at, _ := h.do("quantri.mau", account.ProposeBackupKey{Key: key})
		h.do("lanhdao", account.RefuseBackupKey{Proposed: at, Checker: true})
		at, _ = h.do("lanhdao", account.ProposeBackupKey{Key: key, Checker: true})
		h.do("quantri.mau", account.ConfirmBackupKey{Proposed: at, Tail: key[len(key)-8:]})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
