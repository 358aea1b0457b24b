package election_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func p(n int64) *int64 { return &n }

// dakNong is constituency 1 of Đắk Nông, 23/5/2021.
func dakNong() election.Contest {
	return election.Contest{Place: "Tỉnh Đắk Nông", Unit: 1, Area: "các huyện Krông Nô, Cư Jút và Đắk Mil",
		Title:  rule.Words{VI: "Đơn vị bầu cử số 1", EN: "Constituency 1"},
		Titles: map[string]string{"c1": "Ông", "c3": "Bà"},
		Source: election.Source{How: "hand"},
		Record: &vote.Record{ID: "qh15/dak-nong/1", Rules: "state-election/qh", Date: vn.MustDate("2021-05-23"), Seats: p(3),
			Candidates: []vote.Candidate{{ID: "c1", Name: "Nguyễn Trường Giang"}, {ID: "c2", Name: "Dương Khắc Mai"}, {ID: "c3", Name: "Trần Thị Thu Hằng"}, {ID: "c4", Name: "Điểu Lê Nam Nam"}, {ID: "c5", Name: "Nguyễn Văn Hào"}},
			Ballots:    vote.Ballots{Valid: p(186600)},
			Votes:      map[string]int64{"c1": 153669, "c2": 117918, "c3": 99079, "c4": 90767, "c5": 88227}}}
}

// complete is the same contest with every figure its minutes need (invented
// beyond the votes and valid ballots).
func complete() election.Contest {
	c := dakNong()
	c.Sample = true
	c.Record.Voters = &vote.Voters{Listed: p(190000), Voted: p(189000)}
	c.Record.Ballots = vote.Ballots{Printed: p(190500), Issued: p(189000), Spoiled: p(100), Unused: p(1400), Collected: p(189000), Valid: p(186600), Invalid: p(2400),
		InvalidBy: map[string]int64{"too-many": 2000, "all-struck": 400}, ByChosen: map[string]int64{"2": 10140, "3": 176460}}
	return c
}

func event() election.OpenEvent {
	return election.OpenEvent{ID: "qh15", Kind: "national-assembly", Date: vn.MustDate("2021-05-23"),
		Title: rule.Words{VI: "Bầu cử đại biểu Quốc hội khóa XV", EN: "Election of the XV National Assembly"}}
}

func open(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, election.Room())
	desktest.Do(t, d, "officer", event())
	return d
}

func get(t *testing.T, d *desk.Desk, id string) *election.Detail {
	t.Helper()
	var det *election.Detail
	err := d.Read(context.Background(), func(tx *store.Tx) (err error) {
		det, err = election.Get(context.Background(), tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return det
}

func list(t *testing.T, d *desk.Desk, f election.Filter) []election.Row {
	t.Helper()
	var rows []election.Row
	var total int64
	err := d.Read(context.Background(), func(tx *store.Tx) (err error) {
		rows, total, err = election.List(context.Background(), tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if f.Limit == 0 && int64(len(rows)) != total {
		t.Fatalf("%d rows, total %d", len(rows), total)
	}
	return rows
}

// An officer records a contest; the verdict is the next entry of the same act.
func TestRecordedContestIsCountedInTheSameAct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		rc := desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: dakNong()})
		if len(rc.Entries) != 2 || rc.Entries[0].Kind != election.KindRecorded || rc.Entries[1].Kind != election.KindCounted {
			t.Fatalf("entries %+v", rc.Entries)
		}
		if rc.Entries[1].Subjects[0].Prev != rc.Entries[0].Index {
			t.Error("the verdict does not follow the figures in the contest's chain")
		}
		if body := string(rc.Entries[0].Body); strings.Contains(body, "Giang") {
			t.Errorf("a name stands in the entry itself: %s", body)
		}
		det := get(t, d, "qh15/dak-nong/1")
		if det.Status != "decided" || det.Elected != 3 || det.Need != 93301 || det.Margin != 8312 || det.Lines[3].Name != "Điểu Lê Nam Nam" || det.Lines[2].Title != "Bà" {
			t.Errorf("%+v", det.Row)
		}
		lib, _ := rule.Builtin()
		res, err := det.WithWords(lib)
		if err != nil {
			t.Fatal(err)
		}
		cited := false
		for _, v := range res.Reasons {
			if v.Says.VI == "" || v.Says.EN == "" {
				t.Errorf("%s has no words", v.Rule)
			}
			if v.From["votes"] == "1#record.votes.c1" {
				cited = true
			}
		}
		if !cited {
			t.Error("no verdict cites the votes of c1")
		}
		desktest.CheckRebuild(t, d)
	})
}

// What cannot be understood is not recorded; what contradicts itself is.
func TestBadInputIsRefusedAndContradictionsAreRecorded(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	bad := []struct {
		field string
		spoil func(*election.Contest)
	}{
		{"votes.c9", func(c *election.Contest) { c.Record.Votes["c9"] = 1 }},
		{"votes.c2", func(c *election.Contest) { c.Record.Votes["c2"] = -1 }},
		{"rules", func(c *election.Contest) { c.Record.Rules = "state-election/none" }},
		{"rules", func(c *election.Contest) { c.Record.Date = vn.MustDate("1946-01-06") }},
		{"seats", func(c *election.Contest) { c.Record.Seats = nil }},
		{"title", func(c *election.Contest) { c.Title = rule.Words{} }},
		{"candidates[1].name", func(c *election.Contest) { c.Record.Candidates[1].Name = "  " }},
		{"id", func(c *election.Contest) { c.Record.ID = "qh15/Đắk Nông/1" }},
		{"id", func(c *election.Contest) { c.Record.ID = "elsewhere/1" }},
	}
	for _, b := range bad {
		c := dakNong()
		b.spoil(&c)
		e := desktest.MustRefuse(t, d, "officer", election.RecordContest{Event: "qh15", Contest: c}, desk.Invalid)
		if e.Field != b.field || e.Says.VI == "" || e.Says.EN == "" {
			t.Errorf("field %q, want %q: %s", e.Field, b.field, e.Says.VI)
		}
	}
	desktest.MustRefuse(t, d, "officer", election.RecordContest{Event: "none", Contest: dakNong()}, desk.NotFound)
	c := dakNong()
	c.Record.Votes["c1"] = 186_601 // more than the valid ballots
	desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: c})
	det := get(t, d, "qh15/dak-nong/1")
	if det.Status != "refused" || det.Elected != 0 {
		t.Errorf("status %s, elected %d", det.Status, det.Elected)
	}
	desktest.MustRefuse(t, d, "officer", election.AnnounceResult{Contest: "qh15/dak-nong/1"}, desk.Refused)
	desktest.CheckRebuild(t, d)
}

