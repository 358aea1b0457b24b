package ballotbox

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// Audit is the hand audit of a reported box: the one under way, the last one
// ended, or none yet (Drawn is -1).
type Audit struct {
	Ballots int64 // papers in the box
	// All says that drawing saves nothing at Limit, or at 5 % before there is one:
	// the board may as well count all again. Likely is how many papers would do
	// if every one agreed with the figures.
	All    bool
	Likely int64

	Drawn   int64 // entry of the first draw, -1
	Seed    string
	Limit   int64 // per mille
	Papers  int64 // drawn
	Person  string
	At      time.Time
	List    []AuditPaper // in rising order
	Open    int          // drawn and not entered
	Risk    int64        // per million, rounded up, as seen so far
	Outcome string       // what ending now would say
	Ended   int64        // entry, -1
	Note    string

	contests []*paper.Contest
	failed   *error // of the rule that says how many votes pass
}

// fault is an error of that rule: no risk is stood by then.
func (a *Audit) fault() error {
	if a.failed != nil && *a.failed != nil {
		return fmt.Errorf("ballotbox: audit: %w", *a.failed)
	}
	return nil
}

// AuditPaper is one drawn paper: the At-th from the top of a pile.
type AuditPaper struct {
	No       int64
	Pile, At int
	Seen     bool
	Person   string
	Pattern  string // '' when not entered, or erased
	Entry    int64  // -1
}

// Under says that an audit is under way.
func (a *Audit) Under() bool { return a.Drawn >= 0 && a.Ended < 0 }

// SeedText is what is hashed with each paper's number: the dice and the box.
func SeedText(dice, box string) string { return dice + "/" + box }

// usualLimit is what the page reckons with before the board has chosen, per
// mille: a common choice of such audits, no rule.
const usualLimit = 50

