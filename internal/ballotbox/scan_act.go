package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// NoBallot is what a person says of a sheet that is no ballot of this pile:
// other paper, a spoiled scan that was made again.
const NoBallot = "-"

// Part is what a person says of a picture that is one more of a ballot which
// another picture of the pile counts: "&" alone where it was scanned again, "&"
// and the id of that other where the two are the sides of one sheet.
const Part = "&"

// partOf says whether a pattern is Part, and of which sheet; "" of none named.
func partOf(pattern string) (of string, ok bool) { return strings.CutPrefix(pattern, Part) }

var pictureID = regexp.MustCompile(`^[0-9a-f]{64}$`)

type sheetBody struct {
	Box     string `json:"box"`
	Pile    int    `json:"pile"`
	Person  string `json:"person"`
	Picture string `json:"picture"` // SHA-256
	Undo    bool   `json:"undo,omitempty"`
}

type sheetContent struct {
	Pattern string `json:"p"`
}

// SettleSheet says what a scanned sheet bears that the program could not read:
// keyed as a station keys a ballot, "?" for the board, "-" for a sheet that is
// no ballot of this pile, Part for one more picture of a ballot that another
// sheet counts. Undo takes back what was said.
type SettleSheet struct {
	Box, Case string
	Pile      int
	Picture   string // SHA-256 of the sheet's pictures
	Keys      string
	Undo      bool
}

// Name, Subject, Need and Decide make SettleSheet an act.
func (a SettleSheet) Name() string    { return "ballotbox.settle-sheet" }
func (a SettleSheet) Subject() string { return PileSubject(a.Box, a.Pile, ScanStation) }
func (a SettleSheet) Need() desk.Need { return count(a.Case) }
func (a SettleSheet) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, _, _, m, err := ScanSeat{a.Box, a.Case, a.Pile, s.Actor}.seat(ctx, s.Tx)
	if err != nil {
		return nil, err
	}
	if here, err := a.staged(ctx, s.Tx, a.Picture); err != nil {
		return nil, err
	} else if !here {
		return nil, desk.Missing("Không có tờ quét này trong tập.", "There is no such sheet in the pile.")
	}
	said, err := settled(ctx, s.Tx, a.Box, a.Pile)
	if err != nil {
		return nil, err
	}
	d := desk.Draft{Kind: KindSheet, Subjects: []string{a.Subject(), Subject(b.ID)}, Body: sheetBody{b.ID, a.Pile, m.Person, a.Picture, a.Undo}}
	if a.Undo {
		if _, ok := said[a.Picture]; !ok {
			return nil, desk.Refuse("Tờ này chưa có ai quyết định.", "Nothing was decided on this sheet.")
		}
		return []desk.Draft{d}, nil
	}
	pattern := trimmed(a.Keys)
	of, part := partOf(pattern)
	if part || pattern == NoBallot {
		if err := a.whole(ctx, s.Tx, said); err != nil {
			return nil, err
		}
	}
	if part {
		if err := a.part(ctx, s.Tx, of, said); err != nil {
			return nil, err
		}
	} else if pattern != NoBallot {
		causes, err := b.Causes(s.Rules)
		if err != nil {
			return nil, err
		}
		if pattern, err = ReadKeys(b.Sheet.Form, len(b.Sheet.Candidates), causeIDs(causes), a.Keys); err != nil {
			return nil, err
		}
	}
	d.Blocks = []desk.DraftBlock{{Name: BlockSheet, Content: sheetContent{pattern}}}
	return []desk.Draft{d}, nil
}

