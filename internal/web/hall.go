package web

import (
	"strconv"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// hallModule keeps the accounts of counting teams: opened by one officer for a
// person voted in, confirmed by another, with one-time codes on paper because
// phones are handed in at the door, and ending with the contest.
var hallModule = module{
	name: "hall-accounts",
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /tai-khoan-hoi-truong", need: desk.RecordContest, any: true, handle: s.hallListGet},
			{pattern: "POST /tai-khoan-hoi-truong", need: desk.RecordContest, any: true, handle: s.hallOpenPost},
			{pattern: "GET /hop/{id}/tai-khoan", need: desk.RecordContest, any: true, handle: s.hallBoardGet},
			{pattern: "GET /kiem-phieu/tai-khoan/{id...}", need: desk.RecordContest, any: true, handle: s.hallBoardGet},
			{pattern: "POST /kiem-phieu/tai-khoan/{id...}", need: desk.RecordContest, any: true, handle: s.hallBoardPost},
			{pattern: "POST /hop/{id}/tai-khoan", need: desk.RecordContest, any: true, handle: s.hallBoardPost},
			{pattern: "POST /tai-khoan-hoi-truong/{id}/xac-nhan", need: desk.RecordContest, any: true, handle: s.hallConfirmPost},
			{pattern: "POST /tai-khoan-hoi-truong/{id}/dong", need: desk.RecordContest, any: true, handle: s.hallClosePost},
			{pattern: "POST /tai-khoan-hoi-truong/{id}/phieu", need: desk.RecordContest, any: true, handle: s.hallSlipPost},
		}
	},
	tasks: hallTasks,
}

type hallData struct {
	Form  *Form
	Plain *Form
	Rows  []hallRow
	Slip  *slip // codes just made, shown once
	Roles []Option
}

type hallRow struct {
	Cases   []string // the contests, in words
	Role    string
	Account account.Account
	Key     string
	OrgName string
	By      string
	State   Tag
	Confirm bool // waits for somebody else than who opened it, and that is me
	Open    bool
}

// slip is what is handed over on paper: a link to set the password, and codes.
type slip struct {
	Name, Login, Link string
	Codes             []string
}

var hallPage = page[hallData]("hall_accounts")

func (s *Server) hallListGet(c *Call) error {
	f := c.BlankForm()
	f.Set("case", c.R.URL.Query().Get("cuoc-bau"))
	f.Set("until", dayText("vi", c.Today().AddDays(2)))
	return s.showHall(c, f, nil)
}

func (s *Server) showHall(c *Call, f *Form, sl *slip) error {
	d := hallData{Form: f, Plain: c.BlankForm(), Slip: sl}
	for _, r := range account.HallRoles {
		d.Roles = append(d.Roles, Option{r, c.roleText(r)})
	}
	d.Plain.Seen = desk.AnySeen // confirming and closing check the state themselves
	err := c.Read(func(tx *store.Tx) error {
		var err error
		if f.Value("org") == "" {
			name, err := c.unitName(tx, c.User.Org, c.Today())
			if err != nil {
				return err
			}
			f.Set("org", name)
		}
		d.Rows, err = c.hallRows(tx)
		return err
	})
	if err != nil {
		return err
	}
	return hallPage.show(c, d)
}

// hallRows are the hall accounts of the organisations the reader works for.
func (c *Call) hallRows(tx *store.Tx) ([]hallRow, error) {
	all, err := account.List(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	names, subjects := c.actorNames(tx), c.subjectNames(tx)
	var out []hallRow
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		if a.Type != account.Hall || !c.May(tx, desk.Need{Right: desk.RecordContest, Org: a.Org}) {
			continue
		}
		r := hallRow{Account: a, Key: strings.TrimPrefix(a.ID, "account/"), By: names(a.OpenedBy), State: c.accountState(a)}
		if r.OrgName, err = c.unitName(tx, a.Org, c.Today()); err != nil {
			return nil, err
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return nil, err
		}
		for _, g := range gs {
			r.Role = c.roleText(g.Role)
			r.Cases = append(r.Cases, subjects(g.Case))
		}
		if len(r.Cases) == 0 {
			r.Cases = []string{subjects(a.Case)}
		}
		r.Confirm = !a.Closed && !a.Confirmed && a.OpenedBy != c.User.Account
		r.Open = !a.Closed && a.Confirmed
		out = append(out, r)
	}
	return out, nil
}

func (s *Server) hallOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := account.OpenHall{ID: newID("account", f.ID), Login: f.Text("login"), Case: f.Text("case"), Role: f.Text("role")}
	if act.Until, err = f.Day("until"); err == nil {
		act.Org, err = c.pickUnit(f, "org", c.Today(), true)
	}
	if err == nil {
		act.Case, err = c.contestOf(act.Case)
	}
	if err == nil {
		act.Person, act.Display, err = c.pickPerson(f, "person", c.Today())
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showHall(c, f, nil)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done("/tai-khoan-hoi-truong", rc)
	}
	return s.showHall(c, f, nil)
}

