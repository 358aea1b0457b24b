package demo

import (
	"strings"
	"testing"
	"time"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// The whole country: 11,367 units of 2021, then the 3,355 of 2026 from
// 1/7/2025. Every province and district finds its successor; no commune does,
// until a decision is recorded.
func TestReorganisationOfTheCountry(t *testing.T) {
	db := storetest.SQLite(t) // TestLamDong does the same on both databases
	cfg := desktest.Config(t, db, org.Room())
	cfg.Rules = desktest.NoRules{}
	d := desktest.Open(t, cfg)
	before, reform, err := Territories()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for i, l := range []org.LoadUnits{before, reform} {
		if err := org.Load(t.Context(), d, []string{"truoc", "sau"}[i], "a", l); err != nil {
			t.Fatal(err)
		}
		t.Logf("loaded after %v, %d entries", time.Since(start), d.Head()+1)
	}
	ctx := t.Context()
	err = d.Read(ctx, func(tx *store.Tx) error {
		countOn := func(day string) map[org.Kind]int {
			us, err := org.Tree(ctx, tx, "", org.Now(vn.MustDate(day)))
			if err != nil {
				t.Fatal(err)
			}
			n := map[org.Kind]int{}
			for _, u := range us {
				n[u.Kind]++
			}
			return n
		}
		for _, day := range []string{"2025-06-30"} {
			if n := countOn(day); n[org.AdminProvince] != 63 || n[org.AdminDistrict] != 705 || n[org.AdminCommune] != 10599 {
				t.Errorf("%s: %v", day, n)
			}
		}
		for _, day := range []string{"2025-07-01", "2026-11-25"} {
			if n := countOn(day); n[org.AdminProvince] != 34 || n[org.AdminDistrict] != 0 || n[org.AdminCommune] != 3321 {
				t.Errorf("%s: %v", day, n)
			}
		}
		if fs, err := org.Findings(ctx, tx); err != nil || len(fs) != 0 {
			t.Errorf("%d open findings, %v", len(fs), err)
		}
		// Successors: all provinces and districts, no commune.
		heirs := map[org.Kind][2]int{}
		cs, err := org.Changes(ctx, tx, "", vn.MustDate("2025-06-30"), vn.MustDate("2025-07-01"), -1)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c.What != org.Gone {
				continue
			}
			h := heirs[c.Before.Kind]
			if c.Missing.Num == 0 {
				h[0]++
			} else {
				h[1]++
			}
			heirs[c.Before.Kind] = h
		}
		if heirs[org.AdminProvince] != [2]int{52, 0} || heirs[org.AdminDistrict] != [2]int{705, 0} || heirs[org.AdminCommune] != [2]int{0, 10599} {
			t.Errorf("with and without a successor: %v", heirs)
		}
		// Lâm Đồng is the three provinces, counted once.
		parts, err := org.Origin(ctx, tx, "org/dvhc/2026/68", vn.MustDate("2026-01-01"), vn.MustDate("2025-06-30"), -1)
		if err != nil {
			return err
		}
		var names []string
		for _, p := range parts {
			u, _, _ := org.Get(ctx, tx, p.Org, org.Now(vn.MustDate("2025-06-30")))
			names = append(names, u.Name)
		}
		if got := strings.Join(names, ", "); len(parts) != 3 || !strings.Contains(got, "Đắk Nông") || !strings.Contains(got, "Bình Thuận") {
			t.Errorf("Lâm Đồng is made of %s", got)
		}
		// The same code, another unit: a code is dated.
		uses, err := org.ByCode(ctx, tx, "68")
		if err != nil || len(uses) != 2 {
			t.Errorf("code 68: %+v %v", uses, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Three provinces become Lâm Đồng: tree and address on the day before, on the
// day, and today; a commune finds its successor when a decision is recorded.
func TestLamDong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg := desktest.Config(t, db, org.Room())
		cfg.Rules = desktest.NoRules{}
		d := desktest.Open(t, cfg)
		before, reform, err := Territories("60", "67", "68")
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range []org.LoadUnits{before, reform} {
			if err := org.Load(t.Context(), d, []string{"truoc", "sau"}[i], "a", l); err != nil {
				t.Fatal(err)
			}
		}
		head := d.Head()
		if err := org.Load(t.Context(), d, "truoc", "a", before); err != nil || d.Head() != head {
			t.Errorf("a load sent again: %v, %d entries more", err, d.Head()-head)
		}
		ctx := t.Context()
		var oldCommune, newCommune org.Unit
		read := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := d.Read(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		read(func(tx *store.Tx) error {
			us, err := org.Search(ctx, tx, "xa dak wil", org.Now(vn.MustDate("2025-06-30")), 5)
			if err != nil || len(us) != 1 {
				t.Fatalf("%v %v", us, err)
			}
			oldCommune = us[0]
			us, err = org.Search(ctx, tx, "xa dak wil", org.Now(vn.MustDate("2025-07-01")), 5)
			if err != nil || len(us) != 1 || us[0].ID == oldCommune.ID {
				t.Fatalf("%v %v", us, err)
			}
			newCommune = us[0]
			return nil
		})
		// A cell of the commune: its territory is recorded anew on the day.
		desktest.Do(t, d, "a", org.Found{ID: "org/cb", Title: "Chi bộ thôn 1", Kind: org.Cell, From: vn.MustDate("2022-01-01"), Details: []org.Detail{{Key: org.Territory, Value: oldCommune.ID}}})
		address := func(on string) string {
			var names []string
			read(func(tx *store.Tx) error {
				path, err := org.Address(ctx, tx, "org/cb", org.Now(vn.MustDate(on)))
				for _, u := range path {
					if u.ID != territoryRoot {
						names = append([]string{u.Name}, names...)
					}
				}
				return err
			})
			return strings.Join(names, ", ")
		}
		if got := address("2025-06-30"); got != "Xã Đắk Wil, Huyện Cư Jút, Tỉnh Đắk Nông" {
			t.Errorf("30/6/2025: %s", got)
		}
		if got := address("2025-07-01"); got != "" {
			t.Errorf("before anything is recorded the new address is unknown, not guessed: %s", got)
		}
		desktest.Do(t, d, "a", org.SetDetail{Org: "org/cb", Detail: org.Detail{Key: org.Territory, Value: newCommune.ID}, From: vn.MustDate("2025-07-01")})
		for _, on := range []string{"2025-07-01", "2026-11-25"} {
			if got := address(on); got != "Xã Đắk Wil, Tỉnh Lâm Đồng" {
				t.Errorf("%s: %s", on, got)
			}
		}
		heirs := func() ([]org.Part, org.Part) {
			var ps []org.Part
			var miss org.Part
			read(func(tx *store.Tx) (err error) {
				ps, miss, err = org.Heirs(ctx, tx, oldCommune.ID, vn.MustDate("2025-06-30"), vn.MustDate("2026-01-01"), -1)
				return err
			})
			return ps, miss
		}
		if ps, miss := heirs(); len(ps) != 0 || miss.Num != 1 {
			t.Errorf("a commune of the same name is no successor: %v", ps)
		}
		desktest.Do(t, d, "a", org.RecordLineage{Links: []org.Link{{Source: oldCommune.ID, Target: newCommune.ID, How: org.Merged, Num: 1, Den: 1}}, From: vn.MustDate("2025-07-01"),
			Decision: org.Decision{Number: "01/NQ (mẫu)", Date: vn.MustDate("2025-06-16")}})
		if ps, miss := heirs(); len(ps) != 1 || ps[0].Org != newCommune.ID || miss.Num != 0 {
			t.Errorf("recorded: %v %v", ps, miss)
		}
		desktest.CheckRebuild(t, d)
	})
}
