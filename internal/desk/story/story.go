// Package story keeps the events of a room's subjects as rows, one an entry,
// for rooms whose state is the fold of what happened: a meeting, a case. A
// room names its table (columns: Columns), hands its records to Add, and reads
// the events of one subject back in order with Of.
//
// The block "words" beside an entry (reasons, opinions, names as written) is
// kept in the row as it is and blanked by Erase, so that erasing and replaying
// without the block give the same row.
package story

import (
	"context"
	"encoding/json"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Block is the name of the block whose content stands in the rows.
const Block = "words"

// Columns are what the table has, in this order: entry INT8 primary key,
// subject, at, actor, kind, body, words, all CTEXT.
var Columns = []string{"entry", "subject", "at", "actor", "kind", "body", "words"}

// Event is one row. Words is the block's JSON, "" when there is none or it was
// withheld or erased.
type Event struct {
	Entry int64
	At    time.Time
	Actor string
	Kind  string
	Body  json.RawMessage
	Words json.RawMessage
}

const stamp = "2006-01-02T15:04:05.000Z"

// Add writes the rows of records, each under the subject that of gives.
func Add(ctx context.Context, tx *store.Tx, table string, rs []desk.Record, of func(*desk.Record) string) error {
	rows := make([][]any, len(rs))
	for i := range rs {
		r := &rs[i]
		rows[i] = []any{r.Index, of(r), r.At.UTC().Format(stamp), r.Actor, r.Kind, string(r.Body), string(r.Blocks[Block])}
	}
	return tx.Insert(ctx, table, Columns, rows)
}

// Erase blanks the words of one entry; other blocks are not this package's.
func Erase(ctx context.Context, tx *store.Tx, table string, index int64, block string) error {
	if block != Block {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE `+table+` SET words = '' WHERE entry = $1`, index)
	return err
}

// Of lists the events of a subject in order, up to an entry (below 0: all).
func Of(ctx context.Context, tx *store.Tx, table, subject string, known int64) ([]Event, error) {
	if known < 0 {
		known = 1<<62 - 1
	}
	rows, err := tx.Query(ctx, `SELECT entry, at, actor, kind, body, words FROM `+table+` WHERE subject = $1 AND entry <= $2 ORDER BY entry`, subject, known)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		var at, body, words string
		if err := rows.Scan(&e.Entry, &at, &e.Actor, &e.Kind, &body, &words); err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(stamp, at); err != nil {
			return nil, err
		}
		e.Body = json.RawMessage(body)
		if words != "" {
			e.Words = json.RawMessage(words)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Draft makes the draft of an event: words is the content of the block, nil
// for none.
func Draft(kind string, subjects []string, body, words any) desk.Draft {
	d := desk.Draft{Kind: kind, Subjects: subjects, Body: body}
	if words != nil {
		d.Blocks = []desk.DraftBlock{{Name: Block, Content: words}}
	}
	return d
}
