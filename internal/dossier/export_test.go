package dossier

import (
	"strings"
	"testing"
)

// SetGapLimits lets lists of gaps count less far and gather fewer persons, and
// gives back what puts it right again.
func SetGapLimits(count, few int) func() {
	c, f := gapCount, gapFew
	gapCount, gapFew = count, few
	return func() { gapCount, gapFew = c, f }
}

// FillStatement is how the table of gaps is filled when it is made.
func FillStatement(t testing.TB) string {
	text, err := schema.ReadFile("schema/00002_gap.sql")
	_, fill, found := strings.Cut(string(text), "INSERT INTO")
	fill, _, ends := strings.Cut(fill, ";")
	if err != nil || !found || !ends {
		t.Fatal("the statement is not there:", err)
	}
	return "INSERT INTO" + fill
}
