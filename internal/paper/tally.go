package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Decision is what the counting board decided on one ballot: a line of the
// decisions file. A field that is missing leaves the reading as it is.
type Decision struct {
	Ballot int               `json:"ballot"`
	Marks  map[string]string `json:"marks,omitempty"` // by candidate
	Valid  *bool             `json:"valid,omitempty"`
	Cause  string            `json:"cause,omitempty"` // of the rule, when invalid
	By     []string          `json:"by"`
	Reason string            `json:"reason"`
}

// Tally adds up the readings of one contest. It never counts a doubtful or
// refused ballot by itself: that needs a decision.
type Tally struct {
	rec       *vote.Record
	form      string
	book      *rule.Book
	places    map[string]int
	decisions map[int]*Decision
	seen      map[int]bool
	open      []int

	votes, disagree, unmarked []int64
	chosen                    []int64 // ballots by how many names they chose
	invalidBy                 map[string]int64
	valid, invalid            int64
}

// NewTally starts a tally for a contest record with its ballot options.
func NewTally(rec *vote.Record, opt Options, book *rule.Book) (*Tally, error) {
	l, err := Design(rec, opt)
	if err != nil {
		return nil, err
	}
	n := len(rec.Candidates)
	t := &Tally{rec: rec, form: l.Form, book: book, places: map[string]int{}, decisions: map[int]*Decision{}, seen: map[int]bool{},
		votes: make([]int64, n), disagree: make([]int64, n), unmarked: make([]int64, n), chosen: make([]int64, n+1), invalidBy: map[string]int64{}}
	for i, c := range rec.Candidates {
		t.places[c.ID] = i
	}
	return t, nil
}

// marks a decision or reading may name, by form.
var markWords = map[string][]string{
	FormStrike: {MarkClear, MarkStruck, MarkDoubtful},
	FormAgree:  {MarkAgree, MarkDisagree, MarkBoth, MarkNone, MarkDoubtful},
}

func (t *Tally) checkMarks(marks map[string]string, settled bool) error {
	for _, id := range slices.Sorted(maps.Keys(marks)) {
		if _, ok := t.places[id]; !ok {
			return bad("marks."+id, "không có người này trong danh sách", "is not on the list")
		}
		if m := marks[id]; !slices.Contains(markWords[t.form], m) || settled && m == MarkDoubtful {
			return bad("marks."+id, "không thể là %q", "cannot be %q", m)
		}
	}
	return nil
}

func oneLine(line []byte, to any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	if err := dec.Decode(to); err != nil {
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			return bad(te.Field, "không thể là %s", "cannot be %s", te.Value)
		}
		return bad("", "không phải JSON đúng: %v", "is not correct JSON: %v", err)
	}
	if dec.More() {
		return bad("", "mỗi dòng chỉ một phiếu", "one ballot a line")
	}
	return nil
}

// Decide takes one line of the decisions file. The error is an *InputError.
func (t *Tally) Decide(line []byte) error {
	d := &Decision{}
	if err := oneLine(line, d); err != nil {
		return err
	}
	switch {
	case d.Ballot < 1:
		return bad("ballot", "thiếu số phiếu", "the number of the ballot is missing")
	case t.decisions[d.Ballot] != nil:
		return bad("ballot", "phiếu %d đã có quyết định ở dòng trước", "ballot %d was decided on an earlier line", d.Ballot)
	case len(d.By) == 0 || slices.ContainsFunc(d.By, func(s string) bool { return strings.TrimSpace(s) == "" }):
		return bad("by", "thiếu người quyết định", "who decided is missing")
	case strings.TrimSpace(d.Reason) == "":
		return bad("reason", "thiếu lý do", "the reason is missing")
	case d.Marks == nil && d.Valid == nil:
		return bad("", "phiếu %d: quyết định phải nêu marks hoặc valid", "ballot %d: a decision names marks or valid", d.Ballot)
	case d.Cause != "" && (d.Valid == nil || *d.Valid):
		return bad("cause", "chỉ phiếu không hợp lệ mới có nguyên nhân", "only an invalid ballot has a cause")
	}
	if err := t.checkMarks(d.Marks, true); err != nil {
		return err
	}
	t.decisions[d.Ballot] = d
	return nil
}

