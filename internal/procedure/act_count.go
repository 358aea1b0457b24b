package procedure

import (
	"context"
	"errors"

	"minhbach/internal/course"
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
	st, h, again, err := v.MayCount(a.Step)
	if err != nil {
		return nil, answer(err)
	}
	reason, err := checkWords("reason", a.Reason, again)
	if err != nil {
		return nil, err
	}
	var rec *vote.Record
	if a.Box == "" {
		if err = typed(ctx, s, h); err == nil {
			rec, err = v.Record(st, h, a.Figures)
		}
	} else if a.Box != h.Opening.Body.Box {
		err = desk.Wrong("box", "Đây không phải hòm phiếu của bước này.", "This is not the box of this step.")
	} else {
		rec, err = v.fromBox(ctx, s, st, h, true)
	}
	if err != nil {
		return nil, answer(err)
	}
	return v.count(s, a.Ref, st, rec, a.Box, reason)
}

// count asks the rules for the verdict on the figures of a step.
func (v *view) count(s *desk.Scene, ref Ref, st *rule.Step, rec *vote.Record, box, reason string) ([]desk.Draft, error) {
	res, err := vote.NewCounter(v.Lib).Count(rec)
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
	b := Body{Step: st.ID, Box: box, Record: rec.Public(), Result: res, Persons: course.Passed(res)}
	drafts := []desk.Draft{ref.event("step-counted", b, reason)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "step-counted", Body: b})
}

func asInput(err error, bad **vote.InputError) bool { return errors.As(err, bad) }
