package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"minhbach/internal/vote"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"minhbach": main})
}

// tidy takes away what tests made once for each other.
type tidy struct{ m *testing.M }

func (t tidy) Run() int {
	code := t.m.Run()
	if seededAt != "" {
		os.RemoveAll(seededAt)
	}
	return code
}

// TestScripts runs testdata/script/*.txtar: the command line as a user sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"qh15":    qh15,
			"matches": matches,
			"lines":   lines,
		},
	})
}

// matches VERDICTS WANT: each line of VERDICTS has the fields that the same
// line of WANT names (part of a result; "{}" for no matter what).
func matches(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: matches VERDICTS WANT")
	}
	got, want := nonEmpty(ts.ReadFile(args[0])), nonEmpty(ts.ReadFile(args[1]))
	if len(got) != len(want) {
		ts.Fatalf("%d verdicts, %d wanted:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range got {
		var r vote.Result
		ts.Check(json.Unmarshal([]byte(got[i]), &r))
		if err := vote.Matches(&r, []byte(want[i])); err != nil {
			ts.Fatalf("line %d: %v\n%s", i+1, err, got[i])
		}
	}
}

// lines N FILE: FILE has N lines, each of them a whole JSON value.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines N FILE")
	}
	raw := ts.ReadFile(args[1])
	ls := nonEmpty(raw)
	if raw != "" && !strings.HasSuffix(raw, "\n") {
		ts.Fatalf("the last line of %s is not whole", args[1])
	}
	if strconv.Itoa(len(ls)) != args[0] {
		ts.Fatalf("%s has %d lines, not %s", args[1], len(ls), args[0])
	}
	for i, l := range ls {
		if !json.Valid([]byte(l)) {
			ts.Fatalf("%s:%d is not JSON: %s", args[1], i+1, l)
		}
	}
}

func nonEmpty(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return l == "" })
}

// unit is one constituency of 23/5/2021 with its official result.
type unit struct {
	key        string
	seats      int64
	validMin   int64
	validMax   int64
	candidates []string
	votes      []int64
	elected    map[string]bool
	overHalf   int
}

// official reads the published results (Vietnam Elections dataset by Bamboo
// Filing Cabinet, CC-BY 4.0) that ship with the sample data.
func official() ([]*unit, error) {
	byKey := map[string]*unit{}
	var units []*unit
	err := eachRow("../../internal/demo/data/qh15_2021_constituencies.csv", func(r map[string]string) error {
		u := &unit{key: r["province"] + "/" + r["unit_no"], elected: map[string]bool{}}
		for name, p := range map[string]*int64{"seats": &u.seats, "implied_valid_min": &u.validMin, "implied_valid_max": &u.validMax} {
			n, err := strconv.ParseInt(r[name], 10, 64)
			if err != nil {
				return err
			}
			*p = n
		}
		byKey[u.key] = u
		units = append(units, u)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachRow("../../internal/demo/data/qh15_2021_results.csv", func(r map[string]string) error {
		u := byKey[r["province"]+"/"+r["unit_no"]]
		if u == nil {
			return fmt.Errorf("no unit %s/%s", r["province"], r["unit_no"])
		}
		v, err := strconv.ParseInt(r["votes"], 10, 64)
		if err != nil {
			return err
		}
		id := "c" + r["rank"]
		u.candidates, u.votes = append(u.candidates, id), append(u.votes, v)
		if r["elected_by_rule"] == "1" {
			u.elected[id] = true
		}
		if r["over_half"] == "1" {
			u.overHalf++
		}
		return nil
	})
	return units, err
}

func eachRow(path string, fn func(map[string]string) error) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		if err := fn(m); err != nil {
			return err
		}
	}
	return nil
}

// qh15 records min|middle|max FILE writes the contest records of the 184
// units, with valid ballots taken from the interval that the published
// percentages imply; qh15 check FILE holds the verdicts to the official result.
func qh15(ts *testscript.TestScript, neg bool, args []string) {
	units, err := official()
	ts.Check(err)
	switch {
	case !neg && len(args) == 3 && args[0] == "records":
		f, err := os.Create(ts.MkAbs(args[2]))
		ts.Check(err)
		defer f.Close()
		w := bufio.NewWriter(f)
		for _, u := range units {
			valid := map[string]int64{"min": u.validMin, "max": u.validMax, "middle": (u.validMin + u.validMax) / 2}[args[1]]
			ts.Check(json.NewEncoder(w).Encode(u.record(valid)))
		}
		ts.Check(w.Flush())
	case !neg && len(args) == 2 && args[0] == "check":
		verdicts := nonEmpty(ts.ReadFile(args[1]))
		if len(verdicts) != len(units) || len(units) != 184 {
			ts.Fatalf("%d verdicts for %d units", len(verdicts), len(units))
		}
		elected, passed := 0, 0
		for i, u := range units {
			var r vote.Result
			ts.Check(json.Unmarshal([]byte(verdicts[i]), &r))
			if r.ID != u.key {
				ts.Fatalf("verdict %d is of %s, not %s: the order is lost", i+1, r.ID, u.key)
			}
			over := 0
			for _, l := range r.Results {
				if (l.Outcome == vote.Elected) != u.elected[l.Candidate] {
					ts.Fatalf("%s: %s is %s, officially elected: %v", u.key, l.Candidate, l.Outcome, u.elected[l.Candidate])
				}
				switch l.Outcome {
				case vote.Elected:
					elected++
					over++
				case vote.PassedNoSeat:
					passed++
					over++
				}
			}
			if over != u.overHalf {
				ts.Fatalf("%s: %d above one half, officially %d", u.key, over, u.overHalf)
			}
		}
		if elected != 500 || passed != 26 {
			ts.Fatalf("%d elected and %d passed without a seat, officially 500 and 26", elected, passed)
		}
	default:
		ts.Fatalf("usage: qh15 records min|middle|max FILE, or qh15 check FILE")
	}
}

func (u *unit) record(valid int64) map[string]any {
	var cs []map[string]any
	votes := map[string]int64{}
	for i, id := range u.candidates {
		cs = append(cs, map[string]any{"id": id})
		votes[id] = u.votes[i]
	}
	return map[string]any{"id": u.key, "rules": "state-election/qh", "date": "2021-05-23", "seats": u.seats,
		"candidates": cs, "ballots": map[string]any{"valid": valid}, "votes": votes}
}
