package document

import (
	"testing"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// TestNamesakesOnMinutes: two who are called alike are told apart by their birth
// in the rows of the minutes and in the sentences of the verdicts, as they were on
// the ballot; nobody else bears his birth, and an erased name stays erased.
func TestNamesakesOnMinutes(t *testing.T) {
	line := func(id, name, born string) election.Line {
		return election.Line{Line: vote.Line{Candidate: id}, Name: name, Born: born, Erased: name == ""}
	}
	b := &drafter{d: &election.Detail{Lines: []election.Line{line("a", "Đỗ Minh Thảo", "1970"), line("b", "ĐỖ MINH THẢO", "1979-05"), line("c", "Lê An", "1970"), line("d", "", ""), line("e", "", "")}}}
	want := []string{"Đỗ Minh Thảo (1970)", "ĐỖ MINH THẢO (5/1979)", "Lê An", "d (đã rút khỏi hồ sơ)", "e (đã rút khỏi hồ sơ)"}
	for i, l := range b.d.Lines {
		if got := b.called(l, "vi"); got != want[i] {
			t.Errorf("%s is called %q, want %q", l.Candidate, got, want[i])
		}
	}
	if got := b.named(rule.Verdict{Subject: "a", Says: rule.Words{VI: "đạt", EN: "passes"}}); got.VI != "Đỗ Minh Thảo (1970): đạt" || got.EN != "Đỗ Minh Thảo (1970): passes" {
		t.Errorf("the verdict says %q", got)
	}
}
