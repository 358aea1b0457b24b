package assembly

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Count is how many persons a meeting has, as the reckoning on its page shows.
type Count struct {
	Summoned   int64 // persons of standings that count, without alternates
	Present    int64 // who may vote and is there, replacing alternates included
	Absent     int64
	Incumbents int64
	Alternates int64 // replacing
	Guests     int64 // present without a vote
}

// Counts reckons the persons of a session; nil is before any session.
func (s *State) Counts(x *Session) Count {
	var c Count
	for i := range s.People {
		a := &s.People[i]
		votes := a.Standing.Votes(a.Replaces != "")
		if a.Standing.Summoned() {
			c.Summoned++
		}
		here := x != nil && x.Marks[a.Person] == Present
		switch {
		case here && votes:
			c.Present++
			if a.Standing == Alternate {
				c.Alternates++
			}
		case here:
			c.Guests++
		case a.Standing.Summoned():
			c.Absent++
		}
	}
	c.Incumbents = c.Summoned
	if s.Incumbents != nil {
		c.Incumbents = *s.Incumbents
	}
	return c
}

// Base is what an election held at the meeting counts from, at the voting
// session: summoned, present, incumbents, and each deduction by reason with
// the persons. It is the vote.Base of the contests of the meeting.
func (s *State) Base() *vote.Base {
	c := s.Counts(s.Voting())
	b := &vote.Base{Summoned: &c.Summoned, Present: &c.Present}
	if !s.Body.Congress() {
		b.Incumbents = &c.Incumbents
	}
	for _, d := range s.Deductions {
		i := slices.IndexFunc(b.Deductions, func(v vote.Deduction) bool { return v.Reason == d.Reason })
		if i < 0 {
			b.Deductions = append(b.Deductions, vote.Deduction{Reason: d.Reason})
			i = len(b.Deductions) - 1
		}
		b.Deductions[i].Count++
		b.Deductions[i].Persons = append(b.Deductions[i].Persons, d.Person)
	}
	return b
}

// Reckon works out the base of what the meeting elects first, and the votes
// that pass, by the rules of the meeting's day: 350 − 4 − 2 = 344, need 173.
// The result stands on no votes; only its denominator and need say something.
// Nil where no regulation of the day holds such an election. Readings says
// what other readings would give.
func (s *State) Reckon(lib *rule.Library) *vote.Result { return s.reckon(lib, nil) }

// reckon is Reckon under readings that are chosen.
func (s *State) reckon(lib *rule.Library, chosen []vote.Decision) *vote.Result {
	one, none := int64(1), int64(0)
	res, err := vote.NewCounter(lib).Count(&vote.Record{ID: "base", Rules: s.Body.probe(), Date: s.Date, Body: string(s.Body), Seats: &one,
		Candidates: []vote.Candidate{{ID: motion}}, Votes: map[string]int64{motion: none}, Base: s.Base(), Decisions: chosen})
	if err != nil || res.Denominator.Count == nil {
		return nil
	}
	return res
}

// probe is the contest kind whose base the deductions of a body follow: what
// a congress or a committee elects first.
func (b Body) probe() string {
	switch b {
	case MemberCongress, DelegateCongress:
		return "party-election/committee"
	case InspectionMeeting:
		return "party-election/inspection-vice-chair"
	}
	return "party-election/standing-committee"
}

// Reasons are the deductions that the election regulation of the day accepts
// for the body, under any reading, by the names the regulation gives them;
// none for meetings that elect nobody.
func Reasons(lib *rule.Library, b Body, on vn.Date) []string {
	book, err := lib.For(b.probe(), on)
	if err != nil {
		return nil
	}
	p := book.Policy("base." + string(b))
	if p == nil {
		if p = book.Policy("base"); p == nil {
			return nil
		}
	}
	out := slices.Clone(p.List)
	for _, r := range p.Readings {
		for _, x := range r.List {
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// hand is the contest kind by which votes by hand of a body are reckoned.
func (b Body) hand() string {
	if b == CellMeeting {
		return "party-meeting/cell-hand-vote"
	}
	return "party-meeting/hand-vote"
}

// motion is the one candidate of a hand vote.
const motion = "motion"

// Hand reckons a vote by show of hands by the rules of the meeting's day: more
// than half of the base of resolutions, which is not the base of elections
// (a member away with a reason stays in it). Readings that people decided on
// are given as decisions.
func (s *State) Hand(lib *rule.Library, x *Session, yes, no, other int64, chosen ...vote.Decision) (*vote.Result, error) {
	one := int64(1)
	c := s.Counts(x)
	rec := &vote.Record{ID: "hand", Rules: s.Body.hand(), Date: s.Date, Body: string(s.Body), Seats: &one, Candidates: []vote.Candidate{{ID: motion}},
		Votes: map[string]int64{motion: yes}, Disagree: map[string]int64{motion: no}, Unmarked: map[string]int64{motion: other}}
	rec.Base, rec.Decisions = s.handBase(lib, c), chosen
	return vote.NewCounter(lib).Count(rec)
}

// Carried says that a hand vote passed.
func Carried(res *vote.Result) bool {
	return slices.Contains(res.Elected, motion) && res.Status == vote.Decided
}

// handBase keeps the deductions that votes by hand know.
func (s *State) handBase(lib *rule.Library, c Count) *vote.Base {
	b := &vote.Base{Summoned: &c.Summoned, Present: &c.Present}
	if !s.Body.Congress() {
		b.Incumbents = &c.Incumbents
	}
	book, err := lib.For(s.Body.hand(), s.Date)
	if err != nil {
		return b
	}
	p := book.Policy("base." + string(s.Body))
	if p == nil {
		return b
	}
	for _, d := range s.Base().Deductions {
		if slices.Contains(p.List, d.Reason) || slices.Contains(p.List, p.With[d.Reason]) {
			b.Deductions = append(b.Deductions, d)
		}
	}
	return b
}

// HandReadings is the unsettled item by which votes by hand of the meeting are
// reckoned, with its main reading and the others; nil when nothing is open.
func (s *State) HandReadings(lib *rule.Library) *rule.Chosen {
	book, err := lib.For(s.Body.hand(), s.Date)
	if err != nil {
		return nil
	}
	for _, o := range book.Open() {
		if o.Slot == "base."+string(s.Body) {
			return book.Policy(o.Slot)
		}
	}
	return nil
}

// RuleQuorum is the rule that says whether enough of those summoned are there.
const RuleQuorum = "party-charter.congress-quorum"

// Quorum asks the quorum rule of the day on a session. Known is false for
// bodies that no rule of the day speaks of.
func (s *State) Quorum(lib *rule.Library, x *Session) (vote.Asked, error) {
	if x == nil {
		return vote.Asked{}, nil
	}
	c := s.Counts(x)
	return vote.Ask(lib, RuleQuorum, s.Date, map[string]int64{"present": c.Present, "summoned": c.Summoned}, nil)
}
