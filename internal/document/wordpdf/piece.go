package wordpdf

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/document/docx"
)

// piece is what a page is filled with, from the top: a line of a paragraph or a
// row of a table.
type piece struct {
	h      float64
	before float64 // of h, left out at the top of a page
	keep   bool    // stays with the next
	fresh  bool    // begins a page
	draw   func(x, y float64)
	row    *rowBox
}

// pieces lays out blocks in a column of a width.
func (e *engine) pieces(bs []docx.Block, column float64) ([]piece, error) {
	var out []piece
	for i, b := range bs {
		if b.T != nil {
			rows, err := e.table(b.T, column)
			if err != nil {
				return nil, err
			}
			out = append(out, rows...)
			continue
		}
		var prev, next *docx.Para
		if i > 0 {
			prev = bs[i-1].P
		}
		if i+1 < len(bs) {
			next = bs[i+1].P
		}
		out = append(out, e.para(b.P, prev, next, column)...)
		if e.letters > maxLetters || len(out) > maxPages*120 {
			return nil, tooLong()
		}
	}
	return out, nil
}

func (e *engine) para(p, prev, next *docx.Para, column float64) []piece {
	ls := e.lines(p, column)
	before, after := min(p.Before, e.room/3), min(p.After, e.room/3)
	if p.Close && prev != nil && prev.Style == p.Style {
		before = 0
	}
	if p.Close && next != nil && next.Style == p.Style {
		after = 0
	}
	framed := p.Edges != docx.Edges{}
	joins := func(o *docx.Para) bool { return framed && o != nil && o.Edges == p.Edges && o.Left == p.Left }
	out := make([]piece, len(ls))
	fresh := p.NewPage
	for i := range ls {
		l := &ls[i]
		x := piece{h: l.h, fresh: fresh}
		fresh = l.breakPage
		lead, tail := 0.0, 0.0
		if i == 0 {
			lead = before
			x.before = before
		}
		if i == len(ls)-1 {
			tail = after
			x.keep = p.KeepNext
		} else {
			x.keep = p.KeepLines || !p.Loose && (i == 0 || i == len(ls)-2)
		}
		if l.breakPage {
			x.keep = false
		}
		x.h += lead + tail
		top, bottom := i == 0 && !joins(prev), i == len(ls)-1 && !joins(next)
		x.draw = func(ox, oy float64) {
			y := oy + lead
			if p.Fill != "" {
				e.fill(p.Fill, ox+p.Left, y, column-p.Left-p.Right, l.h)
			}
			if framed {
				e.frame(p.Edges, [4]bool{top, true, bottom, true}, ox+p.Left-1, y, column-p.Left-p.Right+2, l.h)
			}
			e.line(l, ox, y)
		}
		out[i] = x
	}
	if fresh && len(out) > 0 { // the break ends the paragraph: what follows begins a page
		out = append(out, piece{fresh: true, draw: func(float64, float64) {}})
	}
	return out
}

func (e *engine) fill(rgb string, x, y, w, h float64) {
	r, g, b := rgbOf(rgb)
	e.SetFillColor(r, g, b)
	e.Rect(x, y, w, h, "F")
}

func rgbOf(s string) (r, g, b int) {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return 0, 0, 0
	}
	return int(n >> 16), int(n >> 8 & 255), int(n & 255)
}

// frame draws the lines around a place; sides that are off are left out.
func (e *engine) frame(ed docx.Edges, on [4]bool, x, y, w, h float64) {
	e.SetDrawColor(0, 0, 0)
	for i, at := range [4][4]float64{{x, y, x + w, y}, {x + w, y, x + w, y + h}, {x, y + h, x + w, y + h}, {x, y, x, y + h}} {
		if ed[i] > 0 && on[i] {
			e.SetLineWidth(ed[i])
			e.Line(at[0], at[1], at[2], at[3])
		}
	}
}

// line draws a line with its upper edge at y, in a column that begins at x.
func (e *engine) line(l *textLine, x, y float64) {
	base := y + l.base
	for _, s := range l.strokes {
		e.SetDrawColor(0, 0, 0)
		e.SetLineWidth(0.75)
		e.Line(x+l.left+s.X, y+s.Y, x+l.left+s.X+s.W, y+s.Y+s.H)
	}
	for _, b := range l.bits {
		if b.look.Fill != "" && b.image == "" {
			s := b.look.Size
			e.fill(b.look.Fill, x+b.x, base-s*ascent, b.w, s*(ascent+descent))
		}
	}
	for i := 0; i < len(l.bits); {
		b := l.bits[i]
		if b.image != "" {
			e.picture(b, x+b.x, base-b.h)
			i++
			continue
		}
		// Bits of one look that follow one another are one text.
		text, end := b.text, b.x+b.w
		j := i + 1
		for ; j < len(l.bits); j++ {
			n := l.bits[j]
			if n.image != "" || n.look != b.look || n.deco != b.deco || n.text == "" || n.x-end > 0.01 || end-n.x > 0.01 ||
				e.wide(n.text, n.look)-n.w > 0.01 || n.w-e.wide(n.text, n.look) > 0.01 {
				break
			}
			text += n.text
			end = n.x + n.w
		}
		e.letter(text, b.look, x+b.x, base, end-b.x)
		if e.trace != nil && !e.quiet && !b.deco {
			w, h, _ := e.PageSize(e.PageNo())
			e.trace(place{text, e.PageNo(), x + b.x, base, end - b.x, w, h})
		}
		i = j
	}
}

func (e *engine) letter(text string, l docx.Look, x, y, w float64) {
	s := size(l)
	switch l.Raised {
	case 1:
		y -= l.Size * 0.35
	case -1:
		y += l.Size * 0.14
	}
	r, g, b := rgbOf(l.Colour)
	if text != "" && text != " " {
		e.SetFont(face, style(l), s)
		e.SetTextColor(r, g, b)
		e.Text(x, y, text)
	}
	if l.Underline || l.Strike {
		e.SetDrawColor(r, g, b)
		e.SetLineWidth(s * 0.049)
		if l.Underline {
			e.Line(x, y+s*0.11, x+w, y+s*0.11)
		}
		if l.Strike {
			e.Line(x, y-s*0.26, x+w, y-s*0.26)
		}
	}
}

// picture draws a picture; one that cannot be read is named.
func (e *engine) picture(b bit, x, y float64) {
	if ok, seen := e.images[b.image]; !seen {
		e.images[b.image] = e.register(b.image)
	} else if !ok {
		return
	}
	if e.images[b.image] {
		e.ImageOptions(b.image, x, y, b.w, b.h, false, fpdf.ImageOptions{}, 0, "")
	}
}

func (e *engine) register(name string) bool {
	raw := e.doc.Images[name]
	img, kind, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		e.note("ảnh hỏng", "a damaged picture")
		return false
	}
	var out bytes.Buffer
	typ := "PNG"
	switch img.(type) {
	case *image.YCbCr, *image.Gray:
		if kind != "jpeg" {
			err = png.Encode(&out, plainly(img))
			break
		}
		typ = "JPEG"
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 90})
	default:
		err = png.Encode(&out, plainly(img))
	}
	if err != nil {
		return false
	}
	e.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: typ}, &out)
	return e.Ok()
}

// plainly is a picture in eight bits a colour, which every reader takes.
func plainly(img image.Image) image.Image {
	switch img.(type) {
	case *image.NRGBA, *image.Gray, *image.Paletted:
		return img
	}
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(x, y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}