// A slip is put right with a reason; the older version stays, and the
// announcement of the older verdict no longer opens the display.
func TestCorrectionKeepsTheOlderVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		first := desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: dakNong()})
		desktest.Do(t, d, "officer", election.AnnounceResult{Contest: "qh15/dak-nong/1"})
		if det := get(t, d, "qh15/dak-nong/1"); !det.IsAnnounced() {
			t.Fatal("not announced")
		}
		desktest.MustRefuse(t, d, "officer", election.AnnounceResult{Contest: "qh15/dak-nong/1"}, desk.Refused)
		c := dakNong()
		c.Record.Votes["c4"] = 99_080
		if e := desktest.MustRefuse(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: c, Reason: " "}, desk.Invalid); e.Field != "reason" {
			t.Errorf("field %s", e.Field)
		}
		desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: c, Reason: "Cộng sót một khu vực bỏ phiếu"})
		det := get(t, d, "qh15/dak-nong/1")
		if det.IsAnnounced() || !det.Corrected || det.Versions != 2 || det.Reason == "" || det.Margin != 1 {
			t.Errorf("%+v", det.Row)
		}
		err := d.Read(ctx, func(tx *store.Tx) error {
			old, err := election.GetVersion(ctx, tx, "qh15/dak-nong/1", first.Entries[0].Index)
			if err != nil {
				return err
			}
			if old.Record.Votes["c4"] != 90767 || old.Until != det.Version {
				t.Errorf("older version: %d votes, until %d", old.Record.Votes["c4"], old.Until)
			}
			vs, err := election.Versions(ctx, tx, "qh15/dak-nong/1")
			if len(vs) != 2 || vs[0].Corrects != first.Entries[0].Index {
				t.Errorf("versions %+v", vs)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// Two officers correct the same contest: one wins, the other is told.
func TestTwoOfficersOnOneContest(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	rc := desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: dakNong()})
	seen := rc.Entries[1].Index
	form := func(id, actor, reason string) error {
		_, err := d.Do(context.Background(), desk.Form{ID: id, Seen: seen, Actor: actor,
			Act: election.CorrectContest{Event: "qh15", Contest: complete(), Reason: reason}})
		return err
	}
	if err := form(desk.NewID(), "a", "một"); err != nil {
		t.Fatal(err)
	}
	var e *desk.Error
	if err := form(desk.NewID(), "b", "hai"); !errors.As(err, &e) || e.Code != desk.Stale || len(e.Newer) == 0 {
		t.Fatalf("the second officer got %v", err)
	}
}

// Names erased by decision are gone from the tables, before and after a
// rebuild; votes and verdict stay, and the verdict still replays.
func TestErasedNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		rc := desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: dakNong()})
		desktest.Do(t, d, "officer", desk.EraseBlockAct{Index: rc.Entries[0].Index, Block: election.BlockCandidates, Decision: "12-QĐ/TU"})
		det := get(t, d, "qh15/dak-nong/1")
		if !det.Lines[0].Erased || det.Lines[0].Votes != 153669 || det.Elected != 3 {
			t.Errorf("%+v", det.Lines[0])
		}
		if got := det.Lines[0].Show("vi"); got != "c1 (đã rút khỏi hồ sơ)" {
			t.Errorf("shown as %q", got)
		}
		if rows := list(t, d, election.Filter{Text: "truong giang"}); len(rows) != 0 {
			t.Error("still found by an erased name")
		}
		lib, _ := rule.Builtin()
		if _, err := det.WithWords(lib); err != nil {
			t.Error(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// Lists: search without marks, filters, closest first, paging, totals.
func TestLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		var cs []election.Contest
		for i, gap := range []int64{5000, 100, 900} {
			c := dakNong()
			c.Unit, c.Record.ID = i+1, "qh15/dak-nong/"+string(rune('1'+i))
			c.Record.Votes["c4"] = c.Record.Votes["c3"] - gap
			if i == 2 {
				c.Record.Candidates = c.Record.Candidates[:4]
				delete(c.Record.Votes, "c5")
				c.Place = "Tỉnh Hòa Bình"
			}
			cs = append(cs, c)
		}
		if err := election.Import(ctx, d, desk.NewID(), "officer", "qh15", "", "qh15.csv", strings.Repeat("0", 64), cs); err != nil {
			t.Fatal(err)
		}
		if rows := list(t, d, election.Filter{Event: "qh15", Sort: "margin"}); rows[0].Margin != 100 || rows[2].Margin != 5000 {
			t.Errorf("closest first: %d, %d, %d", rows[0].Margin, rows[1].Margin, rows[2].Margin)
		}
		for f, want := range map[election.Filter]int{
			{Text: "dieu le"}: 3, {Text: "hoa binh"}: 1, {Text: "100%"}: 0, {Text: "_"}: 3, {Place: "TỈNH HOÀ BÌNH"}: 1, {Status: "decided"}: 3,
			{Status: "tied"}: 0, {Show: "condition"}: 1, {Show: "passed-no-seat"}: 3, {Show: "not-recorded"}: 3, {Show: "corrected"}: 0, {Event: "other"}: 0,
		} {
			if got := len(list(t, d, f)); got != want {
				t.Errorf("%+v finds %d, want %d", f, got, want)
			}
		}
		if rows := list(t, d, election.Filter{Limit: 2, Offset: 2}); len(rows) != 1 {
			t.Errorf("second page has %d", len(rows))
		}
		err := d.Read(ctx, func(tx *store.Tx) error {
			sum, err := election.Sum(ctx, tx, "qh15")
			if err != nil {
				return err
			}
			if sum.Contests != 3 || sum.Seats != 9 || sum.Candidates != 14 || sum.Elected != 9 || sum.Conditions != 1 || sum.Valid != 3*186600 {
				t.Errorf("%+v", sum)
			}
			used, err := election.UsedBy(ctx, tx, "state-election.winner", "85/2015/QH13", vn.MustDate("2015-06-25"))
			if len(used) != 3 {
				t.Errorf("%d contests used the rule", len(used))
			}
			ps, err2 := election.FindPersons(ctx, tx, "thu hang", 10)
			if len(ps) != 3 || err2 != nil {
				t.Errorf("%d persons, %v", len(ps), err2)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// A file comes in whole or not at all, and a broken import goes on under the
// same id.
func TestImportIsWholeAndResumes(t *testing.T) {
	ctx := context.Background()
	d := open(t, storetest.SQLite(t))
	var cs []election.Contest
	for i := range 250 {
		c := dakNong()
		c.Record.ID = "qh15/mau/" + strings.Repeat("9", i/100+1) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		cs = append(cs, c)
	}
	digest := strings.Repeat("0", 64)
	spoiled := append([]election.Contest(nil), cs...)
	bad := dakNong()
	bad.Record.ID = cs[0].Record.ID
	spoiled[249] = bad
	if err := election.Import(ctx, d, desk.NewID(), "officer", "qh15", "", "f", digest, spoiled); err == nil || len(list(t, d, election.Filter{})) != 0 {
		t.Fatalf("a file with one id twice: %v, %d recorded", err, len(list(t, d, election.Filter{})))
	}
	id := desk.NewID()
	// The first part went in, then the power failed.
	if _, err := d.Do(ctx, desk.Form{ID: id + "-0000", Seen: desk.AnySeen, Actor: "officer", Act: election.ImportContests{Event: "qh15", Contests: cs[:100]}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := election.Import(ctx, d, id, "officer", "qh15", "", "f", digest, cs); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(list(t, d, election.Filter{})); n != 250 {
		t.Errorf("%d contests", n)
	}
	if err := election.Import(ctx, d, desk.NewID(), "officer", "qh15", "", "f", digest, cs[:1]); err == nil {
		t.Error("the same contest came in twice")
	}
	desktest.CheckRebuild(t, d)
}
