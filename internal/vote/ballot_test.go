package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func builtin(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestPartyBallots goes through the table of valid and invalid ballots row by
// row, in both editions of the election regulation: list with surplus (names
// struck), list without surplus of several names, list of one name.
func TestPartyBallots(t *testing.T) {
	lib := builtin(t)
	strike := vote.Ballot{Form: "strike", Issued: true, Sealed: true, Listed: 5, Chosen: 3}
	several := vote.Ballot{Form: "agree", Issued: true, Sealed: true, Listed: 3, Chosen: 2}
	one := vote.Ballot{Form: "agree", Issued: true, Sealed: true, Listed: 1, Chosen: 1}
	with := func(b vote.Ballot, change func(*vote.Ballot)) vote.Ballot { change(&b); return b }
	all := []struct {
		row    string
		change func(*vote.Ballot)
		want   [3]string // strike, agree several, agree one; "" when the row does not apply
	}{
		{"as it should be", func(b *vote.Ballot) {}, [3]string{"valid", "valid", "valid"}},
		{"not issued by the counting board", func(b *vote.Ballot) { b.Issued = false }, [3]string{"invalid:not-issued", "invalid:not-issued", "invalid:not-issued"}},
		{"a name outside the list", func(b *vote.Ballot) { b.OutsideName = true }, [3]string{"invalid:outside-name", "invalid:outside-name", "invalid:outside-name"}},
		{"marked, or several inks", func(b *vote.Ballot) { b.Marked = true }, [3]string{"invalid:marked", "invalid:marked", "invalid:marked"}},
		{"signed or extra writing", func(b *vote.Ballot) { b.Writing = true }, [3]string{"invalid:writing", "invalid:writing", "invalid:writing"}},
		{"fewer than the seats", func(b *vote.Ballot) { b.Chosen = 1 }, [3]string{"valid", "valid", "valid"}},
		{"more than the seats", func(b *vote.Ballot) { b.Chosen = 4 }, [3]string{"invalid:too-many", "", ""}},
		{"nobody chosen, all disagreed", func(b *vote.Ballot) { b.Chosen = 0 }, [3]string{"invalid:none-chosen", "look", "valid"}},
		{"both boxes of a person", func(b *vote.Ballot) { b.Both, b.Chosen = 1, b.Chosen-1 }, [3]string{"", "valid", "invalid:both-boxes"}},
		{"no box of a person", func(b *vote.Ballot) { b.None, b.Chosen = 1, b.Chosen-1 }, [3]string{"", "valid", "look"}},
		{"no mark at all", func(b *vote.Ballot) { b.None, b.Chosen = b.Listed, 0 }, [3]string{"", "look", "look"}},
	}
	for _, day := range []string{"2020-06-15", "2025-06-15"} {
		b, err := lib.For("party-election/committee", vn.MustDate(day))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range all {
			for i, start := range []vote.Ballot{strike, several, one} {
				if row.want[i] == "" {
					continue
				}
				seats := int64(3)
				if i == 2 {
					seats = 1
				}
				j, err := vote.Judge(b, seats, with(start, row.change))
				if err != nil {
					t.Fatal(err)
				}
				if j.Proposal != row.want[i] {
					t.Errorf("%s, %s, column %d: %s, want %s", day, row.row, i+1, j.Proposal, row.want[i])
				}
				if (j.Proposal == "valid") != (j.Reason == nil) {
					t.Errorf("%s, %s, column %d: %s with reason %v", day, row.row, i+1, j.Proposal, j.Reason)
				}
			}
		}
	}
}

// TestStateBallots are the five causes of Article 74, and a good ballot.
func TestStateBallots(t *testing.T) {
	lib := builtin(t)
	good := vote.Ballot{Form: "strike", Issued: true, Sealed: true, Listed: 5, Chosen: 3}
	for _, day := range []string{"2021-05-23", "2026-03-15"} {
		b, err := lib.For("state-election/qh", vn.MustDate(day))
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			change func(*vote.Ballot)
			valid  bool
		}{
			"good":             {func(b *vote.Ballot) {}, true},
			"fewer than seats": {func(b *vote.Ballot) { b.Chosen = 1 }, true},
			"not issued":       {func(b *vote.Ballot) { b.Issued = false }, false},
			"not sealed":       {func(b *vote.Ballot) { b.Sealed = false }, false},
			"too many":         {func(b *vote.Ballot) { b.Chosen = 4 }, false},
			"all struck":       {func(b *vote.Ballot) { b.Chosen = 0 }, false},
			"outside name":     {func(b *vote.Ballot) { b.OutsideName = true }, false},
			"other writing":    {func(b *vote.Ballot) { b.Writing = true }, false},
		} {
			p := good
			c.change(&p)
			j, err := vote.Judge(b, 3, p)
			if err != nil {
				t.Fatal(err)
			}
			if (j.Proposal == "valid") != c.valid {
				t.Errorf("%s, %s: %s", day, name, j.Proposal)
			}
		}
	}
}
