package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/report"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

func day(s string) vn.Date { return vn.MustDate(s) }

// house is a province with a commune body of two cells and an agency body, and
// seven members.
func house(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, org.Room(), person.Room(), report.Room())
	for _, u := range []org.Found{
		{ID: "org/tinh", Title: "Tỉnh ủy mẫu", Kind: org.ProvinceCommittee},
		{ID: "org/xa", Title: "Đảng bộ xã mẫu", Kind: org.Grassroots, Parent: "org/tinh"},
		{ID: "org/xa-1", Title: "Chi bộ thôn 1", Kind: org.Cell, Parent: "org/xa"},
		{ID: "org/xa-2", Title: "Chi bộ thôn 2", Kind: org.Cell, Parent: "org/xa"},
		{ID: "org/cq", Title: "Chi bộ cơ quan", Kind: org.Cell, Parent: "org/tinh"},
	} {
		u.From = day("1980-01-01")
		desktest.Do(t, d, "a", u)
	}
	for i, p := range []struct {
		id, gender, ethnicity, born, cell, admitted, recognised, theory string
	}{
		{"1", "male", "Kinh", "1965-05-20", "org/xa-1", "1990-02-03", "1991-02-03", "cao-cap"},
		{"2", "female", "Kinh", "1985", "org/xa-1", "2010-05-19", "2011-05-19", "trung-cap"},
		{"3", "female", "M'Nông", "1999-12-31", "org/xa-2", "2025-09-02", "", ""},
		{"4", "male", "", "", "org/xa-2", "2000-09-02", "2001-09-02", ""},
		{"5", "female", "Kinh", "1980-01-01", "org/cq", "2005-02-03", "2006-02-03", "cao-cap"},
		{"6", "male", "Ê-đê", "1995-06", "org/cq", "2020-02-03", "2021-02-03", "so-cap"},
	} {
		id := "person/" + p.id
		born, err := vn.ParsePartial(p.born)
		if p.born != "" && err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, d, "a", person.Record{ID: id, Home: "org/tinh", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: "Người Mẫu", Gender: p.gender, Ethnicity: p.ethnicity, Born: born}})
		step := person.TakeStep{Person: id, Org: p.cell, From: day(p.admitted), Step: person.Transcribed, Admitted: day(p.admitted), Sworn: day(p.admitted)}
		if p.recognised != "" {
			step.Recognised, step.From = day(p.recognised), day(p.recognised)
		}
		desktest.Do(t, d, "a", step)
		if p.theory != "" {
			desktest.Do(t, d, "a", person.RecordFact{Person: id, Home: "org/tinh", Block: "theory", Content: person.FactContent{From: day("2015-01-01").Partial(), Values: map[string]string{"level": p.theory},
				Source: person.FactSource{Kind: "diploma", Number: "1"}, Certifier: "Ban (mẫu)"}})
		}
		if i < 3 || i == 4 {
			desktest.Do(t, d, "a", person.TakePost{ID: "post/" + p.id, Person: id, Org: "org/tinh", Title: "committee-member", From: day("2020-10-20")})
		}
	}
	for i, x := range []struct{ level, from string }{{"dai-hoc", "1987-06-01"}, {"thac-si", "2001-01-01"}, {"thac-si", "2005-01-01"}, {"tien-si", "2026-06-01"}} {
		desktest.Do(t, d, "a", person.RecordFact{Person: "person/1", Home: "org/tinh", Block: "degree", Item: fmt.Sprintf("fact/bang-%d", i), Content: person.FactContent{From: day(x.from).Partial(), Values: map[string]string{"level": x.level, "major": "Luật"},
			Source: person.FactSource{Kind: "diploma", Number: "1"}, Certifier: "Ban (mẫu)"}})
	}
	return d
}

