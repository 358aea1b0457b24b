package vote_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"

	"pgregory.net/rapid"
)

// TestNeedAndShareByBruteForce: the least votes that pass, and every share, are
// what trying each number and dividing exactly give.
func TestNeedAndShareByBruteForce(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		res := countIt(t, lib, r)
		n := res.Denominator.Count
		if n == nil || *n == 0 {
			return
		}
		for _, l := range res.Results {
			exact := new(big.Rat).SetFrac64(l.Votes*10000, *n)
			exact.Add(exact, big.NewRat(1, 2))
			h := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
			if want := fmt.Sprintf("%d.%02d", h/100, h%100); l.Share != want {
				t.Fatalf("%d of %d is %s, want %s", l.Votes, *n, l.Share, want)
			}
		}
		if res.Need == 0 {
			return
		}
		// more than half of the base, as every regulation that ships says of a share
		if strings.HasPrefix(r.Rules, "confidence") {
			return
		}
		for v := int64(0); v <= *n; v++ {
			if 2*v > *n {
				if v != res.Need {
					t.Fatalf("%s: base %d, need %d, the first that passes is %d", r.Rules, *n, res.Need, v)
				}
				break
			}
		}
	})
}

// TestOlderByBruteForce: age settles a tie only when it is the same whichever
// days the partly known births turn out to be.
func TestOlderByBruteForce(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	births := []string{"", "1960", "1961", "1960-02", "1960-12", "1961-01", "1960-02-29", "1960-12-31", "1961-01-01", "1961-01-02"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "tied")
		seats := int64(rapid.IntRange(1, n-1).Draw(t, "seats"))
		all := seats + 4 // four more seats, surely filled, so that the tied can all pass half
		r := &vote.Record{ID: "x", Rules: "state-election/hdnd", Date: vn.MustDate("2026-03-15"), Seats: &all, Votes: map[string]int64{}}
		r.Ballots.Valid = num(100)
		for i := range n {
			c := vote.Candidate{ID: string(rune('a' + i)), Born: rapid.SampledFrom(births).Draw(t, "born")}
			r.Candidates = append(r.Candidates, c)
			r.Votes[c.ID] = 51
		}
		tied := slices.Clone(r.Candidates)
		for i := range 4 {
			c := vote.Candidate{ID: fmt.Sprintf("sure%d", i)}
			r.Candidates = append(r.Candidates, c)
			r.Votes[c.ID] = 70
		}
		want := sureOldest(tied, int(seats))
		for _, rec := range []*vote.Record{r, r.Public()} {
			res := countIt(t, lib, rec)
			res.Elected = slices.DeleteFunc(res.Elected, func(id string) bool { return strings.HasPrefix(id, "sure") })
			slices.Sort(res.Elected)
			if want == nil && res.Status != vote.Tied || want != nil && !slices.Equal(res.Elected, want) {
				t.Fatalf("%+v for %d: %s %v, want %v", rec.Candidates, seats, res.Status, res.Elected, want)
			}
		}
	})
}

// sureOldest tries every assignment of the first and last day that each birth
// may be; nil when they do not all give the same persons, none of them equal at
// the edge.
func sureOldest(cs []vote.Candidate, seats int) []string {
	days := map[string][2]string{"": {"0001-01-01", "9999-12-31"}, "1960": {"1960-01-01", "1960-12-31"}, "1961": {"1961-01-01", "1961-12-31"},
		"1960-02": {"1960-02-01", "1960-02-29"}, "1960-12": {"1960-12-01", "1960-12-31"}, "1961-01": {"1961-01-01", "1961-01-31"}}
	var want []string
	for bits := range 1 << len(cs) {
		type one struct{ id, day string }
		var all []one
		for i, c := range cs {
			day := c.Born
			if d, ok := days[c.Born]; ok {
				day = d[bits>>i&1]
			}
			all = append(all, one{c.ID, day})
		}
		slices.SortFunc(all, func(a, b one) int { return strings.Compare(a.day, b.day) })
		if all[seats-1].day == all[seats].day {
			return nil
		}
		var ids []string
		for _, o := range all[:seats] {
			ids = append(ids, o.id)
		}
		slices.Sort(ids)
		if want != nil && !slices.Equal(ids, want) {
			return nil
		}
		want = ids
	}
	return want
}
