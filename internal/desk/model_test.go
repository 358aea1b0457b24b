package desk_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// model is the desk as one would write it without a database: what has been
// recorded, in order, and what follows from it.
type model struct {
	entries []modelEntry
	balance map[string]int64
	words   map[int64]string // note by entry; "" when erased
	last    map[string]int64 // by subject
	done    map[string]desk.Form
	made    map[string][2]int64
	forgot  map[string]bool
}

type modelEntry struct {
	kind     string
	subjects []string
	act      string
}

func (m *model) add(act, kind string, subjects ...string) {
	for _, s := range subjects {
		m.last[s] = int64(len(m.entries))
	}
	m.entries = append(m.entries, modelEntry{kind, subjects, act})
}

func (m *model) lastOf(subject string) int64 {
	if n, ok := m.last[subject]; ok {
		return n
	}
	return -1
}

// do says what must come of a form: the range of entries, or a code.
func (m *model) do(f desk.Form) (first, n int64, repeated bool, no desk.Code) {
	if old, ok := m.done[f.ID]; ok {
		// Once a block of its act was erased, a form is known by id and actor
		// alone: the hash of its content could confirm a guess.
		if old.Actor != f.Actor || old.Act != f.Act && !m.forgot[f.ID] {
			return 0, 0, false, desk.Invalid
		}
		return m.made[f.ID][0], m.made[f.ID][1], true, ""
	}
	first = int64(len(m.entries))
	if f.Seen != desk.AnySeen {
		switch last := m.lastOf(f.Act.Subject()); {
		case f.Seen < -1 || f.Seen >= first:
			return 0, 0, false, desk.Invalid
		case last > f.Seen:
			return 0, 0, false, desk.Stale
		}
	}
	switch a := f.Act.(type) {
	case desktest.Add:
		if m.balance[a.ID]+a.By < 0 {
			return 0, 0, false, desk.Refused
		}
		m.balance[a.ID] += a.By
		m.add(f.ID, "toy.added/1", a.Subject())
		if a.Words != "" {
			m.words[int64(len(m.entries))] = a.Words
			m.add(f.ID, "toy.noted/1", a.Subject(), "toy/notes")
		}
	case desk.EraseBlockAct:
		if a.Index < 0 || a.Index >= first {
			return 0, 0, false, desk.NotFound
		}
		if m.words[a.Index] == "" {
			return 0, 0, false, desk.Invalid
		}
		m.words[a.Index] = ""
		m.forgot[m.entries[a.Index].act] = true
		m.add(f.ID, desk.KindErased, a.Subject(), m.entries[a.Index].subjects[0])
	}
	m.done[f.ID], m.made[f.ID] = f, [2]int64{first, int64(len(m.entries)) - first}
	return first, m.made[f.ID][1], false, ""
}

// Any history of acts, repeats, stale forms, refusals, erasures and restarts
// gives on both databases what the model gives, and what a replay gives: the
// replay sees erased blocks as absent, so that erasing and rebuilding commute.
func TestAnyHistoryIsAsTheModelSays(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", "20"); err != nil {
		t.Fatal(err)
	}
	defer flag.Set("rapid.checks", checks)
	rapid.Check(t, func(rt *rapid.T) {
		cfgs := []desk.Config{toyConfig(t, storetest.SQLite(t)), toyConfig(t, storetest.Postgres(t))}
		var ds []*desk.Desk
		for _, c := range cfgs {
			ds = append(ds, openDesk(t, c))
		}
		m := &model{balance: map[string]int64{}, words: map[int64]string{}, last: map[string]int64{}, done: map[string]desk.Form{}, made: map[string][2]int64{}, forgot: map[string]bool{}}
		var ids []string
		submit := func(rt *rapid.T, f desk.Form) {
			first, n, repeated, no := m.do(f)
			for i, d := range ds {
				r, err := d.Do(t.Context(), f)
				var e *desk.Error
				switch {
				case no != "":
					if !errors.As(err, &e) || e.Code != no {
						rt.Fatalf("database %d: %+v: %v, want %s", i, f, err, no)
					}
				case err != nil:
					rt.Fatalf("database %d: %+v: %v", i, f, err)
				case r.Repeated != repeated || int64(len(r.Entries)) != n || r.Entries[0].Index != first:
					rt.Fatalf("database %d: %+v: receipt %+v, want %d from %d", i, f, r, n, first)
				}
			}
			ids = append(ids, f.ID)
		}
		seen := func(rt *rapid.T, subject string) int64 {
			last := m.lastOf(subject)
			return rapid.SampledFrom([]int64{last, last, desk.AnySeen, int64(len(m.entries)) - 1, last - 1, -1, int64(len(m.entries))}).Draw(rt, "seen")
		}
		id := func(rt *rapid.T) string {
			if len(ids) > 0 && rapid.IntRange(0, 5).Draw(rt, "again") == 0 {
				return rapid.SampledFrom(ids).Draw(rt, "id")
			}
			return desk.NewID()
		}
		rt.Repeat(map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				a := desktest.Add{ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "account"), By: rapid.Int64Range(-3, 5).Draw(rt, "by"),
					Words: rapid.SampledFrom([]string{"", "riêng", "của\nai"}).Draw(rt, "words")}
				submit(rt, desk.Form{ID: id(rt), Seen: seen(rt, a.Subject()), Actor: rapid.SampledFrom([]string{"acc/1", "acc/2"}).Draw(rt, "actor"), Act: a})
			},
			"repeat": func(rt *rapid.T) {
				if len(m.done) == 0 {
					return
				}
				keys := make([]string, 0, len(m.done))
				for k := range m.done {
					keys = append(keys, k)
				}
				slices.Sort(keys)
				submit(rt, m.done[rapid.SampledFrom(keys).Draw(rt, "form")])
			},
			"erase": func(rt *rapid.T) {
				a := desk.EraseBlockAct{Index: rapid.Int64Range(0, int64(len(m.entries))).Draw(rt, "entry"), Block: "words", Decision: "1"}
				submit(rt, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/1", Act: a})
			},
			"restart": func(rt *rapid.T) {
				if rapid.IntRange(0, 4).Draw(rt, "really") > 0 {
					return
				}
				for i, c := range cfgs {
					ds[i].Close()
					ds[i] = openDesk(t, c)
				}
			},
		})
		for i, d := range ds {
			if err := d.Read(t.Context(), func(tx *store.Tx) error { return m.compare(t, tx) }); err != nil {
				rt.Fatalf("database %d: %v", i, err)
			}
			desktest.CheckRebuild(t, d)
			if h := d.Health(); h.Stopped != nil {
				rt.Fatalf("database %d: %+v", i, h)
			}
			d.Close()
		}
	})
}

