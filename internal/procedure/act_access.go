package procedure

import (
	"context"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// OpenAccess lets an inspector read the case until a day, by a decision.
type OpenAccess struct {
	Ref
	Account string
	Until   vn.Date // first day it no longer holds
	Paper   Paper
}

// Name is the act's name.
func (a OpenAccess) Name() string { return "procedure.open-access" }

// Decide grants the bound role of inspector; it ends by itself. A case that is
// over can be inspected too.
func (a OpenAccess) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	st, err := Get(ctx, s.Tx, a.ID, -1)
	if err != nil {
		return nil, err
	}
	if st == nil || st.Org != a.Org {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	if err := notConcerned(ctx, s, st); err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if !s.Today.Before(a.Until) {
		return nil, desk.Wrong("until", "Ngày hết hạn phải sau hôm nay.", "The last day must come after today.")
	}
	acc, ok, err := account.Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	if !ok || acc.Closed {
		return nil, desk.Wrong("account", "Không có tài khoản này.", "There is no such account.")
	}
	if acc.Person != "" {
		if err := concerned(ctx, s, st, acc.Person); err != nil {
			return nil, err
		}
	}
	grant, err := account.DecideInspector(ctx, s, account.GrantRole{Account: a.Account, Case: a.Subject(), From: s.Today, To: a.Until})
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("access-opened", Body{Account: a.Account, Until: a.Until, Paper: a.Paper}, nil)}, grant...), nil
}

// FullMinutes marks the full minutes of a step's meeting among signed papers.
const FullMinutes = "full-minutes"

// SignPaper records that a signed paper of the case exists: which, who signed,
// where it lies, its scan.
type SignPaper struct {
	Ref
	Step    string // the step it belongs to, "" for the case
	Paper   Paper
	Signers []string
	Made    *int64 // entry of the paper that was made from the case and signed; nil for another
	Full    bool   // full minutes of the meeting, which may follow the counting minutes
	File    string // name of the scan (Paper.Scan) as it was sent; kept as personal content
}

// Name is the act's name.
func (a SignPaper) Name() string { return "procedure.sign-paper" }

// Decide refuses signers who are concerned. Papers are recorded after the end
// too.
func (a SignPaper) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	st, err := Get(ctx, s.Tx, a.ID, -1)
	if err != nil {
		return nil, err
	}
	if st == nil || st.Org != a.Org {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	if err := notConcerned(ctx, s, st); err != nil {
		return nil, err
	}
	if trimmed(a.Paper.Kind) == "" || a.Paper.Date.IsZero() {
		return nil, desk.Wrong("kind", "Cần loại và ngày của văn bản.", "Kind and date of the paper are needed.")
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	if a.Step != "" && st.Step(a.Step) == nil {
		return nil, desk.Wrong("step", "Bước này chưa làm.", "This step was not held.")
	}
	if a.Full && a.Step == "" {
		return nil, desk.Wrong("step", "Biên bản đầy đủ là của một bước; hãy chọn bước.", "Full minutes are of a step; choose it.")
	}
	var words any
	if a.Paper.Scan != "" {
		if st.Class == RegisterOnly {
			return nil, desk.Wrong("file", "Hồ sơ chỉ vào sổ không lưu bản quét trên máy này.", "A register-only case keeps no scan on this machine.")
		}
		if _, err := vault.Info(ctx, s.Tx, a.Subject(), a.Paper.Scan); err != nil {
			return nil, desk.Wrong("file", "Bản quét không còn trong kho; hãy gửi lại tệp.", "The scan is not in the vault; send the file again.")
		}
		if words = trimmed(a.File); words == "" {
			words = "bản quét"
		}
	}
	if len(a.Signers) == 0 {
		return nil, desk.Wrong("signers", "Cần ghi người ký.", "Say who signed.")
	}
	for _, p := range a.Signers {
		if err := concerned(ctx, s, st, p); err != nil {
			return nil, err
		}
	}
	b := Body{Step: a.Step, On: a.Paper.Date, Paper: a.Paper, Signers: a.Signers, Ref: a.Made}
	if a.Full {
		b.Choice = FullMinutes
	}
	return []desk.Draft{a.event("paper-signed", b, words)}, nil
}
