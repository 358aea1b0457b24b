package ballotbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Queue is the scanned pile before it is handed in.
type Queue struct {
	Sheets   []QueueSheet // those a person must look at, or has looked at, by reason
	Read     int          // read by the program
	Open     int          // nobody has looked at yet
	Aside    int          // no ballots of this pile
	Parts    int          // one more picture of a ballot that another sheet counts
	Ballots  int          // that would be handed in now
	NoSeal   int          // where no ink stands in the place of the seal
	patterns []string
	dropped  []string // pictures that were looked at and then dropped
}

// QueueSheet is a sheet with what a person said of it.
type QueueSheet struct {
	Sheet
	Said *Settled
	// Parts are further pictures of the same ballot: sheets of the pile that a
	// person bound to this one.
	Parts []Sheet
	// Of is the sheet of the pile whose ballot this picture belongs to, as a
	// person said; "" of none named.
	Of string
}

// bind puts the sheets that people bound to others beside them.
func (q *Queue) bind() {
	at := map[string]int{}
	for i := range q.Sheets {
		at[q.Sheets[i].ID] = i
	}
	for i := range q.Sheets {
		x := &q.Sheets[i]
		if x.Said == nil {
			continue
		}
		if of, ok := partOf(x.Said.Pattern); ok {
			x.Of = of
			if k, ok := at[of]; ok {
				q.Sheets[k].Parts = append(q.Sheets[k].Parts, x.Sheet)
			}
		}
	}
}

// Queue reads the staged sheets of a pile, for the team alone.
func (v *Vault) Queue(ctx context.Context, tx *store.Tx, a ScanSeat) (*Row, *Pile, *Released, *Queue, error) {
	b, p, rel, _, err := a.seat(ctx, tx)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	q, err := v.pile(ctx, tx, b, a.Pile)
	return b, p, rel, q, err
}

func (v *Vault) pile(ctx context.Context, tx *store.Tx, b *Row, pile int) (*Queue, error) {
	said, err := settled(ctx, tx, b.ID, pile)
	if err != nil {
		return nil, err
	}
	q := &Queue{}
	err = v.each(ctx, tx, "op_ballotbox_scan_ballot", b.ID, pile, func(s *Sheet) error {
		if s.NoSeal {
			q.NoSeal++
		}
		d, looked := said[s.ID]
		delete(said, s.ID)
		switch {
		case looked && d.Pattern == "":
			return errErased
		case looked && d.Pattern == NoBallot:
			q.Aside++
		case looked && strings.HasPrefix(d.Pattern, Part):
			q.Parts++
		case looked:
			q.patterns = append(q.patterns, d.Pattern)
		case s.Read():
			q.Read++
			q.patterns = append(q.patterns, s.Pattern)
			return nil
		default:
			q.Open++
		}
		x := QueueSheet{Sheet: *s}
		if looked {
			x.Said = &d
		}
		q.Sheets = append(q.Sheets, x)
		return nil
	})
	if err != nil {
		return nil, err
	}
	q.Ballots, q.dropped = len(q.patterns), slices.Sorted(maps.Keys(said))
	slices.SortStableFunc(q.Sheets, func(x, y QueueSheet) int { return cmp.Compare(x.Cause, y.Cause) })
	q.bind()
	return q, nil
}

