package desk_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// source makes a record with notes, an erased block, a file, a credential and
// a session.
func source(t *testing.T, db *store.DB) (desk.Config, *desk.Desk, string) {
	t.Helper()
	ctx := t.Context()
	cfg := toyConfig(t, db)
	d := openDesk(t, cfg)
	t.Cleanup(func() { d.Close() })
	fill(t, d, 1100)
	desktest.Do(t, d, "acc/lan", desk.EraseBlockAct{Index: 7, Block: "words", Decision: "12-QĐ/TU, 1/3/2026"})
	var hash string
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if hash, err = store.PutBlob(ctx, tx, []byte{0, 1, 2, 255}); err != nil {
			return err
		}
		for _, q := range []string{
			`CREATE TABLE op_toy_secret (id TEXT NOT NULL, n BIGINT, hash ` + map[store.Dialect]string{store.SQLite: "BLOB", store.Postgres: "BYTEA"}[db.Dialect()] + `)`,
			`CREATE TABLE op_toy_session (id TEXT NOT NULL)`,
			`INSERT INTO op_toy_session (id) VALUES ('bí mật')`,
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return tx.Insert(ctx, "op_toy_secret", []string{"id", "n", "hash"}, [][]any{{"a", int64(1) << 60, []byte{9, 8}}, {"b", nil, nil}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, d, hash
}

func target(t *testing.T, db *store.DB) desk.Config {
	t.Helper()
	exec0(t, db, `CREATE TABLE op_toy_secret (id TEXT NOT NULL, n BIGINT, hash `+map[store.Dialect]string{store.SQLite: "BLOB", store.Postgres: "BYTEA"}[db.Dialect()]+`)`)
	return toyConfig(t, db)
}

func exec0(t *testing.T, db *store.DB, sql string) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), sql)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What one kind of database wrote, the other reads.
func TestBackupRestoresIntoEitherDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg, d, blob := source(t, db)
		var plain bytes.Buffer
		if err := desk.Backup(t.Context(), cfg, &plain, ""); err != nil { // as another process does
			t.Fatal(err)
		}
		if bytes.Contains(unzip(t, plain.Bytes()), []byte("bí mật")) {
			t.Error("a session is in the backup")
		}
		storetest.Each(t, func(t *testing.T, db2 *store.DB) {
			cfg2 := target(t, db2)
			res, err := desk.Restore(t.Context(), bytes.NewReader(plain.Bytes()), "", cfg2)
			if err != nil {
				t.Fatal(err)
			}
			if res.From.Size != 2201 || res.Entry != 2201 || res.OldKey != d.VerifierKey() || res.NewKey == res.OldKey {
				t.Fatalf("%+v", res)
			}
			d2 := openDesk(t, cfg2)
			defer d2.Close()
			if h := settled(t, d2); h.Stopped != nil || len(h.Warnings) > 0 || h.Tables != "agree" {
				t.Fatalf("%+v", h)
			}
			if d2.VerifierKey() != res.NewKey {
				t.Error("the desk goes on under another key")
			}
			err = d2.Read(t.Context(), func(tx *store.Tx) error {
				e, err := desk.GetRecord(t.Context(), tx, res.Entry)
				if err != nil || e.Kind != desk.KindRestored || !strings.Contains(string(e.Body), res.From.PaperCode()) {
					return fmt.Errorf("%+v %w", e, err)
				}
				if b, err := store.GetBlob(t.Context(), tx, blob); err != nil || len(b) != 4 {
					return fmt.Errorf("blob %v %w", b, err)
				}
				var n int64
				var hash []byte
				if err := tx.QueryRow(t.Context(), `SELECT n, hash FROM op_toy_secret WHERE id = 'a'`).Scan(&n, &hash); err != nil || n != 1<<60 || string(hash) != "\x09\x08" {
					return fmt.Errorf("op_ row: %d %x %w", n, hash, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			desktest.Do(t, d2, "acc/lan", desktest.Add{ID: "new", By: 1})
			desktest.CheckRebuild(t, d2)

			// Never over something.
			if _, err := desk.Restore(t.Context(), bytes.NewReader(plain.Bytes()), "", cfg2); err == nil {
				t.Error("restored over a log key")
			}
			dir := t.TempDir()
			cfg2.KeyFile, cfg2.CheckpointFile = filepath.Join(dir, "k"), filepath.Join(dir, "c")
			if _, err := desk.Restore(t.Context(), bytes.NewReader(plain.Bytes()), "", cfg2); err == nil || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("restored over a database: %v", err)
			}
			if _, err := os.Stat(cfg2.KeyFile); err == nil {
				t.Error("a refused restore leaves a key")
			}
		})
	})
}

// An encrypted backup says nothing, and opens with its passphrase only.
func TestEncryptedBackup(t *testing.T) {
	d := openDesk(t, toyConfig(t, storetest.SQLite(t)))
	defer d.Close()
	fill(t, d, 3)
	var b bytes.Buffer
	if err := d.Backup(t.Context(), &b, "mật khẩu dài"); err != nil {
		t.Fatal(err)
	}
	cfg := toyConfig(t, storetest.SQLite(t))
	for _, pass := range []string{"", "sai"} {
		if _, err := desk.Restore(t.Context(), bytes.NewReader(b.Bytes()), pass, cfg); err == nil {
			t.Fatalf("opened with %q", pass)
		}
	}
	cut := bytes.NewReader(b.Bytes()[:b.Len()-20])
	if _, err := desk.Restore(t.Context(), cut, "mật khẩu dài", cfg); err == nil {
		t.Fatal("a cut backup was restored")
	}
	if _, err := desk.Restore(t.Context(), bytes.NewReader(b.Bytes()), "mật khẩu dài", cfg); err != nil {
		t.Fatal(err)
	}
}

// A form sent to the old machine and again to the restored one is one act.
func TestRepeatAfterRestore(t *testing.T) {
	db := storetest.SQLite(t)
	cfg := toyConfig(t, db)
	d := openDesk(t, cfg)
	f := desk.Form{ID: desk.NewID(), Seen: -1, Actor: "acc/lan", Act: desktest.Add{ID: "a", By: 1}}
	if _, err := d.Do(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := d.Backup(t.Context(), &b, ""); err != nil {
		t.Fatal(err)
	}
	d.Close()
	cfg2 := toyConfig(t, storetest.SQLite(t))
	if _, err := desk.Restore(t.Context(), &b, "", cfg2); err != nil {
		t.Fatal(err)
	}
	d2 := openDesk(t, cfg2)
	defer d2.Close()
	if r, err := d2.Do(t.Context(), f); err != nil || !r.Repeated {
		t.Fatal(r, err)
	}
}

func TestBackupRefusesAChangedLedger(t *testing.T) {
	for _, sql := range []string{
		`UPDATE ledger_entry SET data = (SELECT data FROM ledger_entry WHERE idx = 8) WHERE idx = 7`,
		`DELETE FROM ledger_entry WHERE idx > 15`,
		`UPDATE ledger_block SET content = '"khác"' WHERE idx = 3`,
	} {
		db := storetest.SQLite(t)
		cfg := toyConfig(t, db)
		d := openDesk(t, cfg)
		fill(t, d, 10)
		d.Close()
		execSQL(t, db, sql)
		if err := desk.Backup(t.Context(), cfg, io.Discard, ""); err == nil {
			t.Errorf("%s: backed up", sql)
		}
	}
}

// A backup that somebody worked on leaves nothing behind.
func TestChangedBackupIsRefused(t *testing.T) {
	cfg := toyConfig(t, storetest.SQLite(t))
	d := openDesk(t, cfg)
	for i := range 10 {
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: fmt.Sprint("n", i), By: int64(i), Words: "riêng " + fmt.Sprint(i)})
	}
	var b bytes.Buffer
	if err := d.Backup(t.Context(), &b, ""); err != nil {
		t.Fatal(err)
	}
	d.Close()
	lines := strings.SplitAfter(string(unzip(t, b.Bytes())), "\n")
	lines = lines[:len(lines)-1]
	at := func(part string) int {
		for i, l := range lines {
			if strings.Contains(l, part) {
				return i
			}
		}
		t.Fatal(part)
		return 0
	}
	edit := func(i int, old, new string) func([]string) []string {
		return func(ls []string) []string {
			if !strings.Contains(ls[i], old) {
				t.Fatalf("%s in %s", old, ls[i])
			}
			ls[i] = strings.Replace(ls[i], old, new, 1)
			return ls
		}
	}
	drop := func(i, n int) func([]string) []string {
		return func(ls []string) []string { return append(ls[:i:i], ls[i+n:]...) }
	}
	db := storetest.SQLite(t)
	target := toyConfig(t, db)
	for name, change := range map[string]func([]string) []string{
		"a number":        edit(at(`"by":5`), `"by":5`, `"by":6`),
		"an entry gone":   drop(at(`"by":5`), 1),
		"a block gone":    drop(at(`riêng 5`), 1),
		"a block changed": edit(at(`riêng 5`), `riêng 5`, `riêng 6`),
		"last gone":       drop(at(`"by":9`), 3),
		"end gone":        drop(at(`{"end"`), 1),
		"not a table":     edit(at(`op_act`), `op_act`, `op_act; DROP TABLE toy_note`),
		"the ledger":      edit(at(`op_act`), `op_act`, `ledger_entry`),
		"unknown table":   edit(at(`op_act`), `op_act`, `op_nothing`),
		"unknown column":  edit(at(`op_act`), `"digest"`, `"digest) VALUES (1)--"`),
		"other version":   edit(0, `"minhbach-backup":1`, `"minhbach-backup":2`),
		"other size":      edit(0, `"size":20`, `"size":19`),
		"other key":       edit(0, d.VerifierKey(), `minhbach/x+00000000+AA`),
		"a line too many": func(ls []string) []string {
			return append(ls[:1:1], append([]string{`{"row":[1]}` + "\n"}, ls[1:]...)...)
		},
		"an empty line":    func(ls []string) []string { return append(ls[:1:1], append([]string{"{}\n"}, ls[1:]...)...) },
		"no line":          func([]string) []string { return nil },
		"a row more":       edit(at(`{"end"`), `"rows":10`, `"rows":11`),
		"a checkpoint new": edit(at(`{"end"`), `minhbach/`, `minhbach/x`),
	} {
		t.Run(name, func(t *testing.T) {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			for _, l := range change(append([]string(nil), lines...)) {
				io.WriteString(w, l)
			}
			w.Close()
			if _, err := desk.Restore(t.Context(), &z, "", target); err == nil {
				t.Fatal("restored")
			}
			if _, err := os.Stat(target.KeyFile); err == nil {
				t.Error("a key is left")
			}
			err := db.Read(t.Context(), func(tx *store.Tx) error {
				var n int
				if err := tx.QueryRow(t.Context(), `SELECT (SELECT COUNT(*) FROM ledger_entry) + (SELECT COUNT(*) FROM toy_account) + (SELECT COUNT(*) FROM op_act)`).Scan(&n); err != nil || n > 0 {
					return fmt.Errorf("%d rows are left: %w", n, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := desk.Restore(t.Context(), bytes.NewReader(b.Bytes()), "", target); err != nil {
		t.Fatalf("unchanged: %v", err)
	}
}

func unzip(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
