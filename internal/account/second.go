package account

import (
	"context"
	"encoding/json"
	"errors"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindProposed      = "account.role-proposed/1"
	kindRoleConfirmed = "account.role-confirmed/1"
	kindRoleRefused   = "account.role-refused/1"
	kindBound         = "account.bound/1"
)

// Proposal is a role that waits for a second person. Roles are kept apart by
// person; where the account, or that of the administrator who gives the role,
// is bound to no person, nobody can tell whether both are one, and the role
// holds only once somebody who checks the ledger (head of the Commission,
// auditor) has confirmed it.
type Proposal struct {
	Entry int64
	Grant Grant // without an id
	By    string
}

// ConfirmRole is the word of the second person: from here on the role is held.
type ConfirmRole struct {
	Account  string
	Proposed int64 // entry
}

// RefuseRole closes a proposal without effect. Checker is false where an
// administrator takes it back.
type RefuseRole struct {
	Account  string
	Proposed int64
	Checker  bool
}

// BindPerson says whose an account is that was opened without naming a person,
// once and for good. Who checks the ledger says so, never who opens accounts.
type BindPerson struct {
	Account string
	Person  string
}

// Name, Subject and Need make it an act about the account.
func (a ConfirmRole) Name() string    { return "account.confirm-role" }
func (a ConfirmRole) Subject() string { return a.Account }
func (a ConfirmRole) Need() desk.Need { return desk.Need{Right: desk.CheckLedger} }

// Name, Subject and Need make it an act about the account.
func (a RefuseRole) Name() string    { return "account.refuse-role" }
func (a RefuseRole) Subject() string { return a.Account }
func (a RefuseRole) Need() desk.Need { return keyNeed(a.Checker) }

// Name, Subject and Need make it an act about the account.
func (a BindPerson) Name() string    { return "account.bind-person" }
func (a BindPerson) Subject() string { return a.Account }
func (a BindPerson) Need() desk.Need { return desk.Need{Right: desk.CheckLedger} }

// Loose says that an account is a staff account bound to no person.
func (a Account) Loose() bool { return a.Type == Staff && a.Person == "" }

// needsSecond says whether a role waits for a second person. At the very
// beginning there is none: the first role that checks the ledger is given by the
// administrator alone, and never again, whoever is closed later.
func needsSecond(ctx context.Context, s *desk.Scene, a GrantRole) (bool, error) {
	to, _, err := Get(ctx, s.Tx, a.Account)
	if err != nil {
		return false, err
	}
	by, _, err := Get(ctx, s.Tx, s.Actor)
	if err != nil || !to.Loose() && !by.Loose() {
		return false, err
	}
	if r, ok := RoleOf(a.Role); !ok || !r.Holds(desk.CheckLedger) || a.Org != "" {
		return true, nil
	}
	none, err := NoChecker(ctx, s.Tx)
	return !none, err
}

// NoChecker says that a role that checks the ledger over the whole province was
// never given: it is to be the first.
func NoChecker(ctx context.Context, tx *store.Tx) (bool, error) {
	for _, r := range roles {
		if !r.Holds(desk.CheckLedger) {
			continue
		}
		ids, err := tx.Strings(ctx, `SELECT account FROM account_grant WHERE role = $1 AND org = '' LIMIT 1`, r.Code)
		if err != nil || len(ids) > 0 {
			return false, err
		}
	}
	return true, nil
}

// keepSecond refuses to take away, from a day on, the last who can confirm roles
// over the whole province where no administrator is known by name: roles would
// be proposed, and nobody could confirm one ever again.
func keepSecond(ctx context.Context, s *desk.Scene, account, grant string, on vn.Date) error {
	all, err := lastingGrants(ctx, s.Tx, on)
	if err != nil {
		return err
	}
	before, after := false, false
	for _, g := range all {
		r, _ := RoleOf(g.Role)
		if !r.Holds(desk.CheckLedger) {
			acc, _, err := Get(ctx, s.Tx, g.Account)
			if err != nil {
				return err
			}
			if !r.Holds(desk.Administer) || acc.Loose() {
				continue
			}
		}
		before = true
		after = after || g.Account != account || grant != "" && g.ID != grant
	}
	if before && !after {
		return desk.Refuse("Sau việc này không còn ai xác nhận vai trò của các tài khoản chưa gắn với người: hãy giao vai trò lãnh đạo Ban hoặc người kiểm tra, giám sát (toàn tỉnh, không có ngày hết hạn) cho tài khoản khác trước, hoặc nhờ người đang giữ vai trò ấy gắn tài khoản quản trị với người ở trang “Vai trò chờ xác nhận”.",
			"After this nobody could confirm roles of accounts bound to no person: give the role of head or auditor (whole province, no last day) to another account first, or let who holds it bind the administrator's account to a person on the page “Roles to confirm”.")
	}
	return nil
}

