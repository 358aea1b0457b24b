package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

var electionEdit = page[electionEditData]("election_edit")

// electionEditData is the form of a contest, with the verdict that would
// follow when it was asked for.
type electionEditData struct {
	contestForm
	Title   string
	Name    string               // of the contest corrected
	Preview *electionContestData // nil until asked for
	// Editions: "" when the contest's own are in force; "kept" when others are,
	// without a transition clause for it; "choose" when it may go over to them.
	Editions       string
	EditionChoices []Option
}

func (s *Server) electionEnterGet(c *Call) error {
	return c.showContestForm(c.BlankForm(), c.R.PathValue("event"), nil)
}

// showContestForm draws the form; old is the contest being corrected, or nil.
func (c *Call) showContestForm(f *Form, event string, old *election.Detail) error {
	d := electionEditData{}
	err := c.Read(func(tx *store.Tx) error {
		ev, err := c.event(tx, event)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		contest := ""
		d.Title = c.T("election.enter")
		if old != nil {
			contest = old.ID
			d.Name = contestTitle(c.Lang, old.Place, old.Title)
			d.Title = c.T("election.correct") + ": " + d.Name
		}
		placeProblem(f)
		d.contestForm = c.newContestForm(f, ev, lib, contest)
		d.Action = eventPath(ev.ID) + "/nhap"
		if old != nil {
			d.Action = "/bau-cu/dinh-chinh/" + old.ID
			differ, allowed, err := election.MayAdopt(c.Ctx(), tx, lib, &old.Row)
			if err != nil {
				return err
			}
			if d.Editions = map[bool]string{true: "kept"}[differ]; allowed {
				d.Editions = "choose"
				d.EditionChoices = []Option{{"keep", c.T("election.correct.editions.keep")}, {"adopt", c.T("election.correct.editions.adopt")}}
			}
		}
		if f.Value("xem") != "" && f.Problem == nil {
			return d.preview(c, tx, ev, lib, old)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return electionEdit.show(c, d)
}

// preview counts what stands in the form without recording anything.
func (d *electionEditData) preview(c *Call, tx *store.Tx, ev *election.Event, lib *rule.Library, old *election.Detail) error {
	con, err := readContest(d.Form, ev, old)
	if err != nil {
		return c.failPlaced(d.Form, err)
	}
	if old != nil {
		if lib, _, err = election.CorrectionRules(c.Ctx(), tx, lib, &old.Row, con.Record, d.Form.Value("editions") == "adopt"); err != nil {
			return c.failPlaced(d.Form, err)
		}
	}
	res, err := con.Check(lib)
	if err != nil {
		return c.failPlaced(d.Form, err)
	}
	d.Preview = c.unrecorded(con, res)
	return nil
}

func (c *Call) failPlaced(f *Form, err error) error {
	err = c.Fail(f, err)
	placeProblem(f)
	return err
}

// unrecorded is the view of a contest that is in no entry.
func (c *Call) unrecorded(con election.Contest, res *vote.Result) *electionContestData {
	det := &election.Detail{Record: con.Record, Result: res, Source: con.Source, Titles: con.Titles}
	det.Status, det.Place, det.Title, det.Of, det.Need = string(res.Status), con.Place, con.Title, res.Denominator.Of, res.Need
	det.Row.Base = -1
	if n := res.Denominator.Count; n != nil {
		det.Row.Base = *n
	}
	det.Seats, det.Elected, det.Candidates = *con.Record.Seats, int64(len(res.Elected)), int64(len(con.Record.Candidates))
	names := map[string]string{}
	for _, x := range con.Record.Candidates {
		names[x.ID] = x.Name
	}
	for i, l := range res.Results {
		det.Lines = append(det.Lines, election.Line{Line: l, Rank: i + 1, Name: names[l.Candidate]})
	}
	d := &electionContestData{Detail: det, Old: true}
	d.view(c, res)
	return d
}

func (s *Server) electionEnterPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	event := c.R.PathValue("event")
	if f.Value("them") != "" || f.Value("xem") != "" {
		return c.showContestForm(f, event, nil)
	}
	ev, err := c.eventOf(event)
	if err != nil {
		return err
	}
	con, err := readContest(f, ev, nil)
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return c.showContestForm(f, event, nil)
	}
	rc, ok, err := c.Do(f, election.RecordContest{Event: ev.ID, Org: ev.Org, Contest: con})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(contestPath(con.Record.ID), rc)
	}
	if f.Problem.Code == desk.Stale { // a new contest that is there already
		f.Problem.Text, f.Problem.Field = c.T("election.enter.there"), "title"
	}
	return c.showContestForm(f, event, nil)
}

func (c *Call) eventOf(id string) (ev *election.Event, err error) {
	err = c.Read(func(tx *store.Tx) error {
		ev, err = c.event(tx, id)
		return err
	})
	return ev, err
}

func (s *Server) electionCorrectGet(c *Call) error {
	d, f, err := c.contestToCorrect()
	if err != nil {
		return err
	}
	fillContest(c.Lang, f, d)
	return c.showContestForm(f, d.Event, d)
}

// contestToCorrect reads the contest and makes a form that has seen its last
// entry.
func (c *Call) contestToCorrect() (d *election.Detail, f *Form, err error) {
	err = c.Read(func(tx *store.Tx) error {
		if d, _, err = c.contest(tx, c.R.PathValue("id")); err != nil {
			return err
		}
		if !c.May(tx, desk.Need{Right: desk.CorrectContest, Org: d.Org, Case: election.ContestSubject(d.ID)}) {
			return desk.Deny("Vai trò của bạn không đính chính được cuộc bầu cử này.", "Your role may not correct this contest.")
		}
		f, err = c.NewForm(tx, election.ContestSubject(d.ID))
		return err
	})
	return d, f, err
}

func (s *Server) electionCorrectPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	old, _, err := c.contestToCorrect()
	if err != nil {
		return err
	}
	if f.Value("them") != "" || f.Value("xem") != "" {
		return c.showContestForm(f, old.Event, old)
	}
	ev, err := c.eventOf(old.Event)
	if err != nil {
		return err
	}
	con, err := readContest(f, ev, old)
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return c.showContestForm(f, old.Event, old)
	}
	rc, ok, err := c.Do(f, election.CorrectContest{Event: ev.ID, Org: ev.Org, Contest: con, Reason: f.Text("reason"), Adopt: f.Value("editions") == "adopt"})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(contestPath(old.ID), rc)
	}
	return c.showContestForm(f, old.Event, old)
}
