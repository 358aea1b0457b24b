package ballotbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Row is a box as known now.
type Row struct {
	ID, Case, Org, Meeting string
	Round                  int
	Title                  rule.Words
	Held                   vn.Date
	Mode                   Mode
	PileSize, Stations     int
	Sample                 bool
	Replaces               string
	Sheet                  *vote.Record // names filled in where they are present
	Excluded               []string     // persons who may not count
	Team                   Team
	Officer                string // account that opened it
	Entry                  int64
	Stage                  State
	Incident               int64 // incident not resolved yet, -1
	Closed, Reported       int64 // entries, -1
	// Names are by role ("candidate", "team", "born") and id; what was erased is
	// missing.
	Names map[string]map[string]string
}

// Called is the name of the candidate at a place of the ballot, with the birth
// where two are called alike, and the id where the name was erased.
func (b *Row) Called(place int) string {
	c := b.Sheet.Candidates[place]
	name := b.Names["candidate"][c.ID]
	if name == "" {
		return c.ID
	}
	for i, o := range b.Sheet.Candidates {
		if i != place && b.Names["candidate"][o.ID] == name && b.Names["born"][c.ID] != "" {
			born := b.Names["born"][c.ID]
			if p, err := vn.ParsePartial(born); err == nil {
				born = p.Vietnamese()
			}
			return name + " (" + born + ")"
		}
	}
	return name
}

var errNoBox = desk.Missing("Không có hòm phiếu này.", "There is no such box.")

const boxCols = `id, subject, org, meeting, round, title_vi, title_en, held, mode, pile_size, stations, sample, replaces, sheet, concerned, team, officer, entry, stage, incident, closed, reported`

