package paper

import (
	"encoding/binary"
	"image"
	"math"
	"slices"
)

// plane is a grey picture with a scale of its own: values of ink (0 none, 255
// full) or of light.
type plane struct {
	w, h int
	pix  []uint8
}

func newPlane(w, h int) *plane { return &plane{w, h, make([]uint8, w*h)} }

// condense makes a picture smaller by a whole factor: each point is the mean of
// f × f.
func condense(img *image.Gray, f int) *plane {
	w, h := img.Rect.Dx()/f, img.Rect.Dy()/f
	p := newPlane(w, h)
	if f == 1 {
		for y := range h {
			copy(p.pix[y*w:(y+1)*w], img.Pix[y*img.Stride:])
		}
		return p
	}
	// Eight points of a row at a time: sums of even and of odd points, four
	// sixteen-bit lanes each. f is below 257, so that no lane runs over.
	acc := make([]uint16, (w*f+7)/8*8)
	// The mean is a multiplication: 1/(f·f) in 1/65536, rounded up a little so
	// that white stays white.
	inv := uint32((1<<16 + f*f - 1) / (f * f))
	const lanes = 0x00ff00ff00ff00ff
	for y := range h {
		at := y * f * img.Stride
		out := p.pix[y*w:][:w]
		x := 0
		if f == 3 { // the usual scan of 200 dpi
			x = 3 * condenseRow(out, img.Pix[at:][:w*f], img.Pix[at+img.Stride:][:w*f], img.Pix[at+2*img.Stride:][:w*f])
		}
		done := x / f
		for ; x+8 <= w*f; x += 8 {
			var even, odd uint64
			for o := at + x; o < at+x+f*img.Stride; o += img.Stride {
				v := binary.LittleEndian.Uint64(img.Pix[o : o+8])
				even += v & lanes
				odd += v >> 8 & lanes
			}
			unlace(acc[x:x+8:x+8], even, odd)
		}
		for ; x < w*f; x++ {
			acc[x] = 0
			for r := range f {
				acc[x] += uint16(img.Pix[at+r*img.Stride+x])
			}
		}
		switch f {
		case 2:
			for x := range out {
				out[x] = uint8((uint32(acc[2*x]) + uint32(acc[2*x+1])) >> 2)
			}
		case 3:
			for x := done; x < w; x++ {
				out[x] = uint8(min(255, (uint32(acc[3*x])+uint32(acc[3*x+1])+uint32(acc[3*x+2]))*inv>>16))
			}
		default:
			for x := range out {
				var s uint32
				for _, v := range acc[x*f : x*f+f] {
					s += uint32(v)
				}
				out[x] = uint8(min(255, uint32(uint64(s)*uint64(inv)>>16)))
			}
		}
	}
	return p
}

// condenseRow makes three rows a third as long, eight points of the outcome at a
// time, and says how many there are. Sums of columns lie in lanes of sixteen bits,
// of even and of odd points; four of each are added at once.
func condenseRow(out, r0, r1, r2 []uint8) (done int) {
	const lanes, inv = 0x00ff00ff00ff00ff, (1<<16 + 8) / 9 // of white comes white: 9·255·inv is 255 and a little
	r1, r2 = r1[:len(r0)], r2[:len(r0)]
	for x := 0; x+24 <= len(r0) && done+8 <= len(out); x += 24 {
		var even, odd [3]uint64
		for i := range even {
			a, b, c := binary.LittleEndian.Uint64(r0[x+8*i:x+8*i+8]), binary.LittleEndian.Uint64(r1[x+8*i:x+8*i+8]), binary.LittleEndian.Uint64(r2[x+8*i:x+8*i+8])
			even[i] = a&lanes + b&lanes + c&lanes
			odd[i] = a>>8&lanes + b>>8&lanes + c>>8&lanes
		}
		t0, t1, t2 := even[0]+odd[0], even[1]+odd[1], even[2]+odd[2] // of two points each
		o := (*[8]uint8)(out[done : done+8])
		o[0] = uint8((t0 + even[0]>>16) & 0xffff * inv >> 16)
		o[1] = uint8((t0>>32 + odd[0]>>16) & 0xffff * inv >> 16)
		o[2] = uint8((t0>>48 + even[1]) & 0xffff * inv >> 16)
		o[3] = uint8((t1>>16 + odd[1]) & 0xffff * inv >> 16)
		o[4] = uint8((t1>>32 + even[1]>>48) & 0xffff * inv >> 16)
		o[5] = uint8((t2 + odd[1]>>48) & 0xffff * inv >> 16)
		o[6] = uint8((t2>>16 + even[2]>>32) & 0xffff * inv >> 16)
		o[7] = uint8((t2>>48 + odd[2]>>32) & 0xffff * inv >> 16)
		done += 8
	}
	return done
}

