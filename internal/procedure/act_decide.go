package procedure

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Decision records the decision of the competent level: appointment or
// designation from a day, put forward to be elected, or returned with reasons.
type Decision struct {
	Ref
	Paper   Paper
	Outcome string
	Person  string
	From    vn.Date // from when the post is held
	To      vn.Date // end of the term, when one is set
	Post    string  // id made with the form ("post/" + desk.NewID())
	// Exception is the decision that lifts a pair of relatives or a full quota.
	Exception Paper
	Words     string
}

// Name is the act's name.
func (a Decision) Name() string { return "procedure.decide" }

// Decide refuses relatives who may not hold posts together and a full quota
// without a recorded exception, and a body that does not exist on the day. The
// post enters the registry in the same act.
func (a Decision) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MayDecide(a.Outcome, a.Person); err != nil {
		return nil, answer(err)
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.AppraisedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, a.Outcome == OutcomeReturn)
	if err != nil {
		return nil, err
	}
	b := Body{On: a.Paper.Date, Paper: a.Paper, Outcome: a.Outcome, Person: a.Person}
	if a.Outcome == OutcomeReturn {
		return append([]desk.Draft{a.event("decided", b, words)}, v.unlockAll(true)...), nil
	}
	if a.Outcome == OutcomePutForward {
		return []desk.Draft{a.event("decided", b, words)}, nil
	}
	more, err := v.take(ctx, s, a.Post, a.Person, a.From, a.To, a.Paper, a.Exception)
	if err != nil {
		return nil, err
	}
	b.Post, b.Until, b.Other = a.Post, a.To, a.Exception.Number
	out := append([]desk.Draft{a.event("decided", b, words)}, more...)
	return append(out, v.unlockAll(true)...), nil
}

// take drafts the post of the case entering the registry, after the checks of
// relatives and quota.
func (v *view) take(ctx context.Context, s *desk.Scene, post, who string, from, to vn.Date, paper, exception Paper) ([]desk.Draft, error) {
	if from.IsZero() {
		return nil, desk.Wrong("from", "Cần ngày quyết định có hiệu lực.", "The day from which the post is held is needed.")
	}
	excepted := trimmed(exception.Number) != "" && !exception.Date.IsZero()
	found, err := Relatives(ctx, s.Tx, s.Rules, v.State, who, from)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if excepted && c.Pair.Exception {
			continue
		}
		vi, en := c.Pair.Says.VI, c.Pair.Says.EN
		if c.Pair.Exception {
			vi, en = vi+" Nếu cấp có thẩm quyền đã quyết định, hãy ghi số và ngày quyết định.", en+" If the competent level decided, give number and date."
		}
		return nil, desk.Refuse("Vướng quan hệ gia đình: "+vi, "Relatives: "+en, clashVerdict(c))
	}
	if v.Quota != nil && !excepted {
		n, err := holders(ctx, s, v.Org, v.Title, from)
		if err != nil {
			return nil, err
		}
		if n >= *v.Quota {
			return nil, desk.Refuse("Số lượng chức danh được giao đã đủ vào ngày này; cần ghi thôi giữ chức trước, hoặc quyết định giao thêm.",
				"The quota of the post is full on that day; record the end of a post first, or the decision that allots more.")
		}
	}
	return person.TakePost{ID: post, Person: who, Org: v.Org, Title: v.Title, From: from, To: to,
		Decision: org.Decision{Number: paper.Number, Date: paper.Date, By: paper.By}}.Decide(ctx, s)
}

// clashVerdict shows a pair of relatives as every other no of a rule.
func clashVerdict(c Clash) rule.Verdict {
	e := c.Edition.Document
	return rule.Verdict{Rule: c.Pair.ID, Document: e.Number, Date: e.Date, Article: c.Pair.Article, Evidence: c.Pair.Evidence,
		Inputs: map[string]int64{}, Holds: false, Says: c.Pair.Says}
}

// unlockAll drafts the end of the locks on all persons of the case.
func (v *view) unlockAll(over bool) []desk.Draft {
	if !over {
		return nil
	}
	var out []desk.Draft
	for _, p := range v.Here() {
		out = append(out, person.DecideLock(p, Subject(v.ID), false))
	}
	return out
}
