package bundle

import (
	"encoding/json"
	"errors"
	"slices"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The lists of a chain of elections, as their entries tell them. Only what the
// rules of lists ask is read; docs/formats has the whole.

type listItem struct {
	ID      string   `json:"id"`
	Rules   string   `json:"rules"`
	Body    string   `json:"body"`
	Seats   int64    `json:"seats"`
	SeatsBy string   `json:"seats_by"`
	From    string   `json:"from"`
	Rest    string   `json:"rest"`
	Except  []string `json:"except"`
	When    string   `json:"when"`
	Meeting string   `json:"meeting"`
	OwnTeam bool     `json:"own_team"`
	Form    string   `json:"form"`
	Plans   []string `json:"plans"`

	Optional bool `json:"optional"`

	rounds  []*listRound
	skipped bool
}

func (it *listItem) poll() *listRound {
	for _, r := range it.rounds {
		if r.kind == "poll" {
			return r
		}
	}
	return nil
}

type listPerson struct {
	Person       string      `json:"person"`
	Origin       vote.Origin `json:"origin"`
	Outgoing     bool        `json:"outgoing"`
	InBody       bool        `json:"in_body"`
	Probationary bool        `json:"probationary"`
	Temporary    bool        `json:"temporary"`
	ByOutgoing   bool        `json:"by_outgoing"`
	ByDelegate   bool        `json:"by_delegate"`

	accepted, askedOut, out bool
	files, support, present *int64
	handedIn                vn.Date
}

type listRound struct {
	contest, kind, after string
	n                    int
	opening              vn.Date
	seats                int64
	voted                bool // the number of seats was voted
	persons              []*listPerson
	choices              map[string]string
	order                []string // the list as it was voted
	form                 string
	named                []string // designated by the upper level
	decided              []string // what was decided on its result, in order
}

func (r *listRound) find(person string) *listPerson {
	for _, p := range r.persons {
		if p.Person == person {
			return p
		}
	}
	return nil
}

func (r *listRound) stand() []*listPerson {
	var out []*listPerson
	for _, p := range r.persons {
		if !p.out {
			out = append(out, p)
		}
	}
	return out
}

func (r *listRound) add(ps []*listPerson) {
	for _, p := range ps {
		r.persons = append(slices.DeleteFunc(r.persons, func(o *listPerson) bool { return o.Person == p.Person }), p)
	}
}

// chainOf is the chain of elections of one event.
type chainOf struct {
	date    vn.Date
	level   string
	members int64
	items   []*listItem
	known   bool // the programme is in the bundle
}

func (c *chainOf) programme(b *listBody) {
	old := c.items
	c.level, c.members, c.items, c.known = b.Level, b.Members, b.Items, true
	for _, it := range c.items {
		for _, o := range old {
			if o.ID == it.ID {
				it.rounds, it.skipped = o.rounds, o.skipped
			}
		}
	}
}

func (c *chainOf) item(id string) *listItem {
	for _, it := range c.items {
		if it.ID == id {
			return it
		}
	}
	return nil
}

func (c *chainOf) round(contest string) (*listItem, *listRound) {
	for _, it := range c.items {
		for _, r := range it.rounds {
			if r.contest == contest {
				return it, r
			}
		}
	}
	return nil, nil
}

type listBody struct {
	Contest  string          `json:"contest"`
	Event    string          `json:"event"`
	Item     string          `json:"item"`
	Kind     string          `json:"kind"`
	Round    int             `json:"round"`
	Opening  vn.Date         `json:"opening"`
	After    string          `json:"after"`
	Persons  []*listPerson   `json:"persons"`
	Person   string          `json:"person"`
	What     string          `json:"what"`
	Files    *int64          `json:"files"`
	HandedIn vn.Date         `json:"handed_in"`
	Support  *int64          `json:"support"`
	Present  *int64          `json:"attending"`
	Hand     *handBody       `json:"hand"`
	Verdicts []rule.Verdict  `json:"verdicts"`
	Seats    int64           `json:"seats"`
	Rule     string          `json:"rule"`
	Reading  string          `json:"reading"`
	Order    []string        `json:"order"`
	Form     string          `json:"form"`
	Most     int64           `json:"list_cap"`
	Choice   string          `json:"choice"`
	Date     json.RawMessage `json:"date"`
	Level    string          `json:"level"`
	Members  int64           `json:"members"`
	Items    []*listItem     `json:"items"`
}

// list holds an entry of a chain of elections against the chain before it.
func (l *law) list(e ledger.Entry) {
	var b listBody
	if err := json.Unmarshal(e.Body, &b); err != nil {
		l.verdicts.fail(Failure{e.Index, "", because("mục của danh sách bầu cử không đúng mẫu", "the entry of the list is not of the form", err)})
		return
	}
	c := l.lists[b.Event]
	if c == nil {
		c = &chainOf{}
		l.lists[b.Event] = c
	}
	switch e.Kind {
	case kindEvent:
		_ = json.Unmarshal(b.Date, &c.date)
		return
	case kindProgramme:
		if err := c.begun(&b); err != nil {
			l.verdicts.fail(Failure{e.Index, "", because("chương trình bầu cử", "programme of elections", err)})
		}
		c.programme(&b)
		return
	}
	if !c.known {
		l.unlisted[e.Subjects[0].ID] = true
		return
	}
	l.verdicts.Done++
	_, err := safe(func() (struct{}, error) { return struct{}{}, l.listEntry(c, e, &b) })
	var out *notHere
	switch {
	case errors.As(err, &out):
		l.unlisted[e.Subjects[0].ID] = true
	case err != nil:
		l.verdicts.fail(Failure{e.Index, "", because("danh sách bầu cử "+clip(b.Contest), "list of "+clip(b.Contest), err)})
	}
}

// notHere says that something a list stands on is not in the bundle.
type notHere struct{}

func (*notHere) Error() string { return "not in the bundle" }

// day is the day of the item's meeting, or of the event.
func (l *law) day(c *chainOf, it *listItem) (vn.Date, error) {
	if it.Meeting == "" {
		return c.date, nil
	}
	m := l.meetings[it.Meeting]
	if m == nil {
		return vn.Date{}, &notHere{}
	}
	return m.Date, nil
}

func (l *law) listEntry(c *chainOf, e ledger.Entry, b *listBody) error {
	lib := l.shelf.Library()
	if e.Kind == kindListOpened {
		it := c.item(b.Item)
		if it == nil {
			return both("chương trình không có nội dung này", "the programme has no such item")
		}
		if err := l.mayOpen(c, it, b); err != nil {
			return err
		}
		r := &listRound{contest: b.Contest, kind: b.Kind, after: b.After, n: b.Round, opening: b.Opening, seats: b.Seats, choices: map[string]string{}}
		r.add(b.Persons)
		it.rounds = append(it.rounds, r)
		return nil
	}
	it, r := c.round(b.Contest)
	if e.Kind == kindRoundClosed && b.Choice == "skip" {
		it := c.item(b.Item)
		if it == nil || !it.Optional || len(it.rounds) > 0 || it.skipped {
			return both("nội dung %s không bỏ qua được", "the item %s could not be left out", clip(b.Item))
		}
		it.skipped = true
		return nil
	}
	if r == nil {
		return both("danh sách chưa mở", "the list was not opened")
	}
	on, err := l.day(c, it)
	if err != nil {
		return err
	}
	switch e.Kind {
	case kindListed, kindMoved, kindSeats, kindReading, kindListVoted:
		if err := l.making(it, r); err != nil {
			return err
		}
	}
	switch e.Kind {
	case kindListed:
		r.add(b.Persons)
		for _, p := range b.Persons {
			x, err := l.examine(lib, c, it, r, p, on)
			if err != nil {
				return err
			}
			if len(x.Barred) > 0 && !x.Strike {
				return both("%s: quy định không cho vào danh sách (%s)", "%s: a rule bars the person (%s)", clip(p.Person), x.Barred[0].Verdict.Article)
			}
		}
		return nil
	case kindMoved:
		return l.moved(lib, c, it, r, e, b, on)
	case kindSeats:
		r.seats, r.voted = b.Seats, true
		if it.SeatsBy == "allotted" {
			return nil
		}
		return l.byHand(lib, e, rule.Words{VI: "số lượng cần bầu", EN: "number of seats"}, b, on)
	case kindReading:
		if err := lib.CheckChoices(on, map[string]string{b.Rule: b.Reading}); err != nil {
			return both("quy định không có cách hiểu này", "the rule has no such reading")
		}
		r.choices[b.Rule] = b.Reading
		return nil
	case kindListVoted:
		if r.kind == "first" || r.kind == "further" {
			if err := l.earlier(c, it); err != nil {
				return err
			}
		}
		if err := l.listVoted(lib, c, it, r, e, b, on); err != nil {
			return err
		}
		r.order, r.form, r.seats = b.Order, b.Form, b.Seats
	case kindRoundClosed:
		if err := l.mayDecide(c, it, r, b); err != nil {
			return err
		}
		r.decided = append(r.decided, b.Choice)
		if b.Choice == "answered-designated" {
			r.named = append(r.named, b.Person)
		}
		if b.Hand != nil {
			return l.byHand(lib, e, rule.Words{VI: "quyết định sau kết quả bầu", EN: "decision on a result"}, b, on)
		}
	}
	return nil
}

// unless gives an error but for what is not in the bundle, which is said at
// the end.
func unless(err error) error {
	if errors.As(err, new(*notHere)) {
		return nil
	}
	return err
}

// onList holds recorded figures against the list as it was voted.
func (l *law) onList(c *contest) error {
	rec := c.record
	for _, ch := range l.lists {
		it, r := ch.round(rec.ID)
		if r == nil {
			continue
		}
		if err := l.countable(ch, it, r); err != nil {
			return unless(err)
		}
		on, err := l.day(ch, it)
		if err != nil {
			return nil // said already
		}
		kind := it.Rules
		if r.kind == "poll" {
			kind = "party-election/opinion-poll"
		}
		same := rec.Rules == kind && rec.Date == on && rec.Seats != nil && *rec.Seats == r.seats && (rec.Form == "" || rec.Form == r.form) && len(rec.Candidates) == len(r.order)
		for i := range r.order {
			same = same && rec.Candidates[i].ID == r.order[i]
		}
		if !same {
			return both("số liệu không phải của danh sách đã biểu quyết", "the figures are not those of the list that was voted")
		}
	}
	return nil
}
