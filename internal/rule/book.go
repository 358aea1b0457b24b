package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"minhbach/internal/vn"
)

// Book is what decides one kind of contest on one day: its rules with the
// parameters and overrides in force, its policies, and what is still open.
type Book struct {
	Kind    string
	On      vn.Date
	Edition *Edition // the edition that binds the contest
	Title   Words
	Rules   []*Bound
	Pins    []Pin // every edition that takes part, the binding one first

	lib      *Library
	policies map[string]*Chosen
	choices  map[string]string // item → reading, for a variant
	openOnce sync.Once
	open     []Open
}

// Bound is a rule ready to be asked.
type Bound struct {
	*Rule
	Edition      *Edition // whose rule it is
	Evidence     Evidence // the weakest of the rule and the parameters it uses
	Needs        []Symbol
	prog         *program
	params       map[string]int64
	used         []usedParam
	also         []Ground // where parameters of another document come from
	holds, fails template
	missing      sync.Map // missing inputs as bits → Words
}

type usedParam struct {
	*Parameter
	edition  *Edition
	evidence Evidence
	value    Value
	text     string // the value as sentences show it
}

// Chosen is a policy with the reading that applies.
type Chosen struct {
	*Policy
	Edition  *Edition
	Evidence Evidence
	Choose   string
	With     map[string]string
	List     []string
	Says     Words // of the reading, when one other than the main applies
}

// Open is an unverified item that can touch a contest.
type Open struct {
	Edition *Edition
	Item    *Item
	Role    Role   // of the rule it is, or that uses it; "" for a policy
	Slot    string // of the policy
}

// maxBooks bounds the cache of books: dates come from foreign files.
const maxBooks = 2048

// For binds a contest kind on a day. The error says which kinds or days are known.
func (l *Library) For(kind string, on vn.Date) (*Book, error) {
	key := kind + "|" + on.String()
	l.mu.Lock()
	b := l.books[key]
	l.mu.Unlock()
	if b != nil {
		return b, nil
	}
	b, err := l.bind(kind, on, nil)
	if err != nil {
		return nil, err
	}
	l.keep(key, b)
	return b, nil
}

func (l *Library) keep(key string, b *Book) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.books == nil || len(l.books) >= maxBooks {
		l.books = map[string]*Book{}
	}
	l.books[key] = b
}

// With is the book under other readings (item id → reading id).
func (b *Book) With(choices map[string]string) (*Book, error) {
	var sb strings.Builder
	sb.WriteString(b.Kind + "|" + b.On.String())
	for _, k := range slices.Sorted(maps.Keys(choices)) {
		sb.WriteString("|" + k + "=" + choices[k])
	}
	b.lib.mu.Lock()
	v := b.lib.books[sb.String()]
	b.lib.mu.Unlock()
	if v != nil {
		return v, nil
	}
	v, err := b.lib.bind(b.Kind, b.On, choices)
	if err != nil {
		return nil, err
	}
	b.lib.keep(sb.String(), v)
	return v, nil
}

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
		u.text = u.value.String()
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

// Policy is the policy in a slot, or nil when the contest has none there.
func (b *Book) Policy(slot string) *Chosen { return b.policies[slot] }

// Slots lists the policy slots of the contest.
func (b *Book) Slots() []string { return slices.Sorted(maps.Keys(b.policies)) }

// Find is a rule of the book by id, or nil.
func (b *Book) Find(id string) *Bound {
	for _, r := range b.Rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Open lists what is still unverified and not attested among the rules of the
// book, the parameters they use and the policies.
// The slice is shared; it must not be changed.
func (b *Book) Open() []Open {
	b.openOnce.Do(func() { b.open = b.findOpen() })
	return b.open
}

func (b *Book) findOpen() []Open {
	var out []Open
	seen := map[*Item]bool{}
	add := func(e *Edition, it *Item, role Role, slot string) {
		if it.Evidence != Unverified || seen[it] {
			return
		}
		if _, done := b.lib.Attested(e, it.ID); done {
			return
		}
		seen[it] = true
		out = append(out, Open{e, it, role, slot})
	}
	for _, r := range b.Rules {
		add(r.Edition, &r.Rule.Item, r.Role, "")
		for _, u := range r.used {
			add(u.edition, &u.Parameter.Item, r.Role, "")
		}
	}
	for _, s := range b.Slots() {
		p := b.policies[s]
		add(p.Edition, &p.Policy.Item, "", s)
	}
	return out
}

// Uses says whether an open item is the rule itself or a parameter of it.
func (r *Bound) Uses(it *Item) bool {
	if &r.Rule.Item == it {
		return true
	}
	return slices.ContainsFunc(r.used, func(u usedParam) bool { return &u.Parameter.Item == it })
}

// Params are the values in force of the parameters the rule uses.
func (r *Bound) Params() []Value {
	out := make([]Value, len(r.used))
	for i, u := range r.used {
		out[i] = u.value
	}
	return out
}

// Ask answers from the inputs. Missing inputs give NotRecorded.
func (r *Bound) Ask(in *Inputs) (Answer, error) { return r.prog.ask(in, r.params) }

// Missing lists the inputs the rule needs that were not recorded.
func (r *Bound) Missing(in *Inputs) []Symbol {
	var out []Symbol
	for _, s := range r.Needs {
		if _, ok := in.Get(s); !ok {
			out = append(out, s)
		}
	}
	return out
}

// Verdict is the answer with its article, inputs and words. subject is the
// candidate it speaks of, or empty.
func (r *Bound) Verdict(in *Inputs, subject string, holds bool) Verdict {
	v := Verdict{Rule: r.ID, Document: r.Edition.Document.Number, Date: r.Edition.Document.Date,
		Article: r.Article, Evidence: r.Evidence, Also: r.also, Subject: subject, Holds: holds,
		Inputs: make(map[string]int64, len(r.Needs))}
	for _, s := range r.Needs {
		v.Inputs[symbols[s].name], _ = in.Get(s)
	}
	v.Says = r.Words(v.Inputs, holds)
	return v
}

// Verdict is the policy as a reason: what was chosen, under which article.
func (c *Chosen) Verdict(inputs map[string]int64, subject string) Verdict {
	v := Verdict{Rule: c.ID, Document: c.Edition.Document.Number, Date: c.Edition.Document.Date,
		Article: c.Article, Evidence: c.Evidence, Subject: subject, Holds: true, Inputs: inputs, Says: c.Policy.Says}
	if c.Says.VI != "" {
		v.Says = c.Says
	}
	return v
}

// Words are the sentence of an answer, from the inputs of a recorded verdict.
func (r *Bound) Words(inputs map[string]int64, holds bool) Words {
	t := &r.fails
	if holds {
		t = &r.holds
	}
	w := Words{VI: t.vi.fill(inputs, r, '.'), EN: t.en.fill(inputs, r, ',')}
	for i := range r.also { // a value from elsewhere is never shown as the article's own
		a := &r.also[i]
		v, _ := r.Param(a.Parameter)
		w.VI += fmt.Sprintf(" Mức %s theo %s, %s ngày %s.", v, a.Article, a.Document, a.Date.Vietnamese())
		w.EN += fmt.Sprintf(" The value %s is set by %s, %s of %s.", v, a.Article, a.Document, a.Date)
	}
	return w
}

func weakest(a, b Evidence) Evidence {
	order := []Evidence{Confirmed, Attested, Reported, Unverified}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
