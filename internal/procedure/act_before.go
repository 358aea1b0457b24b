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
	"minhbach/internal/vote"
)

// calendar reckons working days; its table is dated data of vn.
var calendar = vn.BuiltinCalendar()

// farthest bounds the search for the last working day of a deadline; a rule
// that still holds there sets no limit.
const farthest = 500

// lastDayOf is the last day on which a deadline rule, asked with the working
// days gone by since from, still holds; zero when there is no rule, it sets no
// limit, or the table of holidays does not reach so far (then nobody guesses).
func lastDayOf(lib *rule.Library, id string, from vn.Date, choices map[string]string) (vn.Date, error) {
	if id == "" {
		return vn.Date{}, nil
	}
	holds := func(days int) (bool, error) {
		a, err := vote.Ask(lib, id, from, map[string]int64{"working_days": int64(days)}, choices)
		return a.Holds, err
	}
	if far, err := holds(farthest); err != nil || far {
		return vn.Date{}, err
	}
	lo, hi := 0, farthest // holds up to lo, not from hi
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		ok, err := holds(mid)
		if err != nil {
			return vn.Date{}, err
		}
		if ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	d, err := calendar.AddWorking(from, lo)
	if err != nil {
		return vn.Date{}, nil
	}
	return d, nil
}

// AskConsent records the request for consent in principle (chủ trương).
type AskConsent struct {
	Ref
	Paper Paper
	Late  string
}

// Name is the act's name.
func (a AskConsent) Name() string { return "procedure.ask-consent" }

// Decide wants a case whose consent was not asked.
func (a AskConsent) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Needed {
		return nil, desk.Refuse("Chủ trương đã được xin.", "Consent was asked already.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.Opened, a.Late)
	if err != nil {
		return nil, err
	}
	due, err := lastDayOf(v.lib, v.def.Consent, a.Paper.Date, v.Choices)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("consent-asked", Body{On: a.Paper.Date, Paper: a.Paper, Due: due, Late: late}, trimmed(a.Late))}, nil
}

// GiveConsent records the answer to the request for consent in principle.
type GiveConsent struct {
	Ref
	Paper Paper
	Yes   bool
	Late  string
}

// Name is the act's name.
func (a GiveConsent) Name() string { return "procedure.give-consent" }

// Decide starts the clock of the procedure; a refusal ends the case.
func (a GiveConsent) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Asked {
		return nil, desk.Refuse("Chưa xin chủ trương, hoặc chủ trương đã có.", "Consent was not asked, or was given already.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.Consent.Asked.Body.On, a.Late)
	if err != nil {
		return nil, err
	}
	b := Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Yes, Late: late}
	if a.Yes {
		if b.Due, err = lastDayOf(v.lib, v.def.Deadline, a.Paper.Date, v.Choices); err != nil {
			return nil, err
		}
	}
	return append([]desk.Draft{a.event("consent-given", b, trimmed(a.Late))}, v.unlockAll(!a.Yes)...), nil
}

// unlockAll drafts the end of the locks on all persons of the case.
func (v *view) unlockAll(over bool) []desk.Draft {
	if !over {
		return nil
	}
	var out []desk.Draft
	for _, p := range v.here() {
		out = append(out, person.DecideLock(p, Subject(v.ID), false))
	}
	return out
}

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
	if first := v.Step(v.def.Steps[0].ID); first != nil && first.Done() && a.Step == "" {
		return nil, desk.Refuse("Danh sách của bước 1 đã thông qua; chỉ đưa thêm người do một bước giới thiệu.", "The list of step 1 was approved; only somebody proposed at a step is added.")
	}
	if a.Step != "" {
		st := v.def.Step(a.Step)
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
	lines, err := Check(v.lib, v.def, v.day0(), v.Level, f, p.Judged, v.Choices)
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
	i := slices.IndexFunc(v.def.Conditions, func(c rule.Condition) bool { return c.ID == a.Condition })
	if i < 0 {
		return nil, desk.Wrong("condition", "Quy định không có điều kiện này.", "The regulation has no such condition.")
	}
	c := &v.def.Conditions[i]
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
		for _, q := range v.edition.Parameters {
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
	lines, err := Check(v.lib, v.def, v.day0(), v.Level, p.Facts, judged, v.Choices)
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

// NoSuchStep is the choice of a reading that says a step is not held.
const NoSuchStep = "none"

// DecideReading records how the body decided that an unverified item is meant
// for this case, until two keepers attest it: Item is a rule, policy or
// parameter of the regulation, or a step ("appointment-local/3").
type DecideReading struct {
	Ref
	Item    string
	Reading string // MainReading or one listed
	Paper   Paper  // the conclusion of the body
	Reason  string
}

// Name is the act's name.
func (a DecideReading) Name() string { return "procedure.decide-reading" }

// Decide refuses items that are sure, attested or decided, and readings that
// are not listed. A step that is said not to be held is passed over.
func (a DecideReading) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	e, it := v.item(a.Item)
	if it == nil || it.Evidence != rule.Unverified {
		return nil, desk.Refuse("Mục này không phải mục chưa xác nhận của hồ sơ.", "This is not an unverified item of the case.")
	}
	if _, ok := v.lib.Attested(e, a.Item); ok {
		return nil, desk.Refuse("Mục này đã được hai người giữ quy định đối chiếu với văn bản ký.", "Two regulation keepers attested this item already.")
	}
	b := Body{Item: a.Item, Choice: a.Reading, Paper: a.Paper}
	i := slices.IndexFunc(it.Readings, func(r rule.Reading) bool { return r.ID == a.Reading })
	if a.Reading != rule.MainReading && i < 0 {
		return nil, desk.Wrong("reading", "Hãy chọn một cách hiểu trong danh sách.", "Choose one of the readings listed.")
	}
	for _, st := range v.def.Steps {
		if rule.StepItem(v.def.ID, st.ID) != a.Item {
			continue
		}
		b.Step = st.ID
		if h := v.Step(st.ID); h != nil {
			return nil, desk.Refuse("Bước này đã làm.", "This step was held already.")
		}
		if i >= 0 {
			b.Choice = it.Readings[i].Choose
		}
	}
	drafts := []desk.Draft{a.event("reading-decided", b, words)}
	return v.settle(s, drafts, Event{Entry: s.Head + 1, What: "reading-decided", Body: b})
}

// item finds an item of the editions the case is pinned to.
func (v *view) item(id string) (*rule.Edition, *rule.Item) {
	for _, e := range v.lib.Editions() {
		if !slices.ContainsFunc(v.Pins, func(p rule.Pin) bool { return p.Digest == e.Digest }) {
			continue
		}
		if it := e.Item(id); it != nil {
			return e, it
		}
		for _, p := range e.Procedures {
			for i := range p.Conditions {
				if rule.StepItem(p.ID, p.Conditions[i].ID) == id {
					return e, &p.Conditions[i].Item
				}
			}
		}
	}
	return nil, nil
}

// settle folds an event in and adds the end of the steps when it was the last.
func (v *view) settle(s *desk.Scene, drafts []desk.Draft, e Event) ([]desk.Draft, error) {
	v.add(e)
	if v.Phase == Running && v.Next(v.def) == nil {
		drafts = append(drafts, Ref{ID: v.ID}.event("steps-finished", Body{}, nil))
	}
	return drafts, nil
}
