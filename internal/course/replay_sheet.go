package course

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/rule"
)

// due holds a deadline against the rule. A day that was not known then, because
// the table of holidays ended before it, may be known here.
func (v *View) due(id string, e Event) error {
	d, err := v.LastDay(id, e.Body.On)
	if err != nil {
		return err
	}
	if e.Body.Due.IsZero() && d.IsZero() || e.Body.Due == d || e.Body.Due.IsZero() && id != "" {
		return nil
	}
	return refuse("hạn cuối ghi là "+e.Body.Due.Vietnamese()+", tính lại là "+d.Vietnamese(), "the last day is given as "+e.Body.Due.String()+", reckoned again it is "+d.String())
}

// sheetGiven checks a sheet of conditions again: by the facts where they can be
// read, else by the figures that stand in its lines.
func (v *View) sheetGiven(e Event) error {
	p := v.Person(e.Body.Person)
	if p == nil {
		return refuse("không có người này trong hồ sơ", "there is no such person in the case")
	}
	var f Facts
	read := e.Words != "" && json.Unmarshal([]byte(e.Words), &f) == nil
	return v.sheetIs(e, f, read, p.Judged)
}

func (v *View) judged(e Event) error {
	b := e.Body
	p := v.Person(b.Person)
	i := slices.IndexFunc(v.Def.Conditions, func(c rule.Condition) bool { return c.ID == b.Condition })
	if p == nil || i < 0 {
		return refuse("không có người hoặc điều kiện này", "there is no such person or condition")
	}
	c := &v.Def.Conditions[i]
	if !slices.Contains([]string{Met, NotMet, Excepted}, b.Outcome) || c.Rule != "" && b.Outcome != Excepted {
		return refuse("điều kiện do quy định tính không đánh dấu bằng tay được", "a condition that a rule reckons is not marked by hand")
	}
	if b.Outcome != NotMet && (strings.TrimSpace(b.Paper.Number) == "" || b.Paper.Date.IsZero()) {
		return refuse("đánh dấu mà không nêu số, ngày văn bản", "it is marked without number and date of a paper")
	}
	if b.Expires != v.Expires(c, b.Paper) {
		return refuse("ngày hết hạn của giấy tờ không đúng", "the day until which the paper counts is not right")
	}
	judged := maps.Clone(p.Judged)
	judged[b.Condition] = Judged{State: b.Outcome, Paper: b.Paper, Expires: b.Expires}
	return v.sheetIs(e, p.Facts, !p.Asked || p.HasFact, judged)
}

// sheetIs demands the lines of an entry. Where the facts are withheld, a line
// that a rule decided is asked again with the figures that stand in it.
func (v *View) sheetIs(e Event, f Facts, read bool, judged map[string]Judged) error {
	on := v.SheetDay(v.Today(e.At))
	var lines []Line
	var err error
	if read {
		lines, err = v.Sheet(v.Today(e.At), f, judged)
	} else {
		recorded := map[string]Line{}
		for _, l := range e.Body.Lines {
			recorded[l.Condition] = l
		}
		lines, err = check(v.Lib, v.Def, on, v.Level, func(c *rule.Condition) (map[string]int64, bool, error) {
			l := recorded[c.ID]
			if l.Verdict != nil {
				return l.Verdict.Inputs, false, nil
			}
			return nil, l.State == Met && strings.HasPrefix(c.Fact, "months-since-"), nil // no discipline was on record
		}, judged, v.Choices)
	}
	if err != nil {
		return err
	}
	for i, want := range lines {
		if i >= len(e.Body.Lines) || !bytes.Equal(want.bare(), e.Body.Lines[i].bare()) {
			return refuse("bảng điều kiện của "+e.Body.Person+": dòng “"+want.Condition+"” tính lại là “"+want.State+"”",
				"sheet of "+e.Body.Person+": the line "+want.Condition+" reckoned again is "+want.State)
		}
	}
	if len(lines) != len(e.Body.Lines) {
		return refuse("bảng điều kiện có dòng mà quy định không có", "the sheet has lines that the regulation does not")
	}
	return nil
}

// bare is a line without the sentences, which follow from the rest.
func (l Line) bare() []byte {
	if l.Verdict != nil {
		v := *l.Verdict
		v.Says = rule.Words{}
		l.Verdict = &v
	}
	out, _ := json.Marshal(l)
	return out
}
