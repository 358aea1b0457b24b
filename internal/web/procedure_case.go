package web

import (
	"strconv"

	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
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
	Drafts   []casePaperRow // papers the house can make
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
		if d.Known_ < 0 && v.Sees {
			if d.Drafts, err = c.casePapers(tx, v); err != nil {
				return err
			}
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
