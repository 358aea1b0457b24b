package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"minhbach/internal/account"
)

// command runs minhbach as a process of its own and waits for it: what it
// wrote to standard output and to standard error, and its exit status.
func command(t testing.TB, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.CommandContext(t.Context(), "minhbach", args...)
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// succeed is a command that must end with status 0; its standard output.
func succeed(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, code := command(t, args...)
	if code != 0 {
		t.Fatalf("minhbach %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// fail is a command that must end with this status and say these words.
func fail(t testing.TB, code int, words string, args ...string) {
	t.Helper()
	out, errs, got := command(t, args...)
	if got != code || !strings.Contains(out+errs, words) {
		t.Errorf("minhbach %s: exit %d, want %d saying %q\n%s%s", strings.Join(args, " "), got, code, words, out, errs)
	}
	if strings.Contains(out+errs, "goroutine ") {
		t.Errorf("minhbach %s: it panicked", strings.Join(args, " "))
	}
}

// server is a running "minhbach serve".
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	base string // address it says it is reached at
	key  string // verifier key of its log
	said *said
	gone chan struct{}
}

// said is what a process writes to standard error, while it writes it.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

var (
	runningAt = regexp.MustCompile(`is running: (\S+)`)
	logKey    = regexp.MustCompile(`log key: (\S+)\n`)
)

// serve starts the server on a free port and waits until it answers; it is
// killed with the test if it still runs then.
func serve(t testing.TB, args ...string) *server {
	t.Helper()
	s := &server{t: t, said: &said{}, gone: make(chan struct{})}
	s.cmd = exec.Command("minhbach", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Stderr = s.said
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // ProcessState says how it ended
		close(s.gone)
	}()
	t.Cleanup(s.kill)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if m := logKey.FindStringSubmatch(s.said.String()); m != nil {
			s.key = m[1]
			s.base = runningAt.FindStringSubmatch(s.said.String())[1]
			return s
		}
		select {
		case <-s.gone:
			t.Fatalf("the server ended: %v\n%s", s.cmd.ProcessState, s.said)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("the server does not start:\n%s", s.said)
		}
	}
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.gone
}

// stop asks it to end as the system does, and wants it to end well and soon.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.gone:
		if !s.cmd.ProcessState.Success() {
			s.t.Errorf("stopped with %v\n%s", s.cmd.ProcessState, s.said)
		}
	case <-time.After(15 * time.Second):
		s.t.Fatalf("the server does not stop\n%s", s.said)
	}
}

// user is a browser without script.
type user struct {
	s *server
	c *http.Client
}

func (s *server) anybody() *user {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &user{s, &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{}}}
}

// as is a browser in which a sample user is logged in.
func (s *server) as(login string) *user {
	s.t.Helper()
	u := s.anybody()
	if at, status, text := u.post("/dang-nhap", "/dang-nhap", url.Values{"name": {login}, "password": {account.SamplePassword}}); status != http.StatusOK || at == "/dang-nhap" {
		s.t.Fatalf("log in as %s: %d at %s\n%s", login, status, at, text)
	}
	return u
}

// get fetches a page: where redirects led, the status, the text.
func (u *user) get(path string) (at string, status int, text string) {
	u.s.t.Helper()
	return u.answer(u.c.Get(u.s.base + path))
}

// sees fetches a page that must be there and hold the words.
func (u *user) sees(path string, words ...string) string {
	u.s.t.Helper()
	at, status, text := u.get(path)
	if status != http.StatusOK || at == "/dang-nhap" {
		u.s.t.Errorf("GET %s: %d at %s\n%s", path, status, at, u.s.said)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			u.s.t.Errorf("GET %s does not say %q\n%s", path, w, text)
		}
	}
	return text
}

// post sends the form of a page with its hidden fields.
func (u *user) post(form, to string, values url.Values) (at string, status int, text string) {
	u.s.t.Helper()
	_, _, text = u.get(form)
	for _, m := range hiddenField.FindAllStringSubmatch(text, -1) {
		if !values.Has(m[1]) {
			values.Set(m[1], m[2])
		}
	}
	return u.answer(u.c.PostForm(u.s.base+to, values))
}

func (u *user) answer(res *http.Response, err error) (at string, status int, text string) {
	u.s.t.Helper()
	if err != nil {
		u.s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		u.s.t.Fatal(err)
	}
	return res.Request.URL.Path, res.StatusCode, string(raw)
}

// trial is the form of a small contest of the sample commune's council, and
// the path of its page once it is recorded.
func trial(place string, unit int) (values url.Values, page string) {
	return url.Values{"rules": {"state-election/hdnd"}, "title": {"Đơn vị thử"}, "place": {place}, "unit": {fmt.Sprint(unit)}, "seats": {"1"},
		"candidates[0].name": {"Người Thử A"}, "candidates[0].votes": {"60"}, "candidates[1].name": {"Người Thử B"}, "candidates[1].votes": {"40"},
		"ballots.valid": {"100"}, "ghi": {"1"}}, fmt.Sprintf("/bau-cu/cuoc/%s/%s/%d", sampleEvent, place, unit)
}

const sampleEvent = "hdnd-mau"

// sampleFolder is a folder in which the sample province was seeded and the
// server stopped: made once, copied for each test that asks.
func sampleFolder(t testing.TB) string {
	t.Helper()
	seeded.Do(func() {
		dir, err := os.MkdirTemp("", "minhbach-sample")
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, "--demo", "--data", dir)
		s.stop()
		seededAt = dir
	})
	if seededAt == "" {
		t.Fatal("the sample province was not seeded")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(seededAt, "demo"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

var (
	seeded   sync.Once
	seededAt string
)

// inFolder are the flags of a sample record that lies in a folder.
func inFolder(dir string) []string {
	return []string{"--data", dir, "--db", "sqlite:" + filepath.Join(dir, "minhbach.db")}
}

// with is a command line: words, then flags.
func with(flags []string, words ...string) []string { return append(words, flags...) }
