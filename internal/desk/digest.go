package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"minhbach/internal/store"
)

// TableDigests gives, for each table but those named op_…, the number of its
// rows and a hash of their content, the same on SQLite and PostgreSQL: for the
// golden ledger that every release replays to the same tables.
func TableDigests(ctx context.Context, db *store.DB) (map[string]string, error) {
	names, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string)
	err = db.Read(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			if strings.HasPrefix(name, "op_") {
				continue
			}
			if out[name], err = tableDigest(ctx, tx, name); err != nil {
				return fmt.Errorf("desk: digest of table %s: %w", name, err)
			}
		}
		return nil
	})
	return out, err
}

func tableDigest(ctx context.Context, tx *store.Tx, name string) (string, error) {
	cols, err := tableColumns(ctx, tx, name)
	if err != nil {
		return "", err
	}
	rows, err := tx.Query(ctx, `SELECT `+strings.Join(cols, ", ")+` FROM `+name+` ORDER BY `+strings.Join(cols, " NULLS FIRST, ")+" NULLS FIRST")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	h := sha256.New()
	fmt.Fprintln(h, cols)
	n := 0
	w := &walker{rows: rows, n: len(cols)}
	for w.next(); w.row != nil; w.next() {
		n++
		for _, v := range w.row {
			switch x := v.(type) {
			case []byte:
				fmt.Fprintf(h, "bytes %d %s\n", len(x), x)
			case string:
				fmt.Fprintf(h, "text %d %s\n", len(x), x)
			default:
				fmt.Fprintf(h, "%v\n", x)
			}
		}
	}
	return strconv.Itoa(n) + " " + hex.EncodeToString(h.Sum(nil)[:16]), w.err
}

func tableColumns(ctx context.Context, tx *store.Tx, name string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT * FROM `+name+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return rows.Columns()
}
