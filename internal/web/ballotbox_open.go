package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// ballotboxOpenData is the form that opens a box of its own, outside every
// programme of elections: a small cell, a poll of another body. It brings its
// list and team; the rules named give the verdict.
type ballotboxOpenData struct {
	Form                                                              *Form
	Kinds, Bodies, Levels, Forms, Modes, Piles, Stations, Orgs, Meets []Option
	Replaces                                                          string // title of the annulled box that is voted again
}

var ballotboxOpen = page[ballotboxOpenData]("ballotbox_open")

// The event of a vote of its own begins so; no programme has an event of this id.
const ownBox = "hom-rieng"

func (s *Server) ballotboxOpenGet(c *Call) error { return c.showBoxOpen(nil) }

func (c *Call) showBoxOpen(f *Form) error {
	d := ballotboxOpenData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		if f == nil {
			d.Form = c.BlankForm().Set("date", dayText("vi", c.Today())).Set("org", c.User.Org)
			if old := c.R.URL.Query().Get("thay"); old != "" {
				if err := c.boxAgain(tx, d.Form, old); err != nil {
					return err
				}
			}
		}
		if old := d.Form.Text("replaces"); old != "" {
			if b, err := ballotbox.Get(c.Ctx(), tx, old); err == nil && c.May(tx, desk.Need{Right: desk.OpenBox, Org: b.Org}) {
				d.Replaces = c.Words(b.Title)
			}
		}
		return c.boxOpenOptions(tx, &d)
	})
	if err != nil {
		return err
	}
	return ballotboxOpen.show(c, d)
}

func (c *Call) boxOpenOptions(tx *store.Tx, d *ballotboxOpenData) error {
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	on := c.Today()
	if day, err := d.Form.Day("date"); err == nil {
		on = day
	}
	d.Kinds = []Option{{"", c.T("meeting.choose")}}
	for _, k := range lib.Kinds() {
		if !strings.HasPrefix(k, "party-election/") && !strings.HasPrefix(k, "confidence-vote/") && !strings.HasPrefix(k, pollKinds) {
			continue
		}
		if b, err := lib.For(k, on); err == nil {
			d.Kinds = append(d.Kinds, Option{k, c.Words(b.Title)})
		}
	}
	d.Bodies = c.bodyOptions(c.T("ballotbox.open.body.none"))
	d.Levels = []Option{{"", c.T("meeting.choose")}}
	for _, l := range meeting.Levels {
		d.Levels = append(d.Levels, Option{l, c.TK("meeting.level", l)})
	}
	d.Forms = []Option{{"", c.T("ballotbox.open.form.rule")}}
	for _, x := range []string{"strike", "agree", "recommend", "confidence3"} {
		d.Forms = append(d.Forms, Option{x, c.TK("programme.form", x)})
	}
	d.Modes, d.Piles, d.Stations = c.boxWays()
	if d.Orgs, err = c.unitOptions(tx, c.T("meeting.province")); err != nil {
		return err
	}
	d.Meets = []Option{{"", c.T("ballotbox.open.meeting.none")}}
	among, err := c.meetingOrgs(tx)
	if err != nil {
		return err
	}
	rows, _, err := meeting.List(c.Ctx(), tx, meeting.Filter{Among: among, Open: true}, 0, 50)
	for _, r := range rows {
		d.Meets = append(d.Meets, Option{r.ID, c.Words(r.Title) + ", " + dayText(c.Lang, r.Date)})
	}
	return err
}

// boxWays are the ways of counting, the sizes of piles and numbers of stations.
func (c *Call) boxWays() (modes, piles, stations []Option) {
	for _, m := range []ballotbox.Mode{ballotbox.Ballots, ballotbox.TotalsTwice, ballotbox.CompareWith} {
		modes = append(modes, Option{string(m), c.TK("programme.mode", string(m))})
	}
	for _, n := range []string{"50", "100"} {
		piles = append(piles, Option{n, c.T("programme.box.ballots", n)})
	}
	for _, n := range []string{"2", "3"} {
		stations = append(stations, Option{n, c.T("programme.box.persons", n)})
	}
	return modes, piles, stations
}

