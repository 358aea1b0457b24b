package desk_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// toyConfig is a desk that can be closed and opened again on one database.
func toyConfig(t testing.TB, db *store.DB) desk.Config {
	cfg := desktest.Config(t, db, desktest.Toy())
	cfg.Rules = desktest.NoRules{}
	return cfg
}

func openDesk(t testing.TB, cfg desk.Config) *desk.Desk {
	t.Helper()
	d, err := desk.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// settled waits for the checks behind.
func settled(t testing.TB, d *desk.Desk) desk.Health {
	t.Helper()
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		if h := d.Health(); !h.Checking && (h.Tables != "" || h.Stopped != nil || h.Size == 0) {
			return h
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("the checks do not end: %+v", d.Health())
		}
	}
}

// fill does n acts of two entries each, from several sides.
func fill(t testing.TB, d *desk.Desk, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for side := range 8 {
		wg.Go(func() {
			for i := side; i < n; i += 8 {
				f := form(desktest.Add{ID: fmt.Sprint("n", i%17), By: int64(i), Words: "riêng " + fmt.Sprint(i)})
				if _, err := d.Do(t.Context(), f); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestOpenAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg := toyConfig(t, db)
		d := openDesk(t, cfg)
		fill(t, d, 150) // 300 entries: past the first kept node
		key := d.VerifierKey()
		c, signed, err := d.Checkpoint(t.Context())
		if err != nil || c.Size != 300 || len(signed) == 0 {
			t.Fatal(c, err)
		}
		d.Close()
		file, err := os.ReadFile(cfg.CheckpointFile)
		if err != nil || string(file) != string(signed) {
			t.Fatalf("checkpoint file %q, %v", file, err)
		}
		if st, err := os.Stat(cfg.KeyFile); err != nil || st.Mode().Perm() != 0o600 {
			t.Fatal(st.Mode(), err)
		}
		d = openDesk(t, cfg)
		defer d.Close()
		if d.VerifierKey() != key || d.Head() != 299 {
			t.Fatal("another log")
		}
		fill(t, d, 1)
		h := settled(t, d)
		if h.Stopped != nil || h.Tables != "agree" || h.Verified != 302 || h.Size != 302 || len(h.Warnings) > 0 {
			t.Fatalf("%+v", h)
		}
		if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: -1, Actor: "x", Act: desktest.Add{ID: "n1"}}); code(err) != desk.Stale {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestClosedDeskAnswers(t *testing.T) {
	d := openDesk(t, toyConfig(t, storetest.SQLite(t)))
	d.Close()
	if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: -1, Act: desktest.Add{ID: "a"}}); code(err) != desk.Stopped {
		t.Fatal(err)
	}
}

// Whoever edits the database by hand is found: in the ledger's own tables at
// start, in others when they are compared with it.
func TestHandEditsAreFound(t *testing.T) {
	edits := []struct{ name, sql string }{
		{"one byte of an entry", `UPDATE ledger_entry SET data = (SELECT data FROM ledger_entry WHERE idx = 8) WHERE idx = 7`},
		{"entry and leaf", `UPDATE ledger_entry SET data = (SELECT data FROM ledger_entry WHERE idx = 8), leaf = (SELECT leaf FROM ledger_entry WHERE idx = 8) WHERE idx = 7`},
		{"leaf", `UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE idx = 1) WHERE idx = 5`},
		{"an entry gone", `DELETE FROM ledger_entry WHERE idx = 100`},
		{"the first entry gone", `DELETE FROM ledger_entry WHERE idx = 0`},
		{"cut tail", `DELETE FROM ledger_entry WHERE idx >= 590`},
		{"emptied", `DELETE FROM ledger_entry`},
		{"index: actor", `UPDATE ledger_index SET actor = 'acc/minh' WHERE idx = 3`},
		{"index: time", `UPDATE ledger_index SET at = '2020-01-01T00:00:00.000Z' WHERE idx = 3`},
		{"index: row gone", `DELETE FROM ledger_index WHERE idx = 400`},
		{"index: row more", `INSERT INTO ledger_index (idx, at, kind, act, actor) VALUES (-5, '', '', '', '')`},
		{"ref: subject", `UPDATE ledger_ref SET subject = 'toy/other' WHERE idx = 10 AND subject <> 'toy/notes'`},
		{"ref: row gone", `DELETE FROM ledger_ref WHERE idx = 10`},
		{"ref: row more", `INSERT INTO ledger_ref (subject, idx) VALUES ('toy/other', 10)`},
		{"block: content", `UPDATE ledger_block SET content = (SELECT content FROM ledger_block WHERE idx = 3) WHERE idx = 1`},
		{"block: salt", `UPDATE ledger_block SET salt = (SELECT salt FROM ledger_block WHERE idx = 3) WHERE idx = 1`},
		{"block: gone without an act", `DELETE FROM ledger_block WHERE idx = 1`},
		{"block: more", `INSERT INTO ledger_block (idx, name, salt, content) SELECT idx, 'more', salt, content FROM ledger_block WHERE idx = 1`},
		{"block: of no entry", `INSERT INTO ledger_block (idx, name, salt, content) SELECT 9000, 'more', salt, content FROM ledger_block WHERE idx = 1`},
		{"node", `UPDATE ledger_node SET hash = (SELECT leaf FROM ledger_entry WHERE idx = 1) WHERE level = 8 AND n = 0`},
		{"node gone", `DELETE FROM ledger_node WHERE level = 8 AND n = 1`},
		{"node more", `INSERT INTO ledger_node (level, n, hash) SELECT 16, 0, leaf FROM ledger_entry WHERE idx = 1`},
		{"table: value", `UPDATE toy_account SET balance = balance + 1 WHERE id = 'n3'`},
		{"table: row gone", `DELETE FROM toy_account WHERE id = 'n3'`},
		{"table: row more", `INSERT INTO toy_account (id, balance, entry) VALUES ('zz', 1, 1)`},
		{"table: personal words", `UPDATE toy_note SET words = '' WHERE entry = 5`},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg := toyConfig(t, db)
		d := openDesk(t, cfg)
		fill(t, d, 300)
		d.Close()
		file, err := os.ReadFile(cfg.CheckpointFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range edits {
			t.Run(e.name, func(t *testing.T) {
				undo := snapshot(t, db)
				defer undo()
				execSQL(t, db, e.sql)
				diffs, err := desk.RebuildCheck(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if len(diffs) == 0 {
					t.Error("rebuild --check finds nothing")
				}
				d := openDesk(t, cfg)
				h := settled(t, d)
				if c, signed, err := d.Checkpoint(t.Context()); err != nil || string(signed) != string(file) || c.Size != 600 {
					t.Errorf("a damaged log signs: %+v, %v", c, err)
				}
				if d.Head() != h.Size-1 {
					t.Errorf("head %d of %d entries", d.Head(), h.Size)
				}
				d.Close()
				if h.Stopped == nil {
					t.Fatalf("a start finds nothing: %+v", h)
				}
				if h.Stopped.VI == "" || h.Stopped.EN == "" {
					t.Error("the reason is not given in both languages")
				}
				now, err := os.ReadFile(cfg.CheckpointFile)
				if err != nil || string(now) != string(file) {
					t.Error("the checkpoint file, the evidence, was written over")
				}
			})
		}
		d = openDesk(t, cfg)
		defer d.Close()
		if h := settled(t, d); h.Stopped != nil || h.Tables != "agree" {
			t.Fatalf("without an edit: %+v", h)
		}
	})
}

// An edit while the program runs stops it at the next act.
func TestTailCutWhileRunning(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		fill(t, d, 5)
		execSQL(t, d.DB(), `DELETE FROM ledger_entry WHERE idx = 9`)
		desktest.MustRefuse(t, d, "x", desktest.Add{ID: "a", By: 1}, desk.Stopped)
	})
}

func TestCheckpointFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg := toyConfig(t, db)
		d := openDesk(t, cfg)
		fill(t, d, 10)
		early, err := os.ReadFile(cfg.CheckpointFile)
		for err != nil { // written behind
			time.Sleep(time.Millisecond)
			early, err = os.ReadFile(cfg.CheckpointFile)
		}
		fill(t, d, 10)
		d.Close()
		last, err := os.ReadFile(cfg.CheckpointFile)
		if err != nil {
			t.Fatal(err)
		}
		put := func(b []byte) {
			if err := os.WriteFile(cfg.CheckpointFile, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		put(early) // as after a crash between commit and file
		d = openDesk(t, cfg)
		if h := settled(t, d); h.Stopped != nil || h.Verified != 40 {
			t.Fatalf("%+v", h)
		}
		d.Close()
		if now, _ := os.ReadFile(cfg.CheckpointFile); string(now) != string(last) {
			t.Fatal("the file is not brought up")
		}
		put([]byte(strings.Replace(string(last), "\n40\n", "\n41\n", 1)))
		d = openDesk(t, cfg)
		if h := d.Health(); h.Stopped == nil {
			t.Fatal("a changed file is believed")
		}
		d.Close()
		os.Remove(cfg.CheckpointFile)
		d = openDesk(t, cfg)
		if h := settled(t, d); h.Stopped != nil || len(h.Warnings) != 1 || h.Verified != 40 {
			t.Fatalf("file gone: %+v", h)
		}
		d.Close()
		os.Remove(cfg.KeyFile)
		if d, err := desk.Open(t.Context(), cfg); err == nil {
			d.Close()
			t.Fatal("a ledger without its key was opened")
		}
	})
}

func execSQL(t testing.TB, db *store.DB, sql string) {
	t.Helper()
	var n int64
	if err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.Exec(t.Context(), sql)
		return err
	}); err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", sql, n, err)
	}
}

// snapshot copies every table of the record; the returned function puts the
// copies back.
func snapshot(t testing.TB, db *store.DB) func() {
	t.Helper()
	names, err := db.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run := func(format string) {
		t.Helper()
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			for _, n := range names {
				if strings.HasPrefix(n, "op_") {
					continue
				}
				for _, q := range strings.Split(strings.ReplaceAll(format, "%", n), ";") {
					if _, err := tx.Exec(t.Context(), q); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE TABLE op_copy_% AS SELECT * FROM %`)
	return func() { run(`DELETE FROM %;INSERT INTO % SELECT * FROM op_copy_%;DROP TABLE op_copy_%`) }
}
