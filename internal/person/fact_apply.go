package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindFact          = "person.fact-recorded/1"
	kindFactCorrected = "person.fact-corrected/1"
)

// factBody is the body of both kinds: codes, days and ids; what the fact says
// stands in the block "fact".
type factBody struct {
	Person    string  `json:"person"`
	Block     string  `json:"block"`
	Item      string  `json:"item"`
	From      vn.Date `json:"from,omitzero"`
	To        vn.Date `json:"to,omitzero"`
	Ended     bool    `json:"ended,omitzero"`
	Fact      *int64  `json:"fact,omitzero"`
	Withdrawn bool    `json:"withdrawn,omitzero"`
}

var (
	factColumns      = []string{"person", "block", "item", "valid_from", "valid_to", "entry_from", "entry_to", "content"}
	factSaidColumns  = []string{"entry_from", "entry_to", "fact", "person", "block", "item", "valid_from", "valid_to", "ended", "withdrawn", "content"}
	factValueColumns = []string{"entry", "present", "content"}
	attrColumns      = []string{"field", "person", "item", "value", "valid_from", "valid_to", "entry_from", "entry_to", "content"}
)

// applyFact follows one wording of a fact: the saying, and the versions of its
// item that come of all that stands.
func applyFact(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b factBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	said, err := factSayings(ctx, tx, `WHERE s.person = $1 AND s.block = $2 AND s.item = $3 AND s.entry_to = -1`, b.Person, b.Block, b.Item)
	if err != nil {
		return err
	}
	f := FactSaying{Fact: r.Index, Entry: r.Index, Person: b.Person, Block: b.Block, Item: b.Item, From: b.From, To: b.To, Ended: b.Ended, Withdrawn: b.Withdrawn, content: r.Index}
	if r.Kind == kindFactCorrected {
		at := slices.IndexFunc(said, func(o FactSaying) bool { return b.Fact != nil && o.Fact == *b.Fact })
		if at < 0 {
			return errors.New("corrects a fact that does not stand")
		}
		f.Fact = said[at].Fact
		if err := tx.Run(ctx, `UPDATE person_fact_said SET entry_to = $1 WHERE entry_from = $2`, r.Index, said[at].Entry); err != nil {
			return err
		}
		said = slices.Delete(said, at, at+1)
	}
	if f.FactContent, f.Present, err = factContent(r.Blocks[factBlock]); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "person_fact_value", factValueColumns, [][]any{{r.Index, flag(f.Present), string(r.Blocks[factBlock])}}); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "person_fact_said", factSaidColumns, [][]any{{f.Entry, int64(-1), f.Fact, f.Person, f.Block, f.Item, f.From.String(), f.To.String(), flag(f.Ended), flag(f.Withdrawn), f.content}}); err != nil {
		return err
	}
	said = append(said, f)
	return followFact(ctx, tx, b, said, r.Index)
}

func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// factContent reads the block; absent, it says nothing.
func factContent(raw json.RawMessage) (c FactContent, present bool, err error) {
	if raw == nil {
		return c, false, nil
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, false, fmt.Errorf("block fact: %w", err)
	}
	return c, true, nil
}

// followFact makes the rows of one item say what is now said.
func followFact(ctx context.Context, tx *store.Tx, b factBody, said []FactSaying, index int64) error {
	want := deriveFact(said)
	have, err := factVersions(ctx, tx, b.Person, b.Block, b.Item)
	if err != nil {
		return err
	}
	block, _ := FactBlockOf(b.Block)
	for _, v := range have {
		if slices.Contains(want, v) {
			continue
		}
		err := tx.Run(ctx, `UPDATE person_fact SET entry_to = $1 WHERE person = $2 AND block = $3 AND item = $4 AND valid_from = $5 AND entry_to = -1`, index, b.Person, b.Block, b.Item, v.from.String())
		for _, f := range block.Fields {
			if f.Counted && err == nil {
				err = tx.Run(ctx, `UPDATE person_attr SET entry_to = $1 WHERE field = $2 AND person = $3 AND item = $4 AND valid_from = $5 AND entry_to = -1`, index, f.ID(), b.Person, b.Item, v.from.String())
			}
		}
		if err != nil {
			return err
		}
	}
	var add, attrs [][]any
	for _, v := range want {
		if slices.Contains(have, v) {
			continue
		}
		add = append(add, []any{b.Person, b.Block, b.Item, v.from.String(), v.to.String(), index, int64(-1), v.content})
		at := slices.IndexFunc(said, func(f FactSaying) bool { return f.content == v.content })
		for _, f := range block.Fields {
			if f.Counted {
				attrs = append(attrs, []any{f.ID(), b.Person, b.Item, said[at].Values[f.Key], v.from.String(), v.to.String(), index, int64(-1), v.content})
			}
		}
	}
	return errors.Join(tx.Insert(ctx, "person_fact", factColumns, add), tx.Insert(ctx, "person_attr", attrColumns, attrs))
}

// eraseFact forgets what a wording said; that it was said stays.
func eraseFact(ctx context.Context, tx *store.Tx, index int64) error {
	return errors.Join(
		tx.Run(ctx, `UPDATE person_fact_value SET present = 0, content = '' WHERE entry = $1`, index),
		tx.Run(ctx, `UPDATE person_attr SET value = '' WHERE content = $1`, index))
}
