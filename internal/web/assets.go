package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"sort"
	"strings"
)

//go:embed assets/css/*.css assets/js/*.js assets/img/* assets/dist
var assetFiles embed.FS

// assets are the style sheet, scripts and fonts. All are served under one
// folder named by the hash of everything, so browsers keep them for ever and a
// new build is fetched at once.
type assets struct {
	hash    string
	files   map[string]asset
	missing []string // foreign files that were not built
}

type asset struct {
	kind    string
	data    []byte
	gzipped []byte // nil when it does not pay
}

// wanted are the foreign files `make assets` brings.
var wanted = []string{"htmx.min.js", "be-vietnam-pro-latin-400-normal.woff2", "be-vietnam-pro-vietnamese-400-normal.woff2"}

func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	raw := map[string][]byte{}
	var sheets []string
	err := fs.WalkDir(files, "assets", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, p)
		if err != nil {
			return err
		}
		switch path.Ext(p) {
		case ".css":
			sheets = append(sheets, p)
			raw[p] = data
		case ".js", ".woff2", ".svg", ".png", ".ico":
			raw[path.Base(p)] = data
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, w := range wanted {
		if raw[w] == nil {
			a.missing = append(a.missing, w)
		}
	}
	sort.Strings(sheets)
	var all bytes.Buffer
	for _, p := range sheets {
		if strings.HasSuffix(p, "-fonts.css") && len(a.missing) > 0 {
			delete(raw, p)
			continue
		}
		all.Write(raw[p])
		all.WriteByte('\n')
		delete(raw, p)
	}
	raw["app.css"] = all.Bytes()
	names := make([]string, 0, len(raw))
	for n := range raw {
		names = append(names, n)
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, n := range names {
		fmt.Fprintf(sum, "%s %d\n", n, len(raw[n]))
		sum.Write(raw[n])
		a.files[n] = newAsset(n, raw[n])
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

func newAsset(name string, data []byte) asset {
	as := asset{kind: mime.TypeByExtension(path.Ext(name)), data: data}
	switch path.Ext(name) {
	case ".js":
		as.kind = "text/javascript; charset=utf-8"
	case ".css":
		as.kind = "text/css; charset=utf-8"
	case ".svg":
		as.kind = "image/svg+xml"
	case ".woff2":
		as.kind = "font/woff2"
		return as // already packed
	}
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	_, _ = w.Write(data)
	_ = w.Close()
	if buf.Len() < len(data) {
		as.gzipped = buf.Bytes()
	}
	return as
}

// path is the address of an asset; empty when it was not built.
func (a *assets) path(name string) string {
	if _, ok := a.files[name]; !ok {
		return ""
	}
	return "/static/" + a.hash + "/" + name
}

var staticModule = module{name: "static", routes: func(s *Server) []route {
	return []route{
		{pattern: "GET /static/{hash}/{name}", public: true, handle: s.staticGet},
		{pattern: "GET /favicon.ico", public: true, handle: func(c *Call) error { return c.asset("mark.svg") }},
		{pattern: "GET /robots.txt", public: true, handle: func(c *Call) error {
			c.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, err := c.W.Write([]byte("User-agent: *\nDisallow: /\n"))
			return err
		}},
	}
}}

func (s *Server) staticGet(c *Call) error { return c.asset(c.R.PathValue("name")) }

// asset sends one embedded file. An older hash in the path gets the present
// file without the promise to keep it.
func (c *Call) asset(name string) error {
	as, ok := c.s.assets.files[name]
	if !ok {
		return errNotFound
	}
	h := c.W.Header()
	etag := `"` + c.s.assets.hash + `"`
	h.Set("ETag", etag)
	h.Set("Vary", "Accept-Encoding")
	if c.R.PathValue("hash") == c.s.assets.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if c.R.Header.Get("If-None-Match") == etag {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", as.kind)
	data := as.data
	if as.gzipped != nil && acceptsGzip(c.R) {
		h.Set("Content-Encoding", "gzip")
		data = as.gzipped
	}
	_, err := c.W.Write(data)
	return err
}
