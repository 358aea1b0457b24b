package paper

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// The hand audit asks whether the announced result could be wrong given what
// people see on papers drawn by lot. It follows SHANGRLA: every claim of the
// result is a mean over all ballots, "the assorter", that is above one half
// exactly when the claim holds; a claim is settled when what was drawn would be
// unlikely enough were it false. The result stands when every claim does.

// Claim is one statement that the announced result rests on: Winner has more
// votes than Loser (places on the list); Winner passes the threshold, when Loser
// is -1; Loser does not pass it, when Winner is -1.
type Claim struct{ Winner, Loser int }

// maxAudited is how many papers of one box an audit takes.
const maxAudited = 5_000_000

// Contest is what the audit needs of an announced result.
type Contest struct {
	Ballots int64   // papers in the box: valid and invalid
	Valid   int64   // announced valid papers, when shares are taken of those; else 0
	Base    int64   // announced number that shares are taken of, when it is not the valid papers
	Votes   []int64 // announced, by place on the list
	Elected []int   // places
	// Need is the least number of votes that passes, of a base of so many; nil
	// when the rule asks for none. It rises with the base.
	Need func(base int64) int64

	logs []float64 // of factorials, up to Ballots
}

// Claims are all statements that together mean that exactly these were elected:
// each elected passes the threshold and has more votes than each who is not,
// and who is not elected for want of votes stays at or under the threshold.
func (c *Contest) Claims() ([]Claim, error) {
	n := len(c.Votes)
	in := make([]bool, n)
	for _, e := range c.Elected {
		if e < 0 || e >= n || in[e] {
			return nil, fmt.Errorf("paper: audit: place %d is not on the list or stands twice", e)
		}
		in[e] = true
	}
	if c.Ballots < 1 || c.Ballots > maxAudited || c.Base < 0 || c.Valid < 0 || c.Valid > c.Ballots || c.Need != nil && c.base() == 0 {
		return nil, fmt.Errorf("paper: audit: figures that cannot be")
	}
	var out []Claim
	for w := range n {
		if !in[w] {
			continue
		}
		if c.Need != nil {
			out = append(out, Claim{w, -1})
		}
		for l := range n {
			if !in[l] && !c.under(l) {
				out = append(out, Claim{w, l})
			}
		}
	}
	for l := range n {
		if !in[l] && c.under(l) {
			out = append(out, Claim{-1, l})
		}
	}
	return out, nil
}

// prepare works the logarithms of factorials out, once.
func (c *Contest) prepare() {
	if c.logs != nil {
		return
	}
	c.logs = make([]float64, c.Ballots+1)
	for i := range c.logs {
		c.logs[i], _ = math.Lgamma(float64(i) + 1)
	}
}

func (c *Contest) base() int64 {
	if c.Valid > 0 {
		return c.Valid
	}
	return c.Base
}

// under says that a place was announced without the votes that pass.
func (c *Contest) under(i int) bool { return c.Need != nil && c.Votes[i] < c.Need(c.base()) }

// Seen is what people saw in the drawn papers: how many, and for each place how
// many valid ones chose it; Over counts, for a pair of places, valid papers that
// chose the first and not the second.
type Seen struct {
	Papers int64
	Valid  int64 // of the papers, those that are valid
	Votes  []int64
	Over   func(winner, loser int) int64 // papers for winner and not loser
}

// Risk is the greatest chance, over all claims, that papers drawn by lot
// without putting back would speak for a claim at least as strongly as they did
// if that claim were false: the risk that a wrong result passes. 1 says that
// nothing was learnt; when every paper was looked at it is 0 or 1.
func (c *Contest) Risk(s *Seen) (float64, error) {
	claims, err := c.Claims()
	if err != nil {
		return 1, err
	}
	if s.Papers < 0 || s.Papers > c.Ballots || s.Valid < 0 || s.Valid > s.Papers || len(s.Votes) != len(c.Votes) {
		return 1, fmt.Errorf("paper: audit: %d papers were drawn of %d", s.Papers, c.Ballots)
	}
	c.prepare()
	risk := 0.0
	for _, k := range claims {
		risk = max(risk, c.risk(k, s))
	}
	return risk, nil
}

