package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// node is an element, or text where name is empty and kids are nil.
type node struct {
	name  string // with its prefix
	attrs []attr
	text  string
	kids  []*node
}

type attr struct{ name, value string }

func local(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

func joined(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// parse reads a part into a tree; most bounds its nodes.
func parse(raw []byte, most int) (*node, int, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	root := &node{}
	stack := []*node{root}
	count := 0
	bad := refuse("Tệp mẫu bị hỏng (XML sai).", "the XML of a part is damaged")
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, bad
		}
		if count++; count > most {
			return nil, 0, refuse("Tệp mẫu quá phức tạp.", "the file is too intricate")
		}
		at := stack[len(stack)-1]
		switch x := tok.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, 0, refuse("Tệp mẫu quá phức tạp.", "the file is nested too deeply")
			}
			n := &node{name: joined(x.Name)}
			for _, a := range x.Attr {
				n.attrs = append(n.attrs, attr{joined(a.Name), a.Value})
			}
			at.kids = append(at.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || at.name != joined(x.Name) {
				return nil, 0, bad
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				at.kids = append(at.kids, &node{text: string(x)})
			}
		case xml.Directive:
			return nil, 0, refuse("Tệp mẫu khai báo kiểu tài liệu (DTD), không nhận.", "the file declares a document type")
		case xml.ProcInst:
			if x.Target != "xml" {
				return nil, 0, bad
			}
		}
	}
	if len(stack) != 1 || len(root.kids) != 1 {
		return nil, 0, bad
	}
	return root, count, nil
}

func (n *node) walk(fn func(*node)) {
	fn(n)
	for _, k := range n.kids {
		k.walk(fn)
	}
}

func (n *node) content() string {
	var b strings.Builder
	n.walk(func(x *node) { b.WriteString(x.text) })
	return b.String()
}

func (n *node) write(b *bytes.Buffer) {
	if n.name == "" {
		escape(b, n.text)
		for _, k := range n.kids {
			k.write(b)
		}
		return
	}
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="`)
		escape(b, a.value)
		b.WriteByte('"')
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</" + n.name + ">")
}

func escape(b *bytes.Buffer, s string) {
	if s != "" {
		_ = xml.EscapeText(b, []byte(s))
	}
}

func (n *node) clone() *node {
	c := &node{name: n.name, text: n.text}
	for _, a := range n.attrs {
		// ids of paragraphs must not repeat.
		if l := local(a.name); l != "paraId" && l != "textId" {
			c.attrs = append(c.attrs, a)
		}
	}
	for _, k := range n.kids {
		c.kids = append(c.kids, k.clone())
	}
	return c
}
