package procedure

import (
	"context"
	"fmt"
	"slices"
	"unicode"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Registry is what the registry has on record of a person that lines of the
// sheet of conditions ask for, as it stands now, up to a day: discipline in
// force from, declarations of assets, examinations of health. What was withheld
// or erased is not among it.
type Registry struct{ facts []person.Fact }

// disciplineOf is the form of discipline (code list "discipline") that a fact of
// a condition speaks of.
var disciplineOf = map[string]string{"months-since-reprimand": "reprimand", "months-since-warning": "warning", "months-since-removal": "dismissal"}

// blockOfPaper is the block of the registry that knows a paper of a condition.
var blockOfPaper = map[string]string{"asset-declaration": "asset", "health-certificate": "health"}

// FromRegistry reads it. Discipline of a mass organisation is left out: what
// makes a person wait is that of the Party and of the State.
func FromRegistry(ctx context.Context, tx *store.Tx, id string, on vn.Date) (Registry, error) {
	all, err := person.FactsUntil(ctx, tx, id, org.Now(on))
	if err != nil {
		return Registry{}, err
	}
	all = slices.DeleteFunc(all, func(f person.Fact) bool {
		return !f.Present || !slices.Contains([]string{"discipline", "asset", "health"}, f.Block) || f.Block == "discipline" && f.Values["side"] == "union"
	})
	return Registry{all}, nil
}

// Asks says that the registry keeps what a condition asks for.
func Asks(c *rule.Condition) bool {
	return disciplineOf[c.Fact] != "" || blockOfPaper[c.Paper] != ""
}

// Of are the facts that a condition asks for, oldest first.
func (r Registry) Of(c *rule.Condition) []person.Fact {
	var out []person.Fact
	for _, f := range r.facts {
		if form := disciplineOf[c.Fact]; form != "" && f.Block == "discipline" && f.Values["form"] == form || f.Block == blockOfPaper[c.Paper] {
			out = append(out, f)
		}
	}
	return out
}

// last is the newest discipline of a form.
func (r Registry) last(form string) (f person.Fact, ok bool) {
	for _, x := range r.facts {
		if x.Block == "discipline" && x.Values["form"] == form && (!ok || f.From.Before(x.From)) {
			f, ok = x, true
		}
	}
	return f, ok
}

// Days are the newest days of discipline on record, by the field of Facts.
func (r Registry) Days() map[string]vn.Date {
	out := map[string]vn.Date{}
	for form, field := range map[string]string{"reprimand": "reprimand", "warning": "warning", "dismissal": "removal"} {
		if f, ok := r.last(form); ok {
			out[field] = f.From
		}
	}
	return out
}

// discipline fills the days of discipline from the registry, and refuses facts
// that contradict it: the registry or what was typed is wrong, and people say
// which.
func (r Registry) discipline(f Facts) (Facts, error) {
	for _, x := range []struct {
		form, field string
		day         *vn.Date
	}{{"reprimand", "reprimand", &f.Reprimand}, {"warning", "warning", &f.Warning}, {"dismissal", "removal", &f.Removal}} {
		got, ok := r.last(x.form)
		if !ok {
			continue
		}
		word, _ := person.FactCodeOf("discipline", x.form)
		switch {
		case f.NoDiscipline:
			return f, desk.Wrong("no_discipline", fmt.Sprintf("Hồ sơ cán bộ ghi kỷ luật %s thi hành từ %s (mục %d): bỏ đánh dấu không có kỷ luật, hoặc sửa hồ sơ cán bộ.", lower(word.VI), got.From.Vietnamese(), got.Content),
				fmt.Sprintf("The registry has a %s in force from %s (entry %d): take the mark away, or correct the registry.", lower(word.EN), got.From, got.Content))
		case x.day.IsZero():
			*x.day = got.From
		case *x.day != got.From:
			return f, desk.Wrong(x.field, fmt.Sprintf("Hồ sơ cán bộ ghi ngày thi hành %s là %s (mục %d), khác ngày vừa nhập: sửa một trong hai.", lower(word.VI), got.From.Vietnamese(), got.Content),
				fmt.Sprintf("The registry has the %s in force from %s (entry %d), another day than the one typed: correct one of the two.", lower(word.EN), got.From, got.Content))
		}
	}
	return f, nil
}

// lower is a word of a list in the middle of a sentence.
func lower(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}
