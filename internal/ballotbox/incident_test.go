package ballotbox_test

import (
	"context"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// More ballots collected than issued: the rules block. The way out is minutes
// of the incident, and a recount or an annulment by the chair, each with its
// reason; the team does not decide on itself.
func TestContradictionLeadsToIncidentAndRecount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		desktest.Do(t, d, "account/officer", ballotbox.Open{Box: box()})
		unseal := ballotbox.Unseal{Box: "dh/bch/1", Case: caseID, Intact: true}
		desktest.MustRefuse(t, d, "account/head", unseal, desk.Refused) // not sealed
		desktest.MustRefuse(t, d, "account/head", ballotbox.CheckBox{Box: "dh/bch/1", Case: caseID, Seal: "1"}, desk.Invalid)
		desktest.MustRefuse(t, d, "account/a", ballotbox.CheckBox{Box: "dh/bch/1", Case: caseID, Empty: true, Seal: "1"}, desk.Denied)
		desktest.Do(t, d, "account/head", ballotbox.CheckBox{Box: "dh/bch/1", Case: caseID, Empty: true, Seal: "1"})
		desktest.MustRefuse(t, d, "account/head", unseal, desk.Refused) // no stock yet
		for _, s := range []ballotbox.CountStock{stock("printed", 13), stock("issued", 12), stock("spoiled", 1), stock("unused", 0)} {
			desktest.Do(t, d, "account/a", s)
		}
		e := desktest.MustRefuse(t, d, "account/head", unseal, desk.Refused) // issued 12 to 11 present
		if len(e.Verdicts) == 0 || e.Verdicts[0].Rule != "party-election.issued-present" {
			t.Fatalf("%+v", e)
		}
		desktest.MustRefuse(t, d, "account/a", stock("issued", 11), desk.Invalid) // counted anew without a reason
		again := stock("issued", 11)
		again.Note = "Ghi nhầm một tờ"
		desktest.Do(t, d, "account/a", again)
		desktest.Do(t, d, "account/head", unseal)
		desktest.Do(t, d, "account/a", stock("collected", 12))
		piles := ballotbox.MakePiles{Box: "dh/bch/1", Case: caseID}
		desktest.MustRefuse(t, d, "account/head", piles, desk.Refused) // collected 12 of 11 issued
		resolve := ballotbox.Resolve{Box: "dh/bch/1", Case: caseID, Choice: ballotbox.Recount, By: "Chủ tọa đại hội", Reason: "Đếm lại trước đại hội"}
		desktest.MustRefuse(t, d, "account/chair", resolve, desk.Refused) // no incident yet
		desktest.Do(t, d, "account/head", ballotbox.Incident{Box: "dh/bch/1", Case: caseID, Text: "Thu về nhiều hơn phát ra một phiếu"})
		desktest.MustRefuse(t, d, "account/head", piles, desk.Refused)
		desktest.MustRefuse(t, d, "account/head", resolve, desk.Denied)
		silent := resolve
		silent.Reason = " "
		desktest.MustRefuse(t, d, "account/chair", silent, desk.Invalid)
		desktest.Do(t, d, "account/chair", resolve)
		eleven := stock("collected", 11)
		eleven.Note = "Hai phiếu dính nhau"
		desktest.Do(t, d, "account/a", eleven)
		desktest.Do(t, d, "account/head", piles)
		desktest.CheckRebuild(t, d)
	})
}

