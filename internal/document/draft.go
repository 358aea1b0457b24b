package document

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"minhbach/internal/election"
	"minhbach/internal/figure"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Draft makes the model from a contest as the ledger has it. made is the civil
// day; point and key say which checkpoint stands on the paper.
func Draft(d *election.Detail, ev *election.Event, lib *rule.Library, set Setting, made vn.Date, point ledger.Checkpoint, key string) (*Model, error) {
	res, err := d.WithWords(lib)
	if err != nil {
		return nil, err
	}
	b := &drafter{d: d}
	m := &Model{V: 1, Family: "party", Contest: d.ID, Sample: d.Sample, Event: ev.Title, Title: d.Title, Upper: set.Upper, Area: d.Area,
		Held: d.Record.Date, Made: made, Place: set.Place, Started: set.Started, Ended: set.Ended, Round: d.Record.Round,
		Of: res.Denominator.Of, Elected: res.Elected, Status: string(res.Status), Next: res.Next, Notes: set.Notes, Complaints: set.Complaints,
		Board: set.Board, Witnesses: set.Witnesses, Recorded: d.Version, Counted: d.Counted, Seal: set.Seal,
		Size: point.Size, Code: point.PaperCode(), Key: key}
	if m.Seal == "" {
		m.Seal = SealFooter
	}
	m.Body = cmp.Or(set.Body, d.Place)
	if strings.HasPrefix(d.Rules, "state-election/") {
		m.Family = "state"
		m.Body = stateBoard(d)
		m.Figures = b.state()
	} else {
		m.Figures = b.party(res)
		m.Deductions = b.deductions()
	}
	m.Candidates, m.Order = b.candidates()
	for _, v := range res.Reasons {
		m.Verdicts = append(m.Verdicts, VerdictLine{v.Holds, b.named(v), v.Document, v.Date, v.Article, v.Evidence})
	}
	for _, f := range res.Findings {
		m.Findings = append(m.Findings, f.Says)
	}
	m.Basis = basis(lib, res.Pins)
	pinned, err := lib.Pinned(res.Pins)
	if err != nil {
		return nil, err
	}
	book, err := pinned.For(d.Record.Rules, d.Record.Date)
	if err != nil {
		return nil, err
	}
	m.Poll = vote.OutcomeOf(book) == vote.GoesOn || res.Status == vote.Counted
	return m, nil
}

// stateBoard is the board that makes the minutes of a constituency.
func stateBoard(d *election.Detail) string {
	s := "Ban bầu cử"
	if d.Unit > 0 {
		s += fmt.Sprintf(" đơn vị bầu cử số %d", d.Unit)
	}
	return s + ", " + d.Place
}

// basis lists the documents of the editions used, laws and regulations once.
func basis(lib *rule.Library, pins []rule.Pin) []Basis {
	var out []Basis
	seen := map[string]bool{}
	for _, p := range pins {
		key := p.Document + p.Date.String()
		if seen[key] {
			continue
		}
		seen[key] = true
		b, own := Basis{Number: p.Document, Date: p.Date}, false
		for _, e := range lib.Editions() {
			if e.Document.Number == p.Document && e.Document.Date == p.Date {
				b.Title = e.Document.Title
				own = own || e.Document.Kind == "convention"
			}
		}
		if own {
			continue // a way of counting of the program's own is no ground in law
		}
		out = append(out, b)
	}
	return out
}

// drafter numbers the figures as they come.
type drafter struct {
	d *election.Detail
	n int
}

func (b *drafter) cite(vi, en, field string, v int64) Figure {
	b.n++
	return Figure{Label: rule.Words{VI: vi, EN: en}, N: b.n, Value: v, Entry: b.d.Version, Field: field}
}

// opt adds a figure when it was recorded.
func (b *drafter) opt(out []Figure, vi, en, field string, v *int64) []Figure {
	if v == nil {
		return out
	}
	return append(out, b.cite(vi, en, field, *v))
}

