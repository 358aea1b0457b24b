package ballotbox

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// KeptSheet is a scanned sheet of a pile that was handed in, and what it counts
// as in the scan's reading.
type KeptSheet struct {
	Sheet
	Said    *Settled // by a person, when one looked
	Counted string   // its pattern; NoBallot when it was set aside
	Differs bool     // ballots of this pattern are more or fewer among the typed ones
}

// PicturesOpened finds the decision that opened the readings of a box, and with
// them its sealed pictures: the entry, when there is one.
func PicturesOpened(ctx context.Context, tx *store.Tx, box string) (entry int64, opened bool, err error) {
	err = tx.QueryRow(ctx, `SELECT entry FROM ballotbox_step WHERE box = $1 AND kind = $2 ORDER BY entry DESC LIMIT 1`, box, KindReadable).Scan(&entry)
	opened, err = findOne(err)
	return entry, opened, err
}

// FirstKept is the first pile of a box with sealed pictures, 0 when none is left.
func FirstKept(ctx context.Context, tx *store.Tx, box string) (pile int, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(MIN(pile), 0) FROM op_ballotbox_kept_ballot WHERE box = $1`, box).Scan(&pile)
	return pile, err
}

var errSealed = desk.Refuse("Ảnh phiếu đã niêm phong: chỉ xem được khi có quyết định mở niêm phong các lượt nhập (khiếu nại, kiểm tra), ghi ở trang hòm phiếu.",
	"The pictures are sealed: they are seen only under a decision that opens the readings (complaint, inspection), recorded on the page of the box.")

func (b *Row) unsealed(ctx context.Context, tx *store.Tx) error {
	_, opened, err := PicturesOpened(ctx, tx, b.ID)
	if err == nil && (!opened || b.Stage != StateReported && b.Stage != StateAnnulled) {
		err = errSealed
	}
	return err
}

// Kept are the sealed sheets of a pile, in the order of their hashes, which says
// nothing of the order in the scanner. Only under a decision that opened the
// readings of the box; who may see it is the page's matter.
func (v *Vault) Kept(ctx context.Context, tx *store.Tx, b *Row, pile int) ([]KeptSheet, error) {
	if err := b.unsealed(ctx, tx); err != nil {
		return nil, err
	}
	said, err := settled(ctx, tx, b.ID, pile)
	if err != nil {
		return nil, err
	}
	differ := map[string]bool{}
	compared, err := ScanCompared(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for _, s := range compared {
		for _, d := range s.Diffs {
			if s.Pile == pile {
				differ[d.Pattern] = true
			}
		}
	}
	var out []KeptSheet
	err = v.each(ctx, tx, "op_ballotbox_kept_ballot", b.ID, pile, func(s *Sheet) error {
		k := KeptSheet{Sheet: *s, Counted: s.Pattern}
		if d, ok := said[s.ID]; ok {
			k.Said, k.Counted = &d, d.Pattern
		}
		k.Differs = differ[patternOf(k.Counted)]
		out = append(out, k)
		return nil
	})
	return out, err
}

// patternOf is a pattern as piles are compared by it: doubtful ones are one.
func patternOf(p string) string {
	if p != "" && p[0] == '?' {
		return "?"
	}
	return p
}

// KeptPicture is one side of a sealed sheet, a PNG; see Kept.
func (v *Vault) KeptPicture(ctx context.Context, tx *store.Tx, b *Row, pile int, id string, n int) (*Sheet, []byte, error) {
	if err := b.unsealed(ctx, tx); err != nil {
		return nil, nil, err
	}
	return v.picture(ctx, tx, "op_ballotbox_kept_ballot", b.ID, pile, id, n)
}
