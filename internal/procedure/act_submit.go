package procedure

import (
	"context"
	"slices"

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
	if v.Phase != Finished {
		return nil, desk.Refuse("Các bước chưa xong, hoặc đã trình.", "The steps are not done, or it was submitted.")
	}
	for _, st := range v.def.Steps {
		if v.differs(st) && v.Explain[st.ID].Entry == 0 {
			return nil, desk.Refuse("Kết quả bước "+st.ID+" khác bước "+st.Compare+", chưa làm rõ.", "The result of step "+st.ID+" differs from step "+st.Compare+" and was not explained.")
		}
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.lastStepDay(), a.Late)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(v.chosen(), a.Person) {
		return nil, desk.Wrong("person", "Người được trình phải là người bước cuối chọn.", "The person submitted is one the last step chose.")
	}
	return []desk.Draft{a.event("submitted", Body{On: a.Paper.Date, Paper: a.Paper, Person: a.Person, Late: late}, trimmed(a.Late))}, nil
}

// chosen are the persons the last step with a result chose.
func (s *State) chosen() []string {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if !s.Steps[i].Skipped && s.Steps[i].Counted != nil {
			return s.Steps[i].Passed
		}
	}
	return nil
}

// Chosen is chosen for pages.
func (s *State) Chosen() []string { return s.chosen() }
