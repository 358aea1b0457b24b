package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// A hall: so many stations at which a ballot is keyed every two seconds, and
// so many screens that ask each second for what is new, on one machine. Every
// few seconds something is recorded, so that all of them draw anew at once.
const (
	hallStations = 30
	hallViewers  = 500
	hallNames    = 58
	hallTime     = 20 * time.Second
	hallPace     = 2 * time.Second
	hallNews     = 4 * time.Second
	hallCase     = "contest/hoi-truong-do/bch"
	hallBox      = "hoi-truong-do/bch/1"
)

// BenchmarkHall measures the server's own time (handler in, handler out) of
// keyed ballots and of polls:
//
//	go test ./cmd/minhbach -run '^$' -bench Hall -benchtime 1x
func BenchmarkHall(b *testing.B) {
	roomy()
	d, _, h := sampleHouse(b)
	counters := hallBoard(b, d)
	var mu sync.Mutex
	times := map[string][]time.Duration{}
	from := time.Now().Add(warmTime + 10*time.Second) // logging 30 counters in takes a while
	begun := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		h.ServeHTTP(w, r)
		took := time.Since(start)
		select {
		case <-begun:
		default:
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if start.After(from) {
			kind := "poll"
			if r.Method == http.MethodPost {
				kind = "ballot"
			}
			times[kind] = append(times[kind], took)
		}
	}))
	defer srv.Close()
	pages := make([]*http.Client, hallStations)
	for i := range pages {
		pages[i] = signedIn(b, srv, counters[i])
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	every := func(pace time.Duration, do func(n int)) {
		wg.Go(func() {
			select {
			case <-time.After(time.Duration(rand.Int64N(int64(pace)))):
			case <-stop:
				return
			}
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for n := 1; ; n++ {
				do(n)
				select {
				case <-stop:
					return
				case <-tick.C:
				}
			}
		})
	}
	for i, c := range pages {
		to := fmt.Sprintf("%s/kiem-phieu/nhap/%d/%d/%s", srv.URL, i/2+1, i%2+1, hallBox)
		every(hallPace, func(n int) {
			form := url.Values{"act": {desk.NewID()}, "n": {fmt.Sprint(n)}, "attempt": {"1"}, "ballot": {"8 17 26 33 41 49 57"}}
			req, _ := http.NewRequest("POST", to, strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Accept", "application/json")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			if status, text := send(b, c, req); status != http.StatusOK {
				b.Errorf("station %d, ballot %d: %d %s", i, n, status, text)
			}
		})
	}
	transport := &http.Transport{MaxIdleConnsPerHost: hallViewers}
	for range hallViewers {
		c, etag := &http.Client{Transport: transport}, ""
		every(time.Second, func(int) {
			req, _ := http.NewRequest("GET", srv.URL+"/hoi-truong-moi/qh15/dak-nong/1", nil)
			req.Header.Set("If-None-Match", etag)
			res, err := c.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				etag = res.Header.Get("ETag")
			} else if res.StatusCode != http.StatusNotModified {
				b.Errorf("a viewer is answered %s", res.Status)
			}
		})
	}
	officer := officerOf(b, d)
	every(hallNews, func(n int) {
		if err := benchAct(d, officer, n); err != nil {
			b.Error(err)
		}
	})
	mu.Lock()
	from = time.Now().Add(warmTime)
	mu.Unlock()
	close(begun)
	time.Sleep(warmTime + hallTime)
	close(stop)
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	var all []time.Duration
	for _, kind := range []string{"ballot", "poll"} {
		ts := times[kind]
		slices.Sort(ts)
		all = append(all, ts...)
		b.Logf("%-7s %6d, p50 %v, p99 %v, max %v", kind, len(ts), ts[len(ts)/2].Round(10*time.Microsecond), ts[len(ts)*99/100].Round(10*time.Microsecond), ts[len(ts)-1].Round(10*time.Microsecond))
		b.ReportMetric(float64(ts[len(ts)*99/100].Microseconds())/1000, kind+"-p99-ms")
	}
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/hallTime.Seconds(), "requests/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

func send(tb testing.TB, c *http.Client, req *http.Request) (int, string) {
	res, err := c.Do(req)
	if err != nil {
		tb.Error(err)
		return 0, ""
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// hallBoard opens a box whose piles give each counter a station of his own;
// the login names of the counters.
func hallBoard(b *testing.B, d *desk.Desk) []string {
	ctx := context.Background()
	do := func(actor string, act desk.Act) {
		if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: actor, Act: act}); err != nil {
			b.Fatalf("%s: %v", act.Name(), err)
		}
	}
	var want []account.SampleAccount
	var logins []string
	team := ballotbox.Team{Head: "do/nguoi-00"}
	for i := range hallStations {
		p := fmt.Sprintf("do/nguoi-%02d", i)
		logins = append(logins, fmt.Sprintf("dem%02d", i))
		want = append(want, account.SampleAccount{Login: logins[i], Display: fmt.Sprintf("Người đếm %02d (mẫu)", i), Role: "counting-member", Person: p, Case: hallCase})
		team.Members = append(team.Members, ballotbox.Member{Person: p, Standing: "delegate", Name: fmt.Sprintf("Người Đếm %02d", i)})
	}
	board, err := account.SeedBound(ctx, d, d.DB(), want)
	if err != nil {
		b.Fatal(err)
	}
	officer, head := officerOf(b, d), board[0].ID
	one := func(n int64) *int64 { return &n }
	const ballots = hallStations / 2 * 50
	sheet := &vote.Record{ID: "hoi-truong-do/bch", Rules: "party-election/committee", Date: vn.MustDate("2020-10-14"), Seats: one(51), Form: "strike", Body: "delegate-congress",
		Base: &vote.Base{Summoned: one(ballots), Present: one(ballots)}}
	for i := range hallNames {
		sheet.Candidates = append(sheet.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: fmt.Sprintf("Nguyễn Văn Thứ %d", i+1), Order: i + 1})
	}
	do(officer, ballotbox.Open{Box: ballotbox.Box{ID: hallBox, Case: hallCase, Round: 1, Title: rule.Words{VI: "Bầu (đo)", EN: "Election (measured)"}, Sheet: sheet, Team: team,
		PileSize: 50, Stations: 2, Mode: ballotbox.Ballots, Sample: true}})
	stock := func(what string, n int64) {
		do(head, ballotbox.CountStock{Box: hallBox, Case: hallCase, What: what, Number: n})
	}
	stock("printed", ballots)
	stock("issued", ballots)
	stock("spoiled", 0)
	stock("unused", 0)
	do(head, ballotbox.CheckBox{Box: hallBox, Case: hallCase, Empty: true, Seal: "1"})
	do(head, ballotbox.Unseal{Box: hallBox, Case: hallCase, Intact: true})
	stock("collected", ballots)
	do(head, ballotbox.MakePiles{Box: hallBox, Case: hallCase})
	return logins
}
