package dossier

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// holder checks a day and the body that holds a file from it on.
func holder(ctx context.Context, s *desk.Scene, field, id string, from vn.Date) error {
	if from.IsZero() || from.Year < 1930 {
		return desk.Wrong("from", "Cần ngày nhận hồ sơ, từ năm 1930.", "The day it was received is needed, from 1930.")
	}
	if s.Today.Before(from) {
		return desk.Wrong("from", "Hồ sơ chưa thể được nhận vào một ngày sau hôm nay.", "A file cannot have been received after today.")
	}
	_, there, err := org.Get(ctx, s.Tx, id, org.Now(from))
	if err == nil && !there {
		err = desk.Wrong(field, "Tổ chức giữ hồ sơ không tồn tại vào ngày ấy.", "The body that holds the file does not exist on that day.")
	}
	return err
}

// Decide refuses a day before the holder now and a hand-over to himself.
func (a HandOver) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	if err := holder(ctx, s, "to", a.To, a.On); err != nil {
		return nil, err
	}
	cs, err := CustodyOf(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	after := append(slices.Clone(cs), Custody{Fact: s.Head + 1, Org: a.To, From: a.On})
	if err := endToEnd(after); err != nil {
		return nil, err
	}
	blocks, err := grounds(BlockHands, a.Hands)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCustody, Subjects: []string{a.Person, a.To}, Body: body{Person: a.Person, Org: a.To, From: a.On, Decision: a.Decision}, Blocks: blocks}}, nil
}

// endToEnd refuses two holders from one day, one body that hands over to
// itself, and nobody at all.
func endToEnd(cs []Custody) error {
	lay(cs)
	live := slices.DeleteFunc(slices.Clone(cs), func(c Custody) bool { return c.Withdrawn })
	if len(live) == 0 {
		return desk.Refuse("Không thể rút nội dung duy nhất về nơi giữ hồ sơ; hãy đính chính.", "The only holder on record cannot be withdrawn; correct it.")
	}
	for i := 1; i < len(live); i++ {
		if live[i].From == live[i-1].From {
			return desk.Wrong("from", "Ngày "+live[i].From.Vietnamese()+" đã có một lần giao nhận; hãy đính chính lần ấy.", "A hand-over is on record for "+live[i].From.String()+"; correct that one.")
		}
		if live[i].Org == live[i-1].Org {
			return desk.Wrong("to", "Bên nhận đang là nơi giữ hồ sơ vào thời gian ấy.", "The receiving body holds the file at that time already.")
		}
	}
	return nil
}

// Decide demands a reason and leaves one holder at least.
func (a CorrectCustody) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	cs, err := CustodyOf(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(cs, func(c Custody) bool { return c.Fact == a.Fact })
	if at < 0 {
		return nil, desk.Missing("Không có lần giao nhận này.", "There is no such hand-over.")
	}
	b := body{Person: a.Person, Fact: &cs[at].Fact, Withdrawn: a.Withdraw, Decision: a.Decision, Handover: cs[at].Handover}
	var blocks []desk.DraftBlock
	if a.Withdraw {
		cs[at].Withdrawn = true
	} else {
		if err := holder(ctx, s, "to", a.Org, a.From); err != nil {
			return nil, err
		}
		cs[at].Org, cs[at].From = a.Org, a.From
		b.Org, b.From = a.Org, a.From
		if blocks, err = grounds(BlockHands, a.Hands); err != nil {
			return nil, err
		}
	}
	if err := endToEnd(cs); err != nil {
		return nil, err
	}
	why, err := reason(a.Reason)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCustodyFixed, Subjects: []string{a.Person}, Body: b, Blocks: append(blocks, why)}}, nil
}

// steps says from which states a paper goes to which.
var steps = map[State][]State{
	Kept:     {Missing, Lost},
	Missing:  {Kept, Lost},
	Lost:     {Restored, Kept},
	Restored: {Missing, Lost, Kept},
}

// Decide refuses a state that cannot follow, and a loss or restoration without
// its paper.
func (a SetState) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := open(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	old, err := version(ctx, s, a.Person, a.Doc, a.Version)
	if err != nil {
		return nil, err
	}
	if c, err := ClassOfDoc(ctx, s.Tx, a.Doc); err != nil {
		return nil, err
	} else if err := keepers(c, a.Keeper); err != nil {
		return nil, err
	}
	if !slices.Contains(steps[old.State], a.State) {
		return nil, desk.Wrong("state", "Trạng thái này không thể theo sau trạng thái hiện nay của tài liệu.", "This state cannot follow the state the paper is in.")
	}
	blocks, err := stateGrounds(a.State, a.Grounds, s.Today)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindDocumentState, Subjects: []string{a.Person}, Body: body{Person: a.Person, Doc: a.Doc, Version: a.Version, State: a.State}, Blocks: blocks}}, nil
}

