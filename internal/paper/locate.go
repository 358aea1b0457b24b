package paper

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// How a side is found, from coarse to fine, each step checked by the next:
//
//  1. the turn of the page from its own lines of text, its scale from the file,
//     from the frame, from the edge of the paper when it shows, and from how far
//     its ink spreads: several guesses, none believed;
//  2. each guess is drawn small and compared with every side of every layout,
//     the right way up and upside down; the best few go on;
//  3. the printed letters and the ends of lines are looked for one by one near
//     where they should be; a projection is fitted that most of them agree on,
//     and those that do not agree lose their weight;
//  4. the same once more at a finer scale.
//
// A thing that is not found stays not found: nothing is put in its place.

// located is a side found on a picture.
type located struct {
	face   *likeness
	m      projection // side (mm) → picture.full (points)
	agree  float64    // share of the anchors found where the projection says
	found  int
	shifts []shift // what remains between anchors and projection, in mm
	mid    *plane  // ink of the picture in the frame of the side
	match  float64 // correlation of the whole side, coarse
	long   []longLine
}

type shift struct{ x, y, dx, dy, w float64 }

// picture is a scanned page prepared for reading.
type picture struct {
	full    *plane // light, at most about 240 dpi
	fold    int    // pixels of the scan to one point of full
	dpi     float64
	f       int    // points of full to one point of small
	small   *plane // light
	light   *paperLight
	ink     *plane
	white   float64 // typical light of the paper
	bitonal bool    // black and white only
}

func prepare(img *image.Gray, dpi float64) *picture {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	k := dpi / 25.4
	if dpi == 0 {
		k = min(float64(max(w, h))/297, float64(min(w, h))/210)
	}
	p := &picture{dpi: dpi, fold: max(1, int(k/4.7), (max(w, h)+7999)/8000)}
	switch {
	case p.fold > 1:
		p.full = condense(img, p.fold)
		k /= float64(p.fold)
	case len(img.Pix) >= img.Stride*h: // points beyond the right edge are never looked at
		p.full = &plane{img.Stride, h, img.Pix}
	default:
		p.full = condense(img, 1)
	}
	p.f = max(1, int(math.Round(k/2.75)), (max(w, h)/p.fold+1999)/2000)
	p.small = condense(&image.Gray{Pix: p.full.pix, Stride: p.full.w, Rect: image.Rect(0, 0, w/p.fold, p.full.h)}, p.f)
	p.light = lightOf(p.small, max(8, int(9*k/float64(p.f))))
	p.ink = inkOf(p.small, p.light)
	v := slices.Clone(p.light.v)
	slices.Sort(v)
	p.white = float64(v[len(v)*6/10])
	between, dark := 0, 0
	for i := 0; i < len(p.full.pix); i += 61 {
		if v := p.full.pix[i]; v > 24 && v < 231 {
			between++
		} else if v <= 24 {
			dark++
		}
	}
	p.bitonal = between*12 < dark
	return p
}

// points are places with ink on the small picture, thinned to at most n.
func (p *picture) points(n int) [][2]float32 {
	var all [][2]float32
	for y := 1; y < p.ink.h-1; y++ {
		row := p.ink.pix[y*p.ink.w:][:p.ink.w]
		for x, v := range row {
			if v > 110 {
				all = append(all, [2]float32{float32(x), float32(y)})
			}
		}
	}
	if step := (len(all) + n - 1) / n; step > 1 {
		o := all[:0]
		for i := 0; i < len(all); i += step {
			o = append(o, all[i])
		}
		all = o
	}
	return all
}

