package web

import (
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// subjectNames names the subjects of entries in the reader's words; a reader
// meets "contest/qh15/dak-nong/1" nowhere but in the ledger's own text. What
// the reader may not see, and persons, keep the id: looking at a person's name
// is a view of personal content.
func (c *Call) subjectNames(tx *store.Tx) func(id string) string {
	known := map[string]string{}
	return func(id string) string {
		if _, ok := known[id]; !ok {
			known[id] = c.subjectName(tx, id)
		}
		return known[id]
	}
}

// plannedName names a contest that has no figures yet: by the programme it
// stands in, or by its ballot box; "" when the reader may know neither.
func (c *Call) plannedName(tx *store.Tx, contest string) string {
	event, item, _ := strings.Cut(contest, "/")
	if chain, err := c.loadChain(tx, event); err == nil {
		for _, it := range chain.Items {
			switch item {
			case it.ID:
				return c.Words(it.Title)
			case it.ID + election.PollSuffix:
				return c.T("programme.poll.of", lowerFirst(c.Words(it.Title)))
			}
		}
	}
	boxes, err := ballotbox.ByCase(c.Ctx(), tx, "contest/"+contest)
	if err == nil && len(boxes) > 0 && c.May(tx, desk.Need{Right: desk.ReadRecord, Org: boxes[0].Org}) {
		return c.Words(boxes[0].Title)
	}
	return ""
}

func (c *Call) subjectName(tx *store.Tx, id string) string {
	room, rest, _ := strings.Cut(id, "/")
	switch room {
	case "ledger":
		return c.T("nav.ledger")
	case "contest":
		r, err := election.GetRow(c.Ctx(), tx, rest)
		if err != nil {
			return cmpOr(c.plannedName(tx, rest), id)
		}
		if r.Org != "" && !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: r.Org}) {
			return id
		}
		return contestTitle(c.Lang, r.Place, r.Title)
	case "papers", "handover":
		of := id
		if room == "papers" {
			if of = rest; !strings.HasPrefix(of, "handover/") {
				if e, err := c.event(tx, rest); err == nil {
					return c.Words(e.Title)
				}
				return id
			}
		}
		return c.handoverName(tx, of, id)
	case "event":
		if e, err := c.event(tx, rest); err == nil {
			return c.Words(e.Title)
		}
	case "org":
		if ok, err := org.Known(c.Ctx(), tx, id); err != nil || !ok {
			return id
		}
		if name, err := c.unitName(tx, id, c.Today()); err == nil && name != "" {
			return name
		}
	case "account":
		return c.actorText(tx, id)
	}
	return id
}

// handoverName names a collective handover by its two sides, where the reader
// may see one of them.
func (c *Call) handoverName(tx *store.Tx, handover, id string) string {
	h, ok, err := person.GetHandover(c.Ctx(), tx, handover)
	if err != nil || !ok {
		return id
	}
	if may := c.readable(tx, desk.ReadPerson); !may(h.List.From) && !may(h.List.To) {
		return id
	}
	row, err := c.handoverRow(tx, h)
	if err != nil {
		return id
	}
	return c.T("handover") + ": " + row.From + " → " + row.To
}
