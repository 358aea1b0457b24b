package procedure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Row is one line of the list of cases.
type Row struct {
	ID, Procedure, Org, Title, Level, Step string
	Opened, Due, Clock                     vn.Date
	Class                                  Class
	Phase                                  Phase
	Persons, Letters                       int64
	Sample, Scribed                        bool
	Last                                   int64
}

// Filter narrows the list; empty fields do not.
type Filter struct {
	Scope     *Scope // nil: all
	Phase     Phase
	Running   bool         // only cases that are not over
	Query     string       // words of a person's name; or of post, body and id
	Procedure string       // id of the definition
	From, To  vn.Date      // day of opening, both included
	Late      bool         // only running cases past their deadline
	LateDays  int          // by so many working days at least
	Today     vn.Date      // for Late; a sample case lives on its own day
	Calendar  *vn.Calendar // for LateDays: nil knows no days
	Sort      Sort
	Down      bool
}

// Scope is what a reader may list: organisations, and cases one by one.
type Scope struct{ Orgs, Cases []string }

// Sort is the order of the list.
type Sort string

// The orders. By deadline: running ones first, those without a deadline last.
const (
	ByDue    Sort = ""
	ByOpened Sort = "opened"
	ByTitle  Sort = "title"
	ByPhase  Sort = "phase"
	ByLast   Sort = "last" // what was worked on last
)

// Sorts lists the orders as forms show them.
var Sorts = []Sort{ByDue, ByOpened, ByTitle, ByPhase, ByLast}

