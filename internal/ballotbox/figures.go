package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// StateOf is how far a box is, and what its closing still waits for: piles
// whose readings do not agree yet, doubtful ballots not decided. For everybody
// who may know of the box: it says no figure.
func StateOf(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (State, error) {
	if b.Stage != StateReading {
		return b.Stage, nil
	}
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return "", err
	}
	for _, p := range piles {
		if p.Agreed < 0 {
			return StateReading, nil
		}
	}
	if b.Mode == TotalsTwice {
		return StateReady, nil
	}
	ds, err := Doubts(ctx, tx, lib, b)
	if err != nil {
		return "", err
	}
	for _, d := range ds {
		if d.Decision == nil {
			return StateDoubts, nil
		}
	}
	return StateReady, nil
}

// Tally adds up what the agreed readings and the board's decisions say. It is
// for the team, the chair and the case officer.
func Tally(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (*vote.Record, error) {
	have, err := stockNow(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	rec := *b.Sheet
	if b.Round > 0 {
		rec.Round = b.Round
	}
	fillStock(&rec, have)
	if b.Mode == TotalsTwice {
		piles, err := Piles(ctx, tx, b.ID)
		if err != nil {
			return nil, err
		}
		rs, err := readings(ctx, tx, b.ID, 1, piles[0].Attempt)
		if err != nil {
			return nil, err
		}
		if t := rs[1].Totals; t != nil {
			t.into(&rec)
		}
		return &rec, nil
	}
	plain, doubts, err := agreed(ctx, tx, lib, b)
	if err != nil {
		return nil, err
	}
	t := newTally(b)
	for _, c := range plain {
		t.add(c.Pattern, c.N)
	}
	for _, d := range doubts {
		switch {
		case d.Decision == nil:
			return nil, errDoubts
		case d.Decision.Valid:
			t.add(d.Decision.Pattern, 1)
		default:
			t.Invalid++
			t.InvalidBy[d.Decision.Cause]++
		}
	}
	t.Totals.into(&rec)
	return &rec, nil
}

var errDoubts = desk.Refuse("Còn phiếu nghi vấn chưa quyết định.", "Doubtful ballots are not decided yet.")

// tally adds ballots up into totals.
type tally struct {
	Totals
	box *Row
}

func newTally(b *Row) *tally {
	t := &tally{box: b, Totals: Totals{Votes: map[string]int64{}, InvalidBy: map[string]int64{}}}
	switch b.Sheet.Form {
	case "agree":
		t.Disagree, t.Unmarked = map[string]int64{}, map[string]int64{}
	case "confidence3":
		t.Disagree, t.Middle, t.Unmarked = map[string]int64{}, map[string]int64{}, map[string]int64{}
	default:
		t.ByChosen = map[string]int64{}
	}
	for _, c := range b.Sheet.Candidates {
		for _, m := range []map[string]int64{t.Votes, t.Disagree, t.Middle, t.Unmarked} {
			if m != nil {
				m[c.ID] = 0
			}
		}
	}
	return t
}

func (t *tally) add(pattern string, n int64) {
	t.Valid += n
	chosen := 0
	for i, l := range []byte(pattern) {
		id := t.box.Sheet.Candidates[i].ID
		switch {
		case l == 'a':
			t.Votes[id] += n
			chosen++
		case l == 'd' && t.Disagree != nil:
			t.Disagree[id] += n
		case l == 'm' && t.Middle != nil:
			t.Middle[id] += n
		case (l == 'n' || l == 'b') && t.Unmarked != nil:
			t.Unmarked[id] += n
		}
	}
	if t.ByChosen != nil {
		t.ByChosen[strconv.Itoa(chosen)] += n
	}
}

// Other is the result of another program held against this count.
type Other struct {
	Source string
	Person string
	Entry  int64
	Diffs  []TotalDiff
}

// Others compares the results of other programs with the count. For the team,
// the chair and the case officer, once every ballot is read.
func Others(ctx context.Context, tx *store.Tx, b *Row, rec *vote.Record) ([]Other, error) {
	rs, err := Readers(ctx, tx, b.ID)
	if err != nil || len(rs[0]) == 0 {
		return nil, err
	}
	ours := Totals{Votes: rec.Votes, Disagree: rec.Disagree, Middle: rec.Middle, Unmarked: rec.Unmarked}
	if rec.Ballots.Valid != nil && rec.Ballots.Invalid != nil {
		ours.Valid, ours.Invalid = *rec.Ballots.Valid, *rec.Ballots.Invalid
	}
	var out []Other
	for _, r := range rs[0] {
		var text string
		if err := tx.QueryRow(ctx, `SELECT content FROM ballotbox_reading WHERE entry = $1`, r.Entry).Scan(&text); err != nil {
			return nil, fmt.Errorf("ballotbox: other result: %w", err)
		}
		if text == "" {
			continue
		}
		var c Content
		if err := json.Unmarshal([]byte(text), &c); err != nil || c.Totals == nil {
			return nil, fmt.Errorf("ballotbox: other result of entry %d: %w", r.Entry, err)
		}
		t := *c.Totals // another program need not tell causes and kinds of ballots
		t.InvalidBy, t.ByChosen = nil, nil
		out = append(out, Other{r.Source, r.Person, r.Entry, DiffTotals(ours, t)})
	}
	return out, nil
}

// Check says what closing the box would meet: the record, the findings of the
// identities, and whether they block. For the team, chair and case officer.
type Check struct {
	Record  *vote.Record
	Result  *vote.Result
	Blocked bool
	Warns   []vote.Finding // contradictions that only warn: a note is needed
	Others  []Other
	Scans   []ScanPile // scans held against the typed readings
}

// CheckOf works out the figures and holds them against the rules.
func CheckOf(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (*Check, error) {
	rec, err := Tally(ctx, tx, lib, b)
	if err != nil {
		return nil, err
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		return nil, asWrong(err)
	}
	c := &Check{Record: rec, Result: res, Blocked: res.Status == vote.Refused}
	for _, f := range res.Findings {
		if f.Kind == "contradiction" && f.Severity == "warning" {
			c.Warns = append(c.Warns, f)
		}
	}
	if c.Others, err = Others(ctx, tx, b, rec); err != nil {
		return nil, err
	}
	c.Scans, err = ScanCompared(ctx, tx, b)
	return c, err
}

// differs says whether another program or a scan found other figures.
func (c *Check) differs() bool {
	return slices.ContainsFunc(c.Others, func(o Other) bool { return len(o.Diffs) > 0 }) || slices.ContainsFunc(c.Scans, func(s ScanPile) bool { return s.Settled && !s.Same })
}
