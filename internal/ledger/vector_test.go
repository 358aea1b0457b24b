package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var write = flag.Bool("write", false, "write testdata/vector.txt anew")

// vector is one tiny ledger with every number that a second implementation
// needs to compare itself with.
func vector(t *testing.T) string {
	var b strings.Builder
	put := func(name string, v any) { fmt.Fprintf(&b, "%s: %s\n", name, fmt.Sprint(v)) }

	seed := make([]byte, 32)
	for i := range seed {
		seed[i] = byte(i)
	}
	pub := append([]byte{1}, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte("minhbach/mau\n"), pub...))
	vkey := fmt.Sprintf("minhbach/mau+%x+%s", sum[:4], base64.StdEncoding.EncodeToString(pub))
	skey := fmt.Sprintf("PRIVATE+KEY+minhbach/mau+%x+%s", sum[:4], base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)))
	put("seed", fmt.Sprintf("%x", seed))
	put("vkey", vkey)
	fp, err := Fingerprint(vkey)
	if err != nil {
		t.Fatal(err)
	}
	put("fingerprint", fp)

	salt := []byte("0123456789abcdef")
	content := []byte(`{"name":"Nguyễn Văn Mẫu"}`)
	commit := Commit("who", salt, content)
	put("block name", "who")
	put("block salt", fmt.Sprintf("%x", salt))
	put("block content", string(content))
	put("block hash", fmt.Sprintf("%x", commit))

	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	es := []Entry{
		{0, at, "person.recorded/1", "01A", "account/1", []Link{{"person/1", -1}}, json.RawMessage(`{}`), []BlockRef{{"who", commit}}},
		{1, at, "org.unit-founded/1", "01B", "account/1", []Link{{"org/\"1\"", -1}}, json.RawMessage(`{"seats":3}`), nil},
		{2, at.Add(1500 * time.Millisecond), "person.corrected/1", "01C", "", []Link{{"person/1", 0}, {"org/\"1\"", 1}}, json.RawMessage(`{"note":"đính chính"}`), nil},
	}
	var tree Tree
	var leaves LeafList
	for i, e := range es {
		line, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		h := LeafHash(line)
		leaves = append(leaves, h)
		tree.Append(h)
		put(fmt.Sprintf("entry %d", i), string(line))
		put(fmt.Sprintf("leaf %d", i), fmt.Sprintf("%x", h))
		put(fmt.Sprintf("root of %d", i+1), fmt.Sprintf("%x", tree.Root()))
	}
	c := Checkpoint{"minhbach/mau", 3, tree.Root()}
	p2 := Checkpoint{"minhbach/mau", 2, mustHash(t, 2, leaves)}
	put("paper code of 2", p2.PaperCode())
	put("paper code of 3", c.PaperCode())
	rp, err := tlog.ProveRecord(3, 0, Reader(leaves))
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range rp {
		put(fmt.Sprintf("proof of entry 0 in 3, %d", i), fmt.Sprintf("%x", h[:]))
	}
	tp, err := tlog.ProveTree(3, 2, Reader(leaves))
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range tp {
		put(fmt.Sprintf("proof from 2 to 3, %d", i), fmt.Sprintf("%x", h[:]))
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := c.Sign(s)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(msg, note.VerifierList(v)); err != nil || got != c {
		t.Fatalf("%+v %v", got, err)
	}
	b.WriteString("checkpoint of 3:\n" + string(msg))
	return b.String()
}

func mustHash(t *testing.T, n int64, leaves LeafList) [32]byte {
	h, err := tlog.TreeHash(n, Reader(leaves))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The published numbers never change, and the document prints them.
func TestVector(t *testing.T) {
	got := vector(t)
	if *write {
		if err := os.WriteFile("testdata/vector.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/vector.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the format changed:\n%s\nbut it was published as:\n%s", got, want)
	}
	doc, err := os.ReadFile("../../docs/formats/ledger.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "```\n"+string(want)+"```\n") {
		t.Error("docs/formats/ledger.md does not print testdata/vector.txt as it is")
	}
}
