package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

var aimWhat = map[string]string{KindAimSet: "set", KindAimCorrected: "corrected", KindAimEnded: "ended", KindAimWithdrawn: "withdrawn"}

const aimColumns = `aim, entry_from, entry_to, valid_from, valid_to, said, unit, reach, kind, organ, measure, under, num, den`

// applyAim follows one entry about an aim.
func applyAim(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b aimBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	decision, err := json.Marshal(b.Decision)
	if err != nil {
		return err
	}
	signer, reason := blockText(r, BlockSigner), blockText(r, BlockReason)
	if err := tx.Run(ctx, `INSERT INTO report_aim_said (entry, aim, what, decision, signer, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Index, b.ID, aimWhat[r.Kind], string(decision), signer, reason, r.Actor, r.At.UTC().Format(time.RFC3339Nano)); err != nil {
		return err
	}
	shut := func(id string) error {
		return tx.Run(ctx, `UPDATE report_aim SET entry_to = $1 WHERE aim = $2 AND entry_to = -1`, r.Index, id)
	}
	// until makes a version of an aim that is in force up to a day.
	until := func(id, day string) error {
		return errors.Join(shut(id), tx.Run(ctx, `INSERT INTO report_aim (`+aimColumns+`)
			SELECT aim, $1, -1, valid_from, $2, said, unit, reach, kind, organ, measure, under, num, den FROM report_aim WHERE aim = $3 AND entry_to = $1`, r.Index, day, id))
	}
	switch r.Kind {
	case KindAimWithdrawn:
		return shut(b.ID)
	case KindAimEnded:
		return until(b.ID, b.To.String())
	}
	to := ""
	if !b.To.IsZero() {
		to = b.To.String()
	}
	errs := []error{shut(b.ID), tx.Run(ctx, `INSERT INTO report_aim (`+aimColumns+`) VALUES ($1, $2, -1, $3, $4, $2, $5, $6, $7, $8, $9, $10, $11, $12)`,
		b.ID, r.Index, b.From.String(), to, b.Unit, b.Reach, string(b.Kind), b.Organ, b.Measure, b.Under, b.Num, b.Den)}
	if b.Replaces != "" {
		errs = append(errs, until(b.Replaces, b.From.String()))
	}
	return errors.Join(errs...)
}

// blockText is the one text of a block of an aim; "" when it is absent.
func blockText(r *desk.Record, name string) string {
	var m map[string]string
	if json.Unmarshal(r.Blocks[name], &m) != nil {
		return ""
	}
	return m[name]
}

func eraseAim(ctx context.Context, tx *store.Tx, index int64, name string) error {
	switch name {
	case BlockSigner:
		return tx.Run(ctx, `UPDATE report_aim_said SET signer = '' WHERE entry = $1`, index)
	case BlockReason:
		return tx.Run(ctx, `UPDATE report_aim_said SET reason = '' WHERE entry = $1`, index)
	}
	return nil
}

// query of aims: versions as known at an entry, with the paper they rest on.
const aimSelect = `SELECT a.aim, a.entry_from, a.entry_to, a.valid_from, a.valid_to, a.unit, a.reach, a.kind, a.organ, a.measure, a.under, a.num, a.den,
	s.entry, s.what, s.decision, s.signer, s.reason, s.actor, s.at
	FROM report_aim a JOIN report_aim_said s ON s.entry = a.said
	WHERE a.entry_from <= $1 AND (a.entry_to = -1 OR a.entry_to > $1) `

func aims(ctx context.Context, tx *store.Tx, query string, args ...any) ([]AimFact, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("report: aims: %w", err)
	}
	defer rows.Close()
	var out []AimFact
	for rows.Next() {
		var a AimFact
		var from, to, decision, at, signer string
		s := &a.Said
		if err := rows.Scan(&a.ID, &a.EntryFrom, &a.EntryTo, &from, &to, &a.Unit, &a.Reach, &a.Kind, &a.Organ, &a.Measure, &a.Under, &a.Num, &a.Den,
			&s.Entry, &s.What, &decision, &signer, &s.Reason, &s.Actor, &at); err != nil {
			return nil, err
		}
		s.Aim = a.ID
		errs := []error{a.From.UnmarshalText([]byte(from)), s.read(decision, signer, at)}
		if to != "" {
			errs = append(errs, a.To.UnmarshalText([]byte(to)))
		}
		if err := errors.Join(errs...); err != nil {
			return nil, fmt.Errorf("report: aim %s: %w", a.ID, err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func (s *AimSaid) read(decision, signer, at string) (err error) {
	if err = json.Unmarshal([]byte(decision), &s.Decision); err != nil {
		return err
	}
	s.Decision.Signer = signer
	s.At, err = time.Parse(time.RFC3339Nano, at)
	return err
}
