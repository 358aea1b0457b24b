package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/ledger"
	"minhbach/internal/org"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenExport: the golden ledger of a case that was handed out, redacted
// and in full.
func TestGoldenExport(t *testing.T) {
	desktest.Golden(t, "testdata/golden/caseverify", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.do("canbo", org.Found{ID: "org/so-goi", Title: "Sở (mẫu)", Kind: org.StateAgency, From: vn.MustDate("2000-01-01")})
		r := procedure.Ref{ID: "pgd-goi", Org: "org/so-goi"}
		h.do("canbo", procedure.Open{Ref: r, Procedure: "appointment-local", On: vn.MustDate("2024-06-03"), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "khuyết", Scribed: true})
		digest := strings.Repeat("5e", 32)
		h.do("canbo", procedure.Export{Ref: r, Purpose: "archive", Digest: digest, Size: 1000, Reason: "nộp lưu (mẫu)"})
		h.do("canbo", procedure.Export{Ref: r, Purpose: "inspection", Classes: []string{"facts", "letters"}, Digest: digest, Size: 900, Reason: "kiểm tra (mẫu)"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

// TestGoldenCasesReplay: the cases of the golden ledgers, made by the releases
// that published their kinds, are replayed by the verifier of today.
func TestGoldenCasesReplay(t *testing.T) {
	for dir, want := range map[string]int{"procedure": 2, "caseverify": 1} {
		text, err := os.ReadFile("testdata/golden/" + dir + "/ledger.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		shelf, err := bundle.NewShelf()
		if err != nil {
			t.Fatal(err)
		}
		words := map[int64]string{}
		var entries []ledger.Entry
		s := bufio.NewScanner(bytes.NewReader(text))
		for s.Buffer(nil, 1<<24); s.Scan(); {
			var line struct {
				Entry json.RawMessage `json:"entry"`
				Block *struct {
					Name    string
					Content json.RawMessage
				} `json:"block"`
			}
			if err := json.Unmarshal(s.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			switch {
			case line.Entry != nil:
				e, err := ledger.Decode(line.Entry)
				if err != nil {
					t.Fatal(err)
				}
				entries = append(entries, e)
			case line.Block != nil && line.Block.Name == "words":
				w := string(line.Block.Content)
				_ = json.Unmarshal(line.Block.Content, &w) // facts are kept as they are
				words[entries[len(entries)-1].Index] = w
			}
		}
		cases := map[string]*course.Replay{}
		for _, e := range entries {
			if err := shelf.Follow(e); err != nil {
				t.Fatal(err)
			}
			what, ok := strings.CutPrefix(strings.TrimSuffix(e.Kind, "/1"), "procedure.")
			if !ok || what == "table-set" {
				continue
			}
			id := e.Subjects[0].ID
			if cases[id] == nil {
				cases[id] = course.NewReplay()
			}
			ev := course.Event{Entry: e.Index, At: e.At, Actor: e.Actor, What: what, Words: words[e.Index]}
			if err := json.Unmarshal(e.Body, &ev.Body); err != nil {
				t.Fatal(err)
			}
			if err := cases[id].Step(shelf.Library(), ev); err != nil {
				t.Errorf("%s: entry %d, %s of %s: %v", dir, e.Index, what, id, err)
			}
		}
		if len(cases) < want {
			t.Errorf("%s: %d cases", dir, len(cases))
		}
	}
}
