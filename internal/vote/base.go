package vote

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/rule"
)

// base is the denominator of a contest under one book.
type base struct {
	of       string
	count    *int64 // nil when not recorded
	whole    *int64 // before deductions, for share_of_summoned
	policy   *rule.Chosen
	deducted int64
	findings []Finding
}

// bodies lists the bodies for which the contest has a base of its own.
func bodies(b *rule.Book) []string {
	var out []string
	for _, s := range b.Slots() {
		if body, ok := strings.CutPrefix(s, "base."); ok {
			out = append(out, body)
		}
	}
	return out
}

// bodyWords names bodies as sentences do; a code that has no words stands for
// itself.
func bodyWords(codes ...string) rule.Words {
	var vi, en []string
	for _, c := range codes {
		w, ok := bodyNames[c]
		if !ok {
			w = rule.Words{VI: c, EN: c}
		}
		vi, en = append(vi, w.VI), append(en, w.EN)
	}
	return rule.Words{VI: strings.Join(vi, ", "), EN: strings.Join(en, ", ")}
}

var bodyNames = map[string]rule.Words{
	"member-congress":              {VI: "đại hội đảng viên", EN: "congress of members"},
	"delegate-congress":            {VI: "đại hội đại biểu", EN: "congress of delegates"},
	"committee-meeting":            {VI: "hội nghị ban chấp hành", EN: "committee meeting"},
	"standing-committee-meeting":   {VI: "hội nghị ban thường vụ", EN: "standing committee meeting"},
	"inspection-committee-meeting": {VI: "hội nghị ủy ban kiểm tra", EN: "inspection committee meeting"},
	"cell-meeting":                 {VI: "họp chi bộ", EN: "cell meeting"},
}

// basePolicy finds the policy that makes the base: the one for the record's
// body, or the only one, or (body not recorded) the first whose list of
// deductions accepts every reason given.
func basePolicy(b *rule.Book, rec *Record) (*rule.Chosen, *Finding, error) {
	if p := b.Policy("base"); p != nil {
		return p, nil, nil
	}
	bs := bodies(b)
	if rec.Body != "" {
		if p := b.Policy("base." + rec.Body); p != nil {
			return p, nil, nil
		}
		if _, ok := bodyNames[rec.Body]; !ok { // who wrote the record needs the codes
			return nil, nil, bad("body", "%q không bầu loại này; chỉ có %s", "%q does not hold this election; there are %s", rec.Body, strings.Join(bs, ", "))
		}
		which := bodyWords(bs...)
		who := bodyWords(rec.Body)
		return nil, nil, &InputError{"body", rule.Words{
			VI: fmt.Sprintf("Quy định không để %s bầu loại này, chỉ %s.", who.VI, which.VI),
			EN: fmt.Sprintf("By the rules a %s does not hold this election, only: %s.", who.EN, which.EN)}}
	}
	if len(bs) == 0 {
		return nil, nil, nil
	}
	pick := bs[0]
	for _, body := range bs {
		if rec.Base == nil || !slices.ContainsFunc(rec.Base.Deductions, func(d Deduction) bool { return !accepts(b.Policy("base."+body), d.Reason) }) {
			pick = body
			break
		}
	}
	if len(bs) == 1 {
		return b.Policy("base." + pick), nil, nil
	}
	p, names := b.Policy("base."+pick), bodyWords(pick)
	return p, &Finding{Rule: p.ID, Kind: "not-recorded", Severity: "warning", Says: rule.Words{
		VI: "Chưa ghi nơi bầu (đại hội đảng viên, đại hội đại biểu hay hội nghị); tạm tính theo " + names.VI + ".",
		EN: "The body that voted was not recorded; reckoned as a " + names.EN + "."}}, nil
}

func accepts(p *rule.Chosen, reason string) bool {
	return slices.Contains(p.List, canonical(p, reason))
}

// canonical maps other names of a reason (the policy's "with" map) to the one in its list.
func canonical(p *rule.Chosen, reason string) string {
	if c, ok := p.With[reason]; ok {
		return c
	}
	return reason
}

