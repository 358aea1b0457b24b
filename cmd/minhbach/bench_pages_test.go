package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/demo"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
	"minhbach/internal/web"
)

// The load of a working office: so many users, a request a second each, and
// some acts a second alongside.
const (
	officeUsers = 50
	officeActs  = 5
	officeTime  = 20 * time.Second
	warmTime    = 3 * time.Second
)

// sampleHouse is the program with its sample province, in a temporary folder.
func sampleHouse(tb testing.TB) (*desk.Desk, *account.Service, http.Handler) {
	tb.Helper()
	d, accounts, h, _ := sampleHouseOn(tb)
	return d, accounts, h
}

// sampleHouseOn is sampleHouse with its database.
func sampleHouseOn(tb testing.TB) (*desk.Desk, *account.Service, http.Handler, *store.DB) {
	tb.Helper()
	ctx := context.Background()
	log := slog.New(slog.DiscardHandler)
	cfg, accounts, err := place{Data: tb.TempDir()}.config(ctx, true, log)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { cfg.DB.Close() })
	d, err := desk.Open(ctx, cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	accounts.AllowSample = true
	if err := demo.Seed(ctx, d, cfg.DB); err != nil {
		tb.Fatal(err)
	}
	h, err := web.New(web.Config{Desk: d, DB: cfg.DB, Accounts: accounts, Log: log, Demo: true})
	if err != nil {
		tb.Fatal(err)
	}
	return d, accounts, h, cfg.DB
}

// BenchmarkPages measures the server's own time per page (handler in, handler
// out) under the load of an office, over real connections on loopback:
//
//	go test ./cmd/minhbach -run '^$' -bench Pages -benchtime 1x
func BenchmarkPages(b *testing.B) {
	roomy() // as the server runs
	d, _, h := sampleHouse(b)
	officer := officerOf(b, d)
	var mu sync.Mutex
	var times []time.Duration
	byPath := map[string][]time.Duration{}
	from := time.Now().Add(warmTime)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		h.ServeHTTP(w, r)
		if took := time.Since(start); start.After(from) && r.Method == http.MethodGet {
			mu.Lock()
			times = append(times, took)
			byPath[r.URL.RequestURI()] = append(byPath[r.URL.RequestURI()], took)
			mu.Unlock()
		}
	}))
	defer srv.Close()
	paths := []string{"/", "/bau-cu/su-kien/qh15", "/bau-cu/cuoc/qh15/dak-nong/1", "/bau-cu/cuoc/qh15/ha-noi/10", "/bau-cu/su-kien/qh15?tinh=dak-nong",
		"/nhat-ky", "/nhat-ky/40", "/quy-dinh", "/to-chuc", "/bau-cu", "/bau-cu/su-kien/qh15/qua-ban"}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for u := range officeUsers {
		c := signedIn(b, srv, "canbo")
		wg.Go(func() {
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for i := u; ; i++ {
				select {
				case <-stop:
					return
				case <-tick.C:
					get(b, c, srv.URL+paths[i%len(paths)])
				}
			}
		})
		time.Sleep(time.Second / officeUsers)
	}
	wg.Go(func() {
		tick := time.NewTicker(time.Second / officeActs)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				if err := benchAct(d, officer, n); err != nil {
					b.Error(err)
					return
				}
			}
		}
	})
	time.Sleep(warmTime + officeTime)
	close(stop)
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(times)
	for _, p := range paths {
		ts := byPath[p]
		slices.Sort(ts)
		b.Logf("%-42s p50 %v, p99 %v", p, ts[len(ts)/2].Round(10*time.Microsecond), ts[len(ts)*99/100].Round(10*time.Microsecond))
	}
	at := func(p float64) float64 { return float64(times[int(p*float64(len(times)-1))].Microseconds()) / 1000 }
	b.ReportMetric(float64(len(times))/officeTime.Seconds(), "pages/s")
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(at(1), "max-ms")
}

// signedIn is a browser's worth of cookies for a sample user.
func signedIn(tb testing.TB, srv *httptest.Server, login string) *http.Client {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	form := url.Values{"name": {login}, "password": {account.SamplePassword}}
	for _, m := range hiddenField.FindAllStringSubmatch(page(tb, c, srv.URL+"/dang-nhap"), -1) {
		form.Set(m[1], m[2])
	}
	res, err := c.PostForm(srv.URL+"/dang-nhap", form)
	if err != nil {
		tb.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if res.Request.URL.Path == "/dang-nhap" {
		tb.Fatalf("log in: %s\n%s", res.Status, text)
	}
	return c
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

func page(tb testing.TB, c *http.Client, at string) string {
	tb.Helper()
	res, err := c.Get(at)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func get(tb testing.TB, c *http.Client, to string) {
	res, err := c.Get(to)
	if err != nil {
		tb.Error(err)
		return
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Request.URL.Path == "/dang-nhap" {
		tb.Error(fmt.Errorf("GET %s: %s, at %s", to, res.Status, res.Request.URL.Path))
	}
}

// benchAct records one small contest, as an officer would.
func benchAct(d *desk.Desk, officer string, n int) error {
	seats := int64(1)
	valid := int64(100)
	_, err := d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: -1, Actor: officer, Act: election.RecordContest{
		Event: demo.QH15, Contest: election.Contest{Title: rule.Words{VI: "Đơn vị thử", EN: "Trial unit"}, Source: election.Source{How: "hand"}, Record: &vote.Record{
			ID: fmt.Sprintf(demo.QH15+"/bench-%d", n), Rules: "state-election/hdnd", Date: vn.MustDate("2021-05-23"), Seats: &seats,
			Candidates: []vote.Candidate{{ID: "a", Name: "Người Thử A"}, {ID: "b", Name: "Người Thử B"}},
			Ballots:    vote.Ballots{Valid: &valid}, Votes: map[string]int64{"a": 60, "b": 40},
		}}}})
	return err
}

func officerOf(tb testing.TB, d *desk.Desk) (id string) {
	tb.Helper()
	err := d.Read(context.Background(), func(tx *store.Tx) error {
		a, ok, err := account.ByLogin(context.Background(), tx, "canbo")
		if err == nil && !ok {
			err = fmt.Errorf("there is no sample officer")
		}
		id = a.ID
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}
