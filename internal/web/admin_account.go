package web

import (
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type adminAccountData struct {
	Account  account.Account
	Path     string
	State    Tag
	Form     *Form // grant a role
	End      *Form // end a role
	Plain    *Form // close, invite, revoke
	Grants   []grantView
	Waiting  []roleWaiting // roles that wait for a second person
	Roles    []Option
	Sessions []sessionView
	Self     bool
	Link     string // one-time link just made; shown once
}

type grantView struct {
	account.Grant
	Text string
	Now  bool
	Past bool
}

// sessionView is one login that is still good.
type sessionView struct {
	ID         string
	Made, Seen time.Time
	Address    string
	Here       bool // the one the page is asked with
}

var adminAccount = page[adminAccountData]("admin_account")

func (s *Server) adminAccountGet(c *Call) error { return s.showAccount(c, nil, nil, "") }

func (c *Call) accountID() string { return "account/" + c.R.PathValue("id") }

// showAccount draws the page; a failed form stands in the place of a fresh one.
func (s *Server) showAccount(c *Call, grant, end *Form, link string) error {
	id := c.accountID()
	d := adminAccountData{Path: accountPath(id), Self: id == c.User.Account, Link: link, Plain: c.BlankForm()}
	err := c.Read(func(tx *store.Tx) error {
		a, ok, err := account.Get(c.Ctx(), tx, id)
		if err != nil {
			return err
		}
		if !ok {
			return desk.Missing("Không có tài khoản này.", "There is no such account.")
		}
		d.Account, d.State = a, c.accountState(a)
		gs, err := account.Grants(c.Ctx(), tx, id)
		if err != nil {
			return err
		}
		for _, g := range gs {
			text, err := c.grantText(tx, g)
			if err != nil {
				return err
			}
			v := grantView{Grant: g, Text: text, Past: !g.To.IsZero() && !c.Today().Before(g.To)}
			v.Now = !v.Past && !c.Today().Before(g.From)
			d.Grants = append(d.Grants, v)
		}
		if d.Waiting, err = c.rolesWaiting(tx, id); err != nil {
			return err
		}
		if d.Form, err = c.NewForm(tx, id); err != nil {
			return err
		}
		d.Form.Set("from", dayText("vi", c.Today()))
		d.Plain.Seen = d.Form.Seen
		d.End, err = c.NewForm(tx, id)
		d.End.Set("on", dayText("vi", c.Today()))
		return err
	})
	if err != nil {
		return err
	}
	if grant != nil {
		d.Form = grant
	}
	if end != nil {
		d.End = end
	}
	d.Roles = []Option{{"", c.T("field.none")}}
	for _, r := range account.Roles() {
		if !r.Bound {
			d.Roles = append(d.Roles, Option{r.Code, c.roleText(r.Code)})
		}
	}
	if d.Sessions, err = c.sessionsOf(id); err != nil {
		return err
	}
	return adminAccount.show(c, d)
}

func (s *Server) adminGrantPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := account.GrantRole{Account: c.accountID(), Role: f.Text("role")}
	if act.From, err = f.Day("from"); err == nil {
		act.To, err = f.OptionalDay("to")
	}
	if err == nil {
		act.Org, err = c.pickUnit(f, "org", act.From, false)
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showAccount(c, f, nil, "")
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(accountPath(act.Account), rc)
	}
	return s.showAccount(c, f, nil, "")
}

func (s *Server) adminEndPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var on vn.Date
	if on, err = f.Day("on"); err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showAccount(c, nil, f, "")
	}
	rc, ok, err := c.Do(f, account.EndRole{Account: c.accountID(), Grant: f.Text("grant"), On: on})
	if err != nil {
		return err
	}
	if ok {
		s.sessions.forget()
		return c.Done(accountPath(c.accountID()), rc)
	}
	return s.showAccount(c, nil, f, "")
}

func (s *Server) adminClosePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	rc, ok, err := c.Do(f, account.Close{Account: c.accountID()})
	if err != nil {
		return err
	}
	s.sessions.forget()
	if ok {
		return c.Done(accountPath(c.accountID()), rc)
	}
	return s.showAccount(c, nil, f, "")
}
