package account

import (
	"context"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const kindMet = "account.holder-met/1"

// MeetHolder is the word of somebody who checks the ledger that he asked the
// person in whose name an account is, and that this person holds it. Whoever
// opens accounts makes their one-time links too: without this word an
// administrator could use an account in the name of somebody who knows nothing
// of it. A new link that was used asks for the word again.
type MeetHolder struct{ Account string }

// Name, Subject and Need make it an act about the account.
func (a MeetHolder) Name() string    { return "account.meet-holder" }
func (a MeetHolder) Subject() string { return a.Account }
func (a MeetHolder) Need() desk.Need { return desk.Need{Right: desk.CheckLedger} }

// Decide refuses an account that names nobody, and the word of its holder or of
// who opened it.
func (a MeetHolder) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	acc, known, err := Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	switch {
	case !known || acc.Closed:
		return nil, desk.Missing("Không có tài khoản đang mở này.", "There is no such open account.")
	case acc.Type != Staff || acc.Person == "":
		return nil, desk.Refuse("Tài khoản này chưa gắn với một người; hãy gắn trước.", "This account names nobody; bind it to a person first.")
	}
	for _, who := range []string{a.Account, acc.OpenedBy} {
		if one, err := OnePerson(ctx, s.Tx, who, s.Actor); err != nil {
			return nil, err
		} else if one {
			return nil, desk.Refuse("Người giữ tài khoản và người mở tài khoản không tự xác nhận được: cần người thứ hai.", "Who holds the account and who opened it cannot say so: a second person is needed.")
		}
	}
	return []desk.Draft{{Kind: kindMet, Subjects: []string{a.Account}, Body: body{Account: a.Account}}}, nil
}

// Unmet is an account that holds roles in somebody's name, whom nobody but the
// administrator is on record to have asked.
type Unmet struct {
	Account Account
	Taken   time.Time // when password and phone were last set; zero: not yet
	Before  bool      // it was asked before, and taken anew since
}

// NotMet lists the open accounts that hold a role on a day in the name of a
// person whom nobody has asked, or not since the account was taken anew.
func NotMet(ctx context.Context, tx *store.Tx, on vn.Date) ([]Unmet, error) {
	all, err := List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Unmet
	for _, a := range all {
		if a.Closed || a.Type != Staff || a.Person == "" {
			continue
		}
		roles, err := GrantsOn(ctx, tx, a.ID, on)
		if err != nil {
			return nil, err
		}
		if len(roles) == 0 {
			continue
		}
		x := Unmet{Account: a}
		set, err := tx.Strings(ctx, `SELECT set_at FROM op_credential WHERE account = $1`, a.ID)
		if err != nil {
			return nil, err
		}
		if len(set) > 0 {
			if x.Taken, err = parseTime(set[0]); err != nil {
				return nil, err
			}
		}
		said := false
		for _, kind := range []string{kindMet, kindBound} { // who says whose an account is has asked
			es, err := desk.Find(ctx, tx, desk.Filter{Kind: kind, Subject: a.ID, Limit: 1})
			if err != nil {
				return nil, err
			}
			for _, e := range es {
				x.Before = true
				said = said || !e.At.Before(x.Taken)
			}
		}
		if !said {
			out = append(out, x)
		}
	}
	return out, nil
}
