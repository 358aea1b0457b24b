package procedure

import (
	"context"
	"slices"

	"minhbach/internal/desk"
)

// AskOpinion records that another body was asked in appraisal.
type AskOpinion struct {
	Ref
	Body  string // who is asked, in words
	Paper Paper
}

// Name is the act's name.
func (a AskOpinion) Name() string { return "procedure.ask-opinion" }

// Decide wants a case that was submitted.
func (a AskOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MayAsk(); err != nil {
		return nil, answer(err)
	}
	if trimmed(a.Body) == "" {
		return nil, desk.Wrong("body", "Cần ghi cơ quan được hỏi.", "Say which body is asked.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	a.Paper.By = trimmed(a.Body)
	return []desk.Draft{a.event("opinion-asked", Body{On: a.Paper.Date, Paper: a.Paper}, nil)}, nil
}

// AnswerOpinion records what the body answered.
type AnswerOpinion struct {
	Ref
	Asked int64 // entry of the asking
	Paper Paper
	Agree bool
	Words string
}

// Name is the act's name.
func (a AnswerOpinion) Name() string { return "procedure.answer-opinion" }

// Decide wants an asking without an answer.
func (a AnswerOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(v.Asks, func(q Inquiry) bool { return q.Asked.Entry == a.Asked && q.Answered == nil })
	if i < 0 {
		return nil, desk.Missing("Không có ý kiến đang chờ này.", "There is no such opinion awaited.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if a.Paper.Date.Before(v.Asks[i].Asked.Body.On) {
		return nil, desk.Wrong("date", "Ngày trả lời phải sau ngày hỏi.", "The answer comes after the question.")
	}
	words, err := checkWords("words", a.Words, !a.Agree)
	if err != nil {
		return nil, err
	}
	a.Paper.By = v.Asks[i].Asked.Body.Paper.By
	return []desk.Draft{a.event("opinion-answered", Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Agree, Ref: &a.Asked}, words)}, nil
}

// Appraise records the appraisal sheet (phiếu thẩm định).
type Appraise struct {
	Ref
	Paper Paper
	Yes   bool // in favour
	Words string
}

// Name is the act's name.
func (a Appraise) Name() string { return "procedure.appraise" }

// Decide wants every opinion asked for answered, and no letter left open.
func (a Appraise) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MayAppraise(); err != nil {
		return nil, answer(err)
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.SubmittedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, !a.Yes)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("appraised", Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Yes}, words)}, nil
}
