package org_test

import (
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

var reform = org.Decision{Number: "60-NQ/TW", Date: day("2025-04-12"), By: "Ban Chấp hành Trung ương", Signer: "Nguyễn Văn Ký", Basis: "Kết luận mẫu"}

// One decision founds the new committee, ends the three old ones, moves what
// stood under them and says where each went; taken back, all of it is undone.
func TestMergeIsOneActAndCanBeTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		found(t, d)
		before := tree(t, d, org.Now(day("2025-07-01")))
		m := org.Merge{Into: "org/lam-dong-moi", New: &org.Found{Title: "Tỉnh ủy Lâm Đồng", Kind: org.ProvinceCommittee,
			Details: []org.Detail{{Key: org.PartyCode, Value: "25.000.000.000.000"}, {Key: org.Level, Value: "province"}}},
			Parts: []string{"org/dak-nong", "org/lam-dong", "org/dak-lak"}, Children: true, From: day("2025-07-01"), Decision: reform}
		r := desktest.Do(t, d, "a", m)
		if got, want := tree(t, d, org.Now(day("2025-06-30"))), "Tỉnh ủy Đắk Lắk\n Huyện ủy Đắk Song\n  Đảng ủy xã Nâm N'Jang\nTỉnh ủy Đắk Nông\nTỉnh ủy Lâm Đồng"; got != want {
			t.Errorf("30/6/2025:\n%s", got)
		}
		if got, want := tree(t, d, org.Now(day("2025-07-01"))), "Tỉnh ủy Lâm Đồng\n Huyện ủy Đắk Song\n  Đảng ủy xã Nâm N'Jang"; got != want {
			t.Errorf("1/7/2025:\n%s", got)
		}
		read(t, d, func(tx *store.Tx) error {
			parts, err := org.Origin(t.Context(), tx, "org/lam-dong-moi", day("2026-01-01"), day("2025-06-30"), -1)
			if err != nil || len(parts) != 3 || parts[0] != (org.Part{Org: "org/dak-nong", Num: 1, Den: 1}) {
				t.Errorf("origin: %+v %v", parts, err)
			}
			heirs, missing, err := org.Heirs(t.Context(), tx, "org/dak-nong", day("2020-01-01"), day("2026-01-01"), -1)
			if err != nil || len(heirs) != 1 || heirs[0].Org != "org/lam-dong-moi" || missing.Num != 0 {
				t.Errorf("heirs: %+v missing %+v %v", heirs, missing, err)
			}
			cs, err := org.Changes(t.Context(), tx, "", day("2025-06-30"), day("2025-07-01"), -1)
			if err != nil || len(cs) != 5 {
				t.Errorf("changes: %+v %v", cs, err)
			}
			rec, err := desk.GetRecord(t.Context(), tx, r.Entries[0].Index)
			if err != nil || !strings.Contains(string(rec.Blocks["signer"]), "Nguyễn Văn Ký") || strings.Contains(string(rec.Body), "Nguyễn") {
				t.Errorf("the signer stands beside the tree: %s %s", rec.Body, rec.Blocks)
			}
			return err
		})
		desktest.Do(t, d, "a", org.WithdrawAct{Org: "org/lam-dong-moi", Entry: r.Entries[2].Index, Reason: "Quyết định được thu hồi"})
		if got := tree(t, d, org.Now(day("2025-07-01"))); got != before {
			t.Errorf("after withdrawal:\n%s\nwant\n%s", got, before)
		}
		desktest.MustRefuse(t, d, "a", org.WithdrawAct{Org: "org/lam-dong-moi", Entry: r.Entries[2].Index, Reason: "lần nữa"}, desk.NotFound)
		desktest.CheckRebuild(t, d)
	})
}

