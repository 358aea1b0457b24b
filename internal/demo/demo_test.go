package demo

import (
	"strconv"
	"testing"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The published result of 23/5/2021 follows from the figures and the law: the
// 500 elected and nobody else, and the 26 who passed one half without a seat.
func TestQH15CountsAsPublished(t *testing.T) {
	cs, err := QH15Contests()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if problems := election.CheckAll(lib, cs); len(problems) > 0 {
		t.Fatal(problems[0])
	}
	published := map[string]bool{} // contest and name → elected
	rs, err := rows("qh15_2021_results.csv", "elected_by_rule")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		published[r["province"]+r["unit_no"]+r["candidate"]+r["votes"]] = r["elected_by_rule"] == "1"
	}
	us, err := rows("qh15_2021_constituencies.csv")
	if err != nil {
		t.Fatal(err)
	}
	var elected, passed, candidates, short int
	for i, c := range cs {
		res, err := vote.NewCounter(lib).Count(c.Record)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, x := range c.Record.Candidates {
			names[x.ID] = x.Name
		}
		for _, l := range res.Results {
			candidates++
			key := us[i]["province"] + us[i]["unit_no"] + names[l.Candidate] + strconv.FormatInt(l.Votes, 10)
			if want, known := published[key]; !known || want != (l.Outcome == vote.Elected) {
				t.Errorf("%s: %s is %s", c.Record.ID, names[l.Candidate], l.Outcome)
			}
			switch l.Outcome {
			case vote.Elected:
				elected++
			case vote.PassedNoSeat:
				passed++
			}
		}
		for _, f := range res.Findings {
			if f.Kind == "condition" {
				short++
			}
		}
	}
	if len(cs) != 184 || candidates != 866 || elected != 500 || passed != 26 || short != 2 {
		t.Errorf("%d units, %d candidates, %d elected, %d passed without a seat, %d lists too short; want 184, 866, 500, 26, 2", len(cs), candidates, elected, passed, short)
	}
}
