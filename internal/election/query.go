package election

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

const eventColumns = `id, kind, held, org, title_vi, title_en, sample, official, entry`

type scanner interface{ Scan(...any) error }

func scanEvent(row scanner) (*Event, error) {
	var e Event
	var held, official string
	var sample int64
	if err := row.Scan(&e.ID, &e.Kind, &held, &e.Org, &e.Title.VI, &e.Title.EN, &sample, &official, &e.Entry); err != nil {
		return nil, err
	}
	d, err := vn.ParseDate(held)
	if err != nil {
		return nil, err
	}
	e.Date, e.Sample = d, sample != 0
	if official != "" {
		e.Official = &Official{}
		if err := json.Unmarshal([]byte(official), e.Official); err != nil {
			return nil, err
		}
	}
	return &e, nil
}

// Events lists every event, newest first.
func Events(ctx context.Context, tx *store.Tx) ([]Event, error) {
	rows, err := tx.Query(ctx, `SELECT `+eventColumns+` FROM election_event ORDER BY held DESC, id`)
	if err != nil {
		return nil, fmt.Errorf("election: events: %w", err)
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		e, err := scanEvent(rows)
		if err != nil {
			return nil, fmt.Errorf("election: events: %w", err)
		}
		out = append(out, *e)
	}
	return out, rows.Err()
}

