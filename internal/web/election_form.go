package web

import (
	"fmt"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The form of a contest names its fields as the record does ("ballots.valid",
// "candidates[0].name"), so that an error names the field it stands at. It
// works without script: "more rows" draws the form again with more rows.

const (
	candidateRows = 5
	mostRows      = 300
	deductionRows = 3
)

// contestForm is the form as the page draws it.
type contestForm struct {
	Form       *Form
	Event      *election.Event
	Contest    string // id of the contest corrected, empty for a new one
	Kinds      []Option
	Candidates []int // rows
	Deductions []int
	Reasons    []Option
	Bodies     []Option
	Forms      []Option
	Sorts      []Option
	Levels     []Option
	Matters    []Option // what the rules leave to people
	Decisions  []decisionRow
	Party      bool
	Action     string
}

// contestFigure is a counted number of the form and where it stands.
type contestFigure struct {
	field string
	at    func(*vote.Record) **int64
}

// contestFigures lists every single number of the form.
var contestFigures = []contestFigure{
	{"seats", func(r *vote.Record) **int64 { return &r.Seats }},
	{"alternates", func(r *vote.Record) **int64 { return &r.Alternates }},
	{"earlier_elected", func(r *vote.Record) **int64 { return &r.EarlierElected }},
	{"voters.listed", func(r *vote.Record) **int64 { return &r.Voters.Listed }},
	{"voters.voted", func(r *vote.Record) **int64 { return &r.Voters.Voted }},
	{"base.summoned", func(r *vote.Record) **int64 { return &r.Base.Summoned }},
	{"base.present", func(r *vote.Record) **int64 { return &r.Base.Present }},
	{"base.incumbents", func(r *vote.Record) **int64 { return &r.Base.Incumbents }},
	{"ballots.printed", func(r *vote.Record) **int64 { return &r.Ballots.Printed }},
	{"ballots.issued", func(r *vote.Record) **int64 { return &r.Ballots.Issued }},
	{"ballots.spoiled", func(r *vote.Record) **int64 { return &r.Ballots.Spoiled }},
	{"ballots.unused", func(r *vote.Record) **int64 { return &r.Ballots.Unused }},
	{"ballots.collected", func(r *vote.Record) **int64 { return &r.Ballots.Collected }},
	{"ballots.valid", func(r *vote.Record) **int64 { return &r.Ballots.Valid }},
	{"ballots.invalid", func(r *vote.Record) **int64 { return &r.Ballots.Invalid }},
}

// countOf reads a typed number; empty is "not recorded", never zero.
func countOf(f *Form, field string) (*int64, error) {
	s := f.Text(field)
	if s == "" {
		return nil, nil
	}
	n, err := vn.ReadCount(strings.ReplaceAll(s, ",", "."))
	if err != nil {
		return nil, desk.Wrong(field, "“"+clip(s)+"” không phải số nguyên; hãy viết 186600 hoặc 186.600.", "“"+clip(s)+"” is not a whole number; write 186600 or 186,600.")
	}
	return &n, nil
}

// rowsOf is how many rows the posted form has.
func rowsOf(f *Form, prefix string, least int) int {
	n := least
	for k := range f.Values {
		if rest, ok := strings.CutPrefix(k, prefix+"["); ok {
			if i, err := strconv.Atoi(rest[:max(strings.IndexByte(rest, ']'), 0)]); err == nil && i >= 0 && i < mostRows {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// readContest makes the contest of a posted form. old is the contest being
// corrected, or nil.
func readContest(f *Form, ev *election.Event, old *election.Detail) (election.Contest, error) {
	rec := &vote.Record{Rules: f.Text("rules"), Kind: f.Text("kind"), Form: f.Text("form"), Body: f.Text("body"), Level: f.Text("level"), Date: ev.Date,
		Voters: &vote.Voters{}, Base: &vote.Base{}, Votes: map[string]int64{}, Disagree: map[string]int64{}, Unmarked: map[string]int64{}}
	c := election.Contest{Record: rec, Place: f.Text("place"), Area: f.Text("area"), Sample: ev.Sample, Titles: map[string]string{}, Source: election.Source{How: "hand"}}
	c.Title.VI, c.Title.EN = f.Text("title"), f.Text("title_en")
	if c.Title.EN == "" {
		c.Title.EN = c.Title.VI
	}
	if s := f.Text("date"); s != "" {
		d, err := parseDay(s)
		if err != nil {
			e, _ := asDeskError(err)
			return c, desk.Wrong("date", e.Says.VI, e.Says.EN)
		}
		rec.Date = d
	}
	for _, x := range contestFigures {
		v, err := countOf(f, x.field)
		if err != nil {
			return c, err
		}
		*x.at(rec) = v
	}
	for field, into := range map[string]*int{"unit": &c.Unit, "round": &rec.Round} {
		v, err := countOf(f, field)
		if err != nil {
			return c, err
		}
		if v != nil {
			*into = int(min(*v, 1_000_000))
		}
	}
	if err := readCandidates(f, &c); err != nil {
		return c, err
	}
	if err := readRest(f, rec); err != nil {
		return c, err
	}
	if rec.Voters.Listed == nil && rec.Voters.Voted == nil {
		rec.Voters = nil
	}
	if b := rec.Base; b.Summoned == nil && b.Present == nil && b.Incumbents == nil && len(b.Deductions) == 0 {
		rec.Base = nil
	}
	if len(rec.Disagree) == 0 {
		rec.Disagree = nil
	}
	if len(rec.Unmarked) == 0 {
		rec.Unmarked = nil
	}
	rec.ID = election.NewContestID(ev.ID, c.Place, c.Unit, c.Title.VI)
	if old != nil {
		rec.ID = old.ID
		rec.OrgKind, rec.Middle = old.Record.OrgKind, old.Record.Middle
		c.Sample = old.Sample
		c.Source = keepSource(old, rec)
	}
	return c, nil
}

// keepSource keeps where the figures came from, and drops "derived" from a
// figure that was typed anew.
func keepSource(old *election.Detail, rec *vote.Record) election.Source {
	src := old.Source
	src.Derived = nil
	for _, d := range old.Source.Derived {
		for _, x := range contestFigures {
			if d.Field != "record."+x.field {
				continue
			}
			was, is := figureOf(old.Record, x), figureOf(rec, x)
			if was != nil && is != nil && *was == *is {
				src.Derived = append(src.Derived, d)
			}
		}
	}
	return src
}

// readCandidates reads the rows that have a name; a row with figures and no
// name is an error at that row.
func readCandidates(f *Form, c *election.Contest) error {
	for i := range rowsOf(f, "candidates", 0) {
		at := fmt.Sprintf("candidates[%d].", i)
		name := vn.NormalizeName(f.Text(at + "name"))
		if name == "" {
			if f.Text(at+"votes")+f.Text(at+"born")+f.Text(at+"id") != "" {
				return desk.Wrong(at+"name", "Thiếu họ tên ở dòng này.", "The name on this line is missing.")
			}
			continue
		}
		id := f.Text(at + "id")
		if id == "" {
			id = freeID(c.Record.Candidates, i)
		}
		cand := vote.Candidate{ID: id, Name: name}
		if s := f.Text(at + "born"); s != "" {
			p, err := vn.ReadDate(s)
			if err != nil {
				return desk.Wrong(at+"born", "“"+clip(s)+"” không phải ngày, tháng hoặc năm sinh.", "“"+clip(s)+"” is not a date, month or year of birth.")
			}
			cand.Born = p.String()
		}
		if h := f.Text(at + "title"); h != "" {
			c.Titles[id] = h
		}
		if v, err := countOf(f, at+"order"); err != nil {
			return err
		} else if v != nil {
			cand.Order = int(min(*v, mostRows*10))
		}
		for field, into := range map[string]map[string]int64{"votes": c.Record.Votes, "disagree": c.Record.Disagree, "unmarked": c.Record.Unmarked} {
			v, err := countOf(f, at+field)
			if err != nil {
				return err
			}
			if v != nil {
				into[id] = *v
			}
		}
		c.Record.Candidates = append(c.Record.Candidates, cand)
	}
	return nil
}

// freeID is the id of row i, moved on while it is taken.
func freeID(cs []vote.Candidate, i int) string {
	for n := i + 1; ; n++ {
		id := "c" + strconv.Itoa(n)
		taken := false
		for _, c := range cs {
			taken = taken || c.ID == id
		}
		if !taken {
			return id
		}
	}
}

// readRest reads deductions, causes of invalid ballots, ballots by number of
// names chosen, and what people decided.
func readRest(f *Form, rec *vote.Record) error {
	for i := range rowsOf(f, "deductions", 0) {
		at := fmt.Sprintf("deductions[%d].", i)
		reason := f.Text(at + "reason")
		n, err := countOf(f, at+"count")
		if err != nil {
			return err
		}
		switch {
		case reason == "" && n == nil:
		case reason == "":
			return desk.Wrong(at+"reason", "Hãy chọn lý do trừ.", "Choose the reason.")
		case n == nil:
			return desk.Wrong(at+"count", "Thiếu số người.", "The number of persons is missing.")
		default:
			rec.Base.Deductions = append(rec.Base.Deductions, vote.Deduction{Reason: reason, Count: *n})
		}
	}
	var err error
	if rec.Ballots.InvalidBy, err = pairs(f, "invalid_by", document.CauseOf); err != nil {
		return err
	}
	if rec.Ballots.ByChosen, err = pairs(f, "by_chosen", nil); err != nil {
		return err
	}
	for i := range mostDecisions {
		d, err := readDecision(f, rec, fmt.Sprintf("decisions[%d].", i))
		if err != nil {
			return err
		}
		if d != (vote.Decision{}) {
			rec.Decisions = append(rec.Decisions, d)
		}
	}
	return nil
}

// readDecision reads one decision of people.
func readDecision(f *Form, rec *vote.Record, at string) (vote.Decision, error) {
	d := vote.Decision{Reason: f.Text(at + "reason"), By: f.Text(at + "by")}
	d.Rule, d.Choice = vote.MatterOf(f.Text(at + "matter"))
	who := f.Text(at + "who")
	if d.Rule == "" && (who != "" || d != (vote.Decision{})) {
		return d, desk.Wrong(at+"matter", "Hãy chọn điều được quyết định.", "Choose what was decided.")
	}
	if d.Choice != "elect:" {
		if who != "" {
			return d, desk.Wrong(at+"who", "Lựa chọn này không nêu người; hãy để trống ô này.", "This choice names nobody; leave the field empty.")
		}
		return d, nil
	}
	var ids []string
	for _, w := range strings.FieldsFunc(who, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		found := chosenIn(f, rec, strings.TrimSpace(w))
		switch len(found) {
		case 0:
			return d, desk.Wrong(at+"who", "Trong danh sách không có “"+clip(w)+"”; hãy ghi họ tên hoặc số dòng như ở bảng trên.", "“"+clip(w)+"” is not on the list; give the name or the row number as in the table above.")
		case 1:
			ids = append(ids, found[0])
		default:
			return d, desk.Wrong(at+"who", "Có nhiều người tên “"+clip(w)+"”; hãy ghi số dòng thay cho họ tên.", "Several are named “"+clip(w)+"”; give the row number instead of the name.")
		}
	}
	if len(ids) == 0 {
		return d, desk.Wrong(at+"who", "Hãy ghi họ tên người được chọn.", "Name whom was chosen.")
	}
	d.Choice += strings.Join(ids, ",")
	return d, nil
}

// chosenIn finds who is meant by a name, or by the number of a row of the form
// (blank rows count), among the candidates read from it.
func chosenIn(f *Form, rec *vote.Record, typed string) []string {
	if typed == "" {
		return nil
	}
	row, _ := strconv.Atoi(typed)
	var out []string
	next := 0 // candidates stand in the order of the rows that have a name
	for i := range rowsOf(f, "candidates", 0) {
		if vn.NormalizeName(f.Text(fmt.Sprintf("candidates[%d].name", i))) == "" || next >= len(rec.Candidates) {
			continue
		}
		if c := rec.Candidates[next]; row == i+1 || vn.Fold(c.Name) == vn.Fold(typed) {
			out = append(out, c.ID)
		}
		next++
	}
	return out
}

// pairs reads lines "key = number"; id, where given, turns what was typed into
// the key of the record.
func pairs(f *Form, field string, id func(string) string) (map[string]int64, error) {
	var out map[string]int64
	for _, line := range strings.Split(f.Value(field), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		n, err := vn.ReadCount(v)
		k = strings.TrimSpace(k)
		if !ok || err != nil || k == "" {
			return nil, desk.Wrong(field, "Không đọc được dòng “"+clip(line)+"”; hãy viết mỗi dòng như: 3 = 1250.", "The line “"+clip(line)+"” cannot be read; write each line like: 3 = 1250.")
		}
		if id != nil {
			k = id(k)
		}
		if out == nil {
			out = map[string]int64{}
		}
		if _, twice := out[k]; twice {
			return nil, desk.Wrong(field, "“"+clip(k)+"” ghi hai lần.", "“"+clip(k)+"” stands twice.")
		}
		out[k] = n
	}
	return out, nil
}
