package ballotbox

import (
	"context"
	"errors"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// count is what every act of the counting room asks: a counting member of the
// very case.
func count(caseID string) desk.Need { return desk.Need{Right: desk.CountContest, Case: caseID} }

// room reads the box of an act and the team member who acts.
func room(ctx context.Context, s *desk.Scene, id, caseID string, head bool) (*Row, Member, error) {
	b, err := must(ctx, s.Tx, id)
	if err != nil {
		return nil, Member{}, err
	}
	if b.Case != caseID {
		return nil, Member{}, errNoBox
	}
	m, err := b.member(ctx, s, head)
	return b, m, err
}

// CountStock records one figure of the stock as the act of the person who
// counted. A figure counted anew needs its reason; both stay.
type CountStock struct {
	Box, Case string
	What      string
	Number    int64
	Note      string
}

// Name, Subject, Need and Decide make CountStock an act.
func (a CountStock) Name() string    { return "ballotbox.count-stock" }
func (a CountStock) Subject() string { return Subject(a.Box) + "/stock" }
func (a CountStock) Need() desk.Need { return count(a.Case) }
func (a CountStock) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, false)
	if err != nil {
		return nil, err
	}
	if err := b.live(); err != nil {
		return nil, err
	}
	if _, ok := StockWords[a.What]; !ok {
		return nil, desk.Wrong("what", "Hãy chọn loại số phiếu.", "Choose what was counted.")
	}
	if a.Number < 0 || a.Number > maxPile {
		return nil, desk.Wrong("number", "Số phiếu phải từ 0 đến 100.000.", "The number must be 0 to 100,000.")
	}
	if a.What == Collected && (b.Stage == StateOpen || b.Stage == StateSealed) {
		return nil, desk.Refuse("Mở hòm phiếu rồi mới đếm phiếu thu về.", "Ballots collected are counted once the paper box is open.")
	}
	have, err := stockNow(ctx, s.Tx, b.ID)
	if err != nil {
		return nil, err
	}
	if a.What == Collected && b.Stage == StateReading && b.Incident < 0 {
		return nil, desk.Refuse("Phiếu đã chia tập. Đếm lại số thu về phải lập biên bản sự cố trước.", "The piles are made. To count the collected anew, note an incident first.")
	}
	_, again := have[a.What]
	if vn.Longer(a.Note, maxReason) || again && strings.TrimSpace(a.Note) == "" {
		return nil, desk.Wrong("note", "Số này đã ghi; đếm lại phải ghi lý do (tối đa 2000 ký tự).", "This figure stands already; counting anew needs a reason (2000 characters at most).")
	}
	d := desk.Draft{Kind: KindStock, Subjects: []string{a.Subject(), Subject(a.Box)}, Body: stockBody{b.ID, a.What, a.Number, m.Person, again}}
	if n := strings.TrimSpace(a.Note); n != "" {
		d.Blocks = []desk.DraftBlock{{Name: BlockReason, Content: note{Text: n}}}
	}
	return []desk.Draft{d}, nil
}

// CountStocks records several figures of the stock at once, each as an entry of
// its own and the act of the person who counted.
type CountStocks struct {
	Box, Case string
	Counts    []StockCount
	Note      string // for figures counted anew
}

// StockCount is one figure: Printed, Issued, ….
type StockCount struct {
	What   string
	Number int64
}