// query is a WHERE clause as it grows.
type query struct {
	where []string
	args  []any
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

func (q *query) in(column string, ids []string) string {
	if len(ids) == 0 {
		return "1 = 0"
	}
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = q.arg(id)
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")"
}

func (q *query) and(s string) { q.where = append(q.where, s) }

// List gives a page of cases in the order of the filter, and how many there
// are.
func List(ctx context.Context, tx *store.Tx, f Filter, offset, limit int) ([]Row, int, error) {
	q := &query{where: []string{"1 = 1"}}
	if s := f.Scope; s != nil {
		q.and("(" + q.in("org", s.Orgs) + " OR " + q.in("id", s.Cases) + ")")
	}
	if f.Phase != "" {
		q.and("phase = " + q.arg(string(f.Phase)))
	}
	if f.Running {
		q.and("ended = 0")
	}
	if f.Procedure != "" {
		q.and("procedure = " + q.arg(f.Procedure))
	}
	if !f.From.IsZero() {
		q.and("opened >= " + q.arg(f.From.String()))
	}
	if !f.To.IsZero() {
		q.and("opened <= " + q.arg(f.To.String()))
	}
	if err := q.late(ctx, tx, f); err != nil {
		return nil, 0, err
	}
	if err := q.words(ctx, tx, f.Query); err != nil {
		return nil, 0, err
	}
	cond := strings.Join(q.where, " AND ")
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM procedure_case WHERE `+cond, q.args...).Scan(&n); err != nil {
		return nil, 0, err
	}
	order := f.order()
	rows, err := tx.Query(ctx, `SELECT id, procedure, opened, org, title, level, class, phase, step, due, persons, letters, sample, clock, scribed, last
		FROM procedure_case WHERE `+cond+` ORDER BY `+order+`, id LIMIT `+q.arg(int64(limit))+` OFFSET `+q.arg(int64(offset)), q.args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		var r Row
		var opened, due, clock, class, phase string
		var sample, scribed int64
		if err := rows.Scan(&r.ID, &r.Procedure, &opened, &r.Org, &r.Title, &r.Level, &class, &phase, &r.Step, &due, &r.Persons, &r.Letters, &sample, &clock, &scribed, &r.Last); err != nil {
			return nil, 0, err
		}
		for text, d := range map[*string]*vn.Date{&opened: &r.Opened, &due: &r.Due, &clock: &r.Clock} {
			if *text != "" {
				if err := d.UnmarshalText([]byte(*text)); err != nil {
					return nil, 0, err
				}
			}
		}
		r.Class, r.Phase, r.Sample, r.Scribed = Class(class), Phase(phase), sample == 1, scribed == 1
		out = append(out, r)
	}
	return out, n, rows.Err()
}

func (f Filter) order() string {
	dir := ""
	if f.Down {
		dir = " DESC"
	}
	switch f.Sort {
	case ByOpened:
		return "opened" + dir
	case ByLast:
		return "last" + dir
	case ByTitle:
		return ranked("title", titlesInOrder()) + dir + ", org"
	case ByPhase:
		return ranked("phase", phases) + dir + ", due"
	}
	return "ended, CASE WHEN due = '' THEN 1 ELSE 0 END, due" + dir + ", last DESC"
}

var phases = []string{string(Needed), string(Asked), string(Running), string(Finished), string(Submitted), string(Appraised), string(Chosen), string(Ended), string(Returned), string(Stopped)}

// ranked orders a column by a list of codes of this program, never of a user.
func ranked(column string, codes []string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for i, c := range codes {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", c, i)
	}
	return b.String() + " ELSE 999 END"
}

// titlesInOrder are the codes of titles by their Vietnamese words.
func titlesInOrder() []string {
	ts := person.Titles()
	slices.SortFunc(ts, func(a, b person.Title) int { return strings.Compare(vn.TitleKey(a.VI), vn.TitleKey(b.VI)) })
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.Code
	}
	return out
}

// late keeps running cases whose deadline lies before their day, by the wanted
// number of working days. Beyond the table of holidays nobody guesses.
func (q *query) late(ctx context.Context, tx *store.Tx, f Filter) error {
	if !f.Late {
		return nil
	}
	clocks, err := distinct(ctx, tx, `SELECT DISTINCT clock FROM procedure_case WHERE ended = 0 AND due <> ''`)
	if err != nil {
		return err
	}
	any := []string{"1 = 0"}
	for _, c := range clocks {
		today := f.Today
		if c != "" {
			if err := today.UnmarshalText([]byte(c)); err != nil {
				return err
			}
		}
		if d, ok := lastLate(f.Calendar, today, f.LateDays); ok {
			any = append(any, "(clock = "+q.arg(c)+" AND due <= "+q.arg(d.String())+")")
		}
	}
	q.and("ended = 0 AND due <> '' AND (" + strings.Join(any, " OR ") + ")")
	return nil
}

// lastLate is the last day a deadline can have lain on to be late today by n
// working days.
func lastLate(cal *vn.Calendar, today vn.Date, n int) (vn.Date, bool) {
	d := today.AddDays(-1)
	if n <= 0 {
		return d, true
	}
	if cal == nil {
		return vn.Date{}, false
	}
	for range 4000 {
		got, err := cal.WorkingBetween(d, today)
		if err != nil {
			return vn.Date{}, false
		}
		if got >= n {
			return d, true
		}
		d = d.AddDays(-1)
	}
	return vn.Date{}, false
}

func distinct(ctx context.Context, tx *store.Tx, sql string) ([]string, error) {
	return tx.Strings(ctx, sql)
}

// most is how many words of a query are looked at.
const most = 8

// words keeps the cases a query finds: those with a person whose name holds all
// words, and those of which each word stands in the post, the body's name (of
// any time) or the id. Marks and case do not matter.
func (q *query) words(ctx context.Context, tx *store.Tx, text string) error {
	words := strings.Fields(vn.Fold(text))
	if len(words) == 0 {
		return nil
	}
	words = words[:min(len(words), most)]
	of, err := person.LockedBy(ctx, tx, strings.Join(words, " "))
	if err != nil {
		return err
	}
	for i := range of {
		of[i] = strings.TrimPrefix(of[i], "procedure/")
	}
	orgs, err := distinct(ctx, tx, `SELECT DISTINCT org FROM procedure_case`)
	if err != nil {
		return err
	}
	named, err := org.EverNamed(ctx, tx, orgs, words)
	if err != nil {
		return err
	}
	all := []string{}
	for i, w := range words {
		var titles []string
		for _, t := range person.Titles() {
			if strings.Contains(" "+vn.Fold(t.VI)+" "+vn.Fold(t.EN), " "+w) {
				titles = append(titles, t.Code)
			}
		}
		here := slices.DeleteFunc(slices.Clone(orgs), func(id string) bool { return !named[i][id] })
		all = append(all, "("+q.in("title", titles)+" OR "+q.in("org", here)+" OR "+"id LIKE "+q.arg("%"+w+"%")+")")
	}
	q.and("(" + q.in("id", of) + " OR " + strings.Join(all, " AND ") + ")")
	return nil
}

// Orgs lists the organisations that have cases.
func Orgs(ctx context.Context, tx *store.Tx) ([]string, error) {
	return distinct(ctx, tx, `SELECT DISTINCT org FROM procedure_case ORDER BY org`)
}

// Procedures lists the definitions that have cases, each with the last day on
// which one of its cases opened.
func Procedures(ctx context.Context, tx *store.Tx) (map[string]vn.Date, error) {
	rows, err := tx.Query(ctx, `SELECT procedure, MAX(opened) FROM procedure_case GROUP BY procedure`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]vn.Date{}
	for rows.Next() {
		var id, opened string
		if err := rows.Scan(&id, &opened); err != nil {
			return nil, err
		}
		var d vn.Date
		if err := d.UnmarshalText([]byte(opened)); err != nil {
			return nil, err
		}
		out[id] = d
	}
	return out, rows.Err()
}
