package election

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Upload is a file that was handed in and not recorded yet. It stands outside
// the ledger, is seen by nobody but who handed it in, and is forgotten after a
// day.
type Upload struct {
	ID, Actor, Event, Name string
	Content                []byte
}

// keepUpload is how long a file waits to be confirmed.
const keepUpload = 24 * time.Hour

// Stage keeps a file for the preview and gives its id. Files older than a day
// go.
func Stage(ctx context.Context, db *store.DB, actor, event, name string, content []byte, now time.Time) (string, error) {
	id := desk.NewID()
	err := db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Run(ctx, `DELETE FROM op_election_upload WHERE at < $1`, stamp(now.Add(-keepUpload))); err != nil {
			return err
		}
		err := tx.Run(ctx, `INSERT INTO op_election_upload (id, actor, event, name, at, content) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, actor, event, name, stamp(now), content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("election: keep upload: %w", err)
	}
	return id, nil
}

// Staged is the file of an id, for the one who handed it in.
func Staged(ctx context.Context, tx *store.Tx, id, actor, event string) (*Upload, error) {
	u := &Upload{}
	err := tx.QueryRow(ctx, `SELECT id, actor, event, name, content FROM op_election_upload WHERE id = $1 AND actor = $2 AND event = $3`, id, actor, event).
		Scan(&u.ID, &u.Actor, &u.Event, &u.Name, &u.Content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, desk.Missing("Tệp này đã được nhập hoặc đã hết hạn; hãy tải lên lại.", "This file was recorded already or has expired; upload it again.")
	}
	if err != nil {
		return nil, fmt.Errorf("election: upload: %w", err)
	}
	return u, nil
}

// Unstage forgets a file once it is recorded.
func Unstage(ctx context.Context, db *store.DB, id string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Run(ctx, `DELETE FROM op_election_upload WHERE id = $1`, id)
		return err
	})
}
