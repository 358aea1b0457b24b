package procedure

import (
	"context"
	"slices"

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
	if _, known, err := person.Home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Wrong("person", "Người này không có trong hồ sơ cán bộ, đảng viên.", "This person is not on record.")
	}
	if err := v.MayAdd(a.Person, a.Step); err != nil {
		return nil, answer(err)
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	b := Body{Person: a.Person, Paper: a.Paper, Step: a.Step, Outside: a.Step != ""}
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
	if err := v.MayLeave(a.Person); err != nil {
		return nil, answer(err)
	}
	return []desk.Draft{a.event("person-left", Body{Person: a.Person}, words), person.DecideLock(a.Person, Subject(a.ID), false)}, nil
}

// GiveFacts records what the sheet of conditions asks of a person, and checks
// every line. Birth, sex, the present post and discipline come from the registry
// when it has them.
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
	known, err := FromRegistry(ctx, s.Tx, a.Person, v.today)
	if err != nil {
		return nil, err
	}
	if f, err = known.discipline(f); err != nil {
		return nil, err
	}
	for field, d := range map[string]vn.Date{"post_from": f.PostFrom, "reprimand": f.Reprimand, "warning": f.Warning, "removal": f.Removal} {
		if v.today.Before(d) {
			return nil, desk.Wrong(field, "Ngày này chưa đến.", "This day has not come yet.")
		}
	}
	if err := v.CheckReference(f); err != nil {
		return nil, answer(err)
	}
	lines, err := v.Sheet(v.today, f, p.Judged)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("conditions-checked", Body{Person: a.Person, Lines: lines}, f)}, nil
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
	j.Expires = v.Expires(c, a.Paper)
	judged := map[string]Judged{}
	for k, x := range p.Judged {
		judged[k] = x
	}
	judged[a.Condition] = j
	lines, err := v.Sheet(v.today, p.Facts, judged)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("condition-judged", Body{Person: a.Person, Condition: a.Condition, Outcome: a.State, Paper: a.Paper, Expires: j.Expires, Lines: lines}, words)}, nil
}
