package org

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Part is a share of one unit.
type Part struct {
	Org      string
	Num, Den int64
}

// Origin says of which units, as they stood on an earlier day, a unit of a
// later day is made: the way to follow a series backwards across mergers. A
// unit that stood on both days is in its own origin.
func Origin(ctx context.Context, tx *store.Tx, id string, later, earlier vn.Date, known int64) ([]Part, error) {
	w := &walk{ctx: ctx, tx: tx, known: known, sum: map[string]*big.Rat{}}
	if err := w.back(id, later, earlier, big.NewRat(1, 1), 0); err != nil {
		return nil, err
	}
	return w.apart(earlier)
}

// apart leaves out units that stood under another part: a figure of the
// province already holds that of its districts.
func (w *walk) apart(on vn.Date) ([]Part, error) {
	var out []Part
	for _, p := range w.parts() {
		path, err := Path(w.ctx, w.tx, p.Org, At{On: on, Known: w.known})
		if err != nil {
			return nil, err
		}
		held := slices.ContainsFunc(path, func(u Unit) bool {
			return u.ID != p.Org && w.sum[u.ID] != nil && w.sum[u.ID].Cmp(w.sum[p.Org]) >= 0
		})
		if !held {
			out = append(out, p)
		}
	}
	return out, nil
}

// Heirs says in which units of a later day a unit of an earlier day goes on;
// missing is the share of which no decision on record says where it went.
func Heirs(ctx context.Context, tx *store.Tx, id string, earlier, later vn.Date, known int64) (parts []Part, missing Part, err error) {
	w := &walk{ctx: ctx, tx: tx, known: known, sum: map[string]*big.Rat{}, lost: new(big.Rat)}
	if err := w.forth(id, earlier, later, big.NewRat(1, 1), 0); err != nil {
		return nil, Part{}, err
	}
	return w.parts(), part("", w.lost), nil
}

type walk struct {
	ctx   context.Context
	tx    *store.Tx
	known int64
	sum   map[string]*big.Rat
	order []string
	lost  *big.Rat
}

func (w *walk) add(id string, share *big.Rat) {
	if w.sum[id] == nil {
		w.sum[id] = new(big.Rat)
		w.order = append(w.order, id)
	}
	w.sum[id].Add(w.sum[id], share)
}

func (w *walk) parts() []Part {
	var out []Part
	for _, id := range w.order {
		out = append(out, part(id, w.sum[id]))
	}
	return out
}

// part writes a share in whole numbers; one whose denominator has grown beyond
// them, after many splits, is rounded to the billionth.
func part(id string, r *big.Rat) Part {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Part{id, r.Num().Int64(), r.Denom().Int64()}
	}
	n := new(big.Int).Mul(r.Num(), big.NewInt(maxDen))
	return Part{id, n.Div(n, r.Denom()).Int64(), maxDen}
}

func (w *walk) exists(id string, on vn.Date) (bool, error) {
	_, ok, err := Get(w.ctx, w.tx, id, At{On: on, Known: w.known})
	return ok, err
}

func (w *walk) back(id string, later, earlier vn.Date, share *big.Rat, depth int) error {
	here, err := w.exists(id, earlier)
	if err != nil || depth > maxDepth {
		return err
	}
	links, err := LineageOf(w.ctx, w.tx, id, w.known)
	if err != nil {
		return err
	}
	if here {
		_, rest := outgoing(links, id, earlier, later)
		w.add(id, rest.Mul(rest, share))
	}
	for _, l := range links {
		if l.Target != id || l.How == Functions || l.From.Compare(earlier) <= 0 || later.Before(l.From) {
			continue
		}
		// Of what came in, the part that did not leave again later.
		_, kept := outgoing(links, id, l.From, later)
		kept.Mul(kept, share).Mul(kept, big.NewRat(l.Num, l.Den))
		if err := w.back(l.Source, l.From.AddDays(-1), earlier, kept, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) forth(id string, earlier, later vn.Date, share *big.Rat, depth int) error {
	links, err := LineageOf(w.ctx, w.tx, id, w.known)
	if err != nil || depth > maxDepth {
		return err
	}
	out, rest := outgoing(links, id, earlier, later)
	for _, o := range out {
		if err := w.forth(o.link.Target, o.link.From, later, o.share.Mul(o.share, share), depth+1); err != nil {
			return err
		}
	}
	if rest.Sign() <= 0 {
		return nil
	}
	here, err := w.exists(id, later)
	if err != nil {
		return err
	}
	rest.Mul(rest, share)
	if here {
		w.add(id, rest)
	} else {
		w.lost.Add(w.lost, rest)
	}
	return nil
}

type going struct {
	link  Lineage
	share *big.Rat // of the unit as it stood on the earlier day
}

// outgoing is what left a unit after earlier and up to later, and what was
// left. A share is one of the unit as it stood the day before.
func outgoing(links []Lineage, id string, earlier, later vn.Date) (out []going, rest *big.Rat) {
	rest = big.NewRat(1, 1)
	left := big.NewRat(1, 1) // at the beginning of the day at hand
	var day vn.Date
	for _, l := range links { // by day
		if l.Source != id || l.How == Functions || l.From.Compare(earlier) <= 0 || later.Before(l.From) {
			continue
		}
		if l.From != day {
			day = l.From
			left.Set(rest)
		}
		part := new(big.Rat).Mul(left, big.NewRat(l.Num, l.Den))
		out = append(out, going{l, part})
		rest.Sub(rest, part)
	}
	return out, rest
}

func lineages(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Lineage, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Lineage
	for rows.Next() {
		var l Lineage
		var from, decision string
		var withdrawn int64
		if err := rows.Scan(&l.Entry, &l.EntryTo, &l.Fact, &l.Source, &l.Target, &l.How, &l.Num, &l.Den, &l.Note, &from, &decision, &withdrawn); err != nil {
			return nil, err
		}
		l.Withdrawn = withdrawn != 0
		if err := errors.Join(l.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(decision), &l.Decision)); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}
