package procedure

import (
	"context"
	"slices"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// AddPerson puts a person forward in the case; Step names the step at which
// somebody from outside the list was proposed. Identity facts of the person
// are locked while the case runs.
type AddPerson struct {
	Ref
	Person string
	Step   string
	Paper  Paper // the decision of the plan, where there is one
}

// Name is the act's name.
func (a AddPerson) Name() string { return "procedure.add-person" }

// Decide refuses who is in already, and who comes after the steps without a
// step that takes persons from outside.
func (a AddPerson) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Needed && v.Phase != Asked && v.Phase != Running {
		return nil, desk.Refuse("Các bước đã xong, không đưa thêm người vào.", "The steps are done; nobody is added.")
	}
	if _, known, err := person.Home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Wrong("person", "Người này không có trong hồ sơ cán bộ, đảng viên.", "This person is not on record.")
	}
	if v.Person(a.Person) != nil {
		return nil, desk.Refuse("Người này đã có trong hồ sơ.", "This person is in the case already.")
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	for _, h := range v.Steps {
		if h.Counted == nil && !h.Skipped && slices.Contains(h.Opening.Body.Team, a.Person) {
			return nil, desk.Refuse("Người này đang trong tổ kiểm phiếu của bước "+h.ID+".", "This person is in the counting team of step "+h.ID+".")
		}
	}
	b := Body{Person: a.Person, Paper: a.Paper}
	if first := v.Step(v.Def.Steps[0].ID); first != nil && first.Done() && a.Step == "" {
		return nil, desk.Refuse("Danh sách của bước 1 đã thông qua; chỉ đưa thêm người do một bước giới thiệu.", "The list of step 1 was approved; only somebody proposed at a step is added.")
	}
	if a.Step != "" {
		st := v.Def.Step(a.Step)
		h := v.Step(a.Step)
		if st == nil || st.Persons != rule.FromStepOrOther || h == nil || h.Counted != nil {
			return nil, desk.Refuse("Bước này không giới thiệu người ngoài danh sách, hoặc không đang mở.", "This step proposes nobody from outside the list, or is not open.")
		}
		b.Step, b.Outside = a.Step, true
	}
	return []desk.Draft{a.event("person-added", b, nil), person.DecideLock(a.Person, Subject(a.ID), true)}, nil
}

// RemovePerson takes a person out of the case, with the reason (withdrawn, put
// in by mistake).
type RemovePerson struct {
	Ref
	Person string
	Reason string
}

// Name is the act's name.
func (a RemovePerson) Name() string { return "procedure.remove-person" }

// Decide refuses while a step with the person is open.
func (a RemovePerson) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	if v.Person(a.Person) == nil {
		return nil, desk.Missing("Không có người này trong hồ sơ.", "There is no such person in the case.")
	}
	if n := len(v.Steps); n > 0 && v.Steps[n-1].Counted == nil && slices.Contains(v.Steps[n-1].Opening.Body.Persons, a.Person) {
		return nil, desk.Refuse("Người này đang được bỏ phiếu ở bước "+v.Steps[n-1].ID+".", "This person stands in step "+v.Steps[n-1].ID+", which is open.")
	}
	return []desk.Draft{a.event("person-left", Body{Person: a.Person}, words), person.DecideLock(a.Person, Subject(a.ID), false)}, nil
}

// GiveFacts records what the sheet of conditions asks of a person, and checks
// every line. Birth and sex come from the registry when it has them.
type GiveFacts struct {
	Ref
	Person string
	Facts  Facts
}

// Name is the act's name.
func (a GiveFacts) Name() string { return "procedure.give-facts" }

// Decide checks the lines by the rules the case is pinned to.
func (a GiveFacts) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	p := v.Person(a.Person)
	if p == nil {
		return nil, desk.Missing("Không có người này trong hồ sơ.", "There is no such person in the case.")
	}
	f, err := registered(ctx, s, a.Person, v.today, a.Facts)
	if err != nil {
		return nil, err
	}
	for field, d := range map[string]vn.Date{"post_from": f.PostFrom, "reprimand": f.Reprimand, "warning": f.Warning, "removal": f.Removal} {
		if v.today.Before(d) {
			return nil, desk.Wrong(field, "Ngày này chưa đến.", "This day has not come yet.")
		}
	}
	lines, err := Check(v.Lib, v.Def, v.day0(), v.Level, f, p.Judged, v.Choices)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("conditions-checked", Body{Person: a.Person, Lines: lines}, f)}, nil
}

