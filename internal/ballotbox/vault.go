package ballotbox

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Vault encrypts the pictures of scanned ballots and what was read of them
// (AES-256-GCM, bound to box, pile and sheet) under a key that stands outside
// the database: the database file or a backup alone shows no ballot.
type Vault struct{ aead cipher.AEAD }

// NewVault makes a vault whose key lives as long as the program.
func NewVault() (*Vault, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return newVault(key)
}

func newVault(key []byte) (*Vault, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	a, err := cipher.NewGCM(b)
	return &Vault{a}, err
}

// OpenVault reads the key from its file, 64 hex digits, or makes the file,
// readable by its owner alone.
func OpenVault(path string) (*Vault, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		text = []byte(hex.EncodeToString(key) + "\n")
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("ballotbox: key of scans: %w", err)
		}
		_, err = f.Write(text)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			os.Remove(path)
			return nil, fmt.Errorf("ballotbox: key of scans: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("ballotbox: key of scans: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("tệp khóa %s không phải 64 chữ số thập lục phân (the key file does not hold 64 hex digits)", path)
	}
	return newVault(key)
}

// place is where a sheet stands: what is encrypted for one place opens at no
// other.
func place(what, box string, pile int, id string) []byte {
	return fmt.Appendf(nil, "%s\n%s\n%d\n%s", what, box, pile, id)
}

func (v *Vault) close(plain, where []byte) ([]byte, error) {
	nonce := make([]byte, v.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return v.aead.Seal(bytes.Clone(nonce), nonce, plain, where), nil
}

func (v *Vault) open(sealed, where []byte) ([]byte, error) {
	n := v.aead.NonceSize()
	if len(sealed) < n {
		return nil, errKey
	}
	plain, err := v.aead.Open(nil, sealed[:n], sealed[n:], where)
	if err != nil {
		return nil, errKey
	}
	return plain, nil
}
