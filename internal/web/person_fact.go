package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// factModule is the personal facts of a person by block, and what is drawn and
// printed from them.
var factModule = module{
	name: "fact",
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /can-bo/thong-tin/{id}", need: desk.ReadPerson, any: true, handle: s.personFactsGet},
			{pattern: "GET /can-bo/thong-tin/{id}/ghi", need: desk.EditPerson, any: true, handle: s.personFactGet},
			{pattern: "POST /can-bo/thong-tin/{id}/ghi", need: desk.EditPerson, any: true, handle: s.personFactPost},
			{pattern: "GET /can-bo/qua-trinh/{id}", need: desk.ReadPerson, any: true, handle: s.personCareerGet},
			{pattern: "GET /can-bo/phieu/{id}", need: desk.ReadPerson, any: true, handle: s.personFormsGet},
			{pattern: "POST /can-bo/phieu/{id}", need: desk.ReadPerson, any: true, handle: s.personFormsPost},
			{pattern: "GET /can-bo/trich-ngang", need: desk.ReadPerson, any: true, handle: s.personExtractGet},
			{pattern: "POST /can-bo/trich-ngang", need: desk.ReadPerson, any: true, handle: s.personExtractPost},
			{pattern: "POST /dang-vien/huy-hieu", need: desk.ReadPerson, any: true, handle: s.memberBadgesPost},
		}
	},
}

// factsPath is the page of the facts of a person.
func factsPath(id string) string { return "/can-bo/thong-tin/" + strings.TrimPrefix(id, "person/") }

type personFactsData struct {
	ID, Key, Name string
	Tab           string
	Sample, Edit  bool
	Known         int64 // as known at this entry; -1 now
	KnownAt       time.Time
	LockedBy      []string // cases that lock identity facts
	Groups        []factGroup
}

type factGroup struct {
	Key    string
	Blocks []factBlockView
}

// factBlockView is one block on the page.
type factBlockView struct {
	person.FactBlock
	Name   string
	Closed bool // sensitive, and not asked for
	Count  int
	Facts  []factView
	Story  []factView
	Add    string // address of the form; "" when nothing may be added
}

// factView is one fact, or one wording of it.
type factView struct {
	Lines        []labelled
	Span         string
	Past, Future bool
	Present      bool
	Source       string
	Certifier    string
	Entry        int64
	At           time.Time
	Ended        bool
	Withdrawn    bool
	Fixed        bool
	During       string // the case that was running when it was recorded
	Change       string // addresses of forms
	End          string
	Correct      string
}

type labelled struct{ Label, Value string }

var personFacts = page[personFactsData]("person_facts")

// subjectPerson is the person of the address, when the reader holds the right
// over the file.
func (c *Call) subjectPerson(tx *store.Tx, right desk.Right) (id, home string, p person.Person, err error) {
	id = "person/" + c.R.PathValue("id")
	home, known, err := person.Home(c.Ctx(), tx, id)
	if err != nil {
		return id, home, p, err
	}
	if !known || !c.May(tx, desk.Need{Right: right, Org: home}) || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
		return id, home, p, errNoPerson
	}
	p, ok, err := person.Get(c.Ctx(), tx, id, org.Now(c.On()))
	if err == nil && !ok {
		p, err = c.personNow(tx, id)
	}
	return id, home, p, err
}

func (s *Server) personFactsGet(c *Call) error {
	q := c.R.URL.Query()
	d := personFactsData{Tab: "facts", Known: -1}
	if n, err := strconv.ParseInt(q.Get("biet"), 10, 64); err == nil && n >= 0 {
		d.Known = n
	}
	if err := c.Read(func(tx *store.Tx) error { return c.personFactsData(tx, &d, q["mo"]) }); err != nil {
		return err
	}
	if err := c.Viewed(d.ID, "facts"); err != nil {
		return err
	}
	for _, key := range q["mo"] { // each sensitive block stands in the read log under its own name
		if b, ok := person.FactBlockOf(key); ok && b.Sensitive {
			if err := c.Viewed(d.ID, "facts."+b.Key); err != nil {
				return err
			}
		}
	}
	return personFacts.show(c, d)
}

