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

// Reach is what is known of a unit and all that stands under it on a day,
// without reading more units than needed.
type Reach struct {
	Few   bool     // they are few
	Units []string // they themselves, if few
	Whole bool     // they are many, and all units that ever were on record
	Vast  bool     // they are most units of a very large record
}

// ReachOf looks at a unit: few is up to how many units are read, vast from how
// many rows of the record on nothing is compared with all of them. Where a unit
// is the only one under none, as known now and on any day, and stands on the
// day, most units stand under it: that is seen without reading them.
func ReachOf(ctx context.Context, tx *store.Tx, root string, on vn.Date, few, vast int) (Reach, error) {
	var r Reach
	stands, below := standsOn("$1"), joined
	if tx.Dialect() == store.Postgres {
		below = oneByOne // few are read: the index serves better than one reading of all
	}
	rows, err := tx.Query(ctx, `WITH k (size) AS (SELECT CASE WHEN (SELECT COUNT(*) FROM (SELECT DISTINCT org FROM org_unit WHERE parent = '' AND entry_to = -1 LIMIT 2) t) = 1
				AND EXISTS (SELECT 1 FROM org_unit u WHERE u.org = $2 AND u.parent = '' AND `+stands+`)
			THEN (SELECT COUNT(*) FROM (SELECT 1 FROM org_unit LIMIT $4) n) ELSE 0 END)
		SELECT size, CASE WHEN size > $3 AND size < $4 THEN (SELECT CASE WHEN COUNT(*) = (SELECT COUNT(*) FROM (SELECT DISTINCT org FROM org_unit) e)
			THEN 1 ELSE 0 END FROM org_unit u WHERE `+stands+`) ELSE 0 END, '' FROM k
		UNION ALL
		SELECT 0, 0, org FROM (SELECT org FROM (`+subtree("$1", "$2", ` AND (SELECT size FROM k) <= $3`, below)+`) s LIMIT $5) s`, on.String(), root, few, vast+1, few+1)
	if err != nil {
		return r, err
	}
	defer func() { _ = rows.Close() }()
	top := false // the only unit under none
	for rows.Next() {
		var size, whole int
		var unit string
		if err := rows.Scan(&size, &whole, &unit); err != nil {
			return r, err
		}
		if unit != "" {
			r.Units = append(r.Units, unit)
			continue
		}
		r.Few, r.Whole, r.Vast, top = size <= few, whole != 0, size > vast, size > 0
	}
	if err := rows.Err(); err != nil || !r.Few || len(r.Units) <= few {
		return r, err
	}
	r.Few, r.Units = false, nil
	if !top {
		r.Whole, err = IsWhole(ctx, tx, root, on)
	}
	return r, err
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
	return subtree("$"+strconv.Itoa(day), "$"+strconv.Itoa(root), "", joined)
}

// How the units below those found are looked for: all at once as the database
// likes, or those of each on its own (for PostgreSQL).
const (
	joined   = `sub JOIN org_unit u ON u.parent = sub.org WHERE `
	oneByOne = `sub CROSS JOIN LATERAL (SELECT u.* FROM org_unit u WHERE u.parent = sub.org OFFSET 0) u WHERE `
)

// subtree is SubtreeSQL, but nothing when a further condition does not hold.
func subtree(day, root, only, below string) string {
	asOf := standsOn(day)
	return `WITH RECURSIVE sub (org) AS (
			SELECT u.org FROM org_unit u WHERE u.org = ` + root + ` AND ` + asOf + only + `
			UNION
			SELECT u.org FROM ` + below + asOf + `
		) SELECT org FROM sub`
}
