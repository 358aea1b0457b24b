package person

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Saved is a search kept under a name: its owner's alone, or shared with
// everybody who may read persons. What it finds depends on who asks.
type Saved struct {
	ID, Actor, Name string
	Query           string // of the list's address
	Shared          bool
}

// keepGone is how long a search that was taken away can be brought back.
const keepGone = 30 * 24 * time.Hour

// maxSaved is how many searches one account keeps.
const maxSaved = 100

// SaveSearch keeps a search; one of the same name of the same owner is replaced.
func SaveSearch(ctx context.Context, db *store.DB, s Saved, now time.Time) (id string, err error) {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	if s.Name == "" || utf8.RuneCountInString(s.Name) > 80 {
		return "", desk.Wrong("name", "Hãy đặt tên cho bộ lọc, không quá 80 chữ.", "Give the search a name of at most 80 letters.")
	}
	if len(s.Query) > 4000 {
		return "", desk.Wrong("name", "Bộ lọc quá dài.", "The search is too long.")
	}
	id = desk.NewID()
	return id, db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Run(ctx, `DELETE FROM op_person_search WHERE actor = $1 AND (name = $2 AND gone = '' OR gone <> '' AND gone < $3)`, s.Actor, s.Name, now.Add(-keepGone).UTC().Format(stampForm)); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_person_search WHERE actor = $1 AND gone = ''`, s.Actor).Scan(&n); err != nil {
			return err
		}
		if n >= maxSaved {
			return desk.Refuse("Anh/chị đã lưu quá nhiều bộ lọc; hãy xóa bớt.", "You keep too many searches; take some away first.")
		}
		shared := int64(0)
		if s.Shared {
			shared = 1
		}
		return tx.Run(ctx, `INSERT INTO op_person_search (id, actor, name, query, shared, gone) VALUES ($1, $2, $3, $4, $5, '')`, id, s.Actor, s.Name, s.Query, shared)
	})
}

// Searches lists an account's own searches and the shared ones, by name.
func Searches(ctx context.Context, tx *store.Tx, actor string) ([]Saved, error) {
	rows, err := tx.Query(ctx, `SELECT id, actor, name, query, shared FROM op_person_search WHERE (actor = $1 OR shared = 1) AND gone = '' ORDER BY name, id`, actor)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Saved
	for rows.Next() {
		var s Saved
		var shared int64
		if err := rows.Scan(&s.ID, &s.Actor, &s.Name, &s.Query, &shared); err != nil {
			return nil, err
		}
		s.Shared = shared != 0
		out = append(out, s)
	}
	return out, rows.Err()
}

// DropSearch takes an own search away; it can be brought back for a month.
func DropSearch(ctx context.Context, db *store.DB, id, actor string, now time.Time) error {
	return changeSearch(ctx, db, id, actor, now.UTC().Format(stampForm))
}

// BringBackSearch undoes DropSearch.
func BringBackSearch(ctx context.Context, db *store.DB, id, actor string) error {
	return changeSearch(ctx, db, id, actor, "")
}

func changeSearch(ctx context.Context, db *store.DB, id, actor, gone string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE op_person_search SET gone = $1 WHERE id = $2 AND actor = $3`, gone, id, actor)
		if err == nil && n == 0 {
			err = desk.Missing("Không có bộ lọc này, hoặc do người khác lưu.", "There is no such search, or somebody else keeps it.")
		}
		return err
	})
}

// GoneSearch is an own search that was taken away; false when there is none.
func GoneSearch(ctx context.Context, tx *store.Tx, id, actor string) (Saved, bool, error) {
	s := Saved{ID: id, Actor: actor}
	err := tx.QueryRow(ctx, `SELECT name, query FROM op_person_search WHERE id = $1 AND actor = $2 AND gone <> ''`, id, actor).Scan(&s.Name, &s.Query)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	return s, err == nil, err
}

// ListColumns are the columns an account chose the last time, nil for none.
func ListColumns(ctx context.Context, tx *store.Tx, actor string) ([]string, error) {
	var text string
	err := tx.QueryRow(ctx, `SELECT columns FROM op_person_columns WHERE actor = $1`, actor).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return strings.Fields(text), err
}

// KeepListColumns remembers the columns of the list.
func KeepListColumns(ctx context.Context, db *store.DB, actor string, columns []string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Run(ctx, `INSERT INTO op_person_columns (actor, columns) VALUES ($1, $2) ON CONFLICT (actor) DO UPDATE SET columns = EXCLUDED.columns`, actor, strings.Join(columns, " "))
	})
}

// PostsByPerson lists the posts that some persons hold on a day, as known now.
func PostsByPerson(ctx context.Context, tx *store.Tx, ids []string, on vn.Date) (map[string][]Post, error) {
	out := map[string][]Post{}
	err := forEachPart(ids, func(marks string, args []any) error {
		q := &query{args: args}
		d := q.arg(on.String())
		ps, err := posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE v.person IN (`+marks+`) AND v.entry_to = -1 AND v.valid_from <= `+d+` AND (v.valid_to = '' OR v.valid_to > `+d+`) ORDER BY v.person, v.org, v.title, v.post`, q.args...)
		for _, p := range ps {
			out[p.Person] = append(out[p.Person], p)
		}
		return err
	})
	return out, err
}
