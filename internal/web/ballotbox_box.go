package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

// ballotboxData is the counting room of one box: how far it is, who keys what.
type ballotboxData struct {
	Box      *ballotbox.Row
	State    ballotbox.State
	Tag      Tag
	User     boxUser
	Role     string
	Form     *Form
	Live     Live
	Stations []int
	Grid     []boxGridRow
	Agreed   int
	Stages   []boxStage
	Stock    []stockView
	Team     []string
	Steps    []boxStep
	Next     string // what is to be done now, in words
	Path     string // where
	Incident bool
	Totals   bool
	Choices  []string // what the chair may decide on an incident
	Scan     bool     // scans may be read
	Pictures int      // scanned sheets kept, for the officer once the box is over
	Kept     string   // where they are seen, once a decision opened them
	// MayIncident: the head may note an incident now.
	MayIncident bool
	// Members are the team as choices, where the officer may change it.
	Members []Option
	// MayOpen: the officer may open the readings by a decision.
	MayOpen bool
	// Own: a box of no programme and no case; its officer opens accounts for the
	// team, and after an annulment the box of the new vote.
	Own, Again bool
}

type boxStage struct{ Class, Text string }

type boxGridRow struct {
	Pile, Size, Attempt int
	Tag                 Tag
	Cells               []boxCell
	Log                 string
	Scan                string // where the pile is scanned
	Scanned             bool
}

type boxCell struct {
	Text, Who, Path, Class string
}

type boxStep struct {
	Entry      int64
	Text, Note string
	Who, When  string
}

var ballotboxPage = page[ballotboxData]("ballotbox_box")

func (s *Server) ballotboxGet(c *Call) error { return c.showBox(nil) }

// ballotboxLiveGet is the grid alone, asked each second.
func (s *Server) ballotboxLiveGet(c *Call) error {
	if c.Unchanged() { // says nothing but that nothing changed
		return nil
	}
	d, err := c.boxData(nil)
	if err != nil {
		return err
	}
	return ballotboxPage.fragment(c, "live", *d)
}

func (c *Call) showBox(f *Form) error {
	d, err := c.boxData(f)
	if err != nil {
		return err
	}
	return ballotboxPage.show(c, *d)
}

func (c *Call) boxData(f *Form) (*ballotboxData, error) {
	d := &ballotboxData{Form: f}
	d.Live = c.Live("/kiem-phieu/moi/" + c.R.PathValue("id"))
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if d.State, err = ballotbox.StateOf(c.Ctx(), tx, lib, b); err != nil {
			return err
		}
		d.Box, d.User, d.Role, d.Tag, d.Incident = b, u, c.boxRole(u), boxTag(c.Lang, d.State), b.Incident >= 0
		d.Choices = []string{ballotbox.Recount, ballotbox.Annul, ballotbox.GoOn}
		d.MayIncident = u.Head && !d.Incident && b.Stage != ballotbox.StateReported && b.Stage != ballotbox.StateAnnulled
		over := b.Stage == ballotbox.StateReported || b.Stage == ballotbox.StateAnnulled
		if u.Officer && !over {
			d.Members = c.teamOptions(b)
		}
		d.MayOpen = u.Officer && over
		d.Own = u.Officer && strings.HasPrefix(b.Case, "contest/"+ownBox)
		d.Again = d.Own && b.Stage == ballotbox.StateAnnulled
		d.Totals = b.Mode == ballotbox.TotalsTwice
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.Subject(b.ID)); err != nil {
				return err
			}
		}
		for n := 1; n <= b.Stations; n++ {
			d.Stations = append(d.Stations, n)
		}
		d.Team = c.teamNames(b)
		d.Stages = c.boxStages(d.State)
		if err := c.boxGrid(tx, d); err != nil {
			return err
		}
		if d.Stock, err = c.stockViews(tx, b); err != nil {
			return err
		}
		if err := c.boxSteps(tx, d); err != nil {
			return err
		}
		c.boxNext(tx, d)
		return nil
	})
	return d, err
}

// boxStages is the way of a box with the place where it stands.
func (c *Call) boxStages(now ballotbox.State) []boxStage {
	order := []ballotbox.State{ballotbox.StateOpen, ballotbox.StateSealed, ballotbox.StateUnsealed, ballotbox.StateReading, ballotbox.StateDoubts, ballotbox.StateReady, ballotbox.StateClosed, ballotbox.StateReported}
	var out []boxStage
	class := "ok"
	for _, s := range order {
		if s == now {
			class = "now"
		}
		out = append(out, boxStage{class, ballotbox.StateWords[s].In(c.Lang)})
		if class == "now" {
			class = ""
		}
	}
	if now == ballotbox.StateReported {
		out[len(out)-1].Class = "ok"
	}
	return out
}

