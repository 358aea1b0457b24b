package meeting_test

import (
	"slices"
	"testing"

	"minhbach/internal/meeting"
	"minhbach/internal/vote"
)

// gathered is a meeting with n persons, the last absent ones taken off for the
// reasons given, one each.
func gathered(body meeting.Body, on string, st meeting.Standing, n int, off ...string) *meeting.State {
	m := &meeting.State{ID: "m", Body: body, Date: day(on)}
	x := meeting.Session{ID: "1", Voting: true, Marks: map[string]meeting.Mark{}}
	for i := 1; i <= n; i++ {
		m.People = append(m.People, meeting.Attendee{Person: id(i), Standing: st, Convening: true})
		x.Marks[id(i)] = meeting.Present
	}
	for i, r := range off {
		x.Marks[id(n-i)] = meeting.Excused
		m.Deductions = append(m.Deductions, meeting.Deduction{Person: id(n - i), Reason: r})
	}
	m.Sessions = []meeting.Session{x}
	return m
}

// The vectors of domain 5.4: base and need by the regulation, and beside them
// by the wording of the Charter; where the needs differ the page says so.
func TestBaseVectors(t *testing.T) {
	lib := builtin(t)
	away, conv, gone := "absent-throughout-with-reason", "convening-member-absent-throughout", "delegate-absent-without-alternate"
	for _, c := range []struct {
		name                             string
		m                                *meeting.State
		base, need, charter, charterNeed int64
		differ                           bool
	}{
		{"350 delegates, 4 of the convening committee and 2 delegates away", gathered(meeting.DelegateCongress, "2020-10-14", meeting.Delegate, 350, conv, conv, conv, conv, gone, gone), 344, 173, 350, 176, true},
		{"cell of 11, one away", gathered(meeting.MemberCongress, "2025-06-15", meeting.Official, 11, away), 10, 6, 11, 6, false},
		{"cell of 11, one away, 2020", gathered(meeting.MemberCongress, "2020-05-15", meeting.Official, 11, away), 10, 6, 11, 6, false},
		{"cell of 10, one away", gathered(meeting.MemberCongress, "2025-06-15", meeting.Official, 10, away), 9, 5, 10, 6, true},
		{"cell of 10, one away, 2020", gathered(meeting.MemberCongress, "2020-05-15", meeting.Official, 10, away), 9, 5, 10, 6, true},
		{"cell of 10, all there", gathered(meeting.MemberCongress, "2025-06-15", meeting.Official, 10), 10, 6, 10, 6, false},
	} {
		rs := c.m.Readings(lib)
		if len(rs) < 2 {
			t.Errorf("%s: %d readings", c.name, len(rs))
			continue
		}
		last := rs[len(rs)-1]
		if rs[0].Base != c.base || rs[0].Need != c.need || !last.Charter || last.Base != c.charter || last.Need != c.charterNeed {
			t.Errorf("%s: %+v … %+v", c.name, rs[0], last)
		}
		if got := rs[0].Need != last.Need; got != c.differ || c.differ && !meeting.Differing(rs) {
			t.Errorf("%s: needs differ %t, differing %t", c.name, got, meeting.Differing(rs))
		}
	}
	// Every reading of an unverified base stands there: at a committee meeting
	// nobody, the suspended, or also the absent come off.
	m := gathered(meeting.CommitteeMeeting, "2025-06-15", meeting.Member, 52, "suspended-charged-or-detained", away)
	var bases []int64
	for _, r := range m.Readings(lib) {
		bases = append(bases, r.Base)
	}
	if want := []int64{51, 52, 50}; !slices.Equal(bases, want) {
		t.Errorf("committee meeting: bases %v, want %v", bases, want)
	}
}

// A cell of 10 with one away and five votes: elected by the regulation, not by
// the Charter. The count follows the regulation and does not do so silently.
func TestVoteSaysWhereBasesDiffer(t *testing.T) {
	m := gathered(meeting.MemberCongress, "2025-06-15", meeting.Official, 10, "absent-throughout-with-reason")
	one := int64(1)
	for votes, differs := range map[int64]bool{4: false, 5: true, 6: false} {
		res, err := vote.NewCounter(builtin(t)).Count(&vote.Record{ID: "c", Rules: "party-election/cell-committee", Date: m.Date, Body: string(m.Body), Level: "cell",
			Seats: &one, Candidates: []vote.Candidate{{ID: "a"}, {ID: "b"}}, Votes: map[string]int64{"a": votes, "b": 1}, Base: m.Base()})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(res.Findings, func(f vote.Finding) bool { return f.Rule == "party-charter.two-bases" }); got != differs {
			t.Errorf("%d votes: says that the bases differ: %t; %+v", votes, got, res.Findings)
		}
	}
}
