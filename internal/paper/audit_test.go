package paper_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minhbach/internal/paper"
)

// patterns of a ballot with two names: nobody, the first, the second, both.
type population [4]int64

func (p population) votes() []int64 { return []int64{p[1] + p[3], p[2] + p[3]} }

// winner of one seat by more than half of all ballots: 0, 1, or -1 for nobody;
// tied says that two who passed have the same.
func (p population) winner() (w int, tied bool) {
	v, n := p.votes(), p[0]+p[1]+p[2]+p[3]
	a, b := 2*v[0] > n, 2*v[1] > n
	switch {
	case a && b && v[0] == v[1]:
		return -1, true
	case a && (!b || v[0] > v[1]):
		return 0, false
	case b:
		return 1, false
	}
	return -1, false
}

func each(n int64, do func(population)) {
	for a := range n + 1 {
		for b := range n + 1 - a {
			for c := range n + 1 - a - b {
				do(population{n - a - b - c, a, b, c})
			}
		}
	}
}

// half is the rule of these boxes: more than half of the base.
func half(base int64) int64 { return base/2 + 1 }

func choose(n, k int64) float64 {
	if k < 0 || k > n {
		return 0
	}
	v := 1.0
	for i := range k {
		v = v * float64(n-i) / float64(i+1)
	}
	return v
}

// TestRiskIsKept tries every small box whose announced winner is wrong, and
// every draw from it: the chance that the audit gives a risk of at most r is
// never more than r.
func TestRiskIsKept(t *testing.T) {
	const n = 7
	tried := 0
	for _, announced := range [][]int64{{7, 0}, {5, 4}, {4, 3}, {6, 5}} {
		c := &paper.Contest{Ballots: n, Votes: announced, Elected: []int{0}, Base: n, Need: half}
		each(n, func(truth population) {
			if w, tied := truth.winner(); w == 0 || tied {
				return
			}
			tried++
			for drawn := int64(1); drawn <= n; drawn++ {
				chance := map[float64]float64{}
				each(drawn, func(s population) {
					p := 1.0
					for i := range s {
						p *= choose(truth[i], s[i])
					}
					if p == 0 {
						return
					}
					risk, err := c.Risk(&paper.Seen{Papers: drawn, Votes: s.votes(), Over: func(a, b int) int64 { return s[1+a] }})
					if err != nil {
						t.Fatal(err)
					}
					chance[risk] += p / choose(n, drawn)
				})
				for r := range chance {
					sum := 0.0
					for q, p := range chance {
						if q <= r+1e-12 {
							sum += p
						}
					}
					if sum > r+1e-9 {
						t.Fatalf("announced %v, true %v, %d drawn: risk at most %.4f with chance %.4f", announced, truth, drawn, r, sum)
					}
				}
			}
		})
	}
	if tried < 200 {
		t.Errorf("only %d boxes were tried", tried)
	}
}

// ballots of a box where one seat goes to more than half of the valid papers:
// invalid, the first, the second.
type validBox [3]int64

// TestRiskOfValidShare: the same where shares are taken of the valid papers,
// whose number the audit does not know either.
func TestRiskOfValidShare(t *testing.T) {
	const n = 8
	each := func(n int64, do func(validBox)) {
		for a := range n + 1 {
			for b := range n + 1 - a {
				do(validBox{n - a - b, a, b})
			}
		}
	}
	tried := 0
	for _, announced := range []validBox{{0, 8, 0}, {2, 5, 1}, {1, 4, 3}} {
		c := &paper.Contest{Ballots: n, Valid: announced[1] + announced[2], Votes: announced[1:], Elected: []int{0}, Need: half}
		each(n, func(truth validBox) {
			if truth[1] > truth[2] {
				return
			}
			tried++
			for drawn := int64(1); drawn <= n; drawn++ {
				chance := map[float64]float64{}
				each(drawn, func(s validBox) {
					p := choose(truth[0], s[0]) * choose(truth[1], s[1]) * choose(truth[2], s[2])
					if p == 0 {
						return
					}
					risk, err := c.Risk(&paper.Seen{Papers: drawn, Valid: s[1] + s[2], Votes: s[1:], Over: func(a, b int) int64 { return s[1+a] }})
					if err != nil {
						t.Fatal(err)
					}
					chance[risk] += p / choose(n, drawn)
				})
				for r := range chance {
					sum := 0.0
					for q, p := range chance {
						if q <= r+1e-12 {
							sum += p
						}
					}
					if sum > r+1e-9 {
						t.Fatalf("announced %v, true %v, %d drawn: risk at most %.4f with chance %.4f", announced, truth, drawn, r, sum)
					}
				}
			}
		})
	}
	if tried < 50 {
		t.Errorf("only %d boxes were tried", tried)
	}
}

