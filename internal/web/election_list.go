package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

type electionListData struct {
	Events []electionEventRow
	Form   *Form // nil for those who may not open an event
	Kinds  []Option
}

type electionEventRow struct {
	election.Event
	Sum election.Totals
}

var electionList = page[electionListData]("election_list")

func (s *Server) electionListGet(c *Call) error {
	d, err := c.electionList()
	if err != nil {
		return err
	}
	return electionList.show(c, d)
}

func (c *Call) electionList() (electionListData, error) {
	d := electionListData{}
	for _, k := range election.EventKinds {
		d.Kinds = append(d.Kinds, Option{k.ID, c.Words(k.Title)})
	}
	err := c.Read(func(tx *store.Tx) error {
		evs, err := election.Events(c.Ctx(), tx)
		if err != nil {
			return err
		}
		for _, e := range realFirst(evs) {
			if c.On().Before(e.Date) && !c.asOf.IsZero() {
				continue // the page speaks of an earlier day
			}
			if _, err := c.event(tx, e.ID); err != nil {
				continue
			}
			sum, err := election.Sum(c.Ctx(), tx, e.ID)
			if err != nil {
				return err
			}
			d.Events = append(d.Events, electionEventRow{e, sum})
		}
		if c.User.Has(desk.RecordContest) {
			d.Form = c.BlankForm()
		}
		return nil
	})
	return d, err
}

// electionOpenPost opens an event, of the whole province or of one
// organisation.
func (s *Server) electionOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	show := func() error {
		d, err := c.electionList()
		if err != nil {
			return err
		}
		d.Form = f
		return electionList.show(c, d)
	}
	act := election.OpenEvent{ID: f.Text("id"), Kind: f.Text("kind")}
	act.Title.VI, act.Title.EN = f.Text("title"), f.Text("title_en")
	if act.Title.EN == "" {
		act.Title.EN = act.Title.VI
	}
	if act.Date, err = parseDay(f.Text("date")); err != nil {
		e, _ := asDeskError(err)
		if err := c.Fail(f, desk.Wrong("date", e.Says.VI, e.Says.EN)); err != nil {
			return err
		}
		return show()
	}
	if act.Org, err = c.pickUnit(f, "org", act.Date, false); err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return show()
	}
	if act.ID == "" {
		act.ID = election.Slug(act.Title.VI + " " + act.Date.String())
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(eventPath(act.ID), rc)
	}
	return show()
}
