package dossier

import (
	"context"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/store"
)

// walked goes through many persons in the order asked for, group by group of
// those that are equal but for the name, until the page is full and there is no
// more to count.
func (f GapFind) walked(ctx context.Context, tx *store.Tx, k gapKind) (page []string, n int, err error) {
	groups, err := f.groups(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	most := max(f.Offset+f.Limit, gapCount) + 1
	for _, g := range groups {
		ids, err := f.walk(ctx, tx, k, g, most-n)
		if err != nil {
			return nil, 0, err
		}
		if from, to := max(f.Offset-n, 0), min(f.Offset+f.Limit-n, len(ids)); from < to {
			page = append(page, ids[from:to]...)
		}
		if n += len(ids); n >= most {
			break
		}
	}
	return page, n, nil
}

// gapGroup are persons who differ in nothing but the name in the order asked
// for.
type gapGroup struct {
	cond  string // of g
	n     int64  // with number: g's column is so
	homes []string
	of    bool // persons with a row of dossier_gap only
}

func (f GapFind) groups(ctx context.Context, tx *store.Tx) ([]gapGroup, error) {
	switch {
	case f.Order == ByHome:
		at := map[int][]string{}
		for h, i := range f.HomeOrder {
			at[i] = append(at[i], h)
		}
		var out []gapGroup
		for _, i := range slices.Sorted(maps.Keys(at)) {
			slices.Sort(at[i])
			out = append(out, gapGroup{homes: at[i]})
		}
		return out, nil
	case numbers[f.Order]:
		ns, err := tx.Int64s(ctx, `SELECT DISTINCT `+f.Order+` FROM dossier_gap WHERE `+f.Order+` > 0 ORDER BY `+f.Order+` DESC`)
		if err != nil {
			return nil, err
		}
		var out []gapGroup
		for _, n := range ns {
			out = append(out, gapGroup{cond: `g.` + f.Order + ` = `, n: n, of: true})
		}
		return append(out, gapGroup{cond: `COALESCE(g.` + f.Order + `, 0) = `}), nil
	}
	return []gapGroup{{}}, nil
}

// walk lists the first persons of a group in the order of names.
func (f GapFind) walk(ctx context.Context, tx *store.Tx, k gapKind, g gapGroup, most int) ([]string, error) {
	if g.homes != nil {
		f.Whole = true // those of the group are asked for
	}
	q, err := f.begin(tx)
	if err != nil {
		return nil, err
	}
	from := `person_listed l LEFT JOIN dossier_gap g ON g.person = l.person`
	switch {
	case g.homes != nil:
		homes, err := q.in(g.homes)
		if err != nil {
			return nil, err
		}
		from = `(SELECT person FROM person_person WHERE home IN (` + homes + `)) p CROSS JOIN person_listed l LEFT JOIN dossier_gap g ON g.person = l.person`
		q.where = append(q.where, `l.person = p.person`)
	case g.of:
		few, err := f.rare(ctx, tx, g)
		if err != nil {
			return nil, err
		}
		from = `person_listed l CROSS JOIN dossier_gap g`
		if few {
			from = `dossier_gap g CROSS JOIN person_listed l`
		}
		q.where = append(q.where, `g.person = l.person`)
	case k.rows != "":
		from = `person_listed l CROSS JOIN dossier_gap g`
		q.where = append(q.where, `g.person = l.person`)
	}
	if q.homes != "" {
		q.where = append(q.where, `l.home IN (`+q.homes+`)`)
	}
	if g.cond != "" {
		q.where = append(q.where, g.cond+q.arg(g.n))
		if g.of {
			q.where = append(q.where, `g.`+f.Order+` > 0`)
		}
	}
	return tx.Strings(ctx, `SELECT l.person FROM `+from+` WHERE `+strings.Join(append(q.where, k.cond), " AND ")+` ORDER BY l.sort_key, l.person LIMIT `+q.arg(most), q.args...)
}

// rare says whether few files have the number of a group.
func (f GapFind) rare(ctx context.Context, tx *store.Tx, g gapGroup) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM dossier_gap WHERE `+f.Order+` > 0 AND `+f.Order+` = $1 LIMIT $2) c`, g.n, gapCount+1).Scan(&n)
	return n <= gapCount, err
}
