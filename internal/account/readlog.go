package account

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

const kindReadLog = "account.read-log-noted/1"

// ReadLogSubject is the subject of the notes on the read log: there is one log.
const ReadLogSubject = "read-log/views"

// NoteReadLog puts the head of the read log (who looked at whose personal
// content; it stands outside the ledger) into the ledger: from then on what it
// held can no longer be cut or rewritten unseen. The program makes it by
// itself; no page can.
type NoteReadLog struct {
	Size int64  // views it holds
	Head string // hash of the last of them, 64 hexadecimal digits
}

// ReadLogNote is one such note as it stands in the ledger.
type ReadLogNote struct {
	Entry int64
	Size  int64
	Head  string
}

type readLogBody struct {
	Size int64  `json:"size"`
	Head string `json:"head"`
}

var headForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Name is the act's name.
func (a NoteReadLog) Name() string { return "account.note-read-log" }

// Subject is the read log.
func (a NoteReadLog) Subject() string { return ReadLogSubject }

// Need asks for the program itself.
func (a NoteReadLog) Need() desk.Need { return desk.Need{Right: ProgramOnly} }

// Decide refuses a log that has not grown since the last note.
func (a NoteReadLog) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if a.Size <= 0 || !headForm.MatchString(a.Head) {
		return nil, desk.Wrong("head", "Mốc của nhật ký xem không hợp lệ.", "This is no head of a read log.")
	}
	last, known, err := LastReadLogNote(ctx, s.Tx)
	if err != nil {
		return nil, err
	}
	if known && a.Size <= last.Size {
		return nil, desk.Refuse("Nhật ký xem không có lượt xem nào mới so với mốc đã ghi.", "The read log holds no view that is newer than its last note.")
	}
	return []desk.Draft{{Kind: kindReadLog, Subjects: []string{ReadLogSubject}, Body: readLogBody(a)}}, nil
}

// LastReadLogNote is the newest note; false when there is none. It is read
// from the ledger itself: no table follows this kind.
func LastReadLogNote(ctx context.Context, tx *store.Tx) (ReadLogNote, bool, error) {
	index, err := desk.Seen(ctx, tx, ReadLogSubject)
	if err != nil || index < 0 {
		return ReadLogNote{}, false, err
	}
	r, err := desk.GetRecord(ctx, tx, index)
	if err != nil {
		return ReadLogNote{}, false, err
	}
	n, err := readLogNote(r)
	return n, err == nil, err
}

// ReadLogNotes are all notes, oldest first; their sizes only grow.
func ReadLogNotes(ctx context.Context, tx *store.Tx) ([]ReadLogNote, error) {
	rs, err := desk.Chain(ctx, tx, ReadLogSubject)
	if err != nil {
		return nil, err
	}
	notes := make([]ReadLogNote, len(rs))
	for i, r := range rs {
		if notes[i], err = readLogNote(r); err != nil {
			return nil, err
		}
	}
	return notes, nil
}

func readLogNote(r desk.Record) (ReadLogNote, error) {
	var b readLogBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return ReadLogNote{}, fmt.Errorf("account: entry %d: %w", r.Index, err)
	}
	return ReadLogNote{Entry: r.Index, Size: b.Size, Head: b.Head}, nil
}
