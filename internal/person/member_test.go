package person_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	_ "minhbach/internal/vote" // the inputs that rules ask for
)

func memberDesk(t testing.TB, db *store.DB) (*desk.Desk, *rule.Library) {
	t.Helper()
	d := desktest.New(t, db, org.Room(), person.Room())
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []org.Found{
		{ID: "org/xa", Title: "Đảng ủy xã", Kind: org.Grassroots},
		{ID: "org/xa/1", Title: "Chi bộ 1", Kind: org.Cell, Parent: "org/xa"},
		{ID: "org/xa/2", Title: "Chi bộ 2", Kind: org.Cell, Parent: "org/xa"},
	} {
		u.From = vn.MustDate("2000-01-01")
		desktest.Do(t, d, "a", u)
	}
	return d, lib
}

func newPerson(t testing.TB, d *desk.Desk, id string) {
	t.Helper()
	desktest.Do(t, d, "a", person.Record{ID: "person/" + id, Home: "org/xa", From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Người " + id}})
}

// oldMember brings in a member with the days of the paper file.
func oldMember(t testing.TB, d *desk.Desk, id, cell, admitted string) {
	t.Helper()
	newPerson(t, d, id)
	on := vn.MustDate(admitted)
	desktest.Do(t, d, "a", person.TakeStep{Person: "person/" + id, Org: cell, Step: person.Transcribed, From: vn.MustDate("2020-01-01"), Admitted: on, Sworn: on.AddDays(10), Recognised: on.AddDays(10).AddMonths(12)})
}

func votes(f, o int64) (*int64, *int64) { return &f, &o }

// A life from the introduction to the recognition, with every clock and rule.
func TestLifeOfAMember(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		desktest.ClockOf(t, d)
		oldMember(t, d, "cu", "org/xa/1", "1990-03-01")
		newPerson(t, d, "moi")
		step := func(s person.Step, on string) person.TakeStep {
			return person.TakeStep{Person: "person/moi", Org: "org/xa/1", Step: s, From: vn.MustDate(on)}
		}
		read := func(fn func(tx *store.Tx)) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		clock := func(on string) (what string, due vn.Date) {
			read(func(tx *store.Tx) {
				cs, err := person.Clocks(t.Context(), tx, lib, vn.MustDate(on), nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range cs {
					if c.Person == "person/moi" {
						what, due = c.What, c.Due
					}
				}
			})
			return what, due
		}
		intro := step(person.Introduced, "2025-07-10")
		intro.Introducers = []string{"person/moi"}
		desktest.MustRefuse(t, d, "a", intro, desk.Invalid)
		intro.Introducers = []string{"person/cu"}
		desktest.Do(t, d, "a", intro)
		v := step(person.Voted, "2025-07-20")
		v.For, v.Of = votes(7, 12)
		bad := desktest.Do(t, d, "a", v)
		// Fewer than two thirds: the decision is refused, with the verdict.
		no := desktest.MustRefuse(t, d, "a", step(person.Admitted, "2025-08-01"), desk.Refused)
		if len(no.Verdicts) != 1 || no.Verdicts[0].Rule != "party-member.admit-vote" || no.Verdicts[0].Inputs["members"] != 12 {
			t.Errorf("verdicts: %+v", no.Verdicts)
		}
		v.For, v.Of = votes(8, 12)
		desktest.Do(t, d, "a", person.CorrectStep{Person: "person/moi", Home: "org/xa", Fact: bad.Entries[0].Index, Step: v, Reason: "đếm lại biên bản"})
		adm := step(person.Admitted, "2025-08-01")
		adm.Org, adm.Decision = "org/xa", org.Decision{Number: "12-QĐ/ĐU", Date: vn.MustDate("2025-08-01")}
		desktest.Do(t, d, "a", adm)
		if what, due := clock("2025-08-15"); what != "ceremony" || due != vn.MustDate("2025-09-16") {
			t.Errorf("after the decision: %s due %s", what, due)
		}
		desktest.Do(t, d, "a", step(person.Sworn, "2025-09-03"))
		desktest.MustRefuse(t, d, "a", step(person.Sworn, "2025-10-03"), desk.Refused)
		if what, due := clock("2026-01-15"); what != "probation" || due != vn.MustDate("2026-09-03") {
			t.Errorf("on probation: %s due %s", what, due)
		}
		if what, _ := clock("2026-09-10"); what != "recognise" {
			t.Errorf("after twelve months: %s", what)
		}
		// Before twelve months nobody is recognised.
		no = desktest.MustRefuse(t, d, "a", step(person.Recognised, "2026-09-02"), desk.Refused)
		if len(no.Verdicts) == 0 || no.Verdicts[0].Rule != "party-charter.probation" {
			t.Errorf("verdicts: %+v", no.Verdicts)
		}
		// Decided late: official all the same from the day the months ended.
		late := step(person.Recognised, "2026-11-20")
		late.Decision = org.Decision{Number: "20-QĐ/ĐU", Date: vn.MustDate("2026-11-20")}
		no = desktest.MustRefuse(t, d, "a", late, desk.Refused)
		if no.Verdicts[0].Rule != "party-member.official-date" {
			t.Errorf("verdicts: %+v", no.Verdicts)
		}
		late.From = vn.MustDate("2026-09-03")
		r := desktest.Do(t, d, "a", late)
		read(func(tx *store.Tx) {
			rec, err := desk.GetRecord(t.Context(), tx, r.Entries[0].Index)
			if err != nil || !slices.Contains([]bool{true}, len(rec.Body) > 0) {
				t.Fatal(err)
			}
			for _, c := range []struct{ on, standing string }{{"2025-09-02", ""}, {"2025-09-03", "probationary"}, {"2026-09-02", "probationary"}, {"2026-09-03", "official"}} {
				p, ok, err := person.OfficialPlace(t.Context(), tx, "person/moi", org.Now(vn.MustDate(c.on)))
				if err != nil || ok != (c.standing != "") || p.Standing != c.standing {
					t.Errorf("%s: %+v %v", c.on, p, err)
				}
			}
			// Party age counts from the decision, not from the ceremony.
			if p, _, _ := person.OfficialPlace(t.Context(), tx, "person/moi", org.Now(vn.MustDate("2027-01-01"))); p.Since != vn.MustDate("2025-08-01") {
				t.Errorf("since %s", p.Since)
			}
		})
		if what, _ := clock("2026-12-01"); what != "" {
			t.Errorf("nothing runs any more: %s", what)
		}
		desktest.CheckRebuild(t, d)
	})
}

// A transfer is confirmed by both ends; two official places at once are refused.
func TestTransferByBothEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		oldMember(t, d, "m", "org/xa/1", "1996-02-03")
		do := func(s person.TakeStep) desk.Receipt {
			t.Helper()
			s.Person = "person/m"
			return desktest.Do(t, d, "a", s)
		}
		refuse := func(s person.TakeStep) {
			t.Helper()
			s.Person = "person/m"
			desktest.MustRefuse(t, d, "a", s, desk.Refused)
		}
		on := vn.MustDate
		refuse(person.TakeStep{Org: "org/xa/2", Step: person.Transcribed, From: on("2024-01-01"), Admitted: on("1996-02-03"), Sworn: on("1996-02-10"), Recognised: on("1997-02-10")})
		refuse(person.TakeStep{Org: "org/xa/2", Step: person.Arrived, From: on("2025-08-10")})
		do(person.TakeStep{Org: "org/xa/1", Step: person.Sent, Other: "org/xa/2", From: on("2025-08-01")})
		at := func(day string) (place string) {
			if err := d.Read(t.Context(), func(tx *store.Tx) error {
				p, _, err := person.OfficialPlace(t.Context(), tx, "person/m", org.Now(on(day)))
				place = p.Org
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return place
		}
		if at("2025-08-05") != "org/xa/1" {
			t.Error("until the other end confirms the place stays")
		}
		refuse(person.TakeStep{Org: "org/xa", Step: person.Arrived, From: on("2025-08-10")})
		do(person.TakeStep{Org: "org/xa/2", Step: person.Arrived, From: on("2025-08-10")})
		if at("2025-08-09") != "org/xa/1" || at("2025-08-10") != "org/xa/2" {
			t.Error("the place changes on the day of arrival")
		}
		do(person.TakeStep{Org: "org/xa/1", Step: person.Temporary, From: on("2025-09-01"), To: on("2026-03-01")})
		refuse(person.TakeStep{Org: "org/xa", Step: person.Temporary, From: on("2025-10-01")})
		do(person.TakeStep{Org: "org/xa/1", Step: person.Residence, From: on("2025-09-01")})
		do(person.TakeStep{Org: "org/xa/2", Step: person.Exempt, From: on("2026-01-01")})
		if err := d.Read(t.Context(), func(tx *store.Tx) error {
			all, err := person.Members(t.Context(), tx, org.Now(on("2026-02-01")))
			if err != nil || all["org/xa/2"] != (person.MemberCount{Official: 1, Exempt: 1, Away: 1}) || all["org/xa/1"].Here != 1 || all["org/xa/1"].Total() != 0 {
				t.Errorf("%+v %v", all, err)
			}
			u, _, _ := org.Get(t.Context(), tx, "org/xa/2", org.Now(on("2026-02-01")))
			v, ok, err := person.SizeVerdict(t.Context(), tx, lib, u, on("2026-02-01"))
			if err != nil || !ok || v.Holds || v.Rule != "party-charter.cell-size" {
				t.Errorf("a cell of one: %+v %v %v", v, ok, err)
			}
			// 30 years full on 3/2/2026: due that very day; exempt members keep the right.
			due, err := person.BadgesDue(t.Context(), tx, lib, on("2026-01-10"), 4, nil)
			if err != nil || len(due) != 1 || due[0].Years != 30 || due[0].Occasion != on("2026-02-03") || due[0].Overdue {
				t.Errorf("badges: %+v %v", due, err)
			}
			due, err = person.BadgesDue(t.Context(), tx, lib, on("2026-03-10"), 4, nil)
			if err != nil || len(due) != 1 || due[0].Occasion != on("2026-05-19") || !due[0].Overdue {
				t.Errorf("missed: %+v %v", due, err)
			}
			if days := person.Occasions(lib, on("2026-03-10"), 4); len(days) != 4 || days[0] != on("2026-05-19") || days[3] != on("2027-02-03") {
				t.Errorf("occasions: %v", days)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		badge := person.TakeStep{Person: "person/m", Org: "org/xa/2", Step: person.Badge, From: on("2026-05-19"), Years: 31}
		desktest.MustRefuse(t, d, "a", badge, desk.Refused)
		badge.Years = 30
		desktest.Do(t, d, "a", badge)
		// Out of the system: the place ends when the slip comes back.
		do(person.TakeStep{Org: "org/xa/2", Step: person.Sent, From: on("2026-06-01")})
		do(person.TakeStep{Org: "org/xa/2", Step: person.SlipBack, From: on("2026-07-01")})
		if at("2026-07-01") != "" {
			t.Error("the place ended")
		}
		refuse(person.TakeStep{Org: "org/xa/2", Step: person.Removed, From: on("2026-08-01")})
		desktest.CheckRebuild(t, d)
	})
}

// Whatever steps are said, corrected and withdrawn: as of any day and entry the
// place answers like walking what was known then, and nobody is in two.
func TestPlacesAgainstNaiveModel(t *testing.T) {
	d, _ := memberDesk(t, storetest.SQLite(t))
	type said struct {
		entry, fact int64
		step        person.Step
		org         string
		from        vn.Date
		withdrawn   bool
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		id := "r" + string(rune('a'+round%26)) + vn.Thousands(int64(round))
		newPerson(t, d, id)
		first := d.Head()
		var m []said
		day := rapid.Map(rapid.IntRange(0, 60), func(n int) vn.Date { return vn.MustDate("2015-01-01").AddDays(n * 20) })
		cells := rapid.SampledFrom([]string{"org/xa/1", "org/xa/2"})
		for range rapid.IntRange(3, 18).Draw(rt, "acts") {
			on, cell := day.Draw(rt, "day"), cells.Draw(rt, "cell")
			step := rapid.SampledFrom([]person.Step{person.Transcribed, person.Sent, person.Arrived, person.Exempt, person.ExemptEnd, person.Removed}).Draw(rt, "step")
			var act desk.Act
			s := said{fact: -1, step: step, org: cell, from: on}
			a := person.TakeStep{Person: "person/" + id, Org: cell, Step: step, From: on}
			if step == person.Sent {
				a.Other = map[string]string{"org/xa/1": "org/xa/2", "org/xa/2": "org/xa/1"}[cell]
			}
			if step == person.Transcribed {
				a.Admitted, a.Sworn, a.Recognised = vn.MustDate("2010-01-01"), vn.MustDate("2010-01-05"), vn.MustDate("2011-01-05")
			}
			act = a
			if len(m) > 0 && rapid.IntRange(0, 4).Draw(rt, "correct") == 0 {
				old := m[rapid.IntRange(0, len(m)-1).Draw(rt, "which")]
				a.Step = old.step
				if old.step == person.Sent {
					a.Other = map[string]string{"org/xa/1": "org/xa/2", "org/xa/2": "org/xa/1"}[cell]
				}
				if old.step == person.Transcribed {
					a.Admitted, a.Sworn, a.Recognised = vn.MustDate("2010-01-01"), vn.MustDate("2010-01-05"), vn.MustDate("2011-01-05")
				}
				gone := rapid.Bool().Draw(rt, "withdraw")
				act = person.CorrectStep{Person: a.Person, Home: "org/xa", Fact: old.fact, Withdraw: gone, Step: a, Reason: "đính chính"}
				s = said{fact: old.fact, step: old.step, org: cell, from: on, withdrawn: gone}
			}
			r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act})
			var no *desk.Error
			if errors.As(err, &no) {
				continue
			}
			if err != nil {
				rt.Fatal(err)
			}
			s.entry = r.Entries[0].Index
			if s.fact < 0 {
				s.fact = s.entry
			}
			m = append(m, s)
		}
		// The model: of what was known, in the order of days, where one is.
		where := func(on vn.Date, known int64) string {
			last := map[int64]said{}
			for _, s := range m {
				if s.entry <= known {
					last[s.fact] = s
				}
			}
			var live []said
			for _, s := range last {
				if !s.withdrawn && !on.Before(s.from) {
					live = append(live, s)
				}
			}
			slices.SortFunc(live, func(a, b said) int {
				if c := a.from.Compare(b.from); c != 0 {
					return c
				}
				return int(a.fact - b.fact)
			})
			place := ""
			for _, s := range live {
				switch s.step {
				case person.Transcribed, person.Arrived:
					place = s.org
				case person.Removed:
					place = ""
				}
			}
			return place
		}
		err := d.Read(t.Context(), func(tx *store.Tx) error {
			for range 25 {
				on, known := day.Draw(rt, "on"), rapid.Int64Range(first, d.Head()).Draw(rt, "known")
				p, ok, err := person.OfficialPlace(t.Context(), tx, "person/"+id, org.At{On: on, Known: known})
				if err != nil {
					return err
				}
				if want := where(on, known); ok != (want != "") || p.Org != want {
					rt.Fatalf("on %s known %d: %q, the model says %q", on, known, p.Org, want)
				}
			}
			ps, err := person.PlacesOf(t.Context(), tx, "person/"+id)
			for i, a := range ps {
				for _, b := range ps[i+1:] {
					if _, _, both := vn.Overlap(a.From, a.To, b.From, b.To); both && a.Rel == "official" && b.Rel == "official" {
						rt.Fatalf("two official places at once: %+v %+v", a, b)
					}
				}
			}
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
	desktest.CheckRebuild(t, d)
}
