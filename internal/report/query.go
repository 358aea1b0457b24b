package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Closed is a closed set of figures.
type Closed struct {
	Entry                int64
	ID                   string
	Known                int64 // last entry the figures follow from
	Sheet                *Sheet
	Signing              Signing
	Present              bool // false: who signed is withheld or erased
	Replaces, ReplacedBy string
	Actor                string
	At                   time.Time
}

const closedCols = `entry, id, known, sheet, signing, replaces, replaced_by, actor, at`

func closedSets(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Closed, error) {
	rows, err := tx.Query(ctx, `SELECT `+closedCols+` FROM report_closed `+query, args...)
	if err != nil {
		return nil, fmt.Errorf("report: closed sets: %w", err)
	}
	defer rows.Close()
	var out []Closed
	for rows.Next() {
		c := Closed{Sheet: &Sheet{}}
		var sheet, signing, at string
		if err := rows.Scan(&c.Entry, &c.ID, &c.Known, &sheet, &signing, &c.Replaces, &c.ReplacedBy, &c.Actor, &at); err != nil {
			return nil, err
		}
		if c.Present = signing != ""; c.Present {
			err = json.Unmarshal([]byte(signing), &c.Signing)
		}
		if err := errors.Join(err, json.Unmarshal([]byte(sheet), c.Sheet)); err != nil {
			return nil, fmt.Errorf("report: set %s: %w", c.ID, err)
		}
		if c.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func find(ctx context.Context, tx *store.Tx, id string) (Closed, bool, error) {
	cs, err := closedSets(ctx, tx, `WHERE id = $1`, id)
	if err != nil || len(cs) == 0 {
		return Closed{}, false, err
	}
	return cs[0], true, nil
}

// Get reads a closed set.
func Get(ctx context.Context, tx *store.Tx, id string) (Closed, bool, error) {
	return find(ctx, tx, id)
}

// List lists closed sets, those of the latest day first; of one unit, or of all
// with unit "".
func List(ctx context.Context, tx *store.Tx, unit string, limit, offset int) ([]Closed, error) {
	if unit == "" {
		return closedSets(ctx, tx, `ORDER BY on_day DESC, entry DESC LIMIT $1 OFFSET $2`, limit, offset)
	}
	return closedSets(ctx, tx, `WHERE unit = $1 ORDER BY on_day DESC, entry DESC LIMIT $2 OFFSET $3`, unit, limit, offset)
}

// standingOf is the id of the set of a unit and day that nothing replaced.
func standingOf(ctx context.Context, tx *store.Tx, unit string, on vn.Date) (string, error) {
	cs, err := closedSets(ctx, tx, `WHERE unit = $1 AND on_day = $2 AND replaced_by = '' ORDER BY entry`, unit, on.String())
	if err != nil || len(cs) == 0 {
		return "", err
	}
	return cs[0].ID, nil
}

// Standing is the closed set of a unit and day that is in force, if there is one.
func Standing(ctx context.Context, tx *store.Tx, unit string, on vn.Date) (string, error) {
	return standingOf(ctx, tx, unit, on)
}