// A closed count is reopened only by an incident and a recount: the closing is
// void, the piles are read again from the start. Annulled, the vote is held
// again in a new box, and only then.
func TestRecountAndAnnulment(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	closed(t, d, db)
	second := box()
	second.ID, second.Replaces = "dh/bch/2", "dh/bch/1"
	desktest.MustRefuse(t, d, "account/officer", ballotbox.Open{Box: second}, desk.Refused)
	incident := ballotbox.Incident{Box: "dh/bch/1", Case: caseID, Text: "Có đơn khiếu nại"}
	resolve := ballotbox.Resolve{Box: "dh/bch/1", Case: caseID, Choice: ballotbox.Recount, By: "Đoàn chủ tịch", Reason: "Kiểm lại"}
	desktest.Do(t, d, "account/head", incident)
	desktest.MustRefuse(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID}, desk.Refused)
	desktest.Do(t, d, "account/chair", resolve)
	if b := get(t, d); b.Stage != ballotbox.StateUnsealed || b.Closed != -1 {
		t.Fatalf("%+v", b)
	}
	desktest.Do(t, d, "account/head", ballotbox.MakePiles{Box: "dh/bch/1", Case: caseID})
	desktest.MustRefuse(t, d, "account/a", handIn(at("account/a", 1, 1, 1), 0), desk.Refused) // a form of the first count
	keyAll(t, d, db, at("account/a", 1, 1, 2), eleven...)
	keyAll(t, d, db, at("account/b", 1, 2, 2), eleven...)
	desktest.MustRefuse(t, d, "account/head", ballotbox.Close{Box: "dh/bch/1", Case: caseID}, desk.Refused) // doubts are decided anew
	incident.Text = "Phát hiện phiếu lạ"
	desktest.Do(t, d, "account/head", incident)
	resolve.Choice = ballotbox.Annul
	desktest.Do(t, d, "account/chair", resolve)
	desktest.MustRefuse(t, d, "account/a", stock("issued", 3), desk.Refused)
	desktest.Do(t, d, "account/officer", ballotbox.Open{Box: second})
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		all, err := ballotbox.ByCase(ctx, tx, caseID)
		if err != nil || len(all) != 2 || all[0].Stage != ballotbox.StateAnnulled || all[1].Replaces != "dh/bch/1" {
			t.Errorf("%v %+v", err, all)
		}
		return nil
	})
	desktest.CheckRebuild(t, d)
}

// Totals counted by hand are typed by two persons; they are taken only when
// equal, and each is blind to the other.
func TestTotalsTwice(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	b := box()
	b.Mode = ballotbox.TotalsTwice
	ready(t, d, b, 11)
	totals := func(c4 int64) ballotbox.Totals {
		return ballotbox.Totals{Valid: 11, ByChosen: map[string]int64{"3": 11}, Votes: map[string]int64{"c1": 11, "c2": 10, "c3": 9, "c4": c4}}
	}
	key := func(station, attempt int, c4 int64) ballotbox.KeyTotals {
		return ballotbox.KeyTotals{Box: "dh/bch/1", Case: caseID, Station: station, Attempt: attempt, Totals: totals(c4)}
	}
	desktest.Do(t, d, "account/a", key(1, 1, 3))
	desktest.MustRefuse(t, d, "account/a", key(2, 1, 3), desk.Refused)
	desktest.Do(t, d, "account/b", key(2, 1, 2)) // differ
	desktest.MustRefuse(t, d, "account/head", ballotbox.Close{Box: "dh/bch/1", Case: caseID}, desk.Refused)
	desktest.MustRefuse(t, d, "account/a", key(1, 1, 3), desk.Refused) // old form
	short := key(1, 2, 3)
	delete(short.Totals.Votes, "c2")
	desktest.MustRefuse(t, d, "account/a", short, desk.Invalid)
	desktest.Do(t, d, "account/a", key(1, 2, 3))
	desktest.Do(t, d, "account/b", key(2, 2, 3))
	desktest.Do(t, d, "account/head", ballotbox.Close{Box: "dh/bch/1", Case: caseID})
	desktest.CheckRebuild(t, d)
}

// Counted beside another program, the two results are held against each other:
// not entered, the count does not close; different, only with a note.
func TestBesideAnotherProgram(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	b := box()
	b.Mode = ballotbox.CompareWith
	ready(t, d, b, 11)
	lines := []string{"4", "4", "4", "4", "4", "4", "4", "4", "1", "2", "3"}
	keyAll(t, d, db, at("account/a", 1, 1, 1), lines...)
	keyAll(t, d, db, at("account/b", 1, 2, 1), lines...)
	closeIt := ballotbox.Close{Box: "dh/bch/1", Case: caseID}
	desktest.MustRefuse(t, d, "account/head", closeIt, desk.Refused)
	desktest.Do(t, d, "account/head", ballotbox.EnterOther{Box: "dh/bch/1", Case: caseID, Source: "Phần mềm A",
		Totals: ballotbox.Totals{Valid: 11, Votes: map[string]int64{"c1": 10, "c2": 10, "c3": 10, "c4": 4}}})
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		c, err := ballotbox.CheckOf(ctx, tx, rules(t), get(t, d))
		if err != nil || len(c.Others) != 1 || len(c.Others[0].Diffs) != 1 || c.Others[0].Diffs[0] != (ballotbox.TotalDiff{Field: "votes.c4", A: 3, B: 4}) {
			t.Errorf("%v %+v", err, c.Others)
		}
		return nil
	})
	desktest.MustRefuse(t, d, "account/head", closeIt, desk.Invalid)
	closeIt.Note = "Phần mềm A đọc nhầm một phiếu, đã xem lại phiếu giấy"
	desktest.Do(t, d, "account/head", closeIt)
	desktest.CheckRebuild(t, d)
}

