package procedure

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

//go:embed schema/*.sql
var schemas embed.FS

const events = "procedure_event"

// whats are the kinds of the room without room and version.
var whats = []string{"case-opened", "case-moved", "consent-asked", "consent-given", "person-added", "person-left", "conditions-checked",
	"condition-judged", "reading-decided", "step-opened", "step-counted", "step-approved", "difference-explained", "opinion-recorded",
	"differing-opinion", "steps-finished", "submitted", "opinion-asked", "opinion-answered", "appraised", "decided", "elected", "ratified",
	"case-stopped", "letter-received", "letter-closed", "recused", "access-opened", "paper-signed", "case-exported", "table-set"}

// KindPaperSigned is the kind of entry that records a signed paper, whose scan
// a bundle carries.
const KindPaperSigned = "procedure.paper-signed/1"

func kind(what string) string { return "procedure." + what + "/1" }

func what(kind string) string {
	return strings.TrimSuffix(strings.TrimPrefix(kind, "procedure."), "/1")
}

// Room hands the room to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var kinds []string
	for _, w := range whats {
		kinds = append(kinds, kind(w))
	}
	return desk.Room{Name: "procedure", Schema: sub, Kinds: kinds, Apply: apply,
		Erase: erase}
}

// erase blanks the words of an entry; of a signed paper its scan goes too.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	var subject, raw string
	if err := tx.QueryRow(ctx, `SELECT subject, body FROM procedure_event WHERE entry = $1`, index).Scan(&subject, &raw); err != nil {
		return fmt.Errorf("procedure: entry %d: %w", index, err)
	}
	var b Body
	if err := json.Unmarshal([]byte(raw), &b); err != nil {
		return fmt.Errorf("procedure: entry %d: %w", index, err)
	}
	if b.Paper.Scan != "" {
		if err := vault.Erase(ctx, tx, subject, b.Paper.Scan); err != nil {
			return err
		}
	}
	return story.Erase(ctx, tx, events, index, block)
}

// apply keeps the events, and one row a case for lists.
func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	if err := story.Add(ctx, tx, events, rs, func(r *desk.Record) string { return r.Subjects[0].ID }); err != nil {
		return err
	}
	var touched []string
	for i := range rs {
		r := &rs[i]
		if what(r.Kind) == "table-set" {
			if err := applyTable(ctx, tx, r); err != nil {
				return fmt.Errorf("procedure: entry %d: %w", r.Index, err)
			}
			continue
		}
		if what(r.Kind) == "paper-signed" {
			if err := claim(ctx, tx, r); err != nil {
				return fmt.Errorf("procedure: entry %d: %w", r.Index, err)
			}
		}
		if id := r.Subjects[0].ID; !slices.Contains(touched, id) {
			touched = append(touched, id)
		}
	}
	for _, subject := range touched {
		s, err := load(ctx, tx, subject, -1)
		if err != nil {
			return err
		}
		if err := row(ctx, tx, s); err != nil {
			return fmt.Errorf("procedure: %s: %w", subject, err)
		}
	}
	return nil
}

// claim keeps the scan of a signed paper, as long as it was not erased.
func claim(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b Body
	if err := json.Unmarshal(r.Body, &b); err != nil || b.Paper.Scan == "" || r.Blocks["words"] == nil {
		return err
	}
	return vault.Claim(ctx, tx, r.Subjects[0].ID, b.Paper.Scan)
}

// row writes the line of the list that the state of a case gives.
func row(ctx context.Context, tx *store.Tx, s *State) error {
	step := ""
	if n := len(s.Steps); n > 0 {
		step = s.Steps[n-1].ID
	}
	due := s.Consent.RunDue
	if s.Phase == Asked {
		due = s.Consent.Due
	}
	if _, err := tx.Exec(ctx, `DELETE FROM procedure_case WHERE id = $1`, s.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO procedure_case (id, procedure, opened, org, title, level, class, phase, step, due, persons, letters, sample, clock, scribed, ended, last)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		s.ID, s.Procedure, s.Opened.String(), s.Org, s.Title, s.Level, string(s.Class), string(s.Phase), step, due.String(), int64(len(s.Here())),
		int64(len(s.OpenLetters())), flag(s.Sample), s.Clock.String(), flag(s.Scribed), flag(s.Phase.Over()), s.Last)
	return err
}

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

func load(ctx context.Context, tx *store.Tx, subject string, known int64) (*State, error) {
	es, err := Timeline(ctx, tx, strings.TrimPrefix(subject, "procedure/"), known)
	if err != nil || len(es) == 0 {
		return nil, err
	}
	return Fold(es), nil
}

// Timeline lists the events of a case in order, as known at an entry (below 0:
// now).
func Timeline(ctx context.Context, tx *store.Tx, id string, known int64) ([]Event, error) {
	rows, err := story.Of(ctx, tx, events, Subject(id), known)
	if err != nil {
		return nil, err
	}
	out := make([]Event, len(rows))
	for i, r := range rows {
		e := Event{Entry: r.Entry, At: r.At, Actor: r.Actor, What: what(r.Kind)}
		if err := json.Unmarshal(r.Body, &e.Body); err != nil {
			return nil, fmt.Errorf("procedure: entry %d: %w", r.Entry, err)
		}
		if r.Words != nil && json.Unmarshal(r.Words, &e.Words) != nil {
			e.Words = string(r.Words) // facts are kept as they are
		}
		out[i] = e
	}
	return out, nil
}

// Get is a case as known at an entry (below 0: now), nil when there is none.
func Get(ctx context.Context, tx *store.Tx, id string, known int64) (*State, error) {
	return load(ctx, tx, Subject(id), known)
}