// TestAuditOfTrueResult: the whole box settles a true result, and a clear one
// needs few papers, a narrow or small one all of them.
func TestAuditOfTrueResult(t *testing.T) {
	c := &paper.Contest{Ballots: 347, Base: 347, Votes: []int64{330, 320, 300, 90}, Elected: []int{0, 1, 2}, Need: half}
	risk, err := c.Risk(&paper.Seen{Papers: 347, Votes: c.Votes, Over: func(a, b int) int64 { return c.Votes[a] - min(c.Votes[a], c.Votes[b])/2 }})
	if err != nil || risk > 1e-6 {
		t.Errorf("risk %g of the whole box, %v", risk, err)
	}
	all, n, err := c.CountAll(0.05)
	if err != nil || all || n > 60 {
		t.Errorf("clear result: count all %v, %d papers, %v", all, n, err)
	}
	for _, c := range []*paper.Contest{
		{Ballots: 11, Base: 11, Votes: []int64{7, 4}, Elected: []int{0}, Need: half},
		{Ballots: 347, Base: 347, Votes: []int64{175, 90}, Elected: []int{0}, Need: half},
	} {
		if all, n, err := c.CountAll(0.05); err != nil || !all {
			t.Errorf("%v: count all %v, %d papers, %v", c.Votes, all, n, err)
		}
	}
	if _, err := (&paper.Contest{Ballots: 5, Votes: []int64{3}, Elected: []int{1}}).Risk(&paper.Seen{Votes: []int64{0}}); err == nil {
		t.Error("an elected who is not on the list was taken")
	}
}

// TestDrawAndShuffle: anybody with the seed gets the same papers, another seed
// gives others, and each stands once.
func TestDrawAndShuffle(t *testing.T) {
	a := paper.Draw("dice 4 2 6 6 1", 500, 40)
	if !slices.Equal(a, paper.Draw("dice 4 2 6 6 1", 500, 40)) || slices.Equal(a, paper.Draw("dice 4 2 6 6 2", 500, 40)) {
		t.Error("the draw does not hang on the seed alone")
	}
	if len(slices.Compact(slices.Clone(a))) != 40 || a[0] < 1 || a[39] > 500 {
		t.Errorf("%v", a)
	}
	x := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	y := slices.Clone(x)
	paper.Shuffle("pile 3", y)
	if slices.Equal(x, y) {
		t.Error("nothing was shuffled")
	}
	slices.Sort(y)
	if !slices.Equal(x, y) {
		t.Errorf("%v", y)
	}
}

// TestCompareReadings: what differs is named by pile and place; a pile that one
// reading lacks differs as a whole.
func TestCompareReadings(t *testing.T) {
	got := paper.Compare(
		[]paper.PileReading{{"1", "tổ A", 50, []int64{40, 30}}, {"2", "tổ A", 50, []int64{20, 10}}},
		[]paper.PileReading{{"1", "tổ B", 50, []int64{40, 30}}, {"2", "tổ B", 50, []int64{20, 11}}},
		[]paper.PileReading{{"1", "máy quét", 50, []int64{40, 30}}},
	)
	want := []paper.Differing{
		{Pile: "2", Place: -1, Figures: []int64{50, 50, -1}, FirstDiff: 2},
		{Pile: "2", Place: 0, Figures: []int64{20, 20, -1}, FirstDiff: 2},
		{Pile: "2", Place: 1, Figures: []int64{10, 11, -1}, FirstDiff: 1},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestProposedSampleIsEnough: as many papers as are proposed confirm a right
// result at nearly every throw of the dice, not at every second.
func TestProposedSampleIsEnough(t *testing.T) {
	const ballots, places = 344, 58
	c := &paper.Contest{Ballots: ballots, Base: 350, Votes: make([]int64, places), Need: half}
	struck := func(ballot int) map[int]bool { // seven a ballot: one of seven is spared, another struck for him
		out := map[int]bool{}
		for j, p := range []int{7, 16, 25, 32, 40, 48, 56} {
			if j == ballot%7 {
				p = []int{1, 10, 19, 28, 37, 44, 52}[(ballot/7)%7]
			}
			out[p] = true
		}
		return out
	}
	for i := range ballots {
		for p := range places {
			if !struck(i)[p] {
				c.Votes[p]++
			}
		}
	}
	for p, v := range c.Votes {
		if v > 173 {
			c.Elected = append(c.Elected, p)
		}
	}
	all, n, err := c.CountAll(0.05)
	if err != nil || all || n < 15 || n > 60 {
		t.Fatalf("count all %v, %d papers, %v", all, n, err)
	}
	confirmed := 0
	for k := range 200 {
		seen := &paper.Seen{Papers: n, Valid: n, Votes: make([]int64, places)}
		drawn := paper.Draw(fmt.Sprint("dice ", k), ballots, n)
		for _, no := range drawn {
			for p := range places {
				if !struck(int(no - 1))[p] {
					seen.Votes[p]++
				}
			}
		}
		seen.Over = func(a, b int) (over int64) {
			for _, no := range drawn {
				if s := struck(int(no - 1)); !s[a] && s[b] {
					over++
				}
			}
			return over
		}
		risk, err := c.Risk(seen)
		if err != nil {
			t.Fatal(err)
		}
		if risk <= 0.05 {
			confirmed++
		}
	}
	if confirmed < 180 {
		t.Errorf("%d papers confirm a right result at %d of 200 throws", n, confirmed)
	}
	t.Logf("%d papers, %d of 200 throws", n, confirmed)
}
