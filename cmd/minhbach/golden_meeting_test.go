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
)

// TestGoldenMeeting: the golden ledger of meetings, every kind of it in a small
// invented congress.
func TestGoldenMeeting(t *testing.T) {
	desktest.Golden(t, "testdata/golden/meeting", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.meeting()
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

func (h *goldenHouse) meeting() {
	do := func(a desk.Act) { h.do("canbo", a) }
	day := vn.MustDate
	do(org.Found{ID: "org/vang", Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, From: day("2000-01-01")})
	r := meeting.Ref{ID: "dh-vang", Org: "org/vang"}
	title := rule.Words{VI: "Đại hội đại biểu (mẫu)", EN: "Congress of delegates (sample)"}
	do(meeting.Open{Ref: r, Body: meeting.DelegateCongress, Level: "grassroots", Date: day("2020-10-14"), Title: title, Term: "2020 - 2025", Sample: true, Clock: day("2020-10-14")})
	do(meeting.Change{Ref: r, Date: day("2020-10-14"), Title: title, Term: "2020 – 2025", Reason: "sửa cách ghi nhiệm kỳ"})
	var people []meeting.Attendee
	for i, name := range []string{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Đạt", "Y Nam Êban", "Vũ Thị Hà"} {
		id := "person/vang" + string(rune('1'+i))
		do(person.Record{ID: id, Home: "org/vang", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: name}})
		people = append(people, meeting.Attendee{Person: id, Standing: meeting.Delegate, Convening: i == 0})
	}
	people[6].Standing = meeting.Alternate
	do(meeting.Summon{Ref: r, People: people})
	do(meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: people[1].Person, Standing: meeting.Delegate, Delegation: "org/vang"}}, Reason: "ghi đoàn"})
	do(meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: day("2020-10-14"), Voting: true})
	var marks []meeting.Marked
	for i, p := range people {
		m := meeting.Present
		if i == 0 || i == 5 {
			m = meeting.Excused
		}
		marks = append(marks, meeting.Marked{Person: p.Person, Mark: m})
	}
	do(meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks})
	do(meeting.Replace{Ref: r, Person: people[5].Person, Alternate: people[6].Person, Reason: "ốm"})
	do(meeting.Deduct{Ref: r, Person: people[0].Person, Reason: "convening-member-absent-throughout", Words: "đi công tác"})
	do(meeting.Restore{Ref: r, Person: people[0].Person, Words: "ghi nhầm"})
	do(meeting.VoteByHand{Ref: r, Vote: "hv/1", On: "number", Title: title, Session: "1", For: 5})
	do(meeting.ChooseOrgan{Ref: r, Organ: meeting.CountingBoard, Head: people[1].Person, Members: []string{people[1].Person, people[2].Person},
		Hand: meeting.VoteByHand{Vote: "hv/2", Title: title, Session: "1", For: 5}})
	do(meeting.CloseSession{Ref: r, Session: "1"})
	do(meeting.Close{Ref: r, On: day("2020-10-14")})
}
