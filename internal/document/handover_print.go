package document

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// The names of the files that a print of handover minutes binds.
const (
	HandoverPDF  = "minutes.pdf"
	HandoverDOCX = "minutes.docx"
)

// HandoverPapers is the subject of the prints of a collective handover and of
// their signed scans: "papers/handover/…". It is not the handover: a print must
// not make the form of who signs stale.
func HandoverPapers(handover string) string { return PapersSubject(handover) }

// RecordHandoverPrint records the minutes of a collective handover as they were
// printed for both sides: the files by hash, and the entry of the handover they
// show. Org is the side that prints. MakeHandoverPrint keeps the files first.
type RecordHandoverPrint struct {
	Handover, Org string
	Shows         int64 // newest entry of the handover when it was drawn
	Made          vn.Date
	Content       string            // sha256 of what the paper says, without the checkpoint at its foot
	Files         map[string]string // HandoverPDF and HandoverDOCX: sha256, hex
	Title         string
}

// Name, Subject and Need make it an act of the side that prints.
func (a RecordHandoverPrint) Name() string    { return "document.record-handover-print" }
func (a RecordHandoverPrint) Subject() string { return HandoverPapers(a.Handover) }
func (a RecordHandoverPrint) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide refuses a handover that this organisation is no side of, and files that
// are not kept.
func (a RecordHandoverPrint) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	h, err := sideOf(ctx, s.Tx, a.Handover, a.Org)
	if err != nil {
		return nil, err
	}
	if a.Shows != Newest(h) {
		return nil, desk.Wrong("shows", "Bàn giao vừa có việc mới; hãy tải lại trang và in lại.", "Something was recorded of the handover just now; reload the page and print again.")
	}
	if !isHash(a.Content) || len(a.Files) != 2 || len(a.Title) > 400 {
		return nil, desk.Wrong("files", "Mã băm của tệp sai.", "A file has a wrong hash.")
	}
	for _, name := range []string{HandoverPDF, HandoverDOCX} {
		if !isHash(a.Files[name]) {
			return nil, desk.Wrong("files", "Mã băm của tệp sai.", "A file has a wrong hash.")
		}
		if _, err := store.GetBlob(ctx, s.Tx, a.Files[name]); err != nil {
			return nil, desk.Wrong("files", "Tệp in chưa được lưu; hãy in lại.", "The file is not kept; print it again.")
		}
	}
	f := paperFact{Handover: a.Handover, Entry: &a.Shows, Made: a.Made, Content: a.Content, Files: a.Files}
	return []desk.Draft{story.Draft(KindHandoverPrint, []string{a.Subject()}, f, a.Title)}, nil
}

// AttachHandoverScan attaches the scan of printed minutes that both sides have
// signed by hand. The file was put into the vault before under HandoverPapers.
type AttachHandoverScan struct {
	Handover, Org string
	Print         int64  // entry of the print that was signed
	File          string // sha256, hex, as the vault keeps it
	Title         string // name of the file, as it was sent
}

// Name, Subject and Need make it an act of the side that attaches.
func (a AttachHandoverScan) Name() string    { return "document.attach-handover-scan" }
func (a AttachHandoverScan) Subject() string { return HandoverPapers(a.Handover) }
func (a AttachHandoverScan) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide refuses a print of another handover or one that is gone, a file that is
// not kept or is no scan, and the same scan twice.
func (a AttachHandoverScan) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := sideOf(ctx, s.Tx, a.Handover, a.Org); err != nil {
		return nil, err
	}
	ps, err := HandoverPrints(ctx, s.Tx, a.Handover)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(ps, func(p HandoverPrint) bool { return p.Entry == a.Print })
	if i < 0 || ps[i].Erased {
		return nil, desk.Missing("Không có bản in này.", "There is no such print.")
	}
	f, err := vault.Info(ctx, s.Tx, a.Subject(), a.File)
	if err != nil {
		return nil, err
	}
	if f.Kind != vault.PDF && !f.Kind.Picture() {
		return nil, desk.Wrong("scan", "Bản quét phải là PDF hoặc ảnh (JPEG, PNG).", "The scan must be a PDF or a picture (JPEG, PNG).")
	}
	if slices.ContainsFunc(ps[i].Scans, func(x Scan) bool { return x.File == a.File }) {
		return nil, desk.Refuse("Bản quét này đã được đính kèm.", "This scan is attached already.")
	}
	fact := paperFact{Handover: a.Handover, Entry: &a.Print, File: a.File}
	return []desk.Draft{story.Draft(KindHandoverScan, []string{a.Subject()}, fact, strings.TrimSpace(a.Title))}, nil
}

func sideOf(ctx context.Context, tx *store.Tx, handover, org string) (person.Handover, error) {
	h, known, err := person.GetHandover(ctx, tx, handover)
	if err == nil && (!known || org != h.List.From && org != h.List.To) {
		err = desk.Missing("Không có lần bàn giao này.", "There is no such handover.")
	}
	return h, err
}

// Newest is the entry of what was last recorded of a handover.
func Newest(h person.Handover) int64 {
	return max(h.Opened, h.Accepted, h.SignedSource, h.SignedTarget)
}

func isHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && s == strings.ToLower(s)
}

// HandoverPrint is a print as recorded, with the scans of its signed copies.
type HandoverPrint struct {
	Entry   int64
	At      time.Time
	Actor   string
	Shows   int64
	Content string
	Files   map[string]string
	Title   string
	Erased  bool
	Scans   []Scan
}

