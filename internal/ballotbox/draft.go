package ballotbox

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// What a station keys is kept ballot by ballot outside the ledger, so that
// nothing acknowledged is lost; it bears no time, and is gone when the pile is
// handed in (Apply deletes it in the same transaction).

// key is one station's reading of one pile.
type key struct {
	box                    string
	pile, attempt, station int
}

// Keyed is one ballot of a draft.
type Keyed struct {
	N       int // place in the pile, from 1
	Pattern string
}

var ballotID = regexp.MustCompile(`^[A-Za-z0-9-]{8,40}$`)

// Station is where a ballot is keyed.
type Station struct {
	Box, Case              string
	Pile, Station, Attempt int
	Actor                  string
}

func (a Station) key() key { return key{a.Box, a.Pile, a.Attempt, a.Station} }

// enter checks that the actor may key here, and claims the station for him.
func (a Station) enter(ctx context.Context, tx *store.Tx, claim bool) (*Row, *Pile, error) {
	b, err := must(ctx, tx, a.Box)
	if err != nil {
		return nil, nil, err
	}
	s := &desk.Scene{Tx: tx, Actor: a.Actor}
	m, err := b.member(ctx, s, false)
	if err != nil {
		return nil, nil, err
	}
	if b.Mode == TotalsTwice {
		return nil, nil, errMode
	}
	p, err := b.desk(ctx, tx, a.Pile, a.Station, a.Attempt, m)
	if err != nil {
		return nil, nil, err
	}
	owner, err := holder(ctx, tx, a.key())
	if err != nil {
		return nil, nil, err
	}
	if owner != "" && owner != a.Actor {
		return nil, nil, errOther
	}
	if owner == "" && claim {
		var n int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_ballotbox_station WHERE box = $1 AND pile = $2 AND attempt = $3 AND actor = $4`, a.Box, a.Pile, a.Attempt, a.Actor).Scan(&n); err != nil {
			return nil, nil, err
		}
		if n > 0 {
			return nil, nil, desk.Refuse("Bạn đang nhập tập này ở trạm khác: mỗi lượt nhập phải do một người khác nhau.", "You key this pile at another station: each reading must be by a different person.")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO op_ballotbox_station (box, pile, attempt, station, actor) VALUES ($1, $2, $3, $4, $5)`, a.Box, a.Pile, a.Attempt, a.Station, a.Actor); err != nil {
			return nil, nil, err
		}
	}
	return b, p, nil
}

func holder(ctx context.Context, tx *store.Tx, k key) (string, error) {
	var actor string
	err := tx.QueryRow(ctx, `SELECT actor FROM op_ballotbox_station WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4`, k.box, k.pile, k.attempt, k.station).Scan(&actor)
	if _, err := findOne(err); err != nil {
		return "", fmt.Errorf("ballotbox: station: %w", err)
	}
	return actor, nil
}

