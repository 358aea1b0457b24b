package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	_ "minhbach/internal/vote" // its inputs
)

// A province puts 3/5 over the law's 1/2; a case counted before keeps the law
// as it was pinned, unless the override brings a transition clause.
func TestMoveNeedsAClause(t *testing.T) {
	override := func(extra string) string {
		return `document: {number: 15-QĐ/TU, date: 2026-11-20, kind: decision, title: {vi: Thử, en: Trial}, issuer: {vi: Tỉnh, en: Province}}
edition: "1"
series: own
override: {number: 85/2015/QH13, date: 2015-06-25}
valid: {from: 2021-01-01}
parameters:
  - {id: winner_share, title: {vi: Tỷ lệ, en: Share}, type: fraction, value: [3, 5], unit: {vi: phiếu, en: ballots}, article: Điều 1, evidence: confirmed, source: thử}
` + extra
	}
	base, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	pins := func(l *rule.Library) []rule.Pin {
		t.Helper()
		b, err := l.For("state-election/qh", vn.MustDate("2021-05-23"))
		if err != nil {
			t.Fatal(err)
		}
		return b.Pins
	}
	for name, c := range map[string]struct {
		extra string
		moves bool
	}{
		"no clause":          {"", false},
		"clause elsewhere":   {`transitions: [{from: {number: 190-QĐ/TW, date: 2024-10-10}, article: Điều 2, says: {vi: x, en: x}}]`, false},
		"another edition":    {`transitions: [{from: {number: 85/2015/QH13, date: 2015-06-25}, edition: "2025", article: Điều 2, says: {vi: x, en: x}}]`, false},
		"clause of the case": {`transitions: [{from: {number: 85/2015/QH13, date: 2015-06-25}, edition: "2015", article: Điều 2, says: {vi: Áp dụng cả việc đã bắt đầu., en: Also for cases begun.}}]`, true},
	} {
		t.Run(name, func(t *testing.T) {
			with, err := base.Add("own.yaml", []byte(override(c.extra)), 7)
			if err != nil {
				t.Fatal(err)
			}
			moved, err := with.Move(pins(base), pins(with))
			if (err == nil) != c.moves {
				t.Fatalf("moved %v, error %v", moved, err)
			}
			if err != nil && !strings.Contains(err.Error(), "15-QĐ/TU") {
				t.Errorf("the error does not name the edition: %v", err)
			}
			if c.moves && (len(moved) != 1 || moved[0].Article != "Điều 2" || moved[0].To.Recorded != 8) {
				t.Errorf("moved by %+v", moved)
			}
			kept, err := with.Pinned(pins(base))
			if err != nil {
				t.Fatal(err)
			}
			if !rule.SamePins(pins(kept), pins(base)) {
				t.Error("a pinned case does not keep its editions")
			}
			if _, err := with.Move(pins(with), pins(base)); err == nil {
				t.Error("a case left an override without a clause")
			}
			if fmt.Sprint(pins(with)) == fmt.Sprint(pins(base)) {
				t.Error("the override does not take part")
			}
		})
	}
}
