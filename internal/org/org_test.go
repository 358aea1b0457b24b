package org_test

import (
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

var day = vn.MustDate

// open is a desk with this room; organisations ask no rules.
func open(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	cfg := desktest.Config(t, db, org.Room())
	cfg.Rules = desktest.NoRules{}
	return desktest.Open(t, cfg)
}

func read(t *testing.T, d *desk.Desk, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func tree(t *testing.T, d *desk.Desk, at org.At) string {
	t.Helper()
	var b strings.Builder
	read(t, d, func(tx *store.Tx) error {
		us, err := org.Tree(t.Context(), tx, "", at)
		for _, u := range us {
			b.WriteString(strings.Repeat(" ", u.Depth) + u.Name + "\n")
		}
		return err
	})
	return strings.TrimSpace(b.String())
}

func within(t *testing.T, d *desk.Desk, id, ancestor, on string) (ok bool) {
	t.Helper()
	read(t, d, func(tx *store.Tx) (err error) {
		ok, err = org.Within(t.Context(), tx, id, ancestor, day(on))
		return err
	})
	return ok
}

// found sets up two provinces and a district as they stood before 2004.
func found(t *testing.T, d *desk.Desk) {
	t.Helper()
	for _, f := range []org.Found{
		{ID: "org/dak-lak", Title: "Tỉnh ủy Đắk Lắk", Kind: org.ProvinceCommittee, From: day("1975-11-01")},
		{ID: "org/dak-nong", Title: "Tỉnh ủy Đắk Nông", Kind: org.ProvinceCommittee, From: day("2004-01-01")},
		{ID: "org/lam-dong", Title: "Tỉnh ủy Lâm Đồng", Kind: org.ProvinceCommittee, From: day("1976-02-01")},
		{ID: "org/dak-song", Title: "Huyện ủy Đắk Song", Kind: org.DistrictCommittee, Parent: "org/dak-lak", From: day("2001-06-21"), Decision: org.Decision{Number: "30/2001/NĐ-CP"}},
		{ID: "org/nam-binh", Title: "Đảng ủy xã Nâm N'Jang", Kind: org.Grassroots, Parent: "org/dak-song", From: day("2001-06-21")},
	} {
		desktest.Do(t, d, "a", f)
	}
}

// Thirty years of one district: another province, then no district at all.
func TestStoryOfADistrict(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		found(t, d)
		desktest.Do(t, d, "a", org.Move{Org: "org/dak-song", Parent: "org/dak-nong", From: day("2004-01-01"), Decision: org.Decision{Number: "22/2003/QH11"}})

		if !within(t, d, "org/nam-binh", "org/dak-lak", "2003-12-31") || within(t, d, "org/nam-binh", "org/dak-lak", "2004-01-01") {
			t.Error("the commune must leave Đắk Lắk on 1/1/2004, with its district")
		}
		if !within(t, d, "org/nam-binh", "org/dak-nong", "2026-03-01") || within(t, d, "org/nam-binh", "org/nam-binh", "1999-01-01") {
			t.Error("within on a day it exists, and on one it does not")
		}

		// The end of districts, entered before its day: it takes effect by itself.
		moved := desktest.Do(t, d, "a", org.Move{Org: "org/nam-binh", Parent: "org/lam-dong", From: day("2025-07-01")})
		desktest.Do(t, d, "a", org.Rename{Org: "org/nam-binh", Title: "Đảng ủy xã Nâm N’Jang (mới)", From: day("2025-07-01")})
		desktest.Do(t, d, "a", org.Dissolve{Org: "org/dak-song", From: day("2025-07-01"), Successors: []string{"org/nam-binh"}})
		desktest.Do(t, d, "a", org.Dissolve{Org: "org/dak-nong", From: day("2025-07-01"), Successors: []string{"org/lam-dong"}})

		if got, want := tree(t, d, org.Now(day("2025-06-30"))), "Tỉnh ủy Đắk Lắk\nTỉnh ủy Đắk Nông\n Huyện ủy Đắk Song\n  Đảng ủy xã Nâm N'Jang\nTỉnh ủy Lâm Đồng"; got != want {
			t.Errorf("30/6/2025:\n%s\nwant:\n%s", got, want)
		}
		if got, want := tree(t, d, org.Now(day("2025-07-01"))), "Tỉnh ủy Đắk Lắk\nTỉnh ủy Lâm Đồng\n Đảng ủy xã Nâm N'Jang (mới)"; got != want {
			t.Errorf("1/7/2025:\n%s\nwant:\n%s", got, want)
		}
		// As known before any of this was entered, the district goes on.
		known := moved.Entries[0].Index - 1
		if got := tree(t, d, org.At{On: day("2025-07-01"), Known: known}); !strings.Contains(got, "Huyện ủy Đắk Song") {
			t.Errorf("as known at entry %d:\n%s", known, got)
		}
		read(t, d, func(tx *store.Tx) error {
			if fs, err := org.Findings(t.Context(), tx); err != nil || len(fs) != 0 {
				t.Errorf("findings: %v %v", fs, err)
			}
			hs, err := org.History(t.Context(), tx, "org/dak-song")
			if err != nil || len(hs) != 3 || hs[0].Decision.Number != "30/2001/NĐ-CP" || hs[2].What != org.Dissolved {
				t.Errorf("history: %+v %v", hs, err)
			}
			us, err := org.Search(t.Context(), tx, "NAM njang", org.Now(day("2026-03-01")), 10)
			if err != nil || len(us) != 1 || us[0].ID != "org/nam-binh" {
				t.Errorf("search: %+v %v", us, err)
			}
			if us, _ := org.Search(t.Context(), tx, "nam %_", org.Now(day("2026-03-01")), 10); len(us) != 1 {
				t.Errorf("signs in a query are not patterns: %+v", us)
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}

func TestRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		found(t, d)
		no := func(code desk.Code, act desk.Act) { t.Helper(); desktest.MustRefuse(t, d, "a", act, code) }
		cell := org.Found{ID: "org/cb1", Title: "Chi bộ 1", Kind: org.Cell, Parent: "org/nam-binh", From: day("2010-01-01")}
		desktest.Do(t, d, "a", cell)

		no(desk.Invalid, cell)                                                                                                                                          // the id is used
		no(desk.Invalid, org.Found{ID: "org/../x", Title: "X", Kind: org.Cell, From: day("2010-01-01")})                                                                // a path as id
		no(desk.Invalid, org.Found{ID: "org/x", Title: " \u200b", Kind: org.Cell, From: day("2010-01-01")})                                                             // no name
		no(desk.Invalid, org.Found{ID: "org/x", Title: "X", Kind: "club", From: day("2010-01-01")})                                                                     // no such kind
		no(desk.Invalid, org.Found{ID: "org/x", Title: "X", Kind: org.Cell})                                                                                            // no day
		no(desk.Refused, org.Found{ID: "org/x", Title: "X", Kind: org.Cell, Parent: "org/nowhere", From: day("2010-01-01")})                                            // unknown parent
		no(desk.Refused, org.Found{ID: "org/x", Title: "X", Kind: org.Cell, Parent: "org/dak-song", From: day("1999-01-01")})                                           // parent not yet founded
		no(desk.NotFound, org.Rename{Org: "org/nowhere", Title: "X", From: day("2010-01-01")})                                                                          // unknown unit
		no(desk.Refused, org.Rename{Org: "org/cb1", Title: "X", From: day("2009-12-31")})                                                                               // before its life
		no(desk.Refused, org.Rename{Org: "org/cb1", Title: "X", From: day("2010-01-01")})                                                                               // two names on one day
		no(desk.Refused, org.Move{Org: "org/cb1", Parent: "org/dak-lak", From: day("2010-01-01")})                                                                      // two parents on one day
		no(desk.Refused, org.Move{Org: "org/cb1", Parent: "org/cb1", From: day("2012-01-01")})                                                                          // under itself
		no(desk.Refused, org.Move{Org: "org/dak-song", Parent: "org/cb1", From: day("2012-01-01")})                                                                     // a circle
		no(desk.Refused, org.Dissolve{Org: "org/cb1", From: day("2010-01-01")})                                                                                         // gone before it was
		no(desk.Invalid, org.Dissolve{Org: "org/cb1", From: day("2012-01-01"), Successors: []string{"org/nowhere"}})                                                    // unknown successor
		desktest.Do(t, d, "a", org.Dissolve{Org: "org/cb1", From: day("2020-01-01")})                                                                                   //
		no(desk.Refused, org.Dissolve{Org: "org/cb1", From: day("2021-01-01")})                                                                                         // twice
		no(desk.Refused, org.Rename{Org: "org/cb1", Title: "X", From: day("2020-01-01")})                                                                               // after its end
		no(desk.NotFound, org.Correct{Org: "org/cb1", Fact: 99, Withdraw: true, Reason: "nhầm"})                                                                        // no such statement
		no(desk.Invalid, org.Correct{Org: "org/cb1", Fact: 5, Withdraw: true})                                                                                          // no reason
		no(desk.Refused, org.Correct{Org: "org/cb1", Fact: 5, Withdraw: true, Reason: "nhầm"})                                                                          // the founding under a dissolution
		no(desk.Refused, org.Correct{Org: "org/cb1", Fact: 5, From: day("2020-06-01"), Title: "Chi bộ 1", Kind: org.Cell, Parent: "org/nam-binh", Reason: "nhầm ngày"}) // founded after its end
		desktest.CheckRebuild(t, d)
	})
}

// A circle need not stand on the first day: the new parent comes under the
// unit only years later, and that day is named.
func TestCircleOnALaterDay(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	for _, id := range []string{"a", "b", "c"} {
		desktest.Do(t, d, "x", org.Found{ID: "org/" + id, Title: "Đảng ủy " + id, Kind: org.PartyBody, From: day("2000-01-01")})
	}
	desktest.Do(t, d, "x", org.Move{Org: "org/b", Parent: "org/c", From: day("2010-01-01")})
	desktest.Do(t, d, "x", org.Move{Org: "org/c", Parent: "org/a", From: day("2015-01-01")})
	no := desktest.MustRefuse(t, d, "x", org.Move{Org: "org/a", Parent: "org/b", From: day("2005-01-01")}, desk.Refused)
	if !strings.Contains(no.Says.VI, "1/1/2015") {
		t.Errorf("the day of the circle is not named: %s", no.Says.VI)
	}
	// Until 2015 only, it is a lawful shape.
	desktest.Do(t, d, "x", org.Move{Org: "org/a", Parent: "", From: day("2014-01-01")})
	desktest.Do(t, d, "x", org.Move{Org: "org/a", Parent: "org/b", From: day("2005-01-01")})
	desktest.CheckRebuild(t, d)
}

// A dissolution that leaves units behind is recorded; what it leaves stays
// open until people act.
func TestChildOutlivesParent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		found(t, d)
		end := desktest.Do(t, d, "a", org.Dissolve{Org: "org/dak-song", From: day("2025-07-01")})
		read(t, d, func(tx *store.Tx) error {
			fs, err := org.Findings(t.Context(), tx)
			if err != nil || len(fs) != 1 || fs[0].Org != "org/nam-binh" || fs[0].From != day("2025-07-01") || !fs[0].To.IsZero() {
				t.Errorf("findings: %+v %v", fs, err)
			}
			return nil
		})
		if got := tree(t, d, org.Now(day("2025-07-01"))); !strings.HasPrefix(got, "Tỉnh ủy") || !strings.Contains(got, "\nĐảng ủy xã Nâm N'Jang") {
			t.Errorf("the orphan must stand at the top:\n%s", got)
		}
		// The dissolution is taken back: nothing is open any more.
		desktest.Do(t, d, "a", org.Correct{Org: "org/dak-song", Fact: end.Entries[0].Index, Withdraw: true, Reason: "Quyết định được thu hồi"})
		read(t, d, func(tx *store.Tx) error {
			if fs, err := org.Findings(t.Context(), tx); err != nil || len(fs) != 0 {
				t.Errorf("findings after withdrawal: %+v %v", fs, err)
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}

// A correction is not a change: the wrong name was never right, and who asks
// what was known then still sees it.
func TestCorrectionIsNotAChange(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	r := desktest.Do(t, d, "a", org.Found{ID: "org/x", Title: "Huyện ủy Đăk Glong", Kind: org.DistrictCommittee, From: day("2005-06-27")})
	fact := r.Entries[0].Index
	desktest.Do(t, d, "a", org.Correct{Org: "org/x", Fact: fact, Title: "Huyện ủy Đắk Glong", Kind: org.DistrictCommittee, From: day("2005-06-27"), Reason: "sai dấu"})
	if got := tree(t, d, org.Now(day("2006-01-01"))); got != "Huyện ủy Đắk Glong" {
		t.Error(got)
	}
	if got := tree(t, d, org.At{On: day("2006-01-01"), Known: fact}); got != "Huyện ủy Đăk Glong" {
		t.Error(got)
	}
	read(t, d, func(tx *store.Tx) error {
		rec, err := desk.GetRecord(t.Context(), tx, fact+1)
		if err != nil || !strings.Contains(string(rec.Blocks["reason"]), "sai dấu") || strings.Contains(string(rec.Body), "sai dấu") {
			t.Errorf("the reason stands beside the tree: %s %s %v", rec.Body, rec.Blocks, err)
		}
		return err
	})
}

func TestKindsHaveWords(t *testing.T) {
	for _, k := range org.Kinds() {
		if k.VI == "" || k.EN == "" {
			t.Errorf("%s has no words", k.Kind)
		}
	}
}
