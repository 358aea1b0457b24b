package web

import (
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/vote"
)

// TestFiguresOfNamesakes: where readings differ by candidate, two who are called
// alike are told apart by their birth, as on the ballot.
func TestFiguresOfNamesakes(t *testing.T) {
	m, err := loadMessages()
	if err != nil {
		t.Fatal(err)
	}
	c := &Call{s: &Server{messages: m}, Lang: "vi"}
	b := &ballotbox.Row{
		Sheet: &vote.Record{Candidates: []vote.Candidate{{ID: "c1"}, {ID: "c2"}, {ID: "c3"}}},
		Names: map[string]map[string]string{"candidate": {"c1": "Đỗ Minh Thảo", "c2": "Đỗ Minh Thảo", "c3": "Lê An"}, "born": {"c1": "1971", "c2": "1980-05-02"}},
	}
	got := map[string]bool{}
	for _, id := range []string{"c1", "c2", "c3"} {
		got[c.totalLabel(b, "votes."+id)] = true
	}
	if len(got) != 3 {
		t.Errorf("namesakes are not told apart: %v", got)
	}
	if c.totalLabel(b, "votes.c9") == "" {
		t.Error("somebody not on the ballot has no label")
	}
}
