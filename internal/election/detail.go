package election

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Detail is one version of a contest with everything a page shows of it.
type Detail struct {
	Row
	At     time.Time // when this version was recorded
	Actor  string
	Until  int64 // entry that corrected it, -1 while in force
	Reason string
	Source Source
	Record *vote.Record // as in the ledger, with names put back where they are present
	Titles map[string]string
	Result *vote.Result // as recorded, without sentences
	Lines  []Line       // most votes first
}

// Line is a candidate with the result.
type Line struct {
	vote.Line
	Rank   int
	Place  int // on the ballot, 0 when not recorded
	Title  string
	Name   string // "" when erased
	Born   string
	Erased bool
}

// Get is the contest as it stands, or *desk.Error NotFound.
func Get(ctx context.Context, tx *store.Tx, id string) (*Detail, error) {
	r, ok, err := findRow(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, desk.Missing("Không có cuộc bầu cử này.", "There is no such contest.")
	}
	return detail(ctx, tx, r)
}

// GetVersion is the contest as one entry recorded it, or NotFound.
func GetVersion(ctx context.Context, tx *store.Tx, id string, entry int64) (*Detail, error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+rowTables+` WHERE v.contest = $1 AND v.entry_from = $2`, id, entry)
	if err != nil {
		return nil, fmt.Errorf("election: version %d of %s: %w", entry, id, err)
	}
	var r *Row
	for rows.Next() {
		if r, err = scanRow(rows); err != nil {
			break
		}
	}
	rows.Close()
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, desk.Missing("Không có bản này của cuộc bầu cử.", "There is no such version of the contest.")
	}
	return detail(ctx, tx, r)
}

