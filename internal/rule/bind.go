package rule

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/vn"
)

// usable says whether an edition may decide here: valid on the day, and among
// the pinned ones when the library is pinned.
func (l *Library) usable(e *Edition, on vn.Date) bool {
	if !l.Validity(e).On(on) && l.pins == nil {
		return false
	}
	return l.pins == nil || slices.ContainsFunc(l.pins, func(p Pin) bool { return p.Digest == e.Digest })
}

func (l *Library) bind(kind string, on vn.Date, choices map[string]string) (*Book, error) {
	b := &Book{Kind: kind, On: on, lib: l, policies: map[string]*Chosen{}, choices: choices}
	var c *Contest
	var days []string
	for _, e := range l.editions {
		for _, x := range e.Contests {
			if x.ID != kind {
				continue
			}
			days = append(days, e.Document.Number+" "+e.Valid.From.String()+"…"+e.Valid.To.String())
			if !l.usable(e, on) {
				continue
			}
			if c != nil {
				return nil, fmt.Errorf("rule: both %s and %s bind %s on %s", b.Edition.File, e.File, kind, on)
			}
			b.Edition, c = e, x
		}
	}
	if len(days) == 0 {
		return nil, fmt.Errorf("rule: no regulation binds %q; known are %s", kind, strings.Join(l.Kinds(), ", "))
	}
	if c == nil {
		return nil, fmt.Errorf("rule: no edition binds %s on %s; known are %s", kind, on, strings.Join(days, "; "))
	}
	b.Title = c.Title
	pinned := map[*Edition]bool{}
	pin := func(e *Edition) {
		if !pinned[e] {
			pinned[e] = true
			b.Pins = append(b.Pins, e.Pin())
		}
	}
	pin(b.Edition)
	over := l.overrides(on)
	for _, id := range c.Rules {
		e, r, err := l.findRule(id, on, b.Edition, over)
		if err != nil {
			return nil, err
		}
		if err := b.bindRule(e, r, over, pin); err != nil {
			return nil, err
		}
	}
	if err := b.joinRules(kind, over, pin); err != nil {
		return nil, err
	}
	for slot, id := range c.Policies {
		e, p := findPolicy(id, b.Edition, over)
		if p == nil {
			return nil, fmt.Errorf("rule: contest %s: there is no policy %s", kind, id)
		}
		pin(e)
		ch := &Chosen{Policy: p, Edition: e, Choose: p.Choose, With: p.With, List: p.List}
		var read *Reading
		ch.Evidence, read = b.reading(e, &p.Item)
		if read != nil {
			ch.Choose, ch.With, ch.List, ch.Says = read.Choose, read.With, read.List, read.Says
		}
		b.policies[slot] = ch
	}
	slices.SortFunc(b.Pins[1:], func(x, y Pin) int {
		return strings.Compare(x.Document+x.Edition+x.Digest, y.Document+y.Edition+y.Digest)
	})
	return b, nil
}

