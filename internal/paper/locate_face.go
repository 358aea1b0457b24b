package paper

import (
	"image"
	"math"
)

// Scales of the pictures that a page is compared at, in points a millimetre.
const (
	coarseScale = 1.0 // finding the side
	midScale    = 2.5 // fine places, writing outside the targets
	fineScale   = 6.0 // ink through a name
	pad         = 16  // millimetres around the side at the coarse scale
)

// likeness is one side of one layout as the program itself draws it, ready to be
// compared.
type likeness struct {
	layout  *Layout
	index   int // of the layout among those of the reader
	side    int
	code    string    // what its code says, where it has marks
	coarse  [3]*plane // ink at 1, 1/2 and 1/4 points a millimetre, without the pad
	mid     *plane    // ink
	printed *plane    // ink of the mid scale, spread: where print may be
	fine    *plane    // ink at the fine scale, as sharp as a scanner sees it
	spread  *plane    // the same, spread by one point
	centre  [2]float64
	span    [2]float64 // how far ink lies from its centre, root mean square
	anchors []anchor
	extent  [4]float64 // left, top, right, bottom of texts and lines, mm
	rows    []int      // places of this side, indexes into Candidates
	ground  []uint8    // of the mid scale: what writing there would be, see lay
	// Of a ballot of two sides: the other side mirrored, at the mid scale and, spread,
	// at the fine one; where it is full print, and where both sides are bare.
	behindMid, behindFine *plane
	behindAt, bareAt      []int32
}

// anchor is a printed thing to be found again: a run of letters or the end of a
// line.
type anchor struct {
	x, y         float64 // its centre on the side
	coarse, fine *patch
	place        int // the name it belongs to, or -1
}

// patch is a piece of a face without its mean, for correlation.
type patch struct {
	x0, y0, w, h int // in points of its scale
	v            []int16
	norm         float64
}

func newPatch(p *plane, x0, y0, x1, y1 int) *patch {
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, p.w), min(y1, p.h)
	if x1-x0 < 4 || y1-y0 < 3 {
		return nil
	}
	q := &patch{x0: x0, y0: y0, w: x1 - x0, h: y1 - y0}
	q.v = make([]int16, q.w*q.h)
	sum := 0
	for y := range q.h {
		for x := range q.w {
			v := p.pix[(y0+y)*p.w+x0+x]
			q.v[y*q.w+x] = int16(v)
			sum += int(v)
		}
	}
	mean := int16(sum / len(q.v))
	for i := range q.v {
		q.v[i] -= mean
		q.norm += float64(q.v[i]) * float64(q.v[i])
	}
	if q.norm < float64(len(q.v))*25 { // nothing printed here
		return nil
	}
	q.norm = math.Sqrt(q.norm)
	return q
}

// inkPlane is a drawn side as ink.
func inkPlane(img *image.Gray) *plane {
	p := newPlane(img.Rect.Dx(), img.Rect.Dy())
	for y := range p.h {
		for x := range p.w {
			p.pix[y*p.w+x] = 255 - img.Pix[y*img.Stride+x]
		}
	}
	return p
}

// newLikeness draws a side once, at every scale.
func newLikeness(l *Layout, index, side int) *likeness {
	f := &likeness{layout: l, index: index, side: side, rows: l.On(side)}
	big := inkPlane(Render(l, side, fineScale*25.4))
	f.fine = soften(big)
	f.spread = spread(f.fine, 1)
	f.mid = inkPlane(Render(l, side, midScale*25.4))
	f.printed = spread(f.mid, 1)
	f.coarse[0] = inkPlane(Render(l, side, coarseScale*25.4))
	f.coarse[1] = half(f.coarse[0])
	f.coarse[2] = half(f.coarse[1])
	f.centre, f.span = massOf(f.coarse[0])
	f.anchor()
	f.measure()
	f.lay()
	if l.Marks != nil {
		f.code = l.Code(side)
	}
	return f
}

// measure finds how far texts and lines reach; the marks for reading are left
// out.
func (f *likeness) measure() {
	e := [4]float64{f.layout.Paper.W, f.layout.Paper.H, 0, 0}
	grow := func(x0, y0, x1, y1 float64) {
		e = [4]float64{min(e[0], x0), min(e[1], y0), max(e[2], x1), max(e[3], y1)}
	}
	for _, t := range f.layout.Print.Texts {
		if t.Page == f.side {
			grow(t.X, t.Y-t.Size*mmPerPoint, t.X+Width(t.Style, t.Size, t.Text), t.Y+0.3*t.Size*mmPerPoint)
		}
	}
	for _, r := range f.layout.Print.Lines {
		if r.Page == f.side {
			grow(r.Box.X(), r.Box.Y(), r.Box.Right(), r.Box.Bottom())
		}
	}
	f.extent = e
}

