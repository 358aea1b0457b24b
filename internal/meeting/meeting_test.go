package meeting_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"

	"pgregory.net/rapid"
)

var day = vn.MustDate

var title = rule.Words{VI: "Đại hội đại biểu Đảng bộ tỉnh (mẫu)", EN: "Congress of the province (sample)"}

// open is a desk with n persons p1 … pn on record.
func open(t *testing.T, db *store.DB, n int) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, org.Room(), person.Room(), meeting.Room())
	desktest.Do(t, d, "a", org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	for i := 1; i <= n; i++ {
		desktest.Do(t, d, "a", person.Record{ID: id(i), Home: "org/tinh", Sample: true, From: day("2000-01-01"),
			Identity: person.Identity{Name: fmt.Sprintf("Nguyễn Văn %s", vn.Words(int64(i)))}})
	}
	return d
}

func id(i int) string { return fmt.Sprintf("person/p%d", i) }

func ref(s string) meeting.Ref { return meeting.Ref{ID: s, Org: "org/tinh"} }

func get(t *testing.T, d *desk.Desk, id string) *meeting.State {
	t.Helper()
	var m *meeting.State
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) { m, err = meeting.Get(t.Context(), tx, id); return err }); err != nil {
		t.Fatal(err)
	}
	return m
}

func kinds(rc desk.Receipt) (out []string) {
	for _, e := range rc.Entries {
		out = append(out, e.Kind)
	}
	return out
}

func marks(from, to int, m meeting.Mark) (out []meeting.Marked) {
	for i := from; i <= to; i++ {
		out = append(out, meeting.Marked{Person: id(i), Mark: m})
	}
	return out
}

