package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// The list of the sheets of a scanned pile that people settled: made when the
// pile is handed in, sealed until the head reports, for the minutes.
const (
	KindListed  = "ballotbox.sheets-listed/1"
	BlockListed = "sealed-sheets"
)

// What a person said of a sheet, as the minutes list it.
const (
	SheetRead     = "read"     // what it bears was keyed
	SheetDoubtful = "doubtful" // it goes to the board as a doubtful ballot
	SheetAside    = "aside"    // it is no ballot of this pile
	SheetPart     = "part"     // one more picture of a ballot that another sheet counts
)

type listedBody struct {
	Box     string `json:"box"`
	Pile    int    `json:"pile"`
	Attempt int    `json:"attempt"`
	Sheets  int    `json:"sheets"`
}

// ListedSheet is one scanned sheet that a person settled. It never says what
// the ballot bears, nor who settled it when: of a long list of names a pattern
// can be a signature.
type ListedSheet struct {
	Picture string   `json:"picture"`         // SHA-256 of its pictures
	Why     string   `json:"why,omitempty"`   // why a person had to look, as paper.Reason has it; "" when he looked unasked
	Marks   []string `json:"marks,omitempty"` // of unclear names: what stood there, as paper.Look… has it
	Says    string   `json:"says"`
	Cause   string   `json:"cause,omitempty"` // by the rule in force, why it is proposed as not valid
}

// listed makes the list of a pile that is handed in: every sheet in it was
// settled. nil when no person had to look.
func (q *Queue) listed(lib *rule.Library, b *Row, attempt, pile int) (*desk.Draft, error) {
	if len(q.Sheets) == 0 {
		return nil, nil
	}
	book, err := b.book(lib)
	if err != nil {
		return nil, err
	}
	var out []ListedSheet
	for i := range q.Sheets {
		x := &q.Sheets[i]
		l := ListedSheet{Picture: x.ID, Why: x.Cause, Says: SheetRead}
		marks := map[string]bool{}
		for _, m := range x.Look {
			marks[m] = true
		}
		l.Marks = slices.Sorted(maps.Keys(marks))
		switch p := x.Said.Pattern; {
		case p == NoBallot:
			l.Says = SheetAside
		case strings.HasPrefix(p, Part):
			l.Says = SheetPart
		case strings.HasPrefix(p, "?"):
			l.Says, l.Cause = SheetDoubtful, p[1:]
		default:
			j, err := vote.Judge(book, *b.Sheet.Seats, facts(b.Sheet.Form, p))
			if err != nil {
				return nil, err
			}
			l.Cause, _ = strings.CutPrefix(j.Proposal, "invalid:")
			if l.Cause == j.Proposal {
				l.Cause = ""
			}
		}
		out = append(out, l)
	}
	// By their hashes, which says nothing of the order in the scanner or of the
	// order in which people looked.
	slices.SortFunc(out, func(x, y ListedSheet) int { return strings.Compare(x.Picture, y.Picture) })
	return &desk.Draft{Kind: KindListed, Subjects: []string{PileSubject(b.ID, pile, ScanStation), Subject(b.ID)},
		Body:   listedBody{b.ID, pile, attempt, len(out)},
		Blocks: []desk.DraftBlock{{Name: BlockListed, Content: out}}}, nil
}

func applyListed(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b listedBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_listed (entry, box, pile, sheets, content) VALUES ($1, $2, $3, $4, $5)`,
		r.Index, b.Box, b.Pile, b.Sheets, string(r.Blocks[BlockListed]))
	return err
}

// SheetList is the list of the sheets of one pile that people settled.
type SheetList struct {
	Pile   int
	Entry  int64
	Sheets []ListedSheet
}

// SheetLists are the lists behind the scans of a box that stand, by pile. For the
// team, the chair and the case officer; open with the report of the head.
func SheetLists(ctx context.Context, tx *store.Tx, b *Row) ([]SheetList, error) {
	any, err := Scanned(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	var out []SheetList
	for _, pile := range slices.Sorted(maps.Keys(any)) {
		r, ok, err := scanOf(ctx, tx, b, pile)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		l := SheetList{Pile: pile}
		var text string
		err = tx.QueryRow(ctx, `SELECT entry, content FROM ballotbox_listed WHERE box = $1 AND pile = $2 AND entry > $3 ORDER BY entry LIMIT 1`, b.ID, pile, r.Entry).Scan(&l.Entry, &text)
		if found, err := findOne(err); err != nil {
			return nil, fmt.Errorf("ballotbox: list of sheets: %w", err)
		} else if !found {
			continue
		}
		if text == "" {
			return nil, errErased
		}
		if err := json.Unmarshal([]byte(text), &l.Sheets); err != nil {
			return nil, fmt.Errorf("ballotbox: list of sheets of pile %d: %w", pile, err)
		}
		out = append(out, l)
	}
	return out, nil
}
