package document

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PrintKind is a print that is drawn for a use and not signed: it is recorded
// by the hash of its file, as papers are.
type PrintKind string

// The prints.
const (
	PrintSlide PrintKind = "slide"        // trang chiếu kết quả, of minutes
	PrintSlip  PrintKind = "sealing-slip" // phiếu niêm phong, of minutes
	PrintKit   PrintKind = "kit"          // bộ dự phòng giấy, of an event
)

// PrintKinds lists them.
var PrintKinds = []PrintKind{PrintSlide, PrintSlip, PrintKit}

// RecordPrint records a print by its hash; MakePrint keeps the file first.
type RecordPrint struct {
	Event, Org string
	Print      PrintKind
	Minutes    int64 // entry of the minutes it shows; -1 for the kit
	Made       vn.Date
	File       string // sha256, hex
	Title      string
}

func (a RecordPrint) Name() string    { return "document.record-print" }
func (a RecordPrint) Subject() string { return PapersSubject(a.Event) }
func (a RecordPrint) Need() desk.Need { return paperNeed(a.Event, a.Org) }

// Decide refuses minutes that are not of the event, and a file that is not
// kept.
func (a RecordPrint) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := ofEvent(ctx, s, a.Event, a.Org); err != nil {
		return nil, err
	}
	if !slices.Contains(PrintKinds, a.Print) || (a.Print == PrintKit) != (a.Minutes < 0) || len(a.Title) > 400 {
		return nil, desk.Wrong("print", "Không có loại bản in này.", "There is no such print.")
	}
	f := paperFact{Event: a.Event, Print: a.Print, Made: a.Made, File: a.File}
	if a.Minutes >= 0 {
		if err := minutesOf(ctx, s.Tx, a.Event, a.Minutes); err != nil {
			return nil, err
		}
		f.Entry = &a.Minutes
	}
	if raw, err := hex.DecodeString(a.File); err != nil || len(raw) != 32 {
		return nil, desk.Wrong("file", "Mã băm của tệp sai.", "The file has a wrong hash.")
	}
	if _, err := store.GetBlob(ctx, s.Tx, a.File); err != nil {
		return nil, desk.Wrong("file", "Tệp in chưa được lưu; hãy in lại.", "The file is not kept; print it again.")
	}
	return []desk.Draft{story.Draft(KindPrint, []string{a.Subject()}, f, a.Title)}, nil
}

// minutesOf says whether an entry is that of counting minutes of the event.
func minutesOf(ctx context.Context, tx *store.Tx, event string, entry int64) error {
	m, err := election.GetMinutes(ctx, tx, entry)
	if err != nil {
		return err
	}
	det, err := election.Get(ctx, tx, m.Contest)
	if err == nil && det.Event != event {
		err = desk.Missing("Không có biên bản này trong sự kiện.", "There are no such minutes of the event.")
	}
	return err
}

// MadePrint is a print as recorded. Title is "" when erased.
type MadePrint struct {
	Entry   int64
	At      time.Time
	Actor   string
	Kind    PrintKind
	Minutes int64 // -1 for the kit
	File    string
	Title   string
}

// Prints lists the prints of an event, newest first.
func Prints(ctx context.Context, tx *store.Tx, event string) ([]MadePrint, error) {
	es, err := story.Of(ctx, tx, events, PapersSubject(event), -1)
	if err != nil {
		return nil, err
	}
	var out []MadePrint
	for _, e := range es {
		if e.Kind != KindPrint {
			continue
		}
		var f paperFact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		p := MadePrint{Entry: e.Entry, At: e.At, Actor: e.Actor, Kind: f.Print, Minutes: -1, File: f.File}
		if f.Entry != nil {
			p.Minutes = *f.Entry
		}
		if e.Words != nil {
			if err := json.Unmarshal(e.Words, &p.Title); err != nil {
				return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
			}
		}
		out = append(out, p)
	}
	slices.Reverse(out)
	return out, nil
}

// PrintFile is the file of a print.
func PrintFile(ctx context.Context, tx *store.Tx, event string, entry int64) (*MadePrint, []byte, error) {
	ps, err := Prints(ctx, tx, event)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range ps {
		if p.Entry != entry {
			continue
		}
		raw, err := store.GetBlob(ctx, tx, p.File)
		if err != nil {
			return nil, nil, desk.Missing("Tệp của bản in này không còn trong kho.", "The file of this print is gone.")
		}
		return &p, raw, nil
	}
	return nil, nil, desk.Missing("Không có bản in này.", "There is no such print.")
}

// MakePrint keeps a drawn file and records it. The same print of the same
// content is recorded once: then its entry is given and nothing is written.
func MakePrint(ctx context.Context, d *desk.Desk, db *store.DB, f Form, event, org string, kind PrintKind, minutes int64, title string, pdf []byte) (entry int64, rc desk.Receipt, err error) {
	if rc, err = again(ctx, d, f, KindPrint); err != nil || rc.Repeated {
		if rc.Repeated {
			entry = rc.Entries[0].Index
		}
		return entry, rc, err
	}
	entry = -1
	if err := d.Read(ctx, func(tx *store.Tx) error {
		ps, err := Prints(ctx, tx, event)
		for _, p := range ps {
			if p.Kind == kind && p.Minutes == minutes && p.File == hash(pdf) {
				entry = p.Entry
			}
		}
		return err
	}); err != nil || entry >= 0 {
		return entry, rc, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { _, err := store.PutBlob(ctx, tx, pdf); return err }); err != nil {
		return -1, rc, fmt.Errorf("document: keep the print: %w", err)
	}
	rc, err = d.Do(ctx, desk.Form{ID: f.ID, Seen: desk.AnySeen, Actor: f.Actor, Act: RecordPrint{Event: event, Org: org, Print: kind, Minutes: minutes, Made: vn.DateOf(f.Now.In(zone)), File: hash(pdf), Title: title}})
	if err != nil {
		return -1, rc, err
	}
	return rc.Entries[0].Index, rc, nil
}
