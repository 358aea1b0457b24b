// Package bundletest helps tests show that a ledger bent by whoever holds its
// key is found by what its entries mean.
package bundletest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// Forge verifies the ledger of a desk as somebody would lay it down who holds
// the key of the log: edited, linked and signed anew, so that nothing but the
// meaning of the entries can tell.
func Forge(t testing.TB, d *desk.Desk, edit func(*ledger.Entry)) *bundle.Report {
	t.Helper()
	return ForgeWords(t, d, func(e *ledger.Entry, _ map[string][]byte) { edit(e) })
}

// ForgeWords is Forge that may reword the blocks of an entry too, by name; their
// hashes are made anew.
func ForgeWords(t testing.TB, d *desk.Desk, edit func(e *ledger.Entry, blocks map[string][]byte)) *bundle.Report {
	t.Helper()
	ctx := context.Background()
	skey, vkey, err := ledger.GenerateKey("minhbach/gia", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	var blocks []ledger.Block
	if err := d.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT data FROM ledger_entry ORDER BY idx`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var data []byte
			if err := rows.Scan(&data); err != nil {
				return err
			}
			lines = append(lines, data)
		}
		rows.Close()
		more, err := tx.Query(ctx, `SELECT idx, name, salt, content FROM ledger_block WHERE name NOT LIKE 'sealed-%' OR EXISTS (SELECT 1 FROM ledger_opened o WHERE o.idx = ledger_block.idx) ORDER BY idx, name`)
		if err != nil {
			return err
		}
		defer more.Close()
		for more.Next() {
			var k ledger.Block
			if err := more.Scan(&k.Index, &k.Name, &k.Salt, &k.Content); err != nil {
				return err
			}
			blocks = append(blocks, k)
		}
		return more.Err()
	}); err != nil {
		t.Fatal(err)
	}
	prev := map[string]int64{}
	var leaves ledger.LeafList
	var tree ledger.Tree
	var kept []ledger.Block
	for i, line := range lines {
		e, err := ledger.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		mine := map[string][]byte{}
		for _, k := range blocks {
			if k.Index == e.Index {
				mine[k.Name] = bytes.Clone(k.Content)
			}
		}
		edit(&e, mine)
		for j, k := range blocks {
			if k.Index != e.Index || bytes.Equal(mine[k.Name], k.Content) {
				continue
			}
			blocks[j].Content = mine[k.Name]
			for n, r := range e.Blocks {
				if r.Name == k.Name {
					e.Blocks[n].Hash = ledger.Commit(k.Name, k.Salt, mine[k.Name])
				}
			}
		}
		for j, s := range e.Subjects {
			last, ok := prev[s.ID]
			if !ok {
				last = -1
			}
			e.Subjects[j].Prev, prev[s.ID] = last, e.Index
		}
		if lines[i], err = e.Encode(); err != nil {
			t.Fatal(err)
		}
		for _, k := range blocks {
			if k.Index == e.Index && slices.ContainsFunc(e.Blocks, func(r ledger.BlockRef) bool { return r.Name == k.Name }) {
				kept = append(kept, k)
			}
		}
		leaves = append(leaves, ledger.LeafHash(lines[i]))
		tree.Append(ledger.LeafHash(lines[i]))
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.Checkpoint{Origin: "minhbach/gia", Size: tree.Size(), Root: tree.Root()}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := bundle.Write(&out, bundle.Source{Scope: bundle.Ledger, Key: vkey, Checkpoint: signed, Hashes: leaves, Entries: bundle.All(lines), Blocks: bundle.All(kept)}); err != nil {
		t.Fatal(err)
	}
	files, err := bundle.OpenZip(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	return bundle.Verify(files, bundle.Options{Key: vkey})
}

// Reword changes the body of an entry through its decoded form.
func Reword(t testing.TB, e *ledger.Entry, change func(b map[string]any)) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(e.Body))
	d.UseNumber()
	var b map[string]any
	if err := d.Decode(&b); err != nil {
		t.Fatal(err)
	}
	change(b)
	out, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	e.Body = out
}

// Said is a report as it is printed.
func Said(r *bundle.Report) string {
	var b strings.Builder
	_ = r.Print(&b)
	return b.String()
}

// In is what stands at a path of a decoded body: names of fields and places in
// lists.
func In(b any, path ...any) map[string]any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			b = b.(map[string]any)[p]
		case int:
			b = b.([]any)[p]
		}
	}
	return b.(map[string]any)
}
