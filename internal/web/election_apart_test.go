package web

import (
	"testing"

	"minhbach/internal/election"
)

// Two people of one name stand with their births on a page of results and in
// the hall; the others by name alone.
func TestEqualNamesAreToldApart(t *testing.T) {
	bar := func(name, born string) electionBar {
		return electionBar{Line: election.Line{Name: name, Born: born}, Show: name}
	}
	bars := []electionBar{bar("Đỗ Minh Thảo", "1970-03-08"), bar("Lê An", "1980"), bar("Đỗ Minh Thảo", "1979"), bar("Y Nam", "")}
	tellApart(bars)
	for i, want := range []string{"Đỗ Minh Thảo (8/3/1970)", "Lê An", "Đỗ Minh Thảo (1979)", "Y Nam"} {
		if bars[i].Show != want {
			t.Errorf("%q, want %q", bars[i].Show, want)
		}
	}
}
