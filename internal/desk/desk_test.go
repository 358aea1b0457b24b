package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// each opens a desk with the toy room on both databases.
func each(t *testing.T, fn func(t *testing.T, d *desk.Desk)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, desktest.NewToy(t, db)) })
}

func balance(t testing.TB, d *desk.Desk, id string) (b int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		b, err = desktest.Balance(t.Context(), tx, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return b
}

func seen(t testing.TB, d *desk.Desk, subject string) (last int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		last, err = desk.Seen(t.Context(), tx, subject)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return last
}

func code(err error) desk.Code {
	var no *desk.Error
	if errors.As(err, &no) {
		return no.Code
	}
	return ""
}

func TestOneActMakesItsEntriesAndRows(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 5})
		r := desktest.Do(t, d, "acc/minh", desktest.Add{ID: "a", By: 7, Words: "ghi chú"})
		if len(r.Entries) != 2 || r.Repeated {
			t.Fatalf("receipt %+v", r)
		}
		e := r.Entries[1]
		if e.Index != 2 || e.Actor != "acc/minh" || e.Kind != "toy.noted/1" || e.Act != r.Act ||
			e.Subjects[0].ID != "toy/a" || e.Subjects[0].Prev != 1 || e.Subjects[1].Prev != -1 || len(e.Blocks) != 1 {
			t.Fatalf("entry %+v", e)
		}
		if got := balance(t, d, "a"); got != 12 {
			t.Fatalf("balance %d", got)
		}
		if d.Head() != 2 {
			t.Fatalf("head %d", d.Head())
		}
		err := d.Read(t.Context(), func(tx *store.Tx) error {
			rec, err := desk.GetRecord(t.Context(), tx, 2)
			if err != nil || string(rec.Blocks["words"]) != `"ghi chú"` {
				return fmt.Errorf("record %+v: %w", rec, err)
			}
			chain, err := desk.Chain(t.Context(), tx, "toy/a")
			if err != nil || len(chain) != 3 {
				return fmt.Errorf("chain of %d: %w", len(chain), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestFormSentTwiceIsOneAct(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		f := desk.Form{ID: desk.NewID(), Seen: -1, Actor: "acc/lan", Act: desktest.Add{ID: "a", By: 5}}
		first, err := d.Do(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		again, err := d.Do(t.Context(), f)
		if err != nil || !again.Repeated || again.Entries[0].Index != first.Entries[0].Index {
			t.Fatalf("%+v, %v", again, err)
		}
		other := f
		other.Actor = "acc/minh"
		if _, err := d.Do(t.Context(), other); code(err) != desk.Invalid {
			t.Fatalf("the id with another actor: %v", err)
		}
		other = f
		other.Act = desktest.Add{ID: "a", By: 6}
		if _, err := d.Do(t.Context(), other); code(err) != desk.Invalid {
			t.Fatalf("the id with another content: %v", err)
		}

		// Many at once, some of them in one group.
		f = desk.Form{ID: desk.NewID(), Seen: -1, Actor: "acc/lan", Act: desktest.Add{ID: "b", By: 1}}
		var wg sync.WaitGroup
		var firsts atomic.Int64
		for range 40 {
			wg.Go(func() {
				r, err := d.Do(t.Context(), f)
				if err != nil || len(r.Entries) != 1 {
					t.Errorf("%+v, %v", r, err)
				}
				if !r.Repeated {
					firsts.Add(1)
				}
			})
		}
		wg.Wait()
		if firsts.Load() != 1 || balance(t, d, "b") != 1 {
			t.Fatalf("%d firsts, balance %d", firsts.Load(), balance(t, d, "b"))
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestTwoOfficersOnOneSubject(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 5})
		at := seen(t, d, "toy/a")
		var wg sync.WaitGroup
		var won atomic.Int64
		var stale sync.Map
		for _, who := range []string{"acc/lan", "acc/minh"} {
			wg.Go(func() {
				_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: at, Actor: who, Act: desktest.Add{ID: "a", By: 1}})
				var no *desk.Error
				switch {
				case err == nil:
					won.Add(1)
				case errors.As(err, &no) && no.Code == desk.Stale:
					stale.Store(who, no)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d won", won.Load())
		}
		n := 0
		stale.Range(func(_, v any) bool {
			n++
			if no := v.(*desk.Error); !slices.Equal(no.Newer, []int64{1}) {
				t.Errorf("told of %v, want entry 1", no.Newer)
			}
			return true
		})
		if n != 1 || balance(t, d, "a") != 6 {
			t.Fatalf("%d told, balance %d", n, balance(t, d, "a"))
		}
		// A new subject must be new; what was not there cannot have been seen.
		for _, f := range []desk.Form{
			{ID: desk.NewID(), Seen: -1, Actor: "x", Act: desktest.Add{ID: "a", By: 1}},
		} {
			if _, err := d.Do(t.Context(), f); code(err) != desk.Stale {
				t.Errorf("%v", err)
			}
		}
		if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: 99, Actor: "x", Act: desktest.Add{ID: "a", By: 1}}); code(err) != desk.Invalid {
			t.Errorf("%v", err)
		}
	})
}

func TestRefusedActWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		desktest.MustRefuse(t, d, "acc/lan", desktest.Add{ID: "a", By: -1}, desk.Refused)
		for _, f := range []desk.Form{
			{Seen: -1, Act: desktest.Add{ID: "a"}},
			{ID: "có dấu", Seen: -1, Act: desktest.Add{ID: "a"}},
			{ID: strings.Repeat("x", 65), Seen: -1, Act: desktest.Add{ID: "a"}},
		} {
			if _, err := d.Do(t.Context(), f); code(err) != desk.Invalid {
				t.Errorf("form %q: %v", f.ID, err)
			}
		}
		// The same form, once what it lacked is there.
		f := desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/lan", Act: desktest.Add{ID: "a", By: -1}}
		if _, err := d.Do(t.Context(), f); code(err) != desk.Refused {
			t.Fatal(err)
		}
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 1})
		if r, err := d.Do(t.Context(), f); err != nil || r.Repeated {
			t.Fatal(r, err)
		}
		r := desktest.Do(t, d, "acc/lan", desktest.Fail{Way: "nothing"})
		if len(r.Entries) != 0 || d.Head() != 1 {
			t.Fatal(r, d.Head())
		}
		desktest.CheckRebuild(t, d)
	})
}

