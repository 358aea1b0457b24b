package paper

import (
	"encoding/binary"
	"math"
)

// black is how dark print is on this picture, in 1/255: the mean ink where the
// likeness is full of it. halo is the ink just beside letters against that: a
// fifth on a sharp picture, near one where letters run into each other.
func (l *located) black() (black, halo float64) {
	sum, n, near, m := 0, 0, 0, 0
	off := int(4 * midScale)
	f := l.face.mid
	for y := 0; y < f.h; y += 2 { // every second row says it as well
		a, b := f.pix[y*f.w:][:f.w], l.mid.pix[(y+off)*l.mid.w+off:][:f.w]
		c := l.face.printed.pix[y*f.w:][:f.w]
		for x, v := range a {
			if v > 190 {
				sum += int(b[x])
				n++
			} else if v < 8 && c[x] > 190 {
				near += int(b[x])
				m++
			}
		}
	}
	if n == 0 || m == 0 {
		return 255, 0
	}
	mean := float64(sum) / float64(n)
	// Thin strokes are never quite full at this scale.
	return min(255, max(90, mean*1.15)), float64(near) / float64(m) / max(mean, 1)
}

// printed is how much of the print of a box is there: the share of its dark
// points that are dark on the picture too; and all that is dark there, against
// the same number.
func (l *located) printed(b Box, black float64) (there, inked float64) {
	off := int(4 * midScale)
	f := l.face.mid
	n, hit, all := 0, 0, 0
	least := uint8(0.35 * black)
	dx, dy := l.local(b.X()+b.W()/2, b.Y()+b.H()/2)
	ox, oy := off+int(math.Round(dx*midScale)), off+int(math.Round(dy*midScale))
	for y := max(0, int(b.Y()*midScale)); y < min(f.h, int(b.Bottom()*midScale)); y++ {
		for x := max(0, int(b.X()*midScale)); x < min(f.w, int(b.Right()*midScale)); x++ {
			dark := l.mid.pix[(y+oy)*l.mid.w+x+ox] >= least
			if dark {
				all++
			}
			if f.pix[y*f.w+x] >= 130 {
				n++
				if dark {
					hit++
				}
			}
		}
	}
	if n == 0 {
		return 1, 1
	}
	return float64(hit) / float64(n), float64(all) / float64(n)
}

// faint is the area inside a box, in mm², where ink is hardly there: half
// millimetres whose mean is a little darker than paper.
func (z *zone) faint(b Box, th *thresholds) float64 {
	const step = 3
	x0, y0 := max(0, int((b.X()+0.6)*fineScale)-z.x0), max(0, int((b.Y()+0.6)*fineScale)-z.y0)
	x1, y1 := min(z.w, int((b.Right()-0.6)*fineScale)-z.x0), min(z.h, int((b.Bottom()-0.6)*fineScale)-z.y0)
	n := 0
	for y := y0; y+step <= y1; y += step {
		for x := x0; x+step <= x1; x += step {
			sum := 0
			for k := y * z.w; k < (y+step)*z.w; k += z.w {
				sum += int(z.added[k+x]) + int(z.added[k+x+1]) + int(z.added[k+x+2])
			}
			if sum >= step*step*th.FaintHit {
				n++
			}
		}
	}
	return float64(n) * step * step / (fineScale * fineScale)
}

