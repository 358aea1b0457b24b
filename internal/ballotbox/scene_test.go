package ballotbox_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func p(n int64) *int64 { return &n }

const caseID = "contest/dh/bch"

// sheet is a cell of eleven electing three from four: struck names.
func sheet() *vote.Record {
	return &vote.Record{ID: "dh/bch", Rules: "party-election/committee", Date: vn.MustDate("2020-06-10"), Seats: p(3), Form: "strike",
		Body: "member-congress", Level: "cell", OrgKind: "cell",
		Base: &vote.Base{Summoned: p(11), Present: p(11)},
		Candidates: []vote.Candidate{{ID: "c1", Name: "Lê Văn An", Order: 1}, {ID: "c2", Name: "Trần Thị Bình", Order: 2},
			{ID: "c3", Name: "Phạm Văn Cường", Order: 3}, {ID: "c4", Name: "Hoàng Thị Dung", Order: 4}}}
}

func team() ballotbox.Team {
	return ballotbox.Team{Head: "person/head", Members: []ballotbox.Member{
		{Person: "person/head", Account: "account/head", Standing: "official-member", Name: "Nguyễn Trưởng Ban"},
		{Person: "person/a", Account: "account/a", Standing: "official-member", Name: "Đỗ Người Một"},
		{Person: "person/b", Account: "account/b", Standing: "official-member", Name: "Vũ Người Hai"}}}
}

func box() ballotbox.Box {
	return ballotbox.Box{ID: "dh/bch/1", Case: caseID, Round: 1, Title: rule.Words{VI: "Bầu chi ủy", EN: "Cell committee"},
		Sheet: sheet(), Persons: map[string]string{"c1": "person/an"}, Team: team(), PileSize: 50, Stations: 2, Mode: ballotbox.Ballots, Sample: true}
}

func newDesk(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	return desktest.New(t, db, org.Room(), person.Room(), account.Room(), ballotbox.Room())
}

func stock(what string, n int64) ballotbox.CountStock {
	return ballotbox.CountStock{Box: "dh/bch/1", Case: caseID, What: what, Number: n}
}

// ready brings a box of so many ballots to its piles.
func ready(t *testing.T, d *desk.Desk, b ballotbox.Box, ballots int64) {
	t.Helper()
	desktest.Do(t, d, "account/officer", ballotbox.Open{Box: b})
	for _, s := range []ballotbox.CountStock{stock("printed", ballots+2), stock("issued", ballots), stock("spoiled", 1), stock("unused", 1)} {
		desktest.Do(t, d, "account/a", s)
	}
	desktest.Do(t, d, "account/head", ballotbox.CheckBox{Box: b.ID, Case: caseID, Empty: true, Seal: "NP-07"})
	desktest.Do(t, d, "account/head", ballotbox.Unseal{Box: b.ID, Case: caseID, Intact: true})
	desktest.Do(t, d, "account/b", stock("collected", ballots))
	desktest.Do(t, d, "account/head", ballotbox.MakePiles{Box: b.ID, Case: caseID})
}

func rules(t *testing.T) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func at(actor string, pile, station, attempt int) ballotbox.Station {
	return ballotbox.Station{Box: "dh/bch/1", Case: caseID, Pile: pile, Station: station, Attempt: attempt, Actor: actor}
}

// causes are those of a struck ballot, as Row.Causes lists them.
var causes = []string{"not-issued", "outside-name", "marked", "writing", "too-many", "none-chosen"}

// keyAll keys lines at a station and hands the pile in.
func keyAll(t *testing.T, d *desk.Desk, db *store.DB, st ballotbox.Station, lines ...string) desk.Receipt {
	t.Helper()
	for i, l := range lines {
		if _, err := ballotbox.Put(t.Context(), db, causes, st, desk.NewID(), i+1, l); err != nil {
			t.Fatalf("ballot %d %q: %v", i+1, l, err)
		}
	}
	return desktest.Do(t, d, st.Actor, handIn(st, len(lines)))
}

func handIn(st ballotbox.Station, n int) ballotbox.HandIn {
	return ballotbox.HandIn{Box: st.Box, Case: st.Case, Pile: st.Pile, Station: st.Station, Attempt: st.Attempt, Ballots: n}
}

