package desk

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"

	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// A backup is lines of JSON, compressed, and with a passphrase encrypted by
// age: a head, the entries with their blocks, files kept as blobs, the tables
// op_… (but sessions and ballots being keyed), and an end that holds the signed checkpoint. It names
// no database: what SQLite wrote PostgreSQL reads. An encrypted one also holds
// the key files of the house (Config.Keep), and is then of version 2.
const (
	backupVersion  = 1
	backupWithKeys = 2
)

type backupHead struct {
	Version int    `json:"minhbach-backup"`
	Made    string `json:"made"`
	Key     string `json:"key"` // verifier key of the log
	Size    int64  `json:"size"`
}

// backupLine is any line after the head; one of its parts is there.
type backupLine struct {
	Entry json.RawMessage `json:"entry,omitempty"` // canonical bytes
	Block *backupBlock    `json:"block,omitempty"` // of the entry before
	Blob  *string         `json:"blob,omitempty"`  // base64
	Key   *backupKey      `json:"key,omitempty"`
	Table *backupTable    `json:"table,omitempty"` // rows follow
	Row   []any           `json:"row,omitempty"`
	End   *backupEnd      `json:"end,omitempty"`
}

type backupBlock struct {
	Name    string          `json:"name"`
	Salt    []byte          `json:"salt"`
	Content json.RawMessage `json:"content"`
}

type backupTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

type backupEnd struct {
	Entries    int64  `json:"entries"`
	Blocks     int64  `json:"blocks"`
	Blobs      int64  `json:"blobs"`
	Rows       int64  `json:"rows"`
	Keys       int64  `json:"keys,omitzero"`
	Checkpoint string `json:"checkpoint"`
}

// Backup writes the whole record of a database to w, from one snapshot, also
// while a desk is open on it. With a passphrase, or the public half of a key
// (age1…, see NewBackupKey), it is encrypted, and holds the key files of the house
// too. A ledger that
// does not match its signed checkpoint is not backed up: the backup would be
// signed in its turn.
func Backup(ctx context.Context, cfg Config, w io.Writer, passphrase string) error {
	d, err := prepare(ctx, cfg)
	if err != nil {
		return err
	}
	if d.key, err = readKey(cfg.KeyFile); err != nil {
		return fmt.Errorf("sao lưu (backup): %w", err)
	}
	return d.Backup(ctx, w, passphrase)
}

// Backup is the function Backup on an open desk.
func (d *Desk) Backup(ctx context.Context, w io.Writer, passphrase string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("sao lưu (backup): %w", err)
		}
	}()
	var sealed io.WriteCloser
	if passphrase != "" {
		to, err := recipientOf(passphrase)
		if err != nil {
			return err
		}
		if sealed, err = age.Encrypt(w, to); err != nil {
			return err
		}
		w = sealed
	}
	z := gzip.NewWriter(w)
	b := &backup{d: d, keys: sealed != nil, out: bufio.NewWriterSize(z, 1<<16)}
	b.enc = json.NewEncoder(b.out)
	b.enc.SetEscapeHTML(false)
	if err := d.db.Read(ctx, func(tx *store.Tx) error { return b.write(ctx, tx) }); err != nil {
		return err
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if sealed != nil {
		return sealed.Close()
	}
	return nil
}

type backup struct {
	d    *Desk
	keys bool // encrypted: the key files of the house go in
	out  *bufio.Writer
	enc  *json.Encoder
	end  backupEnd
}

func (b *backup) write(ctx context.Context, tx *store.Tx) error {
	size, whole, err := ledgerSize(ctx, tx)
	if err != nil {
		return err
	}
	if !whole {
		return both("nhật ký thiếu mục", "entries of the ledger are missing")
	}
	keys, err := b.readKeys()
	if err != nil {
		return err
	}
	version := backupVersion
	if len(keys) > 0 {
		version = backupWithKeys
	}
	if err := b.enc.Encode(backupHead{version, stamp(b.d.cfg.Clock()), b.d.key.vkey, size}); err != nil {
		return err
	}
	root, err := b.entries(ctx, tx, size)
	if err != nil {
		return err
	}
	if err := b.blobs(ctx, tx); err != nil {
		return err
	}
	if err := b.tables(ctx, tx); err != nil {
		return err
	}
	for i := range keys {
		b.end.Keys++
		if err := b.enc.Encode(backupLine{Key: &keys[i]}); err != nil {
			return err
		}
	}
	signed, err := ledger.Checkpoint{Origin: b.d.key.origin, Size: size, Root: root}.Sign(b.d.key.signer)
	if err != nil {
		return err
	}
	b.end.Entries, b.end.Checkpoint = size, string(signed)
	return b.enc.Encode(backupLine{End: &b.end})
}