// boxAgain fills the form from an annulled box of its own, whose vote is held
// again.
func (c *Call) boxAgain(tx *store.Tx, f *Form, id string) error {
	b, err := ballotbox.Get(c.Ctx(), tx, id)
	if err != nil {
		return noSuchBox(err)
	}
	if u, err := c.boxUser(tx, b); err != nil || !u.Officer || !strings.HasPrefix(b.Case, "contest/"+ownBox) {
		return errNoSuchBox
	}
	if event, err := election.OwnEvent(c.Ctx(), tx, b.Case); err != nil {
		return err
	} else if event != "" { // the event stands already: the form knows its last entry
		now, err := c.NewForm(tx, election.EventSubject(event))
		if err != nil {
			return err
		}
		f.Seen = now.Seen
	}
	f.Set("replaces", b.ID).Set("title", b.Title.VI).Set("title_en", b.Title.EN).Set("date", dayText("vi", b.Held)).Set("org", b.Org).Set("meeting", b.Meeting)
	f.Set("rules", b.Sheet.Rules).Set("body", b.Sheet.Body).Set("level", b.Sheet.Level).Set("form", b.Sheet.Form).Set("mode", string(b.Mode))
	f.Set("pile", fmt.Sprint(b.PileSize)).Set("stations", fmt.Sprint(b.Stations)).Set("by_hand", "1")
	for field, n := range map[string]*int64{"seats": b.Sheet.Seats, "summoned": baseOf(b).Summoned, "present": baseOf(b).Present, "incumbents": baseOf(b).Incumbents} {
		if n != nil {
			f.Set(field, fmt.Sprint(*n))
		}
	}
	var list, team []string
	for _, x := range b.Sheet.Candidates {
		list = append(list, nameAndBirth(b.Names["candidate"][x.ID], b.Names["born"][x.ID]))
	}
	for _, p := range headFirst(b.Team.Head, slices.Collect(func(yield func(string) bool) {
		for _, m := range b.Team.Members {
			if !yield(m.Person) {
				return
			}
		}
	})) {
		born := ""
		if x, ok, err := person.Get(c.Ctx(), tx, p, org.Now(b.Held)); err == nil && ok && x.Present {
			born = x.Identity.Born.String()
		}
		team = append(team, nameAndBirth(who(b, p), born))
	}
	f.Set("list", strings.Join(list, "\n")).Set("team", strings.Join(team, "\n"))
	return nil
}

func baseOf(b *ballotbox.Row) *vote.Base {
	if b.Sheet.Base == nil {
		return &vote.Base{}
	}
	return b.Sheet.Base
}

func nameAndBirth(name, born string) string {
	if born == "" {
		return name
	}
	return name + "; " + bornText(born)
}

func (s *Server) ballotboxOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var b ballotbox.Box
	event := ""
	err = c.Read(func(tx *store.Tx) error {
		if b, err = c.boxForm(tx, f); err != nil {
			return err
		}
		if event = b.ID; b.Replaces != "" {
			event, err = election.OwnEvent(c.Ctx(), tx, b.Case)
		}
		return err
	})
	if err != nil {
		return c.again(f, err, c.showBoxOpen)
	}
	if event == "" { // a box older than votes of their own had events
		return c.finish(f, ballotbox.Open{Box: b}, boxPath(b.ID), c.showBoxOpen)
	}
	return c.opened(f, election.OpenOwn{Event: event, Box: b})
}

// opened does the act that opens a box and leads to the box it opened.
func (c *Call) opened(f *Form, act desk.Act) error {
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if !ok {
		return c.showBoxOpen(f)
	}
	for _, e := range rc.Entries {
		if id, is := strings.CutPrefix(e.Subjects[0].ID, ballotbox.Subject("")); is && e.Kind == ballotbox.KindOpened {
			return c.Done(boxPath(id), rc)
		}
	}
	return c.Done("/kiem-phieu", rc)
}

// boxForm reads the box of the form.
func (c *Call) boxForm(tx *store.Tx, f *Form) (b ballotbox.Box, err error) {
	day, err := f.Day("date")
	if err != nil {
		return b, err
	}
	sum := sha256.Sum256([]byte(f.ID))
	id := fmt.Sprintf("%s-%s-%s", ownBox, day, hex.EncodeToString(sum[:4]))
	b = ballotbox.Box{ID: id, Case: "contest/" + id, Org: f.Text("org"), Meeting: f.Text("meeting"), Round: 1, Title: rule.Words{VI: f.Text("title"), EN: f.Text("title_en")},
		Mode: ballotbox.Mode(f.Text("mode")), Persons: map[string]string{}, Sheet: &vote.Record{ID: id, Rules: f.Text("rules"), Date: day, Form: f.Text("form"), Level: f.Text("level"), Body: f.Text("body")}}
	if b.Sheet.Rules == "" {
		return b, desk.Wrong("rules", "Hãy chọn việc bỏ phiếu, để biết đối chiếu theo quy định nào.", "Choose what is voted, so that the rules to hold it against are known.")
	}
	if old := f.Text("replaces"); old != "" {
		before, err := ballotbox.Get(c.Ctx(), tx, old)
		if err != nil {
			return b, noSuchBox(err)
		}
		b.Case, b.Sheet.ID, b.Replaces, b.Round = before.Case, before.Sheet.ID, before.ID, max(before.Round, 1)
	}
	for field, into := range map[string]*int{"pile": &b.PileSize, "stations": &b.Stations} {
		n, err := countOr(f, field, 0)
		if err != nil {
			return b, err
		}
		*into = int(min(n, 1000))
	}
	if b.Sheet.Seats, err = countOf(f, "seats"); err != nil {
		return b, err
	}
	if b.Sheet.Seats == nil {
		return b, desk.Wrong("seats", "Ghi số người được bầu (được chọn).", "Give how many are to be chosen.")
	}
	var m *meeting.State
	if b.Meeting != "" {
		if m, err = meeting.Get(c.Ctx(), tx, b.Meeting); err != nil {
			return b, err
		}
		if m == nil || !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: m.Org}) {
			return b, desk.Wrong("meeting", "Không có cuộc họp này.", "There is no such meeting.")
		}
	}
	if err := c.boxBase(tx, f, &b, m); err != nil {
		return b, err
	}
	names, err := c.typedNames(tx, m, day)
	if err != nil {
		return b, err
	}
	if err := c.boxList(f, &b, names); err != nil {
		return b, err
	}
	return b, c.boxTeam(f, &b, m, names)
}

