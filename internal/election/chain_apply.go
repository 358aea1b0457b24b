package election

import (
	"encoding/json"

	"minhbach/internal/desk"
)

var (
	stepCols   = []string{"entry", "event", "contest", "item", "kind", "at", "actor", "body", "reason"}
	listedCols = []string{"entry", "person", "title", "name", "born"}
)

// applyStep keeps an entry of the chain as it is: the state of the chain is
// folded from these rows. Rows of persons stand whether their names are there
// or not.
func applyStep(b *batch, r *desk.Record) error {
	var head struct {
		stepHead
		Persons []struct {
			Person string `json:"person"`
		} `json:"persons"`
	}
	if err := json.Unmarshal(r.Body, &head); err != nil {
		return err
	}
	reason := ""
	if raw, ok := r.Blocks[BlockReason]; ok {
		var block struct {
			Reason string `json:"reason"`
		}
		if err := json.Unmarshal(raw, &block); err != nil {
			return err
		}
		reason = block.Reason
	}
	b.add("election_step", stepCols, r.Index, head.Event, head.Contest, head.Item, r.Kind, stamp(r.At), r.Actor, string(r.Body), reason)
	names := map[string]Name{}
	if raw, ok := r.Blocks[BlockCandidates]; ok {
		var list []Name
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		for _, n := range list {
			names[n.ID] = n
		}
	}
	for _, p := range head.Persons {
		n := names[p.Person]
		b.add("election_listed", listedCols, r.Index, p.Person, n.Title, n.Name, n.Born)
	}
	return nil
}
