package course

import (
	"encoding/json"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// State is a case as it stands after some of its events: the fold of them and
// of nothing else.
type State struct {
	ID        string
	Procedure string
	Opened    vn.Date // the day that chose the editions
	Org       string
	Title     string
	Level     string
	Seats     int64
	Quota     *int64
	Holders   *int64
	Class     Class
	Sample    bool
	Clock     vn.Date
	Scribed   bool // transcribed from paper, not run here
	Pins      []rule.Pin
	Phase     Phase
	Need      string // words

	Consent  Consent
	Persons  []Person // in the order of being put forward
	Steps    []Step   // every holding of a step, in order; the last of a step counts
	Choices  map[string]string
	Explain  map[string]Event // step whose difference was explained
	Opinions []Event          // written opinions of the Party committee
	Differ   []Event          // differing opinions, to go up
	Asks     []Inquiry        // opinions asked of other bodies in appraisal
	Letters  []Letter
	Recused  []Tie // who declared to be tied to whom
	Access   []Event
	Papers   []Event // signed papers recorded
	Exports  []Event // bundles handed out

	SubmittedAt, AppraisedAt, DecidedAt, ElectedAt, RatifiedAt *Event
	Last                                                       int64 // last entry folded
}

// Consent is consent in principle, as asked and as given.
type Consent struct {
	Asked  *Event
	Given  *Event
	Due    vn.Date // last day to give it, zero when the edition sets none
	RunDue vn.Date // last day of the procedure, zero when the edition sets none
}

// Person is one person put forward in a case.
type Person struct {
	ID      string
	Entry   int64
	Outside string // the step in which the person came from outside the list
	Left    bool
	Facts   Facts
	HasFact bool // Facts could be read; they may be withheld or erased
	Asked   bool // facts were given, whether they can be read here or not
	Judged  map[string]Judged
	Lines   []Line // as checked last
}

// Eligible says that no line of the sheet stands in the way.
func (p *Person) Eligible() bool {
	return len(p.Lines) > 0 && !slices.ContainsFunc(p.Lines, func(l Line) bool { return !l.Passes() })
}

// Step is one holding of a step.
type Step struct {
	ID      string
	Round   int
	Opening Event
	Counted *Event // figures and verdict, or the approved list
	Result  *vote.Result
	Record  *vote.Record
	Passed  []string // persons who go on
	Skipped bool     // the reading decided says there is no such step
}

// Done says that the step has its result and the case may go on from it.
func (s *Step) Done() bool {
	return s.Skipped || s.Counted != nil && (s.Result == nil || s.Result.Status == vote.Decided || s.Result.Status == vote.Short && len(s.Passed) > 0)
}

// Inquiry is an opinion asked of another body in appraisal.
type Inquiry struct {
	Asked    Event
	Answered *Event
}

// Letter is a denunciation or complaint about a person of the case.
type Letter struct {
	ID       string
	Received Event
	Closed   *Event // handled, or reported to the competent level
}

// Tie is a declared tie between one who works on the case and a person of it.
type Tie struct {
	Person, Other, Tie string
	Event              Event
}

// Here are the ids of the persons who have not left.
func (s *State) Here() []string {
	var out []string
	for _, p := range s.Persons {
		if !p.Left {
			out = append(out, p.ID)
		}
	}
	return out
}

// Chosen are the persons the last step with a result chose.
func (s *State) Chosen() []string {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if !s.Steps[i].Skipped && s.Steps[i].Counted != nil {
			return s.Steps[i].Passed
		}
	}
	return nil
}

// Person finds a person of the case who has not left, or nil.
func (s *State) Person(id string) *Person {
	for i := range s.Persons {
		if s.Persons[i].ID == id && !s.Persons[i].Left {
			return &s.Persons[i]
		}
	}
	return nil
}

// Step is the last holding of a step, or nil.
func (s *State) Step(id string) *Step {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if s.Steps[i].ID == id {
			return &s.Steps[i]
		}
	}
	return nil
}

// OpenLetters are the letters neither handled nor reported.
func (s *State) OpenLetters() []Letter {
	var out []Letter
	for _, l := range s.Letters {
		if l.Closed == nil {
			out = append(out, l)
		}
	}
	return out
}

// NoSuchStep is the choice of a reading that says a step is not held.
const NoSuchStep = "none"

// Fold makes the state of a case from its events, in order.
func Fold(events []Event) *State {
	s := &State{Choices: map[string]string{}, Explain: map[string]Event{}, Last: -1}
	for _, e := range events {
		s.Add(e)
	}
	return s
}

