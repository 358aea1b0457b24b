package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// TestExamplesOfRegulations runs the examples that stand in the regulation
// files: the files say what they mean, and this holds them to it.
func TestExamplesOfRegulations(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range lib.Editions() {
		n += len(e.Examples)
	}
	if n == 0 {
		t.Fatal("no regulation file has an example")
	}
	for _, f := range vote.RunExamples(lib) {
		t.Error(f)
	}
}
