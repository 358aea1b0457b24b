package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Call is one request on its way through a page.
type Call struct {
	s *Server
	W http.ResponseWriter
	R *http.Request

	Lang string // "vi" or "en"
	User *User  // nil before login
	Ref  string // number shown on a fault, stands in the log

	route  route
	asOf   vn.Date    // zero: today
	status int        // set by failed forms; 0 is 200
	viewed []readView // personal content the page is about to show; logged before it is sent
}

var errNotFound = desk.Missing("Không có trang này. Có thể đường dẫn đã gõ sai, hoặc mục này không còn.",
	"There is no such page. The address may be mistyped, or the thing is gone.")

// Ctx is the request's context.
func (c *Call) Ctx() context.Context { return c.R.Context() }

// T is the message in the language of the call.
func (c *Call) T(key string, args ...any) string { return c.s.messages.text(c.Lang, key, args...) }

// TK is the message prefix.value.
func (c *Call) TK(prefix, value string) string { return c.s.messages.text(c.Lang, prefix+"."+value) }

// Words picks the language of a sentence.
func (c *Call) Words(w rule.Words) string { return w.In(c.Lang) }

// Today is the civil day in Viet Nam.
func (c *Call) Today() vn.Date { return c.s.today() }

// On is the day the page speaks of: the date chosen at the top, else today.
func (c *Call) On() vn.Date {
	if c.asOf.IsZero() {
		return c.s.today()
	}
	return c.asOf
}

// Read opens one read-only snapshot.
func (c *Call) Read(fn func(*store.Tx) error) error { return c.s.desk.Read(c.Ctx(), fn) }

// May says whether the person may, today; the act itself is asked again at the
// desk.
func (c *Call) May(tx *store.Tx, need desk.Need) bool {
	return c.User != nil && c.s.accounts.May(c.Ctx(), tx, c.User.Account, c.Today(), need) == nil
}

// MayNow is May in its own snapshot.
func (c *Call) MayNow(need desk.Need) bool {
	ok := false
	_ = c.Read(func(tx *store.Tx) error { ok = c.May(tx, need); return nil })
	return ok
}

// Redirect answers 303 to a path of this program.
func (c *Call) Redirect(path string) error {
	if !localPath(path) {
		path = "/"
	}
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// Done answers a finished act: 303 to path, which then shows a notice naming
// the first entry of the act.
func (c *Call) Done(path string, rc desk.Receipt) error {
	if len(rc.Entries) > 0 {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		base, frag, _ := strings.Cut(path, "#")
		path = base + sep + "ghi=" + strconv.FormatInt(rc.Entries[0].Index, 10)
		if rc.Repeated {
			path += "&lap=1"
		}
		if frag != "" {
			path += "#" + frag
		}
	}
	return c.Redirect(path)
}

// localPath refuses addresses that would leave this program.
func localPath(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsAny(p, "\\\r\n")
}

// address is the far end, without port: what limits on guessing count by.
func (c *Call) address() string {
	host, _, err := net.SplitHostPort(c.R.RemoteAddr)
	if err != nil {
		return c.R.RemoteAddr
	}
	return host
}

// Etag of live parts: the head of the ledger, the language and the date.
func (c *Call) etag() string {
	return fmt.Sprintf(`"%d.%s.%s"`, c.s.desk.Head(), c.Lang, c.On())
}

// Unchanged answers 304, from memory alone, when the browser already holds the
// part as of the head of the ledger. Otherwise it marks the answer with its
// head and the page goes on.
func (c *Call) Unchanged() bool {
	etag := c.etag()
	h := c.W.Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie")
	if c.R.Header.Get("If-None-Match") == etag {
		c.W.WriteHeader(http.StatusNotModified)
		return true
	}
	return false
}

// Live is what a live part must carry to ask again each second; see
// parts/live.html. Path is the address of the fragment.
type Live struct{ Path, Etag string }

// Live makes the attributes for a part at path, as of now. Call it before
// reading, so that an entry in between only costs one more answer.
func (c *Call) Live(path string) Live { return Live{Path: path, Etag: strings.Trim(c.etag(), `"`)} }

// index reads a ledger index or other small number from the path.
func (c *Call) index(name string) (int64, error) {
	n, err := strconv.ParseInt(c.R.PathValue(name), 10, 63)
	if err != nil || n < 0 {
		return 0, errNotFound
	}
	return n, nil
}

// asDeskError finds the plain-words error in err.
func asDeskError(err error) (*desk.Error, bool) {
	var d *desk.Error
	ok := errors.As(err, &d)
	return d, ok
}

// newRef makes the number shown on a fault page.
func newRef() string {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return strings.ToUpper(hex.EncodeToString(b[:]))
}

// mainSubject is the first subject of an entry.
func mainSubject(e ledger.Entry) string {
	if len(e.Subjects) == 0 {
		return ""
	}
	return e.Subjects[0].ID
}

// toString writes values that name a message or a map key.
func toString(v any) string { return fmt.Sprint(v) }
