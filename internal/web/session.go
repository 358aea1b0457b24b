package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// User is who asks, as pages need it.
type User struct {
	Account string
	Name    string
	Where   string // organisation in words; the role while there is none
	Org     string // organisation the person works for; empty when none is known
	Sample  bool
	Session string // id of the session, opens nothing
	token   string
	rights  map[desk.Right][]string
}

// Has says that the person holds the right somewhere: enough to show a door,
// never to open it (Call.May and the desk do that).
func (u *User) Has(r desk.Right) bool { return u != nil && len(u.rights[r]) > 0 }

// Cases are the contests the right is held for, or the organisations.
func (u *User) Cases(r desk.Right) []string { return u.rights[r] }

// sessionTime is how long a session found good is taken for good without
// asking again, so that live pages are answered from memory. Logging out and
// revoking in this program forget at once.
const sessionTime = 2 * time.Second

// sessionCache remembers who asked a moment ago.
type sessionCache struct {
	mu sync.Mutex
	m  map[string]cachedUser // by token and language
}

type cachedUser struct {
	user *User
	head int64 // roles may have changed since
	till time.Time
}

func newSessionCache() *sessionCache { return &sessionCache{m: map[string]cachedUser{}} }

// forget makes every session be asked for again.
func (sc *sessionCache) forget() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	clear(sc.m)
}

func (sc *sessionCache) get(key string, head int64, now time.Time) *User {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	u, ok := sc.m[key]
	if !ok || u.head != head || now.After(u.till) {
		return nil
	}
	return u.user
}

func (sc *sessionCache) put(key string, u cachedUser) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if len(sc.m) > 4096 {
		clear(sc.m)
	}
	sc.m[key] = u
}

func (s *Server) sessionCookie() string {
	if s.tls {
		return "__Host-mb_session"
	}
	return "mb_session"
}

// identify finds out who asks; c.User stays nil for nobody.
func (c *Call) identify() error {
	ck, err := c.R.Cookie(c.s.sessionCookie())
	if err != nil || ck.Value == "" {
		return nil
	}
	now, head := time.Now(), c.s.desk.Head()
	key := c.Lang + ck.Value
	if u := c.s.sessions.get(key, head, now); u != nil {
		c.User = u
		return nil
	}
	x, ok := c.s.accounts.Session(c.Ctx(), ck.Value)
	if !ok {
		return nil
	}
	u := &User{Account: x.Account, Name: x.Display, Sample: x.Type == account.Sample, Session: x.ID, token: ck.Value}
	if u.Name == "" {
		u.Name = x.Login
	}
	err = c.Read(func(tx *store.Tx) error {
		if u.rights, err = c.s.accounts.Rights(c.Ctx(), tx, u.Account, c.Today()); err != nil {
			return err
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, u.Account, c.Today())
		if err != nil {
			return err
		}
		if u.Org, u.Where, err = c.unitOf(tx, gs); err != nil || u.Where != "" {
			return err
		}
		for _, g := range gs { // no organisation is recorded yet
			u.Where = c.roleText(g.Role)
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.s.sessions.put(key, cachedUser{user: u, head: head, till: now.Add(sessionTime)})
	c.User = u
	return nil
}

func (c *Call) setSession(token string) {
	http.SetCookie(c.W, &http.Cookie{Name: c.s.sessionCookie(), Value: token, Path: "/", HttpOnly: true, Secure: c.s.tls, SameSite: http.SameSiteLaxMode})
}

func (c *Call) dropSession() {
	http.SetCookie(c.W, &http.Cookie{Name: c.s.sessionCookie(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.s.tls, SameSite: http.SameSiteLaxMode})
}

// requireWhole asks for a right over the whole province.
func (c *Call) requireWhole(r desk.Right) error {
	return c.Read(func(tx *store.Tx) error {
		return c.s.accounts.May(c.Ctx(), tx, c.User.Account, c.Today(), desk.Need{Right: r})
	})
}

// sessionsOf lists the live sessions of an account.
func (c *Call) sessionsOf(id string) ([]sessionView, error) {
	xs, err := c.s.accounts.Sessions(c.Ctx(), id)
	if err != nil {
		return nil, err
	}
	var out []sessionView
	for _, x := range xs {
		out = append(out, sessionView{ID: x.ID, Made: x.MadeAt, Seen: x.SeenAt, Address: x.Address, Here: x.ID == c.User.Session})
	}
	return out, nil
}

// pendingLogins keep, in memory and for a few minutes, what was typed on the
// first page of a login while the code of the second factor is asked for.
type pendingLogins struct {
	mu sync.Mutex
	m  map[string]pendingLogin
}

type pendingLogin struct {
	name, password, back string
	till                 time.Time
}

const (
	pendingTime = 3 * time.Minute
	pendingMost = 1000
)

func (p *pendingLogins) put(key string, l pendingLogin, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, v := range p.m {
		if now.After(v.till) || len(p.m) >= pendingMost {
			delete(p.m, k)
		}
	}
	l.till = now.Add(pendingTime)
	p.m[key] = l
}

func (p *pendingLogins) get(key string, now time.Time) (pendingLogin, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.m[key]
	return l, ok && !now.After(l.till)
}

func (p *pendingLogins) drop(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.m, key)
}

// login tries once and, when it succeeds, opens the session in the browser.
func (s *Server) login(ctx context.Context, c *Call, name, password, code string) error {
	x, err := s.accounts.Login(ctx, name, password, code, c.address())
	if err != nil {
		return err
	}
	c.setSession(x.Token)
	return nil
}
