package vote

import (
	"math/bits"

	"minhbach/internal/rule"
)

// Ballot is what people (or a reader that only proposes) see on one paper.
type Ballot struct {
	Form        string // strike or agree
	Issued      bool   // by the counting board or polling team, of the prescribed form
	Sealed      bool
	Listed      int64 // names printed
	Chosen      int64 // names left (strike) or agreed to
	Both        int64 // rows with both boxes marked (agree)
	None        int64 // rows with no box marked (agree)
	OutsideName bool  // a name outside the list was written
	Writing     bool  // other writing, or a signature
	Marked      bool  // special marks, or several inks
}

// Judgement is what the rules say of a ballot. Proposal is "valid",
// "invalid:CAUSE", or "look" where an unverified rule's readings differ and
// the board must decide. A program only proposes; the board decides.
type Judgement struct {
	Proposal string
	Reason   *rule.Verdict // the rule that makes it invalid, or whose readings differ
}

// Judge proposes what a ballot is under the rules of a contest with so many seats.
func Judge(b *rule.Book, seats int64, p Ballot) (Judgement, error) {
	in := &rule.Inputs{}
	in.Set(inSeats, seats)
	in.Set(inCandidates, p.Listed)
	in.SetYes(inStrike, p.Form == "strike")
	in.SetYes(ballotIssued, p.Issued)
	in.SetYes(ballotSealed, p.Sealed)
	in.Set(ballotListed, p.Listed)
	in.Set(ballotChosen, p.Chosen)
	in.Set(ballotBoth, p.Both)
	in.Set(ballotNone, p.None)
	in.SetYes(ballotOutside, p.OutsideName)
	in.SetYes(ballotWriting, p.Writing)
	in.SetYes(ballotMarked, p.Marked)
	for _, r := range b.Rules {
		if r.Role != rule.RoleBallot || len(r.Forms) > 0 && !contains(r.Forms, p.Form) {
			continue
		}
		a, err := r.Ask(in)
		if err != nil {
			return Judgement{}, err
		}
		v := r.Verdict(in, "", a == rule.Holds)
		differs := false
		if r.Evidence == rule.Unverified {
			for _, x := range r.Readings {
				vb, err := b.With(map[string]string{r.ID: x.ID})
				if err != nil {
					return Judgement{}, err
				}
				if y, err := vb.Find(r.ID).Ask(in); err != nil {
					return Judgement{}, err
				} else if y != a {
					differs = true
				}
			}
		}
		switch {
		case differs:
			return Judgement{"look", &v}, nil
		case a == rule.Holds:
			return Judgement{"invalid:" + r.Cause, &v}, nil
		}
	}
	return Judgement{Proposal: "valid"}, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Tally adds up single ballots over a list of candidates. A ballot is a set of
// places on the list, as bits; Tally keeps votes per place and how many
// ballots chose how many names.
type Tally struct {
	Votes   []int64 // by place on the list
	Chosen  []int64 // ballots by how many names they chose
	Ballots int64
	words   int
}

// NewTally makes an empty tally for n candidates.
func NewTally(n int) *Tally {
	return &Tally{Votes: make([]int64, n), Chosen: make([]int64, n+1), words: (n + 63) / 64}
}

// Words is how many 64-bit words one ballot takes.
func (t *Tally) Words() int { return t.words }

// Add counts one valid ballot: bit i of the words is set when place i was
// chosen. Bits beyond the list must be zero.
func (t *Tally) Add(ballot []uint64) {
	n := 0
	for w, set := range ballot[:t.words] {
		n += bits.OnesCount64(set)
		for set != 0 {
			t.Votes[w<<6+bits.TrailingZeros64(set)]++
			set &= set - 1
		}
	}
	t.Chosen[n]++
	t.Ballots++
}

// Merge adds another tally over the same list: piles counted apart.
func (t *Tally) Merge(o *Tally) {
	for i, v := range o.Votes {
		t.Votes[i] += v
	}
	for i, v := range o.Chosen {
		t.Chosen[i] += v
	}
	t.Ballots += o.Ballots
}
