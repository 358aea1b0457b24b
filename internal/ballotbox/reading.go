package ballotbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// PileSubject is the subject of one station's reading of a pile: stations of
// one box do not make each other's forms stale.
func PileSubject(box string, pile, station int) string {
	return fmt.Sprintf("%s/pile/%d/%d", Subject(box), pile, station)
}

// HandIn hands a station's reading of a pile in: from then on it is recorded,
// sealed, and the ballot-by-ballot draft is gone.
type HandIn struct {
	Box, Case string
	Pile      int
	Station   int
	Attempt   int
	Ballots   int  // how many the station sees on its screen
	Odd       bool // the pile truly holds another number than it should
}

// Name, Subject, Need and Decide make HandIn an act.
func (a HandIn) Name() string    { return "ballotbox.hand-in" }
func (a HandIn) Subject() string { return PileSubject(a.Box, a.Pile, a.Station) }
func (a HandIn) Need() desk.Need { return count(a.Case) }
func (a HandIn) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, false)
	if err != nil {
		return nil, err
	}
	p, err := b.desk(ctx, s.Tx, a.Pile, a.Station, a.Attempt, m)
	if err != nil {
		return nil, err
	}
	if b.Mode == TotalsTwice {
		return nil, errMode
	}
	drafts, err := draftOf(ctx, s.Tx, key{b.ID, a.Pile, a.Attempt, a.Station})
	if err != nil {
		return nil, err
	}
	if owner, err := holder(ctx, s.Tx, key{b.ID, a.Pile, a.Attempt, a.Station}); err != nil {
		return nil, err
	} else if owner != s.Actor {
		return nil, errOther
	}
	switch {
	case len(drafts) != a.Ballots:
		return nil, desk.Refuse(fmt.Sprintf("Trạm đã nhập %d phiếu, biểu mẫu ghi %d: hãy mở lại trang.", len(drafts), a.Ballots), fmt.Sprintf("%d ballots were keyed, the form says %d: open the page again.", len(drafts), a.Ballots))
	case len(drafts) != p.Size && !a.Odd:
		return nil, desk.Wrong("odd", fmt.Sprintf("Tập này phải có %d phiếu, đã nhập %d. Đếm lại tập; nếu đúng là %d thì đánh dấu xác nhận.", p.Size, len(drafts), len(drafts)),
			fmt.Sprintf("The pile should hold %d ballots, %d were keyed. Count the pile again; if it truly holds %d, mark so.", p.Size, len(drafts), len(drafts)))
	}
	patterns := make([]string, len(drafts))
	for i, d := range drafts {
		patterns[i] = d.Pattern
	}
	return b.reading(ctx, s, p, readingBody{b.ID, a.Pile, a.Station, a.Attempt, "keyed", "", m.Person, int64(len(patterns))}, Content{Patterns: multiset(patterns)})
}

var (
	errMode  = desk.Refuse("Hòm phiếu này kiểm theo cách khác.", "This box is counted in another way.")
	errOther = desk.Deny("Trạm này do người khác đang nhập. Mỗi người nhập một trạm, không xem trạm khác.", "Another person keys at this station. Each keys at one station and sees no other.")
)

