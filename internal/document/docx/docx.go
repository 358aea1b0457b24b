// Package docx fills Word templates that clerks edit in Word.
//
// A template is a .docx with marks in its text: {{so_phieu}} stands for a
// value; {{#nguoi}} … {{/nguoi}} stands for a list: in one table row the row
// is repeated, as paragraphs of their own they repeat (or, for a list without
// items, leave out) all that stands between them. Lists may hold lists. Word
// splits marks over runs as it likes; they are found all the same.
//
// An uploaded template is foreign: Open refuses archives that swell, parts
// outside the package, links to other places, macros, embedded objects,
// fields that fetch, and document type declarations. The filled file depends
// on the template and the data alone, byte for byte.
package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Bounds of a template, in bytes, parts, nodes and depth of nesting.
const (
	MaxFile  = 4 << 20
	MaxWhole = 24 << 20
	maxParts = 300
	maxNodes = 400_000
	maxDepth = 120
	maxOut   = 32 << 20
)

// Data are the values of the marks: Text by name, List by name with a value
// set for each item, Image by name. Inside a list the marks of what surrounds it hold too.
type Data struct {
	Text  map[string]string
	List  map[string][]Data
	Image map[string]Image
}

// Template is a checked template.
type Template struct {
	parts []part
}

type part struct {
	name string
	raw  []byte
	tree *node // of the parts that hold text
}

// Refused says why a file is not taken as a template, in Vietnamese and
// English.
type Refused struct{ VI, EN string }

func (e *Refused) Error() string { return "docx: " + e.EN }

func refuse(vi, en string, args ...any) error {
	return &Refused{fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...)}
}

var textPart = regexp.MustCompile(`^word/(document|header\d*|footer\d*)\.xml$`)

// Open reads a template and refuses what could harm the reader or this house.
func Open(raw []byte) (*Template, error) { return open(raw, MaxFile, MaxWhole) }

func open(raw []byte, most, mostWhole int) (*Template, error) {
	if len(raw) > most {
		return nil, refuse("Tệp mẫu lớn quá %d MB.", "the template is larger than %d MB", most>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, refuse("Tệp không phải văn bản Word (.docx).", "not a Word file (.docx)")
	}
	if len(z.File) > maxParts {
		return nil, refuse("Tệp mẫu có quá nhiều thành phần.", "the file has too many parts")
	}
	t := &Template{}
	seen := map[string]bool{}
	whole, nodes := 0, 0
	for _, f := range z.File {
		low := strings.ToLower(f.Name)
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if f.Name != path.Clean(f.Name) || strings.HasPrefix(f.Name, "/") || strings.HasPrefix(f.Name, "..") || strings.ContainsAny(f.Name, "\\:\x00") || seen[low] {
			return nil, refuse("Tệp mẫu có thành phần mang tên lạ.", "a part has a strange name")
		}
		seen[low] = true
		for _, bad := range []string{"vbaproject", "vbadata", "activex", "embeddings/", "oleobject", "afchunk", "attachedtoolbars", "webextensions", "customui"} {
			if strings.Contains(low, bad) {
				return nil, refuse("Tệp mẫu chứa macro hoặc đối tượng nhúng (%s); hãy lưu lại dạng .docx không có chúng.", "the file holds a macro or an embedded object (%s)", f.Name)
			}
		}
		r, err := f.Open()
		if err != nil {
			return nil, refuse("Không đọc được tệp mẫu.", "a part cannot be read")
		}
		b, err := io.ReadAll(io.LimitReader(r, int64(mostWhole-whole)+1))
		_ = r.Close()
		if err != nil {
			return nil, refuse("Tệp mẫu bị hỏng.", "a part is damaged")
		}
		if whole += len(b); whole > mostWhole {
			return nil, refuse("Tệp mẫu giải nén ra quá lớn.", "the file swells beyond measure")
		}
		p := part{name: f.Name, raw: b}
		if strings.HasSuffix(low, ".xml") || strings.HasSuffix(low, ".rels") {
			tree, n, err := parse(b, maxNodes-nodes)
			if err != nil {
				return nil, err
			}
			nodes += n
			if err := harmless(tree); err != nil {
				return nil, err
			}
			if textPart.MatchString(f.Name) {
				p.tree = tree
			}
		}
		t.parts = append(t.parts, p)
	}
	if !seen["[content_types].xml"] || !slices.ContainsFunc(t.parts, func(p part) bool { return p.name == "word/document.xml" }) {
		return nil, refuse("Tệp không phải văn bản Word (.docx).", "not a Word file (.docx)")
	}
	return t, nil
}

var fetches = regexp.MustCompile(`(?i)\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|MACROBUTTON|DATABASE|HYPERLINK|RD|AUTOTEXT|FILLIN|ASK)\b`)

// harmless refuses links out of the file, macros by type, and fields that fetch.
func harmless(n *node) error {
	var instr strings.Builder
	var err error
	n.walk(func(x *node) {
		for _, a := range x.attrs {
			v := strings.ToLower(a.value)
			switch {
			case local(a.name) == "TargetMode" && v == "external",
				local(x.name) == "Relationship" && local(a.name) == "Target" && (strings.Contains(v, ":") || strings.HasPrefix(v, "//") || strings.HasPrefix(v, `\`)):
				err = refuse("Tệp mẫu liên kết ra ngoài (%s); hãy bỏ liên kết rồi tải lại.", "the file links to another place (%s)", a.value)
			case local(a.name) == "ContentType" && (strings.Contains(v, "macro") || strings.Contains(v, "vba") || strings.Contains(v, "oleobject")):
				err = refuse("Tệp mẫu chứa macro; hãy lưu lại dạng .docx.", "the file holds macros")
			case local(x.name) == "fldSimple" && local(a.name) == "instr" && fetches.MatchString(a.value):
				err = refuse("Tệp mẫu có trường lấy dữ liệu từ nơi khác (%s).", "the file has a field that fetches (%s)", a.value)
			}
		}
		switch local(x.name) {
		case "instrText":
			instr.WriteString(x.content())
		case "altChunk", "object", "OLEObject", "control", "subDoc", "attachedTemplate":
			err = refuse("Tệp mẫu chứa đối tượng nhúng; hãy bỏ nó rồi tải lại.", "the file holds an embedded object")
		}
	})
	if err == nil && fetches.MatchString(instr.String()) {
		err = refuse("Tệp mẫu có trường lấy dữ liệu từ nơi khác.", "the file has a field that fetches")
	}
	return err
}

// Fill makes the document. An unknown mark, or one not closed, is refused by
// its name.
func (t *Template) Fill(d Data) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f := &filler{}
	filled, used := slices.Clone(t.parts), map[string]*media{}
	for i, p := range filled {
		if p.tree == nil || !textPart.MatchString(p.name) {
			continue
		}
		f.media = &media{}
		kids, err := f.children(p.tree.kids, []Data{d})
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
		(&node{kids: kids}).write(&b)
		filled[i].raw, used[p.name] = b.Bytes(), f.media
	}
	for _, p := range attach(filled, used) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(p.raw); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Text is the text of the document, a line for each paragraph, cells of a row
// apart by tabs: for tests and previews.
func (t *Template) Text() string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.name != "word/document.xml" {
			continue
		}
		p.tree.walk(func(n *node) {
			if n.name == "w:p" {
				b.WriteString(paraText(n) + "\n")
			}
		})
	}
	return b.String()
}
