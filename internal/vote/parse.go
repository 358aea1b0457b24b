package vote

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Bounds of one record: above them it is bad input, not a contest.
const (
	MaxRecord     = 4 << 20 // bytes
	MaxCandidates = 2000
	MaxSeats      = 2000
	maxFigure     = 1_000_000_000_000
)

// InputError is bad input: the field as it stands in the file, and what is
// wrong with it in plain words.
type InputError struct {
	Field string
	Says  rule.Words
}

func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Says.EN
	}
	return "field " + e.Field + ": " + e.Says.EN
}

func bad(field, vi, en string, args ...any) *InputError {
	return &InputError{field, rule.Words{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}}
}

// ParseRecord reads one contest record (JSON) and checks its shape. The error
// is an *InputError. A field this version does not know is let through; a
// field that stands twice is refused, for nobody could say which one counts.
func ParseRecord(data []byte) (*Record, error) {
	if len(data) > MaxRecord {
		return nil, bad("", "bản ghi dài quá %d byte", "the record is longer than %d bytes", MaxRecord)
	}
	rec, ok := fastRecord(data)
	if !ok {
		var err error
		if rec, err = slowRecord(data); err != nil {
			return nil, err
		}
	}
	if err := rec.Validate(); err != nil {
		return nil, err
	}
	return rec, nil
}

// slowRecord reads any record and says what is wrong with it.
func slowRecord(data []byte) (*Record, error) {
	if err := noDuplicates(data); err != nil {
		return nil, err
	}
	rec := &Record{Candidates: make([]Candidate, 0, 8)}
	if err := json.Unmarshal(data, rec); err != nil {
		return nil, jsonError(err)
	}
	return rec, nil
}

func jsonError(err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		want := te.Type.String()
		if strings.Contains(want, "int") {
			return bad(te.Field, "phải là số nguyên, không phải %s", "must be a whole number, not %s", te.Value)
		}
		return bad(te.Field, "có kiểu %s, cần %s", "is a %s, needs %s", te.Value, want)
	}
	return bad("", "không phải JSON đúng: %v", "is not correct JSON: %v", err)
}

// noDuplicates walks the tokens and refuses an object with the same key twice.
func noDuplicates(data []byte) error {
	dup, field := duplicateKey(data)
	if dup {
		return bad(field, "trường này ghi hai lần", "this field stands twice")
	}
	return nil
}

// Validate checks the shape of a record; the rules themselves come later. The
// error is an *InputError.
func (r *Record) Validate() error {
	switch {
	case r.ID == "" || len(r.ID) > 200:
		return bad("id", "thiếu mã cuộc bầu cử (tối đa 200 ký tự)", "the contest id is missing (200 characters at most)")
	case r.Rules == "":
		return bad("rules", "thiếu loại bầu cử, ví dụ state-election/qh", "the contest kind is missing, for example state-election/qh")
	case r.Date.IsZero():
		return bad("date", "thiếu ngày bầu cử, dạng 2021-05-23", "the date is missing, like 2021-05-23")
	case r.Seats == nil:
		return bad("seats", "thiếu số người được bầu", "the number of seats is missing")
	case *r.Seats < 1 || *r.Seats > MaxSeats:
		return bad("seats", "số được bầu phải từ 1 đến %d", "seats must be 1 to %d", MaxSeats)
	case len(r.Candidates) == 0 || len(r.Candidates) > MaxCandidates:
		return bad("candidates", "danh sách phải có từ 1 đến %d người", "the list must have 1 to %d candidates", MaxCandidates)
	case r.Round < 0 || r.Round > 99:
		return bad("round", "lần bầu phải từ 1 đến 99", "the round must be 1 to 99")
	case r.Kind != "" && !slices.Contains(kinds, r.Kind):
		return bad("kind", "không biết %q; chỉ có %s", "%q is not known; there are %s", r.Kind, strings.Join(kinds, ", "))
	case r.Form != "" && !slices.Contains(forms, r.Form):
		return bad("form", "không biết %q; chỉ có %s", "%q is not known; there are %s", r.Form, strings.Join(forms, ", "))
	}
	ids := make(map[string]bool, len(r.Candidates))
	for i := range r.Candidates {
		c := &r.Candidates[i]
		if c.ID == "" || len(c.ID) > 100 || ids[c.ID] {
			return bad(fmt.Sprintf("candidates[%d].id", i), "mã %q trống, quá dài hoặc trùng", "id %q is empty, too long or stands twice", c.ID)
		}
		ids[c.ID] = true
		if _, _, err := bornInterval(c.Born); err != nil {
			return bad(fmt.Sprintf("candidates[%d].born", i), "%q không phải ngày, tháng hoặc năm sinh", "%q is not a date, month or year of birth", c.Born)
		}
		if c.Age != nil && (c.Age[0] < 0 || c.Age[1] < c.Age[0]) {
			return bad(fmt.Sprintf("candidates[%d].age", i), "khoảng thứ tự tuổi sai", "the age interval is wrong")
		}
	}
	if err := r.validateFigures(ids); err != nil {
		return err
	}
	for i, d := range r.Decisions {
		if d.Rule == "" || d.Choice == "" || strings.TrimSpace(d.Reason) == "" || strings.TrimSpace(d.By) == "" {
			return bad(fmt.Sprintf("decisions[%d]", i), "quyết định phải ghi điều khoản, lựa chọn, lý do và người quyết định",
				"a decision names its rule, choice, reason and who decided")
		}
	}
	return nil
}

