package regulation

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// apply follows records one by one: the room has few, and each change of the
// library carries the running digest of those before it.
func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for i := range rs {
		if err := applyOne(ctx, tx, &rs[i]); err != nil {
			return fmt.Errorf("regulation: entry %d (%s): %w", rs[i].Index, rs[i].Kind, err)
		}
	}
	return nil
}

func applyOne(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	switch r.Kind {
	case KindEdition:
		var b editionBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		if err := tx.Run(ctx, `INSERT INTO regulation_edition (entry, at, actor, document, dated, edition, over_doc, file, digest, yaml)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			r.Index, stamp(r.At), r.Actor, b.Doc, b.Date, b.Edition, b.Over, b.File, b.Digest, b.YAML); err != nil {
			return err
		}
		return applyChange(ctx, tx, r)
	case KindDays:
		var b rule.Days
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		days, err := json.Marshal(b.Days)
		if err != nil {
			return err
		}
		if err := tx.Run(ctx, `INSERT INTO regulation_days (entry, at, actor, first, last, number, dated, issuer, days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			r.Index, stamp(r.At), r.Actor, b.From.String(), b.To.String(), b.Number, b.Date.String(), b.Issuer, string(days)); err != nil {
			return err
		}
		return applyChange(ctx, tx, r)
	case KindProposed:
		var b attestBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		if err := tx.Run(ctx, `INSERT INTO regulation_attest (proposed, at, actor, document, dated, edition, item, choice, scan, scan_type,
			scan_size, page, state, closed, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', -1, '', '')`,
			r.Index, stamp(r.At), r.Actor, b.Document, b.Date, b.Edition, b.Item, b.Choice, b.Scan, b.ScanType, b.ScanSize, b.Page); err != nil {
			return err
		}
		return applyNote(ctx, tx, r, BlockNote)
	case KindAttested:
		var b attestBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		if b.Proposed == nil {
			return errors.New("an attestation without its proposal")
		}
		if err := closeProposal(ctx, tx, r, *b.Proposed, "attested"); err != nil {
			return err
		}
		return applyChange(ctx, tx, r)
	case KindRefused:
		var b refusedBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return err
		}
		if err := closeProposal(ctx, tx, r, b.Proposed, "refused"); err != nil {
			return err
		}
		return applyNote(ctx, tx, r, BlockReason)
	}
	return errors.New("unknown kind")
}

func closeProposal(ctx context.Context, tx *store.Tx, r *desk.Record, proposed int64, state string) error {
	err := tx.Run(ctx, `UPDATE regulation_attest SET state = $1, closed = $2, closed_at = $3, closed_by = $4 WHERE proposed = $5`,
		state, r.Index, stamp(r.At), r.Actor, proposed)
	return err
}

// applyNote keeps the text of a block; absent, the row stands with no text, as
// erase leaves it.
func applyNote(ctx context.Context, tx *store.Tx, r *desk.Record, block string) error {
	var text string
	if raw, ok := r.Blocks[block]; ok {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	}
	err := tx.Run(ctx, `INSERT INTO regulation_note (entry, block, note) VALUES ($1, $2, $3)`, r.Index, block, text)
	return err
}

func applyChange(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	before := ""
	err := tx.QueryRow(ctx, `SELECT chain FROM regulation_change ORDER BY entry DESC LIMIT 1`).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%s\n", before, r.Index, r.Kind)
	h.Write(r.Body)
	err = tx.Run(ctx, `INSERT INTO regulation_change (entry, kind, chain) VALUES ($1, $2, $3)`,
		r.Index, r.Kind, hex.EncodeToString(h.Sum(nil)))
	return err
}

func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	if block != BlockNote && block != BlockReason {
		return fmt.Errorf("regulation: entry %d has no block %q", index, block)
	}
	err := tx.Run(ctx, `UPDATE regulation_note SET note = '' WHERE entry = $1 AND block = $2`, index, block)
	return err
}