// unlace puts the lanes of even and of odd points side by side.
func unlace(a []uint16, even, odd uint64) {
	_ = a[7]
	a[0], a[2], a[4], a[6] = uint16(even), uint16(even>>16), uint16(even>>32), uint16(even>>48)
	a[1], a[3], a[5], a[7] = uint16(odd), uint16(odd>>16), uint16(odd>>32), uint16(odd>>48)
}

// paperLight is the light of the bare paper over a page, in coarse cells: what
// shadow, yellow paper and lamps do to it.
type paperLight struct {
	cell, w, h int
	v          []float32
}

// lightOf measures each cell by its bright end, then lets no cell be darker
// than its neighbours say: a cell full of ink has no bare paper to measure.
func lightOf(p *plane, cell int) *paperLight {
	l := &paperLight{cell: cell, w: max(1, (p.w+cell-1)/cell), h: max(1, (p.h+cell-1)/cell)}
	raw := make([]float32, l.w*l.h)
	for cy := range l.h {
		for cx := range l.w {
			var hist [64]int
			n := 0
			for y := cy * cell; y < min(p.h, (cy+1)*cell); y += 2 {
				for _, v := range p.pix[y*p.w+cx*cell : y*p.w+min(p.w, (cx+1)*cell)] {
					hist[v>>2]++
					n++
				}
			}
			left := n * 3 / 10
			b := 63
			for ; b > 0; b-- {
				if left -= hist[b]; left <= 0 {
					break
				}
			}
			raw[cy*l.w+cx] = float32(b*4 + 2)
		}
	}
	l.v = make([]float32, len(raw))
	var near []float32
	for cy := range l.h {
		for cx := range l.w {
			near = near[:0]
			for y := max(0, cy-1); y <= min(l.h-1, cy+1); y++ {
				for x := max(0, cx-1); x <= min(l.w-1, cx+1); x++ {
					near = append(near, raw[y*l.w+x])
				}
			}
			slices.Sort(near)
			l.v[cy*l.w+cx] = max(raw[cy*l.w+cx], near[len(near)/2])
		}
	}
	return l
}

// at is the light at a place of the condensed picture.
func (l *paperLight) at(x, y float64) float32 {
	fx, fy := x/float64(l.cell)-0.5, y/float64(l.cell)-0.5
	fx, fy = min(max(fx, 0), float64(l.w-1)), min(max(fy, 0), float64(l.h-1))
	x0, y0 := int(fx), int(fy)
	x1, y1 := min(x0+1, l.w-1), min(y0+1, l.h-1)
	ax, ay := float32(fx-float64(x0)), float32(fy-float64(y0))
	a := l.v[y0*l.w+x0]*(1-ax) + l.v[y0*l.w+x1]*ax
	b := l.v[y1*l.w+x0]*(1-ax) + l.v[y1*l.w+x1]*ax
	return a*(1-ay) + b*ay
}

