package vote_test

import (
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// A form of ballot other than the rules name is counted as it was cast, and
// leaves a finding that names the article.
func TestOtherFormIsSeen(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for form, seen := range map[string]bool{"": false, "strike": false, "agree": true} {
		rec, err := vote.ParseRecord([]byte(`{"id":"x","rules":"state-election/hdnd","date":"2021-05-23","form":"` + form + `","seats":1,
			"candidates":[{"id":"a"},{"id":"b"}],"ballots":{"valid":10},"votes":{"a":7,"b":3}}`))
		if err != nil {
			t.Fatal(err)
		}
		res, err := vote.NewCounter(lib).Count(rec)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range res.Findings {
			found = found || f.Rule == "state-election.form" && strings.Contains(f.Says.VI, "85/2015/QH13")
		}
		if found != seen || len(res.Elected) != 1 {
			t.Errorf("form %q: finding %v, elected %v", form, found, res.Elected)
		}
	}
}
