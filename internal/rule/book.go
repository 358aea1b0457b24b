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
