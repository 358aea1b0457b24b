package ballotbox_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

const dice = "4 2 6 6 1 3 5 2 1 4 6 3"

func auditOf(t *testing.T, d *desk.Desk) (a *ballotbox.Audit) {
	t.Helper()
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		b, err := ballotbox.Get(ctx, tx, "dh/bch/1")
		if err != nil {
			return err
		}
		a, err = ballotbox.AuditOf(ctx, tx, rules(t), b)
		return err
	})
	return a
}

func draw(papers int64) ballotbox.DrawAudit {
	return ballotbox.DrawAudit{Box: "dh/bch/1", Case: caseID, Dice: dice, Limit: 50, Papers: papers}
}

func see(no int64, keys string) ballotbox.SeeAudited {
	return ballotbox.SeeAudited{Box: "dh/bch/1", Case: caseID, No: no, Keys: keys}
}

// In a cell of eleven a sample saves little: the program says so; every paper
// is drawn, seen, and the result stands.
func TestAuditOfSmallBoxCountsAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		closed(t, d, db)
		desktest.MustRefuse(t, d, "account/head", draw(0), desk.Refused) // not reported: how many would tell how close it is
		desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
		if a := auditOf(t, d); !a.All || a.Ballots != 11 || a.Drawn >= 0 {
			t.Fatalf("%+v", a)
		}
		desktest.MustRefuse(t, d, "account/a", draw(11), desk.Denied) // the head draws
		for _, x := range []ballotbox.DrawAudit{
			{Dice: "4 2 7", Limit: 50}, {Dice: "123", Limit: 50}, {Dice: strings.Repeat("6", 101), Limit: 50},
			{Dice: dice, Limit: 0}, {Dice: dice, Limit: 201}, {Dice: dice, Limit: 50, Papers: 12}, {Dice: dice, Limit: 50, Papers: -1},
		} {
			x.Box, x.Case = "dh/bch/1", caseID
			desktest.MustRefuse(t, d, "account/head", x, desk.Invalid)
		}
		rc := desktest.Do(t, d, "account/head", draw(11))
		if kinds(rc) != ballotbox.KindAuditDrawn {
			t.Error(kinds(rc))
		}
		desktest.MustRefuse(t, d, "account/head", draw(11), desk.Refused) // one is under way
		end := ballotbox.EndAudit{Box: "dh/bch/1", Case: caseID}
		desktest.MustRefuse(t, d, "account/head", end, desk.Refused) // nothing seen yet
		desktest.MustRefuse(t, d, "account/a", see(12, "4"), desk.NotFound)
		desktest.MustRefuse(t, d, "account/a", see(1, "9"), desk.Invalid)
		for i, k := range []string{"1", "4", "4", "*", "4", "4", "2", "4", "?", "3", "4"} {
			rc := desktest.Do(t, d, "account/a", see(int64(i+1), k))
			if strings.Contains(string(rc.Entries[0].Body), "aaad") {
				t.Error("what a paper bears stands in the open")
			}
		}
		desktest.MustRefuse(t, d, "account/b", see(1, "4"), desk.Refused) // entered already
		back := see(1, "")
		back.Undo = true
		desktest.Do(t, d, "account/b", back)
		desktest.MustRefuse(t, d, "account/b", back, desk.Refused)
		if a := auditOf(t, d); a.Open != 1 || a.Risk != 1_000_000 || a.Outcome != ballotbox.AuditNot {
			t.Errorf("one paper is open: %+v", a)
		}
		desktest.Do(t, d, "account/b", see(1, "1"))
		if a := auditOf(t, d); a.Open != 0 || a.Risk != 0 || a.Outcome != ballotbox.AuditStands || !slices.ContainsFunc(a.List, func(p ballotbox.AuditPaper) bool { return p.No == 7 && p.Pile == 1 && p.At == 7 }) {
			t.Errorf("%+v", a)
		}
		desktest.Do(t, d, "account/head", end)
		desktest.MustRefuse(t, d, "account/head", draw(11), desk.Refused) // dice are not rolled twice
		desktest.MustRefuse(t, d, "account/a", see(1, "4"), desk.Refused)
		if a := auditOf(t, d); a.Ended < 0 || a.Outcome != ballotbox.AuditStands {
			t.Errorf("ended: %+v", a)
		}
		desktest.CheckRebuild(t, d)
	})
}

