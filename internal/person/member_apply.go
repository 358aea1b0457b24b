package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindStep          = "person.step-taken/1"
	kindStepCorrected = "person.step-corrected/1"
)

// stepBody is the body of the entries of membership.
type stepBody struct {
	Person      string         `json:"person"`
	Step        Step           `json:"step"`
	Org         string         `json:"org,omitzero"`
	Other       string         `json:"other,omitzero"`
	From        vn.Date        `json:"from,omitzero"`
	To          vn.Date        `json:"to,omitzero"`
	Introducers []string       `json:"introducers,omitempty"`
	For         *int64         `json:"for,omitzero"`
	Of          *int64         `json:"of,omitzero"`
	Years       int64          `json:"years,omitzero"`
	Kind        string         `json:"kind,omitzero"`
	Admitted    vn.Date        `json:"admitted,omitzero"`
	Sworn       vn.Date        `json:"sworn,omitzero"`
	Recognised  vn.Date        `json:"recognised,omitzero"`
	Decision    org.Decision   `json:"decision,omitzero"`
	Verdicts    []rule.Verdict `json:"verdicts,omitempty"`
	Fact        *int64         `json:"fact,omitzero"`
	Withdrawn   bool           `json:"withdrawn,omitzero"`
}

var stepColumns = []string{"entry_from", "entry_to", "fact", "person", "step", "org", "other", "valid_from", "valid_to", "sworn", "recognised", "admitted", "years", "kind", "votes_for", "votes_of", "decision", "withdrawn"}

var memberColumns = []string{"person", "rel", "org", "standing", "state", "since", "valid_from", "valid_to", "entry_from", "entry_to"}

// applySteps follows steps of different persons together, as an import or a
// handover brings them: what stands is read once, rows are written at once.
func applySteps(ctx context.Context, tx *store.Tx, rs []desk.Record, known news) error {
	bodies := make([]stepBody, len(rs))
	ids := make([]string, 0, len(rs))
	for i, r := range rs {
		if err := json.Unmarshal(r.Body, &bodies[i]); err != nil {
			return fmt.Errorf("entry %d: %w", r.Index, err)
		}
		if known[bodies[i].Person] == nil {
			ids = append(ids, bodies[i].Person)
		}
	}
	steps, have := map[string][]StepFact{}, map[string][]Place{}
	if err := forEachPart(ids, func(marks string, args []any) error {
		fs, err := stepFacts(ctx, tx, stepSelect+`WHERE person IN (`+marks+`) AND entry_to = -1 ORDER BY person, fact`, args...)
		if err != nil {
			return err
		}
		for _, f := range fs {
			steps[f.Person] = append(steps[f.Person], f)
		}
		ps, err := places(ctx, tx, placeSelect+`WHERE v.person IN (`+marks+`) AND v.entry_to = -1 ORDER BY v.person, v.valid_from, v.rel`, args...)
		for _, p := range ps {
			have[p.Person] = append(have[p.Person], p)
		}
		return err
	}); err != nil {
		return err
	}
	var said, add [][]any
	for i, r := range rs {
		id := bodies[i].Person
		who := known[id]
		if who == nil {
			who = &newcomer{steps: steps[id], places: have[id]}
		}
		row, more, err := who.take(ctx, tx, r, bodies[i])
		if err != nil {
			return fmt.Errorf("entry %d: %w", r.Index, err)
		}
		said, add = append(said, row), append(add, more...)
	}
	if err := tx.Insert(ctx, "person_step", stepColumns, said); err != nil {
		return err
	}
	return tx.Insert(ctx, "person_member", memberColumns, add)
}