func boxes(ctx context.Context, tx *store.Tx, query string, args ...any) ([]*Row, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: boxes: %w", err)
	}
	defer rows.Close()
	var out []*Row
	for rows.Next() {
		b := &Row{}
		var held, sheet, concerned, team string
		var sample int64
		if err := rows.Scan(&b.ID, &b.Case, &b.Org, &b.Meeting, &b.Round, &b.Title.VI, &b.Title.EN, &held, &b.Mode, &b.PileSize, &b.Stations, &sample,
			&b.Replaces, &sheet, &concerned, &team, &b.Officer, &b.Entry, &b.Stage, &b.Incident, &b.Closed, &b.Reported); err != nil {
			return nil, fmt.Errorf("ballotbox: boxes: %w", err)
		}
		b.Sample = sample == 1
		if b.Held, err = vn.ParseDate(held); err != nil {
			return nil, fmt.Errorf("ballotbox: box %s: %w", b.ID, err)
		}
		b.Sheet = &vote.Record{}
		if err := errors.Join(json.Unmarshal([]byte(sheet), b.Sheet), json.Unmarshal([]byte(concerned), &b.Excluded), json.Unmarshal([]byte(team), &b.Team)); err != nil {
			return nil, fmt.Errorf("ballotbox: box %s: %w", b.ID, err)
		}
		out = append(out, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for _, b := range out {
		if err := b.readNames(ctx, tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b *Row) readNames(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Query(ctx, `SELECT role, id, name FROM ballotbox_name WHERE box = $1 ORDER BY entry`, b.ID)
	if err != nil {
		return fmt.Errorf("ballotbox: names: %w", err)
	}
	defer rows.Close()
	b.Names = map[string]map[string]string{"candidate": {}, "team": {}, "born": {}}
	for rows.Next() {
		var role, id, name string
		if err := rows.Scan(&role, &id, &name); err != nil {
			return err
		}
		b.Names[role][id] = name
	}
	for i := range b.Sheet.Candidates {
		c := &b.Sheet.Candidates[i]
		c.Name = b.Names["candidate"][c.ID]
	}
	for i := range b.Team.Members {
		m := &b.Team.Members[i]
		m.Name = b.Names["team"][m.Person]
	}
	return rows.Err()
}

func find(ctx context.Context, tx *store.Tx, id string) (*Row, bool, error) {
	bs, err := boxes(ctx, tx, `SELECT `+boxCols+` FROM ballotbox_box WHERE id = $1`, id)
	if err != nil || len(bs) == 0 {
		return nil, false, err
	}
	return bs[0], true, nil
}

func must(ctx context.Context, tx *store.Tx, id string) (*Row, error) {
	b, ok, err := find(ctx, tx, id)
	if err == nil && !ok {
		err = errNoBox
	}
	return b, err
}

// Get reads a box. What it holds is no secret of the count.
func Get(ctx context.Context, tx *store.Tx, id string) (*Row, error) { return must(ctx, tx, id) }

// ByCase lists the boxes of a case, oldest first.
func ByCase(ctx context.Context, tx *store.Tx, subject string) ([]*Row, error) {
	return boxes(ctx, tx, `SELECT `+boxCols+` FROM ballotbox_box WHERE subject = $1 ORDER BY entry`, subject)
}

// List lists the newest boxes first.
func List(ctx context.Context, tx *store.Tx, limit int) ([]*Row, error) {
	return boxes(ctx, tx, `SELECT `+boxCols+` FROM ballotbox_box ORDER BY entry DESC LIMIT $1`, limit)
}

// live refuses what is closed, reported or annulled.
func (b *Row) live() error {
	switch b.Stage {
	case StateClosed:
		return desk.Refuse("Hòm phiếu đã chốt; chỉ mở lại bằng biên bản sự cố và quyết định của chủ tọa.", "The box is closed; only incident minutes and the chair's decision open it again.")
	case StateReported:
		return desk.Refuse("Trưởng ban đã báo cáo: biên bản kiểm phiếu đã chốt không sửa được.", "The head has reported: the closed counting minutes cannot be changed.")
	case StateAnnulled:
		return desk.Refuse("Hòm phiếu này đã bị hủy.", "This box was annulled.")
	}
	return nil
}

// calm refuses while an incident waits for the chair.
func (b *Row) calm() error {
	if b.Incident >= 0 {
		return desk.Refuse("Biên bản sự cố đang chờ chủ tọa quyết định.", "Incident minutes wait for the chair's decision.")
	}
	return nil
}

// Causes are the ids of the causes that make a ballot of the box invalid, in
// the order of the regulation, with their words.
func (b *Row) Causes(lib *rule.Library) ([]Cause, error) {
	book, err := b.book(lib)
	if err != nil {
		return nil, err
	}
	var out []Cause
	seen := map[string]bool{}
	for _, r := range book.Rules {
		if r.Role != rule.RoleBallot || seen[r.Cause] || len(r.Forms) > 0 && !contains(r.Forms, b.Sheet.Form) {
			continue
		}
		seen[r.Cause] = true
		out = append(out, Cause{ID: r.Cause, Title: r.Title, Rule: r.ID, Article: r.Article})
	}
	return out, nil
}

// Cause is one cause of invalidity by the rule in force.
type Cause struct {
	ID      string
	Title   rule.Words
	Rule    string
	Article string
}

func causeIDs(cs []Cause) []string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.ID
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (b *Row) book(lib *rule.Library) (*rule.Book, error) {
	book, err := lib.For(b.Sheet.Rules, b.Sheet.Date)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: rules of %s: %w", b.ID, err)
	}
	return book, nil
}

// StockLine is a figure of the stock: who counted it, and when it was recorded.
type StockLine struct {
	Entry  int64
	What   string
	Number int64
	Person string
	Note   string
	At     time.Time
}

// Stock lists every count of the stock, oldest first; the last of a figure is
// the one in force.
func Stock(ctx context.Context, tx *store.Tx, box string) ([]StockLine, error) {
	rows, err := tx.Query(ctx, `SELECT entry, what, number, person, note, at FROM ballotbox_stock WHERE box = $1 ORDER BY entry`, box)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: stock: %w", err)
	}
	defer rows.Close()
	var out []StockLine
	for rows.Next() {
		var l StockLine
		var at string
		if err := rows.Scan(&l.Entry, &l.What, &l.Number, &l.Person, &l.Note, &at); err != nil {
			return nil, err
		}
		l.At = parseStamp(at)
		out = append(out, l)
	}
	return out, rows.Err()
}

// stockNow is the stock in force.
func stockNow(ctx context.Context, tx *store.Tx, box string) (map[string]int64, error) {
	lines, err := Stock(ctx, tx, box)
	if err != nil {
		return nil, err
	}
	m := map[string]int64{}
	for _, l := range lines {
		m[l.What] = l.Number
	}
	return m, nil
}

// Step is one step of a box: checked, unsealed, incident, resolved.
type Step struct {
	Entry  int64
	Kind   string
	Person string
	Choice string // what was decided; number of the seal
	Note   string // sealed words of an incident are for the team, chair and case officer
	At     time.Time
}

// Steps lists the steps of a box, oldest first.
func Steps(ctx context.Context, tx *store.Tx, box string) ([]Step, error) {
	rows, err := tx.Query(ctx, `SELECT entry, kind, person, choice, note, at FROM ballotbox_step WHERE box = $1
		UNION ALL SELECT entry, $2, person, '', note, at FROM ballotbox_destroyed WHERE box = $1 ORDER BY 1`, box, KindDestroyed)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: steps: %w", err)
	}
	defer rows.Close()
	var out []Step
	for rows.Next() {
		var l Step
		var at string
		if err := rows.Scan(&l.Entry, &l.Kind, &l.Person, &l.Choice, &l.Note, &at); err != nil {
			return nil, err
		}
		l.At = parseStamp(at)
		out = append(out, l)
	}
	return out, rows.Err()
}

const stampForm = "2006-01-02T15:04:05.000Z"

func stamp(t time.Time) string { return t.UTC().Format(stampForm) }

func parseStamp(s string) time.Time {
	t, err := time.Parse(stampForm, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func findOne(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
