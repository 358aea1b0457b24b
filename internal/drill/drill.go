// Package drill tries a backup out before it is needed ("diễn tập phục hồi"):
// it restores the file into an empty temporary database and folder, verifies
// the whole ledger, rebuilds the tables from it and compares, and opens scans
// with the key that came along. It also keeps the book of backups and drills.
package drill

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// Report is what a drill found.
type Report struct {
	Entries int64         `json:"entries"` // restored and verified
	Scans   int64         `json:"scans"`   // kept in the vault
	Opened  int64         `json:"opened"`  // of those, opened and compared with their hash
	Took    time.Duration `json:"took"`
}

// maxOpened bounds the scans that a drill opens: the newest ones.
const maxOpened = 200

// Run tries a backup. cfg is the configuration of the house elsewhere (see
// desk.Elsewhere) without a database; prepare makes the tables that no room
// makes. Nothing of the house is touched, and nothing stays behind.
func Run(ctx context.Context, backup io.Reader, key string, elsewhere func(dir string) desk.Config, prepare func(context.Context, *store.DB) error) (r Report, err error) {
	start := time.Now()
	dir, remove, err := store.TempFolder() // keys lie in it: what a killed program leaves is swept
	if err != nil {
		return r, err
	}
	defer remove()
	cfg := elsewhere(dir)
	if cfg.DB, err = store.OpenTemp(ctx); err != nil {
		return r, err
	}
	defer cfg.DB.Close()
	if err := prepare(ctx, cfg.DB); err != nil {
		return r, err
	}
	res, err := desk.Restore(ctx, backup, key, cfg)
	if err != nil {
		return r, err
	}
	r.Entries = res.From.Size
	diffs, err := desk.RebuildCheck(ctx, cfg)
	if err != nil {
		return r, err
	}
	if len(diffs) > 0 {
		return r, fmt.Errorf("các bảng dựng lại khác với nhật ký ở %d chỗ, trước hết: %v (the rebuilt tables differ in %d places)", len(diffs), diffs[0], len(diffs))
	}
	err = openScans(ctx, cfg, filepath.Join(dir, "vault.key"), &r)
	r.Took = time.Since(start)
	return r, err
}

// openScans opens the newest scans with the key that came with the backup.
func openScans(ctx context.Context, cfg desk.Config, keyFile string, r *Report) error {
	return cfg.DB.Read(ctx, func(tx *store.Tx) error {
		n, _, err := vault.Count(ctx, tx)
		if r.Scans = n; err != nil || n == 0 {
			return err
		}
		if _, err := os.Stat(keyFile); errors.Is(err, os.ErrNotExist) {
			return errors.New("bản sao lưu này không mang khóa vault.key nên bản số hóa không mở được; hãy sao lưu có mã hóa, hoặc giữ riêng vault.key (the backup holds no vault.key, so the scans do not open; make encrypted backups, or keep vault.key apart)")
		}
		v, err := vault.Open(keyFile)
		if err != nil {
			return err
		}
		refs, err := vault.Newest(ctx, tx, maxOpened)
		if err != nil {
			return err
		}
		for _, f := range refs {
			if _, _, err := v.Get(ctx, tx, f.Owner, f.Hash); err != nil {
				return fmt.Errorf("bản số hóa không mở được (a scan does not open): %w", err)
			}
			r.Opened++
		}
		return nil
	})
}

// Line is one line of the book of backups and drills.
type Line struct {
	At     time.Time
	What   string // backup, drill, key
	OK     bool
	File   string // name of the file; the public key for "key"
	Size   int64
	Report *Report // of a drill that succeeded
	Wrong  string  // what was wrong
}

// Write adds a line to the book.
func Write(ctx context.Context, db *store.DB, l Line) error {
	detail := l.Wrong
	if l.Report != nil {
		raw, err := json.Marshal(l.Report)
		if err != nil {
			return err
		}
		detail = string(raw)
	}
	ok := int64(0)
	if l.OK {
		ok = 1
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Insert(ctx, "op_backup", []string{"id", "at", "what", "ok", "file", "size", "detail"},
			[][]any{{desk.NewID(), l.At.UTC().Format("2006-01-02T15:04:05.000Z"), l.What, ok, l.File, l.Size, detail}})
	})
}

// Book is the newest lines of one kind, newest first.
func Book(ctx context.Context, tx *store.Tx, what string, limit int) ([]Line, error) {
	rows, err := tx.Query(ctx, `SELECT at, what, ok, file, size, detail FROM op_backup WHERE what = $1 ORDER BY at DESC LIMIT $2`, what, int64(limit))
	if err != nil {
		return nil, err
	}
	return lines(rows)
}

func lines(rows *sql.Rows) (out []Line, err error) {
	defer rows.Close()
	for rows.Next() {
		var l Line
		var at, detail string
		var ok int64
		if err := rows.Scan(&at, &l.What, &ok, &l.File, &l.Size, &detail); err != nil {
			return nil, err
		}
		l.OK = ok != 0
		if l.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		if l.OK && l.What == "drill" {
			l.Report = &Report{}
			if err := json.Unmarshal([]byte(detail), l.Report); err != nil {
				return nil, err
			}
		} else {
			l.Wrong = detail
		}
		out = append(out, l)
	}
	return out, rows.Err()
}
