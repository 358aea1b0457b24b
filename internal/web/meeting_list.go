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
			if !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: r.Org}) {
				continue
			}
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
		rows, _, err := meeting.List(c.Ctx(), tx, meeting.Filter{}, 0, 100)
		for _, r := range rows {
			if c.May(tx, desk.Need{Right: desk.ReadRecord, Org: r.Org}) {
				d.After = append(d.After, Option{r.ID, c.Words(r.Title) + ", " + dayText(c.Lang, r.Date)})
			}
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
