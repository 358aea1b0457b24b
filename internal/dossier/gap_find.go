package dossier

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// What a list of gaps can be narrowed to; "" is whatever lacks anything beside
// scans.
const (
	GapAny      = ""
	GapUnopened = "unopened"
	GapMissing  = "missing"
	GapLost     = "lost" // a paper, or the file
	GapSupply   = "supply"
	GapNoScan   = "no-scan"
	GapAll      = "all" // every file
)

// GapOrders are the orders of a list of gaps beside that of names, most first.
const (
	ByMissing = "missing"
	ByLost    = "lost"
	BySupply  = "to_supply"
	ByNoScan  = "no_scan"
	ByHome    = "home" // in the order of GapFind.HomeOrder
)

// GapFind is a page of the list of what files lack: of persons who stand in the
// record on a day, in the order of names.
type GapFind struct {
	On    vn.Date
	Whole bool     // files of every home
	Homes []string // else of these
	What  string   // Gap…
	Words string   // each somewhere at the beginning of a word of the name

	Order     string         // "", By…
	HomeOrder map[string]int // of ByHome: homes by place, equal ones together

	Offset, Limit int // beyond the end: the last page
}

// GapList is one page of what files lack.
type GapList struct {
	Rows             []Gap
	From             int // how many come before
	Total            int
	More             bool // more than Total
	Next             bool // a page follows
	People, Complete int  // in the homes, whatever is asked for: persons, files that lack nothing
}

// gapCount is up to where a list of gaps is counted, but in tests.
var gapCount = person.CountLimit

// gapFew is of how many persons a list is gathered whole rather than walked to
// in the order of names.
var gapFew = 4000

// gapHeld is up to how many persons PostgreSQL surely holds in memory beside a
// statement, as its settings are by themselves.
const gapHeld = 20_000

// gapKind says of a filter how it is asked of a row of dossier_gap g, and by
// which rows of it alone the persons are found, "" when by none.
type gapKind struct {
	cond, rows string
	few        bool // those are known to be few
}

var gapKinds = map[string]gapKind{
	GapAny:      {cond: `(g.person IS NULL OR g.lacks = 1)`},
	GapUnopened: {cond: `g.person IS NULL`},
	GapMissing:  {cond: `g.missing > 0`, rows: `SELECT person FROM dossier_gap WHERE missing > 0`},
	GapLost:     {cond: `(g.lost > 0 OR g.file_lost > 0)`, rows: `SELECT person FROM dossier_gap WHERE lost > 0 UNION SELECT person FROM dossier_gap WHERE file_lost > 0`},
	GapSupply:   {cond: `g.to_supply > 0`, rows: `SELECT person FROM dossier_gap WHERE to_supply > 0`},
	GapNoScan:   {cond: `g.no_scan > 0`, rows: `SELECT person FROM dossier_gap WHERE no_scan > 0`},
	GapAll:      {cond: `1 = 1`},
}

// gapQuery is a list under way.
type gapQuery struct {
	GapFind
	tx    *store.Tx
	args  []any
	where []string // of person_listed l and dossier_gap g
	homes string   // the homes as a query, "" for every one
}

func (q *gapQuery) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

// in is a list of ids as a query of one column.
func (q *gapQuery) in(ids []string) (string, error) {
	if q.tx.Dialect() == store.Postgres {
		return `SELECT unnest(` + q.arg(ids) + `::text[]) COLLATE "C"`, nil
	}
	text, err := json.Marshal(ids)
	return `SELECT value FROM json_each(` + q.arg(string(text)) + `)`, err
}

// FindGaps reads a page of the list of what files lack, with the sums over its
// homes. It counts up to person.CountLimit and reads no more persons than the
// page needs, where an index gives them in order.
func FindGaps(ctx context.Context, tx *store.Tx, f GapFind) (GapList, error) {
	var out GapList
	if _, ok := gapKinds[f.What]; !ok {
		f.What = GapAny
	}
	if !f.Whole && len(f.Homes) == 0 {
		return out, nil
	}
	all, err := sums(ctx, tx)
	if err != nil {
		return out, err
	}
	of := all
	if !f.Whole {
		if of, err = f.sumsOfHomes(ctx, tx); err != nil {
			return out, err
		}
	}
	out.People, out.Complete = of.people, of.complete
	return out, f.page(ctx, tx, f.kind(tx, all), &out)
}

// kind is how the filter is asked: where few persons have no file, or few lack
// anything, these are named and nobody else is looked at.
func (f GapFind) kind(tx *store.Tx, all gapSums) gapKind {
	unopened := `SELECT person FROM person_person EXCEPT SELECT person FROM dossier_gap`
	if tx.Dialect() == store.Postgres { // which sorts for EXCEPT
		unopened = `SELECT o.person FROM person_person o WHERE NOT EXISTS (SELECT 1 FROM dossier_gap r WHERE r.person = o.person)`
	}
	const lacking = `SELECT person FROM dossier_gap WHERE lacks = 1`
	k := gapKinds[f.What]
	switch {
	case f.What == GapAny && all.opened == all.people:
		return gapKind{cond: `g.lacks = 1`, rows: lacking}
	case f.What == GapAny && all.people-all.complete <= gapCount:
		k.rows, k.few = unopened+` UNION `+lacking, true
	case f.What == GapUnopened && all.people-all.opened <= gapCount:
		k.rows, k.few = unopened, true
	case f.What == GapAny && f.Offset > gapCount && all.complete <= gapHeld && tx.Dialect() == store.Postgres:
		// Far behind: whoever lacks nothing is held in memory, so that the walk
		// stays in the index of names and joins nobody.
		k.cond = `l.person NOT IN (SELECT c.person FROM dossier_gap c WHERE c.lacks = 0)`
	}
	return k
}

