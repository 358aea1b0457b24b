package person

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Find is what a list asks for: everything given must hold on the day. Spans of
// years and months count whole ones; nil asks nothing.
type Find struct {
	On    vn.Date
	Name  string // words of the name, each as far as it is typed; marks do not matter
	Under string // unit that the official place (of others: the home) is in or under on the day
	Home  string // organisation that keeps the file
	Who   string // "", WhoMember, WhoOfficial, WhoProbationary, WhoOther

	Gender, Ethnicity string
	Age, PartyAge     Span              // in years; who was born or admitted on an unknown day is in no span
	Title             string            // of a post held
	InPost            Span              // years in a post (of the title, if given)
	Managing          string            // managing level of an organisation with a post, or of the place
	Held              []PostAt          // nil asks nothing: holds one of these posts
	Retire            Span              // months until retirement by the road map in force
	Attrs             map[string]string // counted field of facts → value

	Reader *Reader // nil: everybody
	Rules  *rule.Library

	Sort          string // "", SortBorn, SortSince, SortUnder; the name decides between equals
	Down          bool
	Offset, Limit int
	Exact         bool // count to the end, not only beyond CountLimit
}

// Who is listed.
const (
	WhoMember       = "member"
	WhoOfficial     = "official"
	WhoProbationary = "probationary"
	WhoOther        = "other" // no member on the day
)

// Orders of a list beside the name.
const (
	SortBorn  = "born"
	SortSince = "since"
	SortUnder = "under"
)

// Span is from so many to so many; nil is open.
type Span struct{ From, To *int }

func (s Span) asked() bool { return s.From != nil || s.To != nil }

// Reader is whose files may be read: those kept by units under the roots, and
// by further homes (dissolved ones).
type Reader struct {
	Roots []string // subtrees as of Today
	Homes []string
	Today vn.Date
}

// CountLimit is up to where a list counts unless it is asked to count exactly.
const CountLimit = 1000

// countLimit is CountLimit, but in tests.
var countLimit = CountLimit

// Listed is one person of a list.
type Listed struct {
	Person
	Under    string // official place; home of who is no member
	Standing string
	State    string
	Since    vn.Date // from which Party age counts
}

// List is one page of what was found.
type List struct {
	Rows  []Listed
	Total int
	More  bool // more than Total
}

// Run finds. It answers from one snapshot, as known now.
func (f Find) Run(ctx context.Context, tx *store.Tx) (List, error) {
	q, err := f.query(ctx, tx)
	if err != nil {
		return List{}, err
	}
	words := vn.Fold(f.Name)
	if words == "" && strings.TrimSpace(f.Name) != "" {
		return List{}, nil // nothing that a name could hold
	}
	if words != "" {
		return f.byName(ctx, tx, q, strings.Fields(words))
	}
	return f.inOrder(ctx, tx, q)
}

