package ballotbox_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// Persons on the list, persons concerned, alternates and probationary members
// may not count, by the article where there is one.
func TestWhoMayNotCount(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	for name, change := range map[string]func(*ballotbox.Box){
		"on the list":  func(b *ballotbox.Box) { b.Persons["c1"] = "person/b" },
		"concerned":    func(b *ballotbox.Box) { b.Concerned = []string{"person/b"} },
		"probationary": func(b *ballotbox.Box) { b.Team.Members[2].Standing = "probationary" },
		"alternate":    func(b *ballotbox.Box) { b.Team.Members[2].Standing = "alternate" },
	} {
		b := box()
		b.Persons = map[string]string{"c1": "person/an"}
		change(&b)
		e := desktest.MustRefuse(t, d, "account/officer", ballotbox.Open{Box: b}, desk.Refused)
		if name != "alternate" && name != "concerned" && (len(e.Verdicts) != 1 || e.Verdicts[0].Rule != "party-election.counting-board") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	// A member who drops out is replaced only by one who may count.
	desktest.Do(t, d, "account/officer", ballotbox.Open{Box: box()})
	tm := team()
	tm.Members[2] = ballotbox.Member{Person: "person/an", Standing: "official-member"}
	desktest.MustRefuse(t, d, "account/officer", ballotbox.ChangeTeam{Box: "dh/bch/1", Team: tm, Reason: "Thay người"}, desk.Refused)
	tm.Members[2] = ballotbox.Member{Person: "person/moi", Account: "account/moi", Standing: "official-member", Name: "Người Mới"}
	desktest.Do(t, d, "account/officer", ballotbox.ChangeTeam{Box: "dh/bch/1", Team: tm, Reason: "Thay người ốm"})
	if b := get(t, d); b.Team.Members[2].Name != "Người Mới" || b.Team.Members[0].Name != "Nguyễn Trưởng Ban" {
		t.Errorf("%+v", b.Team)
	}
	desktest.CheckRebuild(t, d)
}

// A person on the list holds an officer's account and opens the count: refused.
func TestPersonOnTheListCannotOpenTheCount(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	desktest.Do(t, d, "account/qt", account.OpenStaff{ID: "account/an", Login: "le.van.an", Display: "Lê Văn An", Person: "person/an"})
	desktest.MustRefuse(t, d, "account/an", ballotbox.Open{Box: box()}, desk.Denied)
	desktest.Do(t, d, "account/officer", ballotbox.Open{Box: box()})
}

// Who is not on the team does nothing in the room, though he has the right.
func TestOnlyTheTeamCounts(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	ready(t, d, box(), 11)
	for _, act := range []desk.Act{stock("issued", 9), ballotbox.MakePiles{Box: "dh/bch/1", Case: caseID}, ballotbox.Close{Box: "dh/bch/1", Case: caseID},
		ballotbox.Report{Box: "dh/bch/1", Case: caseID}, handIn(at("account/stranger", 1, 1, 1), 0)} {
		desktest.MustRefuse(t, d, "account/stranger", act, desk.Denied)
	}
	if _, err := ballotbox.Put(t.Context(), db, causes, at("account/stranger", 1, 1, 1), desk.NewID(), 1, "4"); code(err) != desk.Denied {
		t.Errorf("%v", err)
	}
	// Nor does a right for another case help.
	other := stock("issued", 9)
	other.Case = "contest/khac"
	desktest.MustRefuse(t, d, "account/a", other, desk.NotFound)
}

func code(err error) desk.Code {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Each reading of a pile is another person's; a station is its keeper's alone,
// and its draft is not shown to anybody else.
func TestStationsDoNotSeeEachOther(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	ready(t, d, box(), 11)
	put := func(actor string, station, n int, line string) error {
		_, err := ballotbox.Put(t.Context(), db, causes, at(actor, 1, station, 1), desk.NewID(), n, line)
		return err
	}
	if err := put("account/a", 1, 1, "4"); err != nil {
		t.Fatal(err)
	}
	if err := put("account/b", 1, 2, "4"); code(err) != desk.Denied {
		t.Errorf("another keys at a station that is held: %v", err)
	}
	if err := put("account/a", 2, 1, "4"); code(err) != desk.Refused {
		t.Errorf("one person keys at both stations: %v", err)
	}
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		if _, _, _, err := ballotbox.Draft(ctx, tx, at("account/b", 1, 1, 1)); code(err) != desk.Denied {
			t.Errorf("a draft is shown to another: %v", err)
		}
		if _, _, ds, err := ballotbox.Draft(ctx, tx, at("account/b", 1, 2, 1)); err != nil || len(ds) != 0 {
			t.Errorf("%v %v", ds, err)
		}
		return nil
	})
	// One person cannot hand in both readings either, and nobody another's.
	desktest.MustRefuse(t, d, "account/b", handIn(at("account/b", 1, 1, 1), 1), desk.Denied)
	for i, l := range eleven[1:] {
		if l == "=" {
			l = "4"
		}
		if err := put("account/a", 1, i+2, l); err != nil {
			t.Fatal(err)
		}
	}
	desktest.Do(t, d, "account/a", handIn(at("account/a", 1, 1, 1), 11))
	if err := put("account/a", 2, 1, "4"); code(err) != desk.Refused {
		t.Errorf("who read a pile reads it again at the other station: %v", err)
	}
	// Nothing of a reading is told while the other is out.
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		b := get(t, d)
		if diffs, err := ballotbox.Compared(ctx, tx, b, 1, 1); err != nil || diffs != nil {
			t.Errorf("%v %v", diffs, err)
		}
		if _, _, _, err := ballotbox.Log(ctx, tx, b, 1); code(err) != desk.NotFound {
			t.Errorf("%v", err)
		}
		if ds, err := ballotbox.Doubts(ctx, tx, rules(t), b); err != nil || len(ds) != 0 {
			t.Errorf("%v %v", ds, err)
		}
		return nil
	})
}