// Decide demands another person than the proposer and the holder, and asks
// again all that a grant is asked.
func (a ConfirmRole) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := proposalOf(ctx, s.Tx, a.Account, a.Proposed)
	if err != nil {
		return nil, err
	}
	for _, who := range []string{p.By, a.Account} {
		if one, err := OnePerson(ctx, s.Tx, who, s.Actor); err != nil {
			return nil, err
		} else if one {
			return nil, desk.Refuse("Người đề nghị và người nhận vai trò không tự xác nhận được: cần người thứ hai.", "Who proposed the role and who is to hold it cannot confirm it: a second person is needed.")
		}
	}
	g := GrantRole{Account: a.Account, Role: p.Grant.Role, Org: p.Grant.Org, Case: p.Grant.Case, From: p.Grant.From, To: p.Grant.To}
	if g.From.Before(s.Today) { // it waited past its first day
		g.From = s.Today
	}
	granted, err := granting(ctx, s, g)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{{Kind: kindRoleConfirmed, Subjects: []string{a.Account}, Body: settledBody{a.Account, p.Entry}}}, granted...), nil
}

// Decide refuses what is not open.
func (a RefuseRole) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := proposalOf(ctx, s.Tx, a.Account, a.Proposed)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindRoleRefused, Subjects: []string{a.Account}, Body: settledBody{a.Account, p.Entry}}}, nil
}

// Decide refuses an account that names a person, a person with another open
// account, and the account of who says it.
func (a BindPerson) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	acc, known, err := Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	switch {
	case !known || acc.Closed:
		return nil, desk.Missing("Không có tài khoản đang mở này.", "There is no such open account.")
	case !acc.Loose():
		return nil, desk.Refuse("Tài khoản này đã gắn với một người; muốn đổi thì đóng nó và mở tài khoản khác.", "This account names a person already; to change that close it and open another.")
	case a.Person == "":
		return nil, desk.Wrong("person", "Cần mã hồ sơ của người dùng tài khoản.", "The id of the holder's file is needed.")
	case a.Account == s.Actor:
		return nil, desk.Refuse("Không ai tự gắn tài khoản của mình: cần người thứ hai.", "Nobody binds an account of his own: a second person is needed.")
	}
	others, err := staffOf(ctx, s.Tx, a.Person, a.Account)
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		return nil, desk.Wrong("person", "Người này đã có một tài khoản đang mở: mỗi người một tài khoản. Hãy đóng một trong hai trước.",
			"This person has an open account already: one account for each person. Close one of them first.")
	}
	return []desk.Draft{{Kind: kindBound, Subjects: []string{a.Account}, Body: body{Account: a.Account, Person: a.Person}}}, nil
}

type settledBody struct {
	Account  string `json:"account"`
	Proposed int64  `json:"proposed"`
}

func applyProposal(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	return tx.Insert(ctx, "account_proposal",
		[]string{"entry", "account", "role", "org", "case_id", "valid_from", "valid_to", "by_account", "settled"},
		[][]any{{r.Index, b.Account, b.Role, b.Org, b.Case, b.From.String(), b.To.String(), r.Actor, int64(-1)}})
}

func applySettled(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b settledBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	return tx.Run(ctx, `UPDATE account_proposal SET settled = $1 WHERE entry = $2`, r.Index, b.Proposed)
}

func proposalOf(ctx context.Context, tx *store.Tx, account string, entry int64) (Proposal, error) {
	ps, err := proposals(ctx, tx, ` AND account = $1 AND entry = $2`, account, entry)
	if err == nil && len(ps) == 0 {
		err = desk.Missing("Không còn đề nghị này.", "There is no such proposal any more.")
	}
	if err != nil {
		return Proposal{}, err
	}
	return ps[0], nil
}

// Proposals lists the roles that wait for a second person, of one account or
// ("") of all that are open, in order.
func Proposals(ctx context.Context, tx *store.Tx, account string) ([]Proposal, error) {
	return proposals(ctx, tx, ` AND ($1 = '' OR account = $1)`, account)
}

func proposals(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Proposal, error) {
	rows, err := tx.Query(ctx, `SELECT entry, account, role, org, case_id, valid_from, valid_to, by_account FROM account_proposal p
		WHERE settled = -1 AND EXISTS (SELECT 1 FROM account_account a WHERE a.account = p.account AND a.closed = -1)`+where+` ORDER BY entry`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Proposal
	for rows.Next() {
		var p Proposal
		var from, to string
		if err := rows.Scan(&p.Entry, &p.Grant.Account, &p.Grant.Role, &p.Grant.Org, &p.Grant.Case, &from, &to, &p.By); err != nil {
			return nil, err
		}
		if err := errors.Join(p.Grant.From.UnmarshalText([]byte(from)), p.Grant.To.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
