package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/vault"
)

// BundleOfCase writes the bundle of a personnel case: its entries, the meetings
// and ballot boxes of its steps, the regulations it ran under, its papers with
// their files, and the scans of its signed papers, opened from the vault (nil:
// without scans, and the bundle says so). hide names the classes of personal
// content that are withheld, and why; nil writes everything.
func BundleOfCase(ctx context.Context, d *desk.Desk, v *vault.Vault, w io.Writer, id string, hide *bundle.Withheld, papers ...int64) error {
	return writeBundleHiding(ctx, d, w, bundle.Case, hide != nil, hide, papers, func(b *bundler) ([]string, error) {
		b.vault = v
		own := procedure.Subject(id)
		events, err := procedure.Timeline(b.ctx, b.tx, id, -1)
		if err != nil {
			return nil, err
		}
		subjects := []string{own}
		add := func(s string) {
			if !slices.Contains(subjects, s) {
				subjects = append(subjects, s)
			}
		}
		for _, e := range events {
			if e.What == "step-opened" && e.Entry < b.size && e.Body.Meeting != "" {
				add(meeting.Subject(e.Body.Meeting))
			}
		}
		made, err := CasePapers(b.ctx, b.tx, id)
		if err != nil {
			return nil, err
		}
		for _, p := range made {
			if p.Entry < b.size {
				add(CasePapersSubject(id))
			}
		}
		boxes, err := ballotbox.ByCase(b.ctx, b.tx, own)
		if err != nil {
			return nil, err
		}
		for _, x := range boxes {
			if x.Entry < b.size {
				add(ballotbox.Subject(x.ID))
			}
		}
		return subjects, nil
	})
}

// casePaperFiles are the files of a paper of a case; none once it was erased.
// They stand in bundles of cases.
func (b *bundler) casePaperFiles(entry int64, yield func(bundle.File, error) bool) bool {
	if b.all {
		return true
	}
	rec, err := desk.GetRecord(b.ctx, b.tx, entry)
	if err != nil {
		return yield(bundle.File{}, err)
	}
	p, err := CasePaperAt(b.ctx, b.tx, strings.TrimPrefix(rec.Subjects[0].ID, CasePapersSubject("")), entry)
	if err != nil {
		return yield(bundle.File{}, err)
	}
	if p.Model == nil {
		return true
	}
	for _, name := range []string{PaperDOCXFile, PaperModelFile, PaperPDFFile} { // as their names are ordered
		content, err := PaperFile(b.ctx, b.tx, p, name)
		if err != nil {
			return yield(bundle.File{}, err)
		}
		if !yield(bundle.File{Entry: entry, Name: name, Content: content}, nil) {
			return false
		}
	}
	return true
}

// scanFile is the scan of a signed paper of a case, opened from the vault; none
// where it was erased.
func (b *bundler) scanFile(entry int64, yield func(bundle.File, error) bool) bool {
	if b.vault == nil {
		return true
	}
	rec, err := desk.GetRecord(b.ctx, b.tx, entry)
	if err != nil {
		return yield(bundle.File{}, err)
	}
	var body procedure.Body
	if err := json.Unmarshal(rec.Body, &body); err != nil {
		return yield(bundle.File{}, fmt.Errorf("document: entry %d: %w", entry, err))
	}
	if body.Paper.Scan == "" {
		return true
	}
	content, _, err := b.vault.Get(b.ctx, b.tx, rec.Subjects[0].ID, body.Paper.Scan)
	if errors.Is(err, vault.ErrNone) {
		return true // erased
	}
	if err != nil {
		return yield(bundle.File{}, err)
	}
	return yield(bundle.File{Entry: entry, Name: "scan", Content: content}, nil)
}
