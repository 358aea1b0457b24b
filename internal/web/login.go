package web

import (
	"crypto/rand"
	"html/template"
	"net/url"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// loginModule opens the door: name and password, the code of the second
// factor, one-time links, and with sample data one click for each sample user.
var loginModule = module{name: "login", routes: func(s *Server) []route {
	return []route{
		{pattern: "GET /dang-nhap", public: true, handle: s.loginGet},
		{pattern: "POST /dang-nhap", public: true, handle: s.loginPost},
		{pattern: "GET /dang-nhap/ma", public: true, handle: s.codeGet},
		{pattern: "POST /dang-nhap/ma", public: true, handle: s.codePost},
		{pattern: "GET /dang-nhap/mau", public: true, handle: s.sampleGet},
		{pattern: "POST /dang-nhap/mau", public: true, handle: s.samplePost},
		{pattern: "POST /dang-xuat", public: true, handle: s.logoutPost},
		{pattern: "GET /moi/{token}", public: true, handle: s.inviteGet},
		{pattern: "POST /moi/{token}", public: true, handle: s.invitePost},
	}
}}

type loginData struct {
	Form    *Form
	Back    string
	Samples []sampleUser
	Set     bool // a password was set just now
}

type sampleUser struct{ ID, Name, Role, Does string }

var loginPage = page[loginData]("login")

func (s *Server) loginGet(c *Call) error {
	to := c.R.URL.Query().Get("ve")
	if c.User != nil {
		return c.Redirect(back(to, ""))
	}
	return s.showLogin(c, c.BlankForm(), to)
}

func (s *Server) showLogin(c *Call, f *Form, to string) error {
	d := loginData{Form: f, Back: to, Set: c.R.URL.Query().Get("dat") != ""}
	f.Values.Del("password")
	if s.demo {
		if err := c.Read(func(tx *store.Tx) (err error) { d.Samples, err = c.samples(tx); return err }); err != nil {
			return err
		}
	}
	return loginPage.show(c, d)
}

// samples are the accounts of the sample data, with what each may do.
func (c *Call) samples(tx *store.Tx) ([]sampleUser, error) {
	all, err := account.List(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	var out []sampleUser
	for _, a := range all {
		if a.Type != account.Sample || a.Closed {
			continue
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return nil, err
		}
		u := sampleUser{ID: a.ID, Name: a.Display}
		if len(gs) > 0 {
			u.Role = c.roleText(gs[0].Role)
			if c.s.messages.has("login.does." + gs[0].Role) {
				u.Does = c.TK("login.does", gs[0].Role)
			}
		}
		out = append(out, u)
	}
	return out, nil
}

func (s *Server) loginPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	name, password, to := f.Text("name"), f.Value("password"), f.Value("ve")
	err = s.login(c.Ctx(), c, name, password, "")
	if err == nil {
		return c.Redirect(back(to, ""))
	}
	if account.NeedCode(err) {
		key := rand.Text()
		s.pending.put(key, pendingLogin{name: name, password: password, back: to}, s.clock())
		c.setCookie(pendingCookie, key, int(pendingTime.Seconds()))
		return c.Redirect("/dang-nhap/ma")
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return s.showLogin(c, f, to)
}

const pendingCookie = "mb_code"

type codeData struct{ Form *Form }

var codePage = page[codeData]("login_code")

func (c *Call) pendingLogin() (string, pendingLogin, bool) {
	ck, err := c.R.Cookie(pendingCookie)
	if err != nil {
		return "", pendingLogin{}, false
	}
	l, ok := c.s.pending.get(ck.Value, c.s.clock())
	return ck.Value, l, ok
}

func (s *Server) codeGet(c *Call) error {
	if _, _, ok := c.pendingLogin(); !ok {
		return c.Redirect("/dang-nhap")
	}
	return codePage.show(c, codeData{c.BlankForm()})
}

func (s *Server) codePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	key, l, ok := c.pendingLogin()
	if !ok {
		return c.Redirect("/dang-nhap")
	}
	code := f.Text("code")
	if code == "" {
		code = "-" // an empty code would only ask again
	}
	err = s.login(c.Ctx(), c, l.name, l.password, code)
	if err == nil {
		s.pending.drop(key)
		c.setCookie(pendingCookie, "", -1)
		return c.Redirect(back(l.back, ""))
	}
	f.Values.Del("code")
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return codePage.show(c, codeData{f})
}

// sampleGet offers the sample users to who is logged in already, so that a
// demonstration can go from one person of a hall to the next.
func (s *Server) sampleGet(c *Call) error {
	if !s.demo {
		return errNotFound
	}
	return s.showLogin(c, c.BlankForm(), c.R.URL.Query().Get("ve"))
}

// samplePost logs in as a sample user: sample data, loopback only.
func (s *Server) samplePost(c *Call) error {
	if !s.demo {
		return errNotFound
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var a account.Account
	var ok bool
	err = c.Read(func(tx *store.Tx) (err error) {
		a, ok, err = account.Get(c.Ctx(), tx, f.Text("account"))
		return err
	})
	if err != nil {
		return err
	}
	if !ok || a.Type != account.Sample {
		return errNotFound
	}
	if c.User != nil { // who goes on as another leaves first
		if err := s.accounts.Logout(c.Ctx(), c.User.token); err != nil {
			return err
		}
	}
	if err := s.login(c.Ctx(), c, a.Login, account.SamplePassword, ""); err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showLogin(c, f, "")
	}
	return c.Redirect(back(f.Value("ve"), ""))
}

func (s *Server) logoutPost(c *Call) error {
	if c.User != nil {
		if err := s.accounts.Logout(c.Ctx(), c.User.token); err != nil {
			return err
		}
	}
	s.sessions.forget()
	c.dropSession()
	// The next person at the same machine goes on at the same place.
	if to := c.R.PostFormValue("ve"); localPath(to) {
		return c.Redirect("/dang-nhap?ve=" + url.QueryEscape(to))
	}
	return c.Redirect("/dang-nhap")
}

type inviteData struct {
	Form   *Form
	Invite account.Invitation
	QR     template.HTML // drawn by the account room from the secret
	Hall   bool
}

var invitePage = page[inviteData]("invite")

var errLinkGone = desk.Missing("Liên kết này đã dùng, đã hết hạn hoặc gõ thiếu. Hãy xin người quản trị liên kết mới.",
	"This link was used, has ended or is incomplete. Ask the administrator for a new one.")

func (s *Server) inviteGet(c *Call) error { return s.showInvite(c, c.BlankForm()) }

func (s *Server) showInvite(c *Call, f *Form) error {
	inv, ok := s.accounts.Invited(c.Ctx(), c.R.PathValue("token"))
	if !ok {
		return errLinkGone
	}
	for _, n := range []string{"password", "again", "code"} {
		f.Values.Del(n)
	}
	return invitePage.show(c, inviteData{Form: f, Invite: inv, QR: template.HTML(inv.QR), Hall: inv.Type == account.Hall})
}

func (s *Server) invitePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if f.Value("password") != f.Value("again") {
		err = desk.Wrong("again", "Hai lần gõ mật khẩu không giống nhau.", "The two passwords differ.")
	} else {
		err = s.accounts.Enrol(c.Ctx(), c.R.PathValue("token"), f.Value("password"), f.Text("code"), c.address())
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showInvite(c, f)
	}
	s.sessions.forget()
	return c.Redirect("/dang-nhap?dat=1")
}