// HandoverPrints lists the prints of a handover, newest first.
func HandoverPrints(ctx context.Context, tx *store.Tx, handover string) ([]HandoverPrint, error) {
	es, err := story.Of(ctx, tx, events, HandoverPapers(handover), -1)
	if err != nil {
		return nil, err
	}
	var out []HandoverPrint
	for _, e := range es {
		var f paperFact
		if err := json.Unmarshal(e.Body, &f); err != nil || f.Entry == nil {
			return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		title := ""
		if e.Words != nil {
			if err := json.Unmarshal(e.Words, &title); err != nil {
				return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
			}
		}
		switch e.Kind {
		case KindHandoverPrint:
			out = append(out, HandoverPrint{Entry: e.Entry, At: e.At, Actor: e.Actor, Shows: *f.Entry, Content: f.Content, Files: f.Files, Title: title, Erased: e.Words == nil})
		case KindHandoverScan:
			x := Scan{Entry: e.Entry, At: e.At, Actor: e.Actor, Of: *f.Entry, File: f.File, Name: title}
			info, err := vault.Info(ctx, tx, HandoverPapers(handover), f.File)
			if err != nil && !errors.Is(err, vault.ErrNone) {
				return nil, err
			}
			x.Kept, x.Size = err == nil, info.Size
			for i := range out {
				if out[i].Entry == x.Of {
					out[i].Scans = append(out[i].Scans, x)
				}
			}
		}
	}
	slices.Reverse(out)
	return out, nil
}

// HandoverPrintFile is a file of a print, as it was printed.
func HandoverPrintFile(ctx context.Context, tx *store.Tx, handover string, entry int64, name string) ([]byte, error) {
	ps, err := HandoverPrints(ctx, tx, handover)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		if p.Entry != entry || p.Files[name] == "" {
			continue
		}
		raw, err := store.GetBlob(ctx, tx, p.Files[name])
		if err != nil {
			return nil, desk.Missing("Tệp của bản in này không còn trong kho.", "The file of this print is gone.")
		}
		return raw, nil
	}
	return nil, desk.Missing("Không có bản in này.", "There is no such print.")
}

// MakeHandoverPrint draws the minutes, keeps Word and PDF and records both by
// hash. What says the same as a print that is kept is that print: its entry is
// given and nothing is written.
func MakeHandoverPrint(ctx context.Context, d *desk.Desk, db *store.DB, f Form, a RecordHandoverPrint, p *FiguresPaper) (entry int64, rc desk.Receipt, err error) {
	if rc, err = again(ctx, d, f, KindHandoverPrint); err != nil || rc.Repeated {
		if rc.Repeated {
			entry = rc.Entries[0].Index
		}
		return entry, rc, err
	}
	says := *p
	says.Code, says.Foot, says.Made = "", "", vn.Date{}
	raw, err := json.Marshal(says)
	if err != nil {
		return -1, rc, err
	}
	a.Content, a.Made, entry = hash(raw), vn.DateOf(f.Now.In(zone)), -1
	if err := d.Read(ctx, func(tx *store.Tx) error {
		ps, err := HandoverPrints(ctx, tx, a.Handover)
		for _, x := range ps {
			if x.Content == a.Content && !x.Erased {
				entry = x.Entry
			}
		}
		return err
	}); err != nil || entry >= 0 {
		return entry, rc, err
	}
	pdf, err := p.PDF()
	if err != nil {
		return -1, rc, err
	}
	word, err := p.DOCX()
	if err != nil {
		return -1, rc, err
	}
	a.Files = map[string]string{HandoverPDF: hash(pdf), HandoverDOCX: hash(word)}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		for _, file := range [][]byte{pdf, word} {
			if _, err := store.PutBlob(ctx, tx, file); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return -1, rc, fmt.Errorf("document: keep the print: %w", err)
	}
	if rc, err = d.Do(ctx, desk.Form{ID: f.ID, Seen: desk.AnySeen, Actor: f.Actor, Act: a}); err != nil {
		return -1, rc, err
	}
	return rc.Entries[0].Index, rc, nil
}

// Found is where a file stands that was looked for by its hash.
type Found struct {
	Entry   int64
	Kind    string
	Subject string
	Of      int64 // the print that a scan belongs to; the entry itself for others
}

// ByHash finds the papers, prints and scans of events and of handovers whose file
// has this sha256 or begins so (16 hex digits at least).
func ByHash(ctx context.Context, tx *store.Tx, digits string) (out []Found, err error) {
	digits = strings.ToLower(digits)
	if len(digits) < 16 || len(digits) > 64 || strings.Trim(digits, "0123456789abcdef") != "" {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT entry, kind, subject, body FROM document_event WHERE body LIKE $1 ORDER BY entry DESC LIMIT 20`, `%"`+digits+`%`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Found
		var body string
		if err := rows.Scan(&x.Entry, &x.Kind, &x.Subject, &body); err != nil {
			return nil, err
		}
		var f paperFact
		if err := json.Unmarshal([]byte(body), &f); err != nil {
			return nil, fmt.Errorf("document: entry %d: %w", x.Entry, err)
		}
		hit := strings.HasPrefix(f.File, digits)
		for _, h := range f.Files {
			hit = hit || strings.HasPrefix(h, digits)
		}
		if !hit {
			continue // the digits stand elsewhere, as the root of a checkpoint
		}
		if x.Of = x.Entry; f.Entry != nil && f.File != "" {
			x.Of = *f.Entry
		}
		out = append(out, x)
	}
	return out, rows.Err()
}
