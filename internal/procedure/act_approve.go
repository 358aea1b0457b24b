package procedure

import (
	"context"

	"minhbach/internal/desk"
)

// ApproveStep records the list a review approved, with the vote taken.
type ApproveStep struct {
	Ref
	Step     string
	Persons  []string
	Summoned int64
	Present  int64
	For      int64
	Words    string // conclusion of the meeting
}

// Name is the act's name.
func (a ApproveStep) Name() string { return "procedure.approve-step" }

// Decide wants persons that were put before the meeting and figures that agree.
func (a ApproveStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if _, err := v.MayApprove(s.Rules, a.Step, a.Persons, a.Summoned, a.Present, a.For); err != nil {
		return nil, answer(err)
	}
	words, err := checkWords("words", a.Words, false)
	if err != nil {
		return nil, err
	}
	b := Body{Step: a.Step, Persons: a.Persons, Figures: &Figures{Summoned: &a.Summoned, Present: &a.Present, Votes: map[string]int64{"list": a.For}}}
	drafts := []desk.Draft{a.event("step-approved", b, words)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "step-approved", Body: b})
}

// Explain records that a difference between two steps was explained and
// reported to the competent level.
type Explain struct {
	Ref
	Step  string
	Paper Paper // the report
	Words string
}

// Name is the act's name.
func (a Explain) Name() string { return "procedure.explain" }

// Decide wants a difference that was not explained.
func (a Explain) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	st := v.Def.Step(a.Step)
	if st == nil || !v.Differs(st) {
		return nil, desk.Refuse("Không có kết quả khác nhau cần làm rõ ở bước này.", "There is no difference to explain at this step.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, true)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("difference-explained", Body{Step: a.Step, Paper: a.Paper}, words)}, nil
}