// staged says whether such a sheet waits in the pile.
func (a SettleSheet) staged(ctx context.Context, tx *store.Tx, picture string) (bool, error) {
	if !pictureID.MatchString(picture) {
		return false, nil
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_ballotbox_scan_ballot WHERE box = $1 AND pile = $2 AND id = $3`, a.Box, a.Pile, picture).Scan(&n)
	return n > 0, err
}

// whole refuses to let a sheet count for nothing while other pictures are bound
// to it: their ballot would be lost.
func (a SettleSheet) whole(ctx context.Context, tx *store.Tx, said map[string]Settled) error {
	for id, d := range said {
		if of, ok := partOf(d.Pattern); !ok || of != a.Picture {
			continue
		}
		if here, err := a.staged(ctx, tx, id); err != nil {
			return err
		} else if here {
			return desk.Refuse("Ảnh khác đã được ghép vào tờ này: tờ này phải ghi cách bầu, hoặc rút lại việc ghép trước.", "Another picture was bound to this sheet: say what this sheet bears, or take the binding back first.")
		}
	}
	return nil
}

// part checks that the picture can be one more of another sheet's ballot: that
// sheet is in the pile and is not itself laid aside or part of another.
func (a SettleSheet) part(ctx context.Context, tx *store.Tx, of string, said map[string]Settled) error {
	if of == "" {
		return nil
	}
	here, err := a.staged(ctx, tx, of)
	if err != nil {
		return err
	}
	_, part := partOf(said[of].Pattern)
	if of == a.Picture || !here || part || said[of].Pattern == NoBallot {
		return desk.Refuse("Không ghép được vào tờ đó: tờ đó không có trong tập, đã để riêng, hoặc cũng là một phần của tờ khác.", "It cannot be bound to that sheet: that one is not in the pile, was laid aside, or is itself part of another.")
	}
	return nil
}

// Settled is what a person said of a sheet.
type Settled struct {
	Pattern string // "" when it was erased
	Person  string
	Entry   int64
}

// settled are the decisions in force on the sheets of a pile, by picture; a
// recount ends them all.
func settled(ctx context.Context, tx *store.Tx, box string, pile int) (map[string]Settled, error) {
	from, err := recounted(ctx, tx, box)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT entry, picture, undo, content, person FROM ballotbox_sheet WHERE box = $1 AND pile = $2 AND entry > $3 ORDER BY entry`, box, pile, from)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: sheets: %w", err)
	}
	defer rows.Close()
	out := map[string]Settled{}
	for rows.Next() {
		var d Settled
		var picture string
		var undo int64
		if err := rows.Scan(&d.Entry, &picture, &undo, &d.Pattern, &d.Person); err != nil {
			return nil, err
		}
		if delete(out, picture); undo == 0 {
			out[picture] = d
		}
	}
	return out, rows.Err()
}

func applySheet(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b sheetBody
	var c sheetContent
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockSheet, &c)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_sheet (entry, box, pile, picture, undo, content, person) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Index, b.Box, b.Pile, b.Picture, flag(b.Undo), c.Pattern, b.Person)
	return err
}

// HandInScan hands the scanned sheets of a pile in as one more reading of it:
// the sorted patterns, sealed. Make it with Vault.HandIn.
type HandInScan struct {
	Box, Case string
	Pile      int
	Ballots   int  // how many the page shows
	Odd       bool // the pile truly holds another number than it should

	vault *Vault
}

// HandIn makes the act that hands a scanned pile in.
func (v *Vault) HandIn(box, caseID string, pile, ballots int, odd bool) HandInScan {
	return HandInScan{box, caseID, pile, ballots, odd, v}
}

// Name, Subject, Need and Decide make HandInScan an act.
func (a HandInScan) Name() string    { return "ballotbox.hand-in-scan" }
func (a HandInScan) Subject() string { return PileSubject(a.Box, a.Pile, ScanStation) }
func (a HandInScan) Need() desk.Need { return count(a.Case) }
func (a HandInScan) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, p, _, m, err := ScanSeat{a.Box, a.Case, a.Pile, s.Actor}.seat(ctx, s.Tx)
	if err != nil {
		return nil, err
	}
	q, err := a.vault.pile(ctx, s.Tx, b, a.Pile)
	if err != nil {
		return nil, err
	}
	n := len(q.patterns)
	switch {
	case q.Open > 0:
		return nil, desk.Refuse(fmt.Sprintf("Còn %d tờ quét phải có người xem.", q.Open), fmt.Sprintf("%d scanned sheets wait for a person to look.", q.Open))
	case n == 0:
		return nil, desk.Refuse("Tập này chưa có tờ quét nào.", "No sheet of this pile is scanned yet.")
	case n != a.Ballots:
		return nil, desk.Refuse(fmt.Sprintf("Tập có %d phiếu quét, biểu mẫu ghi %d: hãy mở lại trang.", n, a.Ballots), fmt.Sprintf("%d ballots are scanned, the form says %d: open the page again.", n, a.Ballots))
	case n != p.Size && !a.Odd:
		return nil, desk.Wrong("odd", fmt.Sprintf("Tập này phải có %d phiếu, đã quét %d. Đếm lại tập; nếu đúng là %d thì đánh dấu xác nhận.", p.Size, n, n),
			fmt.Sprintf("The pile should hold %d ballots, %d were scanned. Count the pile again; if it truly holds %d, mark so.", p.Size, n, n))
	}
	var out []desk.Draft
	for _, picture := range q.dropped { // what was said of it is said of no sheet of this scan
		out = append(out, desk.Draft{Kind: KindSheet, Subjects: []string{a.Subject(), Subject(b.ID)}, Body: sheetBody{b.ID, a.Pile, m.Person, picture, true}})
	}
	out = append(out, desk.Draft{Kind: KindReading, Subjects: []string{a.Subject(), Subject(b.ID)},
		Body:   readingBody{b.ID, a.Pile, ScanStation, p.Attempt, "scan", "", m.Person, int64(n)},
		Blocks: []desk.DraftBlock{{Name: BlockReading, Content: Content{Patterns: multiset(q.patterns)}}}})
	list, err := q.listed(s.Rules, b, p.Attempt, a.Pile)
	if err == nil && list != nil {
		out = append(out, *list)
	}
	return out, err
}

