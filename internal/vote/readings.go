package vote

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/rule"
)

// maxVariants bounds how many combinations of open readings are tried; a
// regulation file that would need more is refused by the tests of regulations.
const maxVariants = 256

// decided reads the recorded decisions that choose a reading of an open item.
func decided(b *rule.Book, rec *Record) (map[string]string, []Finding, error) {
	if len(rec.Decisions) == 0 {
		return nil, nil, nil
	}
	choices, acts := map[string]string{}, map[string]string{}
	var notes []Finding
	open := b.Open()
	for i, d := range rec.Decisions {
		if isAct(d.Choice) {
			if !knows(b, d.Rule) {
				return nil, nil, bad(decisionField(i), "cuộc bầu này không có điều %s", "this contest has no rule %s", d.Rule)
			}
			if !leaves(b, d) {
				return nil, nil, bad(decisionField(i), "điều %s không để ai quyết định %q", "%s leaves nobody to decide %q", d.Rule, d.Choice)
			}
			// A head may choose several, each by a decision of his own.
			if first, twice := acts[d.Rule]; twice && (first == d.Choice || b.Find(d.Rule) == nil) {
				return nil, nil, twoDecisions(i, d)
			}
			acts[d.Rule] = d.Choice
			// Who chooses by a rule takes the rule as it is stated.
			if slices.ContainsFunc(open, func(o rule.Open) bool { return o.Item.ID == d.Rule }) {
				if c, twice := choices[d.Rule]; twice && c != rule.MainReading {
					return nil, nil, twoDecisions(i, d)
				}
				choices[d.Rule] = rule.MainReading
			}
			continue
		}
		at := slices.IndexFunc(open, func(o rule.Open) bool { return o.Item.ID == d.Rule })
		if at < 0 {
			return nil, nil, bad(decisionField(i), "%s không phải điều còn chờ quyết định ở đây", "%s is not an open matter here", d.Rule)
		}
		it := open[at].Item
		if d.Choice != rule.MainReading && !slices.ContainsFunc(it.Readings, func(r rule.Reading) bool { return r.ID == d.Choice }) {
			return nil, nil, bad(decisionField(i), "%s không có cách hiểu %q; chỉ có %s", "%s has no reading %q; there are %s", d.Rule, d.Choice, readingIDs(it))
		}
		if c, twice := choices[d.Rule]; twice && c != d.Choice {
			return nil, nil, twoDecisions(i, d)
		}
		choices[d.Rule] = d.Choice
		notes = append(notes, *decidedByPeople(d))
	}
	return choices, notes, nil
}

func twoDecisions(i int, d Decision) error {
	return bad(decisionField(i), "đã có quyết định khác cho %s", "there is another decision on %s already", d.Rule)
}

// isAct says whether a choice is an act of people, not a reading.
func isAct(choice string) bool {
	return strings.HasPrefix(choice, "elect:") || choice == "stop" || choice == "continue"
}

// leaves says whether the rules leave such an act to people at all: whom to
// take, to the head and where a tie has no rule that settles it; whether to go
// on voting, where another vote would follow.
func leaves(b *rule.Book, d Decision) bool {
	if r := b.Find(d.Rule); r != nil {
		return r.Role == rule.RoleHead && strings.HasPrefix(d.Choice, "elect:")
	}
	for _, slot := range [...]string{"tie", "short"} {
		p := b.Policy(slot)
		if p == nil || p.ID != d.Rule {
			continue
		}
		again := p.Choose == "revote-tied" || p.Choose == "further-round"
		return again != strings.HasPrefix(d.Choice, "elect:")
	}
	return false
}

func knows(b *rule.Book, id string) bool {
	if b.Find(id) != nil {
		return true
	}
	return slices.ContainsFunc(b.Slots(), func(s string) bool { return b.Policy(s).ID == id })
}

func readingIDs(it *rule.Item) string {
	ids := []string{rule.MainReading}
	for _, r := range it.Readings {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, ", ")
}

func decisionField(i int) string { return fmt.Sprintf("decisions[%d].choice", i) }

func decidedByPeople(d Decision) *Finding {
	return &Finding{Rule: d.Rule, Kind: "decided-by-people", Severity: "note", Says: rule.Words{
		VI: fmt.Sprintf("%s quyết định %q. Lý do: %s", d.By, d.Choice, d.Reason),
		EN: fmt.Sprintf("%s decided %q. Reason: %s", d.By, d.Choice, d.Reason)}}
}

