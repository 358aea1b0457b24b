package account

import (
	"context"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// OpenStaff opens a staff account. ID is made with the form ("account/" +
// desk.NewID()). It can log in once its holder has used a one-time link
// (Service.Invite).
type OpenStaff struct {
	ID      string
	Login   string
	Display string
	Person  string // may be empty
}

// Close closes an account for good; its sessions end at once.
type Close struct{ Account string }

// CloseHall closes a hall account; officers of its organisation may.
type CloseHall struct {
	Account string
	Org     string
}

// GrantRole gives an account a role over a subtree ("" the whole province), or
// for a bound role in one contest and until a day, which then must be named.
type GrantRole struct {
	Account  string
	Role     string
	Org      string
	Case     string
	From, To vn.Date
}

// EndRole ends a role: On is the first day it is no longer held, today at the
// earliest; what was done under it stays done.
type EndRole struct {
	Account string
	Grant   string
	On      vn.Date
}

// Name is the act's name.
func (a OpenStaff) Name() string { return "account.open" }

// Subject is the new account.
func (a OpenStaff) Subject() string { return a.ID }

// Need asks for the administrator.
func (a OpenStaff) Need() desk.Need { return desk.Need{Right: desk.Administer} }

// Decide refuses a used id or login name, and a second open account of one
// person: rights held apart by two accounts of one person are not held apart.
func (a OpenStaff) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	others, err := staffOf(ctx, s.Tx, a.Person, a.ID)
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		return nil, desk.Wrong("person", "Người này đã có một tài khoản đang mở: mỗi người một tài khoản. Hãy giao thêm vai trò cho tài khoản ấy, hoặc đóng nó trước.",
			"This person has an open account already: one account for each person. Grant that account the role, or close it first.")
	}
	d, err := opening(ctx, s, body{Account: a.ID, Type: Staff, Person: a.Person}, a.Login, a.Display)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{d}, nil
}

// opening checks a new account and makes its entry.
func opening(ctx context.Context, s *desk.Scene, b body, login, display string) (desk.Draft, error) {
	login, display = NormalLogin(login), vn.NormalizeName(display)
	if !ValidID(b.Account) {
		return desk.Draft{}, desk.Wrong("id", "Mã tài khoản không hợp lệ.", "The id of the account is not valid.")
	}
	if !loginForm.MatchString(login) {
		return desk.Draft{}, desk.Wrong("login", "Tên đăng nhập gồm 3 đến 40 chữ cái không dấu, chữ số, dấu chấm, gạch.", "A login name has 3 to 40 plain letters, digits, dots or hyphens.")
	}
	if display == "" || utf8.RuneCountInString(display) > 120 {
		return desk.Draft{}, desk.Wrong("display", "Cần tên người dùng, không quá 120 chữ.", "A name of at most 120 letters is needed.")
	}
	if _, used, err := Get(ctx, s.Tx, b.Account); err != nil {
		return desk.Draft{}, err
	} else if used {
		return desk.Draft{}, desk.Wrong("id", "Mã này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again.")
	}
	if _, used, err := ByLogin(ctx, s.Tx, login); err != nil {
		return desk.Draft{}, err
	} else if used {
		return desk.Draft{}, desk.Wrong("login", "Tên đăng nhập này đã có người dùng, kể cả khi tài khoản ấy đã đóng.", "This login name is taken, even if its account is closed.")
	}
	return desk.Draft{Kind: kindOpened, Subjects: []string{b.Account}, Body: b,
		Blocks: []desk.DraftBlock{{Name: profileBlock, Content: profile{Login: login, Display: display}}}}, nil
}

// NormalLogin is a login name as compared: trimmed, lower case.
func NormalLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// hallAccount finds a hall account of an organisation.
func hallAccount(ctx context.Context, tx *store.Tx, id, orgID string) (Account, error) {
	acc, known, err := Get(ctx, tx, id)
	if err != nil {
		return Account{}, err
	}
	if !known || acc.Type != Hall || acc.Org != orgID {
		return Account{}, desk.Missing("Không có tài khoản hội trường này.", "There is no such hall account.")
	}
	return acc, nil
}

// Name is the act's name.
func (a Close) Name() string { return "account.close" }

// Subject is the account.
func (a Close) Subject() string { return a.Account }

// Need asks for the administrator.
func (a Close) Need() desk.Need { return desk.Need{Right: desk.Administer} }

