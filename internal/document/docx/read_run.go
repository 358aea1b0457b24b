package docx

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the kinds of pictures that can be drawn
	_ "image/png"
	"strconv"
	"strings"
)

// runs collects the runs of one paragraph.
type runs struct {
	r      *reader
	p      *Para
	base   chain
	fields []*field
}

// field is a complex field that is open: its instruction, whether its result
// is being read, and whether that is shown.
type field struct {
	instr  strings.Builder
	result bool
	hide   bool
}

func (w *runs) hidden() bool {
	for _, f := range w.fields {
		if !f.result || f.hide {
			return true
		}
	}
	return false
}

func (w *runs) add(x Run) {
	if !w.hidden() {
		w.p.Runs = append(w.p.Runs, x)
	}
}

func (w *runs) kids(kids []*node, rPr *node) {
	for _, k := range kids {
		w.one(k, rPr)
	}
}

func (w *runs) one(k, rPr *node) {
	switch local(k.name) {
	case "r":
		w.run(k)
	case "hyperlink", "smartTag", "ins", "moveTo", "customXml", "dir", "bdo":
		w.kids(k.kids, rPr)
	case "sdt":
		w.kids(k.child("sdtContent").list(), rPr)
	case "fldSimple":
		if !w.number(k.attr("instr"), w.r.look(w.base)) {
			w.kids(k.kids, rPr)
		}
	case "del", "moveFrom":
		w.r.deleted()
	case "AlternateContent":
		w.kids(chosen(k), rPr)
	case "oMath", "oMathPara":
		w.r.odd("công thức toán: PDF in chữ thường", "formulas: drawn as plain text")
		w.add(Run{Text: mathText(k), Look: w.r.look(w.base)})
	}
}

func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.kids
}

func mathText(n *node) string {
	var b strings.Builder
	n.walk(func(x *node) {
		if local(x.name) == "t" {
			b.WriteString(x.content())
		}
	})
	return b.String()
}

// number adds a field of a page number, and says whether it was one.
func (w *runs) number(instr string, l Look) bool {
	what := strings.Fields(strings.ToUpper(instr))
	if len(what) == 0 {
		return false
	}
	switch what[0] {
	case "PAGE":
		w.add(Run{Kind: PageField, Look: l})
	case "NUMPAGES", "SECTIONPAGES":
		w.add(Run{Kind: AllField, Look: l})
	default:
		if what[0] != "HYPERLINK" && what[0] != "REF" {
			w.r.odd("trường "+short(what[0])+": PDF in kết quả Word đã lưu", "the field "+short(what[0])+": drawn as Word saved it")
		}
		return false
	}
	return true
}

func (w *runs) run(n *node) {
	rPr := n.child("rPr")
	c := chain{rPr}
	if id := rPr.val("rStyle", ""); id != "" {
		c = append(c, w.r.styleChain(id, "rPr")...)
	}
	c = append(c, w.base...)
	if c.is("vanish") {
		w.r.odd("chữ ẩn (Hidden): Word và PDF đều không in", "hidden text: neither Word nor the PDF prints it")
		return
	}
	l := w.r.look(c)
	font, _ := c.attr("rFonts", "ascii", "hAnsi")
	caps := c.is("caps") || c.is("smallCaps")
	w.content(n.kids, l, font, caps)
}

func (w *runs) content(kids []*node, l Look, font string, caps bool) {
	for _, k := range kids {
		switch local(k.name) {
		case "t":
			text := k.content()
			if caps {
				text = strings.ToUpper(text)
			}
			if text != "" && !w.hidden() {
				w.add(w.r.letters(text, l, font))
			}
		case "tab", "ptab":
			w.add(Run{Kind: TabRun, Look: l})
		case "br":
			switch k.attr("type") {
			case "page", "column":
				w.add(Run{Kind: PageBreak, Look: l})
			default:
				w.add(Run{Kind: LineBreak, Look: l})
			}
		case "cr":
			w.add(Run{Kind: LineBreak, Look: l})
		case "noBreakHyphen":
			w.add(Run{Text: "-", Look: l})
		case "sym":
			if c, err := strconv.ParseUint(k.attr("char"), 16, 32); err == nil && c > 0 {
				w.add(w.r.letters(string(rune(c)), l, k.attr("font")))
			}
		case "pgNum":
			w.add(Run{Kind: PageField, Look: l})
		case "fldChar":
			w.field(k.attr("fldCharType"), l)
		case "instrText":
			if n := len(w.fields); n > 0 && w.fields[n-1].instr.Len() < 4000 {
				w.fields[n-1].instr.WriteString(k.content())
			}
		case "delText", "delInstrText":
			w.r.deleted()
		case "footnoteReference":
			w.note("footnote", k.attr("id"), l)
		case "endnoteReference":
			w.note("endnote", k.attr("id"), l)
		case "commentReference":
			w.r.odd("nhận xét ở lề (Comment)", "comments")
		case "drawing", "pict":
			w.drawing(k)
		case "AlternateContent":
			w.content(chosen(k), l, font, caps)
		case "ruby":
			w.kids(k.child("rubyBase").list(), nil)
		}
	}
}

