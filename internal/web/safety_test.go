package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func recordPerson(id, name string) desk.Act {
	return person.Record{ID: id, Home: "org/tinh", Identity: person.Identity{Name: name}, Sample: true, From: vn.MustDate("2000-01-01")}
}

var lastSecret string // of the phone in TestAdministrator

// phone is the code a phone would show for the link just scanned.
func (h *house) phone(token string) string {
	inv, ok := h.accounts.Invited(context.Background(), token)
	if !ok {
		h.t.Fatal("the link is not known")
	}
	lastSecret = strings.ReplaceAll(inv.Secret, " ", "")
	return h.phoneNow()
}

func (h *house) phoneNow() string {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(lastSecret)
	if err != nil {
		h.t.Fatal(err)
	}
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, h.clock.Now().Unix()/30)
	sum := mac.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1000000)
}

// samplePaths fills the places of a pattern with things that exist.
func samplePath(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{hash}", "x", "{name}", "app.css", "{index}", "0", "{id...}", "tinh", "{what}", "doi-ten",
		"{lang}", "en", "{token}", strings.Repeat("x", 30), "{session}", "x", "{id}", "nguyen-van-mau").Replace(path)
}

// TestEveryRouteAsksWho: but for the public few, nothing is shown or done
// without a login, with a forged session either.
func TestEveryRouteAsksWho(t *testing.T) {
	h := newHouse(t)
	h.seed()
	public := map[string]bool{}
	for _, p := range []string{"GET /static/{hash}/{name}", "GET /favicon.ico", "GET /robots.txt", "GET /dang-nhap", "POST /dang-nhap", "GET /dang-nhap/ma",
		"POST /dang-nhap/ma", "GET /dang-nhap/mau", "POST /dang-nhap/mau", "POST /dang-xuat", "GET /moi/{token}", "POST /moi/{token}", "GET /ngon-ngu/{lang}", "GET /thuat-ngu"} {
		public[p] = true
	}
	forged := http.Header{"Cookie": {"mb_session=" + strings.Repeat("A", 43)}, "Sec-Fetch-Site": {"same-origin"}}
	head := h.desk.Head()
	for _, rt := range h.server.routes {
		if rt.public {
			// The hall display is open within the house once a result is announced.
			if !public[rt.pattern] && !strings.Contains(rt.pattern, "hoi-truong") {
				t.Errorf("%s is public and not on the list of the public few", rt.pattern)
			}
			continue
		}
		method, path := samplePath(rt.pattern)
		var form url.Values
		if method == "POST" {
			form = url.Values{"act": {desk.NewID()}, "seen": {"-1"}}
		}
		for _, who := range []http.Header{{"Sec-Fetch-Site": {"same-origin"}}, forged} {
			p := h.visitor().send(method, path, form, who)
			if method == "GET" && (p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), "/dang-nhap")) {
				t.Errorf("%s without login: %d", rt.pattern, p.status)
			}
			if method == "POST" && p.status != http.StatusForbidden {
				t.Errorf("%s without login: %d", rt.pattern, p.status)
			}
		}
	}
	if h.desk.Head() != head {
		t.Error("something was recorded without a login")
	}
}

// TestEveryActRefusesOtherSites: a post from elsewhere changes nothing.
func TestEveryActRefusesOtherSites(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	head := h.desk.Head()
	for _, rt := range h.server.routes {
		method, path := samplePath(rt.pattern)
		if method != "POST" {
			continue
		}
		for _, from := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"https://evil.example"}}} {
			p := v.send(method, path, url.Values{"act": {desk.NewID()}, "seen": {"-2"}}, from)
			if p.status != http.StatusForbidden {
				t.Errorf("%s from another site: %d", rt.pattern, p.status)
			}
			checkPage(t, rt.pattern, p)
		}
	}
	if h.desk.Head() != head {
		t.Error("a post from another site recorded something")
	}
}

// checkPage holds what is true of every answer: the policy header, and no
// style or script inside the page.
func checkPage(t *testing.T, name string, p *answer) {
	t.Helper()
	if got := p.header.Get("Content-Security-Policy"); got != policy {
		t.Errorf("%s: policy %q", name, got)
	}
	for _, k := range []string{"X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"} {
		if p.header.Get(k) == "" {
			t.Errorf("%s: no %s", name, k)
		}
	}
	if p.doc == nil {
		return
	}
	ids := map[string]bool{}
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
			t.Errorf("%s: inline <%s>", name, n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
			}
			if a.Key == "id" {
				if ids[a.Val] {
					t.Errorf("%s: id %q twice", name, a.Val)
				}
				ids[a.Val] = true
			}
		}
	}
	if heads := p.all("h1"); len(heads) != 1 {
		t.Errorf("%s: %d <h1>", name, len(heads))
	}
	if strings.Contains(p.text(), "[") && strings.Contains(p.text(), ".]") {
		t.Errorf("%s: a message is missing", name)
	}
}