// Name, Subject, Need and Decide make CountStocks an act.
func (a CountStocks) Name() string    { return "ballotbox.count-stocks" }
func (a CountStocks) Subject() string { return Subject(a.Box) + "/stock" }
func (a CountStocks) Need() desk.Need { return count(a.Case) }
func (a CountStocks) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if len(a.Counts) == 0 || len(a.Counts) > len(StockWords) {
		return nil, desk.Wrong("number", "Ghi ít nhất một số.", "Give at least one number.")
	}
	have, err := stockNow(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	var out []desk.Draft
	seen := map[string]bool{}
	for _, x := range a.Counts {
		one := CountStock{Box: a.Box, Case: a.Case, What: x.What, Number: x.Number}
		if _, again := have[x.What]; again {
			one.Note = a.Note
		}
		if seen[x.What] {
			return nil, desk.Wrong("what", "Một số phiếu ghi hai lần.", "A figure stands twice.")
		}
		seen[x.What] = true
		ds, err := one.Decide(ctx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	return out, nil
}

// CheckBox: the box was shown empty and sealed before the vote.
type CheckBox struct {
	Box, Case string
	Empty     bool
	Seal      string // number or mark of the seal
}

// Name, Subject, Need and Decide make CheckBox an act.
func (a CheckBox) Name() string    { return "ballotbox.check-box" }
func (a CheckBox) Subject() string { return Subject(a.Box) }
func (a CheckBox) Need() desk.Need { return count(a.Case) }
func (a CheckBox) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Stage != StateOpen:
		return nil, desk.Refuse("Hòm phiếu đã niêm phong.", "The box is sealed already.")
	case !a.Empty:
		return nil, desk.Wrong("empty", "Hòm phiếu phải trống trước khi niêm phong; hãy kiểm tra và đánh dấu.", "The box must be empty before it is sealed; check and mark it.")
	case strings.TrimSpace(a.Seal) == "" || vn.Longer(a.Seal, 100):
		return nil, desk.Wrong("seal", "Ghi số hoặc dấu niêm phong (tối đa 100 ký tự).", "Write the number or mark of the seal (100 characters at most).")
	}
	return []desk.Draft{{Kind: KindChecked, Subjects: []string{a.Subject()}, Body: checkedBody{b.ID, m.Person, true, strings.TrimSpace(a.Seal)}}}, nil
}

// Unseal opens the paper box: the stock must be recorded and hold together.
type Unseal struct {
	Box, Case string
	Intact    bool // the seal
	Note      string
}

// Name, Subject, Need and Decide make Unseal an act.
func (a Unseal) Name() string    { return "ballotbox.unseal" }
func (a Unseal) Subject() string { return Subject(a.Box) }
func (a Unseal) Need() desk.Need { return count(a.Case) }
func (a Unseal) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if b.Stage != StateSealed {
		return nil, desk.Refuse("Hòm phiếu chưa niêm phong, hoặc đã mở.", "The box is not sealed yet, or is open already.")
	}
	if err := b.calm(); err != nil {
		return nil, err
	}
	have, err := stockNow(ctx, s.Tx, b.ID)
	if err != nil {
		return nil, err
	}
	for _, w := range []string{Printed, Issued, Spoiled, Unused} {
		if _, ok := have[w]; !ok {
			return nil, desk.Refuse("Trước khi mở hòm phải ghi: "+StockWords[w].VI+".", "Before the box is opened record: "+StockWords[w].EN+".")
		}
	}
	if err := b.needNote(ctx, s, a.Note, !a.Intact); err != nil {
		return nil, err
	}
	return []desk.Draft{withNote(desk.Draft{Kind: KindUnsealed, Subjects: []string{a.Subject()}, Body: unsealedBody{b.ID, m.Person, a.Intact}}, a.Note)}, nil
}

// needNote refuses where an identity of the stock blocks; where one only
// warns, or the caller has a reason of its own, a note is demanded.
func (b *Row) needNote(ctx context.Context, s *desk.Scene, text string, also bool) error {
	fails, blocks, err := StockCheck(ctx, s.Tx, s.Rules, b)
	if err != nil {
		return err
	}
	if blocks {
		return desk.Refuse("Số phiếu mâu thuẫn, chưa đi tiếp được: đếm lại, hoặc lập biên bản sự cố để chủ tọa quyết định.",
			"The stock contradicts itself: count anew, or note an incident for the chair to decide.", fails...)
	}
	if (len(fails) > 0 || also) && strings.TrimSpace(text) == "" || vn.Longer(text, maxReason) {
		e := desk.Wrong("note", "Phải ghi rõ sự việc vào biên bản (tối đa 2000 ký tự).", "What happened must be noted for the minutes (2000 characters at most).")
		e.Verdicts = fails
		return e
	}
	return nil
}

