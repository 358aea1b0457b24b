package web

import (
	"net/url"
	"strconv"

	"minhbach/internal/org"
	"minhbach/internal/person"
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
	Missing  []lackLine // what is missing, what runs out when
	Newer    string     // another edition is in force since
	Timeline []foldedEvent
	Known_   int64 // entry the page speaks of, -1 now
	Actors   func(string) string
	Others   []string // other forms of a running case
	Managing procedure.TableRow
	HasRow   bool
	Drafts   []casePaperRow // papers the house can make
	Deputies *deputiesView  // where the post is a deputy's
}

// deputiesView is how many deputies the body has now, and what the rule on
// their number says of it; Verdict is nil where no document of the day has one
// or the body's quota is not on record.
type deputiesView struct {
	N       int64
	Path    string // of the body's staff
	Verdict *rule.Verdict
}

// deputies counts the deputies of the body of a case; nil where the post is not
// a deputy's.
func (c *Call) deputies(tx *store.Tx, lib *rule.Library, v *caseView) (*deputiesView, error) {
	if t, _ := person.TitleOf(v.State.Title); !t.Deputy {
		return nil, nil
	}
	n, says, ok, err := person.DeputiesOf(c.Ctx(), tx, lib, v.Org, org.Now(v.today(c)))
	d := &deputiesView{N: n, Path: "/to-chuc/bien-che?" + url.Values{"goc": {v.Org}}.Encode()}
	if ok {
		d.Verdict = &says
	}
	return d, err
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
			d.Left, d.Known = daysLeft(v.Lib.Calendar(), v.today(c), d.Due)
			d.Late = d.Due.Before(v.today(c))
		}
		for _, st := range v.Def.Steps {
			x := c.caseStep(v, st)
			if x.Summons, err = c.summons(tx, v, st); err != nil {
				return err
			}
			if h := x.Holding; v.Run && h != nil && h.Counted == nil && !h.Skipped && st.Persons == rule.FromStepOrOther && !v.Phase.Over() {
				x.WriteIn = procedureActPath(v.ID, "nguoi?buoc="+st.ID)
			}
			d.Steps = append(d.Steps, x)
		}
		for _, p := range v.Persons {
			d.Persons = append(d.Persons, c.casePerson(v, p))
		}
		d.Others = []string{"y-kien", "y-kien-khac", "hoi-y-kien", "don-thu", "khai-quan-he", "cach-hieu", "chuyen-ban", "dung"}
		if d.Managing, d.HasRow, err = procedure.PostRow(c.Ctx(), tx, v.Org, v.State.Title, v.Opened); err != nil {
			return err
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		if d.Deputies, err = c.deputies(tx, lib, v); err != nil {
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
		if d.Missing, err = c.lacks(tx, v); err != nil {
			return err
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

func (c *Call) conditionTitle(v *caseView, id string) string {
	for i := range v.Def.Conditions {
		if v.Def.Conditions[i].ID == id {
			return c.Words(v.Def.Conditions[i].Title)
		}
	}
	return id
}