// take follows one step: the row of its wording, and the rows of the places
// that come of it; what no longer holds is closed.
func (n *newcomer) take(ctx context.Context, tx *store.Tx, r desk.Record, b stepBody) (row []any, add [][]any, err error) {
	said, have := n.steps, n.places
	f := StepFact{Fact: r.Index, Entry: r.Index, EntryTo: -1, Person: b.Person, Step: b.Step, Org: b.Org, Other: b.Other, From: b.From, To: b.To,
		Sworn: b.Sworn, Recognised: b.Recognised, Admitted: b.Admitted, Years: b.Years, Kind: b.Kind, For: b.For, Of: b.Of, Decision: b.Decision, Withdrawn: b.Withdrawn}
	if r.Kind == kindStepCorrected {
		at := slices.IndexFunc(said, func(o StepFact) bool { return b.Fact != nil && o.Fact == *b.Fact })
		if at < 0 {
			return nil, nil, errors.New("corrects a step that does not stand")
		}
		f.Fact, f.Step = said[at].Fact, said[at].Step
		if err := tx.Run(ctx, `UPDATE person_step SET entry_to = $1 WHERE entry_from = $2`, r.Index, said[at].Entry); err != nil {
			return nil, nil, err
		}
		said = slices.Delete(said, at, at+1)
	}
	if row, err = stepRow(f); err != nil {
		return nil, nil, err
	}
	said = append(said, f)
	want, _ := life(said)
	n.steps, n.places = said, want
	for _, p := range have {
		if slices.Contains(want, p) {
			continue
		}
		if err := tx.Run(ctx, `UPDATE person_member SET entry_to = $1 WHERE person = $2 AND rel = $3 AND org = $4 AND valid_from = $5 AND entry_to = -1`, r.Index, b.Person, p.Rel, p.Org, p.From.String()); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range want {
		if !slices.Contains(have, p) {
			add = append(add, []any{p.Person, p.Rel, p.Org, p.Standing, p.State, p.Since.String(), p.From.String(), p.To.String(), r.Index, int64(-1)})
		}
	}
	return row, add, nil
}

func stepRow(f StepFact) ([]any, error) {
	decision, err := json.Marshal(f.Decision)
	withdrawn := int64(0)
	if f.Withdrawn {
		withdrawn = 1
	}
	opt := func(n *int64) int64 {
		if n == nil {
			return -1
		}
		return *n
	}
	return []any{f.Entry, int64(-1), f.Fact, f.Person, string(f.Step), f.Org, f.Other, f.From.String(), f.To.String(), f.Sworn.String(), f.Recognised.String(),
		f.Admitted.String(), f.Years, f.Kind, opt(f.For), opt(f.Of), string(decision), withdrawn}, err
}

const stepSelect = `SELECT entry_from, entry_to, fact, person, step, org, other, valid_from, valid_to, sworn, recognised, admitted, years, kind, votes_for, votes_of, decision, withdrawn FROM person_step `

// StepsOf is what stands about a member, in the order of first saying.
func StepsOf(ctx context.Context, tx *store.Tx, person string) ([]StepFact, error) {
	return stepFacts(ctx, tx, stepSelect+`WHERE person = $1 AND entry_to = -1 ORDER BY fact`, person)
}

// StepHistory is every wording of every step, in the order of saying.
func StepHistory(ctx context.Context, tx *store.Tx, person string) ([]StepFact, error) {
	return stepFacts(ctx, tx, stepSelect+`WHERE person = $1 ORDER BY entry_from`, person)
}

func stepFacts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]StepFact, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []StepFact
	for rows.Next() {
		var f StepFact
		var from, to, sworn, recognised, admitted, decision string
		var withdrawn, vf, vo int64
		if err := rows.Scan(&f.Entry, &f.EntryTo, &f.Fact, &f.Person, &f.Step, &f.Org, &f.Other, &from, &to, &sworn, &recognised, &admitted, &f.Years, &f.Kind, &vf, &vo, &decision, &withdrawn); err != nil {
			return nil, err
		}
		f.Withdrawn = withdrawn != 0
		if vf >= 0 {
			f.For = &vf
		}
		if vo >= 0 {
			f.Of = &vo
		}
		if err := errors.Join(f.From.UnmarshalText([]byte(from)), f.To.UnmarshalText([]byte(to)), f.Sworn.UnmarshalText([]byte(sworn)), f.Recognised.UnmarshalText([]byte(recognised)),
			f.Admitted.UnmarshalText([]byte(admitted)), json.Unmarshal([]byte(decision), &f.Decision)); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

const placeSelect = `SELECT v.person, v.rel, v.org, v.standing, v.state, v.since, v.valid_from, v.valid_to FROM person_member v `

func places(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Place, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Place
	for rows.Next() {
		var p Place
		var since, from, to string
		if err := rows.Scan(&p.Person, &p.Rel, &p.Org, &p.Standing, &p.State, &since, &from, &to); err != nil {
			return nil, err
		}
		if err := errors.Join(p.Since.UnmarshalText([]byte(since)), p.From.UnmarshalText([]byte(from)), p.To.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