// A provincial congress: 350 delegates, four outgoing members and two
// delegates absent throughout, an alternate who replaces a third; base 344 of
// the election, need 173 (domain 5.4).
func TestCongressOfDelegates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 352)
		r := ref("dh-tinh-2020")
		clock := day("2020-10-14")
		desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.DelegateCongress, Level: "province", Date: clock, Title: title, Term: "2020 - 2025", Sample: true, Clock: clock})
		var people []meeting.Attendee
		for i := 1; i <= 352; i++ {
			p := meeting.Attendee{Person: id(i), Standing: meeting.Delegate, Convening: i <= 50}
			if i > 350 {
				p.Standing = meeting.Alternate
			}
			people = append(people, p)
		}
		if got := kinds(desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: people})); !slices.Equal(got, []string{meeting.KindSummoned}) {
			t.Errorf("summoning gives %v", got)
		}
		desktest.MustRefuse(t, d, "a", meeting.Summon{Ref: r, People: people[:1]}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.OpenSession{Ref: r, Session: "2", Title: title, Date: clock}, desk.Refused)
		desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: clock, Voting: true})
		// Nobody was called yet: a vote by hand waits for the roll.
		hand := meeting.VoteByHand{Ref: r, Vote: "hv/1", On: "number", Title: title, Session: "1", For: 300, Against: 10, Other: 5}
		desktest.MustRefuse(t, d, "a", hand, desk.Refused)
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(8, 350, meeting.Present)})
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(1, 4, meeting.Excused)})
		desktest.MustRefuse(t, d, "a", meeting.CloseSession{Ref: r, Session: "1"}, desk.Refused) // three not called
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(5, 7, meeting.Absent)})
		// 1–4 are of the convening committee; delegates 348, 349 turn out absent, 350 too and is replaced.
		desktest.MustRefuse(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(348, 350, meeting.Absent)}, desk.Invalid)
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(348, 350, meeting.Absent), Reason: "điểm danh nhầm"})
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: append(marks(5, 7, meeting.Present), marks(351, 351, meeting.Present)...), Reason: "đến muộn"})
		desktest.MustRefuse(t, d, "a", meeting.Replace{Ref: r, Person: id(1), Alternate: id(351), Reason: "ốm"}, desk.Refused) // ex officio
		desktest.Do(t, d, "a", meeting.Replace{Ref: r, Person: id(350), Alternate: id(351), Reason: "ốm"})
		desktest.MustRefuse(t, d, "a", meeting.Replace{Ref: r, Person: id(349), Alternate: id(351), Reason: "ốm"}, desk.Refused)
		for i := 1; i <= 4; i++ {
			desktest.Do(t, d, "a", meeting.Deduct{Ref: r, Person: id(i), Reason: "convening-member-absent-throughout", Words: "đi công tác nước ngoài"})
		}
		desktest.MustRefuse(t, d, "a", meeting.Deduct{Ref: r, Person: id(348), Reason: "convening-member-absent-throughout", Words: "x"}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.Deduct{Ref: r, Person: id(348), Reason: "exempt-absent", Words: "x"}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.Deduct{Ref: r, Person: id(100), Reason: "delegate-absent-without-alternate", Words: "x"}, desk.Refused) // present
		desktest.MustRefuse(t, d, "a", meeting.Deduct{Ref: r, Person: id(350), Reason: "delegate-absent-without-alternate", Words: "x"}, desk.Refused) // replaced
		several := meeting.DeductSeveral{Ref: r, Persons: []string{id(348), id(100)}, Reason: "delegate-absent-without-alternate", Words: "ốm, không có người thay"}
		if e := desktest.MustRefuse(t, d, "a", several, desk.Refused); !strings.Contains(e.Says.VI, "Người thứ 2: Người này có mặt") {
			t.Errorf("of several: %s", e.Says.VI)
		}
		several.Persons = []string{id(348), id(348)}
		desktest.MustRefuse(t, d, "a", several, desk.Invalid)
		several.Persons = []string{id(348), id(349)}
		if rc := desktest.Do(t, d, "a", several); len(rc.Entries) != 2 || rc.Entries[1].Kind != meeting.KindDeducted {
			t.Errorf("%+v", rc.Entries)
		}
		m := get(t, d, r.ID)
		base := m.Base()
		if *base.Summoned != 350 || *base.Present != 344 || len(base.Deductions) != 2 || base.Deductions[0].Count != 4 || base.Deductions[1].Count != 2 {
			t.Errorf("base %d summoned, %d present, %+v", *base.Summoned, *base.Present, base.Deductions)
		}
		lib, err := rule.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		if res := m.Reckon(lib); res == nil || *res.Denominator.Count != 344 || res.Need != 173 {
			t.Errorf("reckoned %+v", res)
		}
		if m.Late {
			t.Error("a sample clock is not late")
		}
		// The counting board is chosen by hand; nobody on the list, no alternate.
		board := meeting.ChooseOrgan{Ref: r, Organ: meeting.CountingBoard, Head: id(60), Members: []string{id(60), id(61), id(62)}, Listed: []string{id(70)},
			Hand: meeting.VoteByHand{Vote: "hv/2", Title: title, Session: "1", For: 340, Against: 0, Other: 4}}
		bad := board
		bad.Members = []string{id(60), id(70)}
		if e := desktest.MustRefuse(t, d, "a", bad, desk.Refused); len(e.Verdicts) != 1 || e.Verdicts[0].Rule != meeting.RuleCounting {
			t.Errorf("a person on the list: %+v", e)
		}
		bad.Members = []string{id(60), id(352)}
		desktest.MustRefuse(t, d, "a", bad, desk.Refused)
		if got := kinds(desktest.Do(t, d, "a", board)); !slices.Equal(got, []string{meeting.KindHandVote, meeting.KindOrgan}) {
			t.Errorf("choosing a board gives %v", got)
		}
		// 172 of 344 is not more than half; the vote stands, the organ is not chosen.
		short := board
		short.Organ, short.Hand.Vote, short.Hand.For, short.Hand.Against = meeting.Secretaries, "hv/3", 172, 172
		short.Hand.Other = 0
		if got := kinds(desktest.Do(t, d, "a", short)); !slices.Equal(got, []string{meeting.KindHandVote}) {
			t.Errorf("a vote that fails gives %v", got)
		}
		m = get(t, d, r.ID)
		if v := m.Vote("hv/3"); v == nil || v.Passed || v.Base != 344 {
			t.Errorf("172 of 344: %+v", v)
		}
		if o := m.Organ(meeting.CountingBoard, ""); o == nil || o.Head != id(60) {
			t.Errorf("counting board %+v", o)
		}
		desktest.MustRefuse(t, d, "a", meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: id(60)}}, Out: true, Reason: "nhầm"}, desk.Refused)
		desktest.MustRefuse(t, d, "a", meeting.Close{Ref: r, On: clock}, desk.Refused)
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: marks(352, 352, meeting.Absent)})
		desktest.Do(t, d, "a", meeting.CloseSession{Ref: r, Session: "1"})
		desktest.Do(t, d, "a", meeting.Close{Ref: r, On: clock})
		desktest.MustRefuse(t, d, "a", hand, desk.Refused)
		desktest.CheckRebuild(t, d)
	})
}