func (c *Contest) risk(k Claim, s *Seen) float64 {
	if k.Loser < 0 || k.Winner < 0 {
		if c.Valid == 0 {
			return c.passes(k, s, c.Ballots, s.Papers, c.Need(c.Base))
		}
		// Shares of the valid papers: those drawn that are valid are a draw among
		// all that are, whatever their number is.
		worst := 0.0
		for d := s.Valid; d <= c.Ballots-(s.Papers-s.Valid); d++ {
			worst = max(worst, c.passes(k, s, d, s.Valid, c.Need(d)))
		}
		return worst
	}
	// False: as many papers for the loser alone as for the winner alone. The
	// papers that choose one of the two are a draw among those; at the limit
	// half of them speak for the winner, whatever their number is.
	w, l := s.Over(k.Winner, k.Loser), s.Over(k.Loser, k.Winner)
	worst, most := 0.0, c.Ballots-(s.Papers-w-l)
	step := max(1, (most-w-l)/2000) // all of them in small contests
	step -= 1 - step%2              // odd: numbers that halve and that do not
	for d := w + l; d <= most; d += step {
		worst = max(worst, c.tailUp(d, d/2, w+l, w))
	}
	return max(worst, c.tailUp(most, most/2, w+l, w))
}

// passes is the risk of a claim about the threshold: n papers were drawn from
// all, of which need must be for the place.
func (c *Contest) passes(k Claim, s *Seen, all, n, need int64) float64 {
	switch {
	case k.Loser < 0: // false: the elected has one vote too few at most
		return c.tailUp(all, min(need-1, all), n, s.Votes[k.Winner])
	case need > all:
		return 0
	}
	// False: the other has enough votes.
	return c.tailUp(all, all-need, n, n-s.Votes[k.Loser])
}

// tailUp is the chance to see at least k marked papers in n drawn of N without
// putting back, when M of them are marked.
func (c *Contest) tailUp(all, marked, drawn, k int64) float64 {
	if k <= max(0, drawn-(all-marked)) {
		return 1
	}
	if k > min(drawn, marked) {
		return 0
	}
	lc := func(n, r int64) float64 { return c.logs[n] - c.logs[r] - c.logs[n-r] }
	den := lc(all, drawn)
	p := 0.0
	for i := k; i <= min(drawn, marked); i++ {
		if drawn-i <= all-marked {
			p += math.Exp(lc(marked, i) + lc(all-marked, drawn-i) - den)
		}
	}
	return min(1, p)
}

// unkind is how many times its spread a lot may miss the mean to the result's
// harm when the size of a sample is proposed: a right result is then left
// unconfirmed about once in fifty draws for its weakest claim, not every second
// time. A sample is drawn once, and after it only all papers are left.
const unkind = 2

// likely is how many of n drawn papers are marked when v of all are, so many
// times the spread off the mean.
func (c *Contest) likely(v, n int64, times float64) float64 {
	all := float64(c.Ballots)
	p, left := float64(v)/all, 1-float64(n-1)/max(1, all-1)
	return float64(n)*p + times*math.Sqrt(max(0, float64(n)*p*(1-p)*left))
}

