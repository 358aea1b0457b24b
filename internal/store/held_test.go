package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// What is written is there for whoever asks next in the same transaction,
// however the database sends it.
func TestWritesAreSeenByTheNextQuery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		makeHeld(t, db)
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := range 3 {
				if err := tx.Insert(ctx, "op_held", []string{"id", "n", "b"}, [][]any{{fmt.Sprint("a", i), int64(i), []byte{byte(i)}}, {fmt.Sprint("b", i), nil, nil}}); err != nil {
					return err
				}
				if err := tx.Run(ctx, `UPDATE op_held SET n = n + $1 WHERE id = $2`, 10, fmt.Sprint("a", i)); err != nil {
					return err
				}
				var id string
				var n int64
				var b []byte
				var mean float64
				if err := tx.QueryRow(ctx, `SELECT id, n, b, 0.5 FROM op_held WHERE id = $1`, fmt.Sprint("a", i)).Scan(&id, &n, &b, &mean); err != nil {
					return err
				}
				if n != int64(10+i) || len(b) != 1 || b[0] != byte(i) || id != fmt.Sprint("a", i) || mean != 0.5 {
					t.Errorf("row %d came back as %s %d %v %v", i, id, n, b, mean)
				}
			}
			if err := tx.Run(ctx, `UPDATE op_held SET n = 99 WHERE id = 'b0'`); err != nil {
				return err
			}
			touched, err := tx.Exec(ctx, `UPDATE op_held SET n = n + 1 WHERE n = 99`)
			if err != nil || touched != 1 {
				t.Errorf("%d rows touched, %v", touched, err)
			}
			rows, err := tx.Query(ctx, `SELECT SUM(n) FROM op_held`)
			if err != nil {
				return err
			}
			defer rows.Close()
			var sum int64
			for rows.Next() {
				if err := rows.Scan(&sum); err != nil {
					return err
				}
			}
			if sum != 10+11+12+100 {
				t.Errorf("the sum is %d", sum)
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := countHeld(t, db); n != 6 {
			t.Errorf("%d rows stand, not 6", n)
		}
	})
}

// A write that fails ends its transaction: nothing of it stays, whatever the
// function made of the error, and wherever the error came out.
func TestAFailedWriteLeavesNothing(t *testing.T) {
	twice := func(ctx context.Context, tx *store.Tx) error {
		return tx.Insert(ctx, "op_held", []string{"id", "n", "b"}, [][]any{{"x", int64(1), nil}, {"x", int64(2), nil}})
	}
	for name, fn := range map[string]func(context.Context, *store.Tx) error{
		"at the end": twice,
		"at the next query": func(ctx context.Context, tx *store.Tx) error {
			if err := twice(ctx, tx); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, `SELECT id FROM op_held`)
			if err == nil {
				rows.Close()
			}
			return err
		},
		"at the next row": func(ctx context.Context, tx *store.Tx) error {
			if err := twice(ctx, tx); err != nil {
				return err
			}
			var id string
			if err := tx.QueryRow(ctx, `SELECT id FROM op_held`).Scan(&id); err == nil {
				return errors.New("the row came though the write before it failed")
			}
			return tx.QueryRow(ctx, `SELECT 'again'`).Scan(&id)
		},
		"at the next statement": func(ctx context.Context, tx *store.Tx) error {
			if err := twice(ctx, tx); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM op_held`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				makeHeld(t, db)
				err := db.Write(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) })
				if err == nil || !strings.Contains(strings.ToLower(err.Error()), "unique") {
					t.Errorf("got %v, want the row that stands twice", err)
				}
				if n := countHeld(t, db); n != 0 {
					t.Errorf("%d rows stayed", n)
				}
				// The connection is as good as new.
				if err := db.Write(t.Context(), func(tx *store.Tx) error {
					return tx.Insert(t.Context(), "op_held", []string{"id", "n", "b"}, [][]any{{"y", int64(1), nil}})
				}); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What was held when the function failed or panicked goes with it.
func TestHeldWritesGoWithTheirTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		makeHeld(t, db)
		ctx := t.Context()
		put := func(tx *store.Tx) error { return tx.Run(ctx, `INSERT INTO op_held (id, n) VALUES ('z', 1)`) }
		no := errors.New("no")
		if err := db.Write(ctx, func(tx *store.Tx) error {
			if err := put(tx); err != nil {
				return err
			}
			return no
		}); !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.Write(ctx, func(tx *store.Tx) error {
				if err := put(tx); err != nil {
					return err
				}
				panic("out of order")
			})
		}()
		for range 30 { // every connection there is
			if err := db.Write(ctx, func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if n := countHeld(t, db); n != 0 {
			t.Errorf("%d rows stayed", n)
		}
	})
}

// Long imports arrive whole and in order between the statements around them.
func TestManyRowsBetweenStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		makeHeld(t, db)
		ctx := t.Context()
		const n = 9001
		if err := db.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Run(ctx, `INSERT INTO op_held (id, n) VALUES ('first', 0)`); err != nil {
				return err
			}
			rows := make([][]any, n)
			for i := range rows {
				rows[i] = []any{fmt.Sprint("r", i), int64(i), nil}
			}
			if err := tx.Insert(ctx, "op_held", []string{"id", "n", "b"}, rows); err != nil {
				return err
			}
			return tx.Run(ctx, `UPDATE op_held SET b = $1`, []byte("after"))
		}); err != nil {
			t.Fatal(err)
		}
		if got := countHeld(t, db); got != n+1 {
			t.Errorf("%d rows, want %d", got, n+1)
		}
		var bare int64
		if err := db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_held WHERE b IS NULL`).Scan(&bare)
		}); err != nil || bare != 0 {
			t.Errorf("%d rows came after the statement that followed them (%v)", bare, err)
		}
	})
}

func makeHeld(t *testing.T, db *store.DB) {
	t.Helper()
	num, bytes := "INTEGER", "BLOB"
	if db.Dialect() == store.Postgres {
		num, bytes = "BIGINT", "BYTEA"
	}
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE TABLE op_held (id TEXT NOT NULL PRIMARY KEY, n `+num+`, b `+bytes+`)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func countHeld(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM op_held`).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}
