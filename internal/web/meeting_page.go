package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"minhbach/internal/meeting"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// meetingData is a meeting on one page: heads, base, sittings, organs, votes by
// hand, history, and the forms of what comes next.
type meetingData struct {
	M          *meeting.State
	Unit       string
	AfterTitle string
	Tag        Tag
	Form       *Form
	Live       Live
	Keep       bool
	Count      meeting.Count
	X          *meeting.Session
	Quorum     *vote.Asked
	Sessions   []sittingView
	Takes      []takeView // deductions by reason
	Offs       []offView  // deductions by person
	Reckoned   *vote.Result
	Readings   []meeting.Reckoned // the base by each reading, where the votes needed differ
	Organs     []organView
	Votes      []handView
	History    []meetingStep
	People     []Option
	Delegates  []Option
	Alternates []Option
	Reasons    []Option
	OpenSits   []Option
	Replaced   []replaceView
	NextSit    string
	Probation  int      // probationary members: nominate, do not vote or stand
	Away       []string // not summoned at all
	Incumbents string   // as the form of changes shows it
	Matters    []Option // what is voted by hand
	Choices    []Option // readings to choose from, once a vote showed that they differ
}

type sittingView struct {
	meeting.Session
	Count   meeting.Count
	Missing int
	Path    string
}

type takeView struct {
	Reason string
	Count  int64
}

type offView struct {
	Person, Name, Reason, Words string
	Entry                       int64
}

type replaceView struct{ Person, Name, For string }

type organView struct {
	meeting.Chosen
	Label   string
	Serves  string // the item of a poll team, in words
	Head    string
	Members []string
	Vote    *meeting.HandVote
}

type handView struct {
	meeting.HandVote
	Tag Tag
	On  string
	Why string // why nothing is concluded, or which reading was chosen
}

type meetingStep struct {
	Entry           int64
	What, Who, When string
	Words, Detail   string
}

var meetingPageOf = page[meetingData]("meeting_page")

func (s *Server) meetingGet(c *Call) error { return c.showMeeting(nil) }

// meetingLiveGet is the count of heads alone, asked each second.
func (s *Server) meetingLiveGet(c *Call) error {
	if c.Unchanged() {
		return nil
	}
	d := meetingData{Live: c.Live(meetingPath(c.R.PathValue("id")) + "/song")}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.M, err = c.meeting(tx); err != nil {
			return err
		}
		return c.heads(tx, &d)
	})
	if err != nil {
		return err
	}
	return meetingPageOf.fragment(c, "live", d)
}

// heads fills what the live count shows.
func (c *Call) heads(tx *store.Tx, d *meetingData) error {
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	d.X = d.M.Voting()
	if n := len(d.M.Sessions); n > 0 && !d.M.Sessions[n-1].Closed {
		d.X = &d.M.Sessions[n-1]
	}
	d.Count = d.M.Counts(d.X)
	if d.X != nil && len(d.X.Marks) > 0 {
		q, err := d.M.Quorum(lib, d.X)
		if err != nil {
			return err
		}
		if q.Known {
			d.Quorum = &q
		}
		d.Reckoned = d.M.Reckon(lib)
		if rs := d.M.Readings(lib); meeting.Differing(rs) {
			d.Readings = rs
		}
	}
	for _, t := range d.M.Base().Deductions {
		d.Takes = append(d.Takes, takeView{c.reasonText(t.Reason), t.Count})
	}
	return nil
}

// reasonText names a reason of a deduction.
func (c *Call) reasonText(code string) string {
	if key := "meeting.reason." + code; c.s.messages.has(key) {
		return c.T(key)
	}
	return code
}

func (c *Call) showMeeting(f *Form) error {
	d := meetingData{Form: f, Live: c.Live(meetingPath(c.R.PathValue("id")) + "/song")}
	err := c.Read(func(tx *store.Tx) error { return c.meetingData(tx, &d) })
	if err != nil {
		return err
	}
	return meetingPageOf.show(c, d)
}

