package dossier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// apply follows entries.
func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	changed := map[string]bool{}
	for _, r := range rs {
		var b body
		err := json.Unmarshal(r.Body, &b)
		if err == nil {
			err = applyOne(ctx, tx, r, b)
		}
		if err != nil {
			return fmt.Errorf("dossier: entry %d: %w", r.Index, err)
		}
		changed[b.Person] = true
	}
	return recount(ctx, tx, changed)
}

func applyOne(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	if err := applyContent(ctx, tx, r, b.Person); err != nil {
		return err
	}
	switch r.Kind {
	case kindOpened:
		if err := tx.Insert(ctx, "dossier_file", []string{"person", "class", "state", "said", "opened"}, [][]any{{b.Person, string(b.Class), string(Kept), int64(-1), r.Index}}); err != nil {
			return err
		}
		return insertCustody(ctx, tx, r.Index, r.Index, b)
	case kindCustody:
		return insertCustody(ctx, tx, r.Index, r.Index, b)
	case kindCustodyFixed:
		return correctCustody(ctx, tx, r.Index, b)
	case kindDocument:
		return applyDocument(ctx, tx, r, b)
	case kindDocumentState:
		return applyDocumentState(ctx, tx, r, b)
	case kindFileState:
		return tx.Run(ctx, `UPDATE dossier_file SET class = $1, state = $2, said = $3 WHERE person = $4`, string(b.Class), string(b.State), r.Index, b.Person)
	case kindMarked:
		return nil // its block is all it says
	}
	return errors.New("a kind of another room")
}

// applyContent writes a row for each block, and what follows from blocks.
func applyContent(ctx context.Context, tx *store.Tx, r desk.Record, person string) error {
	var rows [][]any
	for _, ref := range r.Entry.Blocks {
		if ref.Name == blockWhy {
			continue
		}
		raw, present := r.Blocks[ref.Name]
		if !present {
			rows = append(rows, []any{r.Index, ref.Name, int64(0), ""})
			continue
		}
		rows = append(rows, []any{r.Index, ref.Name, int64(1), string(raw)})
		switch ref.Name {
		case BlockPaper:
			if err := applyScans(ctx, tx, r.Index, person, raw); err != nil {
				return err
			}
		case BlockMarks:
			var l markList
			if err := json.Unmarshal(raw, &l); err != nil {
				return err
			}
			var marks [][]any
			for i, m := range l.Marks {
				marks = append(marks, []any{r.Index, int64(i), person, int64(m.Kind), string(m.Mark)})
			}
			if err := tx.Insert(ctx, "dossier_mark", []string{"entry", "n", "person", "kind", "state"}, marks); err != nil {
				return err
			}
		}
	}
	return tx.Insert(ctx, "dossier_content", []string{"entry", "block", "present", "content"}, rows)
}

func applyScans(ctx context.Context, tx *store.Tx, index int64, person string, raw json.RawMessage) error {
	var p Paper
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	var rows [][]any
	for i, s := range p.Scans {
		rows = append(rows, []any{index, int64(i), person, s.Hash})
		if err := vault.Claim(ctx, tx, person, s.Hash); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "dossier_scan", []string{"entry", "n", "person", "hash"}, rows)
}

var custodyColumns = []string{"entry_from", "entry_to", "fact", "person", "org", "valid_from", "decision", "handover", "withdrawn"}

func insertCustody(ctx context.Context, tx *store.Tx, index, fact int64, b body) error {
	decision, err := json.Marshal(b.Decision)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "dossier_custody", custodyColumns, [][]any{{index, int64(-1), fact, b.Person, b.Org, b.From.String(), string(decision), b.Handover, flag(b.Withdrawn)}})
}

