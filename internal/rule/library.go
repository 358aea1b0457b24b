package rule

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"sync"

	"cel.dev/cel-go/cel"

	"minhbach/internal/vn"
	"minhbach/regulations"
)

// Library is every edition known at one moment: built in, recorded, put over
// by a province, and what keepers attested. It is immutable (Add, Attest and
// KnowDays return a new one) and safe for concurrent use.
type Library struct {
	editions []*Edition
	attested map[string]Attestation           // by document, edition and item
	programs map[*Edition]map[string]*program // rule id, or rule id + " " + reading id
	ends     map[*Edition]vn.Date             // last day of what a later edition replaces
	pins     []Pin                            // when not nil: only these editions may decide
	calendar *vn.Calendar                     // nil: the one built in

	mu    sync.Mutex
	books map[string]*Book
}

// Attestation is the recorded word of two regulation keepers who compared an
// unverified item with the signed text: Choice is the reading that it has
// (MainReading for the item as the file states it).
type Attestation struct {
	Document DocRef
	Edition  string
	Item     string
	Choice   string
	Entry    int64 // ledger entry of the second keeper's attestation
}

// Builtin is the library that ships with the program.
func Builtin() (*Library, error) { return builtin() }

var builtin = sync.OnceValues(func() (*Library, error) { return Load(regulations.FS) })

// Load reads every .yaml file below fsys.
func Load(fsys fs.FS) (*Library, error) {
	es, err := readDir(fsys)
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	return build(es, nil, nil)
}

// Add returns the library with one more file: an edition or a province's
// override. entry is the ledger entry that recorded it (-1 when none did).
func (l *Library) Add(file string, raw []byte, entry int64) (*Library, error) {
	e, err := ParseEdition(file, raw, entry+1)
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	es := slices.Clone(l.editions)
	if entry >= 0 {
		// A later release may ship what was recorded before: what was recorded
		// stays in its place, because verdicts are pinned to it.
		es = slices.DeleteFunc(es, func(o *Edition) bool {
			return o.Recorded == 0 && o.ID == e.ID && o.Document.Ref() == e.Document.Ref()
		})
	}
	return l.rebuilt(append(es, e))
}

// rebuilt is the library with other editions.
func (l *Library) rebuilt(es []*Edition) (*Library, error) {
	n, err := build(es, l.attested, l.programs)
	if err != nil {
		return nil, err
	}
	n.calendar = l.calendar
	return n, nil
}

// with is the library with the same editions, to be changed before anybody has it.
func (l *Library) with() *Library {
	return &Library{editions: l.editions, attested: l.attested, programs: l.programs, ends: l.ends, pins: l.pins, calendar: l.calendar}
}

// Calendar is the calendar that working days are reckoned by.
func (l *Library) Calendar() *vn.Calendar {
	if l.calendar == nil {
		return vn.BuiltinCalendar()
	}
	return l.calendar
}

// Attest returns the library in which an unverified item decides.
func (l *Library) Attest(a Attestation) (*Library, error) {
	e := l.edition(a.Document, a.Edition)
	if e == nil {
		return nil, fmt.Errorf("rule: there is no edition %q of %s", a.Edition, a.Document)
	}
	it := e.Item(a.Item)
	if it == nil || it.Evidence != Unverified {
		return nil, fmt.Errorf("rule: %s has no unverified item %q", a.Document, a.Item)
	}
	if a.Choice != MainReading && !slices.ContainsFunc(it.Readings, func(r Reading) bool { return r.ID == a.Choice }) {
		return nil, fmt.Errorf("rule: %s has no reading %q", a.Item, a.Choice)
	}
	at := maps.Clone(l.attested)
	if at == nil {
		at = map[string]Attestation{}
	}
	at[attestKey(a.Document, a.Edition, a.Item)] = a
	n := l.with()
	n.attested = at
	return n, nil
}

// Pinned is the library restricted to the editions a case was decided by.
func (l *Library) Pinned(pins []Pin) (*Library, error) {
	for _, p := range pins {
		if !slices.ContainsFunc(l.editions, func(e *Edition) bool { return e.Digest == p.Digest }) {
			return nil, fmt.Errorf("rule: edition %s of %s (%s) with digest %.12s… is not here", p.Edition, p.Document, p.Date, p.Digest)
		}
	}
	n := l.with()
	n.pins = pins
	return n, nil
}

// Editions lists all, by series, then valid.from, then document.
func (l *Library) Editions() []*Edition { return slices.Clone(l.editions) }

// Attested tells whether keepers attested an item, and how.
func (l *Library) Attested(e *Edition, item string) (Attestation, bool) {
	a, ok := l.attested[attestKey(e.Document.Ref(), e.ID, item)]
	return a, ok
}

// Validity is the days on which an edition decides in this library: what its
// file says, cut short where a later edition replaces it. An edition replaced
// from its own first day has To before From and never decides.
func (l *Library) Validity(e *Edition) Validity {
	v := e.Valid
	if end, ok := l.ends[e]; ok && (v.To.IsZero() || end.Before(v.To)) {
		v.To = end
	}
	return v
}

// replace works out what each edition ends.
func (l *Library) replace() error {
	l.ends = map[*Edition]vn.Date{}
	for _, e := range l.editions {
		for _, r := range e.Replaces {
			found := false
			for _, o := range l.editions {
				if o == e || o.Document.Ref() != (DocRef{r.Number, r.Date}) || r.Edition != "" && o.ID != r.Edition {
					continue
				}
				found = true
				if end := e.Valid.From.AddDays(-1); l.ends[o].IsZero() || end.Before(l.ends[o]) {
					l.ends[o] = end
				}
			}
			if !found {
				return fmt.Errorf("rule: %s: it replaces %s %s, which is not here", e.File, DocRef{r.Number, r.Date}, r.Edition)
			}
		}
	}
	return nil
}

