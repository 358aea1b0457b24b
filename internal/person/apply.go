package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
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

// apply follows entries; the tables of lists and counts follow what stands
// about the persons they speak of.
func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	ids, fresh := touched(rs)
	return follow(ctx, tx, ids, fresh, func() (news, error) { return applyEach(ctx, tx, rs) })
}

// news are persons first recorded by some records, of whom nothing else was
// said in them but steps: what stands of them is known without reading.
type news map[string]*newcomer

type newcomer struct {
	home     string
	identity []segment // over valid time, without places
	steps    []StepFact
	places   []Place
}

// applyEach follows entries one by one. First recordings in a row are written
// together: the person is new then, so nothing needs to be read.
func applyEach(ctx context.Context, tx *store.Tx, rs []desk.Record) (news, error) {
	fresh := batch{news: news{}}
	steps := stepRun{news: fresh.news}
	for _, r := range rs {
		var b body
		err := json.Unmarshal(r.Body, &b)
		step := r.Kind == kindStep || r.Kind == kindStepCorrected
		switch {
		case err != nil:
		case !step || steps.has(b.Person):
			err = steps.flush(ctx, tx)
		}
		if !step && r.Kind != kindRecorded {
			delete(fresh.news, b.Person)
		}
		switch {
		case err != nil:
		case r.Kind == kindRecorded:
			err = fresh.add(r, b)
		case r.Kind == kindImportPart, r.Kind == kindImportClosed, r.Kind == kindImportUndone:
			err = applyImport(ctx, tx, r)
		default:
			if err = fresh.flush(ctx, tx); err != nil {
				break
			}
			switch r.Kind {
			case kindStep, kindStepCorrected:
				steps.add(r, b.Person)
			case kindHandoverOpened, kindHandoverAccepted, kindHandoverSigned:
				err = applyHandover(ctx, tx, r)
			case kindKin, kindKinUndone:
				err = applyKin(ctx, tx, r)
			case kindLocked, kindUnlocked:
				err = applyLock(ctx, tx, r)
			case kindFact, kindFactCorrected:
				err = applyFact(ctx, tx, r)
			default:
				err = applyOne(ctx, tx, r, b)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("person: entry %d: %w", r.Index, err)
		}
	}
	if err := steps.flush(ctx, tx); err != nil {
		return nil, fmt.Errorf("person: %w", err)
	}
	return fresh.news, fresh.flush(ctx, tx)
}

// stepRun gathers steps of different persons until something else comes.
type stepRun struct {
	rs   []desk.Record
	who  map[string]bool
	news news
}

func (n *stepRun) has(id string) bool { return n.who[id] }

func (n *stepRun) add(r desk.Record, id string) {
	if n.who == nil {
		n.who = map[string]bool{}
	}
	n.rs, n.who[id] = append(n.rs, r), true
}

func (n *stepRun) flush(ctx context.Context, tx *store.Tx) error {
	if len(n.rs) == 0 {
		return nil
	}
	err := applySteps(ctx, tx, n.rs, n.news)
	*n = stepRun{news: n.news}
	return err
}

// batch holds the rows of first recordings until something else comes.
type batch struct {
	persons, identities, statements, versions [][]any
	news                                      news
}

func (n *batch) add(r desk.Record, b body) error {
	w := wordingOf(r, b)
	w.What = Recorded
	var seen face
	if hasIdentity(r) {
		w.content = r.Index
		row, shown, err := identityRow(r.Index, r.Blocks[identityBlock])
		if err != nil {
			return err
		}
		n.identities, seen = append(n.identities, row), shown
	}
	said, err := wordingRow(w)
	if err != nil {
		return err
	}
	sample := int64(0)
	if b.Sample {
		sample = 1
	}
	n.persons = append(n.persons, []any{b.Person, b.Home, sample, r.Index})
	n.statements = append(n.statements, said)
	who := &newcomer{home: b.Home}
	for _, v := range deriveIdentity([]wording{w}) {
		n.versions = append(n.versions, versionRow(b.Person, v, r.Index))
		who.identity = append(who.identity, segment{from: v.from, to: v.to, content: v.content, face: seen})
	}
	if w.content >= 0 {
		n.news[b.Person] = who
	}
	return nil
}

func (n *batch) flush(ctx context.Context, tx *store.Tx) error {
	for _, t := range []struct {
		table string
		cols  []string
		rows  [][]any
	}{
		{"person_person", []string{"person", "home", "sample", "entry_from"}, n.persons},
		{"person_identity", identityColumns, n.identities},
		{"person_statement", statementColumns, n.statements},
		{"person_version", versionColumns, n.versions},
	} {
		if err := tx.Insert(ctx, t.table, t.cols, t.rows); err != nil {
			return err
		}
	}
	*n = batch{news: n.news}
	return nil
}

func hasIdentity(r desk.Record) bool {
	return slices.ContainsFunc(r.Entry.Blocks, func(ref ledger.BlockRef) bool { return ref.Name == identityBlock })
}

func wordingOf(r desk.Record, b body) wording {
	return wording{content: -1, Statement: Statement{
		Fact: r.Index, Entry: r.Index, EntryTo: -1, Person: b.Person, Post: b.Post, Org: b.Org, Title: b.Title,
		From: b.From, To: b.To, Decision: b.Decision, Withdrawn: b.Withdrawn,
	}}
}

func applyOne(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	w := wordingOf(r, b)
	switch r.Kind {
	case kindChanged, kindCorrected:
		w.What = Recorded
	case kindPostTaken:
		w.What = PostHeld
	case kindPostEnded:
		w.What = PostDone
	}
	if hasIdentity(r) {
		w.content = r.Index
		row, _, err := identityRow(r.Index, r.Blocks[identityBlock])
		if err != nil {
			return err
		}
		if err := tx.Insert(ctx, "person_identity", identityColumns, [][]any{row}); err != nil {
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
		if err := tx.Run(ctx, `UPDATE person_statement SET entry_to = $1 WHERE entry_from = $2`, r.Index, old.Entry); err != nil {
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

var statementColumns = []string{"entry_from", "entry_to", "fact", "person", "what", "post", "org", "title", "valid_from", "valid_to", "decision", "content", "withdrawn"}

func wordingRow(w wording) ([]any, error) {
	decision, err := json.Marshal(w.Decision)
	if err != nil {
		return nil, err
	}
	withdrawn := int64(0)
	if w.Withdrawn {
		withdrawn = 1
	}
	return []any{w.Entry, int64(-1), w.Fact, w.Person, string(w.What), w.Post, w.Org, w.Title, w.From.String(), w.To.String(), string(decision), w.content, withdrawn}, nil
}

func insertWording(ctx context.Context, tx *store.Tx, w wording) error {
	row, err := wordingRow(w)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "person_statement", statementColumns, [][]any{row})
}

var versionColumns = []string{"person", "valid_from", "valid_to", "entry_from", "entry_to", "content"}

func versionRow(id string, v identityVersion, index int64) []any {
	return []any{id, v.from.String(), v.to.String(), index, int64(-1), v.content}
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
			add = append(add, versionRow(id, v, index))
		}
	}
	for _, v := range have {
		if slices.Contains(want, v) {
			continue
		}
		if err := tx.Run(ctx, `UPDATE person_version SET entry_to = $1 WHERE person = $2 AND valid_from = $3 AND entry_to = -1`, index, id, v.from.String()); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "person_version", versionColumns, add)
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
		if err := tx.Run(ctx, `UPDATE person_post SET entry_to = $1 WHERE post = $2 AND entry_to = -1`, index, v.post); err != nil {
			return err
		}
	}
	return tx.Insert(ctx, "person_post", []string{"post", "person", "org", "title", "valid_from", "valid_to", "entry_from", "entry_to"}, add)
}

var identityColumns = []string{"entry", "present", "content", "folded", "sort_key"}

// identityRow is the personal row of an entry, and what lists and counts need
// of it; content nil when the block is withheld or erased.
func identityRow(index int64, content json.RawMessage) ([]any, face, error) {
	if content == nil {
		return []any{index, int64(0), "", "", ""}, face{}, nil
	}
	var id Identity
	if err := json.Unmarshal(content, &id); err != nil {
		return nil, face{}, fmt.Errorf("block identity: %w", err)
	}
	f := faceOf(id)
	f.folded, f.sortKey = vn.Fold(id.Name+" "+id.OtherNames), vn.SortKey(id.Name)
	return []any{index, int64(1), string(content), f.folded, f.sortKey}, f, nil
}

// erase blanks the personal row; see desk.Room.Erase.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	var blank func() error
	switch block {
	case tieBlock:
		return eraseTie(ctx, tx, index)
	case factBlock:
		blank = func() error { return eraseFact(ctx, tx, index) }
	case identityBlock:
		blank = func() error {
			return tx.Run(ctx, `UPDATE person_identity SET present = 0, content = '', folded = '', sort_key = '' WHERE entry = $1`, index)
		}
	default:
		return nil
	}
	ids, err := whose(ctx, tx, index)
	if err != nil {
		return err
	}
	return follow(ctx, tx, ids, nil, func() (news, error) { return nil, blank() })
}
