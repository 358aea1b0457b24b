package docx

import "slices"

// Names are the names of all marks of the template.
func (t *Template) Names() map[string]bool {
	out := map[string]bool{}
	for _, p := range t.parts {
		if p.tree == nil || !textPart.MatchString(p.name) {
			continue
		}
		p.tree.walk(func(n *node) {
			if n.name == "w:p" {
				for _, m := range mark.FindAllStringSubmatch(paraText(n), -1) {
					out[m[2]] = true
				}
			}
		})
	}
	return out
}

// Append is the template with what a builder holds at the end of its body.
func (t *Template) Append(b *Builder) (*Template, error) {
	add, _, err := parse([]byte(`<x>`+b.b.String()+`</x>`), maxNodes)
	if err != nil {
		return nil, err
	}
	out := &Template{parts: slices.Clone(t.parts)}
	for i, p := range out.parts {
		if p.name != "word/document.xml" || p.tree == nil {
			continue
		}
		tree := p.tree.clone()
		if body := tree.kids[0].child("body"); body != nil {
			at := len(body.kids)
			for at > 0 && local(body.kids[at-1].name) != "p" && local(body.kids[at-1].name) != "tbl" {
				at-- // the section stands last
			}
			body.kids = slices.Insert(body.kids, at, add.kids[0].kids...)
		}
		out.parts[i].tree = tree
	}
	return out, nil
}
