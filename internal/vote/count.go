package vote

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"minhbach/internal/rule"
)

// Counter turns records into results by the rules of one library. It is safe
// for concurrent use.
type Counter struct{ lib *rule.Library }

// NewCounter counts by lib; a pinned library counts by the pinned editions.
func NewCounter(lib *rule.Library) *Counter { return &Counter{lib} }

// Count gives the verdict on one contest. Bad input (unknown contest kind,
// body, reason, decision) is an *InputError; contradicting figures are not an
// error but a result with status Refused.
func (c *Counter) Count(rec *Record) (*Result, error) {
	book, err := c.lib.For(rec.Rules, rec.Date)
	if err != nil {
		return nil, &InputError{"rules", rule.Words{VI: "không có quy định cho " + rec.Rules + " ngày " + rec.Date.Vietnamese() + ": " + err.Error(), EN: err.Error()}}
	}
	choices, notes, err := decided(book, rec)
	if err != nil {
		return nil, err
	}
	if len(choices) > 0 {
		if book, err = book.With(choices); err != nil {
			return nil, err
		}
	}
	res, asked, err := countBy(book, rec, false)
	if err != nil {
		return nil, err
	}
	res.Findings = append(res.Findings, notes...)
	return settle(book, rec, choices, res, asked)
}

// count is the work on one record under one book.
type count struct {
	book *rule.Book
	rec  *Record
	in   *rule.Inputs
	kind contestKind
	base base
	res  *Result
	// brief: a variant that is only compared leaves no words, shares or reasons
	brief bool
	// ranked: the votes alone rank, without a threshold
	ranked bool
	// taken are the decisions that decided something, by their place in the record
	taken []int
	asked late
}

// counts are used again: the figures of a contest take a kilobyte.
var counts = sync.Pool{New: func() any { return &count{in: &rule.Inputs{}} }}

// countBy decides under one reading of everything that is open.
func countBy(book *rule.Book, rec *Record, brief bool) (*Result, late, error) {
	k, err := kindOf(book, rec)
	if err != nil {
		return nil, late{}, err
	}
	c := counts.Get().(*count)
	defer counts.Put(c)
	*c = count{book: book, rec: rec, kind: k, in: c.in, brief: brief}
	figures(c.in, rec, k)
	c.res = &Result{ID: rec.ID, Status: Decided, Next: NextNone, Elected: []string{}, Findings: []Finding{}, Pins: book.Pins, Unfilled: *rec.Seats}
	if !brief {
		c.res.Reasons = make([]rule.Verdict, 0, len(rec.Candidates)+8)
	}
	if c.base, err = makeBase(book, rec); err != nil {
		return nil, late{}, err
	}
	c.res.Findings = append(c.res.Findings, c.base.findings...)
	c.res.Denominator = Denominator{Of: c.base.of, Count: c.base.count}
	if c.base.count != nil {
		c.in.Set(inBase, *c.base.count)
		c.in.Set(inDeducted, c.base.deducted)
	}
	c.lines()
	steps := []func() (bool, error){c.identities, c.validity, c.winners, c.after}
	for _, step := range steps {
		more, err := step()
		if err != nil {
			return nil, late{}, err
		}
		if !more {
			break
		}
	}
	if brief {
		return c.res, c.asked, nil
	}
	c.otherForm()
	if err := c.conditions(); err != nil {
		return nil, late{}, err
	}
	c.unused()
	err = c.consequences()
	return c.res, c.asked, err
}

// used marks a decision as one that decided something.
func (c *count) used(i int) { c.taken = append(c.taken, i) }

// unused says of every recorded act of people that nothing here was left to it.
func (c *count) unused() {
	for i, d := range c.rec.Decisions {
		if isAct(d.Choice) && d.Choice != "continue" && !slices.Contains(c.taken, i) {
			c.res.Findings = append(c.res.Findings, Finding{Rule: d.Rule, Kind: "condition", Severity: "warning", Says: rule.Words{
				VI: fmt.Sprintf("Quyết định %q của %s không dùng đến: quy định ở đây không để lại việc gì cho quyết định này.", d.Choice, d.By),
				EN: fmt.Sprintf("The decision %q of %s was not used: the rules leave nothing to it here.", d.Choice, d.By)}})
		}
	}
}