func withNote(d desk.Draft, text string) desk.Draft {
	if t := strings.TrimSpace(text); t != "" {
		d.Blocks = append(d.Blocks, desk.DraftBlock{Name: BlockReason, Content: note{Text: t}})
	}
	return d
}

// StockCheck holds the stock recorded so far against the identities of the
// rules: those that fail, and whether one of them blocks.
func StockCheck(ctx context.Context, tx *store.Tx, lib *rule.Library, b *Row) ([]rule.Verdict, bool, error) {
	have, err := stockNow(ctx, tx, b.ID)
	if err != nil {
		return nil, false, err
	}
	book, err := b.book(lib)
	if err != nil {
		return nil, false, err
	}
	rec := *b.Sheet
	fillStock(&rec, have)
	fails, blocks, err := vote.Identities(book, &rec)
	return fails, blocks, asWrong(err)
}

func fillStock(rec *vote.Record, have map[string]int64) {
	voters := vote.Voters{}
	if rec.Voters != nil {
		voters = *rec.Voters
	}
	for what, at := range map[string]**int64{Printed: &rec.Ballots.Printed, Issued: &rec.Ballots.Issued, Spoiled: &rec.Ballots.Spoiled,
		Unused: &rec.Ballots.Unused, Collected: &rec.Ballots.Collected, Listed: &voters.Listed, Voted: &voters.Voted} {
		if n, ok := have[what]; ok {
			*at = &n
		}
	}
	if voters.Listed != nil || voters.Voted != nil {
		rec.Voters = &voters
	}
}

// asWrong makes bad input of the counting rules bad input of the form.
func asWrong(err error) error {
	var in *vote.InputError
	if errors.As(err, &in) {
		field := in.Field
		if field == "" {
			field = "sheet"
		}
		return desk.Wrong(field, in.Says.VI, in.Says.EN)
	}
	return err
}

// MakePiles lays the collected ballots in piles.
type MakePiles struct {
	Box, Case string
	Note      string // what happened, where an identity warns
}

// Name, Subject, Need and Decide make MakePiles an act.
func (a MakePiles) Name() string    { return "ballotbox.make-piles" }
func (a MakePiles) Subject() string { return Subject(a.Box) }
func (a MakePiles) Need() desk.Need { return count(a.Case) }
func (a MakePiles) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, _, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if err := b.calm(); err != nil {
		return nil, err
	}
	if b.Stage != StateUnsealed {
		return nil, desk.Refuse("Mở hòm phiếu rồi mới chia tập; mỗi hòm chỉ chia tập một lần.", "Piles are made once, after the box is opened.")
	}
	have, err := stockNow(ctx, s.Tx, b.ID)
	if err != nil {
		return nil, err
	}
	n, ok := have[Collected]
	if !ok || n == 0 {
		return nil, desk.Refuse("Chưa ghi số phiếu thu về, hoặc không thu được phiếu nào.", "The ballots collected are not recorded, or none was collected.")
	}
	if err := b.needNote(ctx, s, a.Note, false); err != nil {
		return nil, err
	}
	return []desk.Draft{withNote(desk.Draft{Kind: KindPiles, Subjects: []string{a.Subject()}, Body: pilesBody{b.ID, b.sizes(int(n))}}, a.Note)}, nil
}

// sizes cuts n ballots into piles; totals counted by hand are one pile.
func (b *Row) sizes(n int) []int {
	if b.Mode == TotalsTwice {
		return []int{n}
	}
	var out []int
	for ; n > 0; n -= b.PileSize {
		out = append(out, min(n, b.PileSize))
	}
	return out
}
