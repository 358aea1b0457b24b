package web

import (
	"slices"

	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// meetingOrganData is the form by which an organ is chosen by hand.
type meetingOrganData struct {
	M      *meeting.State
	Form   *Form
	Organs []Option
	Sits   []Option
	Heads  []Option
	Groups []meetingGroup
	Count  meeting.Count
	Items  []Option // what a poll team counts: every poll, or one item
}

// Chosen says whether a person was ticked.
func (d meetingOrganData) Chosen(p string) bool { return slices.Contains(d.Form.Values["member"], p) }

var meetingOrgan = page[meetingOrganData]("meeting_organ")

func (s *Server) meetingOrganGet(c *Call) error { return c.showOrgan(nil) }

func (c *Call) showOrgan(f *Form) error {
	d := meetingOrganData{Form: f}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.M, err = c.meeting(tx); err != nil {
			return err
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, meeting.Subject(d.M.ID)); err != nil {
				return err
			}
			d.Form.Set("organ", c.R.URL.Query().Get("chon"))
		}
		d.Organs = []Option{{"", c.T("meeting.choose")}}
		for _, o := range meeting.Organs {
			if o != meeting.Credentials || d.M.Body == meeting.DelegateCongress {
				d.Organs = append(d.Organs, Option{string(o), c.organText(d.M, o)})
			}
		}
		var x *meeting.Session
		for i := range d.M.Sessions {
			if s := &d.M.Sessions[i]; !s.Closed {
				x = s
				d.Sits = append(d.Sits, Option{s.ID, c.T("meeting.session.n", s.ID) + ": " + c.Words(s.Title)})
			}
		}
		d.Count = d.M.Counts(x)
		if err := c.pollItems(tx, &d); err != nil {
			return err
		}
		listed, err := c.listedAt(tx, d.M)
		if err != nil {
			return err
		}
		groups, _, err := c.meetingPeople(tx, d.M, x)
		if err != nil {
			return err
		}
		for _, g := range groups {
			g.Rows = slices.DeleteFunc(g.Rows, func(p meetingPerson) bool { return p.Standing == meeting.Invited || p.Standing == meeting.NotSummoned })
			for i := range g.Rows {
				g.Rows[i].Listed = slices.Contains(listed, g.Rows[i].Person)
			}
			if len(g.Rows) > 0 {
				d.Groups = append(d.Groups, g)
			}
		}
		d.Heads = voters(c, d.Groups, func(p meetingPerson) bool { return p.Votes })
		return nil
	})
	if err != nil {
		return err
	}
	return meetingOrgan.show(c, d)
}

// pollItems are the items of the programmes that a poll team may be chosen for.
func (c *Call) pollItems(tx *store.Tx, d *meetingOrganData) error {
	chains, err := c.chainsOf(tx, d.M)
	d.Items = []Option{{"", c.T("meeting.organ.item.all")}}
	for _, ch := range chains {
		for _, it := range ch.Items {
			if it.Meeting == d.M.ID && !it.State.Over() {
				d.Items = append(d.Items, Option{it.ID, c.Words(it.Title)})
			}
		}
	}
	return err
}

func (s *Server) meetingOrganPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	m, err := c.theMeeting()
	if err != nil {
		return err
	}
	h, err := c.handVoteOf(f, meetingRef(m))
	if err != nil {
		return c.again(f, err, c.showOrgan)
	}
	var listed []string
	if err := c.Read(func(tx *store.Tx) error { listed, err = c.listedAt(tx, m); return err }); err != nil {
		return err
	}
	organ := meeting.Organ(f.Text("organ"))
	if slices.Contains(meeting.Organs, organ) {
		vi, en := c.s.messages.text("vi", "meeting.organ."+string(organ)), c.s.messages.text("en", "meeting.organ."+string(organ))
		h.Title = rule.Words{VI: vi, EN: en}
	}
	members := slices.Clone(f.Values["member"])
	if head := f.Text("head"); head != "" && !slices.Contains(members, head) {
		members = append([]string{head}, members...)
	}
	rc, ok, err := c.Do(f, meeting.ChooseOrgan{Ref: meetingRef(m), Organ: organ, For: f.Text("item"), Head: f.Text("head"), Members: members, Hand: h, Listed: listed})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(meetingPath(m.ID)+"#bo-phan", rc)
	}
	return c.showOrgan(f)
}
