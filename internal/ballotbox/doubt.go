package ballotbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// Doubt is one ballot that the board must decide: a station called it
// doubtful, or the rules propose that it is not valid.
type Doubt struct {
	Item
	Pattern  string // "?" where the stations keyed none
	Proposal string // "look", "invalid:CAUSE", "" when only stations doubt
	Reason   *rule.Verdict
	Seen     []string // causes the stations proposed
	Decision *Decision
	Person   string // who recorded the decision
	Entry    int64  // of the decision, -1
}

// Doubts lists the doubtful ballots of the piles whose readings agree. For the
// team alone.
func Doubts(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) ([]Doubt, error) {
	_, ds, err := agreed(ctx, tx, lib, b)
	return ds, err
}

// agreed gathers the valid patterns of the agreed piles, and the doubtful
// ballots with what was decided on them.
func agreed(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) ([]Counted, []Doubt, error) {
	book, err := b.book(lib)
	if err != nil {
		return nil, nil, err
	}
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, nil, err
	}
	judged := map[string]vote.Judgement{}
	var plain []Counted
	var doubts []Doubt
	for _, p := range piles {
		if p.Agreed < 0 {
			continue
		}
		rs, err := readings(ctx, tx, b.ID, p.Pile, p.Attempt)
		if err != nil {
			return nil, nil, err
		}
		n := 0
		for _, c := range bare(rs[1].Patterns) {
			if c.Pattern == "?" {
				hints := hintsOf(rs)
				for range c.N {
					n++
					doubts = append(doubts, Doubt{Item: Item{p.Pile, n}, Pattern: "?", Seen: hints, Entry: -1})
				}
				continue
			}
			j, ok := judged[c.Pattern]
			if !ok {
				if j, err = vote.Judge(book, *b.Sheet.Seats, facts(b.Sheet.Form, c.Pattern)); err != nil {
					return nil, nil, err
				}
				judged[c.Pattern] = j
			}
			if j.Proposal == "valid" {
				plain = append(plain, c)
				continue
			}
			for range c.N {
				n++
				doubts = append(doubts, Doubt{Item: Item{p.Pile, n}, Pattern: c.Pattern, Proposal: j.Proposal, Reason: j.Reason, Entry: -1})
			}
		}
	}
	return plain, doubts, fillDecisions(ctx, tx, b.ID, piles, doubts)
}

// hintsOf are the causes the stations of a pile proposed, most often first.
func hintsOf(rs map[int]Content) []string {
	var out []string
	for st := 1; st <= len(rs); st++ {
		for _, c := range rs[st].Patterns {
			if cause, ok := strings.CutPrefix(c.Pattern, "?"); ok && cause != "" && !slices.Contains(out, cause) {
				out = append(out, cause)
			}
		}
	}
	return out
}

func fillDecisions(ctx context.Context, tx *store.Tx, box string, piles []Pile, ds []Doubt) error {
	rows, err := tx.Query(ctx, `SELECT entry, pile, n, attempt, decision, person FROM ballotbox_doubt WHERE box = $1 ORDER BY entry`, box)
	if err != nil {
		return fmt.Errorf("ballotbox: decisions: %w", err)
	}
	defer rows.Close()
	at := map[Item]int{}
	for i, d := range ds {
		at[d.Item] = i
	}
	for rows.Next() {
		var entry int64
		var it Item
		var attempt int
		var text, person string
		if err := rows.Scan(&entry, &it.Pile, &it.N, &attempt, &text, &person); err != nil {
			return err
		}
		i, ok := at[it]
		if !ok || piles[it.Pile-1].Attempt != attempt {
			continue // of a reading that a recount made void
		}
		if text == "" {
			return errErased
		}
		var d Decision
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return fmt.Errorf("ballotbox: decision of entry %d: %w", entry, err)
		}
		ds[i].Decision, ds[i].Person, ds[i].Entry = &d, person, entry
	}
	return rows.Err()
}

// Decide records what the board decided on doubtful ballots that are alike.
type Decide struct {
	Box, Case    string
	Items        []Item
	Valid        bool
	Keys         string // of a valid ballot that the stations did not key
	Cause        string // of invalid ballots
	Reason       string
	For, Against *int64
}

// Name, Subject, Need and Decide make Decide an act.
func (a Decide) Name() string    { return "ballotbox.decide-doubtful" }
func (a Decide) Subject() string { return Subject(a.Box) }
func (a Decide) Need() desk.Need { return count(a.Case) }
func (a Decide) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if err := firstOf(b.live(), b.calm(), needReason(a.Reason)); err != nil {
		return nil, err
	}
	if err := a.check(b); err != nil {
		return nil, err
	}
	ds, err := Doubts(ctx, s.Tx, s.Rules, b)
	if err != nil {
		return nil, err
	}
	causes, err := b.Causes(s.Rules)
	if err != nil {
		return nil, err
	}
	if !a.Valid && !contains(causeIDs(causes), a.Cause) {
		return nil, desk.Wrong("cause", "Hãy chọn nguyên nhân phiếu không hợp lệ.", "Choose the cause that makes the ballot invalid.")
	}
	decisions := map[string]Decision{}
	for _, it := range a.Items {
		d := Decision{Valid: a.Valid, Cause: a.Cause, Reason: strings.TrimSpace(a.Reason), For: a.For, Against: a.Against}
		i := slices.IndexFunc(ds, func(x Doubt) bool { return x.Item == it })
		if i < 0 {
			return nil, desk.Wrong("items", "Không có phiếu nghi vấn này.", "There is no such doubtful ballot.")
		}
		if a.Valid {
			d.Cause = ""
			if d.Pattern = ds[i].Pattern; d.Pattern == "?" || strings.TrimSpace(a.Keys) != "" {
				if d.Pattern, err = ReadKeys(b.Sheet.Form, len(b.Sheet.Candidates), nil, a.Keys); err != nil {
					var e *desk.Error
					if errors.As(err, &e) {
						return nil, desk.Wrong("keys", e.Says.VI, e.Says.EN)
					}
					return nil, err
				}
				if strings.HasPrefix(d.Pattern, "?") {
					return nil, desk.Wrong("keys", "Phiếu hợp lệ phải ghi rõ đã gạch, đánh dấu ai.", "A valid ballot must say whom it strikes or marks.")
				}
			}
		}
		decisions[fmt.Sprintf("%d/%d", it.Pile, it.N)] = d
	}
	return []desk.Draft{{Kind: KindDoubt, Subjects: []string{a.Subject()}, Body: doubtBody{b.ID, m.Person, a.Items},
		Blocks: []desk.DraftBlock{{Name: BlockDecision, Content: decisions}}}}, nil
}

func (a Decide) check(b *Row) error {
	if len(a.Items) == 0 || len(a.Items) > maxPile {
		return desk.Wrong("items", "Hãy chọn ít nhất một phiếu.", "Choose at least one ballot.")
	}
	seen := map[Item]bool{}
	for _, it := range a.Items {
		if seen[it] {
			return desk.Wrong("items", "Một phiếu được chọn hai lần.", "One ballot is chosen twice.")
		}
		seen[it] = true
	}
	for field, n := range map[string]*int64{"for": a.For, "against": a.Against} {
		if n != nil && (*n < 0 || *n > int64(len(b.Team.Members))) {
			return desk.Wrong(field, "Số thành viên biểu quyết không hợp lệ.", "The number of members voting is not valid.")
		}
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}
