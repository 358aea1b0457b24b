package procedure

import (
	"context"
	"errors"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// CountStep records the figures of a step with a ballot and the verdict of the
// rules on them. Used again it reckons the same step anew: with corrected
// figures and a reason, or after a reading was settled.
type CountStep struct {
	Ref
	Step    string
	Figures Figures
	Box     string // ballot box they are taken from; "" when typed from the minutes
	Reason  string // for reckoning again
}

// Name is the act's name.
func (a CountStep) Name() string { return "procedure.count-step" }

// Decide refuses contradicting figures: they are not a result. A meeting too
// small, or a result that depends on a reading, is recorded and stops the case.
func (a CountStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	st, h := v.def.Step(a.Step), v.Step(a.Step)
	if st == nil || h == nil || h.Skipped || st.Contest == "" {
		return nil, desk.Refuse("Bước này không mở hoặc không bỏ phiếu.", "This step is not open or takes no ballot.")
	}
	reason, err := checkWords("reason", a.Reason, h.Counted != nil)
	if err != nil {
		return nil, err
	}
	if h.Counted != nil {
		if at := slices.IndexFunc(v.Steps, func(x Step) bool { return x.Opening.Entry == h.Opening.Entry }); at != len(v.Steps)-1 || v.Phase != Running && v.Phase != Finished {
			return nil, desk.Refuse("Bước sau đã mở nên không tính lại bước này.", "A later step was opened; this one is not reckoned again.")
		}
	}
	var rec *vote.Record
	if a.Box == "" {
		if err = typed(ctx, s, h); err == nil {
			rec, err = v.record(st, h, a.Figures)
		}
	} else if a.Box != h.Opening.Body.Box {
		err = desk.Wrong("box", "Đây không phải hòm phiếu của bước này.", "This is not the box of this step.")
	} else {
		rec, err = v.fromBox(ctx, s, st, h, true)
	}
	if err != nil {
		return nil, err
	}
	return v.count(s, a.Ref, st, rec, a.Box, reason)
}

// count asks the rules for the verdict on the figures of a step.
func (v *view) count(s *desk.Scene, ref Ref, st *rule.Step, rec *vote.Record, box, reason string) ([]desk.Draft, error) {
	res, err := vote.NewCounter(v.lib).Count(rec)
	if err != nil {
		var bad *vote.InputError
		if asInput(err, &bad) {
			return nil, desk.Wrong(bad.Field, bad.Says.VI, bad.Says.EN)
		}
		return nil, err
	}
	if res.Status == vote.Refused {
		vi, en := "Số liệu mâu thuẫn, chưa xác định kết quả.", "The figures contradict each other."
		for _, f := range res.Findings {
			if f.Severity == "error" {
				vi, en = vi+" "+f.Says.VI, en+" "+f.Says.EN
			}
		}
		return nil, desk.Refuse(vi, en, res.Reasons...)
	}
	var passed []string
	for _, l := range res.Results {
		if l.Outcome == vote.GoesOn || l.Outcome == vote.Elected {
			passed = append(passed, l.Candidate)
		}
	}
	if res.Status != vote.Decided && res.Status != vote.Short {
		passed = nil
	}
	b := Body{Step: st.ID, Box: box, Record: rec.Public(), Result: res, Persons: passed}
	drafts := []desk.Draft{ref.event("step-counted", b, reason)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "step-counted", Body: b})
}

// record is the contest record of a step: its persons, the figures, and the
// readings decided for the case.
func (v *view) record(st *rule.Step, h *Step, f Figures) (*vote.Record, error) {
	ids := slices.Clone(h.Opening.Body.Persons)
	for _, p := range v.Persons {
		if p.Outside == h.ID && !p.Left && !slices.Contains(ids, p.ID) {
			if !p.Eligible() {
				return nil, desk.Refuse("Người được giới thiệu ngoài danh sách chưa đủ điều kiện hoặc chưa khai điều kiện.", "Somebody proposed from outside the list does not meet the conditions yet.", p.failing()...)
			}
			ids = append(ids, p.ID)
		}
	}
	rec := v.skeleton(st, h.Round, ids)
	rec.Ballots, rec.Votes, rec.Disagree = f.Ballots, f.Votes, f.Disagree
	rec.Base = &vote.Base{Summoned: f.Summoned, Present: f.Present, Incumbents: f.Incumbents}
	for _, id := range ids {
		if _, ok := f.Votes[id]; !ok {
			return nil, desk.Wrong("votes", "Thiếu số phiếu của một người.", "The votes of somebody are missing.")
		}
	}
	for id := range f.Votes {
		if !slices.Contains(ids, id) {
			return nil, desk.Wrong("votes", "Có số phiếu cho người không có ở bước này; người ngoài danh sách phải đưa vào hồ sơ trước.", "There are votes for somebody who is not in this step; who comes from outside the list is added first.")
		}
	}
	rec.Decisions = append(rec.Decisions, f.Decisions...)
	book, err := v.lib.For(st.Contest, v.Opened)
	if err != nil {
		return nil, err
	}
	for _, o := range book.Open() {
		if c := v.Choices[o.Item.ID]; c != "" {
			rec.Decisions = append(rec.Decisions, vote.Decision{Rule: o.Item.ID, Choice: c, Reason: "đã quyết định cho hồ sơ", By: "cấp có thẩm quyền"})
		}
	}
	return rec, nil
}

// skeleton is the record of a step without figures.
func (v *view) skeleton(st *rule.Step, round int, ids []string) *vote.Record {
	seats := v.Seats
	rec := &vote.Record{ID: v.ID + "/" + st.ID, Rules: st.Contest, Date: v.Opened, Seats: &seats}
	if round > 1 {
		rec.ID += "/" + strings.Repeat("i", round)
	}
	for _, id := range ids {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: id})
	}
	return rec
}

func asInput(err error, bad **vote.InputError) bool { return errors.As(err, bad) }
