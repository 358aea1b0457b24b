package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// LeafHash is the Merkle leaf of an entry's canonical bytes: SHA-256 of a zero
// byte and the bytes (RFC 6962). It needs no parsing.
func LeafHash(data []byte) [32]byte { return tlog.RecordHash(data) }

const commitPrefix = "minhbach block v1\n"

// Commit is the salted hash by which an entry is bound to a block: SHA-256 of
// the line "minhbach block v1\n", one byte with the length of the name, the
// name, one byte with the length of the salt, the salt, and the content. The
// salt keeps a short content (a name, a date) from being found by guessing.
func Commit(name string, salt, content []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte(commitPrefix))
	h.Write([]byte{byte(len(name))})
	h.Write([]byte(name))
	h.Write([]byte{byte(len(salt))})
	h.Write(salt)
	h.Write(content)
	return [32]byte(h.Sum(nil))
}

// Validate says whether the block has the form that Commit and bundles need.
func (b Block) Validate() error {
	switch {
	case len(b.Salt) != SaltSize:
		return fmt.Errorf("ledger: block %q of entry %d: the salt is %d bytes, not %d", b.Name, b.Index, len(b.Salt), SaltSize)
	case len(b.Content) > MaxContent:
		return fmt.Errorf("ledger: block %q of entry %d is %d bytes, more than %d", b.Name, b.Index, len(b.Content), MaxContent)
	}
	err := checkText("name", b.Name)
	if err == nil && len(b.Name) > 255 {
		err = errors.New("name is longer than 255 bytes")
	}
	if err == nil {
		err = CheckCompact(b.Content)
	}
	if err != nil {
		return fmt.Errorf("ledger: block %q of entry %d: %w", b.Name, b.Index, err)
	}
	return nil
}

// Matches says whether the block is the one the entry committed to.
func (b Block) Matches(e Entry) bool {
	for _, r := range e.Blocks {
		if r.Name == b.Name {
			return b.Index == e.Index && r.Hash == Commit(b.Name, b.Salt, b.Content)
		}
	}
	return false
}
