package paper

import (
	"cmp"
	"iter"
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
	behind *behind // the other side's print, where it shines through
	work   zoneWork
}

type shift struct{ x, y, dx, dy, w float64 }

// guess is a way a side may lie on the picture, not believed yet.
type guess struct {
	face     *likeness
	m        projection // side → small picture
	match    float64
	at1, at2 *plane // the picture in the frame of m, with the pad, at 1/2 and 1/4 points a millimetre
	dx, dy   int    // where the side lies there, in points of at2
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

// plain is how well a guess must match at the coarsest scale for the others of
// its sheet to be left unlooked at, unless it fails later.
const plain = 0.75

func (p *picture) findWay(faces []*likeness, pts [][2]float32, onSide bool) *located {
	turn := turnOf(pts, p.ink.w, p.ink.h, onSide)
	var all []guess
	var later []func() []guess
	for i, f := range faces {
		if slices.ContainsFunc(faces[:i], func(g *likeness) bool { return g.layout.Paper == f.layout.Paper }) {
			continue
		}
		var group []*likeness
		for _, g := range faces {
			if g.layout.Paper == f.layout.Paper {
				group = append(group, g)
			}
		}
		ways := p.ways(f.layout.Paper, pts, turn, onSide, f)
		k := 0
		for m := range ways {
			k++
			some := p.compare(group, m)
			all = append(all, some...)
			if slices.MaxFunc(some, func(a, b guess) int { return cmp.Compare(a.match, b.match) }).match >= plain {
				later = append(later, func() (more []guess) {
					i := 0
					for m := range ways {
						if i++; i > k {
							more = append(more, p.compare(group, m)...)
						}
					}
					return more
				})
				break
			}
		}
	}
	best := p.settleBest(all)
	if best == nil || best.agree < 0.8 { // not so plain after all
		for _, more := range later {
			all = append(all, more()...)
		}
		if len(later) > 0 {
			if l := p.settleBest(all); better(l, best) {
				best = l
			}
		}
	}
	return best
}

// settleBest tries the guesses that match best, until one holds.
func (p *picture) settleBest(all []guess) *located {
	slices.SortStableFunc(all, func(a, b guess) int { return cmp.Compare(b.match, a.match) })
	n := 0
	for n < min(len(all), 16) && (n < 2 || all[n].match > 0.75*all[0].match) {
		n++
	}
	all = slices.Clone(all[:n])
	for i := range all {
		all[i].refine(p.k)
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
// way up (upside down is looked at with each); the edge of the paper is looked
// for last, where the others did not do.
func (p *picture) ways(s Sheet, pts [][2]float32, turn float64, onSide bool, f *likeness) iter.Seq[projection] {
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
	if k := scales[0]; !onSide && h < 0.93*s.H*k && w > 0.9*s.W*k { // perhaps cut off below, or above
		out = append(out, shifted(w/2, s.H*k/2).after(scaled(k)).after(base), shifted(w/2, h-s.H*k/2).after(scaled(k)).after(base))
	}
	return func(yield func(projection) bool) {
		for _, m := range out {
			if !yield(m) {
				return
			}
		}
		if q, ok := p.paperEdge(); ok {
			for _, m := range quads(q, s) {
				if !yield(m) {
					return
				}
			}
		}
	}
}

// compare draws a guess small and puts every face on it, upright and upside
// down, moving it about at the coarsest scale.
func (p *picture) compare(faces []*likeness, m projection) []guess {
	s := faces[0].layout.Paper
	w, h := int(s.W)+2*pad, int(s.H)+2*pad
	var c0 plane
	p.k.rectify(p.ink, &m, -pad, -pad, w, h, coarseScale, 0, &c0)
	up1 := half(&c0)
	up2 := half(up1)
	down1, down2 := upsideDown(up1), upsideDown(up2)
	turned := m.after(halfTurn(s))
	var out []guess
	for _, f := range faces {
		for _, g := range []guess{{face: f, m: m, at1: up1, at2: up2}, {face: f, m: turned, at1: down1, at2: down2}} {
			g.dx, g.dy, g.match = p.k.shift(g.at2, f.coarse[2], pad/4, pad/4, 4, 1)
			out = append(out, g)
		}
	}
	return out
}

// refine moves a guess about at the next finer scale.
func (g *guess) refine(k *kernels) {
	dx, dy, v := k.shift(g.at1, g.face.coarse[1], 2*g.dx, 2*g.dy, 1, 1)
	g.match = v
	g.m = g.m.after(shifted(float64(dx*2-pad), float64(dy*2-pad)))
}

func upsideDown(p *plane) *plane {
	o := newPlane(p.w, p.h)
	n := len(p.pix) - 1
	for i, v := range p.pix {
		o.pix[n-i] = v
	}
	return o
}

// settle finds the anchors of a guess, coarse and then fine.
func (p *picture) settle(g guess) *located {
	f := g.face
	s := f.layout.Paper
	m := g.m
	var c plane
	for round := range 3 {
		reach := []int{4, 3, 2}[round]
		p.k.rectify(p.ink, &m, -pad, -pad, int(s.W)+2*pad, int(s.H)+2*pad, coarseScale, 0, &c)
		ps, _ := p.seek(f, &c, pad, coarseScale, reach, []int{60, len(f.anchors), len(f.anchors)}[round], false, 0.45)
		if len(ps) < 6 {
			if round == 0 {
				return nil
			}
			break
		}
		d, far, ok := fitRobust(ps, round > 0, 0.8)
		if !ok {
			if round == 0 {
				return nil
			}
			break
		}
		m = m.after(d)
		if round > 0 && median(far) < 0.25 { // the fine scale reaches five times as far
			break
		}
	}
	mid := &plane{}
	const border = 4
	var ps []pair
	var asked int
	var d projection
	var far []float64
	for round := range 2 {
		p.k.rectify(p.ink, &m, -border, -border, f.mid.w+2*border*midScale, f.mid.h+2*border*midScale, midScale, 0, mid)
		ps, asked = p.seek(f, mid, border, midScale, 3, len(f.anchors), true, 0.5)
		if len(ps) < 6 || asked == 0 {
			return nil
		}
		var ok bool
		if d, far, ok = fitRobust(ps, true, 0.3); !ok {
			return nil
		}
		if round == 1 || d.moves(s) < 0.25 {
			break
		}
		m = m.after(d) // and once more, in the frame now found
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
