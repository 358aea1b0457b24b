package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// TestPresentAreNotTakenOff: where shares are of those present, persons taken
// off for being away were not among them, so that everybody present may vote
// for one person; but nobody gets more votes than persons were there.
func TestPresentAreNotTakenOff(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for votes, want := range map[string]vote.Status{"344": vote.Decided, "345": vote.Refused} {
		rec, err := vote.ParseRecord([]byte(`{"id":"x","rules":"party-meeting/hand-vote","date":"2020-10-14","body":"delegate-congress","decisions":[{"rule":"hand-vote.base.delegates","choice":"present","reason":"x","by":"y"}],"seats":1,"candidates":[{"id":"a"}],"votes":{"a":` + votes + `},"ballots":{},
			"base":{"summoned":350,"present":344,"deductions":[{"reason":"convening-member-absent-throughout","count":4},{"reason":"delegate-absent-without-alternate","count":2}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		res, err := vote.NewCounter(lib).Count(rec)
		if err != nil {
			t.Fatal(err)
		}
		if res.Status != want {
			t.Errorf("%s votes of 344 present: %s, want %s: %+v", votes, res.Status, want, res.Findings)
		}
	}
}
