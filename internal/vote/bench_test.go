package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// BenchmarkTally adds up 1,000,000 single ballots over 30 candidates; the goal
// is under half a second.
func BenchmarkTally(b *testing.B) {
	const ballots, candidates = 1_000_000, 30
	pile := make([]uint64, ballots)
	x := uint64(88172645463325252)
	for i := range pile {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		pile[i] = x & (1<<candidates - 1)
	}
	for b.Loop() {
		t := vote.NewTally(candidates)
		for i := range pile {
			t.Add(pile[i : i+1])
		}
		if t.Ballots != ballots {
			b.Fatal("ballots were lost")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/million-ballots")
}

// BenchmarkVerdict asks one compiled rule; the goal is under a microsecond.
func BenchmarkVerdict(b *testing.B) {
	lib, err := rule.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	book, err := lib.For("state-election/qh", vn.MustDate("2021-05-23"))
	if err != nil {
		b.Fatal(err)
	}
	r := book.Find("state-election.winner")
	var in rule.Inputs
	for name, v := range map[string]int64{"votes": 93301, "valid": 186600} {
		if err := in.SetNamed(name, v); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if a, err := r.Ask(&in); err != nil || a != rule.Holds {
			b.Fatal(a, err)
		}
	}
}