func reckon(t *testing.T, d *desk.Desk, unit, on string) (s *report.Sheet) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		s, err = report.Reckon(t.Context(), tx, lib(t), unit, day(on))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func lib(t *testing.T) *rule.Library {
	t.Helper()
	l, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// column is the figures of one column: rows in order, then the total.
func column(t *testing.T, s *report.Sheet, table, key string) []int64 {
	t.Helper()
	tb, ok := s.Table(table)
	i := slices.Index(tb.Columns, key)
	if !ok || i < 0 {
		t.Fatalf("no column %s in %s: %v", key, table, tb.Columns)
	}
	var out []int64
	for _, r := range tb.Rows {
		out = append(out, r.N[i])
	}
	if tb.Total != nil {
		out = append(out, tb.Total[i])
	}
	return out
}

// Figures of a province on three days: rows are the units directly under it and
// itself, a birth known only by year counts where it surely belongs.
func TestFiguresOfAProvince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := house(t, db)
		s := reckon(t, d, "org/tinh", "2025-12-31")
		if rows, _ := s.Table(report.Strength); len(rows.Rows) != 3 || rows.Rows[0].Unit != "org/xa" || rows.Rows[1].Unit != "org/cq" || rows.Rows[2].Part != "direct" {
			t.Fatalf("%+v", rows.Rows)
		}
		for _, c := range []struct {
			table, key string
			want       []int64
		}{
			{report.Strength, "all", []int64{4, 2, 0, 6}},
			{report.Strength, "official", []int64{3, 2, 0, 5}},
			{report.Strength, "probationary", []int64{1, 0, 0, 1}},
			{report.Strength, "women", []int64{2, 1, 0, 3}},
			{report.Strength, "minority", []int64{1, 1, 0, 2}}, // not recorded is no minority
			{report.Ages, "18+", []int64{1, 1, 0, 2}},
			{report.Ages, "31+", []int64{1, 0, 0, 1}}, // born 1985: 40 whichever day it was
			{report.Ages, "41+", []int64{0, 1, 0, 1}},
			{report.Ages, "51+", []int64{1, 0, 0, 1}},
			{report.Ages, "unsure", []int64{1, 0, 0, 1}},
			{report.PartyAges, "30+", []int64{1, 0, 0, 1}},
			{report.PartyAges, "unsure", []int64{1, 0, 0, 1}}, // on probation
			{report.Theory, "cao-cap", []int64{1, 1, 0, 2}},
			{report.Theory, "none", []int64{2, 0, 0, 2}},
			{report.Degrees, "dai-hoc", []int64{0, 0, 0, 0}}, // whose highest is another
			{report.Degrees, "thac-si", []int64{1, 0, 0, 1}}, // two of one level are one
			{report.Degrees, "tien-si", []int64{0, 0, 0, 0}}, // not yet on the day
			{report.Degrees, "none", []int64{3, 2, 0, 5}},
			{report.Committee, "all", []int64{4}},
			{report.Committee, "women", []int64{3}},
			{report.Committee, "theory:cao-cap", []int64{2}},
		} {
			if got := column(t, s, c.table, c.key); !slices.Equal(got, c.want) {
				t.Errorf("%s %s: %v, want %v", c.table, c.key, got, c.want)
			}
		}
		if got := column(t, reckon(t, d, "org/tinh", "2009-01-01"), report.Strength, "all"); !slices.Equal(got, []int64{2, 1, 0, 3}) {
			t.Errorf("2009: %v", got)
		}
		if got := column(t, reckon(t, d, "org/xa-1", "2025-12-31"), report.Strength, "all"); !slices.Equal(got, []int64{2, 2}) {
			t.Errorf("of a cell: %v", got)
		}
		// The regulation of 2019 says who is young and what is aimed at; after it
		// nothing is on record, and nobody is called young.
		s = reckon(t, d, "org/tinh", "2021-06-30")
		if got := column(t, s, report.Committee, "young"); !slices.Equal(got, []int64{2}) {
			t.Errorf("young: %v", got)
		}
		if later, _ := reckon(t, d, "org/tinh", "2025-12-31").Table(report.Committee); slices.Contains(later.Columns, "young") {
			t.Error("nobody says who is young in 2025, and somebody was counted")
		}
		ts, err := report.Targets(lib(t), s)
		if err != nil || len(ts) != 2 || ts[0].Verdict.Article == "" || !ts[0].Verdict.Holds {
			t.Errorf("%v %+v", err, ts)
		}
		var no *desk.Error
		if err := d.Read(t.Context(), func(tx *store.Tx) error {
			_, err := report.Reckon(t.Context(), tx, lib(t), "org/tinh", day("1979-12-31"))
			return err
		}); !errors.As(err, &no) || no.Code != desk.NotFound {
			t.Errorf("before the unit stood: %v", err)
		}
	})
}

