package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"minhbach/internal/account"
)

// TestServeSampleProvince: it starts, says who to log in as, answers, records,
// stops when told to, and goes on where it stopped.
func TestServeSampleProvince(t *testing.T) {
	t.Parallel()
	dir := sampleFolder(t)
	s := serve(t, with(inFolder(dir), "--demo")...)
	for _, w := range []string{account.SamplePassword, "canbo ", "quydinh1 ", s.key} {
		if !strings.Contains(s.said.String(), w) {
			t.Errorf("the start does not say %q:\n%s", w, s.said)
		}
	}
	if at, status, _ := s.anybody().get("/bau-cu"); at != "/dang-nhap" || status != 200 {
		t.Errorf("a stranger is at %s (%d), not at the door", at, status)
	}
	u := s.as("canbo")
	u.sees("/", "Bầu cử đại biểu Quốc hội khóa XV")
	u.sees("/bau-cu/su-kien/qh15", "184", "866", "500")
	u.sees("/bau-cu/cuoc/qh15/dak-nong/1", "Nguyễn Trường Giang", "153.669")
	values, page := trial("thon", 1)
	if at, status, text := u.post("/bau-cu/su-kien/"+sampleEvent+"/nhap", "/bau-cu/su-kien/"+sampleEvent+"/nhap", values); at != page || status != 200 {
		t.Fatalf("recorded: %d at %s, want %s\n%s", status, at, page, text)
	}
	head := u.sees("/nhat-ky")
	s.stop()
	s = serve(t, with(inFolder(dir), "--demo")...)
	u = s.as("canbo")
	u.sees(page, "Người Thử A")
	if newest(t, head) != newest(t, u.sees("/nhat-ky")) {
		t.Error("a second start recorded something")
	}
	s.stop()
	succeed(t, with(inFolder(dir), "rebuild", "--check")...)
}

var entryLink = regexp.MustCompile(`href="/nhat-ky/(\d+)"`)

// newest is the first entry that a list of the ledger shows.
func newest(t testing.TB, page string) string {
	t.Helper()
	m := entryLink.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no entry in the list:\n%s", page)
	}
	return m[1]
}

// TestStopAnswersFirst: who is being answered when the server is told to stop
// still gets the answer, and the act is on record.
func TestStopAnswersFirst(t *testing.T) {
	t.Parallel()
	dir := sampleFolder(t)
	s := serve(t, with(inFolder(dir), "--demo")...)
	u := s.as("canbo")
	values, page := trial("thon", 2)
	form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
	for _, m := range hiddenField.FindAllStringSubmatch(u.sees(form), -1) {
		values.Set(m[1], m[2])
	}
	at, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, c := range u.c.Jar.Cookies(at) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	conn, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := values.Encode()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		form, at.Host, strings.Join(cookies, "; "), len(body), body[:len(body)/2])
	time.Sleep(100 * time.Millisecond) // the first half is there
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		other, err := net.Dial("tcp", at.Host)
		if err != nil {
			break // nobody new is let in
		}
		other.Close()
		if time.Now().After(end) {
			t.Fatal("new visitors are let in while it stops")
		}
	}
	if _, err := io.WriteString(conn, body[len(body)/2:]); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, page) {
		t.Errorf("answered with %s to %q", res.Status, to)
	}
	s.stop()
	serve(t, with(inFolder(dir), "--demo")...).as("canbo").sees(page, "Người Thử B")
}

// TestSampleStaysOnThisMachine: sample data, whose passwords are known, is not
// served to others, however the address is written.
func TestSampleStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.7:8080", "example.org:80"} {
		dir := filepath.Join(t.TempDir(), "data")
		fail(t, 2, "--demo serves loopback only", "serve", "--demo", "--data", dir, "--listen", addr)
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: refused, and yet a folder was made", addr)
		}
	}
	fail(t, 2, "--listen", "serve", "--listen", "127.0.0.1", "--data", filepath.Join(t.TempDir(), "data"))
}

var (
	oneTimeLink  = regexp.MustCompile(`(https?://\S+)(/moi/\S+)`)
	shownSecret  = regexp.MustCompile(`<span class="code">([A-Z2-7 ]+)</span>`)
	firstDoor    = regexp.MustCompile(`tên đăng nhập ([a-z.]+)\)`)
	chosenAnswer = "một câu đủ dài để nhớ"
)

