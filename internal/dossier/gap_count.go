package dossier

import (
	"context"
	"maps"
	"slices"

	"minhbach/internal/store"
)

// recount draws the rows of dossier_gap of some persons anew from what now
// stands of their files.
func recount(ctx context.Context, tx *store.Tx, persons map[string]bool) error {
	for _, who := range slices.Sorted(maps.Keys(persons)) {
		if err := recountOne(ctx, tx, who); err != nil {
			return err
		}
	}
	return nil
}

func recountOne(ctx context.Context, tx *store.Tx, who string) error {
	if err := tx.Run(ctx, `DELETE FROM dossier_gap WHERE person = $1`, who); err != nil {
		return err
	}
	states, err := tx.Strings(ctx, `SELECT state FROM dossier_file WHERE person = $1`, who)
	if err != nil || len(states) == 0 {
		return err
	}
	g := Gap{Person: who, Opened: true, FileLost: State(states[0]) == Lost}
	if err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.state = 'missing' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN d.state = 'lost' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN d.state IN ('kept', 'restored') AND d.class <> 'register-only' AND NOT EXISTS (SELECT 1 FROM dossier_scan s WHERE s.entry = d.content) THEN 1 ELSE 0 END), 0)
		FROM dossier_doc d WHERE d.person = $1 AND d.entry_to = -1 AND d.state <> 'withdrawn'`, who).Scan(&g.Papers, &g.Missing, &g.Lost, &g.NoScan); err != nil {
		return err
	}
	marks, err := MarksOf(ctx, tx, who, -1)
	if err != nil {
		return err
	}
	if len(marks) > 0 {
		have, err := keptKinds(ctx, tx, who)
		if err != nil {
			return err
		}
		g.ToSupply = len(toSupply(marks, have))
	}
	return tx.Insert(ctx, "dossier_gap", []string{"person", "file_lost", "papers", "missing", "lost", "to_supply", "no_scan", "lacks"},
		[][]any{{who, flag(g.FileLost), int64(g.Papers), int64(g.Missing), int64(g.Lost), int64(g.ToSupply), int64(g.NoScan), flag(g.Any())}})
}
