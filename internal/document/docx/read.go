package docx

import (
	"path"
	"strings"
)

// Bounds of a document that is drawn.
const (
	maxFilled      = 40 << 20
	maxFilledWhole = 64 << 20
	maxCols        = 63
	maxImages      = 40
)

type reader struct {
	t       *Template
	doc     *Doc
	styles  map[string]*node
	normal  string
	pDef    *node
	rDef    *node
	nums    *numbering
	noted   map[string]bool
	rels    map[string]string // of the part being read: id → part
	notes   map[string][]*node
	after   []Block // text of boxes and notes, after their paragraph
	ends    []Block // text of footnotes and endnotes, at the end
	nesting int
}

// Read reads a document (a template filled, or any other) for drawing. It is
// refused for what Open refuses.
func Read(raw []byte) (*Doc, error) {
	t, err := open(raw, maxFilled, maxFilledWhole)
	if err != nil {
		return nil, err
	}
	r := &reader{t: t, doc: &Doc{Images: map[string][]byte{}}, styles: map[string]*node{}, noted: map[string]bool{}, notes: map[string][]*node{}}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	main := r.tree("word/document.xml")
	if main == nil {
		return nil, refuse("Tệp không phải văn bản Word (.docx).", "not a Word file (.docx)")
	}
	body := main.child("body")
	if body == nil {
		return nil, refuse("Văn bản không có thân bài.", "the document has no body")
	}
	r.rels = r.relations("word/document.xml")
	r.body(body)
	return r.doc, nil
}

func (r *reader) odd(vi, en string) {
	n := Note{vi, en}
	if !r.noted[n.VI] && len(r.noted) < 60 {
		r.noted[n.VI] = true
		r.doc.Odd = append(r.doc.Odd, n)
	}
}

// tree is the tree of a part, nil where there is none.
func (r *reader) tree(name string) *node {
	for i := range r.t.parts {
		p := &r.t.parts[i]
		if p.name != name {
			continue
		}
		if p.tree == nil {
			tree, _, err := parse(p.raw, maxNodes)
			if err != nil {
				return nil
			}
			p.tree = tree
		}
		if len(p.tree.kids) > 0 {
			return p.tree.kids[0]
		}
	}
	return nil
}

// relations are the parts that a part names, by id.
func (r *reader) relations(part string) map[string]string {
	out := map[string]string{}
	dir := path.Dir(part)
	root := r.tree(dir + "/_rels/" + path.Base(part) + ".rels")
	if root == nil {
		return out
	}
	for _, k := range root.kids {
		if local(k.name) != "Relationship" {
			continue
		}
		to := k.attr("Target")
		if rest, ok := strings.CutPrefix(to, "/"); ok {
			to = rest
		} else {
			to = path.Join(dir, to)
		}
		out[k.attr("Id")] = to
	}
	return out
}

func (r *reader) prepare() error {
	if s := r.tree("word/styles.xml"); s != nil {
		for _, k := range s.kids {
			switch local(k.name) {
			case "docDefaults":
				r.rDef, r.pDef = k.at("rPrDefault", "rPr"), k.at("pPrDefault", "pPr")
			case "style":
				id := k.attr("styleId")
				r.styles[id] = k
				if k.attr("type") == "paragraph" && on(k.attrOr("default", "0")) {
					r.normal = id
				}
			}
		}
	}
	r.nums = readNumbering(r.tree("word/numbering.xml"))
	for name, of := range map[string]string{"footnotes": "footnote", "endnotes": "endnote"} {
		if t := r.tree("word/" + name + ".xml"); t != nil {
			for _, k := range t.kids {
				if local(k.name) == of {
					r.notes[of+k.attr("id")] = k.kids
				}
			}
		}
	}
	return nil
}

// body reads the blocks of the document and parts them into sections.
func (r *reader) body(body *node) {
	var prev *Section
	var blocks []Block
	end := func(sect *node) {
		s := r.section(sect, prev)
		s.Blocks = blocks
		blocks = nil
		r.doc.Sections = append(r.doc.Sections, s)
		prev = &r.doc.Sections[len(r.doc.Sections)-1]
	}
	var last *node
	r.each(body.kids, func(n *node) {
		switch local(n.name) {
		case "sectPr":
			last = n
		case "p":
			blocks = append(blocks, r.para(n)...)
			if s := n.at("pPr", "sectPr"); s != nil {
				end(s)
			}
		case "tbl":
			blocks = append(blocks, Block{T: r.table(n)})
		}
	})
	if len(r.ends) > 0 {
		blocks = append(blocks, Block{P: &Para{Align: "left", Rule: "auto", Line: 1, Before: 12, Edges: Edges{0.5}, Mark: Look{Size: 4}}})
		blocks = append(blocks, r.ends...)
	}
	end(last)
}

// each goes over the paragraphs and tables of a run of siblings, through what
// only wraps them.
func (r *reader) each(kids []*node, do func(*node)) {
	for _, k := range kids {
		switch local(k.name) {
		case "p", "tbl", "sectPr":
			do(k)
		case "sdt":
			if c := k.child("sdtContent"); c != nil {
				r.each(c.kids, do)
			}
		case "customXml", "ins", "moveTo", "smartTag":
			r.each(k.kids, do)
		case "del", "moveFrom":
			r.deleted()
		case "AlternateContent":
			r.each(chosen(k), do)
		}
	}
}