// Decide refuses to close the last administrator.
func (a Close) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	acc, known, err := Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	if !known || acc.Closed {
		return nil, desk.Missing("Không có tài khoản đang mở này.", "There is no such open account.")
	}
	if err := keepAdministrator(ctx, s, a.Account, ""); err != nil {
		return nil, err
	}
	if err := keepSecond(ctx, s, a.Account, "", s.Today); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindClosed, Subjects: []string{a.Account}, Body: body{Account: a.Account}}}, nil
}

// Name is the act's name.
func (a CloseHall) Name() string { return "account.close-hall" }

// Subject is the account.
func (a CloseHall) Subject() string { return a.Account }

// Need asks for an officer of the organisation.
func (a CloseHall) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide closes a hall account of that organisation.
func (a CloseHall) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	acc, err := hallAccount(ctx, s.Tx, a.Account, a.Org)
	if err != nil {
		return nil, err
	}
	if acc.Closed {
		return nil, desk.Missing("Không có tài khoản đang mở này.", "There is no such open account.")
	}
	return []desk.Draft{{Kind: kindClosed, Subjects: []string{a.Account}, Body: body{Account: a.Account}}}, nil
}

// Name is the act's name.
func (a GrantRole) Name() string { return "account.grant-role" }

// Subject is the account.
func (a GrantRole) Subject() string { return a.Account }

// Need asks for the administrator.
func (a GrantRole) Need() desk.Need { return desk.Need{Right: desk.Administer} }

// Decide refuses granting to oneself, and the administrator's role beside any
// other. Where the account or the administrator's own is bound to no person the
// role is proposed only and waits for a second one (Proposal).
func (a GrantRole) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if a.Account == s.Actor {
		return nil, desk.Deny("Không thể tự giao vai trò cho mình.", "Nobody grants a role to himself.")
	}
	out, err := granting(ctx, s, a)
	if err != nil {
		return nil, err
	}
	second, err := needsSecond(ctx, s, a)
	if err != nil || !second {
		return out, err
	}
	open, err := Proposals(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	for _, p := range open {
		if p.Grant.Role == a.Role && p.Grant.Org == a.Org && p.Grant.Case == a.Case {
			return nil, desk.Refuse("Vai trò này đang chờ người thứ hai xác nhận.", "This role waits for its second person already.")
		}
	}
	return []desk.Draft{{Kind: kindProposed, Subjects: []string{a.Account},
		Body: body{Account: a.Account, Role: a.Role, Org: a.Org, Case: a.Case, From: a.From, To: a.To}}}, nil
}

// DecideInspector is the grant of an inspector's role by a room whose act names
// the decision and the case: the administrator who opened the account has no
// part in it, so that it waits for nobody.
func DecideInspector(ctx context.Context, s *desk.Scene, a GrantRole) ([]desk.Draft, error) {
	if a.Account == s.Actor {
		return nil, desk.Deny("Không thể tự giao vai trò cho mình.", "Nobody grants a role to himself.")
	}
	a.Role = "inspector"
	return granting(ctx, s, a)
}

