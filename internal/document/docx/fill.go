package docx

import (
	"regexp"
	"strings"
)

var (
	mark  = regexp.MustCompile(`\{\{\s*([#/]?)\s*([a-z0-9_]+)\s*\}\}`)
	alone = regexp.MustCompile(`^\s*\{\{\s*([#/])\s*([a-z0-9_]+)\s*\}\}\s*$`)
)

type filler struct {
	size  int
	media *media // of the part being filled
}

func (f *filler) grow(n int) error {
	if f.size += n; f.size > maxOut {
		return refuse("Văn bản làm ra quá lớn.", "the filled document is too large")
	}
	return nil
}

func find(scope []Data, name string) (string, bool) {
	for i := len(scope) - 1; i >= 0; i-- {
		if v, ok := scope[i].Text[name]; ok {
			return v, true
		}
	}
	return "", false
}

func list(scope []Data, name string) ([]Data, bool) {
	for i := len(scope) - 1; i >= 0; i-- {
		if v, ok := scope[i].List[name]; ok {
			return v, true
		}
		// A text works as a condition: there when it says something.
		if v, ok := scope[i].Text[name]; ok {
			if v == "" {
				return nil, true
			}
			return []Data{{}}, true
		}
	}
	return nil, false
}

// paraText is the text of a paragraph, without that of boxes inside it.
func paraText(p *node) string {
	var b strings.Builder
	for _, t := range texts(p) {
		b.WriteString(t.content())
	}
	return b.String()
}

// texts are the w:t of a paragraph in their order.
func texts(p *node) (out []*node) {
	for _, k := range p.kids {
		switch k.name {
		case "w:t":
			out = append(out, k)
		case "w:p", "w:txbxContent":
		default:
			out = append(out, texts(k)...)
		}
	}
	return out
}

