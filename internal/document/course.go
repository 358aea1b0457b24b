package document

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/vn"
)

// Course is the one-page "Diễn biến quy trình" of a personnel case, in words:
// what the page on the screen shows, with the entries it stands on.
type Course struct {
	Title  string // post and body
	Rules  string // definition and document
	Notes  []string
	Sample bool
	Heads  []string // of the columns, as many as CourseColumns
	Rows   []CourseRow
	After  []string // consent, opinions, decision: lines below the table
	Made   vn.Date
	Code   string // of the checkpoint
}

// CourseRow is one step. Cells holds CourseColumns texts; a line break parts
// lines of a cell.
type CourseRow struct{ Cells []string }

// CourseColumns is how many columns the table has.
const CourseColumns = 9

// PDF draws the course on A4 landscape; letters shrink until it stands on one
// page, down to 6 points, and it goes on to a second page after that. The bytes
// depend on the model alone.
func (c *Course) PDF() ([]byte, error) {
	for size := 9.5; ; size -= 0.5 {
		out, pages, err := c.draw(size)
		if err != nil || pages == 1 || size <= 6 {
			return out, err
		}
	}
}

func (c *Course) draw(size float64) ([]byte, int, error) {
	const w, h, edge = 297.0, 210.0, 12.0
	widths := [CourseColumns]float64{52, 27, 34, 17, 21, 41, 30, 31, 20}
	f := sheet(true, fpdf.SizeType{Wd: w, Ht: h}, "Diễn biến quy trình: "+c.Title, c.Made)
	f.SetMargins(edge, edge, edge)
	f.SetAutoPageBreak(false, 0)
	f.AliasNbPages("{nb}")
	f.SetFooterFunc(func() {
		f.SetY(h - 9)
		f.SetFont(serif, "I", 8)
		f.CellFormat(0, 5, fmt.Sprintf("Minh Bạch · điểm chứng %s · trang %d/{nb}", c.Code, f.PageNo()), "", 0, "C", false, 0, "")
	})
	f.AddPage()
	text := func(style, align string, pt float64, s string) {
		f.SetFont(serif, style, pt)
		f.MultiCell(0, pt*0.46, s, "", align, false)
	}
	text("B", "C", 14, "DIỄN BIẾN QUY TRÌNH")
	text("B", "C", 11.5, c.Title)
	text("", "C", 10, c.Rules)
	for _, n := range c.Notes {
		text("I", "C", 9.5, n)
	}
	if c.Sample {
		text("I", "C", 9.5, "Dữ liệu mẫu")
	}
	f.Ln(2)
	pitch := size * 0.42
	row := func(style string, cells []string) {
		f.SetFont(serif, style, size)
		lines, most := [CourseColumns][]string{}, 1
		for i := range widths {
			if i < len(cells) {
				lines[i] = f.SplitText(cells[i], widths[i]-2)
			}
			most = max(most, len(lines[i]))
		}
		tall := float64(most)*pitch + 1.6
		if f.GetY()+tall > h-edge-4 {
			f.AddPage()
		}
		x, y := edge, f.GetY()
		for i, wd := range widths {
			f.Rect(x, y, wd, tall, "D")
			for n, l := range lines[i] {
				f.SetXY(x, y+0.8+float64(n)*pitch)
				f.CellFormat(wd, pitch, l, "", 0, "L", false, 0, "")
			}
			x += wd
		}
		f.SetXY(edge, y+tall)
	}
	row("B", c.Heads)
	for _, r := range c.Rows {
		row("", r.Cells)
	}
	f.Ln(2)
	for _, a := range c.After {
		if f.GetY()+pitch*2 > h-edge-4 {
			f.AddPage()
		}
		text("", "L", size+0.5, a)
	}
	pages := f.PageNo()
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, 0, fmt.Errorf("document: course of %s: %w", c.Title, err)
	}
	return out.Bytes(), pages, nil
}
