package dossier_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// BenchmarkGaps asks for the first page of what every file of a province lacks,
// in the order of names, with its sums, as the page does; beside it one
// hand-written query that reads the same tables whole, and the list in other
// orders and filters. A third of the people have a file of nine papers, of every
// other file one is missing. *-cpu-ms is processor time, on PostgreSQL with that
// of the server's process: other programs on the machine hardly change it.
//
//	MINHBACH_BENCH_MEMBERS=60000 go test ./internal/dossier -run '^$' -bench Gaps -benchtime 10x -timeout 30m
func BenchmarkGaps(b *testing.B) {
	n := 3000
	if v, err := strconv.Atoi(os.Getenv("MINHBACH_BENCH_MEMBERS")); err == nil {
		n = v
	}
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			d := desktest.New(b, db, org.Room(), person.Room(), dossier.Room())
			m, err := persontest.Fill(b.Context(), d, persontest.Size{Members: n, Seed: 1, Bare: true, AtOnce: 12})
			if err != nil {
				b.Fatal(err)
			}
			if err := files(b.Context(), db, dossier.FillStatement(b)); err != nil {
				b.Fatal(err)
			}
			if err := storetest.Vacuum(b.Context(), db); err != nil {
				b.Fatal(err)
			}
			homes := m.Bodies[:len(m.Bodies)/2]
			order := map[string]int{}
			for i, h := range append([]string{m.Root}, m.Bodies...) {
				order[h] = i
			}
			asks := []struct {
				name string
				ask  func(*store.Tx) (int, error)
			}{
				{"", gapPage(b, dossier.GapFind{Whole: true})},
				{"by-hand-", byHand},
				{"half-", gapPage(b, dossier.GapFind{Homes: homes})},
				{"missing-", gapPage(b, dossier.GapFind{Whole: true, What: dossier.GapMissing})},
				{"lost-", gapPage(b, dossier.GapFind{Whole: true, What: dossier.GapLost})},
				{"by-missing-", gapPage(b, dossier.GapFind{Whole: true, Order: dossier.ByMissing})},
				{"by-home-", gapPage(b, dossier.GapFind{Whole: true, Order: dossier.ByHome, HomeOrder: order})},
				{"name-", gapPage(b, dossier.GapFind{Whole: true, Words: "nguyen van"})},
				{"page-500-", gapPage(b, dossier.GapFind{Whole: true, Offset: 25_000})},
			}
			spent, clock := make([]time.Duration, len(asks)), make([]time.Duration, len(asks))
			counted := make([]int, len(asks))
			for b.Loop() {
				for i, a := range asks {
					if err := db.Read(b.Context(), func(tx *store.Tx) (err error) {
						cpu := processorTime(b, tx)
						at, start := cpu(), time.Now()
						counted[i], err = a.ask(tx)
						clock[i] += time.Since(start)
						spent[i] += cpu() - at
						return err
					}); err != nil {
						b.Fatal(a.name, err)
					}
				}
			}
			rare, err := rareGaps(b, db)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(rare.Seconds()*1000, "rare-cpu-ms")
			for i, a := range asks {
				b.ReportMetric(spent[i].Seconds()*1000/float64(b.N), a.name+"cpu-ms")
			}
			b.ReportMetric(clock[0].Seconds()*1000/float64(b.N), "ms")
			b.ReportMetric(clock[1].Seconds()*1000/float64(b.N), "by-hand-ms")
			b.ReportMetric(spent[0].Seconds()/spent[1].Seconds(), "cpu-ratio")
			b.Logf("%d members in %d homes: rows %v", n, len(order), counted)
		})
	}
}