func (w *runs) field(what string, l Look) {
	n := len(w.fields)
	switch what {
	case "begin":
		if n < 20 {
			w.fields = append(w.fields, &field{})
		}
	case "separate":
		if n > 0 {
			f := w.fields[n-1]
			w.fields = w.fields[:n-1]
			f.hide = w.number(f.instr.String(), l)
			f.result = true
			w.fields = append(w.fields, f)
		}
	case "end":
		if n > 0 {
			f := w.fields[n-1]
			w.fields = w.fields[:n-1]
			if !f.result {
				w.number(f.instr.String(), l)
			}
		}
	}
}

// note puts the mark of a footnote, and its text to the end of the document.
func (w *runs) note(of, id string, l Look) {
	r := w.r
	kids, ok := r.notes[of+id]
	if !ok {
		return
	}
	delete(r.notes, of+id)
	r.odd("chú thích cuối trang: PDF in ở cuối văn bản", "footnotes: drawn at the end of the document")
	mark := fmt.Sprint(countNotes(r.ends) + 1)
	l.Raised = 1
	w.add(Run{Text: mark, Look: l})
	bs := r.blocks(kids)
	for _, b := range bs {
		if b.P != nil {
			small := Look{Size: 11, Raised: 1}
			b.P.Runs = append([]Run{{Text: mark, Look: small}}, b.P.Runs...)
			b.P.Style = "\x00note"
			break
		}
	}
	r.ends = append(r.ends, bs...)
}

func countNotes(bs []Block) (n int) {
	for _, b := range bs {
		if b.P != nil && b.P.Style == "\x00note" {
			n++
		}
	}
	return n
}

// drawing reads pictures, straight lines and boxes of text; other shapes are
// named.
func (w *runs) drawing(n *node) {
	r := w.r
	some := false
	var walk func(n *node, box *node)
	walk = func(n, box *node) {
		switch local(n.name) {
		case "inline", "anchor":
			box = n
			if local(n.name) == "anchor" {
				defer func() {
					if some {
						r.odd("vị trí tự do của hình, khung: PDF đặt ở đoạn chứa nó", "free places of pictures and boxes: drawn at their paragraph")
					}
				}()
			}
		case "AlternateContent":
			for _, k := range chosen(n) {
				walk(k, box)
			}
			return
		case "txbxContent":
			some = true
			r.odd("khung chữ (Text Box): PDF in chữ của khung ngay dưới đoạn chứa nó", "text boxes: their text is drawn below their paragraph")
			r.after = append(r.after, r.blocks(n.kids)...)
			return
		case "blip":
			some = true
			w.picture(n.attr("embed"), emu(box.child("extent").attr("cx")), emu(box.child("extent").attr("cy")))
			return
		case "imagedata":
			some = true
			w.picture(n.attr("id"), 0, 0)
			return
		case "prstGeom":
			if g := n.attr("prst"); g == "line" || strings.HasPrefix(g, "straightConnector") {
				some = true
				w.stroke(box)
				return
			}
		}
		for _, k := range n.kids {
			walk(k, box)
		}
	}
	walk(n, nil)
	if !some {
		r.odd("hình vẽ, biểu đồ (Shape)", "drawn shapes and charts")
	}
}

// stroke is a straight line level or upright; its place is told from the
// paragraph where Word tells it from column and paragraph.
func (w *runs) stroke(box *node) {
	s := Run{Kind: Stroke, W: emu(box.child("extent").attr("cx")), H: emu(box.child("extent").attr("cy"))}
	h, v := box.child("positionH"), box.child("positionV")
	known := h != nil && v != nil && h.child("posOffset") != nil && v.child("posOffset") != nil &&
		(h.attr("relativeFrom") == "column" || h.attr("relativeFrom") == "margin") && (v.attr("relativeFrom") == "paragraph" || v.attr("relativeFrom") == "line")
	if !known || min(s.W, s.H) > 2 || w.hidden() {
		w.r.odd("nét kẻ vẽ bằng hình (Shape): hãy dùng gạch chân hoặc viền đoạn", "lines drawn as shapes: use underlining or the border of a paragraph")
		return
	}
	s.X, s.Y = emu(h.child("posOffset").content()), emu(v.child("posOffset").content())
	w.p.Runs = append(w.p.Runs, s)
}

// Most picture points that are read.
const maxPixels = 12_000_000

func (w *runs) picture(id string, wide, tall float64) {
	r := w.r
	part := r.rels[id]
	var raw []byte
	for i := range r.t.parts {
		if r.t.parts[i].name == part {
			raw = r.t.parts[i].raw
		}
	}
	conf, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || kind != "png" && kind != "jpeg" || conf.Width < 1 || conf.Height < 1 || conf.Width*conf.Height > maxPixels {
		r.odd("ảnh không phải PNG, JPEG hoặc quá lớn", "pictures that are no PNG or JPEG, or too large")
		return
	}
	if _, ok := r.doc.Images[part]; !ok && len(r.doc.Images) >= maxImages {
		r.odd("quá nhiều ảnh: PDF bỏ bớt", "too many pictures: some are left out")
		return
	}
	r.doc.Images[part] = raw
	if wide <= 0 || tall <= 0 {
		wide, tall = float64(conf.Width)*0.75, float64(conf.Height)*0.75
	}
	w.add(Run{Kind: Picture, Image: part, W: wide, H: tall, Look: Look{Size: 10}})
}
