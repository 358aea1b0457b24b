package web

import (
	"net/http"
	"net/url"

	"minhbach/internal/vn"
)

// Preferences stand in cookies of the browser: language, the date pages speak
// of, and whether the key "/" moves to the search box.
const (
	langCookie = "mb_lang"
	asOfCookie = "mb_asof"
	keysCookie = "mb_keys"
)

// language is the chosen one, else Vietnamese: office machines often run an
// English browser, and what it asks for says nothing of who sits before it.
func language(r *http.Request) string {
	if ck, err := r.Cookie(langCookie); err == nil {
		for _, l := range languages {
			if ck.Value == l {
				return l
			}
		}
	}
	return languages[0]
}

// readAsOf takes the date the page speaks of from ?ngay=, else from the
// preference. A date that cannot be read, or today, is today.
func (c *Call) readAsOf() {
	text := ""
	if ck, err := c.R.Cookie(asOfCookie); err == nil {
		text = ck.Value
	}
	if q := c.R.URL.Query(); q.Has("ngay") {
		text = q.Get("ngay")
	}
	d, err := parseDay(text)
	if err != nil || d == c.Today() {
		d = vn.Date{}
	}
	c.asOf = d
}

func (c *Call) setCookie(name, value string, seconds int) {
	http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: c.s.tls, SameSite: http.SameSiteLaxMode})
}

const year = 365 * 24 * 3600

// preferenceRoutes change a preference and go back to where the person was.
func (s *Server) preferenceRoutes() []route {
	return []route{
		{pattern: "GET /ngon-ngu/{lang}", public: true, handle: s.languageGet},
		{pattern: "GET /tinh-den", handle: s.asOfGet},
		{pattern: "POST /phim-tat", handle: s.keysPost},
	}
}

func (s *Server) languageGet(c *Call) error {
	lang := c.R.PathValue("lang")
	if !s.messages.hasLanguage(lang) {
		return errNotFound
	}
	c.setCookie(langCookie, lang, year)
	return c.Redirect(back(c.R.URL.Query().Get("ve"), ""))
}

// asOfGet keeps the date for the pages to come, until the browser is closed or
// it is set back to today, and puts it into the address of the page.
func (s *Server) asOfGet(c *Call) error {
	q := c.R.URL.Query()
	d, err := parseDay(q.Get("ngay"))
	if q.Get("ngay") == "" || (err == nil && d == c.Today()) {
		c.setCookie(asOfCookie, "", -1)
		return c.Redirect(back(q.Get("ve"), ""))
	}
	if err != nil {
		return err
	}
	c.setCookie(asOfCookie, d.String(), 0)
	return c.Redirect(back(q.Get("ve"), d.String()))
}

func (s *Server) keysPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if f.Value("keys") == "on" {
		c.setCookie(keysCookie, "", -1)
	} else {
		c.setCookie(keysCookie, "off", year)
	}
	return c.Redirect("/tai-khoan")
}

// back is the address to return to, with its date replaced.
func back(to, day string) string {
	u, err := url.Parse(to)
	if err != nil || !localPath(to) || u.Host != "" {
		return "/"
	}
	q := u.Query()
	q.Del("ngay")
	q.Del("ghi")
	q.Del("lap")
	if day != "" {
		q.Set("ngay", day)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (m *messages) hasLanguage(lang string) bool { return m.by[lang] != nil }
