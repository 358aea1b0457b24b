package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Ref names a meeting and the organisation that answers for it, as the page
// showed it: the right is asked over that organisation.
type Ref struct {
	ID  string
	Org string
}

// Subject is the meeting.
func (r Ref) Subject() string { return Subject(r.ID) }

// Need asks for the right to keep meetings of the organisation.
func (r Ref) Need() desk.Need {
	return desk.Need{Right: desk.RecordContest, Org: r.Org, Case: Subject(r.ID)}
}

func (r Ref) event(kind string, f Fact, words string) desk.Draft {
	f.Meeting = r.ID
	var block any
	if words != "" {
		block = words
	}
	return story.Draft(kind, []string{Subject(r.ID)}, f, block)
}

// Open opens a meeting.
type Open struct {
	Ref
	Body       Body
	Level      string
	Date       vn.Date
	Title      rule.Words
	Term       string // "2020 - 2025"
	After      string // the meeting that must have been held before
	LateWhy    string // why it enters after its day
	Sample     bool
	Clock      vn.Date
	Incumbents *int64 // members of the body, where more than are summoned
}

// Name is the act's name.
func (a Open) Name() string { return "meeting.open" }

// Decide refuses a used id, a day before the meeting that must precede, and a
// day gone by without the reason why it enters late.
func (a Open) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	switch {
	case !idPattern.MatchString(a.ID) || len(a.ID) > 60:
		return nil, desk.Wrong("id", "Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối, tối đa 60 ký tự.", "The id is made of lower-case letters without marks, digits and hyphens, 60 characters at most.")
	case !slices.Contains(Bodies, a.Body):
		return nil, desk.Wrong("body", "Hãy chọn loại đại hội, hội nghị.", "Choose the kind of congress or meeting.")
	case !slices.Contains(Levels, a.Level):
		return nil, desk.Wrong("level", "Hãy chọn cấp.", "Choose the level.")
	case a.Clock != (vn.Date{}) && !a.Sample:
		return nil, desk.Wrong("clock", "Chỉ dữ liệu mẫu mới có đồng hồ mẫu.", "Only sample data has a sample clock.")
	}
	if err := checkTitle(a.Title); err != nil {
		return nil, err
	}
	if err := checkNumber("incumbents", a.Incumbents); err != nil {
		return nil, err
	}
	if old, err := Get(ctx, s.Tx, a.ID); err != nil {
		return nil, err
	} else if old != nil {
		return nil, desk.Wrong("id", "Đã có cuộc họp mang mã này.", "There is a meeting with this id already.")
	}
	if a.Org != "" {
		if known, err := org.Known(ctx, s.Tx, a.Org); err != nil {
			return nil, err
		} else if !known {
			return nil, desk.Wrong("org", "Tổ chức không có trong hồ sơ.", "The organisation is not on record.")
		}
	}
	if err := checkAfter(ctx, s, a.After, a.Date); err != nil {
		return nil, err
	}
	late, err := checkLate(today(s, a.Clock), a.Date, a.LateWhy)
	if err != nil {
		return nil, err
	}
	words := ""
	if late {
		words = strings.TrimSpace(a.LateWhy)
	}
	return []desk.Draft{a.event(KindOpened, Fact{Org: a.Org, Body: a.Body, Level: a.Level, Date: a.Date, Title: a.Title, Term: strings.TrimSpace(a.Term),
		After: a.After, Late: late, Sample: a.Sample, Clock: a.Clock, Incumbents: a.Incumbents}, words)}, nil
}

// today is the day a meeting lives in: its sample clock, or the real one.
func today(s *desk.Scene, clock vn.Date) vn.Date {
	if !clock.IsZero() {
		return clock
	}
	return s.Today
}

func checkTitle(w rule.Words) error {
	if strings.TrimSpace(w.VI) == "" || utf8.RuneCountInString(w.VI) > 300 || utf8.RuneCountInString(w.EN) > 300 {
		return desk.Wrong("title", "Cần tên cuộc họp, không quá 300 chữ.", "A title of at most 300 letters is needed.")
	}
	return nil
}

func checkNumber(field string, n *int64) error {
	if n != nil && (*n < 0 || *n > 1_000_000) {
		return desk.Wrong(field, "Số phải từ 0 đến 1.000.000.", "The number must be from 0 to 1,000,000.")
	}
	return nil
}

func checkAfter(ctx context.Context, s *desk.Scene, after string, date vn.Date) error {
	if after == "" {
		return nil
	}
	prev, err := Get(ctx, s.Tx, after)
	if err != nil {
		return err
	}
	if prev == nil {
		return desk.Wrong("after", "Không có cuộc họp phải diễn ra trước.", "There is no such meeting that must precede.")
	}
	if date.Before(prev.Date) {
		return desk.Wrong("date", "Cuộc họp này phải sau “"+prev.Title.VI+"” ngày "+prev.Date.Vietnamese()+".",
			"This meeting must come after “"+prev.Title.In("en")+"” of "+prev.Date.String()+".")
	}
	return nil
}

