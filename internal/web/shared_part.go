package web

import (
	"bytes"
	"errors"
	"maps"
	"net/http"
	"sync"
)

// sharedParts are live parts that look the same to everybody: when the ledger
// grows, hundreds of screens ask for one within a second, and it is drawn once.
type sharedParts struct {
	mu    sync.Mutex
	parts map[string]*sharedPart
}

// mostShared bounds the parts kept; above it they are forgotten and drawn anew.
const mostShared = 64

// sharedPart is one part as of one head of the ledger. It is also the
// ResponseWriter into which it is drawn.
type sharedPart struct {
	etag   string
	once   sync.Once
	err    error
	status int
	header http.Header
	body   bytes.Buffer
}

func (p *sharedPart) Header() http.Header         { return p.header }
func (p *sharedPart) WriteHeader(status int)      { p.status = status }
func (p *sharedPart) Write(b []byte) (int, error) { return p.body.Write(b) }

var errNotDrawn = errors.New("web: a shared part was not drawn")

// shared draws a public live part, or answers with what was drawn for another
// reader of the same language, date and head. The page must depend on nothing
// else: no login, no query.
func (s *Server) shared(c *Call, draw func(*Call) error) error {
	key, etag := c.R.URL.Path+" "+c.etagTail(), c.etag()
	s.parts.mu.Lock()
	p := s.parts.parts[key]
	if p == nil || p.etag != etag {
		if s.parts.parts == nil || len(s.parts.parts) >= mostShared {
			s.parts.parts = map[string]*sharedPart{}
		}
		p = &sharedPart{etag: etag, status: http.StatusOK, header: http.Header{}}
		s.parts.parts[key] = p
	}
	s.parts.mu.Unlock()
	p.once.Do(func() {
		into := *c
		into.W = p
		p.err = errNotDrawn // should draw panic, nobody is sent an empty part
		p.err = draw(&into)
	})
	if p.err != nil { // a fault is one reader's: the next one draws anew
		s.parts.mu.Lock()
		if s.parts.parts[key] == p {
			delete(s.parts.parts, key)
		}
		s.parts.mu.Unlock()
		return p.err
	}
	h := c.W.Header()
	own := h.Clone()
	maps.Copy(h, p.header)
	maps.Copy(h, own) // what the answer carries already stands
	c.W.WriteHeader(p.status)
	_, err := c.W.Write(p.body.Bytes())
	return err
}

// etagTail is what of an etag does not change with the ledger.
func (c *Call) etagTail() string { return c.Lang + "." + c.On().String() }
