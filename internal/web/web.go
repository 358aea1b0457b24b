// Package web is what people see: pages rendered on the server, in Vietnamese
// first and English second, that work without script, by keyboard, on a phone
// and on paper.
//
// # How to add a page
//
// A room's pages live in files <room>_<page>.go, one file a page action, with
// templates/pages/<room>_<page>.html and messages/vi.<room>.json and
// messages/en.<room>.json. Nothing else has to change but one line in
// modules.go, which lists the rooms.
//
//	// election_list.go
//	type electionListData struct {
//		Events []election.Event
//		Form   *Form // only when the page holds a form
//	}
//
//	var electionList = page[electionListData]("election_list") // templates/pages/election_list.html
//
//	func (s *Server) electionListGet(c *Call) error {
//		var d electionListData
//		if err := s.desk.Read(c.Ctx(), func(tx *store.Tx) (err error) {
//			d.Events, err = election.Events(c.Ctx(), tx, c.On())
//			return err
//		}); err != nil {
//			return err
//		}
//		return electionList.show(c, d)
//	}
//
//	var electionModule = module{
//		name: "election",
//		nav:  &navItem{Label: "nav.election", Path: "/bau-cu", Order: 20},
//		routes: func(s *Server) []route {
//			return []route{
//				{pattern: "GET /bau-cu", need: desk.ReadRecord, handle: s.electionListGet},
//				{pattern: "POST /bau-cu", need: desk.RecordContest, handle: s.electionOpenPost},
//			}
//		},
//	}
//
// The template defines "title" (text) and "main" (everything inside the
// frame); its dot is *view[electionListData]: the data are under .Page, the
// frame under .Frame. A page without the frame (login, hall display) defines
// "bare" instead of "main". Template functions: t (message), tn (message by
// count), tk (message by prefix and value), has, num, share, day, when, words
// (rule.Words), asset, entry (path of a ledger entry), input and the chain
// kind, hint, required, options for fields. Shared parts: templates/parts.
// New refuses to start when a template does not parse, or names a message that
// one of the languages lacks.
//
// Forms: `<form method="post">{{template "form-hidden" .Page.Form}} … </form>`
// preceded by `{{template "form-problem" .Page.Form}}`; the handler does
//
//	f, err := c.PostForm()                  // bounded; act id and seen read from it
//	rc, ok, err := c.Do(f, act)             // desk.Do; a *desk.Error lands in f
//	if err != nil { return err }
//	if ok { return c.Done("/bau-cu/x", rc) } // 303, with a notice naming the entry
//	return electionForm.show(c, data with f) // 409, 422, 403 …: typed values kept
//
// and the page that shows the form makes it with c.NewForm(tx, subject), or
// with c.BlankForm() when the act makes something new. Names of fields are those
// the acts name in their errors (desk.Wrong), so that each error stands at its
// field.
//
// Live parts: a template "live" whose root element carries
// `{{template "live-attrs" .Page.Live}}` (c.Live(path), taken before reading) and
// which page.fragment draws alone, from a handler that returns at once when
// c.Unchanged(). Personal content goes only to who holds desk.ReadPerson over
// the file, and c.Viewed or c.viewed puts the view into the read log before it
// is sent.
package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/paper"
	"minhbach/internal/scan"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// Config is what the pages stand on.
type Config struct {
	Desk     *desk.Desk
	DB       *store.DB
	Accounts *account.Service
	Log      *slog.Logger
	Demo     bool             // sample data: the login page offers the sample users
	TLS      bool             // served over TLS: cookies are Secure, HSTS is sent
	Clock    func() time.Time // time.Now when nil
	Version  string           // shown at the foot of the page
	Scans    *ballotbox.Vault // encrypts scanned ballots; a key for this run when nil
	Vault    *vault.Vault     // encrypts scans of papers; a key for this run when nil
	// Inbox is the folder of the office scanner to watch; nil for none.
	Inbox   *scan.Inbox
	Backups string // folder of backups made from the page; no such page when empty
	// SampleScans makes the sample scans of a ballot, for the sample data: a
	// file of pictures of so many filled ballots.
	SampleScans func(w io.Writer, l *paper.Layout, pile, ballots int) error
}

// Server draws the pages; New makes it.
type Server struct {
	desk     *desk.Desk
	db       *store.DB
	accounts *account.Service
	log      *slog.Logger
	demo     bool
	tls      bool
	clock    func() time.Time
	version  string
	scans    *ballotbox.Vault
	vault    *vault.Vault
	backups  string
	drilling atomic.Bool // a drill is on its way

	inbox       *inbox
	reading     reading  // uploads of scans under way
	plans       planJobs // looks at large files of persons under way
	importing   importCache
	sampleScans func(w io.Writer, l *paper.Layout, pile, ballots int) error

	templates *templates
	messages  *messages
	assets    *assets
	sessions  *sessionCache
	pending   *pendingLogins
	reads     *readLog
	parts     sharedParts
	caseGaps  sync.Map // spans of personnel cases that are over, by case and last entry
	mux       *http.ServeMux
	chain     http.Handler
	routes    []route
}

// New builds the handler of all pages. It fails when a template does not
// parse, a message is missing in a language, or two pages claim one path. The
// caller also runs KeepReadLog.
func New(cfg Config) (*Server, error) {
	if cfg.Desk == nil || cfg.DB == nil || cfg.Accounts == nil {
		return nil, errors.New("web: Config needs Desk, DB and Accounts")
	}
	s := &Server{
		desk: cfg.Desk, db: cfg.DB, accounts: cfg.Accounts, log: cfg.Log,
		demo: cfg.Demo, tls: cfg.TLS, clock: cfg.Clock, version: cfg.Version,
		scans: cfg.Scans, vault: cfg.Vault, backups: cfg.Backups, sampleScans: cfg.SampleScans,
	}
	if cfg.Inbox != nil {
		s.inbox = &inbox{Inbox: cfg.Inbox, now: time.Now}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	var err error
	if s.scans == nil {
		if s.scans, err = ballotbox.NewVault(); err != nil {
			return nil, err
		}
	}
	if s.vault == nil {
		if s.vault, err = vault.New(); err != nil {
			return nil, err
		}
	}
	if s.messages, err = loadMessages(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(assetFiles); err != nil {
		return nil, err
	}
	if s.templates, err = s.loadTemplates(); err != nil {
		return nil, err
	}
	if s.reads, err = openReadLog(s.db); err != nil {
		return nil, err
	}
	s.sessions = newSessionCache()
	s.pending = &pendingLogins{m: map[string]pendingLogin{}}
	if missing := s.assets.missing; len(missing) > 0 {
		s.log.Warn("the screens run in a system font and without live refreshing: run `make assets` (needs Node.js), then build again", "missing", missing)
	}
	if err := s.mount(); err != nil {
		return nil, err
	}
	s.chain = s.handler()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.chain.ServeHTTP(w, r) }

// zone is the civil time of Viet Nam, without summer time since 1975.
var zone = time.FixedZone("+07", 7*60*60)

// today is the civil day in Viet Nam.
func (s *Server) today() vn.Date { return vn.DateOf(s.clock().In(zone)) }
