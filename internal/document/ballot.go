package document

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/paper"
)

// MaxCopies is how many ballots one PDF holds at most; a larger order is
// printed in several files of the same content.
const MaxCopies = 20_000

// Ballots writes a PDF of so many copies of one ballot, its sides one after the
// other (print on both sides, turned over the long edge). Every copy is the
// same: there is no serial, and the bytes depend on the layout and the number
// alone. Letters and lines stand exactly where the layout and its raster
// (paper.Render) have them.
func Ballots(w io.Writer, l *paper.Layout, copies int) error {
	if copies < 1 || copies > MaxCopies {
		return fmt.Errorf("document: %d copies of the ballot %s: 1 to %d", copies, l.Contest, MaxCopies)
	}
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: l.Paper.W, Ht: l.Paper.H}})
	made := time.Date(l.Date.Year, l.Date.Month, l.Date.Day, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetProducer("Minh Bạch", true)
	f.SetTitle("Phiếu bầu "+l.Title, true)
	f.SetLang("vi-VN")
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	for _, style := range []string{"", "B", "I"} {
		f.AddUTF8FontFromBytes(serif, style, paper.FontFile(style))
	}
	f.SetFillColor(0, 0, 0)
	for range copies {
		for side := 1; side <= l.Sides; side++ {
			f.AddPage()
			drawSide(f, l, side)
		}
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("document: ballot %s: %w", l.Contest, err)
	}
	return nil
}

func drawSide(f *fpdf.Fpdf, l *paper.Layout, side int) {
	for _, b := range l.Ink(side) {
		f.Rect(b.X(), b.Y(), b.W(), b.H(), "F")
	}
	style, size := "?", 0.0
	for _, t := range l.Print.Texts {
		if t.Page != side {
			continue
		}
		if t.Style != style || t.Size != size {
			f.SetFont(serif, t.Style, t.Size)
			style, size = t.Style, t.Size
		}
		f.Text(t.X, t.Y, t.Text)
	}
}
