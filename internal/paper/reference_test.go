package paper

import (
	"image"
	"math"
)

// plain is the reader's work over points written as its definition says, with no
// thought of speed.
var plainKernels = kernels{plainCondense, plainInk, plainRectify, plainShift, plainSeek}

// plainCondense: each point is the mean of f × f.
func plainCondense(img *image.Gray, f int) *plane {
	p := newPlane(img.Rect.Dx()/f, img.Rect.Dy()/f)
	for y := range p.h {
		for x := range p.w {
			sum := 0
			for dy := range f {
				for dx := range f {
					sum += int(img.Pix[(y*f+dy)*img.Stride+x*f+dx])
				}
			}
			p.pix[y*p.w+x] = uint8(sum / (f * f))
		}
	}
	return p
}

// plainInk: how much darker a point is than the paper around it.
func plainInk(p *plane, l *paperLight) *plane {
	o := newPlane(p.w, p.h)
	for y := range p.h {
		for x := range p.w {
			light := max(float64(l.at(float64(x)+0.5, float64(y)+0.5)), 16)
			o.pix[y*p.w+x] = uint8(max(0, 255-float64(p.pix[y*p.w+x])*255/light))
		}
	}
	return o
}

// plainRectify: each point through the projection, and between four points.
func plainRectify(p *plane, m *projection, x0, y0 float64, w, h int, k float64, void uint8, out *plane) {
	*out = *newPlane(w, h)
	for y := range h {
		for x := range w {
			u, v := m.at(x0+(float64(x)+0.5)/k, y0+(float64(y)+0.5)/k)
			u, v = u-0.5, v-0.5
			out.pix[y*w+x] = void
			if u < 0 || v < 0 || u >= float64(p.w)-1 || v >= float64(p.h)-1 {
				continue
			}
			i, j := int(u), int(v)
			a, b := u-float64(i), v-float64(j)
			at := func(x, y int) float64 { return float64(p.pix[y*p.w+x]) }
			out.pix[y*w+x] = uint8(math.Round((at(i, j)*(1-a)+at(i+1, j)*a)*(1-b) + (at(i, j+1)*(1-a)+at(i+1, j+1)*a)*b))
		}
	}
}

// correlation of two equally long rows of values.
func correlation(a, b []float64) float64 {
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		sa, sb = sa+a[i], sb+b[i]
	}
	ma, mb := sa/float64(len(a)), sb/float64(len(a))
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		saa, sbb, sab = saa+x*x, sbb+y*y, sab+x*y
	}
	if saa < 16*float64(len(a)) || sbb <= 0 {
		return -1
	}
	return sab / math.Sqrt(saa*sbb)
}

func cut(p *plane, x, y, w, h int) []float64 {
	var out []float64
	for r := range h {
		for _, v := range p.pix[(y+r)*p.w+x:][:w] {
			out = append(out, float64(v))
		}
	}
	return out
}

// plainShift: every place within reach.
func plainShift(big, small *plane, x, y, reach, step int) (bx, by int, best float64) {
	best = -1
	b := cut(small, 0, 0, small.w, small.h)
	for dy := y - reach; dy <= y+reach; dy += step {
		for dx := x - reach; dx <= x+reach; dx += step {
			if dx < 0 || dy < 0 || dx+small.w > big.w || dy+small.h > big.h {
				continue
			}
			if v := correlation(cut(big, dx, dy, small.w, small.h), b); v > best {
				best, bx, by = v, dx, dy
			}
		}
	}
	return bx, by, best
}

// plainSeek: every place within reach, then the peak of a parabola.
func plainSeek(q *patch, p *plane, off, reach int, _ float64) (dx, dy, best float64) {
	b := make([]float64, len(q.v))
	for i, v := range q.v {
		b[i] = float64(v)
	}
	at := map[[2]int]float64{}
	look := func(x, y int) float64 {
		v, ok := at[[2]int{x, y}]
		if !ok {
			v = -1
			if x0, y0 := q.x0+off+x, q.y0+off+y; x0 >= 0 && y0 >= 0 && x0+q.w <= p.w && y0+q.h <= p.h {
				v = correlation(cut(p, x0, y0, q.w, q.h), b)
			}
			at[[2]int{x, y}] = v
		}
		return v
	}
	bx, by := 0, 0
	best = -1
	for y := -reach; y <= reach; y++ {
		for x := -reach; x <= reach; x++ {
			if v := look(x, y); v > best {
				best, bx, by = v, x, y
			}
		}
	}
	if best < 0 {
		return 0, 0, -1
	}
	dx, dy = float64(bx), float64(by)
	edge := false
	if edge = bx == -reach || bx == reach; !edge {
		dx += peak(look(bx-1, by), best, look(bx+1, by))
	}
	if by > -reach && by < reach {
		dy += peak(look(bx, by-1), best, look(bx, by+1))
	} else {
		edge = true
	}
	if edge {
		best *= 0.7
	}
	return dx, dy, best
}

// NewPlainReader is a reader that works plainly, for tests alone.
func NewPlainReader(layouts ...*Layout) (*Reader, error) {
	r, err := NewReader(layouts...)
	if err == nil {
		r.k = &plainKernels
	}
	return r, err
}
