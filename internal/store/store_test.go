package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

var shelf = fstest.MapFS{"00001_shelf.sql": {Data: []byte(`-- +goose Up
CREATE TABLE shelf_book (
	n INT8 NOT NULL PRIMARY KEY,
	title CTEXT NOT NULL,
	scan BYTES
);`)}}

func withShelf(t *testing.T, db *store.DB) *store.DB {
	t.Helper()
	if err := db.Migrate(t.Context(), "shelf", shelf); err != nil {
		t.Fatal(err)
	}
	return db
}

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM shelf_book`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteCommitsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		withShelf(t, db)
		add := func(tx *store.Tx, n int) error {
			_, err := tx.Exec(ctx, `INSERT INTO shelf_book (n, title) VALUES ($1, $2)`, n, "Điều lệ")
			return err
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return add(tx, 1) }); err != nil {
			t.Fatal(err)
		}
		no := errors.New("no")
		if err := db.Write(ctx, func(tx *store.Tx) error { return errors.Join(add(tx, 2), no) }); !errors.Is(err, no) {
			t.Fatalf("error of the function: %v", err)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { _ = add(tx, 3); return add(tx, 1) }); err == nil {
			t.Fatal("a key twice was accepted")
		}
		// Going on after a failed statement must not look like success on
		// either database with less written than asked for.
		_ = db.Write(ctx, func(tx *store.Tx) error { _ = add(tx, 1); return nil })
		func() {
			defer func() { _ = recover() }()
			_ = db.Write(ctx, func(tx *store.Tx) error { _ = add(tx, 4); panic("act") })
		}()
		if n := count(t, db); n != 1 {
			t.Fatalf("%d rows, want the one that was committed", n)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return add(tx, 5) }); err != nil {
			t.Fatalf("writing after all that: %v", err)
		}
	})
}

func TestReadsAreSnapshotsAndCannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		withShelf(t, db)
		err := db.Read(ctx, func(tx *store.Tx) error {
			var before, after int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM shelf_book`).Scan(&before); err != nil {
				return err
			}
			if err := db.Write(ctx, func(w *store.Tx) error {
				_, err := w.Exec(ctx, `INSERT INTO shelf_book (n, title) VALUES (1, 'a')`)
				return err
			}); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM shelf_book`).Scan(&after); err != nil {
				return err
			}
			if before != 0 || after != 0 {
				return fmt.Errorf("the snapshot moved: %d, then %d", before, after)
			}
			if _, err := tx.Exec(ctx, `DELETE FROM shelf_book`); err == nil {
				return errors.New("a reader could write")
			}
			return nil
		})
		if err != nil && !strings.Contains(err.Error(), "aborted") && !strings.Contains(err.Error(), "rollback") {
			t.Fatal(err)
		}
		if n := count(t, db); n != 1 {
			t.Fatalf("%d rows", n)
		}
	})
}

func TestInsertOfAnyNumberOfRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		withShelf(t, db)
		n := 0
		for _, size := range []int{0, 1, 3, 39, 40, 64, 65, 200, 1111} {
			var rows [][]any
			for range size {
				n++
				rows = append(rows, []any{n, fmt.Sprint("sách ", n), []byte{0, byte(n), 255}})
			}
			if err := db.Write(ctx, func(tx *store.Tx) error {
				return tx.Insert(ctx, "shelf_book", []string{"n", "title", "scan"}, rows)
			}); err != nil {
				t.Fatal(err)
			}
		}
		if got := count(t, db); got != n {
			t.Fatalf("%d rows, want %d", got, n)
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `SELECT n, title, scan FROM shelf_book ORDER BY n`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for i := 1; rows.Next(); i++ {
				var k int
				var title string
				var scan []byte
				if err := rows.Scan(&k, &title, &scan); err != nil {
					return err
				}
				if k != i || title != fmt.Sprint("sách ", i) || string(scan) != string([]byte{0, byte(i), 255}) {
					return fmt.Errorf("row %d is %d, %q, %v", i, k, title, scan)
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneWriterAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		withShelf(t, db)
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for range 10 {
					err := db.Write(ctx, func(tx *store.Tx) error {
						var n int // the next number, as only a sole writer may take it
						if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(n), 0) + 1 FROM shelf_book`).Scan(&n); err != nil {
							return err
						}
						_, err := tx.Exec(ctx, `INSERT INTO shelf_book (n, title) VALUES ($1, $2)`, n, "x")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, db); n != 160 {
			t.Fatalf("%d rows", n)
		}
	})
}

func TestWaitingForTheWriterCanBeGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(*store.Tx) error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return db.Write(ctx, func(*store.Tx) error { return errors.New("ran") })
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

// The same statement inside its own rows is the one way in which a prepared
// statement could be used twice at once.
func TestSameQueryInsideItsOwnRows(t *testing.T) {
	db := withShelf(t, storetest.SQLite(t))
	ctx := t.Context()
	var rows [][]any
	for n := range 5 {
		rows = append(rows, []any{n, "x"})
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Insert(ctx, "shelf_book", []string{"n", "title"}, rows) }); err != nil {
		t.Fatal(err)
	}
	const q = `SELECT n FROM shelf_book WHERE n >= $1 ORDER BY n`
	for range 2 { // the second time the statement is already prepared
		var got []int
		err := db.Read(ctx, func(tx *store.Tx) error {
			outer, err := tx.Query(ctx, q, 0)
			if err != nil {
				return err
			}
			defer outer.Close()
			for outer.Next() {
				var n, m int
				if err := outer.Scan(&n); err != nil {
					return err
				}
				if err := tx.QueryRow(ctx, q, 3).Scan(&m); err != nil {
					return err
				}
				got = append(got, n)
			}
			return outer.Err()
		})
		if err != nil || !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
			t.Fatal(got, err)
		}
	}
}

func TestBlobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for _, content := range [][]byte{[]byte("quyết định"), nil, []byte("quyết định")} {
			var hash string
			err := db.Write(ctx, func(tx *store.Tx) (err error) {
				hash, err = store.PutBlob(ctx, tx, content)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			err = db.Read(ctx, func(tx *store.Tx) error {
				back, err := store.GetBlob(ctx, tx, hash)
				if err == nil && string(back) != string(content) {
					err = fmt.Errorf("%q came back as %q", content, back)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := db.Write(ctx, func(tx *store.Tx) error {
			if _, err := store.GetBlob(ctx, tx, "00"); !errors.Is(err, store.ErrNoBlob) {
				return fmt.Errorf("a hash that is not kept: %v", err)
			}
			if _, err := tx.Exec(ctx, `UPDATE op_blob SET content = $1`, []byte("sửa")); err != nil {
				return err
			}
			hash, err := store.PutBlob(ctx, tx, []byte("quyết định"))
			if err != nil {
				return err
			}
			if _, err := store.GetBlob(ctx, tx, hash); err == nil {
				return errors.New("a changed file was handed out")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTablesAndTextOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		withShelf(t, withShelf(t, db)) // migrating twice changes nothing
		names, err := db.Tables(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"op_backup", "op_blob", "op_schema_shelf", "op_schema_store", "op_vault", "shelf_book"}; !slices.Equal(names, want) {
			t.Fatalf("tables %v, want %v", names, want)
		}
		var titles []string
		err = db.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Insert(ctx, "shelf_book", []string{"n", "title"}, [][]any{{1, "đ"}, {2, "b"}, {3, "B"}, {4, "a"}, {5, "ă"}}); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, `SELECT title FROM shelf_book ORDER BY title`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				titles = append(titles, s)
			}
			return rows.Err()
		})
		if err != nil || !slices.Equal(titles, []string{"B", "a", "b", "ă", "đ"}) {
			t.Fatal(titles, err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for _, dsn := range []string{"", "mysql://x", "sqlite:", "sqlite:/no/such/folder/x.db", "postgres://nobody@127.0.0.1:1/x?connect_timeout=1"} {
		if db, err := store.Open(t.Context(), dsn); err == nil {
			db.Close()
			t.Errorf("%q was opened", dsn)
		}
	}
	db, err := store.OpenTemp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Many rows are stored behind the back of who writes: what reads after them
// sees them, and the error of one of them ends the transaction wherever it is
// told.
func TestManyRowsBehind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `CREATE TABLE many (n BIGINT NOT NULL PRIMARY KEY, t TEXT NOT NULL)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		rows := func(from, n int) (out [][]any) {
			for i := range n {
				out = append(out, []any{int64(from + i), "x"})
			}
			return out
		}
		cols := []string{"n", "t"}
		count := func() (n int) {
			t.Helper()
			if err := db.Read(ctx, func(tx *store.Tx) error { return tx.QueryRow(ctx, `SELECT COUNT(*) FROM many`).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := db.Write(ctx, func(tx *store.Tx) error {
			for i := range 10 {
				if err := tx.Insert(ctx, "many", cols, rows(1000*i, 700)); err != nil {
					return err
				}
				if err := tx.Run(ctx, `UPDATE many SET t = $1 WHERE n = $2`, "y", 1000*i+5); err != nil {
					return err
				}
			}
			var n int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM many WHERE t = 'y'`).Scan(&n); err != nil || n != 10 {
				t.Errorf("%d rows, %v", n, err)
			}
			if n, err := tx.Exec(ctx, `DELETE FROM many WHERE n >= 9000`); err != nil || n != 700 {
				t.Errorf("%d rows went, %v", n, err)
			}
			return tx.Insert(ctx, "many", cols, rows(20000, 300))
		}); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 9*700+300 {
			t.Errorf("%d rows stand", n)
		}
		for name, after := range map[string]func(tx *store.Tx) error{
			"the end":     func(tx *store.Tx) error { return nil },
			"more writes": func(tx *store.Tx) error { return tx.Insert(ctx, "many", cols, rows(40000, 500)) },
			"a query": func(tx *store.Tx) error {
				var n int
				if tx.QueryRow(ctx, `SELECT COUNT(*) FROM many`).Scan(&n) == nil {
					t.Error("a query went on after a failed write")
				}
				return nil // who hides the error does not get a commit
			},
		} {
			err := db.Write(ctx, func(tx *store.Tx) error {
				if err := tx.Insert(ctx, "many", cols, append(rows(30000, 500), rows(0, 1)...)); err != nil {
					return err
				}
				return after(tx)
			})
			if err == nil || count() != 9*700+300 {
				t.Errorf("%s: a row twice: %v, %d rows", name, err, count())
			}
		}
		if err := db.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Insert(ctx, "many", cols, rows(50000, 2000)); err != nil {
				return err
			}
			return errors.New("no")
		}); err == nil || count() != 9*700+300 {
			t.Error("what was given up stands")
		}
		func() {
			defer func() { _ = recover() }()
			_ = db.Write(ctx, func(tx *store.Tx) error {
				if err := tx.Insert(ctx, "many", cols, rows(60000, 2000)); err != nil {
					return err
				}
				panic("no")
			})
		}()
		if count() != 9*700+300 {
			t.Error("what a panic left stands")
		}
	})
}