// zone draws the surroundings of a box at the fine scale and takes print away.
// The zone before is lost by it.
func (p *picture) zone(l *located, c *Place, box Box, side float64, black float64, th *thresholds) *zone {
	f := l.face
	x0 := int(math.Floor(max(0, max(box.X()-side, c.RowBox.X()-1)) * fineScale))
	x1 := int(math.Ceil(min(f.layout.Paper.W, min(box.Right()+side, c.RowBox.Right()+1)) * fineScale))
	y0 := int(math.Ceil((c.RowBox.Y() + 0.45) * fineScale))
	y1 := int(math.Floor((c.RowBox.Bottom() - 0.45) * fineScale))
	x1, y1 = min(x1, f.fine.w), min(y1, f.fine.h)
	z := &zone{x0: x0, y0: y0, w: max(1, x1-x0), h: max(1, y1-y0), work: &l.work}
	dx, dy := l.local(box.X()+box.W()/2, box.Y()+box.H()/2)
	light := &l.work.light
	m := l.m.after(shifted(dx, dy))
	p.k.rectify(p.full, &m, float64(x0)/fineScale, float64(y0)/fineScale, z.w, z.h, fineScale, 255, light)
	z.added, z.free = light.pix, sized(&l.work.free, z.w*z.h)
	expect := th.expected(p.bitonal)
	for y := range z.h {
		below(z.free[y*z.w:][:z.w], f.spread.pix[(y0+y)*f.spread.w+x0:][:z.w], expect)
	}
	const run = 12
	for x := 0; x < z.w; x += run {
		u, v := m.at((float64(x0+x)+run/2)/fineScale, (float64(y0)+float64(z.h)/2)/fineScale)
		paper := max(float64(p.light.at(u/float64(p.f), v/float64(p.f))), 16)
		gain := int32(255 * 255 / paper / black * 256)
		pap := int32(paper)
		// Points that are so little darker than paper are nothing wherever they lie.
		bare := uint8(min(max(255-pap+(expect[0]<<8+255)/gain, 0), 127))
		for y := range z.h {
			a := z.added[y*z.w+x : y*z.w+min(z.w, x+run)]
			e := f.spread.pix[(y0+y)*f.spread.w+x0+x:][:len(a)]
			for i := 0; i < len(a); i += 4 {
				n := min(4, len(a)-i)
				if n == 4 && !darkFour(binary.LittleEndian.Uint32(a[i:i+4]), bare) {
					binary.LittleEndian.PutUint32(a[i:i+4], 0)
					continue
				}
				e := e[i:][:n]
				for k, v := range a[i:][:n] {
					a[i+k] = uint8(min(max(min((pap-int32(v))*gain>>8, 255)-expect[e[k]], 0), 255))
				}
			}
		}
	}
	if l.behind != nil {
		l.behind.unshade(z, f, black)
	}
	l.maskLong(z)
	z.name = [4]int{int(box.X()*fineScale) - x0, int(box.Y()*fineScale) - y0, int(box.Right()*fineScale) - x0, int(box.Bottom()*fineScale) - y0}
	z.base, z.em = float64(z.name[3])-0.22*float64(z.name[3]-z.name[1]), 0.87*float64(z.name[3]-z.name[1])
	for _, t := range f.layout.Print.Texts {
		if t.Page == f.side && t.Y > box.Y() && t.Y < box.Bottom() && t.X >= box.X()-0.5 && t.X < box.Right() {
			z.base, z.em = t.Y*fineScale-float64(y0), t.Size*mmPerPoint*fineScale
			break
		}
	}
	return z
}

// below marks where a row of print is expected to leave paper free.
func below(free, print []uint8, expect *[256]int32) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	limit := 0 // print from here on hides what lies under it
	for limit < 256 && expect[limit] < 130 {
		limit++
	}
	free = free[:len(print)]
	x := 0
	for ; limit <= 128 && x+8 <= len(print); x += 8 {
		v := binary.LittleEndian.Uint64(print[x : x+8])
		hides := v | ((v | high) - uint64(limit)*ones)
		binary.LittleEndian.PutUint64(free[x:x+8], ^hides&high>>7)
	}
	for ; x < len(print); x++ {
		free[x] = 0
		if int(print[x]) < limit {
			free[x] = 1
		}
	}
}

// darkFour says that one of four points of light is darker than white by more than
// most, which is at most 127.
func darkFour(light uint32, most uint8) bool {
	const ones, high = 0x01010101, 0x80808080
	ink := ^light
	return (ink+(127-uint32(most))*ones|ink)&high != 0
}

// anyOver says that one of eight points may be over most: surely not when it says
// no.
func anyOver(eight uint64, most int) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	return (eight+uint64(127-min(max(most, 0), 127))*ones|eight)&high != 0
}

