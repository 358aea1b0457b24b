package desktest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// EnvGolden set to "write" makes Golden record a golden ledger that is not
// there yet. One that was released is never recorded anew: add another folder
// with what is new.
const EnvGolden = "MINHBACH_GOLDEN"

// Golden holds the promise that a published kind applies for ever: the ledger
// committed in dir (ledger.jsonl, the lines of a backup) must replay, on both
// databases, to the tables whose digests stand beside it (tables.txt). Every
// kind of the rooms must occur in it or in a golden ledger beside it: kinds
// that came later stand in the next folder. record opens a desk on an empty
// database and does the acts, when the folder is written for the first time.
func Golden(t *testing.T, dir string, rooms []desk.Room, record func(t *testing.T, db *store.DB) *desk.Desk) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "ledger.jsonl"))
	if errors.Is(err, os.ErrNotExist) && os.Getenv(EnvGolden) == "write" {
		writeGolden(t, dir, record)
		text, err = os.ReadFile(filepath.Join(dir, "ledger.jsonl"))
	}
	if err != nil {
		t.Fatalf("golden ledger: %v (record it once with %s=write)", err, EnvGolden)
	}
	all := everyGolden(t, filepath.Dir(dir))
	for _, r := range rooms {
		for _, k := range r.Kinds {
			if !bytes.Contains(all, []byte(`"kind":"`+k+`"`)) {
				t.Errorf("golden ledgers in %s: no entry of kind %s", filepath.Dir(dir), k)
			}
		}
	}
	want, err := os.ReadFile(filepath.Join(dir, "tables.txt"))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := desk.Replay(t.Context(), bytes.NewReader(zip(t, text)), "", goldenConfig(t, db, rooms)); err != nil {
			t.Fatal(err)
		}
		if got := known(digests(t, db), string(want), derived(t, filepath.Dir(dir))); got != string(want) {
			t.Errorf("the golden ledger %s no longer gives the same tables:\n%s\nwant\n%s", dir, got, want)
		}
	})
}

// known leaves out tables that came with later releases, as long as an older
// ledger leaves them empty ("name 0 digest") or they are named as derived.
func known(got, want string, later []string) string {
	var b strings.Builder
	for line := range strings.Lines(got) {
		name, rest, _ := strings.Cut(line, " ")
		if strings.Contains("\n"+want, "\n"+name+" ") || !strings.HasPrefix(rest, "0 ") && !slices.Contains(later, name) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// derived are the tables named in derived.txt beside the golden ledgers: they
// came later and follow from entries that were there before. Ledgers recorded
// with them hold what they say; for older ones the rebuild does.
func derived(t testing.TB, parent string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parent, "derived.txt"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// everyGolden is the text of all golden ledgers in a folder.
func everyGolden(t testing.TB, parent string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(parent, "*", "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}

func goldenConfig(t testing.TB, db *store.DB, rooms []desk.Room) desk.Config {
	cfg := Config(t, db, rooms...)
	cfg.Rules = NoRules{} // entries are applied, nothing is decided
	return cfg
}

func writeGolden(t *testing.T, dir string, record func(t *testing.T, db *store.DB) *desk.Desk) {
	t.Helper()
	db := storetest.SQLite(t)
	var b bytes.Buffer
	if err := record(t, db).Backup(t.Context(), &b, ""); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "ledger.jsonl"), text, 0o644)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "tables.txt"), []byte(digests(t, db)), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func digests(t testing.TB, db *store.DB) string {
	t.Helper()
	ds, err := desk.TableDigests(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(ds)) {
		fmt.Fprintf(&b, "%s %s\n", name, ds[name])
	}
	return b.String()
}

func zip(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
