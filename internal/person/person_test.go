package person_test

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

var day = vn.MustDate

// open is a desk with the rooms of this floor and two organisations; persons
// ask no rules.
func open(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	cfg := desktest.Config(t, db, org.Room(), person.Room())
	cfg.Rules = desktest.NoRules{}
	d := desktest.Open(t, cfg)
	desktest.Do(t, d, "a", org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	desktest.Do(t, d, "a", org.Found{ID: "org/xa", Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")})
	return d
}

func born(s string) vn.PartialDate {
	p, err := vn.ParsePartial(s)
	if err != nil {
		panic(err)
	}
	return p
}

func read(t *testing.T, d *desk.Desk, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, d *desk.Desk, query string, at org.At) (out []string) {
	t.Helper()
	read(t, d, func(tx *store.Tx) error {
		ps, err := person.Search(t.Context(), tx, query, at, 0)
		for _, p := range ps {
			out = append(out, p.Identity.Name)
		}
		return err
	})
	return out
}

var today = org.Now(day("2026-03-01"))

// A file over the years: recorded, a name changed by decision, a birth
// corrected from the paper, a post taken and ended.
func TestStoryOfAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		first := desktest.Do(t, d, "a", person.Record{ID: "person/p1", Home: "org/xa", Sample: true, From: day("2015-01-01"),
			Identity: person.Identity{Name: "Ðiểu  K’Rế", Born: born("1971"), Gender: "male"}}).Entries[0].Index
		desktest.Do(t, d, "a", person.Change{Person: "person/p1", Home: "org/xa", From: day("2020-05-01"),
			Identity: person.Identity{Name: "Điểu Ka Rế", Born: born("1971"), Gender: "male"}})
		known := d.Head()
		desktest.Do(t, d, "a", person.Correct{Person: "person/p1", Home: "org/xa", Fact: first, From: day("2015-01-01"),
			Identity: person.Identity{Name: "Điểu K'Rế", Born: born("1972-03-12"), Gender: "male"}, Reason: "theo lý lịch gốc"})

		read(t, d, func(tx *store.Tx) error {
			for _, c := range []struct {
				at         org.At
				name, born string
			}{
				{org.Now(day("2019-01-01")), "Điểu K'Rế", "1972-03-12"},
				{org.At{On: day("2019-01-01"), Known: known}, "Điểu K'Rế", "1971"},
				{org.Now(day("2021-01-01")), "Điểu Ka Rế", "1971"}, // the change was not corrected
			} {
				p, ok, err := person.Get(t.Context(), tx, "person/p1", c.at)
				if err != nil || !ok || p.Identity.Name != c.name || p.Identity.Born.String() != c.born || !p.Sample {
					t.Errorf("%v: %+v %v %v", c.at, p, ok, err)
				}
			}
			if _, ok, _ := person.Get(t.Context(), tx, "person/p1", org.Now(day("2014-12-31"))); ok {
				t.Error("nothing is vouched for before 2015")
			}
			return nil
		})

		desktest.Do(t, d, "a", person.TakePost{ID: "post/1", Person: "person/p1", Org: "org/xa", Title: "secretary", From: day("2020-08-01"), Decision: org.Decision{Number: "12-QĐ/TU"}})
		desktest.Do(t, d, "a", person.EndPost{Post: "post/1", Person: "person/p1", Org: "org/xa", On: day("2025-07-01")})
		read(t, d, func(tx *store.Tx) error {
			for on, want := range map[string]int{"2020-07-31": 0, "2020-08-01": 1, "2025-06-30": 1, "2025-07-01": 0} {
				ps, err := person.Posts(t.Context(), tx, "person/p1", org.Now(day(on)))
				in, err2 := person.PostsIn(t.Context(), tx, "org/xa", org.Now(day(on)))
				if err != nil || err2 != nil || len(ps) != want || len(in) != want {
					t.Errorf("posts on %s: %v %v %v %v", on, ps, in, err, err2)
				}
			}
			all, err := person.AllPosts(t.Context(), tx, "person/p1", -1)
			if err != nil || len(all) != 1 || all[0].To != day("2025-07-01") {
				t.Errorf("%+v %v", all, err)
			}
			hs, err := person.History(t.Context(), tx, "person/p1")
			if err != nil || len(hs) != 5 || hs[0].EntryTo < 0 || hs[2].Fact != first || hs[3].Decision.Number != "12-QĐ/TU" {
				t.Errorf("history: %+v %v", hs, err)
			}
			// No name has gone into an entry's body.
			for i := int64(0); i <= d.Head(); i++ {
				r, err := desk.GetRecord(t.Context(), tx, i)
				if err != nil {
					return err
				}
				if strings.HasPrefix(r.Kind, "person.") && (strings.Contains(string(r.Body), "Điểu") || strings.Contains(string(r.Body), "1971")) {
					t.Errorf("entry %d holds personal content in its body: %s", i, r.Body)
				}
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}

func TestSearchAndListOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for i, n := range []string{"Trần Thị Yến", "Nguyễn Văn Án", "Nguyễn Thị An", "Lê Đức Anh", "Đặng Văn Án"} {
			desktest.Do(t, d, "a", person.Record{ID: "person/" + string(rune('a'+i)), Home: "org/xa", Identity: person.Identity{Name: n}})
		}
		if got := names(t, d, "AN  van", today); !slices.Equal(got, []string{"Đặng Văn Án", "Nguyễn Văn Án"}) {
			t.Errorf("equal given names go by family name, đ before n: %q", got)
		}
		if got := names(t, d, "nguyen", today); !slices.Equal(got, []string{"Nguyễn Thị An", "Nguyễn Văn Án"}) {
			t.Errorf("given names by tone: %q", got)
		}
		if got := names(t, d, "  ", today); got != nil {
			t.Errorf("an empty query finds nothing: %q", got)
		}
		if got := names(t, d, "an' OR '1'='1", today); got != nil {
			t.Errorf("a query is no SQL: %q", got)
		}
		read(t, d, func(tx *store.Tx) error {
			ps, err := person.OfHome(t.Context(), tx, "org/xa", today, 3)
			if err != nil || len(ps) != 3 || ps[0].Identity.Name != "Nguyễn Thị An" {
				t.Errorf("%+v %v", ps, err)
			}
			return nil
		})
	})
}

func TestRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		no := func(code desk.Code, act desk.Act) { t.Helper(); desktest.MustRefuse(t, d, "a", act, code) }
		an := person.Identity{Name: "Nguyễn Thị An"}
		rec := desktest.Do(t, d, "a", person.Record{ID: "person/p1", Home: "org/xa", Identity: an}).Entries[0].Index
		no(desk.Invalid, person.Record{ID: "person/p1", Home: "org/xa", Identity: an})
		no(desk.Invalid, person.Record{ID: "person/../x", Home: "org/xa", Identity: an})
		no(desk.Invalid, person.Record{ID: "person/p2", Home: "org/nowhere", Identity: an})
		no(desk.Invalid, person.Record{ID: "person/p2", Home: "org/xa", Identity: person.Identity{Name: "?!"}})
		no(desk.Invalid, person.Record{ID: "person/p2", Home: "org/xa", Identity: person.Identity{Name: "An", Born: born("2031")}})
		no(desk.Invalid, person.Record{ID: "person/p2", Home: "org/xa", Identity: person.Identity{Name: "An", Gender: "x"}})
		no(desk.NotFound, person.Change{Person: "person/p1", Home: "org/tinh", From: day("2020-01-01"), Identity: an}) // another keeps the file
		no(desk.NotFound, person.Change{Person: "person/nobody", Home: "org/xa", From: day("2020-01-01"), Identity: an})
		no(desk.Refused, person.Change{Person: "person/p1", Home: "org/xa", From: day("1900-01-01"), Identity: an})
		no(desk.Invalid, person.Change{Person: "person/p1", Home: "org/xa", From: day("1899-01-01"), Identity: an})
		no(desk.Refused, person.Correct{Person: "person/p1", Home: "org/xa", Fact: rec, Withdraw: true, Reason: "nhầm"})
		no(desk.Invalid, person.Correct{Person: "person/p1", Home: "org/xa", Fact: rec, From: day("1990-01-01"), Identity: an})

		post := person.TakePost{ID: "post/1", Person: "person/p1", Org: "org/xa", Title: "deputy-secretary", From: day("2010-01-01"), To: day("2015-01-01")}
		taken := desktest.Do(t, d, "a", post).Entries[0].Index
		no(desk.Invalid, post)
		with := func(f func(*person.TakePost)) person.TakePost { p := post; p.ID = "post/2"; f(&p); return p }
		no(desk.Refused, with(func(p *person.TakePost) { p.From = day("2014-12-31") }))
		no(desk.Refused, with(func(p *person.TakePost) { p.From, p.To = day("2009-01-01"), vn.Date{} }))
		no(desk.Refused, with(func(p *person.TakePost) { p.From, p.Title = day("1999-12-31"), "member" })) // before the organisation
		no(desk.Invalid, with(func(p *person.TakePost) { p.From, p.To = day("2016-01-01"), day("2016-01-01") }))
		no(desk.Invalid, with(func(p *person.TakePost) { p.Title = "king" }))
		no(desk.NotFound, with(func(p *person.TakePost) { p.Person = "person/nobody" }))
		desktest.Do(t, d, "a", with(func(p *person.TakePost) { p.From, p.To = day("2015-01-01"), vn.Date{} })) // again, the day the first ends

		no(desk.NotFound, person.EndPost{Post: "post/1", Person: "person/p1", Org: "org/tinh", On: day("2012-01-01")})
		no(desk.Invalid, person.EndPost{Post: "post/1", Person: "person/p1", Org: "org/xa", On: day("2009-01-01")})
		no(desk.Refused, person.EndPost{Post: "post/1", Person: "person/p1", Org: "org/xa", On: day("2017-01-01")}) // would overlap the second
		no(desk.Invalid, person.CorrectPost{Person: "person/p1", Home: "org/xa", Fact: taken, Org: "org/tinh", Title: "member", From: day("2010-01-01"), Reason: "nhầm"})
		no(desk.Refused, person.CorrectPost{Person: "person/p1", Home: "org/xa", Fact: taken, Org: "org/xa", Title: "deputy-secretary", From: day("2010-01-01"), Reason: "nhầm"})
		desktest.Do(t, d, "a", person.CorrectPost{Person: "person/p1", Home: "org/xa", Fact: taken, Withdraw: true, Reason: "ghi nhầm người"})
		no(desk.NotFound, person.EndPost{Post: "post/1", Person: "person/p1", Org: "org/xa", On: day("2012-01-01")})
		desktest.CheckRebuild(t, d)
	})
}