// boxBase takes the base from the meeting, or from what was typed.
func (c *Call) boxBase(tx *store.Tx, f *Form, b *ballotbox.Box, m *meeting.State) error {
	if m != nil {
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if b.Sheet.Body == "" {
			b.Sheet.Body = string(m.Body)
		}
		if b.Sheet.Level == "" {
			b.Sheet.Level = m.Level
		}
		b.Sheet.Base = m.Base()
		if book, err := lib.For(b.Sheet.Rules, b.Sheet.Date); err == nil {
			b.Sheet.Base = vote.BaseFor(book, b.Sheet.Base)
		}
		return nil
	}
	base := &vote.Base{}
	var err error
	for field, into := range map[string]**int64{"summoned": &base.Summoned, "present": &base.Present, "incumbents": &base.Incumbents} {
		if *into, err = countOf(f, field); err != nil {
			return err
		}
	}
	b.Sheet.Base = base
	return nil
}

// boxList reads the list: tied to the registry where a line says who it is, in
// the order of given names unless the typed order is kept.
func (c *Call) boxList(f *Form, b *ballotbox.Box, names *typedNames) error {
	lines, err := nameLines(f, "list")
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return desk.Wrong("list", "Gõ danh sách, mỗi người một dòng.", "Type the list, one person a line.")
	}
	var placed []vote.Placed
	for _, x := range lines {
		p := vote.Placed{ID: fmt.Sprintf("n%d", x.N), Name: vn.NormalizeName(x.Name), Born: x.Born.String()}
		known, ok, err := names.find("list", x.N, x.Name, x.Born)
		if err != nil {
			return err
		}
		if ok {
			p.ID, p.Name, p.Born = known.ID, known.Identity.Name, known.Identity.Born.String()
			b.Persons[known.ID] = known.ID
		}
		placed = append(placed, p)
	}
	if f.Value("by_hand") == "" {
		placed = vote.PlaceNames(placed)
	}
	for i, p := range placed {
		b.Sheet.Candidates = append(b.Sheet.Candidates, vote.Candidate{ID: p.ID, Name: p.Name, Born: p.Born, Order: i + 1})
	}
	return nil
}

// boxTeam reads the counting team, its head first; with nothing typed it is the
// counting board of the meeting.
func (c *Call) boxTeam(f *Form, b *ballotbox.Box, m *meeting.State, names *typedNames) error {
	lines, err := nameLines(f, "team")
	if err != nil {
		return err
	}
	standing := func(id string) string {
		if m != nil {
			if a := m.Attendee(id); a != nil {
				return string(a.Standing)
			}
		}
		return string(meeting.Official)
	}
	if len(lines) == 0 && m != nil {
		if o := m.Organ(meeting.CountingBoard, ""); o != nil {
			b.Team.Head = o.Head
			known, err := person.ByID(c.Ctx(), names.tx, o.Members, names.at)
			for _, id := range o.Members {
				b.Team.Members = append(b.Team.Members, ballotbox.Member{Person: id, Name: known[id].Identity.Name, Standing: standing(id)})
			}
			return err
		}
	}
	if len(lines) == 0 {
		return desk.Wrong("team", "Gõ tổ kiểm phiếu, mỗi người một dòng; dòng đầu là tổ trưởng.", "Type the counting team, one person a line; the first is its head.")
	}
	for i, x := range lines {
		p, ok, err := names.find("team", x.N, x.Name, x.Born)
		if err != nil {
			return err
		}
		if !ok {
			return desk.Wrong("team", fmt.Sprintf("Dòng %d: chưa tìm thấy “%s” trong danh sách cán bộ, đảng viên; ghi cả năm sinh: Nguyễn Văn An; 1975.", x.N, clip(x.Name)),
				fmt.Sprintf("Line %d: “%s” is not found in the registry; give the year of birth too: Nguyễn Văn An; 1975.", x.N, clip(x.Name)))
		}
		if i == 0 {
			b.Team.Head = p.ID
		}
		b.Team.Members = append(b.Team.Members, ballotbox.Member{Person: p.ID, Name: p.Identity.Name, Standing: standing(p.ID)})
	}
	return nil
}
