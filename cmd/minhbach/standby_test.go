package main

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/demo"
)

// TestStandbyTakesOver: a counter keys a pile; a backup is taken while another
// person's acts go on; the machine dies. A second machine restores the backup
// and serves: the counter logs in there. Piles handed in are there; of the pile
// being keyed no ballot left the dead machine (a backup holds none, so that no
// order leads to a voter), so it is keyed from its first ballot, handed in, and
// agrees with the other counter's. docs/standby.md tells clerks the same.
func TestStandbyTakesOver(t *testing.T) {
	flags := inFolder(sampleFolder(t))
	s := serve(t, with(flags, "--demo")...)
	u := s.as("kiemphieu2")
	box := "/kiem-phieu/hop/" + demo.Provincial + "/ban-chap-hanh"
	link := keyLink.FindStringSubmatch(u.sees(box, "Nhập"))
	if link == nil {
		t.Fatal("no pile waits for its second reading")
	}
	var size, attempt int
	page := u.sees(link[1])
	if _, err := fmt.Sscan(keySize.FindStringSubmatch(page)[1]+" "+keyTries.FindStringSubmatch(page)[1], &size, &attempt); err != nil {
		t.Fatal(err)
	}
	key := func(u *user, from, to int) {
		t.Helper()
		for n := from; n <= to; n++ {
			if ok, text := u.keyed(link[1], fmt.Sprintf("standby-ballot-%04d", n), n, attempt, demo.Struck(demo.LastPile+n-1)); !ok {
				t.Fatalf("ballot %d: %s", n, text)
			}
		}
	}
	half := size / 2
	key(u, 1, half)
	done := make(chan struct{})
	other := s.as("canbo")
	go func() { // acts go on while the backup is written
		defer close(done)
		for n := range 5 {
			values, _ := trial("du-phong", n+1)
			form := "/bau-cu/su-kien/" + sampleEvent + "/nhap"
			if _, status, text := other.post(form, form, values); status != http.StatusOK {
				t.Errorf("an act beside the backup: %d\n%s", status, text)
			}
		}
	}()
	copied := filepath.Join(t.TempDir(), "backup")
	succeed(t, with(flags, "backup", copied)...)
	<-done
	s.kill()

	target := inFolder(filepath.Join(t.TempDir(), "standby"))
	succeed(t, with(target, "restore", copied)...)
	r := serve(t, with(target, "--demo")...)
	u = r.as("kiemphieu2")
	if got := len(keyKept.FindAllString(u.sees(link[1]), -1)); got != 0 {
		t.Fatalf("%d ballots of a pile not handed in left the machine with the backup", got)
	}
	key(u, 1, size)
	station := strings.TrimPrefix(link[1], "/kiem-phieu/nhap/")
	if at, status, text := u.post(link[1], "/kiem-phieu/nop/"+station, url.Values{"n": {fmt.Sprint(size)}, "attempt": {fmt.Sprint(attempt)}}); status != http.StatusOK || at != box {
		t.Fatalf("hand in on the standby machine: %d at %s\n%s", status, at, text)
	}
	if text := u.sees(box); strings.Contains(text, "Lệch") || keyLink.MatchString(text) {
		t.Error("the readings do not agree on the standby machine")
	}
}
