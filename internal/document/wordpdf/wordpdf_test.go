package wordpdf

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"html"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

const (
	space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="wp" xmlns:a="a" xmlns:wps="wps" xmlns:mc="mc"`
	sect  = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:bottom="1134" w:left="1701" w:right="850" w:header="567" w:footer="454"/></w:sectPr>`
)

// word makes a Word file of a body and other parts.
func word(t testing.TB, body string, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{"[Content_Types].xml": `<Types/>`, "word/document.xml": `<w:document ` + space + `><w:body>` + body + `</w:body></w:document>`}
	for k, v := range parts {
		all[k] = v
	}
	var names []string
	for k := range all {
		names = append(names, k)
	}
	slices.Sort(names)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range names {
		w, err := z.Create(n)
		if err == nil {
			_, err = w.Write([]byte(all[n]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var option = Options{Title: "thử", Day: vn.MustDate("2026-11-25")}

var shared *fpdf.Fpdf

// drawn draws and gives what was drawn with its places.
func drawn(t testing.TB, raw []byte) (ps []place, odd []docx.Note, err error) {
	t.Helper()
	tracing = func(p place) { ps = append(ps, p) }
	defer func() { tracing = nil }()
	doc, err := docx.Read(raw)
	if err != nil {
		return nil, nil, err
	}
	// Reading the faces takes longer than drawing: drawings follow one another
	// in one PDF.
	if shared == nil || shared.PageNo() > 200 || shared.Err() {
		shared = blank(option)
	}
	before := shared.PageNo()
	e, err := drawOn(shared, doc, 1)
	if err != nil {
		return nil, nil, err
	}
	for i := range ps {
		ps[i].page -= before
	}
	return ps, append(doc.Odd, e.odd...), nil
}

var inText = regexp.MustCompile(`(?s)<w:t(?: [^>]*)?>(.*?)</w:t>`)

// letters are the letters of texts in a fixed order, without spaces: what must
// be the same in the file and in the drawing.
func letters(s string) string {
	rs := []rune(norm.NFC.String(strings.Join(strings.Fields(s), "")))
	slices.Sort(rs)
	return string(rs)
}

func textOf(body string) (s string) {
	for _, m := range inText.FindAllStringSubmatch(body, -1) {
		s += html.UnescapeString(m[1]) + " "
	}
	return s
}

// complete says what is wrong when a drawing lacks letters of the body, or has
// one off its page.
func complete(body string, ps []place) error {
	var got strings.Builder
	for _, p := range ps {
		got.WriteString(p.text + " ")
		if strings.TrimSpace(p.text) != "" && (p.y < 0 || p.y > p.tall || p.x < -1 || p.x+p.w > p.wide+13) {
			return fmt.Errorf("%q stands off page %d: %.0f, %.0f (width %.0f) of %.0f × %.0f", p.text, p.page, p.x, p.y, p.w, p.wide, p.tall)
		}
	}
	if a, b := letters(textOf(body)), letters(got.String()); a != b {
		return fmt.Errorf("letters differ:\nfile    %s\ndrawing %s", a, b)
	}
	return nil
}

func p(props, text string) string {
	return `<w:p><w:pPr>` + props + `</w:pPr><w:r><w:t xml:space="preserve">` + html.EscapeString(text) + `</w:t></w:r></w:p>`
}

// A paper as clerks make them: everything that is drawn, on its place.
func TestPlaces(t *testing.T) {
	body := p(`<w:jc w:val="center"/>`, "GIỮA") +
		p(`<w:jc w:val="right"/>`, "PHẢI") +
		p(`<w:ind w:left="1440" w:firstLine="720"/>`, "Lùi") +
		p(`<w:ind w:left="720" w:hanging="360"/>`, "Treo") +
		`<w:p><w:pPr><w:tabs><w:tab w:val="right" w:pos="9000" w:leader="dot"/></w:tabs></w:pPr><w:r><w:t>Trái</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>Cuối</w:t></w:r></w:p>` +
		p(`<w:spacing w:before="2000"/>`, "Xuống") +
		`<w:p><w:r><w:br w:type="page"/></w:r><w:r><w:t>Trang hai</w:t></w:r></w:p>` +
		p(`<w:pageBreakBefore/>`, "Trang ba") + sect
	ps, odd, err := drawn(t, word(t, body, nil))
	if err != nil || len(odd) > 0 {
		t.Fatal(err, odd)
	}
	if err := complete(body, ps); err != nil {
		t.Fatal(err)
	}
	at := map[string]place{}
	for _, x := range ps {
		at[strings.TrimSpace(x.text)] = x
	}
	const left, right = 85.05, 595.3 - 42.5
	near := func(what string, got, want float64) {
		if d := got - want; d > 1 || d < -1 {
			t.Errorf("%s: %.1f, want %.1f", what, got, want)
		}
	}
	near("centre", at["GIỮA"].x+at["GIỮA"].w/2, (left+right)/2)
	near("right", at["PHẢI"].x+at["PHẢI"].w, right)
	near("indent", at["Lùi"].x, left+72+36)
	near("hanging", at["Treo"].x, left+18)
	near("tab", at["Cuối"].x+at["Cuối"].w, left+450)
	near("space before", at["Xuống"].y-at["Trái"].y, 100+10*1.149)
	if at["Trang hai"].page != 2 || at["Trang ba"].page != 3 || at["Xuống"].page != 1 {
		t.Errorf("pages: %v", at)
	}
}

// A text that fills its line is stretched to both sides; the last line is not.
func TestBothSides(t *testing.T) {
	body := p(`<w:jc w:val="both"/>`, strings.Repeat("đồng chí được giới thiệu ", 30)) + sect
	ps, _, err := drawn(t, word(t, body, nil))
	if err != nil {
		t.Fatal(err)
	}
	ends := map[float64]float64{}
	var last float64
	for _, x := range ps {
		ends[x.y] = max(ends[x.y], x.x+x.w)
		last = max(last, x.y)
	}
	if len(ends) < 5 {
		t.Fatalf("%d lines", len(ends))
	}
	for y, x := range ends {
		if full := x > 595.3-42.5-1; full == (y == last) {
			t.Errorf("line at %.0f ends at %.0f", y, x)
		}
	}
}

// Lists count, with levels, restarts and marks of symbol fonts.
func TestNumbering(t *testing.T) {
	lvl := func(i int, form, text string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, i, form, text)
	}
	numbers := `<w:numbering ` + space + `><w:abstractNum w:abstractNumId="4">` + lvl(0, "upperRoman", "%1.") + lvl(1, "decimal", "%1.%2.") + lvl(2, "lowerLetter", "%3)") +
		`<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>`
	item := func(num, level int, text string) string {
		return p(fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, num), text)
	}
	body := item(1, 0, "Một") + item(1, 1, "Một một") + item(1, 1, "Một hai") + item(1, 2, "a") + item(1, 3, "chấm") + item(1, 0, "Hai") + item(1, 1, "Hai một") + item(2, 0, "Bảy") + sect
	ps, _, err := drawn(t, word(t, body, map[string]string{"word/numbering.xml": numbers}))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, x := range ps {
		if s := strings.TrimSpace(x.text); s != "" {
			all = append(all, s)
		}
	}
	if got, want := strings.Join(all, "|"), "I.|Một|I.1.|Một một|I.2.|Một hai|a)|a|•|chấm|II.|Hai|II.1.|Hai một|VII.|Bảy"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What cannot be drawn as Word shows it is named, and its text is there.
func TestNamed(t *testing.T) {
	box := `<w:p><w:r><w:t>Trước</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><wps:txbx><w:txbxContent>` + p("", "trong khung") + `</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + p("", "trong khung") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	for name, c := range map[string]struct{ body, names string }{
		"text box":  {box, "Text Box"},
		"shape":     {`<w:p><w:r><w:drawing><wp:inline/></w:drawing></w:r></w:p>`, "Shape"},
		"columns":   {p("", "chữ") + `<w:sectPr><w:cols w:num="2"/></w:sectPr>`, "một cột"},
		"font":      {`<w:p><w:r><w:rPr><w:rFonts w:ascii="Arial"/></w:rPr><w:t>chữ</w:t></w:r></w:p>`, "Arial"},
		"old font":  {`<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>ch÷</w:t></w:r></w:p>`, "không phải Unicode"},
		"deleted":   {`<w:p><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:r><w:t>còn</w:t></w:r></w:p>`, "Track Changes"},
		"glyph":     {p("", "漢 tự"), "漢"},
		"field":     {`<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>1/1/2026</w:t></w:r></w:fldSimple></w:p>`, "DATE"},
		"comment":   {`<w:p><w:r><w:commentReference w:id="1"/><w:t>x</w:t></w:r></w:p>`, "Comment"},
		"vertical":  {`<w:tbl><w:tr><w:tc><w:tcPr><w:textDirection w:val="btLr"/></w:tcPr>` + p("", "dọc") + `</w:tc></w:tr></w:tbl>`, "chữ ngang"},
		"page edge": {p("", "x") + `<w:sectPr><w:pgBorders/></w:sectPr>`, "viền trang"},
	} {
		ps, odd, err := drawn(t, word(t, c.body, nil))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.ContainsFunc(odd, func(n docx.Note) bool { return strings.Contains(n.VI, c.names) }) {
			t.Errorf("%s: named only %v", name, odd)
		}
		body := c.body
		if i := strings.Index(body, "<mc:Fallback>"); i >= 0 {
			body = body[:i]
		}
		if name == "glyph" {
			body = strings.ReplaceAll(body, "漢", "□")
		}
		if err := complete(body, ps); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ps, _, err := drawn(t, word(t, p("", "Chữ")+`<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`, map[string]string{"word/footnotes.xml": `<w:footnotes ` + space + `><w:footnote w:id="2">` + p("", "chú thích") + `</w:footnote></w:footnotes>`}))
	if err != nil || !slices.ContainsFunc(ps, func(x place) bool { return strings.Contains(x.text, "chú thích") }) {
		t.Errorf("footnote: %v %v", err, ps)
	}
}

// Heads of a table stand on each page, rows go on over pages, numbers of pages
// and of all pages stand in the header.
func TestLongTable(t *testing.T) {
	row := func(props string, cells ...string) string {
		s := `<w:tr><w:trPr>` + props + `</w:trPr>`
		for _, c := range cells {
			s += `<w:tc>` + p("", c) + `</w:tc>`
		}
		return s + `</w:tr>`
	}
	body := `<w:tbl><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4"/></w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="6000"/></w:tblGrid>` + row(`<w:tblHeader/>`, "ĐẦU BẢNG", "Nội dung")
	for i := range 90 {
		body += row("", fmt.Sprintf("hàng %d", i), strings.Repeat("nội dung dài ", 1+i%40))
	}
	body += row("", "cuối", strings.Repeat("một ô cao hơn cả trang giấy ", 900))
	header := `<w:hdr ` + space + `><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>cũ</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>/</w:t></w:r><w:fldSimple w:instr="NUMPAGES"><w:r><w:t>99</w:t></w:r></w:fldSimple></w:p></w:hdr>`
	raw := word(t, body+`</w:tbl>`+strings.Replace(sect, "<w:sectPr>", `<w:sectPr><w:headerReference w:type="default" r:id="h"/>`, 1), map[string]string{
		"word/header1.xml": header, "word/_rels/document.xml.rels": `<Relationships><Relationship Id="h" Target="header1.xml"/></Relationships>`})
	ps, odd, err := drawn(t, raw)
	if err != nil || len(odd) > 0 {
		t.Fatal(err, odd)
	}
	if err := complete(body, ps); err != nil {
		t.Fatal(err)
	}
	out, _, err := PDF(raw, option)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := PDF(raw, option)
	if err != nil || !bytes.Equal(out, again) {
		t.Errorf("drawn twice it differs: %v", err)
	}
	text := pdfText(t, out)
	pages := strings.Split(strings.TrimRight(text, "\f"), "\f")
	if len(pages) < 5 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, pg := range pages {
		if !strings.Contains(pg, "ĐẦU BẢNG") || !strings.Contains(pg, fmt.Sprintf("%d/%d", i+1, len(pages))) || strings.Contains(pg, "cũ") {
			t.Errorf("page %d says\n%.200s", i+1, pg)
		}
	}
	if n := strings.Count(strings.Join(strings.Fields(text), " "), "cao hơn"); n < 800 {
		t.Errorf("the tall cell is there %d times", n)
	}
}

func pdfText(t testing.TB, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils) is needed: %v", err)
	}
	return string(out)
}

// Whatever the document: every letter of it is drawn, on the page.
func TestNothingIsLost(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value.String()
	if checks == "100" { // as nobody asked for more
		if err := flag.Set("rapid.checks", "25"); err != nil {
			t.Fatal(err)
		}
		defer flag.Set("rapid.checks", checks)
	}
	rapid.Check(t, func(rt *rapid.T) {
		body := genBlocks(rt, 0) + genSection(rt)
		ps, _, err := drawn(t, word(t, body, nil))
		if r := (*docx.Refused)(nil); errors.As(err, &r) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		if err := complete(body, ps); err != nil {
			rt.Fatalf("%v\n%s", err, body)
		}
	})
}

var sizes = []int{0, 2, 8, 28, 60, 240, 4000}

func genBlocks(t *rapid.T, depth int) (s string) {
	for range rapid.IntRange(1, 5).Draw(t, "blocks") {
		if depth < 3 && rapid.IntRange(0, 2).Draw(t, "table") == 0 {
			s += genTable(t, depth)
		} else {
			s += genPara(t)
		}
	}
	return s
}

func genPara(t *rapid.T) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	props := pick("jc", "", `<w:jc w:val="both"/>`, `<w:jc w:val="center"/>`, `<w:jc w:val="right"/>`) + pick("ind", "", `<w:ind w:left="20000" w:right="9000"/>`, `<w:ind w:left="-4000"/>`, `<w:ind w:hanging="9000"/>`, `<w:ind w:left="567" w:hanging="283"/>`) +
		pick("sp", "", `<w:spacing w:before="30000"/>`, `<w:spacing w:line="20" w:lineRule="exact"/>`, `<w:spacing w:line="99999"/>`, `<w:spacing w:after="120" w:line="360"/>`) +
		pick("keep", "", `<w:keepNext/>`, `<w:keepLines/>`, `<w:pageBreakBefore/>`) + pick("tabs", "", `<w:tabs><w:tab w:val="center" w:pos="4000"/><w:tab w:val="right" w:pos="90000" w:leader="dot"/></w:tabs>`)
	s := `<w:p><w:pPr>` + props + `</w:pPr>`
	for range rapid.IntRange(0, 4).Draw(t, "runs") {
		look := fmt.Sprintf(`<w:sz w:val="%d"/>`, rapid.SampledFrom(sizes).Draw(t, "size")) + pick("look", "", "<w:b/>", "<w:i/>", `<w:u w:val="single"/>`, `<w:vertAlign w:val="superscript"/>`, "<w:caps w:val=\"0\"/>")
		text := pick("text", "Nguyễn Văn A", "x", strings.Repeat("W", 300), strings.Repeat("kết quả bầu cử ", 40), " ", "a-b-c-d", "e\u0302\u0301 ơ\u0300", "12.345")
		s += `<w:r><w:rPr>` + look + `</w:rPr><w:t xml:space="preserve">` + text + `</w:t>` + pick("break", "", "", "<w:tab/>", "<w:br/>", `<w:br w:type="page"/>`) + `</w:r>`
	}
	return s + `</w:p>`
}

func genTable(t *rapid.T, depth int) string {
	s := `<w:tbl><w:tblPr>` + rapid.SampledFrom([]string{"", `<w:jc w:val="center"/>`, `<w:tblInd w:w="-9000"/>`, `<w:tblInd w:w="9000"/>`}).Draw(t, "place") + `</w:tblPr><w:tblGrid>`
	cols := rapid.IntRange(1, 4).Draw(t, "cols")
	for range cols {
		s += fmt.Sprintf(`<w:gridCol w:w="%d"/>`, rapid.SampledFrom([]int{0, 1, 500, 3000, 30000}).Draw(t, "w"))
	}
	s += `</w:tblGrid>`
	for range rapid.IntRange(1, 5).Draw(t, "rows") {
		s += `<w:tr><w:trPr>` + rapid.SampledFrom([]string{"", `<w:cantSplit/>`, `<w:tblHeader/>`, `<w:trHeight w:val="30000"/>`, `<w:gridBefore w:val="1"/>`}).Draw(t, "row") + `</w:trPr>`
		for range rapid.IntRange(1, cols).Draw(t, "cells") {
			s += `<w:tc><w:tcPr>` + rapid.SampledFrom([]string{"", "", `<w:gridSpan w:val="2"/>`, `<w:vMerge w:val="restart"/>`, `<w:vMerge/>`, `<w:vAlign w:val="bottom"/>`}).Draw(t, "cell") + `</w:tcPr>` + genBlocks(t, depth+1) + `</w:tc>`
		}
		s += `</w:tr>`
	}
	return s + `</w:tbl>`
}

func genSection(t *rapid.T) string {
	return rapid.SampledFrom([]string{sect, "", `<w:sectPr><w:pgSz w:w="1" w:h="1"/></w:sectPr>`, `<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="9000" w:bottom="9000" w:left="30000" w:right="20000"/></w:sectPr>`}).Draw(t, "section")
}

// Foreign bytes: refused or drawn whole, never a panic.
func FuzzPDF(f *testing.F) {
	f.Add(p("", "chữ") + sect)
	f.Add(`<w:tbl><w:tblGrid><w:gridCol w:w="1000"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>` + p("", "a") + `</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>` + p("", "b") + `</w:tc></w:tr></w:tbl>`)
	f.Add(`<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>`)
	f.Fuzz(func(t *testing.T, body string) {
		raw := word(t, body, map[string]string{"word/numbering.xml": `<w:numbering ` + space + `><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>`})
		doc, err := docx.Read(raw)
		if err != nil {
			return
		}
		ps, _, err := drawn(t, raw)
		if r := (*docx.Refused)(nil); errors.As(err, &r) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(body, "fld") || strings.Contains(body, "pgNum") {
			return // numbers of pages are not text
		}
		var got strings.Builder
		for _, x := range ps {
			got.WriteString(x.text)
		}
		e := &engine{}
		if a, b := letters(e.drawable(doc.Text())), letters(got.String()); a != b {
			t.Fatalf("file %q\ndrawn %q", a, b)
		}
	})
}