// checkFollowing refuses a new day behind that of a meeting that must come after.
func checkFollowing(ctx context.Context, s *desk.Scene, m *State, date vn.Date) error {
	ids, err := s.Tx.Strings(ctx, `SELECT id FROM meeting_meeting WHERE held >= $1 AND held < $2 AND id <> $3 ORDER BY held, entry`, m.Date.String(), date.String(), m.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		next, err := Get(ctx, s.Tx, id)
		if err != nil {
			return err
		}
		if next != nil && next.After == m.ID && next.Date.Before(date) {
			return desk.Wrong("date", "Cuộc họp này phải trước “"+next.Title.VI+"” ngày "+next.Date.Vietnamese()+"; hãy sửa ngày của cuộc họp ấy trước.",
				"This meeting must come before “"+next.Title.In("en")+"” of "+next.Date.String()+"; change the day of that meeting first.")
		}
	}
	return nil
}

// checkLate says whether a day lies before today, which needs a reason.
func checkLate(today, date vn.Date, why string) (late bool, err error) {
	if date.IsZero() || date.Year < 1930 || date.Year > 2200 {
		return false, desk.Wrong("date", "Cần ngày họp.", "The day of the meeting is needed.")
	}
	if !date.Before(today) {
		return false, nil
	}
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > 2000 {
		return false, desk.Wrong("late", "Cuộc họp đã diễn ra trước hôm nay: hãy ghi lý do nhập sau (từ biên bản giấy nào, vì sao), không quá 2000 chữ.",
			"The meeting was held before today: give the reason why it enters late, at most 2000 letters.")
	}
	return true, nil
}

// running loads a meeting that is not closed and belongs to the organisation.
func (r Ref) running(ctx context.Context, s *desk.Scene) (*State, error) {
	m, err := Get(ctx, s.Tx, r.ID)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Org != r.Org {
		return nil, desk.Missing("Không có cuộc họp này.", "There is no such meeting.")
	}
	if m.Closed {
		return nil, desk.Refuse("Cuộc họp đã bế mạc ngày "+m.ClosedOn.Vietnamese()+" nên không ghi thêm được.", "The meeting was closed on "+m.ClosedOn.String()+"; nothing more can be recorded.")
	}
	return m, nil
}

// changing is running for an act that needs its reason.
func (r Ref) changing(ctx context.Context, s *desk.Scene, why string) (*State, string, error) {
	m, err := r.running(ctx, s)
	if err != nil {
		return nil, "", err
	}
	reason, err := checkReason(why)
	return m, reason, err
}

// Change corrects the day, title or size of a meeting, with its reason.
type Change struct {
	Ref
	Date       vn.Date
	Title      rule.Words
	Term       string
	Incumbents *int64
	Reason     string
}

// Name is the act's name.
func (a Change) Name() string { return "meeting.change" }

// Decide demands a reason, and that the day keeps its place in the order.
func (a Change) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, reason, err := a.changing(ctx, s, a.Reason)
	if err != nil {
		return nil, err
	}
	if err := checkTitle(a.Title); err != nil {
		return nil, err
	}
	if err := checkNumber("incumbents", a.Incumbents); err != nil {
		return nil, err
	}
	if a.Date.IsZero() {
		return nil, desk.Wrong("date", "Cần ngày họp.", "The day of the meeting is needed.")
	}
	if a.Date != m.Date && len(m.Votes) > 0 {
		return nil, desk.Refuse("Cuộc họp đã có biểu quyết nên không đổi ngày được.", "Votes were taken; the day cannot be changed.")
	}
	if err := checkAfter(ctx, s, m.After, a.Date); err != nil {
		return nil, err
	}
	if err := checkFollowing(ctx, s, m, a.Date); err != nil {
		return nil, err
	}
	return []desk.Draft{a.event(KindChanged, Fact{Date: a.Date, Title: a.Title, Term: strings.TrimSpace(a.Term), Incumbents: a.Incumbents}, reason)}, nil
}

func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 2000 {
		return "", desk.Wrong("reason", "Cần ghi lý do, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	return reason, nil
}

// maxPeople bounds the persons of one meeting.
const maxPeople = 5000

// Summon puts persons on the list of those summoned.
type Summon struct {
	Ref
	People []Attendee
}

// Name is the act's name.
func (a Summon) Name() string { return "meeting.summon" }

// Decide refuses persons not on record or summoned already, and standings that
// a meeting of this body does not have.
func (a Summon) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(a.People) == 0 {
		return nil, desk.Wrong("people", "Chưa chọn ai.", "Nobody was chosen.")
	}
	if len(a.People)+len(m.People) > maxPeople {
		return nil, desk.Wrong("people", fmt.Sprintf("Danh sách không quá %d người.", maxPeople), fmt.Sprintf("A list holds at most %d persons.", maxPeople))
	}
	seen := map[string]bool{}
	for i := range a.People {
		p := &a.People[i]
		if p.Replaces != "" {
			return nil, desk.Wrong("people", "Việc thay thế đại biểu ghi riêng.", "Replacing a delegate is recorded by itself.")
		}
		if seen[p.Person] || m.Attendee(p.Person) != nil {
			return nil, desk.Wrong("people", "Có người đã trong danh sách triệu tập.", "Somebody is on the list already.")
		}
		seen[p.Person] = true
		if err := checkAttendee(ctx, s, m, p); err != nil {
			return nil, err
		}
	}
	return []desk.Draft{a.event(KindSummoned, Fact{People: a.People}, "")}, nil
}