// seal moves the staged sheets of a pile to where they wait for their
// destruction, in the order of their hashes.
func seal(ctx context.Context, tx *store.Tx, box string, pile int) error {
	if _, err := tx.Exec(ctx, `INSERT INTO op_ballotbox_kept_ballot (box, pile, id, said, shown) SELECT box, pile, id, said, shown FROM op_ballotbox_scan_ballot WHERE box = $1 AND pile = $2 ORDER BY id`, box, pile); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM op_ballotbox_scan_ballot WHERE box = $1 AND pile = $2`, box, pile)
	return err
}

// shred deletes every picture of a box.
func shred(ctx context.Context, tx *store.Tx, box string) error {
	for _, t := range []string{"op_ballotbox_scan_ballot", "op_ballotbox_kept_ballot"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t+` WHERE box = $1`, box); err != nil {
			return err
		}
	}
	return nil
}

type destroyedBody struct {
	Box      string `json:"box"`
	Person   string `json:"person"`
	Pictures int    `json:"pictures"` // sheets
}

// DestroyPictures destroys the pictures of a box's ballots, when its paper
// ballots are destroyed. Only of a box that is over.
type DestroyPictures struct {
	Box, Org string
	Decision string // under which the ballots are destroyed
}

// Name, Subject, Need and Decide make DestroyPictures an act.
func (a DestroyPictures) Name() string    { return "ballotbox.destroy-pictures" }
func (a DestroyPictures) Subject() string { return Subject(a.Box) }
func (a DestroyPictures) Need() desk.Need { return desk.Need{Right: desk.OpenBox, Org: a.Org} }
func (a DestroyPictures) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := overBox(ctx, s.Tx, a.Box, a.Org, desk.Refuse("Chưa báo cáo kết quả: ảnh phiếu phải giữ cùng phiếu.", "The result is not reported: the pictures are kept with the ballots."))
	if err != nil {
		return nil, err
	}
	n, err := Pictures(ctx, s.Tx, a.Box)
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, desk.Refuse("Hòm phiếu này không còn ảnh phiếu nào.", "No picture of this box is left.")
	}
	under, err := decision(a.Decision, 400, desk.Wrong("decision", "Ghi quyết định tiêu hủy phiếu (tối đa 400 ký tự).", "Name the decision to destroy the ballots (400 characters at most)."))
	if err != nil {
		return nil, err
	}
	p, err := personOf(ctx, s.Tx, s.Actor)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindDestroyed, Subjects: []string{a.Subject()}, Body: destroyedBody{b.ID, p, n}, Blocks: under}}, nil
}

// Pictures is how many scanned sheets of a box are kept.
func Pictures(ctx context.Context, tx *store.Tx, box string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM op_ballotbox_scan_ballot WHERE box = $1) + (SELECT COUNT(*) FROM op_ballotbox_kept_ballot WHERE box = $1)`, box).Scan(&n)
	return n, err
}

func applyDestroyed(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b destroyedBody
	var n note
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockReason, &n)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_destroyed (entry, box, person, pictures, note, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.Index, b.Box, b.Person, b.Pictures, n.Text, stamp(r.At)); err != nil {
		return err
	}
	return shred(ctx, tx, b.Box)
}
