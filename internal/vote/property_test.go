package vote_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"

	"pgregory.net/rapid"
)

// days on which each kind of contest is drawn: both editions of each regulation.
var days = []string{"2021-05-23", "2026-03-15", "2015-06-15", "2020-06-15", "2023-06-15", "2024-11-15", "2025-06-15", "2025-11-15"}

func num(n int64) *int64 { return &n }

// contest draws a contest of any kind whose figures agree with each other.
// Some are tied, some short, some with partly known births.
func contest(t *rapid.T, lib *rule.Library) *vote.Record {
	day := vn.MustDate(rapid.SampledFrom(days).Draw(t, "day"))
	var kinds []string
	for _, k := range lib.Kinds() {
		if _, err := lib.For(k, day); err == nil {
			kinds = append(kinds, k)
		}
	}
	r := &vote.Record{ID: "x", Rules: rapid.SampledFrom(kinds).Draw(t, "kind"), Date: day, Votes: map[string]int64{}}
	book, err := lib.For(r.Rules, day)
	if err != nil {
		t.Fatal(err)
	}
	n := rapid.IntRange(1, 7).Draw(t, "candidates")
	seats := int64(rapid.IntRange(1, n+1).Draw(t, "seats"))
	r.Seats = &seats
	form := "strike"
	if p := book.Policy("form"); p != nil {
		form = p.Choose
		if form == "by-surplus" {
			form = rapid.SampledFrom([]string{"strike", "agree"}).Draw(t, "form")
		}
	}
	r.Form = form
	valid := int64(rapid.IntRange(1, 40).Draw(t, "valid"))
	invalid := int64(rapid.IntRange(0, 3).Draw(t, "invalid"))
	absent := int64(rapid.IntRange(0, 2).Draw(t, "absent"))
	for i := range n {
		c := vote.Candidate{ID: fmt.Sprintf("c%d", i), Order: i + 1}
		if rapid.Bool().Draw(t, "born known") {
			year := rapid.IntRange(1960, 1962).Draw(t, "year")
			c.Born = rapid.SampledFrom([]string{strconv.Itoa(year), fmt.Sprintf("%d-05", year), fmt.Sprintf("%d-05-%02d", year, rapid.IntRange(1, 3).Draw(t, "d"))}).Draw(t, "born")
		}
		r.Candidates = append(r.Candidates, c)
	}
	if form == "confidence3" {
		r.Middle, r.Disagree = map[string]int64{}, map[string]int64{}
		for _, c := range r.Candidates {
			high := int64(rapid.IntRange(0, int(valid)).Draw(t, "high"))
			low := int64(rapid.IntRange(0, int(valid-high)).Draw(t, "low"))
			r.Votes[c.ID], r.Disagree[c.ID], r.Middle[c.ID] = high, low, valid-high-low
		}
	} else {
		most := n
		if form != "agree" {
			most = min(n, int(seats))
		}
		least := 0
		if form == "strike" {
			least = 1
		}
		for _, c := range r.Candidates {
			r.Votes[c.ID] = 0
		}
		for range valid {
			k := rapid.IntRange(least, most).Draw(t, "chosen")
			for _, i := range rapid.Permutation(r.Candidates).Draw(t, "who")[:k] {
				r.Votes[i.ID]++
			}
		}
	}
	collected := valid + invalid
	present := collected
	r.Ballots = vote.Ballots{Issued: num(collected), Collected: num(collected), Valid: num(valid), Invalid: num(invalid)}
	if p := book.Policy("base"); p != nil && r.Rules[:5] == "state" {
		r.Voters = &vote.Voters{Listed: num(collected + absent), Voted: num(collected)}
		return r
	}
	r.Base = &vote.Base{Summoned: num(present + absent), Present: num(present), Incumbents: num(present + absent)}
	var bodies []string
	for _, s := range book.Slots() {
		if len(s) > 5 && s[:5] == "base." {
			bodies = append(bodies, s[5:])
		}
	}
	if len(bodies) > 0 {
		r.Body = rapid.SampledFrom(bodies).Draw(t, "body")
		if list := book.Policy("base." + r.Body).List; absent > 0 && rapid.Bool().Draw(t, "deduct") {
			r.Base.Deductions = []vote.Deduction{{Reason: rapid.SampledFrom(list).Draw(t, "reason"), Count: absent}}
		}
	}
	if r.Round = rapid.IntRange(0, 3).Draw(t, "round"); r.Round > 1 && book.Policy("revote") != nil {
		r.Kind = rapid.SampledFrom([]string{"", "further", "revote-tied"}).Draw(t, "contest kind")
	}
	if rapid.Bool().Draw(t, "alternates wanted") && book.Policy("alternates") != nil {
		r.Alternates = num(1)
	}
	return r
}

func countIt(t *rapid.T, lib *rule.Library, r *vote.Record) *vote.Result {
	if err := r.Validate(); err != nil {
		t.Fatalf("the drawn record is not valid: %v", err)
	}
	res, err := vote.NewCounter(lib).Count(r)
	if err != nil {
		t.Fatalf("%s on %s: %v", r.Rules, r.Date, err)
	}
	return res
}

