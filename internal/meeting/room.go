package meeting

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

//go:embed schema/*.sql
var schemas embed.FS

const events = "meeting_event"

// Room hands the room to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "meeting", Schema: sub, Kinds: kinds, Apply: apply,
		Erase: func(ctx context.Context, tx *store.Tx, index int64, block string) error {
			return story.Erase(ctx, tx, events, index, block)
		}}
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	if err := story.Add(ctx, tx, events, rs, func(r *desk.Record) string { return r.Subjects[0].ID }); err != nil {
		return err
	}
	for i := range rs {
		r := &rs[i]
		var f Fact
		switch r.Kind {
		case KindOpened, KindChanged, KindClosed:
			if err := json.Unmarshal(r.Body, &f); err != nil {
				return fmt.Errorf("meeting: entry %d: %w", r.Index, err)
			}
		}
		var err error
		switch r.Kind {
		case KindOpened:
			_, err = tx.Exec(ctx, `INSERT INTO meeting_meeting (id, org, body, level, held, title_vi, title_en, folded, term, sample, closed, entry)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)`, f.Meeting, f.Org, string(f.Body), f.Level, f.Date.String(), f.Title.VI, f.Title.EN,
				vn.Fold(f.Title.VI+" "+f.Title.EN+" "+f.Term), f.Term, flag(f.Sample), r.Index)
		case KindChanged:
			_, err = tx.Exec(ctx, `UPDATE meeting_meeting SET held = $1, title_vi = $2, title_en = $3, folded = $4, term = $5 WHERE id = $6`,
				f.Date.String(), f.Title.VI, f.Title.EN, vn.Fold(f.Title.VI+" "+f.Title.EN+" "+f.Term), f.Term, f.Meeting)
		case KindClosed:
			_, err = tx.Exec(ctx, `UPDATE meeting_meeting SET closed = 1 WHERE id = $1`, f.Meeting)
		}
		if err != nil {
			return fmt.Errorf("meeting: entry %d: %w", r.Index, err)
		}
	}
	return nil
}

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

// Get is a meeting as known now, nil when there is none.
func Get(ctx context.Context, tx *store.Tx, id string) (*State, error) { return At(ctx, tx, id, -1) }

// At is a meeting as known at an entry (below 0: now), nil when there was none.
func At(ctx context.Context, tx *store.Tx, id string, known int64) (*State, error) {
	es, err := story.Of(ctx, tx, events, Subject(id), known)
	if err != nil || len(es) == 0 {
		return nil, err
	}
	return Fold(es)
}

// Row is one line of the list of meetings.
type Row struct {
	ID, Org, Level string
	Body           Body
	Date           vn.Date
	Title          rule.Words
	Term           string
	Sample, Closed bool
}

// Filter narrows the list; empty fields do not.
type Filter struct {
	Query string // words of title or term, without marks
	Org   string
	Body  Body
	Open  bool // only meetings not closed
	// Among narrows to meetings of these organisations; nil does not.
	Among []string
}

// Orgs lists the organisations that have meetings.
func Orgs(ctx context.Context, tx *store.Tx) ([]string, error) {
	return tx.Strings(ctx, `SELECT DISTINCT org FROM meeting_meeting ORDER BY org`)
}

// List gives a page of meetings, latest first, and how many there are in all.
func List(ctx context.Context, tx *store.Tx, f Filter, offset, limit int) ([]Row, int, error) {
	where, args := []string{"1 = 1"}, []any{}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	for i, w := range strings.Fields(vn.Fold(f.Query)) {
		if i == 8 {
			break
		}
		where = append(where, "folded LIKE "+arg("%"+w+"%"))
	}
	if f.Org != "" {
		where = append(where, "org = "+arg(f.Org))
	}
	if f.Body != "" {
		where = append(where, "body = "+arg(string(f.Body)))
	}
	if f.Open {
		where = append(where, "closed = 0")
	}
	if f.Among != nil {
		in := []string{"'-'"} // no organisation: among none there is none
		for _, o := range f.Among {
			in = append(in, arg(o))
		}
		where = append(where, "org IN ("+strings.Join(in, ", ")+")")
	}
	cond := strings.Join(where, " AND ")
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM meeting_meeting WHERE `+cond, args...).Scan(&n); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, `SELECT id, org, body, level, held, title_vi, title_en, term, sample, closed FROM meeting_meeting WHERE `+cond+
		` ORDER BY held DESC, entry DESC LIMIT `+arg(int64(limit))+` OFFSET `+arg(int64(offset)), args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		var r Row
		var held, body string
		var sample, closed int64
		if err := rows.Scan(&r.ID, &r.Org, &body, &r.Level, &held, &r.Title.VI, &r.Title.EN, &r.Term, &sample, &closed); err != nil {
			return nil, 0, err
		}
		if r.Date, err = vn.ParseDate(held); err != nil {
			return nil, 0, err
		}
		r.Body, r.Sample, r.Closed = Body(body), sample == 1, closed == 1
		out = append(out, r)
	}
	return out, n, rows.Err()
}