// kindOf fills in what the record leaves to the rules: the kind of contest
// after its round, and the form of ballot after its list.
func kindOf(b *rule.Book, rec *Record) (contestKind, error) {
	k := contestKind{kind: rec.Kind, form: rec.Form, round: max(rec.Round, 1)}
	k.cell = rec.Level == "cell" || rec.OrgKind == "cell"
	if k.kind == "" {
		k.kind = "first"
		if p := b.Policy("later-round"); k.round > 1 && p != nil {
			k.kind = p.Choose
		}
	}
	if k.kind == "revote-tied" && b.Policy("revote") == nil {
		return k, bad("kind", "cuộc bầu loại này không có việc bầu lại giữa những người bằng phiếu", "this election has no vote among the tied")
	}
	if k.form == "" {
		k.form = ruledForm(b, rec)
	}
	if k.form == "" {
		return k, bad("form", "phải ghi hình thức phiếu", "the form of ballot must be given")
	}
	return k, nil
}

// ruledForm is the form of ballot by the rules: fixed, or by whether the list
// has more names than seats; "" where the rules name none.
func ruledForm(b *rule.Book, rec *Record) string {
	p := b.Policy("form")
	switch {
	case p == nil:
		return ""
	case p.Choose != "by-surplus":
		return p.Choose
	case int64(len(rec.Candidates)) > *rec.Seats:
		return "strike"
	}
	return "agree"
}

// otherForm leaves a finding when the ballots were of another form than the
// rules name: they are counted as they were cast, and people must see it.
func (c *count) otherForm() {
	want := ruledForm(c.book, c.rec)
	if want == "" || want == c.kind.form {
		return
	}
	p := c.book.Policy("form")
	c.res.Findings = append(c.res.Findings, Finding{Rule: p.ID, Kind: "condition", Severity: "warning", Says: rule.Words{
		VI: fmt.Sprintf("Phiếu ghi là %s; với danh sách này %s, %s, quy định phiếu %s.", formWords[c.kind.form].VI, p.Article, p.Edition.Document.Number, formWords[want].VI),
		EN: fmt.Sprintf("The ballots were %s; for this list %s, %s names %s.", formWords[c.kind.form].EN, p.Article, p.Edition.Document.Number, formWords[want].EN)}})
}

var formWords = map[string]rule.Words{
	"strike":      {VI: "gạch tên", EN: "struck"},
	"agree":       {VI: "đồng ý, không đồng ý", EN: "agree or disagree"},
	"recommend":   {VI: "ghi tên người giới thiệu", EN: "names written in"},
	"confidence3": {VI: "ba mức tín nhiệm", EN: "three levels of confidence"},
}

// lines lists the candidates by votes, most first; equal votes keep the order
// of the ballot and then of the id, so that input order never matters.
func (c *count) lines() {
	ls := make([]Line, 0, len(c.rec.Candidates))
	order := make(map[string]int, len(c.rec.Candidates))
	for _, cand := range c.rec.Candidates {
		v := c.rec.Votes[cand.ID]
		l := Line{Candidate: cand.ID, Votes: v, Outcome: NotElected}
		if n := c.base.count; n != nil && !c.brief {
			l.Share = share(v, *n)
			if w := c.base.whole; w != nil && *w != *n {
				l.ShareOfSummoned = share(v, *w)
			}
		}
		order[cand.ID] = cand.Order
		ls = append(ls, l)
	}
	slices.SortFunc(ls, func(a, b Line) int {
		if a.Votes != b.Votes {
			if a.Votes > b.Votes {
				return -1
			}
			return 1
		}
		if d := order[a.Candidate] - order[b.Candidate]; d != 0 {
			return d
		}
		return strings.Compare(a.Candidate, b.Candidate)
	})
	c.res.Results = ls
}

// reason leaves the verdict of a rule.
func (c *count) reason(r *rule.Bound, who string, holds bool) {
	if !c.brief {
		c.res.Reasons = append(c.res.Reasons, r.Verdict(c.in, who, holds))
	}
}

// by leaves the policy that decided.
func (c *count) by(p *rule.Chosen, inputs map[string]int64) {
	if !c.brief {
		c.res.Reasons = append(c.res.Reasons, p.Verdict(inputs, ""))
	}
}

