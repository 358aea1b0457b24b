package rule_test

import (
	"bytes"
	"strings"
	"testing"

	"minhbach/internal/rule"
)

// small is a whole regulation file; the table below breaks it one place at a time.
const small = `document:
  number: 1-QĐ/TU
  date: 2026-01-02
  kind: regulation
  title: {vi: Thử, en: Test}
  issuer: {vi: Tỉnh ủy, en: Committee}
edition: "2026"
series: test
valid:
  from: 2026-01-02
parameters:
  - id: half
    title: {vi: Một nửa, en: Half}
    article: Điều 1
    evidence: confirmed
    source: văn bản
    type: fraction
    value: [1, 2]
    unit: {vi: của mẫu số, en: of the base}
rules:
  - id: test.majority
    role: winner
    title: {vi: Quá nửa, en: More than half}
    article: Điều 1
    evidence: confirmed
    source: văn bản
    expr: votes * half.den > base * half.num
    holds: {vi: Được, en: Passes}
    fails: {vi: Không được, en: Fails}
examples:
  - name: quá nửa
    rule: test.majority
    inputs: {votes: 6, base: 10}
    holds: true
`

// TestBadFilesAreRefused: each broken file is refused in words that lead to the
// place: the line where one can be told, else the item.
func TestBadFilesAreRefused(t *testing.T) {
	if _, err := rule.ParseEdition("small.yaml", []byte(small), 0); err != nil {
		t.Fatalf("the sample itself: %v", err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"a double", "value: [1, 2]", "value: 0.5", "line 18: 0.5 is a decimal number"},
		{"a double inside a fraction", "value: [1, 2]", "value: [0.5, 1]", "line 18: 0.5"},
		{"a fraction by nothing", "value: [1, 2]", "value: [1, 0]", "line 18"},
		{"three numbers", "value: [1, 2]", "value: [1, 2, 3]", "line 18"},
		{"a fraction for a count", "type: fraction", "type: count", "line 12: parameter half"},
		{"no value", "    value: [1, 2]\n", "", "line 12: parameter half"},
		{"an unknown type", "type: fraction", "type: share", "line 12: parameter half"},
		{"an unknown field", "    source: văn bản\n    type", "    sorce: văn bản\n    type", "line 16"},
		{"an anchor", "title: {vi: Một nửa, en: Half}", "title: &t {vi: Một nửa, en: Half}", "line 13: anchors"},
		{"no article", "    article: Điều 1\n    evidence: confirmed\n    source: văn bản\n    expr", "    evidence: confirmed\n    source: văn bản\n    expr", "line 21: rule test.majority: article"},
		{"no English title", "title: {vi: Quá nửa, en: More than half}", "title: {vi: Quá nửa}", "line 21: rule test.majority: article and title"},
		{"evidence nobody knows", "evidence: confirmed\n    source: văn bản\n    expr", "evidence: certain\n    source: văn bản\n    expr", "line 21"},
		{"unverified without readings", "evidence: confirmed\n    source: văn bản\n    expr", "evidence: unverified\n    source: văn bản\n    expr", "line 21: rule test.majority: an unverified item lists"},
		{"no source", "    source: văn bản\n    expr", "    expr", "line 21: rule test.majority: source"},
		{"an unknown role", "role: winner", "role: judge", "line 21: rule test.majority: role"},
		{"no words", "holds: {vi: Được, en: Passes}", "holds: {vi: Được}", "line 21: rule test.majority: holds"},
		{"an id with spaces", "id: test.majority", "id: test majority", "line 21"},
		{"an id twice", "id: half\n", "id: half\n    title: {vi: a, en: a}\n    article: a\n    evidence: confirmed\n    source: a\n    type: count\n    value: 1\n    unit: {vi: a, en: a}\n  - id: half\n", "line 20: parameter half stands twice"},
		{"valid to before from", "  from: 2026-01-02", "  from: 2026-01-02\n  to: 2026-01-01", "valid.to lies before"},
		{"a day that does not exist", "date: 2026-01-02", "date: 2026-02-30", "2026-02-30"},
		{"no number", "  number: 1-QĐ/TU\n", "", "document number"},
		{"an example that asks nothing", "    rule: test.majority\n    inputs", "    inputs", "example 1"},
		{"an empty entry", "rules:\n", "rules:\n  -\n", "an empty entry"},
		{"two files in one", "edition: \"2026\"", "edition: \"2026\"\n---\nedition: \"2027\"", ""},
		{"not YAML", "series: test", "series: [test", ""},
	} {
		raw := strings.Replace(small, c.old, c.new, 1)
		if raw == small {
			t.Fatalf("%s: the table no longer fits the sample", c.name)
		}
		_, err := rule.ParseEdition("small.yaml", []byte(raw), 0)
		if err == nil {
			t.Errorf("%s: accepted", c.name)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "small.yaml") {
			t.Errorf("%s: refused with %q, which does not say %q", c.name, err, c.want)
		}
	}
	if _, err := rule.ParseEdition("big.yaml", bytes.Repeat([]byte("#"), rule.MaxFile+1), 0); err == nil {
		t.Error("a file above the limit was accepted")
	}
}

// TestBrokenExpressionsAreRefused when the file joins the library: an unknown
// input, a number where yes or no is needed, an expression that costs too much.
func TestBrokenExpressionsAreRefused(t *testing.T) {
	lib := builtin(t)
	if _, err := lib.Add("small.yaml", []byte(small), -1); err != nil {
		t.Fatalf("the sample itself: %v", err)
	}
	for name, expr := range map[string]string{
		"an unknown input":        "voices > base",
		"a parameter not there":   "votes * third.den > base",
		"a number":                "votes + base",
		"a decimal":               "votes > 0.5",
		"a loop":                  "[1, 2].exists(x, x > votes)",
		"not an expression":       "votes >",
		"one that costs too much": strings.Repeat("votes + ", 240) + "votes > 1",
	} {
		raw := strings.Replace(small, "votes * half.den > base * half.num", `"`+expr+`"`, 1)
		_, err := lib.Add("small.yaml", []byte(raw), -1)
		if err == nil {
			t.Errorf("%s (%.40s): accepted", name, expr)
		} else if !strings.Contains(err.Error(), "test.majority") || !strings.Contains(err.Error(), "small.yaml") {
			t.Errorf("%s: refused with %q, which names neither file nor rule", name, err)
		}
	}
}

// FuzzParseEdition: whatever is in a file, reading it neither stops the
// program nor accepts an item without article and evidence.
func FuzzParseEdition(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("document: {number: a"))
	f.Add([]byte("a: &a [*a]\n"))
	for _, e := range builtin(f).Editions()[:2] {
		f.Add(e.Raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := rule.ParseEdition("fuzz.yaml", raw, 0)
		if err != nil {
			return
		}
		for id, it := range items(e) {
			if id == "" || it.Article == "" || it.Evidence == "" || it.Source == "" {
				t.Errorf("item %q was accepted without article, evidence or source", id)
			}
		}
		for _, p := range e.Parameters {
			if p.Value.Den <= 0 {
				t.Errorf("parameter %s has the value %v", p.ID, p.Value)
			}
		}
	})
}
