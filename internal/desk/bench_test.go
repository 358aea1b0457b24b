package desk_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The benchmarks measure the desk and its baseline in one run and report the
// ratio: go test ./internal/desk -run '^$' -bench . -benchtime 1x

const (
	benchWriters = 64
	benchTime    = 3 * time.Second
)

// benchRoom keeps one row an entry, so that what is measured is the desk.
func benchRoom() desk.Room {
	return desk.Room{
		Name: "bench", Kinds: []string{"bench.put/1"},
		Schema: fstest.MapFS{"00001_bench.sql": {Data: []byte("-- +goose Up\nCREATE TABLE bench_row (entry INT8 NOT NULL PRIMARY KEY, id CTEXT NOT NULL, n INT8 NOT NULL);")}},
		Apply: func(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
			rows := make([][]any, len(rs))
			for i, r := range rs {
				var b benchPut
				if err := json.Unmarshal(r.Body, &b); err != nil {
					return err
				}
				rows[i] = []any{r.Index, b.ID, b.N}
			}
			return tx.Insert(ctx, "bench_row", []string{"entry", "id", "n"}, rows)
		},
	}
}

type benchPut struct {
	ID string `json:"id"`
	N  int64  `json:"n"`
}

func (p benchPut) Name() string    { return "bench.put" }
func (p benchPut) Subject() string { return "bench/" + p.ID }
func (p benchPut) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }
func (p benchPut) Decide(context.Context, *desk.Scene) ([]desk.Draft, error) {
	return []desk.Draft{{Kind: "bench.put/1", Subjects: []string{p.Subject()}, Body: p}}, nil
}

func benchDSNs() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.DurablePostgresDSN}
}

func benchDesk(b *testing.B, dsn string, room desk.Room) *desk.Desk {
	b.Helper()
	db, err := store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	cfg := desktest.Config(b, db, room)
	cfg.Rules, cfg.Clock = desktest.NoRules{}, time.Now
	return desktest.Open(b, cfg)
}