// Closed figures are not moved by what is corrected later; the page shows what
// moved; closing anew needs a reason and takes the place of the first set.
func TestClosedFiguresDoNotMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := house(t, db)
		s := reckon(t, d, "org/tinh", "2025-12-31")
		sign := report.Signing{Title: "Báo cáo năm 2025", Number: "12-BC/BTCTU", Date: day("2026-01-05"), Signer: "Trần Văn Mẫu", Role: "Phó Trưởng Ban"}
		shut := report.Close{ID: "report/r1", Unit: "org/tinh", On: day("2025-12-31"), Digest: s.Digest(), Signing: sign}
		for _, x := range []func(*report.Close){
			func(c *report.Close) { c.ID = "r1" }, func(c *report.Close) { c.On = day("2099-01-01") }, func(c *report.Close) { c.On = vn.Date{} },
			func(c *report.Close) { c.Signing.Title = " " }, func(c *report.Close) { c.Signing.Signer = "" },
		} {
			bad := shut
			x(&bad)
			desktest.MustRefuse(t, d, "a", bad, desk.Invalid)
		}
		stale := shut
		stale.Digest = "khác"
		desktest.MustRefuse(t, d, "a", stale, desk.Refused)
		rc := desktest.Do(t, d, "a", shut)
		desktest.MustRefuse(t, d, "a", shut, desk.Refused)
		twice := shut
		twice.ID = "report/r2"
		desktest.MustRefuse(t, d, "a", twice, desk.Refused)

		// A member is entered late, with a day before the closing.
		desktest.Do(t, d, "a", person.Record{ID: "person/7", Home: "org/tinh", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: "Người Mẫu Bảy", Gender: "female"}})
		desktest.Do(t, d, "a", person.TakeStep{Person: "person/7", Org: "org/cq", From: day("2013-02-03"), Step: person.Transcribed, Admitted: day("2012-02-03"), Sworn: day("2012-02-03"), Recognised: day("2013-02-03")})
		now := reckon(t, d, "org/tinh", "2025-12-31")
		got := closedSet(t, d, "report/r1")
		if column(t, got.Sheet, report.Strength, "all")[3] != 6 || column(t, now, report.Strength, "all")[3] != 7 || got.Entry != rc.Entries[0].Index || got.Signing != sign {
			t.Errorf("%+v", got)
		}
		diffs := report.Compare(got.Sheet, now)
		if !slices.ContainsFunc(diffs, func(x report.Difference) bool {
			return x.Table == report.Strength && x.Column == "women" && x.Row.Unit == "org/cq" && x.Then == 1 && x.Now == 2
		}) || len(report.Compare(now, now)) != 0 {
			t.Errorf("%+v", diffs)
		}
		anew := shut
		anew.ID, anew.Replaces, anew.Digest = "report/r3", "report/r1", now.Digest()
		desktest.MustRefuse(t, d, "a", anew, desk.Invalid) // no reason
		anew.Signing.Reason = "Bổ sung một đảng viên nhập muộn"
		other := anew
		other.Replaces = "report/none"
		desktest.MustRefuse(t, d, "a", other, desk.NotFound)
		desktest.Do(t, d, "a", anew)
		if got := closedSet(t, d, "report/r1"); got.ReplacedBy != "report/r3" || column(t, got.Sheet, report.Strength, "all")[3] != 6 {
			t.Errorf("%+v", got)
		}
		again := anew
		again.ID = "report/r4"
		desktest.MustRefuse(t, d, "a", again, desk.Refused) // replaced already
		desktest.CheckRebuild(t, d)
	})
}

func closedSet(t *testing.T, d *desk.Desk, id string) (c report.Closed) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		var ok bool
		if c, ok, err = report.Get(t.Context(), tx, id); err == nil && !ok {
			t.Errorf("no set %s", id)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// A series goes back across a merger: the new unit has the members of the units
// it was made of.
func TestSeriesAcrossAMerger(t *testing.T) {
	db := storetest.SQLite(t)
	d := house(t, db)
	desktest.Do(t, d, "a", org.Merge{From: day("2025-07-01"), Into: "org/xa-moi", New: &org.Found{ID: "org/xa-moi", Title: "Chi bộ thôn 1–2", Kind: org.Cell, Parent: "org/xa", From: day("2025-07-01")}, Parts: []string{"org/xa-1", "org/xa-2"}})
	var ps []report.Point
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		ps, err = report.Series(context.Background(), tx, "org/xa-moi", day("2026-01-01"), []vn.Date{day("2009-01-01"), day("2024-01-01"), day("2026-01-01")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var n []int64
	for _, p := range ps {
		n = append(n, p.N)
	}
	if !slices.Equal(n[:2], []int64{2, 3}) || len(ps[0].Units) != 2 || !ps[0].Exact {
		t.Errorf("%+v", ps)
	}
}
