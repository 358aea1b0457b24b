package desktest

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

//go:embed toyschema/*.sql
var toySchema embed.FS

// Toy is a room for tests of the desk: accounts that hold a number, and notes
// with personal words.
func Toy() desk.Room {
	schema, err := fs.Sub(toySchema, "toyschema")
	if err != nil {
		panic(err)
	}
	return desk.Room{
		Name: "toy", Schema: schema,
		Kinds: []string{"toy.added/1", "toy.noted/1", "toy.broken/1"},
		Apply: toyApply, Erase: toyErase,
	}
}

type toyAdded struct {
	ID string `json:"id"`
	By int64  `json:"by"`
}

// ErrToy is the fault of Fail.
var ErrToy = errors.New("toy: broken")

func toyApply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for _, r := range rs {
		var b toyAdded
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		switch r.Kind {
		case "toy.added/1":
			if err := tx.Run(ctx, `INSERT INTO toy_account (id, balance, entry) VALUES ($1, $2, $3)
				ON CONFLICT (id) DO UPDATE SET balance = toy_account.balance + excluded.balance, entry = excluded.entry`, b.ID, b.By, r.Index); err != nil {
				return err
			}
		case "toy.noted/1":
			var words string
			if raw, ok := r.Blocks["words"]; ok {
				if err := json.Unmarshal(raw, &words); err != nil {
					return err
				}
			}
			if err := tx.Run(ctx, `INSERT INTO toy_note (entry, id, words) VALUES ($1, $2, $3)`, r.Index, b.ID, words); err != nil {
				return err
			}
		case "toy.broken/1":
			if b.By == 1 {
				panic("toy: out of order")
			}
			if b.By == 2 {
				_, err := tx.Exec(ctx, `INSERT INTO toy_nowhere (id) VALUES (1)`)
				return err
			}
			return ErrToy
		}
	}
	return nil
}

func toyErase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	if block != "words" {
		return fmt.Errorf("toy: no block %q", block)
	}
	err := tx.Run(ctx, `UPDATE toy_note SET words = '' WHERE entry = $1`, index)
	return err
}

// ToySubject is the subject of a toy account.
func ToySubject(id string) string { return "toy/" + id }

// Add adds By to an account and, with Words, writes a note. It refuses what
// would make the account negative.
type Add struct {
	ID    string
	By    int64
	Words string
}

// Name, Subject, Need and Decide make Add an act.
func (a Add) Name() string    { return "toy.add" }
func (a Add) Subject() string { return ToySubject(a.ID) }
func (a Add) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }
func (a Add) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := Balance(ctx, s.Tx, a.ID)
	if err != nil {
		return nil, err
	}
	if b+a.By < 0 {
		return nil, desk.Refuse("Không đủ.", "Not enough.")
	}
	ds := []desk.Draft{{Kind: "toy.added/1", Subjects: []string{a.Subject()}, Body: toyAdded{a.ID, a.By}}}
	if a.Words != "" {
		ds = append(ds, desk.Draft{
			Kind: "toy.noted/1", Subjects: []string{a.Subject(), "toy/notes"}, Body: toyAdded{ID: a.ID},
			Blocks: []desk.DraftBlock{{Name: "words", Content: a.Words}},
		})
	}
	return ds, nil
}

// Balance is the number an account holds, 0 for one that does not exist.
func Balance(ctx context.Context, tx *store.Tx, id string) (int64, error) {
	var b int64
	err := tx.QueryRow(ctx, `SELECT balance FROM toy_account WHERE id = $1`, id).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return b, err
}

// Fail is an act that goes wrong in a way.
type Fail struct {
	Way string // "decide", "decide-panic", "decide-sql", "refuse-after-sql", "apply", "apply-panic", "apply-sql", "kind", "twice", "nothing"
}

// Name, Subject, Need and Decide make Fail an act.
func (f Fail) Name() string    { return "toy.fail" }
func (f Fail) Subject() string { return "toy/fail" }
func (f Fail) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }
func (f Fail) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	draft := desk.Draft{Kind: "toy.broken/1", Subjects: []string{"toy/fail"}, Body: toyAdded{}}
	switch f.Way {
	case "decide":
		return nil, ErrToy
	case "decide-panic":
		panic("toy: out of order")
	case "decide-sql", "refuse-after-sql":
		_, err := s.Tx.Exec(ctx, `SELECT broken FROM toy_nowhere`)
		if f.Way == "refuse-after-sql" {
			return nil, desk.Refuse("Không được.", "No.")
		}
		return nil, err
	case "kind":
		draft.Kind = "toy.unheard-of/1"
	case "twice":
		draft.Kind, draft.Subjects = "toy.added/1", []string{"toy/fail", "toy/fail"}
	case "apply-panic":
		draft.Body = toyAdded{By: 1}
	case "apply-sql":
		draft.Body = toyAdded{By: 2}
	case "nothing":
		return nil, nil
	}
	return []desk.Draft{draft}, nil
}
