package procedure

import (
	"context"
	"slices"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Levels says of which managing level (diện quản lý) the posts held on a day
// are, by the office's table in force on that day.
type Levels struct {
	Names []string // the levels the table names, in its order
	Entry int64    // that set the table, -1 when none is in force
	of    map[person.PostAt]string
}

// LevelsOn reads the table of a day and the posts held then, as known now.
func LevelsOn(ctx context.Context, tx *store.Tx, on vn.Date) (*Levels, error) {
	l := &Levels{of: map[person.PostAt]string{}}
	rows, entry, err := Table(ctx, tx, Managing, on)
	l.Entry = entry
	if err != nil || len(rows) == 0 {
		return l, err
	}
	table := newPicker(rows)
	for _, r := range rows {
		if r.Level != "" && !slices.Contains(l.Names, r.Level) {
			l.Names = append(l.Names, r.Level)
		}
	}
	held, err := person.HeldPosts(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(held))
	for i, p := range held {
		ids[i] = p.Org
	}
	lines, err := org.ReadLines(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range held {
		u, _ := lines.Get(p.Org, on)
		if r, ok := table.pick(p.Org, u.Kind, p.Title, ""); ok && r.Level != "" {
			l.of[p] = r.Level
		}
	}
	return l, nil
}

// Of is the managing level of a post held on the day, "" when the table says
// nothing of it.
func (l *Levels) Of(orgID, title string) string {
	if l == nil {
		return ""
	}
	return l.of[person.PostAt{Org: orgID, Title: title}]
}

// Posts are the posts held on the day that are of a level, in order.
func (l *Levels) Posts(level string) []person.PostAt {
	out := []person.PostAt{}
	for p, v := range l.of {
		if v == level {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, person.PostAt.Compare)
	return out
}

type rowKey struct {
	org   string
	kind  org.Kind
	title string
	body  string
}

// rowPicker finds the row of a table that speaks of a post most narrowly
// without walking all rows: it looks once for each way of naming.
type rowPicker struct {
	rows []TableRow
	at   map[rowKey]int
}

func newPicker(rows []TableRow) rowPicker {
	p := rowPicker{rows, map[rowKey]int{}}
	for i, r := range rows {
		k := rowKey{r.Org, r.Kind, r.Title, r.Body}
		if _, have := p.at[k]; !have {
			p.at[k] = i // of two rows that name the same the first counts
		}
	}
	return p
}

// pick is the row that fits best: the one naming the body itself before one
// naming its kind, then the meeting, then the title.
func (p rowPicker) pick(orgID string, k org.Kind, title, body string) (TableRow, bool) {
	best, rank := -1, -1
	for n := range 16 {
		named := func(bit int, yes string) string {
			if n>>bit&1 == 1 {
				return yes
			}
			return ""
		}
		key := rowKey{named(3, orgID), org.Kind(named(2, string(k))), named(0, title), named(1, body)}
		if i, have := p.at[key]; have && n > rank {
			best, rank = i, n
		}
	}
	if best < 0 {
		return TableRow{}, false
	}
	return p.rows[best], true
}