func (m *model) compare(t *testing.T, tx *store.Tx) error {
	for id, want := range m.balance {
		if got, err := desktest.Balance(t.Context(), tx, id); err != nil || got != want {
			return fmt.Errorf("balance of %s: %d, want %d (%w)", id, got, want, err)
		}
	}
	rs, err := desk.Range(t.Context(), tx, 0, int64(len(m.entries))+1)
	if err != nil || len(rs) != len(m.entries) {
		return fmt.Errorf("%d entries, want %d (%w)", len(rs), len(m.entries), err)
	}
	for i, r := range rs {
		if r.Kind != m.entries[i].kind || r.Subjects[0].ID != m.entries[i].subjects[0] {
			return fmt.Errorf("entry %d is %s about %s, want %+v", i, r.Kind, r.Subjects[0].ID, m.entries[i])
		}
		_, there := r.Blocks["words"]
		if there != (m.words[int64(i)] != "") {
			return fmt.Errorf("entry %d: block is there: %v", i, there)
		}
	}
	rows, err := tx.Query(t.Context(), `SELECT entry, words FROM toy_note`)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var entry int64
		var words string
		if err := rows.Scan(&entry, &words); err != nil {
			return err
		}
		if want, ok := m.words[entry]; !ok || want != words {
			return fmt.Errorf("note of entry %d is %q, want %q", entry, words, want)
		}
		n++
	}
	if n != len(m.words) {
		return fmt.Errorf("%d notes, want %d", n, len(m.words))
	}
	return rows.Err()
}

// What is erased is gone from the file, not only from the tables.
func TestErasedWordsLeaveTheFile(t *testing.T) {
	dsn := storetest.SQLiteDSN(t)
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	cfg := toyConfig(t, db)
	d := openDesk(t, cfg)
	r := desktest.Do(t, d, "x", desktest.Add{ID: "a", By: 1, Words: "rất riêng tư"})
	if !fileHolds(t, dsn, "rất riêng tư") {
		t.Fatal("the test looks in the wrong place")
	}
	desktest.Do(t, d, "x", desk.EraseBlockAct{Index: r.Entries[1].Index, Block: "words", Decision: "12-QĐ/TU"})
	if fileHolds(t, dsn, "rất riêng tư") {
		t.Error("the words are still in the file")
	}
	desktest.MustRefuse(t, d, "x", desk.EraseBlockAct{Index: r.Entries[1].Index, Block: "words", Decision: "12-QĐ/TU"}, desk.Invalid)
	desktest.MustRefuse(t, d, "x", desk.EraseBlockAct{Index: 0, Block: "words", Decision: "12-QĐ/TU"}, desk.Invalid)
	desktest.MustRefuse(t, d, "x", desk.EraseBlockAct{Index: 0, Block: "words"}, desk.Invalid)
	desktest.MustRefuse(t, d, "x", desk.EraseBlockAct{Index: 99, Block: "words", Decision: "1"}, desk.NotFound)
	desktest.CheckRebuild(t, d)
	d.Close()
	db.Close()
}

func fileHolds(t *testing.T, dsn, words string) bool {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(strings.TrimPrefix(dsn, "sqlite:") + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Contains(string(b), words) {
			return true
		}
	}
	return false
}
