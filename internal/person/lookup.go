package person

import (
	"context"
	"maps"
	"slices"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// lookup is what the acts of an import read, read for many rows at once. The
// nil lookup asks the database each time, as an act by itself does.
type lookup struct {
	homes map[string]string // of persons
	known map[string]bool   // organisations
	steps map[string][]StepFact
	lines *org.Lines
}

// lookupFor reads what some rows ask about.
func lookupFor(ctx context.Context, tx *store.Tx, home string, rows []ImportRow) (*lookup, error) {
	l := &lookup{homes: map[string]string{}, known: map[string]bool{}, steps: map[string][]StepFact{}}
	ids := make([]string, len(rows))
	cells := map[string]bool{home: true}
	for i, r := range rows {
		ids[i] = r.Person
		if r.Step != nil {
			cells[r.Step.Org] = true
		}
	}
	known, err := org.Known(ctx, tx, home)
	if err != nil {
		return nil, err
	}
	l.known[home] = known
	if err := l.persons(ctx, tx, ids); err != nil {
		return nil, err
	}
	l.lines, err = org.ReadLines(ctx, tx, slices.Collect(maps.Keys(cells)))
	return l, err
}

func (l *lookup) persons(ctx context.Context, tx *store.Tx, ids []string) error {
	return forEachPart(ids, func(marks string, args []any) error {
		rows, err := tx.Query(ctx, `SELECT person, home FROM person_person WHERE person IN (`+marks+`)`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, home string
			if err := rows.Scan(&id, &home); err != nil {
				return err
			}
			l.homes[id] = home
		}
		if err := rows.Err(); err != nil {
			return err
		}
		fs, err := stepFacts(ctx, tx, stepSelect+`WHERE person IN (`+marks+`) AND entry_to = -1 ORDER BY person, fact`, args...)
		for _, f := range fs {
			l.steps[f.Person] = append(l.steps[f.Person], f)
		}
		return err
	})
}

func (l *lookup) home(ctx context.Context, tx *store.Tx, id string) (home string, known bool, err error) {
	if l == nil {
		return Home(ctx, tx, id)
	}
	home, known = l.homes[id]
	return home, known, nil
}

func (l *lookup) orgKnown(ctx context.Context, tx *store.Tx, id string) (bool, error) {
	if known, read := l.knownOrg(id); read {
		return known, nil
	}
	return org.Known(ctx, tx, id)
}

func (l *lookup) knownOrg(id string) (known, read bool) {
	if l == nil {
		return false, false
	}
	known, read = l.known[id]
	return known, read
}

func (l *lookup) stepsOf(ctx context.Context, tx *store.Tx, id string) ([]StepFact, error) {
	if l == nil {
		return StepsOf(ctx, tx, id)
	}
	return slices.Clone(l.steps[id]), nil
}

// exists says whether an organisation exists on a day.
func (l *lookup) exists(ctx context.Context, tx *store.Tx, id string, on vn.Date) (bool, error) {
	if l != nil {
		if _, ok := l.lines.Get(id, on); ok {
			return true, nil
		}
	}
	_, ok, err := org.Get(ctx, tx, id, org.Now(on))
	return ok, err
}

func (l *lookup) within(ctx context.Context, tx *store.Tx, id, ancestor string, on vn.Date) (bool, error) {
	if l == nil {
		return org.Within(ctx, tx, id, ancestor, on)
	}
	return l.lines.Within(id, ancestor, on), nil
}
