package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/demo"
)

var (
	keyLink  = regexp.MustCompile(`href="(/kiem-phieu/nhap/[^"]+)"`)
	keySize  = regexp.MustCompile(`data-size="(\d+)"`)
	keyTries = regexp.MustCompile(`data-attempt="(\d+)"`)
	keyKept  = regexp.MustCompile(`<li data-keys="([^"]*)"`)
)

// TestKillCounter: a counter keys a pile, and the server is killed (SIGKILL)
// between any two keys and in the middle of them. What was answered is there,
// in its place, once; what was not is sent again under its own id and stands
// once too. The pile handed in then agrees with the other counter's.
func TestKillCounter(t *testing.T) {
	flags := with(inFolder(sampleFolder(t)), "--demo")
	r := rand.New(rand.NewPCG(7, 11))
	s := serve(t, flags...)
	u := s.as("kiemphieu2")
	box := "/kiem-phieu/hop/" + demo.Provincial + "/ban-chap-hanh"
	link := keyLink.FindStringSubmatch(u.sees(box, "Nhập"))
	if link == nil {
		t.Fatal("no pile waits for its second reading")
	}
	station := strings.TrimPrefix(link[1], "/kiem-phieu/nhap/")
	var size, attempt int
	page := u.sees(link[1])
	if _, err := fmt.Sscan(keySize.FindStringSubmatch(page)[1]+" "+keyTries.FindStringSubmatch(page)[1], &size, &attempt); err != nil {
		t.Fatal(err)
	}
	var want []string
	kills := 0
	for n := 1; n <= size; n++ {
		line := demo.Struck(demo.LastPile + n - 1)
		id := fmt.Sprintf("kill-test-ballot-%04d", n)
		if r.IntN(6) == 0 { // somewhere around this key
			kills++
			wait := time.Duration(r.IntN(4)) * time.Millisecond
			go func() { time.Sleep(wait); _ = s.cmd.Process.Kill() }()
		}
		for tries := 0; ; tries++ {
			ok, text := u.keyed(link[1], id, n, attempt, line)
			if ok {
				break
			}
			if text != "" || tries > 3 {
				t.Fatalf("ballot %d: %s", n, text)
			}
			<-s.gone
			s = serve(t, flags...)
			u.s = s // the same browser, logged in as before
		}
		pattern, err := ballotbox.ReadKeys("strike", 58, nil, line)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, ballotbox.WriteKeys("strike", pattern, nil))
		select {
		case <-s.gone: // killed after the answer: nothing of it may be lost
			s = serve(t, flags...)
			u.s = s
			kept(t, u, link[1], want)
		default:
		}
	}
	if kills == 0 {
		t.Fatal("the server was never killed")
	}
	kept(t, u, link[1], want)
	at, status, text := u.post(link[1], "/kiem-phieu/nop/"+station, url.Values{"n": {fmt.Sprint(size)}, "attempt": {fmt.Sprint(attempt)}})
	if status != http.StatusOK || at != box {
		t.Fatalf("hand in: %d at %s\n%s", status, at, text)
	}
	if text := u.sees(box); strings.Contains(text, "Lệch") || keyLink.MatchString(text) {
		t.Error("the readings do not agree after the kills")
	}
	t.Logf("%d ballots, %d kills", size, kills)
}

// kept wants exactly these ballots at the station, in their places.
func kept(t *testing.T, u *user, page string, want []string) {
	t.Helper()
	ms := keyKept.FindAllStringSubmatch(u.sees(page), -1)
	if len(ms) != len(want) {
		t.Fatalf("%d ballots are kept, %d were acknowledged", len(ms), len(want))
	}
	for i, m := range ms {
		if m[1] != want[len(want)-1-i] {
			t.Fatalf("ballot %d is kept as %q, keyed as %q", len(want)-i, m[1], want[len(want)-1-i])
		}
	}
}

// keyed sends one ballot as the page's script does; false without words when
// the server is gone.
func (u *user) keyed(to, id string, n, attempt int, line string) (ok bool, text string) {
	form := url.Values{"act": {id}, "n": {fmt.Sprint(n)}, "attempt": {fmt.Sprint(attempt)}, "ballot": {line}}
	req, err := http.NewRequest("POST", u.s.base+to, strings.NewReader(form.Encode()))
	if err != nil {
		u.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := u.c.Do(req)
	if err != nil {
		return false, ""
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return false, ""
	}
	if res.StatusCode != http.StatusOK || !strings.Contains(string(raw), fmt.Sprintf(`"n":%d,`, n)) {
		return false, fmt.Sprintf("%d %s", res.StatusCode, raw)
	}
	return true, ""
}
