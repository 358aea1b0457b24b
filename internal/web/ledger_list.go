package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// ledgerModule is "Nhật ký chứng thực": entries, checkpoints, self-check.
var ledgerModule = module{
	name: "ledger",
	nav:  &navItem{Label: "nav.ledger", Path: "/nhat-ky", Order: 60, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /nhat-ky", need: desk.ReadRecord, any: true, handle: s.ledgerListGet},
			{pattern: "GET /nhat-ky/{index}", need: desk.ReadRecord, any: true, handle: s.ledgerEntryGet},
			{pattern: "POST /nhat-ky/{index}/xoa", need: desk.EraseBlock, any: true, handle: s.ledgerErasePost},
			{pattern: "GET /nhat-ky/diem-chung", need: desk.ReadRecord, any: true, handle: s.ledgerCheckpointGet},
			{pattern: "GET /nhat-ky/diem-chung/tai", need: desk.ReadRecord, any: true, handle: s.ledgerCheckpointFile},
			{pattern: "GET /nhat-ky/goi", need: desk.ExportBundle, any: true, handle: s.ledgerBundleGet},
			{pattern: "GET /nhat-ky/truc-tiep", need: desk.ReadRecord, any: true, handle: s.ledgerLiveGet},
			{pattern: "GET /nhat-ky/luot-xem", need: desk.CheckLedger, any: true, handle: s.readLogGet},
			{pattern: "GET " + secondRolePath, need: desk.CheckLedger, any: true, handle: s.secondRoleGet},
			{pattern: "POST " + secondRolePath, need: desk.CheckLedger, any: true, handle: s.secondRolePost},
			{pattern: "GET " + backupKeyPath, need: desk.CheckLedger, any: true, handle: s.backupKeyGet},
			{pattern: "POST " + backupKeyPath, need: desk.CheckLedger, any: true, handle: s.backupKeyPagePost},
		}
	},
	cards:    ledgerCards,
	tasks:    checkerTasks,
	subjects: map[string]func(string) string{"backup-key": func(string) string { return backupKeyPath }, "read-log": func(string) string { return "/nhat-ky/luot-xem" }},
}

type ledgerListData struct {
	Form    *Form
	Kinds   []Option
	Rows    []ledgerRow
	Pager   Pager
	Total   int64
	Health  healthView
	Live    Live
	Checker bool
}

type ledgerRow struct {
	Index   int64
	At      time.Time
	Kind    string
	Subject string // its id
	Name    string // in the reader's words
	Path    string
	Actor   string
	Blocks  int
}

// Pager holds the addresses of the neighbouring pages; empty when there is none.
type Pager struct{ Newer, Older string }

var ledgerList = page[ledgerListData]("ledger_list")

const ledgerPage = 50

func (s *Server) ledgerListGet(c *Call) error {
	q := c.R.URL.Query()
	d := ledgerListData{Form: &Form{Values: q}, Kinds: c.kindOptions(), Health: c.health(), Live: c.Live("/nhat-ky/truc-tiep"), Checker: c.User.Has(desk.CheckLedger)}
	d.Total = s.desk.Head() + 1
	f := desk.Filter{Kind: q.Get("loai"), Subject: strings.TrimSpace(q.Get("doi-tuong")), Act: strings.TrimSpace(q.Get("viec")), Limit: ledgerPage + 1}
	var problem error
	f.From, problem = dayStart(q.Get("tu"), 0, problem)
	f.To, problem = dayStart(q.Get("den"), 1, problem)
	if problem != nil {
		if err := c.Fail(d.Form, problem); err != nil {
			return err
		}
		return ledgerList.show(c, d)
	}
	before, err := strconv.ParseInt(q.Get("truoc"), 10, 64)
	if err == nil && before > 0 {
		f.Before = before
	}
	err = c.Read(func(tx *store.Tx) error {
		es, err := desk.Find(c.Ctx(), tx, f)
		if err != nil {
			return err
		}
		if len(es) > ledgerPage {
			es = es[:ledgerPage]
			d.Pager.Older = withQuery("/nhat-ky", q, "truoc", strconv.FormatInt(es[ledgerPage-1].Index, 10))
		}
		if f.Before > 0 {
			d.Pager.Newer = withQuery("/nhat-ky", q, "truoc", "")
		}
		names, subjects := c.actorNames(tx), c.subjectNames(tx)
		for _, e := range es {
			d.Rows = append(d.Rows, c.ledgerRow(e, names).named(subjects))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return ledgerList.show(c, d)
}

func (c *Call) ledgerRow(e ledger.Entry, names func(string) string) ledgerRow {
	subject := mainSubject(e)
	return ledgerRow{Index: e.Index, At: e.At, Kind: c.kindText(e.Kind), Subject: subject,
		Path: c.linkTo(subject), Actor: names(e.Actor), Blocks: len(e.Blocks)}
}

func (r ledgerRow) named(names func(string) string) ledgerRow {
	r.Name = names(r.Subject)
	return r
}

// ledgerLiveGet is the state line of the list, asked each second.
func (s *Server) ledgerLiveGet(c *Call) error {
	live := c.Live("/nhat-ky/truc-tiep")
	if c.Unchanged() {
		return nil
	}
	return ledgerList.fragment(c, "live", ledgerListData{Total: s.desk.Head() + 1, Health: c.health(), Live: live})
}

// kindText names a kind of entry in words: "election.contest-recorded/1" is
// the message kind.election.contest-recorded; unknown kinds show their id.
func (c *Call) kindText(kind string) string {
	name, _, _ := strings.Cut(kind, "/")
	if c.s.messages.has("kind." + name) {
		return c.TK("kind", name)
	}
	return kind
}

// kindOptions are the rooms, for the filter: each stands for all its kinds.
func (c *Call) kindOptions() []Option {
	out := []Option{{"", c.T("ledger.filter.any")}}
	for _, room := range []string{"election", "regulation", "org", "person", "account", "ledger"} {
		out = append(out, Option{room + ".", c.TK("room", room)})
	}
	return out
}

// dayStart is the first instant of a typed day in Viet Nam, plus days; an
// empty text is no bound.
func dayStart(text string, plus int, before error) (time.Time, error) {
	if before != nil || strings.TrimSpace(text) == "" {
		return time.Time{}, before
	}
	d, err := parseDay(text)
	if err != nil {
		return time.Time{}, err
	}
	d = d.AddDays(plus)
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone), nil
}

// withQuery is a path with the query of the page, one value changed; an empty
// value takes it out.
func withQuery(path string, q url.Values, key, value string) string {
	n := url.Values{}
	for k, v := range q {
		if k != "ghi" && k != "lap" {
			n[k] = v
		}
	}
	if value == "" {
		n.Del(key)
	} else {
		n.Set(key, value)
	}
	if len(n) == 0 {
		return path
	}
	return path + "?" + n.Encode()
}
