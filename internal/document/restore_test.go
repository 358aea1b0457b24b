package document_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The server is lost and restored from its backup under a new key. The minutes
// signed before remain a witness: their code anchors the bundles of the
// restored ledger, and finds one that was made up instead.
func TestPaperOutlivesARestore(t *testing.T) {
	ctx := context.Background()
	old := storetest.SQLite(t)
	d := prepare(t, old, sample())
	rc, err := document.MakeMinutes(ctx, d, old, form(), contest, setting)
	if err != nil {
		t.Fatal(err)
	}
	var paper string
	if err := d.Read(ctx, func(tx *store.Tx) error {
		m, err := election.GetMinutes(ctx, tx, rc.Entries[0].Index)
		if err == nil {
			paper = m.Point.Code
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var backup bytes.Buffer
	if err := d.Backup(ctx, &backup, ""); err != nil {
		t.Fatal(err)
	}
	db := storetest.SQLite(t)
	cfg := desktest.Config(t, db, ballotbox.Room(), election.Room(), document.Room())
	if _, err := desk.Restore(ctx, &backup, "", cfg); err != nil {
		t.Fatal(err)
	}
	after := desktest.Open(t, cfg)
	if after.VerifierKey() == d.VerifierKey() {
		t.Fatal("the restored log goes on under the old key")
	}
	fixed := sample()
	fixed.Record.Votes["c5"]--
	desktest.Do(t, after, "officer", election.CorrectContest{Event: "qh15", Contest: fixed, Reason: "nhập nhầm"})
	dir := t.TempDir()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"contest": func(b *bytes.Buffer) error { return document.BundleOf(ctx, after, b, contest, false) },
		"ledger":  func(b *bytes.Buffer) error { return document.BundleOfLedger(ctx, after, b, true) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".zip")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			args []string
			code int
			says string
		}{
			{[]string{path, "--paper", paper}, 0, "\nverified"},
			{[]string{path, "--key", after.VerifierKey()}, 0, "\nverified"},
			{[]string{path, "--key", d.VerifierKey()}, 1, "not with the key"},
		} {
			var out strings.Builder
			if got := bundle.Main(c.args, nil, &out, &out); got != c.code || !strings.Contains(out.String(), c.says) {
				t.Errorf("%s %v: exit %d\n%s", name, c.args, got, out.String())
			}
			if name == "ledger" && !strings.Contains(out.String(), fmt.Sprintf("restored from a backup of %d entries", rc.Entries[0].Index+1)) {
				t.Errorf("the restore is not told:\n%s", out.String())
			}
		}
	}
	// Another history, made up under the same name, does not fit the paper.
	forged := sample()
	forged.Record.Votes["c4"], forged.Record.Votes["c3"] = forged.Record.Votes["c3"], forged.Record.Votes["c4"]
	other := prepare(t, storetest.SQLite(t), forged)
	for range 5 {
		fixed.Record.Votes["c5"]--
		desktest.Do(t, other, "officer", election.CorrectContest{Event: "qh15", Contest: fixed, Reason: "cho đủ số mục"})
	}
	var b, out bytes.Buffer
	if err := document.BundleOfLedger(ctx, other, &b, false); err != nil {
		t.Fatal(err)
	}
	if got := bundle.Main([]string{"-", "--paper", paper}, &b, &out, &out); got != 1 || !strings.Contains(out.String(), "the code does not match") {
		t.Errorf("exit %d\n%s", got, out.String())
	}
}