func outcomes(r *vote.Result) map[string]vote.Outcome {
	m := map[string]vote.Outcome{}
	for _, l := range r.Results {
		m[l.Candidate] = l.Outcome
	}
	return m
}

// won are the outcomes that take a seat of the contest.
func won(lib *rule.Library, r *vote.Record, o vote.Outcome) bool {
	b, _ := lib.For(r.Rules, r.Date)
	return o == vote.OutcomeOf(b)
}

// TestOrderDoesNotMatter: the order of candidates in the file, and so of
// ballots counted, changes nothing in the result.
func TestOrderDoesNotMatter(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		a := countIt(t, lib, r)
		s := *r
		s.Candidates = rapid.Permutation(r.Candidates).Draw(t, "shuffled")
		b := countIt(t, lib, &s)
		x, y := string(a.Bare().AppendJSON(nil)), string(b.Bare().AppendJSON(nil))
		if a.Status != b.Status || a.Next != b.Next || !slices.Equal(a.Elected, b.Elected) || fmt.Sprint(a.Results) != fmt.Sprint(b.Results) {
			t.Fatalf("order matters:\n%s\n%s", x, y)
		}
	})
}

// TestOneMoreVoteNeverLosesASeat: an elected person who gets one vote more, all
// else equal, stays elected, as long as the figures still agree.
func TestOneMoreVoteNeverLosesASeat(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		a := countIt(t, lib, r)
		for id, o := range outcomes(a) {
			if !won(lib, r, o) || o == vote.Alternate && r.Alternates != nil {
				continue
			}
			s := *r
			s.Votes = map[string]int64{}
			for k, v := range r.Votes {
				s.Votes[k] = v
			}
			s.Votes[id]++
			b := countIt(t, lib, &s)
			if b.Status == vote.Refused {
				continue // more votes than ballots
			}
			if !won(lib, r, outcomes(b)[id]) {
				t.Fatalf("%s, %s: %s had %d votes and %s, with one more %s (%s → %s)", r.Rules, r.Date, id, r.Votes[id], o, outcomes(b)[id], a.Status, b.Status)
			}
		}
	})
}

// TestThresholdSeatsIdentities: nobody at or under one half of the denominator
// is elected, never more than the seats, lines are in order, every candidate
// has one line, and what does not agree elects nobody.
func TestThresholdSeatsIdentities(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		broken := rapid.Bool().Draw(t, "break the figures")
		if broken {
			*r.Ballots.Valid = max(0, slices.Max(slices.Collect(mapValues(r.Votes)))-1)
			broken = slices.Max(slices.Collect(mapValues(r.Votes))) > 0
		}
		res := countIt(t, lib, r)
		if broken && res.Status != vote.Refused {
			t.Fatalf("%s: more votes than valid ballots and status %s", r.Rules, res.Status)
		}
		if len(res.Results) != len(r.Candidates) {
			t.Fatalf("%d lines for %d candidates", len(res.Results), len(r.Candidates))
		}
		seats, alternates := int64(0), int64(0)
		b, _ := lib.For(r.Rules, r.Date)
		for i, l := range res.Results {
			if i > 0 && l.Votes > res.Results[i-1].Votes {
				t.Fatalf("lines are not in order of votes")
			}
			if l.Votes != r.Votes[l.Candidate] {
				t.Fatalf("%s has %d votes, the line says %d", l.Candidate, r.Votes[l.Candidate], l.Votes)
			}
			if l.Outcome == vote.Elected {
				seats++
				if b.Policy("pass") == nil && r.Kind != "revote-tied" && 2*l.Votes <= *res.Denominator.Count {
					t.Fatalf("%s is elected with %d of %d", l.Candidate, l.Votes, *res.Denominator.Count)
				}
			}
			if l.Outcome == vote.Alternate {
				alternates++
			}
		}
		if seats > *r.Seats || int64(len(res.Elected)) > *r.Seats {
			t.Fatalf("%d elected for %d seats", seats, *r.Seats)
		}
		if r.Alternates != nil && alternates > *r.Alternates {
			t.Fatalf("%d alternates for %d places", alternates, *r.Alternates)
		}
		if res.Status == vote.Refused && len(res.Elected) > 0 {
			t.Fatalf("refused, and yet %v are elected", res.Elected)
		}
		if res.Status == vote.Decided && res.Unfilled != 0 && vote.OutcomeOf(b) != vote.GoesOn {
			t.Fatalf("decided with %d seats empty", res.Unfilled)
		}
	})
}

// TestTally: ballots in any order, counted whole or in piles put together,
// give the same votes as counting names one by one.
func TestTally(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 130).Draw(t, "candidates")
		ballots := rapid.SliceOfN(rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 0, -1, rapid.ID[int]), 0, 30).Draw(t, "ballots")
		slow, chosen := make([]int64, n), make([]int64, n+1)
		whole, left, right := vote.NewTally(n), vote.NewTally(n), vote.NewTally(n)
		for i, b := range ballots {
			words := make([]uint64, whole.Words())
			for _, c := range b {
				slow[c]++
				words[c/64] |= 1 << (c % 64)
			}
			chosen[len(b)]++
			whole.Add(words)
			if i%2 == 0 {
				left.Add(words)
			} else {
				right.Add(words)
			}
		}
		right.Merge(left)
		for _, tally := range []*vote.Tally{whole, right} {
			if !slices.Equal(tally.Votes, slow) || !slices.Equal(tally.Chosen, chosen) || tally.Ballots != int64(len(ballots)) {
				t.Fatalf("tally %+v, one by one %v %v", tally, slow, chosen)
			}
		}
	})
}