// Shares follow a figure through a split and a merger after it.
func TestSharesThroughSplitAndMerger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, id := range []string{"a", "b"} {
			desktest.Do(t, d, "x", org.Found{ID: "org/" + id, Title: "Xã " + strings.ToUpper(id), Kind: org.Grassroots, From: day("2000-01-01")})
		}
		desktest.Do(t, d, "x", org.SplitUnit{Org: "org/a", From: day("2010-01-01"), Decision: reform,
			Pieces: []org.Piece{{Into: "org/c", New: &org.Found{Title: "Xã C", Kind: org.Grassroots}, Num: 40, Den: 100}}})
		desktest.Do(t, d, "x", org.Merge{Into: "org/b", Parts: []string{"org/a"}, From: day("2020-01-01"), Decision: reform})
		read(t, d, func(tx *store.Tx) error {
			ctx := t.Context()
			o, err := org.Origin(ctx, tx, "org/b", day("2021-01-01"), day("2005-01-01"), -1)
			if err != nil || len(o) != 2 || o[0] != (org.Part{Org: "org/b", Num: 1, Den: 1}) || o[1] != (org.Part{Org: "org/a", Num: 3, Den: 5}) {
				t.Errorf("B of 2021 is B and three fifths of A of 2005: %+v %v", o, err)
			}
			h, miss, err := org.Heirs(ctx, tx, "org/a", day("2005-01-01"), day("2021-01-01"), -1)
			if err != nil || len(h) != 2 || h[0] != (org.Part{Org: "org/c", Num: 2, Den: 5}) || h[1] != (org.Part{Org: "org/b", Num: 3, Den: 5}) || miss.Num != 0 {
				t.Errorf("A of 2005 went on in C and B: %+v %+v %v", h, miss, err)
			}
			// On a day between, only the split is known.
			if o, _ := org.Origin(ctx, tx, "org/c", day("2015-01-01"), day("2005-01-01"), -1); len(o) != 1 || o[0] != (org.Part{Org: "org/a", Num: 2, Den: 5}) {
				t.Errorf("C: %+v", o)
			}
			return nil
		})
		desktest.MustRefuse(t, d, "x", org.SplitUnit{Org: "org/b", Ends: true, From: day("2022-01-01"),
			Pieces: []org.Piece{{Into: "org/e", New: &org.Found{Title: "E", Kind: org.Grassroots}, Num: 1, Den: 3}, {Into: "org/c", Num: 1, Den: 3}}}, desk.Invalid)
		desktest.MustRefuse(t, d, "x", org.RecordLineage{From: day("2010-01-01"), Links: []org.Link{{Source: "org/a", Target: "org/b", How: org.Split, Num: 2, Den: 3}}}, desk.Refused)
		// A decision of which nobody recorded the heir leaves a gap that is said.
		desktest.Do(t, d, "x", org.Dissolve{Org: "org/c", From: day("2023-01-01")})
		read(t, d, func(tx *store.Tx) error {
			_, miss, err := org.Heirs(t.Context(), tx, "org/c", day("2022-01-01"), day("2024-01-01"), -1)
			if err != nil || miss != (org.Part{Num: 1, Den: 1}) {
				t.Errorf("not recorded: %+v %v", miss, err)
			}
			return nil
		})
		desktest.Do(t, d, "x", org.RecordLineage{From: day("2023-01-01"), Links: []org.Link{{Source: "org/c", Target: "org/b", How: org.Replaced, Num: 1, Den: 1}}, Decision: reform})
		desktest.Do(t, d, "x", org.Found{ID: "org/b2", Title: "Phòng B2", Kind: org.AgencyUnit, From: day("2023-06-01")})
		r := desktest.Do(t, d, "x", org.HandOver{Org: "org/b", To: "org/b2", What: "Quản lý đất đai", From: day("2024-01-01")})
		desktest.Do(t, d, "x", org.CorrectLineage{Fact: r.Entries[0].Index, Withdraw: true, Reason: "ghi nhầm"})
		desktest.CheckRebuild(t, d)
	})
}

// Codes are dated aliases: unique over the whole interval, found at any time.
func TestCodesAreDatedAliases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, id := range []string{"a", "b"} {
			desktest.Do(t, d, "x", org.Found{ID: "org/" + id, Title: "Chi bộ " + id, Kind: org.Cell, From: day("2000-01-01")})
		}
		set := func(id, code, from string) org.SetDetail {
			return org.SetDetail{Org: "org/" + id, Detail: org.Detail{Key: org.PartyCode, Value: code}, From: day(from)}
		}
		const one, two = "25.000.036.001.015", "25.000.036.002.015"
		desktest.MustRefuse(t, d, "x", set("a", "2500003600101", "2001-01-01"), desk.Invalid)
		r := desktest.Do(t, d, "x", set("a", one, "2001-01-01"))
		desktest.MustRefuse(t, d, "x", set("b", one, "2000-01-01"), desk.Refused) // overlaps from 2001
		desktest.Do(t, d, "x", set("a", two, "2010-01-01"))
		desktest.Do(t, d, "x", set("b", one, "2010-01-01")) // free again
		desktest.Do(t, d, "x", set("b", two, "2009-01-01")) // holds until 2010 only, when a takes it
		desktest.MustRefuse(t, d, "x", set("a", one, "2011-01-01"), desk.Refused)
		read(t, d, func(tx *store.Tx) error {
			uses, err := org.ByCode(t.Context(), tx, one)
			if err != nil || len(uses) != 2 || uses[0].Org != "org/a" || uses[0].To != day("2010-01-01") || uses[1].Org != "org/b" {
				t.Errorf("%+v %v", uses, err)
			}
			return nil
		})
		desktest.Do(t, d, "x", org.CorrectDetail{Org: "org/a", Fact: r.Entries[0].Index, Detail: org.Detail{Key: org.PartyCode, Value: "25.000.036.003.015"}, From: day("2002-01-01"), Reason: "ghi nhầm"})
		read(t, d, func(tx *store.Tx) error {
			at := org.At{On: day("2003-01-01"), Known: r.Entries[0].Index}
			if ds, _ := org.Details(t.Context(), tx, "org/a", at); len(ds) != 1 || ds[0].Value != one {
				t.Errorf("as known then: %+v", ds)
			}
			if ds, _ := org.Details(t.Context(), tx, "org/a", org.Now(day("2003-01-01"))); len(ds) != 1 || ds[0].Value != "25.000.036.003.015" {
				t.Errorf("as known now: %+v", ds)
			}
			return nil
		})
		desktest.Do(t, d, "x", org.Reclassify{Org: "org/b", Kind: org.Grassroots, Level: "grassroots", From: day("2020-01-01")})
		read(t, d, func(tx *store.Tx) error {
			a, _, _ := org.Get(t.Context(), tx, "org/b", org.Now(day("2019-12-31")))
			b, _, _ := org.Get(t.Context(), tx, "org/b", org.Now(day("2020-01-01")))
			if a.Kind != org.Cell || b.Kind != org.Grassroots {
				t.Errorf("%s then %s", a.Kind, b.Kind)
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}
