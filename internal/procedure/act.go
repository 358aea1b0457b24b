package procedure

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"minhbach/internal/account"
	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// Ref names a case and the organisation of its post, as the page showed it:
// the right is asked over that organisation.
type Ref struct {
	ID  string
	Org string
}

// Subject is the case.
func (r Ref) Subject() string { return Subject(r.ID) }

// Need asks for the right to run procedures of the organisation.
func (r Ref) Need() desk.Need {
	return desk.Need{Right: desk.RunProcedure, Org: r.Org, Case: Subject(r.ID)}
}

func (r Ref) event(what string, b Body, words any) desk.Draft {
	b.Case = r.ID
	if w, ok := words.(string); ok && w == "" {
		words = nil
	}
	return story.Draft(kind(what), []string{Subject(r.ID)}, b, words)
}

// view is what an act decides on: the case with the definition and the rules it
// is pinned to, and the day it lives in.
type view struct {
	*course.View
	today vn.Date
}

// open loads a case that is not over, belongs to the organisation and whose
// actor is not concerned.
func (r Ref) open(ctx context.Context, s *desk.Scene) (*view, error) {
	st, err := Get(ctx, s.Tx, r.ID, -1)
	if err != nil {
		return nil, err
	}
	if st == nil || st.Org != r.Org {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	if st.Phase.Over() {
		return nil, desk.Refuse("Hồ sơ đã kết thúc, không ghi thêm được.", "The case is over; nothing more can be recorded.")
	}
	if err := notConcerned(ctx, s, st); err != nil {
		return nil, err
	}
	return seen(s, st)
}

func seen(s *desk.Scene, st *State) (*view, error) {
	c, err := course.See(s.Rules, st)
	if err != nil {
		return nil, err
	}
	return &view{View: c, today: st.Today(s.Now)}, nil
}

// answer is what the desk says where package course says no.
func answer(err error) error {
	var no *course.No
	switch {
	case !errors.As(err, &no):
		return err
	case no.Field != "":
		return desk.Wrong(no.Field, no.Says.VI, no.Says.EN)
	}
	return desk.Refuse(no.Says.VI, no.Says.EN, no.Verdicts...)
}

// notConcerned refuses an actor who is a person of the case, a relative of one
// by record, or declared to be: who is concerned does not run, count or sign.
func notConcerned(ctx context.Context, s *desk.Scene, st *State) error {
	a, ok, err := account.Get(ctx, s.Tx, s.Actor)
	if err != nil || !ok || a.Person == "" {
		return err
	}
	return concerned(ctx, s, st, a.Person)
}

// MayWork refuses a case that is not of the organisation and an actor who is
// concerned in it, for acts of other rooms on its papers.
func MayWork(ctx context.Context, s *desk.Scene, id, org string) error {
	st, err := Get(ctx, s.Tx, id, -1)
	if err != nil {
		return err
	}
	if st == nil || st.Org != org {
		return desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	return notConcerned(ctx, s, st)
}

// concerned refuses a person who is of the case or tied to one of it.
func concerned(ctx context.Context, s *desk.Scene, st *State, who string) error {
	if err := st.Concerned(who); err != nil {
		return answer(err)
	}
	ties, err := person.Kin(ctx, s.Tx, who)
	if err != nil {
		return err
	}
	for _, t := range ties {
		if st.Person(t.Other) == nil {
			continue
		}
		if counts, unsure := counted(s.Rules, s.Today, t.Tie); counts || unsure || t.Tie == "" {
			return desk.Refuse("Theo hồ sơ, người này có quan hệ gia đình với người trong hồ sơ nên không tham gia làm hồ sơ.",
				"By the record this person is a relative of somebody of the case and takes no part in it.")
		}
	}
	return nil
}

// day checks the day of an event: given, not to come, not before a day that
// must precede it; and whether it lies before today, which needs a reason
// unless the case is transcribed from paper.
func (v *view) day(field string, d, after vn.Date, why string) (late bool, err error) {
	switch {
	case d.IsZero():
		return false, desk.Wrong(field, "Cần ngày.", "A day is needed.")
	case v.today.Before(d):
		return false, desk.Wrong(field, "Ngày này chưa đến.", "This day has not come yet.")
	case !after.IsZero() && d.Before(after):
		return false, desk.Wrong(field, "Ngày phải từ "+after.Vietnamese()+" trở đi (việc trước đó).", "The day cannot come before "+after.String()+", the day of what precedes.")
	}
	if !d.Before(v.today) || v.Scribed || !v.Clock.IsZero() { // a sample clock passed each day by
		return false, nil
	}
	if trimmed(why) == "" {
		return true, desk.Wrong("late", "Việc này đã diễn ra ngày "+d.Vietnamese()+": hãy ghi lý do nhập sau.", "This happened on "+d.String()+": give the reason why it enters late.")
	}
	return true, nil
}

func checkWords(field, words string, need bool) (string, error) {
	words = trimmed(words)
	if need && words == "" || utf8.RuneCountInString(words) > 4000 {
		return "", desk.Wrong(field, "Cần ghi nội dung, không quá 4000 chữ.", "Words are needed, at most 4000 letters.")
	}
	return words, nil
}

func checkPaper(p Paper, need bool) error {
	if need && (trimmed(p.Number) == "" || p.Date.IsZero()) {
		return desk.Wrong("number", "Cần số và ngày văn bản.", "Number and date of the document are needed.")
	}
	for _, t := range []string{p.Kind, p.Number, p.By, p.Where} {
		if utf8.RuneCountInString(t) > 300 {
			return desk.Wrong("number", "Nội dung về văn bản dài quá 300 chữ.", "What is said of the document is longer than 300 letters.")
		}
	}
	return nil
}

// Open opens a case: the need for a post.
type Open struct {
	Ref
	Procedure string
	On        vn.Date // chooses the editions; today unless transcribed
	Title     string  // code of the post
	Level     string  // of the post, for the lines of conditions
	Seats     int64
	Quota     *int64 // posts of this title allotted to the body
	Class     Class
	Need_     string // why the post is to be filled
	Sample    bool
	Clock     vn.Date
	Scribed   bool // transcribed from paper
}

// Name is the act's name.
func (a Open) Name() string { return "procedure.open" }

// Decide pins the editions of the day and counts who holds the post on it. A
// quota that is full is refused unless more posts are wanted than are held.
func (a Open) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	switch {
	case !idPattern.MatchString(a.ID) || len(a.ID) > 60:
		return nil, desk.Wrong("id", "Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối, tối đa 60 ký tự.", "The id is made of lower-case letters without marks, digits and hyphens, 60 characters at most.")
	case a.On.IsZero():
		return nil, desk.Wrong("on", "Cần ngày mở hồ sơ.", "The day the case opens is needed.")
	case !slices.Contains(Classes, a.Class):
		return nil, desk.Wrong("class", "Hãy chọn độ mật của hồ sơ.", "Choose the class of secrecy.")
	case a.Seats < 1 || a.Seats > 100:
		return nil, desk.Wrong("seats", "Số người cần kiện toàn từ 1 đến 100.", "1 to 100 persons are needed.")
	case !a.Clock.IsZero() && !a.Sample:
		return nil, desk.Wrong("clock", "Chỉ dữ liệu mẫu mới có đồng hồ mẫu.", "Only sample data has a sample clock.")
	}
	today := s.Today
	if !a.Clock.IsZero() {
		today = a.Clock
	}
	if today.Before(a.On) || a.On.Before(today) && !a.Scribed && a.Clock.IsZero() {
		return nil, desk.Wrong("on", "Hồ sơ mở ngày hôm nay; hồ sơ cũ từ giấy thì đánh dấu chép lại.", "A case opens today; an old case from paper is marked as transcribed.")
	}
	if old, err := Get(ctx, s.Tx, a.ID, -1); err != nil {
		return nil, err
	} else if old != nil {
		return nil, desk.Wrong("id", "Đã có hồ sơ mang mã này.", "There is a case with this id already.")
	}
	if _, ok := person.TitleOf(a.Title); !ok {
		return nil, desk.Wrong("title", "Cần chọn chức danh trong danh mục.", "Choose the title from the list.")
	}
	if _, ok, err := org.Get(ctx, s.Tx, a.Org, org.Now(a.On)); err != nil {
		return nil, err
	} else if !ok {
		return nil, desk.Wrong("org", "Tổ chức không có trong hồ sơ vào ngày này.", "The organisation is not on record on that day.")
	}
	words, err := checkWords("need", a.Need_, true)
	if err != nil {
		return nil, err
	}
	pins, err := course.PinsOf(s.Rules, a.Procedure, a.On)
	if err != nil {
		return nil, desk.Wrong("procedure", "Không có quy định về quy trình này vào ngày "+a.On.Vietnamese()+".", "No regulation defines this procedure on "+a.On.String()+".")
	}
	holders, err := holders(ctx, s, a.Org, a.Title, a.On)
	if err != nil {
		return nil, err
	}
	if a.Quota != nil {
		if *a.Quota < 0 || *a.Quota > 1000 {
			return nil, desk.Wrong("quota", "Số lượng được giao không hợp lệ.", "The quota is not valid.")
		}
		if holders+a.Seats > *a.Quota {
			return nil, desk.Refuse("Số lượng được giao đã đủ: hiện có người giữ chức danh này bằng hoặc vượt số được giao. Hãy ghi thôi giữ chức trước, hoặc ghi quyết định giao thêm.",
				"The quota is full. Record the end of a post first, or the decision that allots more.")
		}
	}
	return []desk.Draft{a.event("case-opened", Body{Procedure: a.Procedure, On: a.On, Org: a.Org, Title: a.Title, Level: a.Level, Seats: a.Seats,
		Quota: a.Quota, Holders: &holders, Class: a.Class, Sample: a.Sample, Clock: a.Clock, Scribed: a.Scribed, Pins: pins}, words)}, nil
}

// holders counts who holds a title in a body on a day.
func holders(ctx context.Context, s *desk.Scene, orgID, title string, on vn.Date) (int64, error) {
	posts, err := person.PostsIn(ctx, s.Tx, orgID, org.Now(on))
	n := int64(0)
	for _, p := range posts {
		if p.Title == title {
			n++
		}
	}
	return n, err
}

// Move lets a case go over to the editions now in force, under their
// transition clauses.
type Move struct {
	Ref
	On     vn.Date
	Reason string
}

// Name is the act's name.
func (a Move) Name() string { return "procedure.move" }

// Decide refuses without a transition clause, and once a step whose kind the
// new edition does not know was held.
func (a Move) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	to, moved, err := v.MoveTo(s.Rules, a.On)
	if err != nil {
		return nil, answer(err)
	}
	return []desk.Draft{a.event("case-moved", Body{On: a.On, Pins: to, Moved: moved}, words)}, nil
}
