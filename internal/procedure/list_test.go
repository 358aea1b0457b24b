package procedure_test

import (
	"strings"
	"testing"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestFindCases: cases are found by a person's name without marks (also one who
// left the case, also an older name), by post, by a body's present and former
// name, by state, definition, day and days late, and come in the order asked.
func TestFindCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, "2024-06-03")
		h.do(org.Rename{Org: "org/so", Title: "Sở Nội vụ và Lao động (mẫu)", From: day("2024-07-01")})
		h.do(person.Change{Person: a(2), Home: "org/tinh", From: day("2015-01-01"), Identity: person.Identity{Name: "Lương Thị Đào", Born: born("1980-06-15")}})
		seat := func(id, body, title, def, level, on string) procedure.Ref {
			h.at(on)
			r := procedure.Ref{ID: id, Org: body}
			h.do(procedure.Open{Ref: r, Procedure: def, On: day(on), Title: title, Level: level, Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
			return r
		}
		one := seat("hs-mot", "org/so", "deputy-director", "appointment-local", "", "2024-06-03")
		two := seat("hs-hai", "org/so", "director", "appointment-local", "", "2024-06-05")
		three := seat("hs-ba", "org/tinh", "committee-member", "appointment-local", "", "2024-06-06")
		h.do(procedure.AddPerson{Ref: one, Person: a(1)})
		h.do(procedure.AddPerson{Ref: two, Person: a(2)})
		h.do(procedure.RemovePerson{Ref: two, Person: a(2), Reason: "ghi nhầm"})
		h.do(procedure.AddPerson{Ref: three, Person: b(1)})
		h.do(procedure.AskConsent{Ref: one, Paper: paper("1-TTr", "2024-06-03"), Late: "nhập sau"})
		h.do(procedure.GiveConsent{Ref: one, Paper: paper("1-TB", "2024-06-06"), Yes: true})
		h.do(procedure.Stop{Ref: three, Reason: "dừng"})
		find := func(f procedure.Filter) string {
			t.Helper()
			var out []string
			if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
				rows, n, err := procedure.List(t.Context(), tx, f, 0, 10)
				for _, r := range rows {
					out = append(out, strings.TrimPrefix(r.ID, "hs-"))
				}
				if err == nil && n != len(rows) {
					t.Errorf("%+v: %d counted, %d listed", f, n, len(rows))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return strings.Join(out, " ")
		}
		due := vn.Date{}
		if d := h.get("hs-mot").Consent.RunDue; !d.IsZero() {
			due = d
		} else {
			t.Fatal("80-QĐ/TW sets a deadline and the case has none")
		}
		for _, x := range []struct {
			f    procedure.Filter
			want string
		}{
			{procedure.Filter{}, "mot hai ba"},
			{procedure.Filter{Running: true}, "mot hai"},
			{procedure.Filter{Query: "nguyen van a1"}, "mot"},
			{procedure.Filter{Query: "A1 nguyễn"}, "mot"},
			{procedure.Filter{Query: "luong dao"}, "hai"},
			{procedure.Filter{Query: "nguyen van a2"}, "hai"},
			{procedure.Filter{Query: "tran thi b1"}, "ba"},
			{procedure.Filter{Query: "pho giam doc"}, "mot"},
			{procedure.Filter{Query: "giam doc noi vu"}, "mot hai"},
			{procedure.Filter{Query: "lao dong"}, "mot hai"},
			{procedure.Filter{Query: "tinh uy"}, "ba"},
			{procedure.Filter{Query: "hs-hai"}, "hai"},
			{procedure.Filter{Query: "giam doc tinh uy"}, ""},
			{procedure.Filter{Query: "%"}, "mot hai ba"},
			{procedure.Filter{Phase: procedure.Stopped}, "ba"},
			{procedure.Filter{Procedure: "committee-re-elected"}, ""},
			{procedure.Filter{From: day("2024-06-05"), To: day("2024-06-05")}, "hai"},
			{procedure.Filter{Sort: procedure.ByOpened, Down: true}, "ba hai mot"},
			{procedure.Filter{Sort: procedure.ByPhase}, "hai mot ba"},
			{procedure.Filter{Sort: procedure.ByLast, Down: true}, "ba mot hai"},
			{procedure.Filter{Sort: procedure.ByTitle}, "hai mot ba"},
			{procedure.Filter{Late: true, Today: due}, ""},
			{procedure.Filter{Late: true, Today: due.AddDays(1)}, "mot"},
			{procedure.Filter{Late: true, LateDays: 5, Calendar: vn.BuiltinCalendar(), Today: due.AddDays(3)}, ""},
			{procedure.Filter{Late: true, LateDays: 5, Calendar: vn.BuiltinCalendar(), Today: due.AddDays(9)}, "mot"},
			{procedure.Filter{Scope: &procedure.Scope{Orgs: []string{"org/tinh"}, Cases: []string{"hs-mot"}}}, "mot ba"},
			{procedure.Filter{Scope: &procedure.Scope{}}, ""},
		} {
			if got := find(x.f); got != x.want {
				t.Errorf("%+v: %q, want %q", x.f, got, x.want)
			}
		}
	})
}
