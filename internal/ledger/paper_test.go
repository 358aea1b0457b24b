package ledger

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

func TestPaperCodeIsReadAsPeopleTypeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Checkpoint{Size: rapid.Int64Range(0, 1e15).Draw(t, "size"), Root: leaf(rapid.Int64Range(0, 1<<60).Draw(t, "root"))}
		code := c.PaperCode()
		typed := code
		switch rapid.IntRange(0, 4).Draw(t, "how") {
		case 1:
			typed = strings.ToLower(code)
		case 2:
			typed = strings.ReplaceAll(code, "-", " ")
		case 3:
			typed = strings.ReplaceAll(code, "-", "")
		case 4:
			typed = strings.NewReplacer("0", "O", "1", "l", "-", " – ").Replace(code)
		}
		p, err := ParsePaperCode(typed)
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if !p.Matches(c) || p.String() != code || p.Size != c.Size {
			t.Fatalf("%q is read as %s", typed, p)
		}
		if p.Matches(Checkpoint{Size: c.Size + 1, Root: c.Root}) || p.Matches(Checkpoint{Size: c.Size, Root: leaf(-1)}) {
			t.Fatal("another checkpoint matches")
		}
	})
}

// Every single wrong symbol and every two neighbours exchanged is called a
// slip, never a mismatch.
func TestPaperCodeTellsSlips(t *testing.T) {
	code := Checkpoint{Size: 120463, Root: leaf(7)}.PaperCode()
	slips := 0
	for i := range code {
		if code[i] == '-' {
			continue
		}
		for _, r := range alphabet {
			wrong := code[:i] + string(r) + code[i+1:]
			if wrong == code {
				continue
			}
			if _, err := ParsePaperCode(wrong); err == nil {
				t.Fatalf("%s is read although %s was printed", wrong, code)
			} else if errors.Is(err, ErrSlip) {
				slips++
			}
		}
		j := i + 1
		if j < len(code) && code[j] == '-' {
			j++
		}
		if j < len(code) && code[i] != code[j] {
			b := []byte(code)
			b[i], b[j] = b[j], b[i]
			if _, err := ParsePaperCode(string(b)); err == nil {
				t.Fatalf("%s is read although %s was printed", b, code)
			}
		}
	}
	if slips < 600 {
		t.Fatalf("only %d slips were called so", slips)
	}
}

func TestPaperCodeRefusesOtherThings(t *testing.T) {
	for _, s := range []string{"", "12", "1204-ABCD", strings.Repeat("A", 300), "12U4-0000-0000-0000-0000-0000-0", "ABCD-0000-0000-0000-0000-0000-0", strings.Repeat("9", 40)} {
		if p, err := ParsePaperCode(s); err == nil {
			t.Errorf("%q is read as %s", s, p)
		}
	}
}

func FuzzParsePaperCode(f *testing.F) {
	f.Add(Checkpoint{Size: 5, Root: leaf(1)}.PaperCode())
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePaperCode(s)
		if err != nil {
			return
		}
		if q, err := ParsePaperCode(p.String()); err != nil || q != p {
			t.Fatalf("%q is read as %s, which is read as %s (%v)", s, p, q, err)
		}
	})
}

func TestCheckpointIsSignedByItsOwnLog(t *testing.T) {
	key := func(origin string) (note.Signer, note.Verifier, string) {
		skey, vkey, err := GenerateKey(origin, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := note.NewSigner(skey)
		if err != nil {
			t.Fatal(err)
		}
		v, err := note.NewVerifier(vkey)
		if err != nil {
			t.Fatal(err)
		}
		return s, v, vkey
	}
	s, v, vkey := key("minhbach/mau")
	s2, v2, vkey2 := key("minhbach/mau")
	_, other, _ := key("minhbach/khac")
	c := Checkpoint{"minhbach/mau", 12, leaf(3)}
	msg, err := c.Sign(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenCheckpoint(msg, note.VerifierList(v))
	if err != nil || got != c {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := UnsafeCheckpoint(msg); err != nil || got != c {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, vs := range map[string]note.Verifiers{"new key, same name": note.VerifierList(v2), "other log": note.VerifierList(other), "none": nil} {
		if _, err := OpenCheckpoint(msg, vs); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for i := range msg {
		bad := append([]byte(nil), msg...)
		bad[i] ^= 1
		if got, err := OpenCheckpoint(bad, note.VerifierList(v)); err == nil && got == c {
			continue // the unsigned base64 tail may carry bits that mean nothing
		} else if err == nil {
			t.Fatalf("byte %d changed: accepted as %+v", i, got)
		}
	}
	if _, err := (Checkpoint{"minhbach/khac", 12, leaf(3)}).Sign(s2); err == nil {
		t.Error("a key signed for another log")
	}
	for _, text := range []string{"minhbach/mau\n12\nAAAA\n", "minhbach/mau\n012\n" + strings.SplitN(c.Text(), "\n", 3)[2], c.Text() + "more\n"} {
		msg, err := note.Sign(&note.Note{Text: text}, s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCheckpoint(msg, note.VerifierList(v)); err == nil {
			t.Errorf("%q: accepted", text)
		}
	}
	a, err := Fingerprint(vkey)
	if err != nil || len(a) != 24 {
		t.Fatalf("%q %v", a, err)
	}
	if b, _ := Fingerprint(vkey2); b == a {
		t.Error("two keys, one fingerprint")
	}
	if _, err := Fingerprint("nonsense"); err == nil {
		t.Error("a fingerprint of nonsense")
	}
	for _, origin := range []string{"other/x", "minhbach/a b", "minhbach/a+b", "minhbach/\n"} {
		if _, _, err := GenerateKey(origin, rand.Reader); err == nil {
			t.Errorf("%q: accepted", origin)
		}
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	f.Add([]byte(Checkpoint{"minhbach/mau", 12, leaf(3)}.Text() + "\n— minhbach/mau AAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		if c, err := UnsafeCheckpoint(msg); err == nil && !strings.HasPrefix(string(msg), c.Text()) {
			t.Fatalf("%q is read as %+v", msg, c)
		}
	})
}