// TestFirstAdministrator: a new record prints a link that works once; the one
// of an earlier start no longer does; after that no link is printed.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if st, err := d.Info(); err == nil && d.Type().IsRegular() && st.Mode().Perm() != 0o600 {
			t.Errorf("others on the machine may read %s: %v", path, st.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	old := oneTimeLink.FindStringSubmatch(s.said.String())
	if old == nil || old[1] != s.base {
		t.Fatalf("no link is printed:\n%s", s.said)
	}
	s.stop()
	s = serve(t, "--data", dir)
	link := oneTimeLink.FindStringSubmatch(s.said.String())
	login := firstDoor.FindStringSubmatch(s.said.String())
	if link == nil || login == nil || link[2] == old[2] {
		t.Fatalf("no new link is printed:\n%s", s.said)
	}
	u := s.anybody()
	if _, status, _ := u.get(old[2]); status != http.StatusNotFound {
		t.Errorf("the link of the first start still answers: %d", status)
	}
	secret := shownSecret.FindStringSubmatch(u.sees(link[2], login[1]))
	if secret == nil {
		t.Fatal("the page shows no secret for the phone")
	}
	step := time.Now().Unix() / 30
	answer := url.Values{"password": {chosenAnswer}, "again": {chosenAnswer}, "code": {phoneCode(t, secret[1], step)}}
	if at, status, text := u.post(link[2], link[2], answer); at != "/dang-nhap" || status != 200 {
		t.Fatalf("enrolled: %d at %s\n%s", status, at, text)
	}
	if _, status, _ := u.get(link[2]); status != http.StatusNotFound {
		t.Errorf("the link works twice: %d", status)
	}
	if at, _, text := u.post("/dang-nhap", "/dang-nhap", url.Values{"name": login[1:2], "password": {chosenAnswer}}); at != "/dang-nhap/ma" {
		t.Fatalf("the code of the phone is not asked: at %s\n%s", at, text)
	}
	if at, _, _ := u.post("/dang-nhap/ma", "/dang-nhap/ma", url.Values{"code": {phoneCode(t, secret[1], step)}}); at != "/dang-nhap/ma" {
		t.Error("a code works twice")
	}
	if at, status, text := u.post("/dang-nhap/ma", "/dang-nhap/ma", url.Values{"code": {phoneCode(t, secret[1], step+1)}}); at != "/" || status != 200 {
		t.Fatalf("logged in: %d at %s\n%s", status, at, text)
	}
	u.sees("/quan-tri", login[1])
	if _, status, _ := u.get("/can-bo"); status == 200 {
		t.Error("the administrator reads personal content")
	}
	s.stop()
	if s = serve(t, "--data", dir); oneTimeLink.MatchString(s.said.String()) {
		t.Errorf("a link is printed though there is an administrator:\n%s", s.said)
	}
	at, _, text := s.anybody().post("/dang-nhap", "/dang-nhap", url.Values{"name": {"canbo"}, "password": {account.SamplePassword}})
	if at != "/dang-nhap" || strings.Contains(text, "/dang-nhap/mau") {
		t.Errorf("a real record knows sample users: at %s\n%s", at, text)
	}
}

// phoneCode is what a phone shows in a step of thirty seconds.
func phoneCode(t testing.TB, secret string, step int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1000000)
}

// TestOffThisMachineTLS: on any other address it speaks TLS from its own
// authority, whose fingerprint it prints; nothing is served in the clear.
func TestOffThisMachineTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir, "--listen", "0.0.0.0:0")
	at, err := url.Parse(s.base)
	if err != nil || at.Scheme != "https" || at.Hostname() == "0.0.0.0" || at.Hostname() == "::" {
		t.Fatalf("it says it is reached at %s", s.base)
	}
	if link := oneTimeLink.FindStringSubmatch(s.said.String()); link == nil || link[1] != s.base {
		t.Errorf("the one-time link does not lead here:\n%s", s.said)
	}
	cert, err := os.ReadFile(filepath.Join(dir, "tls", "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(cert)
	sum := sha256.Sum256(block.Bytes)
	if plain := strings.ReplaceAll(s.said.String(), ":", ""); !strings.Contains(plain, strings.ToUpper(hex.EncodeToString(sum[:]))) {
		t.Errorf("the fingerprint of the authority is not printed:\n%s", s.said)
	}
	trust := x509.NewCertPool()
	trust.AppendCertsFromPEM(cert)
	for _, host := range []string{at.Hostname(), "127.0.0.1", "localhost"} {
		c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: trust}}}
		res, err := c.Get("https://" + net.JoinHostPort(host, at.Port()) + "/dang-nhap")
		if err != nil {
			t.Errorf("who trusts the authority: %v", err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != 200 || res.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %s, %v", host, res.Status, res.Header)
		}
	}
	stranger := &http.Client{Timeout: 10 * time.Second}
	if res, err := stranger.Get(s.base + "/dang-nhap"); err == nil {
		res.Body.Close()
		t.Error("who does not know the authority connects")
	}
	if res, err := stranger.Get("http://" + at.Host + "/dang-nhap"); err == nil {
		res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("plain HTTP is answered with %s", res.Status)
		}
	}
	old := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, MaxVersion: tls.VersionTLS11}}}
	if res, err := old.Get(s.base + "/dang-nhap"); err == nil {
		res.Body.Close()
		t.Error("TLS 1.1 is spoken")
	}
	s.stop()
	again := serve(t, "--data", dir, "--listen", "0.0.0.0:0")
	if now, err := os.ReadFile(filepath.Join(dir, "tls", "ca.crt")); err != nil || string(now) != string(cert) {
		t.Errorf("another start, another authority: %v", err)
	}
	again.stop()
}