// Add takes one reading. The error is an *InputError.
func (t *Tally) Add(line []byte) error {
	r := &Reading{}
	if err := oneLine(line, r); err != nil {
		return err
	}
	switch {
	case r.Ballot < 1:
		return bad("ballot", "thiếu số phiếu", "the number of the ballot is missing")
	case t.seen[r.Ballot]:
		return bad("ballot", "phiếu %d ghi hai lần", "ballot %d stands twice", r.Ballot)
	case r.Status != StatusRead && r.Status != StatusDoubtful && r.Status != StatusRefused:
		return bad("status", "không biết %q", "%q is not known", r.Status)
	case r.Contest != "" && r.Contest != t.rec.ID:
		return bad("contest", "phiếu %d của cuộc bầu %q, không phải %q", "ballot %d is of contest %q, not of %q", r.Ballot, r.Contest, t.rec.ID)
	}
	t.seen[r.Ballot] = true
	if err := t.checkMarks(r.Marks, false); err != nil {
		return err
	}
	d := t.decisions[r.Ballot]
	marks := make(map[string]string, len(t.places))
	maps.Copy(marks, r.Marks)
	if d != nil {
		maps.Copy(marks, d.Marks)
		if d.Valid != nil && !*d.Valid {
			return t.discard(d.Cause, marks)
		}
	} else if r.Status != StatusRead {
		t.open = append(t.open, r.Ballot)
		return nil
	}
	for id := range t.places {
		if m, ok := marks[id]; !ok || m == MarkDoubtful {
			if d == nil {
				return bad("marks."+id, "phiếu đã đọc nhưng thiếu người này", "the ballot was read but this name is missing")
			}
			t.open = append(t.open, r.Ballot) // decided, but not for every name
			return nil
		}
	}
	j, err := vote.Judge(t.book, *t.rec.Seats, t.ballot(marks))
	if err != nil {
		return err
	}
	cause, invalid := strings.CutPrefix(j.Proposal, "invalid:")
	switch {
	case d != nil && d.Valid != nil: // the board has the word
	case invalid:
		return t.discard(cause, marks)
	case j.Proposal == "look":
		t.open = append(t.open, r.Ballot)
		return nil
	}
	if t.form == FormStrike && t.ballot(marks).Chosen > *t.rec.Seats {
		return bad("ballot", "phiếu %d: không thể hợp lệ khi bầu quá số lượng", "ballot %d: cannot be valid with more chosen than seats", r.Ballot)
	}
	t.count(marks)
	return nil
}

func (t *Tally) ballot(marks map[string]string) vote.Ballot {
	l := &Layout{Form: t.form}
	for _, c := range t.rec.Candidates {
		l.Candidates = append(l.Candidates, Place{ID: c.ID})
	}
	return BallotOf(l, marks)
}

func (t *Tally) discard(cause string, marks map[string]string) error {
	if cause == "" && len(marks) == len(t.places) { // the rule may know it
		if j, err := vote.Judge(t.book, *t.rec.Seats, t.ballot(marks)); err == nil {
			cause, _ = strings.CutPrefix(j.Proposal, "invalid:")
			if cause == "valid" || cause == "look" {
				cause = ""
			}
		}
	}
	if cause == "" {
		cause = "board"
	}
	t.invalid++
	t.invalidBy[cause]++
	return nil
}

func (t *Tally) count(marks map[string]string) {
	t.valid++
	n := 0
	for id, i := range t.places {
		switch marks[id] {
		case MarkClear, MarkAgree:
			t.votes[i]++
			n++
		case MarkStruck, MarkDisagree:
			t.disagree[i]++
		default: // both boxes, or neither
			t.unmarked[i]++
		}
	}
	t.chosen[n]++
}

// Open lists the ballots that wait for a decision, and decisions on ballots
// that were not read.
func (t *Tally) Open() []int {
	slices.Sort(t.open)
	return slices.Compact(t.open)
}

// Record is the contest record as read from its file with the figures filled
// in; other fields stay as they were. The error is an *InputError.
func (t *Tally) Record(file []byte) ([]byte, error) {
	if len(t.Open()) > 0 {
		return nil, bad("", "còn phiếu chưa có quyết định", "some ballots wait for a decision")
	}
	for _, n := range slices.Sorted(maps.Keys(t.decisions)) {
		if !t.seen[n] {
			return nil, bad("decisions", "có quyết định về phiếu %d nhưng không có phiếu ấy trong kết quả đọc", "ballot %d is decided but was not read", n)
		}
	}
	var whole, ballots map[string]json.RawMessage
	if err := json.Unmarshal(file, &whole); err != nil {
		return nil, bad("", "không phải JSON đúng: %v", "is not correct JSON: %v", err)
	}
	if raw, ok := whole["ballots"]; ok {
		if err := json.Unmarshal(raw, &ballots); err != nil {
			return nil, bad("ballots", "phải là nhóm trường { }", "must be a group of fields { }")
		}
	}
	if ballots == nil {
		ballots = map[string]json.RawMessage{}
	}
	put := func(m map[string]json.RawMessage, key string, v any) error {
		data, err := json.Marshal(v)
		m[key] = data
		return err
	}
	byName := func(v []int64) map[string]int64 {
		m := make(map[string]int64, len(v))
		for id, i := range t.places {
			m[id] = v[i]
		}
		return m
	}
	byChosen := map[string]int64{}
	for n, v := range t.chosen {
		if v > 0 {
			byChosen[strconv.Itoa(n)] = v
		}
	}
	errs := []error{
		put(ballots, "collected", t.valid+t.invalid), put(ballots, "valid", t.valid), put(ballots, "invalid", t.invalid),
		put(ballots, "invalid_by", t.invalidBy), put(ballots, "by_chosen", byChosen),
		put(whole, "form", t.form), put(whole, "votes", byName(t.votes)),
	}
	if t.form == FormAgree {
		errs = append(errs, put(whole, "disagree", byName(t.disagree)), put(whole, "unmarked", byName(t.unmarked)))
	}
	errs = append(errs, put(whole, "ballots", ballots))
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("paper: tally of %s: %w", t.rec.ID, err)
	}
	return json.Marshal(whole)
}