// A congress of members: who votes, who only nominates, and the two bases: a
// member away with a reason comes off the base of elections, not of votes by
// hand (A-PE-01: 20 members, 3 away, base 20).
func TestCongressOfMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 22)
		r := ref("dh-chi-bo")
		on := day("2026-03-01")
		desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.MemberCongress, Level: "cell", Date: on, Title: title})
		var people []meeting.Attendee
		for i := 1; i <= 20; i++ {
			people = append(people, meeting.Attendee{Person: id(i), Standing: meeting.Official})
		}
		people = append(people, meeting.Attendee{Person: id(21), Standing: meeting.Probationary}, meeting.Attendee{Person: id(22), Standing: meeting.Temporary})
		desktest.MustRefuse(t, d, "a", meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: id(1), Standing: meeting.Delegate}}}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: "person/none", Standing: meeting.Official}}}, desk.Invalid)
		desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: people})
		desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: on, Voting: true})
		desktest.Do(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: append(append(marks(1, 17, meeting.Present), marks(18, 20, meeting.Excused)...), marks(21, 22, meeting.Present)...)})
		for i := 18; i <= 20; i++ {
			desktest.Do(t, d, "a", meeting.Deduct{Ref: r, Person: id(i), Reason: "absent-throughout-with-reason", Words: "đi công tác"})
		}
		m := get(t, d, r.ID)
		if c := m.Counts(m.Voting()); c.Summoned != 20 || c.Present != 17 || c.Guests != 2 {
			t.Errorf("counts %+v", c)
		}
		if b := m.Base(); *b.Summoned != 20 || b.Deductions[0].Count != 3 {
			t.Errorf("election base %+v", b)
		}
		lib, err := rule.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		for yes, passes := range map[int64]bool{11: true, 10: false} {
			res, err := m.Hand(lib, m.Voting(), yes, 17-yes, 0)
			if err != nil || *res.Denominator.Count != 20 || slices.Contains(res.Elected, "motion") != passes {
				t.Errorf("%d hands: %+v, %v", yes, res, err)
			}
		}
		// A probationary member counts no ballots.
		e := desktest.MustRefuse(t, d, "a", meeting.ChooseOrgan{Ref: r, Organ: meeting.CountingBoard, Head: id(1), Members: []string{id(1), id(21)},
			Hand: meeting.VoteByHand{Vote: "hv/1", Title: title, Session: "1", For: 17}}, desk.Refused)
		if len(e.Verdicts) != 1 || e.Verdicts[0].Holds {
			t.Errorf("probationary: %+v", e)
		}
		desktest.MustRefuse(t, d, "a", meeting.ChooseOrgan{Ref: r, Organ: meeting.Credentials, Head: id(1), Members: []string{id(1)},
			Hand: meeting.VoteByHand{Vote: "hv/2", Title: title, Session: "1", For: 17}}, desk.Refused)
		desktest.MustRefuse(t, d, "a", meeting.VoteByHand{Ref: r, Vote: "hv/3", On: "number", Title: title, Session: "1", For: 18}, desk.Invalid) // 17 present
		desktest.CheckRebuild(t, d)
	})
}

