package procedure

import (
	"context"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// OpenStep opens the holding of a step: which meeting, on which day, on whose
// names, counted by whom.
type OpenStep struct {
	Ref
	Step    string
	Meeting string // meeting of the registry of meetings; "" when its figures are typed
	On      vn.Date
	Persons []string
	Team    []string // counting team, its head first
	Late    string
	Count   *BoxPlan // asks for a ballot box; nil when figures are typed from the minutes
}

// Name is the act's name.
func (a OpenStep) Name() string { return "procedure.open-step" }

// Decide wants consent, the steps before done and explained, a definition that
// is sure or settled, persons the step may speak of, and a team nobody of which
// is concerned.
func (a OpenStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	st, err := v.mayOpen(a.Step)
	if err != nil {
		return nil, err
	}
	late, err := v.day("on", a.On, v.lastStepDay(), a.Late)
	if err != nil {
		return nil, err
	}
	if a.Meeting != "" {
		m, err := meeting.Get(ctx, s.Tx, a.Meeting)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, desk.Wrong("meeting", "Không có cuộc họp này.", "There is no such meeting.")
		}
		if string(m.Body) != v.body(st) || m.Date != a.On {
			return nil, desk.Wrong("meeting", "Cuộc họp không đúng thành phần hoặc ngày của bước này.", "The meeting is not of the body or day of this step.")
		}
	}
	if err := v.checkPersons(st, a.Persons); err != nil {
		return nil, err
	}
	if st.Contest != "" && len(a.Team) == 0 {
		return nil, desk.Wrong("team", "Cần tổ kiểm phiếu, tổ trưởng trước.", "A counting team is needed, its head first.")
	}
	if err := v.checkTeam(ctx, s, a.Team); err != nil {
		return nil, err
	}
	round := 1
	if h := v.Step(a.Step); h != nil {
		round = h.Round + 1
	}
	b := Body{Step: a.Step, Round: round, Meeting: a.Meeting, On: a.On, Persons: a.Persons, Team: a.Team, Late: late}
	var box []desk.Draft
	if a.Count != nil {
		if st.Contest == "" {
			return nil, desk.Wrong("count", "Bước này không bỏ phiếu kín nên không mở hòm phiếu.", "This step takes no ballot, so it has no box.")
		}
		if b.Box, box, err = v.openBox(ctx, s, a, st, round); err != nil {
			return nil, err
		}
	}
	return append([]desk.Draft{a.event("step-opened", b, trimmed(a.Late))}, box...), nil
}

// mayOpen says whether a step may be held now, and why not.
func (v *view) mayOpen(id string) (*rule.Step, error) {
	if v.Phase != Running {
		return nil, desk.Refuse("Chưa có chủ trương, hoặc các bước đã xong: chưa thể mở bước.", "Consent was not given, or the steps are done: no step can be opened.")
	}
	st := v.def.Step(id)
	if st == nil {
		return nil, desk.Wrong("step", "Quy trình không có bước này.", "The procedure has no such step.")
	}
	next := v.Next(v.def)
	if next == nil || next.ID != id {
		w := "bước " + next.ID
		return nil, desk.Refuse("Phải làm "+w+" trước.", "Step "+next.ID+" must be held first.")
	}
	if h := v.Step(id); h != nil && h.Counted == nil {
		return nil, desk.Refuse("Bước này đang mở, chưa có kết quả.", "This step is open and has no result yet.")
	}
	if h := v.Step(id); h != nil && h.Result != nil && h.Result.Status == vote.Unsettled {
		return nil, desk.Refuse("Kết quả bước này tùy cách hiểu quy định chưa xác nhận: phải đối chiếu văn bản ký hoặc cấp có thẩm quyền quyết định, rồi tính lại.",
			"The result of this step depends on how an unverified rule is read: attest it or have it decided, then reckon again.")
	}
	if _, ok := v.lib.SettledStep(v.edition, v.def, st); !ok && v.Choices[rule.StepItem(v.def.ID, id)] == "" {
		return nil, desk.Refuse("Bước này chưa được xác nhận theo văn bản ký: cần hai người giữ quy định đối chiếu, hoặc cấp có thẩm quyền kết luận cách làm và ghi vào hồ sơ.",
			"This step is not verified against the signed text: two keepers attest it, or the competent body decides and it is recorded.")
	}
	for _, before := range v.def.Steps {
		if before.ID == id {
			break
		}
		if v.differs(before) && v.Explain[before.ID].Entry == 0 {
			return nil, desk.Refuse("Kết quả bước "+before.ID+" khác bước "+before.Compare+": phải làm rõ, báo cáo cấp có thẩm quyền và ghi lại trước khi đi tiếp.",
				"The result of step "+before.ID+" differs from step "+before.Compare+": it is explained and reported before going on.")
		}
	}
	if st.Opinion && len(v.Opinions) == 0 {
		return nil, desk.Refuse("Cần ý kiến bằng văn bản của cấp ủy trước bước này.", "The written opinion of the Party committee is needed before this step.")
	}
	return st, nil
}