func draftOf(ctx context.Context, tx *store.Tx, k key) ([]Keyed, error) {
	rows, err := tx.Query(ctx, `SELECT n, pattern FROM op_ballotbox_ballot WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4 AND n > 0 ORDER BY n`, k.box, k.pile, k.attempt, k.station)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: draft: %w", err)
	}
	defer rows.Close()
	var out []Keyed
	for rows.Next() {
		var d Keyed
		if err := rows.Scan(&d.N, &d.Pattern); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Draft is what the actor himself keyed at this station; another's is refused.
// An empty place is nobody's yet.
func Draft(ctx context.Context, tx *store.Tx, a Station) (*Row, *Pile, []Keyed, error) {
	b, p, err := a.enter(ctx, tx, false)
	if err != nil {
		return nil, nil, nil, err
	}
	ds, err := draftOf(ctx, tx, a.key())
	return b, p, ds, err
}

// Put keeps one ballot as keyed, durably, and gives its place in the pile. The
// same id again gives the same place and changes nothing: a retry after a lost
// answer. n is the place the page believes it to be; a page that is behind is
// told so, and "=" repeats the ballot before. causes are the ids of Row.Causes.
func Put(ctx context.Context, db *store.DB, causes []string, a Station, id string, n int, line string) (Keyed, error) {
	var out Keyed
	if !ballotID.MatchString(id) {
		return out, desk.Wrong("id", "Biểu mẫu thiếu mã. Hãy mở lại trang.", "The form has no id. Open the page again.")
	}
	err := db.Write(ctx, func(tx *store.Tx) error {
		b, p, err := a.enter(ctx, tx, true)
		if err != nil {
			return err
		}
		k := a.key()
		err = tx.QueryRow(ctx, `SELECT n, pattern FROM op_ballotbox_ballot WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4 AND id = $5`,
			k.box, k.pile, k.attempt, k.station, id).Scan(&out.N, &out.Pattern)
		if found, err := findOne(err); err != nil {
			return err
		} else if found {
			if out.N == 0 {
				return desk.Refuse("Phiếu này đã được rút lại; biểu mẫu cũ không dùng được.", "This ballot was taken back; the old form is no longer good.")
			}
			return nil
		}
		var have int
		var last string
		if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM op_ballotbox_ballot WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4`, k.box, k.pile, k.attempt, k.station).Scan(&have); err != nil {
			return err
		}
		switch {
		case n != have+1:
			return desk.Refuse(fmt.Sprintf("Biểu mẫu cũ: trạm đã nhập %d phiếu. Hãy mở lại trang.", have), fmt.Sprintf("An old form: %d ballots were keyed here. Open the page again.", have))
		case have >= p.Size+b.PileSize:
			return desk.Refuse("Tập đã quá số phiếu; hãy đếm lại tập.", "The pile holds too many ballots; count it again.")
		}
		if trimmed(line) == "=" {
			if have == 0 {
				return desk.Wrong("ballot", "Chưa có phiếu trước để lặp lại.", "There is no ballot before to repeat.")
			}
			if err := tx.QueryRow(ctx, `SELECT pattern FROM op_ballotbox_ballot WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4 AND n = $5`, k.box, k.pile, k.attempt, k.station, have).Scan(&last); err != nil {
				return err
			}
			out = Keyed{n, last}
		} else {
			pattern, err := ReadKeys(b.Sheet.Form, len(b.Sheet.Candidates), causes, line)
			if err != nil {
				return err
			}
			out = Keyed{n, pattern}
		}
		_, err = tx.Exec(ctx, `INSERT INTO op_ballotbox_ballot (box, pile, attempt, station, id, n, pattern) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			k.box, k.pile, k.attempt, k.station, id, out.N, out.Pattern)
		return err
	})
	return out, err
}

// Undo takes the last ballot back; last is its place, so that pressing twice
// takes back one.
func Undo(ctx context.Context, db *store.DB, a Station, last int) (have int, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, _, err := a.enter(ctx, tx, false); err != nil {
			return err
		}
		k := a.key()
		if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM op_ballotbox_ballot WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4`, k.box, k.pile, k.attempt, k.station).Scan(&have); err != nil {
			return err
		}
		if have == 0 || last != have {
			return nil
		}
		_, err := tx.Exec(ctx, `UPDATE op_ballotbox_ballot SET n = 0, pattern = '' WHERE box = $1 AND pile = $2 AND attempt = $3 AND station = $4 AND n = $5`, k.box, k.pile, k.attempt, k.station, have)
		have--
		return err
	})
	return have, err
}

// Seat is a station of a pile where somebody keys just now.
type Seat struct {
	Pile, Station int
	Mine          bool
}

// Seats lists the stations where somebody keys just now. Who, and how far, is
// not said; only which of them are the asker's own.
func Seats(ctx context.Context, tx *store.Tx, box, actor string) ([]Seat, error) {
	rows, err := tx.Query(ctx, `SELECT s.pile, s.station, s.actor FROM op_ballotbox_station s JOIN ballotbox_pile p ON p.box = s.box AND p.pile = s.pile AND p.attempt = s.attempt
		WHERE s.box = $1 ORDER BY s.pile, s.station`, box)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: stations: %w", err)
	}
	defer rows.Close()
	var out []Seat
	for rows.Next() {
		var s Seat
		var who string
		if err := rows.Scan(&s.Pile, &s.Station, &who); err != nil {
			return nil, err
		}
		s.Mine = who == actor
		out = append(out, s)
	}
	return out, rows.Err()
}

func trimmed(s string) string { return strings.TrimSpace(s) }