// Wrong order and late entry: a day gone by needs its reason; a meeting cannot
// come before the one that must precede it; only samples carry a clock.
func TestLateAndInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 3)
		a := meeting.Open{Ref: ref("dh"), Body: meeting.DelegateCongress, Level: "district", Date: day("2025-08-20"), Title: title}
		desktest.MustRefuse(t, d, "a", a, desk.Invalid)
		a.LateWhy = "nhập từ biên bản giấy"
		desktest.Do(t, d, "a", a)
		if m := get(t, d, "dh"); !m.Late || m.LateWhy != "nhập từ biên bản giấy" {
			t.Errorf("late: %+v", m)
		}
		first := meeting.Open{Ref: ref("hn-1"), Body: meeting.CommitteeMeeting, Level: "district", Date: day("2025-08-19"), Title: title, After: "dh", LateWhy: "x"}
		desktest.MustRefuse(t, d, "a", first, desk.Invalid)
		first.Date, first.After = day("2025-08-20"), "none"
		desktest.MustRefuse(t, d, "a", first, desk.Invalid)
		first.After = "dh"
		desktest.Do(t, d, "a", first)
		desktest.MustRefuse(t, d, "a", first, desk.Invalid) // the id is used
		desktest.MustRefuse(t, d, "a", meeting.Open{Ref: ref("x"), Body: meeting.CommitteeMeeting, Level: "cell", Date: day("2020-10-14"), Title: title, Clock: day("2020-10-14")}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.Summon{Ref: meeting.Ref{ID: "dh", Org: ""}, People: []meeting.Attendee{{Person: id(1), Standing: meeting.Delegate}}}, desk.NotFound)
		desktest.MustRefuse(t, d, "a", meeting.Change{Ref: ref("hn-1"), Date: day("2025-08-01"), Title: title, Reason: "nhầm"}, desk.Invalid)
		// Nor may the first move behind the one that follows; the later one moves first.
		behind := meeting.Change{Ref: ref("dh"), Date: day("2025-08-21"), Title: title, Reason: "nhầm"}
		desktest.MustRefuse(t, d, "a", behind, desk.Invalid)
		desktest.Do(t, d, "a", meeting.Change{Ref: ref("hn-1"), Date: day("2025-08-21"), Title: title, Reason: "nhầm"})
		desktest.Do(t, d, "a", behind)
		var rows []meeting.Row
		var n int
		if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
			rows, n, err = meeting.List(t.Context(), tx, meeting.Filter{Query: "dai bieu", Body: meeting.CommitteeMeeting}, 0, 10)
			return err
		}); err != nil || n != 1 || rows[0].ID != "hn-1" {
			t.Errorf("list %+v %d %v", rows, n, err)
		}
		// A page counts only what the reader may see.
		for _, c := range []struct {
			among []string
			want  int
		}{{nil, 2}, {[]string{}, 0}, {[]string{""}, 0}, {[]string{"org/khac"}, 0}, {[]string{"org/khac", "org/tinh"}, 2}} {
			if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
				_, n, err = meeting.List(t.Context(), tx, meeting.Filter{Among: c.among}, 0, 1)
				return err
			}); err != nil || n != c.want {
				t.Errorf("among %v: %d, want %d, %v", c.among, n, c.want, err)
			}
		}
		// Names of many are read at once; who is not known is missing.
		if err := d.Read(t.Context(), func(tx *store.Tx) error {
			ps, err := person.ByID(t.Context(), tx, []string{id(1), id(3), "person/none"}, org.Now(day("2025-08-20")))
			if len(ps) != 2 || ps[id(3)].Identity.Name == "" {
				t.Errorf("by id: %+v", ps)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// Two secretaries at once on one roll: the second is told what changed.
func TestTwoSecretaries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 2)
		r := ref("hn")
		desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.CommitteeMeeting, Level: "cell", Date: day("2026-03-01"), Title: title})
		rc := desktest.Do(t, d, "a", meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: id(1), Standing: meeting.Member}}})
		seen := rc.Entries[0].Index
		if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: "b", Act: meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: id(2), Standing: meeting.Member}}}}); err != nil {
			t.Fatal(err)
		}
		_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: "a", Act: meeting.ChangeSummons{Ref: r, People: []meeting.Attendee{{Person: id(2), Standing: meeting.Member}}, Reason: "bổ sung"}})
		if de, ok := err.(*desk.Error); !ok || de.Code != desk.Stale || len(de.Newer) != 1 {
			t.Errorf("the second secretary got %v", err)
		}
	})
}

