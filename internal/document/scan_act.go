package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// AttachScan attaches the scan of a signed paper, or of signed counting
// minutes. The file was put into the vault before under PapersSubject(Event);
// its hash stands in the entry.
type AttachScan struct {
	Event, Org string
	Entry      int64  // of the paper or the minutes
	File       string // sha256, hex, as the vault keeps it
	Title      string // name of the file, as it was sent
}

func (a AttachScan) Name() string    { return "document.attach-scan" }
func (a AttachScan) Subject() string { return PapersSubject(a.Event) }
func (a AttachScan) Need() desk.Need { return paperNeed(a.Event, a.Org) }

// Decide refuses a paper of another event, a file that is not kept or is no
// scan, and the same scan twice.
func (a AttachScan) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := ofEvent(ctx, s, a.Event, a.Org); err != nil {
		return nil, err
	}
	if _, err := PaperAt(ctx, s.Tx, a.Event, a.Entry); err != nil {
		var e *desk.Error
		if !errors.As(err, &e) {
			return nil, err
		}
		if err := minutesOf(ctx, s.Tx, a.Event, a.Entry); err != nil {
			return nil, err
		}
	}
	f, err := vault.Info(ctx, s.Tx, a.Subject(), a.File)
	if err != nil {
		return nil, err
	}
	if f.Kind != vault.PDF && !f.Kind.Picture() {
		return nil, desk.Wrong("file", "Bản quét phải là PDF hoặc ảnh (JPEG, PNG).", "The scan must be a PDF or a picture (JPEG, PNG).")
	}
	have, err := Scans(ctx, s.Tx, a.Event, a.Entry)
	if err != nil {
		return nil, err
	}
	for _, x := range have {
		if x.File == a.File {
			return nil, desk.Refuse("Bản quét này đã được đính kèm.", "This scan is attached already.")
		}
	}
	return []desk.Draft{story.Draft(KindScan, []string{a.Subject()}, paperFact{Event: a.Event, Entry: &a.Entry, File: a.File}, strings.TrimSpace(a.Title))}, nil
}

// Scan is a scan attached to a paper. Name is "" and Kept false when erased.
type Scan struct {
	Entry int64
	At    time.Time
	Actor string
	Of    int64 // entry of the paper or minutes
	File  string
	Name  string
	Kept  bool
	Size  int64
}

// Scans lists the scans of a paper or of counting minutes, oldest first.
func Scans(ctx context.Context, tx *store.Tx, event string, of int64) (out []Scan, err error) {
	err = factsOf(ctx, tx, event, of, KindScan, func(e story.Event, f *paperFact) error {
		x := Scan{Entry: e.Entry, At: e.At, Actor: e.Actor, Of: of, File: f.File}
		if e.Words != nil {
			if err := json.Unmarshal(e.Words, &x.Name); err != nil {
				return fmt.Errorf("document: entry %d: %w", e.Entry, err)
			}
		}
		info, err := vault.Info(ctx, tx, PapersSubject(event), f.File)
		if err != nil && !errors.Is(err, vault.ErrNone) {
			return err
		}
		x.Kept, x.Size = err == nil, info.Size
		out = append(out, x)
		return nil
	})
	return out, err
}

// claim marks the scans that entries name as kept for good.
func claim(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for i := range rs {
		if rs[i].Kind != KindScan && rs[i].Kind != KindHandoverScan {
			continue
		}
		var f paperFact
		if err := json.Unmarshal(rs[i].Body, &f); err != nil {
			return fmt.Errorf("document: entry %d: %w", rs[i].Index, err)
		}
		if err := vault.Claim(ctx, tx, rs[i].Subjects[0].ID, f.File); err != nil {
			return err
		}
	}
	return nil
}
