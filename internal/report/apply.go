package report

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

//go:embed schema/*.sql
var schemas embed.FS

// Room is the room of figures for the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "report", Schema: sub, Apply: apply, Erase: erase, Kinds: []string{KindClosed, KindAimSet, KindAimCorrected, KindAimEnded, KindAimWithdrawn}}
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for i := range rs {
		r := &rs[i]
		if aimWhat[r.Kind] != "" {
			if err := applyAim(ctx, tx, r); err != nil {
				return fmt.Errorf("report: entry %d: %w", r.Index, err)
			}
			continue
		}
		var b closedBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return fmt.Errorf("report: entry %d: %w", r.Index, err)
		}
		text, err := b.sheetText()
		if err != nil {
			return err
		}
		if err := errors.Join(
			tx.Run(ctx, `INSERT INTO report_closed (entry, id, unit, on_day, known, sheet, replaces, replaced_by, signing, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10)`,
				r.Index, b.ID, b.Sheet.Unit, b.Sheet.On.String(), b.Known, text, b.Replaces, string(r.Blocks[BlockSigning]), r.Actor, r.At.UTC().Format(time.RFC3339Nano)),
			tx.Run(ctx, `UPDATE report_closed SET replaced_by = $1 WHERE id = $2`, b.ID, b.Replaces)); err != nil {
			return fmt.Errorf("report: entry %d: %w", r.Index, err)
		}
	}
	return nil
}

func erase(ctx context.Context, tx *store.Tx, index int64, name string) error {
	if name != BlockSigning {
		return eraseAim(ctx, tx, index, name)
	}
	return tx.Run(ctx, `UPDATE report_closed SET signing = '' WHERE entry = $1`, index)
}