// rareGaps is the processor time of the page where all files are there and lack
// nothing, but for ten persons who have none and ten files.
func rareGaps(b *testing.B, db *store.DB) (spent time.Duration, err error) {
	ctx := b.Context()
	if err := db.Write(ctx, func(tx *store.Tx) error {
		for _, text := range []string{`UPDATE dossier_gap SET missing = 0, lacks = 0`,
			`INSERT INTO dossier_gap (person, file_lost, papers, missing, lost, to_supply, no_scan, lacks) SELECT p.person, 0, 9, 0, 0, 0, 9, 0 FROM person_person p WHERE NOT EXISTS (SELECT 1 FROM dossier_gap g WHERE g.person = p.person)`,
			`DELETE FROM dossier_gap WHERE person IN (SELECT person FROM dossier_gap ORDER BY person LIMIT 10)`,
			`UPDATE dossier_gap SET missing = 1, lacks = 1 WHERE person IN (SELECT person FROM dossier_gap ORDER BY person LIMIT 10)`} {
			if err := tx.Run(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return 0, err
	}
	if err := storetest.Vacuum(ctx, db); err != nil {
		return 0, err
	}
	const times = 5
	for range times {
		if err := db.Read(ctx, func(tx *store.Tx) error {
			cpu := processorTime(b, tx)
			at := cpu()
			l, err := dossier.FindGaps(ctx, tx, dossier.GapFind{On: persontest.On, Whole: true, Limit: 50})
			if spent += cpu() - at; err == nil && len(l.Rows) != 20 {
				err = fmt.Errorf("%d rows of 20", len(l.Rows))
			}
			return err
		}); err != nil {
			return 0, err
		}
	}
	return spent / times, nil
}

func gapPage(b *testing.B, f dossier.GapFind) func(*store.Tx) (int, error) {
	f.On, f.Limit = persontest.On, 50
	return func(tx *store.Tx) (int, error) {
		l, err := dossier.FindGaps(b.Context(), tx, f)
		return len(l.Rows), err
	}
}

// processorTime reads the processor time of this process and, on PostgreSQL, of
// the server's process that serves the transaction.
func processorTime(b *testing.B, tx *store.Tx) func() time.Duration {
	var pid int64
	if tx.Dialect() == store.Postgres {
		if err := tx.QueryRow(b.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			b.Fatal(err)
		}
	}
	return func() time.Duration {
		spent := cpu()
		if pid > 0 {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
			ns, _, _ := strings.Cut(string(text), " ")
			served, _ := strconv.ParseInt(ns, 10, 64)
			spent += time.Duration(served)
		}
		return spent
	}
}

// files lays a file of nine papers beside every third person, straight into the
// tables: how they came there is not what is measured.
func files(ctx context.Context, db *store.DB, count string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		ids, err := tx.Strings(ctx, `SELECT person FROM person_person ORDER BY person`)
		if err != nil {
			return err
		}
		entry := int64(1 << 40)
		for i, id := range ids {
			if i%3 != 0 {
				continue
			}
			if err := tx.Run(ctx, `INSERT INTO dossier_file (person, class, state, said, opened) VALUES ($1, 'internal', 'kept', $2, $2)`, id, entry); err != nil {
				return err
			}
			for k := range 9 {
				state := "kept"
				if k == 4 && i%2 == 0 {
					state = "missing"
				}
				entry++
				if err := tx.Run(ctx, `INSERT INTO dossier_doc (doc, person, state, class, entry_from, entry_to, content, version, filed, said) VALUES ($1, $2, $3, 'internal', $4, -1, $4, 1, '2020-01-01', -1)`,
					fmt.Sprintf("doc/%d", entry), id, state, entry); err != nil {
					return err
				}
			}
		}
		return tx.Run(ctx, count)
	})
}

// byHand is the question as one would write it for these tables alone.
func byHand(tx *store.Tx) (n int, err error) {
	rows, err := tx.Query(context.Background(), `SELECT p.person, p.home, COALESCE(f.state, ''), COALESCE(d.missing, 0), COALESCE(d.lost, 0), COALESCE(d.papers, 0)
		FROM person_version v JOIN person_person p ON p.person = v.person JOIN person_identity i ON i.entry = v.content
		LEFT JOIN dossier_file f ON f.person = p.person
		LEFT JOIN (SELECT person, SUM(CASE WHEN state = 'missing' THEN 1 ELSE 0 END) AS missing, SUM(CASE WHEN state = 'lost' THEN 1 ELSE 0 END) AS lost, COUNT(*) AS papers,
			SUM(CASE WHEN state IN ('kept', 'restored') AND class <> 'register-only' AND NOT EXISTS (SELECT 1 FROM dossier_scan s WHERE s.entry = content) THEN 1 ELSE 0 END) AS noscan FROM dossier_doc WHERE entry_to = -1 AND state <> 'withdrawn' GROUP BY person) d ON d.person = p.person
		WHERE v.entry_to = -1 ORDER BY i.sort_key, v.person`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, home, state string
		var missing, lost, papers int
		if err := rows.Scan(&id, &home, &state, &missing, &lost, &papers); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}