// On lists the editions valid on a day, overrides too.
func (l *Library) On(d vn.Date) []*Edition {
	var out []*Edition
	for _, e := range l.editions {
		if l.Validity(e).On(d) {
			out = append(out, e)
		}
	}
	return out
}

// Kinds lists every contest kind that some edition binds.
func (l *Library) Kinds() []string {
	set := map[string]bool{}
	for _, e := range l.editions {
		for _, c := range e.Contests {
			set[c.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// Item finds a parameter, policy, rule, step (StepItem), pair of posts or list
// of ties of the edition by id, or nil.
func (e *Edition) Item(id string) *Item {
	for _, p := range e.Parameters {
		if p.ID == id {
			return &p.Item
		}
	}
	for _, p := range e.Policies {
		if p.ID == id {
			return &p.Item
		}
	}
	for _, r := range e.Rules {
		if r.ID == id {
			return &r.Item
		}
	}
	for _, p := range e.Procedures {
		for _, s := range p.Steps {
			if StepItem(p.ID, s.ID) == id {
				return &s.Item
			}
		}
	}
	for _, x := range e.Incompatible {
		if x.ID == id {
			return &x.Item
		}
	}
	if e.Kinship != nil && e.Kinship.ID == id {
		return &e.Kinship.Item
	}
	return nil
}

func (l *Library) edition(d DocRef, id string) *Edition {
	for _, e := range l.editions {
		if e.Document.Ref() == d && e.ID == id {
			return e
		}
	}
	return nil
}

func attestKey(d DocRef, edition, item string) string { return d.String() + "|" + edition + "|" + item }

// build puts a library together; compiled has the programs of editions that
// stand in it unchanged.
func build(es []*Edition, attested map[string]Attestation, compiled map[*Edition]map[string]*program) (*Library, error) {
	sort.SliceStable(es, func(i, j int) bool {
		a, b := es[i], es[j]
		if a.Series != b.Series {
			return a.Series < b.Series
		}
		if c := a.Valid.From.Compare(b.Valid.From); c != 0 {
			return c < 0
		}
		return a.Document.Number < b.Document.Number
	})
	l := &Library{editions: es, attested: attested, programs: map[*Edition]map[string]*program{}}
	env, err := baseEnv()
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	seen := map[string]string{}
	for _, e := range es {
		key := e.Document.Ref().String() + " " + e.ID
		if other, dup := seen[key]; dup {
			return nil, fmt.Errorf("rule: %s and %s are both edition %s", other, e.File, key)
		}
		seen[key] = e.File
		if ps := compiled[e]; ps != nil && e.Override == nil {
			l.programs[e] = ps
			continue
		}
		if err := l.compileEdition(env, e); err != nil {
			return nil, fmt.Errorf("rule: %s: %w", e.File, err)
		}
	}
	if err := l.replace(); err != nil {
		return nil, err
	}
	for _, e := range es {
		if err := l.checkContests(e); err != nil {
			return nil, fmt.Errorf("rule: %s: %w", e.File, err)
		}
		if err := l.checkProcedures(e); err != nil {
			return nil, fmt.Errorf("rule: %s: %w", e.File, err)
		}
	}
	return l, nil
}

func (l *Library) compileEdition(env *cel.Env, e *Edition) error {
	params := slices.Clone(e.Parameters)
	if e.Override != nil {
		base := l.overridden(e)
		if len(base) == 0 {
			return fmt.Errorf("it stands over %s, which is not here", e.Override)
		}
		for _, b := range base {
			for _, p := range b.Parameters {
				if !slices.ContainsFunc(params, func(q *Parameter) bool { return q.ID == p.ID }) {
					params = append(params, p)
				}
			}
		}
		for _, p := range e.Parameters {
			if err := fitsOver(p, base); err != nil {
				return err
			}
		}
	}
	own, err := paramEnv(env, params)
	if err != nil {
		return err
	}
	ps := map[string]*program{}
	for _, r := range e.Rules {
		if ps[r.ID], err = compile(own, r.Expr); err != nil {
			return fmt.Errorf("rule %s: %w", r.ID, err)
		}
		for _, x := range r.Readings {
			if ps[r.ID+" "+x.ID], err = compile(own, x.Expr); err != nil {
				return fmt.Errorf("rule %s, reading %s: %w", r.ID, x.ID, err)
			}
		}
	}
	l.programs[e] = ps
	return nil
}

// fitsOver demands that an overriding parameter has the type of the one under it.
func fitsOver(p *Parameter, base []*Edition) error {
	for _, b := range base {
		for _, q := range b.Parameters {
			if q.ID == p.ID && q.Type != p.Type {
				return fmt.Errorf("parameter %s is a %s there and a %s here", p.ID, q.Type, p.Type)
			}
		}
	}
	return nil
}

func (l *Library) overridden(e *Edition) []*Edition {
	var out []*Edition
	for _, b := range l.editions {
		if b.Override == nil && b.Document.Ref() == *e.Override {
			out = append(out, b)
		}
	}
	return out
}

// checkContests makes sure that every contest can be bound on the first day of
// its edition, so that a broken reference shows at load and not in the hall.
func (l *Library) checkContests(e *Edition) error {
	if !l.Validity(e).On(e.Valid.From) {
		return nil
	}
	for _, c := range e.Contests {
		if _, err := l.For(c.ID, e.Valid.From); err != nil {
			return fmt.Errorf("contest %s: %w", c.ID, err)
		}
	}
	return nil
}
