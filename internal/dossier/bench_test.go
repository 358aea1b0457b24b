package dossier_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
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

// BenchmarkGaps asks what every file of a province lacks, in the order of names,
// as the page of what is missing does, beside one hand-written query of the same
// tables. A third of the people have a file of nine papers, one of them missing.
//
//	MINHBACH_BENCH_MEMBERS=60000 go test ./internal/dossier -run '^$' -bench Gaps -benchtime 1x -timeout 30m
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
			if err := files(b.Context(), db); err != nil {
				b.Fatal(err)
			}
			at := org.Now(persontest.On)
			homes := append([]string{m.Root}, m.Bodies...)
			ours := func(tx *store.Tx) (int, error) {
				gs, err := dossier.Gaps(b.Context(), tx, homes)
				if err != nil {
					return 0, err
				}
				order, err := person.Ordered(b.Context(), tx, "", at)
				if err == nil && (len(order) != n || len(gs) != n) {
					err = fmt.Errorf("%d in order, %d with gaps of %d", len(order), len(gs), n)
				}
				return len(gs), err
			}
			var both [2]time.Duration
			var counted [2]int
			for b.Loop() {
				for i, ask := range []func(*store.Tx) (int, error){ours, byHand} {
					start := time.Now()
					if err := db.Read(b.Context(), func(tx *store.Tx) (err error) {
						counted[i], err = ask(tx)
						return err
					}); err != nil {
						b.Fatal(err)
					}
					both[i] += time.Since(start)
				}
			}
			b.ReportMetric(float64(both[0].Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(float64(both[1].Milliseconds())/float64(b.N), "by-hand-ms")
			b.ReportMetric(both[0].Seconds()/both[1].Seconds(), "ratio")
			b.Logf("%d people in %d homes, by hand %d", counted[0], len(homes), counted[1])
		})
	}
}

// files lays a file of nine papers beside every third person, straight into the
// tables: how they came there is not what is measured.
func files(ctx context.Context, db *store.DB) error {
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
				if k == 4 {
					state = "missing"
				}
				entry++
				if err := tx.Run(ctx, `INSERT INTO dossier_doc (doc, person, state, class, entry_from, entry_to, content, version, filed, said) VALUES ($1, $2, $3, 'internal', $4, -1, $4, 1, '2020-01-01', -1)`,
					fmt.Sprintf("doc/%d", entry), id, state, entry); err != nil {
					return err
				}
			}
		}
		return nil
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
