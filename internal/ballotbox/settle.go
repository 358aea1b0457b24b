package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// StateOf is how far a box is, and what its closing still waits for: piles
// whose readings do not agree yet, doubtful ballots not decided. For everybody
// who may know of the box: it says no figure.
func StateOf(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (State, error) {
	if b.Stage != StateReading {
		return b.Stage, nil
	}
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return "", err
	}
	for _, p := range piles {
		if p.Agreed < 0 {
			return StateReading, nil
		}
	}
	if b.Mode == TotalsTwice {
		return StateReady, nil
	}
	ds, err := Doubts(ctx, tx, lib, b)
	if err != nil {
		return "", err
	}
	for _, d := range ds {
		if d.Decision == nil {
			return StateDoubts, nil
		}
	}
	return StateReady, nil
}

// Tally adds up what the agreed readings and the board's decisions say. It is
// for the team, the chair and the case officer.
func Tally(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (*vote.Record, error) {
	have, err := stockNow(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	rec := *b.Sheet
	if b.Round > 0 {
		rec.Round = b.Round
	}
	fillStock(&rec, have)
	if b.Mode == TotalsTwice {
		piles, err := Piles(ctx, tx, b.ID)
		if err != nil {
			return nil, err
		}
		rs, err := readings(ctx, tx, b.ID, 1, piles[0].Attempt)
		if err != nil {
			return nil, err
		}
		if t := rs[1].Totals; t != nil {
			t.into(&rec)
		}
		return &rec, nil
	}
	plain, doubts, err := agreed(ctx, tx, lib, b)
	if err != nil {
		return nil, err
	}
	t := newTally(b)
	for _, c := range plain {
		t.add(c.Pattern, c.N)
	}
	for _, d := range doubts {
		switch {
		case d.Decision == nil:
			return nil, errDoubts
		case d.Decision.Valid:
			t.add(d.Decision.Pattern, 1)
		default:
			t.Invalid++
			t.InvalidBy[d.Decision.Cause]++
		}
	}
	t.Totals.into(&rec)
	return &rec, nil
}

var errDoubts = desk.Refuse("Còn phiếu nghi vấn chưa quyết định.", "Doubtful ballots are not decided yet.")

// tally adds ballots up into totals.
type tally struct {
	Totals
	box *Row
}

func newTally(b *Row) *tally {
	t := &tally{box: b, Totals: Totals{Votes: map[string]int64{}, InvalidBy: map[string]int64{}}}
	switch b.Sheet.Form {
	case "agree":
		t.Disagree, t.Unmarked = map[string]int64{}, map[string]int64{}
	case "confidence3":
		t.Disagree, t.Middle, t.Unmarked = map[string]int64{}, map[string]int64{}, map[string]int64{}
	default:
		t.ByChosen = map[string]int64{}
	}
	for _, c := range b.Sheet.Candidates {
		for _, m := range []map[string]int64{t.Votes, t.Disagree, t.Middle, t.Unmarked} {
			if m != nil {
				m[c.ID] = 0
			}
		}
	}
	return t
}

func (t *tally) add(pattern string, n int64) {
	t.Valid += n
	chosen := 0
	for i, l := range []byte(pattern) {
		id := t.box.Sheet.Candidates[i].ID
		switch {
		case l == 'a':
			t.Votes[id] += n
			chosen++
		case l == 'd' && t.Disagree != nil:
			t.Disagree[id] += n
		case l == 'm' && t.Middle != nil:
			t.Middle[id] += n
		case (l == 'n' || l == 'b') && t.Unmarked != nil:
			t.Unmarked[id] += n
		}
	}
	if t.ByChosen != nil {
		t.ByChosen[strconv.Itoa(chosen)] += n
	}
}

// Other is the result of another program held against this count.
type Other struct {
	Source string
	Person string
	Entry  int64
	Diffs  []TotalDiff
}

// Others compares the results of other programs with the count. For the team,
// the chair and the case officer, once every ballot is read.
func Others(ctx context.Context, tx *store.Tx, b *Row, rec *vote.Record) ([]Other, error) {
	rs, err := Readers(ctx, tx, b.ID)
	if err != nil || len(rs[0]) == 0 {
		return nil, err
	}
	ours := Totals{Votes: rec.Votes, Disagree: rec.Disagree, Middle: rec.Middle, Unmarked: rec.Unmarked}
	if rec.Ballots.Valid != nil && rec.Ballots.Invalid != nil {
		ours.Valid, ours.Invalid = *rec.Ballots.Valid, *rec.Ballots.Invalid
	}
	var out []Other
	for _, r := range rs[0] {
		var text string
		if err := tx.QueryRow(ctx, `SELECT content FROM ballotbox_reading WHERE entry = $1`, r.Entry).Scan(&text); err != nil {
			return nil, fmt.Errorf("ballotbox: other result: %w", err)
		}
		if text == "" {
			continue
		}
		var c Content
		if err := json.Unmarshal([]byte(text), &c); err != nil || c.Totals == nil {
			return nil, fmt.Errorf("ballotbox: other result of entry %d: %w", r.Entry, err)
		}
		t := *c.Totals // another program need not tell causes and kinds of ballots
		t.InvalidBy, t.ByChosen = nil, nil
		out = append(out, Other{r.Source, r.Person, r.Entry, DiffTotals(ours, t)})
	}
	return out, nil
}

// Check says what closing the box would meet: the record, the findings of the
// identities, and whether they block. For the team, chair and case officer.
type Check struct {
	Record  *vote.Record
	Result  *vote.Result
	Blocked bool
	Warns   []vote.Finding // contradictions that only warn: a note is needed
	Others  []Other
	Scans   []ScanPile // scans held against the typed readings
}

// CheckOf works out the figures and holds them against the rules.
func CheckOf(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) (*Check, error) {
	rec, err := Tally(ctx, tx, lib, b)
	if err != nil {
		return nil, err
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		return nil, asWrong(err)
	}
	c := &Check{Record: rec, Result: res, Blocked: res.Status == vote.Refused}
	for _, f := range res.Findings {
		if f.Kind == "contradiction" && f.Severity == "warning" {
			c.Warns = append(c.Warns, f)
		}
	}
	if c.Others, err = Others(ctx, tx, b, rec); err != nil {
		return nil, err
	}
	c.Scans, err = ScanCompared(ctx, tx, b)
	return c, err
}

// differs says whether another program or a scan found other figures.
func (c *Check) differs() bool {
	return slices.ContainsFunc(c.Others, func(o Other) bool { return len(o.Diffs) > 0 }) || slices.ContainsFunc(c.Scans, func(s ScanPile) bool { return s.Settled && !s.Same })
}

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
	if (len(c.Warns) > 0 || c.differs()) && strings.TrimSpace(a.Note) == "" || len(a.Note) > maxReason {
		return nil, desk.Wrong("note", "Có điểm chưa khớp: phải ghi rõ vào biên bản (tối đa 2000 ký tự).", "Something does not match: it must be noted for the minutes (2000 characters at most).")
	}
	d := desk.Draft{Kind: KindClosed, Subjects: []string{a.Subject()}, Body: closedBody{b.ID, m.Person},
		Blocks: []desk.DraftBlock{{Name: BlockFigures, Content: c.Record.Public()}}}
	if t := strings.TrimSpace(a.Note); t != "" {
		d.Blocks = append(d.Blocks, desk.DraftBlock{Name: BlockIncident, Content: note{Text: t}})
	}
	return []desk.Draft{d}, nil
}

// Incident notes what went wrong, in words: minutes of the incident. The chair
// decides on them.
type Incident struct {
	Box, Case string
	Text      string
}

// Name, Subject, Need and Decide make Incident an act.
func (a Incident) Name() string    { return "ballotbox.note-incident" }
func (a Incident) Subject() string { return Subject(a.Box) }
func (a Incident) Need() desk.Need { return count(a.Case) }
func (a Incident) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if b.Stage == StateReported || b.Stage == StateAnnulled {
		return nil, b.live()
	}
	if err := firstOf(b.calm(), needReason(a.Text)); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindIncident, Subjects: []string{a.Subject()}, Body: stepBody{Box: b.ID, Person: m.Person},
		Blocks: []desk.DraftBlock{{Name: BlockIncident, Content: note{Text: strings.TrimSpace(a.Text)}}}}}, nil
}

