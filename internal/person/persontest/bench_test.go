package persontest_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// BenchmarkFill measures how long a registry takes to make, through the acts.
func BenchmarkFill(b *testing.B) {
	n := 6000
	if v, err := strconv.Atoi(os.Getenv("MINHBACH_BENCH_MEMBERS")); err == nil {
		n = v
	}
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := desktest.New(b, open(b), org.Room(), person.Room())
				start := time.Now()
				if _, err := persontest.Fill(b.Context(), d, persontest.Size{Members: n, Seed: 1}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(n)/time.Since(start).Seconds(), "persons/s")
			}
		})
	}
}