// A lost answer is asked for again under the same id: the ballot stands once.
// A ballot taken back does not return by its old form, and a form of an
// earlier reading does not fit the pile any more.
func TestRetriesAndOldForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 11)
		st, id := at("account/a", 1, 1, 1), desk.NewID()
		for range 3 {
			k, err := ballotbox.Put(t.Context(), db, causes, st, id, 1, "4")
			if err != nil || k.N != 1 || k.Pattern != "aaad" {
				t.Fatalf("%+v %v", k, err)
			}
		}
		if _, err := ballotbox.Put(t.Context(), db, causes, st, desk.NewID(), 1, "3"); code(err) != desk.Refused {
			t.Errorf("a second ballot at place 1: %v", err)
		}
		for range 2 { // pressed twice
			if have, err := ballotbox.Undo(t.Context(), db, st, 1); err != nil || have != 0 {
				t.Errorf("%d %v", have, err)
			}
		}
		if _, err := ballotbox.Put(t.Context(), db, causes, st, id, 1, "4"); code(err) != desk.Refused {
			t.Errorf("the old form keyed a ballot that was taken back: %v", err)
		}
		keyAll(t, d, db, st, eleven...)
		if _, err := ballotbox.Put(t.Context(), db, causes, st, desk.NewID(), 12, "4"); code(err) != desk.Refused {
			t.Errorf("keyed after handing in: %v", err)
		}
		desktest.MustRefuse(t, d, "account/a", handIn(st, 11), desk.Refused)
		other := slices.Clone(eleven)
		other[0] = "2"
		keyAll(t, d, db, at("account/b", 1, 2, 1), other...)
		// They differ: both readings begin anew, and forms of the first are old.
		for _, actor := range []string{"account/a", "account/b"} {
			if _, err := ballotbox.Put(t.Context(), db, causes, at(actor, 1, 1, 1), desk.NewID(), 1, "4"); code(err) != desk.Refused {
				t.Errorf("%s keyed into the old reading: %v", actor, err)
			}
		}
		desktest.MustRefuse(t, d, "account/a", handIn(at("account/a", 1, 1, 1), 0), desk.Refused)
		keyAll(t, d, db, at("account/b", 1, 1, 2), eleven...)
		rc := keyAll(t, d, db, at("account/a", 1, 2, 2), eleven...)
		if !strings.Contains(string(rc.Entries[1].Body), `"agreed":true`) {
			t.Errorf("%s", rc.Entries[1].Body)
		}
		read(t, d, func(ctx context.Context, tx *store.Tx) error {
			diffs, err := ballotbox.Compared(ctx, tx, get(t, d), 1, 1)
			if err != nil || len(diffs) != 2 || diffs[0].Pattern != "aaad" || diffs[0].Counts[0] != 6 || diffs[0].Counts[1] != 5 {
				t.Errorf("%+v %v", diffs, err)
			}
			return nil
		})
		desktest.CheckRebuild(t, d)
	})
}

