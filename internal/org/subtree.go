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

// IsWhole says whether a unit and all that stands under it on a day are all
// units that ever were on record.
func IsWhole(ctx context.Context, tx *store.Tx, root string, on vn.Date) (bool, error) {
	// Where every unit that ever was stands on the day, and only one of them
	// under none, all others stand under that one: the tree need not be walked.
	var standing, tops, ever int
	var top string
	if err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN u.parent = '' THEN 1 ELSE 0 END), 0), COALESCE(MAX(CASE WHEN u.parent = '' THEN u.org ELSE '' END), '')
		FROM org_unit u WHERE `+standsOn("$1"), on.String()).Scan(&standing, &tops, &top); err != nil || tops != 1 || top != root {
		return false, err
	}
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT DISTINCT org FROM org_unit) u`).Scan(&ever)
	return standing == ever, err
}

// TopOf is how many rows the record of units has, counted up to one more than
// most, if a unit is the only one under none, as known now and on any day, and
// stands on the day; else 0. Most units then stand under it, and that need not
// be found out by reading them.
func TopOf(ctx context.Context, tx *store.Tx, root string, on vn.Date, most int) (rows int, err error) {
	err = tx.QueryRow(ctx, `SELECT CASE WHEN (SELECT COUNT(*) FROM (SELECT DISTINCT org FROM org_unit WHERE parent = '' AND entry_to = -1 LIMIT 2) t) = 1
			AND EXISTS (SELECT 1 FROM org_unit u WHERE u.org = $2 AND u.parent = '' AND `+standsOn("$1")+`)
		THEN (SELECT COUNT(*) FROM (SELECT 1 FROM org_unit LIMIT $3) n) ELSE 0 END`, on.String(), root, most+1).Scan(&rows)
	return rows, err
}

// UnderSQL says in SQL that a unit of a column is the one in parameter $root or
// stands under it on the day in $day, by the units above it. That the root
// itself stands is for the caller to know.
func UnderSQL(column string, day, root int) string {
	return `EXISTS (WITH RECURSIVE up (org) AS (
			SELECT ` + column + `
			UNION
			SELECT u.parent FROM up JOIN org_unit u ON u.org = up.org WHERE ` + standsOn("$"+strconv.Itoa(day)) + `
		) SELECT 1 FROM up WHERE org = $` + strconv.Itoa(root) + `)`
}

// SomeUnder are a unit and what stands under it on a day, or of more than so
// many units any so many.
func SomeUnder(ctx context.Context, tx *store.Tx, root string, on vn.Date, most int) ([]string, error) {
	return tx.Strings(ctx, `SELECT org FROM (`+SubtreeSQL(1, 2)+`) s LIMIT $3`, on.String(), root, most)
}

// standsOn says that a unit u stands on the day of a parameter, as known now.
func standsOn(day string) string {
	return `u.entry_to = -1 AND u.valid_from <= ` + day + ` AND (u.valid_to = '' OR u.valid_to > ` + day + `)`
}

// EveryID lists the units that ever were on record, in the order of ids.
func EveryID(ctx context.Context, tx *store.Tx) ([]string, error) {
	return tx.Strings(ctx, `SELECT DISTINCT org FROM org_unit ORDER BY org`)
}

// SubtreeSQL is the query of SubtreeIDs for use inside another: the day stands
// in parameter $day (YYYY-MM-DD), the unit in $root.
func SubtreeSQL(day, root int) string {
	d, r := "$"+strconv.Itoa(day), "$"+strconv.Itoa(root)
	asOf := standsOn(d)
	return `WITH RECURSIVE sub (org) AS (
			SELECT u.org FROM org_unit u WHERE u.org = ` + r + ` AND ` + asOf + `
			UNION
			SELECT u.org FROM sub JOIN org_unit u ON u.parent = sub.org WHERE ` + asOf + `
		) SELECT org FROM sub`
}
