package web

import (
	"strconv"
	"strings"

	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

type procedureCaseData struct {
	View     *caseView
	Next     nextStep
	Left     int
	Known    bool
	Late     bool
	Due      vn.Date
	DueBy    string
	Steps    []caseStep
	Persons  []casePerson
	Rhythm   []rhythmRow
	Missing  []string // what is missing, what runs out when
	Newer    string   // another edition is in force since
	Timeline []foldedEvent
	Known_   int64 // entry the page speaks of, -1 now
	Actors   func(string) string
	Others   []string // other forms of a running case
	Managing procedure.TableRow
	HasRow   bool
}

// caseStep is one step as the chain shows it.
type caseStep struct {
	Step    *rule.Step
	Holding *procedure.Step
	Class   string
	Tag     Tag
	Shown   bool // the figures may be shown to this reader
	Announc string
	Lines   []caseLine
	Says    string
	Who     string
	Body    string
}

type caseLine struct {
	Name, Share, Outcome string
	Votes                int64
	Tag                  Tag
	Width, Line          int64
}

type casePerson struct {
	procedure.Person
	Name, Path       string
	Met, Missing, No int
	Tag              Tag
}

// rhythmRow is the time between two things, beside how long it took in the
// other finished cases of the same procedure.
type rhythmRow struct {
	From, To string
	Days     int64
	Odd      string // quicker or slower than every other case
}

var procedureCase = page[procedureCaseData]("procedure_case")

func (s *Server) procedureCaseGet(c *Call) error {
	d := procedureCaseData{Known_: -1}
	if q := c.R.URL.Query().Get("nhu"); q != "" {
		n, err := strconv.ParseInt(q, 10, 63)
		if err != nil || n < 0 {
			return errNotFound
		}
		d.Known_ = n
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), d.Known_); err != nil {
			return err
		}
		v := d.View
		d.Next = c.nextOf(v)
		d.Actors = c.actorNames(tx)
		d.Due, d.DueBy = v.Consent.RunDue, v.Def.Deadline
		if v.Phase == procedure.Asked {
			d.Due, d.DueBy = v.Consent.Due, v.Def.Consent
		}
		if !d.Due.IsZero() && !v.Phase.Over() {
			d.Left, d.Known = daysLeft(v.today(c), d.Due)
			d.Late = d.Due.Before(v.today(c))
		}
		for _, st := range v.Def.Steps {
			d.Steps = append(d.Steps, c.caseStep(v, st))
		}
		for _, p := range v.Persons {
			d.Persons = append(d.Persons, c.casePerson(v, p))
		}
		d.Missing, d.Others = c.missing(v), []string{"y-kien", "y-kien-khac", "hoi-y-kien", "don-thu", "khai-quan-he", "cach-hieu", "chuyen-ban", "dung"}
		if d.Managing, d.HasRow, err = procedure.PostRow(c.Ctx(), tx, v.Org, v.State.Title, v.Opened); err != nil {
			return err
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		if e, _, err := lib.Procedure(v.Procedure, c.Today()); err == nil && e.Digest != v.Edition.Digest && !v.Phase.Over() {
			d.Newer = e.Document.Number + ", " + dayText(c.Lang, e.Valid.From)
		}
		d.Timeline = foldEvents(v.Events)
		d.Rhythm, err = c.caseRhythm(tx, v)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureCase.show(c, d)
}

// foldedEvent is one line of the timeline: an event, or a run of conclusions on
// conditions of one person by one officer, which stand below one line.
type foldedEvent struct {
	procedure.Event
	Run []procedure.Event // the events of the run, empty for a single one
}

func foldEvents(events []procedure.Event) []foldedEvent {
	var out []foldedEvent
	for _, e := range events {
		if n := len(out) - 1; n >= 0 && e.What == "condition-judged" {
			l := &out[n]
			if l.What == e.What && l.Body.Person == e.Body.Person && l.Actor == e.Actor {
				if l.Run == nil {
					l.Run = []procedure.Event{l.Event}
				}
				l.Run = append(l.Run, e)
				continue
			}
		}
		out = append(out, foldedEvent{Event: e})
	}
	return out
}

// Condition is a condition of the definition in words.
func (v *caseView) Condition(id string) rule.Words {
	for i := range v.Def.Conditions {
		if v.Def.Conditions[i].ID == id {
			return v.Def.Conditions[i].Title
		}
	}
	return rule.Words{VI: id, EN: id}
}

func (c *Call) casePerson(v *caseView, p procedure.Person) casePerson {
	x := casePerson{Person: p, Name: v.Name(p.ID), Path: v.Path + "/nguoi/" + strings.TrimPrefix(p.ID, "person/")}
	for _, l := range p.Lines {
		switch l.State {
		case procedure.Met, procedure.Excepted, procedure.NotAskedFor:
			x.Met++
		case procedure.NotMet:
			x.No++
		default:
			x.Missing++
		}
	}
	switch {
	case p.Left:
		x.Tag = Tag{"no", c.T("procedure.person.left")}
	case p.Eligible():
		x.Tag = Tag{"yes", c.T("procedure.person.eligible")}
	case x.No > 0:
		x.Tag = Tag{"stop", c.T("procedure.person.not")}
	default:
		x.Tag = Tag{"wait", c.T("procedure.person.missing")}
	}
	return x
}

func (c *Call) caseStep(v *caseView, st *rule.Step) caseStep {
	x := caseStep{Step: st, Holding: v.Step(st.ID), Body: c.TK("reg.body", st.Body), Shown: v.Sees}
	if st.Contest != "" {
		if b, err := v.Lib.For(st.Contest, v.Opened); err == nil {
			if p := b.Policy("announce"); p != nil {
				x.Announc = c.Words(p.Policy.Says)
				x.Shown = x.Shown || p.Choose == "announced"
			} else {
				x.Announc = c.T("procedure.announce.unknown")
			}
		}
	}
	h := x.Holding
	switch {
	case h == nil:
		x.Tag = Tag{"no", c.T("procedure.step.waits")}
		if n := v.Next(v.Def); n != nil && n.ID == st.ID && v.Phase == procedure.Running {
			x.Class, x.Tag = "now", Tag{"wait", c.T("procedure.step.next")}
		}
		return x
	case h.Skipped:
		x.Class, x.Tag = "over", Tag{"no", c.T("procedure.step.skipped")}
		return x
	case h.Counted == nil:
		x.Class, x.Tag = "now", Tag{"wait", c.T("procedure.step.open")}
	case h.Done():
		x.Class, x.Tag = "over", Tag{"yes", c.T("procedure.step.done")}
	default:
		x.Class, x.Tag = "now", Tag{"stop", c.TK("reg.status", string(h.Result.Status))}
	}
	x.Who = v.Names(h.Opening.Body.Persons)
	if h.Counted != nil && h.Result == nil {
		x.Says = c.T("procedure.step.approved", v.Names(h.Passed))
	}
	if h.Result != nil && x.Shown {
		base := int64(0)
		if h.Result.Denominator.Count != nil {
			base = *h.Result.Denominator.Count
		}
		for _, l := range h.Result.Results {
			cl := caseLine{Name: v.Name(l.Candidate), Share: l.Share, Votes: l.Votes, Outcome: c.TK("procedure.result", string(l.Outcome))}
			cl.Tag = Tag{"no", cl.Outcome}
			if l.Outcome == vote.GoesOn || l.Outcome == vote.Elected {
				cl.Tag.Kind = "yes"
			}
			if base > 0 {
				cl.Width = min(1000, l.Votes*1000/base)
			}
			x.Lines = append(x.Lines, cl)
		}
	}
	return x
}

// missing says what is missing and what runs out when.
func (c *Call) missing(v *caseView) []string {
	var out []string
	for _, p := range v.Persons {
		if p.Left {
			continue
		}
		n := 0
		for _, l := range p.Lines {
			if l.State == procedure.Unknown {
				n++
			}
			if !l.Expires.IsZero() && l.State == procedure.Met {
				out = append(out, c.T("procedure.expires", v.Name(p.ID), c.conditionTitle(v, l.Condition), dayText(c.Lang, l.Expires)))
			}
		}
		if len(p.Lines) == 0 {
			out = append(out, c.T("procedure.no.sheet", v.Name(p.ID)))
		} else if n > 0 {
			out = append(out, c.T("procedure.lines.missing", v.Name(p.ID), strconv.Itoa(n)))
		}
	}
	for _, st := range v.Def.Steps {
		if h := v.Step(st.ID); h != nil && h.Counted != nil {
			signed := false
			for _, e := range v.Papers {
				signed = signed || e.Body.Step == st.ID
			}
			if !signed {
				out = append(out, c.T("procedure.no.signed", st.ID))
			}
		}
	}
	for _, l := range v.OpenLetters() {
		out = append(out, c.T("procedure.open.letter", v.Name(l.Received.Body.Person)))
	}
	return out
}

func (c *Call) conditionTitle(v *caseView, id string) string {
	for i := range v.Def.Conditions {
		if v.Def.Conditions[i].ID == id {
			return c.Words(v.Def.Conditions[i].Title)
		}
	}
	return id
}

// caseRhythm is how many days lie between the events of a case. It is marked where
// it was quicker or slower than in every other finished case of the same
// procedure on record: no fixed number, only what was usual here.
func (c *Call) caseRhythm(tx *store.Tx, v *caseView) ([]rhythmRow, error) {
	rows, _, err := procedure.List(c.Ctx(), tx, procedure.Filter{}, 0, 200)
	if err != nil {
		return nil, err
	}
	type span struct{ low, high, n int64 }
	usual := map[string]*span{}
	for _, r := range rows {
		if r.ID == v.ID || r.Procedure != v.Procedure || r.Phase != procedure.Ended || r.Scribed != v.Scribed {
			continue
		}
		past, err := c.pastGaps(tx, r)
		if err != nil {
			return nil, err
		}
		for _, g := range past {
			u := usual[g.key]
			if u == nil {
				usual[g.key] = &span{g.days, g.days, 1}
				continue
			}
			u.low, u.high, u.n = min(u.low, g.days), max(u.high, g.days), u.n+1
		}
	}
	var out []rhythmRow
	for _, g := range gaps(v.State) {
		r := rhythmRow{From: c.gapText(v, g.from), To: c.gapText(v, g.to), Days: g.days}
		if u := usual[g.key]; u != nil && u.n >= fewest {
			if g.days < u.low {
				r.Odd = c.T("procedure.quick", strconv.FormatInt(u.n, 10), strconv.FormatInt(u.low, 10))
			}
			if g.days > u.high {
				r.Odd = c.T("procedure.slow", strconv.FormatInt(u.n, 10), strconv.FormatInt(u.high, 10))
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// pastGaps are the spans of a case that is over. They change with none but its
// last entry, so each is folded once in the life of the server.
func (c *Call) pastGaps(tx *store.Tx, r procedure.Row) ([]gap, error) {
	key := r.ID + "@" + strconv.FormatInt(r.Last, 10)
	if g, ok := c.s.caseGaps.Load(key); ok {
		return g.([]gap), nil
	}
	st, err := procedure.Get(c.Ctx(), tx, r.ID, -1)
	if err != nil || st == nil {
		return nil, err
	}
	g := gaps(st)
	c.s.caseGaps.Store(key, g)
	return g, nil
}

// fewest is how many other cases there must be before unusual means anything.
const fewest = 3

type gap struct {
	key, from, to string
	days          int64
}

// gaps are the spans between the dated milestones of a case.
func gaps(s *procedure.State) []gap {
	type mark struct {
		key string
		on  vn.Date
	}
	var ms []mark
	add := func(key string, e *procedure.Event) {
		if e != nil && !e.Body.On.IsZero() {
			ms = append(ms, mark{key, e.Body.On})
		}
	}
	add("asked", s.Consent.Asked)
	add("given", s.Consent.Given)
	for i := range s.Steps {
		if !s.Steps[i].Skipped && s.Steps[i].Round <= 1 {
			add(s.Steps[i].ID, &s.Steps[i].Opening)
		}
	}
	add("submitted", s.SubmittedAt)
	add("appraised", s.AppraisedAt)
	add("decided", s.DecidedAt)
	var out []gap
	for i := 1; i < len(ms); i++ {
		out = append(out, gap{ms[i-1].key + ">" + ms[i].key, ms[i-1].key, ms[i].key, daysBetween(ms[i-1].on, ms[i].on)})
	}
	return out
}

func daysBetween(a, b vn.Date) int64 {
	n := int64(0)
	for d := a; d.Before(b) && n < 10_000; d = d.AddDays(1) {
		n++
	}
	return n
}

func (c *Call) gapText(v *caseView, key string) string {
	if v.Def.Step(key) != nil {
		return c.T("procedure.step.n", key)
	}
	return c.TK("procedure.mark", key)
}

type procedurePersonData struct {
	View    *caseView
	Person  casePerson
	Lines   []sheetLine
	Clashes []clashLine
}

type sheetLine struct {
	procedure.Line
	Title, Article, Judge string
	Tag                   Tag
	Reckoned              bool
}

type clashLine struct{ Says, Article, Tie string }

var procedurePerson = page[procedurePersonData]("procedure_person")

func (s *Server) procedurePersonGet(c *Call) error {
	var d procedurePersonData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		v := d.View
		p := v.Person("person/" + c.R.PathValue("person"))
		if p == nil {
			return errNotFound
		}
		d.Person = c.casePerson(v, *p)
		for i := range v.Def.Conditions {
			k := &v.Def.Conditions[i]
			if k.Level != "" && k.Level != v.Level {
				continue
			}
			l := sheetLine{Line: procedure.Line{Condition: k.ID, State: procedure.Unknown}, Title: c.Words(k.Title), Article: k.Article, Reckoned: k.Rule != ""}
			for _, got := range p.Lines {
				if got.Condition == k.ID {
					l.Line = got
				}
			}
			l.Judge = procedureActPath(v.ID, "dieu-kien") + "?nguoi=" + p.ID + "&dieu=" + k.ID
			l.Tag = Tag{map[string]string{procedure.Met: "yes", procedure.Excepted: "yes", procedure.NotAskedFor: "no", procedure.NotMet: "stop"}[l.State], c.TK("procedure.line", l.State)}
			if l.Tag.Kind == "" {
				l.Tag.Kind = "wait"
			}
			d.Lines = append(d.Lines, l)
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		found, err := procedure.Relatives(c.Ctx(), tx, lib, v.State, p.ID, c.Today())
		if err != nil {
			return err
		}
		for _, x := range found {
			d.Clashes = append(d.Clashes, clashLine{c.Words(x.Pair.Says), x.Pair.Article + ", " + x.Edition.Document.Number, c.TK("procedure.tied", "as-"+x.Tie)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(d.Person.ID, "case"); err != nil {
		return err
	}
	return procedurePerson.show(c, d)
}

type procedureStoryData struct {
	View  *caseView
	Rows  []storyRow
	After []storyRow
}

// storyRow is one line of the one-page "Diễn biến quy trình".
type storyRow struct {
	Step, Title, Body     string
	Held                  vn.Date
	Entered               string
	Late                  bool
	People                string
	Summoned, Present     string
	Ballots               string
	Lines                 []caseLine
	Announced, Minutes    string
	Signers, Article, Out string
}

var procedureStory = page[procedureStoryData]("procedure_story")

func (s *Server) procedureStoryGet(c *Call) error {
	var d procedureStoryData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		d.Rows = c.storyRows(d.View)
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureStory.show(c, d)
}

func (c *Call) storyRows(v *caseView) []storyRow {
	n := func(p *int64) string {
		if p == nil {
			return "–"
		}
		return number(c.Lang, *p)
	}
	var out []storyRow
	for _, st := range v.Def.Steps {
		h := v.Step(st.ID)
		x := c.caseStep(v, st)
		r := storyRow{Step: st.ID, Title: c.Words(st.Title), Body: x.Body, Article: st.Article + ", " + v.Edition.Document.Number, Announced: x.Announc}
		if h != nil && h.Skipped {
			r.Out = c.T("procedure.step.skipped")
		}
		if h != nil && !h.Skipped {
			r.Held, r.Late, r.People = h.Opening.Body.On, h.Opening.Body.Late, v.Names(h.Opening.Body.Persons)
			r.Entered = whenText(c.Lang, h.Opening.At)
			if h.Counted != nil {
				r.Entered = whenText(c.Lang, h.Counted.At)
				if f := h.Counted.Body.Figures; f != nil {
					r.Summoned, r.Present = n(f.Summoned), n(f.Present)
				}
				if rec := h.Record; rec != nil && x.Shown {
					r.Summoned, r.Present = n(rec.Base.Summoned), n(rec.Base.Present)
					r.Ballots = n(rec.Ballots.Issued) + " / " + n(rec.Ballots.Collected) + " / " + n(rec.Ballots.Valid)
				}
				r.Out = c.T("procedure.step.passed", v.Names(h.Passed))
				if !x.Shown {
					r.Out = c.T("procedure.hidden")
				}
			}
			r.Lines = x.Lines
			for _, e := range v.Papers {
				if e.Body.Step == st.ID {
					r.Minutes = strings.TrimSpace(e.Body.Paper.Kind + " " + e.Body.Paper.Number)
					if w := e.Body.Paper.Where; w != "" {
						r.Minutes += ", " + w
					}
					r.Signers = v.Names(e.Body.Signers)
				}
			}
		}
		out = append(out, r)
	}
	return out
}
