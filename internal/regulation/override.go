package regulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Override is the small form for the commonest case: the province sets another
// value for one parameter of a document in force.
type Override struct {
	Over      rule.DocRef // the document
	Parameter string
	Value     string // as typed: 30, 3/10, 30 %
	Number    string // the province's decision
	Date      vn.Date
	Article   string // of the decision
	Title     rule.Words
	Issuer    rule.Words
	From, To  vn.Date // To zero: until replaced
}

// YAML writes the regulation file for the form, ready for AddEdition. lib is
// the library in force; the parameter's type, unit and words come from it.
func (o Override) YAML(lib *rule.Library) (file string, text []byte, err error) {
	var p *rule.Parameter
	for _, v := range InForce(lib, o.Over, o.From) {
		if v.ID == o.Parameter {
			p = v.Parameter
		}
	}
	switch {
	case strings.TrimSpace(o.Number) == "":
		return "", nil, desk.Wrong("number", "Thiếu số quyết định của tỉnh.", "The number of the province's decision is missing.")
	case o.Date.IsZero():
		return "", nil, desk.Wrong("date", "Thiếu ngày quyết định.", "The date of the decision is missing.")
	case o.From.IsZero():
		return "", nil, desk.Wrong("from", "Thiếu ngày bắt đầu áp dụng.", "The first day it applies is missing.")
	case !o.To.IsZero() && o.To.Before(o.From):
		return "", nil, desk.Wrong("to", "Ngày kết thúc trước ngày bắt đầu.", "The last day lies before the first.")
	case p == nil:
		return "", nil, desk.Wrong("parameter", "Ngày bắt đầu áp dụng, văn bản này không có tham số đã chọn. Hãy chọn lại tham số hoặc ngày.",
			"On the first day this document does not have the chosen parameter. Choose another parameter or day.")
	case strings.TrimSpace(o.Title.VI) == "":
		return "", nil, desk.Wrong("title", "Thiếu trích yếu của quyết định.", "The decision's title is missing.")
	case strings.TrimSpace(o.Article) == "":
		return "", nil, desk.Wrong("article", "Thiếu điều, khoản của quyết định.", "The article of the decision is missing.")
	}
	v, err := ParseValue(o.Value)
	if err == nil && v.Den != 1 && p.Type != "fraction" {
		err = fmt.Errorf("not whole")
	}
	if err != nil {
		if p.Type == "fraction" {
			return "", nil, desk.Wrong("value", "Giá trị mới phải là phân số, ví dụ 3/10 hoặc 30%.", "The new value must be a fraction, for example 3/10 or 30%.")
		}
		return "", nil, desk.Wrong("value", "Giá trị mới phải là số nguyên không âm.", "The new value must be a whole number, not negative.")
	}
	slug := Slug(o.Number, o.Date)
	edition := "1"
	for i := 1; Find(lib, slug, edition) != nil; i++ {
		edition = fmt.Sprint(i + 1)
	}
	if o.Title.EN == "" {
		o.Title.EN = o.Title.VI
	}
	if o.Issuer.EN == "" {
		o.Issuer.EN = o.Issuer.VI
	}
	var b bytes.Buffer
	w := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	w("document:\n  number: %s\n  date: %s\n  kind: decision\n", quote(o.Number), o.Date)
	w("  title: {vi: %s, en: %s}\n", quote(o.Title.VI), quote(o.Title.EN))
	if o.Issuer.VI != "" {
		w("  issuer: {vi: %s, en: %s}\n", quote(o.Issuer.VI), quote(o.Issuer.EN))
	}
	w("edition: %s\n", quote(edition))
	// One series per document it stands over keeps overrides in order of their first day.
	w("series: %s\n", quote("over/"+Slug(o.Over.Number, o.Over.Date)))
	w("valid:\n  from: %s\n", o.From)
	if !o.To.IsZero() {
		w("  to: %s\n", o.To)
	}
	w("override: {number: %s, date: %s}\n", quote(o.Over.Number), o.Over.Date)
	w("parameters:\n  - id: %s\n", p.ID)
	w("    title: {vi: %s, en: %s}\n", quote(p.Title.VI), quote(p.Title.EN))
	w("    type: %s\n", p.Type)
	if p.Type == "fraction" {
		w("    value: [%d, %d]\n", v.Num, v.Den)
	} else {
		w("    value: %d\n", v.Num)
	}
	w("    unit: {vi: %s, en: %s}\n", quote(p.Unit.VI), quote(p.Unit.EN))
	w("    article: %s\n    evidence: confirmed\n", quote(o.Article))
	w("    source: %s\n", quote(strings.TrimSpace(o.Number)+", "+o.Date.Vietnamese()))
	return FileName(slug + "-" + edition), b.Bytes(), nil
}

// quote writes a text as a YAML scalar in double quotes: what JSON writes is
// read the same way there, whatever it holds.
func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(strings.Join(strings.Fields(s), " ")); err != nil {
		return `""`
	}
	return strings.TrimRight(b.String(), "\n")
}
