package course

import (
	"fmt"
	"slices"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Facts are what the sheet of conditions asks of a person. What is zero or nil
// was not recorded: the line then says so and nothing is guessed.
type Facts struct {
	Born     vn.PartialDate `json:"born,omitzero"`
	Woman    *bool          `json:"woman,omitempty"`
	Planned  *bool          `json:"planned,omitempty"`
	PostFrom vn.Date        `json:"post_from,omitzero"` // since when in the present or an equivalent post
	// Reference is the day working time is reckoned from: the reference month
	// of a congress, or the day itself.
	Reference vn.Date `json:"reference,omitzero"`
	// No discipline in force is a fact too: NoDiscipline says it was looked up.
	NoDiscipline bool    `json:"no_discipline,omitzero"`
	Reprimand    vn.Date `json:"reprimand,omitzero"` // day the decision took effect
	Warning      vn.Date `json:"warning,omitzero"`
	Removal      vn.Date `json:"removal,omitzero"`
}

// CheckReference refuses a day to reckon working time from that lies before the
// case, which would give time that is gone already. Only the personnel work of
// a congress, whose definition asks the month of birth, has a month fixed by
// guidance that may have passed.
func (v *View) CheckReference(f Facts) error {
	congress := slices.ContainsFunc(v.Def.Conditions, func(c rule.Condition) bool { return c.Fact == "birth-month" })
	if f.Reference.IsZero() || !f.Reference.Before(v.Opened) || congress {
		return nil
	}
	return wrong("reference", "Mốc tính tuổi không được trước ngày mở hồ sơ.", "Working time is not reckoned from a day before the case opened.")
}

// Judged is what people say of a condition that no rule reckons, or by what
// decision an exception was made.
type Judged struct {
	State   string // Met, NotMet, Excepted
	Paper   Paper
	Expires vn.Date
}

// Check asks every condition of a procedure about one person on a day, in the
// order of the regulation. level picks the lines of posts of one level; judged
// holds what people said, by condition; choices the readings decided for the
// case. lib is the library the case is pinned to.
func Check(lib *rule.Library, p *rule.Procedure, on vn.Date, level string, f Facts, judged map[string]Judged, choices map[string]string) ([]Line, error) {
	return check(lib, p, on, level, func(c *rule.Condition) (map[string]int64, bool, error) { return inputs(lib, c.Fact, on, f) }, judged, choices)
}

// feed gives what a fact feeds into the rule of a condition; nil when it was
// not recorded, free when there is nothing to ask.
type feed func(c *rule.Condition) (in map[string]int64, free bool, err error)

func check(lib *rule.Library, p *rule.Procedure, on vn.Date, level string, from feed, judged map[string]Judged, choices map[string]string) ([]Line, error) {
	var out []Line
	for i := range p.Conditions {
		c := &p.Conditions[i]
		if c.Level != "" && c.Level != level {
			continue
		}
		l := Line{Condition: c.ID, State: Unknown}
		j, said := judged[c.ID]
		if said {
			l.Paper, l.Expires = j.Paper, j.Expires
		}
		switch {
		case c.Evidence == rule.Unverified && choices[rule.StepItem(p.ID, c.ID)] == "not-needed":
			l.State = NotAskedFor
		case c.Rule != "":
			if err := ask(lib, c, on, from, choices, &l); err != nil {
				return nil, err
			}
		case said:
			l.State = j.State
		}
		if said && j.State == Excepted && !l.Passes() {
			l.State = Excepted
		}
		if l.State == Met && !l.Expires.IsZero() && l.Expires.Before(on) {
			l.State = Unknown // the paper has run out
		}
		out = append(out, l)
	}
	return out, nil
}

// ask fills a line that a rule decides.
func ask(lib *rule.Library, c *rule.Condition, on vn.Date, from feed, choices map[string]string, l *Line) error {
	in, free, err := from(c)
	if err != nil {
		return err
	}
	if free {
		l.State = Met
		return nil
	}
	if in == nil {
		return nil
	}
	a, err := vote.Ask(lib, c.Rule, on, in, choices)
	if err != nil {
		return fmt.Errorf("course: condition %s: %w", c.ID, err)
	}
	if !a.Known || !a.Recorded {
		return nil
	}
	v := a.Verdict
	l.Verdict = &v
	switch {
	case !a.Settled():
		l.State = Undecided
	case a.Holds:
		l.State = Met
	default:
		l.State = NotMet
	}
	return nil
}

// inputs reckons what a fact feeds into the rules of a day; nil when it was
// not recorded, free when there is nothing to ask (no discipline).
func inputs(lib *rule.Library, fact string, on vn.Date, f Facts) (in map[string]int64, free bool, err error) {
	yes := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	since := func(d vn.Date) (map[string]int64, bool, error) {
		if d.IsZero() {
			return nil, f.NoDiscipline, nil
		}
		return map[string]int64{"months": Months(d, on)}, false, nil
	}
	switch fact {
	case "planned":
		if f.Planned != nil {
			return map[string]int64{"is_planned": yes(*f.Planned)}, false, nil
		}
	case "months-in-post":
		if !f.PostFrom.IsZero() {
			return map[string]int64{"months": Months(f.PostFrom, on)}, false, nil
		}
	case "months-left", "months-to-retirement":
		from := on
		if fact == "months-left" && !f.Reference.IsZero() {
			from = f.Reference
		}
		if f.Born.Month == 0 || f.Woman == nil {
			return nil, false, nil
		}
		last, ok, err := Retires(lib, f.Born, *f.Woman)
		if err != nil || !ok {
			return nil, false, err
		}
		left := Months(from, last.AddDays(1))
		return map[string]int64{"months_left": max(left, 0)}, false, nil
	case "birth-month":
		if f.Born.Month != 0 && f.Woman != nil {
			return map[string]int64{"birth_month": int64(f.Born.Year)*100 + int64(f.Born.Month), "is_woman": yes(*f.Woman)}, false, nil
		}
	case "months-since-reprimand":
		return since(f.Reprimand)
	case "months-since-warning":
		return since(f.Warning)
	case "months-since-removal":
		return since(f.Removal)
	}
	return nil, false, nil
}

// Months are the whole months from one day to another, negative when it lies
// before: from 15/1 to 14/2 none, to 15/2 one. The last day of a shorter month
// counts as the day it would have been.
func Months(from, to vn.Date) int64 {
	if to.Before(from) {
		return -Months(to, from)
	}
	n := int64(to.Year-from.Year)*12 + int64(to.Month) - int64(from.Month)
	if to.Day < from.Day && to.Day < lastDay(to) {
		n--
	}
	return n
}

func lastDay(d vn.Date) int { return vn.PartialDate{Year: d.Year, Month: d.Month}.Last().Day }

// youngest and oldest bound the walk to the month of retirement, in years of
// age; they are no rule, only where looking begins and ends.
const youngest, oldest = 40, 100

// Retires is the last day of work of a person by the road map in force
// (Decree 135/2020): the last day of the first month in which the age reached
// by then is the age of retirement of that year. Only month and year of birth
// are needed. False when no regulation of the day has the road map or the
// month of birth is not known.
func Retires(lib *rule.Library, born vn.PartialDate, woman bool) (vn.Date, bool, error) {
	if born.Year == 0 || born.Month == 0 {
		return vn.Date{}, false, nil
	}
	is := int64(0)
	if woman {
		is = 1
	}
	at := func(age int) (last vn.Date, known, reached bool, err error) {
		m := int(born.Month) - 1 + age
		last = vn.PartialDate{Year: born.Year + m/12, Month: time.Month(m%12 + 1)}.Last()
		a, err := vote.Ask(lib, RuleRetirement, last, map[string]int64{"is_woman": is, "age_months": int64(age), "year": int64(last.Year)}, nil)
		return last, a.Known && a.Recorded, a.Known && a.Recorded && a.Holds, err
	}
	// Where one law follows another an age can be reached in one year and short
	// again in the next: the first month counts, so months are walked.
	known := false
	for age := youngest * 12; age <= oldest*12; age++ {
		last, asked, reached, err := at(age)
		if err != nil {
			return vn.Date{}, false, err
		}
		if reached {
			// Where no law is known for the month before, the age may have been
			// reached already: nobody knows here.
			return last, known, nil
		}
		known = asked
	}
	return vn.Date{}, false, nil
}
