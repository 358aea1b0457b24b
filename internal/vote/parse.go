package vote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
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
		return nil, whichFigure(data, jsonError(data, err))
	}
	if bytes.Contains(data, []byte("null")) {
		if err := dropNulls(data, rec); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

// dropNulls forgets the figures that stand as null: a null was not recorded,
// but decoding leaves it as zero.
func dropNulls(data []byte, rec *Record) error {
	type figures map[string]*int64
	var raw struct {
		Votes, Disagree, Middle, Unmarked figures
		Ballots                           struct {
			InvalidBy figures `json:"invalid_by"`
			ByChosen  figures `json:"by_chosen"`
		}
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return jsonError(data, err)
	}
	for _, f := range []struct {
		from figures
		to   map[string]int64
	}{{raw.Votes, rec.Votes}, {raw.Disagree, rec.Disagree}, {raw.Middle, rec.Middle}, {raw.Unmarked, rec.Unmarked}} {
		for k, v := range f.from {
			if v == nil {
				delete(f.to, k)
			}
		}
	}
	for _, f := range []struct {
		name string
		from figures
	}{{"ballots.invalid_by", raw.Ballots.InvalidBy}, {"ballots.by_chosen", raw.Ballots.ByChosen}} {
		for _, k := range slices.Sorted(maps.Keys(f.from)) {
			if f.from[k] == nil {
				return bad(f.name+"."+k, "phải là số nguyên, không phải null", "must be a whole number, not null")
			}
		}
	}
	return nil
}

// jsonError says in plain words what the decoder did not take.
func jsonError(data []byte, err error) error {
	var te *json.UnmarshalTypeError
	var se *json.SyntaxError
	switch {
	case errors.As(err, &te) && te.Type == reflect.TypeFor[vn.Date](), !errors.As(err, &te) && !errors.As(err, &se):
		var raw struct{ Date json.RawMessage } // the only date of a record
		if json.Unmarshal(data, &raw) != nil || len(raw.Date) > 80 {
			raw.Date = nil
		}
		return bad("date", "%s: phải là ngày có thật dạng 2021-05-23", "%s: must be a day that exists, like 2021-05-23", raw.Date)
	case te != nil:
		is := jsonKinds[strings.Fields(te.Value + " ")[0]]
		want := jsonKinds[map[reflect.Kind]string{reflect.String: "string", reflect.Slice: "array", reflect.Array: "array"}[te.Type.Kind()]]
		switch te.Type.Kind() {
		case reflect.Int, reflect.Int64:
			if _, n, ok := strings.Cut(te.Value, " "); ok { // not whole, or out of all bounds
				is = rule.Words{VI: n, EN: n}
			}
			return &InputError{te.Field, rule.Words{VI: "phải là số nguyên, không phải " + is.VI, EN: "must be a whole number, not " + is.EN}}
		case reflect.Struct, reflect.Map:
			want = jsonKinds["object"]
		}
		return &InputError{te.Field, rule.Words{VI: "phải là " + want.VI + ", không phải " + is.VI, EN: "must be " + want.EN + ", not " + is.EN}}
	}
	return bad("", "không phải JSON đúng: %v", "is not correct JSON: %v", err)
}

// whichFigure names the candidate or cause whose figure is wrong, where the
// decoder names the map alone.
func whichFigure(data []byte, err error) error {
	var ie *InputError
	var raw struct {
		Votes, Disagree, Middle, Unmarked map[string]json.RawMessage
		Ballots                           struct {
			InvalidBy map[string]json.RawMessage `json:"invalid_by"`
			ByChosen  map[string]json.RawMessage `json:"by_chosen"`
		}
	}
	if !errors.As(err, &ie) || json.Unmarshal(data, &raw) != nil {
		return err
	}
	m := map[string]map[string]json.RawMessage{"votes": raw.Votes, "disagree": raw.Disagree, "middle": raw.Middle, "unmarked": raw.Unmarked,
		"ballots.invalid_by": raw.Ballots.InvalidBy, "ballots.by_chosen": raw.Ballots.ByChosen}[ie.Field]
	for _, k := range slices.Sorted(maps.Keys(m)) {
		var n int64
		if json.Unmarshal(m[k], &n) != nil {
			ie.Field += "." + k
			break
		}
	}
	return err
}

// jsonKinds says the decoder's words for what stands in a file.
var jsonKinds = map[string]rule.Words{
	"string": {VI: "chuỗi chữ", EN: "text"},
	"number": {VI: "số", EN: "a number"},
	"bool":   {VI: "đúng/sai", EN: "true or false"},
	"array":  {VI: "danh sách [ ]", EN: "a list [ ]"},
	"object": {VI: "nhóm trường { }", EN: "a group of fields { }"},
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
		if err := validateDeductions(b.Deductions); err != nil {
			return err
		}
	}
	for _, m := range []struct {
		name string
		m    map[string]int64
		byID bool
	}{{"votes", r.Votes, true}, {"disagree", r.Disagree, true}, {"middle", r.Middle, true}, {"unmarked", r.Unmarked, true},
		{"ballots.invalid_by", r.Ballots.InvalidBy, false}, {"ballots.by_chosen", r.Ballots.ByChosen, false}} {
		if err := validateMap(m.name, m.m, m.byID, ids); err != nil {
			return err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(r.Ballots.ByChosen)) {
		if n, err := strconv.Atoi(k); err != nil || n < 0 || n > MaxCandidates || strconv.Itoa(n) != k {
			return bad("ballots.by_chosen."+k, "phải là số người được chọn", "must be the number of names chosen")
		}
	}
	return nil
}

// validateDeductions wants a number for each reason, and nobody taken off twice.
func validateDeductions(ds []Deduction) error {
	seen := map[string]bool{}
	for i, d := range ds {
		name := fmt.Sprintf("base.deductions[%d]", i)
		switch {
		case d.Reason == "":
			return bad(name+".reason", "thiếu lý do", "the reason is missing")
		case d.Count < 0 || d.Count > maxFigure:
			return bad(name+".count", "thiếu số người, hoặc số không thể có", "the number of persons is missing or cannot be")
		case d.Persons != nil && int64(len(d.Persons)) != d.Count:
			return bad(name+".count", "ghi %d người nhưng liệt kê %d", "says %d persons but lists %d", d.Count, len(d.Persons))
		}
		for j, p := range d.Persons {
			if p == "" || seen[p] {
				return bad(fmt.Sprintf("%s.persons[%d]", name, j), "mã %q trống hoặc đã được trừ một lần rồi", "id %q is empty or was taken off already", p)
			}
			seen[p] = true
		}
	}
	return nil
}

// validateMap checks the figures of a map. Of several wrong ones it names the
// same at every run: the first by name.
func validateMap(name string, m map[string]int64, byID bool, ids map[string]bool) error {
	worst := ""
	for k, v := range m {
		if (byID && !ids[k] || v < 0 || v > maxFigure) && (worst == "" || k < worst) {
			worst = k
			if k == "" {
				break
			}
		}
	}
	v, wrong := m[worst]
	switch {
	case !wrong || (!byID || ids[worst]) && v >= 0 && v <= maxFigure:
		return nil
	case byID && !ids[worst]:
		return bad(name+"."+worst, "không có người này trong danh sách bầu cử", "there is no such candidate on the list")
	}
	return bad(name+"."+worst, "số %d không thể có", "the number %d cannot be", v)
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
