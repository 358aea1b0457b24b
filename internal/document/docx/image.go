package docx

import (
	"fmt"
	"path"
	"strings"
)

// Image is a picture that a mark stands for: a PNG, square, of a side in
// millimetres. A nil PNG leaves the mark's place empty.
type Image struct {
	PNG  []byte
	Side float64
}

// Letters of private use that enclose the name of a picture while a part is
// being filled; clean takes them out of what people write.
const opens, closes = "\ue000", "\ue001"

func picture(scope []Data, name string) (Image, bool) {
	for i := len(scope) - 1; i >= 0; i-- {
		if v, ok := scope[i].Image[name]; ok {
			return v, true
		}
	}
	return Image{}, false
}

// media collects the pictures of one part.
type media struct {
	names  []string // of the marks, in the order of the ids
	images []Image
}

func (m *media) id(name string, img Image) string {
	for i, n := range m.names {
		if n == name {
			return fmt.Sprintf("mbImage%d", i+1)
		}
	}
	m.names, m.images = append(m.names, name), append(m.images, img)
	return fmt.Sprintf("mbImage%d", len(m.names))
}

// pictures puts drawings where names of pictures stand in the texts of a
// paragraph.
func (f *filler) pictures(n *node, scope []Data) {
	var out []*node
	for _, k := range n.kids {
		text := ""
		if k.name == "w:t" {
			text = k.content()
		}
		if !strings.Contains(text, opens) {
			if k.name != "w:t" {
				f.pictures(k, scope)
			}
			out = append(out, k)
			continue
		}
		for i, part := range strings.Split(text, opens) {
			name, rest, ok := strings.Cut(part, closes)
			if i == 0 || !ok {
				rest = part
			} else if img, known := picture(scope, name); known && len(img.PNG) > 0 {
				out = append(out, drawing(f.media.id(name, img), len(f.media.names), img.Side))
			} else if !known {
				rest = name + rest
			}
			if rest != "" {
				out = append(out, &node{name: "w:t", attrs: k.attrs, kids: []*node{{text: rest}}})
			}
		}
	}
	n.kids = out
}

// drawing is an inline picture.
func drawing(id string, number int, side float64) *node {
	el := func(name string, attrs []attr, kids ...*node) *node {
		return &node{name: name, attrs: attrs, kids: kids}
	}
	size := fmt.Sprint(int(side * 36000))
	no := fmt.Sprint(9000 + number)
	const a, pic = "http://schemas.openxmlformats.org/drawingml/2006/main", "http://schemas.openxmlformats.org/drawingml/2006/picture"
	return el("w:drawing", nil, el("wp:inline", []attr{{"xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}, {"distT", "0"}, {"distB", "0"}, {"distL", "0"}, {"distR", "0"}},
		el("wp:extent", []attr{{"cx", size}, {"cy", size}}),
		el("wp:docPr", []attr{{"id", no}, {"name", id}, {"descr", "Mã kiểm chứng"}}),
		el("a:graphic", []attr{{"xmlns:a", a}}, el("a:graphicData", []attr{{"uri", pic}},
			el("pic:pic", []attr{{"xmlns:pic", pic}},
				el("pic:nvPicPr", nil, el("pic:cNvPr", []attr{{"id", no}, {"name", id}}), el("pic:cNvPicPr", nil)),
				el("pic:blipFill", nil, el("a:blip", []attr{{"xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}, {"r:embed", id}}), el("a:stretch", nil, el("a:fillRect", nil))),
				el("pic:spPr", nil, el("a:xfrm", nil, el("a:off", []attr{{"x", "0"}, {"y", "0"}}), el("a:ext", []attr{{"cx", size}, {"cy", size}})),
					el("a:prstGeom", []attr{{"prst", "rect"}}, el("a:avLst", nil))))))))
}

// attach adds the pictures of parts to the package: their files, the relations
// of the parts to them, and the type of their content.
func attach(parts []part, used map[string]*media) []part {
	out := append([]part(nil), parts...)
	names := map[string]bool{}
	for _, p := range out {
		names[p.name] = true
	}
	var files []part
	some := false
	for _, p := range parts {
		m := used[p.name]
		if m == nil || len(m.names) == 0 {
			continue
		}
		some = true
		rels := path.Dir(p.name) + "/_rels/" + path.Base(p.name) + ".rels"
		add := ""
		for i, img := range m.images {
			name := fmt.Sprintf("media/mb-%s-%d.png", strings.TrimSuffix(path.Base(p.name), ".xml"), i+1)
			for names["word/"+name] { // a part of the template that took the name
				name = strings.TrimSuffix(name, ".png") + "x.png"
			}
			names["word/"+name] = true
			files = append(files, part{name: "word/" + name, raw: img.PNG})
			add += fmt.Sprintf(`<Relationship Id="mbImage%d" Type="%simage" Target="%s"/>`, i+1, rel, name)
		}
		at := -1
		for i := range out {
			if out[i].name == rels {
				at = i
			}
		}
		if at < 0 {
			out = append(out, part{name: rels, raw: []byte(relsTop + add + `</Relationships>`)})
			continue
		}
		out[at].raw = before(out[at].raw, "Relationships", add)
	}
	if some {
		for i := range out {
			if strings.EqualFold(out[i].name, "[content_types].xml") {
				low := strings.ToLower(string(out[i].raw))
				if !strings.Contains(low, `extension="png"`) {
					out[i].raw = before(out[i].raw, "Types", `<Default Extension="png" ContentType="image/png"/>`)
				}
			}
		}
	}
	return append(out, files...)
}

// before puts elements before the closing tag of the root of a part, in the
// root's own prefix.
func before(raw []byte, root, add string) []byte {
	s := string(raw)
	at := strings.LastIndex(s, "</")
	if at < 0 {
		// The root is empty: open it.
		i := strings.LastIndex(s, "/>")
		if i < 0 {
			return raw
		}
		tag := s[strings.LastIndex(s[:i], "<")+1:]
		name := strings.FieldsFunc(tag, func(c rune) bool { return c == ' ' || c == '/' || c == '>' || c == '\n' || c == '\t' || c == '\r' })[0]
		return []byte(s[:i] + ">" + prefixed(add, name) + "</" + name + ">")
	}
	name := strings.TrimSuffix(strings.TrimSpace(s[at+2:]), ">")
	if local(name) != root {
		return raw
	}
	return []byte(s[:at] + prefixed(add, name) + s[at:])
}

func prefixed(add, name string) string {
	p, _, ok := strings.Cut(name, ":")
	if !ok {
		return add
	}
	return strings.ReplaceAll(add, "<", "<"+p+":")
}