// desk says whether a member may read a pile at a station just now.
func (b *Row) desk(ctx context.Context, tx *store.Tx, pile, station, attempt int, m Member) (*Pile, error) {
	if err := b.live(); err != nil {
		return nil, err
	}
	if err := b.calm(); err != nil {
		return nil, err
	}
	if b.Stage != StateReading {
		return nil, desk.Refuse("Phiếu chưa chia tập.", "The piles are not made yet.")
	}
	if station < 1 || station > b.Stations {
		return nil, desk.Missing("Không có trạm này.", "There is no such station.")
	}
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	if pile < 1 || pile > len(piles) {
		return nil, desk.Missing("Không có tập phiếu này.", "There is no such pile.")
	}
	p := &piles[pile-1]
	switch {
	case p.Agreed >= 0:
		return nil, desk.Refuse("Tập này các lượt nhập đã khớp, không nhập nữa.", "The readings of this pile agree; nothing more is keyed.")
	case attempt != p.Attempt:
		return nil, desk.Refuse(fmt.Sprintf("Biểu mẫu cũ: tập này đang ở lần đọc %d. Hãy mở lại trang.", p.Attempt), fmt.Sprintf("An old form: this pile is at reading %d. Open the page again.", p.Attempt))
	}
	if attempt > 1 && m.Person == b.Team.Head && !b.headReads() {
		return nil, desk.Refuse("Trưởng ban xem được điểm lệch của tập này nên không nhập lại tập này; để thành viên khác nhập.", "The head can see where this pile differs and so does not read it again; another member does.")
	}
	for st, r := range p.HandedIn {
		if st == station {
			return nil, desk.Refuse("Trạm này đã nộp tập phiếu.", "This station has handed the pile in.")
		}
		if r.Person == m.Person {
			return nil, desk.Refuse("Mỗi lượt nhập của một tập phải do một người khác nhau.", "Each reading of a pile must be by a different person.")
		}
	}
	return p, nil
}

// headReads says that the team is so small that its head must key too; he then
// sees no difference of a pile before it is settled.
func (b *Row) headReads() bool { return len(b.Team.Members)-1 < b.Stations }

// reading drafts a reading and, when it is the last of its pile, what the
// comparison says.
func (b *Row) reading(ctx context.Context, s *desk.Scene, p *Pile, body readingBody, c Content) ([]desk.Draft, error) {
	out := []desk.Draft{{Kind: KindReading, Subjects: []string{PileSubject(b.ID, body.Pile, body.Station), Subject(b.ID)}, Body: body,
		Blocks: []desk.DraftBlock{{Name: BlockReading, Content: c}}}}
	if len(p.HandedIn)+1 < b.Stations {
		return out, nil
	}
	others, err := readings(ctx, s.Tx, b.ID, body.Pile, body.Attempt)
	if err != nil {
		return nil, err
	}
	agreed := true
	for _, o := range others {
		agreed = agreed && sameContent(c, o)
	}
	return append(out, desk.Draft{Kind: KindCompared, Subjects: []string{Subject(b.ID)}, Body: comparedBody{b.ID, body.Pile, body.Attempt, agreed}}), nil
}

// KeyTotals hands in totals counted by hand; a second person types them anew.
type KeyTotals struct {
	Box, Case string
	Station   int
	Attempt   int
	Totals    Totals
}

// Name, Subject, Need and Decide make KeyTotals an act.
func (a KeyTotals) Name() string    { return "ballotbox.key-totals" }
func (a KeyTotals) Subject() string { return PileSubject(a.Box, 1, a.Station) }
func (a KeyTotals) Need() desk.Need { return count(a.Case) }
func (a KeyTotals) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, false)
	if err != nil {
		return nil, err
	}
	if b.Mode != TotalsTwice {
		return nil, errMode
	}
	p, err := b.desk(ctx, s.Tx, 1, a.Station, a.Attempt, m)
	if err != nil {
		return nil, err
	}
	if err := b.checkTotals(a.Totals); err != nil {
		return nil, err
	}
	return b.reading(ctx, s, p, readingBody{b.ID, 1, a.Station, a.Attempt, "totals", "", m.Person, a.Totals.Valid + a.Totals.Invalid}, Content{Totals: &a.Totals})
}

func (b *Row) checkTotals(t Totals) error {
	for _, c := range b.Sheet.Candidates {
		if _, ok := t.Votes[c.ID]; !ok {
			return desk.Wrong("votes."+c.ID, "Thiếu số phiếu của một người.", "The votes of one person are missing.")
		}
	}
	rec := *b.Sheet
	t.into(&rec)
	return asWrong(rec.Validate())
}