// turnOf is the angle (degrees, within ±7) at which the ink lies in the
// sharpest rows; onSide asks for rows that stand upright on the picture (a page
// lying on its side).
func turnOf(pts [][2]float32, w, h int, onSide bool) (angle float64) {
	var bins []int32
	energy := func(deg float64, side bool) float64 {
		s, c := math.Sincos(deg * math.Pi / 180)
		if len(bins) == 0 {
			bins = make([]int32, w+h+64)
		}
		for i := range bins {
			bins[i] = 0
		}
		fs, fc, off := float32(s), float32(c), float32(len(bins)/4)
		for _, p := range pts {
			q := fc*p[1] - fs*p[0]
			if side {
				q = fc*p[0] + fs*p[1]
			}
			if i := int(q + off); i >= 0 && i < len(bins) {
				bins[i]++
			}
		}
		var e float64
		for i := 1; i < len(bins); i++ {
			d := float64(bins[i] - bins[i-1])
			e += d * d
		}
		return e
	}
	best := -1.0
	for d := -7.0; d <= 7; d += 0.5 {
		if e := energy(d, onSide); e > best {
			best, angle = e, d
		}
	}
	for _, step := range []float64{0.25, 0.125} {
		at := angle
		for _, d := range []float64{at - step, at + step} {
			if e := energy(d, onSide); e > best {
				best, angle = e, d
			}
		}
	}
	return angle
}

// guess is a way a side may lie on the picture, not believed yet.
type guess struct {
	face  *likeness
	m     projection // side → small picture
	match float64
}

// find looks for one of the faces on the picture.
func (p *picture) find(faces []*likeness) *located {
	pts := p.points(9000)
	if len(pts) < 200 {
		return nil
	}
	// Upright first, as the frame lies; the other way only when that fails.
	wide := p.ink.w > p.ink.h
	best := p.findWay(faces, pts, wide)
	if best == nil || best.agree < 0.6 {
		if other := p.findWay(faces, pts, !wide); better(other, best) {
			best = other
		}
	}
	return best
}

func better(a, b *located) bool {
	return a != nil && (b == nil || a.agree*float64(a.found) > b.agree*float64(b.found))
}

func (p *picture) findWay(faces []*likeness, pts [][2]float32, onSide bool) *located {
	turn := turnOf(pts, p.ink.w, p.ink.h, onSide)
	var all []guess
	var done []*likeness
	for _, f := range faces {
		if slices.ContainsFunc(done, func(g *likeness) bool { return g.layout.Paper == f.layout.Paper }) {
			continue
		}
		done = append(done, f)
		var group []*likeness
		for _, g := range faces {
			if g.layout.Paper == f.layout.Paper {
				group = append(group, g)
			}
		}
		for _, m := range p.ways(f.layout.Paper, pts, turn, onSide, f) {
			all = append(all, p.compare(group, m)...)
		}
	}
	slices.SortStableFunc(all, func(a, b guess) int { return cmp.Compare(b.match, a.match) })
	var best *located
	for i, g := range all {
		if i == 4 || i > 0 && g.match < 0.5*all[0].match {
			break
		}
		if l := p.settle(g); better(l, best) {
			best = l
		}
		if best != nil && best.agree > 0.8 && (i+1 == len(all) || all[i+1].match < 0.8*g.match || all[i+1].face == best.face) {
			break
		}
	}
	return best
}

// ways are the projections by which a sheet may lie on the picture, the right
// way up (upside down is looked at with each).
func (p *picture) ways(s Sheet, pts [][2]float32, turn float64, onSide bool, f *likeness) []projection {
	w, h := float64(p.ink.w), float64(p.ink.h)
	var base projection // side → small picture at one point a millimetre, turned about the side's centre
	sn, cs := math.Sincos(turn * math.Pi / 180)
	rot := projection{cs, -sn, 0, sn, cs, 0, 0, 0, 1}
	if onSide {
		// Rows run down the picture.
		sn, cs = math.Sincos((turn + 90) * math.Pi / 180)
		rot = projection{cs, -sn, 0, sn, cs, 0, 0, 0, 1}
	}
	base = rot.after(shifted(-s.W/2, -s.H/2))
	var ink [2]float64 // the centre of ink on the picture
	for _, q := range pts {
		ink[0] += float64(q[0])
		ink[1] += float64(q[1])
	}
	ink[0], ink[1] = ink[0]/float64(len(pts)), ink[1]/float64(len(pts))
	var scales []float64
	addScale := func(k float64) {
		for _, o := range scales {
			if math.Abs(k/o-1) < 0.012 {
				return
			}
		}
		scales = append(scales, k)
	}
	if p.dpi > 0 {
		addScale(p.dpi / 25.4 / float64(p.f*p.fold))
	} else {
		fw, fh := s.W, s.H
		if onSide {
			fw, fh = fh, fw
		}
		addScale(min(w/fw, h/fh))
	}
	var out []projection
	for _, k := range scales {
		// Once with the middle of the frame, once with the middle of the ink.
		out = append(out, shifted(w/2, h/2).after(scaled(k)).after(base))
		cx, cy := base.at(f.centre[0], f.centre[1])
		out = append(out, shifted(ink[0]-k*cx, ink[1]-k*cy).after(scaled(k)).after(base))
	}
	if q, ok := p.paperEdge(); ok {
		out = append(out, quads(q, s)...)
	}
	return out
}

