package paper

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Options are the wishes of the office for one ballot: the field "ballot" of a
// contest record. All are optional.
type Options struct {
	Form         string            `json:"form,omitempty"`         // strike, agree; absent: the record's, or by surplus
	Paper        string            `json:"paper,omitempty"`        // A4, A5; absent: A4, State ballots the official size
	Title        string            `json:"title,omitempty"`        // what is voted on, e.g. "Bầu Ban Chấp hành Đảng bộ tỉnh khóa XVIII"
	Organisation string            `json:"organisation,omitempty"` // whose congress or meeting; State: the constituency
	Upper        string            `json:"upper,omitempty"`        // the body above, printed over the organisation
	Place        string            `json:"place,omitempty"`        // before the date
	Instruction  string            `json:"instruction,omitempty"`  // absent: the form's own words
	Columns      int               `json:"columns,omitempty"`      // 1 or 2; absent: what sets best
	Sides        int               `json:"sides,omitempty"`        // at most so many sides, 1 or 2; absent: 2
	Marks        bool              `json:"marks,omitempty"`        // corner squares and code for reading; off unless asked for
	Titles       map[string]string `json:"titles,omitempty"`       // "Ông", "Bà" by candidate, printed before the name
	Notes        map[string]string `json:"notes,omitempty"`        // by candidate, printed in brackets after the name
}

// ParseContest reads a contest record and its ballot options. The error is an
// *InputError.
func ParseContest(data []byte) (*vote.Record, Options, error) {
	var opt Options
	rec, err := vote.ParseRecord(data)
	if err != nil {
		var ie *vote.InputError
		if errors.As(err, &ie) {
			return nil, opt, &InputError{ie.Field, ie.Says.VI, ie.Says.EN}
		}
		return nil, opt, bad("", "%v", "%v", err)
	}
	var raw struct{ Ballot json.RawMessage }
	if err := json.Unmarshal(data, &raw); err != nil || len(raw.Ballot) == 0 {
		return rec, opt, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw.Ballot, &fields); err != nil || fields == nil {
		return nil, opt, bad("ballot", "phải là nhóm trường { }", "must be a group of fields { }")
	}
	if err := json.Unmarshal(raw.Ballot, &opt); err != nil {
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			return nil, opt, bad("ballot."+te.Field, "không thể là %s", "cannot be %s", te.Value)
		}
		return nil, opt, bad("ballot", "không đọc được: %v", "cannot be read: %v", err)
	}
	return rec, opt, opt.validate(rec)
}

