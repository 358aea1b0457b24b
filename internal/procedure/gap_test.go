package procedure_test

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// mustSay is a refusal met by an actor, with its Vietnamese words.
func (h *house) mustSay(actor string, a desk.Act, words string) {
	h.t.Helper()
	if e := desktest.MustRefuse(h.t, h.d, actor, a, desk.Refused); e != nil && !strings.Contains(e.Says.VI, words) {
		h.t.Errorf("%s is refused with “%s”, want a word of “%s”", a.Name(), e.Says.VI, words)
	}
}

// TestConcernedDoesNotRecordSignatures: who stands in a case, or is a relative
// of somebody in it by record, does not record its signed papers, even those
// that others signed.
func TestConcernedDoesNotRecordSignatures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/a1", Login: "nguoi-a1", Display: "A1", Person: a(1)})
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/b2", Login: "nguoi-b2", Display: "B2", Person: b(2)})
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/b3", Login: "nguoi-b3", Display: "B3", Person: b(3)})
		h.do(person.RecordKin{ID: "kin/1", Person: b(2), Home: "org/tinh", Other: a(2), Tie: "sibling"})
		sign := procedure.SignPaper{Ref: r, Paper: procedure.Paper{Kind: "biên bản họp", Date: day("2024-06-03"), Where: "tủ 3"}, Signers: []string{b(3)}}
		h.mustSay("account/a1", sign, "Người liên quan")
		h.mustSay("account/b2", sign, "quan hệ gia đình")
		h.do(procedure.Declare{Ref: r, Person: b(3), With: a(1), Tie: "other"})
		h.mustSay("account/b3", sign, "đã khai")
		sign.Signers = []string{b(1)}
		h.do(sign)
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// under377 is a case under 377-QĐ/TW from a day on, consent given and three
// persons in it who meet the conditions.
func under377(t *testing.T, db *store.DB, on string) (*house, procedure.Ref) {
	t.Helper()
	h := open(t, db, on)
	r := procedure.Ref{ID: "pgd-377", Org: "org/so"}
	_, def, err := builtin(t).Procedure("appointment-local", day(on))
	if err != nil {
		t.Fatal(err)
	}
	h.do(procedure.Open{Ref: r, Procedure: "appointment-local", On: day(on), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
	h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", on)})
	h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", on), Yes: true})
	for i := 1; i <= 3; i++ {
		h.eligible(r, def, a(i), on)
	}
	return h, r
}

func (h *house) decide(r procedure.Ref, item, reading, on string) {
	h.t.Helper()
	h.do(procedure.DecideReading{Ref: r, Item: item, Reading: reading, Paper: paper("5-KL", on), Reason: "cấp có thẩm quyền kết luận"})
}

// TestFirstStepNotHeld: where the body decides that there is no step 1, the
// second step takes the persons of the plan, somebody may still be added until
// it has its result, and step 1 can no longer be held.
func TestFirstStepNotHeld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const on = "2025-11-03"
		h, r := under377(t, db, on)
		_, def, _ := builtin(t).Procedure("appointment-local", day(on))
		second := procedure.OpenStep{Ref: r, Step: "2", On: day(on), Persons: []string{a(1), a(2), a(3)}, Team: []string{b(1)}}
		h.no(second, desk.Refused, "bước 1 trước")
		h.no(procedure.DecideReading{Ref: r, Item: "appointment-local/1", Reading: "khong-co", Paper: paper("5-KL", on), Reason: "x"}, desk.Invalid, "Hãy chọn một cách hiểu")
		h.decide(r, "appointment-local/1", "not-held", on)
		h.no(procedure.DecideReading{Ref: r, Item: "appointment-local/1", Reading: rule.MainReading, Paper: paper("5-KL", on), Reason: "x"}, desk.Refused, "Bước này đã làm")
		h.no(procedure.OpenStep{Ref: r, Step: "1", On: day(on), Persons: []string{a(1)}}, desk.Refused, "bước 2 trước")
		// Nobody approved a list, so somebody is still added before the ballot …
		h.eligible(r, def, a(4), on)
		h.decide(r, "appointment-local/2", rule.MainReading, on)
		second.Persons = []string{a(1), a(2), a(3), a(4)}
		h.do(second)
		votes := map[string]int64{a(1): 70, a(2): 10, a(3): 10, a(4): 10}
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 100, votes)})
		// … and not after it.
		h.no(procedure.AddPerson{Ref: r, Person: a(5)}, desk.Refused, "đã thông qua")
		if s := h.get(r.ID); !s.Step("1").Skipped || !slices.Equal(s.Step("2").Passed, []string{a(1)}) {
			t.Errorf("step 1 skipped %v, step 2 gives %v", s.Step("1").Skipped, s.Step("2").Passed)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// TestTieAmongTheTwoHighest: nobody is above half and the second place is
// shared; what was read of 377-QĐ/TW says nothing of it. The step waits, nobody
// goes on, until the competent level decides which reading holds, and goes on
// under that one.
func TestTieAmongTheTwoHighest(t *testing.T) {
	for reading, want := range map[string][]string{rule.MainReading: {a(1), a(2), a(3)}, "apart": {a(1)}} {
		t.Run(reading, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				const on = "2026-12-07"
				h, r := under377(t, db, on)
				all := []string{a(1), a(2), a(3)}
				h.decide(r, "appointment-local/1", rule.MainReading, on)
				h.do(procedure.OpenStep{Ref: r, Step: "1", On: day(on), Persons: all})
				h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: all, Summoned: 10, Present: 10, For: 10})
				for _, item := range []string{"appointment-local/2", "appointment-local/3", "personnel.majority", "personnel.step2-none"} {
					h.decide(r, item, rule.MainReading, on)
				}
				h.do(procedure.OpenStep{Ref: r, Step: "2", On: day(on), Persons: all, Team: []string{b(1)}})
				h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 100, map[string]int64{a(1): 35, a(2): 33, a(3): 32})}) // all above 30 %
				h.do(procedure.OpenStep{Ref: r, Step: "3", On: day(on), Persons: all, Team: []string{b(1)}})
				f := figures(10, 10, map[string]int64{a(1): 4, a(2): 3, a(3): 3})
				h.do(procedure.CountStep{Ref: r, Step: "3", Figures: f})
				if s := h.get(r.ID).Step("3"); s.Result.Status != vote.Unsettled || s.Done() || len(s.Passed) != 0 {
					t.Fatalf("the tie is not left open: %s, done %v, passed %v", s.Result.Status, s.Done(), s.Passed)
				}
				h.no(procedure.OpenStep{Ref: r, Step: "4", On: day(on), Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "bước 3 trước")
				h.no(procedure.OpenStep{Ref: r, Step: "3", On: day(on), Persons: all, Team: []string{b(1)}}, desk.Refused, "cách hiểu")
				h.decide(r, "personnel.step3-none", reading, on)
				h.do(procedure.CountStep{Ref: r, Step: "3", Figures: f, Reason: "đã có kết luận về cách hiểu"})
				if s := h.get(r.ID).Step("3"); !s.Done() || !slices.Equal(s.Passed, want) {
					t.Errorf("decided as %s: %s, passed %v, want %v", reading, s.Result.Status, s.Passed, want)
				}
				h.leaves(r.ID)
				desktest.CheckRebuild(t, h.d)
			})
		})
	}
}

// TestExportOfUnknownClasses: what an export withholds is told by the codes of
// the bundle, each once; anything else is refused and nothing recorded.
func TestExportOfUnknownClasses(t *testing.T) {
	h, r := under377(t, storetest.SQLite(t), "2025-11-03")
	head := h.d.Head()
	for _, classes := range [][]string{{"everything"}, {"names", "names"}, {"names", "Names"}, {""}} {
		h.no(procedure.Export{Ref: r, Purpose: procedure.Purposes[0], Classes: classes, Reason: "x", Digest: strings.Repeat("0", 64), Size: 1}, desk.Invalid, "không rõ")
	}
	if h.d.Head() != head {
		t.Error("a refused export was recorded")
	}
}
