package org

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindFounded   = "org.founded/1"
	kindRenamed   = "org.renamed/1"
	kindMoved     = "org.moved/1"
	kindDissolved = "org.dissolved/1"
	kindCorrected = "org.corrected/1"

	kindFoundedWith      = "org.founded/2" // with details that hold from the first day
	kindReclassified     = "org.reclassified/1"
	kindDetailed         = "org.detailed/1"
	kindDetailCorrected  = "org.detail-corrected/1"
	kindSucceeded        = "org.succeeded/1"
	kindLineageCorrected = "org.lineage-corrected/1"
)

// body is the body of every kind of this room; unused fields are left out.
type body struct {
	Org        string   `json:"org"`
	From       vn.Date  `json:"from,omitzero"`
	Name       string   `json:"name,omitzero"`
	Kind       Kind     `json:"kind,omitzero"`
	Parent     string   `json:"parent,omitzero"`
	Successors []string `json:"successors,omitzero"`
	Decision   Decision `json:"decision,omitzero"`
	// corrected: the statement meant, by the entry that first made it, and
	// whether it is taken back altogether.
	Fact      *int64 `json:"fact,omitzero"`
	Withdrawn bool   `json:"withdrawn,omitzero"`
	Reason    string `json:"reason,omitzero"`
	// founded/2, detailed, detail-corrected: what holds from the day on.
	Details []Detail `json:"details,omitempty"`
	// succeeded, lineage-corrected: where units went.
	Links []Link `json:"links,omitempty"`
}

func whatOf(kind string) What {
	switch kind {
	case kindFounded, kindFoundedWith:
		return Founded
	case kindReclassified:
		return Reclassified
	case kindRenamed:
		return Renamed
	case kindMoved:
		return Moved
	case kindDissolved:
		return Dissolved
	}
	return ""
}

// apply follows entries. Foundings in a row are written together: a unit is
// new when it is founded, so nothing about it needs to be read.
func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	var said, units, details, links [][]any
	flush := func() error {
		err := errors.Join(
			tx.Insert(ctx, "org_statement", statementColumns, said),
			tx.Insert(ctx, "org_unit", unitRowColumns, units),
			tx.Insert(ctx, "org_detail", detailColumns, details),
			tx.Insert(ctx, "org_lineage", lineageColumns, links))
		said, units, details, links = nil, nil, nil, nil
		return err
	}
	for _, r := range rs {
		var b body
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return fmt.Errorf("org: entry %d: %w", r.Index, err)
		}
		switch r.Kind {
		case kindDetailed, kindSucceeded:
			if err := errors.Join(detailRows(&details, r, b), lineageRows(&links, r, b)); err != nil {
				return err
			}
			continue
		case kindDetailCorrected, kindLineageCorrected:
			if err := flush(); err != nil {
				return err
			}
			if err := replaceFact(ctx, tx, r, b); err != nil {
				return fmt.Errorf("org: entry %d: %w", r.Index, err)
			}
			continue
		case kindFounded, kindFoundedWith:
			if err := detailRows(&details, r, b); err != nil {
				return err
			}
		default:
			if err := flush(); err != nil {
				return err
			}
			if err := applyOne(ctx, tx, r, b); err != nil {
				return err
			}
			continue
		}
		s := statementOf(r, b)
		row, err := statementRow(s)
		if err != nil {
			return err
		}
		said = append(said, row)
		for _, v := range derive([]Statement{s}) {
			units = append(units, unitRow(b.Org, v, r.Index))
		}
	}
	return flush()
}

func statementOf(r desk.Record, b body) Statement {
	return Statement{
		Fact: r.Index, Entry: r.Index, EntryTo: -1, What: whatOf(r.Kind), Org: b.Org, From: b.From,
		Name: b.Name, Kind: b.Kind, Parent: b.Parent, Successors: b.Successors, Decision: b.Decision, Withdrawn: b.Withdrawn,
	}
}

