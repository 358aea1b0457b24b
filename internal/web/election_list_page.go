package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// listData is the page of one round: its list being made, the list voted, the
// figures, and what must be decided after them.
type listData struct {
	Event     *election.Event
	Item      *election.ItemState
	Round     *election.Round // nil: the list is not open yet
	Contest   string
	Title     string
	Tag       Tag
	Paper     string // of the list as it is printed
	Ballot    string
	Waits     string // what must come first, "" when nothing must
	Form      *Form
	MayRecord bool
	Rows      []listRow
	Reckoning *election.Reckoning
	Cap       string
	Blocks    []listBlock
	Notes     []listBlock
	Open      []listReading
	Pool      []Option
	Found     []Option
	Asked     string
	Persons   []Option
	Moves     []Option
	Origins   []Option
	Plans     []Option
	Facts     listFacts
	Seats     int64
	CanPoll   bool
	Choices   []Option // what may be decided now
	Report    bool     // figures may be typed from paper
	Off       []Option // reasons that take persons off the base
	Fields    []string
	NewNames  bool
	Decisions []listDecision
	Pause     string // who must answer, while paused
	PauseWhy  []rule.Verdict
	Clock     string // the marked clock of a sample meeting
	Meeting   string // title of the meeting that votes it, "" where none is named
	MayBox    bool
	BoxPath   string
	Modes     []Option
	Piles     []Option
	Stations  []Option
}

type listFacts struct{ Official, Others, Out int64 }

type listRow struct {
	*election.Nominee
	N          int
	Show       string
	Tag        Tag
	From       string
	Notes      []string
	Verdicts   []rule.Verdict
	Path       string
	Votes      int64
	HasVotes   bool
	Share      string
	OutcomeTag Tag
}

type listBlock struct {
	Says    string
	Verdict *rule.Verdict
}

type listReading struct {
	Rule, Says string
	Options    []Option
}

type listDecision struct {
	Entry         int64
	Words, Reason string
	Detail        string
}

var listPage = page[listData]("election_round")

func (s *Server) listGet(c *Call) error { return c.showList(nil) }

func (c *Call) roundOf() (event, contest string) {
	event = c.R.PathValue("event")
	return event, event + "/" + c.R.PathValue("contest")
}

func (c *Call) showList(f *Form) error {
	event, contest := c.roundOf()
	d := listData{Form: f, Contest: contest, Fields: reportFields, Paper: eventPath(event) + "/ban-in/" + c.R.PathValue("contest"),
		Ballot: eventPath(event) + "/phieu/" + c.R.PathValue("contest")}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, event)
		if err != nil {
			return err
		}
		d.Event = chain.Event
		d.MayRecord = c.May(tx, desk.Need{Right: desk.RecordContest, Org: d.Event.Org})
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, election.ContestSubject(contest)); err != nil {
				return err
			}
		}
		d.Item, d.Round = chain.Round(contest)
		if d.Round == nil {
			for _, s := range chain.Items {
				if event+"/"+s.ID == contest {
					d.Item = s
				}
			}
		}
		if d.Item == nil {
			return desk.Missing("Chương trình không có nội dung này.", "The programme has no such item.")
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		d.Title = c.Words(d.Item.Title)
		d.Tag = chainTag(c.Lang, d.Item.State)
		if e := chain.Earlier(d.Item); e != nil {
			d.Waits = c.T("programme.first", c.Words(e.Title), lowerFirst(election.StateWords(e.State).In(c.Lang)))
		}
		if d.Round == nil {
			return nil
		}
		d.Title = c.Words(election.ContestTitle(d.Item, d.Round))
		c.boxOf(tx, &d)
		if d.Item.Now() == d.Round && d.Round.List == nil {
			if d.Reckoning, err = chain.Reckon(lib, d.Item, d.Round); err != nil {
				return err
			}
		}
		if d.Item.State == election.StateVoted || d.Item.Poll() == d.Round {
			for _, r := range deductionReasons(lib, d.Event) {
				d.Off = append(d.Off, Option{r, deductionText(c, r)})
			}
			d.Report = d.MayRecord && d.Waits == "" && d.Round.List != nil && d.Round.Row == nil && d.Round.Box == ""
		}
		if err := c.search(tx, &d); err != nil {
			return err
		}
		d.fill(c, chain)
		if d.Item.State == election.StatePaused && d.Item.Now() == d.Round {
			d.PauseWhy, err = election.PauseReasons(c.Ctx(), tx, lib, contest)
		}
		return err
	})
	if err != nil {
		return err
	}
	return listPage.show(c, d)
}

// search offers members of the body to elect from, and persons of the registry
// found by name to who may read their files.
func (c *Call) search(tx *store.Tx, d *listData) error {
	d.Asked = clip200(strings.TrimSpace(c.R.URL.Query().Get("tim")))
	if d.Asked == "" || !c.User.Has(desk.ReadPerson) {
		return nil
	}
	ps, err := person.Search(c.Ctx(), tx, d.Asked, org.Now(c.On()), 40)
	if err != nil {
		return err
	}
	rows, err := c.personRows(tx, ps, org.Now(c.On()))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if d.Round.Find(r.Person.ID) != nil {
			continue
		}
		label := r.Person.Identity.Name
		if b := r.Person.Identity.Born; !b.IsZero() {
			label += ", " + b.Vietnamese()
		}
		if len(r.Posts) > 0 {
			label += " · " + strings.Join(r.Posts, ", ")
		}
		d.Found = append(d.Found, Option{r.Person.ID, label})
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: r.Person.ID, what: "list"})
	}
	return nil
}