// AuditOf reads the audit of a closed box. It is for the team, the chair and
// the case officer, like the figures themselves before the report.
func AuditOf(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (*Audit, error) {
	// How many papers do, and what they show, tell of the figures: not before the
	// head has reported.
	if b.Stage != StateReported {
		return nil, desk.Refuse("Chỉ kiểm lại khi trưởng ban đã báo cáo kết quả: số phiếu phải rút cho biết kết quả sát hay không.", "A result is audited once the head has reported it: how many papers must be drawn tells how close it is.")
	}
	rec, err := Record(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	if rec.Ballots.Valid == nil || rec.Ballots.Invalid == nil || *rec.Ballots.Valid < 1 {
		return nil, desk.Refuse("Hòm này không có phiếu hợp lệ nào để kiểm lại.", "This box holds no valid ballot to audit.")
	}
	a := &Audit{Ballots: *rec.Ballots.Valid + *rec.Ballots.Invalid, Drawn: -1, Ended: -1, Limit: usualLimit}
	if a.contests, a.failed, err = claimsOf(lib, b, rec); err != nil {
		return nil, err
	}
	if err := a.read(ctx, tx, b); err != nil {
		return nil, err
	}
	if a.Likely, err = a.Plan(a.Limit); err != nil {
		return nil, err
	}
	a.All = a.Likely*2 > a.Ballots
	if a.Drawn < 0 {
		return a, a.fault()
	}
	if err := a.address(ctx, tx, b); err != nil {
		return nil, err
	}
	if err := a.seen(ctx, tx); err != nil {
		return nil, err
	}
	if err := a.reckon(lib, b); err != nil {
		return nil, err
	}
	return a, a.fault()
}

// claimsOf are the statements the result rests on: who was elected before all
// others, and, where alternates were, they before the rest.
func claimsOf(lib *rule.Library, b *Row, rec *vote.Record) (out []*paper.Contest, failed *error, err error) {
	failed = new(error)
	book, err := b.book(lib)
	if err != nil {
		return nil, nil, err
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		return nil, nil, asWrong(err)
	}
	if res.Status != vote.Decided && res.Status != vote.Short {
		return nil, nil, desk.Refuse("Kết quả hòm này chưa ngã ngũ (bằng phiếu, không hợp lệ hoặc còn cách hiểu khác nhau): kiểm mẫu không xác nhận được, hãy kiểm lại toàn bộ.",
			"The result of this box is not decided (tie, invalid, or open readings): a sample confirms nothing, count all again.")
	}
	c := paper.Contest{Ballots: *rec.Ballots.Valid + *rec.Ballots.Invalid, Votes: make([]int64, len(rec.Candidates))}
	place := map[string]int{}
	for i, x := range rec.Candidates {
		place[x.ID], c.Votes[i] = i, rec.Votes[x.ID]
	}
	if res.Need > 0 && res.Denominator.Count != nil {
		if c.Base = *res.Denominator.Count; res.Denominator.Of == "valid-ballots" {
			c.Base, c.Valid = 0, *rec.Ballots.Valid
		}
		needs := map[int64]int64{}
		c.Need = func(base int64) int64 {
			n, ok := needs[base]
			if !ok {
				var bad error
				if n, bad = vote.NeedAt(book, rec, base); bad != nil && *failed == nil {
					*failed = bad
				}
				if n == 0 {
					n = base + 1 // nobody passes
				}
				needs[base] = n
			}
			return n
		}
		if got := c.Need(*res.Denominator.Count); got != res.Need {
			return nil, nil, desk.Refuse("Mức phiếu cần đạt của hòm này không tính lại được cho phép kiểm mẫu: hãy kiểm lại toàn bộ.", "The votes that pass cannot be reckoned for a sample here: count all again.")
		}
	}
	var won, both []int
	for _, l := range res.Results {
		switch l.Outcome {
		case vote.Elected, vote.GoesOn:
			won = append(won, place[l.Candidate])
			both = append(both, place[l.Candidate])
		case vote.Alternate:
			both = append(both, place[l.Candidate])
		}
	}
	first := c
	first.Elected = won
	out = []*paper.Contest{&first}
	if len(both) > len(won) {
		second := c
		second.Elected = both
		out = append(out, &second)
	}
	for _, x := range out {
		if ks, err := x.Claims(); err != nil {
			return nil, nil, fmt.Errorf("ballotbox: audit of %s: %w", b.ID, err)
		} else if len(ks) == 0 {
			return nil, nil, desk.Refuse("Kết quả này không dựa vào số phiếu so với ai hay mức nào, không có gì để kiểm lại.", "The result rests on no comparison of votes; there is nothing to audit.")
		}
	}
	return out, failed, nil
}

// Plan is how many papers would do at a limit (per mille) if each agreed with
// the figures.
func (a *Audit) Plan(limit int64) (int64, error) {
	most := int64(1)
	for _, c := range a.contests {
		_, n, err := c.CountAll(float64(limit) / 1000)
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}

func (a *Audit) read(ctx context.Context, tx *store.Tx, b *Row) error {
	var at string
	err := tx.QueryRow(ctx, `SELECT drawn, seed, limited, papers, person, at FROM ballotbox_audit WHERE box = $1 AND closing = $2 ORDER BY entry DESC LIMIT 1`, b.ID, b.Closed).
		Scan(&a.Drawn, &a.Seed, &a.Limit, &a.Papers, &a.Person, &at)
	if found, err := findOne(err); err != nil || !found {
		a.Drawn = -1
		return err
	}
	a.At = parseStamp(at)
	err = tx.QueryRow(ctx, `SELECT entry, note FROM ballotbox_audit_end WHERE drawn = $1`, a.Drawn).Scan(&a.Ended, &a.Note)
	if found, err := findOne(err); err != nil || !found {
		a.Ended = -1
		return err
	}
	return nil
}

// address finds the drawn papers in their piles: papers are numbered through
// the piles in order, each pile from its top.
func (a *Audit) address(ctx context.Context, tx *store.Tx, b *Row) error {
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	pile, before := 0, int64(0)
	size := func(p *Pile) int64 {
		if r, ok := p.HandedIn[1]; ok {
			return r.Ballots
		}
		return int64(p.Size)
	}
	for _, no := range paper.Draw(SeedText(a.Seed, b.ID), a.Ballots, a.Papers) {
		for pile < len(piles)-1 && no > before+size(&piles[pile]) {
			before += size(&piles[pile])
			pile++
		}
		a.List = append(a.List, AuditPaper{No: no, Pile: pile + 1, At: int(no - before), Entry: -1})
	}
	return nil
}

// auditEntries are the entries of what people saw on papers of a box.
func auditEntries(ctx context.Context, tx *store.Tx, box string) ([]int64, error) {
	out, err := tx.Int64s(ctx, `SELECT entry FROM ballotbox_audit_paper WHERE box = $1 ORDER BY entry`, box)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: audited papers: %w", err)
	}
	return out, nil
}

func (a *Audit) seen(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Query(ctx, `SELECT entry, no, undo, content, person FROM ballotbox_audit_paper WHERE drawn = $1 ORDER BY entry`, a.Drawn)
	if err != nil {
		return fmt.Errorf("ballotbox: audited papers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var entry, no, undo int64
		var pattern, person string
		if err := rows.Scan(&entry, &no, &undo, &pattern, &person); err != nil {
			return err
		}
		i, ok := slices.BinarySearchFunc(a.List, no, func(p AuditPaper, no int64) int { return int(p.No - no) })
		if !ok {
			continue
		}
		p := &a.List[i]
		p.Seen, p.Pattern, p.Person, p.Entry = undo == 0, pattern, person, entry
		if undo == 1 {
			p.Pattern, p.Person, p.Entry = "", "", -1
		}
	}
	return rows.Err()
}

// reckon works out the risk from what was entered. Papers drawn and not entered
// count as if they spoke against every claim, so that none can be left out.
func (a *Audit) reckon(lib *rule.Library, b *Row) error {
	book, err := b.book(lib)
	if err != nil {
		return err
	}
	var valid []string
	erased := false
	for _, p := range a.List {
		switch {
		case !p.Seen:
			a.Open++
		case p.Pattern == "":
			erased = true
		case p.Pattern[0] != '?':
			j, err := vote.Judge(book, *b.Sheet.Seats, facts(b.Sheet.Form, p.Pattern))
			if err != nil {
				return err
			}
			if j.Proposal == "valid" {
				valid = append(valid, p.Pattern)
			}
		}
	}
	a.Risk, a.Outcome = 1_000_000, AuditNot
	if a.Open > 0 || erased {
		return nil
	}
	s := paper.Seen{Papers: a.Papers, Valid: int64(len(valid)), Votes: make([]int64, len(b.Sheet.Candidates))}
	n := len(b.Sheet.Candidates)
	over := make([]int64, n*n)
	for _, p := range valid {
		for i := range n {
			if p[i] != 'a' {
				continue
			}
			s.Votes[i]++
			for k := range n {
				if p[k] != 'a' {
					over[i*n+k]++
				}
			}
		}
	}
	s.Over = func(w, l int) int64 { return over[w*n+l] }
	risk := 0.0
	for _, c := range a.contests {
		r, err := c.Risk(&s)
		if err != nil {
			return err
		}
		risk = max(risk, r)
	}
	a.Risk = int64(math.Ceil(risk*1_000_000 - 1e-6))
	switch {
	case a.Risk <= a.Limit*1000:
		a.Outcome = AuditStands
	case a.Papers == a.Ballots:
		a.Outcome = AuditDiffers
	}
	return nil
}
