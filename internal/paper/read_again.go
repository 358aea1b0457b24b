package paper

import (
	"maps"
	"math"
	"slices"
)

// A sheet of two sides is read once more when both its pictures were read: what
// stands on the other side is then known, print and pen, and where the paper lets
// it through its shadow is taken off. See shine.

// kept is what is kept of the picture of one side until its other side is bound.
type kept struct {
	face   *likeness
	ink    *plane // the whole side at the fine scale, in 1/255 of print
	behind *behind
	rows   []keptRow
	work   zoneWork
}

// keptRow is a name on which ink was seen that print does not explain.
type keptRow struct {
	place   int
	zones   []*keptZone // the name; of the form agree the boxes, then the name
	covered bool        // a fold over the name would hide a line along it
}

// keep keeps what reading a side of a two-sided sheet again needs.
func (r *Reader) keep(p *picture, l *located, out *Side, black float64) *kept {
	f := l.face
	k := &kept{face: f, ink: p.inkOfSide(l, black), behind: l.behind}
	for _, i := range f.rows {
		m := out.Marks[i]
		if m.Is == MarkClear || m.Is == MarkNone || m.Look == LookUnsure {
			continue
		}
		c := &f.layout.Candidates[i]
		row := keptRow{place: i}
		if f.layout.Form == FormAgree {
			row.zones = []*keptZone{p.zone(l, c, c.boxes(), 3, black, r.th).clone(l, c.boxes()), p.zone(l, c, c.NameBox, 2, black, r.th).clone(l, c.NameBox)}
		} else {
			z := p.zone(l, c, c.NameBox, 7, black, r.th)
			if p.crossed(l, z, false, black, r.th) {
				continue
			}
			row.covered = p.crossed(l, z, true, black, r.th)
			row.zones = []*keptZone{z.clone(l, c.NameBox)}
		}
		k.rows = append(k.rows, row)
	}
	return k
}

// keptZone is a zone in memory of its own; off is by how many points of the fine
// scale it lies off the drawing of its whole side.
type keptZone struct {
	zone
	off [2]int
}

func (z *zone) clone(l *located, box Box) *keptZone {
	o := &keptZone{zone: *z}
	o.added, o.free, o.work = slices.Clone(z.added), slices.Clone(z.free), nil
	dx, dy := l.local(box.X()+box.W()/2, box.Y()+box.H()/2)
	o.off = [2]int{int(math.Round(dx * fineScale)), int(math.Round(dy * fineScale))}
	return o
}

// inkOfSide draws a whole side at the fine scale, as ink in 1/255 of print.
func (p *picture) inkOfSide(l *located, black float64) *plane {
	o := &plane{}
	w, h := l.face.fine.w, l.face.fine.h
	p.k.rectify(p.full, &l.m, 0, 0, w, h, fineScale, 255, o)
	const cell = 12
	for y0 := 0; y0 < h; y0 += cell {
		for x0 := 0; x0 < w; x0 += cell {
			u, v := l.m.at((float64(x0)+cell/2)/fineScale, (float64(y0)+cell/2)/fineScale)
			paper := max(float64(p.light.at(u/float64(p.f), v/float64(p.f))), 16)
			gain, pap := int32(255*255/paper/black*256), int32(paper)
			for y := y0; y < min(h, y0+cell); y++ {
				row := o.pix[y*w+x0 : y*w+min(w, x0+cell)]
				for i, v := range row {
					row[i] = uint8(min(max((pap-int32(v))*gain>>8, 0), 255))
				}
			}
		}
	}
	return o
}

// again reads the sides of a two-sided sheet once more, each with the other's ink
// known, and puts down the marks that change by it.
func (r *Reader) again(sides []*Side) {
	if len(sides) == 2 && sides[0].kept != nil && sides[1].kept != nil {
		first, second := r.changes(sides[0], sides[1].kept), r.changes(sides[1], sides[0].kept)
		maps.Copy(sides[0].Marks, first)
		maps.Copy(sides[1].Marks, second)
	}
}

// free gives free what was kept for reading a side again.
func (s *Side) free() {
	if s != nil {
		s.kept = nil
	}
}

// changes are the marks of a side that are others when its other side is known. A
// doubt may be settled by it; what was decided is never decided otherwise.
func (r *Reader) changes(s *Side, other *kept) map[int]Mark {
	k := s.kept
	if len(k.rows) == 0 {
		return nil
	}
	sh := k.seeShine(other, r.th)
	if sh == nil {
		return nil
	}
	out := map[int]Mark{}
	for _, row := range k.rows {
		was := s.Marks[row.place]
		now, mixed, some := r.judgeAgain(k, other, &row, sh)
		switch {
		case !some || now.Is == was.Is:
		case was.Is != MarkDoubtful: // what was taken for a mark is the other side's, or part of it is
			out[row.place] = Mark{MarkDoubtful, LookCovered, 0.5}
		case sh.clear && !mixed: // else the two cannot be told apart
			out[row.place] = now
		}
	}
	return out
}

// judgeAgain judges one row without the other side's shadow. mixed says that
// more than the shadow may have gone with it; some, that there is a shadow at all.
func (r *Reader) judgeAgain(k, other *kept, row *keptRow, sh *shine) (m Mark, mixed, some bool) {
	c := &k.face.layout.Candidates[row.place]
	var zs []*zone
	for _, z := range row.zones {
		after, more, any := sh.takeOff(z, k, other, r.th)
		mixed, some = mixed || more, some || any
		zs = append(zs, after)
	}
	switch {
	case !some:
	case k.face.layout.Form == FormAgree:
		m = r.judgeAgree(zs[0], c, false, func() *zone { return zs[1] })
	default:
		m = zs[0].judgeName(r.th)
		if row.covered && m.Is == MarkClear {
			m = Mark{MarkDoubtful, LookCovered, 0.5}
		}
	}
	return m, mixed, some
}
