package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint says that the log named Origin held Size entries whose tree has
// this Root. Signed, it is the log's word; its paper code on signed minutes
// makes the paper a witness.
type Checkpoint struct {
	Origin string // "minhbach/<name>", also the name of the signing key
	Size   int64
	Root   [32]byte
}

// Text is the body of the note: origin, size and root in base64, one a line
// (the transparency logs' checkpoint, without extension lines).
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// Sign makes the signed note. The signer's name must be the origin.
func (c Checkpoint) Sign(s note.Signer) ([]byte, error) {
	if s.Name() != c.Origin {
		return nil, fmt.Errorf("ledger: key %q cannot sign for log %q", s.Name(), c.Origin)
	}
	return note.Sign(&note.Note{Text: c.Text()}, s)
}

// maxNote bounds a signed checkpoint.
const maxNote = 16 << 10

// OpenCheckpoint reads a signed note, checks that it is signed by one of the
// known keys under the log's own name, and reads it strictly.
func OpenCheckpoint(msg []byte, vs note.Verifiers) (Checkpoint, error) {
	if len(msg) > maxNote {
		return Checkpoint{}, errors.New("ledger: checkpoint is too long")
	}
	n, err := note.Open(msg, vs)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("ledger: checkpoint of %q is not signed by that log", c.Origin)
}

// UnsafeCheckpoint reads the text of a signed note without looking at the
// signature: to learn which log it claims to be.
func UnsafeCheckpoint(msg []byte) (Checkpoint, error) {
	text, _, ok := strings.Cut(string(msg[:min(len(msg), maxNote)]), "\n\n")
	if !ok {
		return Checkpoint{}, errors.New("ledger: checkpoint is not a signed note")
	}
	return parseCheckpoint(text + "\n")
}

func parseCheckpoint(text string) (Checkpoint, error) {
	bad := errors.New("ledger: checkpoint is not of the form origin, size, root")
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return Checkpoint{}, bad
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size>>62 != 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, bad
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != 32 {
		return Checkpoint{}, bad
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: [32]byte(root)}
	if c.Text() != text {
		return Checkpoint{}, bad
	}
	return c, nil
}

// GenerateKey makes an Ed25519 key of the log: skey is secret, vkey is given
// to whoever checks. The origin is "minhbach/<name>".
func GenerateKey(origin string, rand io.Reader) (skey, vkey string, err error) {
	if !strings.HasPrefix(origin, "minhbach/") || len(origin) > MaxText {
		return "", "", fmt.Errorf("ledger: %q is not an origin of the form minhbach/<name>", origin)
	}
	if err := checkText("origin", origin); err != nil {
		return "", "", fmt.Errorf("ledger: %w", err)
	}
	skey, vkey, err = note.GenerateKey(rand, origin)
	if err == nil {
		_, err = note.NewVerifier(vkey) // also refuses names a note cannot carry
	}
	if err != nil {
		return "", "", fmt.Errorf("ledger: key for %q: %w", origin, err)
	}
	return skey, vkey, nil
}
