package person

import (
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// Step is one event in the life of a Party member.
type Step string

// The steps, in the order of a life. Transcribed brings a member in from paper
// (or from another province) with the days the file gives.
const (
	Introduced   Step = "introduced"    // official members introduce the applicant
	Voted        Step = "voted"         // the cell votes on admission
	Admitted     Step = "admitted"      // the decision; Party age counts from its date
	Sworn        Step = "sworn"         // the ceremony; probation counts from it
	Card         Step = "card"          // card issued or renewed; its number stands beside the tree
	Recognised   Step = "recognised"    // official from a day
	Transcribed  Step = "transcribed"   // an older life taken over from paper
	Sent         Step = "transfer-sent" // letter out; the place stays until the other end confirms
	Arrived      Step = "transfer-arrived"
	SlipBack     Step = "transfer-slip" // the other end lies outside: its slip came back, the place ends
	Temporary    Step = "temporary"     // in temporary activity elsewhere
	TemporaryEnd Step = "temporary-end"
	Residence    Step = "residence" // ties with the cell of the place of residence
	ResidenceEnd Step = "residence-end"
	Exempt       Step = "exempt"
	ExemptEnd    Step = "exempt-end"
	Suspended    Step = "suspended"
	SuspendedEnd Step = "suspended-end"
	Removed      Step = "removed"  // xóa tên
	Left         Step = "left"     // xin ra
	Expelled     Step = "expelled" // khai trừ
	Died         Step = "died"
	Badge        Step = "badge"
	// Staffed: takes a place of the staff quota. Org is where the person works;
	// Other, when given, is whose quota it is: then the place is borrowed.
	Staffed  Step = "staffed"
	StaffEnd Step = "staff-end"
)

// Steps lists the steps in the order forms show them.
func Steps() []Step {
	return []Step{Introduced, Voted, Admitted, Sworn, Card, Recognised, Transcribed, Sent, Arrived, SlipBack, Temporary, TemporaryEnd,
		Residence, ResidenceEnd, Exempt, ExemptEnd, Suspended, SuspendedEnd, Removed, Left, Expelled, Died, Badge, Staffed, StaffEnd}
}

// Place is one relation of a member to an organisation over some days.
type Place struct {
	Person   string
	Rel      string // official, temporary, residence; staff (whose quota), borrowed (where a borrowed person works)
	Org      string
	Standing string  // probationary, official; of staff the kind
	State    string  // active, exempt, suspended
	Since    vn.Date // from which Party age counts; zero while probationary
	From, To vn.Date
}

// StepFact is one wording of a step.
type StepFact struct {
	Fact, Entry                 int64
	EntryTo                     int64
	Person                      string
	Step                        Step
	Org, Other                  string
	From, To                    vn.Date
	Sworn, Recognised, Admitted vn.Date // transcribed
	Years                       int64   // badge
	Kind                        string  // of staff
	For, Of                     *int64  // vote
	Decision                    org.Decision
	Withdrawn                   bool
}

// lifeError says which step does not fit what stands before it.
type lifeError struct {
	at     StepFact
	vi, en string
}

// life walks the standing steps of one person in the order of their days and
// gives the places that follow; problem is the first step that does not fit.
// Two official places at once cannot come out: what would make one is the
// problem instead.
func life(said []StepFact) (out []Place, problem *lifeError) {
	live := make([]StepFact, 0, len(said))
	for _, s := range said {
		if !s.Withdrawn {
			live = append(live, s)
		}
	}
	slices.SortStableFunc(live, func(a, b StepFact) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return int(a.Fact - b.Fact)
	})
	w := &walker{}
	for _, s := range live {
		if vi, en := w.step(s); vi != "" && problem == nil {
			problem = &lifeError{s, vi, en}
		}
	}
	w.close(vn.Date{})
	for _, r := range []*Place{w.temporary, w.residence, w.staff, w.borrowed} {
		if r != nil {
			w.out = append(w.out, *r)
		}
	}
	return slices.DeleteFunc(w.out, func(p Place) bool { return !p.To.IsZero() && !p.From.Before(p.To) }), problem
}

