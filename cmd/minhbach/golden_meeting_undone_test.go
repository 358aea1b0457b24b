package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// TestGoldenMeetingUndone: the golden ledger of what came to meetings later: a
// replacement undone, somebody not summoned, a vote whose readings differ.
func TestGoldenMeetingUndone(t *testing.T) {
	desktest.Golden(t, "testdata/golden/meeting-undone", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		do := func(a desk.Act) { h.do("canbo", a) }
		day := vn.MustDate("2025-08-20")
		do(org.Found{ID: "org/vang", Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, From: vn.MustDate("2000-01-01")})
		r := meeting.Ref{ID: "dh-vang", Org: "org/vang"}
		title := rule.Words{VI: "Đại hội đại biểu (mẫu)", EN: "Congress of delegates (sample)"}
		do(meeting.Open{Ref: r, Body: meeting.DelegateCongress, Level: "grassroots", Date: day, Title: title, Sample: true, Clock: day})
		var people []meeting.Attendee
		for i, name := range []string{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Vũ Thị Hà", "Đỗ Văn Kỷ"} {
			id := "person/vang" + string(rune('1'+i))
			do(person.Record{ID: id, Home: "org/vang", Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: name}})
			people = append(people, meeting.Attendee{Person: id, Standing: meeting.Delegate, Suspended: i == 5})
		}
		people[4].Standing = meeting.Alternate
		do(meeting.Summon{Ref: r, People: people})
		do(meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: day, Voting: true})
		do(meeting.TakeAttendance{Ref: r, Session: "1", Marks: []meeting.Marked{{Person: people[0].Person, Mark: meeting.Present}, {Person: people[1].Person, Mark: meeting.Present},
			{Person: people[2].Person, Mark: meeting.Absent}, {Person: people[3].Person, Mark: meeting.Absent}, {Person: people[4].Person, Mark: meeting.Present}}})
		do(meeting.Replace{Ref: r, Person: people[3].Person, Alternate: people[4].Person, Reason: "ốm"})
		do(meeting.Unreplace{Ref: r, Alternate: people[4].Person, Reason: "ghi nhầm người"})
		do(meeting.VoteByHand{Ref: r, Vote: "hv/1", On: "resolution", Title: title, Session: "1", For: 2,
			Decisions: []vote.Decision{{Rule: "hand-vote.base.delegates", Choice: "present", By: "delegate-congress", Reason: "đại hội quyết nghị"}}})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
