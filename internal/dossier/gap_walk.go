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
		skip := max(f.Offset-n, 0)
		ids, found, err := f.walk(ctx, tx, k, g, len(groups) == 1, skip, most-n)
		if err != nil {
			return nil, 0, err
		}
		if to := min(f.Offset+f.Limit-n-skip, len(ids)); to > 0 {
			page = append(page, ids[:to]...)
		}
		if n += found; n >= most {
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

// walk lists the persons of a group in the order of names behind the first skip
// of them, and says how many are in the group: up to most. Those before the
// page are passed in the database.
func (f GapFind) walk(ctx context.Context, tx *store.Tx, k gapKind, g gapGroup, only bool, skip, most int) (ids []string, found int, err error) {
	if g.homes != nil {
		f.Whole = true // those of the group are asked for
	}
	q, err := f.begin(tx)
	if err != nil {
		return nil, 0, err
	}
	from := `person_listed l LEFT JOIN dossier_gap g ON g.person = l.person`
	switch {
	case g.homes != nil:
		homes, err := q.in(g.homes)
		if err != nil {
			return nil, 0, err
		}
		from = `(SELECT person FROM person_person WHERE home IN (` + homes + `)) p CROSS JOIN person_listed l LEFT JOIN dossier_gap g ON g.person = l.person`
		q.where = append(q.where, `l.person = p.person`)
	case g.of:
		few, err := f.rare(ctx, tx, g)
		if err != nil {
			return nil, 0, err
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
	from += ` WHERE ` + strings.Join(append(q.where, k.cond), " AND ")
	counted := func() error {
		c := &gapQuery{tx: tx, args: slices.Clone(q.args)}
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+from+` LIMIT `+c.arg(skip+1)+`) c`, c.args...).Scan(&found)
	}
	if skip > 0 && !only { // most groups before the page end before it
		if err := counted(); err != nil || found <= skip {
			return nil, found, err
		}
	}
	page := &gapQuery{tx: tx, args: slices.Clone(q.args)}
	ids, err = tx.Strings(ctx, `SELECT l.person FROM `+from+` ORDER BY l.sort_key, l.person LIMIT `+page.arg(most-skip)+` OFFSET `+page.arg(skip), page.args...)
	if err != nil || len(ids) > 0 || skip == 0 {
		return ids, skip + len(ids), err
	}
	err = counted()
	return nil, found, err
}

// rare says whether few files have the number of a group.
func (f GapFind) rare(ctx context.Context, tx *store.Tx, g gapGroup) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM dossier_gap WHERE `+f.Order+` > 0 AND `+f.Order+` = $1 LIMIT $2) c`, g.n, gapCount+1).Scan(&n)
	return n <= gapCount, err
}
