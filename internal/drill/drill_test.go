package drill_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/drill"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// office is a house with one file of one person, one scan in it, and its keys
// in a folder.
type office struct {
	d    *desk.Desk
	dir  string
	hash string
}

const who = "person/an"

var scan = []byte("%PDF-1.4\n% lý lịch\ntrailer<<>>\nstartxref\n0\n%%EOF\n")

func config(t *testing.T, db *store.DB, dir string) desk.Config {
	cfg := desktest.Config(t, db, org.Room(), person.Room(), dossier.Room())
	cfg.Rules = desktest.NoRules{}
	cfg.KeyFile, cfg.CheckpointFile = filepath.Join(dir, "log.key"), filepath.Join(dir, "checkpoint")
	cfg.Keep = []string{filepath.Join(dir, "vault.key"), filepath.Join(dir, "login.key")}
	return cfg
}

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	o.d = desktest.Open(t, config(t, db, o.dir))
	v, err := vault.Open(filepath.Join(o.dir, "vault.key"))
	if err != nil {
		t.Fatal(err)
	}
	day := vn.MustDate
	desktest.Do(t, o.d, "a", org.Found{ID: "org/xa", Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, From: day("2000-01-01")})
	desktest.Do(t, o.d, "a", person.Record{ID: who, Home: "org/xa", Sample: true, From: day("2010-01-01"), Identity: person.Identity{Name: "Nguyễn Thị An"}})
	desktest.Do(t, o.d, "a", dossier.Open{Person: who, Home: "org/xa", Class: dossier.Internal, Custodian: "org/xa", From: day("2010-02-01")})
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		f, err := v.Put(t.Context(), tx, who, scan, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		o.hash = f.Hash
		return err
	}); err != nil {
		t.Fatal(err)
	}
	desktest.Do(t, o.d, "a", dossier.Put{Person: who, Home: "org/xa", Items: []dossier.Item{{State: dossier.Kept, Paper: dossier.Paper{Kind: 2, Scans: []dossier.Scan{{Hash: o.hash}}}}}})
	return o
}

func backup(t *testing.T, d *desk.Desk, key string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.Backup(t.Context(), &out, key); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func nothing(context.Context, *store.DB) error { return nil }

// The whole drill: backed up to a key whose secret half the machine does not
// have, restored into either database, verified, rebuilt, a scan opened.
func TestDrill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		secret, public, err := desk.NewBackupKey()
		if err != nil || !desk.ValidBackupKey(public) || desk.ValidBackupKey(secret) {
			t.Fatal(err)
		}
		raw := backup(t, o.d, public)
		if bytes.Contains(raw, scan[:20]) || bytes.Contains(raw, []byte("Nguyễn")) {
			t.Error("the backup is not encrypted")
		}
		used := ""
		rep, err := drill.Run(t.Context(), bytes.NewReader(raw), secret, func(dir string) desk.Config { used = dir; return o.d.Elsewhere(dir) }, nothing)
		if err != nil || rep.Entries != o.d.Head()+1 || rep.Scans != 1 || rep.Opened != 1 {
			t.Fatalf("%+v, %v", rep, err)
		}
		if _, err := os.Stat(used); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("left behind: %s", used)
		}
		storetest.Each(t, func(t *testing.T, db2 *store.DB) {
			dir := t.TempDir()
			cfg := config(t, db2, dir)
			if _, err := desk.Restore(t.Context(), bytes.NewReader(raw), secret, cfg); err != nil {
				t.Fatal(err)
			}
			d2 := desktest.Open(t, cfg)
			desktest.CheckRebuild(t, d2)
			if fs, err := desk.VerifyLedger(t.Context(), db2, d2.Head()+1); err != nil || len(fs) > 0 {
				t.Errorf("%v %v", fs, err)
			}
			v, err := vault.Open(filepath.Join(dir, "vault.key"))
			if err != nil {
				t.Fatal(err)
			}
			if err := d2.Read(t.Context(), func(tx *store.Tx) error {
				got, f, err := v.Get(t.Context(), tx, who, o.hash)
				if !bytes.Equal(got, scan) || !f.Claimed {
					t.Errorf("the scan came back as %d bytes, %+v", len(got), f)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			desktest.Do(t, d2, "a", dossier.SetFile{Person: who, Home: "org/xa", Class: dossier.Secret})
		})
	})
}