// query is a condition under way.
type query struct {
	where  []string
	args   []any
	narrow bool // asks more than the day and the reader
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

func (q *query) and(cond string) { q.where, q.narrow = append(q.where, cond), true }

func (q *query) clone() *query {
	return &query{append([]string{}, q.where...), append([]any{}, q.args...), q.narrow}
}

// list writes values as marks; few lengths, so that statements stay few.
func (q *query) list(vs []string) string {
	n := 1
	for n < len(vs) {
		n *= 2
	}
	marks := make([]string, n)
	for i := range marks {
		if i < len(vs) {
			marks[i] = q.arg(vs[i])
		} else {
			marks[i] = marks[len(vs)-1]
		}
	}
	return strings.Join(marks, ", ")
}

const heldOn = `o.entry_to = -1 AND o.valid_from <= $1 AND (o.valid_to = '' OR o.valid_to > $1)`

// query says all but the name in SQL; $1 is the day.
func (f Find) query(ctx context.Context, tx *store.Tx) (*query, error) {
	q := &query{args: []any{f.On.String()}, where: []string{`l.valid_from <= $1`, `(l.valid_to = '' OR l.valid_to > $1)`}}
	if f.Reader != nil {
		q.where = append(q.where, f.Reader.condition(q))
	}
	if f.Home != "" {
		q.and(`l.home = ` + q.arg(f.Home))
	}
	switch f.Who {
	case WhoMember:
		q.and(`l.standing <> ''`)
	case WhoOfficial, WhoProbationary:
		q.and(`l.standing = ` + q.arg(f.Who))
	case WhoOther:
		q.and(`l.standing = ''`)
	}
	if f.Gender != "" {
		q.and(`l.gender = ` + q.arg(f.Gender))
	}
	if e := vn.Fold(f.Ethnicity); e != "" {
		q.and(`l.ethnicity = ` + q.arg(e))
	}
	years(q, f.Age, f.On, "l.born_first", "l.born_last")
	years(q, f.PartyAge, f.On, "l.since", "l.since")
	var reach org.Reach // of what is asked for
	if f.Under != "" {
		var err error
		if reach, err = org.ReachOf(ctx, tx, f.Under, f.On, fewUnits, manyUnits); err != nil {
			return nil, err
		}
	}
	if f.Title != "" || f.InPost.asked() {
		sub := &query{args: q.args}
		cond := heldOn
		if f.Title != "" {
			cond += ` AND o.title = ` + sub.arg(f.Title)
		}
		years(sub, f.InPost, f.On, "o.valid_from", "o.valid_from")
		q.args = sub.args
		cond = strings.Join(append([]string{cond}, sub.where...), " AND ")
		if reach.Few { // the posts of the few people, rather than the people of the many posts
			q.and(`EXISTS (SELECT 1 FROM person_post o WHERE o.person = l.person AND ` + cond + `)`)
		} else {
			q.and(`l.person IN (SELECT o.person FROM person_post o WHERE ` + cond + `)`)
		}
	}
	if f.Managing != "" {
		if err := f.managing(ctx, tx, q); err != nil {
			return nil, err
		}
	}
	if f.Held != nil {
		if err := f.held(tx, q); err != nil {
			return nil, err
		}
	}
	for _, field := range sortedKeys(f.Attrs) {
		q.and(`l.person IN (SELECT o.person FROM person_attr o WHERE o.field = ` + q.arg(field) + ` AND o.value = ` + q.arg(f.Attrs[field]) + ` AND ` + heldOn + `)`)
	}
	if f.Retire.asked() {
		cond, err := retiring(q, f.Rules, f.On, f.Retire)
		if err != nil {
			return nil, err
		}
		q.and(cond)
	}
	switch { // last: it costs most to look at
	case f.Under == "":
	case reach.Few && len(reach.Units) == 0:
		q.and(`1 = 0`)
	case reach.Few: // unit by unit, so that the index by unit serves
		slices.Sort(reach.Units)
		if tx.Dialect() == store.Postgres { // one statement for any number of them
			q.and(`l.under = ANY(` + q.arg(reach.Units) + `::text[])`)
		} else {
			q.and(`l.under IN (` + q.list(reach.Units) + `)`)
		}
	case reach.Whole: // nobody stands elsewhere
	default:
		if err := f.under(ctx, tx, q, reach.Vast); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// manyUnits is from how many units of the record on one that all the others
// stand under is not compared with them.
var manyUnits = 20_000

// under asks for a subtree of many units; of the top of very many it asks from
// each person's unit up.
func (f Find) under(ctx context.Context, tx *store.Tx, q *query, up bool) error {
	if up {
		q.args = append(q.args, f.Under)
		q.and(org.UnderSQL(`l.under`, 1, len(q.args)))
		return nil
	}
	ids, err := org.SubtreeIDs(ctx, tx, f.Under, f.On)
	if err != nil {
		return err
	}
	if tx.Dialect() == store.Postgres {
		// Looked up row by row in one table of them; a join would be planned
		// as if they were few.
		q.and(`(l.under IN (SELECT unnest(` + q.arg(ids) + `::text[]))) IS TRUE`)
		return nil
	}
	text, err := json.Marshal(ids)
	q.and(`l.under IN (SELECT value FROM json_each(` + q.arg(string(text)) + `))`)
	return err
}

func (f Find) managing(ctx context.Context, tx *store.Tx, q *query) error {
	levels, err := org.DetailOf(ctx, tx, org.ManagingLevel, org.Now(f.On))
	if err != nil {
		return err
	}
	var ids []string
	for _, id := range sortedKeys(levels) {
		if levels[id] == f.Managing {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		q.and(`1 = 0`)
		return nil
	}
	list := q.list(ids)
	q.and(`(l.under IN (` + list + `) OR l.person IN (SELECT o.person FROM person_post o WHERE ` + heldOn + ` AND o.org IN (` + list + `)))`)
	return nil
}

// held asks for a post among some, which may be thousands: they go as one value.
func (f Find) held(tx *store.Tx, q *query) error {
	posts := make([]string, len(f.Held))
	for i, p := range f.Held {
		posts[i] = p.Org + " " + p.Title
	}
	text, err := json.Marshal(posts)
	if err != nil {
		return err
	}
	each := `SELECT value FROM json_each(` + q.arg(string(text)) + `)`
	if tx.Dialect() == store.Postgres {
		each = `SELECT jsonb_array_elements_text(` + fmt.Sprintf("$%d", len(q.args)) + `::jsonb) COLLATE "C"`
	}
	q.and(`l.person IN (SELECT o.person FROM person_post o WHERE ` + heldOn + ` AND o.org || ' ' || o.title IN (` + each + `))`)
	return nil
}

func (r Reader) condition(q *query) string {
	var some []string
	for _, root := range r.Roots {
		if root == "" {
			return `1 = 1`
		}
		day := len(q.args) + 1
		q.args = append(q.args, r.Today.String(), root)
		some = append(some, `l.home IN (`+org.SubtreeSQL(day, day+1)+`)`)
	}
	if len(r.Homes) > 0 {
		some = append(some, `l.home IN (`+q.list(r.Homes)+`)`)
	}
	if len(some) == 0 {
		return `1 = 0`
	}
	return `(` + strings.Join(some, " OR ") + `)`
}

// years asks for a span of whole years since a day that lies between two
// columns: all days it can mean must be in the span.
func years(q *query, s Span, on vn.Date, first, last string) {
	if !s.asked() {
		return
	}
	q.and(first + ` <> ''`)
	if s.From != nil {
		q.and(last + ` <= ` + q.arg(lastWith(12**s.From, on).String()))
	}
	if s.To != nil {
		q.and(first + ` > ` + q.arg(lastWith(12*(*s.To+1), on).String()))
	}
}

// lastWith is the last day from which so many whole months have passed on a day.
func lastWith(months int, on vn.Date) vn.Date {
	d := on.AddMonths(-months)
	for months > 0 && d.AddDays(1).MonthsTo(on) >= months {
		d = d.AddDays(1)
	}
	return d
}
