package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/paper"
)

// scanDPI is the resolution of sample scans.
const scanDPI = 150

// SampleScans writes a PDF as an office scanner gives it: a pile of so many
// ballots of this layout, with straight strokes drawn on it (the same for the
// same layout and number); on one ballot in twelve a stroke stops half-way, for
// a person to look at.
func SampleScans(w io.Writer, l *paper.Layout, ballots int) error {
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: l.Paper.W, Ht: l.Paper.H}})
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	made := time.Date(l.Date.Year, l.Date.Month, l.Date.Day, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	blank := make([]*image.Gray, l.Sides)
	for i := range blank {
		blank[i] = paper.Render(l, i+1, scanDPI)
	}
	for i := range ballots {
		for side, print := range blank {
			img := image.NewGray(print.Rect)
			copy(img.Pix, print.Pix)
			fillIn(img, l, side+1, i)
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
				return err
			}
			name := fmt.Sprintf("%d-%d", i, side)
			f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPEG"}, &b)
			f.AddPage()
			f.ImageOptions(name, 0, 0, l.Paper.W, l.Paper.H, false, fpdf.ImageOptions{ImageType: "JPEG"}, 0, "")
		}
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("demo: sample scans: %w", err)
	}
	return nil
}

// fillIn draws the strokes of the n-th sample ballot on one side.
func fillIn(g *image.Gray, l *paper.Layout, side, n int) {
	spare := max(1, len(l.Candidates)-int(l.Seats))
	for _, i := range l.On(side) {
		c := &l.Candidates[i]
		chosen := (i*7+n*3)%len(l.Candidates) >= spare
		if l.Form == paper.FormAgree {
			b := c.DisagreeBox
			if chosen {
				b = c.AgreeBox
			}
			stroke(g, b.X()+1, b.Y()+1, b.Right()-1, b.Bottom()-1)
			stroke(g, b.Right()-1, b.Y()+1, b.X()+1, b.Bottom()-1)
			continue
		}
		if chosen {
			continue
		}
		b, y := c.NameBox, c.NameBox.Y()+c.NameBox.H()*0.55
		right := b.Right() + 1
		if n%12 == 5 && (i*7+n*3)%len(l.Candidates) == 0 {
			right = b.X() + b.W()/2
		}
		stroke(g, b.X()-1, y+0.3, right, y-0.3)
	}
	if b := l.SealBox; side == 1 && !b.Empty() {
		stroke(g, b.X()+b.W()/3, b.Y()+b.H()/3, b.Right()-b.W()/3, b.Bottom()-b.H()/3)
		stroke(g, b.Right()-b.W()/3, b.Y()+b.H()/3, b.X()+b.W()/3, b.Bottom()-b.H()/3)
	}
}

// stroke draws a line of a ballpoint, half a millimetre wide, places in
// millimetres.
func stroke(g *image.Gray, x0, y0, x1, y1 float64) {
	const k, steps = scanDPI / 25.4, 1500
	for s := range steps + 1 {
		t := float64(s) / steps
		x, y := int((x0+(x1-x0)*t)*k), int((y0+(y1-y0)*t)*k)
		for j := -1; j <= 1; j++ {
			for i := -1; i <= 1; i++ {
				if p := (image.Point{X: x + i, Y: y + j}); p.In(g.Rect) {
					g.Pix[g.PixOffset(p.X, p.Y)] = 45
				}
			}
		}
	}
}