// validate checks the options by themselves; Design checks them against the
// list.
func (o *Options) validate(rec *vote.Record) error {
	known := map[string]bool{}
	for _, c := range rec.Candidates {
		known[c.ID] = true
	}
	switch {
	case o.Form != "" && o.Form != FormStrike && o.Form != FormAgree:
		return bad("ballot.form", "không in phiếu dạng %q; chỉ có strike (gạch tên), agree (đồng ý, không đồng ý)", "ballots of the form %q are not printed; there are strike, agree", o.Form)
	case o.Paper != "" && sheets[o.Paper] == (Sheet{}):
		return bad("ballot.paper", "không biết khổ giấy %q; chỉ có A4, A5", "paper %q is not known; there are A4, A5", o.Paper)
	case o.Columns < 0 || o.Columns > 2:
		return bad("ballot.columns", "phải là 1 hoặc 2 cột", "must be 1 or 2 columns")
	case o.Sides < 0 || o.Sides > MaxSides:
		return bad("ballot.sides", "phải là 1 hoặc %d mặt", "must be 1 or %d sides", MaxSides)
	}
	for _, t := range []struct {
		field, text string
		most        int
	}{{"title", o.Title, 240}, {"organisation", o.Organisation, 200}, {"upper", o.Upper, 200}, {"place", o.Place, 60}, {"instruction", o.Instruction, 400}} {
		if n := len([]rune(t.text)); n > t.most {
			return bad("ballot."+t.field, "dài %d ký tự, tối đa %d", "is %d characters long, %d at most", n, t.most)
		}
		if err := printable("ballot."+t.field, t.text); err != nil {
			return err
		}
	}
	for _, m := range []struct {
		field string
		texts map[string]string
		most  int
	}{{"titles", o.Titles, 20}, {"notes", o.Notes, 60}} {
		for _, id := range slices.Sorted(mapKeys(m.texts)) {
			field := "ballot." + m.field + "." + id
			switch n := len([]rune(m.texts[id])); {
			case !known[id]:
				return bad(field, "không có người này trong danh sách bầu cử", "there is no such candidate on the list")
			case n > m.most:
				return bad(field, "dài %d ký tự, tối đa %d", "is %d characters long, %d at most", n, m.most)
			}
			if err := printable(field, m.texts[id]); err != nil {
				return err
			}
		}
	}
	return nil
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// printable refuses letters that the fonts do not have: an empty box on a
// ballot is a wrong name.
func printable(field, text string) error {
	for _, style := range []string{"", "B", "I"} {
		if r, ok := missingLetter(style, strings.ToUpper(vn.NormalizeName(text))+vn.NormalizeName(text)); ok {
			return bad(field, "phông chữ không in được chữ %q (U+%04X)", "the font cannot print %q (U+%04X)", string(r), r)
		}
	}
	return nil
}

// named is a candidate as printed.
type named struct {
	id, name, note string
	order          int
}

// listed puts the names in printing order: by the order numbers of the record
// where it has them, else by given name (family name, middle name, earlier
// birth); equal names are told apart by birth or by the office's note.
func listed(rec *vote.Record, o *Options) ([]named, error) {
	if len(rec.Candidates) > MaxNames {
		return nil, bad("candidates", "danh sách %d người; phiếu một tờ hai mặt in được tối đa %d người", "%d names; one sheet of two sides takes %d at most", len(rec.Candidates), MaxNames)
	}
	type entry struct {
		at        int
		sort, key string // see vn.SortKey, vn.NameKey
		born      vn.PartialDate
		named
	}
	list := make([]entry, 0, len(rec.Candidates))
	numbered, taken := 0, map[int]string{}
	for i, c := range rec.Candidates {
		field := fmt.Sprintf("candidates[%d]", i)
		name := vn.NormalizeName(c.Name)
		if name == "" {
			return nil, bad(field+".name", "thiếu họ tên để in lên phiếu", "the name to print is missing")
		}
		if n := len([]rune(name)); n > 80 {
			return nil, bad(field+".name", "họ tên dài %d ký tự, tối đa 80", "the name is %d characters long, 80 at most", n)
		}
		if err := printable(field+".name", name); err != nil {
			return nil, err
		}
		if c.Order < 0 || c.Order > 999 {
			return nil, bad(field+".order", "số thứ tự phải từ 1 đến 999", "the order number must be 1 to 999")
		}
		if c.Order > 0 {
			if other := taken[c.Order]; other != "" {
				return nil, bad(field+".order", "số thứ tự %d đã là của %q", "order number %d is that of %q already", c.Order, other)
			}
			taken[c.Order] = c.ID
			numbered++
		}
		born, _ := vn.ParsePartial(c.Born)
		sort, key := vn.SortKey(name), vn.NameKey(name)
		if t := vn.NormalizeName(o.Titles[c.ID]); t != "" {
			name = t + " " + name
		}
		list = append(list, entry{i, sort, key, born, named{c.ID, name, vn.NormalizeName(o.Notes[c.ID]), c.Order}})
	}
	if numbered > 0 && numbered < len(list) {
		return nil, bad("candidates", "chỉ %d trong %d người có số thứ tự; ghi cho tất cả, hoặc để trống để xếp theo vần A, B, C của tên", "only %d of %d have an order number; give it to all, or to none to order them by given name", numbered, len(list))
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		if numbered > 0 {
			return a.order - b.order
		}
		if c := strings.Compare(a.sort, b.sort); c != 0 {
			return c
		}
		c, _ := a.born.Order(b.born)
		return c
	})
	names := make([]named, len(list))
	for i := range list {
		e := &list[i]
		if numbered == 0 {
			e.order = i + 1
		}
		names[i] = e.named
	}
	for i := range list {
		for j := range list {
			if i == j || list[i].key != list[j].key {
				continue
			}
			if names[i].note == "" && !list[i].born.IsZero() {
				names[i].note = bornWords(list[i].born)
			}
		}
	}
	for i := range list {
		for j := range i {
			if list[i].key == list[j].key && (names[i].note == names[j].note || names[i].note == "" || names[j].note == "") {
				return nil, bad(fmt.Sprintf("candidates[%d]", list[i].at),
					"%q trùng họ tên với một người khác; ghi ngày sinh khác nhau (born) hoặc ghi chú (ballot.notes) cho cả hai để phân biệt trên phiếu",
					"%q has the name of another person; give both a birth date (born) or a note (ballot.notes) that tells them apart on the ballot", names[i].name)
			}
		}
	}
	return names, nil
}

func bornWords(d vn.PartialDate) string {
	switch {
	case d.Full():
		return "sinh ngày " + d.Vietnamese()
	case d.Month != 0:
		return "sinh tháng " + d.Vietnamese()
	}
	return "sinh năm " + d.Vietnamese()
}