// joinRules adds the rules that name this contest themselves (Rule.For): those
// of a province's overrides, and those of the Charter, of guidance and of other
// documents that speak of an election another document regulates.
func (b *Book) joinRules(kind string, over []*Edition, pin func(*Edition)) error {
	for _, e := range b.lib.editions {
		if !b.lib.usable(e, b.On) {
			continue
		}
		for _, r := range e.Rules {
			if slices.Contains(r.For, kind) && b.Find(r.ID) == nil {
				if err := b.bindRule(e, r, over, pin); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// reading gives the evidence of an item and the reading that applies: the
// attested one, or the one chosen for this variant; nil for the main one.
func (b *Book) reading(e *Edition, it *Item) (Evidence, *Reading) {
	ev, id := it.Evidence, b.choices[it.ID]
	if a, ok := b.lib.Attested(e, it.ID); ok {
		ev, id = Attested, a.Choice
	}
	for i := range it.Readings {
		if it.Readings[i].ID == id {
			return ev, &it.Readings[i]
		}
	}
	return ev, nil
}

func (l *Library) overrides(on vn.Date) []*Edition {
	var out []*Edition
	for _, e := range l.editions {
		if e.Override != nil && l.usable(e, on) {
			out = append(out, e)
		}
	}
	return out
}

// findRule looks in the overrides, the binding edition, then every other
// edition of the day; a rule id must be found once.
func (l *Library) findRule(id string, on vn.Date, base *Edition, over []*Edition) (*Edition, *Rule, error) {
	look := func(e *Edition) *Rule {
		for _, r := range e.Rules {
			if r.ID == id {
				return r
			}
		}
		return nil
	}
	for _, o := range slices.Backward(over) {
		if r := look(o); r != nil {
			return o, r, nil
		}
	}
	if r := look(base); r != nil {
		return base, r, nil
	}
	var fe *Edition
	var fr *Rule
	for _, e := range l.editions {
		if e.Override != nil || !l.usable(e, on) {
			continue
		}
		if r := look(e); r != nil {
			if fr != nil {
				return nil, nil, fmt.Errorf("rule: %s stands in both %s and %s", id, fe.File, e.File)
			}
			fe, fr = e, r
		}
	}
	if fr == nil {
		return nil, nil, fmt.Errorf("rule: there is no rule %s on %s", id, on)
	}
	return fe, fr, nil
}

func findPolicy(id string, base *Edition, over []*Edition) (*Edition, *Policy) {
	for _, e := range append(slices.Collect(backward(over)), base) {
		for _, p := range e.Policies {
			if p.ID == id {
				return e, p
			}
		}
	}
	return nil, nil
}

func backward(es []*Edition) func(yield func(*Edition) bool) {
	return func(yield func(*Edition) bool) {
		for _, e := range slices.Backward(es) {
			if !yield(e) {
				return
			}
		}
	}
}

func (b *Book) bindRule(e *Edition, r *Rule, over []*Edition, pin func(*Edition)) error {
	bd := &Bound{Rule: r, Edition: e, params: map[string]int64{}}
	ev, read := b.reading(e, &r.Item)
	bd.Evidence, bd.prog = ev, b.lib.programs[e][r.ID]
	if read != nil {
		bd.prog = b.lib.programs[e][r.ID+" "+read.ID]
	}
	bd.Needs = bd.prog.needs
	pin(e)
	for _, id := range bd.prog.params {
		u, ok := b.parameter(id, e, over)
		if !ok {
			return fmt.Errorf("rule: %s uses parameter %s, which no edition of the day has", r.ID, id)
		}
		pin(u.edition)
		bd.Evidence = weakest(bd.Evidence, u.evidence)
		u.text = u.Text(u.value)
		bd.used = append(bd.used, u)
		if d := u.edition.Document; u.edition != e {
			bd.also = append(bd.also, Ground{u.ID, d.Number, d.Date, u.Article})
		}
		if u.Type == "fraction" {
			bd.params[id+".num"], bd.params[id+".den"] = u.value.Num, u.value.Den
		} else {
			bd.params[id] = u.value.Num
		}
	}
	bd.holds, bd.fails = parseTemplate(r.Holds), parseTemplate(r.Fails)
	b.Rules = append(b.Rules, bd)
	return nil
}

// parameter finds the value in force: an override of the day that stands over
// the rule's document, else the rule's own edition.
func (b *Book) parameter(id string, e *Edition, over []*Edition) (usedParam, bool) {
	own := e.Document.Ref()
	if e.Override != nil {
		own = *e.Override
	}
	var es []*Edition
	for _, o := range slices.Backward(over) {
		if *o.Override == own {
			es = append(es, o)
		}
	}
	es = append(es, e)
	if e.Override != nil { // a rule of the override may use what lies under it
		for _, x := range b.lib.overridden(e) {
			if b.lib.usable(x, b.On) {
				es = append(es, x)
			}
		}
	}
	for _, x := range es {
		for _, p := range x.Parameters {
			if p.ID != id {
				continue
			}
			u := usedParam{Parameter: p, edition: x, value: p.Value}
			var read *Reading
			u.evidence, read = b.reading(x, &p.Item)
			if read != nil {
				u.value = *read.Value
			}
			return u, true
		}
	}
	return usedParam{}, false
}