func checkAttendee(ctx context.Context, s *desk.Scene, m *State, p *Attendee) error {
	_, known, err := person.Home(ctx, s.Tx, p.Person)
	if err != nil {
		return err
	}
	if !known {
		return desk.Wrong("people", "Có người không có trong hồ sơ cán bộ, đảng viên; hãy ghi hồ sơ trước.", "Somebody is not on record; record the person first.")
	}
	return checkStanding(ctx, s, m, p)
}

// checkStanding checks as what, and for which delegation, a person comes.
func checkStanding(ctx context.Context, s *desk.Scene, m *State, p *Attendee) error {
	if !slices.Contains(m.Body.Of(), p.Standing) {
		return desk.Wrong("standing", "Tư cách dự họp không hợp với loại cuộc họp này.", "This standing does not fit the meeting.")
	}
	if p.Suspended {
		if err := keptAway(s, m, p); err != nil {
			return err
		}
	}
	if p.Delegation != "" {
		if known, err := org.Known(ctx, s.Tx, p.Delegation); err != nil {
			return err
		} else if !known {
			return desk.Wrong("delegation", "Đoàn đại biểu không có trong hồ sơ tổ chức.", "The delegation is not on record.")
		}
	}
	return nil
}

// RuleSummons is the rule asked of who is suspended, charged or prosecuted
// before a congress opens.
const RuleSummons = "party-meeting.may-be-summoned"

// keptAway puts a suspended person among those not summoned where the rules of
// the meeting's day say so (04-HD/TW 2024); where they do not, the person keeps
// the standing and comes off the base by a deduction.
func keptAway(s *desk.Scene, m *State, p *Attendee) error {
	if !m.Body.Congress() {
		return nil
	}
	v, err := vote.Ask(s.Rules, RuleSummons, m.Date, map[string]int64{"is_suspended_before": 1}, nil)
	if err != nil || !v.No() {
		return err
	}
	if old := m.Attendee(p.Person); old != nil {
		if err := tied(m, p.Person); err != nil {
			return err
		}
	}
	p.Standing = NotSummoned
	return nil
}

// ChangeSummons changes how persons are summoned, adds some, or takes them off
// the list (Out), with the reason.
type ChangeSummons struct {
	Ref
	People []Attendee
	Out    bool
	Reason string
}

// Name is the act's name.
func (a ChangeSummons) Name() string { return "meeting.change-summons" }

// Decide refuses to take off who was present, was chosen into an organ or comes
// off the base.
func (a ChangeSummons) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, reason, err := a.changing(ctx, s, a.Reason)
	if err != nil {
		return nil, err
	}
	if len(a.People) == 0 {
		return nil, desk.Wrong("people", "Chưa chọn ai.", "Nobody was chosen.")
	}
	for i := range a.People {
		p := &a.People[i]
		if a.Out {
			if m.Attendee(p.Person) == nil {
				return nil, desk.Missing("Người này không có trong danh sách triệu tập.", "This person is not on the list.")
			}
			if err := tied(m, p.Person); err != nil {
				return nil, err
			}
			*p = Attendee{Person: p.Person, Standing: m.Attendee(p.Person).Standing}
			continue
		}
		p.Replaces = ""
		if err := checkAttendee(ctx, s, m, p); err != nil {
			return nil, err
		}
	}
	return []desk.Draft{a.event(KindSummonsMend, Fact{People: a.People, Out: a.Out}, reason)}, nil
}

// tied refuses to take off a person of whom something else depends.
func tied(m *State, p string) error {
	if m.PresentAt(p) != nil {
		return desk.Refuse("Người này đã được ghi có mặt; hãy sửa điểm danh trước.", "This person was recorded as present; correct the roll first.")
	}
	for _, o := range m.Organs {
		if cur := m.Organ(o.Organ, o.For); cur != nil && cur.Entry == o.Entry && slices.Contains(o.Members, p) {
			return desk.Refuse("Người này đang ở bộ phận giúp việc của cuộc họp; hãy bầu người thay trước.", "This person serves in an organ of the meeting; choose another first.")
		}
	}
	if at := m.Attendee(p); at != nil && at.Replaces != "" || m.Replaced(p) {
		return desk.Refuse("Đang có việc đại biểu dự khuyết thay gắn với người này; hãy bỏ việc thay trước.", "An alternate’s replacement hangs on this person; undo it first.")
	}
	if m.Off(p) {
		return desk.Refuse("Người này đang được trừ khỏi mẫu số; hãy bỏ khoản trừ trước.", "This person comes off the base; undo that first.")
	}
	return nil
}
