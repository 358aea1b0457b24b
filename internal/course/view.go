package course

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The stand-alone rules that every procedure asks.
const (
	// RuleResolution is the Charter's rule of majorities of a leading body.
	RuleResolution = "party-charter.resolution"
	// RuleRetirement is the rule that says whether an age is that of retirement.
	RuleRetirement = "retirement.reached"
)

// View is a case with the definition and the rules it is pinned to.
type View struct {
	*State
	Edition *rule.Edition
	Def     *rule.Procedure
	Lib     *rule.Library // pinned
}

// See binds a case to the editions it is pinned to; lib is the library as it
// stands (attestations of pinned editions count from the day they are there).
func See(lib *rule.Library, st *State) (*View, error) {
	pinned, err := lib.Pinned(st.Pins)
	if err != nil {
		return nil, err
	}
	e, def, err := pinned.Procedure(st.Procedure, st.Opened)
	if err != nil {
		return nil, err
	}
	return &View{State: st, Edition: e, Def: def, Lib: pinned}, nil
}

// No says why something may not be done. Field names the input that is wrong;
// empty: what was asked for is refused.
type No struct {
	Field    string
	Says     rule.Words
	Verdicts []rule.Verdict
}

func (n *No) Error() string { return n.Says.EN }

func refuse(vi, en string, vs ...rule.Verdict) *No {
	return &No{Says: rule.Words{VI: vi, EN: en}, Verdicts: vs}
}

func wrong(field, vi, en string) *No {
	return &No{Field: field, Says: rule.Words{VI: vi, EN: en}}
}

// PinsOf are the editions that a case of a procedure opened on a day is decided
// by: the definition, what it names, relatives and retirement.
func PinsOf(lib *rule.Library, id string, on vn.Date) ([]rule.Pin, error) {
	e, p, err := lib.Procedure(id, on)
	if err != nil {
		return nil, err
	}
	var pins []rule.Pin
	add := func(more ...rule.Pin) {
		for _, m := range more {
			if !slices.ContainsFunc(pins, func(o rule.Pin) bool { return o.Digest == m.Digest }) {
				pins = append(pins, m)
			}
		}
	}
	add(e.Pin())
	for _, s := range p.Steps {
		if s.Contest == "" {
			continue
		}
		b, err := lib.For(s.Contest, on)
		if err != nil {
			return nil, err
		}
		add(b.Pins...)
	}
	rules := []string{p.Deadline, p.Consent, RuleRetirement}
	for _, c := range p.Conditions {
		rules = append(rules, c.Rule)
	}
	for _, id := range rules {
		if id == "" {
			continue
		}
		b, err := lib.Rule(id, on, nil)
		if err != nil {
			continue // retirement before its road map; conditions are checked at load
		}
		add(b.Edition.Pin())
	}
	for _, x := range lib.Incompatibles(on) {
		add(x.Edition.Pin())
	}
	if k := lib.Kinship(on); k != nil {
		add(k.Edition.Pin())
	}
	return pins, nil
}

// MoveTo says whether a case may go over to the editions of a day, and which
// take the place of which.
func (v *View) MoveTo(lib *rule.Library, on vn.Date) (to []rule.Pin, moved []rule.Moved, err error) {
	if to, err = PinsOf(lib, v.Procedure, on); err != nil {
		return nil, nil, wrong("on", "Ngày này không có bản quy định nào về quy trình.", "No edition defines the procedure on that day.")
	}
	if rule.SamePins(v.Pins, to) {
		return nil, nil, refuse("Hồ sơ đang theo đúng các bản quy định của ngày này.", "The case is pinned to the editions of that day already.")
	}
	if moved, err = lib.Move(v.Pins, to); err != nil {
		return nil, nil, refuse("Bản quy định mới không có điều khoản chuyển tiếp cho hồ sơ đang làm, nên hồ sơ giữ các bản đã ghim khi mở.",
			"The new edition has no transition clause for a case under way, so the case keeps the editions it is pinned to.")
	}
	pinned, err := lib.Pinned(to)
	if err != nil {
		return nil, nil, err
	}
	_, def, err := pinned.Procedure(v.Procedure, v.Opened)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range v.Steps {
		if def.Step(h.ID) == nil {
			return nil, nil, refuse("Bản mới không có bước "+h.ID+" mà hồ sơ đã làm.", "The new edition has no step "+h.ID+", which was held.")
		}
	}
	return to, moved, nil
}

// farthest bounds the search for the last working day of a deadline; a rule
// that still holds there sets no limit.
const farthest = 500

// LastDay is the last day on which a deadline rule of the case, asked with the
// working days gone by since from, still holds; zero when there is no rule, it
// sets no limit, or the table of holidays does not reach so far (then nobody
// guesses).
func (v *View) LastDay(id string, from vn.Date) (vn.Date, error) {
	if id == "" {
		return vn.Date{}, nil
	}
	holds := func(days int) (bool, error) {
		a, err := vote.Ask(v.Lib, id, from, map[string]int64{"working_days": int64(days)}, v.Choices)
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
	d, err := v.Lib.Calendar().AddWorking(from, lo)
	if err != nil {
		return vn.Date{}, nil
	}
	return d, nil
}

// Item finds an item of the editions the case is pinned to, that a reading may
// be decided for: a rule, policy, parameter, a step or a condition.
func (v *View) Item(id string) (*rule.Edition, *rule.Item) {
	for _, e := range v.Lib.Editions() {
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

// MayRead says how a reading of an item is chosen for the case: the choice to
// record, and the step it speaks of.
func (v *View) MayRead(item, reading string) (choice, step string, err error) {
	e, it := v.Item(item)
	if it == nil || it.Evidence != rule.Unverified {
		return "", "", refuse("Mục này không phải mục chưa xác nhận của hồ sơ.", "This is not an unverified item of the case.")
	}
	if _, ok := v.Lib.Attested(e, item); ok {
		return "", "", refuse("Mục này đã được hai người giữ quy định đối chiếu với văn bản ký.", "Two regulation keepers attested this item already.")
	}
	i := slices.IndexFunc(it.Readings, func(r rule.Reading) bool { return r.ID == reading })
	if reading != rule.MainReading && i < 0 {
		return "", "", wrong("reading", "Hãy chọn một cách hiểu trong danh sách.", "Choose one of the readings listed.")
	}
	choice = reading
	for _, st := range v.Def.Steps {
		if rule.StepItem(v.Def.ID, st.ID) != item {
			continue
		}
		step = st.ID
		if h := v.Step(st.ID); h != nil {
			return "", "", refuse("Bước này đã làm.", "This step was held already.")
		}
		if i >= 0 {
			choice = it.Readings[i].Choose
		}
	}
	return choice, step, nil
}