// gapSums are numbers of persons, of files and of those that lack nothing.
type gapSums struct{ people, opened, complete int }

func sums(ctx context.Context, tx *store.Tx) (s gapSums, err error) {
	err = tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM person_person), (SELECT COUNT(*) FROM dossier_gap), (SELECT COUNT(*) FROM dossier_gap WHERE lacks = 0)`).Scan(&s.people, &s.opened, &s.complete)
	return s, err
}

func (f GapFind) sumsOfHomes(ctx context.Context, tx *store.Tx) (s gapSums, err error) {
	q := &gapQuery{tx: tx}
	homes, err := q.in(f.Homes)
	if err != nil {
		return s, err
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(g.person), COALESCE(SUM(1 - g.lacks), 0) FROM person_person p LEFT JOIN dossier_gap g ON g.person = p.person WHERE p.home IN (`+homes+`)`, q.args...).Scan(&s.people, &s.opened, &s.complete)
	return s, err
}

// page finds the rows of the page and reads what is shown of them.
func (f GapFind) page(ctx context.Context, tx *store.Tx, k gapKind, out *GapList) error {
	few, err := f.few(ctx, tx, k, out.People)
	if err != nil {
		return err
	}
	f.Offset = min(max(f.Offset, 0), 1<<40)
	var ids []string
	n := 0
	for try := range 2 {
		if few {
			ids, n, err = f.gathered(ctx, tx, k, out.People)
		} else {
			ids, n, err = f.walked(ctx, tx, k)
		}
		if err != nil || n > f.Offset || n == 0 || try > 0 {
			break
		}
		f.Offset = (n - 1) / f.Limit * f.Limit
	}
	if err != nil || n == 0 {
		return err
	}
	out.From, out.Total, out.Next = f.Offset, n, n > f.Offset+len(ids)
	if n > gapCount {
		out.Total, out.More = gapCount, true
	}
	out.Rows, err = gapsOf(ctx, tx, ids)
	return err
}

// few says whether the persons asked for are few enough to gather them.
func (f GapFind) few(ctx context.Context, tx *store.Tx, k gapKind, people int) (bool, error) {
	if people <= gapFew || k.few {
		return true, nil
	}
	if k.rows == "" {
		return false, nil
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM (`+k.rows+`) r LIMIT $1) c`, gapCount+1).Scan(&n)
	return n <= gapCount, err
}

// begin is what every row must satisfy.
func (f GapFind) begin(tx *store.Tx) (*gapQuery, error) {
	q := &gapQuery{GapFind: f, tx: tx, args: []any{f.On.String()}, where: []string{`l.valid_from <= $1`, `(l.valid_to = '' OR l.valid_to > $1)`}}
	for _, w := range strings.Fields(vn.Fold(f.Words)) {
		q.where = append(q.where, `' ' || l.folded LIKE `+q.arg("% "+w+"%"))
	}
	var err error
	if !f.Whole {
		q.homes, err = q.in(f.Homes)
	}
	return q, err
}

// numbers are the columns that ByMissing and so on go by.
var numbers = map[string]bool{ByMissing: true, ByLost: true, BySupply: true, ByNoScan: true}

// gathered reads all persons asked for, who are few, and puts them in order.
func (f GapFind) gathered(ctx context.Context, tx *store.Tx, k gapKind, people int) (page []string, n int, err error) {
	q, err := f.begin(tx)
	if err != nil {
		return nil, 0, err
	}
	number := `0`
	if numbers[f.Order] {
		number = `COALESCE(g.` + f.Order + `, 0)`
	}
	who := `person_person`
	switch {
	case people > gapFew:
		who = `(` + k.rows + `)`
		if q.homes != "" {
			q.where = append(q.where, `l.home IN (`+q.homes+`)`)
		}
	case q.homes != "":
		who = `(SELECT person FROM person_person WHERE home IN (` + q.homes + `))`
	}
	type row struct {
		id, home, key string
		n             int
	}
	var all []row
	err = each(ctx, tx, `SELECT l.person, l.home, l.sort_key, `+number+` FROM `+who+` p JOIN person_listed l ON l.person = p.person LEFT JOIN dossier_gap g ON g.person = l.person
		WHERE `+strings.Join(append(q.where, k.cond), " AND "), func(scan func(...any) error) error {
		var r row
		err := scan(&r.id, &r.home, &r.key, &r.n)
		all = append(all, r)
		return err
	}, q.args...)
	if err != nil {
		return nil, 0, err
	}
	slices.SortFunc(all, func(a, b row) int {
		by := cmp.Compare(b.n, a.n)
		if f.Order == ByHome {
			by = cmp.Compare(f.HomeOrder[a.home], f.HomeOrder[b.home])
		}
		return cmp.Or(by, strings.Compare(a.key, b.key), strings.Compare(a.id, b.id))
	})
	for _, r := range all[min(f.Offset, len(all)):min(f.Offset+f.Limit, len(all))] {
		page = append(page, r.id)
	}
	return page, len(all), nil
}

// gapsOf reads the gaps of some persons, in their order.
func gapsOf(ctx context.Context, tx *store.Tx, ids []string) ([]Gap, error) {
	q := &gapQuery{tx: tx}
	list, err := q.in(ids)
	if err != nil {
		return nil, err
	}
	by := make(map[string]Gap, len(ids))
	err = each(ctx, tx, `SELECT `+gapColumns+` FROM person_person p LEFT JOIN dossier_gap g ON g.person = p.person WHERE p.person IN (`+list+`)`, func(scan func(...any) error) error {
		g, err := scanGap(scan)
		by[g.Person] = g
		return err
	}, q.args...)
	out := make([]Gap, 0, len(ids))
	for _, id := range ids {
		out = append(out, by[id])
	}
	return out, err
}