// walker is a life under way.
type walker struct {
	out                        []Place
	now                        *Place // the official place
	temporary, residence       *Place
	staff, borrowed            *Place
	introduced, voted, decided bool
	admitted, sworn            vn.Date
	sent                       *StepFact
	dead                       bool
}

// close ends the official place on a day; zero leaves it open.
func (w *walker) close(on vn.Date) {
	if w.now != nil {
		w.now.To = on
		w.out = append(w.out, *w.now)
	}
	w.now = nil
}

// turn goes on from a day with one thing changed.
func (w *walker) turn(on vn.Date, change func(*Place)) {
	next := *w.now
	w.close(on)
	next.From, next.To = on, vn.Date{}
	change(&next)
	w.now = &next
}

func (w *walker) end(on vn.Date) {
	w.close(on)
	for _, r := range []**Place{&w.temporary, &w.residence} {
		if *r != nil && ((*r).To.IsZero() || on.Before((*r).To)) {
			(*r).To = on
		}
		if *r != nil {
			w.out = append(w.out, **r)
		}
		*r = nil
	}
	w.introduced, w.voted, w.decided, w.sent = false, false, false, nil
	w.admitted, w.sworn = vn.Date{}, vn.Date{}
}

func (w *walker) endStaff(on vn.Date) {
	for _, r := range []**Place{&w.staff, &w.borrowed} {
		if *r != nil {
			(*r).To = on
			w.out = append(w.out, **r)
		}
		*r = nil
	}
}

const (
	alreadyVI = "Người này đang là đảng viên ở một tổ chức; không thể có hai nơi sinh hoạt chính thức. Hãy ghi chuyển sinh hoạt."
	alreadyEN = "This person is a member of an organisation already; nobody has two official places. Record a transfer."
	notVI     = "Vào ngày này người ấy chưa hoặc không còn là đảng viên."
	notEN     = "On this day the person is not, or no longer, a member."
)

