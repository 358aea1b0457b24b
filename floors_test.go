package minhbach_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floor of each package of the house; on one floor an arrow must be named in
// sameFloor. A package missing here fails the test: it must know its floor.
var floor = map[string]int{
	"minhbach/regulations": 0, "minhbach/docs": 0,
	"minhbach/internal/vn": 1, "minhbach/internal/rule": 1, "minhbach/internal/vote": 1,
	"minhbach/internal/ledger": 1, "minhbach/internal/bundle": 1, "minhbach/internal/paper": 1, "minhbach/internal/course": 1, "minhbach/internal/assembly": 1, "minhbach/internal/figure": 1,
	"minhbach/internal/store": 2, "minhbach/internal/desk": 2, "minhbach/internal/desk/story": 2, "minhbach/internal/vault": 2, "minhbach/internal/drill": 3, "minhbach/internal/scan": 2, "minhbach/internal/scan/cosine": 0, "minhbach/internal/table": 2,
	"minhbach/internal/org": 3, "minhbach/internal/person": 3, "minhbach/internal/dossier": 3, "minhbach/internal/account": 3,
	"minhbach/internal/account/qr": 3, "minhbach/internal/account/tlsca": 3, "minhbach/internal/regulation": 3,
	"minhbach/internal/meeting": 4, "minhbach/internal/ballotbox": 4,
	"minhbach/internal/election": 5, "minhbach/internal/procedure": 5, "minhbach/internal/report": 5,
	"minhbach/internal/document": 6, "minhbach/internal/document/docx": 6, "minhbach/internal/document/wordpdf": 6,
	"minhbach/internal/web": 7, "minhbach/internal/web/assets": 7,
	"minhbach/internal/demo": 8,
	"minhbach/cmd/minhbach":  9, "minhbach/cmd/minhbach-verify": 9,
}

var sameFloor = map[string][]string{
	"minhbach/internal/rule":          {"minhbach/internal/vn"},
	"minhbach/internal/vote":          {"minhbach/internal/vn", "minhbach/internal/rule"},
	"minhbach/internal/assembly":      {"minhbach/internal/vn", "minhbach/internal/rule", "minhbach/internal/vote"},
	"minhbach/internal/course":        {"minhbach/internal/vn", "minhbach/internal/rule", "minhbach/internal/vote"},
	"minhbach/internal/bundle":        {"minhbach/internal/vn", "minhbach/internal/rule", "minhbach/internal/vote", "minhbach/internal/ledger", "minhbach/internal/course", "minhbach/internal/assembly", "minhbach/internal/figure"},
	"minhbach/internal/figure":        {"minhbach/internal/vn"},
	"minhbach/internal/paper":         {"minhbach/internal/vn", "minhbach/internal/rule", "minhbach/internal/vote"},
	"minhbach/internal/desk":          {"minhbach/internal/store"},
	"minhbach/internal/desk/story":    {"minhbach/internal/store", "minhbach/internal/desk"},
	"minhbach/internal/table":         {"minhbach/internal/desk"},
	"minhbach/internal/vault":         {"minhbach/internal/store", "minhbach/internal/desk"},
	"minhbach/internal/ballotbox":     {"minhbach/internal/meeting"},
	"minhbach/internal/person":        {"minhbach/internal/org"},
	"minhbach/internal/dossier":       {"minhbach/internal/org", "minhbach/internal/person"},
	"minhbach/internal/account":       {"minhbach/internal/org", "minhbach/internal/person", "minhbach/internal/account/qr"},
	"minhbach/internal/account/tlsca": {"minhbach/internal/account/qr"},
	"minhbach/internal/regulation":    {"minhbach/internal/org", "minhbach/internal/person", "minhbach/internal/account"},
	"minhbach/internal/document":      {"minhbach/internal/document/docx", "minhbach/internal/document/wordpdf"},
	"minhbach/internal/web":           {"minhbach/internal/web/assets"},

	"minhbach/internal/document/wordpdf": {"minhbach/internal/document/docx"},
}

// impure are packages of the standard library that the pure ground must not
// import, by any path of this module: no database, network, files or clock of
// its own. Named allowances follow with their reason.
var impure = []string{"database/sql", "net", "net/http", "os", "os/exec", "syscall"}

// allowed names the arrows out of the pure ground that are wanted.
var allowed = map[string]string{
	"minhbach/internal/bundle -> os": "opens the bundle named on the command line",
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T, patterns ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, patterns...)...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, errOut.String())
	}
	var ps []pkg
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

// testOnly packages help tests and may stand beside the floor they help.
func testOnly(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	return strings.HasSuffix(last, "test")
}

// TestFloors holds the arrows of the house: imports go down only.
func TestFloors(t *testing.T) {
	for _, p := range list(t, "./...") {
		if testOnly(p.ImportPath) || p.ImportPath == "minhbach" {
			continue
		}
		f, known := floor[p.ImportPath]
		if !known {
			t.Errorf("%s does not know its floor", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			if f == 1 && slices.Contains(impure, i) {
				if _, ok := allowed[p.ImportPath+" -> "+i]; !ok {
					t.Errorf("%s is pure ground and imports %s", p.ImportPath, i)
				}
			}
			if !strings.HasPrefix(i, "minhbach/") {
				continue
			}
			if testOnly(i) {
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, i)
			}
			g, known := floor[i]
			if known && (g < f || slices.Contains(sameFloor[p.ImportPath], i)) {
				continue
			}
			t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, f, i, g)
		}
	}
}

// TestVerifierStandsAlone: the verifier links floor 1 only, so that whoever
// trusts nobody has little to read.
func TestVerifierStandsAlone(t *testing.T) {
	for _, p := range list(t, "-deps", "./cmd/minhbach-verify") {
		if g, known := floor[p.ImportPath]; known && g > 1 && p.ImportPath != "minhbach/cmd/minhbach-verify" {
			t.Errorf("the verifier links %s from floor %d", p.ImportPath, g)
		}
	}
}