// The base never falls below nothing, and what is counted is what was taken.
func TestReasonsFollowTheDay(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body meeting.Body
		on   string
		want string
	}{
		{meeting.MemberCongress, "2020-05-01", "absent-throughout-with-reason"},
		{meeting.MemberCongress, "2025-05-01", "exempt-absent"},
		{meeting.DelegateCongress, "2020-10-14", "convening-member-absent-throughout"},
		{meeting.CommitteeMeeting, "2025-05-01", "suspended-charged-or-detained"},
	} {
		if got := meeting.Reasons(lib, c.body, day(c.on)); !slices.Contains(got, c.want) {
			t.Errorf("%s on %s: %v, want %s", c.body, c.on, got, c.want)
		}
	}
	if got := meeting.Reasons(lib, meeting.LeadershipMeeting, day("2025-05-01")); slices.Contains(got, "exempt-absent") {
		t.Errorf("leadership: %v", got)
	}
}

// A pasted list records the persons and summons them, all or nobody.
func TestEnterAPastedList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, 0)
		r := ref("hop-chi-bo")
		desktest.Do(t, d, "a", meeting.Open{Ref: r, Body: meeting.CellMeeting, Level: "cell", Date: day("2026-03-01"), Title: title})
		as := meeting.Attendee{Standing: meeting.Official}
		an, binh := meeting.Entered{Identity: person.Identity{Name: "Trần Văn An"}, As: as}, meeting.Entered{Identity: person.Identity{Name: "Lê Thị Bình"}, As: as}
		desktest.MustRefuse(t, d, "a", meeting.Enter{Ref: r, People: []meeting.Entered{an, binh, an}}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", meeting.Enter{Ref: r, People: []meeting.Entered{an, {As: as}}}, desk.Invalid)
		if m := get(t, d, r.ID); len(m.People) != 0 {
			t.Errorf("a refused list left %d persons", len(m.People))
		}
		got := kinds(desktest.Do(t, d, "a", meeting.Enter{Ref: r, People: []meeting.Entered{an, binh}}))
		if !slices.Equal(got, []string{"person.recorded/1", "person.recorded/1", meeting.KindSummoned}) {
			t.Errorf("entering gives %v", got)
		}
		m := get(t, d, r.ID)
		// Who comes off the base is not marked present, in any sitting.
		desktest.Do(t, d, "a", meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: day("2026-03-01")})
		for _, reason := range meeting.Reasons(builtin(t), m.Body, m.Date) {
			desktest.Do(t, d, "a", meeting.Deduct{Ref: r, Person: m.People[0].Person, Reason: reason, Words: "ốm"})
			desktest.MustRefuse(t, d, "a", meeting.TakeAttendance{Ref: r, Session: "1", Marks: []meeting.Marked{{Person: m.People[0].Person, Mark: meeting.Present}}}, desk.Refused)
			desktest.Do(t, d, "a", meeting.Restore{Ref: r, Person: m.People[0].Person, Words: "ghi nhầm"})
		}
		desktest.CheckRebuild(t, d)
	})
}