func findEvent(ctx context.Context, tx *store.Tx, id string) (*Event, bool, error) {
	e, err := scanEvent(tx.QueryRow(ctx, `SELECT `+eventColumns+` FROM election_event WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("election: event %s: %w", id, err)
	}
	return e, true, nil
}

// GetEvent is one event, or *desk.Error NotFound.
func GetEvent(ctx context.Context, tx *store.Tx, id string) (*Event, error) {
	e, ok, err := findEvent(ctx, tx, id)
	if err == nil && !ok {
		return nil, desk.Missing("Không có sự kiện này.", "There is no such event.")
	}
	return e, err
}

func mustEvent(ctx context.Context, tx *store.Tx, id, org string) (*Event, error) {
	e, err := GetEvent(ctx, tx, id)
	if err == nil && e.Org != org {
		return nil, desk.Missing("Không có sự kiện này.", "There is no such event.")
	}
	return e, err
}

// Row is a contest in a list: the version in force and its verdict.
type Row struct {
	ID         string
	Event      string
	Org        string // of the event
	Version    int64  // entry of the version in force
	Counted    int64  // entry of its verdict
	Versions   int64  // how many versions there are
	Announced  int64  // verdict announced last, -1 when none was
	Minutes    int64  // entry of the newest minutes of this version, -1 when none
	Place      string
	Unit       int
	Title      rule.Words
	Area       string
	Rules      string
	Date       vn.Date
	Seats      int64
	Candidates int64
	Sample     bool
	Status     string
	Next       string
	Of         string // what the base is made of
	Base       int64  // -1 when unknown
	Need       int64
	Elected    int64
	Unfilled   int64
	Passed     int64 // passed one half without a seat
	Margin     int64 // votes at the last seat, -1 when there is none
	MarginPPM  int64 // the same in millionths of the base
	Missing    int64 // findings "not recorded"
	Conditions int64 // conditions of the list or body that were not met
	Corrected  bool
}

const rowColumns = `v.contest, v.event, e.org, v.entry_from, d.entry, v.corrects, v.place, v.unit, v.title_vi, v.title_en, v.area,
	v.rules, v.held, v.seats, v.candidates, v.sample, d.status, d.next, d.counted_of, d.base, d.need, d.elected, d.unfilled,
	d.passed, d.margin, d.margin_ppm, d.missing, d.conditions,
	(SELECT COUNT(*) FROM election_version o WHERE o.contest = v.contest),
	COALESCE((SELECT MAX(a.counted) FROM election_announcement a WHERE a.contest = v.contest), -1),
	COALESCE((SELECT MAX(m.entry) FROM election_minutes m WHERE m.contest = v.contest AND m.version = v.entry_from), -1)`

const rowTables = ` FROM election_version v
	JOIN election_event e ON e.id = v.event
	JOIN election_verdict d ON d.contest = v.contest AND d.version = v.entry_from`

func scanRow(row scanner) (*Row, error) {
	var r Row
	var held string
	var corrects, sample, unit int64
	err := row.Scan(&r.ID, &r.Event, &r.Org, &r.Version, &r.Counted, &corrects, &r.Place, &unit, &r.Title.VI, &r.Title.EN, &r.Area,
		&r.Rules, &held, &r.Seats, &r.Candidates, &sample, &r.Status, &r.Next, &r.Of, &r.Base, &r.Need, &r.Elected, &r.Unfilled,
		&r.Passed, &r.Margin, &r.MarginPPM, &r.Missing, &r.Conditions, &r.Versions, &r.Announced, &r.Minutes)
	if err != nil {
		return nil, err
	}
	r.Corrected, r.Sample, r.Unit = corrects >= 0, sample != 0, int(unit)
	r.Date, err = vn.ParseDate(held)
	return &r, err
}

func findRow(ctx context.Context, tx *store.Tx, id string) (*Row, bool, error) {
	r, err := scanRow(tx.QueryRow(ctx, `SELECT `+rowColumns+rowTables+` WHERE v.contest = $1 AND v.entry_to = -1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("election: contest %s: %w", id, err)
	}
	return r, true, nil
}

// Filter narrows a list of contests. Empty fields do not narrow.
type Filter struct {
	Event  string
	Text   string // words looked for in names, places and titles, without marks
	Place  string
	Status string
	Show   string // "passed-no-seat", "condition", "unfilled", "not-recorded", "corrected"
	Sort   string // "" by place and unit, "margin" closest first, "date" newest first
	Offset int
	Limit  int // 0: no limit
}

func (f Filter) where() (string, []any) {
	var sb strings.Builder
	var args []any
	sb.WriteString(` WHERE v.entry_to = -1`)
	arg := func(cond string, v any) {
		args = append(args, v)
		sb.WriteString(" AND " + strings.ReplaceAll(cond, "?", fmt.Sprintf("$%d", len(args))))
	}
	if f.Event != "" {
		arg("v.event = ?", f.Event)
	}
	if f.Place != "" {
		arg("v.place_key = ?", vn.ProvinceKey(f.Place))
	}
	if f.Status != "" {
		arg("d.status = ?", f.Status)
	}
	switch f.Show {
	case "passed-no-seat":
		sb.WriteString(" AND d.passed > 0")
	case "condition":
		sb.WriteString(" AND d.conditions > 0")
	case "unfilled":
		sb.WriteString(" AND d.unfilled > 0")
	case "not-recorded":
		sb.WriteString(" AND d.missing > 0")
	case "corrected":
		sb.WriteString(" AND v.corrects >= 0")
	}
	for _, word := range strings.Fields(vn.Fold(f.Text)) {
		arg(`(v.folded LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM election_candidate c WHERE c.entry = v.entry_from AND c.folded LIKE ? ESCAPE '\'))`, like(word))
	}
	return sb.String(), args
}

func like(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
}

// List is one page of the contests that pass a filter, and how many pass.
func List(ctx context.Context, tx *store.Tx, f Filter) ([]Row, int64, error) {
	where, args := f.where()
	var total int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*)`+rowTables+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("election: list: %w", err)
	}
	order := ` ORDER BY v.place_key, v.unit, v.contest`
	switch f.Sort {
	case "margin":
		order = ` ORDER BY CASE WHEN d.margin < 0 THEN 1 ELSE 0 END, d.margin_ppm, d.margin, v.contest`
	case "date":
		order = ` ORDER BY v.held DESC, v.entry_from DESC`
	}
	if f.Limit > 0 {
		order += fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, max(f.Offset, 0))
	}
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+rowTables+where+order, args...)
	if err != nil {
		return nil, 0, fmt.Errorf("election: list: %w", err)
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, 0, fmt.Errorf("election: list: %w", err)
		}
		out = append(out, *r)
	}
	return out, total, rows.Err()
}

// Places lists the provinces or organisations of an event with how many
// contests each has.
func Places(ctx context.Context, tx *store.Tx, event string) ([]Place, error) {
	rows, err := tx.Query(ctx, `SELECT MIN(place), COUNT(*) FROM election_version WHERE event = $1 AND entry_to = -1 AND place <> ''
		GROUP BY place_key ORDER BY place_key`, event)
	if err != nil {
		return nil, fmt.Errorf("election: places: %w", err)
	}
	defer rows.Close()
	var out []Place
	for rows.Next() {
		var p Place
		if err := rows.Scan(&p.Name, &p.Contests); err != nil {
			return nil, fmt.Errorf("election: places: %w", err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// Place is a province or organisation in lists.
type Place struct {
	Name     string
	Contests int64
}

// Totals are sums over the contests of an event as they stand.
type Totals struct {
	Contests, Seats, Candidates, Elected, Unfilled int64
	PassedNoSeat                                   int64 // persons
	PassedContests, Short, Refused, Missing        int64 // contests
	Conditions, Corrected, Announced               int64 // contests
	Valid                                          int64 // ballots, where they are the base
	Statuses                                       map[string]int64
}

// Sum gives the totals of an event.
func Sum(ctx context.Context, tx *store.Tx, event string) (Totals, error) {
	t := Totals{Statuses: map[string]int64{}}
	err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(v.seats),0), COALESCE(SUM(v.candidates),0), COALESCE(SUM(d.elected),0),
		COALESCE(SUM(d.unfilled),0), COALESCE(SUM(d.passed),0), COALESCE(SUM(CASE WHEN d.passed > 0 THEN 1 ELSE 0 END),0),
		COALESCE(SUM(CASE WHEN d.status = 'short' THEN 1 ELSE 0 END),0), COALESCE(SUM(CASE WHEN d.status = 'refused' THEN 1 ELSE 0 END),0),
		COALESCE(SUM(CASE WHEN d.missing > 0 THEN 1 ELSE 0 END),0), COALESCE(SUM(CASE WHEN d.conditions > 0 THEN 1 ELSE 0 END),0),
		COALESCE(SUM(CASE WHEN v.corrects >= 0 THEN 1 ELSE 0 END),0),
		COALESCE(SUM(CASE WHEN d.counted_of = 'valid-ballots' AND d.base > 0 THEN d.base ELSE 0 END),0)`+rowTables+
		` WHERE v.event = $1 AND v.entry_to = -1`, event).Scan(&t.Contests, &t.Seats, &t.Candidates, &t.Elected, &t.Unfilled,
		&t.PassedNoSeat, &t.PassedContests, &t.Short, &t.Refused, &t.Missing, &t.Conditions, &t.Corrected, &t.Valid)
	if err != nil {
		return t, fmt.Errorf("election: totals of %s: %w", event, err)
	}
	rows, err := tx.Query(ctx, `SELECT d.status, COUNT(*)`+rowTables+` WHERE v.event = $1 AND v.entry_to = -1 GROUP BY d.status`, event)
	if err != nil {
		return t, fmt.Errorf("election: totals of %s: %w", event, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return t, err
		}
		t.Statuses[s] = n
	}
	return t, rows.Err()
}

