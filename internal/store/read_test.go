package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// More readers than there are connections, some of whom give up in the middle
// or ask for what there is not: everybody else gets the right answer, and all
// connections come back.
func TestManyReadersSomeGiveUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		makeHeld(t, db)
		if err := db.Write(ctx, func(tx *store.Tx) error {
			return tx.Insert(ctx, "op_held", []string{"id", "n", "b"}, [][]any{{"a", int64(1), nil}, {"b", int64(2), nil}})
		}); err != nil {
			t.Fatal(err)
		}
		sum := func(ctx context.Context, tx *store.Tx) (n int, err error) {
			err = tx.QueryRow(ctx, `SELECT SUM(n) FROM op_held`).Scan(&n)
			return n, err
		}
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				own, cancel := context.WithCancel(ctx)
				defer cancel()
				err := db.Read(own, func(tx *store.Tx) error {
					if n, err := sum(own, tx); err != nil || n != 3 {
						return fmt.Errorf("the sum is %d, %w", n, err)
					}
					switch i % 4 {
					case 0:
						cancel()
						_, err := sum(own, tx)
						if err == nil {
							return errors.New("who gave up got an answer")
						}
						return err
					case 1:
						_, err := tx.Strings(own, `SELECT nothing FROM op_held`)
						return err
					case 2:
						return nil // asks once
					}
					_, err := sum(own, tx)
					return err
				})
				switch {
				case i%4 == 0 && !errors.Is(err, context.Canceled):
					t.Errorf("who gave up was told %v", err)
				case i%4 == 1 && err == nil:
					t.Error("there is no such column")
				case i%4 > 1 && err != nil:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for range 30 { // nobody's failure is left on a connection
			if err := db.Read(ctx, func(tx *store.Tx) error { _, err := sum(ctx, tx); return err }); err != nil {
				t.Fatal(err)
			}
			if err := db.Read(ctx, func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Run(ctx, `UPDATE op_held SET n = 7`) }); err != nil {
			t.Fatal(err)
		}
		if err := db.Read(ctx, func(tx *store.Tx) error {
			n, err := sum(ctx, tx)
			if n != 14 {
				t.Errorf("an old snapshot was read: %d", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// A read goes on for as long as its rows; whoever waits for a place among the
// readers can give up.
func TestReadersWaitForAPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		release := make(chan struct{})
		var inside, done sync.WaitGroup
		for range 8 {
			inside.Add(1)
			done.Go(func() {
				if err := db.Read(ctx, func(tx *store.Tx) error {
					inside.Done()
					<-release
					var one int
					return tx.QueryRow(ctx, `SELECT 1`).Scan(&one)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		inside.Wait()
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		if err := db.Read(short, func(*store.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the ninth reader was told %v", err)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return nil }); err != nil {
			t.Errorf("the writer waits for no reader: %v", err)
		}
		close(release)
		done.Wait()
	})
}

// What fails in a read and is passed over in silence is told at its end on
// PostgreSQL, which answers no further question of that snapshot.
func TestASilentFailureOfARead(t *testing.T) {
	db := storetest.Postgres(t)
	ctx := t.Context()
	makeHeld(t, db)
	for _, wrong := range []string{`SELECT 1/0`, `SELECT nothing FROM op_held`} {
		for _, first := range []bool{true, false} {
			err := db.Read(ctx, func(tx *store.Tx) error {
				var one int
				if !first {
					if err := tx.QueryRow(ctx, `SELECT 1`).Scan(&one); err != nil {
						return err
					}
				}
				_, _ = tx.Strings(ctx, wrong)
				if _, err := tx.Exec(ctx, `INSERT INTO op_held (id, n, b) VALUES ('x', 1, NULL)`); err == nil {
					t.Error("who only reads wrote, behind a failure")
				}
				if err := tx.QueryRow(ctx, `SELECT 1`).Scan(&one); err == nil {
					t.Error("the snapshot went on behind a failure")
				}
				return nil
			})
			if err == nil {
				t.Errorf("%s, first %v: nobody was told", wrong, first)
			}
		}
	}
}

// Connections are made ready each on its own: on PostgreSQL no two of the
// questions are asked of the same process of the server.
func TestReadyAsksOnSeveralConnections(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var mu sync.Mutex
		asked, processes := 0, map[int]bool{}
		if err := db.Ready(ctx, func(tx *store.Tx) error {
			process := -1
			if tx.Dialect() == store.Postgres {
				if err := tx.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&process); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			asked++
			processes[process] = true
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if asked < 2 || db.Dialect() == store.Postgres && len(processes) != asked {
			t.Errorf("%d questions on %d processes", asked, len(processes))
		}
		wrong := errors.New("no answer")
		if err := db.Ready(ctx, func(*store.Tx) error { return wrong }); !errors.Is(err, wrong) {
			t.Errorf("a question without answer: %v", err)
		}
		over, cancel := context.WithCancel(ctx)
		cancel()
		if err := db.Ready(over, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: %v", err)
		}
		if err := db.Read(ctx, func(*store.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}