func correctCustody(ctx context.Context, tx *store.Tx, index int64, b body) error {
	if b.Fact == nil {
		return errors.New("corrects nothing")
	}
	if b.Withdrawn { // the wording keeps what it withdrew
		cs, err := custody(ctx, tx, `WHERE fact = $1 AND entry_to = -1`, *b.Fact)
		if err != nil || len(cs) != 1 {
			return orErr(err, errors.New("withdraws a hand-over that does not stand"))
		}
		b.Org, b.From = cs[0].Org, cs[0].From
	}
	n, err := tx.Exec(ctx, `UPDATE dossier_custody SET entry_to = $1 WHERE fact = $2 AND entry_to = -1`, index, *b.Fact)
	if err != nil || n != 1 {
		return orErr(err, errors.New("corrects a hand-over that does not stand"))
	}
	return insertCustody(ctx, tx, index, *b.Fact, b)
}

var docColumns = []string{"entry_from", "entry_to", "person", "doc", "version", "class", "state", "filed", "content", "said"}

func applyDocument(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	said := int64(-1)
	if b.Corrects { // why it is in its state goes on
		if err := tx.QueryRow(ctx, `SELECT said FROM dossier_doc WHERE doc = $1 AND version = $2 AND entry_to = -1`, b.Doc, int64(b.Version)).Scan(&said); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE dossier_doc SET entry_to = $1 WHERE doc = $2 AND version = $3 AND entry_to = -1`, r.Index, b.Doc, int64(b.Version)); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "dossier_doc", docColumns, [][]any{{r.Index, int64(-1), b.Person, b.Doc, int64(b.Version), string(b.Class), string(b.State), b.From.String(), r.Index, said}})
}

func applyDocumentState(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	var class, filed string
	var content int64
	if err := tx.QueryRow(ctx, `SELECT class, filed, content FROM dossier_doc WHERE doc = $1 AND version = $2 AND entry_to = -1`, b.Doc, int64(b.Version)).Scan(&class, &filed, &content); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE dossier_doc SET entry_to = $1 WHERE doc = $2 AND version = $3 AND entry_to = -1`, r.Index, b.Doc, int64(b.Version)); err != nil {
		return err
	}
	said := int64(-1)
	if slices.ContainsFunc(r.Entry.Blocks, func(ref ledger.BlockRef) bool { return ref.Name == BlockState }) {
		said = r.Index
	}
	return tx.Insert(ctx, "dossier_doc", docColumns, [][]any{{r.Index, int64(-1), b.Person, b.Doc, int64(b.Version), class, string(b.State), filed, content, said}})
}

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

// erase blanks what a block said; the scans that no other block of the person
// names go from the vault with it. See desk.Room.Erase.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	if block == blockWhy {
		return nil
	}
	if err := tx.Run(ctx, `UPDATE dossier_content SET present = 0, content = '' WHERE entry = $1 AND block = $2`, index, block); err != nil {
		return err
	}
	var of string
	switch block {
	case BlockMarks:
		of = `SELECT DISTINCT person FROM dossier_mark WHERE entry = $1`
	case BlockPaper:
		of = `SELECT person FROM dossier_doc WHERE entry_from = $1`
	default:
		return nil
	}
	who, err := tx.Strings(ctx, of, index)
	if err != nil {
		return err
	}
	if block == BlockMarks {
		err = tx.Run(ctx, `DELETE FROM dossier_mark WHERE entry = $1`, index)
	} else {
		err = eraseScans(ctx, tx, index)
	}
	if err != nil {
		return err
	}
	changed := map[string]bool{}
	for _, id := range who {
		changed[id] = true
	}
	return recount(ctx, tx, changed)
}

func eraseScans(ctx context.Context, tx *store.Tx, index int64) error {
	rows, err := tx.Query(ctx, `SELECT s.person, s.hash FROM dossier_scan s WHERE s.entry = $1
		AND NOT EXISTS (SELECT 1 FROM dossier_scan o WHERE o.person = s.person AND o.hash = s.hash AND o.entry <> s.entry) ORDER BY s.n`, index)
	if err != nil {
		return err
	}
	var gone [][2]string
	for rows.Next() {
		var x [2]string
		if err := rows.Scan(&x[0], &x[1]); err != nil {
			rows.Close()
			return err
		}
		gone = append(gone, x)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, x := range gone {
		if err := vault.Erase(ctx, tx, x[0], x[1]); err != nil {
			return err
		}
	}
	return tx.Run(ctx, `DELETE FROM dossier_scan WHERE entry = $1`, index)
}