// state are the figures of the minutes of a constituency, in the order of the
// form of the election board.
func (b *drafter) state() []Figure {
	r := b.d.Record
	out := []Figure{
		b.cite("Số đại biểu được bầu", "Deputies to be elected", "record.seats", *r.Seats),
		b.cite("Số người ứng cử", "Candidates", "candidates", int64(len(r.Candidates))),
	}
	if v := r.Voters; v != nil {
		out = b.opt(out, "Tổng số cử tri của đơn vị bầu cử", "Voters on the list of the constituency", "record.voters.listed", v.Listed)
		out = b.opt(out, "Số cử tri đã tham gia bỏ phiếu", "Voters who voted", "record.voters.voted", v.Voted)
		if v.Listed != nil && v.Voted != nil {
			share(&out[len(out)-1], *v.Listed, "so với tổng số cử tri", "of the voters listed")
		}
	}
	return b.ballots(out)
}

func (b *drafter) ballots(out []Figure) []Figure {
	p := &b.d.Record.Ballots
	out = b.opt(out, "Số phiếu phát ra", "Ballots issued", "record.ballots.issued", p.Issued)
	out = b.opt(out, "Số phiếu thu về", "Ballots collected", "record.ballots.collected", p.Collected)
	out = b.opt(out, "Số phiếu hợp lệ", "Valid ballots", "record.ballots.valid", p.Valid)
	if p.Valid != nil && p.Collected != nil {
		share(&out[len(out)-1], *p.Collected, "so với số phiếu thu về", "of the ballots collected")
	}
	out = b.opt(out, "Số phiếu không hợp lệ", "Invalid ballots", "record.ballots.invalid", p.Invalid)
	if p.Invalid != nil && p.Collected != nil {
		share(&out[len(out)-1], *p.Collected, "so với số phiếu thu về", "of the ballots collected")
	}
	causes := make([]string, 0, len(p.InvalidBy))
	for c := range p.InvalidBy {
		causes = append(causes, c)
	}
	sort.Strings(causes)
	for _, c := range causes {
		w := CauseWords(c)
		f := b.cite(w.VI, w.EN, "record.ballots.invalid_by."+c, p.InvalidBy[c])
		f.Indent = true
		out = append(out, f)
	}
	return out
}

// party are the figures of counting minutes in the Party.
func (b *drafter) party(res *vote.Result) []Figure {
	r := b.d.Record
	seats := rule.Words{VI: "Số lượng được bầu", EN: "Number to be elected"}
	if res.Status == vote.Counted {
		seats = rule.Words{VI: "Số người mỗi phiếu được chọn", EN: "Number each slip may choose"}
	}
	out := []Figure{
		b.cite(seats.VI, seats.EN, "record.seats", *r.Seats),
		b.cite("Số người trong danh sách bầu cử", "Names on the election list", "candidates", int64(len(r.Candidates))),
	}
	if base := r.Base; base != nil {
		out = b.opt(out, "Số người được triệu tập", "Summoned", "record.base.summoned", base.Summoned)
		at := b.n
		out = b.opt(out, "Số người có mặt khi bầu", "Present at voting", "record.base.present", base.Present)
		if base.Summoned != nil && base.Present != nil {
			out = append(out, Figure{Label: rule.Words{VI: "Số người vắng mặt khi bầu", EN: "Absent at voting"}, Value: *base.Summoned - *base.Present,
				Reckon: fmt.Sprintf("(%d) − (%d)", at, b.n)})
		}
		out = b.opt(out, "Số thành viên đương nhiệm", "Incumbent members", "record.base.incumbents", base.Incumbents)
	}
	out = b.ballots(out)
	if n := res.Denominator.Count; n != nil {
		b.n++
		label := rule.Words{VI: "Mẫu số để tính kết quả", EN: "Base of the result"}
		if res.Status == vote.Counted {
			label = rule.Words{VI: "Số người để tính tỷ lệ phần trăm", EN: "Number that percents are of"}
		}
		out = append(out, Figure{Label: label, N: b.n, Value: *n, Entry: b.d.Counted, Field: "result.denominator.count"})
	}
	return out
}

