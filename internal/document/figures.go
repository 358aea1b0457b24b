package document

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// FiguresPaper is a set of figures as a paper: what the page shows, in words,
// from one model for PDF and Word.
type FiguresPaper struct {
	Body, Upper string // who reports, and the organisation above its name
	Title, Of   string // of the report; the organisation and day
	Number      string
	Signed      vn.Date
	Signer      string
	Role        string
	Tables      []FiguresTable
	Notes       []string
	Sample      bool
	Made        vn.Date
	Code        string // of the checkpoint
	Entry       int64  // of the closing; -1 for figures not closed
	Foot        string // instead of what the foot says of figures
	Beside      string // who signs at the left, of minutes with two sides
}

// FiguresTable is one table: Heads begin with the name of the first column; every
// row is a name and its figures. The last row is the sum when Sum is set.
type FiguresTable struct {
	Title string
	Heads []string
	Rows  [][]string
	Sum   bool
}

func (p *FiguresPaper) foot() string {
	if p.Foot != "" {
		return p.Foot
	}
	if p.Entry >= 0 {
		return fmt.Sprintf("Minh Bạch · số liệu chốt tại mục %d · điểm chứng %s", p.Entry, p.Code)
	}
	return "Minh Bạch · số liệu chưa chốt · điểm chứng " + p.Code
}

func (p *FiguresPaper) numberLine() string {
	if p.Number == "" {
		return "Số: ………"
	}
	return "Số: " + p.Number
}

func (p *FiguresPaper) dayLine() string {
	if p.Signed.IsZero() {
		return "ngày … tháng … năm …"
	}
	return p.Signed.Document()
}

// isFigure tells a number as written for people, or a dash in its place, from
// words.
func isFigure(s string) bool { return strings.Trim(s, "0123456789.,–") == "" }

// widthsOf shares 165 mm among the columns of a table set in a size of type: no
// word is broken where there is room, columns of figures are as wide as each
// other, and words get what is left by how much they have to say.
func (t FiguresTable) widthsOf(size float64) []float64 {
	const all, most = 165.0, 44
	n := len(t.Heads)
	letter := size * 0.2 // mm of a letter, about
	need, like, figures := make([]float64, n), make([]float64, n), make([]bool, n)
	for i, h := range t.Heads {
		need[i] = max(4, float64(longestWord(h))*1.15) // bold, and few letters may all be wide
		figures[i] = i > 0
		for _, r := range t.Rows {
			if i >= len(r) {
				continue
			}
			need[i] = max(need[i], float64(longestWord(r[i])))
			like[i] = max(like[i], float64(min(utf8.RuneCountInString(r[i]), most)))
			figures[i] = figures[i] && isFigure(r[i])
		}
	}
	widest := 0.0
	for i := range need {
		need[i] = need[i]*letter + 3
		like[i] = max(need[i], like[i]*letter+3)
		if figures[i] {
			widest = max(widest, need[i])
		}
	}
	var needs, wants float64
	for i := range need {
		if figures[i] {
			need[i], like[i] = widest, widest
		}
		needs += need[i]
		wants += like[i] - need[i]
	}
	rest := all - needs
	for i := range need {
		switch {
		case rest <= 0:
			need[i] *= all / needs
		case wants >= rest:
			need[i] += rest * (like[i] - need[i]) / wants
		default: // room for all; what is over is shared
			need[i] = like[i] + (rest-wants)/float64(n)
		}
	}
	return need
}

func longestWord(s string) (n int) {
	for _, w := range strings.Fields(s) {
		n = max(n, utf8.RuneCountInString(w))
	}
	return n
}

// DOCX writes the paper for Word.
func (p *FiguresPaper) DOCX() ([]byte, error) {
	b := &docx.Builder{Footer: p.foot()}
	center := func(s docx.Style, text string) []docx.Line {
		s.Align = "center"
		var out []docx.Line
		for _, l := range strings.Split(text, "\n") {
			out = append(out, docx.Line{Style: s, Text: l})
		}
		return out
	}
	left := append(center(docx.Style{Size: 13, Bold: true}, p.Body), center(docx.Style{Size: 13}, p.numberLine())...)
	if p.Upper != "" {
		left = append(center(docx.Style{Size: 13}, p.Upper), left...)
	}
	b.Columns([]float64{75, 90},
		left,
		append(center(docx.Style{Size: 13, Bold: true, Underline: true}, "ĐẢNG CỘNG SẢN VIỆT NAM"), center(docx.Style{Size: 13, Italic: true}, p.dayLine())...))
	b.P(docx.Style{Align: "center", Bold: true, Before: 14}, p.Title)
	b.P(docx.Style{Align: "center", Italic: true}, p.Of)
	if p.Sample {
		b.P(docx.Style{Align: "center", Italic: true}, "Dữ liệu mẫu")
	}
	for _, t := range p.Tables {
		b.P(docx.Style{Size: 13, Bold: true, Before: 12, Keep: true}, t.Title)
		size := 11.0
		if len(t.Heads) > 8 {
			size = 9
		}
		head := make([]docx.Line, len(t.Heads))
		for i, h := range t.Heads {
			head[i] = docx.Line{Style: docx.Style{Size: size, Bold: true, Align: "center"}, Text: h}
		}
		rows := make([][]docx.Line, len(t.Rows))
		for k, r := range t.Rows {
			for i, v := range r {
				s := docx.Style{Size: size, Bold: t.Sum && k == len(t.Rows)-1}
				if i > 0 && isFigure(v) {
					s.Align = "right"
				}
				rows[k] = append(rows[k], docx.Line{Style: s, Text: v})
			}
		}
		b.Table(t.widthsOf(size), head, rows...)
	}
	for _, n := range p.Notes {
		b.P(docx.Style{Size: 11, Italic: true, Before: 4, Keep: true}, n) // no signature stands alone on a page
	}
	b.P(docx.Style{Before: 10, Keep: true}, "")
	var beside []docx.Line
	if p.Beside != "" {
		beside = center(docx.Style{Size: 13, Bold: true}, p.Beside)
	}
	b.Columns([]float64{75, 90}, beside, append(center(docx.Style{Size: 13, Bold: true}, p.Role), append(center(docx.Style{Size: 13}, " "),
		append(center(docx.Style{Size: 13}, " "), append(center(docx.Style{Size: 13}, " "), center(docx.Style{Size: 13, Bold: true}, p.Signer)...)...)...)...))
	return b.Bytes()
}

