package vote_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The heads of records that the stories below go on from.
const (
	congress = `{"id":"x","rules":"party-election/committee","date":"2025-06-15","body":"delegate-congress",`
	council  = `{"id":"x","rules":"state-election/hdnd","date":"2026-03-15",`
	three    = `"candidates":[{"id":"a"},{"id":"b"},{"id":"c"}],`
	aged     = `"candidates":[{"id":"a","born":"1960"},{"id":"b","born":"1970"},{"id":"c","born":"1980"}],`
)

func decision(id, choice string) string {
	return fmt.Sprintf(`{"rule":%q,"choice":%q,"reason":"theo biên bản","by":"đoàn chủ tịch"}`, id, choice)
}

// TestNobodyIsElectedByBadFigures: contests whose figures, or whose recorded
// decisions, would put a person in office whom the rules do not.
func TestNobodyIsElectedByBadFigures(t *testing.T) {
	for _, c := range []struct{ name, record, want string }{
		{"more deductions than persons: a base below nothing would elect with no vote",
			congress + `"seats":2,` + three + `"base":{"summoned":3,"deductions":[{"reason":"convening-member-absent-throughout","count":5}]},"ballots":{},"votes":{"a":0,"b":0,"c":0}}`,
			"refused none [] 2"},
		{"deductions for several reasons add up to more than there are",
			congress + `"seats":2,` + three + `"base":{"summoned":3,"deductions":[{"reason":"convening-member-absent-throughout","count":2},{"reason":"delegate-absent-without-alternate","count":2}]},"ballots":{},"votes":{"a":1,"b":0,"c":0}}`,
			"refused none [] 2"},
		{"more votes than the base",
			congress + `"seats":2,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":50,"b":4,"c":2}}`, "refused none [] 2"},
		{"a slip in a deduction leaves a base below one person's votes",
			congress + `"seats":2,` + three + `"base":{"summoned":350,"deductions":[{"reason":"convening-member-absent-throughout","count":200}]},"ballots":{},"votes":{"a":160,"b":140,"c":80}}`, "refused none [] 2"},
		{"more valid ballots than were present, nothing else recorded",
			congress + `"seats":1,` + three + `"base":{"summoned":100,"present":80},"ballots":{"valid":90},"votes":{"a":60,"b":20,"c":10}}`, "refused none [] 1"},
		{"more valid ballots than were issued",
			congress + `"seats":1,` + three + `"base":{"summoned":100},"ballots":{"issued":80,"valid":90},"votes":{"a":60,"b":20,"c":10}}`, "refused none [] 1"},
		{"more valid ballots than voters on the list",
			council + `"seats":1,` + three + `"voters":{"listed":80,"voted":80},"ballots":{"valid":90},"votes":{"a":60,"b":20,"c":10}}`, "refused none [] 1"},
		{"nobody voted for anybody", council + `"seats":1,` + three + `"ballots":{"valid":0},"votes":{"a":0,"b":0,"c":0}}`, "short extra-election [] 1"},
		{"another vote among the tied, in which nobody is chosen",
			congress + `"kind":"revote-tied","seats":2,"candidates":[{"id":"a"},{"id":"b"}],"base":{"summoned":10},"ballots":{},"votes":{"a":1,"b":0},"decisions":[` +
				decision("party-election.revote", "main") + `]}`, "short second-round [a] 1"},
		{"a poll in which nobody is named", `{"id":"x","rules":"party-election/opinion-poll","date":"2025-06-15","seats":2,"candidates":[{"id":"a"},{"id":"b"}],"base":{"summoned":10,"present":10},"ballots":{},"votes":{"a":0,"b":0}}`,
			"short none [] 2"},
		{"a null is not a zero", congress + `"seats":2,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":6,"c":null}}`, "refused none [] 2"},
		{"age settles a tie, whatever people decide",
			council + `"seats":2,` + aged + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60},"decisions":[` + decision("state-election.tie", "elect:b,c") + `]}`, "decided none [a b] 0"},
		{"people settle a tie that age cannot",
			council + `"seats":2,` + three + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60},"decisions":[` + decision("state-election.tie", "elect:b,c") + `]}`, "decided none [b c] 0"},
		{"three tied for two seats, births unknown", council + `"seats":2,` + three + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60}}`, "tied ask-upper-level [] 2"},
		{"the same person chosen twice",
			council + `"seats":2,` + three + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60},"decisions":[` + decision("state-election.tie", "elect:b,b") + `]}`, "field decisions[0].choice"},
		{"a tie among Party candidates goes to a vote, not to a decision",
			congress + `"seats":2,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":6,"c":6},"decisions":[` + decision("party-election.tie", "elect:b") + `]}`, "field decisions[0].choice"},
		{"nobody may decide who passes",
			council + `"seats":1,` + three + `"ballots":{"valid":100},"votes":{"a":40,"b":30,"c":30},"decisions":[` + decision("state-election.winner", "elect:b") + `]}`, "field decisions[0].choice"},
		{"a State tie cannot be stopped",
			council + `"seats":2,` + three + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60},"decisions":[` + decision("state-election.tie", "stop") + `]}`, "field decisions[0].choice"},
		{"two decisions against each other",
			congress + `"kind":"revote-tied","seats":1,"candidates":[{"id":"a"},{"id":"b"}],"base":{"summoned":10},"ballots":{},"votes":{"a":5,"b":4},"decisions":[` +
				decision("party-election.revote", "main") + "," + decision("party-election.revote", "needs-half") + `]}`, "field decisions[1].choice"},
		{"to stop and to go on",
			congress + `"seats":2,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":2,"c":1},"decisions":[` +
				decision("party-election.short", "stop") + "," + decision("party-election.short", "continue") + `]}`, "field decisions[1].choice"},
		{"the body stops with a seat empty",
			congress + `"seats":2,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":2,"c":1},"decisions":[` + decision("party-election.short", "stop") + `]}`, "short none [a] 1"},
		{"one who is tied is not missed yet",
			congress + `"seats":2,"candidates":[{"id":"a"},{"id":"b","planned":"secretary"},{"id":"c"}],"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":6,"c":6}}`, "tied revote-tied [a] 1"},
		{"while readings differ the seats are not filled",
			`{"id":"x","rules":"party-election/secretary","date":"2025-06-15","seats":1,"candidates":[{"id":"a"}],"body":"committee-meeting","base":{"incumbents":50,"deductions":[{"reason":"absent-with-reason","count":2}]},"ballots":{},"votes":{"a":25}}`,
			"unsettled none [] 1"},
		{"more seats than candidates", congress + `"seats":5,` + three + `"base":{"summoned":10},"ballots":{},"votes":{"a":7,"b":6,"c":1}}`, "short second-round [a b] 3"},
		{"ranks of a public record are not held against births",
			council + `"seats":2,"candidates":[{"id":"a","born":"1960"},{"id":"b","age":[0,0]},{"id":"c","born":"1999"}],"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60}}`, "tied ask-upper-level [] 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(t, c.record); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// told counts a record and says its status, next act, elected and empty seats,
// or the field of bad input.
func told(t *testing.T, record string) string {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := vote.ParseRecord([]byte(record))
	var res *vote.Result
	if err == nil {
		res, err = vote.NewCounter(lib).Count(rec)
	}
	if err != nil {
		var ie *vote.InputError
		if !errors.As(err, &ie) {
			t.Fatalf("an error that is no bad input: %v", err)
		}
		return err.Error()
	}
	return fmt.Sprint(res.Status, " ", res.Next, " ", res.Elected, " ", res.Unfilled)
}

// TestDecisionWithoutUse: a decision that nothing was left to is told, not
// passed over.
func TestDecisionWithoutUse(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := vote.ParseRecord([]byte(council + `"seats":2,` + aged + `"ballots":{"valid":100},"votes":{"a":60,"b":60,"c":60},"decisions":[` + decision("state-election.tie", "elect:b,c") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(res.Findings, func(f vote.Finding) bool {
		return f.Rule == "state-election.tie" && strings.Contains(f.Says.EN, "was not used")
	}) {
		t.Errorf("%+v", res.Findings)
	}
}

// TestReasonsMayBeWrittenOtherwise: the reasons for a deduction under the names
// people write.
func TestReasonsMayBeWrittenOtherwise(t *testing.T) {
	for body, reasons := range map[string][]string{
		"delegate-congress": {"convening-member-absent-throughout", "convening-member-absent", "delegate-absent-without-alternate",
			"delegate-absent-throughout-no-alternate", "delegate-absent-no-alternate", "absent-throughout-without-alternate"},
		"member-congress": {"temporary-activity-elsewhere", "temporary-activity", "exempt-absent", "exempt-and-absent", "exempted-absent", "suspended",
			"charged", "prosecuted", "detained", "absent-throughout-with-reason", "absent-throughout-excused", "absent-throughout-accepted-reason", "absent-with-reason"},
	} {
		for _, date := range []string{"2020-06-15", "2025-06-15"} {
			for _, reason := range reasons {
				got := told(t, fmt.Sprintf(`{"id":"x","rules":"party-election/delegates","date":%q,"body":%q,"seats":1,%s"base":{"summoned":10,"deductions":[{"reason":%q,"count":1}]},"ballots":{},"votes":{"a":6,"b":1,"c":1}}`,
					date, body, three, reason))
				if got != "decided none [a] 0" {
					t.Errorf("%s, %s, %s: %s", date, body, reason, got)
				}
			}
		}
	}
}

// TestBadFieldIsNamed: what is wrong is said with the field it stands in, and
// of several wrong ones always the same.
func TestBadFieldIsNamed(t *testing.T) {
	state := func(rest string) string { return council + `"seats":1,` + three + rest }
	for _, c := range []struct{ record, field string }{
		{state(`"ballots":{"valid":100,"VALID":200},"votes":{"a":70,"b":60,"c":0}}`), "ballots.VALID"},
		{state(`"ballots":{"valid":100},"Votes":{"a":70},"VOTES":{"a":7}}`), "VOTES"},
		{council + `"seats":1,"candidates":[{"id":"a","ID":"b"}],"ballots":{"valid":100},"votes":{"a":1}}`, "candidates.ID"},
		{state(`"ballots":{"valid":100},"votes":{"a":"70","b":60,"c":0}}`), "votes.a"},
		{state(`"ballots":{"valid":100,"invalid_by":{"too-many":1.5}},"votes":{"a":70,"b":60,"c":0}}`), "ballots.invalid_by.too-many"},
		{state(`"ballots":{"valid":100,"invalid_by":{"too-many":null}},"votes":{"a":70,"b":60,"c":0}}`), "ballots.invalid_by.too-many"},
		{state(`"ballots":{"valid":1e3},"votes":{"a":70,"b":60,"c":0}}`), "ballots.valid"},
		{state(`"ballots":{"valid":99999999999999999999},"votes":{"a":70,"b":60,"c":0}}`), "ballots.valid"},
		{state(`"ballots":{"valid":100},"votes":{"z":1,"y":1,"x":1,"w":-1}}`), "votes.w"},
		{state(`"ballots":[],"votes":{"a":70,"b":60,"c":0}}`), "ballots"},
		{`{"id":"x","date":"23/5/2021"}`, "date"},
		{council + `"kind":"revote-tied","seats":1,` + three + `"ballots":{"valid":100},"votes":{"a":70,"b":20,"c":9}}`, "kind"},
		{`{"id":"x","date":20210523}`, "date"},
		{congress + `"seats":1,` + three + `"base":{"summoned":10,"deductions":[{"reason":"convening-member-absent-throughout"}]},"ballots":{},"votes":{"a":6,"b":1,"c":1}}`, "base.deductions[0].count"},
		{congress + `"seats":1,` + three + `"base":{"summoned":10,"deductions":[{"reason":"convening-member-absent-throughout","count":null}]},"ballots":{},"votes":{"a":6,"b":1,"c":1}}`, "base.deductions[0].count"},
		{congress + `"seats":1,` + three + `"base":{"summoned":10,"deductions":[{"count":1}]},"ballots":{},"votes":{"a":6,"b":1,"c":1}}`, "base.deductions[0].reason"},
		{congress + `"seats":1,` + three + `"base":{"summoned":10,"deductions":[{"reason":"convening-member-absent-throughout","count":1,"persons":["p"]},{"reason":"delegate-absent-without-alternate","count":1,"persons":["p"]}]},"ballots":{},"votes":{"a":6,"b":1,"c":1}}`,
			"base.deductions[1].persons[0]"},
	} {
		for range 20 {
			if got := told(t, c.record); !strings.HasPrefix(got, "field "+c.field+": ") {
				t.Errorf("%s\n%s, want field %s", c.record, got, c.field)
				break
			}
		}
	}
}

// TestLettersOfOtherScripts: the decoder takes a long s for an s and the sign
// of the kelvin for a k, also in an object of many fields.
func TestLettersOfOtherScripts(t *testing.T) {
	many := ""
	for i := range 40 {
		many += fmt.Sprintf(`"note%d":%d,`, i, i)
	}
	for _, more := range []string{"", many} {
		got := told(t, council+more+`"seats":1,`+three+`"ballots":{"valid":100},"votes":{"a":70,"b":20,"c":9},"voteſ":{"a":7}}`)
		if !strings.Contains(got, "stands twice") {
			t.Errorf("%d fields: %s", 6+len(more), got)
		}
	}
}

// TestSameBytesEveryTime: a record gives the same line at every count, also
// when many are counted at once.
func TestSameBytesEveryTime(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	counter := vote.NewCounter(lib)
	for _, e := range lib.Editions() {
		for _, x := range e.Examples {
			if x.Contest == "" || len(x.Under) > 0 {
				continue
			}
			line := func() ([]byte, error) {
				rec, err := vote.ParseRecord([]byte(x.Contest))
				if err != nil {
					return nil, err
				}
				res, err := counter.Count(rec)
				if err != nil {
					return nil, err
				}
				return res.AppendJSON(nil), nil
			}
			first, err := line()
			if err != nil {
				t.Fatalf("%s: %s: %v", e.File, x.Name, err)
			}
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					if again, err := line(); err != nil || !bytes.Equal(first, again) {
						t.Errorf("%s: %s: another line (%v)", e.File, x.Name, err)
					}
				})
			}
			wg.Wait()
		}
	}
}
