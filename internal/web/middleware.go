package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// policy is the Content-Security-Policy of every answer: nothing but our own
// files, no inline style or script, no frame around us, forms only to us.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// The bounds of one request.
const (
	bodyLimit   = 1 << 20 // bytes, unless the route says otherwise
	headerLimit = 64 << 10
	pageTime    = 30 * time.Second
)

// NewHTTPServer is an http.Server with the time and size bounds the pages
// expect, for the handler of New.
func NewHTTPServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h, MaxHeaderBytes: headerLimit,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 3 * time.Minute, IdleTimeout: 2 * time.Minute,
	}
}

// handler is the chain every request passes: headers first, so that refusals
// carry them too; then the cross-origin check; then the page.
func (s *Server) handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &Call{s: s, W: w, R: r, Ref: newRef(), Lang: language(r)}
		c.fail(desk.Deny("Yêu cầu gửi từ một trang khác nên bị từ chối. Hãy mở lại biểu mẫu trong chương trình này rồi gửi.",
			"The request came from another site and was refused. Open the form in this program and send it from there."))
	}))
	inner := cross.Handler(s.mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "private, no-store")
		if s.tls {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		ctx, cancel := context.WithTimeout(r.Context(), pageTime)
		defer cancel()
		gz := newGzip(w, r)
		defer gz.close()
		inner.ServeHTTP(gz, r.WithContext(ctx))
	})
}

// endpoint makes a handler of a route: who, may, the page, its faults, one
// line in the log. The log names the pattern, not the path: no personal data.
func (s *Server) endpoint(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w}
		c := &Call{s: s, W: rec, R: r, Ref: newRef(), Lang: language(r), route: rt}
		limit := rt.maxBody
		if limit == 0 {
			limit = bodyLimit
		}
		r.Body = http.MaxBytesReader(rec, r.Body, limit)
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a page panicked", "ref", c.Ref, "route", rt.pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					c.fault(rec)
				}
			}
			s.log.Debug("request", "ref", c.Ref, "route", rt.pattern, "status", rec.status, "bytes", rec.bytes, "ms", time.Since(start).Milliseconds())
		}()
		if err := s.serve(c); err != nil {
			if rec.status != 0 {
				s.log.Warn("an answer broke off", "ref", c.Ref, "route", rt.pattern, "error", err)
				return
			}
			c.fail(err)
		}
	})
}

// serve checks who asks and whether they may, then draws the page.
func (s *Server) serve(c *Call) error {
	if err := c.identify(); err != nil {
		return err
	}
	c.readAsOf()
	if c.User == nil && !c.route.public {
		if c.R.Method != http.MethodGet && c.R.Method != http.MethodHead {
			return errSignIn
		}
		to := "/dang-nhap"
		if c.R.URL.Path != "/" {
			to += "?ve=" + url.QueryEscape(c.R.URL.RequestURI())
		}
		return c.Redirect(to)
	}
	if c.route.need != "" {
		if err := c.require(c.route.need, c.route.any); err != nil {
			return err
		}
	}
	return c.route.handle(c)
}

var errSignIn = desk.Deny("Phiên làm việc đã kết thúc. Hãy đăng nhập lại; những gì đã gõ chưa được ghi.",
	"Your session has ended. Log in again; what you typed has not been recorded.")

// require asks the authority, in words for the person.
func (c *Call) require(need desk.Right, any bool) error {
	return c.Read(func(tx *store.Tx) error {
		if any {
			if c.User.Has(need) {
				return nil
			}
			return desk.Deny("Vai trò của anh/chị không có quyền mở trang này. Cần quyền thì liên hệ người quản trị.",
				"Your roles do not allow this page. Ask an administrator if you need it.")
		}
		return c.s.accounts.May(c.Ctx(), tx, c.User.Account, c.Today(), desk.Need{Right: need})
	})
}

// fail answers an error: plain words for what people can do something about, a
// reference number for the rest.
func (c *Call) fail(err error) {
	d, ok := asDeskError(err)
	if !ok {
		if errors.Is(err, context.Canceled) {
			return // nobody is there any more
		}
		c.s.log.Error("a page failed", "ref", c.Ref, "route", c.route.pattern, "error", err)
		c.fault(c.W)
		return
	}
	data := errorData{Title: c.T("error.refused"), Text: c.Words(d.Says), Verdicts: d.Verdicts}
	switch d.Code {
	case desk.NotFound:
		c.status, data.Title = http.StatusNotFound, c.T("error.not-found")
	case desk.Denied:
		c.status, data.Title = http.StatusForbidden, c.T("error.denied")
	case desk.Stale:
		c.status, data.Title = http.StatusConflict, c.T("error.stale")
	case desk.Stopped:
		c.status, data.Title = http.StatusServiceUnavailable, c.T("error.stopped")
	default:
		c.status = http.StatusUnprocessableEntity
	}
	data.Login = c.User == nil
	if err := errorPage.show(c, data); err != nil {
		c.s.log.Error("the error page failed", "ref", c.Ref, "error", err)
		c.fault(c.W)
	}
}

// fault is the last page: it needs neither database nor templates.
func (c *Call) fault(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	css := c.s.assets.path("app.css")
	fmt.Fprintf(w, `<!doctype html><html lang="%[1]s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%[2]s</title><link rel="stylesheet" href="%[3]s"></head>`+
		`<body class="bare"><main class="sheet"><h1>%[2]s</h1><p>%[4]s</p><p class="big">%[5]s</p><p><a href="/">%[6]s</a></p></main></body></html>`,
		c.Lang, c.T("error.fault"), css, c.T("error.fault.text"), c.Ref, c.T("error.home"))
}

type errorData struct {
	Title, Text string
	Verdicts    []rule.Verdict
	Login       bool
}

var errorPage = page[errorData]("error")

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