// ownReasons lists the deductions by the names the regulations give them, for
// messages.
func ownReasons(b *rule.Book) []string {
	var out []string
	for _, s := range b.Slots() {
		if strings.HasPrefix(s, "base") {
			out = append(out, b.Policy(s).List...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reasons lists every deduction some policy of the book knows.
func reasons(b *rule.Book) []string {
	var out []string
	for _, s := range b.Slots() {
		if p := b.Policy(s); strings.HasPrefix(s, "base") {
			out = append(out, p.List...)
			for k := range p.With {
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// makeBase works the denominator out. Of a State contest it is the valid
// ballots; of a Party contest those summoned, or incumbent, less what the
// article takes off.
func makeBase(b *rule.Book, rec *Record) (base, error) {
	p, note, err := basePolicy(b, rec)
	if err != nil || p == nil {
		return base{}, err
	}
	out := base{of: p.Choose, policy: p}
	if note != nil {
		out.findings = append(out.findings, *note)
	}
	var from *int64
	switch p.Choose {
	case "valid-ballots":
		from = rec.Ballots.Valid
	case "summoned", "incumbents", "present":
		if rec.Base != nil {
			from = map[string]*int64{"summoned": rec.Base.Summoned, "incumbents": rec.Base.Incumbents, "present": rec.Base.Present}[p.Choose]
		}
		if p.Choose == "incumbents" && from == nil && rec.Base != nil {
			from = rec.Base.Summoned // a committee summons its incumbent members
		}
	default:
		return base{}, fmt.Errorf("vote: policy %s chooses %q, which is not a base", p.ID, p.Choose)
	}
	out.whole = from
	if from == nil {
		return out, nil
	}
	n := *from
	if rec.Base != nil && p.Choose != "valid-ballots" {
		known := reasons(b)
		for i, d := range rec.Base.Deductions {
			switch {
			case accepts(p, d.Reason):
				n -= d.Count
				out.deducted += d.Count
			case slices.Contains(known, d.Reason) || readingKnows(b, d.Reason):
				out.findings = append(out.findings, Finding{Rule: p.ID, Kind: "condition", Severity: "warning", Says: rule.Words{
					VI: fmt.Sprintf("Lý do %q (%d người) không được trừ khỏi mẫu số theo %s.", d.Reason, d.Count, p.Article),
					EN: fmt.Sprintf("Reason %q (%d persons) does not come off the base under %s.", d.Reason, d.Count, p.Article)}})
			default:
				return base{}, bad(fmt.Sprintf("base.deductions[%d].reason", i), "không biết lý do %q; chỉ có %s", "reason %q is not known; there are %s", d.Reason, strings.Join(ownReasons(b), ", "))
			}
		}
		if len(p.List) > 0 {
			out.of += "-adjusted"
		}
	}
	out.count = &n
	return out, nil
}

// BaseFor is the base of a meeting as a contest takes it over: without the
// deductions that its rules know nothing of. A poll that reckons by those
// present, say, takes nobody off who is not there anyway.
func BaseFor(b *rule.Book, of *Base) *Base {
	if of == nil {
		return nil
	}
	out, known := *of, reasons(b)
	out.Deductions = slices.DeleteFunc(slices.Clone(of.Deductions), func(d Deduction) bool {
		return !slices.Contains(known, d.Reason) && !readingKnows(b, d.Reason)
	})
	return &out
}

// readingKnows says whether some other reading of a base accepts the reason.
func readingKnows(b *rule.Book, reason string) bool {
	for _, s := range b.Slots() {
		if !strings.HasPrefix(s, "base") {
			continue
		}
		p := b.Policy(s).Policy
		if slices.Contains(p.List, reason) || p.With[reason] != "" {
			return true
		}
		for _, r := range p.Readings {
			if slices.Contains(r.List, reason) || r.With[reason] != "" {
				return true
			}
		}
	}
	return false
}

// share is votes/base in percent with two decimals, half up.
func share(votes, base int64) string {
	if base <= 0 {
		return ""
	}
	hundredths := (votes*20000 + base) / (2 * base)
	whole, frac := hundredths/100, hundredths%100
	buf := make([]byte, 0, 8)
	buf = appendInt(buf, whole)
	buf = append(buf, '.', byte('0'+frac/10), byte('0'+frac%10))
	return string(buf)
}

func appendInt(buf []byte, n int64) []byte { return strconv.AppendInt(buf, n, 10) }
