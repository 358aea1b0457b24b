package paper

import "math"

// The print of the other side of a thin sheet shines through, mirrored. What is
// printed there is known, so its shadow is found on the picture and taken off
// again; how far it may be off (the two sides are never printed quite on top of
// each other) and how dark it is, the sheet itself says. What a pen drew on the
// other side is not known here: its shadow stays until the other side's own picture
// is there (read_again.go).

// behindReach is how far the print of the other side is looked for, in points of
// the mid scale: 2.4 mm.
const behindReach = 6

// behind is the shadow of the other side's print on one picture.
type behind struct {
	dx, dy int     // mm·fineScale by which it is off
	dark   float64 // its ink where print is full, in 1/255 of light
	full   float64 // what is taken off there, in 1/255 of print
}

// shade prepares what shows through from the other side of a sheet.
func (f *likeness) shade(other *likeness) {
	f.behindMid, f.behindFine = mirrored(other.mid), mirrored(spread(other.spread, 1))
	near := spread(f.behindMid, 2)
	for y := behindReach; y < f.mid.h-behindReach; y++ {
		for x := behindReach; x < f.mid.w-behindReach; x++ {
			switch i := y*f.mid.w + x; {
			case f.behindMid.pix[i] > 200:
				f.behindAt = append(f.behindAt, int32(i))
			case near.pix[i] < 8 && f.printed.pix[i] < 8 && (x+y)%16 == 0:
				f.bareAt = append(f.bareAt, int32(i))
			}
		}
	}
	if step := len(f.behindAt) / 6000; step > 1 {
		some := f.behindAt[:0]
		for i := 0; i < len(f.behindAt); i += step {
			some = append(some, f.behindAt[i])
		}
		f.behindAt = some
	}
}

func mirrored(p *plane) *plane {
	o := newPlane(p.w, p.h)
	for y := range p.h {
		a, b := p.pix[y*p.w:][:p.w], o.pix[y*p.w:][:p.w]
		for x, v := range a {
			b[p.w-1-x] = v
		}
	}
	return o
}

// seeBehind looks for the print of the other side on the picture; nil where none
// is seen, or what is seen is not surely that.
func (l *located) seeBehind() *behind {
	f := l.face
	if f.behindMid == nil || len(f.behindAt) < 200 || len(f.bareAt) < 200 {
		return nil
	}
	off := int(4 * midScale)
	ink := func(i int) uint8 { return l.mid.pix[(i/f.mid.w+off)*l.mid.w+i%f.mid.w+off] }
	var bare [256]uint16
	for _, i := range f.bareAt {
		bare[ink(int(i))]++
	}
	ground := quantile(&bare, len(f.bareAt)/2)
	// The place where what lies on the other side's print, and on none of this
	// side's, is darkest.
	best, bx, by := -1.0, 0, 0
	for dy := -behindReach; dy <= behindReach; dy++ {
		for dx := -behindReach; dx <= behindReach; dx++ {
			sum, n := 0, 0
			for _, i := range f.behindAt {
				if k := int(i) + dy*f.mid.w + dx; f.printed.pix[k] < 8 {
					sum += min(int(ink(k)), 96) // a pen counts for so much at most
					n++
				}
			}
			if n >= 200 && float64(sum)/float64(n) > best {
				best, bx, by = float64(sum)/float64(n), dx, dy
			}
		}
	}
	var hist [256]uint16
	n := 0
	for _, i := range f.behindAt {
		if k := int(i) + by*f.mid.w + bx; f.printed.pix[k] < 8 {
			hist[ink(k)]++
			n++
		}
	}
	if n < 200 {
		return nil
	}
	low, usual := quantile(&hist, n/4)-ground, quantile(&hist, n/2)-ground
	// Print shows as print: most of it, and evenly.
	if usual < 4 || usual > 80 || low*5 < usual*2 || bx == -behindReach || bx == behindReach || by == -behindReach || by == behindReach {
		return nil
	}
	return &behind{int(math.Round(float64(bx) * fineScale / midScale)), int(math.Round(float64(by) * fineScale / midScale)), float64(usual), 0}
}

// unshade takes the shadow of the other side's print off a zone.
func (b *behind) unshade(z *zone, f *likeness, black float64) {
	// A little more than it usually is, and what its edges may be off.
	full := (1.3*b.dark + 4) * 255 / black
	b.full = full
	for y := range z.h {
		fy := z.y0 + y - b.dy
		if fy < 0 || fy >= f.behindFine.h {
			continue
		}
		row := f.behindFine.pix[fy*f.behindFine.w:][:f.behindFine.w]
		for x := range z.w {
			if fx := z.x0 + x - b.dx; fx >= 0 && fx < len(row) && row[fx] > 24 {
				z.added[y*z.w+x] -= min(z.added[y*z.w+x], uint8(min(full*float64(row[fx])/255, 120)))
			}
		}
	}
}

// taken is what unshade has taken off at a point of the fine scale.
func (b *behind) taken(f *likeness, x, y int) uint8 {
	x, y = x-b.dx, y-b.dy
	if x < 0 || y < 0 || x >= f.behindFine.w || y >= f.behindFine.h || f.behindFine.pix[y*f.behindFine.w+x] <= 24 {
		return 0
	}
	return uint8(min(b.full*float64(f.behindFine.pix[y*f.behindFine.w+x])/255, 120))
}
