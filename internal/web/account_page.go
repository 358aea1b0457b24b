package web

import (
	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// accountModule is one's own account.
var accountModule = module{name: "account", routes: func(s *Server) []route {
	return []route{
		{pattern: "GET /tai-khoan", handle: s.ownGet},
		{pattern: "POST /tai-khoan/mat-khau", handle: s.ownPasswordPost},
		{pattern: "POST /tai-khoan/thu-hoi", handle: s.ownRevokePost},
	}
}}

type ownData struct {
	Name     string
	Login    string
	Type     account.Type
	Roles    []grantView
	Sessions []sessionView
	Log      []account.LoginEvent
	Form     *Form // password
	Plain    *Form
	Changed  bool
	Keys     bool
}

var ownPage = page[ownData]("account")

func (s *Server) ownGet(c *Call) error { return s.showOwn(c, c.BlankForm()) }

func (s *Server) showOwn(c *Call, f *Form) error {
	d := ownData{Name: c.User.Name, Form: f, Plain: c.BlankForm(), Changed: c.R.URL.Query().Get("doi") == "1"}
	for _, n := range []string{"old", "password", "again"} {
		f.Values.Del(n)
	}
	err := c.Read(func(tx *store.Tx) error {
		a, _, err := account.Get(c.Ctx(), tx, c.User.Account)
		if err != nil {
			return err
		}
		d.Login, d.Type = a.Login, a.Type
		gs, err := account.Grants(c.Ctx(), tx, c.User.Account)
		if err != nil {
			return err
		}
		for _, g := range gs {
			text, err := c.grantText(tx, g)
			if err != nil {
				return err
			}
			d.Roles = append(d.Roles, grantView{Grant: g, Text: text})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.Sessions, err = c.sessionsOf(c.User.Account); err != nil {
		return err
	}
	if d.Log, err = s.accounts.LoginLog(c.Ctx(), c.User.Account, c.User.Account, 15); err != nil {
		return err
	}
	return ownPage.show(c, d)
}

func (s *Server) ownPasswordPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if f.Value("password") != f.Value("again") {
		err = desk.Wrong("again", "Hai lần gõ mật khẩu mới không giống nhau.", "The two new passwords differ.")
	} else {
		err = s.accounts.ChangePassword(c.Ctx(), c.User.token, f.Value("old"), f.Value("password"), c.address())
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showOwn(c, f)
	}
	s.sessions.forget()
	return c.Redirect("/tai-khoan?doi=1")
}

func (s *Server) ownRevokePost(c *Call) error {
	return s.revoke(c, "/tai-khoan")
}

// revoke ends one session, named by its id.
func (s *Server) revoke(c *Call, to string) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if err := s.accounts.Revoke(c.Ctx(), c.User.Account, f.Text("session")); err != nil {
		return err
	}
	s.sessions.forget()
	return c.Redirect(to)
}

func (s *Server) adminRevokePost(c *Call) error { return s.revoke(c, accountPath(c.accountID())) }

// adminInvitePost makes a one-time link and shows it once.
func (s *Server) adminInvitePost(c *Call) error {
	if _, err := c.PostForm(); err != nil {
		return err
	}
	token, err := s.accounts.Invite(c.Ctx(), c.User.Account, c.accountID())
	if err != nil {
		return err
	}
	return s.showAccount(c, nil, nil, c.base()+"/moi/"+token)
}

// base is the address of this program as the browser knows it.
func (c *Call) base() string {
	if c.s.tls {
		return "https://" + c.R.Host
	}
	return "http://" + c.R.Host
}
