package demo

import (
	"strconv"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/report"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The published result of 23/5/2021 follows from the figures and the law: the
// 500 elected and nobody else, and the 26 who passed one half without a seat.
func TestQH15CountsAsPublished(t *testing.T) {
	cs, err := QH15Contests()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if problems := election.CheckAll(lib, cs); len(problems) > 0 {
		t.Fatal(problems[0])
	}
	published := map[string]bool{} // contest and name → elected
	rs, err := rows("qh15_2021_results.csv", "elected_by_rule")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		published[r["province"]+r["unit_no"]+r["candidate"]+r["votes"]] = r["elected_by_rule"] == "1"
	}
	us, err := rows("qh15_2021_constituencies.csv")
	if err != nil {
		t.Fatal(err)
	}
	var elected, passed, candidates, short int
	for i, c := range cs {
		res, err := vote.NewCounter(lib).Count(c.Record)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, x := range c.Record.Candidates {
			names[x.ID] = x.Name
		}
		for _, l := range res.Results {
			candidates++
			key := us[i]["province"] + us[i]["unit_no"] + names[l.Candidate] + strconv.FormatInt(l.Votes, 10)
			if want, known := published[key]; !known || want != (l.Outcome == vote.Elected) {
				t.Errorf("%s: %s is %s", c.Record.ID, names[l.Candidate], l.Outcome)
			}
			switch l.Outcome {
			case vote.Elected:
				elected++
			case vote.PassedNoSeat:
				passed++
			}
		}
		for _, f := range res.Findings {
			if f.Kind == "condition" {
				short++
			}
		}
	}
	if len(cs) != 184 || candidates != 866 || elected != 500 || passed != 26 || short != 2 {
		t.Errorf("%d units, %d candidates, %d elected, %d passed without a seat, %d lists too short; want 184, 866, 500, 26, 2", len(cs), candidates, elected, passed, short)
	}
}

// The sample contests show what their words promise.
func TestInventedContests(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		status   vote.Status
		complete bool
	}{
		"dai-hoi-mau/ban-chap-hanh":            {vote.Decided, true},
		"dai-hoi-mau/dai-bieu-du-dai-hoi-tinh": {vote.Tied, true},
		"dai-hoi-mau/uy-ban-kiem-tra":          {vote.Decided, true},
		"hdnd-mau/an-binh/1":                   {vote.Decided, true},
	}
	for _, c := range append(CongressContests(), CouncilContest()) {
		w, ok := want[c.Record.ID]
		if !ok {
			t.Errorf("no expectation for %s", c.Record.ID)
		}
		if !c.Sample {
			t.Errorf("%s is not marked as sample", c.Record.ID)
		}
		res, err := c.Check(lib)
		if err != nil {
			t.Fatal(err)
		}
		missing := false
		for _, f := range res.Findings {
			missing = missing || f.Kind == "not-recorded"
			t.Logf("%s: %s %s: %s", c.Record.ID, f.Kind, f.Rule, f.Says.EN)
		}
		if res.Status != w.status || missing == w.complete {
			t.Errorf("%s: %s, figures missing: %v", c.Record.ID, res.Status, missing)
		}
	}
}

// The sample is added at every start: what users recorded meanwhile, of a day
// before the closed figures too, must not keep the program from starting.
func TestSeedAfterUse(t *testing.T) {
	db := storetest.SQLite(t)
	d := desktest.New(t, db, org.Room(), person.Room(), dossier.Room(), account.Room(), election.Room(), procedure.Room(), report.Room())
	if err := Seed(t.Context(), d, db); err != nil {
		t.Fatal(err)
	}
	s := &seeder{ctx: t.Context(), d: d}
	as, err := account.SeedSample(t.Context(), d, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		if a.Role == "officer" && s.officer == "" {
			s.officer = a.ID
		}
	}
	s.do("dung-thu-nguoi", person.Record{ID: "person/dung-thu", Home: "org/tinh", From: vn.MustDate("2025-08-01"), Identity: person.Identity{Name: "Đỗ Dùng Thử", Gender: "male"}})
	s.do("dung-thu-dang-vien", person.TakeStep{Person: "person/dung-thu", Org: "org/xa-an-binh/thon-1", Step: person.Transcribed, From: vn.MustDate("2025-08-01"), Admitted: vn.MustDate("2000-01-20"), Sworn: vn.MustDate("2000-02-03"), Recognised: vn.MustDate("2001-02-03")})
	if s.err != nil {
		t.Fatal(s.err)
	}
	head := d.Head()
	if err := Seed(t.Context(), d, db); err != nil {
		t.Fatal(err)
	}
	if d.Head() != head {
		t.Errorf("seeding again made %d entries", d.Head()-head)
	}
}

// Seeding a new database is quick, and doing it again changes nothing.
func TestSeedTwiceIsSeedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := desktest.New(t, db, org.Room(), person.Room(), dossier.Room(), account.Room(), election.Room(), procedure.Room(), report.Room())
		start := time.Now()
		if err := Seed(t.Context(), d, db); err != nil {
			t.Fatal(err)
		}
		t.Logf("seeded in %v", time.Since(start))
		head := d.Head()
		if err := Seed(t.Context(), d, db); err != nil {
			t.Fatal(err)
		}
		if d.Head() != head {
			t.Errorf("seeding again made %d entries", d.Head()-head)
		}
		seedFiles(t, d, db)
		var sum election.Totals
		if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
			sum, err = election.Sum(t.Context(), tx, QH15)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if sum.Contests != 184 || sum.Candidates != 866 || sum.Elected != 500 || sum.PassedNoSeat != 26 || sum.Conditions != 2 {
			t.Errorf("%+v", sum)
		}
		desktest.CheckRebuild(t, d)
	})
}
