package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// TakeStep records one step of a member's life. Org is the organisation that
// says it: the cell that votes, the committee that decides, the place that
// sends or confirms a transfer, where the temporary activity is.
type TakeStep struct {
	Person   string
	Org      string
	Step     Step
	From, To vn.Date // day of the step; To for what has an end of its own
	Other    string  // of Sent: the place that will confirm; empty when it lies outside
	// Introducers are the official members who introduce (Introduced).
	Introducers []string
	For, Of     *int64 // votes in favour, official members (Voted)
	Years       int64  // Badge
	Kind        string // of staff (Staffed)
	// Transcribed: days of decision, ceremony and official status by the file.
	Admitted, Sworn, Recognised vn.Date
	Number                      string // of the card: beside the tree
	Note                        string // why, in words: beside the tree
	Decision                    org.Decision
}

// Name is the act's name.
func (a TakeStep) Name() string { return "person.take-step" }

// Subject is the member.
func (a TakeStep) Subject() string { return a.Person }

// Need asks for the right over the organisation that says it, so that the two
// ends of a transfer are two people.
func (a TakeStep) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide walks the whole life with the new step in it, so that a late entry is
// checked against what came after too, and asks the rules of its day.
func (a TakeStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return a.decide(ctx, s, nil)
}

func (a TakeStep) decide(ctx context.Context, s *desk.Scene, look *lookup) ([]desk.Draft, error) {
	if _, known, err := look.home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Missing("Không có người này trong hồ sơ.", "There is no such person on record.")
	}
	said, err := look.stepsOf(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	f, err := a.check(ctx, s, look, s.Head+1)
	if err != nil {
		return nil, err
	}
	if _, problem := life(append(said, f)); problem != nil {
		return nil, problem.refusal()
	}
	vs, err := a.ask(ctx, s, said)
	if err != nil {
		return nil, err
	}
	b := stepBody{Person: a.Person, Org: a.Org, Step: a.Step, From: a.From, To: a.To, Other: a.Other, Introducers: a.Introducers, For: a.For, Of: a.Of,
		Years: a.Years, Kind: a.Kind, Admitted: a.Admitted, Sworn: a.Sworn, Recognised: a.Recognised, Decision: a.Decision, Verdicts: vs}
	return []desk.Draft{{Kind: kindStep, Subjects: []string{a.Person}, Body: b, Blocks: a.blocks()}}, nil
}

func (a TakeStep) blocks() []desk.DraftBlock {
	c := map[string]string{}
	for k, v := range map[string]string{"number": vn.NormalizeName(a.Number), "note": strings.TrimSpace(a.Note), "signer": vn.NormalizeName(a.Decision.Signer)} {
		if v != "" {
			c[k] = v
		}
	}
	if len(c) == 0 {
		return nil
	}
	return []desk.DraftBlock{{Name: "details", Content: c}}
}

// check looks at the step by itself.
func (a TakeStep) check(ctx context.Context, s *desk.Scene, look *lookup, fact int64) (StepFact, error) {
	f := StepFact{Fact: fact, Person: a.Person, Step: a.Step, Org: a.Org, Other: a.Other, From: a.From, To: a.To, Sworn: a.Sworn, Recognised: a.Recognised,
		Admitted: a.Admitted, Years: a.Years, Kind: a.Kind, For: a.For, Of: a.Of, Decision: a.Decision}
	if !slices.Contains(Steps(), a.Step) {
		return f, desk.Wrong("step", "Cần chọn việc trong danh mục.", "Choose the step from the list.")
	}
	if err := checkDay("from", a.From); err != nil {
		return f, err
	}
	if !a.To.IsZero() && !a.From.Before(a.To) {
		return f, desk.Wrong("to", "Ngày kết thúc phải sau ngày bắt đầu.", "The end must come after the beginning.")
	}
	if utf8.RuneCountInString(a.Note) > 2000 || utf8.RuneCountInString(a.Number) > 60 {
		return f, desk.Wrong("note", "Nội dung quá dài.", "This is too long.")
	}
	for field, id := range map[string]string{"org": a.Org, "target": a.Other} {
		if id == "" && field == "target" {
			continue
		}
		if ok, err := look.exists(ctx, s.Tx, id, a.From); err != nil {
			return f, err
		} else if !ok {
			return f, desk.Wrong(field, "Tổ chức không có trong hồ sơ hoặc không tồn tại vào ngày "+a.From.Vietnamese()+".", "The organisation is not on record or does not exist on "+a.From.String()+".")
		}
	}
	switch a.Step {
	case Sent:
		if a.Other == a.Org {
			return f, desk.Wrong("target", "Nơi đến phải khác nơi đi.", "The two ends must differ.")
		}
	case Voted:
		if a.For == nil || a.Of == nil || *a.For < 0 || *a.Of < *a.For {
			return f, desk.Wrong("votes", "Cần số tán thành và số đảng viên chính thức; số tán thành không nhiều hơn.", "The votes in favour and the official members are needed; not more in favour than members.")
		}
	case Transcribed:
		if a.Sworn.IsZero() || a.Admitted.IsZero() || a.Sworn.Before(a.Admitted) || a.From.Before(a.Sworn) || !a.Recognised.IsZero() && a.Recognised.Before(a.Sworn) {
			return f, desk.Wrong("sworn", "Cần ngày quyết định kết nạp, ngày làm lễ (không trước quyết định) và ngày bắt đầu sinh hoạt ở đây (không trước ngày lễ).",
				"The days of the decision, of the ceremony (not before it) and of the beginning here (not before the ceremony) are needed.")
		}
		if !a.Recognised.IsZero() && a.From.Before(a.Recognised) {
			return f, desk.Wrong("recognised", "Ngày chính thức sau ngày bắt đầu sinh hoạt ở đây: hãy ghi công nhận chính thức thành một việc riêng.",
				"Official status came after the beginning here: record the recognition as a step of its own.")
		}
	case Staffed:
		if !slices.ContainsFunc(org.StaffKinds(), func(k org.StaffKind) bool { return k.Kind == a.Kind }) {
			return f, desk.Wrong("kind", "Cần chọn loại biên chế.", "Choose the kind of staff.")
		}
	case Badge:
		if a.Years <= 0 {
			return f, desk.Wrong("years", "Cần số năm của Huy hiệu.", "The years of the badge are needed.")
		}
	}
	return f, nil
}

