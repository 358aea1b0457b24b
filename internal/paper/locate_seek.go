package paper

import "math"

// bestShift moves a small plane over a larger one around x, y and gives the
// best place and its correlation.
func bestShift(big, small *plane, x, y, reach, step int) (bx, by int, best float64) {
	best = -1
	var sm, smm float64
	for _, v := range small.pix {
		sm += float64(v)
		smm += float64(v) * float64(v)
	}
	n := float64(len(small.pix))
	under := sumsOf(big)
	for dy := y - reach; dy <= y+reach; dy += step {
		for dx := x - reach; dx <= x+reach; dx += step {
			if dx < 0 || dy < 0 || dx+small.w > big.w || dy+small.h > big.h {
				continue
			}
			var dot uint64
			for r := range small.h {
				b := small.pix[r*small.w:][:small.w]
				a := big.pix[(dy+r)*big.w+dx:][:len(b)]
				var d uint32 // a row is shorter than 65536 points
				for i, v := range b {
					d += uint32(a[i]) * uint32(v)
				}
				dot += uint64(d)
			}
			sb, sbb := under.box(dx, dy, small.w, small.h)
			den := (smm - sm*sm/n) * (sbb - sb*sb/n)
			if den <= 0 {
				continue
			}
			if v := (float64(dot) - sm*sb/n) / math.Sqrt(den); v > best {
				best, bx, by = v, dx, dy
			}
		}
	}
	return bx, by, best
}

// sums are the running sums of a plane and of its squares, from which those of
// any box follow.
type sums struct {
	w    int
	s, q []uint32
}

func sumsOf(p *plane) *sums {
	o := &sums{p.w + 1, make([]uint32, (p.w+1)*(p.h+1)), make([]uint32, (p.w+1)*(p.h+1))}
	for y := range p.h {
		var s, q uint32
		for x, v := range p.pix[y*p.w:][:p.w] {
			s += uint32(v)
			q += uint32(v) * uint32(v)
			i := (y+1)*o.w + x + 1
			o.s[i], o.q[i] = o.s[i-o.w]+s, o.q[i-o.w]+q
		}
	}
	return o
}

// box is the sum and the sum of squares over a box. A sum that ran over has
// run over in the corner it is taken from too: the difference is right as long
// as the box itself is under 65,000 points.
func (o *sums) box(x, y, w, h int) (s, q float64) {
	i, j := y*o.w+x, (y+h)*o.w+x
	return float64(o.s[j+w] - o.s[j] - o.s[i+w] + o.s[i]), float64(o.q[j+w] - o.q[j] - o.q[i+w] + o.q[i])
}

// seek looks for each anchor near its place on a plane in the frame of the
// side; most bounds how many are looked for, spread over the side. The pairs
// map the side's true places to where they were seen in that frame, both in
// millimetres.
func (p *picture) seek(f *likeness, on *plane, border float64, k float64, reach, most int, fine bool, least float64) ([]pair, int) {
	var ps []pair
	off := int(border * k)
	asked := 0
	step := (len(f.anchors) + most - 1) / most
	for i := 0; i < len(f.anchors); i += step {
		a := &f.anchors[i]
		q := a.coarse
		if fine {
			q = a.fine
		}
		asked++
		dx, dy, v := p.k.seek(q, on, off, reach, least)
		if v < least {
			continue
		}
		ps = append(ps, pair{a.x, a.y, a.x + dx/k, a.y + dy/k, v * v})
	}
	return ps, asked
}

// maxReach is the furthest an anchor is looked for, in points.
const maxReach = 5

// seek gives the shift (in points, to parts of one) at which the patch fits
// best within reach, and how well (−1 to 1). It climbs from where the patch
// should be; where the height so reached is not enough the whole reach is
// looked at.
func (q *patch) seek(p *plane, off, reach int, enough float64) (dx, dy, best float64) {
	const n = 2*maxReach + 1
	var at [n * n]float64
	var done [n * n]bool
	look := func(sx, sy int) float64 {
		i := (sy+maxReach)*n + sx + maxReach
		if !done[i] {
			at[i], done[i] = q.match(p, q.x0+off+sx, q.y0+off+sy), true
		}
		return at[i]
	}
	bx, by := 0, 0
	best = look(0, 0)
	for range 2 * reach {
		cx, cy := bx, by
		for _, c := range [4][2]int{{cx, cy - 1}, {cx - 1, cy}, {cx + 1, cy}, {cx, cy + 1}} {
			if x, y := c[0], c[1]; x >= -reach && x <= reach && y >= -reach && y <= reach {
				if v := look(x, y); v > best {
					best, bx, by = v, x, y
				}
			}
		}
		if bx == cx && by == cy {
			break
		}
	}
	if best < enough {
		for y := -reach; y <= reach; y++ {
			for x := -reach; x <= reach; x++ {
				if v := look(x, y); v > best {
					best, bx, by = v, x, y
				}
			}
		}
	}
	if best < 0 {
		return 0, 0, -1
	}
	dx, dy = float64(bx), float64(by)
	inX, inY := bx > -reach && bx < reach, by > -reach && by < reach
	if inX {
		dx += peak(look(bx-1, by), best, look(bx+1, by))
	}
	if inY {
		dy += peak(look(bx, by-1), best, look(bx, by+1))
	}
	if !inX || !inY {
		best *= 0.7 // at the end of the reach: perhaps not the place
	}
	return dx, dy, best
}

// match is how well the patch fits with its corner at x0, y0: −1 to 1.
func (q *patch) match(p *plane, x0, y0 int) float64 {
	if x0 < 0 || y0 < 0 || x0+q.w > p.w || y0+q.h > p.h {
		return -1
	}
	var sum, sq, dot int64
	for y := range q.h {
		b := q.v[y*q.w:][:q.w]
		a := p.pix[(y0+y)*p.w+x0:][:len(b)]
		var both uint64 // sum in the lower half, sum of squares in the upper: a row is short
		var rd int
		for j, v := range b {
			t := a[j]
			both += squares[t]
			rd += int(t) * int(v)
		}
		sum, sq, dot = sum+int64(uint32(both)), sq+int64(both>>32), dot+int64(rd)
	}
	c := float64(len(q.v))
	den := float64(sq) - float64(sum)*float64(sum)/c
	if den < c*16 {
		return -1
	}
	// The patch's mean is zero but for rounding.
	return float64(dot) / (q.norm * math.Sqrt(den))
}

// squares holds each value and, in the upper half, its square.
var squares = func() (t [256]uint64) {
	for v := range uint64(256) {
		t[v] = v*v<<32 + v
	}
	return t
}()

// peak is where a parabola through three values is highest.
func peak(a, b, c float64) float64 {
	d := a - 2*b + c
	if d >= 0 || a < -0.9 || c < -0.9 {
		return 0
	}
	return min(max((a-c)/(2*d), -0.5), 0.5)
}

// local is what remains between print and projection around a place, in mm:
// paper that a roller stretched, a page that is not flat.
func (l *located) local(x, y float64) (dx, dy float64) {
	var w, sx, sy float64
	for _, s := range l.shifts {
		ex, ey := (s.x-x)/45, (s.y-y)/14
		if d := ex*ex + ey*ey; d < 9 {
			g := s.w * math.Exp(-d)
			w, sx, sy = w+g, sx+g*s.dx, sy+g*s.dy
		}
	}
	w += 0.2 // few anchors around: stay with the projection
	return sx / w, sy / w
}
