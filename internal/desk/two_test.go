package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// Two programs on one PostgreSQL, each with its own connections, key file
// shared, checkpoint files of their own: acts of both interleave, a form that
// reaches both is one act, of two officers on one subject one is told what
// changed, each learns what the other wrote, and both find the ledger whole.
func TestTwoProgramsOnOneDatabase(t *testing.T) {
	dsn := storetest.PostgresDSN(t)
	key := t.TempDir() + "/log.key"
	program := func() *desk.Desk {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		cfg := desktest.Config(t, db, desktest.Toy())
		cfg.Rules, cfg.KeyFile, cfg.Clock = desktest.NoRules{}, key, time.Now
		return desktest.Open(t, cfg)
	}
	a, b := program(), program()
	if a.VerifierKey() != b.VerifierKey() {
		t.Fatal("the programs sign with different keys")
	}
	ctx := context.Background()
	const each = 150
	var wg sync.WaitGroup
	for w, d := range []*desk.Desk{a, b, a, b} {
		wg.Go(func() {
			for n := range each {
				act := desktest.Add{ID: fmt.Sprint("n", n%7), By: 1, Words: []string{"", "lời riêng"}[n%2]}
				// The first two writers send the same forms, one to each program.
				id := fmt.Sprintf("form-%d-%d", w/2*(w+1), n)
				if w < 2 {
					id = fmt.Sprintf("form-both-%d", n)
				}
				if _, err := d.Do(ctx, desk.Form{ID: id, Seen: desk.AnySeen, Actor: "acc/lan", Act: act}); err != nil {
					t.Errorf("writer %d, act %d: %v", w, n, err)
				}
			}
		})
	}
	wg.Wait()
	var sum int64
	if err := a.Read(ctx, func(tx *store.Tx) error {
		for n := range 7 {
			v, err := desktest.Balance(ctx, tx, fmt.Sprint("n", n))
			if err != nil {
				return err
			}
			sum += v
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := int64(3 * each); sum != want { // the forms sent to both count once
		t.Errorf("the accounts hold %d, want %d", sum, want)
	}

	// Each sees the other's last entry without writing anything itself.
	last := desktest.Do(t, a, "acc/lan", desktest.Add{ID: "tail", By: 5}).Entries[0].Index
	soon, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if got := b.Wait(soon, last-1); got < last {
		t.Errorf("the other program stands at %d, not at %d", got, last)
	}
	// Two officers had the same page open, one at each program.
	if _, err := b.Do(ctx, desk.Form{ID: desk.NewID(), Seen: last, Actor: "acc/hà", Act: desktest.Add{ID: "tail", By: 1}}); err != nil {
		t.Fatal(err)
	}
	_, err := a.Do(ctx, desk.Form{ID: desk.NewID(), Seen: last, Actor: "acc/lan", Act: desktest.Add{ID: "tail", By: 1}})
	var no *desk.Error
	if !errors.As(err, &no) || no.Code != desk.Stale || len(no.Newer) != 1 {
		t.Errorf("the second officer is told %v", err)
	}

	for _, d := range []*desk.Desk{a, b} {
		if h := d.Health(); h.Stopped != nil || len(h.Findings) > 0 {
			t.Errorf("a program stopped: %+v", h)
		}
		desktest.CheckRebuild(t, d)
	}
	ca, _, err := a.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b.Wait(soon, ca.Size-2)
	cb, _, err := b.Checkpoint(ctx)
	if err != nil || ca.Size != cb.Size || ca.Root != cb.Root {
		t.Errorf("the checkpoints differ: %d %x, %d %x (%v)", ca.Size, ca.Root, cb.Size, cb.Root, err)
	}
}
