package org

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// How says in which way a unit went on in another.
type How string

// The ways. Merged, Split and Replaced carry a share of the whole unit;
// Functions hands over a field of work and leaves both units standing.
const (
	Merged    How = "merged"
	Split     How = "split"
	Replaced  How = "replaced"
	Functions How = "functions"
)

// Link says that Num/Den of Source became part of Target. A series of figures
// is followed across a reorganisation along these shares.
type Link struct {
	Source string `json:"source"`
	Target string `json:"target"`
	How    How    `json:"how"`
	Num    int64  `json:"num"`
	Den    int64  `json:"den"`
	Note   string `json:"note,omitzero"` // which functions, or what the share counts
}

// Lineage is a link with its day, its paper and the entry that says it.
type Lineage struct {
	Link
	From        vn.Date
	Fact, Entry int64
	EntryTo     int64
	Decision    Decision
	Withdrawn   bool
}

// RecordLineage records what a decision says about where units went, apart
// from any founding or dissolution. It is how communes find their successors:
// by a paper, never by a name.
type RecordLineage struct {
	Links    []Link
	From     vn.Date
	Decision Decision
}

// CorrectLineage says that links were recorded wrongly and how they really
// read, in full; with Withdraw, that they should not stand at all.
type CorrectLineage struct {
	Fact     int64
	Withdraw bool
	Links    []Link // of the same units; for Withdraw they are read from the record
	From     vn.Date
	Decision Decision
	Reason   string
}

// Name is the act's name.
func (a RecordLineage) Name() string { return "org.record-lineage" }

// Subject is the first unit that went on.
func (a RecordLineage) Subject() string {
	if len(a.Links) == 0 {
		return "org/-"
	}
	return a.Links[0].Source
}

// Need asks for the right over the whole province.
func (a RecordLineage) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses shares over the whole and units that do not exist then.
func (a RecordLineage) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.link(a.Links, a.From, a.Decision)
	return g.drafts, err
}

// Name is the act's name.
func (a CorrectLineage) Name() string { return "org.correct-lineage" }

// Subject names the statement's first unit, or the fact when no links are given.
func (a CorrectLineage) Subject() string {
	if len(a.Links) > 0 {
		return a.Links[0].Source
	}
	return fmt.Sprintf("org/fact-%d", a.Fact)
}

// Need asks for the right over the whole province.
func (a CorrectLineage) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks the corrected links like new ones.
func (a CorrectLineage) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	old, err := lineages(ctx, s.Tx, lineageSelect+`WHERE fact = $1 AND entry_to = -1 ORDER BY seq`, a.Fact)
	if err != nil {
		return nil, err
	}
	if len(old) == 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	b := body{Org: old[0].Target, Fact: &old[0].Fact, Withdrawn: a.Withdraw, From: a.From, Links: a.Links, Decision: a.Decision}
	if a.Withdraw {
		b.From, b.Decision, b.Links = old[0].From, old[0].Decision, nil
		for _, l := range old {
			b.Links = append(b.Links, l.Link)
		}
	} else if err := g.checkLinks(a.Links, a.From, a.Fact); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindLineageCorrected, Subjects: subjectsOf(b.Links), Body: b, Blocks: append(signed(a.Decision), reasonBlock(a.Reason))}}, nil
}

// link checks links and makes their draft.
func (g *ground) link(links []Link, from vn.Date, decision Decision) error {
	if err := checkDecision(decision); err != nil {
		return err
	}
	if err := g.checkLinks(links, from, -1); err != nil {
		return err
	}
	g.drafts = append(g.drafts, desk.Draft{Kind: kindSucceeded, Subjects: subjectsOf(links),
		Body: body{Org: links[0].Target, From: from, Links: links, Decision: decision}, Blocks: signed(decision)})
	return nil
}

