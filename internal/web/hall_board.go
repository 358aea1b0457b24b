package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// hallBoardData are the accounts of those who count and preside at a meeting:
// opened for the whole board by one button, confirmed by another officer, and
// their slips printed together.
type hallBoardData struct {
	M     *meeting.State // either the meeting …
	Box   *ballotbox.Row // … or the box that belongs to none
	Title string
	Back  string // path of the meeting or box
	Path  string
	Org   string
	Held  vn.Date
	Form  *Form
	Rows  []hallSeat
	Slips []*slip
	// How many have no account yet, wait for a second officer (Mine: who is not
	// me), and may log in.
	None, Wait, Mine, Open int
	Contests               []string // in words
	Nobody                 string   // why there is nobody to open accounts for
	HasChair               bool     // who decides on incidents is known
}

// hallSeat is one person with a duty at the meeting.
type hallSeat struct {
	Person, Name string
	Duties       []string
	Role         string // of the account
	Cases        []string
	Missing      []string // cases that no account of the person counts yet
	Accounts     []account.Account
	State        Tag
}

var hallBoard = page[hallBoardData]("hall_board")

func (s *Server) hallBoardGet(c *Call) error { return c.showHallBoard(nil, nil) }

// hallPlace finds the meeting or the box of the path, and who has a duty there.
func (c *Call) hallPlace(tx *store.Tx) (d hallBoardData, err error) {
	if strings.HasPrefix(c.R.URL.Path, "/hop/") {
		if d.M, err = c.meeting(tx); err != nil {
			return d, err
		}
		d.Title, d.Org, d.Held, d.Back, d.Path = c.Words(d.M.Title), d.M.Org, d.M.Date, meetingPath(d.M.ID), meetingPath(d.M.ID)+"/tai-khoan"
	} else {
		if d.Box, err = ballotbox.Get(c.Ctx(), tx, c.R.PathValue("id")); err != nil {
			return d, noSuchBox(err)
		}
		d.Title, d.Org, d.Held, d.Back, d.Path = c.Words(d.Box.Title), d.Box.Org, d.Box.Held, boxPath(d.Box.ID), "/kiem-phieu/tai-khoan/"+d.Box.ID
	}
	if !c.May(tx, desk.Need{Right: desk.RecordContest, Org: d.Org}) {
		return d, errNotFound
	}
	return d, c.hallSeats(tx, &d)
}

func (c *Call) showHallBoard(f *Form, slips []*slip) error {
	var d hallBoardData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d, err = c.hallPlace(tx); err != nil {
			return err
		}
		d.Form, d.Slips = f, slips
		if d.Form == nil {
			day := d.Held
			if day.Before(c.Today()) {
				day = c.Today()
			}
			d.Form = c.BlankForm().Set("until", dayText("vi", day.AddDays(2)))
		}
		d.Form.Seen = desk.AnySeen // each act checks the accounts themselves
		return nil
	})
	if err != nil {
		return err
	}
	return hallBoard.show(c, d)
}

// hallBoardPost opens what is missing, confirms what another opened, or makes
// the slips; the field "do" names it.
func (s *Server) hallBoardPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var d hallBoardData
	var all []account.Account
	err = c.Read(func(tx *store.Tx) (err error) {
		if d, err = c.hallPlace(tx); err != nil {
			return err
		}
		all, err = account.List(c.Ctx(), tx)
		return err
	})
	if err != nil {
		return err
	}
	show := func(f *Form) error { return c.showHallBoard(f, nil) }
	var act desk.Act
	switch f.Text("do") {
	case "open":
		until, err := f.Day("until")
		if err != nil {
			return c.again(f, err, show)
		}
		if f.Text("chair") != "" && !d.HasChair {
			id, name, err := c.pickPerson(f, "chair", d.Held)
			if err != nil {
				return c.again(f, err, show)
			}
			d.Rows = append(d.Rows, hallSeat{Person: id, Name: name, Role: account.HallRoles[1], Missing: []string{d.Box.Case}})
		}
		act = account.OpenHalls{Org: d.Org, Accounts: d.toOpen(f.ID, until, all)}
	case "confirm":
		a := account.ConfirmHalls{Org: d.Org}
		for _, x := range d.accounts() {
			if !x.Confirmed && x.OpenedBy != c.User.Account {
				a.Accounts = append(a.Accounts, x.ID)
			}
		}
		act = a
	case "slips":
		return c.hallSlips(f, &d)
	default:
		return errNotFound
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	s.sessions.forget()
	if ok {
		return c.Done(d.Path, rc)
	}
	return c.showHallBoard(f, nil)
}

func (d *hallBoardData) accounts() (out []account.Account) {
	for _, r := range d.Rows {
		out = append(out, r.Accounts...)
	}
	return out
}

// toOpen are the accounts that are missing, each with a login name of its own.
func (d *hallBoardData) toOpen(form string, until vn.Date, all []account.Account) (out []account.OpenHall) {
	taken := map[string]bool{}
	for _, a := range all {
		taken[a.Login] = true
	}
	for i, r := range d.Rows {
		if len(r.Missing) == 0 {
			continue
		}
		login := hallLogin(r.Name)
		for n := 2; taken[login]; n++ {
			login = fmt.Sprintf("%s%d", hallLogin(r.Name), n)
		}
		taken[login] = true
		out = append(out, account.OpenHall{ID: fmt.Sprintf("%s-%d", newID("account", form), i+1), Login: login, Display: r.Name, Person: r.Person,
			Org: d.Org, Case: r.Missing[0], Also: r.Missing[1:], Until: until, Role: r.Role})
	}
	return out
}

// hallLogin is the given name and the first letters of the others: "an.nv" for
// Nguyễn Văn An.
func hallLogin(name string) string {
	words := strings.FieldsFunc(vn.Fold(name), func(r rune) bool { return r < 'a' || r > 'z' })
	if len(words) == 0 {
		return "nguoi.dem"
	}
	login := words[len(words)-1] + "."
	for _, w := range words[:len(words)-1] {
		login += w[:1]
	}
	return strings.TrimSuffix(login, ".") + strings.Repeat("0", max(0, 3-len(login)))
}

// hallSlips makes the papers of everybody whose account is confirmed; they are
// shown once, one sheet each when printed.
func (c *Call) hallSlips(f *Form, d *hallBoardData) error {
	if !slices.ContainsFunc(d.accounts(), func(a account.Account) bool { return a.Confirmed && a.Type == account.Hall }) {
		return c.again(f, desk.Refuse("Chưa có tài khoản nào được xác nhận để lập phiếu mã.", "No account is confirmed yet to make slips for."), func(f *Form) error { return c.showHallBoard(f, nil) })
	}
	var out []*slip
	for _, a := range d.accounts() {
		if !a.Confirmed || a.Type != account.Hall {
			continue
		}
		sl, err := c.slipOf(a)
		if err != nil {
			return err
		}
		out = append(out, sl)
	}
	return c.showHallBoard(nil, out)
}

// slipOf makes the paper of one account: a link for the password and one-time
// codes.
func (c *Call) slipOf(a account.Account) (*slip, error) {
	token, err := c.s.accounts.Invite(c.Ctx(), c.User.Account, a.ID)
	if err != nil {
		return nil, err
	}
	codes, err := c.s.accounts.IssueSlips(c.Ctx(), c.User.Account, a.ID, slipCodes)
	if err != nil {
		return nil, err
	}
	return &slip{Name: a.Display, Login: a.Login, Link: c.base() + "/moi/" + token, Codes: codes}, nil
}
