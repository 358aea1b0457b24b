package paper

import (
	"image"
	"image/draw"
	"math"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/vector"
)

// Render draws one side of a ballot as the printer puts it on paper: white is
// 255, ink 0, edges in between by how much of a pixel is covered. Letters are
// drawn from the outlines that the PDF embeds and at the same places, so that
// the reader knows which ink is print. The layout must be valid; the picture is
// the paper's size at dpi dots an inch, rounded to whole pixels.
func Render(l *Layout, side int, dpi float64) *image.Gray {
	k := dpi / 25.4
	img := image.NewGray(image.Rect(0, 0, int(math.Round(l.Paper.W*k)), int(math.Round(l.Paper.H*k))))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, b := range l.Ink(side) {
		fillBox(img, b, k)
	}
	var z vector.Rasterizer
	var mask image.Alpha
	for i := range l.Print.Texts {
		if t := &l.Print.Texts[i]; t.Page == side {
			drawText(img, &z, &mask, t, k)
		}
	}
	return img
}

// Ink lists all that is printed solid on one side: lines, and the marks where
// the ballot has them.
func (l *Layout) Ink(side int) []Box {
	var boxes []Box
	for _, r := range l.Print.Lines {
		if r.Page == side {
			boxes = append(boxes, r.Box)
		}
	}
	if l.Marks != nil {
		boxes = append(boxes, l.Marks.Corners[:]...)
		boxes = append(boxes, l.codeBoxes(side)...)
	}
	return boxes
}

// codeBoxes are the dark squares of the code of one side, a run of modules of
// one row as one box.
func (l *Layout) codeBoxes(side int) []Box {
	code, err := qr.Encode(l.Code(side), qr.M, qr.Auto)
	if err != nil { // the text is short and bounded: cannot be otherwise
		return nil
	}
	n := code.Bounds().Dx()
	q := l.Marks.QR
	w, h := q.W()/float64(n), q.H()/float64(n)
	var boxes []Box
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && isDark(code, x, y) {
				x++
			}
			if x > from {
				boxes = append(boxes, Box{q.X() + float64(from)*w, q.Y() + float64(y)*h, float64(x-from) * w, h})
			}
		}
	}
	return boxes
}

func isDark(m image.Image, x, y int) bool {
	r, _, _, _ := m.At(x, y).RGBA()
	return r < 0x8000
}

// fillBox inks a box; border pixels by the part of them it covers.
func fillBox(img *image.Gray, b Box, k float64) {
	x0, y0, x1, y1 := b.X()*k, b.Y()*k, b.Right()*k, b.Bottom()*k
	for y := max(0, int(y0)); y < min(img.Rect.Dy(), int(math.Ceil(y1))); y++ {
		cy := min(y1, float64(y+1)) - max(y0, float64(y))
		row := img.Pix[y*img.Stride:]
		for x := max(0, int(x0)); x < min(img.Rect.Dx(), int(math.Ceil(x1))); x++ {
			cx := min(x1, float64(x+1)) - max(x0, float64(x))
			row[x] = uint8(max(0, math.Round(float64(row[x])-255*cx*cy)))
		}
	}
}

// drawText inks one run of letters.
func drawText(img *image.Gray, z *vector.Rasterizer, mask *image.Alpha, t *Text, k float64) {
	em := t.Size * mmPerPoint * k
	f := faceOf(t.Style)
	// The area the letters take, in whole pixels.
	x := t.X * k
	area := image.Rectangle{}
	for _, r := range t.Text {
		g := f.glyph(r)
		if len(g.segments) > 0 {
			area = area.Union(image.Rect(
				int(math.Floor(x+float64(g.box[0])*em))-1, int(math.Floor(t.Y*k+float64(g.box[1])*em))-1,
				int(math.Ceil(x+float64(g.box[2])*em))+1, int(math.Ceil(t.Y*k+float64(g.box[3])*em))+1))
		}
		x += g.advance / 1000 * em
	}
	if area.Empty() || !area.Overlaps(img.Rect) {
		return
	}
	z.Reset(area.Dx(), area.Dy())
	x = t.X*k - float64(area.Min.X)
	for _, r := range t.Text {
		g := f.glyph(r)
		g.trace(z, float32(x), float32(t.Y*k-float64(area.Min.Y)), float32(em))
		x += g.advance / 1000 * em
	}
	if n := area.Dx() * area.Dy(); cap(mask.Pix) < n {
		mask.Pix = make([]uint8, n)
	} else {
		mask.Pix = mask.Pix[:n]
	}
	mask.Stride, mask.Rect = area.Dx(), image.Rect(0, 0, area.Dx(), area.Dy())
	z.DrawOp = draw.Src
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	clip := area.Intersect(img.Rect)
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		to := img.Pix[y*img.Stride:]
		from := mask.Pix[(y-area.Min.Y)*mask.Stride:]
		for x := clip.Min.X; x < clip.Max.X; x++ {
			if a := from[x-area.Min.X]; a > 0 {
				to[x] = uint8(int(to[x]) * int(255-a) / 255)
			}
		}
	}
}
