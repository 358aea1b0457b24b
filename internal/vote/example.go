package vote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"minhbach/internal/rule"
)

// Failure is one example of a regulation file that does not come out as the
// file says.
type Failure struct {
	File    string
	Example string
	Says    string
}

func (f Failure) String() string { return f.File + ": " + f.Example + ": " + f.Says }

// RunExamples runs the examples inside every edition of the library: rule
// examples (inputs → holds) and contest examples (a record → the fields of the
// result that are named). An example of a rule speaks of its `on` day, or of
// the first day of its edition.
func RunExamples(lib *rule.Library) []Failure {
	var out []Failure
	for _, e := range lib.Editions() {
		out = append(out, RunEdition(lib, e)...)
	}
	return out
}

// RunEdition runs the examples of one edition.
func RunEdition(lib *rule.Library, e *rule.Edition) []Failure {
	var out []Failure
	for i := range e.Examples {
		x := &e.Examples[i]
		if err := runExample(lib, e, x); err != nil {
			out = append(out, Failure{e.File, x.Name, err.Error()})
		}
	}
	return out
}

func runExample(lib *rule.Library, e *rule.Edition, x *rule.Example) error {
	if x.Contest != "" {
		return contestExample(lib, x)
	}
	on := x.On
	if on.IsZero() {
		on = e.Valid.From
	}
	if err := lib.CheckChoices(on, x.Under); err != nil {
		return err
	}
	r, err := lib.Rule(x.Rule, on, x.Under)
	if err != nil {
		return err
	}
	var in rule.Inputs
	for name, v := range x.Inputs {
		if err := in.SetNamed(name, v); err != nil {
			return err
		}
	}
	a, err := r.Ask(&in)
	if err != nil {
		return err
	}
	if a == rule.NotRecorded {
		return fmt.Errorf("the example does not give %v", r.Missing(&in))
	}
	if (a == rule.Holds) != *x.Holds {
		return fmt.Errorf("%s: holds is %v, the example says %v", x.Rule, a == rule.Holds, *x.Holds)
	}
	return nil
}

func contestExample(lib *rule.Library, x *rule.Example) error {
	rec, err := ParseRecord([]byte(x.Contest))
	if err != nil {
		return err
	}
	for item, reading := range x.Under {
		if err := lib.CheckChoices(rec.Date, map[string]string{item: reading}); err != nil {
			return err
		}
		rec.Decisions = append(rec.Decisions, Decision{Rule: item, Choice: reading, Reason: "ví dụ", By: "ví dụ"})
	}
	res, err := NewCounter(lib).Count(rec)
	if err != nil {
		return err
	}
	return Matches(res, []byte(x.Want))
}

// Matches says whether a result has the fields that want names, given as part
// of a result in JSON. Only named fields are compared; lines of results are
// found by candidate, reasons and findings by rule (and candidate or kind,
// when named).
func Matches(res *Result, want []byte) error {
	raw, err := json.Marshal(res)
	if err != nil {
		return err
	}
	got, err := decodeJSON(raw)
	if err != nil {
		return err
	}
	w, err := decodeJSON(want)
	if err != nil {
		return fmt.Errorf("want: %w", err)
	}
	return match("", got, w)
}

func decodeJSON(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return v, nil
}

// keyed lists are searched by these fields; other lists are compared in order.
var keyed = map[string][]string{
	"results":  {"candidate"},
	"reasons":  {"rule", "candidate"},
	"findings": {"rule", "kind"},
	"pins":     {"document", "edition"},
}

func match(path string, got, want any) error {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is %v, not an object", path, got)
		}
		for k, v := range w {
			p := k
			if path != "" {
				p = path + "." + k
			}
			gv, has := g[k]
			if !has && v != nil {
				return fmt.Errorf("%s is not there, the example says %v", p, v)
			}
			if keys := keyed[p]; keys != nil {
				if err := matchKeyed(p, keys, gv, v); err != nil {
					return err
				}
				continue
			}
			if err := match(p, gv, v); err != nil {
				return err
			}
		}
		return nil
	default:
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s is %v, the example says %v", path, got, want)
		}
		return nil
	}
}

// matchKeyed looks for each wanted line among the lines of the result.
func matchKeyed(path string, keys []string, got, want any) error {
	gs, ok1 := got.([]any)
	ws, ok2 := want.([]any)
	if !ok1 || !ok2 {
		return fmt.Errorf("%s must be a list", path)
	}
	for _, w := range ws {
		wm, ok := w.(map[string]any)
		if !ok || wm[keys[0]] == nil {
			return fmt.Errorf("%s: each line of the example names its %s", path, keys[0])
		}
		var near error
		found := false
		for _, g := range gs {
			gm := g.(map[string]any)
			same := true
			for _, k := range keys {
				same = same && (wm[k] == nil || wm[k] == gm[k])
			}
			if !same {
				continue
			}
			if near = match(path+"["+fmt.Sprint(wm[keys[0]])+"]", g, w); near == nil {
				found = true
				break
			}
		}
		if !found {
			if near != nil {
				return near
			}
			return fmt.Errorf("%s has no line %v", path, wm)
		}
	}
	return nil
}
