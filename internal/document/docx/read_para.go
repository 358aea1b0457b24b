package docx

import (
	"slices"
	"strings"
)

// styleChain are the properties of a kind ("pPr", "rPr") of a style and of
// those it is based on, the strongest first.
func (r *reader) styleChain(id, kind string) (out chain) {
	for depth := 0; id != "" && depth < 20; depth++ {
		s := r.styles[id]
		if s == nil {
			break
		}
		if p := s.child(kind); p != nil {
			out = append(out, p)
		}
		id = s.val("basedOn", "")
	}
	return out
}

// para reads a paragraph; texts of boxes that hang on it follow it.
func (r *reader) para(n *node) []Block {
	outer := r.after
	r.after = nil
	direct := n.child("pPr")
	style := direct.val("pStyle", r.normal)
	if r.styles[style] == nil {
		style = r.normal
	}
	styled := r.styleChain(style, "pPr")
	c := chain{direct}
	label, level := r.nums.label(direct, styled)
	if level != nil && direct.child("numPr") != nil {
		c = append(c, level.child("pPr"))
	}
	c = append(c, styled...)
	if level != nil && direct.child("numPr") == nil {
		c = append(c, level.child("pPr"))
	}
	c = append(c, r.pDef)
	p := r.paraLook(c, style)
	base := append(r.styleChain(style, "rPr"), r.rDef)
	p.Mark = r.look(append(chain{direct.child("rPr")}, base...))
	if label != "" {
		lc := base
		if level != nil {
			lc = append(chain{level.child("rPr"), direct.child("rPr")}, base...)
		}
		look := r.look(lc)
		p.Runs = append(p.Runs, r.letters(label, look, ""))
		switch level.val("suff", "tab") {
		case "tab":
			p.Runs = append(p.Runs, Run{Kind: TabRun, Look: look})
		case "space":
			p.Runs = append(p.Runs, Run{Text: " ", Look: look})
		}
	}
	w := &runs{r: r, p: p, base: base}
	w.kids(n.kids, nil)
	out := append([]Block{{P: p}}, r.after...)
	r.after = outer
	return out
}

func (r *reader) paraLook(c chain, style string) *Para {
	p := &Para{Align: "left", Rule: "auto", Line: 1, Style: style}
	switch k := c.get("jc"); k.attr("val") {
	case "center":
		p.Align = "center"
	case "right", "end":
		p.Align = "right"
	case "both", "distribute", "thaiDistribute", "lowKashida", "mediumKashida", "highKashida":
		p.Align = "both"
	}
	side := func(or float64, names ...string) float64 {
		if v, ok := c.attr("ind", names...); ok {
			return length(v, or)
		}
		return or
	}
	p.Left, p.Right = side(0, "left", "start"), side(0, "right", "end")
	for _, n := range c {
		k := n.child("ind")
		if v := k.attr("hanging"); v != "" {
			p.First = -length(v, 0)
			break
		}
		if v := k.attr("firstLine"); v != "" {
			p.First = length(v, 0)
			break
		}
	}
	gap := func(name string) float64 {
		if v, ok := c.attr("spacing", name+"Autospacing"); ok && on(v) {
			return 14
		}
		if v, ok := c.attr("spacing", name); ok {
			return min(max(length(v, 0), 0), 400)
		}
		return 0
	}
	p.Before, p.After = gap("before"), gap("after")
	if v, ok := c.attr("spacing", "line"); ok {
		rule, _ := c.attr("spacing", "lineRule")
		switch rule {
		case "exact", "exactly":
			p.Rule, p.Line = "exact", min(max(length(v, 12), 1), 200)
		case "atLeast":
			p.Rule, p.Line = "atLeast", min(max(length(v, 12), 0), 200)
		default:
			p.Line = min(max(float64(number(v, 240))/240, 0.25), 10)
		}
	}
	p.KeepNext, p.KeepLines, p.NewPage, p.Close = c.is("keepNext"), c.is("keepLines"), c.is("pageBreakBefore"), c.is("contextualSpacing")
	if k := c.get("widowControl"); k != nil && !on(k.attrOr("val", "1")) {
		p.Loose = true
	}
	if k := c.get("pBdr"); k != nil {
		p.Edges = edges(k, Edges{})
	}
	p.Fill = colour(c.get("shd").attr("fill"))
	if c.get("framePr") != nil {
		r.odd("khung đặt tự do (frame): PDF in liền dòng", "a frame: drawn in line")
	}
	r.tabs(p, c)
	return p
}

