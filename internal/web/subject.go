package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/org"
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

func (c *Call) subjectName(tx *store.Tx, id string) string {
	room, rest, _ := strings.Cut(id, "/")
	switch room {
	case "contest":
		r, err := election.GetRow(c.Ctx(), tx, rest)
		if err != nil || r.Org != "" && !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: r.Org}) {
			return id
		}
		return contestTitle(c.Lang, r.Place, r.Title)
	case "event", "papers":
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
