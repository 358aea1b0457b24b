package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Pile is one pile of ballots and where its reading stands.
type Pile struct {
	Pile, Size, Attempt int
	Agreed              int64 // entry of the comparison, -1
	HandedIn            map[int]Reader
}

// Reader is who handed in a reading, and when; never what it says.
type Reader struct {
	Entry   int64
	Station int
	Attempt int
	Kind    string
	Source  string
	Person  string
	Actor   string
	Ballots int64
	At      time.Time
}

// Piles lists the piles with who handed in for the reading under way.
func Piles(ctx context.Context, tx *store.Tx, box string) ([]Pile, error) {
	rows, err := tx.Query(ctx, `SELECT pile, size, attempt, agreed FROM ballotbox_pile WHERE box = $1 ORDER BY pile`, box)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: piles: %w", err)
	}
	defer rows.Close()
	var out []Pile
	at := map[int]int{}
	for rows.Next() {
		p := Pile{HandedIn: map[int]Reader{}}
		if err := rows.Scan(&p.Pile, &p.Size, &p.Attempt, &p.Agreed); err != nil {
			return nil, err
		}
		at[p.Pile] = len(out)
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	rs, err := Readers(ctx, tx, box)
	if err != nil {
		return nil, err
	}
	for pile, list := range rs {
		i, ok := at[pile]
		for _, r := range list {
			if ok && r.Attempt == out[i].Attempt && r.Kind != "other" && r.Kind != "scan" {
				out[i].HandedIn[r.Station] = r
			}
		}
	}
	return out, nil
}

// Readers lists by pile who handed in readings, oldest first: what the minutes
// and the entry log name.
func Readers(ctx context.Context, tx *store.Tx, box string) (map[int][]Reader, error) {
	rows, err := tx.Query(ctx, `SELECT entry, pile, station, attempt, kind, source, person, actor, ballots, at FROM ballotbox_reading WHERE box = $1 ORDER BY entry`, box)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: readers: %w", err)
	}
	defer rows.Close()
	out := map[int][]Reader{}
	for rows.Next() {
		var r Reader
		var pile int
		var at string
		if err := rows.Scan(&r.Entry, &pile, &r.Station, &r.Attempt, &r.Kind, &r.Source, &r.Person, &r.Actor, &r.Ballots, &at); err != nil {
			return nil, err
		}
		r.At = parseStamp(at)
		out[pile] = append(out[pile], r)
	}
	return out, rows.Err()
}

// readings reads the contents of the typed readings of a pile and attempt, by
// station. It is not exported: pages get what Compared, Doubts, Log and
// Figures let out, each at its hour.
func readings(ctx context.Context, tx *store.Tx, box string, pile, attempt int) (map[int]Content, error) {
	rows, err := tx.Query(ctx, `SELECT station, content FROM ballotbox_reading WHERE box = $1 AND pile = $2 AND attempt = $3 AND kind <> 'scan' ORDER BY station`, box, pile, attempt)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: readings: %w", err)
	}
	defer rows.Close()
	out := map[int]Content{}
	for rows.Next() {
		var station int
		var text string
		if err := rows.Scan(&station, &text); err != nil {
			return nil, err
		}
		if text == "" {
			return nil, errErased
		}
		var c Content
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return nil, fmt.Errorf("ballotbox: reading of pile %d: %w", pile, err)
		}
		out[station] = c
	}
	return out, rows.Err()
}

var errErased = desk.Refuse("Nội dung lượt nhập đã được rút khỏi hồ sơ theo quyết định.", "The content of the reading was removed from the record by decision.")