func (r *reader) tabs(p *Para, c chain) {
	for i := len(c) - 1; i >= 0; i-- {
		k := c[i].child("tabs")
		if k == nil {
			continue
		}
		for _, t := range k.kids {
			if local(t.name) != "tab" {
				continue
			}
			x := Tab{At: length(t.attr("pos"), 0), Align: "left"}
			p.Tabs = slices.DeleteFunc(p.Tabs, func(o Tab) bool { return o.At == x.At })
			switch t.attr("val") {
			case "clear", "bar":
				continue
			case "center":
				x.Align = "center"
			case "right", "end", "decimal":
				x.Align = "right"
			}
			switch t.attr("leader") {
			case "dot", "middleDot":
				x.Leader = "."
			case "underscore", "heavy":
				x.Leader = "_"
			case "hyphen":
				x.Leader = "-"
			}
			if len(p.Tabs) < 64 {
				p.Tabs = append(p.Tabs, x)
			}
		}
	}
	slices.SortStableFunc(p.Tabs, func(a, b Tab) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
}

// edges are the lines of a border element; sides it does not name stay as they
// were.
func edges(n *node, out Edges) Edges {
	for i, names := range [4][2]string{{"top"}, {"right", "end"}, {"bottom"}, {"left", "start"}} {
		for _, name := range names {
			if name == "" {
				continue
			}
			if k := n.child(name); k != nil {
				out[i] = edge(k)
			}
		}
	}
	return out
}

func edge(k *node) Edge {
	switch k.attr("val") {
	case "", "nil", "none":
		return 0
	}
	return min(max(float64(number(k.attr("sz"), 4))/8, 0.25), 6)
}

// look resolves the letters of a chain.
func (r *reader) look(c chain) Look {
	l := Look{Size: 10}
	if v, ok := c.attr("sz", "val"); ok {
		l.Size = min(max(float64(number(v, 20))/2, 1), 120)
	}
	l.Bold, l.Italic, l.Strike = c.is("b"), c.is("i"), c.is("strike") || c.is("dstrike")
	if k := c.get("u"); k != nil {
		l.Underline = on(k.attrOr("val", "single"))
	}
	switch v, _ := c.attr("vertAlign", "val"); v {
	case "superscript":
		l.Raised = 1
	case "subscript":
		l.Raised = -1
	}
	v, _ := c.attr("color", "val")
	l.Colour = colour(v)
	if v, _ := c.attr("shd", "fill"); v != "" {
		l.Fill = colour(v)
	}
	if v, _ := c.attr("highlight", "val"); v != "" && v != "none" {
		l.Fill = highlights[v]
	}
	if l.Colour == "FFFFFF" && l.Fill == "" {
		l.Colour = "" // white on white would be lost on paper
	}
	return l
}

var highlights = map[string]string{"yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "lightGray": "C0C0C0"}

// letters is a run of text in its look, with capitals and symbol fonts put to
// letters that can be drawn.
func (r *reader) letters(text string, l Look, font string) Run {
	low := strings.ToLower(font)
	switch {
	case strings.HasPrefix(low, ".vn"), strings.HasPrefix(low, "vni"):
		r.odd("chữ Việt đúng dấu ở phông "+short(font)+" (không phải Unicode): hãy đổi sang Times New Roman trong Word", "Vietnamese letters of the font "+short(font)+", which is not Unicode: change it to Times New Roman in Word")
	case strings.HasPrefix(low, "wingdings"), low == "symbol", low == "webdings":
		text = strings.Map(func(c rune) rune { return symbol(low, c) }, text)
	case low != "" && !slices.Contains(serifs, low):
		r.odd("phông "+short(font)+": PDF dùng chữ như Times New Roman", "the font "+short(font)+": drawn in letters like Times New Roman")
	}
	return Run{Text: text, Look: l}
}

func short(s string) string { return string([]rune(s)[:min(len([]rune(s)), 40)]) }

var serifs = []string{"times new roman", "times", "liberation serif", "tinos", "serif"}

// symbol is a letter that shows what a code of a symbol font shows.
func symbol(font string, c rune) rune {
	if c >= 0xF000 && c <= 0xF0FF {
		c -= 0xF000
	}
	if font == "symbol" {
		if c == 0xB7 {
			return '•'
		}
		return c
	}
	switch c {
	case 0x6F, 0x70, 0x71, 0x72, 0xA8:
		return '□'
	case 0x6E, 0xA7:
		return '■'
	case 0xFC, 0xFE, 0xFD, 0xFB:
		return '√'
	case 0xD8, 0xE0, 0xE8:
		return '→'
	case ' ':
		return ' '
	}
	return '•'
}