// storm runs fn from many sides for a while and returns how often a second.
func stormFor(b *testing.B, fn func(writer, n int) error) float64 {
	b.Helper()
	var done atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for w := range benchWriters {
		wg.Go(func() {
			for n := 0; time.Since(began) < benchTime; n++ {
				if err := fn(w, n); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// BenchmarkLedgerWrites: 64 writers, every commit synced. The baseline inserts
// the same rows with prepared statements, its writers gathered into groups in
// the same way.
func BenchmarkLedgerWrites(b *testing.B) {
	for name, dsn := range benchDSNs() {
		b.Run(name, func(b *testing.B) {
			var base, ours, ratio []float64 // a round each; a disk's syncs vary, so the median speaks
			for i := range b.N {
				base = append(base, handWritten(b, name, dsn(b)))
				d := benchDesk(b, dsn(b), benchRoom())
				ours = append(ours, stormFor(b, func(w, n int) error {
					_, err := d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/lan",
						Act: benchPut{ID: benchID(w, n), N: int64(n)}})
					return err
				}))
				ratio = append(ratio, 100*ours[i]/base[i])
			}
			b.ReportMetric(median(base), "baseline-entries/s")
			b.ReportMetric(median(ours), "entries/s")
			b.ReportMetric(median(ratio), "%-of-baseline")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkActs: acts that read, decide and write rows and a block with
// personal words, two entries each.
func BenchmarkActs(b *testing.B) {
	for name, dsn := range benchDSNs() {
		b.Run(name, func(b *testing.B) {
			var ours float64
			for range b.N {
				d := benchDesk(b, dsn(b), desktest.Toy())
				ours = stormFor(b, func(w, n int) error {
					_, err := d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/lan",
						Act: desktest.Add{ID: fmt.Sprintf("%d-%d", w, n%100), By: 1, Words: "lời riêng"}})
					return err
				})
			}
			b.ReportMetric(ours, "acts/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// benchID names what a writer puts, alike for the desk and its baseline: where
// a key falls in an index decides how many pages a group writes.
func benchID(writer, n int) string { return fmt.Sprintf("%d-%d", writer, n) }

// benchEntry is one entry as the desk records it, for the baseline to store.
func benchEntry(b *testing.B) []byte {
	b.Helper()
	e := ledger.Entry{Index: 12345, At: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC), Kind: "bench.put/1", Act: desk.NewID(), Actor: "acc/lan",
		Subjects: []ledger.Link{{ID: "bench/" + benchID(12, 345), Prev: -1}}, Body: json.RawMessage(`{"id":"12-345","n":345}`)}
	data, err := e.Encode()
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// handWritten is what one would write without a desk: a group, its rows, a
// commit.
func handWritten(b *testing.B, kind, dsn string) float64 {
	b.Helper()
	d := benchDesk(b, dsn, benchRoom()) // for its tables
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	var db *sql.DB
	var err error
	if kind == "sqlite" {
		db, err = sql.Open("sqlite", "file:"+strings.TrimPrefix(dsn, "sqlite:")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	} else {
		db, err = sql.Open("pgx", dsn)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	stmts := make([]*sql.Stmt, 0, 5)
	for _, q := range []string{
		`INSERT INTO ledger_entry (idx, leaf, data) VALUES ($1, $2, $3)`,
		`INSERT INTO ledger_index (idx, at, kind, act, actor) VALUES ($1, $2, $3, $4, $5)`,
		`INSERT INTO ledger_ref (subject, idx) VALUES ($1, $2)`,
		`INSERT INTO op_act (id, actor, digest, first, count) VALUES ($1, $2, $3, $4, $5)`,
		`INSERT INTO bench_row (entry, id, n) VALUES ($1, $2, $3)`,
	} {
		s, err := db.Prepare(q)
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		stmts = append(stmts, s)
	}
	leaf, data := make([]byte, 32), benchEntry(b)
	var idx int64
	type req struct {
		act, id string
		done    chan error
	}
	commit := func(batch []req) error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		var in [5]*sql.Stmt
		for i, s := range stmts {
			in[i] = tx.Stmt(s)
		}
		for _, r := range batch {
			for i, args := range [][]any{
				{idx, leaf, data}, {idx, "2026-03-01T01:00:00.000Z", "bench.put/1", r.act, "acc/lan"}, {"bench/" + r.id, idx},
				{r.act, "acc/lan", "0123456789abcdef0123456789abcdef", idx, 1}, {idx, r.id, idx},
			} {
				if _, err := in[i].Exec(args...); err != nil {
					return err
				}
			}
			idx++
		}
		return tx.Commit()
	}
	queue := make(chan req, 1024)
	stop := make(chan struct{})
	var committer sync.WaitGroup
	committer.Go(func() {
		for {
			var batch []req
			select {
			case r := <-queue:
				batch = append(batch, r)
			case <-stop:
				return
			}
			// As the desk does: those about to ask again are let in first.
			for yields := 0; len(batch) < 256 && yields < 4; {
				select {
				case r := <-queue:
					batch = append(batch, r)
				default:
					yields++
					runtime.Gosched()
				}
			}
			err := commit(batch)
			for _, r := range batch {
				r.done <- err
			}
		}
	})
	speed := stormFor(b, func(w, n int) error {
		r := req{desk.NewID(), benchID(w, n), make(chan error, 1)}
		queue <- r
		return <-r.done
	})
	close(stop)
	committer.Wait()
	return speed
}

// BenchmarkVerify: the whole ledger checked, against only reading its rows.
func BenchmarkVerify(b *testing.B) {
	const entries = 1_000_000
	db, err := store.Open(b.Context(), storetest.SQLiteDSN(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	cfg := desktest.Config(b, db, benchRoom())
	cfg.Rules = desktest.NoRules{}
	d := desktest.Open(b, cfg)
	var wg sync.WaitGroup
	const imports, each = 100, entries / 100
	for i := range imports {
		wg.Go(func() {
			if _, err := d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "acc/lan", Act: benchImport{i * each, each}}); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	if d.Head() != entries-1 {
		b.Fatalf("%d entries", d.Head()+1)
	}
	var read, check time.Duration
	for range b.N {
		runtime.GC()
		began := time.Now()
		if n, err := desk.ReadLedger(b.Context(), db, entries); err != nil || n != 2*entries {
			b.Fatal(n, err)
		}
		read = time.Since(began)
		runtime.GC()
		began = time.Now()
		findings, err := desk.VerifyLedger(b.Context(), db, entries)
		if err != nil || len(findings) > 0 {
			b.Fatal(findings, err)
		}
		check = time.Since(began)
	}
	b.ReportMetric(entries/read.Seconds(), "baseline-entries/s")
	b.ReportMetric(entries/check.Seconds(), "entries/s")
	b.ReportMetric(100*read.Seconds()/check.Seconds(), "%-of-baseline")
	b.ReportMetric(0, "ns/op")
}

// benchImport is one act that makes many entries.
type benchImport struct{ From, N int }

func (p benchImport) Name() string    { return "bench.import" }
func (p benchImport) Subject() string { return "bench/import" }
func (p benchImport) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }
func (p benchImport) Decide(context.Context, *desk.Scene) ([]desk.Draft, error) {
	ds := make([]desk.Draft, p.N)
	for i := range ds {
		id := fmt.Sprint(p.From + i)
		ds[i] = desk.Draft{Kind: "bench.put/1", Subjects: []string{"bench/" + id}, Body: benchPut{id, int64(i)}}
	}
	return ds, nil
}
