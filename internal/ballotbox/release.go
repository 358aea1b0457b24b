package ballotbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// The entry kinds of paper ballots read by the program.
const (
	KindBallot    = "ballotbox.ballot-released/1"
	KindSheet     = "ballotbox.sheet-settled/1"
	KindDestroyed = "ballotbox.pictures-destroyed/1"
	BlockLayout   = "layout"
	BlockSheet    = "sealed-sheet"
)

type ballotBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Digest string `json:"digest"`
	Scan   bool   `json:"scan"` // false: released for hand counting only
	Tried  int    `json:"tried"`
	Failed int    `json:"failed"`
}

// ReleaseBallot releases the printed ballot of a box: when every trial of
// read-back came out, for reading by the program; else for hand counting only,
// which its head must say in so many words. Make it with TryBallot.
type ReleaseBallot struct {
	Box, Case string
	Options   paper.Options
	HandOnly  bool

	back *paper.ReadBack
}

// Design sets the ballot of a box, on the paper that is best for its list where
// the options name none. A wrong option is a *desk.Error.
func (b *Row) Design(o paper.Options) (*paper.Layout, error) {
	if b.Sheet.Form != paper.FormStrike && b.Sheet.Form != paper.FormAgree {
		return nil, desk.Refuse("Chỉ phiếu gạch tên hoặc phiếu đồng ý, không đồng ý mới in và quét được bằng chương trình.", "Only ballots with struck names or with boxes to agree are printed and scanned by the program.")
	}
	o.Form = b.Sheet.Form
	sheet := *b.Sheet
	sheet.Candidates = slices.Clone(sheet.Candidates)
	for i := range sheet.Candidates { // equal names are told apart by the birth
		if born := b.Names["born"][sheet.Candidates[i].ID]; born != "" {
			sheet.Candidates[i].Born = born
		}
	}
	l, err := paper.Fit(&sheet, o)
	var ie *paper.InputError
	if errors.As(err, &ie) {
		return nil, desk.Wrong("", ie.VI, ie.EN)
	}
	return l, err
}

// TryBallot prints the ballot of a box into memory, fills it in every way and
// reads it back: long work, done before the desk is asked.
func TryBallot(lib *rule.Library, b *Row, o paper.Options) (ReleaseBallot, *paper.ReadBack, error) {
	a := ReleaseBallot{Box: b.ID, Case: b.Case, Options: o}
	l, err := b.Design(o)
	if err != nil {
		return a, nil, err
	}
	book, err := b.book(lib)
	if err != nil {
		return a, nil, err
	}
	read, err := paper.SheetReaderFor(l, book)
	if err != nil {
		return a, nil, err
	}
	a.back, err = paper.CheckReadBack(l, book, read)
	return a, a.back, err
}

// Name, Subject, Need and Decide make ReleaseBallot an act.
func (a ReleaseBallot) Name() string    { return "ballotbox.release-ballot" }
func (a ReleaseBallot) Subject() string { return Subject(a.Box) + "/ballot" }
func (a ReleaseBallot) Need() desk.Need { return count(a.Case) }
func (a ReleaseBallot) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if err := b.live(); err != nil {
		return nil, err
	}
	l, err := b.Design(a.Options)
	if err != nil {
		return nil, err
	}
	switch {
	case a.back == nil || a.back.Digest != l.Digest:
		return nil, desk.Refuse("Mẫu phiếu chưa được đọc thử: hãy mở lại trang và đọc thử.", "The ballot was not read back: open the page again and read it back.")
	case !a.back.Released() && !a.HandOnly:
		return nil, desk.Wrong("hand", fmt.Sprintf("Đọc thử sai %d trong %d lần: mẫu phiếu này chỉ được duyệt để kiểm bằng tay. Đánh dấu xác nhận nếu ban quyết định như vậy.", len(a.back.Failures), a.back.Tried),
			fmt.Sprintf("%d of %d trials were read wrong: this ballot may be released for hand counting only. Mark it if the board so decides.", len(a.back.Failures), a.back.Tried))
	}
	if now, ok, err := ReleasedBallot(ctx, s.Tx, b.ID); err != nil {
		return nil, err
	} else if ok && now.Digest != l.Digest {
		var n int
		if err := s.Tx.QueryRow(ctx, `SELECT COUNT(*) FROM ballotbox_reading WHERE box = $1 AND kind = 'scan'`, b.ID).Scan(&n); err != nil {
			return nil, err
		} else if n > 0 {
			return nil, desk.Refuse("Đã có tập phiếu quét theo mẫu đã duyệt: không đổi mẫu phiếu nữa.", "Piles were scanned by the released ballot: it is not changed any more.")
		}
	}
	return []desk.Draft{{Kind: KindBallot, Subjects: []string{a.Subject(), Subject(b.ID)},
		Body:   ballotBody{b.ID, m.Person, l.Digest, a.back.Released() && !a.HandOnly, a.back.Tried, len(a.back.Failures)},
		Blocks: []desk.DraftBlock{{Name: BlockLayout, Content: l}}}}, nil
}

// Released is the ballot of a box that is in force.
type Released struct {
	Entry         int64
	Digest        string
	Scan          bool // scans may be read by the program
	Tried, Failed int
	Person        string
	Layout        *paper.Layout // nil when the names were erased
}

// ReleasedBallot finds the ballot of a box that is in force.
func ReleasedBallot(ctx context.Context, tx *store.Tx, box string) (*Released, bool, error) {
	r := &Released{}
	var scan int64
	var text string
	err := tx.QueryRow(ctx, `SELECT entry, digest, scan, tried, failed, person, layout FROM ballotbox_layout WHERE box = $1 ORDER BY entry DESC LIMIT 1`, box).
		Scan(&r.Entry, &r.Digest, &scan, &r.Tried, &r.Failed, &r.Person, &text)
	if found, err := findOne(err); err != nil || !found {
		return nil, false, err
	}
	r.Scan = scan == 1
	if text != "" {
		l, err := paper.ParseLayout([]byte(text))
		if err != nil {
			return nil, false, fmt.Errorf("ballotbox: released ballot of %s: %w", box, err)
		}
		r.Layout = l
	}
	return r, true, nil
}

func applyBallot(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b ballotBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_layout (entry, box, digest, scan, tried, failed, person, layout, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Index, b.Box, b.Digest, flag(b.Scan), b.Tried, b.Failed, b.Person, string(r.Blocks[BlockLayout]), stamp(r.At))
	return err
}
