package assembly

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// The entry kinds of meetings.
const (
	KindOpened      = "meeting.opened/1"
	KindChanged     = "meeting.changed/1"
	KindSummoned    = "meeting.summoned/1"
	KindSummonsMend = "meeting.summons-changed/1"
	KindSession     = "meeting.session-opened/1"
	KindSessionDone = "meeting.session-closed/1"
	KindAttendance  = "meeting.attendance-taken/1"
	KindReplaced    = "meeting.alternate-replaced/1"
	KindUnreplaced  = "meeting.replacement-undone/1"
	KindDeducted    = "meeting.base-deducted/1"
	KindRestored    = "meeting.base-restored/1"
	KindHandVote    = "meeting.hand-voted/1"
	KindOrgan       = "meeting.organ-chosen/1"
	KindClosed      = "meeting.closed/1"
)

// Fact is the body of every kind of this room; what a kind does not use is
// left out. It holds ids, numbers, days, codes and titles of meetings.
type Fact struct {
	Meeting    string         `json:"meeting"`
	Org        string         `json:"organisation,omitzero"`
	Body       Body           `json:"body,omitzero"`
	Level      string         `json:"level,omitzero"`
	Date       vn.Date        `json:"date,omitzero"`
	Title      rule.Words     `json:"title,omitzero"`
	Term       string         `json:"term,omitzero"`
	After      string         `json:"after,omitzero"`
	Late       bool           `json:"late,omitzero"`
	Sample     bool           `json:"sample,omitzero"`
	Clock      vn.Date        `json:"clock,omitzero"`
	Incumbents *int64         `json:"incumbents,omitempty"`
	People     []Attendee     `json:"people,omitempty"`
	Out        bool           `json:"out,omitzero"` // no longer summoned
	Session    string         `json:"session,omitzero"`
	Voting     bool           `json:"voting,omitzero"`
	Marks      []Marked       `json:"marks,omitempty"`
	Corrects   bool           `json:"corrects,omitzero"` // an attendance taken before
	Person     string         `json:"person,omitzero"`
	Alternate  string         `json:"alternate,omitzero"`
	Reason     string         `json:"reason,omitzero"` // code of a deduction
	Vote       string         `json:"vote,omitzero"`
	On         string         `json:"on,omitzero"`
	For        int64          `json:"for,omitzero"`
	Against    int64          `json:"against,omitzero"`
	Other      int64          `json:"other,omitzero"`
	Base       int64          `json:"base,omitzero"`
	Passed     bool           `json:"passed,omitzero"`
	Status     string         `json:"status,omitzero"`
	Verdict    []rule.Verdict `json:"verdict,omitempty"`
	Chosen     []Choice       `json:"chosen,omitempty"`
	Organ      Organ          `json:"organ,omitzero"`
	Item       string         `json:"item,omitzero"`
	Head       string         `json:"head,omitzero"`
	Members    []string       `json:"members,omitempty"`
}

// Choice is a reading of an unsettled item that the body decided on.
type Choice struct {
	Rule    string `json:"rule"`
	Reading string `json:"reading"`
}

// Marked is how one person was.
type Marked struct {
	Person string `json:"person"`
	Mark   Mark   `json:"mark"`
}

// Add folds one more entry in; words are those of its block, "" when there are none.
func (s *State) Add(entry int64, kind string, f Fact, words string) {
	switch kind {
	case KindOpened:
		s.ID, s.Org, s.Body, s.Level, s.Date, s.Title, s.Term = f.Meeting, f.Org, f.Body, f.Level, f.Date, f.Title, f.Term
		s.After, s.Late, s.LateWhy, s.Sample, s.Clock, s.Opened, s.Incumbents = f.After, f.Late, words, f.Sample, f.Clock, entry, f.Incumbents
	case KindChanged:
		s.Date, s.Title, s.Term, s.Incumbents = f.Date, f.Title, f.Term, f.Incumbents
	case KindSummoned:
		s.People = append(s.People, f.People...)
	case KindSummonsMend:
		for _, p := range f.People {
			i := slices.IndexFunc(s.People, func(a Attendee) bool { return a.Person == p.Person })
			switch {
			case f.Out && i >= 0:
				s.People = slices.Delete(s.People, i, i+1)
			case i >= 0:
				p.Replaces = s.People[i].Replaces
				s.People[i] = p
			case !f.Out:
				s.People = append(s.People, p)
			}
		}
	case KindSession:
		s.Sessions = append(s.Sessions, Session{ID: f.Session, Title: f.Title, Date: f.Date, Voting: f.Voting, Marks: map[string]Mark{}, Entry: entry})
	case KindSessionDone:
		if x := s.Session(f.Session); x != nil {
			x.Closed = true
		}
	case KindAttendance:
		if x := s.Session(f.Session); x != nil {
			for _, m := range f.Marks {
				x.Marks[m.Person] = m.Mark
			}
		}
	case KindReplaced:
		if a := s.Attendee(f.Alternate); a != nil {
			a.Replaces = f.Person
		}
	case KindUnreplaced:
		if a := s.Attendee(f.Alternate); a != nil {
			a.Replaces = ""
		}
	case KindDeducted:
		s.Deductions = append(s.Deductions, Deduction{f.Person, f.Reason, words, entry})
	case KindRestored:
		s.Deductions = slices.DeleteFunc(s.Deductions, func(d Deduction) bool { return d.Person == f.Person })
	case KindHandVote:
		s.Votes = append(s.Votes, HandVote{ID: f.Vote, On: f.On, Title: f.Title, For: f.For, Against: f.Against, Other: f.Other,
			Passed: f.Passed, Status: f.Status, Verdict: f.Verdict, Base: f.Base, Session: f.Session, Entry: entry, Chosen: f.Chosen, Words: words})
	case KindOrgan:
		s.Organs = append(s.Organs, Chosen{f.Organ, f.Item, f.Head, f.Members, f.Vote, entry})
	case KindClosed:
		s.Closed, s.ClosedOn = true, f.Date
	}
}
