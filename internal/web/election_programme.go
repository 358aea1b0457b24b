package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// programmeModule is the chain of elections of an event: its programme, and
// the list, vote and result of each item.
var programmeModule = module{
	name: "programme",
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /bau-cu/su-kien/{event}/chuong-trinh", need: desk.ReadRecord, any: true, handle: s.programmeGet},
			{pattern: "POST /bau-cu/su-kien/{event}/chuong-trinh", need: desk.RecordContest, any: true, handle: s.programmePost},
			{pattern: "GET /bau-cu/su-kien/{event}/chuong-trinh/sua", need: desk.RecordContest, any: true, handle: s.programmeEditGet},
			{pattern: "POST /bau-cu/su-kien/{event}/chuong-trinh/sua", need: desk.RecordContest, any: true, handle: s.programmeEditPost},
			{pattern: "GET /bau-cu/su-kien/{event}/chuong-trinh/lay-phieu", need: desk.RecordContest, any: true, handle: s.programmePollGet},
			{pattern: "POST /bau-cu/su-kien/{event}/chuong-trinh/lay-phieu", need: desk.RecordContest, any: true, handle: s.programmePollPost},
			{pattern: "GET /bau-cu/su-kien/{event}/danh-sach/{contest...}", need: desk.ReadRecord, any: true, handle: s.listGet},
			{pattern: "POST /bau-cu/su-kien/{event}/danh-sach/{contest...}", need: desk.RecordContest, any: true, handle: s.listPost},
			{pattern: "GET /bau-cu/su-kien/{event}/ban-in/{contest...}", need: desk.ReadRecord, any: true, handle: s.listPaperGet},
			{pattern: "GET /bau-cu/su-kien/{event}/phieu/{contest...}", need: desk.RecordContest, any: true, handle: s.ballotPrintGet},
			{pattern: "GET /bau-cu/su-kien/{event}/phieu-tep/{contest...}", need: desk.RecordContest, any: true, handle: s.ballotFileGet},
		}
	},
	tasks: programmeTasks,
}

// programmeTasks is what is next in the chains that a secretary keeps; the
// newest few, for the desk page.
func programmeTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.RecordContest) {
		return nil, nil
	}
	events, err := election.Chained(c.Ctx(), tx, 6)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, id := range events {
		ev, err := c.event(tx, id)
		if err != nil || !c.May(tx, desk.Need{Right: desk.RecordContest, Org: ev.Org}) {
			continue
		}
		chain, err := c.loadChain(tx, id)
		if err != nil {
			return nil, err
		}
		next := chain.Next()
		if next == nil || next.State == election.StateCounting {
			continue // the counting board has it
		}
		it := c.programmeItem(chain, next, 0)
		out = append(out, Task{Title: c.Words(next.Title), Path: it.Path, Org: c.Words(ev.Title), Detail: it.Next, Missing: it.Tag.Text})
	}
	return out, nil
}

func programmePath(event string) string { return eventPath(event) + "/chuong-trinh" }

// listPath is the page of a round; contest begins with the event.
func listPath(event, contest string) string {
	return eventPath(event) + "/danh-sach/" + strings.TrimPrefix(contest, event+"/")
}

type programmeData struct {
	Event     *election.Event
	Chain     *election.Chain
	Form      *Form
	Templates []Option
	Levels    []Option
	Items     []programmeItem
	Next      *programmeItem
	MayRecord bool
}

// programmeItem is one item of the chain as the page tells it.
type programmeItem struct {
	*election.ItemState
	N       int
	Tag     Tag
	Class   string
	Next    string // what is next, "" when nothing is
	Why     string // why something cannot be done yet
	Path    string
	From    string
	Elected []string
	Poll    bool // those "elected" are proposed only
	Rounds  []programmeRound
}

type programmeRound struct {
	Words, Path, Says string
	Tag               Tag
	Row               *election.Row
}

var programmePage = page[programmeData]("election_programme")