// A closed count is not edited: not its stock, its decisions, its piles, its
// figures, before the report and after it.
func TestClosedIsClosed(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	closed(t, d, db)
	tries := []desk.Act{stock("issued", 9), ballotbox.Close{Box: "dh/bch/1", Case: caseID}, ballotbox.MakePiles{Box: "dh/bch/1", Case: caseID},
		ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{{Pile: 1, N: 1}}, Cause: "marked", Reason: "Đổi ý"},
		handIn(at("account/head", 1, 1, 1), 0), ballotbox.Unseal{Box: "dh/bch/1", Case: caseID, Intact: true}}
	again := ballotbox.ChangeTeam{Box: "dh/bch/1", Team: team(), Reason: "Đổi"}
	for range 2 {
		for _, a := range tries {
			desktest.MustRefuse(t, d, "account/head", a, desk.Refused)
		}
		desktest.MustRefuse(t, d, "account/officer", again, desk.Refused)
		if get(t, d).Reported < 0 {
			desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
		}
	}
	desktest.MustRefuse(t, d, "account/head", ballotbox.Incident{Box: "dh/bch/1", Case: caseID, Text: "Sửa lại"}, desk.Refused)
	desktest.MustRefuse(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID}, desk.Refused)
}

// closed brings a box of eleven ballots to its closing.
func closed(t *testing.T, d *desk.Desk, db *store.DB) {
	t.Helper()
	ready(t, d, box(), 11)
	keyAll(t, d, db, at("account/a", 1, 1, 1), eleven...)
	keyAll(t, d, db, at("account/b", 1, 2, 1), eleven...)
	desktest.Do(t, d, "account/head", ballotbox.Decide{Box: "dh/bch/1", Case: caseID, Items: []ballotbox.Item{{Pile: 1, N: 1}, {Pile: 1, N: 2}}, Cause: "none-chosen", Reason: "Gạch hết tên"})
	desktest.Do(t, d, "account/head", ballotbox.Close{Box: "dh/bch/1", Case: caseID})
}

// secrets are words that only what is sealed holds: patterns, votes, causes.
var secrets = []string{"aaad", "dddd", `"votes":{"c1"`, "none-chosen", "Gạch hết tên"}

// digests are hashes and ids made at random, in hexadecimal.
var digests = regexp.MustCompile(`[0-9a-f]{12,}`)

// Before the report nothing that reads the ledger tells a figure: not the
// entries, not their blocks by any of the desk's reads; after it the figures and
// decisions are open, the readings still not, until a decision opens them.
func TestWhatIsSealedStaysSealed(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	closed(t, d, db)
	text := func() string {
		var sb strings.Builder
		read(t, d, func(ctx context.Context, tx *store.Tx) error {
			all, err := desk.Range(ctx, tx, 0, d.Head()+1)
			if err != nil {
				return err
			}
			chain, err := desk.Chain(ctx, tx, ballotbox.Subject("dh/bch/1"))
			if err != nil {
				return err
			}
			for _, r := range append(all, chain...) {
				one, err := desk.GetRecord(ctx, tx, r.Index)
				if err != nil {
					return err
				}
				for _, x := range []desk.Record{r, one} {
					data, err := x.Entry.Encode()
					if err != nil {
						return err
					}
					sb.Write(data)
					for _, b := range x.Blocks {
						sb.Write(b)
					}
				}
			}
			return nil
		})
		// A digest may hold any four letters by chance.
		return digests.ReplaceAllString(sb.String(), "…")
	}
	before := text()
	for _, s := range secrets {
		if strings.Contains(before, s) {
			t.Errorf("before the report the ledger tells %q", s)
		}
	}
	desktest.MustRefuse(t, d, "account/officer", ballotbox.OpenReadings{Box: "dh/bch/1", Decision: "12-QĐ/TU"}, desk.Refused)
	desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
	after := text()
	if !strings.Contains(after, `"votes":{"c1"`) || !strings.Contains(after, "Gạch hết tên") {
		t.Error("after the report figures and decisions are not open")
	}
	if strings.Contains(after, "aaad") {
		t.Error("the report opened the readings")
	}
	// 200 letters are 200, whatever marks they bear.
	desktest.MustRefuse(t, d, "account/officer", ballotbox.OpenReadings{Box: "dh/bch/1", Decision: strings.Repeat("ế", 201)}, desk.Invalid)
	desktest.Do(t, d, "account/officer", ballotbox.OpenReadings{Box: "dh/bch/1", Decision: strings.Repeat("ế", 200)})
	if !strings.Contains(text(), "aaad") {
		t.Error("the decision did not open the readings")
	}
	desktest.CheckRebuild(t, d)
}
