package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
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

// hallSeats lists who counts and presides at a meeting, with their accounts.
func (c *Call) hallSeats(tx *store.Tx, d *hallBoardData) error {
	all, err := account.List(c.Ctx(), tx)
	if err != nil {
		return err
	}
	if d.Box != nil {
		d.Contests = []string{d.Title}
		err = c.boxDuties(tx, d, all)
	} else {
		err = c.meetingDuties(tx, d)
	}
	if err != nil {
		return err
	}
	switch {
	case len(d.Contests) == 0:
		d.Nobody = c.T("hall.board.no-contest")
	case len(d.Rows) == 0:
		d.Nobody = c.T("hall.board.no-board")
	}
	var ids []string
	for _, r := range d.Rows {
		ids = append(ids, r.Person)
	}
	known, err := person.ByID(c.Ctx(), tx, ids, org.Now(d.Held))
	if err != nil {
		return err
	}
	for i := range d.Rows {
		r := &d.Rows[i]
		r.Name = c.T("meeting.withheld", i+1)
		if p, ok := known[r.Person]; ok && p.Present {
			r.Name = c.personName(p)
		}
		if err := c.seatAccounts(tx, d, r, all); err != nil {
			return err
		}
	}
	return nil
}

// chainsOf are the programmes that a meeting votes in.
func (c *Call) chainsOf(tx *store.Tx, m *meeting.State) (out []*election.Chain, err error) {
	events, err := election.Chained(c.Ctx(), tx, 50)
	if err != nil {
		return nil, err
	}
	for _, id := range events {
		ev, err := c.event(tx, id)
		if err != nil || ev.Org != "" && ev.Org != m.Org {
			continue // another organisation's, or not the reader's to see
		}
		chain, err := c.loadChain(tx, id)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(chain.Items, func(s *election.ItemState) bool { return s.Meeting == m.ID }) {
			out = append(out, chain)
		}
	}
	return out, nil
}

// seat gives a person a duty; who counts does not decide on incidents of the
// count, so the first role stands.
func (d *hallBoardData) seat(id, duty, role string, cases []string) {
	i := slices.IndexFunc(d.Rows, func(r hallSeat) bool { return r.Person == id })
	if i < 0 {
		d.Rows, i = append(d.Rows, hallSeat{Person: id, Role: role}), len(d.Rows)
	}
	r := &d.Rows[i]
	if r.Role != role {
		return
	}
	r.Duties = append(r.Duties, duty)
	for _, x := range cases {
		if !slices.Contains(r.Cases, x) {
			r.Cases = append(r.Cases, x)
		}
	}
}

// headFirst are the members of a board, its head first.
func headFirst(head string, members []string) []string {
	out := []string{head}
	return append(out, slices.DeleteFunc(slices.Clone(members), func(id string) bool { return id == head })...)
}

// boxDuties are the team of a box, and who was opened an account to preside.
func (c *Call) boxDuties(tx *store.Tx, d *hallBoardData, all []account.Account) error {
	var members []string
	for _, m := range d.Box.Team.Members {
		if m.Account == "" {
			members = append(members, m.Person)
		}
	}
	for _, id := range headFirst(d.Box.Team.Head, members) {
		duty := c.T("ballotbox.team")
		if id == d.Box.Team.Head {
			duty = c.T("ballotbox.role.head")
		}
		d.seat(id, duty, account.HallRoles[0], []string{d.Box.Case})
	}
	for _, a := range all {
		if a.Closed || a.Person == "" || a.Case != d.Box.Case {
			continue
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return err
		}
		if slices.ContainsFunc(gs, func(g account.Grant) bool { return g.Role == account.HallRoles[1] }) {
			d.seat(a.Person, c.T("ballotbox.role.chair"), account.HallRoles[1], []string{d.Box.Case})
			d.HasChair = true
		}
	}
	return nil
}

// meetingDuties are the members of the organs that count, and who presides.
func (c *Call) meetingDuties(tx *store.Tx, d *hallBoardData) error {
	chains, err := c.chainsOf(tx, d.M)
	if err != nil {
		return err
	}
	for _, ch := range chains {
		for _, it := range ch.Items {
			if it.Meeting == d.M.ID && it.State != election.StateOff && it.State != election.StateSkipped {
				d.Contests = append(d.Contests, c.Words(it.Title))
			}
		}
	}
	d.HasChair = true // the presidium
	organs := slices.Clone(d.M.Organs)
	slices.SortStableFunc(organs, func(a, b meeting.Chosen) int { // who counts before who presides
		return strings.Compare(string(a.Organ), string(b.Organ))
	})
	for _, o := range organs {
		if cur := d.M.Organ(o.Organ, o.For); cur == nil || cur.Entry != o.Entry {
			continue // chosen anew since
		}
		var cases []string
		for _, ch := range chains {
			cases = append(cases, ch.Cases(d.M.ID, o.Organ, o.For)...)
			if o.Organ == meeting.Presidium { // presides over the polls too
				cases = append(cases, ch.Cases(d.M.ID, meeting.PollTeam, "")...)
			}
		}
		switch {
		case len(cases) == 0:
		case o.Organ == meeting.CountingBoard || o.Organ == meeting.PollTeam:
			for _, id := range headFirst(o.Head, o.Members) {
				duty := c.organText(d.M, o.Organ)
				if id == o.Head {
					duty = c.T("hall.board.head", duty)
				}
				d.seat(id, duty, account.HallRoles[0], cases)
			}
		case o.Organ == meeting.Presidium && o.Head != "":
			d.seat(o.Head, c.T("hall.board.head", c.organText(d.M, o.Organ)), account.HallRoles[1], cases)
		}
	}
	return nil
}

// seatAccounts finds the accounts by which a person already counts.
func (c *Call) seatAccounts(tx *store.Tx, d *hallBoardData, r *hallSeat, all []account.Account) error {
	has := map[string]bool{}
	for _, a := range all {
		if a.Person != r.Person || a.Closed || !a.Until.IsZero() && !c.Today().Before(a.Until) {
			continue
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return err
		}
		mine := false
		for _, g := range gs {
			if g.Role == r.Role && slices.Contains(r.Cases, g.Case) {
				has[g.Case], mine = true, true
			}
		}
		if !mine {
			continue
		}
		r.Accounts = append(r.Accounts, a)
		r.State = c.accountState(a)
		switch {
		case a.Confirmed && a.Type == account.Hall: // others need no slip
			d.Open++
		case a.Confirmed:
		default:
			d.Wait++
			if a.OpenedBy != c.User.Account {
				d.Mine++
			}
		}
	}
	for _, x := range r.Cases {
		if !has[x] {
			r.Missing = append(r.Missing, x)
		}
	}
	if len(r.Missing) > 0 {
		d.None++
		if len(r.Accounts) == 0 {
			r.State = Tag{"no", c.T("hall.board.none")}
		} else {
			r.State = Tag{"wait", c.T("hall.board.part")}
		}
	}
	return nil
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