func (c *Call) personFactsData(tx *store.Tx, d *personFactsData, open []string) error {
	id, home, p, err := c.subjectPerson(tx, desk.ReadPerson)
	if err != nil {
		return err
	}
	d.ID, d.Key, d.Name, d.Sample = id, c.R.PathValue("id"), c.personName(p), p.Sample
	d.Edit = d.Known < 0 && c.May(tx, desk.Need{Right: desk.EditPerson, Org: home})
	at := org.At{On: c.On(), Known: d.Known}
	if d.Known >= 0 {
		rec, err := desk.GetRecord(c.Ctx(), tx, d.Known)
		if err != nil {
			return errNotFound
		}
		d.KnownAt = rec.At
		if p, _, err = person.Get(c.Ctx(), tx, id, at); err != nil {
			return err
		}
	}
	locks, err := person.Locks(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	for _, by := range locks {
		d.LockedBy = append(d.LockedBy, strings.TrimPrefix(by, "procedure/"))
	}
	facts, err := person.FactsUntil(c.Ctx(), tx, id, at)
	if err != nil {
		return err
	}
	history, err := person.FactHistory(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	spans, err := person.LockSpans(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	for _, b := range person.FactBlocks() {
		v := factBlockView{FactBlock: b, Name: c.either(b.VI, b.EN)}
		v.Closed = b.Sensitive && !slices.Contains(open, b.Key)
		if b.Shape == "registry" {
			if p.Present {
				v.Facts = []factView{{Lines: c.identityLines(p.Identity), Present: true, Entry: p.Content, Span: spanText(c.Lang, p.From, p.To)}}
			}
			if d.Edit && len(locks) == 0 {
				v.Add = "/can-bo/viec/doi?nguoi=" + d.Key
			}
		} else if err := c.factBlock(tx, d, &v, facts, history, spans); err != nil {
			return err
		}
		if n := len(d.Groups); n == 0 || d.Groups[n-1].Key != b.Group {
			d.Groups = append(d.Groups, factGroup{Key: b.Group})
		}
		g := &d.Groups[len(d.Groups)-1]
		g.Blocks = append(g.Blocks, v)
	}
	return nil
}

// factBlock fills the facts and the story of one block.
func (c *Call) factBlock(tx *store.Tx, d *personFactsData, v *factBlockView, facts []person.Fact, history []person.FactSaying, spans map[string][][2]int64) error {
	ghi := factsPath(d.ID) + "/ghi?khoi=" + v.Key
	may := d.Edit && (!v.Locked || len(d.LockedBy) == 0)
	if may {
		v.Add = ghi
	}
	standing := map[int64]person.FactSaying{}
	for _, h := range history {
		if h.Block == v.Key && (d.Known < 0 || h.Entry <= d.Known) {
			standing[h.Entry] = h
		}
	}
	for _, f := range facts {
		past := !f.To.IsZero() && !c.On().Before(f.To)
		if f.Block != v.Key || past && !v.List() {
			continue
		}
		v.Count++
		if v.Closed {
			continue
		}
		x := c.factView(v.FactBlock, f.FactContent, f.Present, f.From, f.To)
		x.Past, x.Entry = past, f.Content
		if h, ok := standing[f.Content]; ok && may {
			x.Correct = ghi + "&sua=" + strconv.FormatInt(h.Fact, 10)
			if !past {
				x.Change = ghi + "&muc=" + f.Item
			}
			if v.List() && !v.Point && f.To.IsZero() {
				x.End = ghi + "&thoi=1&muc=" + f.Item
			}
		}
		if err := c.factRecorded(tx, &x, spans); err != nil {
			return err
		}
		v.Facts = append(v.Facts, x)
	}
	if v.Closed {
		return nil
	}
	for _, h := range history {
		if _, ok := standing[h.Entry]; !ok || len(standing) == v.Count { // nothing but what stands above
			continue
		}
		x := c.factView(v.FactBlock, h.FactContent, h.Present, h.From, h.To)
		x.Entry, x.Ended, x.Withdrawn, x.Fixed, x.Future = h.Entry, h.Ended, h.Withdrawn, h.EntryTo >= 0 && (d.Known < 0 || h.EntryTo <= d.Known), c.On().Before(h.From)
		if may && h.EntryTo < 0 && !h.Withdrawn {
			x.Correct = ghi + "&sua=" + strconv.FormatInt(h.Fact, 10)
		}
		if err := c.factRecorded(tx, &x, spans); err != nil {
			return err
		}
		v.Story = append(v.Story, x)
	}
	return nil
}

// factRecorded says when an entry was made, and in which running case.
func (c *Call) factRecorded(tx *store.Tx, x *factView, spans map[string][][2]int64) error {
	rec, err := desk.GetRecord(c.Ctx(), tx, x.Entry)
	if err != nil {
		return err
	}
	x.At = rec.At
	for by, ss := range spans {
		for _, s := range ss {
			if s[0] < x.Entry && (s[1] < 0 || x.Entry < s[1]) {
				x.During = strings.TrimPrefix(by, "procedure/")
			}
		}
	}
	return nil
}

func (c *Call) either(vi, en string) string {
	if c.Lang == "en" {
		return en
	}
	return vi
}

// factView puts a wording into words; days as the paper gives them.
func (c *Call) factView(b person.FactBlock, f person.FactContent, present bool, from, to vn.Date) factView {
	x := factView{Present: present, Certifier: f.Certifier, Span: spanText(c.Lang, from, to)}
	if !present {
		return x
	}
	x.Span = partialSpan(f.From, f.Until, from, to)
	if b.Point && to.IsZero() {
		x.Span = f.From.Vietnamese()
	}
	for _, field := range b.Fields {
		if v := f.Values[field.Key]; v != "" {
			x.Lines = append(x.Lines, labelled{c.either(field.VI, field.EN), field.Words(v, c.Lang)})
		}
	}
	x.Source = c.sourceText(f.Source)
	return x
}

func (c *Call) sourceText(s person.FactSource) string {
	k, ok := person.FactCodeOf("source", s.Kind)
	if !ok {
		return ""
	}
	parts := []string{c.either(k.VI, k.EN)}
	if s.Number != "" {
		parts = append(parts, c.T("fact.number", s.Number))
	}
	if !s.Date.IsZero() {
		parts = append(parts, dayText(c.Lang, s.Date))
	}
	if s.By != "" {
		parts = append(parts, s.By)
	}
	return strings.Join(parts, ", ")
}

func (c *Call) identityLines(id person.Identity) []labelled {
	b, _ := person.FactBlockOf("identity")
	values := id.Values()
	var out []labelled
	for _, f := range b.Fields {
		if v := values[f.Key]; v != "" {
			out = append(out, labelled{c.either(f.VI, f.EN), f.Words(v, c.Lang)})
		}
	}
	return out
}

// spanText writes the days from the first to the last one on which it holds.
func spanText(lang string, from, to vn.Date) string {
	if to.IsZero() {
		return dayText(lang, from) + " –"
	}
	return dayText(lang, from) + " – " + dayText(lang, to.AddDays(-1))
}

// partialSpan is spanText as the paper gives the days; an end that came with a
// later wording is given as a day.
func partialSpan(from, until vn.PartialDate, first, to vn.Date) string {
	if from.First() != first {
		from = first.Partial()
	}
	switch {
	case to.IsZero():
		return from.Vietnamese() + " –"
	case until == from:
		return from.Vietnamese()
	case !until.IsZero() && until.Last().AddDays(1) == to:
		return from.Vietnamese() + " – " + until.Vietnamese()
	}
	return from.Vietnamese() + " – " + to.AddDays(-1).Partial().Vietnamese()
}