func (c *Call) meetingData(tx *store.Tx, d *meetingData) (err error) {
	if d.M, err = c.meeting(tx); err != nil {
		return err
	}
	m := d.M
	if d.Form == nil {
		if d.Form, err = c.NewForm(tx, meeting.Subject(m.ID)); err != nil {
			return err
		}
	}
	if err := c.heads(tx, d); err != nil {
		return err
	}
	if d.Unit, err = c.unitName(tx, m.Org, m.Date); err != nil {
		return err
	}
	if m.After != "" {
		if prev, err := meeting.Get(c.Ctx(), tx, m.After); err != nil {
			return err
		} else if prev != nil {
			d.AfterTitle = c.Words(prev.Title)
		}
	}
	if m.Incumbents != nil {
		d.Incumbents = fmt.Sprint(*m.Incumbents)
	}
	d.Tag, d.Keep, d.NextSit = meetingTag(c, m.Closed), c.keeps(tx, m), fmt.Sprint(len(m.Sessions)+1)
	groups, names, err := c.meetingPeople(tx, m, d.X)
	if err != nil {
		return err
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	for _, r := range meeting.Reasons(lib, m.Body, m.Date) {
		d.Reasons = append(d.Reasons, Option{r, c.reasonText(r)})
	}
	d.People = voters(c, groups, func(p meetingPerson) bool {
		return p.Votes && p.Standing != meeting.Alternate && !p.Off && p.Mark != meeting.Present
	})
	d.Delegates = voters(c, groups, func(p meetingPerson) bool {
		return p.Standing == meeting.Delegate && !p.Convening && !p.Off && p.Mark != meeting.Present
	})
	d.Alternates = voters(c, groups, func(p meetingPerson) bool { return p.Standing == meeting.Alternate && p.Replaces == "" })
	for i := range m.Sessions {
		x := &m.Sessions[i]
		v := sittingView{Session: *x, Count: m.Counts(x), Path: meetingPath(m.ID) + "/diem-danh/" + x.ID}
		for _, p := range m.People {
			if x.Marks[p.Person] == "" && p.Standing != meeting.NotSummoned {
				v.Missing++
			}
		}
		d.Sessions = append(d.Sessions, v)
		if !x.Closed {
			d.OpenSits = append(d.OpenSits, Option{x.ID, c.T("meeting.session.n", x.ID) + ": " + c.Words(x.Title)})
		}
	}
	for _, p := range m.People {
		if p.Replaces != "" {
			d.Replaced = append(d.Replaced, replaceView{p.Person, names[p.Person], names[p.Replaces]})
		}
		switch p.Standing {
		case meeting.Probationary:
			d.Probation++
		case meeting.NotSummoned:
			d.Away = append(d.Away, names[p.Person])
		}
	}
	for _, x := range m.Deductions {
		d.Offs = append(d.Offs, offView{x.Person, names[x.Person], c.reasonText(x.Reason), x.Words, x.Entry})
	}
	for _, on := range meeting.HandMatters {
		d.Matters = append(d.Matters, Option{on, c.TK("meeting.on", on)})
	}
	if d.Form.choices["reading"] != nil {
		d.Choices = d.Form.choices["reading"]
	}
	if err := c.meetingOrgans(tx, d, names); err != nil {
		return err
	}
	c.meetingHistory(tx, d, names)
	return nil
}

func (c *Call) meetingOrgans(tx *store.Tx, d *meetingData, names map[string]string) error {
	items := map[string]string{}
	if slices.ContainsFunc(d.M.Organs, func(o meeting.Chosen) bool { return o.For != "" }) {
		chains, err := c.chainsOf(tx, d.M)
		if err != nil {
			return err
		}
		for _, ch := range chains {
			for _, it := range ch.Items {
				items[it.ID] = c.Words(it.Title)
			}
		}
	}
	for _, o := range d.M.Organs {
		if cur := d.M.Organ(o.Organ, o.For); cur == nil || cur.Entry != o.Entry {
			continue // chosen anew since
		}
		v := organView{Chosen: o, Label: c.organText(d.M, o.Organ), Serves: cmpOr(items[o.For], o.For), Head: names[o.Head], Vote: d.M.Vote(o.Vote)}
		for _, p := range o.Members {
			if p != o.Head {
				v.Members = append(v.Members, names[p])
			}
		}
		d.Organs = append(d.Organs, v)
	}
	for _, h := range d.M.Votes {
		v := handView{HandVote: h, Tag: Tag{"stop", c.T("meeting.hand.failed")}}
		switch {
		case h.Passed:
			v.Tag = Tag{"yes", c.T("meeting.hand.passed")}
		case h.Status == "no-rule":
			v.Tag, v.Why = Tag{"wait", c.T("meeting.hand.open")}, c.T("meeting.hand.norule")
		case h.Status == string(vote.Unsettled):
			v.Tag, v.Why = Tag{"wait", c.T("meeting.hand.open")}, c.T("meeting.hand.unsettled")
		}
		if len(h.Chosen) > 0 {
			v.Why = c.T("meeting.hand.chosen", h.Words)
		}
		if slices.Contains(meeting.HandMatters, h.On) {
			v.On = c.TK("meeting.on", h.On)
		}
		d.Votes = append(d.Votes, v)
	}
	slices.Reverse(d.Votes)
	return nil
}

// organText names an organ as a body of the kind calls it.
func (c *Call) organText(m *meeting.State, o meeting.Organ) string {
	if !m.Body.Congress() && (o == meeting.Presidium || o == meeting.Secretaries || o == meeting.CountingBoard) {
		return c.TK("meeting.organ.small", string(o))
	}
	return c.TK("meeting.organ", string(o))
}

func (c *Call) meetingHistory(tx *store.Tx, d *meetingData, names map[string]string) {
	actor := c.actorNames(tx)
	for i := len(d.M.History) - 1; i >= 0; i-- {
		e := d.M.History[i]
		st := meetingStep{Entry: e.Entry, What: c.kindText("meeting." + e.What + "/1"), Who: actor(e.Actor), When: c.momentText(e.At), Words: e.Words}
		switch f := e.Fact; e.What {
		case "summoned", "summons-changed":
			st.Detail = c.T("meeting.n.people", len(f.People))
		case "attendance-taken":
			st.Detail = c.T("meeting.session.n", f.Session) + ", " + c.T("meeting.n.people", len(f.Marks))
			if len(f.Marks) <= 5 {
				var who []string
				for _, m := range f.Marks {
					who = append(who, names[m.Person]+": "+lowerFirst(c.TK("meeting.mark", string(m.Mark))))
				}
				st.Detail += " (" + strings.Join(who, "; ") + ")"
			}
			if f.Corrects {
				st.Detail += " – " + c.T("meeting.correction")
			}
		case "base-deducted", "base-restored":
			st.Detail = names[f.Person]
		case "alternate-replaced", "replacement-undone":
			st.Detail = names[f.Alternate] + " → " + names[f.Person]
		case "hand-voted":
			st.Detail = c.Words(f.Title)
		case "organ-chosen":
			st.Detail = c.organText(d.M, f.Organ)
		case "session-opened", "session-closed":
			st.Detail = c.T("meeting.session.n", f.Session)
		}
		d.History = append(d.History, st)
	}
}

// momentText writes the time of an entry as people read it.
func (c *Call) momentText(at string) string {
	t, err := time.Parse("2006-01-02T15:04:05.000Z", at)
	if err != nil {
		return at
	}
	return whenText(c.Lang, t)
}