// compare draws a guess small and puts every face on it, upright and upside
// down, moving it about.
func (p *picture) compare(faces []*likeness, m projection) []guess {
	s := faces[0].layout.Paper
	w, h := int(s.W)+2*pad, int(s.H)+2*pad
	var c0 plane
	rectify(p.ink, &m, -pad, -pad, w, h, coarseScale, 0, &c0)
	c1 := half(&c0)
	c2 := half(c1)
	turned := halfTurn(s)
	var out []guess
	for _, up := range []bool{true, false} {
		d1, d2 := c1, c2
		if !up {
			d1, d2 = upsideDown(c1), upsideDown(c2)
		}
		for _, f := range faces {
			dx, dy, _ := bestShift(d2, f.coarse[2], pad/4, pad/4, 4, 1)
			dx, dy, v := bestShift(d1, f.coarse[1], 2*dx, 2*dy, 2, 1)
			g := guess{face: f, m: m, match: v}
			if !up {
				g.m = m.after(turned)
			}
			g.m = g.m.after(shifted(float64(dx*2-pad), float64(dy*2-pad)))
			out = append(out, g)
		}
	}
	return out
}

func upsideDown(p *plane) *plane {
	o := newPlane(p.w, p.h)
	n := len(p.pix) - 1
	for i, v := range p.pix {
		o.pix[n-i] = v
	}
	return o
}

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

// settle finds the anchors of a guess, coarse and then fine.
func (p *picture) settle(g guess) *located {
	f := g.face
	s := f.layout.Paper
	m := g.m
	var c plane
	for round := range 3 {
		reach := []int{4, 3, 2}[round]
		rectify(p.ink, &m, -pad, -pad, int(s.W)+2*pad, int(s.H)+2*pad, coarseScale, 0, &c)
		ps, _ := seek(f, &c, pad, coarseScale, reach, false, 0.45)
		if len(ps) < 6 {
			if round == 0 {
				return nil
			}
			break
		}
		d, _, ok := fitRobust(ps, round > 0, 0.8)
		if !ok {
			if round == 0 {
				return nil
			}
			break
		}
		m = m.after(d)
	}
	mid := &plane{}
	const border = 4
	rectify(p.ink, &m, -border, -border, f.mid.w+2*border*midScale, f.mid.h+2*border*midScale, midScale, 0, mid)
	ps, asked := seek(f, mid, border, midScale, 3, true, 0.5)
	if len(ps) < 6 || asked == 0 {
		return nil
	}
	d, far, ok := fitRobust(ps, true, 0.3)
	if !ok {
		return nil
	}
	l := &located{face: f, m: scaled(float64(p.f)).after(m).after(d), mid: mid, match: g.match}
	for i, a := range ps {
		if far[i] > 0.9 {
			continue
		}
		l.found++
		if far[i] > 0.7 {
			continue
		}
		// What the projection leaves, brought back to the side.
		u, v := d.at(a.x, a.y)
		l.shifts = append(l.shifts, shift{a.x, a.y, a.u - u, a.v - v, a.weight})
	}
	l.agree = float64(l.found) / float64(asked)
	return l
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
