package procedure_test

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// TestStepCountedInABox: step 2 opens a ballot box at its meeting, the team
// keys the ballots twice, the head reports, and the step has its verdict from
// those figures in the same act; nobody types others in their place.
func TestStepCountedInABox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := definitions[1]
		h := open(t, db, c.days[0])
		r := procedure.Ref{ID: "ho-so", Org: c.org}
		_, def, err := builtin(t).Procedure(c.id, day(c.days[0]))
		if err != nil {
			t.Fatal(err)
		}
		h.do(procedure.Open{Ref: r, Procedure: c.id, On: day(c.days[0]), Title: c.title, Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
		h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", c.days[0])})
		h.at(c.days[1])
		h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", c.days[1]), Yes: true})
		for i := 1; i <= 2; i++ {
			h.eligible(r, def, a(i), c.days[1])
		}
		h.at(c.days[2])
		h.do(procedure.OpenStep{Ref: r, Step: "1", On: day(c.days[2]), Persons: []string{a(1), a(2)}})
		h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{a(1), a(2)}, Summoned: 10, Present: 10, For: 9})
		h.at(c.days[3])
		on := day(c.days[3])

		plan := &procedure.BoxPlan{PileSize: 50, Stations: 2, Mode: ballotbox.Ballots, Accounts: map[string]string{b(1): "account/head", b(2): "account/two"}}
		step := procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2)}, Team: []string{b(1), b(2)}, Count: plan}
		h.no(step, desk.Invalid, "cần cuộc họp")
		m := meeting.Ref{ID: "hop-buoc-2", Org: "org/so"}
		title := rule.Words{VI: "Hội nghị tập thể lãnh đạo mở rộng", EN: "Enlarged leadership"}
		h.do(meeting.Open{Ref: m, Body: meeting.EnlargedMeeting, Level: "grassroots", Date: on, Title: title})
		var people []meeting.Attendee
		var marks []meeting.Marked
		for i := 3; i <= 6; i++ {
			people = append(people, meeting.Attendee{Person: a(i), Standing: meeting.Member})
			marks = append(marks, meeting.Marked{Person: a(i), Mark: meeting.Present})
		}
		for i := 1; i <= 3; i++ {
			people = append(people, meeting.Attendee{Person: b(i), Standing: meeting.Member})
			marks = append(marks, meeting.Marked{Person: b(i), Mark: meeting.Present})
		}
		h.do(meeting.Summon{Ref: m, People: people})
		h.do(meeting.OpenSession{Ref: m, Session: "1", Title: title, Date: on, Voting: true})
		h.do(meeting.TakeAttendance{Ref: m, Session: "1", Marks: marks})
		step.Meeting = m.ID
		wrong := step
		wrong.Team = []string{a(1), b(2)}
		h.no(wrong, desk.Refused, "Người liên quan")
		wrong.Team = []string{b(1)}
		h.no(wrong, desk.Invalid, "ít hơn số lượt nhập")
		h.do(step)
		box := h.get(r.ID).Step("2").Opening.Body.Box
		if box != "ho-so/buoc-2" {
			t.Fatalf("the box is %q", box)
		}
		h.no(procedure.CountStep{Ref: r, Step: "2", Figures: figures(7, 7, map[string]int64{a(1): 5, a(2): 2})}, desk.Refused, "không gõ tay")
		h.no(procedure.CountStep{Ref: r, Step: "2", Box: box}, desk.Refused, "chưa báo cáo")
		h.no(procedure.CountStep{Ref: r, Step: "2", Box: "khac"}, desk.Invalid, "không phải hòm phiếu")

		subject := procedure.Subject(r.ID)
		act := func(who string, act desk.Act) desk.Receipt { t.Helper(); return desktest.Do(t, h.d, who, act) }
		for _, s := range []struct {
			what string
			n    int64
		}{{"printed", 8}, {"issued", 7}, {"spoiled", 0}, {"unused", 1}} {
			act("account/two", ballotbox.CountStock{Box: box, Case: subject, What: s.what, Number: s.n})
		}
		act("account/head", ballotbox.CheckBox{Box: box, Case: subject, Empty: true, Seal: "NP-1"})
		act("account/head", ballotbox.Unseal{Box: box, Case: subject, Intact: true})
		act("account/two", ballotbox.CountStock{Box: box, Case: subject, What: "collected", Number: 7})
		act("account/head", ballotbox.MakePiles{Box: box, Case: subject})
		var causes []string
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			row, err := ballotbox.Get(t.Context(), tx, box)
			if err != nil {
				return err
			}
			cs, err := row.Causes(builtin(t))
			for _, x := range cs {
				causes = append(causes, x.ID)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for i, who := range []string{"account/head", "account/two"} {
			st := ballotbox.Station{Box: box, Case: subject, Pile: 1, Station: i + 1, Attempt: 1, Actor: who}
			for n, line := range []string{"1", "1", "2", "1", "1", "2", "1"} {
				if _, err := ballotbox.Put(t.Context(), db, causes, st, desk.NewID(), n+1, line); err != nil {
					t.Fatal(err)
				}
			}
			act(who, ballotbox.HandIn{Box: box, Case: subject, Pile: 1, Station: i + 1, Attempt: 1, Ballots: 7})
		}
		act("account/head", ballotbox.Close{Box: box, Case: subject})
		desktest.MustRefuse(t, h.d, "account/head", ballotbox.Report{Box: box, Case: subject}, desk.Refused) // never without the verdict
		report := procedure.ReportStep{Ref: r, Step: "2"}
		desktest.MustRefuse(t, h.d, "account/two", report, desk.Denied)
		rc := act("account/head", report)
		var kinds []string
		for _, e := range rc.Entries {
			kinds = append(kinds, e.Kind)
		}
		if want := []string{"procedure.step-counted/1", "ballotbox.reported/1", "ledger.blocks-opened/1"}; !slices.Equal(kinds, want) {
			t.Errorf("the report makes %v", kinds)
		}
		s := h.get(r.ID).Step("2")
		if !s.Done() || !slices.Equal(s.Passed, []string{a(1)}) || s.Record.Votes[a(1)] != 5 || *s.Record.Base.Present != 7 || s.Counted.Body.Box != box {
			t.Errorf("step 2: passed %v, %+v, base %+v", s.Passed, s.Result, s.Record.Base)
		}
		desktest.MustRefuse(t, h.d, "account/head", report, desk.Refused)
		// Reckoned again, it takes the same figures from the box.
		h.no(procedure.CountStep{Ref: r, Step: "2", Figures: figures(7, 7, map[string]int64{a(1): 2, a(2): 5}), Reason: "x"}, desk.Refused, "không gõ tay")
		h.do(procedure.CountStep{Ref: r, Step: "2", Box: box, Reason: "tính lại sau khi đối chiếu"})
		if again := h.get(r.ID).Step("2"); !slices.Equal(again.Passed, s.Passed) {
			t.Errorf("again: %v", again.Passed)
		}
		h.leaves(r.ID)
		// A box whose report says other than the step is found.
		forged := h.forged(func(e *ledger.Entry) {
			if e.Kind == ballotbox.KindReported {
				e.Body = []byte(strings.Replace(string(e.Body), `"person/a1":5,"person/a2":2`, `"person/a1":2,"person/a2":5`, 1))
			}
		})
		if first := forged.First(); first == nil || !strings.Contains(first.Says.VI, "bước 2: số liệu không phải") {
			t.Errorf("a forged report of the box:\n%s", said(forged))
		}
		rep := h.report(h.bundled(r.ID))
		if n := len(rep.Missing); n != 2 {
			t.Errorf("missing %v: two readings stay sealed", rep.Missing)
		}
		desktest.CheckRebuild(t, h.d)
	})
}
