package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindRecorded      = "person.recorded/1"
	kindChanged       = "person.changed/1"
	kindCorrected     = "person.corrected/1"
	kindPostTaken     = "person.post-taken/1"
	kindPostEnded     = "person.post-ended/1"
	kindPostCorrected = "person.post-corrected/1"
)

// body is the body of every kind of this room; unused fields are left out. It
// holds no personal content: ids, days, codes and decision numbers.
type body struct {
	Person    string       `json:"person"`
	Home      string       `json:"home,omitzero"`
	Sample    bool         `json:"sample,omitzero"`
	Post      string       `json:"post,omitzero"`
	Org       string       `json:"org,omitzero"`
	Title     string       `json:"title,omitzero"`
	From      vn.Date      `json:"from,omitzero"`
	To        vn.Date      `json:"to,omitzero"`
	Decision  org.Decision `json:"decision,omitzero"`
	Fact      *int64       `json:"fact,omitzero"`
	Withdrawn bool         `json:"withdrawn,omitzero"`
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for _, r := range rs {
		if err := applyOne(ctx, tx, r); err != nil {
			return fmt.Errorf("person: entry %d: %w", r.Index, err)
		}
	}
	return nil
}

func applyOne(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b body
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	w := wording{content: -1, Statement: Statement{
		Fact: r.Index, Entry: r.Index, EntryTo: -1, Person: b.Person, Post: b.Post, Org: b.Org, Title: b.Title,
		From: b.From, To: b.To, Decision: b.Decision, Withdrawn: b.Withdrawn,
	}}
	switch r.Kind {
	case kindRecorded:
		sample := 0
		if b.Sample {
			sample = 1
		}
		if err := tx.Insert(ctx, "person_person", []string{"person", "home", "sample", "entry_from"}, [][]any{{b.Person, b.Home, int64(sample), r.Index}}); err != nil {
			return err
		}
		w.What = Recorded
	case kindChanged, kindCorrected:
		w.What = Recorded
	case kindPostTaken:
		w.What = PostHeld
	case kindPostEnded:
		w.What = PostDone
	}
	if slices.ContainsFunc(r.Entry.Blocks, func(ref blockRef) bool { return ref.Name == identityBlock }) {
		w.content = r.Index
		if err := putIdentity(ctx, tx, r.Index, r.Blocks[identityBlock]); err != nil {
			return err
		}
	}
	said, err := standing(ctx, tx, b.Person)
	if err != nil {
		return err
	}
	if r.Kind == kindCorrected || r.Kind == kindPostCorrected {
		at := slices.IndexFunc(said, func(o wording) bool { return b.Fact != nil && o.Fact == *b.Fact })
		if at < 0 {
			return errors.New("corrects a statement that does not stand")
		}
		old := said[at]
		w.Fact, w.What, w.Post = old.Fact, old.What, old.Post
		if _, err := tx.Exec(ctx, `UPDATE person_statement SET entry_to = $1 WHERE entry_from = $2`, r.Index, old.Entry); err != nil {
			return err
		}
		said = slices.Delete(said, at, at+1)
	}
	if err := insertWording(ctx, tx, w); err != nil {
		return err
	}
	said = append(said, w)
	if w.What == Recorded {
		return followIdentity(ctx, tx, b.Person, deriveIdentity(said), r.Index)
	}
	return followPosts(ctx, tx, b.Person, derivePosts(said), r.Index)
}

func insertWording(ctx context.Context, tx *store.Tx, w wording) error {
	decision, err := json.Marshal(w.Decision)
	if err != nil {
		return err
	}
	withdrawn := 0
	if w.Withdrawn {
		withdrawn = 1
	}
	return tx.Insert(ctx, "person_statement",
		[]string{"entry_from", "entry_to", "fact", "person", "what", "post", "org", "title", "valid_from", "valid_to", "decision", "content", "withdrawn"},
		[][]any{{w.Entry, int64(-1), w.Fact, w.Person, string(w.What), w.Post, w.Org, w.Title, w.From.String(), w.To.String(), string(decision), w.content, int64(withdrawn)}})
}

// followIdentity makes the rows of one person say what is now said: rows that
// no longer hold are closed at this entry, new ones begin at it, others stay.
func followIdentity(ctx context.Context, tx *store.Tx, id string, want []identityVersion, index int64) error {
	have, err := versions(ctx, tx, id)
	if err != nil {
		return err
	}
	var add [][]any
	for _, v := range want {
		if !slices.Contains(have, v) {
			add = append(add, []any{id, v.from.String(), v.to.String(), index, int64(-1), v.content})
		}
	}
	for _, v := range have {
		if slices.Contains(want, v) {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE person_version SET entry_to = $1 WHERE person = $2 AND valid_from = $3 AND entry_to = -1`, index, id, v.from.String()); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "person_version", []string{"person", "valid_from", "valid_to", "entry_from", "entry_to", "content"}, add)
}

func followPosts(ctx context.Context, tx *store.Tx, id string, want []postVersion, index int64) error {
	have, err := postVersions(ctx, tx, id)
	if err != nil {
		return err
	}
	var add [][]any
	for _, v := range want {
		if !slices.Contains(have, v) {
			add = append(add, []any{v.post, v.person, v.org, v.title, v.from.String(), v.to.String(), index, int64(-1)})
		}
	}
	for _, v := range have {
		if slices.Contains(want, v) {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE person_post SET entry_to = $1 WHERE post = $2 AND entry_to = -1`, index, v.post); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "person_post", []string{"post", "person", "org", "title", "valid_from", "valid_to", "entry_from", "entry_to"}, add)
}

// putIdentity writes the personal row of an entry; content nil when the block
// is withheld or erased.
func putIdentity(ctx context.Context, tx *store.Tx, index int64, content json.RawMessage) error {
	row := []any{index, int64(0), "", "", ""}
	if content != nil {
		var id Identity
		if err := json.Unmarshal(content, &id); err != nil {
			return fmt.Errorf("block identity: %w", err)
		}
		row = []any{index, int64(1), string(content), vn.Fold(id.Name + " " + id.OtherNames), vn.SortKey(id.Name)}
	}
	return tx.Insert(ctx, "person_identity", []string{"entry", "present", "content", "folded", "sort_key"}, [][]any{row})
}

// erase blanks the personal row; see desk.Room.Erase.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	if block != identityBlock {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE person_identity SET present = 0, content = '', folded = '', sort_key = '' WHERE entry = $1`, index)
	return err
}