// applies says whether a rule speaks of this form of ballot.
func (c *count) applies(r *rule.Bound) bool {
	return len(r.Forms) == 0 || slices.Contains(r.Forms, c.kind.form)
}

// notRecorded leaves one finding a rule, unless the rule is quiet.
func (c *count) notRecorded(r *rule.Bound) {
	if r.Quiet || c.brief || slices.ContainsFunc(c.res.Findings, func(f Finding) bool { return f.Rule == r.ID && f.Kind == "not-recorded" }) {
		return
	}
	c.res.Findings = append(c.res.Findings, Finding{Rule: r.ID, Kind: "not-recorded", Severity: "warning", Says: r.NotRecordedWords(c.in)})
}

// validity asks whether the election counts at all.
func (c *count) validity() (bool, error) {
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleValidity {
			continue
		}
		a, err := r.Ask(c.in)
		if err != nil {
			return false, err
		}
		if a == rule.NotRecorded {
			c.notRecorded(r)
			continue
		}
		c.reason(r, "", a == rule.Holds)
		if a == rule.Fails {
			c.res.Status = Invalid
			if p := c.book.Policy("invalid"); p != nil {
				c.res.Next = Next(p.Choose)
				c.by(p, map[string]int64{})
			}
		}
	}
	return c.res.Status != Invalid, nil
}

// conditions asks what is a warning only: surplus, size of the unit, the list.
func (c *count) conditions() error {
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleCondition || !c.applies(r) {
			continue
		}
		a, err := r.Ask(c.in)
		if err != nil {
			return err
		}
		if a == rule.NotRecorded {
			c.notRecorded(r)
			continue
		}
		v := r.Verdict(c.in, "", a == rule.Holds)
		c.res.Reasons = append(c.res.Reasons, v)
		differs, err := c.readingsOfCondition(r, a)
		if err != nil {
			return err
		}
		switch {
		case differs:
			c.res.Findings = append(c.res.Findings, Finding{Rule: r.ID, Kind: "readings-differ", Severity: "warning", Says: rule.Words{
				VI: "Điều này chưa được xác nhận và các cách hiểu cho kết quả khác nhau: " + v.Says.VI,
				EN: "This is unverified and its readings give different answers: " + v.Says.EN}})
		case a == rule.Fails:
			c.res.Findings = append(c.res.Findings, Finding{Rule: r.ID, Kind: "condition", Severity: "warning", Says: v.Says})
		}
	}
	return nil
}

// consequences asks, per candidate, what follows for this person beside the
// outcome: one finding for each that holds. A refused or invalid contest has none.
func (c *count) consequences() error {
	if c.res.Status == Refused || c.res.Status == Invalid {
		return nil
	}
	for _, r := range c.book.Rules {
		if r.Role != rule.RoleConsequence || !c.applies(r) {
			continue
		}
		for _, l := range c.res.Results {
			line(c.in, c.rec, l.Candidate)
			a, err := r.Ask(c.in)
			if err != nil {
				return err
			}
			if a == rule.NotRecorded {
				c.notRecorded(r)
			}
			if a != rule.Holds {
				continue
			}
			v := r.Verdict(c.in, l.Candidate, true)
			c.res.Reasons = append(c.res.Reasons, v)
			c.res.Findings = append(c.res.Findings, Finding{Rule: r.ID, Kind: "consequence", Severity: "warning", Says: rule.Words{
				VI: l.Candidate + ": " + v.Says.VI, EN: l.Candidate + ": " + v.Says.EN}})
		}
	}
	return nil
}

// readingsOfCondition says whether an open reading of a condition, or of a
// parameter it uses, answers otherwise.
func (c *count) readingsOfCondition(r *rule.Bound, main rule.Answer) (bool, error) {
	if r.Evidence != rule.Unverified {
		return false, nil
	}
	for _, o := range c.book.Open() {
		if !r.Uses(o.Item) {
			continue
		}
		for _, x := range o.Item.Readings {
			b, err := c.book.With(map[string]string{o.Item.ID: x.ID})
			if err != nil {
				return false, err
			}
			if a, err := b.Find(r.ID).Ask(c.in); err != nil || a != main {
				return true, err
			}
		}
	}
	return false, nil
}
