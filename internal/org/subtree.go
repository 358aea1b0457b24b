package org

import (
	"context"
	"strconv"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// SubtreeIDs lists a unit and all that stands under it on a day, as known now,
// in the order of ids: none when the unit does not exist then.
func SubtreeIDs(ctx context.Context, tx *store.Tx, root string, on vn.Date) ([]string, error) {
	return tx.Strings(ctx, `SELECT org FROM (`+SubtreeSQL(1, 2)+`) s ORDER BY org`, on.String(), root)
}

// IsWhole says whether a unit and all that stands under it on a day are more
// than a number of units, and all that ever were on record.
func IsWhole(ctx context.Context, tx *store.Tx, root string, on vn.Date, more int) (bool, error) {
	var under, all int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (`+SubtreeSQL(1, 2)+`) s`, on.String(), root).Scan(&under); err != nil || under <= more {
		return false, err
	}
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT DISTINCT org FROM org_unit) u`).Scan(&all)
	return under == all, err
}

// EveryID lists the units that ever were on record, in the order of ids.
func EveryID(ctx context.Context, tx *store.Tx) ([]string, error) {
	return tx.Strings(ctx, `SELECT DISTINCT org FROM org_unit ORDER BY org`)
}

// SubtreeSQL is the query of SubtreeIDs for use inside another: the day stands
// in parameter $day (YYYY-MM-DD), the unit in $root.
func SubtreeSQL(day, root int) string {
	d, r := "$"+strconv.Itoa(day), "$"+strconv.Itoa(root)
	asOf := `u.entry_to = -1 AND u.valid_from <= ` + d + ` AND (u.valid_to = '' OR u.valid_to > ` + d + `)`
	return `WITH RECURSIVE sub (org) AS (
			SELECT u.org FROM org_unit u WHERE u.org = ` + r + ` AND ` + asOf + `
			UNION
			SELECT u.org FROM sub JOIN org_unit u ON u.parent = sub.org WHERE ` + asOf + `
		) SELECT org FROM sub`
}
