package regulations_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"minhbach/regulations"
)

// TestReleasedFilesStay: a regulation file never changes by a byte once results
// were recorded by it. Each result is pinned to the digest of the files that
// decided it, and is counted again by those very files for as long as the
// ledger lives; released.sum (in the form of sha256sum) holds them still.
func TestReleasedFilesStay(t *testing.T) {
	list, err := fs.ReadFile(regulations.FS, "released.sum")
	if err != nil {
		t.Fatal(err)
	}
	released := map[string]string{}
	for s := bufio.NewScanner(bytes.NewReader(list)); s.Scan(); {
		sum, name, ok := strings.Cut(s.Text(), "  ")
		if !ok || len(sum) != 64 || released[name] != "" {
			t.Fatalf("released.sum: %q is not a line of sha256sum, or names a file twice", s.Text())
		}
		released[name] = sum
	}
	here := map[string]string{}
	err = fs.WalkDir(regulations.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		raw, err := fs.ReadFile(regulations.FS, path)
		sum := sha256.Sum256(raw)
		here[path] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(here)) {
		switch released[name] {
		case here[name]:
		case "":
			t.Errorf("%s is new: when its examples pass and two people have read it, add it in the folder regulations with\n\tsha256sum %s >> released.sum", name, name)
		default:
			t.Errorf("%s was changed after it was released. Results already recorded are pinned to the old text and could no longer be counted again.\n"+
				"Take the change back (git restore regulations/%s) and write it into a new file, with an edition name of its own and\n"+
				"\treplaces:\n\t  - {number: …, date: …, edition: …}\n"+
				"naming the edition of this file; see docs/adding-a-regulation.md. Add the new file to released.sum.", name, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(released)) {
		if here[name] == "" {
			t.Errorf("%s was released and is gone: results recorded by it need it for ever; put it back", name)
		}
	}
}
