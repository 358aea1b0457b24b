package person

import (
	"context"
	"errors"
	"slices"
	"strings"

	"minhbach/internal/store"
)

// TalliedFields are the counted fields of facts that members are counted by at
// any date from signed changes: education, theory, State management.
func TalliedFields() []string {
	return []string{"general.level", "degree.level", "academic.title", "theory.level", "state-management.level"}
}

// attrsIn reads the counted values of facts that stand now.
func attrsIn(ctx context.Context, tx *store.Tx, marks string, args []any, out map[string]standingOf) error {
	rows, err := tx.Query(ctx, `SELECT person, field, value, valid_from, valid_to FROM person_attr
		WHERE field IN ('`+strings.Join(TalliedFields(), "', '")+`') AND person IN (`+marks+`) AND entry_to = -1 AND value <> '' ORDER BY person, field, item, valid_from`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, from, to string
		var a attr
		if err := rows.Scan(&id, &a.field, &a.value, &from, &to); err != nil {
			return err
		}
		if err := errors.Join(a.from.UnmarshalText([]byte(from)), a.to.UnmarshalText([]byte(to))); err != nil {
			return err
		}
		s := out[id]
		s.attrs = append(s.attrs, a)
		out[id] = s
	}
	return rows.Err()
}

// catchUpLevels draws the counts by level anew after an older release that
// counted every degree a person holds, not the highest.
func catchUpLevels(ctx context.Context, tx *store.Tx) error {
	fields := `('` + strings.Join(TalliedFields(), "', '") + `')`
	var drawn int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM person_tally WHERE grp IN `+fields+` LIMIT 1) t`).Scan(&drawn); err != nil || drawn > 0 {
		return err
	}
	ids, err := tx.Strings(ctx, `SELECT DISTINCT person FROM person_attr WHERE field IN `+fields+` AND entry_to = -1 AND value <> '' ORDER BY person`)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 1000) {
		all, err := standings(ctx, tx, part)
		if err != nil {
			return err
		}
		t := tally{}
		for _, id := range part {
			t.levels(all[id], +1)
		}
		if err := t.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// whose are the persons whose identity or fact an entry gave.
func whose(ctx context.Context, tx *store.Tx, index int64) ([]string, error) {
	return tx.Strings(ctx, `SELECT person FROM person_version WHERE content = $1 UNION SELECT person FROM person_attr WHERE content = $1 ORDER BY person`, index)
}