// ask puts the step before the rules of its day. What must hold refuses; what
// was late is recorded with its verdict. A day on which no document on record
// says anything leaves no verdict.
func (a TakeStep) ask(ctx context.Context, s *desk.Scene, said []StepFact) ([]rule.Verdict, error) {
	if err := a.notSkipped(said); err != nil {
		return nil, err
	}
	if s.Rules == nil {
		return nil, nil
	}
	var out []rule.Verdict
	var refused []rule.Verdict
	put := func(id string, must bool, inputs map[string]int64, from map[string]string) error {
		v, ok, err := askRule(s.Rules, id, a.From, inputs, from)
		if err != nil || !ok {
			return err
		}
		if must && !v.Holds {
			refused = append(refused, v)
		}
		out = append(out, v)
		return nil
	}
	last := func(step Step) *StepFact {
		var x *StepFact
		for i, f := range said {
			if f.Step == step && !f.Withdrawn && f.From.Compare(a.From) <= 0 && (x == nil || x.From.Compare(f.From) <= 0) {
				x = &said[i]
			}
		}
		return x
	}
	var err error
	switch a.Step {
	case Introduced:
		for _, id := range a.Introducers {
			p, ok, e := OfficialPlace(ctx, s.Tx, id, org.Now(a.From))
			if e != nil {
				return nil, e
			}
			if !ok {
				return nil, desk.Wrong("introducers", "Người giới thiệu không phải đảng viên vào ngày này.", "An introducer is no member on this day.")
			}
			probation := int64(0)
			if p.Standing != "official" {
				probation = 1
			}
			if e := put("party-member.introducer", true, map[string]int64{"is_probationary": probation, "months": int64(p.From.MonthsTo(a.From))}, nil); e != nil {
				return nil, e
			}
		}
	case Voted:
		err = put("party-member.admit-vote", false, map[string]int64{"in_favour": *a.For, "members": *a.Of}, nil)
	case Admitted:
		if v := last(Voted); v != nil {
			err = put("party-member.admit-vote", true, map[string]int64{"in_favour": *v.For, "members": *v.Of}, map[string]string{"in_favour": entryField(v.Entry, "for"), "members": entryField(v.Entry, "of")})
		}
	case Sworn:
		if d := last(Admitted); d != nil {
			err = putDays(s.Rules, put, "party-member.ceremony", issued(*d), a.From, d.Entry)
		}
	case Recognised:
		if sworn, entry, ok := swornDay(said); ok {
			if err = put("party-charter.probation", true, map[string]int64{"months": int64(sworn.MonthsTo(a.From))}, map[string]string{"months": entryField(entry, "from")}); err != nil {
				return nil, err
			}
			if months, ok := param(s.Rules, "party-charter.probation", "probation_months", a.From); ok {
				over := sworn.AddMonths(int(months))
				off := int64(0)
				for d := over; d.Before(a.From) && off < 4000; d = d.AddDays(1) {
					off++
				}
				on := a.From
				if !a.Decision.Date.IsZero() {
					on = a.Decision.Date
				}
				v, ok, e := askRule(s.Rules, "party-member.official-date", on, map[string]int64{"days": off}, nil)
				if e != nil {
					return nil, e
				}
				if ok {
					out = append(out, v)
					if !v.Holds {
						refused = append(refused, v)
					}
				}
				if !a.Decision.Date.IsZero() && over.Before(a.Decision.Date) {
					err = putDays(s.Rules, func(id string, must bool, in map[string]int64, from map[string]string) error {
						v, ok, err := askRule(s.Rules, id, on, in, from)
						if ok {
							out = append(out, v)
						}
						return err
					}, "party-member.recognise", over, a.Decision.Date, entry)
				}
			}
		}
	case Arrived, SlipBack:
		if l := last(Sent); l != nil {
			err = putDays(s.Rules, put, "party-member.transfer", l.From, a.From, l.Entry)
		}
	case Badge:
		err = put("party-badge.milestone", true, map[string]int64{"years": a.Years}, nil)
	}
	if err != nil {
		return nil, err
	}
	if len(refused) > 0 {
		return nil, desk.Refuse("Quy định không cho ghi việc này: "+refused[0].Says.VI, "The rules do not allow this: "+refused[0].Says.EN, refused...)
	}
	return out, nil
}

