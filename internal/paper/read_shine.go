package paper

import (
	"math"
	"slices"
)

// shine is how the other side of a sheet shows on this one: its ink, mirrored, a
// part of it, off its place (the two sides are never printed quite on top of each
// other), and spread by the paper. All of it is measured on the two pictures.
type shine struct {
	dx, dy int     // points of the fine scale by which it is off
	soft   int     // by so many points to each side its ink is spread
	part   float64 // of its ink that shows
	ground float64 // ink of bare paper on this picture
	clear  bool    // it is weak enough for a pen on this side to be told from it
}

// shineReach is how far the other side is looked for, in points of the fine
// scale: 3 mm.
const shineReach = 18

// strongInk is ink of print or of a pen, in 1/255, by which a shadow is found.
const strongInk = 140

// mirrored is the ink of the side at a place seen from its other side.
func (k *kept) mirrored(x, y int) int {
	x = k.ink.w - 1 - x
	if x < 0 || y < 0 || x >= k.ink.w || y >= k.ink.h {
		return 0
	}
	return int(k.ink.pix[y*k.ink.w+x])
}

// softened is the mean of the ink around a place, seen from the other side.
func (k *kept) softened(x, y, soft int) int {
	if soft == 0 {
		return k.mirrored(x, y)
	}
	sum := 0
	for v := y - soft; v <= y+soft; v++ {
		for u := x - soft; u <= x+soft; u++ {
			sum += k.mirrored(u, v)
		}
	}
	return sum / ((2*soft + 1) * (2*soft + 1))
}

// seeShine looks for the other side on the picture of this one; nil where it is
// not seen, or what is seen is not surely that.
func (k *kept) seeShine(other *kept, th *thresholds) *shine {
	w, h := k.ink.w, k.ink.h
	if other.ink.w != w || other.ink.h != h {
		return nil
	}
	ink, print := k.ink.pix, k.face.spread.pix
	var at, bare []int32
	const edge = shineReach + 6
	for y := edge; y < h-edge; y++ {
		row := other.ink.pix[y*w:][:w]
		for x := edge; x < w-edge; x++ {
			switch v := row[w-1-x]; {
			case v > strongInk:
				at = append(at, int32(y*w+x))
			case v < 10 && (x+3*y)%64 == 0 && print[y*w+x] < 8:
				bare = append(bare, int32(y*w+x))
			}
		}
	}
	if len(at) < 400 || len(bare) < 400 {
		return nil
	}
	at = thinned(at, 6000)
	var hist [256]uint16
	for _, i := range thinned(bare, 30000) {
		hist[ink[i]]++
	}
	ground := quantile(&hist, min(len(bare), 30000)/2)
	mean := func(dx, dy int) float64 {
		sum, n := 0, 0
		for _, i := range at {
			if q := int(i) + dy*w + dx; print[q] < 8 {
				sum += min(int(ink[q]), 96) // a pen counts for so much at most
				n++
			}
		}
		if n < 200 {
			return -1
		}
		return float64(sum) / float64(n)
	}
	best, s := -1.0, &shine{ground: float64(ground)}
	for dy := -shineReach; dy <= shineReach; dy += 2 {
		for dx := -shineReach; dx <= shineReach; dx += 2 {
			if v := mean(dx, dy); v > best {
				best, s.dx, s.dy = v, dx, dy
			}
		}
	}
	cx, cy := s.dx, s.dy
	for dy := cy - 1; dy <= cy+1; dy++ {
		for dx := cx - 1; dx <= cx+1; dx++ {
			if v := mean(dx, dy); v > best {
				best, s.dx, s.dy = v, dx, dy
			}
		}
	}
	if best-s.ground < float64(th.ShineLeast)/2 || max(s.dx, -s.dx, s.dy, -s.dy) >= shineReach {
		return nil
	}
	s.fit(k, other, thinned(slices.Clone(at), 1500))
	hist = [256]uint16{}
	n := 0
	for _, i := range at {
		if q := int(i) + s.dy*w + s.dx; print[q] < 8 {
			hist[ink[q]]++
			n++
		}
	}
	low, usual := quantile(&hist, n/4)-ground, quantile(&hist, n/2)-ground
	// The other side shows as a whole: most of it, and evenly.
	if usual < th.ShineLeast || float64(low) < th.ShineEven*float64(usual) || s.part <= 0 {
		return nil
	}
	s.clear = usual <= th.ShineMost
	return s
}

func thinned(at []int32, most int) []int32 {
	if step := (len(at) + most - 1) / most; step > 1 {
		some := at[:0]
		for i := 0; i < len(at); i += step {
			some = append(some, at[i])
		}
		return some
	}
	return at
}

