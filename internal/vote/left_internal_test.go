package vote

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// TestLeftToPeople: whatever the list offers is in words and is taken by the
// count of that kind as a decision that people may make.
func TestLeftToPeople(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	on, all := vn.MustDate("2026-06-01"), 0
	for _, kind := range lib.Kinds() {
		b, err := lib.For(kind, on)
		if err != nil {
			continue // not in force that day
		}
		seen := map[string]bool{}
		for _, l := range LeftToPeople(b) {
			all++
			if l.Title.VI == "" || l.Title.EN == "" || l.Says.VI == "" || l.Says.EN == "" || l.Article == "" {
				t.Errorf("%s: %s is not in words: %+v", kind, l.Key(), l)
			}
			if seen[l.Key()] {
				t.Errorf("%s offers %s twice", kind, l.Key())
			}
			seen[l.Key()] = true
			id, choice := MatterOf(l.Key())
			if choice == "elect:" {
				choice += "c1"
			}
			rec := &Record{Decisions: []Decision{{Rule: id, Choice: choice, Reason: "thử", By: "thử"}}}
			if _, _, err := decided(b, rec); err != nil {
				t.Errorf("%s: the choice %s is offered and refused: %v", kind, l.Key(), err)
			}
		}
	}
	if all < 20 {
		t.Errorf("only %d choices are offered over all kinds", all)
	}
}
