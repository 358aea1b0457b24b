package document

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"

	"minhbach/internal/election"
	"minhbach/internal/vn"
)

// sheet begins a PDF whose bytes depend on what is drawn alone.
func sheet(landscape bool, size fpdf.SizeType, title string, day vn.Date) *fpdf.Fpdf {
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: size})
	made := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetProducer("Minh Bạch", true)
	f.SetTitle(title, true)
	f.SetLang("vi-VN")
	f.AddUTF8FontFromBytes(serif, "", liberationserifregular.TTF)
	f.AddUTF8FontFromBytes(serif, "B", liberationserifbold.TTF)
	f.AddUTF8FontFromBytes(serif, "I", liberationserifitalic.TTF)
	return f
}

// Rows of a slide that can still be read at the end of a hall.
const slideRows = 8

// Slide draws the result for the screen of the hall (16:9): first the figures,
// then who was elected, as many sheets as large letters need. Every number is
// one of the minutes.
func (m *Model) Slide() ([]byte, error) {
	const w, h, edge = 320.0, 180.0, 16.0
	f := sheet(true, fpdf.SizeType{Wd: w, Ht: h}, "Kết quả "+m.Title.VI, m.Made)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(edge, edge, edge)
	fitted := func(width, height, size float64, style, align, text string) {
		f.SetFont(serif, style, size)
		for s := size; s > 12 && f.GetStringWidth(text) > width-2; s-- {
			f.SetFontSize(s - 1)
		}
		f.CellFormat(width, height, text, "", 0, align, false, 0, "")
	}
	top := func(title string) {
		f.AddPage()
		f.SetFillColor(155, 28, 28)
		f.Rect(0, 0, w, 5, "F")
		f.SetTextColor(90, 85, 75)
		f.SetXY(edge, 11)
		fitted(w-2*edge, 9, 18, "", "L", m.Event.VI)
		f.SetTextColor(0, 0, 0)
		f.SetXY(edge, 21)
		fitted(w-2*edge, 15, 34, "B", "L", title)
		if m.Sample {
			f.SetTextColor(155, 28, 28)
			f.SetXY(edge, h-13)
			fitted(w-2*edge, 8, 15, "B", "L", "MẪU – số liệu và tên người đều là giả định")
			f.SetTextColor(0, 0, 0)
		}
	}
	lines := func(title string, rows [][3]string) {
		for at := 0; at < len(rows); at += slideRows {
			top(title)
			for i, r := range rows[at:min(at+slideRows, len(rows))] {
				y := 42 + float64(i)*15
				f.SetDrawColor(220, 214, 204)
				f.Line(edge, y+14, w-edge, y+14)
				f.SetXY(edge, y)
				fitted(190, 14, 27, "", "L", r[0])
				fitted(54, 14, 31, "B", "R", r[1])
				fitted(w-2*edge-244, 14, 23, "", "R", r[2])
			}
		}
	}
	name := m.Title.VI
	if m.Round > 1 {
		name += fmt.Sprintf(", lần bầu thứ %d", m.Round)
	}
	var figures, elected, others [][3]string
	for _, x := range m.Figures {
		if x.Indent {
			continue
		}
		share := ""
		if x.Share != "" {
			share = vn.Comma(x.Share) + "%"
		}
		figures = append(figures, [3]string{x.Label.VI, vn.Thousands(x.Value), share})
	}
	in := map[string]bool{}
	for i, id := range m.Elected {
		for _, c := range m.Candidates {
			if c.ID == id {
				in[id] = true
				elected = append(elected, [3]string{fmt.Sprintf("%d. %s", i+1, strings.TrimSpace(c.Title+" "+c.Name)), vn.Thousands(c.Votes.Value), vn.Comma(c.Share) + "%"})
			}
		}
	}
	for _, c := range m.Candidates {
		if !in[c.ID] {
			others = append(others, [3]string{strings.TrimSpace(c.Title+" "+c.Name) + " – " + election.OutcomeWords(c.Outcome).VI, vn.Thousands(c.Votes.Value), vn.Comma(c.Share) + "%"})
		}
	}
	lines(name, figures)
	if m.poll() { // nobody is elected: everybody with what was found
		lines("Kết quả lấy phiếu: "+name, append(elected, others...))
		elected, others = nil, nil
	} else if len(elected) == 0 {
		elected = [][3]string{{"Không có người trúng cử.", "", ""}}
	}
	lines("Trúng cử: "+name, elected)
	lines("Các ông, bà khác: "+name, others)
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("document: slide of %s: %w", m.Contest, err)
	}
	return out.Bytes(), nil
}
