package web

import (
	"slices"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// hallSeats lists who counts and presides at a meeting, with their accounts.
func (c *Call) hallSeats(tx *store.Tx, d *hallBoardData) error {
	all, err := account.List(c.Ctx(), tx)
	if err != nil {
		return err
	}
	if d.Box != nil {
		d.Contests = []string{d.Title}
		err = c.boxDuties(tx, d, all)
	} else {
		err = c.meetingDuties(tx, d)
	}
	if err != nil {
		return err
	}
	switch {
	case len(d.Contests) == 0:
		d.Nobody = c.T("hall.board.no-contest")
	case len(d.Rows) == 0:
		d.Nobody = c.T("hall.board.no-board")
	}
	var ids []string
	for _, r := range d.Rows {
		ids = append(ids, r.Person)
	}
	known, err := person.ByID(c.Ctx(), tx, ids, org.Now(d.Held))
	if err != nil {
		return err
	}
	for i := range d.Rows {
		r := &d.Rows[i]
		r.Name = c.T("meeting.withheld", i+1)
		if p, ok := known[r.Person]; ok && p.Present {
			r.Name = c.personName(p)
		}
		if err := c.seatAccounts(tx, d, r, all); err != nil {
			return err
		}
	}
	return nil
}

// chainsOf are the programmes that a meeting votes in.
func (c *Call) chainsOf(tx *store.Tx, m *meeting.State) (out []*election.Chain, err error) {
	events, err := election.Chained(c.Ctx(), tx, 50)
	if err != nil {
		return nil, err
	}
	for _, id := range events {
		ev, err := c.event(tx, id)
		if err != nil || ev.Org != "" && ev.Org != m.Org {
			continue // another organisation's, or not the reader's to see
		}
		chain, err := c.loadChain(tx, id)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(chain.Items, func(s *election.ItemState) bool { return s.Meeting == m.ID }) {
			out = append(out, chain)
		}
	}
	return out, nil
}

// seat gives a person a duty; who counts does not decide on incidents of the
// count, so the first role stands.
func (d *hallBoardData) seat(id, duty, role string, cases []string) {
	i := slices.IndexFunc(d.Rows, func(r hallSeat) bool { return r.Person == id })
	if i < 0 {
		d.Rows, i = append(d.Rows, hallSeat{Person: id, Role: role}), len(d.Rows)
	}
	r := &d.Rows[i]
	if r.Role != role {
		return
	}
	r.Duties = append(r.Duties, duty)
	for _, x := range cases {
		if !slices.Contains(r.Cases, x) {
			r.Cases = append(r.Cases, x)
		}
	}
}

// headFirst are the members of a board, its head first.
func headFirst(head string, members []string) []string {
	out := []string{head}
	return append(out, slices.DeleteFunc(slices.Clone(members), func(id string) bool { return id == head })...)
}

// boxDuties are the team of a box, and who was opened an account to preside.
func (c *Call) boxDuties(tx *store.Tx, d *hallBoardData, all []account.Account) error {
	var members []string
	for _, m := range d.Box.Team.Members {
		if m.Account == "" {
			members = append(members, m.Person)
		}
	}
	for _, id := range headFirst(d.Box.Team.Head, members) {
		duty := c.T("ballotbox.team")
		if id == d.Box.Team.Head {
			duty = c.T("ballotbox.role.head")
		}
		d.seat(id, duty, account.HallRoles[0], []string{d.Box.Case})
	}
	for _, a := range all {
		if a.Closed || a.Person == "" || a.Case != d.Box.Case {
			continue
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return err
		}
		if slices.ContainsFunc(gs, func(g account.Grant) bool { return g.Role == account.HallRoles[1] }) {
			d.seat(a.Person, c.T("ballotbox.role.chair"), account.HallRoles[1], []string{d.Box.Case})
			d.HasChair = true
		}
	}
	return nil
}

// meetingDuties are the members of the organs that count, and who presides.
func (c *Call) meetingDuties(tx *store.Tx, d *hallBoardData) error {
	chains, err := c.chainsOf(tx, d.M)
	if err != nil {
		return err
	}
	for _, ch := range chains {
		for _, it := range ch.Items {
			if it.Meeting == d.M.ID && it.State != election.StateOff && it.State != election.StateSkipped {
				d.Contests = append(d.Contests, c.Words(it.Title))
			}
		}
	}
	d.HasChair = true // the presidium
	organs := slices.Clone(d.M.Organs)
	slices.SortStableFunc(organs, func(a, b meeting.Chosen) int { // who counts before who presides
		return strings.Compare(string(a.Organ), string(b.Organ))
	})
	for _, o := range organs {
		if cur := d.M.Organ(o.Organ, o.For); cur == nil || cur.Entry != o.Entry {
			continue // chosen anew since
		}
		var cases []string
		for _, ch := range chains {
			cases = append(cases, ch.Cases(d.M.ID, o.Organ, o.For)...)
			if o.Organ == meeting.Presidium { // presides over the polls too
				cases = append(cases, ch.Cases(d.M.ID, meeting.PollTeam, "")...)
			}
		}
		switch {
		case len(cases) == 0:
		case o.Organ == meeting.CountingBoard || o.Organ == meeting.PollTeam:
			for _, id := range headFirst(o.Head, o.Members) {
				duty := c.organText(d.M, o.Organ)
				if id == o.Head {
					duty = c.T("hall.board.head", duty)
				}
				d.seat(id, duty, account.HallRoles[0], cases)
			}
		case o.Organ == meeting.Presidium && o.Head != "":
			d.seat(o.Head, c.T("hall.board.head", c.organText(d.M, o.Organ)), account.HallRoles[1], cases)
		}
	}
	return nil
}

// seatAccounts finds the accounts by which a person already counts.
func (c *Call) seatAccounts(tx *store.Tx, d *hallBoardData, r *hallSeat, all []account.Account) error {
	has := map[string]bool{}
	for _, a := range all {
		if a.Person != r.Person || a.Closed || !a.Until.IsZero() && !c.Today().Before(a.Until) {
			continue
		}
		gs, err := account.GrantsOn(c.Ctx(), tx, a.ID, c.Today())
		if err != nil {
			return err
		}
		mine := false
		for _, g := range gs {
			if g.Role == r.Role && slices.Contains(r.Cases, g.Case) {
				has[g.Case], mine = true, true
			}
		}
		if !mine {
			continue
		}
		r.Accounts = append(r.Accounts, a)
		r.State = c.accountState(a)
		switch {
		case a.Confirmed && a.Type == account.Hall: // others need no slip
			d.Open++
		case a.Confirmed:
		default:
			d.Wait++
			if a.OpenedBy != c.User.Account {
				d.Mine++
			}
		}
	}
	for _, x := range r.Cases {
		if !has[x] {
			r.Missing = append(r.Missing, x)
		}
	}
	if len(r.Missing) > 0 {
		d.None++
		if len(r.Accounts) == 0 {
			r.State = Tag{"no", c.T("hall.board.none")}
		} else {
			r.State = Tag{"wait", c.T("hall.board.part")}
		}
	}
	return nil
}