// PDF draws the same paper. The bytes depend on the model alone.
func (p *FiguresPaper) PDF() ([]byte, error) {
	const w, h, left, right, top, bottom = 210.0, 297.0, 30.0, 15.0, 20.0, 20.0
	f := sheet(false, fpdf.SizeType{Wd: w, Ht: h}, p.Title, p.Made)
	f.SetMargins(left, top, right)
	f.SetAutoPageBreak(false, 0)
	f.AliasNbPages("{nb}")
	f.SetFooterFunc(func() {
		f.SetY(h - 12)
		f.SetFont(serif, "I", 8)
		f.CellFormat(0, 5, fmt.Sprintf("%s · trang %d/{nb}", p.foot(), f.PageNo()), "", 0, "C", false, 0, "")
	})
	f.AddPage()
	cell := func(x, y, wd float64, style string, size float64, text string) float64 {
		f.SetXY(x, y)
		f.SetFont(serif, style, size)
		f.MultiCell(wd, size*0.45, text, "", "C", false)
		return f.GetY()
	}
	y := top
	if p.Upper != "" {
		y = cell(left, y, 75, "", 12, p.Upper)
	}
	y = cell(left, y, 75, "B", 12, p.Body)
	y = cell(left, y, 75, "", 12, p.numberLine())
	z := cell(left+78, top, 87, "B", 12, "ĐẢNG CỘNG SẢN VIỆT NAM")
	f.Line(left+94, z+0.6, left+149, z+0.6)
	z = cell(left+78, z+1.6, 87, "I", 12, p.dayLine())
	f.SetY(max(y, z) + 6)
	f.SetFont(serif, "B", 14)
	f.MultiCell(0, 6.4, p.Title, "", "C", false)
	f.SetFont(serif, "I", 12)
	f.MultiCell(0, 5.6, p.Of, "", "C", false)
	if p.Sample {
		f.MultiCell(0, 5.6, "Dữ liệu mẫu", "", "C", false)
	}
	for _, t := range p.Tables {
		p.table(f, t, h-bottom, left)
	}
	f.SetFont(serif, "I", 10)
	const signature = 42.0
	for i, n := range p.Notes {
		tall := float64(len(f.SplitText(n, w-left-right-2)))*4.6 + 1.5
		if i == len(p.Notes)-1 { // no signature stands alone on a page
			tall += signature
		}
		if f.GetY()+tall > h-bottom {
			f.AddPage()
		}
		f.Ln(1.5)
		f.MultiCell(0, 4.6, n, "", "J", false)
	}
	if f.GetY()+signature > h-bottom {
		f.AddPage()
	}
	y = f.GetY() + 8
	cell(left, y, 75, "B", 12, p.Beside)
	y = cell(left+78, y, 87, "B", 12, p.Role)
	cell(left+78, y+24, 87, "B", 12, p.Signer)
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("document: figures %s: %w", p.Title, err)
	}
	return out.Bytes(), nil
}

// table draws one table; its head stands again on every page it runs over.
func (p *FiguresPaper) table(f *fpdf.Fpdf, t FiguresTable, end, left float64) {
	size := 10.5
	if len(t.Heads) > 8 {
		size = 8.5
	}
	pitch := size * 0.43
	widths := t.widthsOf(size)
	row := func(style string, cells []string, centred bool) (tall float64, draw func()) {
		f.SetFont(serif, style, size)
		lines, most := make([][]string, len(widths)), 1
		for i, wd := range widths {
			if i < len(cells) {
				lines[i] = f.SplitText(cells[i], wd-1.6)
			}
			most = max(most, len(lines[i]))
		}
		tall = float64(most)*pitch + 1.8
		return tall, func() {
			f.SetFont(serif, style, size)
			x, y := left, f.GetY()
			for i, wd := range widths {
				f.Rect(x, y, wd, tall, "D")
				align := "R"
				if i == 0 || len(cells) > i && !isFigure(cells[i]) {
					align = "L"
				}
				if centred {
					align = "C"
				}
				for n, l := range lines[i] {
					f.SetXY(x, y+0.9+float64(n)*pitch)
					f.CellFormat(wd, pitch, l, "", 0, align, false, 0, "")
				}
				x += wd
			}
			f.SetXY(left, y+tall)
		}
	}
	headTall, head := row("B", t.Heads, true)
	if f.GetY()+headTall+24 > end {
		f.AddPage()
	}
	f.Ln(4)
	f.SetFont(serif, "B", 12)
	f.MultiCell(0, 6, t.Title, "", "L", false)
	head()
	for k, r := range t.Rows {
		style := ""
		if t.Sum && k == len(t.Rows)-1 {
			style = "B"
		}
		tall, draw := row(style, r, false)
		if f.GetY()+tall > end {
			f.AddPage()
			head()
		}
		draw()
	}
}