// entries writes entries and blocks, and checks on the way what the signed
// checkpoint says of them.
func (b *backup) entries(ctx context.Context, tx *store.Tx, size int64) (root [32]byte, err error) {
	cp, _, err := readCheckpoint(b.d.cfg.CheckpointFile, b.d.key)
	if err != nil && !errors.Is(err, errNoCheckpoint) {
		return root, err
	}
	var tree ledger.Tree
	for from := int64(0); from < size; from += replayChunk {
		rows, err := readRaw(ctx, tx, from, min(from+replayChunk, size))
		if err != nil {
			return root, err
		}
		for i := range rows {
			r := &rows[i]
			r.check()
			if r.err != nil || r.leafBad || r.blockBad || r.idx != tree.Size() || r.entry.Index != r.idx {
				return root, both("mục %d đã bị sửa trong cơ sở dữ liệu", "entry %d was changed in the database", tree.Size())
			}
			tree.Append(ledger.LeafHash(r.data))
			if tree.Size() == cp.Size && tree.Root() != cp.Root {
				return root, both("%d mục đầu không phải là các mục của điểm kiểm tra đã ký", "the first %d entries are not those of the signed checkpoint", cp.Size)
			}
			if err := b.enc.Encode(backupLine{Entry: r.data}); err != nil {
				return root, err
			}
			for _, bl := range r.blocks {
				b.end.Blocks++
				if err := b.enc.Encode(backupLine{Block: &backupBlock{bl.Name, bl.Salt, bl.Content}}); err != nil {
					return root, err
				}
			}
		}
	}
	// The checkpoint may be newer than our snapshot by the entries of a
	// moment; one that is older than the file of an idle desk is a cut.
	if cp.Size > tree.Size() && cp.Size > b.d.committedSize(ctx) {
		return root, both("nhật ký còn %d mục, điểm kiểm tra đã ký có %d mục: phần cuối bị mất", "the ledger has %d entries, its signed checkpoint %d: its end was cut off", tree.Size(), cp.Size)
	}
	return tree.Root(), nil
}

// committedSize is the size of the ledger now, after the snapshot.
func (d *Desk) committedSize(ctx context.Context) (size int64) {
	_ = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		size, _, err = ledgerSize(ctx, tx)
		return err
	})
	return size
}

func (b *backup) blobs(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Query(ctx, `SELECT content FROM op_blob ORDER BY hash`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var content []byte
		if err := rows.Scan(&content); err != nil {
			return err
		}
		text := base64.StdEncoding.EncodeToString(content)
		b.end.Blobs++
		if err := b.enc.Encode(backupLine{Blob: &text}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// kept says whether a table outside the ledger goes into a backup: not what
// is written otherwise (blobs, migrations), and no sessions, which end with
// the machine they were opened on.
func kept(table string) bool {
	return strings.HasPrefix(table, "op_") && table != "op_blob" && !strings.HasPrefix(table, "op_schema_") && !strings.Contains(table, "session")
}

// secret says whether a table is left out of new backups: ballots in the order
// they are being keyed leave no copy.
func secret(table string) bool { return strings.HasSuffix(table, "_ballot") }

func (b *backup) tables(ctx context.Context, tx *store.Tx) error {
	names, err := b.d.db.Tables(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if kept(name) && !secret(name) {
			if err := b.table(ctx, tx, name); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
		}
	}
	return nil
}

func (b *backup) table(ctx context.Context, tx *store.Tx, name string) error {
	rows, err := tx.Query(ctx, `SELECT * FROM `+name)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := b.enc.Encode(backupLine{Table: &backupTable{name, cols}}); err != nil {
		return err
	}
	w := &walker{rows: rows, n: len(cols)}
	for w.next(); w.row != nil; w.next() {
		b.end.Rows++
		if err := b.enc.Encode(map[string]any{"row": packRow(w.row)}); err != nil {
			return err
		}
	}
	return w.err
}

// packRow writes bytes as {"bytes": base64}, so that they come back as bytes;
// whole numbers are read back as such.
func packRow(row []any) []any {
	out := make([]any, len(row))
	for i, v := range row {
		switch x := v.(type) {
		case []byte:
			out[i] = map[string][]byte{"bytes": x}
		case time.Time:
			out[i] = stamp(x)
		default:
			out[i] = x
		}
	}
	return out
}