func read(t *testing.T, d *desk.Desk, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, d *desk.Desk) *ballotbox.Row {
	t.Helper()
	var b *ballotbox.Row
	read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
		b, err = ballotbox.Get(ctx, tx, "dh/bch/1")
		return err
	})
	return b
}

func kinds(rc desk.Receipt) string {
	var out []string
	for _, e := range rc.Entries {
		out = append(out, e.Kind)
	}
	return strings.Join(out, " ")
}

// eleven ballots: nine strike one name, one strikes all, one is doubtful.
var eleven = []string{"4", "4", "=", "1", "4", "2", "4", "3", "4", "*", "?"}

// A cell of eleven counts its committee: two stations key the pile, the
// readings agree, the board decides two ballots, the head closes and reports.
func TestCellCountsFromStockToReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 11)
		keyAll(t, d, db, at("account/a", 1, 1, 1), eleven...)
		rc := keyAll(t, d, db, at("account/b", 1, 2, 1), "?", "*", "4", "4", "4", "4", "4", "4", "1", "2", "3")
		if kinds(rc) != "ballotbox.reading-handed-in/1 ballotbox.readings-compared/1" || !strings.Contains(string(rc.Entries[1].Body), `"agreed":true`) {
			t.Fatalf("%s %s", kinds(rc), rc.Entries[1].Body)
		}
		var doubts []ballotbox.Doubt
		read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
			b, err := ballotbox.Get(ctx, tx, "dh/bch/1")
			if err != nil {
				return err
			}
			if st, err := ballotbox.StateOf(ctx, tx, rules(t), b); err != nil || st != ballotbox.StateDoubts {
				t.Errorf("state %s %v", st, err)
			}
			doubts, err = ballotbox.Doubts(ctx, tx, rules(t), b)
			return err
		})
		if len(doubts) != 2 || doubts[0].Pattern != "?" || doubts[1].Pattern != "dddd" || doubts[1].Proposal != "invalid:none-chosen" || doubts[1].Reason == nil {
			t.Fatalf("%+v", doubts)
		}
		closeIt := ballotbox.Close{Box: "dh/bch/1", Case: caseID}
		desktest.MustRefuse(t, d, "account/head", closeIt, desk.Refused)
		desktest.MustRefuse(t, d, "account/a", ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{doubts[1].Item}, Cause: "none-chosen", Reason: "Gạch hết"}, desk.Denied)
		desktest.MustRefuse(t, d, "account/head", ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{doubts[1].Item}, Cause: "none-chosen"}, desk.Invalid)
		desktest.Do(t, d, "account/head", ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{doubts[1].Item}, Cause: "none-chosen", Reason: "Gạch hết tên"})
		desktest.Do(t, d, "account/head", ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{doubts[0].Item}, Valid: true, Keys: "4", Reason: "Nét gạch mờ nhưng rõ", For: p(3), Against: p(0)})
		rc = desktest.Do(t, d, "account/head", closeIt)
		for _, e := range rc.Entries {
			if strings.Contains(string(e.Body), "votes") {
				t.Errorf("a figure stands in the open: %s", e.Body)
			}
		}
		desktest.MustRefuse(t, d, "account/a", ballotbox.Report{Box: "dh/bch/1", Case: caseID}, desk.Denied)
		rc = desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
		if kinds(rc) != "ballotbox.reported/1 ledger.blocks-opened/1" {
			t.Errorf("%s", kinds(rc))
		}
		read(t, d, func(ctx context.Context, tx *store.Tx) error {
			rec, err := ballotbox.Record(ctx, tx, get(t, d))
			if err != nil {
				return err
			}
			if *rec.Ballots.Valid != 10 || *rec.Ballots.Invalid != 1 || rec.Votes["c1"] != 9 || rec.Votes["c4"] != 3 || rec.Ballots.InvalidBy["none-chosen"] != 1 ||
				rec.Ballots.ByChosen["3"] != 10 || rec.Candidates[0].Name != "Lê Văn An" {
				t.Errorf("%+v", rec)
			}
			res, err := vote.NewCounter(rules(t)).Count(rec)
			if err != nil || res.Status != vote.Decided || len(res.Elected) != 3 {
				t.Errorf("%v %+v", err, res)
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}

// Nothing of what a station keyed is left as a draft once it is handed in, and
// the reading holds no order: any order of the same ballots is the same bytes.
func TestNoOrderIsLeft(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	ready(t, d, box(), 11)
	keyAll(t, d, db, at("account/a", 1, 1, 1), eleven...)
	back := make([]string, len(eleven))
	for i, l := range eleven {
		if l == "=" {
			l = "4"
		}
		back[len(eleven)-1-i] = l
	}
	keyAll(t, d, db, at("account/b", 1, 2, 1), back...)
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		for _, table := range []string{"op_ballotbox_ballot", "op_ballotbox_station"} {
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows (%v)", table, n, err)
			}
		}
		rows, err := tx.Query(ctx, `SELECT content FROM ballotbox_reading ORDER BY entry`)
		if err != nil {
			return err
		}
		defer rows.Close()
		var texts []string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			texts = append(texts, s)
		}
		if len(texts) != 2 || texts[0] != texts[1] {
			t.Errorf("%v", texts)
		}
		return nil
	})
}