// settle tries every other reading of what is open and can touch the result.
// Where all give the same result it stands; where they differ the contest is
// unsettled and people must decide.
func settle(b *rule.Book, rec *Record, choices map[string]string, res *Result, asked late) (*Result, error) {
	open := touching(b, rec, choices)
	if len(open) == 0 {
		return res, nil
	}
	leaves, err := explore(b, rec, open, leaf{choices, res, asked})
	if err != nil {
		return nil, err
	}
	steps := OutcomeOf(b) == GoesOn
	main := keyOf(res, steps)
	var differ []string
	same := slices.Clone(res.Results)
	for _, l := range leaves {
		c, v := l.choices, l.res
		if keyOf(v, steps) == main {
			continue
		}
		for i := range same { // keep only what every reading agrees on
			at := slices.IndexFunc(v.Results, func(l Line) bool { return l.Candidate == same[i].Candidate })
			if settled(v.Results[at].Outcome, steps) != settled(same[i].Outcome, steps) {
				same[i].Outcome = UnsettledOutcome
			}
		}
		for _, o := range open {
			if other := c[o.Item.ID]; other != "" && other != rule.MainReading && !slices.Contains(differ, o.Item.ID) && aloneDiffers(b, rec, choices, o, c[o.Item.ID], main) {
				differ = append(differ, o.Item.ID)
				res.Findings = append(res.Findings, differing(o, res, v, c[o.Item.ID]))
			}
		}
		if len(differ) == 0 {
			differ = append(differ, open[0].Item.ID)
			res.Findings = append(res.Findings, differing(open[0], res, v, c[open[0].Item.ID]))
		}
	}
	if len(differ) == 0 {
		return res, nil
	}
	res.Status, res.Next, res.Results = Unsettled, NextNone, same
	res.Elected = []string{}
	filled := int64(0)
	for _, l := range same {
		if l.Outcome == Elected {
			res.Elected = append(res.Elected, l.Candidate)
		}
		if l.Outcome == OutcomeOf(b) {
			filled++
		}
	}
	res.Unfilled = max(0, *rec.Seats-filled)
	return res, nil
}

// late marks what a count came to only at its end, so that readings of what it
// never came to need not be tried.
type late struct{ tie, alternates, nobody, short bool }

// came says whether a count came to the item.
func (a late) came(o rule.Open) bool {
	switch o.Slot {
	case "tie":
		return a.tie
	case "alternates":
		return a.alternates
	case "short":
		return a.short
	}
	switch o.Role {
	case rule.RoleFallback, rule.RoleHead:
		return a.nobody
	case rule.RoleExtra:
		return a.short
	}
	return true
}

// leaf is the result under some choices of readings; what they do not name has
// its main reading and was not come to.
type leaf struct {
	choices map[string]string
	res     *Result
	asked   late
}

// explore tries the readings of every open item that the count came to, one
// item after the other: what is not come to under some choices cannot change
// their result.
func explore(b *rule.Book, rec *Record, open []rule.Open, at leaf) ([]leaf, error) {
	next := slices.IndexFunc(open, func(o rule.Open) bool {
		_, chosen := at.choices[o.Item.ID]
		return !chosen && at.asked.came(o)
	})
	if next < 0 {
		return []leaf{at}, nil
	}
	it := open[next].Item
	ids := []string{rule.MainReading}
	for _, r := range it.Readings {
		ids = append(ids, r.ID)
	}
	var out []leaf
	for _, id := range ids {
		c := make(map[string]string, len(at.choices)+1)
		maps.Copy(c, at.choices)
		c[it.ID] = id
		l := leaf{c, at.res, at.asked} // the main reading is what was counted already
		if id != rule.MainReading {
			vb, err := b.With(c)
			if err != nil {
				return nil, err
			}
			if l.res, l.asked, err = countBy(vb, rec, true); err != nil {
				return nil, err
			}
		}
		more, err := explore(b, rec, open, l)
		if err != nil {
			return nil, err
		}
		if out = append(out, more...); len(out) > maxVariants {
			return nil, fmt.Errorf("vote: %s has more than %d combinations of unverified readings", b.Kind, maxVariants)
		}
	}
	return out, nil
}