// row is the light along one row of the condensed picture, by cell.
func (l *paperLight) row(y float64, out []float32) {
	f := min(max(y/float64(l.cell)-0.5, 0), float64(l.h-1))
	y0 := int(f)
	a, b, t := l.v[y0*l.w:][:l.w], l.v[min(y0+1, l.h-1)*l.w:][:l.w], float32(f-float64(y0))
	for i := range out {
		out[i] = a[i]*(1-t) + b[i]*t
	}
}

// inkOf turns light into ink by the paper's own light at each place.
func inkOf(p *plane, l *paperLight) *plane {
	o := newPlane(p.w, p.h)
	cells := make([]float32, l.w)
	per := 1 / float32(l.cell)
	// One gain for runs of eight points: the paper's light changes slowly.
	for y := range p.h {
		l.row(float64(y)+0.5, cells)
		for x := 0; x < p.w; x += 8 {
			f := min(max((float32(x)+4)*per-0.5, 0), float32(l.w-1))
			i := int(f)
			light := cells[i] + (cells[min(i+1, l.w-1)]-cells[i])*(f-float32(i))
			gain := uint32(255 * 65536 / max(light, 16))
			n := min(8, p.w-x)
			from, to := p.pix[y*p.w+x:][:n], o.pix[y*p.w+x:][:n]
			if n == 8 {
				to := (*[8]uint8)(to)
				for i, v := range (*[8]uint8)(from) {
					to[i] = uint8(255 - min(uint32(v)*gain>>16, 255))
				}
				continue
			}
			for i, v := range from {
				to[i] = uint8(255 - min(uint32(v)*gain>>16, 255))
			}
		}
	}
	return o
}

// projection maps places on a side (millimetres) to places on a picture
// (pixels): a flat sheet seen from anywhere.
type projection [9]float64

func (m *projection) at(x, y float64) (float64, float64) {
	d := m[6]*x + m[7]*y + m[8]
	if math.Abs(d) < 1e-9 {
		d = 1e-9
	}
	return (m[0]*x + m[1]*y + m[2]) / d, (m[3]*x + m[4]*y + m[5]) / d
}

// moves is how far a projection moves the corners of a sheet at most.
func (m *projection) moves(s Sheet) (most float64) {
	for _, c := range [4][2]float64{{0, 0}, {s.W, 0}, {s.W, s.H}, {0, s.H}} {
		u, v := m.at(c[0], c[1])
		most = max(most, math.Hypot(u-c[0], v-c[1]))
	}
	return most
}

// after is first b, then a.
func (a projection) after(b projection) projection {
	var o projection
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				o[3*i+j] += a[3*i+k] * b[3*k+j]
			}
		}
	}
	return o
}

func scaled(k float64) projection       { return projection{k, 0, 0, 0, k, 0, 0, 0, 1} }
func shifted(dx, dy float64) projection { return projection{1, 0, dx, 0, 1, dy, 0, 0, 1} }

// halfTurn is a side upside down.
func halfTurn(s Sheet) projection { return projection{-1, 0, s.W, 0, -1, s.H, 0, 0, 1} }

// quarterTurn reads a side of s from a picture lying on its side: x runs along
// the picture's height.
func quarterTurn(s Sheet) projection { return projection{0, -1, s.H, 1, 0, 0, 0, 0, 1} }