// step takes one step; words say why it does not fit.
func (w *walker) step(s StepFact) (vi, en string) {
	if w.dead {
		return "Đã ghi nhận từ trần trước ngày này.", "The person's death is recorded before this day."
	}
	member := w.now != nil
	switch s.Step {
	case Introduced, Voted, Admitted, Sworn, Transcribed:
		if member {
			return alreadyVI, alreadyEN
		}
	case SlipBack, Sent, Arrived, Recognised, Card, Temporary, Residence, Exempt, ExemptEnd, Suspended, SuspendedEnd, Removed, Left, Expelled, Badge:
		if !member {
			return notVI, notEN
		}
	}
	switch s.Step {
	case Introduced:
		w.introduced = true
	case Voted:
		w.voted = true
	case Admitted:
		w.decided, w.admitted = true, s.From
		if !s.Decision.Date.IsZero() {
			w.admitted = s.Decision.Date
		}
	case Sworn:
		if !w.decided {
			return "Chưa có quyết định kết nạp trước ngày làm lễ.", "No decision of admission stands before the ceremony."
		}
		w.sworn = s.From
		w.now = &Place{Person: s.Person, Rel: "official", Org: s.Org, Standing: "probationary", State: "active", From: s.From}
	case Transcribed:
		w.admitted, w.sworn = s.Admitted, s.Sworn
		w.now = &Place{Person: s.Person, Rel: "official", Org: s.Org, Standing: "probationary", State: "active", From: s.From}
		if !s.Recognised.IsZero() && s.Recognised.Compare(s.From) <= 0 {
			w.now.Standing, w.now.Since = "official", w.admitted
		}
	case Recognised:
		if w.now.Standing == "official" {
			return "Đã là đảng viên chính thức trước ngày này.", "Already an official member before this day."
		}
		w.turn(s.From, func(p *Place) { p.Standing, p.Since = "official", w.admitted })
	case Sent:
		if w.sent != nil {
			return "Đã có giấy giới thiệu chuyển đi chưa xác nhận.", "A transfer is under way already."
		}
		if s.Org != w.now.Org {
			return "Nơi chuyển đi không phải nơi đang sinh hoạt chính thức.", "The transfer does not start from the official place."
		}
		w.sent = &s
	case Arrived:
		if w.sent == nil {
			return "Chưa có giấy giới thiệu chuyển đi của nơi đang sinh hoạt.", "The present place has issued no letter."
		}
		if w.sent.Other != s.Org {
			return "Nơi xác nhận không phải nơi ghi trên giấy giới thiệu.", "The place that confirms is not the one the letter names."
		}
		w.sent = nil
		w.turn(s.From, func(p *Place) { p.Org = s.Org })
	case SlipBack:
		if w.sent == nil || w.sent.Other != "" {
			return "Chỉ ghi phiếu báo khi giấy giới thiệu chuyển ra nơi không có trong hệ thống.", "A slip belongs to a transfer to a place outside."
		}
		w.end(s.From)
	case Temporary:
		if s.Org == w.now.Org {
			return "Nơi sinh hoạt tạm thời phải khác nơi chính thức.", "Temporary activity is elsewhere than the official place."
		}
		if w.temporary != nil && (w.temporary.To.IsZero() || s.From.Before(w.temporary.To)) {
			return "Đang sinh hoạt tạm thời ở một nơi khác.", "The member is in temporary activity already."
		}
		if w.temporary != nil {
			w.out = append(w.out, *w.temporary)
		}
		w.temporary = &Place{Person: s.Person, Rel: "temporary", Org: s.Org, Standing: w.now.Standing, State: "active", From: s.From, To: s.To}
	case TemporaryEnd:
		if w.temporary == nil {
			return "Không đang sinh hoạt tạm thời.", "The member is in no temporary activity."
		}
		w.temporary.To = s.From
		w.out = append(w.out, *w.temporary)
		w.temporary = nil
	case Residence:
		if w.residence != nil {
			w.residence.To = s.From
			w.out = append(w.out, *w.residence)
		}
		w.residence = &Place{Person: s.Person, Rel: "residence", Org: s.Org, Standing: w.now.Standing, State: "active", From: s.From, To: s.To}
	case ResidenceEnd:
		if w.residence == nil {
			return "Không có liên hệ nơi cư trú để kết thúc.", "There are no ties of residence to end."
		}
		w.residence.To = s.From
		w.out = append(w.out, *w.residence)
		w.residence = nil
	case HandedOver:
		if !member {
			return notVI, notEN
		}
		if s.Other != w.now.Org {
			return "Vào ngày bàn giao người này không còn ở bên giao.", "On the day of the handover the member is no longer with the giving side."
		}
		w.turn(s.From, func(p *Place) { p.Org = s.Org })
	case Exempt, Suspended:
		if w.now.State != "active" {
			return "Đang được miễn hoặc bị đình chỉ sinh hoạt.", "Already exempt or suspended."
		}
		w.turn(s.From, func(p *Place) { p.State = string(s.Step) })
	case ExemptEnd, SuspendedEnd:
		if w.now.State+"-end" != string(s.Step) {
			return "Không đang ở tình trạng ấy.", "The member is not in that state."
		}
		w.turn(s.From, func(p *Place) { p.State = "active" })
	case Removed, Left, Expelled:
		w.end(s.From)
	case Staffed:
		if w.staff != nil {
			return "Đang giữ một chỗ biên chế; hãy ghi thôi trước.", "The person holds a place of the quota already; end that first."
		}
		owner := s.Org
		if s.Other != "" {
			owner = s.Other
			w.borrowed = &Place{Person: s.Person, Rel: "borrowed", Org: s.Org, Standing: s.Kind, State: "active", From: s.From}
		}
		w.staff = &Place{Person: s.Person, Rel: "staff", Org: owner, Standing: s.Kind, State: "active", From: s.From}
	case StaffEnd:
		if w.staff == nil {
			return "Không giữ chỗ biên chế nào.", "The person holds no place of the quota."
		}
		w.endStaff(s.From)
	case Died:
		w.end(s.From)
		w.endStaff(s.From)
		w.dead = true
	}
	return "", ""
}

// refusal is a step that does not fit, as a plain answer.
func (e *lifeError) refusal() *desk.Error {
	return desk.Refuse("Ngày "+e.at.From.Vietnamese()+": "+e.vi, e.at.From.String()+": "+e.en)
}
