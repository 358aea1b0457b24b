package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/dossier"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/report"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// house is the whole program on sample accounts, without the network of a
// machine: what the pages stand on in tests.
type house struct {
	t        testing.TB
	db       *store.DB
	desk     *desk.Desk
	accounts *account.Service
	server   *Server
	web      *httptest.Server
	clock    *desktest.Clock
	samples  map[string]account.SampleAccount
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseOn(t, storetest.SQLite(t))
}

func newHouseOn(t testing.TB, db *store.DB) *house {
	t.Helper()
	return newHouseThen(t, db, time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
}

// newHouseThen is a house whose clock stands at a time.
func newHouseThen(t testing.TB, db *store.DB, then time.Time) *house {
	t.Helper()
	h := &house{t: t, db: db, clock: &desktest.Clock{}, samples: map[string]account.SampleAccount{}}
	h.clock.Set(then)
	h.accounts = account.Open(db)
	h.accounts.AllowSample = true
	h.accounts.Clock = h.clock.Now
	dir := t.TempDir()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	h.desk = desktest.Open(t, desk.Config{
		DB: db, Rooms: houseRooms(),
		Authority: h.accounts, Clock: h.clock.Now, Rules: regulation.NewRuleBook(lib),
		KeyFile: filepath.Join(dir, "log.key"), CheckpointFile: filepath.Join(dir, "checkpoint"),
		Keep: []string{filepath.Join(dir, "vault.key")},
	})
	papers, err := vault.Open(filepath.Join(dir, "vault.key"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := account.SeedSample(t.Context(), h.desk, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		h.samples[a.Login] = a
	}
	handler, err := New(Config{Desk: h.desk, DB: db, Accounts: h.accounts, Demo: true, Clock: h.clock.Now, Version: "thử", Vault: papers, Backups: filepath.Join(dir, "backups"), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatal(err)
	}
	h.server = handler
	h.web = httptest.NewServer(handler)
	t.Cleanup(h.web.Close)
	return h
}

// houseRooms are all the rooms of the program.
func houseRooms() []desk.Room {
	return []desk.Room{org.Room(), person.Room(), dossier.Room(), account.Room(), meeting.Room(), ballotbox.Room(), election.Room(), regulation.Room(), procedure.Room(), report.Room(), document.Room()}
}

// do hands an act to the desk as a sample user.
func (h *house) do(login string, act desk.Act) desk.Receipt {
	h.t.Helper()
	rc, err := h.desk.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.samples[login].ID, Act: act})
	if err != nil {
		h.t.Fatalf("%s: %v", act.Name(), err)
	}
	return rc
}

// seed puts a small province with two persons into the house.
func (h *house) seed() {
	d := org.Decision{Number: "12-QĐ/TU", Date: vn.MustDate("2020-06-01"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}
	for _, u := range []org.Found{
		{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01"), Decision: d},
		{ID: "org/tinh/btc", Title: "Ban Tổ chức Tỉnh ủy Mẫu", Kind: org.Commission, Parent: "org/tinh", From: vn.MustDate("1990-01-01"), Decision: d},
		{ID: "org/huyen-a", Title: "Huyện ủy Sông Lam (mẫu)", Kind: org.DistrictCommittee, Parent: "org/tinh", From: vn.MustDate("1995-05-01"), Decision: d},
		{ID: "org/xa-1", Title: "Đảng ủy xã Đồng Tâm (mẫu)", Kind: org.Grassroots, Parent: "org/huyen-a", From: vn.MustDate("1996-01-01"), Decision: d},
		{ID: "org/xa-2", Title: "Đảng ủy xã Hòa Bình (mẫu)", Kind: org.Grassroots, Parent: "org/huyen-a", From: vn.MustDate("1996-01-01"), Decision: d},
	} {
		h.do("canbo", u)
	}
	h.do("canbo", org.Rename{Org: "org/xa-1", Title: "Đảng ủy xã Đồng Tâm Mới (mẫu)", From: vn.MustDate("2022-03-01"), Decision: d})
	h.do("canbo", org.Dissolve{Org: "org/huyen-a", From: vn.MustDate("2025-07-01"), Successors: []string{"org/tinh"}, Decision: d})
	born := func(s string) vn.PartialDate {
		p, err := vn.ParsePartial(s)
		if err != nil {
			h.t.Fatal(err)
		}
		return p
	}
	for id, x := range map[string]person.Identity{
		"person/nguyen-van-mau": {Name: "Nguyễn Văn Mẫu", Born: born("1971"), Gender: "male", Ethnicity: "Kinh", Hometown: "xã Đồng Tâm"},
		"person/tran-thi-thu":   {Name: "Trần Thị Thử", Born: born("1980-03-08"), Gender: "female", Ethnicity: "Mường"},
	} {
		h.do("canbo", person.Record{ID: id, Home: "org/tinh", Identity: x, Sample: true, From: vn.MustDate("2000-01-01")})
	}
	h.do("canbo", person.TakePost{ID: "post/1", Person: "person/nguyen-van-mau", Org: "org/tinh", Title: "secretary", From: vn.MustDate("2020-08-01"), Decision: d})
	h.do("canbo", person.TakePost{ID: "post/2", Person: "person/tran-thi-thu", Org: "org/tinh/btc", Title: "committee-member", From: vn.MustDate("2021-01-01"), Decision: d})
}

// visitor is one browser without script.
type visitor struct {
	h    *house
	http *http.Client
	lang string
}

func (h *house) visitor() *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{h: h, lang: "vi", http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as logs a sample user in by the one click of the login page.
func (h *house) as(login string) *visitor {
	h.t.Helper()
	v := h.visitor()
	p := v.post("/dang-nhap/mau", url.Values{"act": {desk.NewID()}, "account": {h.samples[login].ID}})
	if p.status != http.StatusSeeOther {
		h.t.Fatalf("log in as %s: %d %s", login, p.status, p.text())
	}
	return v
}

// officerOf logs the second sample officer in, with the right over one
// organisation alone.
func (h *house) officerOf(unit string) *visitor {
	h.t.Helper()
	who, today := h.samples["canbo2"].ID, vn.DateOf(h.clock.Now().In(zone))
	h.do("quantri.mau", account.EndRole{Account: who, Grant: h.grant("canbo2"), On: today})
	h.do("quantri.mau", account.GrantRole{Account: who, Role: "officer", Org: unit, From: today})
	return h.as("canbo2")
}

// answer is one page as parsed HTML.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
	doc    *html.Node
}

func (v *visitor) get(path string) *answer { return v.send("GET", path, nil, nil) }

func (v *visitor) post(path string, form url.Values) *answer {
	return v.send("POST", path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func (v *visitor) send(method, path string, form url.Values, extra http.Header) *answer {
	v.h.t.Helper()
	if form == nil {
		return v.sendBody(method, path, "", nil, extra)
	}
	return v.sendBody(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), extra)
}

// postBody posts a body as a page of the program does, a form with files above all.
func (v *visitor) postBody(path, contentType string, body io.Reader) *answer {
	v.h.t.Helper()
	return v.sendBody("POST", path, contentType, body, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func (v *visitor) sendBody(method, path, contentType string, body io.Reader, extra http.Header) *answer {
	v.h.t.Helper()
	req, err := http.NewRequest(method, v.h.web.URL+path, body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	if v.lang != languages[0] {
		req.AddCookie(&http.Cookie{Name: langCookie, Value: v.lang})
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for k, vs := range extra {
		req.Header[k] = vs
	}
	resp, err := v.http.Do(req)
	if err != nil {
		v.h.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	a := &answer{t: v.h.t, status: resp.StatusCode, header: resp.Header, body: data}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if a.doc, err = html.Parse(bytes.NewReader(data)); err != nil {
			v.h.t.Fatal(err)
		}
	}
	return a
}

// submit fills the form with the given action (empty: the first POST form in
// main) as a browser would, hidden fields and all, and sends it.
func (v *visitor) submit(path, action string, fill url.Values) *answer {
	v.h.t.Helper()
	p := v.get(path)
	if p.status != http.StatusOK {
		v.h.t.Fatalf("GET %s: %d\n%s", path, p.status, p.text())
	}
	return v.resubmit(p, path, action, fill)
}

// asksFor says whether a form has all the fields to be filled in.
func asksFor(form *html.Node, fill url.Values) bool {
	have := map[string]bool{}
	for _, in := range find(form, "input", "select", "textarea", "button") {
		have[attr(in, "name")] = true
	}
	for name := range fill {
		if !have[name] {
			return false
		}
	}
	return true
}

// resubmit is submit on a page already there.
func (v *visitor) resubmit(p *answer, path, action string, fill url.Values) *answer {
	v.h.t.Helper()
	var form *html.Node
	for _, f := range p.all("form") {
		if attr(f, "method") != "post" || attr(f, "action") == "/dang-xuat" {
			continue
		}
		if action != "" && attr(f, "action") != action {
			continue
		}
		if form == nil {
			form = f
		}
		if action != "" || asksFor(f, fill) { // of several, the one with these fields
			form = f
			break
		}
	}
	if form == nil {
		v.h.t.Fatalf("%s has no form for %q", path, action)
	}
	values := url.Values{}
	for _, in := range find(form, "input", "select", "textarea") {
		name := attr(in, "name")
		switch {
		case name == "" || attr(in, "type") == "checkbox" && !has(in, "checked"):
		case in.Data == "textarea":
			text := ""
			if in.FirstChild != nil { // line by line, as it was typed
				text = in.FirstChild.Data
			}
			values.Set(name, text)
		case in.Data == "select":
			for _, o := range find(in, "option") {
				if has(o, "selected") || !values.Has(name) {
					values.Set(name, attr(o, "value"))
				}
			}
		default:
			values.Set(name, attr(in, "value"))
		}
	}
	for k, vs := range fill {
		if !hasField(form, k) {
			v.h.t.Fatalf("%s: the form has no field %q", path, k)
		}
		values[k] = vs
	}
	to := attr(form, "action")
	if to == "" {
		to = path
	}
	return v.post(to, values)
}

func hasField(form *html.Node, name string) bool {
	for _, in := range find(form, "input", "select", "textarea") {
		if attr(in, "name") == name {
			return true
		}
	}
	return false
}

func (a *answer) all(tags ...string) []*html.Node {
	if a.doc == nil {
		a.t.Fatalf("not a page: %d %s", a.status, a.body)
	}
	return find(a.doc, tags...)
}

// text is the visible text of the page, in one line.
func (a *answer) text() string {
	if a.doc == nil {
		return string(a.body)
	}
	return nodeText(a.doc)
}

// says fails unless the page shows every sentence.
func (a *answer) says(want ...string) *answer {
	a.t.Helper()
	text := a.text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			a.t.Errorf("the page does not say %q:\n%s", w, text)
		}
	}
	return a
}

// lacks fails if the page shows one of the sentences.
func (a *answer) lacks(no ...string) *answer {
	a.t.Helper()
	text := a.text()
	for _, w := range no {
		if strings.Contains(text, w) {
			a.t.Errorf("the page says %q:\n%s", w, text)
		}
	}
	return a
}

// is fails unless the answer has the status.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d\n%s", a.status, status, a.text())
	}
	return a
}

func find(n *html.Node, tags ...string) []*html.Node {
	var out []*html.Node
	for c := range n.Descendants() {
		if c.Type == html.ElementNode {
			for _, t := range tags {
				if c.Data == t {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// newest is the newest entry of a kind.
func (h *house) newest(kind string) int64 {
	h.t.Helper()
	var index int64
	err := h.db.Read(context.Background(), func(tx *store.Tx) error {
		es, err := desk.Find(context.Background(), tx, desk.Filter{Kind: kind, Limit: 1})
		if err == nil {
			index = es[0].Index
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return index
}

// fact is the first entry about a unit.
func (h *house) fact(unit string) int64 {
	h.t.Helper()
	var index int64
	err := h.db.Read(context.Background(), func(tx *store.Tx) error {
		rs, err := desk.Chain(context.Background(), tx, unit)
		if err == nil {
			index = rs[0].Index
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return index
}