type nobody struct{}

func (nobody) May(_ context.Context, _ *store.Tx, actor string, _ vn.Date, need desk.Need) error {
	if actor == "acc/lan" && need.Right == desk.EditOrg {
		return nil
	}
	return desk.Deny("Không có quyền.", "No right.")
}

func TestAuthorityIsAskedFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cfg := desktest.Config(t, db, desktest.Toy())
		cfg.Authority, cfg.Rules = nobody{}, desktest.NoRules{}
		d := desktest.Open(t, cfg)
		desktest.MustRefuse(t, d, "acc/minh", desktest.Add{ID: "a", By: -1}, desk.Denied)
		desktest.Do(t, d, "acc/lan", desktest.Add{ID: "a", By: 1})
		desktest.MustRefuse(t, d, "acc/lan", desk.EraseBlockAct{Index: 0, Block: "x", Decision: "1"}, desk.Denied)
	})
}

// asksMore is an act that asks for further rights beside its first.
type asksMore struct{ desktest.Add }

func (asksMore) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }
func (asksMore) MoreNeeds() []desk.Need {
	return []desk.Need{{Right: desk.EditOrg}, {Right: desk.ReadSecret, Org: "org/mat"}}
}

// rights allows only what it lists, and notes what it was asked.
type rights struct {
	held  map[desk.Need]bool
	asked []desk.Need
}

func (r *rights) May(_ context.Context, _ *store.Tx, _ string, _ vn.Date, need desk.Need) error {
	r.asked = append(r.asked, need)
	if r.held[need] {
		return nil
	}
	return desk.Deny("Không có quyền.", "No right.")
}

// Every right an act asks for is needed: the first without the further ones is
// refused, one of the further ones without the other too, and nothing is
// recorded or decided before all are there.
func TestEveryFurtherRightIsNeeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		edit, secret := desk.Need{Right: desk.EditOrg}, desk.Need{Right: desk.ReadSecret, Org: "org/mat"}
		held := &rights{held: map[desk.Need]bool{}}
		cfg := desktest.Config(t, db, desktest.Toy())
		cfg.Authority, cfg.Rules = held, desktest.NoRules{}
		d := desktest.Open(t, cfg)
		head := d.Head()
		for _, some := range []map[desk.Need]bool{{}, {edit: true}, {secret: true}, {edit: true, {Right: desk.ReadSecret}: true}, {edit: true, {Right: desk.ReadSecret, Org: "org/khac"}: true}} {
			held.held = some
			desktest.MustRefuse(t, d, "acc/lan", asksMore{desktest.Add{ID: "a", By: 1}}, desk.Denied)
		}
		if d.Head() != head {
			t.Errorf("a refused act left entries: head %d, was %d", d.Head(), head)
		}
		held.held, held.asked = map[desk.Need]bool{edit: true, secret: true}, nil
		desktest.Do(t, d, "acc/lan", asksMore{desktest.Add{ID: "a", By: 1}})
		if len(held.asked) != 3 || held.asked[2] != secret {
			t.Errorf("asked %v", held.asked)
		}
		desktest.CheckRebuild(t, d)
	})
}

// A broken act hurts itself only, whatever way it breaks and whoever came with
// it in the group.
func TestBrokenActHurtsOnlyItself(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		ways := []string{"decide", "decide-panic", "decide-sql", "refuse-after-sql", "apply", "apply-panic", "apply-sql", "kind", "twice"}
		for _, way := range ways { // alone
			before := d.Head()
			_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "x", Act: desktest.Fail{Way: way}})
			if err == nil || way == "refuse-after-sql" && code(err) != desk.Refused || d.Head() != before {
				t.Errorf("%s: %v, head %d", way, err, d.Head())
			}
		}
		var wg sync.WaitGroup
		for i := range 90 {
			wg.Go(func() {
				var act desk.Act = desktest.Add{ID: fmt.Sprint("n", i%7), By: 1, Words: "x"}
				bad := i%3 == 0
				if bad {
					act = desktest.Fail{Way: ways[i/3%len(ways)]}
				}
				_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "x", Act: act})
				if (err != nil) != bad {
					t.Errorf("%+v: %v", act, err)
				}
			})
		}
		wg.Wait()
		var sum int64
		for i := range 7 {
			sum += balance(t, d, fmt.Sprint("n", i))
		}
		if sum != 60 || d.Head() != 119 {
			t.Fatalf("%d added, head %d", sum, d.Head())
		}
		desktest.CheckRebuild(t, d)
	})
}

