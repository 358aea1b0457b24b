package person

import (
	"context"
	"fmt"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// CountUnits is how many members have which value of a group on a day, as known
// now, by the unit they are placed in: what tables with a row for each unit are
// made of. Like Count it sums signed changes and reads nobody's row.
func CountUnits(ctx context.Context, tx *store.Tx, group string, on vn.Date) (map[string]map[string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT unit, value, SUM(n) FROM person_tally WHERE grp = $1 AND unit > '' AND on_day <= $2 GROUP BY unit, value`, group, on.String())
	if err != nil {
		return nil, fmt.Errorf("person: counts by unit: %w", err)
	}
	defer rows.Close()
	out := map[string]map[string]int64{}
	for rows.Next() {
		var unit, value string
		var n int64
		if err := rows.Scan(&unit, &value, &n); err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		if out[unit] == nil {
			out[unit] = map[string]int64{}
		}
		out[unit][value] = n
	}
	return out, rows.Err()
}