// into puts totals into a record.
func (t Totals) into(rec *vote.Record) {
	valid, invalid := t.Valid, t.Invalid
	rec.Ballots.Valid, rec.Ballots.Invalid = &valid, &invalid
	rec.Ballots.InvalidBy, rec.Ballots.ByChosen = t.InvalidBy, t.ByChosen
	rec.Votes, rec.Disagree, rec.Middle, rec.Unmarked = t.Votes, t.Disagree, t.Middle, t.Unmarked
}

// EnterOther enters the result of another counting program or of a scan, to
// be held against this count (đối chiếu).
type EnterOther struct {
	Box, Case string
	Source    string // name of the program
	Totals    Totals
}

// Name, Subject, Need and Decide make EnterOther an act.
func (a EnterOther) Name() string    { return "ballotbox.enter-other" }
func (a EnterOther) Subject() string { return PileSubject(a.Box, 0, OtherStation) }
func (a EnterOther) Need() desk.Need { return count(a.Case) }
func (a EnterOther) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, false)
	if err != nil {
		return nil, err
	}
	if err := b.live(); err != nil {
		return nil, err
	}
	switch {
	case b.Mode != CompareWith:
		return nil, errMode
	case b.Stage != StateReading:
		return nil, desk.Refuse("Phiếu chưa chia tập.", "The piles are not made yet.")
	case strings.TrimSpace(a.Source) == "" || vn.Longer(a.Source, 100):
		return nil, desk.Wrong("source", "Ghi tên phần mềm kia (tối đa 100 ký tự).", "Name the other program (100 characters at most).")
	}
	if err := b.checkTotals(a.Totals); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindReading, Subjects: []string{a.Subject(), Subject(b.ID)},
		Body:   readingBody{b.ID, 0, OtherStation, 1, "other", strings.TrimSpace(a.Source), m.Person, a.Totals.Valid + a.Totals.Invalid},
		Blocks: []desk.DraftBlock{{Name: BlockReading, Content: Content{Totals: &a.Totals}}}}}, nil
}

// Difference is a pattern on which the stations of a pile differ: how many
// ballots bear it by station.
type Difference struct {
	Pattern string
	Field   string // of totals, instead of a pattern
	Counts  []int64
}

// Compared lists what the readings of a pile and attempt differ on. It is for
// the head alone, and empty until every station has handed in; a head who keys
// himself sees it once the pile is settled.
func Compared(ctx context.Context, tx *store.Tx, b *Row, pile, attempt int) ([]Difference, error) {
	if b.headReads() {
		piles, err := Piles(ctx, tx, b.ID)
		if err != nil || pile < 1 || pile > len(piles) || piles[pile-1].Agreed < 0 {
			return nil, err
		}
	}
	rs, err := readings(ctx, tx, b.ID, pile, attempt)
	if err != nil || len(rs) < b.Stations {
		return nil, err
	}
	counts := map[string][]int64{}
	var order []string
	put := func(key string, station int, n int64) {
		if counts[key] == nil {
			counts[key] = make([]int64, b.Stations)
			order = append(order, key)
		}
		counts[key][station-1] = n
	}
	for st := 1; st <= b.Stations; st++ {
		c, ok := rs[st]
		if !ok {
			return nil, nil
		}
		if c.Totals != nil {
			for _, d := range DiffTotals(*c.Totals, Totals{}) {
				put(d.Field, st, d.A)
			}
			continue
		}
		for _, x := range bare(c.Patterns) {
			put(x.Pattern, st, x.N)
		}
	}
	slices.Sort(order)
	var out []Difference
	for _, k := range order {
		if n := counts[k]; slices.Min(n) != slices.Max(n) {
			d := Difference{Pattern: k, Counts: n}
			if b.Mode == TotalsTwice {
				d.Pattern, d.Field = "", k
			}
			out = append(out, d)
		}
	}
	return out, nil
}
