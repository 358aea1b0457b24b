package meeting_test

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/meeting"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// Who is suspended, charged or prosecuted before a congress opens is not
// summoned at all: counted nowhere, called by no roll, taken off no base. Before
// the guidance of 31/12/2024 such a person is summoned and comes off the base.
func TestNotSummonedAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 5)
		for _, c := range []struct {
			id, on string
			away   bool
		}{{"dh-2025", "2025-06-15", true}, {"dh-2020", "2020-06-15", false}} {
			r, on := ref(c.id), day(c.on)
			desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.MemberCongress, Level: "cell", Date: on, Title: title, Sample: true, Clock: on})
			var people []meeting.Attendee
			for i := 1; i <= 4; i++ {
				people = append(people, meeting.Attendee{Person: id(i), Standing: meeting.Official, Suspended: i == 4})
			}
			desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: people})
			desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: on, Voting: true})
			desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(1, 3, meeting.Present)})
			desktest.MustRefuse(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(4, 4, meeting.Present)}, desk.Refused)
			deduct := meeting.Deduct{Ref: r, Person: id(4), Reason: "suspended-charged-or-detained", Words: "quyết định đình chỉ"}
			want := int64(4)
			if c.away {
				want = 3
				desktest.MustRefuse(t, d, "a", deduct, desk.Invalid)
				// Who was there already was not kept away before the opening.
				desktest.MustRefuse(t, d, "a", meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: id(3), Standing: meeting.Official, Suspended: true}}, Reason: "x"}, desk.Refused)
			} else {
				desktest.Do(t, d, "a", deduct)
			}
			m := get(t, d, r.ID)
			if s := m.Attendee(id(4)).Standing; (s == meeting.NotSummoned) != c.away {
				t.Errorf("%s: standing %s", c.id, s)
			}
			if got := *m.Base().Summoned; got != want {
				t.Errorf("%s: %d summoned, want %d", c.id, got, want)
			}
			if res := m.Reckon(builtin(t)); res == nil || *res.Denominator.Count != 3 {
				t.Errorf("%s: reckoned %+v", c.id, res)
			}
			desktest.Do(t, d, "a", meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: id(4), Standing: meeting.Official}}, Reason: "đã phục hồi"})
			if got := *get(t, d, r.ID).Base().Summoned; got != 4 {
				t.Errorf("%s: restored, %d summoned", c.id, got)
			}
		}
		desktest.CheckRebuild(t, d)
	})
}

// A replacement written for the wrong alternate is undone with a reason; the
// delegate may then come, and the alternate votes no more.
func TestReplacementUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 3)
		r, on := ref("dh"), day("2026-03-01")
		desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.DelegateCongress, Level: "grassroots", Date: on, Title: title, Sample: true, Clock: on})
		desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: id(1), Standing: meeting.Delegate}, {Person: id(2), Standing: meeting.Delegate}, {Person: id(3), Standing: meeting.Alternate}}})
		desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: on, Voting: true})
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: append(marks(1, 1, meeting.Present), marks(3, 3, meeting.Present)...)})
		undo := meeting.Unreplace{Ref: r, Alternate: id(3), Reason: "ghi nhầm người"}
		desktest.MustRefuse(t, d, "a", undo, desk.NotFound)
		desktest.Do(t, d, "a", meeting.Replace{Ref: r, Person: id(2), Alternate: id(3), Reason: "ốm"})
		desktest.MustRefuse(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(2, 2, meeting.Present)}, desk.Refused)
		if c := get(t, d, "dh").Counts(get(t, d, "dh").Voting()); c.Present != 2 || c.Alternates != 1 {
			t.Errorf("replaced: %+v", c)
		}
		desktest.MustRefuse(t, d, "a", meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: id(2)}}, Out: true, Reason: "x"}, desk.Refused)
		desktest.MustRefuse(t, d, "a", meeting.Unreplace{Ref: r, Alternate: id(3)}, desk.Invalid)
		if got := kinds(desktest.Do(t, d, "a", undo)); len(got) != 1 || got[0] != meeting.KindUnreplaced {
			t.Errorf("undoing gives %v", got)
		}
		if c := get(t, d, "dh").Counts(get(t, d, "dh").Voting()); c.Present != 1 || c.Alternates != 0 {
			t.Errorf("undone: %+v", c)
		}
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(2, 2, meeting.Present)})
		desktest.CheckRebuild(t, d)
	})
}

// Where the readings of the base of a vote differ nothing is concluded until the
// body decides with its reason; a cell meeting has its base since 1/7/2025.
func TestHandVoteByReadings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 5)
		hand := func(r meeting.Ref, id string, yes int64, ds ...vote.Decision) meeting.VoteByHand {
			return meeting.VoteByHand{Ref: r, Vote: "hv/" + id, On: "programme", Title: title, Session: "1", For: yes, Decisions: ds}
		}
		for _, c := range []struct {
			id, on string
			body   meeting.Body
		}{{"dh", "2026-03-01", meeting.DelegateCongress}, {"cb", "2026-03-01", meeting.CellMeeting}, {"cb-cu", "2020-03-01", meeting.CellMeeting}} {
			r, on, st := ref(c.id), day(c.on), c.body.Of()[0]
			desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: c.body, Level: "cell", Date: on, Title: title, Sample: true, Clock: on})
			var people []meeting.Attendee
			for i := 1; i <= 5; i++ {
				people = append(people, meeting.Attendee{Person: id(i), Standing: st})
			}
			desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: people})
			desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: on})
			desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: append(marks(1, 3, meeting.Present), marks(4, 5, meeting.Absent)...)})
		}
		// Two of five summoned, of three present: the readings differ.
		desktest.Do(t, d, "a", hand(ref("dh"), "1", 2))
		if v := get(t, d, "dh").Vote("hv/1"); v.Status != "unsettled" || v.Passed {
			t.Errorf("undecided: %+v", v)
		}
		o := get(t, d, "dh").HandReadings(builtin(t))
		if o == nil || len(o.Readings) == 0 {
			t.Fatal("no reading is open")
		}
		pick := vote.Decision{Rule: o.ID, Choice: o.Readings[0].ID, By: "dh"}
		desktest.MustRefuse(t, d, "a", hand(ref("dh"), "2", 2, pick), desk.Invalid) // no reason
		pick.Reason = "đại hội quyết nghị"
		desktest.Do(t, d, "a", hand(ref("dh"), "2", 2, pick))
		if v := get(t, d, "dh").Vote("hv/2"); !v.Passed || v.Base != 3 || v.Words != "đại hội quyết nghị" || len(v.Chosen) != 1 {
			t.Errorf("decided: %+v", v)
		}
		pick.Choice = "none"
		desktest.MustRefuse(t, d, "a", hand(ref("dh"), "3", 2, pick), desk.Invalid)
		desktest.Do(t, d, "a", hand(ref("cb"), "4", 3))
		if v := get(t, d, "cb").Vote("hv/4"); !v.Passed || v.Base != 5 {
			t.Errorf("cell meeting: %+v", v)
		}
		desktest.Do(t, d, "a", hand(ref("cb-cu"), "5", 3))
		if v := get(t, d, "cb-cu").Vote("hv/5"); v.Passed || v.Status != "no-rule" {
			t.Errorf("cell meeting before the rule: %+v", v)
		}
		desktest.CheckRebuild(t, d)
	})
}
