package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// OpenSession opens the next sitting. Voting marks the one in which elections
// are held: the base is reckoned there.
type OpenSession struct {
	Ref
	Session string // "1", "2" … the next number
	Title   rule.Words
	Date    vn.Date
	Voting  bool
}

// Name is the act's name.
func (a OpenSession) Name() string { return "meeting.open-session" }

// Decide wants sittings in order, on days that do not go back.
func (a OpenSession) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	if want := fmt.Sprint(len(m.Sessions) + 1); a.Session != want {
		return nil, desk.Refuse("Phiên tiếp theo là phiên "+want+".", "The next session is number "+want+".")
	}
	if len(m.People) == 0 {
		return nil, desk.Refuse("Chưa có danh sách triệu tập: hãy lập danh sách trước khi mở phiên.", "Nobody is summoned yet: make the list before opening a session.")
	}
	if err := checkTitle(a.Title); err != nil {
		return nil, err
	}
	last := m.Date
	if n := len(m.Sessions); n > 0 {
		last = m.Sessions[n-1].Date
	}
	if a.Date.IsZero() || a.Date.Before(last) && len(m.Sessions) > 0 {
		return nil, desk.Wrong("date", "Ngày của phiên không thể trước phiên trước.", "A session cannot be before the last one.")
	}
	if today(s, m.Clock).Before(a.Date) {
		return nil, desk.Wrong("date", "Phiên chưa diễn ra.", "The session has not been held yet.")
	}
	return []desk.Draft{a.event(KindSession, Fact{Session: a.Session, Title: a.Title, Date: a.Date, Voting: a.Voting}, "")}, nil
}

// CloseSession ends a sitting: its roll is then only corrected with a reason.
type CloseSession struct {
	Ref
	Session string
}

// Name is the act's name.
func (a CloseSession) Name() string { return "meeting.close-session" }

// Decide wants everybody who counts marked.
func (a CloseSession) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	x := m.Session(a.Session)
	if x == nil || x.Closed {
		return nil, desk.Refuse("Không có phiên đang mở này.", "There is no such open session.")
	}
	missing := 0
	for _, p := range m.People {
		if x.Marks[p.Person] == "" && p.Standing.Summoned() {
			missing++
		}
	}
	if missing > 0 {
		return nil, desk.Refuse(fmt.Sprintf("Còn %d người chưa điểm danh.", missing), fmt.Sprintf("%d persons are not marked yet.", missing))
	}
	return []desk.Draft{a.event(KindSessionDone, Fact{Session: a.Session}, "")}, nil
}

// TakeAttendance marks how persons were at a sitting. Marks of a closed sitting,
// or other marks than were taken before, are a correction and need a reason.
type TakeAttendance struct {
	Ref
	Session string
	Marks   []Marked
	Reason  string
}

// Name is the act's name.
func (a TakeAttendance) Name() string { return "meeting.take-attendance" }

// Decide drops marks that change nothing and refuses corrections without a
// reason, or of who already voted for an organ in that sitting as present.
func (a TakeAttendance) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	x := m.Session(a.Session)
	if x == nil {
		return nil, desk.Missing("Không có phiên này.", "There is no such session.")
	}
	var marks []Marked
	corrects := false
	seen := map[string]bool{}
	for _, k := range a.Marks {
		if seen[k.Person] {
			return nil, desk.Wrong("marks", "Một người được điểm danh hai lần.", "A person is marked twice.")
		}
		seen[k.Person] = true
		at := m.Attendee(k.Person)
		if at == nil {
			return nil, desk.Missing("Có người không trong danh sách triệu tập.", "Somebody is not on the list of those summoned.")
		}
		if at.Standing == NotSummoned {
			return nil, desk.Refuse("Có người không được triệu tập (bị đình chỉ, khởi tố hoặc truy tố trước khi khai mạc) nên không điểm danh.", "Somebody is not summoned (suspended, charged or prosecuted before the opening) and is not called.")
		}
		if at.Suspended && k.Mark == Present {
			return nil, desk.Refuse("Có người đang bị đình chỉ sinh hoạt, khởi tố hoặc tạm giam nên không ghi có mặt. Nếu đã được khôi phục, hãy sửa ở danh sách triệu tập trước.", "Somebody suspended, charged or detained is marked present. If restored, change the list of those summoned first.")
		}
		if !slices.Contains([]Mark{Present, Absent, Excused}, k.Mark) {
			return nil, desk.Wrong("marks", "Chỉ ghi có mặt, vắng hoặc vắng có lý do.", "A mark is present, absent or excused.")
		}
		old := x.Marks[k.Person]
		if old == k.Mark {
			continue
		}
		corrects = corrects || old != "" || x.Closed
		marks = append(marks, k)
	}
	if len(marks) == 0 {
		return nil, desk.Refuse("Điểm danh không có gì thay đổi.", "The roll changes nothing.")
	}
	words := ""
	if corrects {
		if words, err = checkReason(a.Reason); err != nil {
			return nil, err
		}
	}
	for _, k := range marks {
		if k.Mark != Present {
			continue
		}
		if m.Off(k.Person) {
			return nil, desk.Refuse("Có người đang được trừ khỏi mẫu số vì vắng mà lại ghi có mặt; hãy bỏ khoản trừ trước.", "Somebody who comes off the base is marked present; undo the deduction first.")
		}
		if m.Replaced(k.Person) {
			return nil, desk.Refuse("Có đại biểu đã có người dự khuyết thay mà lại ghi có mặt.", "A delegate whom an alternate replaces is marked present.")
		}
	}
	return []desk.Draft{a.event(KindAttendance, Fact{Session: a.Session, Marks: marks, Corrects: corrects}, words)}, nil
}

