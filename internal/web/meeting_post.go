package web

import (
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

func (s *Server) meetingPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	m, err := c.theMeeting()
	if err != nil {
		return err
	}
	act, err := c.meetingAct(f, m)
	if err != nil {
		return c.again(f, err, c.showMeeting)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if !ok {
		return c.showMeeting(f)
	}
	if a, is := act.(meeting.OpenSession); is {
		return c.Done(meetingPath(m.ID)+"/diem-danh/"+a.Session, rc)
	}
	return c.Done(meetingPath(m.ID), rc)
}

// meetingAct reads which act the form is.
func (c *Call) meetingAct(f *Form, m *meeting.State) (desk.Act, error) {
	ref := meetingRef(m)
	switch f.Text("do") {
	case "session-open":
		day, err := f.Day("date")
		return meeting.OpenSession{Ref: ref, Session: f.Text("session"), Title: rule.Words{VI: f.Text("title")}, Date: day, Voting: f.Text("voting") != ""}, err
	case "session-close":
		return meeting.CloseSession{Ref: ref, Session: f.Text("session")}, nil
	case "deduct":
		return c.deductOf(f, m)
	case "restore":
		return meeting.Restore{Ref: ref, Person: f.Text("person"), Words: f.Text("reason")}, nil
	case "replace":
		return meeting.Replace{Ref: ref, Person: f.Text("delegate"), Alternate: f.Text("alternate"), Reason: f.Text("reason")}, nil
	case "unreplace":
		return meeting.Unreplace{Ref: ref, Alternate: f.Text("alternate"), Reason: f.Text("reason")}, nil
	case "hand":
		h, err := c.handVoteOf(f, ref)
		if err != nil {
			return nil, err
		}
		if h.On, h.Title = f.Text("on"), (rule.Words{VI: f.Text("title")}); !slices.Contains(meeting.HandMatters, h.On) {
			return nil, desk.Wrong("on", "Hãy chọn loại nội dung biểu quyết.", "Choose what is voted.")
		}
		return h, c.handReading(f, m, &h)
	case "change":
		day, err := f.Day("date")
		if err != nil {
			return nil, err
		}
		inc, err := countOf(f, "incumbents")
		return meeting.Change{Ref: ref, Date: day, Title: rule.Words{VI: f.Text("title"), EN: m.Title.EN}, Term: f.Text("term"), Incumbents: inc, Reason: f.Text("reason")}, err
	case "close":
		day, err := f.Day("on")
		return meeting.Close{Ref: ref, On: day}, err
	}
	return nil, errNotFound
}

// deductOf reads who comes off the base: one chosen, or several typed, each of
// whom must be one of those summoned.
func (c *Call) deductOf(f *Form, m *meeting.State) (desk.Act, error) {
	lines, err := nameLines(f, "names")
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		if f.Text("person") == "" {
			return nil, desk.Wrong("person", "Chọn một người, hoặc gõ tên nhiều người.", "Choose one person, or type several names.")
		}
		return meeting.Deduct{Ref: meetingRef(m), Person: f.Text("person"), Reason: f.Text("code"), Words: f.Text("reason")}, nil
	}
	act := meeting.DeductSeveral{Ref: meetingRef(m), Reason: f.Text("code"), Words: f.Text("reason")}
	if p := f.Text("person"); p != "" {
		act.Persons = append(act.Persons, p)
	}
	err = c.Read(func(tx *store.Tx) error {
		names, err := c.typedNames(tx, m, m.Date)
		if err != nil {
			return err
		}
		for _, x := range lines {
			p, ok, err := names.find("names", x.N, x.Name, x.Born)
			if err != nil {
				return err
			}
			if !ok || m.Attendee(p.ID) == nil {
				return desk.Wrong("names", fmt.Sprintf("Dòng %d: “%s” không có trong những người được triệu tập.", x.N, clip(x.Name)), fmt.Sprintf("Line %d: “%s” is not among those summoned.", x.N, clip(x.Name)))
			}
			act.Persons = append(act.Persons, p.ID)
		}
		return nil
	})
	return act, err
}

// handVoteOf reads the hands of a vote; "for" must be typed, the others may
// stay empty for none.
func (c *Call) handVoteOf(f *Form, ref meeting.Ref) (meeting.VoteByHand, error) {
	h := meeting.VoteByHand{Ref: ref, Vote: "hv/" + f.ID, Session: f.Text("session")}
	for field, into := range map[string]*int64{"for": &h.For, "against": &h.Against, "other": &h.Other} {
		n, err := countOf(f, field)
		if err != nil {
			return h, err
		}
		if n == nil && field == "for" {
			return h, desk.Wrong("for", "Ghi số người tán thành.", "Give the number in favour.")
		}
		if n != nil {
			*into = *n
		}
	}
	return h, nil
}

// handReading takes the reading the meeting decided on. Where the readings give
// different results and none was chosen yet, it asks, with the choices.
func (c *Call) handReading(f *Form, m *meeting.State, h *meeting.VoteByHand) error {
	return c.Read(func(tx *store.Tx) error {
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		o, x := m.HandReadings(lib), m.Session(h.Session)
		if o == nil || x == nil {
			return nil
		}
		pick := f.Text("reading")
		if pick != "" && pick != "open" {
			h.Decisions = []vote.Decision{{Rule: o.ID, Choice: pick, Reason: f.Text("reading_reason"), By: string(m.Body)}}
		}
		res, err := m.Hand(lib, x, h.For, h.Against, h.Other)
		if err != nil || res.Status != vote.Unsettled {
			h.Decisions = nil // nothing is left to decide
			return nil
		}
		opts := []Option{{"", c.T("meeting.choose")}, {rule.MainReading, c.T("meeting.reading.main", c.Words(o.Says))}}
		for _, r := range o.Readings {
			opts = append(opts, Option{r.ID, c.T("meeting.reading.other", c.Words(r.Says))})
		}
		f.Choose("reading", append(opts, Option{"open", c.T("meeting.reading.open")}))
		if pick == "" {
			return desk.Wrong("reading", c.s.messages.text("vi", "meeting.hand.differ"), c.s.messages.text("en", "meeting.hand.differ"))
		}
		return nil
	})
}
