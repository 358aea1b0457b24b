package document

import (
	"slices"
	"testing"

	"minhbach/internal/figure"
)

// TestNumberColumns: the verifier and the templates agree on the columns in
// which only numbers stand.
func TestNumberColumns(t *testing.T) {
	for id, cols := range paperTables {
		var want []int
		for i, c := range cols {
			if c.align == "right" {
				want = append(want, i)
			}
		}
		if got, ok := figure.NumberColumns(id); !ok || !slices.Equal(got, want) {
			t.Errorf("table %s: numbers in %v, by the verifier %v (%v)", id, want, got, ok)
		}
	}
}