// What the chair may decide on an incident.
const (
	Recount = "recount" // every pile is read again from the start
	Annul   = "annul"   // the vote does not count and is held again
	GoOn    = "go-on"   // noted in the minutes; the count goes on as it is
)

// Resolve is what the presidium or chair decided on an incident.
type Resolve struct {
	Box, Case string
	Choice    string // Recount, Annul or GoOn
	By        string // the body that decided, in words
	Reason    string
}

// Name, Subject, Need and Decide make Resolve an act.
func (a Resolve) Name() string    { return "ballotbox.resolve-incident" }
func (a Resolve) Subject() string { return Subject(a.Box) }
func (a Resolve) Need() desk.Need { return desk.Need{Right: desk.PresideCount, Case: a.Case} }
func (a Resolve) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := must(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	if b.Case != a.Case {
		return nil, errNoBox
	}
	if _, onTeam, err := MemberOf(ctx, s.Tx, b.Team, s.Actor); err != nil {
		return nil, err
	} else if onTeam {
		return nil, desk.Deny("Thành viên ban kiểm phiếu không tự quyết định về sự cố của mình.", "The counting team does not decide on its own incident.")
	}
	p, err := personOf(ctx, s.Tx, s.Actor)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Incident < 0:
		return nil, desk.Refuse("Không có biên bản sự cố nào chờ quyết định.", "No incident minutes wait for a decision.")
	case a.Choice != Recount && a.Choice != Annul && a.Choice != GoOn:
		return nil, desk.Wrong("choice", "Hãy chọn: kiểm lại, hủy và bỏ phiếu lại, hoặc ghi nhận và tiếp tục.", "Choose: recount, annul and vote again, or note and go on.")
	case strings.TrimSpace(a.By) == "" || len(a.By) > 200:
		return nil, desk.Wrong("by", "Ghi nơi quyết định (đoàn chủ tịch, chủ tọa, đại hội…).", "Name the body that decided (presidium, chair, congress…).")
	}
	if err := needReason(a.Reason); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindResolved, Subjects: []string{a.Subject()}, Body: stepBody{Box: b.ID, Person: p, Choice: a.Choice, Of: b.Incident},
		Blocks: []desk.DraftBlock{{Name: BlockIncident, Content: note{Text: strings.TrimSpace(a.Reason), By: strings.TrimSpace(a.By)}}}}}, nil
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
// doubtful ballots, incidents. Readings stay sealed: the pattern of a long
// ballot can be a signature that its voter was told to leave.
func toOpen(ctx context.Context, tx *store.Tx, b *Row) ([]int64, error) {
	rows, err := tx.Query(ctx, `SELECT entry FROM ballotbox_closing WHERE box = $1
		UNION SELECT entry FROM ballotbox_doubt WHERE box = $1
		UNION SELECT entry FROM ballotbox_step WHERE box = $1 ORDER BY 1`, b.ID)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: entries to open: %w", err)
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var i int64
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
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
	b, err := must(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Org != a.Org:
		return nil, errNoBox
	case b.Stage != StateReported && b.Stage != StateAnnulled:
		return nil, desk.Refuse("Chỉ mở niêm phong các lượt nhập sau khi trưởng ban đã báo cáo.", "Readings are opened only after the head has reported.")
	case strings.TrimSpace(a.Decision) == "" || len(a.Decision) > 200:
		return nil, desk.Wrong("decision", "Ghi số, ngày của quyết định.", "Give number and date of the decision.")
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
		Blocks: []desk.DraftBlock{{Name: BlockReason, Content: note{Text: strings.TrimSpace(a.Decision)}}}},
		desk.OpenBlocks(a.Subject(), entries)}, nil
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
