package person

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// MatchFile is a list of another system that was handed in; only who did sees
// it, and it is forgotten after keepMatch.
type MatchFile struct {
	ID, Actor, Root, Name string
	On                    vn.Date
	Content               []byte
	Decided               map[int]string // line → person, or MatchNone
}

const keepMatch = 7 * 24 * time.Hour

// StageMatch keeps a list to be held against the record.
func StageMatch(ctx context.Context, db *store.DB, f MatchFile, now time.Time) (string, error) {
	id := desk.NewID()
	return id, db.Write(ctx, func(tx *store.Tx) error {
		if err := SweepStaged(ctx, tx, now); err != nil {
			return err
		}
		return tx.Run(ctx, `INSERT INTO op_person_match (id, actor, root, on_day, name, at, content, decided) VALUES ($1, $2, $3, $4, $5, $6, $7, '{}')`,
			id, f.Actor, f.Root, f.On.String(), f.Name, now.UTC().Format(stampForm), f.Content)
	})
}

// GetMatchFile is the list of an id, for the one who handed it in.
func GetMatchFile(ctx context.Context, tx *store.Tx, id, actor string) (*MatchFile, error) {
	f := &MatchFile{}
	var on, decided string
	err := tx.QueryRow(ctx, `SELECT id, actor, root, on_day, name, content, decided FROM op_person_match WHERE id = $1 AND actor = $2`, id, actor).
		Scan(&f.ID, &f.Actor, &f.Root, &on, &f.Name, &f.Content, &decided)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, desk.Missing("Tệp này đã hết hạn hoặc do người khác tải lên; hãy tải lên lại.", "This file has expired or was uploaded by somebody else; upload it again.")
	}
	if err != nil {
		return nil, err
	}
	return f, errors.Join(f.On.UnmarshalText([]byte(on)), json.Unmarshal([]byte(decided), &f.Decided))
}

// DecideMatch keeps what a person decided about doubtful lines; "" takes a
// decision back.
func DecideMatch(ctx context.Context, db *store.DB, id, actor string, said map[int]string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		f, err := GetMatchFile(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		if f.Decided == nil {
			f.Decided = map[int]string{}
		}
		for line, who := range said {
			if f.Decided[line] = who; who == "" {
				delete(f.Decided, line)
			}
		}
		text, err := json.Marshal(f.Decided)
		if err != nil {
			return err
		}
		return tx.Run(ctx, `UPDATE op_person_match SET decided = $1 WHERE id = $2`, string(text), id)
	})
}
