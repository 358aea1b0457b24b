package procedure

import (
	"context"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/vote"
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
	st, h := v.def.Step(a.Step), v.Step(a.Step)
	if st == nil || h == nil || h.Skipped || st.Contest != "" || h.Counted != nil {
		return nil, desk.Refuse("Bước này không mở, có bỏ phiếu, hoặc đã có kết quả.", "This step is not open, takes a ballot, or has its result.")
	}
	if a.Present < 0 || a.Present > a.Summoned || a.For < 0 || a.For > a.Present {
		return nil, desk.Wrong("present", "Số có mặt không quá số triệu tập, số tán thành không quá số có mặt.", "Present are not more than summoned, in favour not more than present.")
	}
	if len(a.Persons) == 0 {
		return nil, desk.Wrong("persons", "Danh sách thông qua phải có người.", "The approved list has somebody on it.")
	}
	for _, p := range a.Persons {
		if !slices.Contains(h.Opening.Body.Persons, p) {
			return nil, desk.Wrong("persons", "Có người không được đưa ra ở bước này.", "Somebody was not put before this step.")
		}
	}
	words, err := checkWords("words", a.Words, false)
	if err != nil {
		return nil, err
	}
	q, err := vote.Ask(s.Rules, RuleResolution, h.Opening.Body.On, map[string]int64{"in_favour": a.For, "base": a.Summoned}, nil)
	if err != nil {
		return nil, err
	}
	if q.No() {
		return nil, desk.Refuse("Danh sách chưa được thông qua: "+q.Verdict.Says.VI, "The list was not approved: "+q.Verdict.Says.EN, q.Verdict)
	}
	b := Body{Step: a.Step, Persons: a.Persons, Figures: &Figures{Summoned: &a.Summoned, Present: &a.Present, Votes: map[string]int64{"list": a.For}}}
	drafts := []desk.Draft{a.event("step-approved", b, words)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "step-approved", Body: b})
}

// RuleResolution is the Charter's rule of majorities of a leading body.
const RuleResolution = "party-charter.resolution"

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
	st := v.def.Step(a.Step)
	if st == nil || !v.differs(st) {
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
