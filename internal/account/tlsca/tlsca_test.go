package tlsca

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve starts a real server with the authority's certificate and returns its
// address.
func serve(t *testing.T, a *Authority, hosts ...string) string {
	t.Helper()
	conf, err := a.TLSConfig(hosts)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "xin chào") }))
	s.Config.ErrorLog = nil
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Listener.Close()
	s.Listener = tls.NewListener(l, conf)
	s.Config.SetKeepAlivesEnabled(false)
	s.Start()
	t.Cleanup(s.Close)
	return l.Addr().String()
}

// get asks the server as a computer that installed the given authority would.
func get(a *Authority, addr, name string, at time.Time) error {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(a.CertificatePEM())
	c := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: name, Time: func() time.Time { return at }}, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
	r, err := c.Get("https://" + addr + "/")
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.ProtoMajor != 2 {
		return fmt.Errorf("served as %s", r.Proto)
	}
	_, err = io.ReadAll(r.Body)
	return err
}

func TestRealHandshake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, a, "127.0.0.1", "hoi-truong.local", "::1")
	now := time.Now()
	for _, name := range []string{"", "127.0.0.1", "hoi-truong.local"} {
		if err := get(a, addr, name, now); err != nil {
			t.Errorf("as %q: %v", name, err)
		}
	}
	if err := get(a, addr, "khac.local", now); err == nil {
		t.Error("a host that was not named is served")
	}
	other, err := Open(filepath.Join(t.TempDir(), "other"))
	if err != nil {
		t.Fatal(err)
	}
	if err := get(other, addr, "", now); err == nil {
		t.Error("another authority is accepted")
	}
	if a.Fingerprint() == other.Fingerprint() || a.Words() == other.Words() {
		t.Error("two authorities share a fingerprint")
	}

	// The next start has the same authority and the same certificate.
	again, err := Open(dir)
	if err != nil || again.Fingerprint() != a.Fingerprint() || again.Words() != a.Words() {
		t.Fatalf("%v", err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, serverCert))
	if _, err := again.Server([]string{"::1", "hoi-truong.local", "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(filepath.Join(dir, serverCert))
	if !bytes.Equal(before, after) {
		t.Error("a new certificate without need")
	}
	if _, err := again.Server([]string{"may-moi.local"}); err != nil {
		t.Fatal(err)
	}
	if moved, _ := os.ReadFile(filepath.Join(dir, serverCert)); bytes.Equal(moved, after) {
		t.Error("other hosts need another certificate")
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 4 {
		t.Errorf("%v %v", files, err)
	}
	for _, f := range files {
		if info, _ := f.Info(); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", f.Name(), info.Mode())
		}
	}
}

// The certificate is renewed while the server runs, thirty days before its end.
func TestRenewal(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	move := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	a, err := openAt(t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := a.TLSConfig([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	leaf := func() *x509.Certificate {
		t.Helper()
		c, err := conf.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf
	}
	first := leaf()
	move(serverTime - renewBefore - time.Hour)
	if !leaf().Equal(first) {
		t.Error("renewed too early")
	}
	move(2 * time.Hour)
	second := leaf()
	if second.Equal(first) || !second.NotAfter.After(first.NotAfter) {
		t.Error("not renewed")
	}
	addr := serve(t, a, "127.0.0.1")
	if err := get(a, addr, "", clock()); err != nil {
		t.Error(err)
	}
	// Near the authority's end no certificate outlives it; then it says so.
	move(a.NotAfter().Sub(clock()) - renewBefore/2)
	if last := leaf(); last.NotAfter.After(a.NotAfter()) {
		t.Error("a certificate outlives its authority")
	}
	move(renewBefore)
	if _, err := openAt(a.dir, clock); err == nil || !strings.Contains(err.Error(), "hết hạn") {
		t.Errorf("%v", err)
	}
}

func TestDamage(t *testing.T) {
	fresh := func() string {
		dir := t.TempDir()
		if _, err := Open(dir); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	// The first start was cut short after the key: made again.
	dir := fresh()
	if err := os.Remove(filepath.Join(dir, authorityCert)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(dir string) error{
		"no key":   func(d string) error { return os.Remove(filepath.Join(d, authorityKey)) },
		"key open": func(d string) error { return os.Chmod(filepath.Join(d, authorityKey), 0o644) },
		"key of another": func(d string) error {
			return os.Rename(filepath.Join(fresh(), authorityKey), filepath.Join(d, authorityKey))
		},
		"no certificate": func(d string) error { return os.WriteFile(filepath.Join(d, authorityCert), []byte("x"), 0o600) },
		"no PEM key":     func(d string) error { return os.WriteFile(filepath.Join(d, authorityKey), []byte("x"), 0o600) },
	} {
		if runtime.GOOS == "windows" && name == "key open" {
			continue
		}
		d := fresh()
		if err := spoil(d); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(d); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	a, err := Open(fresh())
	if err != nil {
		t.Fatal(err)
	}
	for _, hosts := range [][]string{nil, {""}, {"a b"}, {"-x"}, {"*.local"}, {"../x"}, {strings.Repeat("a", 300)}} {
		if _, err := a.Server(hosts); err == nil {
			t.Errorf("accepted hosts %q", hosts)
		}
	}
	// A damaged server certificate is replaced.
	if err := os.WriteFile(filepath.Join(a.dir, serverCert), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Server([]string{"a.local"}); err != nil {
		t.Error(err)
	}
}

func TestWordsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for i := range 256 {
		w := words([]byte{byte(i)})
		if seen[w] {
			t.Errorf("%q twice", w)
		}
		seen[w] = true
	}
	if got := words([]byte{0x00, 0x1f, 0xff}); got != "ba chuy · vuy" {
		t.Errorf("%q", got)
	}
	a, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Fingerprint()) != 95 || len(strings.Fields(a.Words())) != 12+5 {
		t.Errorf("%s %s", a.Fingerprint(), a.Words())
	}
	if svg, err := a.QR(); err != nil || !bytes.Contains(svg, []byte("<title>")) || bytes.Contains(svg, []byte("style")) {
		t.Errorf("%s %v", svg, err)
	}
}