// Two secretaries at once, and a post in a body that is dissolved: recorded,
// and open until people act.
func TestFindings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, id := range []string{"1", "2"} {
			desktest.Do(t, d, "a", person.Record{ID: "person/" + id, Home: "org/xa", Identity: person.Identity{Name: "Người mẫu " + id}})
		}
		desktest.Do(t, d, "a", person.TakePost{ID: "post/1", Person: "person/1", Org: "org/xa", Title: "secretary", From: day("2010-01-01")})
		desktest.Do(t, d, "a", person.TakePost{ID: "post/2", Person: "person/2", Org: "org/xa", Title: "secretary", From: day("2015-01-01")})
		open := func() (out []person.Finding) {
			read(t, d, func(tx *store.Tx) (err error) { out, err = person.Findings(t.Context(), tx); return err })
			return out
		}
		if fs := open(); len(fs) != 1 || fs[0].Rule != "person.single-post" || fs[0].From != day("2015-01-01") {
			t.Errorf("%+v", fs)
		}
		desktest.Do(t, d, "a", person.EndPost{Post: "post/1", Person: "person/1", Org: "org/xa", On: day("2015-01-01")})
		if fs := open(); len(fs) != 0 {
			t.Errorf("%+v", fs)
		}
		desktest.Do(t, d, "a", org.Dissolve{Org: "org/xa", From: day("2025-07-01")})
		if fs := open(); len(fs) != 1 || fs[0].Rule != "person.post-outlives-org" || fs[0].From != day("2025-07-01") || fs[0].Post != "post/2" {
			t.Errorf("%+v", fs)
		}
	})
}