func subjectsOf(links []Link) []string {
	var out []string
	for _, l := range links {
		for _, id := range []string{l.Source, l.Target} {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

const maxDen = 1_000_000_000

func (g *ground) checkLinks(links []Link, from vn.Date, except int64) error {
	if len(links) == 0 || len(links) > 500 {
		return desk.Wrong("successors", "Cần từ 1 đến 500 nơi kế thừa.", "Between 1 and 500 successors are needed.")
	}
	sum := map[string]*big.Rat{}
	for _, l := range links {
		if l.Num < 0 || l.Den <= 0 || l.Den > maxDen || l.Num > l.Den || l.Num == 0 && l.How != Functions {
			return desk.Wrong("share", "Tỷ lệ kế thừa phải lớn hơn 0 và không quá 1.", "A share lies above 0 and is at most 1.")
		}
		if l.Source == l.Target {
			return desk.Wrong("successors", "Một tổ chức không kế thừa chính mình.", "A unit is not its own successor.")
		}
		if utf8.RuneCountInString(l.Note) > 500 {
			return desk.Wrong("note", "Nội dung quá 500 chữ.", "This is longer than 500 letters.")
		}
		switch l.How {
		case Merged, Split, Replaced, Functions:
		default:
			return desk.Wrong("how", "Cần chọn cách kế thừa trong danh mục.", "Choose the way from the list.")
		}
		before, err := g.existsOn(l.Source, from.AddDays(-1))
		if err != nil {
			return err
		}
		after, err := g.existsOn(l.Target, from)
		if err != nil {
			return err
		}
		if !before || !after {
			return desk.Refuse("Nơi giao phải tồn tại đến trước ngày "+from.Vietnamese()+" và nơi nhận phải tồn tại từ ngày ấy.",
				"The source must exist until "+from.String()+" and the target from that day.")
		}
		if l.How == Functions {
			continue
		}
		if sum[l.Source] == nil {
			sum[l.Source] = new(big.Rat)
			old, err := lineages(g.ctx, g.s.Tx, lineageSelect+`WHERE source = $1 AND entry_to = -1 AND withdrawn = 0 ORDER BY entry_from, seq`, l.Source)
			if err != nil {
				return err
			}
			for _, o := range old {
				if o.How != Functions && o.Fact != except && o.From == from {
					sum[l.Source].Add(sum[l.Source], big.NewRat(o.Num, o.Den))
				}
			}
		}
		if sum[l.Source].Add(sum[l.Source], big.NewRat(l.Num, l.Den)).Cmp(big.NewRat(1, 1)) > 0 {
			return desk.Refuse("Tổng các phần của một tổ chức vượt quá toàn bộ tổ chức ấy.", "The parts of a unit add up to more than the whole.")
		}
	}
	return nil
}

var lineageColumns = []string{"entry_from", "seq", "entry_to", "fact", "source", "target", "how", "num", "den", "note", "valid_from", "decision", "withdrawn"}

func lineageRows(rows *[][]any, r desk.Record, b body) error {
	if len(b.Links) == 0 {
		return nil
	}
	decision, err := json.Marshal(b.Decision)
	for i, l := range b.Links {
		*rows = append(*rows, []any{r.Index, int64(i), int64(-1), r.Index, l.Source, l.Target, string(l.How), l.Num, l.Den, l.Note, b.From.String(), string(decision), int64(0)})
	}
	return err
}

const lineageSelect = `SELECT entry_from, entry_to, fact, source, target, how, num, den, note, valid_from, decision, withdrawn FROM org_lineage `

// LineageOf lists the links from and to a unit as known at an entry (below 0:
// now), oldest day first.
func LineageOf(ctx context.Context, tx *store.Tx, id string, known int64) ([]Lineage, error) {
	return lineages(ctx, tx, lineageSelect+`WHERE (source = $1 OR target = $1) AND withdrawn = 0 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) ORDER BY valid_from, entry_from, seq`,
		id, At{Known: known}.KnownIndex())
}

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
