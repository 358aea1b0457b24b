package account

import (
	"errors"
	"strings"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

var day = vn.MustDate

// house is a desk with the authority of this package, light hashing, and a
// clock that the test moves.
type house struct {
	*desk.Desk
	s     *Service
	db    *store.DB
	clock *desktest.Clock
	admin string
}

func open(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{s: Open(db), db: db, clock: &desktest.Clock{}}
	h.s.cost = cost{time: 1, memory: 1 << 10, threads: 1}
	h.s.dummy = dummyHash(h.s.cost)
	h.s.Clock = h.clock.Now
	cfg := desktest.Config(t, db, org.Room(), Room())
	cfg.Rules, cfg.Authority, cfg.Clock = desktest.NoRules{}, h.s, h.clock.Now
	h.Desk = desktest.Open(t, cfg)
	return h
}

// headOf is the account of the Commission's head in a started house.
const headOf = "account/lanhdao"

const goodPassword = "hoa ban trắng Tây Bắc"

// start opens the house, enrols the first administrator, and has a second desk
// seat, "thư ký", set up two organisations as officer of the province.
func start(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := open(t, db)
	link, err := h.s.FirstLink(t.Context(), h.Desk)
	if err != nil || link == "" {
		t.Fatal(link, err)
	}
	inv, ok := h.s.Invited(t.Context(), link)
	if !ok || inv.Login != FirstLogin {
		t.Fatalf("%+v %v", inv, ok)
	}
	h.admin = inv.Account
	h.enrol(t, link)
	desktest.Do(t, h.Desk, "", openByProgram{id: headOf, login: "lanhdao.mau", display: "Lãnh đạo Ban (mẫu)", role: "head", typ: Sample})
	desktest.Do(t, h.Desk, headOf, BindPerson{Account: h.admin, Person: "person/quantri"})
	h.officer(t, "thuky", "")
	for _, f := range []org.Found{
		{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("2000-01-01")},
		{ID: "org/a", Title: "Đảng ủy xã A", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")},
		{ID: "org/a/1", Title: "Chi bộ 1", Kind: org.Cell, Parent: "org/a", From: day("2000-01-01")},
		{ID: "org/b", Title: "Đảng ủy xã B", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")},
	} {
		desktest.Do(t, h.Desk, "account/thuky", f)
	}
	return h
}

func (h *house) today() vn.Date { return vn.DateOf(h.clock.Now().In(zone)) }

// code is what the phone shows now, for an enrolled account.
func (h *house) code(t *testing.T, account string) string {
	t.Helper()
	var secret []byte
	err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		c, _, err := credentialOf(t.Context(), tx, account)
		if err == nil {
			secret, err = h.s.unseal("credential", account, c.totp)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return totpAt(secret, h.clock.Now().Unix()/totpStep)
}

func (h *house) enrol(t *testing.T, link string) {
	t.Helper()
	inv, ok := h.s.Invited(t.Context(), link)
	if !ok {
		t.Fatal("the link does not work")
	}
	code := ""
	if inv.Type == Staff {
		secret, err := base32Text(inv.Secret)
		if err != nil {
			t.Fatal(err)
		}
		code = totpAt(secret, h.clock.Now().Unix()/totpStep)
	}
	if err := h.s.Enrol(t.Context(), link, goodPassword, code, "10.0.0.1:1000"); err != nil {
		t.Fatal(err)
	}
	h.clock.Add(time.Minute) // the next code
}

// officer opens, grants and enrols a staff account.
func (h *house) officer(t *testing.T, login, orgID string) string {
	t.Helper()
	id := "account/" + login
	desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: id, Login: login, Display: "Cán bộ " + login, Person: "person/" + login})
	desktest.Do(t, h.Desk, h.admin, GrantRole{Account: id, Role: "officer", Org: orgID, From: h.today()})
	link, err := h.s.Invite(t.Context(), h.admin, id)
	if err != nil {
		t.Fatal(err)
	}
	h.enrol(t, link)
	return id
}

func (h *house) login(t *testing.T, login string) Session {
	t.Helper()
	x, err := h.s.Login(t.Context(), login, goodPassword, h.code(t, "account/"+login), "10.0.0.9:5000")
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Add(time.Minute)
	return x
}

func (h *house) may(t *testing.T, actor string, on vn.Date, need desk.Need) bool {
	t.Helper()
	var answer error
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		answer = h.s.May(t.Context(), tx, actor, on, need)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if no := (*desk.Error)(nil); answer != nil && (!errors.As(answer, &no) || no.Code != desk.Denied) {
		t.Fatal(answer)
	}
	return answer == nil
}

func code(err error) desk.Code {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return desk.Code("fault: " + err.Error())
	}
	return ""
}

func TestFirstAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		lost, err := h.s.FirstLink(t.Context(), h.Desk)
		if err != nil {
			t.Fatal(err)
		}
		again, err := h.s.FirstLink(t.Context(), h.Desk) // the program was started again
		if err != nil || again == lost {
			t.Fatal(again, err)
		}
		if _, ok := h.s.Invited(t.Context(), lost); ok {
			t.Error("an earlier link still works")
		}
		if h.Head() != 1 {
			t.Errorf("a second administrator was opened: head %d", h.Head())
		}
		inv, _ := h.s.Invited(t.Context(), again)
		if !strings.Contains(string(inv.QR), "<svg") || strings.Contains(string(inv.QR), inv.Secret) || !strings.HasPrefix(inv.URI, "otpauth://totp/Minh%20Bach:quantri?") {
			t.Errorf("%s %s", inv.URI, inv.QR)
		}
		if err := h.s.Enrol(t.Context(), again, "ngắn", "000000", "10.0.0.1"); code(err) != desk.Invalid {
			t.Errorf("short password: %v", err)
		}
		if err := h.s.Enrol(t.Context(), again, goodPassword, "000000", "10.0.0.1"); code(err) != desk.Invalid {
			t.Errorf("code not proved: %v", err)
		}
		h.enrol(t, again)
		if err := h.s.Enrol(t.Context(), again, goodPassword, "000000", "10.0.0.1"); code(err) != desk.NotFound {
			t.Errorf("a used link: %v", err)
		}
		if link, err := h.s.FirstLink(t.Context(), h.Desk); err != nil || link != "" {
			t.Errorf("a link although there is an administrator: %q %v", link, err)
		}
		// A link past its time.
		h.admin = inv.Account
		desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/x", Login: "nguoimoi", Display: "Người mới"})
		link, err := h.s.Invite(t.Context(), h.admin, "account/x")
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Add(inviteTime + time.Second)
		if _, ok := h.s.Invited(t.Context(), link); ok {
			t.Error("a link works past its time")
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}

func TestRolesBySubtreeAndDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		h.officer(t, "canbo", "org/a")
		on := h.today()
		rename := func(id string) desk.Act { return org.Rename{Org: id, Title: "Tên mới", From: day("2020-01-01")} }

		desktest.Do(t, h.Desk, "account/canbo", rename("org/a/1"))
		desktest.MustRefuse(t, h.Desk, "account/canbo", rename("org/b"), desk.Denied)                                                                   // outside the subtree
		desktest.MustRefuse(t, h.Desk, "account/canbo", rename("org/tinh"), desk.Denied)                                                                // above it
		desktest.MustRefuse(t, h.Desk, "account/canbo", org.Move{Org: "org/a/1", Parent: "org/b", From: day("2021-01-01")}, desk.Denied)                // moves need the province
		desktest.MustRefuse(t, h.Desk, "account/canbo", org.Found{ID: "org/x", Title: "X", Kind: org.Cell, From: on}, desk.Denied)                      // a root too
		desktest.MustRefuse(t, h.Desk, "account/canbo", OpenStaff{ID: "account/y", Login: "yyy", Display: "Y"}, desk.Denied)                            // no officer opens accounts
		desktest.MustRefuse(t, h.Desk, "", rename("org/b"), desk.Denied)                                                                                // nobody logged in
		desktest.MustRefuse(t, h.Desk, "account/nobody", rename("org/b"), desk.Denied)                                                                  // no such account
		desktest.MustRefuse(t, h.Desk, "account/thuky", openByProgram{id: "account/z", login: "zzz", display: "Z", role: "administrator"}, desk.Denied) // only the program itself

		// A unit that will exist next year, and one already dissolved.
		desktest.Do(t, h.Desk, "account/canbo", org.Found{ID: "org/a/2", Title: "Chi bộ 2", Kind: org.Cell, Parent: "org/a", From: day("2027-01-01")})
		desktest.Do(t, h.Desk, "account/canbo", org.Dissolve{Org: "org/a/1", From: day("2024-01-01")})
		for _, id := range []string{"org/a/1", "org/a/2"} {
			if !h.may(t, "account/canbo", on, desk.Need{Right: desk.EditOrg, Org: id}) || h.may(t, "account/canbo", on, desk.Need{Right: desk.EditOrg, Org: "org/nowhere"}) {
				t.Errorf("right over %s", id)
			}
		}

		// The subtree is that of the day: from its move on, the unit is B's.
		desktest.Do(t, h.Desk, "account/thuky", org.Move{Org: "org/a/2", Parent: "org/b", From: day("2028-01-01")})
		need := desk.Need{Right: desk.EditOrg, Org: "org/a/2"}
		if !h.may(t, "account/canbo", day("2027-12-31"), need) || h.may(t, "account/canbo", day("2028-01-01"), need) {
			t.Error("a right over a subtree must follow the tree of the day")
		}

		// Roles end, and begin, by their days.
		var gs []Grant
		if err := h.db.Read(t.Context(), func(tx *store.Tx) (err error) { gs, err = Grants(t.Context(), tx, "account/canbo"); return err }); err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, h.Desk, h.admin, EndRole{Account: "account/canbo", Grant: gs[0].ID, On: on.AddDays(10)})
		if !h.may(t, "account/canbo", on.AddDays(9), need) || h.may(t, "account/canbo", on.AddDays(10), need) {
			t.Error("the last day of a role")
		}
		desktest.Do(t, h.Desk, h.admin, GrantRole{Account: "account/canbo", Role: "auditor", From: on.AddDays(20), To: on.AddDays(30)})
		check := desk.Need{Right: desk.CheckLedger}
		for n, want := range map[int]bool{19: false, 20: true, 29: true, 30: false} {
			if h.may(t, "account/canbo", on.AddDays(n), check) != want {
				t.Errorf("role on day %d: want %v", n, want)
			}
		}
		h.clock.Add(11 * 24 * time.Hour)
		desktest.MustRefuse(t, h.Desk, "account/canbo", rename("org/a"), desk.Denied) // the role has ended
		desktest.CheckRebuild(t, h.Desk)
	})
}

