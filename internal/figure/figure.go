// Package figure is the numbers of a paper (tờ trình, danh sách trích ngang,
// biên bản …): a text holds them as {1}, {2} …, the places of a list in which
// each names the entry and the field it comes from, a sum of earlier numbers, or
// a share. Whoever makes a paper and the verifier that reads it years later
// check it with the same code: no number without its source, none written past
// the list.
//
//	p := figure.Paper{Figures: figs, Texts: texts}
//	bad, err := p.Check(func(f figure.Figure) (bool, error) { … }) // bad == nil: all is well
package figure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/vn"
)

// Figure is a number with where it comes from: a field of an entry's body
// ("hand.for", "order.#" for the length of a list), a field of a meeting as it
// stood at the entry ("as-of.present"), a sum of earlier numbers (a negative
// place takes off), or a share of one in another.
type Figure struct {
	Value int64  `json:"value"`
	Entry int64  `json:"entry,omitempty"`
	Field string `json:"field,omitempty"`
	Sum   []int  `json:"sum,omitempty"`
	Share []int  `json:"share,omitempty"` // two places: part, whole
	Text  string `json:"text,omitempty"`  // of a share, percent
}

// Cited says that the number is that of a field of an entry.
func (f Figure) Cited() bool { return f.Field != "" }

// Text is one text of a paper; Number says that it is a cell of a column in
// which only numbers stand.
type Text struct {
	Says   string
	Number bool
}

// Paper is what of a paper bears numbers.
type Paper struct {
	Figures []Figure
	Texts   []Text
}

var (
	ref   = regexp.MustCompile(`\{(\d+)\}`)
	naked = regexp.MustCompile(`(?i)(^|[^\d./-])\d[\d.,]*\s*(%|phiếu|đại biểu|người|đồng chí|đảng viên)`)
)

// Say is a text with its numbers set in.
func Say(figures []Figure, text string) string {
	return ref.ReplaceAllStringFunc(text, func(m string) string {
		n, err := strconv.Atoi(m[1 : len(m)-1])
		if err != nil || n < 1 || n > len(figures) {
			return m
		}
		f := figures[n-1]
		if f.Share != nil {
			return vn.Comma(f.Text) + "%"
		}
		return vn.Thousands(f.Value)
	})
}

// Percent is part of whole in percent, two decimals, half up.
func Percent(part, of int64) string {
	hundredths := (part*20000/of + 1) / 2
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// Bad is the first thing that is wrong: a text with a number that has no
// source, or the figure at a place (from 1) that is not what its source says.
type Bad struct {
	Text  string
	Place int // 0: the text is wrong
}

// Check finds the first number that does not stand: a place that does not
// exist, a number written past the figures, a figure that stands nowhere, a sum
// or share that does not come out, a field that source does not vouch for.
func (p Paper) Check(source func(f Figure) (bool, error)) (*Bad, error) {
	used := make([]bool, len(p.Figures))
	for _, t := range p.Texts {
		for _, m := range ref.FindAllStringSubmatch(t.Says, -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil || n < 1 || n > len(p.Figures) {
				return &Bad{Text: t.Says}, nil
			}
			used[n-1] = true
		}
		if bare := ref.ReplaceAllString(t.Says, ""); naked.MatchString(bare) || t.Number && strings.ContainsAny(bare, "0123456789") {
			return &Bad{Text: t.Says}, nil
		}
	}
	for _, f := range p.Figures {
		for _, n := range append(slices.Clone(f.Sum), f.Share...) {
			if n = max(n, -n); n >= 1 && n <= len(used) {
				used[n-1] = true
			}
		}
	}
	for i, f := range p.Figures {
		ok, err := p.holds(i, f, source)
		if err != nil {
			return nil, err
		}
		if !ok || !used[i] {
			return &Bad{Place: i + 1}, nil
		}
	}
	return nil, nil
}

// holds says whether the figure at i is what it says it is.
func (p Paper) holds(i int, f Figure, source func(f Figure) (bool, error)) (bool, error) {
	earlier := func(n int) (int64, bool) {
		if n < 1 || n > i || p.Figures[n-1].Share != nil {
			return 0, false
		}
		return p.Figures[n-1].Value, true
	}
	switch {
	case len(f.Sum) > 0:
		var sum int64
		for _, n := range f.Sum {
			v, ok := earlier(max(n, -n))
			if !ok {
				return false, nil
			}
			if n < 0 {
				v = -v
			}
			sum += v
		}
		return sum == f.Value && f.Entry == 0 && f.Share == nil && f.Field == "", nil
	case f.Share != nil:
		if len(f.Share) != 2 {
			return false, nil
		}
		a, ok1 := earlier(f.Share[0])
		b, ok2 := earlier(f.Share[1])
		return ok1 && ok2 && a >= 0 && a < 1<<40 && b > 0 && f.Text == Percent(a, b) && f.Value == 0 && f.Entry == 0 && f.Field == "", nil
	}
	if f.Entry < 0 || f.Field == "" {
		return false, nil
	}
	return source(f)
}

// numberColumns are the columns (from 0) of each kind of table of papers in
// which only numbers stand.
var numberColumns = map[string][]int{
	"ket_qua": {2, 3}, "doan": {2, 3, 4, 5}, "cac_buoc": {2, 3, 5, 6}, "dien_bien": {2, 3, 4, 5, 6, 8, 9},
	"ung_cu": nil, "nguoi": nil, "tru": nil, "trung_cu": nil, "trich_ngang": nil, "dieu_kien": nil, "y_kien": nil,
}

// NumberColumns are the columns (from 0) of a kind of table in which only
// numbers stand; false for a kind that papers do not have.
func NumberColumns(table string) ([]int, bool) {
	c, ok := numberColumns[table]
	return c, ok
}