func builtin(t *testing.T) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// Whatever happens in whatever order: who comes off the base is not counted as
// present, so the base never lies below those who are there to vote.
func TestBaseNeverBelowPresent(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db, 6)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		r := ref(fmt.Sprintf("dh-%d", n))
		do := func(a desk.Act) {
			if _, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: a}); err != nil {
				if _, ok := err.(*desk.Error); !ok {
					rt.Fatal(err)
				}
			}
		}
		on := day("2026-03-01")
		do(meeting.Open{Ref: r, Body: meeting.DelegateCongress, Level: "district", Date: on, Title: title})
		for i := 1; i <= 6; i++ {
			st := meeting.Delegate
			if i == 6 {
				st = meeting.Alternate
			}
			do(meeting.Summon{Ref: r, People: []meeting.Attendee{{Person: id(i), Standing: st, Convening: i <= 2}}})
		}
		do(meeting.OpenSession{Ref: r, Session: "1", Title: title, Date: on, Voting: true})
		reasons := meeting.Reasons(builtin(t), meeting.DelegateCongress, on)
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			p := id(rapid.IntRange(1, 6).Draw(rt, "person"))
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				do(meeting.TakeAttendance{Ref: r, Session: "1", Reason: "x", Marks: []meeting.Marked{{Person: p, Mark: rapid.SampledFrom([]meeting.Mark{meeting.Present, meeting.Absent, meeting.Excused}).Draw(rt, "mark")}}})
			case 1:
				do(meeting.Deduct{Ref: r, Person: p, Reason: rapid.SampledFrom(reasons).Draw(rt, "reason"), Words: "x"})
			case 2:
				do(meeting.Restore{Ref: r, Person: p, Words: "x"})
			case 3:
				do(meeting.Replace{Ref: r, Person: p, Alternate: id(6), Reason: "x"})
			}
			b := get(t, d, r.ID).Base()
			left := *b.Summoned
			for _, x := range b.Deductions {
				left -= x.Count
			}
			if *b.Present > left {
				rt.Fatalf("%d present of a base of %d", *b.Present, left)
			}
		}
	})
}

// TestForgedDays: the days of meetings that follow one another, bent by whoever
// holds the key of the ledger. The outside verifier replays their order.
func TestForgedDays(t *testing.T) {
	d := open(t, storetest.SQLite(t), 3)
	desktest.Do(t, d, "a", meeting.Open{Ref: ref("dh"), Body: meeting.DelegateCongress, Level: "district", Date: day("2025-08-20"), Title: title, LateWhy: "x"})
	desktest.Do(t, d, "a", meeting.Open{Ref: ref("hn-1"), Body: meeting.CommitteeMeeting, Level: "district", Date: day("2025-08-20"), Title: title, After: "dh", LateWhy: "x"})
	desktest.Do(t, d, "a", meeting.Change{Ref: ref("hn-1"), Date: day("2025-08-23"), Title: title, Reason: "nhầm"})
	desktest.Do(t, d, "a", meeting.Change{Ref: ref("dh"), Date: day("2025-08-22"), Title: title, Reason: "nhầm"})
	to := func(kind, id, field string, v any) func(e *ledger.Entry) {
		return func(e *ledger.Entry) {
			if e.Kind == kind && e.Subjects[0].ID == "meeting/"+id {
				bundletest.Reword(t, e, func(b map[string]any) { b[field] = v })
			}
		}
	}
	if honest := bundletest.Forge(t, d, func(*ledger.Entry) {}); !honest.Fine() {
		t.Fatalf("signed anew and not edited:\n%s", bundletest.Said(honest))
	}
	const order = "phải diễn ra trước nó"
	for name, f := range map[string]struct {
		edit func(*ledger.Entry)
		says string
	}{
		"opened before the one that must precede": {to("meeting.opened/1", "hn-1", "date", "2025-08-19"), order},
		"changed to a day before it":              {to("meeting.changed/1", "hn-1", "date", "2025-08-10"), order},
		"the first moved behind the second":       {to("meeting.changed/1", "dh", "date", "2025-08-24"), order},
		"the first opened on a later day":         {to("meeting.opened/1", "dh", "date", "2025-08-21"), order},
		"following a meeting that is not there":   {to("meeting.opened/1", "hn-1", "after", "khac"), "mà nhật ký không có"},
	} {
		if r := bundletest.Forge(t, d, f.edit); r.Fine() || !strings.Contains(bundletest.Said(r), f.says) {
			t.Errorf("%s: want a word of %q:\n%s", name, f.says, bundletest.Said(r))
		}
	}
}