func (b *drafter) deductions() []Deduction {
	if b.d.Record.Base == nil {
		return nil
	}
	var out []Deduction
	for i, x := range b.d.Record.Base.Deductions {
		w := ReasonWords(x.Reason)
		out = append(out, Deduction{Reason: x.Reason, Says: w.VI, Who: x.Persons,
			Figure: b.cite(w.VI, w.EN, fmt.Sprintf("record.base.deductions[%d].count", i), x.Count)})
	}
	return out
}

// candidates are the rows in ballot order where the record tells it of
// everybody, else by votes.
func (b *drafter) candidates() ([]Candidate, RowOrder) {
	lines := append([]election.Line(nil), b.d.Lines...)
	order := OrderBallot
	for _, l := range lines {
		if l.Place <= 0 {
			order = OrderVotes
		}
	}
	sort.SliceStable(lines, func(i, j int) bool {
		if order == OrderVotes {
			return lines[i].Votes > lines[j].Votes
		}
		return lines[i].Place < lines[j].Place
	})
	var out []Candidate
	for i, l := range lines {
		f := b.cite("Số phiếu bầu", "Votes", "record.votes."+l.Candidate, l.Votes)
		c := Candidate{ID: l.Candidate, Place: i + 1, Title: l.Title, Name: b.called(l, "vi"), Votes: f, Share: l.Share, Outcome: l.Outcome}
		if v, ok := b.d.Record.Disagree[l.Candidate]; ok {
			f := b.cite("Không đồng ý", "Against", "record.disagree."+l.Candidate, v)
			c.Against = &f
		}
		if v, ok := b.d.Record.Middle[l.Candidate]; ok {
			f := b.cite("Tín nhiệm", "Confidence", "record.middle."+l.Candidate, v)
			c.Middle = &f
		}
		out = append(out, c)
	}
	return out, order
}

// called is the name of a candidate, with the birth where two are called alike,
// as the ballot told them apart.
func (b *drafter) called(l election.Line, lang string) string {
	for _, o := range b.d.Lines {
		if o.Candidate == l.Candidate || l.Erased || l.Born == "" || vn.NameKey(o.Name) != vn.NameKey(l.Name) {
			continue
		}
		born := l.Born
		if p, err := vn.ParsePartial(born); err == nil {
			born = p.Vietnamese()
		}
		return l.Name + " (" + born + ")"
	}
	return l.Show(lang)
}

// named puts the candidate's name before a sentence that speaks of one.
func (b *drafter) named(v rule.Verdict) rule.Words {
	w := v.Says
	if v.Subject == "" {
		return w
	}
	for _, l := range b.d.Lines {
		if l.Candidate == v.Subject {
			w.VI, w.EN = b.called(l, "vi")+": "+w.VI, b.called(l, "en")+": "+w.EN
		}
	}
	return w
}

func share(f *Figure, of int64, vi, en string) {
	if of <= 0 {
		return
	}
	f.Share = figure.Percent(f.Value, of)
	f.ShareOf = rule.Words{VI: vi, EN: en}
}

// CauseWords are the words of a cause of invalid ballots; an unknown cause is
// shown as it was recorded.
func CauseWords(cause string) rule.Words { return wordsOr(causeWords, cause) }

// ReasonWords are the words of a reason that takes persons off the base.
func ReasonWords(reason string) rule.Words { return wordsOr(reasonWords, reason) }

func wordsOr(m map[string]rule.Words, key string) rule.Words {
	if w, ok := m[key]; ok {
		return w
	}
	return rule.Words{VI: key, EN: key}
}
