package election_test

import (
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// poll is a poll for which no regulation sets a threshold.
func poll(form string) election.Item {
	return election.Item{ID: "lay-phieu-1", Rules: "poll/count-only", Title: rule.Words{VI: "Lấy phiếu thăm dò quy hoạch", EN: "Opinion poll"}, Body: "member-congress",
		Seats: 1, SeatsBy: election.SeatsFixed, Optional: true, OwnTeam: true, Form: form, Meeting: "dh-cb1"}
}

// A poll that no regulation governs is put into the programme of a congress,
// counted by a team of its own and recorded with counts and percents: no
// verdict, nobody proposed, nothing paused or short.
func TestPollWithoutARegulation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := cell(t, db, "2022-03-10")
		tpl, _ := election.TemplateOf("cell")
		with := func(p election.Item, more ...election.Item) election.SetProgramme {
			items := append([]election.Item{p}, tpl.Items...)
			for i := range items {
				items[i].Meeting = "dh-cb1"
			}
			return election.SetProgramme{Event: "cb1", Org: h.org, Programme: election.Programme{Template: "cell", Level: "cell", Members: 11, Items: append(items, more...)}}
		}
		h.no(with(poll("")), desk.Invalid, "hình thức phiếu")
		h.no(with(poll("verbal")), desk.Invalid, "hình thức phiếu")
		bare := poll("agree")
		bare.OwnTeam = false
		h.no(with(bare), desk.Invalid, "tổ kiểm phiếu")
		from := election.Item{ID: "tiep", Rules: "party-election/secretary", Title: rule.Words{VI: "Bầu tiếp", EN: "More"}, Body: "member-congress", Seats: 1, SeatsBy: election.SeatsFixed, From: "lay-phieu-1"}
		h.no(with(poll("agree"), from), desk.Invalid, "không có kết luận")
		ruled := poll("agree")
		ruled.Rules = "party-election/opinion-poll"
		h.no(with(ruled), desk.Invalid, "do quy định đặt")
		h.do(with(poll("agree")))

		on := h.on("lay-phieu-1")
		h.do(election.OpenList{Event: "cb1", Org: h.org, Item: "lay-phieu-1"})
		h.do(election.ListPersons{OnRound: on, Persons: []election.NewPerson{h.member(1, vote.Official), h.member(2, vote.Official)}})
		h.do(election.VoteList{OnRound: on})
		h.do(meeting.ChooseOrgan{Ref: meeting.Ref{ID: "dh-cb1", Org: "org/cb1"}, Organ: meeting.PollTeam, For: "lay-phieu-1", Head: "person/m10", Members: []string{"person/m9", "person/m10", "person/m11"},
			Hand: meeting.VoteByHand{Vote: "hv/lp1", Session: "1", Title: rule.Words{VI: "Tổ kiểm phiếu", EN: "Poll team"}, For: 11}})
		h.do(election.OpenBox{OnRound: on, PileSize: 50, Stations: 2, Mode: ballotbox.TotalsTwice,
			Accounts: map[string]string{"person/m9": "account/m9", "person/m10": "account/m10", "person/m11": "account/m11"}})
		// Fewer than half agree with either: it is counted all the same.
		h.count("cb1/lay-phieu-1", ballotbox.Totals{Valid: 10, Invalid: 1, InvalidBy: map[string]int64{"decided-by-team": 1}, Votes: map[string]int64{"person/m1": 5, "person/m2": 1},
			Disagree: map[string]int64{"person/m1": 4, "person/m2": 9}, Unmarked: map[string]int64{"person/m1": 1, "person/m2": 0}}, 11)
		desktest.Do(t, h.d, "account/m10", election.ReportBox{OnRound: on})
		h.want("lay-phieu-1", election.StateDone)
		it, r := h.chain().Round("cb1/lay-phieu-1")
		if r.Row.Status != string(vote.Counted) || r.Row.Elected != 0 || r.Row.Unfilled != 0 || r.Row.Need != 0 || r.Row.Base != 11 || len(it.Elected()) != 0 {
			t.Errorf("%+v, proposed %v", r.Row, it.Elected())
		}
		for _, l := range r.Lines {
			if l.Outcome != vote.CountedOnly {
				t.Errorf("%s: %s", l.Candidate, l.Outcome)
			}
		}
		if r.Lines[0].Share != "45.45" {
			t.Errorf("share %s", r.Lines[0].Share)
		}
		h.want("chi-uy", election.StateReady)
		desktest.CheckRebuild(t, h.d)
	})
}
