package procedure

import (
	"context"

	"minhbach/internal/desk"
)

// DecideReading records how the body decided that an unverified item is meant
// for this case, until two keepers attest it: Item is a rule, policy or
// parameter of the regulation, or a step ("appointment-local/3").
type DecideReading struct {
	Ref
	Item    string
	Reading string // MainReading or one listed
	Paper   Paper  // the conclusion of the body
	Reason  string
}

// Name is the act's name.
func (a DecideReading) Name() string { return "procedure.decide-reading" }

// Decide refuses items that are sure, attested or decided, and readings that
// are not listed. A step that is said not to be held is passed over.
func (a DecideReading) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	choice, step, err := v.MayRead(a.Item, a.Reading)
	if err != nil {
		return nil, answer(err)
	}
	b := Body{Item: a.Item, Choice: choice, Step: step, Paper: a.Paper}
	drafts := []desk.Draft{a.event("reading-decided", b, words)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "reading-decided", Body: b})
}

// settle folds an event in and adds the end of the steps when it was the last.
func (v *view) settle(s *desk.Scene, drafts []desk.Draft, e Event) ([]desk.Draft, error) {
	v.Add(e)
	if v.Phase == Running && v.Next() == nil {
		drafts = append(drafts, Ref{ID: v.ID}.event("steps-finished", Body{}, nil))
	}
	return drafts, nil
}