func detail(ctx context.Context, tx *store.Tx, r *Row) (*Detail, error) {
	d := &Detail{Row: *r, Titles: map[string]string{}}
	var at, record, source, result string
	err := tx.QueryRow(ctx, `SELECT v.at, v.actor, v.entry_to, v.reason, v.record, v.source, d.result FROM election_version v
		JOIN election_verdict d ON d.contest = v.contest AND d.version = v.entry_from WHERE v.contest = $1 AND v.entry_from = $2`,
		r.ID, r.Version).Scan(&at, &d.Actor, &d.Until, &d.Reason, &record, &source, &result)
	if err != nil {
		return nil, fmt.Errorf("election: contest %s: %w", r.ID, err)
	}
	if d.At, err = time.Parse(time.RFC3339, at); err != nil {
		return nil, err
	}
	if d.Record, err = vote.ParseRecord([]byte(record)); err != nil {
		return nil, fmt.Errorf("election: contest %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(source), &d.Source); err != nil {
		return nil, fmt.Errorf("election: contest %s: source: %w", r.ID, err)
	}
	d.Result = &vote.Result{}
	if err := json.Unmarshal([]byte(result), d.Result); err != nil {
		return nil, fmt.Errorf("election: contest %s: result: %w", r.ID, err)
	}
	names, err := namesOf(ctx, tx, r.Version)
	if err != nil {
		return nil, err
	}
	places := map[string]int{}
	for i := range d.Record.Candidates {
		c := &d.Record.Candidates[i]
		n := names[c.ID]
		c.Name, c.Born = n.Name, n.Born
		places[c.ID] = c.Order
		if n.Title != "" {
			d.Titles[c.ID] = n.Title
		}
	}
	for i, l := range d.Result.Results {
		n := names[l.Candidate]
		d.Lines = append(d.Lines, Line{Line: l, Rank: i + 1, Place: places[l.Candidate], Title: n.Title, Name: n.Name, Born: n.Born, Erased: n.Name == ""})
	}
	return d, nil
}

func namesOf(ctx context.Context, tx *store.Tx, entry int64) (map[string]Name, error) {
	rows, err := tx.Query(ctx, `SELECT id, title, name, born FROM election_candidate WHERE entry = $1`, entry)
	if err != nil {
		return nil, fmt.Errorf("election: names of entry %d: %w", entry, err)
	}
	defer rows.Close()
	out := map[string]Name{}
	for rows.Next() {
		var n Name
		if err := rows.Scan(&n.ID, &n.Title, &n.Name, &n.Born); err != nil {
			return nil, err
		}
		out[n.ID] = n
	}
	return out, rows.Err()
}

// Show is the name on a page, in the language asked for.
func (l Line) Show(lang string) string {
	if l.Erased {
		return l.Candidate + " " + Erased.In(lang)
	}
	return l.Name
}

// WithWords gives the result with the sentences of its verdicts, and to every
// input of a verdict the entry and field it came from.
func (d *Detail) WithWords(lib *rule.Library) (*vote.Result, error) {
	// The bare record is what was counted; names play no part in it.
	res, err := vote.WithWords(lib, d.Record.Public(), d.Result)
	if err != nil {
		return nil, err
	}
	for i := range res.Reasons {
		d.cite(&res.Reasons[i])
	}
	return res, nil
}

// Versions lists every version, newest first.
func Versions(ctx context.Context, tx *store.Tx, id string) ([]Version, error) {
	rows, err := tx.Query(ctx, `SELECT v.entry_from, v.entry_to, v.corrects, v.at, v.actor, v.reason, d.entry, d.status
		FROM election_version v JOIN election_verdict d ON d.contest = v.contest AND d.version = v.entry_from
		WHERE v.contest = $1 ORDER BY v.entry_from DESC`, id)
	if err != nil {
		return nil, fmt.Errorf("election: versions of %s: %w", id, err)
	}
	defer rows.Close()
	var out []Version
	for rows.Next() {
		var v Version
		var at string
		if err := rows.Scan(&v.Entry, &v.Until, &v.Corrects, &at, &v.Actor, &v.Reason, &v.Counted, &v.Status); err != nil {
			return nil, err
		}
		if v.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Version is one line of the history of a contest.
type Version struct {
	Entry, Until, Corrects, Counted int64
	At                              time.Time
	Actor, Reason, Status           string
}

// Person is a candidate found across contests.
type Person struct {
	Contest, Event, Place string
	Unit                  int
	ContestTitle          rule.Words
	Candidate, Name       string
	Votes                 int64
	Share                 string
	Outcome               vote.Outcome
	Entry                 int64 // of the verdict
}

// Outcomes lists the candidates of an event with one outcome, by share of the
// base, highest first as recorded; an empty outcome lists all. limit 0 is no limit.
func Outcomes(ctx context.Context, tx *store.Tx, event string, outcome vote.Outcome, limit int) ([]Person, error) {
	q := `SELECT v.contest, v.event, v.place, v.unit, v.title_vi, v.title_en, l.candidate, c.name, l.votes, l.share, l.outcome, l.entry
		FROM election_version v JOIN election_verdict d ON d.contest = v.contest AND d.version = v.entry_from
		JOIN election_line l ON l.entry = d.entry JOIN election_candidate c ON c.entry = v.entry_from AND c.id = l.candidate
		WHERE v.entry_to = -1 AND v.event = $1 AND ($2 = '' OR l.outcome = $2) ORDER BY v.place_key, v.unit, v.contest, l.rank`
	if limit > 0 {
		q += fmt.Sprintf(" LIMIT %d", limit)
	}
	return persons(ctx, tx, q, event, string(outcome))
}

// FindPersons looks for candidates by name, without marks.
func FindPersons(ctx context.Context, tx *store.Tx, text string, limit int) ([]Person, error) {
	return persons(ctx, tx, fmt.Sprintf(`SELECT v.contest, v.event, v.place, v.unit, v.title_vi, v.title_en, l.candidate, c.name, l.votes, l.share, l.outcome, l.entry
		FROM election_version v JOIN election_verdict d ON d.contest = v.contest AND d.version = v.entry_from
		JOIN election_line l ON l.entry = d.entry JOIN election_candidate c ON c.entry = v.entry_from AND c.id = l.candidate
		WHERE v.entry_to = -1 AND c.folded LIKE $1 ESCAPE '\' ORDER BY c.folded, v.contest, l.rank LIMIT %d`, limit), like(vn.Fold(text)))
}

func persons(ctx context.Context, tx *store.Tx, q string, args ...any) ([]Person, error) {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("election: candidates: %w", err)
	}
	defer rows.Close()
	var out []Person
	for rows.Next() {
		var p Person
		var unit int64
		var outcome string
		if err := rows.Scan(&p.Contest, &p.Event, &p.Place, &unit, &p.ContestTitle.VI, &p.ContestTitle.EN, &p.Candidate, &p.Name, &p.Votes, &p.Share, &outcome, &p.Entry); err != nil {
			return nil, err
		}
		p.Unit, p.Outcome = int(unit), vote.Outcome(outcome)
		out = append(out, p)
	}
	return out, rows.Err()
}
