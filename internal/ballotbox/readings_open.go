package ballotbox

import (
	"context"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// OpenReadings opens the readings of a reported box to those who may read
// personal content, by a decision (complaint, inspection).
type OpenReadings struct {
	Box, Org string
	Decision string // number and date; no personal content
}

// Name, Subject, Need and Decide make OpenReadings an act.
func (a OpenReadings) Name() string    { return "ballotbox.open-readings" }
func (a OpenReadings) Subject() string { return Subject(a.Box) }
func (a OpenReadings) Need() desk.Need { return desk.Need{Right: desk.OpenBox, Org: a.Org} }
func (a OpenReadings) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := overBox(ctx, s.Tx, a.Box, a.Org, desk.Refuse("Chỉ mở niêm phong các lượt nhập sau khi trưởng ban đã báo cáo.", "Readings are opened only after the head has reported."))
	if err != nil {
		return nil, err
	}
	under, err := decision(a.Decision, 200, desk.Wrong("decision", "Ghi số, ngày của quyết định (tối đa 200 ký tự).", "Give number and date of the decision (200 characters at most)."))
	if err != nil {
		return nil, err
	}
	rs, err := Readers(ctx, s.Tx, b.ID)
	if err != nil {
		return nil, err
	}
	var entries []int64
	for _, pile := range slices.Sorted(maps.Keys(rs)) {
		for _, r := range rs[pile] {
			entries = append(entries, r.Entry)
		}
	}
	seen, err := auditEntries(ctx, s.Tx, b.ID) // what people saw in a hand audit opens with them
	if err != nil {
		return nil, err
	}
	entries = append(entries, seen...)
	if len(entries) == 0 {
		return nil, desk.Refuse("Chưa có lượt nhập nào.", "There are no readings.")
	}
	return []desk.Draft{{Kind: KindReadable, Subjects: []string{a.Subject()}, Body: readableBody{b.ID},
		Blocks: under},
		desk.OpenBlocks(a.Subject(), entries)}, nil
}

// overBox is the box of an officer's act on what is left of a count: the result
// is reported or annulled. early says why it is too soon.
func overBox(ctx context.Context, tx *store.Tx, box, org string, early error) (*Row, error) {
	b, err := must(ctx, tx, box)
	switch {
	case err != nil:
		return nil, err
	case b.Org != org:
		return nil, errNoBox
	case b.Stage != StateReported && b.Stage != StateAnnulled:
		return nil, early
	}
	return b, nil
}

// decision is the block that names the decision under which an act is done;
// without one, or with a longer one than most letters, it is wrong.
func decision(text string, most int, wrong error) ([]desk.DraftBlock, error) {
	text = strings.TrimSpace(text)
	if text == "" || vn.Longer(text, most) {
		return nil, wrong
	}
	return []desk.DraftBlock{{Name: BlockReason, Content: note{Text: text}}}, nil
}

// LogLine is one line of the entry log of a pile.
type LogLine struct {
	Pattern string
	Ballots int64
}

// Log is the entry log of a pile whose readings agree: the sorted patterns,
// and who read. It is printed and filed with the ballots; for the team, the
// chair and the case officer.
func Log(ctx context.Context, tx *store.Tx, b *Row, pile int) ([]LogLine, []Reader, *Pile, error) {
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	if pile < 1 || pile > len(piles) || piles[pile-1].Agreed < 0 {
		return nil, nil, nil, desk.Missing("Tập này chưa khớp, chưa có nhật ký nhập.", "The readings of this pile do not agree yet; there is no entry log.")
	}
	p := &piles[pile-1]
	rs, err := readings(ctx, tx, b.ID, pile, p.Attempt)
	if err != nil {
		return nil, nil, nil, err
	}
	var lines []LogLine
	for _, c := range bare(rs[1].Patterns) {
		lines = append(lines, LogLine{c.Pattern, c.N})
	}
	readers, err := Readers(ctx, tx, b.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	return lines, readers[pile], p, nil
}
