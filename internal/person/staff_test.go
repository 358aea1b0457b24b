package person_test

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// Allotted, used, held, borrowed, lent and over, on any day; each number is
// the people and the decisions behind it.
func TestStaffQuota(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		on := vn.MustDate
		for _, u := range []string{"so", "so/phong"} {
			parent := ""
			if u != "so" {
				parent = "org/so"
			}
			desktest.Do(t, d, "a", org.Found{ID: "org/" + u, Title: "Sở Nội vụ " + u, Kind: org.StateAgency, Parent: parent, From: on("2015-01-01"),
				Details: []org.Detail{{Key: org.QuotaOf(org.CivilServant), Value: map[string]string{"so": "4", "so/phong": "10"}[u]}}})
		}
		set := func(unit, key, n, from string) desk.Receipt {
			t.Helper()
			return desktest.Do(t, d, "a", org.SetDetail{Org: unit, Detail: org.Detail{Key: key, Value: n}, From: on(from), Decision: org.Decision{Number: "15-QĐ/TU"}})
		}
		set("org/so/phong", org.QuotaOf(org.CivilServant), "9", "2023-01-01")
		set("org/so", org.HeldOf(org.CivilServant), "2", "2024-01-01")
		set("org/so", org.PositionOf("deputy-director"), "2", "2024-01-01")
		desktest.MustRefuse(t, d, "a", org.SetDetail{Org: "org/so", Detail: org.Detail{Key: org.QuotaOf(org.CivilServant), Value: "mười"}, From: on("2024-01-01")}, desk.Invalid)
		for _, id := range []string{"s1", "s2", "s3"} {
			newPerson(t, d, id)
			desktest.Do(t, d, "a", person.TakeStep{Person: "person/" + id, Org: "org/so", Step: person.Staffed, Kind: org.CivilServant, From: on("2024-03-01")})
		}
		newPerson(t, d, "s4") // works in the department on the quota of its unit
		desktest.Do(t, d, "a", person.TakeStep{Person: "person/s4", Org: "org/so", Other: "org/so/phong", Step: person.Staffed, Kind: org.CivilServant, From: on("2024-03-01")})
		desktest.MustRefuse(t, d, "a", person.TakeStep{Person: "person/s4", Org: "org/so", Step: person.Staffed, Kind: org.CivilServant, From: on("2024-05-01")}, desk.Refused)
		for i, id := range []string{"s1", "s2", "s3"} {
			desktest.Do(t, d, "a", person.TakePost{ID: "post/" + id, Person: "person/" + id, Org: "org/so", Title: []string{"director", "deputy-director", "deputy-director"}[i], From: on("2024-03-01")})
		}
		figures := func(root, day string) (rows []person.StaffRow, f person.StaffFigures) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *store.Tx) error {
				rs, sum, err := person.Staff(t.Context(), tx, root, org.Now(on(day)))
				rows, f = rs, sum.Kinds[org.CivilServant]
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return rows, f
		}
		rows, f := figures("org/so", "2024-06-01")
		if f != (person.StaffFigures{Allotted: 13, Used: 4, Held: 2, Borrowed: 1, Lent: 1}) || len(rows) != 2 {
			t.Errorf("subtree: %+v", f)
		}
		own := rows[0].Kinds[org.CivilServant]
		if own.Used != 3 || own.Over() != 1 || own.Free() != 0 || rows[1].Kinds[org.CivilServant].Lent != 1 {
			t.Errorf("the department is one over: %+v and %+v", own, rows[1].Kinds)
		}
		if rows[1].Set[org.QuotaOf(org.CivilServant)].Decision.Number != "15-QĐ/TU" {
			t.Errorf("the number opens into its decision: %+v", rows[1].Set)
		}
		if _, f := figures("org/so", "2022-01-01"); f.Allotted != 14 || f.Used != 0 {
			t.Errorf("2022: %+v", f)
		}
		if err := d.Read(t.Context(), func(tx *store.Tx) error {
			at := org.Now(on("2025-09-10"))
			v, ok, err := person.DeputiesVerdict(t.Context(), tx, lib, rows[0], at)
			if err != nil || !ok || !v.Holds || v.Inputs["deputies"] != 2 || v.Inputs["headcount"] != 4 {
				t.Errorf("two of four: %+v %v %v", v, ok, err)
			}
			r, ok, err := person.ReductionVerdict(lib, org.CivilServant, 14, 13, at)
			if err != nil || !ok || !r.Holds {
				t.Errorf("14 to 13 is more than 5 %%: %+v %v", r, err)
			}
			in, err := person.StaffIn(t.Context(), tx, "org/so", "borrowed", at)
			if err != nil || len(in) != 1 || in[0].Person != "person/s4" {
				t.Errorf("%+v %v", in, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, d, "a", person.TakeStep{Person: "person/s1", Org: "org/so", Step: person.StaffEnd, From: on("2025-01-01")})
		if _, f := figures("org/so", "2025-01-01"); f.Used != 3 {
			t.Errorf("after one left: %+v", f)
		}
		desktest.CheckRebuild(t, d)
	})
}