// notSkipped refuses a vote without an introduction and a decision without a
// vote since the person was last outside the Party. Older lives come in by
// Transcribed.
func (a TakeStep) notSkipped(said []StepFact) error {
	introduced, voted := false, false
	for _, f := range inOrder(said) {
		if f.From.Compare(a.From) > 0 {
			continue
		}
		switch f.Step {
		case Introduced:
			introduced = true
		case Voted:
			voted = true
		case Removed, Left, Expelled, SlipBack:
			introduced, voted = false, false
		}
	}
	switch {
	case a.Step == Voted && !introduced:
		return desk.Refuse("Chưa ghi việc giới thiệu người vào Đảng trước ngày này. Hãy ghi giới thiệu trước; đảng viên đã có hồ sơ giấy thì dùng “Ghi lại theo hồ sơ giấy”.",
			"No introduction is recorded before this day. Record it first; a life known from paper is taken over as transcribed.")
	case a.Step == Admitted && !voted:
		return desk.Refuse("Chưa ghi biểu quyết của chi bộ trước ngày quyết định kết nạp. Hãy ghi biểu quyết trước; đảng viên đã có hồ sơ giấy thì dùng “Ghi lại theo hồ sơ giấy”.",
			"No vote of the cell is recorded before the decision. Record it first; a life known from paper is taken over as transcribed.")
	}
	return nil
}

// inOrder are the standing steps in the order of their days.
func inOrder(said []StepFact) []StepFact {
	live := slices.DeleteFunc(slices.Clone(said), func(f StepFact) bool { return f.Withdrawn })
	slices.SortStableFunc(live, func(a, b StepFact) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Fact, b.Fact)) })
	return live
}

func entryField(entry int64, field string) string { return fmt.Sprintf("%d#%s", entry, field) }

func issued(f StepFact) vn.Date {
	if !f.Decision.Date.IsZero() {
		return f.Decision.Date
	}
	return f.From
}

func swornDay(said []StepFact) (on vn.Date, entry int64, ok bool) {
	for _, f := range said {
		switch {
		case f.Withdrawn:
		case f.Step == Sworn:
			on, entry, ok = f.From, f.Entry, true
		case f.Step == Transcribed:
			on, entry, ok = f.Sworn, f.Entry, true
		}
	}
	return on, entry, ok
}

// putDays asks a rule about working days between two days; a span outside the
// calendar of working days asks nothing.
func putDays(lib *rule.Library, put func(string, bool, map[string]int64, map[string]string) error, id string, from, to vn.Date, entry int64) error {
	n, err := lib.Calendar().WorkingBetween(from, to)
	if err != nil {
		return nil
	}
	return put(id, false, map[string]int64{"working_days": int64(n)}, map[string]string{"working_days": entryField(entry, "from")})
}

// askRule asks one rule of a day; false when no document of that day has it.
func askRule(lib *rule.Library, id string, on vn.Date, inputs map[string]int64, from map[string]string) (rule.Verdict, bool, error) {
	b, err := lib.Rule(id, on, nil)
	if err != nil {
		return rule.Verdict{}, false, nil
	}
	var in rule.Inputs
	for k, v := range inputs {
		if err := in.SetNamed(k, v); err != nil {
			return rule.Verdict{}, false, err
		}
	}
	ans, err := b.Ask(&in)
	if err != nil || ans == rule.NotRecorded {
		return rule.Verdict{}, false, err
	}
	v := b.Verdict(&in, "", ans == rule.Holds)
	v.From = from
	return v, true, nil
}

// param is the whole-number value in force of a parameter of a rule.
func param(lib *rule.Library, id, name string, on vn.Date) (int64, bool) {
	b, err := lib.Rule(id, on, nil)
	if err != nil {
		return 0, false
	}
	v, ok := b.Param(name)
	return v.Num, ok
}
