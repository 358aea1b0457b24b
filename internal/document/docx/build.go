package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

// Builder makes the templates that the house ships: A4, Times New Roman, the
// margins of Party papers (20, 20, 30, 15 mm). What it makes is an ordinary
// .docx that Word opens and a clerk edits.
type Builder struct {
	b      strings.Builder
	Footer string // text of the foot of each page
	Code   string // mark of a picture at the right of the foot, "" none
	// Margins are top, bottom, left, right in millimetres; all 0 is 20, 20, 30, 15.
	Margins [4]float64
	Wide    bool // A4 lying
}

// Style says how a paragraph looks: Align "left", "center", "right", "both";
// Size in points (0 is 14).
type Style struct {
	Align           string
	Size            float64
	Bold, Italic    bool
	Underline       bool
	Indent, Keep    bool // first line 10 mm; stay with the next
	NewPage         bool // begins a page
	Before, Spacing int  // points before; exact line pitch in points, 0 single
}

func run(s Style, text string) string {
	size := s.Size
	if size == 0 {
		size = 14
	}
	var p string
	if s.Bold {
		p += "<w:b/>"
	}
	if s.Italic {
		p += "<w:i/>"
	}
	p += fmt.Sprintf(`<w:sz w:val="%d"/>`, int(size*2))
	if s.Underline {
		p += `<w:u w:val="single"/>`
	}
	var t bytes.Buffer
	escape(&t, text)
	return `<w:r><w:rPr>` + p + `</w:rPr><w:t xml:space="preserve">` + t.String() + `</w:t></w:r>`
}

func para(s Style, text string) string {
	align := s.Align
	if align == "" {
		align = "left"
	}
	p := "<w:p><w:pPr>"
	if s.Keep {
		p += "<w:keepNext/>"
	}
	if s.NewPage {
		p += "<w:pageBreakBefore/>"
	}
	p += fmt.Sprintf(`<w:spacing w:before="%d" w:after="0"`, s.Before*20)
	if s.Spacing > 0 {
		p += fmt.Sprintf(` w:line="%d" w:lineRule="exact"`, s.Spacing*20)
	}
	p += "/>"
	if s.Indent {
		p += `<w:ind w:firstLine="567"/>`
	}
	p += `<w:jc w:val="` + align + `"/>`
	if text == "" && s.Size > 0 { // an empty line is as tall as its mark
		p += fmt.Sprintf(`<w:rPr><w:sz w:val="%d"/></w:rPr>`, int(s.Size*2))
	}
	return p + "</w:pPr>" + run(s, text) + "</w:p>"
}

// P adds a paragraph.
func (b *Builder) P(s Style, text string) { b.b.WriteString(para(s, text)) }

// Line is one paragraph of a cell.
type Line struct {
	Style
	Text string
}

// Columns adds a table without lines, one row: heads and signatures. Widths
// are in millimetres.
func (b *Builder) Columns(widths []float64, cells ...[]Line) { b.table(widths, false, cells) }

// Table adds a table with lines; head rows repeat on each page.
func (b *Builder) Table(widths []float64, head []Line, rows ...[]Line) {
	one := func(ls []Line) (out [][]Line) {
		for _, l := range ls {
			out = append(out, []Line{l})
		}
		return out
	}
	all := [][][]Line{one(head)}
	for _, r := range rows {
		all = append(all, one(r))
	}
	b.P(Style{Size: 4, Keep: true}, "")
	b.table(widths, true, all...)
	b.P(Style{Size: 4}, "") // Word makes one table of two that touch
}

