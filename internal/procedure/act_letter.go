package procedure

import (
	"context"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/rule"
)

// ReceiveLetter records a denunciation or complaint about a person of the case.
type ReceiveLetter struct {
	Ref
	Letter string // id made with the form ("letter/" + desk.NewID())
	Person string
	Paper  Paper
	Words  string // what it says, in short
}

// Name is the act's name.
func (a ReceiveLetter) Name() string { return "procedure.receive-letter" }

// Decide wants a person of the case.
func (a ReceiveLetter) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Person(a.Person) == nil {
		return nil, desk.Wrong("person", "Người này không có trong hồ sơ.", "This person is not in the case.")
	}
	if len(a.Letter) < 8 || slices.ContainsFunc(v.Letters, func(l Letter) bool { return l.ID == a.Letter }) {
		return nil, desk.Wrong("letter", "Mã không hợp lệ; hãy mở lại biểu mẫu.", "The id is not valid; open the form again.")
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, true)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("letter-received", Body{Letter: a.Letter, Person: a.Person, On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// CloseLetter records that a letter was handled, or reported to the competent
// level.
type CloseLetter struct {
	Ref
	Letter  string
	Outcome string // "handled", "reported"
	Paper   Paper
	Words   string
}

// Name is the act's name.
func (a CloseLetter) Name() string { return "procedure.close-letter" }

// Decide wants the conclusion or report by number and date.
func (a CloseLetter) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(v.OpenLetters(), func(l Letter) bool { return l.ID == a.Letter }) {
		return nil, desk.Missing("Không có đơn thư đang mở này.", "There is no such open letter.")
	}
	if a.Outcome != "handled" && a.Outcome != "reported" {
		return nil, desk.Wrong("outcome", "Đơn thư được xử lý xong hoặc báo cáo cấp có thẩm quyền.", "A letter is handled, or reported to the competent level.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, true)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("letter-closed", Body{Letter: a.Letter, Outcome: a.Outcome, On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// Declare records that somebody who works on the case is tied to a person of
// it (205, 114): from then on that person takes no part.
type Declare struct {
	Ref
	Person string // who declares
	With   string // person of the case
	Tie    string
}

// Name is the act's name.
func (a Declare) Name() string { return "procedure.declare" }

// Decide wants a known tie to a person of the case.
func (a Declare) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Person(a.With) == nil {
		return nil, desk.Wrong("with", "Người này không có trong hồ sơ.", "This person is not in the case.")
	}
	if !slices.Contains(rule.KinTies, a.Tie) {
		return nil, desk.Wrong("tie", "Cần chọn quan hệ.", "Choose the tie.")
	}
	if _, known, err := person.Home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known || a.Person == a.With {
		return nil, desk.Wrong("person", "Cần chọn người khai trong hồ sơ cán bộ.", "Choose who declares, from the record.")
	}
	return []desk.Draft{a.event("recused", Body{Person: a.Person, Other: a.With, Tie: a.Tie}, nil)}, nil
}
