package assembly

import (
	"sort"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// RuleCharter is the Charter's own wording of who is elected: more than half of
// all those summoned, nobody taken off (Article 12.3).
const RuleCharter = "party-charter.majority"

// Reckoned is the base of what a meeting elects first under one reading of the
// rules of its day, and the least votes that pass.
type Reckoned struct {
	Rule    string     // item of the regulation
	Reading string     // "" for the main one
	Article string     // where it stands
	Says    rule.Words // the reading in words
	Charter bool       // the wording of the Charter, which the regulation narrows
	Base    int64
	Need    int64
}

// Readings works out the base and the votes needed under every reading of the
// base that nobody has settled, and at a congress under the Charter's own
// wording: a cell of 10 with one absent with a reason has base 9, need 5 by the
// regulation, and 10, need 6 by the Charter (domain 5.4, A3). The first is the
// one that Reckon gives; none where no regulation of the day speaks.
func (s *State) Readings(lib *rule.Library) []Reckoned {
	main := s.Reckon(lib)
	if main == nil {
		return nil
	}
	book, err := lib.For(s.Body.probe(), s.Date)
	if err != nil {
		return nil
	}
	slot := "base." + string(s.Body)
	if book.Policy(slot) == nil {
		slot = "base"
	}
	var out []Reckoned
	if p := book.Policy(slot); p != nil {
		out = append(out, Reckoned{Rule: p.ID, Article: p.Article, Says: p.Says, Base: *main.Denominator.Count, Need: main.Need})
	}
	for _, o := range book.Open() {
		if o.Slot != slot {
			continue
		}
		for _, r := range o.Item.Readings {
			res := s.reckon(lib, []vote.Decision{{Rule: o.Item.ID, Choice: r.ID}})
			if res != nil {
				out = append(out, Reckoned{Rule: o.Item.ID, Reading: r.ID, Article: o.Item.Article, Says: r.Says, Base: *res.Denominator.Count, Need: res.Need})
			}
		}
	}
	if c, ok := s.charter(lib); ok {
		out = append(out, c)
	}
	return out
}

// charter is the reckoning by the wording of the Charter, for congresses.
func (s *State) charter(lib *rule.Library) (Reckoned, bool) {
	if !s.Body.Congress() {
		return Reckoned{}, false
	}
	n := s.Counts(s.Voting()).Summoned
	var last vote.Asked
	need := sort.Search(int(n)+1, func(votes int) bool {
		a, err := vote.Ask(lib, RuleCharter, s.Date, map[string]int64{"votes": int64(votes), "summoned": n}, nil)
		if err != nil || !a.Settled() {
			return false
		}
		last = a
		return a.Holds
	})
	if !last.Known || int64(need) > n {
		return Reckoned{}, false
	}
	return Reckoned{Rule: RuleCharter, Article: last.Verdict.Article, Charter: true, Base: n, Need: int64(need)}, true
}

// Differing says whether readings ask for different numbers of votes: then the
// same votes elect by one and not by the other, and people must decide.
func Differing(rs []Reckoned) bool {
	for _, r := range rs {
		if r.Need != rs[0].Need {
			return true
		}
	}
	return false
}
