package vote

import (
	"bytes"
	"encoding/json"
	"fmt"

	"minhbach/internal/rule"
)

// Bare is the result as it enters the ledger: without the sentences, which
// follow from rule, inputs and outcome, and may name people.
func (r *Result) Bare() *Result {
	b := *r
	b.Reasons = make([]rule.Verdict, len(r.Reasons))
	for i, v := range r.Reasons {
		v.Says = rule.Words{}
		b.Reasons[i] = v
	}
	b.Findings = make([]Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Says = rule.Words{}
		b.Findings[i] = f
	}
	return &b
}

// Recount counts a record again by the editions a recorded result was pinned
// to, with the library as it stood then.
func Recount(lib *rule.Library, rec *Record, recorded *Result) (*Result, error) {
	pinned, err := lib.Pinned(recorded.Pins)
	if err != nil {
		return nil, err
	}
	return NewCounter(pinned).Count(rec)
}

// Replay counts again and demands the recorded result, to the last field. lib
// is the library as it stood when the result was recorded.
func Replay(lib *rule.Library, rec *Record, recorded *Result) error {
	again, err := Recount(lib, rec, recorded)
	if err != nil {
		return fmt.Errorf("vote: replay of %s: %w", rec.ID, err)
	}
	a, err := json.Marshal(again.Bare())
	if err != nil {
		return err
	}
	b, err := json.Marshal(recorded.Bare())
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("vote: replay of %s gives another result: status %s, elected %v; recorded: status %s, elected %v",
			rec.ID, again.Status, again.Elected, recorded.Status, recorded.Elected)
	}
	return nil
}

// WithWords puts the sentences back into a bare result by counting again; the
// result must replay. Screens and minutes show the same words this way.
func WithWords(lib *rule.Library, rec *Record, bare *Result) (*Result, error) {
	if err := Replay(lib, rec, bare); err != nil {
		return nil, err
	}
	return Recount(lib, rec, bare)
}
