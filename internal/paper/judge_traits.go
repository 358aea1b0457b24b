package paper

import "math"

// traits are what a judgement of a line through a name rests on.
type traits struct {
	area, along, off    float64 // mm² of added ink: all, near the path, away from it
	faint               float64 // longest piece of line that is hardly there, mm
	cover, gap, longest float64 // share of the name's free columns; mm
	span                float64 // from the first to the last piece of line, share of the name's width
	reach               float64 // the same with the dark slits beyond its ends that no bare paper parts from it
	inner               float64 // cover between them
	inside, hidden      float64
	dark                float64
	offW, offH          float64 // how far ink away from the path spreads
	em                  float64 // size of the letters, mm
	edge                float64 // share of the name's columns with ink that comes from beyond the row
	band                float64 // share of the name's columns with any added ink over the letters
}

func (z *zone) traits(th *thresholds) traits {
	var f traits
	f.area = z.area(th.Strong)
	if f.area < th.NoneArea && z.area(th.FaintHit) < 0.5 {
		return f
	}
	f.em = z.em / fineScale
	t := z.run()
	left, right := max(0, z.name[0]), min(z.w-1, z.name[2])
	hit, in, dark := 0, 0, 0
	upper, lower := z.base-0.64*z.em, z.base+0.03*z.em
	// Where ink surely runs: pieces of at least two thirds of a millimetre.
	on := make([]bool, z.w)
	first, last := -1, -1
	for x, run := left, 0; x <= right+1; x++ {
		if x <= right && t.v[x] >= th.Hit {
			run++
			continue
		}
		if run >= 3 {
			for k := x - run; k < x; k++ {
				on[k] = true
			}
			if first < 0 {
				first = x - run
			}
			last = x - 1
			f.longest = max(f.longest, float64(run)/fineScale)
		}
		run = 0
	}
	if first >= 0 {
		f.span = float64(last-first+1) / float64(right-left+1)
	}
	for x := left; x <= right; x++ {
		if !on[x] {
			continue
		}
		hit++
		dark += t.v[x]
		if y := float64(t.y[x]); y >= upper && y <= lower {
			in++
		}
	}
	for x, run := left, 0; x <= right; x++ {
		if run++; t.v[x] < th.FaintHit {
			run = 0
		}
		f.faint = max(f.faint, float64(run)/fineScale)
	}
	if hit > 0 {
		f.inside, f.dark = float64(in)/float64(hit), float64(dark)/float64(hit)
	}
	// Between those pieces a line must go on wherever print leaves paper free:
	// looked at along the way from piece to piece, and straight on beyond the
	// ends.
	level := z.level(t, on, left, right)
	from, to, parted := first, last, false
	miss, inner, innerHit, gap, hid := 0, 0, 0, 0, 0
	for x := left; x <= right; x++ {
		if on[x] {
			gap = 0
			inner, innerHit = inner+1, innerHit+1
			continue
		}
		clear, inked := 0, false
		for y := max(0, level[x]-2); y <= min(z.h-1, level[x]+2); y++ {
			clear += int(z.free[y*z.w+x])
			inked = inked || z.free[y*z.w+x] == 1 && int(z.added[y*z.w+x]) >= th.Hit
		}
		if clear < 3 || inked {
			// Under print, or a slit between letters too narrow to be sure of,
			// but dark: it tells nothing, neither way, but that the line may
			// have reached so far.
			hid++
			switch {
			case first < 0 || !inked:
			case x < first && from == first:
				from = x
			case x > last && !parted:
				to = x
			}
			continue
		}
		miss++
		if x < first {
			from = first
		}
		parted = parted || x > last
		if x > first && x < last {
			inner++
			gap++
			f.gap = max(f.gap, float64(gap)/fineScale)
		}
	}
	if hit+miss > 0 {
		f.cover = float64(hit) / float64(hit+miss)
	}
	if inner > 0 {
		f.inner = float64(innerHit) / float64(inner)
	}
	if first >= 0 {
		f.reach = float64(to-from+1) / float64(right-left+1)
	}
	f.hidden = float64(hid) / float64(right-left+1)
	// Ink near the path and away from it.
	reach := int(math.Round(0.9 * fineScale))
	along, off := 0, 0
	x0, y0, x1, y1 := z.w, z.h, -1, -1
	covered, open := 0, 0
	top, bottom := int(z.base-0.7*z.em), int(z.base+0.1*z.em)
	for x := range z.w {
		any, free := false, 0
		for y := range z.h {
			if y >= top && y <= bottom {
				free += int(z.free[y*z.w+x])
			}
			if int(z.added[y*z.w+x]) < th.Strong {
				continue
			}
			if y >= top && y <= bottom {
				any = true
			}
			if d := y - t.y[x]; t.v[x] >= th.Hit && d >= -reach && d <= reach {
				along++
				continue
			}
			off++
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
		if x >= left && x <= right && (any || free > 4) {
			open++
			if any {
				covered++
			}
		}
	}
	f.along, f.off = float64(along)/(fineScale*fineScale), float64(off)/(fineScale*fineScale)
	if off > 0 {
		f.offW, f.offH = float64(x1-x0+1)/fineScale, float64(y1-y0+1)/fineScale
	}
	crossing := 0
	for x := left; x <= right; x++ {
		if z.enters(x, 0, th.Hit) || z.enters(x, max(0, z.h-3), th.Hit) {
			crossing++
		}
	}
	f.edge = float64(crossing) / float64(max(1, right-left+1))
	f.band = float64(covered) / float64(max(open, 1))
	return f
}

// enters says that ink stands at the upper or lower end of a row, from y on.
func (z *zone) enters(x, y, hit int) bool {
	sum, n := 0, 0
	for k := y; k < min(z.h, y+3); k++ {
		sum, n = sum+int(z.added[k*z.w+x]), n+1
	}
	return n > 0 && sum >= n*hit
}

// level is the height of a line at every column: the path where ink runs,
// from piece to piece between them, and the last height beyond the ends.
func (z *zone) level(t *trace, on []bool, left, right int) []int {
	out := make([]int, z.w)
	prev := -1
	for x := left; x <= right; x++ {
		if !on[x] {
			continue
		}
		out[x] = t.y[x]
		if prev < 0 {
			for k := left; k < x; k++ {
				out[k] = t.y[x]
			}
		} else {
			for k := prev + 1; k < x; k++ {
				out[k] = t.y[prev] + (t.y[x]-t.y[prev])*(k-prev)/(x-prev)
			}
		}
		prev = x
	}
	if prev < 0 {
		for k := left; k <= right; k++ {
			out[k] = int(z.base - 0.3*z.em)
		}
		return out
	}
	for k := prev + 1; k <= right; k++ {
		out[k] = t.y[prev]
	}
	return out
}