func TestAdministratorReadsNoPersons(t *testing.T) {
	h := start(t, storetest.SQLite(t))
	on := h.today()
	for _, r := range []desk.Right{desk.ReadPerson, desk.ReadRecord, desk.EditPerson, desk.RecordContest, desk.CountContest, desk.EraseBlock, desk.ExportBundle} {
		if h.may(t, h.admin, on, desk.Need{Right: r, Org: "org/a"}) || h.may(t, h.admin, on, desk.Need{Right: r}) {
			t.Errorf("an administrator holds %s", r)
		}
	}
	if !h.may(t, h.admin, on, desk.Need{Right: desk.Administer}) {
		t.Error("an administrator must administer")
	}
	// Nor by granting: not to itself, and not beside another role.
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: h.admin, Role: "officer", From: on}, desk.Denied)
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "administrator", From: on}, desk.Refused)
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "officer", From: on}, desk.Refused)                     // twice
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "counting-member", From: on}, desk.Invalid)             // without a contest
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "officer", Org: "org/nowhere", From: on}, desk.Invalid) //
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "auditor", From: on.AddDays(-1)}, desk.Invalid)         // in the past
	desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/thuky", Role: "auditor", Case: "contest/1", From: on}, desk.Invalid)  // not a bound role
	desktest.MustRefuse(t, h.Desk, h.admin, Close{Account: h.admin}, desk.Refused)                                                            // the last one
	desktest.MustRefuse(t, h.Desk, h.admin, OpenStaff{ID: "account/q", Login: " QUANTRI ", Display: "Q"}, desk.Invalid)                       // name taken
	rights := map[desk.Right][]string{}
	if err := h.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		rights, err = h.s.Rights(t.Context(), tx, h.admin, on)
		return err
	}); err != nil || len(rights) != 1 || rights[desk.Administer][0] != "" {
		t.Errorf("%v %v", rights, err)
	}
}