// children fills a run of siblings: blocks between marks that stand alone,
// rows that hold a list, and everything else in its place.
func (f *filler) children(kids []*node, scope []Data) ([]*node, error) {
	var out []*node
	for i := 0; i < len(kids); i++ {
		k := kids[i]
		if k.name == "w:p" {
			if m := alone.FindStringSubmatch(paraText(k)); m != nil {
				if m[1] == "/" {
					return nil, refuse("Mẫu có {{/%s}} mà không có {{#%[1]s}} trước nó.", "the template closes {{/%s}} that was not opened", m[2])
				}
				end := closing(kids, i, m[2])
				if end < 0 {
					return nil, refuse("Mẫu có {{#%s}} mà không có đoạn {{/%[1]s}} sau nó.", "the template opens {{#%s}} and does not close it", m[2])
				}
				items, ok := list(scope, m[2])
				if !ok {
					return nil, unknown(m[2])
				}
				for _, d := range items {
					got, err := f.children(kids[i+1:end], append(scope[:len(scope):len(scope)], d))
					if err != nil {
						return nil, err
					}
					out = append(out, got...)
				}
				i = end
				continue
			}
		}
		if k.name == "w:tr" {
			if name, ok := rowList(k); ok {
				items, known := list(scope, name)
				if !known {
					return nil, unknown(name)
				}
				bare := k.clone()
				strip(bare, name)
				for _, d := range items {
					got, err := f.one(bare, append(scope[:len(scope):len(scope)], d))
					if err != nil {
						return nil, err
					}
					out = append(out, got)
				}
				continue
			}
		}
		got, err := f.one(k, scope)
		if err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}

func unknown(name string) error {
	return refuse("Mẫu có {{%s}} là tên không có trong giấy này.", "the template names {{%s}}, which this paper does not have", name)
}

func closing(kids []*node, at int, name string) int {
	depth := 0
	for i := at; i < len(kids); i++ {
		if kids[i].name != "w:p" {
			continue
		}
		if m := alone.FindStringSubmatch(paraText(kids[i])); m != nil && m[2] == name {
			if m[1] == "#" {
				depth++
			} else if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// rowList is the list that a row repeats for: its first mark opens the list
// and its last closes it.
func rowList(tr *node) (string, bool) {
	var all strings.Builder
	tr.walk(func(n *node) {
		if n.name == "w:p" {
			all.WriteString(paraText(n))
		}
	})
	ms := mark.FindAllStringSubmatch(all.String(), -1)
	if len(ms) < 2 || ms[0][1] != "#" || ms[len(ms)-1][1] != "/" || ms[0][2] != ms[len(ms)-1][2] {
		return "", false
	}
	return ms[0][2], true
}

// strip takes the marks of a row's own list out of it.
func strip(tr *node, name string) {
	tr.walk(func(n *node) {
		if n.name == "w:p" {
			_ = replace(n, func(kind, mark string) (string, bool, error) { return "", kind != "" && mark == name, nil })
		}
	})
}

func (f *filler) one(n *node, scope []Data) (*node, error) {
	if n.name == "" && n.kids == nil {
		return n, f.grow(len(n.text))
	}
	if err := f.grow(2*len(n.name) + 5); err != nil {
		return nil, err
	}
	c := &node{name: n.name, attrs: n.attrs}
	if n.name == "w:p" {
		p := n.clone()
		c.attrs = p.attrs
		if err := replace(p, func(kind, name string) (string, bool, error) {
			if kind != "" {
				return "", false, refuse("{{%s%s}} phải đứng riêng một đoạn hoặc bao trọn một hàng của bảng.", "{{%s%s}} must stand alone in a paragraph or enclose a table row", kind, name)
			}
			if _, ok := picture(scope, name); ok {
				return opens + name + closes, true, nil
			}
			v, ok := find(scope, name)
			if !ok {
				return "", false, unknown(name)
			}
			return clean(v), true, nil
		}); err != nil {
			return nil, err
		}
		f.pictures(p, scope)
		n = p
	}
	for _, a := range c.attrs {
		if err := f.grow(len(a.name) + len(a.value) + 4); err != nil {
			return nil, err
		}
	}
	var err error
	c.kids, err = f.children(n.kids, scope)
	return c, err
}

// replace puts values for the marks of a paragraph, over as many runs as Word
// spread them. The value takes the look of the run in which the mark begins.
func replace(p *node, value func(kind, name string) (string, bool, error)) error {
	ts := texts(p)
	var all strings.Builder
	starts := make([]int, len(ts)+1)
	for i, t := range ts {
		starts[i] = all.Len()
		all.WriteString(t.content())
	}
	starts[len(ts)] = all.Len()
	whole := all.String()
	ms := mark.FindAllStringSubmatchIndex(whole, -1)
	if ms == nil {
		return nil
	}
	parts := make([]strings.Builder, len(ts))
	put := func(from, to int) { // text that stays, each to its own run
		for i := range ts {
			a, b := max(from, starts[i]), min(to, starts[i+1])
			if a < b {
				parts[i].WriteString(whole[a:b])
			}
		}
	}
	at := 0
	for _, m := range ms {
		v, ok, err := value(whole[m[2]:m[3]], whole[m[4]:m[5]])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		put(at, m[0])
		for i := range ts {
			if m[0] >= starts[i] && m[0] < starts[i+1] {
				parts[i].WriteString(v)
			}
		}
		at = m[1]
	}
	put(at, len(whole))
	for i, t := range ts {
		t.kids = []*node{{text: parts[i].String()}}
		t.attrs = []attr{{"xml:space", "preserve"}}
	}
	breaks(p)
	return nil
}

// clean drops what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == 0xE000 || r == 0xE001 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// breaks turns line ends inside texts into line breaks of Word.
func breaks(n *node) {
	var out []*node
	for _, k := range n.kids {
		if k.name == "w:t" && strings.Contains(k.content(), "\n") {
			for i, line := range strings.Split(k.content(), "\n") {
				if i > 0 {
					out = append(out, &node{name: "w:br"})
				}
				out = append(out, &node{name: "w:t", attrs: k.attrs, kids: []*node{{text: line}}})
			}
			continue
		}
		breaks(k)
		out = append(out, k)
	}
	n.kids = out
}
