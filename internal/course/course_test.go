package course_test

import (
	"slices"
	"testing"

	"minhbach/internal/course"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

var day = vn.MustDate

func builtin(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// running is a case under a procedure of a day with persons a, b, c who meet
// every condition, and the steps of the list done, each choosing the persons
// named.
func running(t testing.TB, lib *rule.Library, id, on string, done map[string][]string) *course.State {
	t.Helper()
	pins, err := course.PinsOf(lib, id, day(on))
	if err != nil {
		t.Fatal(err)
	}
	entry := int64(0)
	yes := true
	var events []course.Event
	add := func(what string, b course.Body) {
		entry++
		events = append(events, course.Event{Entry: entry, What: what, Body: b})
	}
	add("case-opened", course.Body{Case: "x", Procedure: id, On: day(on), Seats: 1, Pins: pins})
	add("consent-asked", course.Body{On: day(on)})
	add("consent-given", course.Body{On: day(on), Yes: &yes})
	for _, p := range []string{"a", "b", "c"} {
		add("person-added", course.Body{Person: p})
		add("conditions-checked", course.Body{Person: p, Lines: []course.Line{{Condition: "x", State: course.Met}}})
	}
	for _, st := range []string{"1", "2", "3", "4", "5"} {
		if chose, ok := done[st]; ok {
			add("step-opened", course.Body{Step: st, Round: 1, On: day(on), Persons: chose})
			add("step-counted", course.Body{Step: st, Persons: chose, Result: &vote.Result{Status: vote.Decided}})
		}
	}
	return course.Fold(events)
}

// Two keepers attest that a step is not held: the case passes it over without
// a word for this case, and the next step takes those of the step before. Once
// it demanded the step all the same, and nothing could be done.
func TestAttestedStepIsPassedOver(t *testing.T) {
	lib := builtin(t)
	on := "2024-06-03"
	e, p, err := lib.Procedure("appointment-local", day(on))
	if err != nil {
		t.Fatal(err)
	}
	st := running(t, lib, p.ID, on, map[string][]string{"1": {"a", "b", "c"}, "2": {"a", "b"}, "3": {"b"}})
	v, err := course.See(lib, st)
	if err != nil {
		t.Fatal(err)
	}
	if n := v.Next(); n == nil || n.ID != "4" {
		t.Fatalf("before: the next step is %v", n)
	}
	after, err := lib.Attest(rule.Attestation{Document: e.Document.Ref(), Edition: e.ID, Item: rule.StepItem(p.ID, "4"), Choice: "not-held"})
	if err != nil {
		t.Fatal(err)
	}
	if v, err = course.See(after, st); err != nil {
		t.Fatal(err)
	}
	five := v.Def.Step("5")
	if n := v.Next(); n == nil || n.ID != "5" || !v.NotHeld(v.Def.Step("4")) {
		t.Fatalf("the next step is %v", v.Next())
	}
	if ids, others := v.May(five); !slices.Equal(ids, []string{"b"}) || others {
		t.Errorf("step 5 may speak of %v, others %v; step 3 chose b alone", ids, others)
	}
	if err := v.CheckPersons(five, []string{"a"}, day(on)); err == nil {
		t.Error("a was not chosen by step 3 and stands in step 5")
	}
	// A step that was held is not undone by what is attested later.
	held := running(t, lib, p.ID, on, map[string][]string{"1": {"a", "b", "c"}, "2": {"a", "b"}, "3": {"b"}, "4": {"a"}})
	if v, err = course.See(after, held); err != nil {
		t.Fatal(err)
	}
	if n := v.Next(); n == nil || n.ID != "5" || v.NotHeld(v.Def.Step("4")) {
		t.Errorf("after step 4 was held, the next step is %v, step 4 passed over: %v", n, v.NotHeld(v.Def.Step("4")))
	}
}
