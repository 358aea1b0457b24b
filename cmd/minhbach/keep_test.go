package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// byHand runs a statement on a database as somebody would who has its file.
func byHand(t testing.TB, dsn, sql string) {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int64
	if err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.Exec(t.Context(), sql)
		return err
	}); err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", sql, n, err)
	}
}

// TestHandEditsAreToldInPlainWords: whoever edits the database by hand is
// found by rebuild --check; the server writes nothing more, says why, and
// still shows what is there; no backup is made of it.
func TestHandEditsAreToldInPlainWords(t *testing.T) {
	t.Parallel()
	succeed(t, with(inFolder(sampleFolder(t)), "rebuild", "--check")...)
	fail(t, 2, "there is no database here", with(inFolder(t.TempDir()), "rebuild", "--check")...)
	for _, e := range []struct{ name, sql, says, backup string }{
		{"a figure in the ledger", `UPDATE ledger_entry SET data = CAST(REPLACE(CAST(data AS TEXT), '153669', '153670') AS BLOB) WHERE CAST(data AS TEXT) LIKE '%153669%'`,
			"do not match its leaf hash", "was changed in the database"},
		{"a figure in a table", `UPDATE election_line SET votes = votes + 1 WHERE contest = 'qh15/dak-nong/1' AND candidate = 'c1'`, "election_line", ""},
		{"the last entry", `DELETE FROM ledger_entry WHERE idx = (SELECT MAX(idx) FROM ledger_entry)`, "cut off", "cut off"},
		{"the last entry with all that points to it", `
			DELETE FROM ledger_block WHERE idx = (SELECT MAX(idx) FROM ledger_entry);
			DELETE FROM ledger_ref WHERE idx = (SELECT MAX(idx) FROM ledger_entry);
			DELETE FROM ledger_index WHERE idx = (SELECT MAX(idx) FROM ledger_entry);
			DELETE FROM election_announcement WHERE entry = (SELECT MAX(idx) FROM ledger_entry);
			DELETE FROM ledger_entry WHERE idx = (SELECT MAX(idx) FROM ledger_entry)`, "cut off", "cut off"},
	} {
		t.Run(e.name, func(t *testing.T) {
			dir := sampleFolder(t)
			flags := inFolder(dir)
			byHand(t, flags[3], e.sql)
			fail(t, 1, e.says, with(flags, "rebuild", "--check")...)
			if e.backup != "" {
				file := filepath.Join(t.TempDir(), "backup")
				fail(t, 1, e.backup, with(flags, "backup", file)...)
				if _, err := os.Stat(file); err == nil {
					t.Error("a backup of a damaged record lies there")
				}
			}
			s := serve(t, with(flags, "--demo")...)
			u := s.as("canbo")
			values, page := trial("thon", 3)
			form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
			for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				if strings.Contains(s.said.String(), "writing is stopped") {
					break
				}
				if time.Now().After(end) {
					t.Fatalf("the server finds nothing:\n%s", s.said)
				}
			}
			if _, status, text := u.post(form, form, values); status != http.StatusServiceUnavailable || !strings.Contains(text, "Đã dừng ghi") {
				t.Errorf("an act is answered with %d, without the reason:\n%s", status, text)
			}
			u.sees("/", "Đã dừng ghi")
			u.sees("/nhat-ky", "Đã dừng ghi", "Có sai lệch")
			u.sees("/bau-cu/su-kien/qh15", "184")
			u.sees("/bau-cu/cuoc/qh15/dak-nong/1", "Nguyễn Trường Giang")
			if _, status, _ := u.get(page); status != http.StatusNotFound {
				t.Errorf("the refused act is on record: %d", status)
			}
			s.stop()
		})
	}
}

