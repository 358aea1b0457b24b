package course

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Record is the contest record of a holding of a step: its persons, the
// figures, and the readings decided for the case.
func (v *View) Record(st *rule.Step, h *Step, f Figures) (*vote.Record, error) {
	ids, err := v.ids(h)
	if err != nil {
		return nil, err
	}
	rec := v.Skeleton(st, h.Round, ids)
	rec.Ballots, rec.Votes, rec.Disagree = f.Ballots, f.Votes, f.Disagree
	rec.Base = &vote.Base{Summoned: f.Summoned, Present: f.Present, Incumbents: f.Incumbents}
	for _, id := range ids {
		if _, ok := f.Votes[id]; !ok {
			return nil, wrong("votes", "Thiếu số phiếu của một người.", "The votes of somebody are missing.")
		}
	}
	for id := range f.Votes {
		if !slices.Contains(ids, id) {
			return nil, wrong("votes", "Có số phiếu cho người không có ở bước này; người ngoài danh sách phải đưa vào hồ sơ trước.", "There are votes for somebody who is not in this step; who comes from outside the list is added first.")
		}
	}
	decided, err := v.decided(st)
	if err != nil {
		return nil, err
	}
	rec.Decisions = append(slices.Clone(f.Decisions), decided...)
	return rec, nil
}

// ids are the persons of a holding: those it was opened on, then those who
// were proposed from outside the list.
func (v *View) ids(h *Step) ([]string, error) {
	ids := slices.Clone(h.Opening.Body.Persons)
	for _, p := range v.Persons {
		if p.Outside == h.ID && !p.Left && !slices.Contains(ids, p.ID) {
			if !p.Eligible() {
				return nil, refuse("Người được giới thiệu ngoài danh sách chưa đủ điều kiện hoặc chưa khai điều kiện.", "Somebody proposed from outside the list does not meet the conditions yet.", p.failing()...)
			}
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// decided are the readings decided for the case of what the ballot of a step
// stands under.
func (v *View) decided(st *rule.Step) ([]vote.Decision, error) {
	book, err := v.Lib.For(st.Contest, v.Opened)
	if err != nil {
		return nil, err
	}
	var out []vote.Decision
	for _, o := range book.Open() {
		if c := v.Choices[o.Item.ID]; c != "" {
			out = append(out, vote.Decision{Rule: o.Item.ID, Choice: c, Reason: "đã quyết định cho hồ sơ", By: "cấp có thẩm quyền"})
		}
	}
	return out, nil
}

// Skeleton is the record of a step without figures.
func (v *View) Skeleton(st *rule.Step, round int, ids []string) *vote.Record {
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

// Passed are the persons whom a result lets go on; nobody while it is not
// settled.
func Passed(res *vote.Result) []string {
	if res.Status != vote.Decided && res.Status != vote.Short {
		return nil
	}
	var out []string
	for _, l := range res.Results {
		if l.Outcome == vote.GoesOn || l.Outcome == vote.Elected {
			out = append(out, l.Candidate)
		}
	}
	return out
}

// MayCount says whether the figures of a step may be recorded now; again: it
// has a result, which is reckoned anew.
func (v *View) MayCount(id string) (st *rule.Step, h *Step, again bool, err error) {
	st, h = v.Def.Step(id), v.Step(id)
	if st == nil || h == nil || h.Skipped || st.Contest == "" {
		return nil, nil, false, refuse("Bước này không mở hoặc không bỏ phiếu.", "This step is not open or takes no ballot.")
	}
	if h.Counted == nil {
		return st, h, false, nil
	}
	if v.Steps[len(v.Steps)-1].Opening.Entry != h.Opening.Entry || v.Phase != Running && v.Phase != Finished {
		return nil, nil, true, refuse("Bước sau đã mở nên không tính lại bước này.", "A later step was opened; this one is not reckoned again.")
	}
	return st, h, true, nil
}

// MayApprove says whether a review may record the list it approved, by the vote
// taken; lib is the library as it stands.
func (v *View) MayApprove(lib *rule.Library, id string, persons []string, summoned, present, favour int64) (*Step, error) {
	st, h := v.Def.Step(id), v.Step(id)
	if st == nil || h == nil || h.Skipped || st.Contest != "" || h.Counted != nil {
		return nil, refuse("Bước này không mở, có bỏ phiếu, hoặc đã có kết quả.", "This step is not open, takes a ballot, or has its result.")
	}
	if present < 0 || present > summoned || favour < 0 || favour > present {
		return nil, wrong("present", "Số có mặt không quá số triệu tập, số tán thành không quá số có mặt.", "Present are not more than summoned, in favour not more than present.")
	}
	if len(persons) == 0 {
		return nil, wrong("persons", "Danh sách thông qua phải có người.", "The approved list has somebody on it.")
	}
	for i, p := range persons {
		if !slices.Contains(h.Opening.Body.Persons, p) || slices.Contains(persons[:i], p) {
			return nil, wrong("persons", "Có người không được đưa ra ở bước này, hoặc lặp lại.", "Somebody was not put before this step, or stands twice.")
		}
	}
	q, err := vote.Ask(lib, RuleResolution, h.Opening.Body.On, map[string]int64{"in_favour": favour, "base": summoned}, nil)
	if err != nil {
		return nil, err
	}
	if q.No() {
		return nil, refuse("Danh sách chưa được thông qua: "+q.Verdict.Says.VI, "The list was not approved: "+q.Verdict.Says.EN, q.Verdict)
	}
	return h, nil
}
