package procedure

import (
	"context"

	"minhbach/internal/desk"
)

// GiveOpinion records the written opinion of the Party committee, or a
// differing opinion that goes up with the case.
type GiveOpinion struct {
	Ref
	Differs bool
	Body    string // whose opinion, in words
	Paper   Paper
	Words   string
}

// Name is the act's name.
func (a GiveOpinion) Name() string { return "procedure.give-opinion" }

// Decide wants the document of a written opinion, and words of a differing one.
func (a GiveOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Running && v.Phase != Finished && v.Phase != Submitted {
		return nil, desk.Refuse("Chưa đến lúc ghi ý kiến.", "It is too early for opinions.")
	}
	if err := checkPaper(a.Paper, !a.Differs); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, a.Differs)
	if err != nil {
		return nil, err
	}
	a.Paper.By = a.Body
	w := "opinion-recorded"
	if a.Differs {
		w = "differing-opinion"
	}
	return []desk.Draft{a.event(w, Body{On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// Submit records the submission (tờ trình).
type Submit struct {
	Ref
	Paper  Paper
	Person string // who is proposed
	Late   string
}

// Name is the act's name.
func (a Submit) Name() string { return "procedure.submit" }

// Decide wants all steps done, every difference explained, and a person whom
// the last step chose.
func (a Submit) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MaySubmit(a.Person, a.Paper.Date); err != nil {
		return nil, answer(err)
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.LastStepDay(), a.Late)
	if err != nil {
		return nil, err
	}
	submitted := a.event("submitted", Body{On: a.Paper.Date, Paper: a.Paper, Person: a.Person, Late: late}, trimmed(a.Late))
	if v.Phase == Running { // the steps left were attested not to be held
		return []desk.Draft{a.event("steps-finished", Body{}, nil), submitted}, nil
	}
	return []desk.Draft{submitted}, nil
}
