package account

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// OpenHall opens an account for one counting member of one contest, or for its
// presiding chair, until a day. It cannot be used before another officer
// confirms it.
type OpenHall struct {
	ID      string
	Login   string
	Display string
	Person  string   // the person voted in
	Org     string   // whose officers open and confirm it
	Case    string   // the contest
	Also    []string // further contests that the same board counts
	Until   vn.Date  // first day it is no longer usable
	Role    string   // one of HallRoles; "" is the counting member
}

// HallRoles are the roles that a hall account may be opened for.
var HallRoles = []string{"counting-member", "presiding-chair"}

// Name is the act's name.
func (a OpenHall) Name() string { return "account.open-hall" }

// Subject is the new account.
func (a OpenHall) Subject() string { return a.ID }

// Need asks for an officer of the organisation.
func (a OpenHall) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide opens the account and grants its role in the contest.
func (a OpenHall) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return a.drafts(ctx, s, "grant/"+s.ActID)
}

// drafts are the entries of the account and of its role in each contest; grant
// begins the ids of the roles.
func (a OpenHall) drafts(ctx context.Context, s *desk.Scene, grant string) ([]desk.Draft, error) {
	role := cmp.Or(a.Role, HallRoles[0])
	switch {
	case !slices.Contains(HallRoles, role):
		return nil, desk.Wrong("role", "Tài khoản hội trường chỉ dành cho thành viên kiểm phiếu hoặc chủ tọa.", "A hall account is for a counting member or the chair only.")
	case a.Person == "":
		return nil, desk.Wrong("person", "Cần người được bầu vào tổ kiểm phiếu.", "The person voted into the counting team is needed.")
	case a.Case == "":
		return nil, desk.Wrong("case", "Cần chọn cuộc bầu cử.", "Choose the contest.")
	case !s.Today.Before(a.Until):
		return nil, desk.Wrong("until", "Ngày hết hạn phải sau hôm nay.", "The last day must come after today.")
	}
	d, err := opening(ctx, s, body{Account: a.ID, Type: Hall, Person: a.Person, Org: a.Org, Case: a.Case, To: a.Until}, a.Login, a.Display)
	if err != nil {
		return nil, err
	}
	out := []desk.Draft{d}
	seen := map[string]bool{}
	for _, c := range append([]string{a.Case}, a.Also...) {
		if seen[c] {
			continue
		}
		seen[c] = true
		id := grant
		if len(out) > 1 {
			id = fmt.Sprintf("%s-%d", grant, len(out))
		}
		out = append(out, desk.Draft{Kind: kindGranted, Subjects: []string{a.ID}, Body: body{Account: a.ID, Grant: id, Role: role, Case: c, From: s.Today, To: a.Until}})
	}
	return out, nil
}

// maxHall is how many hall accounts one act opens or confirms.
const maxHall = 100

// OpenHalls opens the accounts of a whole counting board, of the poll team and
// of the chair in one act, as OpenHall does each.
type OpenHalls struct {
	Org      string
	Accounts []OpenHall
}

// Name is the act's name.
func (a OpenHalls) Name() string { return "account.open-halls" }

// Subject is the first of the new accounts.
func (a OpenHalls) Subject() string {
	if len(a.Accounts) == 0 {
		return "account/none"
	}
	return a.Accounts[0].ID
}

// Need asks for an officer of the organisation.
func (a OpenHalls) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide opens all of them or none.
func (a OpenHalls) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if len(a.Accounts) == 0 || len(a.Accounts) > maxHall {
		return nil, desk.Refuse(fmt.Sprintf("Không có ai cần mở tài khoản, hoặc quá %d người.", maxHall), fmt.Sprintf("Nobody needs an account, or more than %d do.", maxHall))
	}
	var out []desk.Draft
	seen := map[string]bool{}
	for i, x := range a.Accounts {
		x.Org = a.Org
		if login := NormalLogin(x.Login); seen[login] || seen[x.ID] {
			return nil, desk.Wrong("login", "Tên đăng nhập “"+login+"” đứng hai lần.", "The login name “"+login+"” stands twice.")
		} else {
			seen[login], seen[x.ID] = true, true
		}
		ds, err := x.drafts(ctx, s, fmt.Sprintf("grant/%s-%d", s.ActID, i+1))
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	return out, nil
}

// Confirm is the second officer's word on a hall account.
type Confirm struct {
	Account string
	Org     string // as in OpenHall
}

// Name is the act's name.
func (a Confirm) Name() string { return "account.confirm" }

// Subject is the account.
func (a Confirm) Subject() string { return a.Account }

// Need asks for an officer of the organisation.
func (a Confirm) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide refuses the officer who opened the account.
func (a Confirm) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	acc, err := hallAccount(ctx, s.Tx, a.Account, a.Org)
	if err != nil {
		return nil, err
	}
	if acc.Closed || acc.Confirmed {
		return nil, desk.Refuse("Tài khoản đã được xác nhận hoặc đã đóng.", "The account is already confirmed or closed.")
	}
	if acc.OpenedBy == s.Actor {
		return nil, desk.Deny("Người mở tài khoản không tự xác nhận; cần một cán bộ khác.", "Whoever opened the account cannot confirm it; another officer must.")
	}
	return []desk.Draft{{Kind: kindConfirmed, Subjects: []string{a.Account}, Body: body{Account: a.Account}}}, nil
}

// ConfirmHalls is the second officer's word on several hall accounts at once.
type ConfirmHalls struct {
	Org      string
	Accounts []string
}

// Name is the act's name.
func (a ConfirmHalls) Name() string { return "account.confirm-halls" }

// Subject is the first of the accounts.
func (a ConfirmHalls) Subject() string {
	if len(a.Accounts) == 0 {
		return "account/none"
	}
	return a.Accounts[0]
}

// Need asks for an officer of the organisation.
func (a ConfirmHalls) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide confirms all of them or none.
func (a ConfirmHalls) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if len(a.Accounts) == 0 || len(a.Accounts) > maxHall {
		return nil, desk.Refuse("Không có tài khoản nào chờ xác nhận.", "No account waits for confirmation.")
	}
	var out []desk.Draft
	for _, id := range slices.Compact(slices.Sorted(slices.Values(a.Accounts))) {
		ds, err := Confirm{Account: id, Org: a.Org}.Decide(ctx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	return out, nil
}