// TestEveryPageIsClean draws every page that can be got, in both languages, as
// those who may see it.
func TestEveryPageIsClean(t *testing.T) {
	h := newHouse(t)
	h.seed()
	for _, lang := range languages {
		for _, login := range []string{"canbo", "kiemtra", "quantri.mau", "quydinh1", "lanhdao"} {
			v := h.as(login)
			v.get("/ngon-ngu/" + lang)
			for _, rt := range h.server.routes {
				method, path := samplePath(rt.pattern)
				if method != "GET" || strings.HasSuffix(path, "truc-tiep") {
					continue
				}
				p := v.get(path)
				if p.status >= 500 {
					t.Errorf("%s as %s: %d %s", rt.pattern, login, p.status, p.text())
				}
				if p.doc != nil && p.status != http.StatusSeeOther {
					checkPage(t, lang+" "+rt.pattern+" as "+login, p)
				}
			}
		}
	}
	checkPage(t, "login", h.visitor().get("/dang-nhap").is(200))
	checkPage(t, "404", h.as("canbo").get("/khong-co").is(404))
}

// TestScriptInANameIsText: what people type stays text everywhere.
func TestScriptInANameIsText(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`
	h.do("canbo", org.Found{ID: "org/evil", Title: evil, Kind: org.Cell, Parent: "org/tinh", From: vn.MustDate("2020-01-01"), Decision: org.Decision{Number: evil, By: evil}})
	h.do("canbo", recordPerson("person/evil", "Nguyễn "+evil))
	v := h.as("canbo")
	for _, path := range []string{"/to-chuc", "/to-chuc/don-vi/evil", "/to-chuc/viec/doi-ten/evil", "/can-bo", "/can-bo/evil", "/nhat-ky", "/tim?q=script+alert", "/tim?q=" + url.QueryEscape(evil),
		"/to-chuc?q=" + url.QueryEscape(evil), "/nhat-ky?doi-tuong=" + url.QueryEscape(evil), "/nhat-ky/" + fmt.Sprint(h.desk.Head())} {
		p := v.get(path).is(200)
		checkPage(t, path, p)
		for _, img := range p.all("img") {
			if attr(img, "src") == "x" {
				t.Errorf("%s: an image was made out of a name", path)
			}
		}
	}
	v.get("/can-bo/evil").says("<script>alert(1)</script>")
}

// TestRoleOutsideItsSubtree: an officer of one commune edits no other.
func TestRoleOutsideItsSubtree(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.officerOf("org/xa-1")
	v.get("/to-chuc/don-vi/xa-1").is(200).says("Đổi tên")
	if strings.Contains(v.get("/to-chuc/don-vi/xa-2").is(200).text(), "Chuyển trực thuộc") {
		t.Error("acts are offered for a unit outside the role")
	}
	v.submit("/to-chuc/viec/doi-ten/xa-2", "", url.Values{"name": {"Không được"}, "from": {"1/1/2026"}}).is(http.StatusForbidden).says("không có quyền")
	v.get("/can-bo/nguyen-van-mau").is(http.StatusNotFound)
	if strings.Contains(v.get("/can-bo?q=mau").is(200).text(), "Nguyễn Văn Mẫu") {
		t.Error("a person outside the role is listed")
	}
}

func (h *house) grant(login string) string {
	var id string
	err := h.db.Read(context.Background(), func(tx *store.Tx) error {
		gs, err := account.Grants(context.Background(), tx, h.samples[login].ID)
		id = gs[0].ID
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// TestBigPost: more than a megabyte is refused in words.
func TestBigPost(t *testing.T) {
	h := newHouse(t)
	v := h.as("canbo")
	p := v.post("/to-chuc/thanh-lap", url.Values{"act": {desk.NewID()}, "name": {strings.Repeat("x", 2<<20)}})
	if p.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.status)
	}
	p.says("quá lớn")
}

// TestPanicIsAPage: a fault shows a number, hides its cause, records nothing.
func TestPanicIsAPage(t *testing.T) {
	h := newHouse(t)
	h.server.mux.Handle("GET /hong", h.server.endpoint(route{pattern: "GET /hong", public: true, handle: func(*Call) error { panic("bí mật bên trong") }}))
	p := h.visitor().get("/hong").is(500).says("Chương trình gặp lỗi", "Không có gì được ghi")
	checkPage(t, "/hong", p)
	if strings.Contains(p.text(), "bí mật") {
		t.Error("the cause is shown")
	}
}