// A backup made while a pile is being keyed holds no ballot of it: the order of
// keying leaves no copy.
func TestNoBackupOfKeyedOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 11)
		for i, l := range []string{"2-4", "1 3", "2 4"} {
			if _, err := ballotbox.Put(t.Context(), db, causes, at("account/a", 1, 1, 1), desk.NewID(), i+1, l); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := d.Backup(t.Context(), &b, ""); err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{"addd", "dada", "adad", "op_ballotbox_ballot"} {
			if bytes.Contains(text, []byte(`"`+p)) {
				t.Errorf("the backup holds %q", p)
			}
		}
	})
}

// Three stations read the same pile, each without seeing the others: two that
// agree are not enough, one that differs sends the pile back to all three.
func TestThreeStations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		b := box()
		b.Stations = 3
		desktest.MustRefuse(t, d, "account/officer", ballotbox.Open{Box: func() ballotbox.Box { few := b; few.Team.Members = few.Team.Members[:2]; return few }()}, desk.Invalid)
		b.Team.Members = append(b.Team.Members, ballotbox.Member{Person: "person/c", Account: "account/c", Standing: "official-member", Name: "Ngô Người Ba"})
		ready(t, d, b, 4)
		lines := []string{"4", "4", "1", "2"}
		keyAll(t, d, db, at("account/a", 1, 1, 1), lines...)
		if rc := keyAll(t, d, db, at("account/b", 1, 2, 1), lines...); kinds(rc) != "ballotbox.reading-handed-in/1" {
			t.Fatalf("compared before the third reading: %s", kinds(rc))
		}
		if _, err := ballotbox.Put(t.Context(), db, causes, at("account/a", 1, 3, 1), desk.NewID(), 1, "4"); err == nil {
			t.Fatal("one person reads a pile twice")
		}
		rc := keyAll(t, d, db, at("account/c", 1, 3, 1), "4", "4", "1", "3")
		if kinds(rc) != "ballotbox.reading-handed-in/1 ballotbox.readings-compared/1" || !strings.Contains(string(rc.Entries[1].Body), `"agreed":false`) {
			t.Fatalf("%s %s", kinds(rc), rc.Entries[len(rc.Entries)-1].Body)
		}
		for i, who := range []string{"account/c", "account/a", "account/b"} {
			rc = keyAll(t, d, db, at(who, 1, i+1, 2), lines...)
		}
		if !strings.Contains(string(rc.Entries[1].Body), `"agreed":true`) {
			t.Fatalf("%s", rc.Entries[1].Body)
		}
		desktest.Do(t, d, "account/head", ballotbox.Close{Box: "dh/bch/1", Case: caseID})
		desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
		read(t, d, func(ctx context.Context, tx *store.Tx) error {
			rec, err := ballotbox.Record(ctx, tx, get(t, d))
			if err == nil && (*rec.Ballots.Valid != 4 || rec.Votes["c3"] != 4 || rec.Votes["c4"] != 2) {
				t.Errorf("%+v", rec)
			}
			return err
		})
		desktest.CheckRebuild(t, d)
	})
}
