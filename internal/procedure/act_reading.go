package procedure

import (
	"context"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
)

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