// decides says whether the counting code reads a policy slot; others, such as
// whether a result is announced, are for the rooms.
func decides(slot string) bool {
	return strings.HasPrefix(slot, "base") || slices.Contains([]string{"form", "tie", "revote", "pass", "outcome", "short", "later-round", "invalid", "alternates"}, slot)
}

// touching lists the open items that can change who is elected or what is
// next: not conditions, ballots or stand-alone rules, and of the bases only
// the one of this body.
func touching(b *rule.Book, rec *Record, choices map[string]string) []rule.Open {
	var out []rule.Open
	for _, o := range b.Open() {
		if _, done := choices[o.Item.ID]; done {
			continue
		}
		if o.Slot == "form" && rec.Form != "" || o.Slot != "" && !decides(o.Slot) {
			continue
		}
		switch o.Role {
		case rule.RoleCondition, rule.RoleConsequence, rule.RoleBallot, rule.RoleStandalone:
			continue
		case rule.RoleIdentity, rule.RoleLine:
			if r := b.Find(o.Item.ID); r != nil && r.Severity == "warn" {
				continue // a warning changes no result
			}
		}
		if strings.HasPrefix(o.Slot, "base.") {
			if p, _, err := basePolicy(b, rec); err != nil || p == nil || p.ID != o.Item.ID {
				continue
			}
		}
		if o.Slot == "revote" && rec.Kind != "revote-tied" || o.Slot == "alternates" && rec.Alternates == nil {
			continue
		}
		out = append(out, o)
	}
	return out
}

func aloneDiffers(b *rule.Book, rec *Record, choices map[string]string, o rule.Open, reading, main string) bool {
	c := map[string]string{o.Item.ID: reading}
	for k, v := range choices {
		c[k] = v
	}
	vb, err := b.With(c)
	if err != nil {
		return false
	}
	v, _, err := countBy(vb, rec, true)
	return err == nil && keyOf(v, OutcomeOf(b) == GoesOn) != main
}

func differing(o rule.Open, main, other *Result, reading string) Finding {
	var says rule.Words
	for _, r := range o.Item.Readings {
		if r.ID == reading {
			says = r.Says
		}
	}
	return Finding{Rule: o.Item.ID, Kind: "readings-differ", Severity: "error", Says: rule.Words{
		VI: fmt.Sprintf("%s (%s, chưa xác nhận): theo cách hiểu chính kết quả là %s; theo cách hiểu %q (%s) kết quả là %s. Phải đối chiếu văn bản đã ký hoặc cơ quan có thẩm quyền quyết định.",
			o.Item.Title.VI, o.Item.Article, brief(main, "vi"), reading, says.VI, brief(other, "vi")),
		EN: fmt.Sprintf("%s (%s, unverified): by the main reading the result is %s; by reading %q (%s) it is %s. The signed text must be compared, or the body that may must decide.",
			o.Item.Title.EN, o.Item.Article, brief(main, "en"), reading, says.EN, brief(other, "en"))}}
}

func brief(r *Result, lang string) string {
	st := statusWords[r.Status].In(lang)
	if len(r.Elected) > 0 {
		return st + " [" + strings.Join(r.Elected, ", ") + "]"
	}
	return st
}

// keyOf is what must be equal for two readings to give the same result.
func keyOf(r *Result, steps bool) string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "%s %d %s", r.Status, r.Unfilled, r.Next)
	for _, l := range r.Results {
		sb.WriteString(" " + l.Candidate + "=" + string(settled(l.Outcome, steps)))
	}
	return sb.String()
}

// settled is the outcome as far as it decides anything: in a poll or a step,
// where nobody is elected, having passed without going on is not going on.
func settled(o Outcome, steps bool) Outcome {
	if steps && o == PassedNoSeat {
		return NotElected
	}
	return o
}

var statusWords = map[Status]rule.Words{
	Refused:   {VI: "số liệu mâu thuẫn, chưa xác định kết quả", EN: "refused: the figures contradict each other"},
	Invalid:   {VI: "cuộc bầu không có giá trị", EN: "the election does not count"},
	Unsettled: {VI: "chờ quyết định về cách hiểu quy định", EN: "unsettled: readings of a rule differ"},
	Tied:      {VI: "bằng phiếu ở vị trí cuối", EN: "tied at the last seat"},
	Short:     {VI: "chưa bầu đủ số lượng", EN: "short of the seats"},
	Decided:   {VI: "đã xác định", EN: "decided"},
}

// Words says a status on screens.
func (s Status) Words() rule.Words { return statusWords[s] }