// TestBackupWhileActsGoOn: a backup of a server at work holds every act
// acknowledged before it began; it restores into another file and into
// PostgreSQL; whatever is wrong with it is refused and leaves nothing.
func TestBackupWhileActsGoOn(t *testing.T) {
	t.Parallel()
	dir := sampleFolder(t)
	flags := inFolder(dir)
	s := serve(t, with(flags, "--demo")...)
	var mu sync.Mutex
	var pages []string
	ctx, enough := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for side := range 2 {
		u := s.as("canbo")
		wg.Go(func() {
			for n := 1; ctx.Err() == nil; n++ {
				values, page := trial(fmt.Sprintf("ban-%d", side), n)
				form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
				if at, status, text := u.post(form, form, values); at != page || status != 200 {
					t.Errorf("recorded: %d at %s\n%s", status, at, text)
					return
				}
				mu.Lock()
				pages = append(pages, page)
				mu.Unlock()
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	acknowledged := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), pages...)
	}
	for len(acknowledged()) < 3 {
		time.Sleep(10 * time.Millisecond)
	}
	at := t.TempDir()
	plain, sealed, pass, other := filepath.Join(at, "plain"), filepath.Join(at, "sealed"), filepath.Join(at, "pass"), filepath.Join(at, "other")
	write(t, pass, []byte("một câu chỉ hai người biết\n"))
	write(t, other, []byte("một câu khác\n"))
	before := acknowledged()
	succeed(t, with(flags, "backup", plain)...)
	succeed(t, with(flags, "backup", sealed, "--passphrase-file", pass)...)
	after := acknowledged()
	succeed(t, with(flags, "rebuild", "--check")...) // acts that go on are no difference
	enough()
	wg.Wait()
	if len(after) == len(before) {
		t.Error("no act went on while the backups were made")
	}
	fail(t, 2, "not overwritten", with(flags, "backup", plain)...)
	s.stop()

	if st, err := os.Stat(plain); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("others on the machine may read the backup: %v, %v", st.Mode(), err)
	}
	good, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	into := t.TempDir()
	target := inFolder(into)
	bad := filepath.Join(at, "bad")
	closed, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	// The last bytes are the checksum: what stands in tables outside the ledger
	// has no other witness.
	third, last := len(good)/3, len(good)-1
	for _, content := range [][]byte{nil, good[:third], good[:last], changed(good, third), changed(good, last-8)} {
		write(t, bad, content)
		fail(t, 1, "restore", with(target, "restore", bad)...)
	}
	write(t, bad, append(bytes.Clone(good), "more"...))
	fail(t, 1, "restore", with(target, "restore", bad)...)
	write(t, bad, closed[:len(closed)-1])
	fail(t, 1, "restore", with(target, "restore", bad, "--passphrase-file", pass)...)
	fail(t, 1, "encrypted", with(target, "restore", sealed)...)
	fail(t, 1, "does not open", with(target, "restore", sealed, "--passphrase-file", other)...)
	fail(t, 2, "cannot open", with(target, "restore", filepath.Join(at, "nowhere"))...)
	if _, err := os.Stat(filepath.Join(into, "log.key")); err == nil {
		t.Error("a refused backup left a key")
	}

	restored := succeed(t, with(target, "restore", sealed, "--passphrase-file", pass)...)
	fail(t, 1, "not overwritten", with(target, "restore", plain)...)
	fail(t, 1, "restore", with([]string{"--data", t.TempDir(), "--db", target[3]}, "restore", plain)...)
	for name, flags := range map[string][]string{"sqlite": target, "postgres": {"--data", t.TempDir(), "--db", storetest.PostgresDSN(t)}} {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" {
				succeed(t, with(flags, "restore", plain)...)
			}
			succeed(t, with(flags, "rebuild", "--check")...)
			r := serve(t, with(flags, "--demo")...)
			if r.key == s.key {
				t.Error("two machines sign as one log")
			}
			if name == "sqlite" && !strings.HasSuffix(restored, "\n"+r.key+"\n") {
				t.Errorf("the restore does not tell the new key:\n%s", restored)
			}
			u := r.as("canbo")
			for _, page := range before {
				u.sees(page, "Người Thử A")
			}
			values, page := trial("sau-phuc-hoi", 1)
			form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
			if at, status, text := u.post(form, form, values); at != page || status != 200 {
				t.Errorf("recorded after the restore: %d at %s\n%s", status, at, text)
			}
			for path, scope := range map[string]string{"/bau-cu/goi/qh15/dak-nong/1": "contest", "/nhat-ky/goi": "ledger"} {
				file := filepath.Join(t.TempDir(), scope+".zip")
				write(t, file, []byte(u.sees(path)))
				if out := succeed(t, "verify", file, "--key", r.key); !strings.Contains(out, "\nverified") {
					t.Errorf("%s:\n%s", scope, out)
				}
				fail(t, 1, "not verified", "verify", file, "--key", s.key)
			}
			r.stop()
			succeed(t, with(flags, "rebuild", "--check")...)
		})
	}
}

