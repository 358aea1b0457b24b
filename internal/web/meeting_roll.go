package web

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"

	"minhbach/internal/meeting"
	"minhbach/internal/store"
)

// meetingRollData is the roll of one session, or of one delegation of it.
type meetingRollData struct {
	M       *meeting.State
	X       *meeting.Session
	Form    *Form
	Groups  []meetingGroup // shown
	All     []meetingGroup // to choose from
	Only    string         // delegation shown, "" for all
	Count   meeting.Count
	Keep    bool
	Reason  bool // what is sent corrects a roll taken before
	Path    string
	Missing int
	Marks   []meeting.Mark
}

// Checked says whether a mark is chosen for a person: as typed, else as recorded.
func (d meetingRollData) Checked(p meetingPerson, m meeting.Mark) bool {
	if v := d.Form.Value("m." + p.Person); v != "" {
		return v == string(m)
	}
	return p.Mark == m
}

var meetingRoll = page[meetingRollData]("meeting_roll")

func (s *Server) meetingRollGet(c *Call) error { return c.showRoll(nil) }

func (c *Call) showRoll(f *Form) error {
	d := meetingRollData{Form: f, Only: c.R.URL.Query().Get("doan"), Marks: []meeting.Mark{meeting.Present, meeting.Absent, meeting.Excused}}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.M, err = c.meeting(tx); err != nil {
			return err
		}
		if d.X = d.M.Session(c.R.PathValue("session")); d.X == nil {
			return desk404()
		}
		d.Path = meetingPath(d.M.ID) + "/diem-danh/" + d.X.ID
		d.Keep, d.Count = c.keeps(tx, d.M), d.M.Counts(d.X)
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, meeting.Subject(d.M.ID)); err != nil {
				return err
			}
		}
		if d.All, _, err = c.meetingPeople(tx, d.M, d.X); err != nil {
			return err
		}
		d.All = called(d.All)
		for _, g := range d.All {
			d.Missing += g.Missed
			if d.Only == "" || g.Key == d.Only {
				d.Groups = append(d.Groups, g)
			}
		}
		d.Reason = len(d.X.Marks) > 0 || d.X.Closed
		return nil
	})
	if err != nil {
		return err
	}
	return meetingRoll.show(c, d)
}

// called leaves out who is not summoned at all: neither lists nor rolls name them.
func called(groups []meetingGroup) []meetingGroup {
	return slices.DeleteFunc(groups, func(g meetingGroup) bool { return g.Key == string(meeting.NotSummoned) })
}

func desk404() error { return errNotFound }

// meetingRollPost takes the marks that were set; "rest" takes everybody of the
// page who has none as present: all are here except …
func (s *Server) meetingRollPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	m, err := c.theMeeting()
	if err != nil {
		return err
	}
	x := m.Session(c.R.PathValue("session"))
	if x == nil {
		return desk404()
	}
	only := c.R.URL.Query().Get("doan")
	act := meeting.TakeAttendance{Ref: meetingRef(m), Session: x.ID, Reason: f.Text("reason")}
	for _, p := range m.People {
		if p.Standing == meeting.NotSummoned {
			continue
		}
		key := p.Delegation
		if key == "" {
			key = string(p.Standing)
		}
		if only != "" && key != only {
			continue
		}
		mark := meeting.Mark(f.Text("m." + p.Person))
		if mark == "" && f.Text("do") == "rest" && x.Marks[p.Person] == "" {
			mark = meeting.Present
		}
		if mark != "" && mark != x.Marks[p.Person] {
			act.Marks = append(act.Marks, meeting.Marked{Person: p.Person, Mark: mark})
		}
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		path := meetingPath(m.ID) + "/diem-danh/" + x.ID
		if only != "" {
			path = withQuery(path, nil, "doan", only)
		}
		return c.Done(path, rc)
	}
	return c.showRoll(f)
}

// meetingPaperData is the list of those summoned as it is printed.
type meetingPaperData struct {
	M      *meeting.State
	X      *meeting.Session
	Groups []meetingGroup
	Count  meeting.Count
	Unit   string
}

var meetingPaper = page[meetingPaperData]("meeting_paper")

// paperOf reads the list with the marks of a session (?phien=), or of none.
func (c *Call) paperOf() (d meetingPaperData, err error) {
	err = c.Read(func(tx *store.Tx) (err error) {
		if d.M, err = c.meeting(tx); err != nil {
			return err
		}
		if q := c.R.URL.Query().Get("phien"); q != "" {
			if d.X = d.M.Session(q); d.X == nil {
				return errNotFound
			}
		}
		if d.Unit, err = c.unitName(tx, d.M.Org, d.M.Date); err != nil {
			return err
		}
		d.Count = d.M.Counts(d.X)
		d.Groups, _, err = c.meetingPeople(tx, d.M, d.X)
		d.Groups = called(d.Groups)
		return err
	})
	return d, err
}

func (s *Server) meetingPaperGet(c *Call) error {
	d, err := c.paperOf()
	if err != nil {
		return err
	}
	return meetingPaper.show(c, d)
}

// meetingCSVGet sends the list as a table that Excel opens with its marks.
func (s *Server) meetingCSVGet(c *Call) error {
	d, err := c.paperOf()
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	buf.WriteString("\ufeff")
	w := csv.NewWriter(&buf)
	_ = w.Write([]string{c.T("meeting.col.n"), c.T("meeting.col.name"), c.T("meeting.col.born"), c.T("meeting.col.standing"), c.T("meeting.col.group"), c.T("meeting.col.mark")})
	for _, g := range d.Groups {
		for _, p := range g.Rows {
			mark := ""
			if p.Mark != "" {
				mark = c.TK("meeting.mark", string(p.Mark))
			}
			_ = w.Write([]string{strconv.Itoa(p.N), plainCell(p.Name), p.Born, c.TK("meeting.standing", string(p.Standing)), plainCell(g.Name), mark})
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return c.file(buf.Bytes(), "text/csv; charset=utf-8", "attachment", d.M.ID+".csv")
}

// plainCell keeps a table program from taking a name for a formula.
func plainCell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}
