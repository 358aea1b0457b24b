package ballotbox_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// blurred is a picture of which nothing can be told.
func blurred(t *testing.T, grey uint8) []byte {
	t.Helper()
	g := image.NewGray(image.Rect(0, 0, 874, 1240))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%874, i/874; x > 100 && x < 700 && y > 200 && y < 900 {
			g.Pix[i] = grey
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTwoPicturesOfOneBallot: two pictures that the program cannot tell are bound
// to one ballot by people, who say what it bears once; a picture that was scanned
// again is said to be so. Sheets staged and ballots counted balance all the way,
// no ballot is lost by binding it, and the minutes' list says which picture was
// one more of a ballot.
func TestTwoPicturesOfOneBallot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 2)
		v, err := ballotbox.NewVault()
		if err != nil {
			t.Fatal(err)
		}
		l := release(t, d)
		files := []ballotbox.Upload{upload("a.png", hand(t, papertest.NewMaker(l, 150), l, 3, "4"))}
		for i, grey := range []uint8{120, 130, 140, 150} {
			files = append(files, upload(string(rune('p'+i))+".png", blurred(t, grey)))
		}
		if got, err := v.Stage(t.Context(), db, seat("account/a"), files); err != nil || got.Sheets != 5 || got.Read != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		q := queue(t, d, v)
		if q.Open != 4 || len(q.Sheets) != 4 {
			t.Fatalf("%+v", q)
		}
		front, back, again, other := q.Sheets[0].ID, q.Sheets[1].ID, q.Sheets[2].ID, q.Sheets[3].ID
		say := func(picture, keys string) ballotbox.SettleSheet {
			return ballotbox.SettleSheet{Box: "dh/bch/1", Case: caseID, Pile: 1, Picture: picture, Keys: keys}
		}
		undo := func(picture string) {
			t.Helper()
			s := say(picture, "")
			s.Undo = true
			desktest.Do(t, d, "account/b", s)
		}
		balance := func(ballots, open, parts, aside int) *ballotbox.Queue {
			t.Helper()
			q := queue(t, d, v)
			if q.Ballots != ballots || q.Open != open || q.Parts != parts || q.Aside != aside || ballots+open+parts+aside != 5 {
				t.Fatalf("%d ballots, %d open, %d parts, %d aside", q.Ballots, q.Open, q.Parts, q.Aside)
			}
			return q
		}
		for _, keys := range []string{"&" + back, "&" + front[:60], "&x", "&" + string(bytes.Repeat([]byte("0"), 64))} {
			desktest.MustRefuse(t, d, "account/a", say(back, keys), desk.Refused)
		}
		desktest.Do(t, d, "account/a", say(back, "&"+front))
		q = balance(1, 3, 1, 0)
		for i := range q.Sheets {
			switch x := &q.Sheets[i]; x.ID {
			case front:
				if len(x.Parts) != 1 || x.Parts[0].ID != back {
					t.Errorf("the ballot does not show its other side: %+v", x.Parts)
				}
			case back:
				if x.Of != front {
					t.Errorf("the other side belongs to %q", x.Of)
				}
			}
		}
		// The ballot they are together is not lost: neither may the other count for
		// nothing now, nor one be bound to what is bound itself.
		desktest.MustRefuse(t, d, "account/a", say(front, "-"), desk.Refused)
		desktest.MustRefuse(t, d, "account/a", say(front, "&"), desk.Refused)
		desktest.MustRefuse(t, d, "account/a", say(front, "&"+again), desk.Refused)
		desktest.MustRefuse(t, d, "account/a", say(again, "&"+back), desk.Refused)
		desktest.Do(t, d, "account/a", say(other, "-"))
		desktest.MustRefuse(t, d, "account/a", say(again, "&"+other), desk.Refused)
		balance(1, 2, 1, 1)
		// Taken back, and bound the other way round.
		undo(back)
		balance(1, 3, 0, 1)
		desktest.Do(t, d, "account/b", say(front, "&"+back))
		desktest.Do(t, d, "account/b", say(back, "1"))
		desktest.Do(t, d, "account/a", say(again, "&"))
		balance(2, 0, 2, 1)
		rc := desktest.Do(t, d, "account/a", v.HandIn("dh/bch/1", caseID, 1, 2, false))
		if len(rc.Entries) != 2 {
			t.Fatalf("%d entries", len(rc.Entries))
		}
		var lists []ballotbox.SheetList
		read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
			lists, err = ballotbox.SheetLists(ctx, tx, get(t, d))
			return err
		})
		says := map[string]string{}
		for _, s := range lists[0].Sheets {
			says[s.Picture] = s.Says
		}
		want := map[string]string{front: ballotbox.SheetPart, back: ballotbox.SheetRead, again: ballotbox.SheetPart, other: ballotbox.SheetAside}
		for id, w := range want {
			if says[id] != w {
				t.Errorf("%s is listed as %q, want %q", id[:6], says[id], w)
			}
		}
		desktest.CheckRebuild(t, d)
	})
}