// rectify draws the part [x0,y0,w,h] (millimetres) of a side at k points a
// millimetre from a picture, by a projection into that picture's points. What
// lies outside the picture is void.
//
// The projection is worked out at the ends of runs of 32 points and is straight
// between them: over a few millimetres no sheet bends by a tenth of a point. Where a run touches the picture's edge each point is looked at
// alone.
func rectify(p *plane, m *projection, x0, y0 float64, w, h int, k float64, void uint8, out *plane) {
	if cap(out.pix) < w*h {
		out.pix = make([]uint8, w*h)
	}
	out.w, out.h, out.pix = w, h, out.pix[:w*h]
	step := 1 / k
	limX, limY := float64(p.w)-1, float64(p.h)-1
	const run, one = 32, 1 << 16
	for y := range h {
		my := y0 + (float64(y)+0.5)*step
		cx, cy, cd := m[1]*my+m[2], m[4]*my+m[5], m[7]*my+m[8]
		at := func(x int) (float64, float64) {
			mx := x0 + (float64(x)+0.5)*step
			inv := 1 / max(m[6]*mx+cd, 1e-9)
			return (m[0]*mx+cx)*inv - 0.5, (m[3]*mx+cy)*inv - 0.5
		}
		in := func(u, v float64) bool { return u >= 0 && v >= 0 && u < limX && v < limY }
		row := out.pix[y*w:][:w]
		u, v := at(0)
		for x := 0; x < w; {
			n := min(run, w-x)
			u1, v1 := at(x + n)
			switch {
			case in(u, v) && in(u1, v1):
				p.run(row[x:x+n], int(u*one), int(v*one), int((u1-u)*one)/n, int((v1-v)*one)/n)
			case u < 0 && u1 < 0, v < 0 && v1 < 0, u >= limX && u1 >= limX, v >= limY && v1 >= limY: // past the same edge
				for i := range row[x : x+n] {
					row[x+i] = void
				}
			default:
				for i := range n {
					if s, t := at(x + i); in(s, t) {
						row[x+i] = p.between(int(s*one), int(t*one))
					} else {
						row[x+i] = void
					}
				}
			}
			x, u, v = x+n, u1, v1
		}
	}
}

// run draws a straight run of points: from s, t on by ds, dt, at 1/65536 of a
// point, all of it within the plane.
func (p *plane) run(row []uint8, s, t, ds, dt int) {
	for len(row) > 0 {
		// As far as the run stays in the same two rows.
		ty, n := t>>16, len(row)
		if dt > 0 {
			n = min(n, ((ty+1)<<16-t+dt-1)/dt)
		} else if dt < 0 {
			n = min(n, (t-ty<<16)/-dt+1)
		}
		upper := p.pix[ty*p.w:][:p.w]
		lower := p.pix[(ty+1)*p.w:][:len(upper)]
		blend(row[:n], upper, lower, s, t, ds, dt)
		s, t = s+n*ds, t+n*dt
		row = row[n:]
	}
}

// blend draws a run that stays between two rows. The points left and right of each
// place are worked on for both rows together, in the halves of one word.
func blend(row, upper, lower []uint8, s, t, ds, dt int) {
	lower = lower[:len(upper)]
	at, step := uint64(s<<32+t), uint64(ds<<32+dt) // along the rows, and between them
	for i := range row {
		o := at >> 48
		if o+1 >= uint64(len(upper)) {
			return // cannot be: the run lies within the plane
		}
		x, y := uint32(at>>40)&255, uint32(at>>8)&255
		left, right := uint32(upper[o])|uint32(lower[o])<<16, uint32(upper[o+1])|uint32(lower[o+1])<<16
		two := left*(256-x) + right*x
		row[i] = uint8((two&0xffff*(256-y) + two>>16*y + 1<<15) >> 16)
		at += step
	}
}

// between is the value between four points of a plane, at 1/65536 of a point.
func (p *plane) between(s, t int) uint8 {
	o := t>>16*p.w + s>>16
	q, r := p.pix[o:o+2], p.pix[o+p.w:o+p.w+2]
	ax, ay := s>>8&255, t>>8&255
	a := int(q[0])<<8 + (int(q[1])-int(q[0]))*ax
	b := int(r[0])<<8 + (int(r[1])-int(r[0]))*ax
	return uint8((a<<8 + (b-a)*ay + 1<<15) >> 16)
}

// half makes a plane smaller by two.
func half(p *plane) *plane {
	o := newPlane(p.w/2, p.h/2)
	for y := range o.h {
		a, b := p.pix[2*y*p.w:][:p.w], p.pix[(2*y+1)*p.w:][:p.w]
		for x := range o.w {
			o.pix[y*o.w+x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1])) >> 2)
		}
	}
	return o
}
