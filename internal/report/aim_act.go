package report

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// SetAim records an own aim for the make-up of committees by its decision. With
// Replaces it takes the place of an earlier aim from From on (a change).
type SetAim struct {
	Aim      Aim // ID "aim/" + desk.NewID(), made with the form
	Decision org.Decision
	Replaces string
}

// CorrectAim says what the paper of an aim really says; Aim is the whole of it.
// What was known before stays visible under the earlier entries.
type CorrectAim struct {
	Aim      Aim
	Decision org.Decision
	Reason   string
}

// EndAim ends an aim by a decision: On is the first day it is no longer in force.
type EndAim struct {
	ID, Unit string
	On       vn.Date
	Decision org.Decision
}

// WithdrawAim takes back an aim that was recorded by mistake, as if it had never
// been in force. An aim that it took the place of stays ended: that is corrected
// by itself.
type WithdrawAim struct {
	ID, Unit string
	Reason   string
}

type aimBody struct {
	ID       string       `json:"id"`
	Unit     string       `json:"unit,omitzero"`
	Reach    string       `json:"reach,omitzero"`
	Kind     org.Kind     `json:"kind,omitzero"`
	Organ    string       `json:"organ,omitzero"`
	Measure  string       `json:"measure,omitzero"`
	Under    int64        `json:"under,omitzero"`
	Num      int64        `json:"num,omitzero"`
	Den      int64        `json:"den,omitzero"`
	From     vn.Date      `json:"from,omitzero"`
	To       vn.Date      `json:"to,omitzero"`
	Decision org.Decision `json:"decision,omitzero"`
	Replaces string       `json:"replaces,omitzero"`
}

func (a Aim) body(d org.Decision) aimBody {
	return aimBody{ID: a.ID, Unit: a.Unit, Reach: a.Reach, Kind: a.Kind, Organ: a.Organ, Measure: a.Measure, Under: a.Under, Num: a.Num, Den: a.Den, From: a.From, To: a.To, Decision: d}
}

// Name is the act's name.
func (a SetAim) Name() string      { return "report.set-aim" }
func (a CorrectAim) Name() string  { return "report.correct-aim" }
func (a EndAim) Name() string      { return "report.end-aim" }
func (a WithdrawAim) Name() string { return "report.withdraw-aim" }

// Subject is the aim.
func (a SetAim) Subject() string      { return a.Aim.ID }
func (a CorrectAim) Subject() string  { return a.Aim.ID }
func (a EndAim) Subject() string      { return a.ID }
func (a WithdrawAim) Subject() string { return a.ID }

// Need asks for who closes figures over the organisation whose aim it is.
func (a SetAim) Need() desk.Need      { return desk.Need{Right: desk.CloseFigures, Org: a.Aim.Unit} }
func (a CorrectAim) Need() desk.Need  { return desk.Need{Right: desk.CloseFigures, Org: a.Aim.Unit} }
func (a EndAim) Need() desk.Need      { return desk.Need{Right: desk.CloseFigures, Org: a.Unit} }
func (a WithdrawAim) Need() desk.Need { return desk.Need{Right: desk.CloseFigures, Org: a.Unit} }

// Decide refuses an aim without its paper, and a second one of the same body
// and measure over the same days.
func (a SetAim) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.Aim.ID, "aim/") || len(a.Aim.ID) > 60 {
		return nil, desk.Wrong("", "Mã chỉ tiêu không hợp lệ; hãy mở lại biểu mẫu.", "The id of the aim is not valid; open the form again.")
	}
	said, err := AimHistory(ctx, s.Tx, a.Aim.ID)
	if err != nil {
		return nil, err
	}
	if len(said) > 0 {
		return nil, desk.Refuse("Chỉ tiêu này đã ghi.", "This aim is on record already.")
	}
	if err := a.Aim.check(ctx, s, &a.Decision); err != nil {
		return nil, err
	}
	b := a.Aim.body(a.Decision)
	subjects := []string{a.Aim.ID, a.Aim.Unit}
	if a.Replaces != "" {
		old, err := standingAim(ctx, s, a.Replaces, a.Aim.Unit)
		if err != nil {
			return nil, err
		}
		if !old.From.Before(a.Aim.From) || !old.To.IsZero() && !a.Aim.From.Before(old.To) {
			return nil, desk.Wrong("from", "Chỉ tiêu mới phải bắt đầu trong thời gian chỉ tiêu cũ có hiệu lực. Nếu chỉ tiêu cũ ghi sai, hãy đính chính.",
				"The new aim must begin while the old one is in force. If the old one was recorded wrongly, correct it.")
		}
		b.Replaces = a.Replaces
		subjects = append(subjects, a.Replaces)
	}
	if err := noTwin(ctx, s, a.Aim, a.Replaces); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindAimSet, Subjects: subjects, Body: b, Blocks: aimBlocks(a.Decision.Signer, "")}}, nil
}