// CountAll says that an audit by lot saves nothing: so few papers, or so close
// a result, that at the limit of risk most papers would be drawn anyhow though
// all of them agreed with what was announced. The number is how many to draw, so
// that a right result is hardly ever left unconfirmed.
func (c *Contest) CountAll(limit float64) (bool, int64, error) {
	claims, err := c.Claims()
	if err != nil {
		return true, c.Ballots, err
	}
	c.prepare()
	need := func(n int64) bool { // would n papers do, though the lot be unkind?
		for _, k := range claims {
			s := &Seen{Papers: n, Valid: c.Valid * n / c.Ballots, Votes: make([]int64, len(c.Votes))}
			for i, v := range c.Votes {
				if i == k.Loser {
					s.Votes[i] = min(n, int64(math.Ceil(c.likely(v, n, unkind))))
				} else {
					s.Votes[i] = max(0, int64(math.Floor(c.likely(v, n, -unkind))))
				}
			}
			s.Over = func(a, b int) int64 {
				if a != k.Winner {
					return 0
				}
				return max(0, int64(math.Floor(c.likely(max(0, c.Votes[a]-c.Votes[b]), n, -unkind))))
			}
			if c.risk(k, s) > limit {
				return false
			}
		}
		return true
	}
	lo, hi := int64(1), c.Ballots
	for lo < hi {
		if m := (lo + hi) / 2; need(m) {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return lo*2 > c.Ballots, lo, nil
}

// Draw picks papers (numbers from 1, in rising order) by a public seed, such as
// dice rolled in the hall: the n least hashes of seed and number. Who knows the
// seed can do it again with any program.
func Draw(seed string, all, n int64) []int64 {
	type ticket struct {
		hash [sha256.Size]byte
		no   int64
	}
	var ts []ticket
	for i := int64(1); i <= all; i++ {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(i))
		ts = append(ts, ticket{sha256.Sum256(append([]byte(seed+"\x00"), b[:]...)), i})
	}
	slices.SortFunc(ts, func(a, b ticket) int { return slices.Compare(a.hash[:], b.hash[:]) })
	out := make([]int64, 0, n)
	for _, t := range ts[:min(n, all)] {
		out = append(out, t.no)
	}
	slices.Sort(out)
	return out
}

// Shuffle puts things into an order that a seed decides and nothing else: the
// patterns of a pile, so that their order tells nothing of the voters'.
func Shuffle[T any](seed string, things []T) {
	h := sha256.Sum256([]byte("shuffle\x00" + seed))
	n := uint64(0)
	next := func(limit int) int {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], n)
		n++
		sum := sha256.Sum256(append(h[:], b[:]...))
		v := new(big.Int).SetBytes(sum[:])
		return int(v.Mod(v, big.NewInt(int64(limit))).Int64())
	}
	for i := len(things) - 1; i > 0; i-- {
		j := next(i + 1)
		things[i], things[j] = things[j], things[i]
	}
}

// Differing is one pile, or one ballot of a pile, where readings of the same
// papers differ.
type Differing struct {
	Pile      string
	Place     int     // on the list, -1: the number of ballots
	Figures   []int64 // of each reading, -1 where it has none
	FirstDiff int     // the first reading that differs from the first
}

// PileReading is one reading of one pile: a station's, or the scan's.
type PileReading struct {
	Pile    string
	By      string
	Ballots int64
	Votes   []int64
}

// Compare finds where readings of the same piles differ, pile by pile and place
// by place. A pile that one of them did not read differs in the number of
// ballots.
func Compare(readings ...[]PileReading) []Differing {
	piles := map[string][]*PileReading{}
	var order []string
	for i, rs := range readings {
		for k := range rs {
			p := rs[k].Pile
			if piles[p] == nil {
				piles[p] = make([]*PileReading, len(readings))
				order = append(order, p)
			}
			piles[p][i] = &rs[k]
		}
	}
	slices.Sort(order)
	var out []Differing
	for _, p := range order {
		places := 0
		for _, r := range piles[p] {
			if r != nil {
				places = max(places, len(r.Votes))
			}
		}
		for place := -1; place < places; place++ {
			d := Differing{Pile: p, Place: place, FirstDiff: -1}
			for i, r := range piles[p] {
				v := int64(-1)
				if r != nil && place < 0 {
					v = r.Ballots
				} else if r != nil && place < len(r.Votes) {
					v = r.Votes[place]
				}
				d.Figures = append(d.Figures, v)
				if i > 0 && v != d.Figures[0] && d.FirstDiff < 0 {
					d.FirstDiff = i
				}
			}
			if d.FirstDiff >= 0 {
				out = append(out, d)
			}
		}
	}
	return out
}
