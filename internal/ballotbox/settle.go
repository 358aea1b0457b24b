package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Close settles the figures: nothing is keyed or decided after it.
type Close struct {
	Box, Case string
	Note      string
}

// Name, Subject, Need and Decide make Close an act.
func (a Close) Name() string    { return "ballotbox.close" }
func (a Close) Subject() string { return Subject(a.Box) }
func (a Close) Need() desk.Need { return count(a.Case) }
func (a Close) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if err := firstOf(b.live(), b.calm()); err != nil {
		return nil, err
	}
	state, err := StateOf(ctx, s.Tx, s.Rules, b)
	if err != nil {
		return nil, err
	}
	switch {
	case state == StateDoubts:
		return nil, errDoubts
	case state != StateReady:
		return nil, desk.Refuse("Chưa chốt được: còn tập phiếu chưa khớp.", "It cannot be closed: the readings of some piles do not agree yet.")
	}
	c, err := CheckOf(ctx, s.Tx, s.Rules, b)
	if err != nil {
		return nil, err
	}
	if c.Blocked {
		return nil, desk.Refuse("Số liệu mâu thuẫn theo quy định, chưa chốt được: lập biên bản sự cố để chủ tọa quyết định kiểm lại hay hủy, bỏ phiếu lại.",
			"The figures contradict each other by the rules: note an incident for the chair to decide on a recount or a new vote.", c.Result.Reasons...)
	}
	if b.Mode == CompareWith && len(c.Others) == 0 {
		return nil, desk.Refuse("Chưa nhập kết quả của phần mềm kia để đối chiếu.", "The result of the other program is not entered yet.")
	}
	if (len(c.Warns) > 0 || c.differs()) && strings.TrimSpace(a.Note) == "" || vn.Longer(a.Note, maxReason) {
		return nil, desk.Wrong("note", "Có điểm chưa khớp: phải ghi rõ vào biên bản (tối đa 2000 ký tự).", "Something does not match: it must be noted for the minutes (2000 characters at most).")
	}
	d := desk.Draft{Kind: KindClosed, Subjects: []string{a.Subject()}, Body: closedBody{b.ID, m.Person},
		Blocks: []desk.DraftBlock{{Name: BlockFigures, Content: c.Record.Public()}}}
	if t := strings.TrimSpace(a.Note); t != "" {
		d.Blocks = append(d.Blocks, desk.DraftBlock{Name: BlockIncident, Content: note{Text: t}})
	}
	return []desk.Draft{d}, nil
}

// Report: the head has reported to the presidium. The figures are open from
// now on; the readings stay sealed (see OpenReadings).
type Report struct{ Box, Case string }

// Name, Subject, Need and Decide make Report an act.
func (a Report) Name() string    { return "ballotbox.report" }
func (a Report) Subject() string { return Subject(a.Box) }
func (a Report) Need() desk.Need { return count(a.Case) }
func (a Report) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := must(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	if b.Case != a.Case {
		return nil, errNoBox
	}
	if err := unowned(ctx, s.Tx, b.Case); err != nil {
		return nil, err
	}
	return DecideReport(ctx, s, a.Box)
}

// DecideReport drafts the report of the head, by whoever acts in s: he must be
// the head of the team. A room above adds its own entries (the contest
// recorded and counted) behind it, taking the figures from Record.
func DecideReport(ctx context.Context, s *desk.Scene, box string) ([]desk.Draft, error) {
	b, err := must(ctx, s.Tx, box)
	if err != nil {
		return nil, err
	}
	m, err := b.member(ctx, s, true)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Stage == StateReported:
		return nil, desk.Refuse("Trưởng ban đã báo cáo kết quả này.", "The head has reported this result already.")
	case b.Stage != StateClosed:
		return nil, desk.Refuse("Hòm phiếu chưa chốt, chưa báo cáo được.", "The box is not closed, so nothing can be reported.")
	}
	if err := b.calm(); err != nil {
		return nil, err
	}
	rec, err := Record(ctx, s.Tx, b)
	if err != nil {
		return nil, err
	}
	open, err := toOpen(ctx, s.Tx, b)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindReported, Subjects: []string{Subject(b.ID)}, Body: reportedBody{b.ID, b.Case, m.Person, rec.Public()}},
		desk.OpenBlocks(Subject(b.ID), open)}, nil
}

// toOpen lists the entries that the report opens: closing, decisions on
// doubtful ballots, lists of the sheets people settled, incidents. Readings stay sealed: the pattern of a long
// ballot can be a signature that its voter was told to leave.
func toOpen(ctx context.Context, tx *store.Tx, b *Row) ([]int64, error) {
	out, err := tx.Int64s(ctx, `SELECT entry FROM ballotbox_closing WHERE box = $1
		UNION SELECT entry FROM ballotbox_doubt WHERE box = $1
		UNION SELECT entry FROM ballotbox_listed WHERE box = $1
		UNION SELECT entry FROM ballotbox_step WHERE box = $1 ORDER BY 1`, b.ID)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: entries to open: %w", err)
	}
	return out, nil
}

// ClosingNote is what the head noted for the minutes when it closed the box: why
// it was closed although something did not match. "" when nothing was noted, or
// it was erased. As open as the figures: see Record.
func ClosingNote(ctx context.Context, tx *store.Tx, b *Row) (string, error) {
	if b.Closed < 0 {
		return "", nil
	}
	var text string
	if err := tx.QueryRow(ctx, `SELECT note FROM ballotbox_closing WHERE entry = $1`, b.Closed).Scan(&text); err != nil {
		return "", fmt.Errorf("ballotbox: closing note of %s: %w", b.ID, err)
	}
	return text, nil
}

// Record is the record of a closed box, names filled in. Before the report it
// is for the team, the chair and the case officer; callers see to that.
func Record(ctx context.Context, tx *store.Tx, b *Row) (*vote.Record, error) {
	if b.Closed < 0 {
		return nil, desk.Refuse("Hòm phiếu chưa chốt.", "The box is not closed.")
	}
	var text string
	if err := tx.QueryRow(ctx, `SELECT figures FROM ballotbox_closing WHERE entry = $1`, b.Closed).Scan(&text); err != nil {
		return nil, fmt.Errorf("ballotbox: figures of %s: %w", b.ID, err)
	}
	if text == "" {
		return nil, errErased
	}
	rec := &vote.Record{}
	if err := json.Unmarshal([]byte(text), rec); err != nil {
		return nil, fmt.Errorf("ballotbox: figures of %s: %w", b.ID, err)
	}
	for i := range rec.Candidates {
		rec.Candidates[i].Name = b.Names["candidate"][rec.Candidates[i].ID]
	}
	return rec, nil
}
