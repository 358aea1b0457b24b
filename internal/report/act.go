package report

import (
	"context"
	"encoding/json"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Signing is who answers for a closed set and by which paper: personal content,
// in the block "signing".
type Signing struct {
	Title  string  `json:"title"`           // of the report
	Number string  `json:"number,omitzero"` // of the paper
	Date   vn.Date `json:"date,omitzero"`   // of the paper
	Signer string  `json:"signer"`          // name
	Role   string  `json:"role,omitzero"`   // "Phó Trưởng Ban"
	Reason string  `json:"reason,omitzero"` // why an earlier set is taken the place of
}

// Close closes the figures of a unit for a day (chốt số liệu). What is corrected
// later does not move them; a set that must change is replaced by a new one that
// says why.
type Close struct {
	ID       string // "report/" + desk.NewID(), made with the form
	Unit     string
	On       vn.Date
	Digest   string // of the sheet its author saw
	Signing  Signing
	Replaces string // id of the set this takes the place of
}

type closedBody struct {
	ID       string `json:"id"`
	Sheet    *Sheet `json:"sheet"`
	Known    int64  `json:"known"` // last entry the figures follow from
	Replaces string `json:"replaces,omitzero"`
}

// Name, Subject, Need and Decide make Close an act.
func (a Close) Name() string    { return "report.close" }
func (a Close) Subject() string { return a.ID }
func (a Close) Need() desk.Need { return desk.Need{Right: desk.CloseFigures, Org: a.Unit} }
func (a Close) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.ID, "report/") || len(a.ID) > 60 {
		return nil, desk.Wrong("", "Mã bộ số liệu không hợp lệ; hãy mở lại biểu mẫu.", "The id of the set is not valid; open the form again.")
	}
	if _, ok, err := find(ctx, s.Tx, a.ID); err != nil {
		return nil, err
	} else if ok {
		return nil, desk.Refuse("Bộ số liệu này đã chốt.", "This set is closed already.")
	}
	if a.On.IsZero() || s.Today.Before(a.On) {
		return nil, desk.Wrong("on", "Chỉ chốt số liệu của một ngày đã qua hoặc hôm nay.", "Figures are closed for today or a day that is over.")
	}
	sign, err := a.Signing.checked()
	if err != nil {
		return nil, err
	}
	sheet, err := Reckon(ctx, s.Tx, s.Rules, a.Unit, a.On)
	if err != nil {
		return nil, err
	}
	if sheet.Digest() != a.Digest {
		return nil, desk.Refuse("Số liệu đã thay đổi từ khi mở trang. Hãy xem lại bảng rồi chốt.", "The figures changed since the page was opened. Look at the tables again, then close them.")
	}
	drafts := []string{a.ID}
	if a.Replaces != "" {
		old, ok, err := find(ctx, s.Tx, a.Replaces)
		switch {
		case err != nil:
			return nil, err
		case !ok || old.Sheet.Unit != a.Unit || old.Sheet.On != a.On:
			return nil, desk.Missing("Không có bộ số liệu cần thay của tổ chức và ngày này.", "There is no set of this organisation and day to replace.")
		case old.ReplacedBy != "":
			return nil, desk.Refuse("Bộ số liệu ấy đã được thay bằng bộ khác.", "That set was replaced by another already.")
		case sign.Reason == "":
			return nil, desk.Wrong("reason", "Ghi lý do chốt lại.", "Say why the figures are closed anew.")
		}
		drafts = append(drafts, a.Replaces)
	} else if standing, err := standingOf(ctx, s.Tx, a.Unit, a.On); err != nil {
		return nil, err
	} else if standing != "" {
		return nil, desk.Refuse("Tổ chức này đã có số liệu chốt cho ngày này. Muốn chốt lại, hãy mở bộ ấy và chọn chốt lại, ghi rõ lý do.",
			"This organisation has closed figures for that day. To close them anew, open that set and say why.")
	}
	return []desk.Draft{{Kind: KindClosed, Subjects: drafts, Body: closedBody{a.ID, sheet, s.Head, a.Replaces},
		Blocks: []desk.DraftBlock{{Name: BlockSigning, Content: sign}}}}, nil
}

// checked trims and bounds what was typed.
func (g Signing) checked() (Signing, error) {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{{"title", &g.Title, 300}, {"number", &g.Number, 60}, {"signer", &g.Signer, 120}, {"role", &g.Role, 200}, {"reason", &g.Reason, 1000}} {
		*f.text = strings.Join(strings.Fields(*f.text), " ")
		if len([]rune(*f.text)) > f.most {
			return g, desk.Wrong(f.name, "Nội dung quá dài.", "This is too long.")
		}
	}
	if g.Title == "" {
		return g, desk.Wrong("title", "Ghi tên báo cáo.", "Give the report a title.")
	}
	if g.Signer == "" {
		return g, desk.Wrong("signer", "Ghi họ tên người ký.", "Name who signs.")
	}
	return g, nil
}

func (b closedBody) sheetText() (string, error) {
	raw, err := json.Marshal(b.Sheet)
	return string(raw), err
}
