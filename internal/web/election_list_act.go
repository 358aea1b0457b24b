package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// listPost does one act on a round; the field "do" names it.
func (s *Server) listPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	event, contest := c.roundOf()
	ev, err := c.eventNow(event)
	if err != nil {
		return err
	}
	act, err := c.listAct(f, ev, election.OnRound{Event: ev.ID, Org: ev.Org, Contest: contest})
	if err != nil {
		return c.again(f, err, c.showList)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if !ok {
		return c.showList(f)
	}
	path := listPath(ev.ID, contest)
	if _, is := act.(election.DecideRound); is {
		path = programmePath(ev.ID)
	}
	return c.Done(path, rc)
}

func (c *Call) listAct(f *Form, ev *election.Event, on election.OnRound) (desk.Act, error) {
	hand, err := handOf(f)
	if err != nil {
		return nil, err
	}
	switch f.Text("do") {
	case "open":
		opening, err := dayOr(f, "opening")
		return election.OpenList{Event: ev.ID, Org: ev.Org, Item: strings.TrimPrefix(on.Contest, ev.ID+"/"), Opening: opening}, err
	case "add":
		ps, err := c.newPersons(f, ev, on.Contest)
		return election.ListPersons{OnRound: on, Persons: ps}, err
	case "move":
		return moveOf(f, on, hand)
	case "seats":
		n, err := countOr(f, "seats", 0)
		return election.VoteSeats{OnRound: on, Seats: n, Hand: hand}, err
	case "reading":
		return election.ChooseReading{OnRound: on, Rule: f.Text("rule"), Reading: f.Text("reading"), Reason: f.Text("reason")}, nil
	case "poll":
		return election.OpenPoll{OnRound: on, Reason: f.Text("reason")}, nil
	case "vote":
		order, err := c.orderOf(f, on.Contest)
		return election.VoteList{OnRound: on, Order: order, Hand: hand}, err
	case "box":
		pile, err := countOr(f, "pile", 0)
		if err != nil {
			return nil, err
		}
		stations, err := countOr(f, "stations", 0)
		return election.OpenBox{OnRound: on, PileSize: int(min(pile, 1000)), Stations: int(min(stations, 10)), Mode: ballotbox.Mode(f.Text("mode"))}, err
	case "report":
		return c.reportOf(f, on)
	case "decide":
		day, err := dayOr(f, "date")
		return election.DecideRound{OnRound: on, Choice: f.Text("choice"), NewNames: f.Value("new_names") != "", Reading: f.Text("reading"), Hand: hand,
			Number: f.Text("number"), Date: day, Person: f.Text("person"), Reason: f.Text("reason")}, err
	}
	return nil, desk.Wrong("", "Không rõ phải làm gì. Hãy tải lại trang.", "It is not clear what to do. Reload the page.")
}

func dayOr(f *Form, name string) (vn.Date, error) {
	if f.Text(name) == "" {
		return vn.Date{}, nil
	}
	return f.Day(name)
}

// handOf reads a vote by show of hands; nil where nothing was typed.
func handOf(f *Form) (*election.Hand, error) {
	h := &election.Hand{Meeting: f.Text("meeting"), Vote: f.Text("hand_vote")}
	any := false
	for _, x := range []struct {
		name string
		into *int64
	}{{"for", &h.For}, {"against", &h.Against}, {"other", &h.Other}, {"base", &h.Base}} {
		n, err := countOf(f, x.name)
		if err != nil {
			return nil, err
		}
		if n != nil {
			any, *x.into = true, *n
		}
	}
	if !any && h.Vote == "" {
		return nil, nil
	}
	return h, nil
}

func moveOf(f *Form, on election.OnRound, hand *election.Hand) (desk.Act, error) {
	a := election.MovePerson{OnRound: on, Person: f.Text("person"), What: election.Move(f.Text("what")), Hand: hand, Reason: f.Text("reason")}
	var err error
	if a.HandedIn, err = dayOr(f, "handed_in"); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		name string
		into **int64
	}{{"files", &a.Files}, {"support", &a.Support}, {"attending", &a.Attending}} {
		if *x.into, err = countOf(f, x.name); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// newPersons are those ticked in the pool or the registry and those typed, one
// a line: name; birth. Who is typed is looked up among those summoned and in the
// registry; a name nobody there bears is taken as it was typed.
func (c *Call) newPersons(f *Form, ev *election.Event, contest string) ([]election.NewPerson, error) {
	l := election.Listed{Origin: vote.Origin(f.Text("origin")), Planned: f.Text("planned"), Outgoing: f.Value("outgoing") != "", InBody: f.Value("in_body") != "",
		Probationary: f.Value("probationary") != "", Temporary: f.Value("temporary") != "", ByOutgoing: f.Value("by_outgoing") != "", ByDelegate: f.Value("by_delegate") != ""}
	var out []election.NewPerson
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, ev.ID)
		if err != nil {
			return err
		}
		it, _ := chain.Round(contest)
		for _, id := range f.Values["pick"] {
			p, err := c.picked(tx, chain, it, l, id)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		typed, err := c.typedPersons(tx, f, chain, it, l)
		out = append(out, typed...)
		return err
	})
	if err == nil && len(out) == 0 {
		err = desk.Wrong("typed", "Hãy chọn hoặc gõ ít nhất một người.", "Choose or type at least one person.")
	}
	return out, err
}

