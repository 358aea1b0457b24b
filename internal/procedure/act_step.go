package procedure

import (
	"context"
	"slices"

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