func TestClockBehindStopsWriting(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		clock := desktest.ClockOf(t, d)
		first := desktest.Do(t, d, "x", desktest.Add{ID: "a", By: 1}).Entries[0]
		clock.Add(-500 * time.Millisecond) // a time server's nudge
		second := desktest.Do(t, d, "x", desktest.Add{ID: "a", By: 1}).Entries[0]
		if !second.At.Equal(first.At) {
			t.Fatalf("%v then %v", first.At, second.At)
		}
		clock.Add(-time.Hour)
		no := desktest.MustRefuse(t, d, "x", desktest.Add{ID: "a", By: 1}, desk.Stopped)
		if !strings.Contains(no.Says.VI, "Đồng hồ") || d.Health().Clock == nil {
			t.Fatalf("%+v", no)
		}
		clock.Add(2 * time.Hour)
		desktest.Do(t, d, "x", desktest.Add{ID: "a", By: 1})
	})
}

func TestDropsWhatWasGivenUpBeforeItsGroup(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		kept := 0
		for range 20 {
			_, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "x", Act: desktest.Add{ID: "a", By: 1}})
			if err == nil {
				kept++ // its group was already under way
			} else if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		desktest.Do(t, d, "x", desktest.Add{ID: "b", By: 1}) // everything before it is settled
		if got := balance(t, d, "a"); got != int64(kept) {
			t.Fatalf("balance %d, told that %d were kept", got, kept)
		}
	})
}

func TestWaitLearnsOfTheNewHead(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		got := make(chan int64)
		go func() { got <- d.Wait(t.Context(), -1) }()
		desktest.Do(t, d, "x", desktest.Add{ID: "a", By: 1})
		if h := <-got; h != 0 {
			t.Fatal(h)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if h := d.Wait(ctx, 0); h != 0 {
			t.Fatal(h)
		}
	})
}

func TestFindFilters(t *testing.T) {
	each(t, func(t *testing.T, d *desk.Desk) {
		clock := desktest.ClockOf(t, d)
		t0 := clock.Now()
		for i := range 10 {
			desktest.Do(t, d, fmt.Sprint("acc/", i%2), desktest.Add{ID: fmt.Sprint(i % 3), By: 1, Words: []string{"", "w"}[i%2]})
			clock.Add(time.Minute)
		}
		for _, c := range []struct {
			name string
			f    desk.Filter
			want []int64
		}{
			{"all, two", desk.Filter{Limit: 2}, []int64{14, 13}},
			{"older", desk.Filter{Limit: 2, Before: 13}, []int64{12, 11}},
			{"kind", desk.Filter{Kind: "toy.noted/1"}, []int64{14, 11, 8, 5, 2}},
			{"room", desk.Filter{Kind: "toy.", Before: 2}, []int64{1, 0}},
			{"no room", desk.Filter{Kind: "to."}, nil},
			{"subject", desk.Filter{Subject: "toy/2"}, []int64{12, 8, 7, 3}},
			{"actor", desk.Filter{Actor: "acc/0", Before: 7}, []int64{6, 3, 0}},
			{"from", desk.Filter{From: t0.Add(8 * time.Minute)}, []int64{14, 13, 12}},
			{"to", desk.Filter{To: t0.Add(2 * time.Minute)}, []int64{2, 1, 0}},
			{"between", desk.Filter{From: t0.Add(90 * time.Second), To: t0.Add(4 * time.Minute)}, []int64{5, 4, 3}},
			{"no act", desk.Filter{Act: "x"}, nil},
		} {
			var got []int64
			err := d.Read(t.Context(), func(tx *store.Tx) error {
				es, err := desk.Find(t.Context(), tx, c.f)
				for _, e := range es {
					got = append(got, e.Index)
				}
				return err
			})
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v (%v)", c.name, got, c.want, err)
			}
		}
		r := desktest.Do(t, d, "x", desktest.Add{ID: "z", By: 1, Words: "w"})
		err := d.Read(t.Context(), func(tx *store.Tx) error {
			es, err := desk.Find(t.Context(), tx, desk.Filter{Act: r.Act})
			if len(es) != 2 {
				return fmt.Errorf("act made %d entries: %w", len(es), err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestIDsSortByTimeAndDiffer(t *testing.T) {
	var before string
	seen := make(map[string]bool)
	for range 50 {
		id := desk.NewID()
		if len(id) != 26 || seen[id] || before != "" && id[:10] < before[:10] {
			t.Fatalf("%s after %s", id, before)
		}
		seen[id], before = true, id
	}
}