// Replace records that an alternate takes the place of an absent delegate.
type Replace struct {
	Ref
	Person    string // the delegate
	Alternate string
	Reason    string
}

// Name is the act's name.
func (a Replace) Name() string { return "meeting.replace" }

// Decide wants a delegate who is not present and an alternate who replaces
// nobody else.
func (a Replace) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, reason, err := a.changing(ctx, s, a.Reason)
	if err != nil {
		return nil, err
	}
	p, alt := m.Attendee(a.Person), m.Attendee(a.Alternate)
	switch {
	case p == nil || p.Standing != Delegate:
		return nil, desk.Wrong("person", "Chỉ thay đại biểu chính thức.", "Only a delegate is replaced.")
	case alt == nil || alt.Standing != Alternate:
		return nil, desk.Wrong("alternate", "Người thay phải là đại biểu dự khuyết.", "The one who replaces must be an alternate.")
	case alt.Replaces != "":
		return nil, desk.Refuse("Đại biểu dự khuyết này đã thay một đại biểu khác.", "This alternate already replaces another delegate.")
	case p.Convening:
		return nil, desk.Refuse("Cấp ủy viên triệu tập là đại biểu đương nhiên, không có người thay.", "A member of the convening committee is a delegate ex officio and is not replaced.")
	case m.Replaced(a.Person):
		return nil, desk.Refuse("Đại biểu này đã có người thay.", "This delegate is replaced already.")
	}
	if m.Off(a.Person) {
		return nil, desk.Refuse("Đại biểu này đang được trừ khỏi mẫu số; hãy bỏ khoản trừ trước.", "This delegate comes off the base; undo that first.")
	}
	if m.PresentAt(a.Person) != nil {
		return nil, desk.Refuse("Đại biểu này đã được ghi có mặt.", "This delegate was recorded as present.")
	}
	return []desk.Draft{a.event(KindReplaced, Fact{Person: a.Person, Alternate: a.Alternate}, reason)}, nil
}

// Unreplace undoes that an alternate takes a delegate's place.
type Unreplace struct {
	Ref
	Alternate string
	Reason    string
}

// Name is the act's name.
func (a Unreplace) Name() string { return "meeting.unreplace" }

// Decide wants a replacement that stands, and a reason. Votes by hand taken
// meanwhile stay as they were reckoned.
func (a Unreplace) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, reason, err := a.changing(ctx, s, a.Reason)
	if err != nil {
		return nil, err
	}
	alt := m.Attendee(a.Alternate)
	if alt == nil || alt.Replaces == "" {
		return nil, desk.Missing("Đại biểu dự khuyết này không thay ai.", "This alternate replaces nobody.")
	}
	return []desk.Draft{a.event(KindUnreplaced, Fact{Person: alt.Replaces, Alternate: a.Alternate}, reason)}, nil
}

// Deduct takes one person off the base of elections for a reason that the
// regulation of the day accepts; Words say what stands behind it.
type Deduct struct {
	Ref
	Person string
	Reason string // code, of Reasons
	Words  string
}

// Name is the act's name.
func (a Deduct) Name() string { return "meeting.deduct" }