// each opens what was read of the sheets of a pile, in the order of their hashes.
func (v *Vault) each(ctx context.Context, tx *store.Tx, table, box string, pile int, do func(*Sheet) error) error {
	rows, err := tx.Query(ctx, `SELECT id, said FROM `+table+` WHERE box = $1 AND pile = $2 ORDER BY id`, box, pile)
	if err != nil {
		return fmt.Errorf("ballotbox: scans: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			return err
		}
		s, err := v.sheet(box, pile, id, sealed)
		if err != nil {
			return err
		}
		if err := do(s); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (v *Vault) sheet(box string, pile int, id string, sealed []byte) (*Sheet, error) {
	plain, err := v.open(sealed, place("said", box, pile, id))
	if err != nil {
		return nil, err
	}
	s := &Sheet{}
	if err := json.Unmarshal(plain, s); err != nil {
		return nil, fmt.Errorf("ballotbox: scan: %w", err)
	}
	s.ID = id
	return s, nil
}

// Picture is one staged picture of a pile, a PNG, for the team alone.
func (v *Vault) Picture(ctx context.Context, tx *store.Tx, a ScanSeat, id string, n int) (*Row, *Released, *Sheet, []byte, error) {
	b, _, rel, _, err := a.seat(ctx, tx)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	s, data, err := v.picture(ctx, tx, "op_ballotbox_scan_ballot", a.Box, a.Pile, id, n)
	return b, rel, s, data, err
}

func (v *Vault) picture(ctx context.Context, tx *store.Tx, table, box string, pile int, id string, n int) (*Sheet, []byte, error) {
	var said, shown []byte
	err := tx.QueryRow(ctx, `SELECT said, shown FROM `+table+` WHERE box = $1 AND pile = $2 AND id = $3`, box, pile, id).Scan(&said, &shown)
	if found, err := findOne(err); err != nil {
		return nil, nil, err
	} else if !found {
		return nil, nil, desk.Missing("Không có tờ quét này.", "There is no such sheet.")
	}
	s, err := v.sheet(box, pile, id, said)
	if err != nil {
		return nil, nil, err
	}
	plain, err := v.open(shown, place("shown", box, pile, id))
	if err != nil {
		return nil, nil, err
	}
	var pics [][]byte
	if err := json.Unmarshal(plain, &pics); err != nil {
		return nil, nil, err
	}
	if n < 0 || n >= len(pics) {
		return nil, nil, desk.Missing("Tờ này không có mặt đó.", "The sheet has no such side.")
	}
	return s, pics[n], nil
}

// ScanPile holds the scan of a pile against its typed readings.
type ScanPile struct {
	Pile    int
	Reader  Reader
	Settled bool // the typed readings agree, so that the two may be compared
	Same    bool
	Diffs   []Difference // counts: typed, scanned
	Votes   []Difference // Field: candidate id; counts: typed, scanned; only where they differ
}

// ScanCompared compares the scans of a box with its typed readings by pile and
// candidate. It is for the head; a pile not settled is not compared.
func ScanCompared(ctx context.Context, tx *store.Tx, b *Row) ([]ScanPile, error) {
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	any, err := Scanned(ctx, tx, b)
	if err != nil || len(any) == 0 {
		return nil, err
	}
	var out []ScanPile
	for _, p := range piles {
		r, ok, err := scanOf(ctx, tx, b, p.Pile)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		s := ScanPile{Pile: p.Pile, Reader: r, Settled: p.Agreed >= 0}
		if s.Settled {
			typed, err := readings(ctx, tx, b.ID, p.Pile, p.Attempt)
			if err != nil {
				return nil, err
			}
			var text string
			if err := tx.QueryRow(ctx, `SELECT content FROM ballotbox_reading WHERE entry = $1`, r.Entry).Scan(&text); err != nil {
				return nil, err
			}
			if text == "" {
				return nil, errErased
			}
			var c Content
			if err := json.Unmarshal([]byte(text), &c); err != nil {
				return nil, fmt.Errorf("ballotbox: scan of pile %d: %w", p.Pile, err)
			}
			s.compare(b, typed[1], c)
		}
		out = append(out, s)
	}
	return out, nil
}

func (s *ScanPile) compare(b *Row, typed, scanned Content) {
	counts := map[string]*[2]int64{}
	votes := make([][2]int64, len(b.Sheet.Candidates))
	for k, c := range []Content{typed, scanned} {
		for _, x := range bare(c.Patterns) {
			if counts[x.Pattern] == nil {
				counts[x.Pattern] = &[2]int64{}
			}
			counts[x.Pattern][k] += x.N
			if x.Pattern == "?" {
				continue
			}
			for i := range min(len(x.Pattern), len(votes)) {
				if x.Pattern[i] == 'a' {
					votes[i][k] += x.N
				}
			}
		}
	}
	for p, n := range counts {
		if n[0] != n[1] {
			s.Diffs = append(s.Diffs, Difference{Pattern: p, Counts: n[:]})
		}
	}
	slices.SortFunc(s.Diffs, func(x, y Difference) int { return cmp.Compare(x.Pattern, y.Pattern) })
	for i, n := range votes {
		if n[0] != n[1] {
			s.Votes = append(s.Votes, Difference{Field: b.Sheet.Candidates[i].ID, Counts: slices.Clone(n[:])})
		}
	}
	s.Same = len(s.Diffs) == 0
}

// Scanned says of which piles a scan was handed in that stands. It says no
// figure.
func Scanned(ctx context.Context, tx *store.Tx, b *Row) (map[int]bool, error) {
	rs, err := Readers(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	out := map[int]bool{}
	for pile, list := range rs {
		if !slices.ContainsFunc(list, func(r Reader) bool { return r.Kind == "scan" }) {
			continue
		}
		if _, out[pile], err = scanOf(ctx, tx, b, pile); err != nil {
			return nil, err
		}
	}
	return out, nil
}