// changed is a copy with one bit of one byte turned.
func changed(content []byte, at int) []byte {
	c := bytes.Clone(content)
	c[at] ^= 1
	return c
}

// TestOldBackupsRestore: a backup that an earlier release made (its lines stand
// in the golden ledgers) restores, and the tables agree with it.
func TestOldBackupsRestore(t *testing.T) {
	t.Parallel()
	old, err := filepath.Glob("testdata/golden/*/ledger.jsonl")
	if err != nil || len(old) == 0 {
		t.Fatalf("no golden ledger: %v", err)
	}
	for _, path := range old {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "backup")
		write(t, file, b.Bytes())
		flags := inFolder(filepath.Join(dir, "data"))
		succeed(t, with(flags, "restore", file)...)
		succeed(t, with(flags, "rebuild", "--check")...)
	}
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKillServer: the server is killed while offices post; every act that was
// acknowledged is there when it starts again, nothing is half done.
func TestKillServer(t *testing.T) {
	t.Parallel()
	dir := sampleFolder(t)
	t.Run("sqlite", func(t *testing.T) { killServer(t, inFolder(dir), 4) })
	t.Run("postgres", func(t *testing.T) {
		killServer(t, []string{"--data", t.TempDir(), "--db", storetest.DurablePostgresDSN(t)}, 2)
	})
}

func killServer(t *testing.T, flags []string, kills int) {
	form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
	var acked []string
	for kill := range kills {
		s := serve(t, with(flags, "--demo")...)
		var mu sync.Mutex
		var wg sync.WaitGroup
		first := make(chan struct{}, 100)
		for side := range 3 {
			u := s.as("canbo")
			values := make(url.Values)
			for _, m := range hiddenField.FindAllStringSubmatch(u.sees(form), -1) {
				values.Set(m[1], m[2])
			}
			u.c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			wg.Go(func() {
				for n := 1; ; n++ {
					v, page := trial(fmt.Sprintf("lan-%d-%d", kill, side), n)
					v.Set("seen", values.Get("seen"))
					v.Set("act", fmt.Sprintf("%s-%d", values.Get("act"), n))
					res, err := u.c.PostForm(s.base+form, v)
					if err != nil {
						return // killed
					}
					res.Body.Close()
					if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, page) {
						t.Errorf("answered with %s to %q", res.Status, to)
						return
					}
					mu.Lock()
					acked = append(acked, page)
					mu.Unlock()
					select {
					case first <- struct{}{}:
					default:
					}
				}
			})
		}
		<-first
		time.Sleep(time.Duration(60+70*kill) * time.Millisecond)
		s.kill()
		wg.Wait()
	}
	s := serve(t, with(flags, "--demo")...)
	u := s.as("canbo")
	for _, page := range acked {
		u.sees(page, "Người Thử A")
	}
	s.stop()
	succeed(t, with(flags, "rebuild", "--check")...)
	t.Logf("%d acts acknowledged before %d kills", len(acked), kills)
}