// body is the body that holds a step, under the reading that was decided or
// attested.
func (v *view) body(st *rule.Step) string {
	choice := v.Choices[rule.StepItem(v.def.ID, st.ID)]
	if c, ok := v.lib.SettledStep(v.edition, v.def, st); ok && c != rule.MainReading {
		for _, r := range st.Readings {
			if r.ID == c {
				return r.Choose
			}
		}
	}
	if choice != "" && choice != rule.MainReading {
		return choice
	}
	return st.Body
}

// differs says that a step whose result is compared chose others than the step
// it is compared with.
func (s *State) differs(st *rule.Step) bool {
	if st.Compare == "" {
		return false
	}
	a, b := s.Step(st.ID), s.Step(st.Compare)
	if a == nil || b == nil || a.Counted == nil || b.Counted == nil {
		return false
	}
	x, y := slices.Clone(a.Passed), slices.Clone(b.Passed)
	slices.Sort(x)
	slices.Sort(y)
	return !slices.Equal(x, y)
}

// Differs is differs for pages.
func (s *State) Differs(st *rule.Step) bool { return s.differs(st) }

// lastStepDay is the day before which no step can be held.
func (s *State) lastStepDay() vn.Date {
	d := s.Opened
	if g := s.Consent.Given; g != nil && d.Before(g.Body.On) {
		d = g.Body.On
	}
	for _, h := range s.Steps {
		if d.Before(h.Opening.Body.On) {
			d = h.Opening.Body.On
		}
	}
	return d
}

// May is who a step may speak of: those of the step it names, and for step-or-
// other also who else meets every condition.
func (s *State) May(st *rule.Step) (ids []string, others bool) {
	if st.Persons == rule.FromPlan {
		return s.here(), false
	}
	for of := st; of != nil; {
		h := s.Step(of.Of)
		if h != nil && !h.Skipped && h.Counted != nil {
			return slices.DeleteFunc(slices.Clone(h.Passed), func(p string) bool { return s.Person(p) == nil }), st.Persons == rule.FromStepOrOther
		}
		// A step that the reading says is not held hands on what came before.
		if h == nil {
			break
		}
		of = &rule.Step{Of: s.before(of.Of)}
		if of.Of == "" {
			break
		}
	}
	return s.here(), st.Persons == rule.FromStepOrOther
}

// before is the step held last before one that was passed over.
func (s *State) before(id string) string {
	last := ""
	for _, h := range s.Steps {
		if h.ID == id {
			return last
		}
		if !h.Skipped {
			last = h.ID
		}
	}
	return ""
}

func (v *view) checkPersons(st *rule.Step, ids []string) error {
	if len(ids) == 0 {
		return desk.Wrong("persons", "Chưa chọn người nào.", "Nobody was chosen.")
	}
	may, others := v.May(st)
	seen := map[string]bool{}
	for _, id := range ids {
		p := v.Person(id)
		if p == nil || seen[id] {
			return desk.Wrong("persons", "Có người không thuộc hồ sơ hoặc lặp lại.", "Somebody is not in the case, or stands twice.")
		}
		seen[id] = true
		if !slices.Contains(may, id) && !others {
			return desk.Refuse("Có người không được đưa ra ở bước này: bước này chỉ lấy người của bước "+st.Of+".", "Somebody may not be put forward here: the step takes those of step "+st.Of+" alone.")
		}
		if !p.Eligible() {
			return desk.Refuse("Có người chưa đủ điều kiện hoặc còn thiếu giấy tờ: xem bảng điều kiện của từng người; cấp có thẩm quyền có thể quyết định ngoại lệ.",
				"Somebody does not meet the conditions, or papers are missing: see the sheet of each person; the competent level may decide an exception.", p.failing()...)
		}
	}
	return nil
}

// failing are the verdicts that stand in a person's way.
func (p *Person) failing() []rule.Verdict {
	var out []rule.Verdict
	for _, l := range p.Lines {
		if !l.passes() && l.Verdict != nil {
			out = append(out, *l.Verdict)
		}
	}
	return out
}

func (v *view) checkTeam(ctx context.Context, s *desk.Scene, team []string) error {
	seen := map[string]bool{}
	for _, id := range team {
		if seen[id] {
			return desk.Wrong("team", "Một người có hai lần trong tổ kiểm phiếu.", "Somebody stands twice in the counting team.")
		}
		seen[id] = true
		if _, known, err := person.Home(ctx, s.Tx, id); err != nil {
			return err
		} else if !known {
			return desk.Wrong("team", "Có người của tổ kiểm phiếu không có trong hồ sơ.", "Somebody of the counting team is not on record.")
		}
		if err := concerned(ctx, s, v.State, id); err != nil {
			return err
		}
	}
	return nil
}

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