var vietnamese = regexp.MustCompile(`[ăâđêôơưạảấầẩậắằẵặẹẻếềểễệịỏọốồổỗộớờởợụủứừửữựỳ]`)

// Whatever is wrong with a backup or its key: a plain refusal in Vietnamese and
// nothing half restored.
func TestNothingHalfRestored(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	secret, public, _ := desk.NewBackupKey()
	otherSecret, _, _ := desk.NewBackupKey()
	raw := backup(t, o.d, public)
	changed := func(at int) []byte {
		b := bytes.Clone(raw)
		b[at] ^= 1
		return b
	}
	type attempt struct {
		raw []byte
		key string
	}
	cases := map[string]attempt{
		"no key":            {raw, ""},
		"another key":       {raw, otherSecret},
		"the public key":    {raw, public},
		"a cut key":         {raw, secret[:40]},
		"a passphrase":      {raw, "mật khẩu"},
		"cut in the middle": {raw[:len(raw)/2], secret},
		"cut at the end":    {raw[:len(raw)-1], secret},
		"empty":             {nil, secret},
		"not a backup":      {[]byte("danh sách cán bộ"), secret},
		"more at the end":   {append(bytes.Clone(raw), 'x'), secret},
		"the first byte":    {changed(3), secret},
		"the last byte":     {changed(len(raw) - 1), secret},
	}
	for i := 1; i < 8; i++ {
		cases["byte "+string(rune('0'+i))+"/8"] = attempt{changed(len(raw) * i / 8), secret}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dir := t.TempDir()
		cfg := config(t, db, dir)
		for name, c := range cases {
			_, err := desk.Restore(t.Context(), bytes.NewReader(c.raw), c.key, cfg)
			if err == nil || !vietnamese.MatchString(err.Error()) {
				t.Errorf("%s: %v", name, err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
				t.Fatalf("%s left %v", name, left)
			}
			if err := db.Read(t.Context(), func(tx *store.Tx) error {
				for _, table := range []string{"ledger_entry", "op_vault", "dossier_doc", "person_person"} {
					var n int64
					if err := tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil || n != 0 {
						t.Fatalf("%s left %d rows in %s, %v", name, n, table, err)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		// The same empty place takes the whole backup afterwards.
		if _, err := desk.Restore(t.Context(), bytes.NewReader(raw), secret, cfg); err != nil {
			t.Fatal(err)
		}
	})
}

// A key file that is there already is never overwritten by a restore.
func TestKeysAreNotOverwritten(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	secret, public, _ := desk.NewBackupKey()
	raw := backup(t, o.d, public)
	dir := t.TempDir()
	other := filepath.Join(dir, "vault.key")
	if err := os.WriteFile(other, []byte("khóa khác\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Restore(t.Context(), bytes.NewReader(raw), secret, config(t, storetest.SQLite(t), dir)); err == nil {
		t.Error("restored over another key")
	}
	if text, _ := os.ReadFile(other); string(text) != "khóa khác\n" {
		t.Error("the key was overwritten")
	}
	if _, err := os.Stat(filepath.Join(dir, "log.key")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a log key was left")
	}
}

// A backup without encryption holds no key: the drill says that scans do not
// open. The book keeps what was done.
func TestPlainBackupHoldsNoKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		raw := backup(t, o.d, "")
		_, err := drill.Run(t.Context(), bytes.NewReader(raw), "", o.d.Elsewhere, nothing)
		if err == nil || !vietnamese.MatchString(err.Error()) {
			t.Errorf("without its key: %v", err)
		}
		at := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
		for i, l := range []drill.Line{{What: "backup", OK: true, File: "a.age", Size: 5}, {What: "drill", OK: true, Report: &drill.Report{Entries: 4}}, {What: "drill", Wrong: "hỏng"}} {
			l.At = at.Add(time.Duration(i) * time.Hour)
			if err := drill.Write(t.Context(), db, l); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			b, err := drill.Book(t.Context(), tx, "drill", 5)
			if err == nil && (len(b) != 2 || b[0].Wrong != "hỏng" || b[1].Report.Entries != 4) {
				t.Errorf("%+v", b)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
