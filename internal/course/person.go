package course

import (
	"slices"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// ict is the civil time of the record: UTC+7, no summer time.
var ict = time.FixedZone("ICT", 7*60*60)

// Today is the civil day on which something happens in a case: that of the
// moment, or of its marked sample clock.
func (s *State) Today(at time.Time) vn.Date {
	if !s.Clock.IsZero() {
		return s.Clock
	}
	return vn.DateOf(at.In(ict))
}

// SheetDay is the day conditions are asked on: today, in a transcribed case the
// day it opened.
func (s *State) SheetDay(today vn.Date) vn.Date {
	if s.Scribed {
		return s.Opened
	}
	return today
}

// Sheet checks the conditions of a person by facts and what people said.
func (v *View) Sheet(today vn.Date, f Facts, judged map[string]Judged) ([]Line, error) {
	return Check(v.Lib, v.Def, v.SheetDay(today), v.Level, f, judged, v.Choices)
}

// Expires is the day until which a paper shows a condition, zero when the
// regulation sets none.
func (v *View) Expires(c *rule.Condition, p Paper) vn.Date {
	if c.Months == "" || p.Date.IsZero() {
		return vn.Date{}
	}
	for _, q := range v.Edition.Parameters {
		if q.ID == c.Months {
			return addMonths(p.Date, int(q.Value.Num))
		}
	}
	return vn.Date{}
}

// addMonths is the same day some months later, or the last of a shorter month.
func addMonths(d vn.Date, n int) vn.Date {
	m := int(d.Month) - 1 + n
	last := vn.PartialDate{Year: d.Year + m/12, Month: time.Month(m%12 + 1)}.Last()
	return vn.Date{Year: last.Year, Month: last.Month, Day: min(d.Day, last.Day)}
}

// MayAdd says whether a person may be put forward; step names the step at which
// somebody from outside the list was proposed.
func (v *View) MayAdd(person, step string) error {
	if v.Phase != Needed && v.Phase != Asked && v.Phase != Running {
		return refuse("Các bước đã xong, không đưa thêm người vào.", "The steps are done; nobody is added.")
	}
	if v.Person(person) != nil {
		return refuse("Người này đã có trong hồ sơ.", "This person is in the case already.")
	}
	for _, h := range v.Steps {
		if h.Counted == nil && !h.Skipped && slices.Contains(h.Opening.Body.Team, person) {
			return refuse("Người này đang trong tổ kiểm phiếu của bước "+h.ID+".", "This person is in the counting team of step "+h.ID+".")
		}
	}
	if step == "" {
		if v.listApproved() {
			return refuse("Danh sách của bước đầu đã thông qua; chỉ đưa thêm người do một bước giới thiệu.", "The list of the first step was approved; only somebody proposed at a step is added.")
		}
		return nil
	}
	st, h := v.Def.Step(step), v.Step(step)
	if st == nil || st.Persons != rule.FromStepOrOther || h == nil || h.Counted != nil {
		return refuse("Bước này không giới thiệu người ngoài danh sách, hoặc không đang mở.", "This step proposes nobody from outside the list, or is not open.")
	}
	return nil
}

// MayLeave says whether a person may be taken out: not while he stands in an
// open step.
func (v *View) MayLeave(person string) error {
	if v.Person(person) == nil {
		return refuse("Không có người này trong hồ sơ.", "There is no such person in the case.")
	}
	if n := len(v.Steps); n > 0 && v.Steps[n-1].Counted == nil && !v.Steps[n-1].Skipped && slices.Contains(v.Steps[n-1].Opening.Body.Persons, person) {
		return refuse("Người này đang được bỏ phiếu ở bước "+v.Steps[n-1].ID+".", "This person stands in step "+v.Steps[n-1].ID+", which is open.")
	}
	return nil
}

// listApproved says that the first step that is held has its result: from then
// on only a step puts somebody forward.
func (v *View) listApproved() bool {
	for _, st := range v.Def.Steps {
		if !v.NotHeld(st) {
			h := v.Step(st.ID)
			return h != nil && h.Done()
		}
	}
	return false
}