// Papers that say another thing than the figures: the result is not shown to
// stand, the audit ends only with a reason, and what was seen opens with the readings.
func TestAuditFindsAnotherResult(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	closed(t, d, db)
	desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
	desktest.Do(t, d, "account/head", draw(5))
	for _, p := range auditOf(t, d).List {
		desktest.Do(t, d, "account/a", see(p.No, "1"))
	}
	if a := auditOf(t, d); a.Outcome != ballotbox.AuditNot || a.Risk < 500_000 {
		t.Errorf("%+v", a)
	}
	more := draw(11)
	more.Dice, more.Papers = "", 8
	desktest.MustRefuse(t, d, "account/head", more, desk.Invalid) // one sample, then all
	more.Papers = 0
	old := auditOf(t, d).List
	desktest.Do(t, d, "account/head", more)
	for _, p := range auditOf(t, d).List {
		if !p.Seen {
			desktest.Do(t, d, "account/b", see(p.No, "1"))
		}
	}
	a := auditOf(t, d)
	for _, p := range old {
		if !slices.ContainsFunc(a.List, func(q ballotbox.AuditPaper) bool { return q.No == p.No && q.Seen }) {
			t.Errorf("paper %d, drawn first, is not among those drawn further", p.No)
		}
	}
	if a.Outcome != ballotbox.AuditDiffers || a.Risk != 1_000_000 {
		t.Errorf("%+v", a)
	}
	end := ballotbox.EndAudit{Box: "dh/bch/1", Case: caseID}
	desktest.MustRefuse(t, d, "account/head", end, desk.Invalid)
	end.Note = "Kiểm lại toàn bộ cho kết quả khác, lập biên bản sự cố"
	desktest.Do(t, d, "account/head", end)
	desktest.MustRefuse(t, d, "account/head", draw(3), desk.Refused)
	rc := desktest.Do(t, d, "account/officer", ballotbox.OpenReadings{Box: "dh/bch/1", Decision: "12-QĐ/TU"})
	if n := strings.Count(string(rc.Entries[1].Body), ","); n < 12 {
		t.Errorf("opened with the readings: %s", rc.Entries[1].Body)
	}
	desktest.CheckRebuild(t, d)
}

// A congress of 347 ballots with a clear result, counted by totals: a few dozen
// papers do, and they are drawn the same by anybody who has the dice.
func TestAuditOfClearResultNeedsFewPapers(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	b := box()
	desktest.MustRefuse(t, d, "account/head", draw(0), desk.NotFound) // no box yet
	b.Mode = ballotbox.TotalsTwice
	b.Sheet.Base.Summoned, b.Sheet.Base.Present = p(347), p(347)
	b.Sheet.Level, b.Sheet.OrgKind, b.Sheet.Body = "province", "", "delegate-congress"
	ready(t, d, b, 347)
	totals := ballotbox.Totals{Valid: 347, Votes: map[string]int64{"c1": 340, "c2": 335, "c3": 330, "c4": 36}, ByChosen: map[string]int64{"3": 347}}
	desktest.MustRefuse(t, d, "account/head", draw(0), desk.Refused) // not closed yet
	for i, who := range []string{"account/a", "account/b"} {
		desktest.Do(t, d, who, ballotbox.KeyTotals{Box: b.ID, Case: caseID, Station: i + 1, Attempt: 1, Totals: totals})
	}
	desktest.Do(t, d, "account/head", ballotbox.Close{Box: b.ID, Case: caseID})
	desktest.Do(t, d, "account/head", ballotbox.Report{Box: b.ID, Case: caseID})
	a := auditOf(t, d)
	if a.All || a.Likely > 40 {
		t.Fatalf("all %v, %d papers", a.All, a.Likely)
	}
	desktest.Do(t, d, "account/head", draw(0))
	a = auditOf(t, d)
	if a.Papers != a.Likely || len(a.List) != int(a.Papers) {
		t.Errorf("%d drawn, %d listed", a.Papers, len(a.List))
	}
	for _, p := range a.List {
		desktest.Do(t, d, "account/a", see(p.No, "4"))
	}
	if a = auditOf(t, d); a.Outcome != ballotbox.AuditStands || a.Risk > 50_000 || a.Risk == 0 {
		t.Errorf("%+v", a)
	}
}