// fit finds how far the paper spreads the other side's ink, and how much of it
// shows: the spread of which this side's ink is most a part.
func (s *shine) fit(k, other *kept, at []int32) {
	w := k.ink.w
	ink, print := k.ink.pix, k.face.spread.pix
	best := -2.0
	var parts []float64
	for soft := range 4 {
		var n, sx, sy, xx, yy, xy float64
		parts = parts[:0]
		for _, i := range at {
			for _, d := range [5][2]int{{0, 0}, {3, 0}, {-3, 0}, {0, 3}, {0, -3}} {
				x, y := int(i)%w+d[0], int(i)/w+d[1]
				q := (y+s.dy)*w + x + s.dx
				if print[q] >= 8 || ink[q] > 128 {
					continue
				}
				u, v := float64(other.softened(x, y, soft)), float64(ink[q])
				n, sx, sy, xx, yy, xy = n+1, sx+u, sy+v, xx+u*u, yy+v*v, xy+u*v
				if u >= 96 {
					parts = append(parts, (v-s.ground)/u)
				}
			}
		}
		if n < 200 || len(parts) < 200 {
			continue
		}
		if c := (n*xy - sx*sy) / math.Sqrt(max(1, (n*xx-sx*sx)*(n*yy-sy*sy))); c > best+0.005 {
			best, s.soft, s.part = c, soft, median(parts)
		}
	}
}

// takeOff is a zone without the other side's shadow. mixed says that more ink went
// with it somewhere than the shadow has; some, that there is a shadow.
func (s *shine) takeOff(z *keptZone, k, other *kept, th *thresholds) (left *zone, mixed, some bool) {
	left = &zone{}
	*left = z.zone
	left.work = &k.work
	// The shadow with a border, so that it may be moved and spread.
	const border = 5
	w, h := z.w+2*border, z.h+2*border
	shadow := make([]uint8, w*h)
	for y := range h {
		for x := range w {
			v := s.part * float64(other.softened(z.x0+x-border-s.dx, z.y0+y-border-s.dy, s.soft))
			shadow[y*w+x] = uint8(min(v, 255))
			some = some || v >= 4
		}
	}
	if !some {
		return left, false, false
	}
	// So much of it the floor under all added ink has taken.
	floor := float64(th.AddedFloor) - s.ground
	miss := func(mx, my int) (sum int) {
		for y := 0; y < z.h; y += 2 {
			at := z.y0 + y + z.off[1]
			if at < 0 || at >= k.ink.h {
				continue
			}
			sh := shadow[(y+border-my)*w+border-mx:][:z.w]
			ink, fr := k.ink.pix[at*k.ink.w:][:k.ink.w], z.free[y*z.w:][:z.w]
			for x, v := range sh {
				if u := z.x0 + x + z.off[0]; fr[x] == 1 && u >= 0 && u < len(ink) {
					d := min(int(ink[u]), 96) - int(s.ground) - int(v)
					sum += max(d, -d)
				}
			}
		}
		return sum
	}
	after := slices.Clone(z.added)
	mx, my, least := 0, 0, miss(0, 0)
	for range 4 {
		bx, by := mx, my
		for dy := max(-4, my-1); dy <= min(4, my+1); dy++ {
			for dx := max(-4, mx-1); dx <= min(4, mx+1); dx++ {
				if v := miss(dx, dy); v < least {
					least, bx, by = v, dx, dy
				}
			}
		}
		if bx == mx && by == my {
			break
		}
		mx, my = bx, by
	}
	for y := range z.h {
		for x := range z.w {
			i := y*z.w + x
			if z.added[i] == 0 {
				continue
			}
			most := uint8(0)
			for v := y - 1; v <= y+1; v++ {
				for u := x - 1; u <= x+1; u++ {
					most = max(most, shadow[(v+border-my)*w+u+border-mx])
				}
			}
			if most < 2 {
				continue
			}
			off := th.ShineGain*float64(most) + float64(th.ShineFloor) - floor
			if k.behind != nil {
				off -= float64(k.behind.taken(k.face, z.x0+x, z.y0+y))
			}
			if off > 0 {
				after[i] -= min(after[i], uint8(min(off, 255)))
			}
		}
	}
	mixed = max(mx, -mx, my, -my) == 4 || s.more(k, &z.zone, after, shadow[(border-my)*w+border-mx:], w, int(floor), th)
	left.added = after
	return left, mixed, true
}

// more says that in some place of a zone there was more ink than the shadow has
// and that all of it went with the shadow: before is the zone, after what is left.
func (s *shine) more(k *kept, z *zone, after, shadow []uint8, stride, floor int, th *thresholds) bool {
	const wide, high = 12, 6 // 2 mm by 1 mm
	across := z.w/wide + 1
	rest, n := make([]int, across*(z.h/high+1)), make([]int, across*(z.h/high+1))
	for y := 1; y < z.h-1; y++ {
		for x := 1; x < z.w-1; x++ {
			i, sh := y*z.w+x, int(shadow[y*stride+x])
			if sh < th.ShineLeast || z.free[i] == 0 || k.behind != nil && k.behind.taken(k.face, z.x0+x, z.y0+y) > 0 {
				continue
			}
			left := uint8(0) // beside a mark that is seen there is its edge
			for _, row := range [3][]uint8{after[i-z.w-1:][:3], after[i-1:][:3], after[i+z.w-1:][:3]} {
				left = max(left, row[0], row[1], row[2])
			}
			if int(left) >= th.Hit {
				continue
			}
			c := y/high*across + x/wide
			rest[c] += int(z.added[i]) - max(0, sh-floor)
			n[c]++
		}
	}
	for c, k := range n {
		if k >= wide && float64(rest[c]) > th.ShineRest*float64(k) {
			return true
		}
	}
	return false
}