// Erasing a name leaves everything else, and replaying without it gives the
// same tables.
func TestErase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		first := desktest.Do(t, d, "a", person.Record{ID: "person/p1", Home: "org/xa", From: day("2000-01-01"), Identity: person.Identity{Name: "Nguyễn Thị An", Hometown: "Nam Định"}}).Entries[0].Index
		desktest.Do(t, d, "a", person.Change{Person: "person/p1", Home: "org/xa", From: day("2010-01-01"), Identity: person.Identity{Name: "Nguyễn Thị Hoài An"}})
		desktest.Do(t, d, "a", person.TakePost{ID: "post/1", Person: "person/p1", Org: "org/xa", Title: "member", From: day("2005-01-01")})
		desktest.Do(t, d, "a", desk.EraseBlockAct{Index: first, Block: "identity", Decision: "03-QĐ/BTC"})
		if got := names(t, d, "nguyen an", org.Now(day("2005-06-01"))); got != nil {
			t.Errorf("an erased name is still found: %q", got)
		}
		if got := names(t, d, "nguyen an", today); len(got) != 1 {
			t.Errorf("the later identity was not erased: %q", got)
		}
		read(t, d, func(tx *store.Tx) error {
			p, ok, err := person.Get(t.Context(), tx, "person/p1", org.Now(day("2005-06-01")))
			if err != nil || !ok || p.Present || p.Identity != (person.Identity{}) {
				t.Errorf("%+v %v %v", p, ok, err)
			}
			var n int
			if err := tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM person_identity WHERE content LIKE '%Nam %' OR folded LIKE '%nam %'`).Scan(&n); err != nil || n != 0 {
				t.Errorf("content left in %d rows, %v", n, err)
			}
			return nil
		})
		// Corrected after erasing: the new wording stands, the old stays gone.
		desktest.Do(t, d, "a", person.Correct{Person: "person/p1", Home: "org/xa", Fact: first, From: day("2000-01-01"), Identity: person.Identity{Name: "Nguyễn An"}, Reason: "ghi lại"})
		if got := names(t, d, "nguyen an", org.Now(day("2005-06-01"))); len(got) != 1 || got[0] != "Nguyễn An" {
			t.Errorf("%q", got)
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestTitles(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range person.Titles() {
		if x.VI == "" || x.EN == "" || seen[x.Code] {
			t.Errorf("%+v", x)
		}
		seen[x.Code] = true
	}
}