func (c *Call) boxGrid(tx *store.Tx, d *ballotboxData) error {
	b := d.Box
	piles, err := ballotbox.Piles(c.Ctx(), tx, b.ID)
	if err != nil {
		return err
	}
	seats, err := ballotbox.Seats(c.Ctx(), tx, b.ID, c.User.Account)
	if err != nil {
		return err
	}
	at := map[[2]int]ballotbox.Seat{}
	mine := map[int]bool{}
	for _, s := range seats {
		at[[2]int{s.Pile, s.Station}] = s
		mine[s.Pile] = mine[s.Pile] || s.Mine
	}
	rel, ok, err := ballotbox.ReleasedBallot(c.Ctx(), tx, b.ID)
	if err != nil {
		return err
	}
	d.Scan = ok && rel.Scan
	scanned, err := ballotbox.Scanned(c.Ctx(), tx, b)
	if err != nil {
		return err
	}
	if over := b.Stage == ballotbox.StateReported || b.Stage == ballotbox.StateAnnulled; over && c.May(tx, desk.Need{Right: desk.OpenBox, Org: b.Org}) {
		if d.Pictures, err = ballotbox.Pictures(c.Ctx(), tx, b.ID); err != nil {
			return err
		}
	}
	if u := d.User; d.MayOpen || u.Head || u.Chair {
		first, err := ballotbox.FirstKept(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		_, opened, err := ballotbox.PicturesOpened(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		if first > 0 && opened {
			d.Kept = keptPath(first, b.ID)
		}
	}
	for _, p := range piles {
		row := boxGridRow{Pile: p.Pile, Size: p.Size, Attempt: p.Attempt, Tag: Tag{"no", c.T("ballotbox.pile.waits")}}
		if len(p.HandedIn) > 0 {
			row.Tag = Tag{"wait", c.T("ballotbox.pile.part")}
		}
		if p.Attempt > 1 {
			row.Tag = Tag{"stop", c.T("ballotbox.pile.again", strconv.Itoa(p.Attempt))}
		}
		if p.Agreed >= 0 {
			row.Tag, d.Agreed = Tag{"yes", c.T("ballotbox.pile.agreed")}, d.Agreed+1
			if d.State != ballotbox.StateReading {
				row.Log = "/kiem-phieu/nhat-ky-nhap/" + strconv.Itoa(p.Pile) + "/" + b.ID
			}
		}
		row.Scanned = scanned[p.Pile]
		if d.Scan && !row.Scanned && d.User.Team && b.Stage == ballotbox.StateReading && b.Incident < 0 && !d.Totals {
			row.Scan = "/kiem-phieu/quet/" + strconv.Itoa(p.Pile) + "/" + b.ID
		}
		read := !d.User.Team || d.User.Head && p.Attempt > 1 && len(b.Team.Members)-1 >= b.Stations
		read = read || mine[p.Pile]
		for _, r := range p.HandedIn {
			read = read || d.User.Team && r.Person == d.User.Member.Person
		}
		for st := 1; st <= b.Stations; st++ {
			cell := boxCell{Text: c.T("ballotbox.cell.free")}
			seat, busy := at[[2]int{p.Pile, st}]
			r, in := p.HandedIn[st]
			open := d.State == ballotbox.StateReading && p.Agreed < 0 && d.User.Team && b.Incident < 0
			path := "/kiem-phieu/nhap/" + strconv.Itoa(p.Pile) + "/" + strconv.Itoa(st) + "/" + b.ID
			if d.Totals {
				path = "/kiem-phieu/tong/" + strconv.Itoa(st) + "/" + b.ID
			}
			switch {
			case in:
				cell = boxCell{Text: c.T("ballotbox.cell.in"), Who: who(b, r.Person), Class: "in"}
			case busy && seat.Mine && open:
				cell = boxCell{Text: c.T("ballotbox.cell.mine"), Path: path, Class: "mine"}
			case busy:
				cell = boxCell{Text: c.T("ballotbox.cell.busy"), Class: "busy"}
			case open && !read:
				cell = boxCell{Text: c.T("ballotbox.cell.key"), Path: path, Class: "free"}
			}
			row.Cells = append(row.Cells, cell)
		}
		d.Grid = append(d.Grid, row)
	}
	return nil
}

func (c *Call) boxSteps(tx *store.Tx, d *ballotboxData) error {
	steps, err := ballotbox.Steps(c.Ctx(), tx, d.Box.ID)
	if err != nil {
		return err
	}
	for _, s := range steps {
		v := boxStep{Entry: s.Entry, Text: c.kindText(s.Kind), Note: s.Note, When: whenText(c.Lang, s.At)}
		if s.Person != "" {
			v.Who = who(d.Box, s.Person)
		}
		switch s.Kind {
		case ballotbox.KindChecked:
			v.Note = c.T("ballotbox.step.seal", s.Choice)
		case ballotbox.KindUnsealed:
			v.Text += ": " + c.TK("ballotbox.intact", s.Choice)
		case ballotbox.KindResolved:
			v.Text += ": " + c.TK("ballotbox.choice", s.Choice)
		}
		d.Steps = append(d.Steps, v)
	}
	return nil
}

// minutesPath is where the reader makes the minutes of a reported box, "" where
// no contest was recorded with it or the reader does not make minutes.
func (c *Call) minutesPath(tx *store.Tx, b *ballotbox.Row) string {
	r, err := election.GetRow(c.Ctx(), tx, b.Sheet.ID)
	if b.Stage != ballotbox.StateReported || err != nil || !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: r.Org, Case: election.ContestSubject(r.ID)}) {
		return ""
	}
	return "/bau-cu/bien-ban/" + r.ID
}

