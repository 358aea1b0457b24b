package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// papersKitGet shows everything needed to go on by hand, without recording it.
func (s *Server) papersKitGet(c *Call) error {
	ev, pdf, err := c.kit()
	if err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", "bo-du-phong-giay-"+ev.ID+".pdf")
}

// papersKitPost prints the kit and records it.
func (s *Server) papersKitPost(c *Call) error {
	ev, pdf, err := c.kit()
	if err != nil {
		return err
	}
	return c.record(ev, document.PrintKit, -1, ev.Title.VI, pdf)
}

// kit draws the kit of the event of the page as it stands now.
func (c *Call) kit() (ev *election.Event, pdf []byte, err error) {
	k := document.Kit{}
	err = c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		ev = chain.Event
		if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org}) {
			return desk.Missing("Không có sự kiện này.", "There is no such event.")
		}
		k.Event, k.Day, k.Sample = ev.Title.VI, ev.Date, ev.Sample
		seen := map[string]bool{}
		for _, it := range chain.Items {
			if it.Meet != nil && !seen[it.Meet.ID] {
				seen[it.Meet.ID] = true
				roll, err := c.kitRoll(tx, it.Meet)
				if err != nil {
					return err
				}
				k.Rolls = append(k.Rolls, roll)
			}
			if it.State.Over() {
				continue
			}
			kc := document.KitContest{Title: it.Title.VI, Seats: it.Seats}
			if r := it.Now(); r != nil {
				kc.Title = election.ContestTitle(it, r).VI
				if r.Seats > 0 {
					kc.Seats = r.Seats
				}
				placed := r.OnBallot()
				if kc.Voted = placed != nil; !kc.Voted {
					placed = election.InOrder(r.Stand())
				}
				for _, p := range placed {
					name := p.Name
					if n := r.Find(p.ID); n != nil {
						name = n.Show("vi")
					}
					kc.Names = append(kc.Names, strings.TrimSpace(name+" "+p.Apart))
				}
			}
			k.Contests = append(k.Contests, kc)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	pdf, err = k.PDF()
	return ev, pdf, err
}

func (c *Call) kitRoll(tx *store.Tx, m *meeting.State) (document.KitRoll, error) {
	r := document.KitRoll{Title: m.Title.VI}
	for _, a := range m.People {
		p, ok, err := person.Get(c.Ctx(), tx, a.Person, org.Now(m.Date))
		if err != nil {
			return r, err
		}
		name := a.Person
		if ok && p.Identity.Name != "" {
			name = p.Identity.Name
		}
		r.Names = append(r.Names, name)
	}
	return r, nil
}
