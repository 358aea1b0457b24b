package account

import (
	"bytes"
	"encoding/base32"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

func base32Text(s string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
}

func TestLoginSessionLogout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		ctx := t.Context()
		if _, err := h.s.Login(ctx, "thuky", goodPassword, "", "10.0.0.9"); !NeedCode(err) {
			t.Errorf("no code yet: %v", err)
		}
		c := h.code(t, "account/thuky")
		x, err := h.s.Login(ctx, " ThuKy ", goodPassword, c[:3]+" "+c[3:], "10.0.0.9:5000")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.s.Login(ctx, "thuky", goodPassword, c, "10.0.0.9"); code(err) != desk.Denied {
			t.Errorf("a code used twice: %v", err)
		}
		got, ok := h.s.Session(ctx, x.Token)
		if !ok || got.Account != "account/thuky" || got.Display != "Cán bộ thuky" || got.Token != "" {
			t.Errorf("%+v %v", got, ok)
		}
		for _, forged := range []string{"", "x", x.ID, x.Token[:len(x.Token)-1] + "A", x.Token + "A", digest("session", x.Token), strings.Repeat("A", 43)} {
			if forged == x.Token {
				continue
			}
			if _, ok := h.s.Session(ctx, forged); ok {
				t.Errorf("a forged session %q", forged)
			}
		}
		// The database does not hold what opens a session.
		if err := h.db.Read(ctx, func(tx *store.Tx) error {
			var n int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_session WHERE hash = $1 OR id = $2 OR address = $3`, x.Token, x.Token, x.Token).Scan(&n)
			if n != 0 {
				t.Error("the token itself is stored")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}

		h.clock.Add(59 * time.Minute)
		if _, ok := h.s.Session(ctx, x.Token); !ok {
			t.Error("59 minutes idle must not end a session")
		}
		h.clock.Add(59 * time.Minute)
		if _, ok := h.s.Session(ctx, x.Token); !ok {
			t.Error("use keeps a session")
		}
		h.clock.Add(time.Hour)
		if _, ok := h.s.Session(ctx, x.Token); ok {
			t.Error("an hour idle ends a session")
		}
		y := h.login(t, "thuky")
		for range 12 {
			h.clock.Add(58 * time.Minute)
			if _, ok := h.s.Session(ctx, y.Token); !ok {
				t.Error("ended early")
			}
		}
		h.clock.Add(58 * time.Minute)
		if _, ok := h.s.Session(ctx, y.Token); ok {
			t.Error("twelve hours end any session")
		}

		z, w := h.login(t, "thuky"), h.login(t, "thuky")
		if all, err := h.s.Sessions(ctx, "account/thuky"); err != nil || len(all) != 2 || all[0].ID != w.ID {
			t.Errorf("%+v %v", all, err)
		}
		if err := h.s.Logout(ctx, z.Token); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.s.Session(ctx, z.Token); ok {
			t.Error("logged out, yet in")
		}
		if err := h.s.Revoke(ctx, "account/somebody", w.ID); code(err) != desk.Denied {
			t.Errorf("revoked by a stranger: %v", err)
		}
		if err := h.s.Revoke(ctx, h.admin, w.ID); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.s.Session(ctx, w.Token); ok {
			t.Error("revoked, yet in")
		}

		last := h.login(t, "thuky")
		desktest.Do(t, h.Desk, h.admin, Close{Account: "account/thuky"})
		if _, ok := h.s.Session(ctx, last.Token); ok {
			t.Error("the session of a closed account must end at once")
		}
		if _, err := h.s.Login(ctx, "thuky", goodPassword, h.code(t, "account/thuky"), "10.0.0.9"); code(err) != desk.Denied {
			t.Errorf("login of a closed account: %v", err)
		}
		log, err := h.s.LoginLog(ctx, h.admin, "", 100)
		if err != nil || len(log) < 8 || log[0].Outcome != "closed" || log[0].Address != "10.0.0.9" {
			t.Errorf("%+v %v", log, err)
		}
		if _, err := h.s.LoginLog(ctx, "account/x", h.admin, 10); code(err) != desk.Denied {
			t.Errorf("the log of another: %v", err)
		}
	})
}

// Guessing a password: told the same for names that exist and that do not,
// stopped after a few tries, with the time left, and the wait grows.
func TestGuessing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		ctx := t.Context()
		says := map[string][]string{}
		for _, name := range []string{"thuky", "khongcoai"} {
			for i := range freePerAccount + 2 {
				_, err := h.s.Login(ctx, name, "sai mật khẩu "+string(rune('a'+i)), "", "10.0.0.3")
				var no *desk.Error
				if !errors.As(err, &no) || no.Code != desk.Denied {
					t.Fatal(err)
				}
				says[name] = append(says[name], no.Says.VI)
			}
		}
		if a, b := strings.Join(says["thuky"], "\n"), strings.Join(says["khongcoai"], "\n"); a != b {
			t.Errorf("existing and unknown names can be told apart:\n%s\n---\n%s", a, b)
		}
		if got := says["thuky"][freePerAccount]; !strings.Contains(got, "15 giây") {
			t.Errorf("the wait is not said: %s", got)
		}
		// The right password does not help while the wait runs.
		if _, err := h.s.Login(ctx, "thuky", goodPassword, h.code(t, "account/thuky"), "10.0.0.4"); code(err) != desk.Denied {
			t.Errorf("%v", err)
		}
		wait := firstDelay
		for range 8 {
			h.clock.Add(wait)
			if _, err := h.s.Login(ctx, "thuky", "sai", "", "10.0.0.5"); err == nil || strings.Contains(err.Error(), "wait") {
				t.Fatalf("after %v a try must be looked at: %v", wait, err)
			}
			wait = min(wait*2, longestDelay)
			h.clock.Add(wait - time.Second)
			if _, err := h.s.Login(ctx, "thuky", "sai", "", "10.0.0.5"); err == nil || !strings.Contains(err.Error(), "wait") {
				t.Fatalf("within %v a try must wait: %v", wait, err)
			}
			h.clock.Add(time.Second)
		}
		h.clock.Add(longestDelay)
		h.login(t, "thuky")
		if _, err := h.s.Login(ctx, "thuky", "sai", "", "10.0.0.9"); err == nil || strings.Contains(err.Error(), "wait") {
			t.Errorf("a good login clears the counter: %v", err)
		}

		// One address trying many names is stopped too, others are not.
		var err error
		for i := range freePerAddress + 2 {
			_, err = h.s.Login(ctx, "ten"+strings.Repeat("x", i+1), "sai", "", "192.0.2.7:"+"4000")
		}
		if err == nil || !strings.Contains(err.Error(), "this machine") {
			t.Errorf("many names from one address: %v", err)
		}
		h.login(t, "thuky")
	})
}

// Guessing the second factor is limited like guessing the password.
func TestGuessedCodes(t *testing.T) {
	h := start(t, storetest.SQLite(t))
	stopped := false
	for i := range 10 {
		_, err := h.s.Login(t.Context(), "thuky", goodPassword, "00000"+string(rune('0'+i)), "10.0.0.3")
		if err == nil {
			t.Fatal("a guessed code opened a session")
		}
		stopped = stopped || strings.Contains(err.Error(), "wait")
	}
	if !stopped {
		t.Error("codes can be guessed without end")
	}
}

// A hundred tries at once are a hundred tries.
func TestGuessingAtOnce(t *testing.T) {
	h := start(t, storetest.SQLite(t))
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 40 {
		wg.Go(func() {
			_, err := h.s.Login(t.Context(), "thuky", "sai mật khẩu", "", "10.0.0.3")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				t.Error("in")
			} else if !strings.Contains(err.Error(), "wait") {
				looked++
			}
		})
	}
	wg.Wait()
	if looked > freePerAccount {
		t.Errorf("%d of 40 tries at once were looked at, want at most %d", looked, freePerAccount)
	}
}

// The same code sent twice at the same moment opens one session.
func TestCodeReplayedAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		c := h.code(t, "account/thuky")
		var wg sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for range 4 {
			wg.Go(func() {
				if _, err := h.s.Login(t.Context(), "thuky", goodPassword, c, "10.0.0.3"); err == nil {
					mu.Lock()
					in++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Errorf("%d sessions from one code", in)
		}
	})
}

func TestPasswordChangeAndRecovery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		ctx := t.Context()
		x, y := h.login(t, "thuky"), h.login(t, "thuky")
		if err := h.s.ChangePassword(ctx, x.Token, "sai", "một mật khẩu khác hẳn", "10.0.0.9"); code(err) != desk.Invalid {
			t.Errorf("wrong old password: %v", err)
		}
		for _, bad := range []string{"ngắn", "aaaaaaaaaaaaaaa", "thuky thuky thuky", SamplePassword, "1234567890", strings.Repeat("dài ", 100), "\xff\xff\xff\xffabcdefgh"} {
			if err := h.s.ChangePassword(ctx, x.Token, goodPassword, bad, "10.0.0.9"); code(err) != desk.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := h.s.ChangePassword(ctx, x.Token, goodPassword, "một mật khẩu khác hẳn", "10.0.0.9"); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.s.Session(ctx, y.Token); ok {
			t.Error("other sessions must end with the old password")
		}
		if _, ok := h.s.Session(ctx, x.Token); !ok {
			t.Error("the session that changed it goes on")
		}
		if _, err := h.s.Login(ctx, "thuky", goodPassword, h.code(t, "account/thuky"), "10.0.0.9"); code(err) != desk.Denied {
			t.Errorf("the old password: %v", err)
		}
		// Phone and password lost: a new link, and all that was is over.
		link, err := h.s.Invite(ctx, h.admin, "account/thuky")
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := h.s.Session(ctx, x.Token); !ok {
			t.Error("a link not yet used changes nothing")
		}
		old := h.code(t, "account/thuky")
		h.enrol(t, link)
		if _, ok := h.s.Session(ctx, x.Token); ok {
			t.Error("sessions end when the link is used")
		}
		if _, err := h.s.Login(ctx, "thuky", goodPassword, old, "10.0.0.9"); code(err) != desk.Denied {
			t.Errorf("a code of the lost phone: %v", err)
		}
		h.login(t, "thuky")
	})
}

// The stored hash is made again when the asked work has grown.
func TestRehash(t *testing.T) {
	h := start(t, storetest.SQLite(t))
	stored := func() (s string) {
		if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
			c, _, err := credentialOf(t.Context(), tx, "account/thuky")
			s = c.hash
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := stored()
	h.s.cost = cost{time: 2, memory: 2 << 10, threads: 1}
	h.login(t, "thuky")
	if after := stored(); after == before || !strings.Contains(after, "m=2048,t=2,p=1") {
		t.Errorf("%s → %s", before, after)
	}
	h.login(t, "thuky")
}

func TestSamples(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		first, err := SeedSample(ctx, h.Desk, db)
		if err != nil {
			t.Fatal(err)
		}
		head := h.Head()
		again, err := SeedSample(ctx, h.Desk, db)
		if err != nil || len(again) != len(first) || again[0] != first[0] || h.Head() != head {
			t.Errorf("seeding twice: %v %v", again, err)
		}
		if _, err := h.s.Login(ctx, "canbo", SamplePassword, "", "127.0.0.1"); code(err) != desk.Denied {
			t.Errorf("samples log in only where allowed: %v", err)
		}
		h.s.AllowSample = true
		x, err := h.s.Login(ctx, "canbo", SamplePassword, "", "127.0.0.1")
		if err != nil || x.Type != Sample {
			t.Fatal(x, err)
		}
		if !h.may(t, x.Account, h.today(), desk.Need{Right: desk.RecordContest}) {
			t.Error("the sample officer is no officer")
		}
		if err := h.s.ChangePassword(ctx, x.Token, SamplePassword, goodPassword, "127.0.0.1"); code(err) != desk.Denied {
			t.Errorf("%v", err)
		}
		// The first real administrator is still to come.
		if link, err := h.s.FirstLink(ctx, h.Desk); err != nil || link == "" {
			t.Errorf("%q %v", link, err)
		}
		h.s.AllowSample = false
		if _, ok := h.s.Session(ctx, x.Token); ok {
			t.Error("a sample session outlives the demonstration")
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}

// What people type and what opens doors never reaches the log.
func TestNoSecretsInTheLog(t *testing.T) {
	var buf bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(old)
	h := start(t, storetest.SQLite(t))
	x := h.login(t, "thuky")
	_, _ = h.s.Login(t.Context(), goodPassword, "mật khẩu gõ nhầm ô", "123456", "10.0.0.9")
	log, err := h.s.LoginLog(t.Context(), h.admin, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range log {
		if strings.Contains(e.Account+e.Outcome, goodPassword) {
			t.Errorf("what was typed is kept: %+v", e)
		}
	}
	for _, secret := range []string{goodPassword, x.Token, "gõ nhầm"} {
		if strings.Contains(buf.String(), secret) {
			t.Errorf("the log holds a secret: %s", buf.String())
		}
	}
}

// An erased profile: nobody logs in by that name again, roles and entries stay.
func TestErasedProfile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		desktest.Do(t, h.Desk, h.admin, OpenStaff{ID: "account/truong", Login: "truongban", Display: "Trưởng ban", Person: "person/truong"})
		desktest.Do(t, h.Desk, h.admin, GrantRole{Account: "account/truong", Role: "head", From: h.today()})
		var opened int64
		if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
			a, _, err := Get(t.Context(), tx, "account/thuky")
			opened = a.Opened
			return err
		}); err != nil {
			t.Fatal(err)
		}
		erase := desk.EraseBlockAct{Index: opened, Block: profileBlock, Decision: "05-QĐ/BTC"}
		desktest.MustRefuse(t, h.Desk, h.admin, erase, desk.Denied)
		desktest.Do(t, h.Desk, "account/truong", erase)
		if _, err := h.s.Login(t.Context(), "thuky", goodPassword, h.code(t, "account/thuky"), "10.0.0.9"); code(err) != desk.Denied {
			t.Errorf("%v", err)
		}
		if _, err := h.s.Login(t.Context(), "", goodPassword, h.code(t, "account/thuky"), "10.0.0.8"); code(err) != desk.Denied {
			t.Errorf("by an empty name: %v", err)
		}
		desktest.CheckRebuild(t, h.Desk)
	})
}
