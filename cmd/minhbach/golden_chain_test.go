package main

import (
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// TestGoldenChain: the golden ledger of the chain of elections, every kind of
// it in a small invented congress.
func TestGoldenChain(t *testing.T) {
	desktest.Golden(t, "testdata/golden/chain", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.chain()
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

func (h *goldenHouse) chain() {
	const event = "chi-bo-vang"
	do := func(a desk.Act) { h.do("canbo", a) }
	do(election.OpenEvent{ID: event, Kind: "congress", Date: vn.MustDate("2022-03-10"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ (mẫu)", EN: "Cell congress (sample)"}})
	tpl, _ := election.TemplateOf("cell")
	do(election.SetProgramme{Event: event, Programme: election.Programme{Template: tpl.ID, Level: tpl.Level, Members: 11, Items: tpl.Items}})
	on := election.OnRound{Event: event, Contest: event + "/chi-uy"}
	hand := &election.Hand{For: 10, Other: 1, Base: 11}
	person := func(id, name string, o vote.Origin) election.NewPerson {
		return election.NewPerson{Listed: election.Listed{Person: id, Origin: o, InBody: true}, Name: name, Born: "1980"}
	}
	do(election.OpenList{Event: event, Item: "chi-uy"})
	do(election.ListPersons{OnRound: on, Persons: []election.NewPerson{person("m1", "Nguyễn Văn An", vote.Official), person("m2", "Trần Thị Bình", vote.Official),
		person("m3", "Lê Văn Cường", vote.Official), person("m4", "Phạm Thị Dung", vote.Official), person("m5", "Hoàng Văn Đạt", vote.Official)}})
	do(election.VoteSeats{OnRound: on, Seats: 3, Hand: hand})
	do(election.MovePerson{OnRound: on, Person: "m5", What: election.MoveAskOut, Reason: "Sức khỏe"})
	do(election.MovePerson{OnRound: on, Person: "m5", What: election.MoveOut, Hand: hand})
	do(election.ChooseReading{OnRound: on, Rule: "party-election.surplus-max", Reading: "up", Reason: "Đại hội theo cách làm tròn lên"})
	do(election.VoteList{OnRound: on, Hand: hand})
	n := func(v int64) *int64 { return &v }
	do(election.ReportRound{OnRound: on, Base: &vote.Base{Summoned: n(11), Present: n(11)}, Votes: map[string]int64{"m1": 11, "m2": 10, "m3": 5, "m4": 4},
		Ballots: vote.Ballots{Printed: n(12), Issued: n(11), Spoiled: n(0), Unused: n(1), Collected: n(11), Valid: n(11), Invalid: n(0)}})
	do(election.DecideRound{OnRound: on, Choice: election.ChooseFurther, Hand: hand, Reason: "Bầu cho đủ"})
	h.boxed()
}

// boxed opens the box of a round at the counting board of its meeting.
func (h *goldenHouse) boxed() {
	const event, unit = "chi-bo-hom", "org/vang"
	do := func(a desk.Act) { h.do("canbo", a) }
	day := vn.MustDate("2026-03-01")
	title := rule.Words{VI: "Đại hội chi bộ, có hòm phiếu (mẫu)", EN: "Cell congress with a box (sample)"}
	do(org.Found{ID: unit, Title: "Chi bộ vàng (mẫu)", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01")})
	ref := meeting.Ref{ID: "dh-vang", Org: unit}
	var people []meeting.Attendee
	var marks []meeting.Marked
	for _, id := range []string{"person/v1", "person/v2", "person/v3", "person/v4"} {
		do(person.Record{ID: id, Home: unit, Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Nguyễn Văn " + id[7:]}})
		people, marks = append(people, meeting.Attendee{Person: id, Standing: meeting.Official}), append(marks, meeting.Marked{Person: id, Mark: meeting.Present})
	}
	do(meeting.Open{Ref: ref, Body: meeting.MemberCongress, Level: "cell", Date: day, Title: title, Sample: true, Clock: day})
	do(meeting.Summon{Ref: ref, People: people})
	do(meeting.OpenSession{Ref: ref, Session: "1", Title: title, Date: day, Voting: true})
	do(meeting.TakeAttendance{Ref: ref, Session: "1", Marks: marks})
	do(election.OpenEvent{ID: event, Kind: "congress", Date: day, Sample: true, Title: title})
	tpl, _ := election.TemplateOf("cell")
	items := tpl.Items[1:2]
	items[0].From, items[0].Meeting = "", ref.ID
	do(election.SetProgramme{Event: event, Programme: election.Programme{Template: tpl.ID, Level: tpl.Level, Members: 4, Items: items}})
	on := election.OnRound{Event: event, Contest: event + "/bi-thu"}
	do(election.OpenList{Event: event, Item: "bi-thu"})
	do(election.ListPersons{OnRound: on, Persons: []election.NewPerson{{Listed: election.Listed{Person: "person/v1", Origin: vote.Official}, Name: "Nguyễn Văn v1"}}})
	do(election.VoteList{OnRound: on, Hand: &election.Hand{For: 4}})
	do(meeting.ChooseOrgan{Ref: ref, Organ: meeting.CountingBoard, Head: "person/v2", Members: []string{"person/v2", "person/v3"},
		Hand: meeting.VoteByHand{Vote: "hv/vang", Session: "1", Title: title, For: 4}})
	do(election.OpenBox{OnRound: on, PileSize: 50, Stations: 2, Mode: ballotbox.Ballots})
}