// Decide needs a reason; the organisation of an aim stays what it was.
func (a CorrectAim) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := standingAim(ctx, s, a.Aim.ID, a.Aim.Unit); err != nil {
		return nil, err
	}
	if err := checkAimReason(a.Reason); err != nil {
		return nil, err
	}
	if err := a.Aim.check(ctx, s, &a.Decision); err != nil {
		return nil, err
	}
	if err := noTwin(ctx, s, a.Aim, ""); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindAimCorrected, Subjects: []string{a.Aim.ID, a.Aim.Unit}, Body: a.Aim.body(a.Decision), Blocks: aimBlocks(a.Decision.Signer, a.Reason)}}, nil
}

// Decide needs a day within the life of the aim.
func (a EndAim) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	old, err := standingAim(ctx, s, a.ID, a.Unit)
	if err != nil {
		return nil, err
	}
	if a.On.IsZero() || !old.From.Before(a.On) || !old.To.IsZero() && !a.On.Before(old.To) {
		return nil, desk.Wrong("to", "Ngày thôi áp dụng phải nằm trong thời gian chỉ tiêu có hiệu lực.", "The day it ends must lie within the time the aim is in force.")
	}
	if err := checkAimDecision(&a.Decision); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindAimEnded, Subjects: []string{a.ID, a.Unit}, Body: aimBody{ID: a.ID, To: a.On, Decision: a.Decision}, Blocks: aimBlocks(a.Decision.Signer, "")}}, nil
}

// Decide needs a reason.
func (a WithdrawAim) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := standingAim(ctx, s, a.ID, a.Unit); err != nil {
		return nil, err
	}
	if err := checkAimReason(a.Reason); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindAimWithdrawn, Subjects: []string{a.ID, a.Unit}, Body: aimBody{ID: a.ID}, Blocks: aimBlocks("", a.Reason)}}, nil
}

func aimBlocks(signer, reason string) []desk.DraftBlock {
	var out []desk.DraftBlock
	if signer != "" {
		out = append(out, desk.DraftBlock{Name: BlockSigner, Content: map[string]string{"signer": signer}})
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		out = append(out, desk.DraftBlock{Name: BlockReason, Content: map[string]string{"reason": reason}})
	}
	return out
}

// standingAim is an aim as known now, of the organisation the right was asked over.
func standingAim(ctx context.Context, s *desk.Scene, id, unit string) (AimFact, error) {
	a, ok, err := GetAim(ctx, s.Tx, id, -1)
	if err == nil && (!ok || a.Unit != unit) {
		err = desk.Missing("Không có chỉ tiêu này, hoặc đã hủy bỏ.", "There is no such aim, or it was withdrawn.")
	}
	return a, err
}

// noTwin refuses two aims of one organisation about the same bodies and measure
// whose days overlap.
func noTwin(ctx context.Context, s *desk.Scene, a Aim, except string) error {
	all, err := AimsOf(ctx, s.Tx, a.Unit, -1)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.ID == a.ID || x.ID == except || x.Organ != a.Organ || x.Measure != a.Measure || x.Kind != a.Kind || x.Reach != a.Reach || x.Under != a.Under || (x.Den == 0) != (a.Den == 0) {
			continue
		}
		if _, _, both := vn.Overlap(x.From, x.To, a.From, a.To); both {
			return desk.Refuse("Đã có chỉ tiêu này trong thời gian ấy. Hãy mở chỉ tiêu đã ghi rồi thay, kết thúc hoặc đính chính.",
				"This aim is on record for that time already. Open it to replace, end or correct it.")
		}
	}
	return nil
}

