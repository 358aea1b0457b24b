package regulation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// File is a recorded regulation file.
type File struct {
	Entry   int64
	At      time.Time
	Actor   string
	Number  string
	Date    string // of the document, YYYY-MM-DD
	Edition string
	Over    string // slug of the document it stands over, "" for an edition
	File    string
	Digest  string
}

// Slug is the document's name in addresses.
func (f File) Slug() string {
	d, err := parseDay(f.Date)
	if err != nil {
		return ""
	}
	return Slug(f.Number, d)
}

// Files lists recorded files, newest first: all of them, or those of one
// document and over it when slug is given.
func Files(ctx context.Context, tx *store.Tx, slug string) ([]File, error) {
	rows, err := tx.Query(ctx, `SELECT entry, at, actor, document, dated, edition, over_doc, file, digest FROM regulation_edition ORDER BY entry DESC`)
	if err != nil {
		return nil, fmt.Errorf("regulation: list files: %w", err)
	}
	defer rows.Close()
	var out []File
	for rows.Next() {
		var f File
		var at string
		if err := rows.Scan(&f.Entry, &at, &f.Actor, &f.Number, &f.Date, &f.Edition, &f.Over, &f.File, &f.Digest); err != nil {
			return nil, err
		}
		if f.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, err
		}
		if slug == "" || f.Slug() == slug || f.Over == slug {
			out = append(out, f)
		}
	}
	return out, rows.Err()
}

// Proposal is an attestation on its way or done.
type Proposal struct {
	Entry    int64 // of the proposal
	At       time.Time
	Actor    string
	Document rule.DocRef
	Edition  string
	Item     string
	Choice   string
	Scan     string
	ScanType string
	ScanSize int64
	Page     string
	State    string // open, attested, refused
	Closed   int64  // entry that closed it, -1 while open
	ClosedAt time.Time
	ClosedBy string
	Note     string // "" when erased
	Reason   string // of a refusal
}

// Open lists proposals that wait for a second keeper, oldest first.
func Open(ctx context.Context, tx *store.Tx) ([]*Proposal, error) {
	return proposals(ctx, tx, `state = 'open'`)
}

// GetProposal is one proposal by its entry, nil when there is none.
func GetProposal(ctx context.Context, tx *store.Tx, entry int64) (*Proposal, error) {
	ps, err := proposals(ctx, tx, `proposed = $1`, entry)
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	return ps[0], nil
}

// ProposalsFor lists every proposal about items of one edition, oldest first.
func ProposalsFor(ctx context.Context, tx *store.Tx, doc rule.DocRef, edition string) ([]*Proposal, error) {
	return proposals(ctx, tx, `document = $1 AND dated = $2 AND edition = $3`, doc.Number, doc.Date.String(), edition)
}

// HasScan says whether a hash is the scan of some proposal, with its type: only
// such blobs are shown by the pages of this room.
func HasScan(ctx context.Context, tx *store.Tx, hash string) (kind string, ok bool, err error) {
	ps, err := proposals(ctx, tx, `scan = $1`, hash)
	if err != nil || len(ps) == 0 {
		return "", false, err
	}
	return ps[0].ScanType, true, nil
}

// proposals reads by a condition written in this package.
func proposals(ctx context.Context, tx *store.Tx, where string, args ...any) ([]*Proposal, error) {
	rows, err := tx.Query(ctx, `SELECT proposed, at, actor, document, dated, edition, item, choice, scan, scan_type, scan_size, page, state, closed, closed_at, closed_by,
		COALESCE((SELECT note FROM regulation_note n WHERE n.entry = proposed AND n.block = 'note'), ''),
		COALESCE((SELECT note FROM regulation_note n WHERE n.entry = closed AND n.block = 'reason'), '')
		FROM regulation_attest WHERE `+where+` ORDER BY proposed`, args...)
	if err != nil {
		return nil, fmt.Errorf("regulation: read proposals: %w", err)
	}
	defer rows.Close()
	var out []*Proposal
	for rows.Next() {
		p := &Proposal{}
		var at, closedAt, dated string
		if err := rows.Scan(&p.Entry, &at, &p.Actor, &p.Document.Number, &dated, &p.Edition, &p.Item, &p.Choice, &p.Scan, &p.ScanType, &p.ScanSize,
			&p.Page, &p.State, &p.Closed, &closedAt, &p.ClosedBy, &p.Note, &p.Reason); err != nil {
			return nil, err
		}
		var e1, e2, e3 error
		p.Document.Date, e1 = parseDay(dated)
		p.At, e2 = time.Parse(time.RFC3339Nano, at)
		if closedAt != "" {
			p.ClosedAt, e3 = time.Parse(time.RFC3339Nano, closedAt)
		}
		if err := errors.Join(e1, e2, e3); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
