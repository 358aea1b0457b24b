package document_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// leak searches what leaves the house for pieces of what must not.
type leak struct {
	t       *testing.T
	needles map[string]string // bytes → what they are of
}

// add takes pieces out of the middle of a secret, as it is and as texts carry
// bytes.
func (l *leak) add(what string, secret []byte) {
	l.t.Helper()
	if len(secret) < 200 {
		l.t.Fatalf("%s has %d bytes only: no piece of it is its own", what, len(secret))
	}
	for _, part := range []int{3, 5, 7, 9} { // tenths
		at := len(secret) * part / 10 / 3 * 3 // base64 goes by threes
		piece := secret[at : at+24]
		l.needles[string(piece)] = what
		l.needles[hex.EncodeToString(piece)] = what + ", in hex"
		l.needles[base64.StdEncoding.EncodeToString(piece)] = what + ", in base64"
	}
}

// in searches a file, and the files in it when it is a ZIP or a gzip.
func (l *leak) in(name string, data []byte) (found []string) {
	for n, what := range l.needles {
		if bytes.Contains(data, []byte(n)) {
			found = append(found, name+" holds a piece of "+what)
		}
	}
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				l.t.Fatal(err)
			}
			inner, err := io.ReadAll(r)
			if err != nil {
				l.t.Fatal(err)
			}
			found = append(found, l.in(name+"/"+f.Name, inner)...)
		}
	}
	if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		inner, err := io.ReadAll(z)
		if err != nil {
			l.t.Fatal(err)
		}
		found = append(found, l.in(name+"(gz)", inner)...)
	}
	return found
}

// TestPicturesLeaveInNoBundle: neither the pictures of scanned ballots, nor what
// was read of each, as they came, as they are kept or encrypted, stand in any
// bundle or backup, sealed or opened by decision; and what a person keyed of a
// sheet stays sealed even then.
func TestPicturesLeaveInNoBundle(t *testing.T) {
	db := storetest.SQLite(t)
	s := scanBox(t, db)
	l := &leak{t: t, needles: map[string]string{}}
	for i, p := range s.pictures {
		l.add(fmt.Sprintf("picture %d as it came", i+1), p)
	}
	var patterns [][]byte
	if err := s.d.Read(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT id, said, shown FROM op_ballotbox_kept_ballot`)
		if err != nil {
			return err
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			var id string
			var said, shown []byte
			if err := rows.Scan(&id, &said, &shown); err != nil {
				return err
			}
			n++
			l.add("the encrypted pictures of "+id, shown)
			l.add("what was read of "+id+", encrypted", said)
		}
		if n != 10 {
			t.Errorf("%d sheets are kept, not 10", n)
		}
		rows.Close()
		blocks, err := tx.Query(t.Context(), `SELECT content FROM ledger_block WHERE name = 'sealed-sheet'`)
		if err != nil {
			return err
		}
		defer blocks.Close()
		for blocks.Next() {
			var c []byte
			if err := blocks.Scan(&c); err != nil {
				return err
			}
			patterns = append(patterns, c)
		}
		return blocks.Err()
	}); err != nil {
		t.Fatal(err)
	}
	if len(patterns) != 4 { // one of them was dropped again
		t.Fatalf("%d sheets were settled, not 4", len(patterns))
	}
	// The search finds what it is to find.
	var planted bytes.Buffer
	z := zip.NewWriter(&planted)
	f, err := z.Create("files/1/anh.txt")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, base64.StdEncoding.EncodeToString(s.pictures[4]))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if got := l.in("planted", planted.Bytes()); len(got) == 0 {
		t.Fatal("a picture that was planted in a bundle is not found")
	}
	search := func(when string) {
		t.Helper()
		ctx := t.Context()
		for name, write := range map[string]func(w io.Writer, redacted bool) error{
			"contest": func(w io.Writer, r bool) error { return document.BundleOf(ctx, s.d, w, s.on.Contest, r) },
			"event":   func(w io.Writer, r bool) error { return document.BundleOfEvent(ctx, s.d, w, s.on.Event, r) },
			"ledger":  func(w io.Writer, r bool) error { return document.BundleOfLedger(ctx, s.d, w, r) },
		} {
			for _, redacted := range []bool{false, true} {
				var out bytes.Buffer
				if err := write(&out, redacted); err != nil {
					t.Fatalf("%s, %s: %v", when, name, err)
				}
				all := leak{t, maps.Clone(l.needles)}
				for _, p := range patterns {
					all.needles[string(p)] = "what a person keyed of a sheet"
					all.needles[base64.StdEncoding.EncodeToString(p)] = "what a person keyed of a sheet, in base64"
				}
				for _, x := range all.in(name, out.Bytes()) {
					t.Errorf("%s (redacted: %v): %s", when, redacted, x)
				}
			}
		}
		var backup bytes.Buffer
		if err := s.d.Backup(ctx, &backup, ""); err != nil {
			t.Fatal(err)
		}
		for _, x := range l.in("backup", backup.Bytes()) {
			t.Errorf("%s: %s", when, x)
		}
	}
	search("closed")
	desktest.Do(t, s.d, "account/head", election.ReportBox{OnRound: s.on})
	if _, err := document.MakeMinutes(t.Context(), s.d, db, makeForm(), s.on.Contest, document.Setting{}); err != nil {
		t.Fatal(err)
	}
	search("reported, with minutes")
	desktest.Do(t, s.d, "officer", ballotbox.OpenReadings{Box: s.on.Contest, Org: dhOrg, Decision: "QĐ 12 (mẫu)"})
	if err := s.d.Read(t.Context(), func(tx *store.Tx) error {
		b, err := ballotbox.Get(t.Context(), tx, s.on.Contest)
		if err != nil {
			return err
		}
		sheets, err := s.vault.Kept(t.Context(), tx, b, 1)
		for _, x := range sheets {
			_, pic, err := s.vault.KeptPicture(t.Context(), tx, b, 1, x.ID, 0)
			if err != nil {
				return err
			}
			l.add("the picture of "+x.ID+" as it is kept", pic)
		}
		if len(sheets) != 10 {
			t.Errorf("%d pictures are opened", len(sheets))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	search("opened by decision")
}