// Add folds one more event in.
func (s *State) Add(e Event) {
	b := e.Body
	s.Last = e.Entry
	switch e.What {
	case "case-opened":
		s.ID, s.Procedure, s.Opened, s.Org, s.Title, s.Level = b.Case, b.Procedure, b.On, b.Org, b.Title, b.Level
		s.Seats, s.Quota, s.Holders, s.Class, s.Sample, s.Clock, s.Scribed, s.Pins = b.Seats, b.Quota, b.Holders, b.Class, b.Sample, b.Clock, b.Scribed, b.Pins
		s.Phase, s.Need = Needed, e.Words
	case "case-moved":
		s.Pins = b.Pins
	case "consent-asked":
		s.Phase, s.Consent.Asked, s.Consent.Due = Asked, &e, b.Due
	case "consent-given":
		s.Consent.Given, s.Consent.RunDue = &e, b.Due
		if s.Phase = Running; b.Yes != nil && !*b.Yes {
			s.Phase = Stopped
		}
	case "person-added":
		s.Persons = append(s.Persons, Person{ID: b.Person, Entry: e.Entry, Judged: map[string]Judged{}})
		if b.Outside {
			s.Persons[len(s.Persons)-1].Outside = b.Step
		}
	case "person-left":
		if p := s.Person(b.Person); p != nil {
			p.Left = true
		}
	case "conditions-checked":
		if p := s.Person(b.Person); p != nil {
			p.Lines, p.Facts = b.Lines, Facts{}
			p.Asked = true
			p.HasFact = json.Unmarshal([]byte(e.Words), &p.Facts) == nil
		}
	case "condition-judged":
		if p := s.Person(b.Person); p != nil {
			p.Judged[b.Condition] = Judged{State: b.Outcome, Paper: b.Paper, Expires: b.Expires}
			p.Lines = b.Lines
		}
	case "reading-decided":
		s.Choices[b.Item] = b.Choice
		if b.Step != "" && b.Choice == NoSuchStep {
			s.Steps = append(s.Steps, Step{ID: b.Step, Opening: e, Skipped: true})
		}
	case "step-opened":
		s.Steps = append(s.Steps, Step{ID: b.Step, Round: b.Round, Opening: e})
	case "step-counted", "step-approved":
		if h := s.Step(b.Step); h != nil {
			h.Counted, h.Result, h.Record, h.Passed = &e, b.Result, b.Record, b.Persons
			if s.Phase == Finished && !h.Done() {
				s.Phase = Running // counted anew, the last step has no result any more
			}
		}
	case "difference-explained":
		s.Explain[b.Step] = e
	case "opinion-recorded":
		s.Opinions = append(s.Opinions, e)
	case "differing-opinion":
		s.Differ = append(s.Differ, e)
	case "steps-finished":
		s.Phase = Finished
	case "submitted":
		s.Phase, s.SubmittedAt = Submitted, &e
	case "opinion-asked":
		s.Asks = append(s.Asks, Inquiry{Asked: e})
	case "opinion-answered":
		for i := range s.Asks {
			if b.Ref != nil && s.Asks[i].Asked.Entry == *b.Ref {
				s.Asks[i].Answered = &e
			}
		}
	case "appraised":
		s.Phase, s.AppraisedAt = Appraised, &e
	case "decided":
		s.DecidedAt = &e
		switch b.Outcome {
		case OutcomeReturn:
			s.Phase = Returned
		case OutcomePutForward:
			s.Phase = Chosen
		default:
			s.Phase = Ended
		}
	case "elected":
		s.ElectedAt = &e
		if b.Yes != nil && !*b.Yes {
			s.Phase = Ended
		}
	case "ratified":
		s.RatifiedAt, s.Phase = &e, Ended
	case "case-stopped":
		s.Phase = Stopped
	case "letter-received":
		s.Letters = append(s.Letters, Letter{ID: b.Letter, Received: e})
	case "letter-closed":
		for i := range s.Letters {
			if s.Letters[i].ID == b.Letter {
				s.Letters[i].Closed = &e
			}
		}
	case "recused":
		s.Recused = append(s.Recused, Tie{b.Person, b.Other, b.Tie, e})
	case "access-opened":
		s.Access = append(s.Access, e)
	case "case-exported":
		s.Exports = append(s.Exports, e)
	case "paper-signed":
		s.Papers = append(s.Papers, e)
	}
}
