package docx

import (
	"fmt"
	"slices"
	"strings"
)

// numbering are the lists of a document, and how far each has counted.
type numbering struct {
	levels map[string][]*node // of a num, by level
	starts map[string]map[int]int
	counts map[string][]int
	shares map[string]string // num → abstract: nums of one abstract count together
}

const (
	maxLevels = 9
	unset     = -1 << 30
)

func readNumbering(root *node) *numbering {
	n := &numbering{levels: map[string][]*node{}, starts: map[string]map[int]int{}, counts: map[string][]int{}, shares: map[string]string{}}
	if root == nil {
		return n
	}
	abstract := map[string][]*node{}
	byLevel := func(k *node, out []*node) {
		for _, l := range k.kids {
			if local(l.name) == "lvl" {
				if i := number(l.attr("ilvl"), -1); i >= 0 && i < maxLevels {
					out[i] = l
				}
			}
		}
	}
	for _, k := range root.kids {
		if local(k.name) == "abstractNum" {
			ls := make([]*node, maxLevels)
			byLevel(k, ls)
			abstract[k.attr("abstractNumId")] = ls
		}
	}
	for _, k := range root.kids {
		if local(k.name) != "num" {
			continue
		}
		id, of := k.attr("numId"), k.val("abstractNumId", "")
		ls := append([]*node(nil), abstract[of]...)
		if ls == nil {
			continue
		}
		n.shares[id] = of
		for _, o := range k.kids {
			if local(o.name) != "lvlOverride" {
				continue
			}
			n.shares[id] = id + "/own"
			i := number(o.attr("ilvl"), -1)
			if i < 0 || i >= maxLevels {
				continue
			}
			if l := o.child("lvl"); l != nil {
				ls[i] = l
			}
			if s := o.child("startOverride"); s != nil {
				if n.starts[id] == nil {
					n.starts[id] = map[int]int{}
				}
				n.starts[id][i] = number(s.attr("val"), 1)
			}
		}
		n.levels[id] = ls
	}
	return n
}

// label counts a paragraph that stands in a list and gives its label with the
// level; "" for others.
func (n *numbering) label(direct *node, styled chain) (string, *node) {
	c := append(chain{direct}, styled...)
	pr := c.get("numPr")
	if pr == nil {
		return "", nil
	}
	id, at := pr.val("numId", "0"), number(pr.val("ilvl", "0"), 0)
	ls := n.levels[id]
	if ls == nil || at < 0 || at >= len(ls) || ls[at] == nil {
		return "", nil
	}
	key := n.shares[id]
	if n.counts[key] == nil {
		n.counts[key] = slices.Repeat([]int{unset}, maxLevels)
	}
	count := n.counts[key]
	start := func(i int) int {
		if s, ok := n.starts[id][i]; ok {
			return s
		}
		return number(ls[i].val("start", "1"), 1)
	}
	for i := 0; i <= at; i++ { // a level above that was never counted stands at its start
		if count[i] == unset && ls[i] != nil {
			count[i] = start(i)
			if i == at {
				count[i]--
			}
		}
	}
	if count[at]++; count[at] < 0 {
		count[at] = 0
	}
	for i := at + 1; i < maxLevels; i++ {
		count[i] = unset
	}
	text := ls[at].val("lvlText", "")
	for i := range maxLevels {
		mark := fmt.Sprintf("%%%d", i+1)
		if !strings.Contains(text, mark) {
			continue
		}
		v := ""
		if i <= at && ls[i] != nil && count[i] != unset {
			form := ls[i].val("numFmt", "decimal")
			if on(ls[at].val("isLgl", "0")) {
				form = "decimal"
			}
			v = numeral(form, count[i])
		}
		text = strings.ReplaceAll(text, mark, v)
	}
	if ls[at].val("numFmt", "decimal") == "bullet" {
		font := strings.ToLower(ls[at].child("rPr").child("rFonts").attr("ascii"))
		if strings.HasPrefix(font, "wingdings") || font == "symbol" || font == "webdings" {
			text = strings.Map(func(c rune) rune { return symbol(font, c) }, text)
		}
	}
	return text, ls[at]
}

// numeral writes a number in a form of Word.
func numeral(form string, n int) string {
	switch form {
	case "none":
		return ""
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n)
	case "lowerLetter":
		return strings.ToLower(letters(n))
	}
	return fmt.Sprint(n)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return fmt.Sprint(n)
	}
	var b strings.Builder
	for _, x := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= x.v; n -= x.v {
			b.WriteString(x.s)
		}
	}
	return b.String()
}

// letters is A … Z, AA, BB and so on, as Word counts.
func letters(n int) string {
	if n < 1 || n > 26*20 {
		return fmt.Sprint(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}
