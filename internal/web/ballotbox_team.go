package web

import (
	"strconv"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/store"
)

// ballotboxPileGet leads a person to the station of a pile that is his: where
// he keys already, or the first one free for him; where there is none, to the
// box. One machine is so handed from one person to the next.
func (s *Server) ballotboxPileGet(c *Call) error {
	pile, err := strconv.Atoi(c.R.PathValue("pile"))
	if err != nil {
		return errNotFound
	}
	d, err := c.boxData(nil)
	if err != nil {
		return err
	}
	to := boxPath(d.Box.ID)
	for _, row := range d.Grid {
		if row.Pile != pile {
			continue
		}
		for _, cell := range row.Cells {
			if cell.Path != "" && (to == boxPath(d.Box.ID) || cell.Class == "mine") {
				to = cell.Path
			}
		}
	}
	return c.Redirect(to)
}

// boxTeamAct replaces persons of a counting team: one out, one in, another head.
func (c *Call) boxTeamAct(f *Form, b *ballotbox.Row) (desk.Act, error) {
	team := ballotbox.Team{Head: b.Team.Head}
	if h := f.Text("head"); h != "" {
		team.Head = h
	}
	out := f.Text("out")
	for _, m := range b.Team.Members {
		if m.Person != out {
			team.Members = append(team.Members, m)
		}
	}
	if f.Text("in") != "" {
		id, name, err := c.pickPerson(f, "in", b.Held)
		if err != nil {
			return nil, err
		}
		m := ballotbox.Member{Person: id, Name: name, Standing: string(meeting.Official)}
		if b.Meeting != "" {
			err := c.Read(func(tx *store.Tx) error {
				met, err := meeting.Get(c.Ctx(), tx, b.Meeting)
				if err != nil || met == nil {
					return err
				}
				at := met.Attendee(id)
				if at == nil {
					return desk.Wrong("in", "Người này không có trong danh sách triệu tập của cuộc họp.", "This person is not among those summoned to the meeting.")
				}
				m.Standing = string(at.Standing)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		team.Members = append(team.Members, m)
		if f.Value("lead") != "" {
			team.Head = id
		}
	}
	return ballotbox.ChangeTeam{Box: b.ID, Org: b.Org, Team: team, Reason: f.Text("reason")}, nil
}

// teamNames are the persons of a team, the head told from the others.
func (c *Call) teamNames(b *ballotbox.Row) (out []string) {
	for _, m := range b.Team.Members {
		name := who(b, m.Person)
		if m.Person == b.Team.Head {
			name += " (" + lowerFirst(c.T("ballotbox.role.head")) + ")"
		}
		out = append(out, name)
	}
	return out
}

// teamOptions are the persons of a team, as choices; the first is nobody.
func (c *Call) teamOptions(b *ballotbox.Row) []Option {
	out := []Option{{"", c.T("field.none")}}
	for _, m := range b.Team.Members {
		out = append(out, Option{m.Person, who(b, m.Person)})
	}
	return out
}
