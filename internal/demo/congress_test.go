package demo

import (
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The sample congress waits for the second reading of its last pile, with the
// base of the domain's example; seeding again changes nothing; the second
// counter and the head then finish it.
func TestSampleCongressWaitsForItsSecondCount(t *testing.T) {
	db := storetest.SQLite(t)
	d := desktest.New(t, db, org.Room(), person.Room(), account.Room(), meeting.Room(), ballotbox.Room(), election.Room())
	desktest.Do(t, d, "", org.Found{ID: provincialOrg, Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: founding.Date, Decision: founding})
	if err := SeedHall(t.Context(), d, db); err != nil {
		t.Fatal(err)
	}
	head := d.Head()
	if err := SeedHall(t.Context(), d, db); err != nil || d.Head() != head {
		t.Fatalf("seeding again: %v, head %d after %d", err, d.Head(), head)
	}
	ids := map[string]string{}
	var size int
	err := d.Read(t.Context(), func(tx *store.Tx) error {
		for _, a := range counters {
			x, ok, err := account.ByLogin(t.Context(), tx, a.Login)
			if err != nil || !ok {
				t.Fatalf("%s: %v %v", a.Login, ok, err)
			}
			ids[a.Login] = x.ID
		}
		b, err := ballotbox.Get(t.Context(), tx, committeeID)
		if err != nil {
			return err
		}
		if *b.Sheet.Base.Summoned != 350 || len(b.Sheet.Base.Deductions) != 2 || len(b.Sheet.Candidates) != 58 {
			t.Errorf("sheet: %+v", b.Sheet.Base)
		}
		piles, err := ballotbox.Piles(t.Context(), tx, b.ID)
		if err != nil {
			return err
		}
		last := piles[len(piles)-1]
		size = last.Size
		if len(piles) != 4 || last.Agreed >= 0 || len(last.HandedIn) != 1 || piles[0].Agreed < 0 {
			t.Errorf("piles: %+v", piles)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &seeder{ctx: t.Context(), d: d}
	cs := "contest/" + committeeID
	s.key(db, ballotbox.Station{Box: committeeID, Case: cs, Pile: 4, Station: 2, Attempt: 1, Actor: ids["kiemphieu2"]}, 3*pileSize, size)
	if s.err != nil {
		t.Fatal(s.err)
	}
	desktest.Do(t, d, ids["truongkp"], ballotbox.Close{Box: committeeID, Case: cs})
	desktest.Do(t, d, ids["truongkp"], election.ReportBox{OnRound: election.OnRound{Event: Provincial, Contest: committeeID}})
	err = d.Read(t.Context(), func(tx *store.Tx) error {
		c, err := election.Get(t.Context(), tx, committeeID)
		if err != nil {
			return err
		}
		if c.Status != "decided" || c.Base != 344 || c.Need != 173 || c.Elected != 51 {
			t.Errorf("%s: base %d need %d elected %d", c.Status, c.Base, c.Need, c.Elected)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	desktest.CheckRebuild(t, d)
}
