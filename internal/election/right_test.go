package election_test

import (
	"errors"
	"path/filepath"
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// An officer of one commune records what that commune holds, and nothing of
// the province or of another commune, not even by naming his own in the form.
func TestOfficerOfOneOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		clock := &desktest.Clock{}
		accounts := account.Open(db)
		accounts.AllowSample, accounts.Clock = true, clock.Now
		dir := t.TempDir()
		d := desktest.Open(t, desk.Config{DB: db, Rooms: []desk.Room{org.Room(), account.Room(), election.Room()}, Authority: accounts, Clock: clock.Now,
			KeyFile: filepath.Join(dir, "key"), CheckpointFile: filepath.Join(dir, "checkpoint")})
		ids := map[string]string{}
		as, err := account.SeedSample(ctx, d, db)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			ids[a.Role] = a.ID
		}
		do := func(actor string, act desk.Act) error {
			_, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: actor, Act: act})
			return err
		}
		must := func(actor string, act desk.Act) {
			t.Helper()
			if err := do(actor, act); err != nil {
				t.Fatalf("%s: %v", act.Name(), err)
			}
		}
		refused := func(act desk.Act, codes ...desk.Code) {
			t.Helper()
			var e *desk.Error
			if err := do("account/xa", act); !errors.As(err, &e) || e.Code != codes[0] {
				t.Errorf("%s: %v, want %v", act.Name(), err, codes)
			}
		}
		from := vn.MustDate("2000-01-01")
		for _, u := range []org.Found{{ID: "org/tinh", Title: "Tỉnh ủy", Kind: org.ProvinceCommittee, From: from},
			{ID: "org/a", Title: "Xã A", Kind: org.Grassroots, Parent: "org/tinh", From: from}, {ID: "org/b", Title: "Xã B", Kind: org.Grassroots, Parent: "org/tinh", From: from}} {
			must(ids["officer"], u)
		}
		must(ids["administrator"], account.OpenStaff{ID: "account/xa", Login: "xa.a", Display: "Cán bộ xã A", Person: "person/can-bo-xa-a"})
		must(ids["administrator"], account.GrantRole{Account: "account/xa", Role: "officer", Org: "org/a", From: vn.DateOf(clock.Now())})
		must(ids["officer"], event())
		must(ids["officer"], election.RecordContest{Event: "qh15", Contest: dakNong()})
		held := func(id, where string) election.OpenEvent {
			return election.OpenEvent{ID: id, Kind: "peoples-council", Date: vn.MustDate("2021-05-23"), Org: where, Title: rule.Words{VI: "Bầu cử", EN: "Election"}}
		}
		must("account/xa", held("xa-a", "org/a"))
		must(ids["officer"], held("xa-b", "org/b"))
		c := dakNong()
		c.Record.ID, c.Record.Rules = "xa-a/1", "state-election/hdnd"
		must("account/xa", election.RecordContest{Event: "xa-a", Org: "org/a", Contest: c})
		refused(held("tinh", ""), desk.Denied)
		refused(held("xa-b-2", "org/b"), desk.Denied)
		other := dakNong()
		other.Record.ID = "qh15/dak-nong/2"
		refused(election.RecordContest{Event: "qh15", Contest: other}, desk.Denied)
		refused(election.RecordContest{Event: "qh15", Org: "org/a", Contest: other}, desk.NotFound)
		refused(election.CorrectContest{Event: "qh15", Org: "org/a", Contest: dakNong(), Reason: "x"}, desk.NotFound)
		refused(election.AnnounceResult{Contest: "qh15/dak-nong/1", Org: "org/a"}, desk.NotFound)
		refused(election.ImportContests{Event: "xa-b", Org: "org/a", Contests: []election.Contest{other}}, desk.NotFound)
		c.Record.Votes["c4"]++
		must("account/xa", election.CorrectContest{Event: "xa-a", Org: "org/a", Contest: c, Reason: "cộng sót"})
	})
}
