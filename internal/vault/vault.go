// Package vault keeps the bytes of papers: scans of a person's file, of signed
// minutes, of an old case. One vault for the whole house: whatever a room wants
// to attach goes through here and nowhere else.
//
// Each file stands under its owner (the subject of the ledger it belongs to,
// "person/…", "case/…") and the SHA-256 of its content, encrypted with age to
// the key of the house, which stands in a file outside the database: a database
// file or a plain backup shows no paper. The ledger holds the hash in a block
// beside the tree and never the content. Two owners of one paper each have
// their own copy, so that a lawful erasure for one leaves the other's whole.
//
// How a room attaches a file:
//
//	f, err := v.Put(ctx, tx, owner, content, now) // sniffed and bounded; a *desk.Error says why not
//	… act with f.Hash in a block; its Decide asks vault.Info(ctx, s.Tx, owner, hash)
//	… its Apply calls vault.Claim(ctx, tx, owner, hash)
//	… its Erase calls vault.Erase(ctx, tx, owner, hash)
//	content, f, err := v.Get(ctx, tx, owner, hash) // the page logs the view before it sends
//
// What was put and never claimed by an entry (a form given up half way) is
// swept after a day.
package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"filippo.io/age"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// MaxFile bounds one file: some hundred pages scanned in colour.
const MaxFile = 48 << 20

// Vault holds the key of the house.
type Vault struct {
	id  *age.X25519Identity
	pub string
}

// New makes a vault whose key lives as long as the program: for tests.
func New() (*Vault, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return &Vault{id, id.Recipient().String()}, nil
}

// Open reads the key from its file, an age identity, or makes the file,
// readable by its owner alone.
func Open(path string) (*Vault, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("vault: key file: %w", err)
		}
		_, err = fmt.Fprintf(f, "# public key: %s\n%s\n", id.Recipient(), id)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			os.Remove(path)
			return nil, fmt.Errorf("vault: key file: %w", err)
		}
		return &Vault{id, id.Recipient().String()}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vault: key file: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil {
			break
		}
		return &Vault{id, id.Recipient().String()}, nil
	}
	return nil, fmt.Errorf("tệp khóa %s không chứa khóa mở hồ sơ số hóa (the key file holds no key of the scans)", path)
}

// Key is the public half of the key of the house, as each file remembers it.
func (v *Vault) Key() string { return v.pub }

// File is a file kept in the vault.
type File struct {
	Owner   string    // subject of the ledger it belongs to
	Hash    string    // SHA-256 of its content, hex
	Kind    Kind      // told from the content, not from the name
	Size    int64     // bytes
	Made    time.Time // when it was put
	Claimed bool      // an entry of the ledger names it
}

// Errors of reading. Both are plain words for users.
var (
	ErrNone = desk.Missing("Bản số hóa này không còn hoặc chưa từng được lưu.", "This scan is not kept, or no longer.")
	ErrKey  = desk.Refuse("Máy này không có khóa mở bản số hóa này. Chép tệp vault.key từ thư mục dữ liệu cũ (hoặc từ bản sao lưu đã mã hóa) vào thư mục dữ liệu rồi khởi động lại.",
		"This machine lacks the key that opens the scan. Copy vault.key from the old data folder (or from an encrypted backup) into the data folder and start again.")
	ErrChanged = desk.Refuse("Bản số hóa đã bị sửa trong cơ sở dữ liệu: nội dung không còn đúng mã băm đã ghi.", "The scan was changed in the database: its content no longer has the hash on record.")
)