// own measures the added ink inside a box that belongs to its row: without the
// ends of the neighbours' marks that reach over the line above or below, whose
// area is spilt. piece is the area of the largest ink that hangs together.
func (z *zone) own(b Box, th *thresholds) (area, w, h, spilt, piece float64) {
	if area, w, h = z.in(b, th); area <= th.EmptyBox {
		return area, w, h, 0, area
	}
	x0, y0 := max(0, int((b.X()+0.5)*fineScale)-z.x0), max(0, int((b.Y()+0.5)*fineScale)-z.y0)
	x1, y1 := min(z.w, int((b.Right()-0.5)*fineScale)-z.x0), min(z.h, int((b.Bottom()-0.5)*fineScale)-z.y0)
	strong := th.Strong * 6 / 10
	ink := func(k int) bool { return int(z.added[k]) >= strong }
	seen := emptied(&z.work.mean, z.w*z.h)
	n, lost, most := 0, 0, 0
	l, t, r, m := z.w, z.h, -1, -1
	var stack []int32
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if x+8 <= x1 && !anyOver(binary.LittleEndian.Uint64(z.added[y*z.w+x:]), strong-1) {
				x += 7
				continue
			}
			if k := y*z.w + x; seen[k] != 0 || !ink(k) {
				continue
			}
			// One piece of ink.
			size, pl, pt, pr, pm := 0, z.w, z.h, -1, -1
			seen[y*z.w+x] = 1
			stack = append(stack[:0], int32(y*z.w+x))
			for len(stack) > 0 {
				k := int(stack[len(stack)-1])
				stack = stack[:len(stack)-1]
				px, py := k%z.w, k/z.w
				size++
				pl, pr, pt, pm = min(pl, px), max(pr, px), min(pt, py), max(pm, py)
				for qy := max(y0, py-1); qy <= min(y1-1, py+1); qy++ {
					for qx := max(x0, px-1); qx <= min(x1-1, px+1); qx++ {
						if q := qy*z.w + qx; seen[q] == 0 && ink(q) {
							seen[q] = 1
							stack = append(stack, int32(q))
						}
					}
				}
			}
			if (pt <= y0+1 || pm >= y1-2) && float64(pm-pt+1) < th.SpillDepth*float64(y1-y0) {
				lost += size
				continue
			}
			n, most = n+size, max(most, size)
			l, r, t, m = min(l, pl), max(r, pr), min(t, pt), max(m, pm)
		}
	}
	spilt = float64(lost) / (fineScale * fineScale)
	if n == 0 {
		return 0, 0, 0, spilt, 0
	}
	return float64(n) / (fineScale * fineScale), float64(r-l+1) / fineScale, float64(m-t+1) / fineScale, spilt, float64(most) / (fineScale * fineScale)
}

// reach is how far the added ink of a box reaches from the edge that lies toward
// a neighbour, in mm: all of it but the farthest twentieth, which may be specks.
func (z *zone) reach(b, neighbour Box, th *thresholds) float64 {
	x0, y0 := max(0, int((b.X()+0.5)*fineScale)-z.x0), max(0, int((b.Y()+0.5)*fineScale)-z.y0)
	x1, y1 := min(z.w, int((b.Right()-0.5)*fineScale)-z.x0), min(z.h, int((b.Bottom()-0.5)*fineScale)-z.y0)
	count, all := make([]int, max(0, x1-x0)), 0 // by distance from that edge
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if int(z.added[y*z.w+x]) < th.Strong*6/10 {
				continue
			}
			at := x - x0
			if neighbour.X() > b.X() {
				at = x1 - 1 - x
			}
			count[at]++
			all++
		}
	}
	far, left := 0, all/20
	for far = len(count) - 1; far >= 0 && count[far] <= left; far-- {
		left -= count[far]
	}
	return float64(far+1) / fineScale
}

// in measures the added ink inside a box: area in mm², width and height.
func (z *zone) in(b Box, th *thresholds) (area, w, h float64) {
	x0, y0 := max(0, int((b.X()+0.5)*fineScale)-z.x0), max(0, int((b.Y()+0.5)*fineScale)-z.y0)
	x1, y1 := min(z.w, int((b.Right()-0.5)*fineScale)-z.x0), min(z.h, int((b.Bottom()-0.5)*fineScale)-z.y0)
	n, l, t, r, m := 0, z.w, z.h, -1, -1
	strong := th.Strong * 6 / 10
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if x+8 <= x1 && !anyOver(binary.LittleEndian.Uint64(z.added[y*z.w+x:]), strong-1) {
				x += 7
				continue
			}
			if int(z.added[y*z.w+x]) >= strong {
				n++
				l, r, t, m = min(l, x), max(r, x), min(t, y), max(m, y)
			}
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	return float64(n) / (fineScale * fineScale), float64(r-l+1) / fineScale, float64(m-t+1) / fineScale
}