func TestRolesHaveWords(t *testing.T) {
	for _, r := range Roles() {
		if r.VI == "" || r.EN == "" || len(r.Rights) == 0 || r.Holds(ProgramOnly) {
			t.Errorf("%+v", r)
		}
	}
}

// Two officers, one contest, a slip of paper: the account of a counting member.
func TestHallAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		h.officer(t, "thuhai", "org/a")
		h.officer(t, "xab", "org/b")
		on, until := h.today(), h.today().AddDays(2)
		act := OpenHall{ID: "account/h1", Login: "kiemphieu1", Display: "Tổ trưởng", Person: "person/p1", Org: "org/a", Case: "contest/1", Until: until}
		desktest.MustRefuse(t, h.Desk, "account/xab", act, desk.Denied)
		desktest.Do(t, h.Desk, "account/thuky", act)
		count := desk.Need{Right: desk.CountContest, Org: "org/a", Case: "contest/1"}
		if h.may(t, "account/h1", on, count) {
			t.Error("usable before the second officer")
		}
		if _, err := h.s.Invite(t.Context(), "account/thuky", "account/h1"); code(err) != desk.Denied {
			t.Errorf("invited before the second officer: %v", err)
		}
		desktest.MustRefuse(t, h.Desk, "account/thuky", Confirm{Account: "account/h1", Org: "org/a"}, desk.Denied)
		desktest.MustRefuse(t, h.Desk, "account/xab", Confirm{Account: "account/h1", Org: "org/b"}, desk.NotFound)
		desktest.Do(t, h.Desk, "account/thuhai", Confirm{Account: "account/h1", Org: "org/a"})
		if !h.may(t, "account/h1", on, count) {
			t.Error("not usable after the second officer")
		}
		chair := act
		chair.ID, chair.Login, chair.Person, chair.Role = "account/h2", "chutoa1", "person/p2", "officer"
		desktest.MustRefuse(t, h.Desk, "account/thuky", chair, desk.Invalid)
		chair.Role = "presiding-chair"
		desktest.Do(t, h.Desk, "account/thuky", chair)
		desktest.Do(t, h.Desk, "account/thuhai", Confirm{Account: "account/h2", Org: "org/a"})
		if preside := (desk.Need{Right: desk.PresideCount, Case: "contest/1"}); !h.may(t, "account/h2", on, preside) || h.may(t, "account/h2", on, count) || h.may(t, "account/h1", on, preside) {
			t.Error("chair and counting member are not told apart")
		}
		for _, n := range []desk.Need{{Right: desk.CountContest, Case: "contest/2"}, {Right: desk.CountContest}, {Right: desk.ReadPerson, Case: "contest/1"}, {Right: desk.ReadRecord}} {
			if h.may(t, "account/h1", on, n) {
				t.Errorf("a counting member of one contest has %+v", n)
			}
		}
		desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/h1", Role: "officer", From: on}, desk.Refused)

		if _, err := h.s.IssueSlips(t.Context(), "account/xab", "account/h1", 3); code(err) != desk.Denied {
			t.Errorf("slips by an officer of another commune: %v", err)
		}
		link, err := h.s.Invite(t.Context(), "account/thuhai", "account/h1")
		if err != nil {
			t.Fatal(err)
		}
		if inv, _ := h.s.Invited(t.Context(), link); inv.Secret != "" || inv.QR != nil {
			t.Error("phones are handed in at the door: no phone for hall accounts")
		}
		h.enrol(t, link)
		slips, err := h.s.IssueSlips(t.Context(), "account/thuhai", "account/h1", 3)
		if err != nil || len(slips) != 3 || slips[0] == slips[1] {
			t.Fatal(slips, err)
		}
		try := func(c string) error {
			_, err := h.s.Login(t.Context(), "kiemphieu1", goodPassword, c, "10.0.0.2")
			return err
		}
		if err := try(""); !NeedCode(err) {
			t.Errorf("without a code: %v", err)
		}
		if err := try(strings.ToLower(strings.ReplaceAll(slips[1], "-", " "))); err != nil {
			t.Errorf("typed by hand: %v", err)
		}
		if err := try(slips[1]); code(err) != desk.Denied {
			t.Errorf("a code twice: %v", err)
		}
		if err := try("AAAA-BBBB-CCCC"); code(err) != desk.Denied {
			t.Errorf("a guessed code: %v", err)
		}
		fresh, err := h.s.IssueSlips(t.Context(), "account/thuky", "account/h1", 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := try(slips[2]); code(err) != desk.Denied {
			t.Errorf("a code of the slip before: %v", err)
		}
		x, err := h.s.Login(t.Context(), "kiemphieu1", goodPassword, fresh[0], "10.0.0.2")
		if err != nil {
			t.Fatal(err)
		}
		// It ends with its day, by itself.
		if _, ok := h.s.Session(t.Context(), x.Token); !ok {
			t.Error("no session")
		}
		desktest.Do(t, h.Desk, "account/thuky", CloseHall{Account: "account/h1", Org: "org/a"})
		if _, ok := h.s.Session(t.Context(), x.Token); ok {
			t.Error("the session of a closed account goes on")
		}
		if h.may(t, "account/h1", until, count) {
			t.Error("usable on the day it ends")
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}