var (
	kinds = []string{"first", "revote-tied", "further", "extra", "repeat", "by"}
	forms = []string{"strike", "agree", "recommend", "confidence3"}
)

func (r *Record) validateFigures(ids map[string]bool) error {
	for _, f := range []struct {
		name string
		v    *int64
	}{{"alternates", r.Alternates}, {"earlier_elected", r.EarlierElected},
		{"ballots.printed", r.Ballots.Printed}, {"ballots.issued", r.Ballots.Issued}, {"ballots.spoiled", r.Ballots.Spoiled},
		{"ballots.unused", r.Ballots.Unused}, {"ballots.collected", r.Ballots.Collected}, {"ballots.valid", r.Ballots.Valid},
		{"ballots.invalid", r.Ballots.Invalid}} {
		if err := figure(f.name, f.v); err != nil {
			return err
		}
	}
	if v := r.Voters; v != nil {
		if err := errors.Join(figure("voters.listed", v.Listed), figure("voters.voted", v.Voted)); err != nil {
			return firstInput(err)
		}
	}
	if b := r.Base; b != nil {
		if err := errors.Join(figure("base.summoned", b.Summoned), figure("base.present", b.Present), figure("base.incumbents", b.Incumbents)); err != nil {
			return firstInput(err)
		}
		for i, d := range b.Deductions {
			name := fmt.Sprintf("base.deductions[%d].count", i)
			if err := figure(name, &d.Count); err != nil {
				return err
			}
			if d.Persons != nil && int64(len(d.Persons)) != d.Count {
				return bad(name, "ghi %d người nhưng liệt kê %d", "says %d persons but lists %d", d.Count, len(d.Persons))
			}
		}
	}
	for _, m := range []struct {
		name string
		m    map[string]int64
		byID bool
	}{{"votes", r.Votes, true}, {"disagree", r.Disagree, true}, {"middle", r.Middle, true}, {"unmarked", r.Unmarked, true},
		{"ballots.invalid_by", r.Ballots.InvalidBy, false}, {"ballots.by_chosen", r.Ballots.ByChosen, false}} {
		for k, v := range m.m {
			if m.byID && !ids[k] {
				return bad(m.name+"."+k, "không có người này trong danh sách bầu cử", "there is no such candidate on the list")
			}
			if v < 0 || v > maxFigure {
				return bad(m.name+"."+k, "số %d không thể có", "the number %d cannot be", v)
			}
		}
	}
	for k := range r.Ballots.ByChosen {
		if n, err := strconv.Atoi(k); err != nil || n < 0 || n > MaxCandidates || strconv.Itoa(n) != k {
			return bad("ballots.by_chosen."+k, "phải là số người được chọn", "must be the number of names chosen")
		}
	}
	return nil
}

func figure(name string, v *int64) error {
	if v != nil && (*v < 0 || *v > maxFigure) {
		return bad(name, "số %d không thể có", "the number %d cannot be", *v)
	}
	return nil
}

func firstInput(err error) error {
	var ie *InputError
	errors.As(err, &ie)
	return ie
}

func byChosen(m map[string]int64) (ballots, votes, most int64) {
	for k, n := range m {
		chosen, _ := strconv.ParseInt(k, 10, 64)
		ballots += n
		votes += chosen * n
		if n > 0 {
			most = max(most, chosen)
		}
	}
	return ballots, votes, most
}

// bornInterval is the first and last day a birth date may mean: a full date,
// a month (2006-01) or a year.
func bornInterval(s string) (from, to vn.Date, err error) {
	switch len(s) {
	case 0:
		return vn.Date{}, vn.Date{}, nil
	case 4:
		from, err = vn.ParseDate(s + "-01-01")
		return from, vn.Date{Year: from.Year, Month: 12, Day: 31}, err
	case 7:
		from, err = vn.ParseDate(s + "-01")
		to = vn.Date{Year: from.Year, Month: from.Month + 1, Day: 1}.AddDays(-1)
		return from, to, err
	default:
		from, err = vn.ParseDate(s)
		return from, from, err
	}
}
