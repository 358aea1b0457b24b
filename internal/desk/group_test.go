package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
)

// gate is an act that holds the committer until it is let go: what is sent
// meanwhile comes together in the next group.
type gate struct {
	In, Out chan struct{} `json:"-"`
}

func (gate) Name() string    { return "toy.gate" }
func (gate) Subject() string { return "toy/gate" }
func (gate) Need() desk.Need { return desk.Need{} }
func (g gate) Decide(context.Context, *desk.Scene) ([]desk.Draft, error) {
	close(g.In)
	<-g.Out
	return nil, nil
}

// look is an act that reads the ledger while it decides.
type look struct {
	See func(ctx context.Context, s *desk.Scene) error `json:"-"`
}

func (look) Name() string    { return "toy.look" }
func (look) Subject() string { return "toy/look" }
func (look) Need() desk.Need { return desk.Need{} }
func (l look) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return nil, l.See(ctx, s)
}

// together sends forms so that they form one group, in their order.
func together(t *testing.T, d *desk.Desk, forms ...desk.Form) ([]desk.Receipt, []error) {
	t.Helper()
	g := gate{make(chan struct{}), make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() { desktest.Do(t, d, "x", g) })
	<-g.In
	rs, errs := make([]desk.Receipt, len(forms)), make([]error, len(forms))
	for i, f := range forms {
		wg.Go(func() { rs[i], errs[i] = d.Do(t.Context(), f) })
		desk.AwaitQueued(d, i+1)
	}
	close(g.Out)
	wg.Wait()
	return rs, errs
}

func form(act desk.Act) desk.Form {
	return desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/lan", Act: act}
}

// A later act of a group sees what an earlier one recorded, in the rooms'
// tables and in the ledger's.
func TestActsOfOneGroupSeeEachOther(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		first := desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 1})
		twice := form(desktest.Add{ID: "a", By: 1, Words: "riêng"}) // entries 1 and 2
		stale := form(desktest.Add{ID: "a", By: 100})
		stale.Seen = first.Entries[0].Index
		seen := look{See: func(ctx context.Context, s *desk.Scene) error {
			b, err := desktest.Balance(ctx, s.Tx, "a")
			if err != nil || b != 2 || s.Head != 2 {
				return fmt.Errorf("balance %d, head %d: %w", b, s.Head, err)
			}
			last, err := desk.Seen(ctx, s.Tx, "toy/a")
			if err != nil || last != 2 {
				return fmt.Errorf("last %d: %w", last, err)
			}
			r, err := desk.GetRecord(ctx, s.Tx, 2)
			if err != nil || string(r.Blocks["words"]) != `"riêng"` {
				return fmt.Errorf("record %+v: %w", r, err)
			}
			es, err := desk.Find(ctx, s.Tx, desk.Filter{Kind: "toy.noted/1"})
			if err != nil || len(es) != 1 {
				return fmt.Errorf("found %+v: %w", es, err)
			}
			return nil
		}}
		rs, errs := together(t, d,
			twice, form(seen), twice, stale,
			form(desktest.Add{ID: "a", By: -3}),                               // 2 is not enough
			form(desktest.Add{ID: "a", By: -2}),                               // entry 3
			form(desk.EraseBlockAct{Index: 2, Block: "words", Decision: "1"}), // entry 4
			form(desk.EraseBlockAct{Index: 2, Block: "words", Decision: "1"}),
		)
		for i, want := range []desk.Code{"", "", "", desk.Stale, desk.Refused, "", "", desk.Invalid} {
			if want == "" && errs[i] != nil || want != "" && code(errs[i]) != want {
				t.Errorf("form %d: %v, want %q", i, errs[i], want)
			}
		}
		if rs[0].Repeated || !rs[2].Repeated || len(rs[2].Entries) != 2 || rs[6].Entries[0].Index != 4 {
			t.Errorf("receipts %+v", rs)
		}
		if d.Head() != 4 || balance(t, d, "a") != 0 {
			t.Errorf("head %d, balance %d", d.Head(), balance(t, d, "a"))
		}
		err := d.Read(t.Context(), func(tx *store.Tx) error {
			r, err := desk.GetRecord(t.Context(), tx, 2)
			if len(r.Blocks) > 0 {
				t.Error("the block is still there")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// One broken act in a group of many: its neighbours are done once each.
func TestBrokenActInTheMiddleOfAGroup(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		for _, way := range []string{"decide", "decide-panic", "decide-sql", "refuse-after-sql", "apply", "apply-panic", "apply-sql", "kind", "twice"} {
			before := balance(t, d, "a")
			rs, errs := together(t, d, form(desktest.Add{ID: "a", By: 1, Words: "x"}), form(desktest.Fail{Way: way}), form(desktest.Add{ID: "a", By: 1}))
			if errs[0] != nil || errs[1] == nil || errs[2] != nil {
				t.Fatalf("%s: %v", way, errs)
			}
			if rs[2].Entries[0].Subjects[0].Prev != rs[0].Entries[1].Index || balance(t, d, "a") != before+2 {
				t.Fatalf("%s: %+v", way, rs)
			}
		}
		desktest.CheckRebuild(t, d)
	})
}

// An act given up while it waits is dropped; one that is under way stands.
func TestGivenUpWhileWaiting(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		g := gate{make(chan struct{}), make(chan struct{})}
		var wg sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		wg.Go(func() {
			if _, err := d.Do(ctx, form(g)); err != nil {
				t.Errorf("an act under way was given up: %v", err)
			}
		})
		<-g.In
		wg.Go(func() {
			if _, err := d.Do(ctx, form(desktest.Add{ID: "a", By: 1})); err != context.Canceled {
				t.Errorf("an act that waited: %v", err)
			}
		})
		desk.AwaitQueued(d, 1)
		cancel()
		time.Sleep(5 * time.Millisecond)
		close(g.Out)
		wg.Wait()
		desktest.Do(t, d, "x", desktest.Add{ID: "b", By: 1})
		if balance(t, d, "a") != 0 {
			t.Error("the dropped act was done")
		}
	})
}