func (r *reader) deleted() {
	r.odd("phần đã xóa mà Word còn theo dõi (Track Changes)", "text deleted under Track Changes")
}

// chosen are the children of the branch of an AlternateContent that is drawn.
func chosen(n *node) []*node {
	if c := n.child("Choice"); c != nil {
		return c.kids
	}
	if c := n.child("Fallback"); c != nil {
		return c.kids
	}
	return nil
}

// blocks reads the paragraphs and tables of a cell, header or box.
func (r *reader) blocks(kids []*node) (out []Block) {
	if r.nesting++; r.nesting > 24 {
		r.nesting--
		r.odd("bảng lồng quá sâu: PDF in chữ liền dòng", "tables nested too deeply: drawn as plain text")
		for _, k := range kids {
			k.walk(func(n *node) {
				if local(n.name) == "p" {
					out = append(out, Block{P: r.plain(allText(n))})
				}
			})
		}
		return out
	}
	defer func() { r.nesting-- }()
	r.each(kids, func(n *node) {
		switch local(n.name) {
		case "p":
			out = append(out, r.para(n)...)
		case "tbl":
			out = append(out, Block{T: r.table(n)})
		}
	})
	return out
}

// allText is all text below a node.
func allText(n *node) string {
	var b strings.Builder
	for _, k := range n.kids {
		switch local(k.name) {
		case "t":
			b.WriteString(k.content())
		case "p":
		default:
			b.WriteString(allText(k))
		}
	}
	return b.String()
}

func (r *reader) plain(text string) *Para {
	look := Look{Size: 12}
	return &Para{Align: "left", Rule: "auto", Line: 1, Mark: look, Runs: []Run{{Text: text, Look: look}}}
}

// section reads the properties of a section; what it does not say of headers
// and footers stays as in the section before.
func (r *reader) section(n *node, prev *Section) Section {
	s := Section{W: 595.3, H: 841.9, Top: 72, Bottom: 72, Left: 72, Right: 72, HeaderAt: 36, FooterAt: 36, Restart: -1}
	if prev != nil {
		s.Header, s.Footer = prev.Header, prev.Footer
	}
	if n == nil {
		return s
	}
	if k := n.child("pgSz"); k != nil {
		s.W, s.H = r.bound(k.attr("w"), s.W, 140, 1600), r.bound(k.attr("h"), s.H, 140, 1600)
	}
	if k := n.child("pgMar"); k != nil {
		edge := func(name string, or, most float64) float64 { return min(max(length(k.attr(name), or), -most), most) }
		s.Top, s.Bottom = edge("top", s.Top, s.H*0.45), edge("bottom", s.Bottom, s.H*0.45)
		s.Left, s.Right = max(edge("left", s.Left, s.W*0.4), 0)+max(edge("gutter", 0, s.W*0.1), 0), max(edge("right", s.Right, s.W*0.4), 0)
		s.HeaderAt, s.FooterAt = max(edge("header", s.HeaderAt, s.H*0.4), 0), max(edge("footer", s.FooterAt, s.H*0.4), 0)
		s.Top, s.Bottom = max(s.Top, -s.Top), max(s.Bottom, -s.Bottom)
	}
	if k := n.child("cols"); k != nil && number(k.attr("num"), 1) > 1 {
		r.odd("nhiều cột chữ trên trang: PDF in một cột", "several columns of text: drawn in one")
	}
	if n.child("pgBorders") != nil {
		r.odd("khung viền trang", "the border of the page")
	}
	if n.child("textDirection") != nil {
		r.odd("chữ chạy dọc: PDF in chữ ngang", "vertical text: drawn level")
	}
	if n.child("lnNumType") != nil {
		r.odd("số thứ tự dòng ở lề", "line numbers")
	}
	if k := n.child("pgNumType"); k != nil && k.attr("start") != "" {
		s.Restart = max(0, number(k.attr("start"), 1))
	}
	if k := n.child("type"); k != nil {
		s.Flows = k.attr("val") == "continuous"
	}
	s.First = on(n.val("titlePg", "0"))
	for _, k := range n.kids {
		sides := &s.Header
		switch local(k.name) {
		case "headerReference":
		case "footerReference":
			sides = &s.Footer
		default:
			continue
		}
		outer, part := r.rels, r.rels[k.attr("id")]
		root := r.tree(part)
		if root == nil || !textPart.MatchString(part) {
			continue
		}
		r.rels = r.relations(part)
		bs := r.blocks(root.kids)
		r.rels = outer
		switch k.attr("type") {
		case "first":
			sides.First = bs
		case "even":
			sides.Even = bs
		default:
			sides.Other = bs
		}
	}
	if set := r.tree("word/settings.xml"); set == nil || !on(set.val("evenAndOddHeaders", "0")) {
		s.Header.Even, s.Footer.Even = nil, nil
	}
	return s
}

func (r *reader) bound(v string, or, least, most float64) float64 {
	return min(max(length(v, or), least), most)
}
