package web

import (
	"net/url"
	"slices"
	"sort"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Frame is everything around the page.
type Frame struct {
	Lang      string
	Nav       []NavLink
	User      *User
	Ledger    bool    // may open entries of the ledger
	AsOf      vn.Date // the date the page speaks of
	AsOfToday bool
	Today     vn.Date
	Here      string // path and query, to come back to
	Query     string // what stands in the search box
	Demo      bool
	Keys      bool   // the key "/" moves to the search box
	Recorded  *int64 // entry just made, for the notice
	Repeated  bool
	Stopped   string // why writing is stopped, when it is
	Version   string
	Act       string // act id for the small forms of the frame (log out)
	Htmx      bool
}

// NavLink is one room in the left column.
type NavLink struct {
	Label, Path string
	Here        bool
	Count       int
}

func (c *Call) frame() (*Frame, error) {
	q := c.R.URL.Query()
	f := &Frame{
		Lang: c.Lang, User: c.User, Ledger: c.User != nil && c.User.Has(desk.ReadRecord), AsOf: c.On(), AsOfToday: c.asOf.IsZero(), Today: c.Today(),
		Here: hereOf(c), Query: q.Get("q"), Demo: c.s.demo, Keys: true, Version: c.s.version,
		Htmx: c.s.assets.path("htmx.min.js") != "",
	}
	if c.R.URL.Path != "/tim" {
		f.Query = ""
	}
	if ck, err := c.R.Cookie(keysCookie); err == nil && ck.Value == "off" {
		f.Keys = false
	}
	if n, err := strconv.ParseInt(q.Get("ghi"), 10, 64); err == nil && n >= 0 && n <= c.s.desk.Head() {
		f.Recorded, f.Repeated = &n, q.Get("lap") == "1"
	}
	if c.User != nil {
		f.Act = newRef()
		f.Stopped = c.stopped()
		f.Nav = c.nav()
	}
	return f, nil
}

func (c *Call) nav() []NavLink {
	type placed struct {
		NavLink
		order int
	}
	var all []placed
	for _, m := range modules {
		if m.nav == nil || m.nav.Need != "" && !c.User.Has(m.nav.Need) && !slices.ContainsFunc(m.nav.Or, c.User.Has) {
			continue
		}
		p := c.R.URL.Path
		here := p == m.nav.Path || (m.nav.Path != "/" && len(p) > len(m.nav.Path) && p[:len(m.nav.Path)] == m.nav.Path && p[len(m.nav.Path)] == '/')
		all = append(all, placed{NavLink{Label: c.T(m.nav.Label), Path: m.nav.Path, Here: here}, m.nav.Order})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].order < all[j].order })
	out := make([]NavLink, len(all))
	for i, p := range all {
		out[i] = p.NavLink
	}
	return out
}

// hereOf is where "back" returns to; after a failed form, the page itself.
func hereOf(c *Call) string {
	u := url.URL{Path: c.R.URL.Path, RawQuery: c.R.URL.RawQuery}
	return back(u.String(), c.R.URL.Query().Get("ngay"))
}
