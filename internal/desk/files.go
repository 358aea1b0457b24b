package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"minhbach/internal/ledger"
)

// logKey is the key that signs this log's checkpoints.
type logKey struct {
	origin string
	vkey   string
	signer note.Signer
	check  note.Verifiers
	digest []byte // key of the hashes in op_act, derived
}

// readKey reads the key file: the secret key and the verifier key, one a line.
func readKey(path string) (*logKey, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != 2 {
		return nil, both("tệp khóa nhật ký %s không chứa đủ khóa ký và khóa kiểm tra", "log key file %s: it does not hold a secret and a verifier key", path)
	}
	return parseKey(lines[0], lines[1])
}

func parseKey(skey, vkey string) (*logKey, error) {
	s, err := note.NewSigner(skey)
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	if s.Name() != v.Name() || s.KeyHash() != v.KeyHash() {
		return nil, errors.New("log key: the secret and the verifier key are not a pair")
	}
	d := sha256.Sum256([]byte("minhbach act digest v1\n" + skey))
	return &logKey{s.Name(), vkey, s, note.VerifierList(v), d[:]}, nil
}

// makeKey makes a key for a new log and writes its file, readable by the owner
// alone. An existing file is never overwritten.
func makeKey(path string) (*logKey, error) {
	var name [5]byte
	_, _ = rand.Read(name[:]) // crypto/rand does not fail
	skey, vkey, err := ledger.GenerateKey("minhbach/"+hex.EncodeToString(name[:]), rand.Reader)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, both("đã có tệp khóa nhật ký %s, không ghi đè", "log key file %s exists already and is not overwritten", path)
	}
	if err := writeFile(path, []byte(skey+"\n"+vkey+"\n"), true); err != nil {
		return nil, fmt.Errorf("log key file: %w", err)
	}
	return parseKey(skey, vkey)
}

// writeFile puts a whole file in place by rename: a reader sees the old or the
// new one, never a part.
func writeFile(path string, content []byte, sync bool) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(content); err != nil {
		return err
	}
	if sync {
		if err = f.Sync(); err != nil {
			return err
		}
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// errNoCheckpoint says that the checkpoint file is not there.
var errNoCheckpoint = errors.New("desk: no checkpoint file")

// readCheckpoint reads and checks the file of the last signed checkpoint.
func readCheckpoint(path string, key *logKey) (ledger.Checkpoint, []byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.Checkpoint{}, nil, errNoCheckpoint
	}
	if err != nil {
		return ledger.Checkpoint{}, nil, err
	}
	c, err := ledger.OpenCheckpoint(b, key.check)
	if err == nil && c.Origin != key.origin {
		err = fmt.Errorf("it is of log %s, not of %s", c.Origin, key.origin)
	}
	if err != nil {
		return ledger.Checkpoint{}, nil, both("tệp điểm kiểm tra %s: %v", "checkpoint file %s: %v", path, err)
	}
	return c, b, nil
}
