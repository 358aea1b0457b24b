package web

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// meetingListData are the meetings, latest first.
type meetingListData struct {
	Form   *Form
	Bodies []Option
	Shows  []Option
	Rows   []meetingLine
	Total  int64
	Pager  ListPager
	Asked  bool
	Keep   bool
}

type meetingLine struct {
	meeting.Row
	Path, Unit string
	Tag        Tag
}

var meetingList = page[meetingListData]("meeting_list")

// meetingPage is how many meetings a page lists.
const meetingPage = 30

func (s *Server) meetingListGet(c *Call) error {
	q := c.R.URL.Query()
	d := meetingListData{Form: &Form{Values: q}, Bodies: c.bodyOptions(c.T("meeting.all")), Keep: c.User.Has(desk.RecordContest),
		Shows: []Option{{"", c.T("meeting.all")}, {"dang-hop", c.T("meeting.running")}},
		Asked: q.Get("q")+q.Get("loai")+q.Get("hien")+q.Get("don-vi") != ""}
	from, _ := strconv.Atoi(q.Get("tu"))
	if from < 0 || from > 1_000_000 {
		from = 0
	}
	f := meeting.Filter{Query: q.Get("q"), Org: q.Get("don-vi"), Body: meeting.Body(q.Get("loai")), Open: q.Get("hien") == "dang-hop"}
	err := c.Read(func(tx *store.Tx) error {
		among, err := c.meetingOrgs(tx)
		if err != nil {
			return err
		}
		f.Among = among
		rows, n, err := meeting.List(c.Ctx(), tx, f, from, meetingPage)
		if err != nil {
			return err
		}
		d.Total = int64(n)
		d.Pager.From, d.Pager.To, d.Pager.Total = int64(from+1), int64(from+len(rows)), d.Total
		if from > 0 {
			d.Pager.Newer = withQuery("/hop", q, "tu", strconv.Itoa(max(0, from-meetingPage)))
		}
		if from+len(rows) < n {
			d.Pager.Older = withQuery("/hop", q, "tu", strconv.Itoa(from+meetingPage))
		}
		for _, r := range rows {
			unit, err := c.unitName(tx, r.Org, r.Date)
			if err != nil {
				return err
			}
			d.Rows = append(d.Rows, meetingLine{r, meetingPath(r.ID), unit, meetingTag(c, r.Closed)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return meetingList.show(c, d)
}

// meetingOrgs are the organisations whose meetings the reader may see: lists
// count and page only those.
func (c *Call) meetingOrgs(tx *store.Tx) ([]string, error) {
	all, err := meeting.Orgs(c.Ctx(), tx)
	out := []string{}
	for _, o := range all {
		if c.May(tx, desk.Need{Right: desk.ReadRecord, Org: o}) {
			out = append(out, o)
		}
	}
	return out, err
}

// meetingSearch finds meetings by title and term.
func meetingSearch(c *Call, tx *store.Tx, folded string) (Hits, error) {
	h := Hits{Label: "nav.meeting"}
	if !c.User.Has(desk.ReadRecord) {
		return h, nil
	}
	among, err := c.meetingOrgs(tx)
	if err != nil {
		return h, err
	}
	rows, n, err := meeting.List(c.Ctx(), tx, meeting.Filter{Query: folded, Among: among}, 0, 10)
	for _, r := range rows {
		h.Items = append(h.Items, Hit{Title: c.Words(r.Title), Detail: c.TK("meeting.body", string(r.Body)) + " · " + dayText(c.Lang, r.Date), Path: meetingPath(r.ID)})
	}
	if n > len(rows) {
		h.More = withQuery("/hop", nil, "q", folded)
	}
	return h, err
}

// meetingTasks are the meetings in their day that wait for the reader: the roll
// was not taken, no counting board was chosen before the box, a sitting is open.
func meetingTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.RecordContest) {
		return nil, nil
	}
	among, err := c.meetingOrgs(tx)
	if err != nil {
		return nil, err
	}
	rows, _, err := meeting.List(c.Ctx(), tx, meeting.Filter{Open: true, Among: among}, 0, 50)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, r := range rows {
		m, err := meeting.Get(c.Ctx(), tx, r.ID)
		if err != nil {
			return nil, err
		}
		today := c.Today()
		if !m.Clock.IsZero() {
			today = m.Clock
		}
		if today.Before(m.Date) || !c.keeps(tx, m) || len(out) == 20 {
			continue
		}
		t := Task{Title: c.Words(m.Title), Path: meetingPath(m.ID), Detail: c.TK("meeting.body", string(m.Body)) + " · " + dayText(c.Lang, m.Date)}
		if x := m.Voting(); x == nil || len(x.Marks) == 0 {
			t.Missing = c.T("meeting.task.roll")
			if x != nil {
				t.Path += "/diem-danh/" + x.ID
			}
		} else if x.Voting && m.Organ(meeting.CountingBoard, "") == nil {
			t.Missing, t.Path = c.T("meeting.task.board"), t.Path+"/bo-phan?chon=counting-board"
		} else if last := m.Sessions[len(m.Sessions)-1]; !last.Closed {
			t.Missing = c.T("meeting.task.open", last.ID)
		} else {
			t.Missing = c.T("meeting.task.close")
		}
		if t.Org, err = c.unitName(tx, m.Org, m.Date); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (c *Call) bodyOptions(first string) []Option {
	out := []Option{{"", first}}
	for _, b := range meeting.Bodies {
		out = append(out, Option{string(b), c.TK("meeting.body", string(b))})
	}
	return out
}

// meetingOpenData is the form that opens a meeting.
type meetingOpenData struct {
	Form                         *Form
	Bodies, Levels, Units, After []Option
}

var meetingOpen = page[meetingOpenData]("meeting_open")

func (s *Server) meetingOpenGet(c *Call) error { return c.showMeetingOpen(nil) }

func (c *Call) showMeetingOpen(f *Form) error {
	d := meetingOpenData{Form: f, Bodies: c.bodyOptions(c.T("meeting.choose"))}
	if f == nil {
		d.Form = c.BlankForm().Set("org", c.User.Org).Set("date", dayText("vi", c.Today()))
	}
	d.Levels = []Option{{"", c.T("meeting.choose")}}
	for _, l := range meeting.Levels {
		d.Levels = append(d.Levels, Option{l, c.TK("meeting.level", l)})
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Units, err = c.unitOptions(tx, c.T("meeting.province")); err != nil {
			return err
		}
		d.After = []Option{{"", c.T("meeting.after.none")}}
		among, err := c.meetingOrgs(tx)
		if err != nil {
			return err
		}
		rows, _, err := meeting.List(c.Ctx(), tx, meeting.Filter{Among: among}, 0, 100)
		for _, r := range rows {
			d.After = append(d.After, Option{r.ID, c.Words(r.Title) + ", " + dayText(c.Lang, r.Date)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return meetingOpen.show(c, d)
}

func (s *Server) meetingOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	date, err := f.Day("date")
	if err != nil {
		return c.again(f, err, c.showMeetingOpen)
	}
	inc, err := countOf(f, "incumbents")
	if err != nil {
		return c.again(f, err, c.showMeetingOpen)
	}
	id := meetingID(f.Text("title"), date, f.ID)
	rc, ok, err := c.Do(f, meeting.Open{Ref: meeting.Ref{ID: id, Org: f.Text("org")}, Body: meeting.Body(f.Text("body")), Level: f.Text("level"), Date: date,
		Title: rule.Words{VI: f.Text("title"), EN: f.Text("title_en")}, Term: f.Text("term"), After: f.Text("after"), LateWhy: f.Text("late"), Incumbents: inc})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(meetingPath(id)+"/trieu-tap", rc)
	}
	return c.showMeetingOpen(f)
}

// meetingID makes the id of a meeting from its title and day; the form keeps
// two of one name apart and makes the same id when sent twice.
func meetingID(title string, on vn.Date, form string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(vn.Fold(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if b.Len()+len(w) > 38 {
			break
		}
		b.WriteString(w + "-")
	}
	sum := sha256.Sum256([]byte(form))
	return b.String() + strconv.Itoa(on.Year) + "-" + hex.EncodeToString(sum[:3])
}