// Decide refuses a reason the regulation does not know, and who was present at
// any sitting: only absence throughout, suspension and the like come off.
func (a Deduct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	p := m.Attendee(a.Person)
	if p == nil || !p.Standing.Summoned() {
		return nil, desk.Wrong("person", "Chỉ trừ người được triệu tập có tính vào mẫu số.", "Only who was summoned and counts comes off the base.")
	}
	reasons := Reasons(s.Rules, m.Body, m.Date)
	if !slices.Contains(reasons, a.Reason) {
		return nil, desk.Wrong("reason", "Quy định của ngày họp không có lý do trừ này.", "The regulation of the day knows no such reason.")
	}
	words, err := checkReason(a.Words)
	if err != nil {
		return nil, err
	}
	if m.Off(a.Person) {
		return nil, desk.Refuse("Người này đã được trừ.", "This person comes off already.")
	}
	if strings.Contains(a.Reason, "convening") && !p.Convening {
		return nil, desk.Wrong("reason", "Người này không phải cấp ủy viên triệu tập.", "This person is not a member of the convening committee.")
	}
	if m.Replaced(a.Person) {
		return nil, desk.Refuse("Đại biểu này đã có đại biểu dự khuyết thay nên không được trừ.", "This delegate is replaced by an alternate and does not come off.")
	}
	if x := m.PresentAt(a.Person); x != nil {
		return nil, desk.Refuse("Người này có mặt ở phiên "+x.ID+" nên không được trừ khỏi mẫu số.", "This person was present at session "+x.ID+" and does not come off the base.")
	}
	return []desk.Draft{a.event(KindDeducted, Fact{Person: a.Person, Reason: a.Reason}, words)}, nil
}

// DeductSeveral takes several persons off the base at once, for one reason and
// by one ground: each is an entry of its own, as Deduct makes it.
type DeductSeveral struct {
	Ref
	Persons []string
	Reason  string // code, of Reasons
	Words   string
}

// Name is the act's name.
func (a DeductSeveral) Name() string { return "meeting.deduct-several" }

// Decide refuses all when one of them may not come off, and says which.
func (a DeductSeveral) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if len(a.Persons) == 0 || len(a.Persons) > 200 {
		return nil, desk.Wrong("names", "Gõ tên những người được trừ, mỗi người một dòng (không quá 200 người).", "Type those who come off, one a line (200 at most).")
	}
	var out []desk.Draft
	for i, p := range a.Persons {
		ds, err := Deduct{Ref: a.Ref, Person: p, Reason: a.Reason, Words: a.Words}.Decide(ctx, s)
		if err == nil && slices.Contains(a.Persons[:i], p) {
			err = desk.Wrong("names", "Người này ghi hai lần.", "This person stands twice.")
		}
		var e *desk.Error
		if errors.As(err, &e) && (e.Field == "names" || e.Field == "person" || e.Code == desk.Refused) {
			said := *e
			said.Says = rule.Words{VI: fmt.Sprintf("Người thứ %d: %s", i+1, e.Says.VI), EN: fmt.Sprintf("Person %d: %s", i+1, e.Says.EN)}
			return nil, &said
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	return out, nil
}

// Restore undoes a deduction.
type Restore struct {
	Ref
	Person string
	Words  string
}

// Name is the act's name.
func (a Restore) Name() string { return "meeting.restore" }

// Decide wants a deduction that stands, and a reason.
func (a Restore) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, words, err := a.changing(ctx, s, a.Words)
	if err != nil {
		return nil, err
	}
	if !m.Off(a.Person) {
		return nil, desk.Missing("Người này không được trừ.", "This person does not come off the base.")
	}
	return []desk.Draft{a.event(KindRestored, Fact{Person: a.Person}, words)}, nil
}

// Close ends a meeting.
type Close struct {
	Ref
	On vn.Date
}

// Name is the act's name.
func (a Close) Name() string { return "meeting.close" }

// Decide wants every sitting closed.
func (a Close) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, x := range m.Sessions {
		if !x.Closed {
			return nil, desk.Refuse("Phiên "+x.ID+" chưa kết thúc.", "Session "+x.ID+" is not closed.")
		}
	}
	if len(m.Sessions) == 0 || a.On.Before(m.Sessions[len(m.Sessions)-1].Date) || today(s, m.Clock).Before(a.On) {
		return nil, desk.Wrong("on", "Ngày bế mạc phải từ ngày của phiên cuối đến hôm nay.", "The closing day lies between the last session and today.")
	}
	return []desk.Draft{a.event(KindClosed, Fact{Date: a.On}, "")}, nil
}
