package web

import (
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// countOr is a typed number, or def where nothing was typed.
func countOr(f *Form, field string, def int64) (int64, error) {
	n, err := countOf(f, field)
	if err != nil || n == nil {
		return def, err
	}
	return *n, nil
}

type programmeEditData struct {
	Event *election.Event
	Form  *Form
	Level string
	Rows  []programmeEditRow
}

type programmeEditRow struct {
	election.Item
	Begun    bool
	N        int
	Meetings []Option
}

var programmeEdit = page[programmeEditData]("election_programme_edit")

func (s *Server) programmeEditGet(c *Call) error { return c.showProgrammeEdit(nil) }

func (c *Call) showProgrammeEdit(f *Form) error {
	d := programmeEditData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		d.Event = chain.Event
		if chain.Programme == nil {
			return desk.Missing("Sự kiện này chưa có chương trình bầu cử.", "The event has no programme yet.")
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, election.EventSubject(d.Event.ID)); err != nil {
				return err
			}
			d.Form.Set("members", strconv.FormatInt(chain.Programme.Members, 10))
			for i, it := range chain.Items {
				d.Form.Set("n-"+it.ID, strconv.Itoa(i+1)).Set("title-"+it.ID, it.Title.VI).Set("title_en-"+it.ID, it.Title.EN)
				d.Form.Set("meeting-"+it.ID, it.Meeting)
				if it.Seats > 0 {
					d.Form.Set("seats-"+it.ID, strconv.FormatInt(it.Seats, 10))
				}
			}
		}
		for i, it := range chain.Items {
			row := programmeEditRow{Item: it.Item, Begun: len(it.Rounds) > 0 || it.Skipped != nil, N: i + 1}
			if row.Meetings, err = c.meetingsFor(tx, d.Event, it.Item); err != nil {
				return err
			}
			d.Rows = append(d.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return programmeEdit.show(c, d)
}

// meetingsFor are the meetings of the body that votes an item, the latest first.
func (c *Call) meetingsFor(tx *store.Tx, ev *election.Event, it election.Item) ([]Option, error) {
	out := []Option{{"", c.T("programme.meeting.none")}}
	rows, _, err := meeting.List(c.Ctx(), tx, meeting.Filter{Org: ev.Org, Body: meeting.Body(it.Body)}, 0, 50)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		if m.Org == "" || c.May(tx, desk.Need{Right: desk.ReadRecord, Org: m.Org}) {
			out = append(out, Option{m.ID, c.Words(m.Title) + ", " + dayText(c.Lang, m.Date)})
		}
	}
	return out, nil
}

// programmeEditPost takes order, titles and seats; an item without an order
// number is left out.
func (s *Server) programmeEditPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var chain *election.Chain
	if err := c.Read(func(tx *store.Tx) error { chain, err = c.loadChain(tx, c.R.PathValue("event")); return err }); err != nil {
		return err
	}
	if chain.Programme == nil {
		return desk.Missing("Sự kiện này chưa có chương trình bầu cử.", "The event has no programme yet.")
	}
	p := *chain.Programme
	p.Items = nil
	type placed struct {
		n  int64
		it election.Item
	}
	var rows []placed
	if p.Members, err = countOr(f, "members", 0); err != nil {
		return c.again(f, err, c.showProgrammeEdit)
	}
	for _, it := range chain.Items {
		if f.Text("n-"+it.ID) == "" {
			continue
		}
		x := it.Item
		n, err := countOr(f, "n-"+it.ID, 0)
		if err != nil {
			return c.again(f, err, c.showProgrammeEdit)
		}
		if x.Seats, err = countOr(f, "seats-"+it.ID, 0); err != nil {
			return c.again(f, err, c.showProgrammeEdit)
		}
		x.Meeting = f.Text("meeting-" + it.ID)
		x.Title = rule.Words{VI: f.Text("title-" + it.ID), EN: f.Text("title_en-" + it.ID)}
		rows = append(rows, placed{n, x})
	}
	slices.SortStableFunc(rows, func(a, b placed) int { return int(a.n - b.n) })
	for _, r := range rows {
		p.Items = append(p.Items, r.it)
	}
	rc, ok, err := c.Do(f, election.SetProgramme{Event: chain.Event.ID, Org: chain.Event.Org, Programme: p})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(programmePath(chain.Event.ID), rc)
	}
	return c.showProgrammeEdit(f)
}
