package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// A province's own regulation comes between a count and its correction. The
// correction keeps the editions of the count, or says that it adopts the new
// ones under their transition clause; taking them silently is found.
func TestCorrectionKeepsItsEditions(t *testing.T) {
	for name, silent := range map[string]bool{"adopted under its clause": false, "taken silently": true} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.silent = silent
			b.add(kindEvent, "a1", "account/can-bo", []string{"event/qh15"}, map[string]any{"event": "qh15", "kind": "qh", "date": "2021-05-23"}, nil)
			first := b.record("a2", fmt.Sprintf(other, 1300), -1)
			yaml := fmt.Sprintf(override, 3)
			sum := sha256.Sum256([]byte(yaml))
			b.add(kindEdition, "a3", "account/quy-dinh", []string{"regulation/12-qd-tu.2021-03-01"},
				map[string]any{"file": "12-QD-TU.yaml", "digest": hex.EncodeToString(sum[:]), "yaml": yaml, "document": "12-QĐ/TU", "date": "2021-03-01", "edition": "1"}, nil)
			corrected := b.record("a4", fmt.Sprintf(other, 1200), first)
			report := verify(t, pack(t, b.source(Ledger, false)), b.vkey)
			if !silent {
				if report.ExitCode() != 0 {
					t.Errorf("%s", report.Last())
				}
				return
			}
			if report.ExitCode() != 1 || !strings.Contains(report.Last(), fmt.Sprintf("entry %d", corrected+1)) {
				t.Errorf("exit %d: %s", report.ExitCode(), report.Last())
			}
		})
	}
}
