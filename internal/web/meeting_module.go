package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// meetingModule is "Họp, điểm danh": who was summoned and came, the base,
// organs, votes by hand.
var meetingModule = module{
	name: "meeting",
	nav:  &navItem{Label: "nav.meeting", Path: "/hop", Order: 21, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		see := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.ReadRecord, any: true, handle: h}
		}
		keep := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.RecordContest, any: true, maxBody: 4 << 20, handle: h}
		}
		return []route{
			see("GET /hop", s.meetingListGet),
			keep("GET /hop/viec/mo", s.meetingOpenGet),
			keep("POST /hop/viec/mo", s.meetingOpenPost),
			see("GET /hop/{id}", s.meetingGet),
			keep("POST /hop/{id}", s.meetingPost),
			see("GET /hop/{id}/song", s.meetingLiveGet),
			keep("GET /hop/{id}/trieu-tap", s.meetingSummonGet),
			keep("POST /hop/{id}/trieu-tap", s.meetingSummonPost),
			see("GET /hop/{id}/diem-danh/{session}", s.meetingRollGet),
			keep("POST /hop/{id}/diem-danh/{session}", s.meetingRollPost),
			keep("GET /hop/{id}/bo-phan", s.meetingOrganGet),
			keep("POST /hop/{id}/bo-phan", s.meetingOrganPost),
			see("GET /hop/{id}/danh-sach", s.meetingPaperGet),
			see("GET /hop/{id}/danh-sach.csv", s.meetingCSVGet),
			see("GET /hop/{id}/danh-sach.xlsx", s.meetingXLSXGet),
		}
	},
	search: meetingSearch,
	tasks:  meetingTasks,
	subjects: map[string]func(string) string{
		"meeting": func(id string) string { return meetingPath(strings.TrimPrefix(id, "meeting/")) },
	},
}

func meetingPath(id string) string { return "/hop/" + id }

// meeting reads the meeting of the path, for who may read its organisation.
func (c *Call) meeting(tx *store.Tx) (*meeting.State, error) {
	m, err := meeting.Get(c.Ctx(), tx, c.R.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if m == nil || !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: m.Org}) {
		return nil, desk.Missing("Không có cuộc họp này.", "There is no such meeting.")
	}
	return m, nil
}

// theMeeting is meeting in a snapshot of its own.
func (c *Call) theMeeting() (m *meeting.State, err error) {
	err = c.Read(func(tx *store.Tx) error { m, err = c.meeting(tx); return err })
	return m, err
}

func meetingRef(m *meeting.State) meeting.Ref { return meeting.Ref{ID: m.ID, Org: m.Org} }

// keeps says whether the reader may write in the meeting.
func (c *Call) keeps(tx *store.Tx, m *meeting.State) bool {
	return !m.Closed && c.May(tx, meetingRef(m).Need())
}

// meetingPerson is one person of a meeting in the words of its pages.
type meetingPerson struct {
	meeting.Attendee
	N          int
	Name, Born string
	Group      string // name of the delegation, or of the standing
	Mark       meeting.Mark
	For        string // whom an alternate replaces
	Off        bool   // comes off the base
	Votes      bool
	Listed     bool // on an election list
}

// meetingGroup is a delegation, or those of one standing, with its heads counted.
type meetingGroup struct {
	Key, Name                        string
	Rows                             []meetingPerson
	Present, Absent, Excused, Missed int
}