func (b *Builder) table(widths []float64, lines bool, rows ...[][]Line) {
	tw := func(mm float64) int { return int(mm * 1440 / 25.4) }
	w := &b.b
	w.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>`)
	if lines {
		w.WriteString(`<w:tblBorders>`)
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			w.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
		}
		w.WriteString(`</w:tblBorders>`)
	}
	w.WriteString(`<w:tblLayout w:type="fixed"/>`)
	if lines {
		w.WriteString(`<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>`)
	}
	w.WriteString(`</w:tblPr><w:tblGrid>`)
	for _, x := range widths {
		fmt.Fprintf(w, `<w:gridCol w:w="%d"/>`, tw(x))
	}
	w.WriteString(`</w:tblGrid>`)
	for i, row := range rows {
		w.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if lines && i == 0 {
			w.WriteString(`<w:tblHeader/>`)
		}
		w.WriteString(`</w:trPr>`)
		for j, cell := range row {
			fmt.Fprintf(w, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, tw(widths[j]))
			for _, l := range cell {
				w.WriteString(para(l.Style, l.Text))
			}
			if len(cell) == 0 {
				w.WriteString(`<w:p/>`)
			}
			w.WriteString(`</w:tc>`)
		}
		w.WriteString(`</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
}

const (
	ns      = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	decl    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	rel     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordMT  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	relsMT  = "application/vnd.openxmlformats-package.relationships+xml"
	relsTop = decl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

func (b *Builder) margins() string {
	m := b.Margins
	if m == [4]float64{} {
		m = [4]float64{20, 20, 30, 15}
	}
	tw := func(mm float64) int { return int(mm*1440/25.4 + 0.5) }
	return fmt.Sprintf(`<w:pgMar w:top="%d" w:bottom="%d" w:left="%d" w:right="%d"`, tw(m[0]), tw(m[1]), tw(m[2]), tw(m[3]))
}

func (b *Builder) page() string {
	if b.Wide {
		return `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`
	}
	return `<w:pgSz w:w="11906" w:h="16838"/>`
}

// foot is the content of the foot of a page.
func (b *Builder) foot() string {
	if b.Code == "" {
		return para(Style{Align: "center", Size: 9}, b.Footer)
	}
	f, wide := &Builder{}, 148.0
	if b.Wide {
		wide = 235
	}
	f.Columns([]float64{wide, 17}, []Line{{Style: Style{Size: 9}, Text: b.Footer}}, []Line{{Style: Style{Align: "right", Size: 9}, Text: "{{" + b.Code + "}}"}})
	return f.b.String() + para(Style{Size: 2}, "")
}

// Bytes is the .docx.
func (b *Builder) Bytes() ([]byte, error) {
	field := func(name string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + name + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	files := [][2]string{
		{"[Content_Types].xml", decl + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="` + relsMT + `"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="` + wordMT + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordMT + `styles+xml"/><Override PartName="/word/header1.xml" ContentType="` + wordMT + `header+xml"/><Override PartName="/word/footer1.xml" ContentType="` + wordMT + `footer+xml"/><Override PartName="/word/footer2.xml" ContentType="` + wordMT + `footer+xml"/></Types>`},
		{"_rels/.rels", relsTop + `<Relationship Id="rId1" Type="` + rel + `officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/_rels/document.xml.rels", relsTop + `<Relationship Id="rId1" Type="` + rel + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + rel + `header" Target="header1.xml"/><Relationship Id="rId3" Type="` + rel + `footer" Target="footer1.xml"/><Relationship Id="rId4" Type="` + rel + `footer" Target="footer2.xml"/></Relationships>`},
		{"word/styles.xml", decl + `<w:styles ` + ns + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`},
		{"word/header1.xml", decl + `<w:hdr ` + ns + `><w:p><w:pPr><w:jc w:val="center"/></w:pPr>` + field("PAGE") + `</w:p></w:hdr>`},
		{"word/footer1.xml", decl + `<w:ftr ` + ns + `>` + b.foot() + `</w:ftr>`},
		{"word/footer2.xml", decl + `<w:ftr ` + ns + `>` + b.foot() + `</w:ftr>`},
		{"word/document.xml", decl + `<w:document ` + ns + `><w:body>` + b.b.String() + `<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="first" r:id="rId4"/>` + b.page() + b.margins() + ` w:header="567" w:footer="454" w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>`},
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
