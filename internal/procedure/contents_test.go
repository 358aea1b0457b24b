package procedure_test

import (
	"slices"
	"testing"

	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// TestContents: at each stage the file says what is there, what is missing and
// what is not due yet.
func TestContents(t *testing.T) {
	c := definitions[1]
	h := open(t, storetest.SQLite(t), c.days[0])
	r := procedure.Ref{ID: "ho-so", Org: c.org}
	_, def, err := builtin(t).Procedure(c.id, day(c.days[0]))
	if err != nil {
		t.Fatal(err)
	}
	look := func() map[string]procedure.Item {
		t.Helper()
		out := map[string]procedure.Item{}
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			es, err := procedure.Timeline(t.Context(), tx, r.ID, -1)
			if err != nil {
				return err
			}
			for _, it := range procedure.Contents(def, procedure.Fold(es), es) {
				out[it.What+"/"+it.Step+it.Condition] = it
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	h.do(procedure.Open{Ref: r, Procedure: c.id, On: day(c.days[0]), Title: c.title, Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
	got := look()
	if !got["consent-asked/"].Missing() || got["consent-given/"].Missing() || got["decided/"].Missing() || got["signed-minutes/1"].Missing() {
		t.Errorf("at the start: %+v", got)
	}
	h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", c.days[0])})
	got = look()
	if it := got["consent-asked/"]; !it.There() || it.Paper.Number != "1-TTr" || !got["consent-given/"].Missing() {
		t.Errorf("after asking: %+v", got)
	}
	h.at(c.days[1])
	h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", c.days[1]), Yes: true})
	h.do(procedure.AddPerson{Ref: r, Person: a(1)})
	h.do(procedure.GiveFacts{Ref: r, Person: a(1), Facts: procedure.Facts{Planned: yes(true), NoDiscipline: true}})
	papers := 0
	for k, it := range look() {
		if it.Condition == "" {
			continue
		}
		if papers++; !it.Missing() || it.Person != a(1) {
			t.Errorf("%s is not missing: %+v", k, it)
		}
	}
	if papers == 0 {
		t.Error("no paper of a condition is asked for")
	}
	h.papers(r, def, a(1), c.days[1])
	for k, it := range look() {
		if it.Condition != "" && !it.There() {
			t.Errorf("%s is missing: %+v", k, it)
		}
	}
	h.at(c.days[2])
	h.do(procedure.OpenStep{Ref: r, Step: "1", On: day(c.days[2]), Persons: []string{a(1)}})
	h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{a(1)}, Summoned: 10, Present: 10, For: 9})
	if got = look(); !got["signed-minutes/1"].Missing() || got["signed-minutes/2"].Missing() {
		t.Errorf("after step 1: %+v", got)
	}
	h.do(procedure.SignPaper{Ref: r, Step: "1", Paper: procedure.Paper{Kind: "biên bản", Date: day(c.days[2]), Where: "tủ 3"}, Signers: []string{b(1)}})
	if it := look()["signed-minutes/1"]; it.Paper.Where != "tủ 3" || !slices.Equal(it.Signers, []string{b(1)}) {
		t.Errorf("signed: %+v", it)
	}
	h.do(procedure.Stop{Ref: r, Reason: "thôi"})
	if _, there := look()["decided/"]; there {
		t.Error("a stopped case asks for a decision")
	}
}