// meetingPeople are the persons in the order of lists, grouped by delegation.
// Names go only to who may read the file, and each is a logged view.
func (c *Call) meetingPeople(tx *store.Tx, m *meeting.State, x *meeting.Session) ([]meetingGroup, map[string]string, error) {
	may, units, names := map[string]bool{}, map[string]string{}, map[string]string{}
	var out []meetingGroup
	at := org.Now(m.Date)
	born := map[string]vn.PartialDate{}
	ids := make([]string, len(m.People))
	for i := range m.People {
		ids[i] = m.People[i].Person
	}
	persons, err := person.ByID(c.Ctx(), tx, ids, at)
	if err != nil {
		return nil, nil, err
	}
	for i := range m.People {
		a := m.People[i]
		p, known := persons[a.Person]
		ok, asked := may[p.Home]
		if !asked {
			ok = c.May(tx, desk.Need{Right: desk.ReadPerson, Org: p.Home})
			may[p.Home] = ok
		}
		row := meetingPerson{Attendee: a, Name: c.T("meeting.withheld", i+1), Votes: a.Standing.Votes(a.Replaces != "")}
		if known && ok {
			row.Name = c.personName(p)
			if p.Present {
				row.Born, born[a.Person] = bornText(p.Identity.Born.String()), p.Identity.Born
			}
			c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: a.Person, what: "meeting"})
		}
		names[a.Person] = row.Name
		if x != nil {
			row.Mark = x.Marks[a.Person]
		}
		row.Off = m.Off(a.Person)
		key := a.Delegation
		if key == "" || a.Standing == meeting.NotSummoned {
			key = string(a.Standing)
			units[key] = c.TK("meeting.group", string(a.Standing))
		} else if _, ok := units[key]; !ok {
			if units[key], err = c.unitName(tx, key, m.Date); err != nil {
				return nil, nil, err
			}
		}
		row.Group = units[key]
		g := slices.IndexFunc(out, func(g meetingGroup) bool { return g.Key == key })
		if g < 0 {
			out, g = append(out, meetingGroup{Key: key, Name: row.Group}), len(out)
		}
		switch row.Mark {
		case meeting.Present:
			out[g].Present++
		case meeting.Absent:
			out[g].Absent++
		case meeting.Excused:
			out[g].Excused++
		default:
			out[g].Missed++
		}
		out[g].Rows = append(out[g].Rows, row)
	}
	slices.SortStableFunc(out, func(a, b meetingGroup) int {
		guest := func(g meetingGroup) int {
			switch g.Key {
			case string(meeting.Invited):
				return 1
			case string(meeting.NotSummoned):
				return 2
			}
			return 0
		}
		if d := guest(a) - guest(b); d != 0 {
			return d
		}
		return strings.Compare(vn.Fold(a.Name), vn.Fold(b.Name))
	})
	n := 0
	for g := range out {
		slices.SortStableFunc(out[g].Rows, func(a, b meetingPerson) int {
			return vn.CompareListed(a.Name, born[a.Person], b.Name, born[b.Person])
		})
		for i := range out[g].Rows {
			n++
			out[g].Rows[i].N = n
			if r := out[g].Rows[i].Replaces; r != "" {
				out[g].Rows[i].For = names[r]
			}
		}
	}
	return out, names, nil
}

// listedAt are the persons on election lists of the meeting: none of them
// counts ballots.
func (c *Call) listedAt(tx *store.Tx, m *meeting.State) ([]string, error) {
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	evs, err := election.Events(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range evs {
		if e.Org != m.Org {
			continue
		}
		if has, err := election.HasChain(c.Ctx(), tx, e.ID); err != nil {
			return nil, err
		} else if !has {
			continue
		}
		chain, err := election.LoadChain(c.Ctx(), tx, lib, e.ID)
		if err != nil {
			return nil, err
		}
		for _, it := range chain.Items {
			if it.Meeting != m.ID {
				continue
			}
			for _, r := range it.Rounds {
				for _, n := range r.Persons {
					if !slices.Contains(out, n.Person) {
						out = append(out, n.Person)
					}
				}
			}
		}
	}
	return out, nil
}

func meetingTag(c *Call, closed bool) Tag {
	if closed {
		return Tag{"yes", c.T("meeting.closed")}
	}
	return Tag{"wait", c.T("meeting.running")}
}

// voters are the choices of persons who vote, in the order of lists.
func voters(c *Call, groups []meetingGroup, keep func(meetingPerson) bool) []Option {
	out := []Option{{"", c.T("meeting.choose")}}
	for _, g := range groups {
		for _, p := range g.Rows {
			if keep(p) {
				label := p.Name
				if p.Born != "" {
					label += " (" + p.Born + ")"
				}
				out = append(out, Option{p.Person, label + " – " + g.Name})
			}
		}
	}
	return out
}

// unitOptions are the organisations the reader may keep meetings for.
func (c *Call) unitOptions(tx *store.Tx, first string) ([]Option, error) {
	us, err := org.Tree(c.Ctx(), tx, c.User.Org, org.Now(c.On()))
	if err != nil {
		return nil, err
	}
	out := []Option{{"", first}}
	for i, u := range us {
		if i == 1000 {
			break
		}
		out = append(out, Option{u.ID, strings.Repeat("– ", u.Depth) + u.Name})
	}
	return out, nil
}