// contestOf is the subject of a contest typed with or without its first word;
// a contest nobody has recorded is refused.
func (c *Call) contestOf(text string) (string, error) {
	if _, path, ok := strings.Cut(text, "/bau-cu/cuoc/"); ok {
		text, _, _ = strings.Cut(path, "?") // the address of its page
	}
	if _, path, ok := strings.Cut(text, "/quy-trinh/ho-so/"); ok {
		path, _, _ = strings.Cut(path, "?")
		text = "procedure/" + path
	}
	id := text
	if !strings.HasPrefix(text, "procedure/") { // a step's ballots are counted under its case
		id = "contest/" + strings.TrimPrefix(text, "contest/")
	}
	seen := int64(-1)
	err := c.Read(func(tx *store.Tx) (err error) { seen, err = desk.Seen(c.Ctx(), tx, id); return err })
	if err == nil && seen < 0 {
		err = desk.Wrong("case", "Không có cuộc bầu nào mang mã “"+clip(text)+"”.", "There is no contest with the id “"+clip(text)+"”.")
	}
	return id, err
}

// pickPerson finds the person typed into a field among those the reader may
// read; where several fit, the field becomes a choice.
func (c *Call) pickPerson(f *Form, field string, on vn.Date) (id, name string, err error) {
	text := f.Text(field)
	if text == "" {
		return "", "", desk.Wrong(field, "Hãy nhập họ tên.", "Type the name.")
	}
	err = c.Read(func(tx *store.Tx) error {
		at := org.Now(on)
		var ps []person.Person
		if person.ValidID(text) {
			p, ok, err := person.Get(c.Ctx(), tx, text, at)
			if err != nil {
				return err
			}
			if ok {
				ps = append(ps, p)
			}
		} else if ps, err = person.Search(c.Ctx(), tx, text, at, 30); err != nil {
			return err
		}
		rows, err := c.personRows(tx, ps, at)
		if err != nil {
			return err
		}
		opts := []Option{{"", c.T("field.none")}}
		for _, r := range rows {
			c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "choice"})
			opts = append(opts, Option{r.Person.ID, strings.Join(append([]string{c.personName(r.Person), r.Person.Identity.Born.Vietnamese()}, r.Posts...), ", ")})
		}
		switch len(rows) {
		case 0:
			return desk.Wrong(field, "Không có ai tên “"+clip(text)+"” trong hồ sơ anh/chị được xem.", "Nobody named “"+clip(text)+"” is in the files you may read.")
		case 1:
			id, name = rows[0].Person.ID, c.personName(rows[0].Person)
			return nil
		}
		f.Choose(field, opts)
		return desk.Wrong(field, "Có nhiều người khớp; hãy chọn một.", "Several persons fit; choose one.")
	})
	return id, name, err
}

// hallOrg is the organisation of a hall account, as its acts name it.
func (c *Call) hallOrg() (account.Account, error) {
	var a account.Account
	err := c.Read(func(tx *store.Tx) error {
		var ok bool
		var err error
		if a, ok, err = account.Get(c.Ctx(), tx, c.accountID()); err == nil && (!ok || a.Type != account.Hall) {
			err = errNotFound
		}
		return err
	})
	return a, err
}

func (s *Server) hallConfirmPost(c *Call) error {
	return s.hallAct(c, func(a account.Account) desk.Act { return account.Confirm{Account: a.ID, Org: a.Org} })
}

func (s *Server) hallClosePost(c *Call) error {
	return s.hallAct(c, func(a account.Account) desk.Act { return account.CloseHall{Account: a.ID, Org: a.Org} })
}

func (s *Server) hallAct(c *Call, act func(account.Account) desk.Act) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	a, err := c.hallOrg()
	if err != nil {
		return err
	}
	rc, ok, err := c.Do(f, act(a))
	if err != nil {
		return err
	}
	s.sessions.forget()
	if ok {
		return c.Done("/tai-khoan-hoi-truong", rc)
	}
	return s.showHall(c, f, nil)
}

// slipCodes is how many logins one slip is good for.
const slipCodes = 10

// hallSlipPost makes the paper: a link for the password and one-time codes.
// Both are shown once, for printing.
func (s *Server) hallSlipPost(c *Call) error {
	if _, err := c.PostForm(); err != nil {
		return err
	}
	a, err := c.hallOrg()
	if err != nil {
		return err
	}
	sl, err := c.slipOf(a)
	if err != nil {
		return err
	}
	f := c.BlankForm()
	f.Set("until", dayText("vi", c.Today().AddDays(2)))
	return s.showHall(c, f, sl)
}

// hallTasks are the hall accounts that wait for a second officer.
func hallTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.RecordContest) {
		return nil, nil
	}
	rows, err := c.hallRows(tx)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, r := range rows {
		if r.Confirm {
			out = append(out, Task{Title: c.T("hall.task"), Detail: r.Account.Display, Path: "/tai-khoan-hoi-truong#" + strconv.FormatInt(r.Account.Opened, 10),
				Org: r.OrgName, Missing: c.T("hall.confirm"), Waiting: c.T("home.me")})
		}
	}
	return out, nil
}