// Put keeps content for an owner and says what it is. Content that is none of
// the kinds taken, too large, or built to harm is refused in plain words
// (field "file"). The same content twice for one owner is kept once.
func (v *Vault) Put(ctx context.Context, tx *store.Tx, owner string, content []byte, now time.Time) (File, error) {
	if owner == "" || len(owner) > 200 {
		return File{}, fmt.Errorf("vault: %q cannot own a file", owner)
	}
	kind, err := Sniff(content)
	if err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(content)
	f := File{Owner: owner, Hash: hex.EncodeToString(sum[:]), Kind: kind, Size: int64(len(content)), Made: now.UTC().Truncate(time.Second)}
	if have, err := Info(ctx, tx, owner, f.Hash); err == nil {
		if have.Claimed {
			return have, nil
		}
		return f, tx.Run(ctx, `UPDATE op_vault SET made = $1 WHERE owner = $2 AND hash = $3`, f.Made.Format(time.RFC3339), owner, f.Hash)
	} else if !errors.Is(err, ErrNone) {
		return File{}, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, v.id.Recipient())
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return File{}, fmt.Errorf("vault: encrypt: %w", err)
	}
	err = tx.Insert(ctx, "op_vault", []string{"owner", "hash", "kind", "size", "made", "claimed", "key", "sealed"},
		[][]any{{owner, f.Hash, string(kind), f.Size, f.Made.Format(time.RFC3339), int64(0), v.pub, sealed.Bytes()}})
	if err != nil {
		return File{}, fmt.Errorf("vault: keep a file: %w", err)
	}
	return f, nil
}

// Get opens a file. Whoever calls it logs the view before anything is shown.
func (v *Vault) Get(ctx context.Context, tx *store.Tx, owner, hash string) ([]byte, File, error) {
	f, err := Info(ctx, tx, owner, hash)
	if err != nil {
		return nil, File{}, err
	}
	var sealed []byte
	if err := tx.QueryRow(ctx, `SELECT sealed FROM op_vault WHERE owner = $1 AND hash = $2`, owner, hash).Scan(&sealed); err != nil {
		return nil, File{}, fmt.Errorf("vault: %w", err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), v.id)
	if err != nil {
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return nil, f, ErrKey
		}
		return nil, f, ErrChanged
	}
	content, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, f, ErrChanged
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != hash || int64(len(content)) != f.Size {
		return nil, f, ErrChanged
	}
	return content, f, nil
}

// Info says what is kept, without opening it; ErrNone when nothing is.
func Info(ctx context.Context, tx *store.Tx, owner, hash string) (File, error) {
	f := File{Owner: owner, Hash: hash}
	var made string
	var claimed int64
	err := tx.QueryRow(ctx, `SELECT kind, size, made, claimed FROM op_vault WHERE owner = $1 AND hash = $2`, owner, hash).Scan(&f.Kind, &f.Size, &made, &claimed)
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, ErrNone
	}
	if err != nil {
		return File{}, fmt.Errorf("vault: %w", err)
	}
	f.Claimed = claimed != 0
	f.Made, err = time.Parse(time.RFC3339, made)
	return f, err
}

// Claim marks a file as named by an entry: from then on it is not swept. Rooms
// call it in Apply; where the file is not kept (a rebuild elsewhere, or erased)
// it does nothing.
func Claim(ctx context.Context, tx *store.Tx, owner, hash string) error {
	return tx.Run(ctx, `UPDATE op_vault SET claimed = 1 WHERE owner = $1 AND hash = $2`, owner, hash)
}

// Erase forgets a file for good: its row goes, and on SQLite the freed pages
// are overwritten. Rooms call it in Erase, when the block that named it goes.
func Erase(ctx context.Context, tx *store.Tx, owner, hash string) error {
	return tx.Run(ctx, `DELETE FROM op_vault WHERE owner = $1 AND hash = $2`, owner, hash)
}

// Sweep forgets what was put before a time and never claimed, and says how
// many files that were.
func Sweep(ctx context.Context, tx *store.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM op_vault WHERE claimed = 0 AND made < $1`, before.UTC().Format(time.RFC3339))
}

// Count is how many files are kept and how many bytes of content they are.
func Count(ctx context.Context, tx *store.Tx) (files, bytes int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(size), 0) FROM op_vault`).Scan(&files, &bytes)
	return files, bytes, err
}

// Newest lists files without opening them, the newest first.
func Newest(ctx context.Context, tx *store.Tx, limit int) ([]File, error) {
	rows, err := tx.Query(ctx, `SELECT owner, hash, kind, size, claimed FROM op_vault ORDER BY made DESC, owner, hash LIMIT $1`, int64(limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []File
	for rows.Next() {
		var f File
		var claimed int64
		if err := rows.Scan(&f.Owner, &f.Hash, &f.Kind, &f.Size, &claimed); err != nil {
			return nil, err
		}
		f.Claimed = claimed != 0
		out = append(out, f)
	}
	return out, rows.Err()
}