func stateGrounds(to State, g Grounds, today vn.Date) ([]desk.DraftBlock, error) {
	if (to == Lost || to == Restored) && (strings.TrimSpace(g.Number) == "" || g.Date.IsZero()) {
		if to == Lost {
			return nil, desk.Wrong("number", "Ghi số và ngày của biên bản hoặc văn bản xác nhận việc mất.", "Give number and date of the record of the loss.")
		}
		return nil, desk.Wrong("number", "Khôi phục phải có quyết định: ghi số và ngày.", "A restoration needs a decision: give its number and date.")
	}
	if !g.Date.IsZero() && today.Before(g.Date) {
		return nil, desk.Wrong("date", "Ngày văn bản không thể sau hôm nay.", "The date of the paper cannot be after today.")
	}
	return grounds(BlockState, g)
}

// Decide refuses what changes nothing, and a loss or restoration without its
// paper.
func (a SetFile) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	f, err := open(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if a.State == "" {
		a.State = f.State
	}
	if a.Class == "" {
		a.Class = f.Class
	}
	was, err := ClassOfFile(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	if err := keepers(was, a.Keeper); err != nil {
		return nil, err
	}
	ways := map[State][]State{Kept: {Lost, Closed}, Lost: {Restored, Kept}, Restored: {Lost, Closed}, Closed: {Kept}}
	if a.State != f.State && !slices.Contains(ways[f.State], a.State) {
		return nil, desk.Wrong("state", "Trạng thái này không thể theo sau trạng thái hiện nay của hồ sơ.", "This state cannot follow the state the file is in.")
	}
	if !slices.Contains(Classes, a.Class) {
		return nil, desk.Wrong("class", "Hãy chọn độ mật của hồ sơ.", "Choose the class of secrecy.")
	}
	if a.State == f.State && a.Class == f.Class {
		return nil, desk.Wrong("state", "Chưa có gì thay đổi.", "Nothing would change.")
	}
	decision, err := declassified(s, was, a.Class, a.Declassify)
	if err != nil {
		return nil, err
	}
	to := a.State
	if a.State == f.State {
		to = "" // only the class
	}
	blocks, err := stateGrounds(to, a.Grounds, s.Today)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindFileState, Subjects: []string{a.Person}, Body: body{Person: a.Person, State: a.State, Class: a.Class, Decision: decision}, Blocks: blocks}}, nil
}

// Decide refuses unknown kinds and marks, and a kind of which the file holds a
// paper as not arising.
func (a MarkKinds) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	docs, err := Docs(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	have := map[int]bool{}
	for _, d := range docs {
		if d.Paper != nil && d.State != Withdrawn {
			have[d.Paper.Kind] = true
		}
	}
	var list markList
	for n := range len(kinds) + 1 {
		m, ok := a.Marks[n]
		switch {
		case !ok:
			continue
		case n == 0, !slices.Contains(Marks, m):
			return nil, desk.Wrong("marks", "Không có loại tài liệu hoặc trạng thái này.", "There is no such kind or mark.")
		case m == NotArising && have[n]:
			// Which kind is not said: that the file holds a paper of it may itself
			// be classified.
			return nil, desk.Wrong("marks", "Trong các loại vừa ghi là không phát sinh có loại đang có tài liệu trong hồ sơ; hãy xem lại các loại ấy.", "Of the kinds marked as not arising, one has a paper in the file; look at them again.")
		}
		list.Marks = append(list.Marks, mark{n, m})
	}
	if len(list.Marks) == 0 || len(list.Marks) != len(a.Marks) {
		return nil, desk.Wrong("marks", "Hãy chọn ít nhất một loại tài liệu, số từ 1 đến 104.", "Choose at least one kind, from 1 to 104.")
	}
	if list.Note = strings.TrimSpace(a.Note); utf8.RuneCountInString(list.Note) > 2000 {
		return nil, desk.Wrong("note", "Nội dung quá 2000 chữ.", "This is longer than 2000 letters.")
	}
	return []desk.Draft{{Kind: kindMarked, Subjects: []string{a.Person}, Body: body{Person: a.Person}, Blocks: []desk.DraftBlock{{Name: BlockMarks, Content: list}}}}, nil
}