func applyOne(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	said, err := standing(ctx, tx, b.Org)
	if err != nil {
		return err
	}
	s := statementOf(r, b)
	if r.Kind == kindCorrected {
		if said, err = correctIn(ctx, tx, said, &s, b, r.Index); err != nil {
			return err
		}
	}
	if err := insertStatement(ctx, tx, s); err != nil {
		return err
	}
	if err := follow(ctx, tx, b.Org, derive(append(said, s)), r.Index); err != nil {
		return fmt.Errorf("org: entry %d: %w", r.Index, err)
	}
	return nil
}

// correctIn closes the wording that s replaces and fills s with its verb.
func correctIn(ctx context.Context, tx *store.Tx, said []Statement, s *Statement, b body, index int64) ([]Statement, error) {
	for i, old := range said {
		if b.Fact == nil || old.Fact != *b.Fact {
			continue
		}
		s.Fact, s.What = old.Fact, old.What
		if err := tx.Run(ctx, `UPDATE org_statement SET entry_to = $1 WHERE entry_from = $2`, index, old.Entry); err != nil {
			return nil, err
		}
		return append(said[:i:i], said[i+1:]...), nil
	}
	return nil, fmt.Errorf("org: entry %d corrects a statement that does not stand", index)
}

var statementColumns = []string{"entry_from", "entry_to", "fact", "org", "what", "valid_from", "name", "kind", "parent", "successors", "decision", "withdrawn"}

func statementRow(s Statement) ([]any, error) {
	successors, err := json.Marshal(append([]string{}, s.Successors...))
	if err != nil {
		return nil, err
	}
	decision, err := json.Marshal(s.Decision)
	if err != nil {
		return nil, err
	}
	withdrawn := int64(0)
	if s.Withdrawn {
		withdrawn = 1
	}
	return []any{s.Entry, int64(-1), s.Fact, s.Org, string(s.What), s.From.String(), s.Name, string(s.Kind), s.Parent, string(successors), string(decision), withdrawn}, nil
}

func insertStatement(ctx context.Context, tx *store.Tx, s Statement) error {
	row, err := statementRow(s)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "org_statement", statementColumns, [][]any{row})
}

var unitRowColumns = []string{"org", "valid_from", "valid_to", "entry_from", "entry_to", "name", "folded", "sort_key", "kind", "parent"}

func unitRow(id string, v version, index int64) []any {
	return []any{id, v.from.String(), v.to.String(), index, int64(-1), v.name, vn.Fold(v.name), siblingKey(v), string(v.kind), v.parent}
}

// follow makes the unit's rows say what the statements now say: rows that no
// longer hold are closed at this entry, new ones begin at it, others stay.
func follow(ctx context.Context, tx *store.Tx, id string, want []version, index int64) error {
	rows, err := tx.Query(ctx, `SELECT valid_from, valid_to, entry_from, name, kind, parent FROM org_unit WHERE org = $1 AND entry_to = -1`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	var closing [][2]any
	keep := make(map[version]bool)
	for rows.Next() {
		var v version
		var from, to string
		var entry int64
		if err := rows.Scan(&from, &to, &entry, &v.name, &v.kind, &v.parent); err != nil {
			return err
		}
		if v.from, v.to, err = days(from, to); err != nil {
			return err
		}
		kept := false
		for _, w := range want {
			kept = kept || w == v
		}
		if kept {
			keep[v] = true
		} else {
			closing = append(closing, [2]any{from, entry})
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, c := range closing {
		if err := tx.Run(ctx, `UPDATE org_unit SET entry_to = $1 WHERE org = $2 AND valid_from = $3 AND entry_from = $4`, index, id, c[0], c[1]); err != nil {
			return err
		}
	}
	var add [][]any
	for _, v := range want {
		if !keep[v] {
			add = append(add, unitRow(id, v, index))
		}
	}
	return tx.Insert(ctx, "org_unit", unitRowColumns, add)
}

// siblingKey orders units under one parent: by kind as forms list them, then
// by name with numbers in numeric order ("Chi bộ 2" before "Chi bộ 10").
func siblingKey(v version) string {
	place, ok := rankOf[v.kind]
	if !ok {
		place = "z"
	}
	return place + vn.TitleKey(v.name)
}

func days(from, to string) (f, t vn.Date, err error) {
	if err = f.UnmarshalText([]byte(from)); err == nil {
		err = t.UnmarshalText([]byte(to))
	}
	return f, t, err
}