// day0 is the day conditions are asked on: today of the case.
func (v *view) day0() vn.Date {
	if v.Scribed {
		return v.Opened
	}
	return v.today
}

// registered fills birth, sex and the present post from the registry.
func registered(ctx context.Context, s *desk.Scene, id string, on vn.Date, f Facts) (Facts, error) {
	p, ok, err := person.Get(ctx, s.Tx, id, org.Now(on))
	if err != nil || !ok || !p.Present {
		return f, err
	}
	if !p.Identity.Born.IsZero() {
		f.Born = p.Identity.Born
	}
	if p.Identity.Gender != "" {
		w := p.Identity.Gender == "female"
		f.Woman = &w
	}
	if f.PostFrom.IsZero() {
		posts, err := person.Posts(ctx, s.Tx, id, org.Now(on))
		if err != nil {
			return f, err
		}
		for _, x := range posts {
			if x.Title != "member" && (f.PostFrom.IsZero() || x.From.Before(f.PostFrom)) {
				f.PostFrom = x.From
			}
		}
	}
	return f, nil
}

// Judge records what people say of a condition: met or not, by which paper; or
// an exception, by which decision of the competent level.
type Judge struct {
	Ref
	Person    string
	Condition string
	State     string // Met, NotMet, Excepted
	Paper     Paper
	Reason    string
}

// Name is the act's name.
func (a Judge) Name() string { return "procedure.judge" }

// Decide wants the paper where the edition names one, evidence for "met", and
// the decision number for an exception. What a rule reckons is not judged by
// hand, only excepted.
func (a Judge) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	p := v.Person(a.Person)
	if p == nil {
		return nil, desk.Missing("Không có người này trong hồ sơ.", "There is no such person in the case.")
	}
	i := slices.IndexFunc(v.Def.Conditions, func(c rule.Condition) bool { return c.ID == a.Condition })
	if i < 0 {
		return nil, desk.Wrong("condition", "Quy định không có điều kiện này.", "The regulation has no such condition.")
	}
	c := &v.Def.Conditions[i]
	if !slices.Contains([]string{Met, NotMet, Excepted}, a.State) {
		return nil, desk.Wrong("state", "Chỉ ghi đạt, không đạt hoặc ngoại lệ.", "A line is met, not met or excepted.")
	}
	if c.Rule != "" && a.State != Excepted {
		return nil, desk.Refuse("Điều kiện này do quy định tính từ số liệu; hãy sửa số liệu, không đánh dấu bằng tay.", "This condition is reckoned from facts; change the facts, it is not marked by hand.")
	}
	if err := checkPaper(a.Paper, a.State == Excepted || a.State == Met); err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, a.State != Met)
	if err != nil {
		return nil, err
	}
	j := Judged{State: a.State, Paper: a.Paper}
	if c.Months != "" && !a.Paper.Date.IsZero() {
		for _, q := range v.Edition.Parameters {
			if q.ID == c.Months {
				j.Expires = addMonths(a.Paper.Date, int(q.Value.Num))
			}
		}
	}
	judged := map[string]Judged{}
	for k, x := range p.Judged {
		judged[k] = x
	}
	judged[a.Condition] = j
	lines, err := Check(v.Lib, v.Def, v.day0(), v.Level, p.Facts, judged, v.Choices)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("condition-judged", Body{Person: a.Person, Condition: a.Condition, Outcome: a.State, Paper: a.Paper, Expires: j.Expires, Lines: lines}, words)}, nil
}

// addMonths is the same day some months later, or the last of a shorter month.
func addMonths(d vn.Date, n int) vn.Date {
	m := int(d.Month) - 1 + n
	last := vn.PartialDate{Year: d.Year + m/12, Month: time.Month(m%12 + 1)}.Last()
	return vn.Date{Year: last.Year, Month: last.Month, Day: min(d.Day, last.Day)}
}