// picked is a person ticked: of the body to elect from, else of the registry.
func (c *Call) picked(tx *store.Tx, chain *election.Chain, it *election.ItemState, l election.Listed, id string) (election.NewPerson, error) {
	p := election.NewPerson{Listed: l}
	p.Person = id
	if it != nil {
		src, _ := chain.Source(it)
		if i := slices.IndexFunc(src, func(n *election.Nominee) bool { return n.Person == id }); i >= 0 {
			n := src[i]
			p.Name, p.Born, p.Title = n.Name, n.Born, n.Title
			p.Planned, p.Outgoing, p.InBody = cmpOr(l.Planned, n.Planned), l.Outgoing || n.Outgoing, true
		}
	}
	if p.Name != "" {
		return p, nil
	}
	known, ok, err := person.Get(c.Ctx(), tx, id, org.Now(c.Today()))
	if err != nil {
		return p, err
	}
	if !ok || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: known.Home}) {
		return p, desk.Missing("Không có người này trong danh sách cán bộ, đảng viên.", "There is no such person in the registry.")
	}
	p.Name, p.Born = known.Identity.Name, known.Identity.Born.String()
	return p, nil
}

func (c *Call) typedPersons(tx *store.Tx, f *Form, chain *election.Chain, it *election.ItemState, l election.Listed) ([]election.NewPerson, error) {
	lines, err := nameLines(f, "typed")
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	var m *meeting.State
	on := c.Today()
	if it != nil {
		m, on = it.Meet, chain.Day(it)
	}
	names, err := c.typedNames(tx, m, on)
	if err != nil {
		return nil, err
	}
	var out []election.NewPerson
	for _, x := range lines {
		p := election.NewPerson{Listed: l, Name: x.Name, Born: x.Born.String()}
		p.Person = fmt.Sprintf("typed/%s-%d", strings.ToLower(f.ID), x.N)
		known, ok, err := names.find("typed", x.N, x.Name, x.Born)
		if err != nil {
			return nil, err
		}
		if ok {
			p.Person, p.Name, p.Born = known.ID, known.Identity.Name, cmpOr(known.Identity.Born.String(), p.Born)
			c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: known.ID, what: "list"})
		}
		out = append(out, p)
	}
	return out, nil
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// orderOf are order numbers set by hand, where the box for it is ticked.
func (c *Call) orderOf(f *Form, contest string) ([]string, error) {
	if f.Value("by_hand") == "" {
		return nil, nil
	}
	var ps []vote.Placed
	for k := range f.Values {
		id, ok := strings.CutPrefix(k, "order-")
		if !ok {
			continue
		}
		n, err := countOr(f, k, 0)
		if err != nil {
			return nil, err
		}
		ps = append(ps, vote.Placed{ID: id, Order: int(min(n, 1<<20))})
	}
	placed, wrong := vote.PlaceByHand(ps)
	if len(wrong) > 0 {
		return nil, desk.Wrong("by_hand", "Số thứ tự phải là 1, 2, 3… không trùng, không bỏ số nào.", "Order numbers are 1, 2, 3 … none twice, none left out.")
	}
	var out []string
	for _, p := range placed {
		out = append(out, p.ID)
	}
	return out, nil
}

// reportFields are the figures of a count typed from paper.
var reportFields = []string{"summoned", "present", "incumbents", "printed", "issued", "spoiled", "unused", "collected", "valid", "invalid"}

// reportOf reads the figures of a count typed from paper.
func (c *Call) reportOf(f *Form, on election.OnRound) (desk.Act, error) {
	a := election.ReportRound{OnRound: on, Base: &vote.Base{}, Votes: map[string]int64{}}
	into := map[string]**int64{"summoned": &a.Base.Summoned, "present": &a.Base.Present, "incumbents": &a.Base.Incumbents, "printed": &a.Ballots.Printed,
		"issued": &a.Ballots.Issued, "spoiled": &a.Ballots.Spoiled, "unused": &a.Ballots.Unused, "collected": &a.Ballots.Collected, "valid": &a.Ballots.Valid, "invalid": &a.Ballots.Invalid}
	var err error
	for _, name := range reportFields {
		if *into[name], err = countOf(f, name); err != nil {
			return nil, err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(f.Values)) {
		reason, ok := strings.CutPrefix(k, "off-")
		if !ok {
			continue
		}
		n, err := countOr(f, k, 0)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			a.Base.Deductions = append(a.Base.Deductions, vote.Deduction{Reason: reason, Count: n})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(f.Values)) {
		for prefix, m := range map[string]*map[string]int64{"votes-": &a.Votes, "disagree-": &a.Disagree, "unmarked-": &a.Unmarked} {
			id, ok := strings.CutPrefix(k, prefix)
			if !ok || f.Text(k) == "" {
				continue
			}
			n, err := countOr(f, k, 0)
			if err != nil {
				return nil, err
			}
			if *m == nil {
				*m = map[string]int64{}
			}
			(*m)[id] = n
		}
	}
	return a, nil
}