func granting(ctx context.Context, s *desk.Scene, a GrantRole) ([]desk.Draft, error) {
	acc, known, err := Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	if !known || acc.Closed {
		return nil, desk.Missing("Không có tài khoản đang mở này.", "There is no such open account.")
	}
	if acc.Type == Hall {
		return nil, desk.Refuse("Tài khoản hội trường chỉ có vai trò kiểm phiếu của cuộc bầu cử đã mở.", "A hall account has no role but the one it was opened for.")
	}
	if err := checkGrant(ctx, s, a); err != nil {
		return nil, err
	}
	held, err := Grants(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	// Roles held apart are held apart by persons: other accounts of the same
	// person, opened before each person had one, count as this one.
	others, err := staffOf(ctx, s.Tx, acc.Person, a.Account)
	if err != nil {
		return nil, err
	}
	for _, id := range others {
		if id == s.Actor {
			return nil, desk.Deny("Tài khoản này cùng một người với tài khoản đang dùng: không thể tự giao vai trò cho mình.", "This account belongs to the same person as yours: nobody grants a role to himself.")
		}
		more, err := Grants(ctx, s.Tx, id)
		if err != nil {
			return nil, err
		}
		for _, g := range more {
			if incompatible(g.Role, a.Role) {
				held = append(held, g)
			}
		}
	}
	for _, g := range held {
		_, _, both := vn.Overlap(g.From, g.To, a.From, a.To)
		switch {
		case !both:
		case incompatible(g.Role, a.Role):
			return nil, desk.Refuse("Quản trị không giữ vai trò khác trong cùng thời gian: người mở tài khoản không đọc nội dung về người.",
				"An administrator holds no other role at the same time: whoever opens accounts reads no personal content.")
		case g.Role == a.Role && g.Org == a.Org && g.Case == a.Case:
			return nil, desk.Refuse("Tài khoản đã giữ vai trò này trong thời gian ấy.", "The account already holds this role over that time.")
		}
	}
	return []desk.Draft{{Kind: kindGranted, Subjects: []string{a.Account},
		Body: body{Account: a.Account, Grant: "grant/" + s.ActID, Role: a.Role, Org: a.Org, Case: a.Case, From: a.From, To: a.To}}}, nil
}

func checkGrant(ctx context.Context, s *desk.Scene, a GrantRole) error {
	r, ok := RoleOf(a.Role)
	switch {
	case !ok:
		return desk.Wrong("role", "Cần chọn vai trò trong danh mục.", "Choose the role from the list.")
	case r.Bound != (a.Case != ""):
		return desk.Wrong("case", "Vai trò kiểm phiếu, và chỉ vai trò ấy, gắn với một cuộc bầu cử.", "The role of counting member, and no other, is bound to a contest.")
	case r.Bound && (a.To.IsZero() || a.Org != ""):
		return desk.Wrong("to", "Vai trò kiểm phiếu cần ngày hết hạn và không gắn với tổ chức.", "The role of counting member needs a last day and no organisation.")
	case a.From.IsZero() || a.From.Before(s.Today):
		return desk.Wrong("from", "Vai trò bắt đầu từ hôm nay hoặc sau đó.", "A role begins today or later.")
	case !a.To.IsZero() && !a.From.Before(a.To):
		return desk.Wrong("to", "Ngày hết hạn phải sau ngày bắt đầu.", "The last day must come after the first.")
	}
	if a.Org == "" {
		return nil
	}
	known, err := org.Known(ctx, s.Tx, a.Org)
	if err == nil && !known {
		err = desk.Wrong("org", "Tổ chức không có trong hồ sơ.", "The organisation is not on record.")
	}
	return err
}

// Name is the act's name.
func (a EndRole) Name() string { return "account.end-role" }

// Subject is the account.
func (a EndRole) Subject() string { return a.Account }

// Need asks for the administrator.
func (a EndRole) Need() desk.Need { return desk.Need{Right: desk.Administer} }

// Decide refuses a day in the past, the last administrator and the last who
// confirms roles.
func (a EndRole) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g, ok, err := grantOf(ctx, s.Tx, a.Account, a.Grant)
	if err != nil {
		return nil, err
	}
	if !ok || !g.To.IsZero() && !a.On.Before(g.To) {
		return nil, desk.Missing("Không có vai trò đang giữ này.", "There is no such role held then.")
	}
	if a.On.Before(s.Today) {
		return nil, desk.Wrong("on", "Ngày thôi vai trò là hôm nay hoặc sau đó.", "A role ends today or later.")
	}
	if g.Role == "administrator" {
		if err := keepAdministrator(ctx, s, a.Account, g.ID); err != nil {
			return nil, err
		}
	}
	if err := keepSecond(ctx, s, a.Account, g.ID, a.On); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindEnded, Subjects: []string{a.Account}, Body: body{Account: a.Account, Grant: a.Grant, To: a.On}}}, nil
}

// keepAdministrator refuses to take away the last administrator with no last
// day: without one nobody could open accounts any more.
func keepAdministrator(ctx context.Context, s *desk.Scene, account, grant string) error {
	all, err := lastingGrants(ctx, s.Tx, s.Today)
	if err != nil {
		return err
	}
	takes, left := false, false
	for _, g := range all {
		switch {
		case g.Role != "administrator":
		case g.Account == account && (grant == "" || g.ID == grant):
			takes = true
		default:
			left = true
		}
	}
	if takes && !left {
		return desk.Refuse("Đây là quản trị cuối cùng; hãy giao vai trò quản trị cho tài khoản khác trước.",
			"This is the last administrator; grant that role to another account first.")
	}
	return nil
}

// lastingGrants are the roles over the whole province that open accounts hold on
// a day and have no last day.
func lastingGrants(ctx context.Context, tx *store.Tx, on vn.Date) ([]Grant, error) {
	return grants(ctx, tx, `SELECT g.grant_id, g.account, g.role, g.org, g.case_id, g.valid_from, g.valid_to, g.entry_from
		FROM account_grant g JOIN account_account a ON a.account = g.account
		WHERE g.entry_to = -1 AND a.closed = -1 AND g.org = '' AND g.case_id = '' AND g.valid_to = '' AND g.valid_from <= $1 ORDER BY g.grant_id`, on.String())
}
