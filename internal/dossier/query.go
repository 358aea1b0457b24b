package dossier

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// GetFile is the file of a person; false when none was opened.
func GetFile(ctx context.Context, tx *store.Tx, person string) (File, bool, error) {
	rows, err := tx.Query(ctx, `SELECT f.class, f.state, f.opened, COALESCE(c.content, '') FROM dossier_file f
		LEFT JOIN dossier_content c ON c.entry = f.said AND c.block = 'state' WHERE f.person = $1`, person)
	if err != nil {
		return File{}, false, err
	}
	defer rows.Close()
	for rows.Next() {
		f := File{Person: person}
		var said string
		if err := rows.Scan(&f.Class, &f.State, &f.Opened, &said); err != nil {
			return f, false, err
		}
		f.Said, err = groundsOf(said)
		return f, true, err
	}
	return File{}, false, rows.Err()
}

func groundsOf(content string) (*Grounds, error) {
	if content == "" {
		return nil, nil
	}
	var g Grounds
	return &g, json.Unmarshal([]byte(content), &g)
}

// lay orders holders by their first day and gives each the day the next one
// followed.
func lay(cs []Custody) {
	slices.SortStableFunc(cs, func(a, b Custody) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return cmp.Compare(a.Fact, b.Fact)
	})
	next := vn.Date{}
	for i := len(cs) - 1; i >= 0; i-- {
		cs[i].To = vn.Date{}
		if !cs[i].Withdrawn {
			cs[i].To, next = next, cs[i].From
		}
	}
}

// CustodyOf lists who held the file, first holder first, as known at an entry
// (below 0: now); withdrawn ones are left out.
func CustodyOf(ctx context.Context, tx *store.Tx, person string, known int64) ([]Custody, error) {
	cs, err := custody(ctx, tx, `WHERE person = $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0`, person, org.At{Known: known}.KnownIndex())
	lay(cs)
	return cs, err
}

// CustodyHistory is all that was said about holders, in the order of saying.
func CustodyHistory(ctx context.Context, tx *store.Tx, person string) ([]Custody, error) {
	cs, err := custody(ctx, tx, `WHERE person = $1`, person)
	slices.SortFunc(cs, func(a, b Custody) int { return cmp.Compare(a.Entry, b.Entry) })
	return cs, err
}

// Holder is who holds the file on a day; false when nobody does.
func Holder(ctx context.Context, tx *store.Tx, person string, at org.At) (Custody, bool, error) {
	cs, err := CustodyOf(ctx, tx, person, at.Known)
	if err != nil {
		return Custody{}, false, err
	}
	for _, c := range cs {
		if !at.On.Before(c.From) && (c.To.IsZero() || at.On.Before(c.To)) {
			return c, true, nil
		}
	}
	return Custody{}, false, nil
}

// Holders is who holds each file on a day, by person.
func Holders(ctx context.Context, tx *store.Tx, at org.At) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT person, org FROM dossier_custody WHERE valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0
		ORDER BY person, valid_from, fact`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var p, o string
		if err := rows.Scan(&p, &o); err != nil {
			return nil, err
		}
		out[p] = o
	}
	return out, rows.Err()
}

func custody(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Custody, error) {
	rows, err := tx.Query(ctx, `SELECT k.entry_from, k.entry_to, k.fact, k.person, k.org, k.valid_from, k.decision, k.handover, k.withdrawn, COALESCE(c.content, '')
		FROM (SELECT * FROM dossier_custody `+where+`) k LEFT JOIN dossier_content c ON c.entry = k.entry_from AND c.block = 'hands'`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Custody
	for rows.Next() {
		var c Custody
		var from, decision, hands string
		var withdrawn int64
		if err := rows.Scan(&c.Entry, &c.EntryTo, &c.Fact, &c.Person, &c.Org, &from, &decision, &c.Handover, &withdrawn, &hands); err != nil {
			return nil, err
		}
		c.Withdrawn = withdrawn != 0
		var err error
		c.Hands, err = groundsOf(hands)
		if err := errors.Join(err, c.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(decision), &c.Decision)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Docs lists the papers of a file, every version, by kind, date and version, as
// known at an entry (below 0: now).
func Docs(ctx context.Context, tx *store.Tx, person string, known int64) ([]Doc, error) {
	ds, err := docs(ctx, tx, `WHERE person = $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2)`, person, org.At{Known: known}.KnownIndex())
	if err != nil {
		return nil, err
	}
	newest := map[string]int{}
	for _, d := range ds {
		if d.State != Withdrawn {
			newest[d.ID] = max(newest[d.ID], d.Version)
		}
	}
	for i := range ds {
		ds[i].Older = ds[i].Version < newest[ds[i].ID]
	}
	slices.SortFunc(ds, func(a, b Doc) int {
		return cmp.Or(cmp.Compare(a.sortKind(), b.sortKind()), a.day().Compare(b.day()), strings.Compare(a.ID, b.ID), b.Version-a.Version)
	})
	return ds, nil
}

func (d Doc) sortKind() int {
	if d.Paper == nil || d.Paper.Kind == 0 {
		return len(kinds) + 1
	}
	return d.Paper.Kind
}

func (d Doc) day() vn.Date {
	if d.Paper == nil {
		return vn.Date{}
	}
	return d.Paper.Date
}

// DocHistory is all that was said about a paper, in the order of saying.
func DocHistory(ctx context.Context, tx *store.Tx, person, doc string) ([]Doc, error) {
	ds, err := docs(ctx, tx, `WHERE person = $1 AND doc = $2`, person, doc)
	slices.SortFunc(ds, func(a, b Doc) int { return cmp.Compare(a.Entry, b.Entry) })
	return ds, err
}

func docs(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Doc, error) {
	rows, err := tx.Query(ctx, `SELECT d.entry_from, d.entry_to, d.person, d.doc, d.version, d.class, d.state, d.filed, d.content, COALESCE(p.content, ''), COALESCE(s.content, '')
		FROM (SELECT * FROM dossier_doc `+where+`) d LEFT JOIN dossier_content p ON p.entry = d.content AND p.block = 'paper'
		LEFT JOIN dossier_content s ON s.entry = d.said AND s.block = 'state'`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Doc
	for rows.Next() {
		var d Doc
		var filed, paper, said string
		if err := rows.Scan(&d.Entry, &d.EntryTo, &d.Person, &d.ID, &d.Version, &d.Class, &d.State, &filed, &d.Content, &paper, &said); err != nil {
			return nil, err
		}
		if paper != "" {
			d.Paper = &Paper{}
			if err := json.Unmarshal([]byte(paper), d.Paper); err != nil {
				return nil, err
			}
		}
		var err error
		d.Said, err = groundsOf(said)
		if err := errors.Join(err, d.Filed.UnmarshalText([]byte(filed))); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// MarksOf is what was last said of each kind of papers of a person, as known at
// an entry (below 0: now).
func MarksOf(ctx context.Context, tx *store.Tx, person string, known int64) (map[int]Mark, error) {
	rows, err := tx.Query(ctx, `SELECT kind, state FROM dossier_mark WHERE person = $1 AND entry <= $2 ORDER BY entry, n`, person, org.At{Known: known}.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int]Mark{}
	for rows.Next() {
		var k int
		var m Mark
		if err := rows.Scan(&k, &m); err != nil {
			return nil, err
		}
		out[k] = m
	}
	return out, rows.Err()
}

func each(ctx context.Context, tx *store.Tx, query string, do func(scan func(...any) error) error, args ...any) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