func (a Aim) check(ctx context.Context, s *desk.Scene, d *org.Decision) error {
	switch {
	case !slices.Contains([]string{ReachOwn, ReachBelow, ReachBoth}, a.Reach):
		return desk.Wrong("reach", "Chọn chỉ tiêu áp dụng cho cấp ủy nào.", "Choose whose committees the aim speaks of.")
	case a.Kind != "" && !slices.ContainsFunc(org.Kinds(), func(k org.KindName) bool { return k.Kind == a.Kind }):
		return desk.Wrong("kind", "Chọn loại tổ chức trong danh mục.", "Choose the kind of organisation from the list.")
	case a.Organ != "committee" && a.Organ != "standing":
		return desk.Wrong("organ", "Chọn ban chấp hành hoặc ban thường vụ.", "Choose the committee or its standing committee.")
	case !slices.Contains(Measures(), a.Measure):
		return desk.Wrong("measure", "Chọn nội dung chỉ tiêu.", "Choose what the aim measures.")
	case a.Measure == Young && (a.Under < 18 || a.Under > 80):
		return desk.Wrong("under", "Ghi dưới bao nhiêu tuổi thì tính là trẻ, từ 18 đến 80, đúng như văn bản.", "Give the age under which somebody counts as young, 18 to 80, as the paper says.")
	case a.Measure != Young && a.Under != 0:
		return desk.Wrong("under", "Số tuổi chỉ ghi cho chỉ tiêu cán bộ trẻ.", "An age is given for young members only.")
	case a.Num <= 0 || a.Den < 0 || a.Den > 10000 || a.Den > 0 && a.Num > a.Den || a.Den == 0 && a.Num > 1000:
		return desk.Wrong("least", "Ghi tỷ lệ trên 0 đến 100%, hoặc số người từ 1 đến 1000.", "Give a share above 0 up to 100%, or a number of people from 1 to 1000.")
	case a.From.IsZero() || a.From.Year < 1930 || a.From.Year > 2200:
		return desk.Wrong("from", "Cần ngày bắt đầu áp dụng.", "The day it begins is needed.")
	case !a.To.IsZero() && !a.From.Before(a.To):
		return desk.Wrong("to", "Ngày thôi áp dụng phải sau ngày bắt đầu.", "It must end after it begins.")
	}
	known, err := org.Known(ctx, s.Tx, a.Unit)
	if err != nil {
		return err
	}
	if !known {
		return desk.Wrong("unit", "Tổ chức không có trong hồ sơ.", "The organisation is not on record.")
	}
	return checkAimDecision(d)
}

// checkAimDecision trims and bounds the paper; an aim without number, day and
// signer is nobody's aim.
func checkAimDecision(d *org.Decision) error {
	d.Number, d.By, d.Basis, d.Signer = strings.TrimSpace(d.Number), strings.TrimSpace(d.By), strings.TrimSpace(d.Basis), vn.NormalizeName(d.Signer)
	for _, f := range []struct{ name, text string }{{"number", d.Number}, {"by", d.By}, {"basis", d.Basis}, {"signer", d.Signer}} {
		if utf8.RuneCountInString(f.text) > 300 {
			return desk.Wrong(f.name, "Nội dung quá 300 chữ.", "This is longer than 300 letters.")
		}
	}
	switch {
	case d.Number == "":
		return desk.Wrong("number", "Ghi số văn bản đặt ra chỉ tiêu.", "Give the number of the paper.")
	case d.Date.IsZero():
		return desk.Wrong("date", "Ghi ngày văn bản.", "Give the day of the paper.")
	case d.Signer == "":
		return desk.Wrong("signer", "Ghi họ tên người ký.", "Name who signed.")
	}
	return nil
}

func checkAimReason(reason string) error {
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > 2000 {
		return desk.Wrong("reason", "Cần ghi lý do, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	return nil
}
