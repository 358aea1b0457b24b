package course

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Body is the body that holds a step, under the reading that was decided or
// attested; NoSuchStep when that reading says the step is not held.
func (v *View) Body(st *rule.Step) string {
	if c, ok := v.Lib.SettledStep(v.Edition, v.Def, st); ok && c != rule.MainReading {
		for _, r := range st.Readings {
			if r.ID == c {
				return r.Choose
			}
		}
	}
	if c := v.Choices[rule.StepItem(v.Def.ID, st.ID)]; c != "" && c != rule.MainReading {
		return c
	}
	return st.Body
}

// NotHeld says that the case passes a step over: the body decided so for the
// case, or two keepers attested that there is no such step. A step that was
// held is not passed over, whatever is attested after.
func (v *View) NotHeld(st *rule.Step) bool {
	if h := v.Step(st.ID); h != nil {
		return h.Skipped
	}
	return v.Body(st) == NoSuchStep
}

// Next is the step to be held next, or nil when all are done.
func (v *View) Next() *rule.Step {
	for _, st := range v.Def.Steps {
		if h := v.Step(st.ID); (h == nil || !h.Done()) && !v.NotHeld(st) {
			return st
		}
	}
	return nil
}

// Differs says that a step whose result is compared chose others than the step
// it is compared with.
func (s *State) Differs(st *rule.Step) bool {
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

// unexplained refuses while a difference among the steps before one (all of
// them: "") was not explained and reported.
func (v *View) unexplained(before string) error {
	for _, st := range v.Def.Steps {
		if st.ID == before {
			break
		}
		if v.Differs(st) && !v.Explained(st) {
			return refuse("Kết quả bước "+st.ID+" khác bước "+st.Compare+": phải làm rõ, báo cáo cấp có thẩm quyền và ghi lại trước khi đi tiếp.",
				"The result of step "+st.ID+" differs from step "+st.Compare+": it is explained and reported before going on.")
		}
	}
	return nil
}

// Explained says that the difference of a step was explained after its result:
// an explanation of figures that were counted anew since explains nothing.
func (s *State) Explained(st *rule.Step) bool {
	e, ok := s.Explain[st.ID]
	h := s.Step(st.ID)
	return ok && h != nil && h.Counted != nil && e.Entry > h.Counted.Entry
}

// LastStepDay is the day before which no step can be held.
func (s *State) LastStepDay() vn.Date {
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
// other also who else meets every condition. A step that is passed over hands
// on what it would have been given.
func (v *View) May(st *rule.Step) (ids []string, others bool) {
	others = st.Persons == rule.FromStepOrOther
	for of := st; of.Persons != rule.FromPlan; {
		if of = v.Def.Step(of.Of); of == nil {
			return nil, others
		}
		if v.NotHeld(of) {
			continue
		}
		h := v.Step(of.ID)
		if h == nil || h.Counted == nil {
			return nil, others
		}
		return slices.DeleteFunc(slices.Clone(h.Passed), func(p string) bool { return v.Person(p) == nil }), others
	}
	return v.Here(), others
}

// MayOpen says whether a step may be held now, and why not.
func (v *View) MayOpen(id string) (*rule.Step, error) {
	if v.Phase != Running {
		return nil, refuse("Chưa có chủ trương, hoặc các bước đã xong: chưa thể mở bước.", "Consent was not given, or the steps are done: no step can be opened.")
	}
	st := v.Def.Step(id)
	if st == nil {
		return nil, wrong("step", "Quy trình không có bước này.", "The procedure has no such step.")
	}
	next := v.Next()
	if next == nil {
		return nil, refuse("Các bước đã xong.", "The steps are done.")
	}
	if next.ID != id {
		return nil, refuse("Phải làm bước "+next.ID+" trước.", "Step "+next.ID+" must be held first.")
	}
	h := v.Step(id)
	if h != nil && h.Counted == nil {
		return nil, refuse("Bước này đang mở, chưa có kết quả.", "This step is open and has no result yet.")
	}
	if h != nil && h.Result != nil && h.Result.Status == vote.Unsettled {
		return nil, refuse("Kết quả bước này tùy cách hiểu quy định chưa xác nhận: phải đối chiếu văn bản ký hoặc cấp có thẩm quyền quyết định, rồi tính lại.",
			"The result of this step depends on how an unverified rule is read: attest it or have it decided, then reckon again.")
	}
	if _, ok := v.Lib.SettledStep(v.Edition, v.Def, st); !ok && v.Choices[rule.StepItem(v.Def.ID, id)] == "" {
		return nil, refuse("Bước này chưa được xác nhận theo văn bản ký: cần hai người giữ quy định đối chiếu, hoặc cấp có thẩm quyền kết luận cách làm và ghi vào hồ sơ.",
			"This step is not verified against the signed text: two keepers attest it, or the competent body decides and it is recorded.")
	}
	if err := v.unexplained(id); err != nil {
		return nil, err
	}
	if st.Opinion && len(v.Opinions) == 0 {
		return nil, refuse("Cần ý kiến bằng văn bản của cấp ủy trước bước này.", "The written opinion of the Party committee is needed before this step.")
	}
	return st, nil
}

// CheckPersons says whether a step may be held on these persons on a day: on
// that day every paper that shows a condition must still count.
func (v *View) CheckPersons(st *rule.Step, ids []string, on vn.Date) error {
	if len(ids) == 0 {
		return wrong("persons", "Chưa chọn người nào.", "Nobody was chosen.")
	}
	may, others := v.May(st)
	seen := map[string]bool{}
	for _, id := range ids {
		p := v.Person(id)
		if p == nil || seen[id] {
			return wrong("persons", "Có người không thuộc hồ sơ hoặc lặp lại.", "Somebody is not in the case, or stands twice.")
		}
		seen[id] = true
		if !slices.Contains(may, id) && !others {
			return refuse("Có người không được đưa ra ở bước này: bước này chỉ lấy người của bước "+st.Of+".", "Somebody may not be put forward here: the step takes those of step "+st.Of+" alone.")
		}
		if !p.Eligible() {
			return refuse("Có người chưa đủ điều kiện hoặc còn thiếu giấy tờ: xem bảng điều kiện của từng người; cấp có thẩm quyền có thể quyết định ngoại lệ.",
				"Somebody does not meet the conditions, or papers are missing: see the sheet of each person; the competent level may decide an exception.", p.failing()...)
		}
		if err := v.lapsed(p, on); err != nil {
			return err
		}
	}
	return nil
}

// lapsed refuses a person a paper of whom has run out before a day, although it
// counted when the sheet was checked last.
func (v *View) lapsed(p *Person, on vn.Date) error {
	for _, l := range p.Lines {
		if l.State == Met && !l.Expires.IsZero() && l.Expires.Before(on) {
			title := l.Condition
			for i := range v.Def.Conditions {
				if c := &v.Def.Conditions[i]; c.ID == l.Condition {
					title = c.Title.VI
				}
			}
			return refuse("Giấy tờ của điều kiện “"+title+"” đã hết hạn từ sau ngày "+l.Expires.Vietnamese()+": cần giấy mới trước bước này.",
				"The paper of the condition "+l.Condition+" counted until "+l.Expires.String()+" only: a new one is needed first.")
		}
	}
	return nil
}

// CheckTeam says whether a counting team may be of these persons, as far as the
// case itself tells: none of them is of the case, none declared a tie to one.
func (v *View) CheckTeam(st *rule.Step, team []string) error {
	if st.Contest != "" && len(team) == 0 {
		return wrong("team", "Cần tổ kiểm phiếu, tổ trưởng trước.", "A counting team is needed, its head first.")
	}
	seen := map[string]bool{}
	for _, id := range team {
		if seen[id] {
			return wrong("team", "Một người có hai lần trong tổ kiểm phiếu.", "Somebody stands twice in the counting team.")
		}
		seen[id] = true
		if err := v.Concerned(id); err != nil {
			return err
		}
	}
	return nil
}

// Concerned refuses a person who is of the case, or declared a tie to one of it.
func (s *State) Concerned(who string) error {
	if s.Person(who) != nil {
		return refuse("Người liên quan trong hồ sơ không điều hành, kiểm phiếu hay ký hồ sơ của chính mình.",
			"A person concerned does not run, count or sign in the case.")
	}
	for _, t := range s.Recused {
		if t.Person == who && s.Person(t.Other) != nil {
			return refuse("Người này đã khai có quan hệ với người trong hồ sơ nên không tham gia làm hồ sơ.",
				"This person declared a tie to somebody of the case and takes no part in it.")
		}
	}
	return nil
}

// failing are the verdicts that stand in a person's way.
func (p *Person) failing() []rule.Verdict {
	var out []rule.Verdict
	for _, l := range p.Lines {
		if !l.Passes() && l.Verdict != nil {
			out = append(out, *l.Verdict)
		}
	}
	return out
}
