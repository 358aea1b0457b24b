package rule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// checkNodes refuses what has no place in a regulation: doubles (a share is a
// fraction), anchors and aliases (they can grow without bound), deep nesting.
func checkNodes(n *yaml.Node, depth int) error {
	if depth > 40 {
		return fmt.Errorf("line %d: nested too deep", n.Line)
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return fmt.Errorf("line %d: anchors and aliases are not used here", n.Line)
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float":
		return fmt.Errorf("line %d: %s is a decimal number; write a fraction such as [3, 10]", n.Line, n.Value)
	}
	for _, c := range n.Content {
		if err := checkNodes(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (e *Edition) validate() error {
	if e.Document.Number == "" || e.Document.Date.IsZero() || e.ID == "" || e.Valid.From.IsZero() {
		return errors.New("document number, document date, edition and valid.from are required")
	}
	if !e.Valid.To.IsZero() && e.Valid.To.Before(e.Valid.From) {
		return errors.New("valid.to lies before valid.from")
	}
	if e.Document.Title.VI == "" {
		return errors.New("document.title.vi is required")
	}
	seen := map[string]bool{}
	item := func(what string, it *Item, pattern *regexp.Regexp, readings func(r Reading) bool) error {
		if !pattern.MatchString(it.ID) {
			return fmt.Errorf("%s %q: the id has other characters than it may", what, it.ID)
		}
		if seen[it.ID] {
			return fmt.Errorf("%s %s stands twice", what, it.ID)
		}
		seen[it.ID] = true
		if it.Article == "" || it.Title.VI == "" || it.Title.EN == "" {
			return fmt.Errorf("%s %s: article and title (vi, en) are required", what, it.ID)
		}
		switch it.Evidence {
		case Confirmed, Reported:
			if len(it.Readings) > 0 {
				return fmt.Errorf("%s %s: readings belong to unverified items only", what, it.ID)
			}
		case Unverified:
			if len(it.Readings) == 0 {
				return fmt.Errorf("%s %s: an unverified item lists its other possible readings", what, it.ID)
			}
		default:
			return fmt.Errorf("%s %s: evidence is confirmed, reported or unverified", what, it.ID)
		}
		if it.Source == "" {
			return fmt.Errorf("%s %s: source is required", what, it.ID)
		}
		ids := map[string]bool{MainReading: true}
		for _, r := range it.Readings {
			if !idPattern.MatchString(r.ID) || ids[r.ID] || r.Says.VI == "" || r.Says.EN == "" || !readings(r) {
				return fmt.Errorf("%s %s: reading %q needs an id of its own, says (vi, en) and its other value", what, it.ID, r.ID)
			}
			ids[r.ID] = true
		}
		return nil
	}
	if slices.Contains(e.Parameters, nil) || slices.Contains(e.Policies, nil) || slices.Contains(e.Rules, nil) || slices.Contains(e.Contests, nil) {
		return errors.New("an empty entry stands in a list")
	}
	for _, p := range e.Parameters {
		err := item("parameter", &p.Item, paramPattern, func(r Reading) bool { return r.Value != nil })
		if err == nil {
			err = p.validate()
		}
		if err != nil {
			return &itemError{p.ID, err}
		}
	}
	for _, p := range e.Policies {
		err := item("policy", &p.Item, idPattern, func(r Reading) bool { return r.Choose != "" })
		if err == nil {
			err = p.validate()
		}
		if err != nil {
			return &itemError{p.ID, err}
		}
	}
	for _, r := range e.Rules {
		err := item("rule", &r.Item, idPattern, func(x Reading) bool { return x.Expr != "" })
		if err == nil {
			err = r.validate()
		}
		if err != nil {
			return &itemError{r.ID, err}
		}
	}
	for _, c := range e.Contests {
		if !idPattern.MatchString(c.ID) || c.Title.VI == "" || c.Title.EN == "" {
			return &itemError{c.ID, fmt.Errorf("contest %q: id and title (vi, en) are required", c.ID)}
		}
	}
	part := func(what string, it *Item, readings func(r Reading) bool) error {
		delete(seen, it.ID) // steps of two procedures may share a place
		return item(what, it, idPattern, readings)
	}
	if err := e.validateProcedures(part); err != nil {
		return err
	}
	if err := e.validateIncompatible(part); err != nil {
		return err
	}
	for i, x := range e.Examples {
		if x.Name == "" || (x.Contest == "") == (x.Rule == "") || (x.Rule != "" && x.Holds == nil) || (x.Contest != "" && x.Want == "") {
			return fmt.Errorf("example %d %q: give either rule, inputs and holds, or contest and want", i+1, x.Name)
		}
	}
	return nil
}

func (p *Parameter) validate() error {
	frac := p.Type == "fraction"
	if !frac && !slices.Contains([]string{"count", "days", "working-days", "months", "years", "year-month"}, p.Type) {
		return fmt.Errorf("parameter %s: type %q is not known", p.ID, p.Type)
	}
	for _, v := range p.values() {
		if v.Den == 0 || (v.Den != 1 && !frac) || v.Num < 0 || v.Num > 1e9 || v.Den > 1e6 {
			return fmt.Errorf("parameter %s: value %s does not fit type %s", p.ID, v, p.Type)
		}
	}
	return nil
}

func (p *Policy) validate() error {
	if p.Choose == "" {
		return fmt.Errorf("policy %s chooses nothing", p.ID)
	}
	if p.Says.VI == "" || p.Says.EN == "" {
		return fmt.Errorf("policy %s: says (vi, en) is required", p.ID)
	}
	return nil
}

func (r *Rule) validate() error {
	switch r.Role {
	case RoleIdentity, RoleLine:
		if r.Severity != "block" && r.Severity != "warn" {
			return fmt.Errorf("rule %s: severity is block or warn", r.ID)
		}
	case RoleBallot:
		if r.Cause == "" {
			return fmt.Errorf("rule %s: a ballot rule names its cause", r.ID)
		}
	case RoleValidity, RoleWinner, RoleFallback, RoleHead, RoleExtra, RoleAskUpper, RoleCondition, RoleConsequence, RoleStandalone:
	default:
		return fmt.Errorf("rule %s: role %q is not known", r.ID, r.Role)
	}
	if r.Expr == "" || len(r.Expr) > 2000 {
		return fmt.Errorf("rule %s: the expression is empty or too long", r.ID)
	}
	for _, w := range []Words{r.Holds, r.Fails} {
		if strings.TrimSpace(w.VI) == "" || strings.TrimSpace(w.EN) == "" {
			return fmt.Errorf("rule %s: holds and fails need words in vi and en", r.ID)
		}
	}
	return nil
}