// boxNext says what is to be done now, and where.
func (c *Call) boxNext(tx *store.Tx, d *ballotboxData) {
	id := d.Box.ID
	if d.Incident {
		d.Next = c.T("ballotbox.next.incident")
		return
	}
	switch d.State {
	case ballotbox.StateOpen:
		d.Next, d.Path = c.T("ballotbox.next.open"), "/kiem-phieu/so-phieu/"+id
	case ballotbox.StateSealed:
		d.Next, d.Path = c.T("ballotbox.next.sealed"), "/kiem-phieu/so-phieu/"+id
	case ballotbox.StateUnsealed:
		d.Next, d.Path = c.T("ballotbox.next.unsealed"), "/kiem-phieu/so-phieu/"+id
	case ballotbox.StateReading:
		d.Next = c.T("ballotbox.next.reading")
		if !slices.ContainsFunc(d.Grid, func(r boxGridRow) bool {
			return slices.ContainsFunc(r.Cells, func(x boxCell) bool { return x.Path != "" })
		}) {
			d.Next = c.T("ballotbox.next.others")
		}
	case ballotbox.StateDoubts:
		d.Next, d.Path = c.T("ballotbox.next.doubts"), "/kiem-phieu/nghi-van/"+id
	case ballotbox.StateReady:
		d.Next, d.Path = c.T("ballotbox.next.ready"), "/kiem-phieu/chot/"+id
	case ballotbox.StateClosed:
		d.Next, d.Path = c.T("ballotbox.next.closed"), "/kiem-phieu/bao-cao/"+id
	case ballotbox.StateReported:
		d.Next, d.Path = c.T("ballotbox.next.reported"), "/kiem-phieu/bao-cao/"+id
		if p := c.minutesPath(tx, d.Box); p != "" {
			d.Next, d.Path = c.T("ballotbox.next.minutes"), p
		}
	}
	if !d.User.Team && d.State != ballotbox.StateReported {
		d.Next, d.Path = c.T("ballotbox.next.team"), ""
	}
}

// ballotboxPost does one step of a box; the field "do" names it.
func (s *Server) ballotboxPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	var act desk.Act
	switch f.Text("do") {
	case "check":
		act = ballotbox.CheckBox{Box: b.ID, Case: b.Case, Empty: f.Value("empty") != "", Seal: f.Text("seal")}
	case "unseal":
		act = ballotbox.Unseal{Box: b.ID, Case: b.Case, Intact: f.Value("intact") != "", Note: f.Text("note")}
	case "piles":
		act = ballotbox.MakePiles{Box: b.ID, Case: b.Case, Note: f.Text("note")}
	case "incident":
		act = ballotbox.Incident{Box: b.ID, Case: b.Case, Text: f.Text("reason")}
	case "resolve":
		act = ballotbox.Resolve{Box: b.ID, Case: b.Case, Choice: f.Text("choice"), By: f.Text("by"), Reason: f.Text("reason")}
	case "team":
		if act, err = c.boxTeamAct(f, b); err != nil {
			return c.again(f, err, c.showBox)
		}
	case "readings":
		act = ballotbox.OpenReadings{Box: b.ID, Org: b.Org, Decision: f.Text("decision")}
	case "destroy":
		act = ballotbox.DestroyPictures{Box: b.ID, Org: b.Org, Decision: f.Text("decision")}
	default:
		return desk.Wrong("", "Không rõ phải làm gì. Hãy tải lại trang.", "It is not clear what to do. Reload the page.")
	}
	return c.finish(f, act, boxPath(b.ID), c.showBox)
}
