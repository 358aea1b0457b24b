package person

import (
	"context"
	"encoding/json"
	"errors"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

var handoverColumns = []string{"handover", "source", "target", "on_day", "list", "receipt", "opened", "accepted", "signed_source", "signed_target"}

// applyHandover follows an entry of a handover.
func applyHandover(ctx context.Context, tx *store.Tx, r desk.Record) error {
	switch r.Kind {
	case kindHandoverOpened:
		var l HandoverList
		if err := json.Unmarshal(r.Body, &l); err != nil {
			return err
		}
		return tx.Insert(ctx, "person_handover", handoverColumns, [][]any{{l.ID, l.From, l.To, l.On.String(), string(r.Body), "", r.Index, int64(-1), int64(-1), int64(-1)}})
	case kindHandoverAccepted:
		var x HandoverReceipt
		if err := json.Unmarshal(r.Body, &x); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE person_handover SET receipt = $1, accepted = $2 WHERE handover = $3`, string(r.Body), r.Index, x.ID)
		return err
	}
	var b signBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	column := "signed_target"
	if b.Source {
		column = "signed_source"
	}
	_, err := tx.Exec(ctx, `UPDATE person_handover SET `+column+` = $1 WHERE handover = $2`, r.Index, b.ID)
	return err
}

// GetHandover is one handover; false when there is none.
func GetHandover(ctx context.Context, tx *store.Tx, id string) (Handover, bool, error) {
	hs, err := handovers(ctx, tx, `WHERE handover = $1`, id)
	if err != nil || len(hs) == 0 {
		return Handover{}, false, err
	}
	return hs[0], true, nil
}

// Handovers lists every handover, the newest first.
func Handovers(ctx context.Context, tx *store.Tx) ([]Handover, error) {
	return handovers(ctx, tx, `ORDER BY opened DESC`)
}

func handovers(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Handover, error) {
	rows, err := tx.Query(ctx, `SELECT list, receipt, opened, accepted, signed_source, signed_target FROM person_handover `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Handover
	for rows.Next() {
		var h Handover
		var list, receipt string
		if err := rows.Scan(&list, &receipt, &h.Opened, &h.Accepted, &h.SignedSource, &h.SignedTarget); err != nil {
			return nil, err
		}
		err := json.Unmarshal([]byte(list), &h.List)
		if receipt != "" {
			h.Receipt = &HandoverReceipt{}
			err = errors.Join(err, json.Unmarshal([]byte(receipt), h.Receipt))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}