// loadChain reads the chain of an event the person may see.
func (c *Call) loadChain(tx *store.Tx, event string) (*election.Chain, error) {
	if _, err := c.event(tx, event); err != nil {
		return nil, err
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	return election.LoadChain(c.Ctx(), tx, lib, event)
}

func (s *Server) programmeGet(c *Call) error { return c.showProgramme(nil) }

func (c *Call) showProgramme(f *Form) error {
	d := programmeData{Form: f}
	err := c.Read(func(tx *store.Tx) (err error) {
		event := c.R.PathValue("event")
		if d.Chain, err = c.loadChain(tx, event); err != nil {
			return err
		}
		d.Event = d.Chain.Event
		d.MayRecord = c.May(tx, desk.Need{Right: desk.RecordContest, Org: d.Event.Org})
		if d.Form == nil {
			d.Form, err = c.NewForm(tx, election.EventSubject(event))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range election.Templates() {
		d.Templates = append(d.Templates, Option{t.ID, c.Words(t.Title)})
	}
	next := d.Chain.Next()
	for i, s := range d.Chain.Items {
		it := c.programmeItem(d.Chain, s, i+1)
		if s == next {
			it.Class = "now"
			d.Next = &it
		}
		d.Items = append(d.Items, it)
	}
	return programmePage.show(c, d)
}

// chainTag tells a state by mark, colour and words.
func chainTag(lang string, s election.State) Tag {
	kind := "no"
	switch s {
	case election.StateDone:
		kind = "yes"
	case election.StateList, election.StateVoted, election.StateCounting, election.StateReady, election.StateTied, election.StateShort, election.StateOpen:
		kind = "wait"
	case election.StateRefused, election.StateInvalid, election.StatePaused:
		kind = "stop"
	}
	return Tag{kind, election.StateWords(s).In(lang)}
}

func (c *Call) programmeItem(chain *election.Chain, s *election.ItemState, n int) programmeItem {
	it := programmeItem{ItemState: s, N: n, Tag: chainTag(c.Lang, s.State), Path: listPath(chain.Event.ID, chain.Event.ID+"/"+s.ID)}
	if r := s.Now(); r != nil {
		it.Path = listPath(chain.Event.ID, r.Contest)
	}
	it.Class = map[bool]string{true: "over"}[s.State.Over()]
	if c.s.messages.has("programme.next." + string(s.State)) {
		it.Next = c.T("programme.next." + string(s.State))
	}
	if e := chain.Earlier(s); e != nil && !s.State.Over() {
		it.Why = c.T("programme.first", c.Words(e.Title), lowerFirst(election.StateWords(e.State).In(c.Lang)))
		if s.Waits != nil {
			it.Why = c.T("programme.first", c.Words(s.Waits.Title), lowerFirst(election.StateWords(s.Waits.State).In(c.Lang)))
		}
	}
	if s.State == election.StateOff && s.When != nil {
		it.Why = c.Words(s.When.Verdict.Says) + " (" + s.When.Verdict.Article + ", " + s.When.Verdict.Document + ")"
	}
	if s.Skipped != nil {
		it.Why = s.Skipped.Reason
	}
	for _, o := range chain.Items {
		if s.From != "" && o.ID == s.From {
			it.From = c.T("programme.from", c.Words(o.Title))
		}
		if s.Rest != "" && o.ID == s.Rest {
			it.From = c.T("programme.rest", c.Words(o.Title))
		}
	}
	it.Poll = s.OwnTeam
	for _, e := range s.Elected() {
		it.Elected = append(it.Elected, e.Show(c.Lang))
	}
	for _, r := range s.Rounds {
		pr := programmeRound{Words: election.RoundWords(r.Kind).In(c.Lang), Path: listPath(chain.Event.ID, r.Contest), Row: r.Row}
		if r.Row != nil {
			pr.Tag = statusTag(c.Lang, r.Row.Status)
			pr.Says = c.T("programme.round.result", number(c.Lang, r.Row.Elected), number(c.Lang, r.Row.Seats), number(c.Lang, r.Row.Base), number(c.Lang, r.Row.Need))
			if r.Row.Need == 0 { // among the tied, who has more votes is elected
				pr.Says = c.T("programme.round.more", number(c.Lang, r.Row.Elected), number(c.Lang, r.Row.Seats), number(c.Lang, r.Row.Base))
			}
			if s.OwnTeam || r.Kind == election.RoundPoll {
				n := 0
				for _, l := range r.Lines {
					if l.Outcome == vote.GoesOn {
						n++
					}
				}
				pr.Says = c.T("programme.round.poll", number(c.Lang, int64(n)), number(c.Lang, r.Row.Base))
				if r.Row.Status == string(vote.Counted) {
					pr.Says = c.T("programme.round.counted", number(c.Lang, r.Row.Base))
				}
			}
			pr.Path = contestPath(r.Contest)
		}
		it.Rounds = append(it.Rounds, pr)
	}
	return it
}

// programmePost lays a programme down from a template, or leaves an optional
// item out.
func (s *Server) programmePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	ev, err := c.eventNow(c.R.PathValue("event"))
	if err != nil {
		return err
	}
	var act desk.Act
	if item := f.Text("skip"); item != "" {
		act = election.SkipItem{Event: ev.ID, Org: ev.Org, Item: item, Reason: f.Text("reason")}
	} else {
		t, ok := election.TemplateOf(f.Text("template"))
		if !ok {
			return c.again(f, desk.Wrong("template", "Hãy chọn mẫu chương trình.", "Choose a template."), c.showProgramme)
		}
		members, err := countOr(f, "members", 0)
		if err != nil {
			return c.again(f, err, c.showProgramme)
		}
		act = election.SetProgramme{Event: ev.ID, Org: ev.Org, Programme: election.Programme{Template: t.ID, Level: t.Level, Members: members, Items: t.Items}}
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(programmePath(ev.ID), rc)
	}
	return c.showProgramme(f)
}

// eventNow is the event in a snapshot of its own.
func (c *Call) eventNow(id string) (ev *election.Event, err error) {
	err = c.Read(func(tx *store.Tx) error { ev, err = c.event(tx, id); return err })
	return ev, err
}

// finish does the act of a form: done, it leads to a path; refused, the page is
// shown anew with what was wrong.
func (c *Call) finish(f *Form, act desk.Act, to string, show func(*Form) error) error {
	rc, ok, err := c.Do(f, act)
	switch {
	case err != nil:
		return err
	case ok:
		return c.Done(to, rc)
	}
	return show(f)
}

// again shows a page anew with what was wrong in its form.
func (c *Call) again(f *Form, err error, show func(*Form) error) error {
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return show(f)
}

// roundPath is the page of a contest that has a list but no figures yet, "" when
// there is none.
func (c *Call) roundPath(contest string) string {
	event := ""
	_ = c.Read(func(tx *store.Tx) (err error) { event, err = election.EventOf(c.Ctx(), tx, contest); return err })
	if event == "" {
		return ""
	}
	return listPath(event, contest)
}
