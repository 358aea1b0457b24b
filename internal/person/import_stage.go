package person

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Upload is a file of persons that was handed in. It stands outside the ledger
// and only who handed it in sees it; one that was never confirmed is forgotten
// after a day, one that was is kept until its import is closed.
type Upload struct {
	ID, Actor, Home, Name string
	Content               []byte // emptied when the import is closed
	Plan                  []ImportRow
	Confirmed             bool
}

const stampForm = "2006-01-02T15:04:05Z"

// keepUpload is how long a file waits to be confirmed.
const keepUpload = 24 * time.Hour

// SweepStaged forgets the files that were handed in and never confirmed, a day
// after, and lists to be held against the record, a week after.
func SweepStaged(ctx context.Context, tx *store.Tx, now time.Time) error {
	if err := tx.Run(ctx, `DELETE FROM op_person_upload WHERE plan = '' AND at < $1`, now.Add(-keepUpload).UTC().Format(stampForm)); err != nil {
		return err
	}
	return tx.Run(ctx, `DELETE FROM op_person_match WHERE at < $1`, now.Add(-keepMatch).UTC().Format(stampForm))
}

// StageUpload keeps a file for the look before it is recorded.
func StageUpload(ctx context.Context, db *store.DB, actor, home, name string, content []byte, now time.Time) (string, error) {
	id := desk.NewID()
	return id, db.Write(ctx, func(tx *store.Tx) error {
		if err := SweepStaged(ctx, tx, now); err != nil {
			return err
		}
		return tx.Run(ctx, `INSERT INTO op_person_upload (id, actor, home, name, at, content, plan) VALUES ($1, $2, $3, $4, $5, $6, '')`,
			id, actor, home, name, now.UTC().Format(stampForm), content)
	})
}

// GetUpload is the file of an id, for the one who handed it in.
func GetUpload(ctx context.Context, tx *store.Tx, id, actor string) (*Upload, error) {
	u := &Upload{}
	var plan string
	err := tx.QueryRow(ctx, `SELECT id, actor, home, name, content, plan FROM op_person_upload WHERE id = $1 AND actor = $2`, id, actor).
		Scan(&u.ID, &u.Actor, &u.Home, &u.Name, &u.Content, &plan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, desk.Missing("Tệp này đã hết hạn hoặc do người khác tải lên; hãy tải lên lại.", "This file has expired or was uploaded by somebody else; upload it again.")
	}
	if err != nil {
		return nil, fmt.Errorf("person: upload: %w", err)
	}
	if u.Confirmed = plan != ""; u.Confirmed {
		err = json.Unmarshal([]byte(plan), &u.Plan)
	}
	return u, err
}

// LookUpload is an upload without its file and plan, and how many bytes the file
// has; 0 when there is none.
func LookUpload(ctx context.Context, tx *store.Tx, id, actor string) (u Upload, size int64, err error) {
	err = tx.QueryRow(ctx, `SELECT id, actor, home, name, plan <> '', length(content) FROM op_person_upload WHERE id = $1 AND actor = $2`, id, actor).
		Scan(&u.ID, &u.Actor, &u.Home, &u.Name, &u.Confirmed, &size)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return u, size, err
}

// ConfirmUpload keeps the plan that is to be recorded, once: what was looked
// at is what is recorded, however often the form is sent.
func ConfirmUpload(ctx context.Context, db *store.DB, id, actor, plan string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Run(ctx, `UPDATE op_person_upload SET plan = $1 WHERE id = $2 AND actor = $3 AND plan = ''`, plan, id, actor)
	})
}

// ClearUpload forgets the content of a file whose import is closed.
func ClearUpload(ctx context.Context, db *store.DB, id string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Run(ctx, `UPDATE op_person_upload SET content = $1, plan = '[]' WHERE id = $2`, []byte{}, id)
	})
}

func headersKey(header []string) string {
	var folded []string
	for _, h := range header {
		folded = append(folded, vn.Fold(h))
	}
	sum := sha256.Sum256([]byte(strings.Join(folded, "\x00")))
	return hex.EncodeToString(sum[:])
}

// RecallColumns are the columns that an actor chose for these headers the last
// time; nil when there was none. A column maps to -1 when it was left out.
func RecallColumns(ctx context.Context, tx *store.Tx, actor string, header []string) (map[string]int, error) {
	var text string
	err := tx.QueryRow(ctx, `SELECT columns FROM op_person_mapping WHERE actor = $1 AND headers = $2`, actor, headersKey(header)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m map[string]int
	return m, json.Unmarshal([]byte(text), &m)
}

// RememberColumns keeps the columns chosen for these headers.
func RememberColumns(ctx context.Context, db *store.DB, actor string, header []string, columns map[string]int) error {
	text, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Run(ctx, `INSERT INTO op_person_mapping (actor, headers, columns) VALUES ($1, $2, $3) ON CONFLICT (actor, headers) DO UPDATE SET columns = EXCLUDED.columns`, actor, headersKey(header), string(text))
	})
}
