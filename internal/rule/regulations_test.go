package rule_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// builtin is the library that ships; importing vote registers the inputs.
func builtin(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestRegulationFiles: every file loads (Builtin parses it strictly), editions
// of one document do not overlap, an id means one thing on one day, and each
// contest can be bound on each day its edition begins, ends or lies amid.
func TestRegulationFiles(t *testing.T) {
	lib := builtin(t)
	es := lib.Editions()
	if len(es) < 15 {
		t.Errorf("only %d editions ship", len(es))
	}
	for i, a := range es {
		if a.Note.VI == "" && a.Document.Kind == "" {
			t.Errorf("%s: no kind of document", a.File)
		}
		for _, b := range es[i+1:] {
			if !overlap(lib.Validity(a), lib.Validity(b)) {
				continue
			}
			if a.Series != "" && a.Series == b.Series {
				t.Errorf("%s and %s are of one series and decide on the same day", a.File, b.File)
			}
			for _, id := range slices.Sorted(maps.Keys(items(a))) {
				if slices.Contains(slices.Collect(maps.Keys(items(b))), id) && !isParameter(a, id) {
					t.Errorf("%s stands in both %s and %s", id, a.File, b.File)
				}
			}
		}
		for _, c := range a.Contests {
			for _, d := range []rule.Validity{lib.Validity(a)} {
				for _, day := range []string{d.From.String(), d.To.String()} {
					if day == "" {
						continue
					}
					on := d.From
					if day == d.To.String() {
						on = d.To
					}
					if _, err := lib.For(c.ID, on); err != nil {
						t.Errorf("%s on %s: %v", c.ID, on, err)
					}
				}
			}
		}
	}
}

func overlap(a, b rule.Validity) bool {
	return (a.To.IsZero() || !a.To.Before(b.From)) && (b.To.IsZero() || !b.To.Before(a.From))
}

func items(e *rule.Edition) map[string]*rule.Item {
	m := map[string]*rule.Item{}
	for _, p := range e.Parameters {
		m[p.ID] = &p.Item
	}
	for _, p := range e.Policies {
		m[p.ID] = &p.Item
	}
	for _, r := range e.Rules {
		m[r.ID] = &r.Item
	}
	return m
}

func isParameter(e *rule.Edition, id string) bool {
	return slices.ContainsFunc(e.Parameters, func(p *rule.Parameter) bool { return p.ID == id })
}

// TestNoNumberInAnExpression: a threshold, ratio or deadline stands as a
// parameter with its article, never inside an expression. 0, 1 and 2 are left
// for "nobody", "one name" and for rounding to the nearest.
func TestNoNumberInAnExpression(t *testing.T) {
	number := regexp.MustCompile(`(^|[^a-z0-9_.])([0-9]+)`)
	for _, e := range builtin(t).Editions() {
		for _, r := range e.Rules {
			exprs := []string{r.Expr}
			for _, x := range r.Readings {
				exprs = append(exprs, x.Expr)
			}
			for _, x := range exprs {
				for _, m := range number.FindAllStringSubmatch(x, -1) {
					if m[2] != "0" && m[2] != "1" && m[2] != "2" {
						t.Errorf("%s: rule %s has the number %s in its expression", e.File, r.ID, m[2])
					}
				}
			}
		}
	}
}

// TestWordsFillIn: no sentence of a rule leaves a place that nothing fills.
func TestWordsFillIn(t *testing.T) {
	lib := builtin(t)
	place := regexp.MustCompile(`\{[a-z_0-9]+\}`)
	for _, e := range lib.Editions() {
		for _, r := range e.Rules {
			b, err := lib.Rule(r.ID, e.Valid.From, nil)
			if err != nil {
				t.Errorf("%s: %v", e.File, err)
				continue
			}
			var in rule.Inputs
			for _, s := range b.Needs {
				in.Set(s, 12345)
			}
			for _, holds := range []bool{true, false} {
				says := b.Verdict(&in, "", holds).Says
				for _, s := range []string{says.VI, says.EN} {
					if m := place.FindString(s); m != "" {
						t.Errorf("%s: rule %s says %q: nothing fills %s", e.File, r.ID, s, m)
					}
				}
			}
		}
	}
}

// TestEveryRuleIsExercised: each rule has an example that holds and one that
// fails, each policy's contest an example, and each reading an example of its own.
func TestEveryRuleIsExercised(t *testing.T) {
	lib := builtin(t)
	for _, e := range lib.Editions() {
		yes, no, readings, kinds := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, x := range e.Examples {
			for item, reading := range x.Under {
				readings[item+"="+reading] = true
			}
			if x.Contest != "" {
				rec, err := vote.ParseRecord([]byte(x.Contest))
				if err != nil {
					t.Errorf("%s: %s: %v", e.File, x.Name, err)
					continue
				}
				kinds[rec.Rules] = true
				continue
			}
			if *x.Holds {
				yes[x.Rule] = true
			} else {
				no[x.Rule] = true
			}
		}
		for _, r := range e.Rules {
			if !yes[r.ID] || !no[r.ID] {
				t.Errorf("%s: rule %s has no example that holds (%v) or none that fails (%v)", e.File, r.ID, yes[r.ID], no[r.ID])
			}
		}
		for _, c := range e.Contests {
			if !kinds[c.ID] {
				t.Errorf("%s: contest %s has no example", e.File, c.ID)
			}
		}
		for id, it := range items(e) {
			for _, r := range it.Readings {
				if !readings[id+"="+r.ID] {
					t.Errorf("%s: reading %s of %s has no example", e.File, r.ID, id)
				}
			}
		}
	}
}

// TestEveryParameterMatters changes each parameter of each edition in turn (a
// count by one, a fraction by one hundredth) through an override and demands
// that some example of the edition notices.
func TestEveryParameterMatters(t *testing.T) {
	lib := builtin(t)
	n := 0
	for _, e := range lib.Editions() {
		for _, p := range e.Parameters {
			n++
			same, err := lib.Add("moved.yaml", override(e, p, p.Value), -1)
			if err != nil {
				t.Fatalf("%s: %s: %v", e.File, p.ID, err)
			}
			for _, f := range vote.RunEdition(same, e) {
				t.Errorf("%s: the same value of %s put over it changes an example: %s", e.File, p.ID, f)
			}
			over, err := lib.Add("moved.yaml", override(e, p, moved(p)), -1)
			if err != nil {
				t.Fatalf("%s: %s: %v", e.File, p.ID, err)
			}
			if len(vote.RunEdition(over, e)) == 0 {
				t.Errorf("%s: parameter %s moved from %s to %s and no example noticed", e.File, p.ID, p.Value, moved(p))
			}
		}
	}
	t.Logf("%d parameters moved", n)
}

func moved(p *rule.Parameter) rule.Value {
	if p.Type == "fraction" {
		return rule.Value{Num: p.Value.Num*100 + p.Value.Den, Den: p.Value.Den * 100}
	}
	return rule.Value{Num: p.Value.Num + 1, Den: 1}
}

func override(e *rule.Edition, p *rule.Parameter, v rule.Value) []byte {
	value := fmt.Sprint(v.Num)
	if p.Type == "fraction" {
		value = fmt.Sprintf("[%d, %d]", v.Num, v.Den)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "document: {number: moved, date: 2000-01-01, kind: test, title: {vi: a, en: a}, issuer: {vi: a, en: a}}\n")
	fmt.Fprintf(&b, "edition: moved\nseries: moved\nvalid: {from: %s}\noverride: {number: %q, date: %s}\n", e.Valid.From, e.Document.Number, e.Document.Date)
	fmt.Fprintf(&b, "parameters:\n  - {id: %s, title: {vi: a, en: a}, article: a, evidence: confirmed, source: a, type: %s, value: %s, unit: {vi: a, en: a}}\n", p.ID, p.Type, value)
	return []byte(b.String())
}
