package document

import (
	"context"
	"encoding/json"
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// factsOf hands on what is recorded of one kind on a paper or on counting
// minutes, oldest first.
func factsOf(ctx context.Context, tx *store.Tx, event string, of int64, kind string, do func(e story.Event, f *paperFact) error) error {
	es, err := story.Of(ctx, tx, events, PapersSubject(event), -1)
	if err != nil {
		return err
	}
	for _, e := range es {
		if e.Kind != kind {
			continue
		}
		var f paperFact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		if f.Entry == nil || *f.Entry != of {
			continue
		}
		if err := do(e, &f); err != nil {
			return err
		}
	}
	return nil
}

// Signings lists the records that a paper or counting minutes were signed,
// oldest first; the last stands.
func Signings(ctx context.Context, tx *store.Tx, event string, of int64) (out []Signing, err error) {
	err = factsOf(ctx, tx, event, of, KindPaperSigned, func(e story.Event, f *paperFact) error {
		s, err := f.signing(e)
		if err == nil {
			out = append(out, *s)
		}
		return err
	})
	return out, err
}

// signing reads the record of a signature.
func (f *paperFact) signing(e story.Event) (*Signing, error) {
	s := &Signing{Entry: e.Entry, Day: f.Signed, N: f.Signers}
	if e.Words != nil {
		var w signedWords
		if err := json.Unmarshal(e.Words, &w); err != nil {
			return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		s.Who, s.Where, s.Reason = w.Who, w.Where, w.Reason
	}
	return s, nil
}

// signable is the day a paper, or counting minutes, of the event was made, and
// whether it is recorded as signed.
func signable(ctx context.Context, tx *store.Tx, event string, entry int64) (made vn.Date, signed bool, err error) {
	ps, err := Papers(ctx, tx, event)
	if err != nil {
		return made, false, err
	}
	for _, p := range ps {
		if p.Entry == entry {
			return p.Made, p.Signed != nil, nil
		}
	}
	if err := minutesOf(ctx, tx, event, entry); err != nil {
		return made, false, err
	}
	m, err := election.GetMinutes(ctx, tx, entry)
	if err != nil {
		return made, false, err
	}
	if m.Model == nil {
		return made, false, desk.Missing("Nội dung biên bản đã được rút khỏi hồ sơ.", "The minutes were removed from the record.")
	}
	ss, err := Signings(ctx, tx, event, entry)
	return vn.DateOf(m.At.In(zone)), len(ss) > 0, err
}

// What is drawn from minutes or from a paper goes with it when it is lawfully
// erased: slide and sealing slip, scans of the signed original, who signed.
func init() {
	desk.GoesWith(func(ctx context.Context, tx *store.Tx, index int64, block string) ([]desk.BlockOf, error) {
		rec, err := desk.GetRecord(ctx, tx, index)
		if err != nil {
			return nil, err
		}
		subject := ""
		switch {
		case rec.Kind == election.KindMinutes && block == election.BlockMinutes:
			m, err := election.GetMinutes(ctx, tx, index)
			if err != nil {
				return nil, err
			}
			det, err := election.Get(ctx, tx, m.Contest)
			if err != nil {
				return nil, err
			}
			subject = PapersSubject(det.Event)
		case rec.Kind == KindPaperMade || rec.Kind == KindCasePaper || rec.Kind == KindHandoverPrint:
			subject = rec.Subjects[0].ID
		default:
			return nil, nil
		}
		es, err := story.Of(ctx, tx, events, subject, -1)
		if err != nil {
			return nil, err
		}
		var out []desk.BlockOf
		for _, e := range es {
			var f paperFact
			if err := json.Unmarshal(e.Body, &f); err != nil {
				return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
			}
			if f.Entry != nil && *f.Entry == index && (e.Kind == KindPrint || e.Kind == KindScan || e.Kind == KindHandoverScan || e.Kind == KindPaperSigned) {
				out = append(out, desk.BlockOf{Index: e.Entry, Block: story.Block})
			}
		}
		return out, nil
	})
}
