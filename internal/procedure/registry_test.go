package procedure_test

import (
	"testing"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestDisciplineFromTheRegistry: discipline on record fills the sheet of
// conditions by itself, so that nobody passes because an officer did not look;
// what contradicts the record is refused and says the entry; discipline of a
// mass organisation, and one that was withdrawn from the record, count for
// nothing.
func TestDisciplineFromTheRegistry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		record := func(who, form, side, from string) desk.Receipt {
			d := day(from)
			return h.do(person.RecordFact{Person: who, Home: "org/tinh", Block: "discipline", Item: "fact/" + form + "-" + side,
				Content: person.FactContent{Values: map[string]string{"form": form, "side": side}, From: vn.PartialDate{Year: d.Year, Month: d.Month, Day: d.Day}, Source: person.FactSource{Kind: "decision", Number: "7-QĐ/UBKT", Date: d}}})
		}
		line := func(who, condition string) course.Line {
			t.Helper()
			for _, l := range h.get(r.ID).Person(who).Lines {
				if l.Condition == condition {
					return l
				}
			}
			t.Fatalf("no line %s", condition)
			return course.Line{}
		}
		record(a(1), "reprimand", "party", "2024-01-15")
		record(a(2), "reprimand", "union", "2024-01-15")
		gone := record(a(3), "warning", "state", "2024-02-01").Entries[0].Index
		h.do(person.CorrectFact{Person: a(3), Home: "org/tinh", Fact: gone, Withdraw: true, Reason: "ghi nhầm người"})
		give := func(who string, f procedure.Facts) procedure.GiveFacts {
			f.Planned = yes(true)
			return procedure.GiveFacts{Ref: r, Person: who, Facts: f}
		}
		h.no(give(a(1), procedure.Facts{NoDiscipline: true}), desk.Invalid, "Hồ sơ cán bộ ghi kỷ luật khiển trách thi hành từ 15/1/2024")
		h.no(give(a(1), procedure.Facts{Reprimand: day("2022-01-15")}), desk.Invalid, "khác ngày vừa nhập")
		h.do(give(a(1), procedure.Facts{}))
		if l := line(a(1), "reprimand"); l.State != procedure.NotMet || l.Verdict == nil || l.Verdict.Inputs["months"] != 4 {
			t.Errorf("four months after a reprimand: %+v", l)
		}
		if h.get(r.ID).Person(a(1)).Eligible() {
			t.Error("a person under discipline is eligible")
		}
		h.do(give(a(2), procedure.Facts{NoDiscipline: true}))
		if l := line(a(2), "reprimand"); l.State != procedure.Met {
			t.Errorf("a mass organisation's reprimand: %+v", l)
		}
		h.do(give(a(3), procedure.Facts{NoDiscipline: true}))
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			known, err := procedure.FromRegistry(t.Context(), tx, a(1), day("2024-06-03"))
			if err != nil {
				return err
			}
			if got := known.Days(); len(got) != 1 || got["reprimand"] != day("2024-01-15") {
				t.Errorf("the registry knows %v", got)
			}
			before, err := procedure.FromRegistry(t.Context(), tx, a(1), day("2024-01-14"))
			if len(before.Days()) != 0 {
				t.Errorf("the day before it is known: %v", before.Days())
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}