// UsedBy lists the contests whose verdict in force used a rule of a document.
func UsedBy(ctx context.Context, tx *store.Tx, ruleID, document string, dated vn.Date) ([]Row, error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+rowTables+` JOIN election_use u ON u.entry = d.entry
		WHERE v.entry_to = -1 AND u.rule = $1 AND u.document = $2 AND u.dated = $3 ORDER BY v.held DESC, v.place_key, v.unit, v.contest`,
		ruleID, document, dated.String())
	if err != nil {
		return nil, fmt.Errorf("election: contests that used %s: %w", ruleID, err)
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	return out, rows.Err()
}

// GetRow is a contest as lists show it, or *desk.Error NotFound.
func GetRow(ctx context.Context, tx *store.Tx, id string) (*Row, error) {
	r, ok, err := findRow(ctx, tx, id)
	if err == nil && !ok {
		return nil, desk.Missing("Không có cuộc bầu cử này.", "There is no such contest.")
	}
	return r, err
}

// Share is one candidate of a verdict, without the name.
type Share struct {
	Candidate string
	Votes     int64
	Outcome   vote.Outcome
}

// Shares gives, by verdict entry, the candidates of a page of contests, most
// votes first, in one query.
func Shares(ctx context.Context, tx *store.Tx, rows []Row) (map[int64][]Share, error) {
	out := map[int64][]Share{}
	if len(rows) == 0 {
		return out, nil
	}
	var in strings.Builder
	args := make([]any, len(rows))
	for i, r := range rows {
		if i > 0 {
			in.WriteByte(',')
		}
		fmt.Fprintf(&in, "$%d", i+1)
		args[i] = r.Counted
	}
	rs, err := tx.Query(ctx, `SELECT entry, candidate, votes, outcome FROM election_line WHERE entry IN (`+in.String()+`) ORDER BY entry, rank`, args...)
	if err != nil {
		return nil, fmt.Errorf("election: shares: %w", err)
	}
	defer rs.Close()
	for rs.Next() {
		var entry int64
		var s Share
		var outcome string
		if err := rs.Scan(&entry, &s.Candidate, &s.Votes, &outcome); err != nil {
			return nil, err
		}
		s.Outcome = vote.Outcome(outcome)
		out[entry] = append(out[entry], s)
	}
	return out, rs.Err()
}
