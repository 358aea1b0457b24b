package web

import (
	"context"
	"fmt"
	"math"

	"minhbach/internal/account"
	"minhbach/internal/store"
)

// readCheck is what a check of the read log found. The lines before From were
// not read: the note From stands on, or an earlier check, vouches for them.
type readCheck struct {
	Lines int64  // views in the log
	From  int64  // the first line checked
	Head  string // hash of the last line
	Notes int    // notes in the ledger that were compared
	Last  account.ReadLogNote
	Noted bool // there is a last note
	Fault *readFault
}

// readFault is the first thing that does not fit.
type readFault struct {
	Kind string // "line": breaks the chain; "cut": fewer views than noted; "rewritten": not those that were noted
	At   int64  // line from 1; views left; views noted
	Note account.ReadLogNote
}

func (f *readFault) Error() string {
	switch f.Kind {
	case "cut":
		return fmt.Sprintf("the read log was cut: %d views are left of the %d noted in entry %d", f.At, f.Note.Size, f.Note.Entry)
	case "rewritten":
		return fmt.Sprintf("the read log was rewritten: its first %d views are not those noted in entry %d", f.At, f.Note.Entry)
	}
	return fmt.Sprintf("the read log was changed: line %d does not fit the hash chain", f.At)
}

// wholeLog asks check for every line.
const wholeLog = math.MaxInt64

// check walks the chain from the last note on, and at least the newest so many
// lines, and compares it with the notes it passes. A line changed before the
// last note is found by a check of the wholeLog.
func (l *readLog) check(ctx context.Context, tx *store.Tx, newest int64) (readCheck, error) {
	last, hash, err := lastRead(ctx, tx)
	if err != nil {
		return readCheck{}, err
	}
	r := readCheck{Lines: last + 1, Head: hash}
	if r.Last, r.Noted, err = account.LastReadLogNote(ctx, tx); err != nil {
		return r, err
	}
	if r.Noted && r.Lines < r.Last.Size {
		r.Fault = &readFault{"cut", max(r.Lines, 0), r.Last}
		return r, nil
	}
	var notes []account.ReadLogNote
	if r.From = max(0, min(r.Last.Size, r.Lines-newest)); r.From == r.Last.Size && r.Noted {
		notes = append(notes, r.Last)
	} else if notes, err = account.ReadLogNotes(ctx, tx); err != nil {
		return r, err
	}
	for len(notes) > 0 && notes[0].Size < r.From {
		notes = notes[1:]
	}
	r.Notes = len(notes)
	r.Fault, err = walkReads(ctx, tx, r.From, notes)
	return r, err
}

// walkReads follows the chain from a line to the end.
func walkReads(ctx context.Context, tx *store.Tx, from int64, notes []account.ReadLogNote) (*readFault, error) {
	first := from - 1 // its stored hash is where the walk begins
	if from == 0 {
		first = math.MinInt64
	}
	rows, err := tx.Query(ctx, `SELECT seq, at, actor, subject, what, hash FROM op_read_log WHERE seq >= $1 ORDER BY seq`, first)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	n, before := from, ""
	if from > 0 {
		n--
	}
	for rows.Next() {
		var seq int64
		var at, actor, subject, what, hash string
		if err := rows.Scan(&seq, &at, &actor, &subject, &what, &hash); err != nil {
			return nil, err
		}
		if seq != n || n >= from && readHash(before, seq, at, actor, subject, what) != hash {
			return &readFault{Kind: "line", At: n + 1}, nil
		}
		before, n = hash, n+1
		for len(notes) > 0 && notes[0].Size == n {
			if notes[0].Head != hash {
				return &readFault{"rewritten", n, notes[0]}, nil
			}
			notes = notes[1:]
		}
	}
	return nil, rows.Err()
}