// A polling team of a State election brings its figures through the same room.
func TestPollingTeamFigures(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := ballotbox.Box{ID: "qh/kv-3", Case: "contest/qh/kv-3", Round: 1, Title: rule.Words{VI: "Khu vực bỏ phiếu số 3", EN: "Polling area 3"},
		Sheet: &vote.Record{ID: "qh/kv-3", Rules: "state-election/qh", Date: vn.MustDate("2021-05-23"), Seats: p(3),
			Candidates: []vote.Candidate{{ID: "c1", Name: "A"}, {ID: "c2", Name: "B"}, {ID: "c3", Name: "C"}, {ID: "c4", Name: "D"}}},
		Team: team(), PileSize: 100, Stations: 2, Mode: ballotbox.TotalsTwice, Sample: true}
	desktest.Do(t, d, "account/officer", ballotbox.Open{Box: b})
	for what, n := range map[string]int64{"listed": 1200, "printed": 1250, "issued": 1100, "spoiled": 4, "unused": 146, "voted": 1100} {
		desktest.Do(t, d, "account/a", ballotbox.CountStock{Box: b.ID, Case: b.Case, What: what, Number: n})
	}
	desktest.Do(t, d, "account/head", ballotbox.CheckBox{Box: b.ID, Case: b.Case, Empty: true, Seal: "TBC 3"})
	desktest.Do(t, d, "account/head", ballotbox.Unseal{Box: b.ID, Case: b.Case, Intact: true})
	desktest.Do(t, d, "account/a", ballotbox.CountStock{Box: b.ID, Case: b.Case, What: "collected", Number: 1098})
	desktest.Do(t, d, "account/head", ballotbox.MakePiles{Box: b.ID, Case: b.Case, Note: "Hai cử tri không bỏ phiếu vào hòm"})
	t1 := ballotbox.Totals{Valid: 1090, Invalid: 8, InvalidBy: map[string]int64{"too-many": 8}, ByChosen: map[string]int64{"2": 90, "3": 1000},
		Votes: map[string]int64{"c1": 1000, "c2": 900, "c3": 800, "c4": 480}}
	for i, actor := range []string{"account/a", "account/b"} {
		desktest.Do(t, d, actor, ballotbox.KeyTotals{Box: b.ID, Case: b.Case, Station: i + 1, Attempt: 1, Totals: t1})
	}
	desktest.Do(t, d, "account/head", ballotbox.Close{Box: b.ID, Case: b.Case})
	desktest.Do(t, d, "account/head", ballotbox.Report{Box: b.ID, Case: b.Case})
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		row, err := ballotbox.Get(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		rec, err := ballotbox.Record(ctx, tx, row)
		if err != nil || *rec.Voters.Voted != 1100 || *rec.Ballots.Collected != 1098 {
			t.Errorf("%v %+v", err, rec)
		}
		return nil
	})
	desktest.CheckRebuild(t, d)
}

// Erased blocks leave what a rebuild without them makes; a count whose readings
// are gone says so.
func TestErasedReadings(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	closed(t, d, db)
	desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
	var at []desk.Record
	read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
		at, err = desk.Range(ctx, tx, 0, d.Head()+1)
		return err
	})
	for _, r := range at {
		for _, b := range r.Entry.Blocks {
			desktest.Do(t, d, "account/head", desk.EraseBlockAct{Index: r.Index, Block: b.Name, Decision: "05-QĐ/TU"})
		}
	}
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		b := get(t, d)
		if _, err := ballotbox.Record(ctx, tx, b); code(err) != desk.Refused {
			t.Errorf("%v", err)
		}
		if b.Sheet.Candidates[0].Name != "" || b.Names["team"]["person/a"] != "" {
			t.Error("names are still there")
		}
		return nil
	})
	desktest.CheckRebuild(t, d)
}