// massOf is the centre of all ink and how far it lies from there, in points.
func massOf(p *plane) (centre, span [2]float64) {
	var n, sx, sy, xx, yy float64
	for y := range p.h {
		for x := range p.w {
			v := float64(p.pix[y*p.w+x])
			if v < 24 {
				continue
			}
			n += v
			sx, sy = sx+v*(float64(x)+0.5), sy+v*(float64(y)+0.5)
			xx, yy = xx+v*float64(x)*float64(x), yy+v*float64(y)*float64(y)
		}
	}
	if n == 0 {
		return
	}
	sx, sy = sx/n, sy/n
	return [2]float64{sx, sy}, [2]float64{math.Sqrt(max(0, xx/n-sx*sx)), math.Sqrt(max(0, yy/n-sy*sy))}
}

// anchor collects what can be found again: letters in pieces of at most 26 mm,
// and the corners of the printed table.
func (f *likeness) anchor() {
	placeAt := func(x, y float64) int {
		for _, i := range f.rows {
			b := f.layout.Candidates[i].NameBox
			if x >= b.X()-1 && x <= b.Right()+1 && y >= b.Y()-1 && y <= b.Bottom()+1 {
				return i
			}
		}
		return -1
	}
	add := func(x0, y0, x1, y1 float64) {
		a := anchor{x: (x0 + x1) / 2, y: (y0 + y1) / 2}
		a.place = placeAt(a.x, a.y)
		at := func(p *plane, k, grow float64) *patch {
			return newPatch(p, int(math.Floor((x0-grow)*k)), int(math.Floor((y0-grow)*k)), int(math.Ceil((x1+grow)*k)), int(math.Ceil((y1+grow)*k)))
		}
		a.coarse, a.fine = at(f.coarse[0], coarseScale, 2), at(f.mid, midScale, 0.8)
		if a.coarse != nil && a.fine != nil {
			f.anchors = append(f.anchors, a)
		}
	}
	for _, t := range f.layout.Print.Texts {
		if t.Page != f.side {
			continue
		}
		w, em := Width(t.Style, t.Size, t.Text), t.Size*mmPerPoint
		n := max(1, int(math.Ceil(w/26)))
		for i := range n {
			add(t.X+w*float64(i)/float64(n), t.Y-0.85*em, t.X+w*float64(i+1)/float64(n), t.Y+0.25*em)
		}
	}
	if m := f.layout.Marks; m != nil {
		for _, b := range m.Corners {
			add(b.X()-1, b.Y()-1, b.Right()+1, b.Bottom()+1)
		}
	}
	// The ends of the long lines: their corners and crossings.
	for _, r := range f.layout.Print.Lines {
		if r.Page != f.side || max(r.Box.W(), r.Box.H()) < 60 {
			continue
		}
		for _, p := range [2][2]float64{{r.Box.X(), r.Box.Y()}, {r.Box.Right(), r.Box.Bottom()}} {
			add(p[0]-4, p[1]-4, p[0]+4, p[1]+4)
		}
	}
}

// soften is what a scanner makes of sharp print: each point takes a little of
// its neighbours.
func soften(p *plane) *plane {
	tmp, o := newPlane(p.w, p.h), newPlane(p.w, p.h)
	for y := range p.h {
		for x := range p.w {
			l, r := p.pix[y*p.w+max(0, x-1)], p.pix[y*p.w+min(p.w-1, x+1)]
			tmp.pix[y*p.w+x] = uint8((int(l) + 2*int(p.pix[y*p.w+x]) + int(r)) >> 2)
		}
	}
	for y := range p.h {
		for x := range p.w {
			u, d := tmp.pix[max(0, y-1)*p.w+x], tmp.pix[min(p.h-1, y+1)*p.w+x]
			o.pix[y*p.w+x] = uint8((int(u) + 2*int(tmp.pix[y*p.w+x]) + int(d)) >> 2)
		}
	}
	return o
}

// spread lets ink reach r points further to all sides.
func spread(p *plane, r int) *plane {
	tmp, o := newPlane(p.w, p.h), newPlane(p.w, p.h)
	for y := range p.h {
		for x := range p.w {
			var m uint8
			for _, v := range p.pix[y*p.w+max(0, x-r) : y*p.w+min(p.w, x+r+1)] {
				m = max(m, v)
			}
			tmp.pix[y*p.w+x] = m
		}
	}
	for y := range p.h {
		for x := range p.w {
			var m uint8
			for d := max(0, y-r); d <= min(p.h-1, y+r); d++ {
				m = max(m, tmp.pix[d*p.w+x])
			}
			o.pix[y*p.w+x] = m
		}
	}
	return o
}
