package person

import (
	"context"

	"minhbach/internal/store"
)

// attrsIn reads the counted values of facts that stand now.
func attrsIn(ctx context.Context, tx *store.Tx, marks string, args []any, out map[string]standingOf) error {
	return nil
}

// whoseIdentity is the person whose identity an entry gave.
func whoseIdentity(ctx context.Context, tx *store.Tx, index int64) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT person FROM person_version WHERE content = $1`, index)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
