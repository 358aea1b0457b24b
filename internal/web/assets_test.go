package web

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"minhbach/internal/desk"
)

// TestAssets: kept for ever under the hash of their content, asked again under
// any other, packed for those who can unpack, nothing outside the folder.
func TestAssets(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	login := string(v.get("/dang-nhap").body)
	css := regexp.MustCompile(`/static/[0-9a-f]{16}/app\.css`).FindString(login)
	if css == "" {
		t.Fatal("the page names no style sheet")
	}
	p := v.get(css).is(200)
	if cc := p.header.Get("Cache-Control"); !strings.Contains(cc, "immutable") {
		t.Errorf("Cache-Control %q", cc)
	}
	etag := p.header.Get("ETag")
	v.send("GET", css, nil, http.Header{"If-None-Match": {etag}}).is(http.StatusNotModified)
	old := v.get("/static/0000000000000000/app.css").is(200)
	if cc := old.header.Get("Cache-Control"); cc != "no-cache" {
		t.Errorf("an old address is kept: %q", cc)
	}
	packed := v.send("GET", css, nil, http.Header{"Accept-Encoding": {"gzip"}})
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(p.body) {
		t.Errorf("not packed: %d of %d bytes", len(packed.body), len(p.body))
	}
	page := v.send("GET", "/dang-nhap", nil, http.Header{"Accept-Encoding": {"gzip"}})
	if page.header.Get("Content-Encoding") != "gzip" {
		t.Error("the page is not packed")
	}
	for _, path := range []string{"/static/x/..%2f..%2fweb.go", "/static/x/README.md", "/static/x/package.json", "/static/x/.stamp"} {
		v.get(path).is(http.StatusNotFound)
	}
}

// TestWithoutForeignFiles: a program built without `make assets` still has its
// style sheet, in a system font, and no address that leads nowhere.
func TestWithoutForeignFiles(t *testing.T) {
	bare := fstest.MapFS{}
	err := fs.WalkDir(assetFiles, "assets", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(p, "assets/dist/") {
			data, _ := assetFiles.ReadFile(p)
			bare[p] = &fstest.MapFile{Data: data}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := loadAssets(bare)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.missing) == 0 || a.path("htmx.min.js") != "" {
		t.Errorf("missing: %v", a.missing)
	}
	if css := string(a.files["app.css"].data); strings.Contains(css, "url(") || !strings.Contains(css, ".frame") {
		t.Error("the sheet names files that are not there, or is not whole")
	}
	h := newHouse(t)
	h.server.assets = a
	p := h.as("canbo").get("/").is(200)
	checkPage(t, "/ without foreign files", p)
	for _, s := range p.all("script") {
		if src := attr(s, "src"); src == "" || strings.Contains(src, "htmx") {
			t.Errorf("script %q", src)
		}
	}
}

// TestOverTLS: the session's cookie is bound to this host and to TLS.
func TestOverTLS(t *testing.T) {
	h := newHouse(t)
	h.server.tls = true
	p := h.visitor().post("/dang-nhap/mau", map[string][]string{"act": {desk.NewID()}, "account": {h.samples["canbo"].ID}})
	ck := p.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-mb_session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(ck, want) {
			t.Errorf("cookie %q lacks %s", ck, want)
		}
	}
	if p.header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}
