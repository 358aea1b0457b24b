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
	for dy := y - reach; dy <= y+reach; dy += step {
		for dx := x - reach; dx <= x+reach; dx += step {
			if dx < 0 || dy < 0 || dx+small.w > big.w || dy+small.h > big.h {
				continue
			}
			var sb, sbb, sbm int64
			for r := range small.h {
				a := big.pix[(dy+r)*big.w+dx:][:small.w]
				b := small.pix[r*small.w:][:small.w]
				var rb, rbb, rbm uint32
				for i, v := range b {
					q := uint32(a[i])
					rb += q
					rbb += q * q
					rbm += q * uint32(v)
				}
				sb, sbb, sbm = sb+int64(rb), sbb+int64(rbb), sbm+int64(rbm)
			}
			den := (smm - sm*sm/n) * (float64(sbb) - float64(sb)*float64(sb)/n)
			if den <= 0 {
				continue
			}
			if v := (float64(sbm) - sm*float64(sb)/n) / math.Sqrt(den); v > best {
				best, bx, by = v, dx, dy
			}
		}
	}
	return bx, by, best
}

// seek looks for each anchor near its place on a plane in the frame of the
// side. The pairs map the side's true places to where they were seen in that
// frame, both in millimetres.
func seek(f *likeness, p *plane, border float64, k float64, reach int, fine bool, least float64) ([]pair, int) {
	var ps []pair
	off := int(border * k)
	asked := 0
	for i := range f.anchors {
		a := &f.anchors[i]
		q := a.coarse
		if fine {
			q = a.fine
		}
		asked++
		dx, dy, v := q.seek(p, off, reach)
		if v < least {
			continue
		}
		ps = append(ps, pair{a.x, a.y, a.x + dx/k, a.y + dy/k, v * v})
	}
	return ps, asked
}

// seek gives the shift (in points, to parts of one) at which the patch fits
// best, and how well (−1 to 1).
func (q *patch) seek(p *plane, off, reach int) (dx, dy, best float64) {
	n := 2*reach + 1
	var at [11 * 11]float64
	bi := -1
	best = -1
	for sy := -reach; sy <= reach; sy++ {
		for sx := -reach; sx <= reach; sx++ {
			i := (sy+reach)*n + sx + reach
			x0, y0 := q.x0+off+sx, q.y0+off+sy
			at[i] = -1
			if x0 < 0 || y0 < 0 || x0+q.w > p.w || y0+q.h > p.h {
				continue
			}
			var sum, sq, dot int64
			for y := range q.h {
				a := p.pix[(y0+y)*p.w+x0:][:q.w]
				b := q.v[y*q.w:][:q.w]
				var rs, rq, rd int32
				for j, v := range b {
					t := int32(a[j])
					rs += t
					rq += t * t
					rd += t * int32(v)
				}
				sum, sq, dot = sum+int64(rs), sq+int64(rq), dot+int64(rd)
			}
			c := float64(len(q.v))
			den := float64(sq) - float64(sum)*float64(sum)/c
			if den < c*16 {
				continue
			}
			// The patch's mean is zero but for rounding.
			at[i] = float64(dot) / (q.norm * math.Sqrt(den))
			if at[i] > best {
				best, bi = at[i], i
			}
		}
	}
	if bi < 0 {
		return 0, 0, -1
	}
	bx, by := bi%n, bi/n
	dx, dy = float64(bx-reach), float64(by-reach)
	if bx > 0 && bx < n-1 {
		dx += peak(at[bi-1], at[bi], at[bi+1])
	}
	if by > 0 && by < n-1 {
		dy += peak(at[bi-n], at[bi], at[bi+n])
	}
	if bx == 0 || by == 0 || bx == n-1 || by == n-1 {
		best *= 0.7 // at the end of the reach: perhaps not the place
	}
	return dx, dy, best
}

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