func mapValues(m map[string]int64) func(func(int64) bool) {
	return func(yield func(int64) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestReadingsAgreeUnlessUnsettled: a result that is not unsettled is the same
// under every reading of every open item, chosen one at a time by a recorded
// decision, and in drawn combinations.
func TestReadingsAgreeUnlessUnsettled(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		res := countIt(t, lib, r)
		b, err := lib.For(r.Rules, r.Date)
		if err != nil {
			t.Fatal(err)
		}
		s := *r
		for _, o := range b.Open() {
			if o.Role == rule.RoleBallot || o.Role == rule.RoleCondition {
				continue
			}
			ids := []string{""}
			for _, x := range o.Item.Readings {
				ids = append(ids, x.ID)
			}
			if id := rapid.SampledFrom(ids).Draw(t, "reading"); id != "" {
				s.Decisions = append(s.Decisions, vote.Decision{Rule: o.Item.ID, Choice: id, Reason: "r", By: "b"})
			}
		}
		other := countIt(t, lib, &s)
		if res.Status == vote.Unsettled {
			return
		}
		steps := vote.OutcomeOf(b) == vote.GoesOn
		for id, o := range outcomes(res) {
			p := outcomes(other)[id]
			if o != p && !(steps && (o == vote.PassedNoSeat || o == vote.NotElected) && (p == vote.PassedNoSeat || p == vote.NotElected)) {
				t.Fatalf("%s %s: %s is %s, under %v %s", r.Rules, r.Date, id, o, s.Decisions, p)
			}
		}
		if res.Status != other.Status || res.Next != other.Next {
			t.Fatalf("%s %s: %s %s, under %v %s %s", r.Rules, r.Date, res.Status, res.Next, s.Decisions, other.Status, other.Next)
		}
	})
}

// TestPublicRecordReplays: the record without names and births gives the same
// result, ties by age too, and the bare result replays and gets its words back.
func TestPublicRecordReplays(t *testing.T) {
	lib := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := contest(t, lib)
		res := countIt(t, lib, r)
		public := r.Public()
		raw, err := json.Marshal(public)
		if err != nil {
			t.Fatal(err)
		}
		again, err := vote.ParseRecord(raw)
		if err != nil {
			t.Fatalf("the public record does not parse: %v\n%s", err, raw)
		}
		for _, c := range again.Candidates {
			if c.Name != "" || c.Born != "" {
				t.Fatalf("the public record names %s", c.ID)
			}
		}
		bare := res.Bare()
		if err := vote.Replay(lib, again, bare); err != nil {
			t.Fatal(err)
		}
		full, err := vote.WithWords(lib, again, bare)
		if err != nil {
			t.Fatal(err)
		}
		if x, y := string(full.AppendJSON(nil)), string(res.AppendJSON(nil)); x != y {
			t.Fatalf("with words again it is another result:\n%s\n%s", x, y)
		}
		if len(bare.Elected) > 0 {
			forged := *bare
			forged.Elected = bare.Elected[1:]
			if vote.Replay(lib, again, &forged) == nil {
				t.Fatal("a forged result replays")
			}
		}
	})
}

// FuzzParseRecord: whatever is read, parsing and counting end, and what is
// counted keeps the seats and the threshold.
func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(`{"id":"x","rules":"state-election/qh","date":"2021-05-23","seats":1,"candidates":[{"id":"a","born":"1960"},{"id":"b"}],"ballots":{"valid":10,"by_chosen":{"1":10}},"votes":{"a":6,"b":4}}`))
	f.Add([]byte(`{"id":"x","rules":"party-election/delegates","date":"2025-06-15","seats":2,"alternates":1,"body":"delegate-congress","base":{"summoned":350,"deductions":[{"reason":"convening-member-absent-throughout","count":4}]},"candidates":[{"id":"a"}],"ballots":{},"votes":{"a":200},"decisions":[{"rule":"party-election.base.delegates","choice":"main","reason":"r","by":"b"}]}`))
	f.Add([]byte(`{"id":"x","id":"y"}`))
	f.Add([]byte("{\"a\":[[[[[[{}]]]]]]"))
	lib := builtin(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		rec, err := vote.ParseRecord(raw)
		if err != nil {
			return
		}
		res, err := vote.NewCounter(lib).Count(rec)
		if err != nil {
			return
		}
		if int64(len(res.Elected)) > *rec.Seats {
			t.Errorf("%d elected for %d seats", len(res.Elected), *rec.Seats)
		}
		if !json.Valid(res.AppendJSON(nil)) {
			t.Error("the verdict is not JSON")
		}
	})
}
