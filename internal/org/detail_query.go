package org

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// DetailFact is one wording of a detail.
type DetailFact struct {
	Detail
	Org         string
	From        vn.Date
	Fact, Entry int64
	EntryTo     int64
	Decision    Decision
	Withdrawn   bool
}

// CodeUse is a code with the unit that has it and the days it has it on.
type CodeUse struct {
	Org, Key, Code string
	From, To       vn.Date
}

var detailColumns = []string{"entry_from", "entry_to", "fact", "org", "detail", "valid_from", "value", "decision", "withdrawn"}

func detailRows(rows *[][]any, r desk.Record, b body) error {
	if len(b.Details) == 0 {
		return nil
	}
	decision, err := json.Marshal(b.Decision)
	for _, d := range b.Details {
		*rows = append(*rows, []any{r.Index, int64(-1), r.Index, b.Org, d.Key, b.From.String(), d.Value, string(decision), int64(0)})
	}
	return err
}

// replaceFact closes the wording that a correction speaks of and writes the
// new one under the same fact.
func replaceFact(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	if b.Fact == nil {
		return errors.New("a correction of nothing")
	}
	var rows, links [][]any
	err := errors.Join(detailRows(&rows, r, b), lineageRows(&links, r, b))
	if err != nil {
		return err
	}
	withdrawn := int64(0)
	if b.Withdrawn {
		withdrawn = 1
	}
	for _, row := range rows {
		row[2], row[8] = *b.Fact, withdrawn
		if _, err := tx.Exec(ctx, `UPDATE org_detail SET entry_to = $1 WHERE fact = $2 AND org = $3 AND detail = $4 AND entry_to = -1`, r.Index, *b.Fact, row[3], row[4]); err != nil {
			return err
		}
	}
	if r.Kind == kindLineageCorrected {
		if _, err := tx.Exec(ctx, `UPDATE org_lineage SET entry_to = $1 WHERE fact = $2 AND entry_to = -1`, r.Index, *b.Fact); err != nil {
			return err
		}
		for _, row := range links {
			row[3], row[12] = *b.Fact, withdrawn
		}
	}
	return errors.Join(tx.Insert(ctx, "org_detail", detailColumns, rows), tx.Insert(ctx, "org_lineage", lineageColumns, links))
}

const detailSelect = `SELECT entry_from, entry_to, fact, org, detail, valid_from, value, decision, withdrawn FROM org_detail `

// detailsOf is what stands now about a unit.
func detailsOf(ctx context.Context, tx *store.Tx, id string) ([]DetailFact, error) {
	return detailFacts(ctx, tx, detailSelect+`WHERE org = $1 AND entry_to = -1 ORDER BY fact, detail`, id)
}

// DetailHistory is every wording of every detail of a unit, in the order of
// saying.
func DetailHistory(ctx context.Context, tx *store.Tx, id string) ([]DetailFact, error) {
	return detailFacts(ctx, tx, detailSelect+`WHERE org = $1 ORDER BY entry_from, detail`, id)
}

// Details is what a unit has at a pair of times, in the order of DetailNames.
func Details(ctx context.Context, tx *store.Tx, id string, at At) ([]DetailFact, error) {
	all, err := detailFacts(ctx, tx, detailSelect+`WHERE org = $3 AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`,
		at.On.String(), at.KnownIndex(), id)
	if err != nil {
		return nil, err
	}
	last := map[string]DetailFact{}
	for _, d := range all {
		last[d.Key] = d
	}
	var out []DetailFact
	for _, n := range detailNames {
		if d, ok := last[n.Key]; ok && d.Value != "" {
			out = append(out, d)
		}
		delete(last, n.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(last)) {
		if last[key].Value != "" {
			out = append(out, last[key])
		}
	}
	return out, nil
}

// DetailOf gives one detail of every unit at a pair of times.
func DetailOf(ctx context.Context, tx *store.Tx, key string, at At) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT org, value FROM org_detail WHERE detail = $3 AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`,
		at.On.String(), at.KnownIndex(), key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, v string
		if err := rows.Scan(&id, &v); err != nil {
			return nil, err
		}
		out[id] = v
	}
	return out, rows.Err()
}

// ByCode finds who has, or had, a code of any scheme, oldest first.
func ByCode(ctx context.Context, tx *store.Tx, code string) ([]CodeUse, error) {
	return codesWhere(ctx, tx, `value = $1 AND substr(detail, 1, 5) = 'code.'`, strings.TrimSpace(code))
}

func codeUses(ctx context.Context, tx *store.Tx, key, code string) ([]CodeUse, error) {
	return codesWhere(ctx, tx, `detail = $1 AND value = $2`, key, code)
}

// codesWhere gives uses of codes known now, each until the unit's next value
// of that scheme.
func codesWhere(ctx context.Context, tx *store.Tx, where string, args ...any) ([]CodeUse, error) {
	hits, err := detailFacts(ctx, tx, detailSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND `+where+` ORDER BY org, valid_from`, args...)
	if err != nil {
		return nil, err
	}
	var out []CodeUse
	for _, h := range hits {
		u := CodeUse{Org: h.Org, Key: h.Key, Code: h.Value, From: h.From}
		all, err := detailsOf(ctx, tx, h.Org)
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			if d.Key == h.Key && !d.Withdrawn && h.From.Before(d.From) && (u.To.IsZero() || d.From.Before(u.To)) {
				u.To = d.From
			}
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b CodeUse) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Org, b.Org)) })
	return out, nil
}

// Address is the path of the territory an organisation sits in, as of a day:
// its own, or that of the nearest unit above that has one.
func Address(ctx context.Context, tx *store.Tx, id string, at At) ([]Unit, error) {
	path, err := Path(ctx, tx, id, at)
	if err != nil {
		return nil, err
	}
	for _, u := range slices.Backward(path) {
		ds, err := Details(ctx, tx, u.ID, at)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if d.Key == Territory {
				return Path(ctx, tx, d.Value, at)
			}
		}
	}
	return nil, nil
}

func detailFacts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]DetailFact, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []DetailFact
	for rows.Next() {
		var d DetailFact
		var from, decision string
		var withdrawn int64
		if err := rows.Scan(&d.Entry, &d.EntryTo, &d.Fact, &d.Org, &d.Key, &from, &d.Value, &decision, &withdrawn); err != nil {
			return nil, err
		}
		d.Withdrawn = withdrawn != 0
		if err := errors.Join(d.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(decision), &d.Decision)); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Counts gives every staff figure of every unit at a pair of times: by unit,
// then by key, each with the decision that set it.
func Counts(ctx context.Context, tx *store.Tx, at At) (map[string]map[string]DetailFact, error) {
	all, err := detailFacts(ctx, tx, detailSelect+`WHERE (detail LIKE 'quota.%' OR detail LIKE 'held.%' OR detail LIKE 'plan.%' OR detail LIKE 'position.%')
		AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]DetailFact{}
	for _, d := range all {
		if out[d.Org] == nil {
			out[d.Org] = map[string]DetailFact{}
		}
		out[d.Org][d.Key] = d
	}
	return out, nil
}

// Number is a staff figure as a number; 0 when none is set.
func (d DetailFact) Number() int64 {
	n, err := strconv.ParseInt(d.Value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
