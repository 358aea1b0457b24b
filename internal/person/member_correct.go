package person

import (
	"context"
	"slices"

	"minhbach/internal/desk"
)

// CorrectStep says that a step was recorded wrongly and how it really reads;
// with Withdraw, that it should not stand at all.
type CorrectStep struct {
	Person   string
	Home     string
	Fact     int64
	Withdraw bool
	Step     TakeStep
	Reason   string
}

// Name is the act's name.
func (a CorrectStep) Name() string { return "person.correct-step" }

// Subject is the member.
func (a CorrectStep) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a CorrectStep) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide walks the life with the corrected wording in it.
func (a CorrectStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := file(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	said, err := StepsOf(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(f StepFact) bool { return f.Fact == a.Fact })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return nil, err
	}
	old := said[at]
	b := stepBody{Person: a.Person, Fact: &old.Fact, Withdrawn: a.Withdraw, Step: old.Step, Org: old.Org, From: old.From}
	after := slices.Clone(said)
	after[at].Withdrawn = a.Withdraw
	var blocks []desk.DraftBlock
	if !a.Withdraw {
		n := a.Step
		n.Person, n.Step = a.Person, old.Step
		f, err := n.check(ctx, s, nil, old.Fact)
		if err != nil {
			return nil, err
		}
		after[at] = f
		vs, err := n.ask(ctx, s, slices.Delete(slices.Clone(said), at, at+1))
		if err != nil {
			return nil, err
		}
		b = stepBody{Person: a.Person, Fact: &old.Fact, Org: n.Org, Step: n.Step, From: n.From, To: n.To, Other: n.Other, Introducers: n.Introducers, For: n.For, Of: n.Of,
			Years: n.Years, Kind: n.Kind, Admitted: n.Admitted, Sworn: n.Sworn, Recognised: n.Recognised, Decision: n.Decision, Verdicts: vs}
		blocks = n.blocks()
	}
	if _, problem := life(after); problem != nil {
		return nil, problem.refusal()
	}
	return []desk.Draft{{Kind: kindStepCorrected, Subjects: []string{a.Person}, Body: b, Blocks: append(blocks, reason)}}, nil
}
