package paper

import (
	"math"
	"slices"
)

// What the lines of locate_long.go hide, and what is taken off a zone for them.

// streaked says that streaks hide so much of the names that a line through one
// could be lost among them.
func (l *located) streaked(th *thresholds) bool {
	f := l.face
	left, right := f.layout.Paper.W, 0.0
	for _, i := range f.rows {
		b := f.layout.Candidates[i].NameBox
		left, right = min(left, b.X()), max(right, b.Right())
	}
	wide := 0.0
	var at []float64
	for i := range l.long {
		g := &l.long[i]
		x := (g.at - g.b*f.layout.Paper.H/2) / g.a
		if g.level || math.Abs(g.a) < 0.5 || x < left || x > right {
			continue
		}
		// The same streak is often found twice, in two directions.
		if slices.ContainsFunc(at, func(o float64) bool { return math.Abs(o-x) < 4 }) {
			continue
		}
		at = append(at, x)
		wide += 2 * g.half
	}
	return len(at) >= th.MostStreaks || wide > th.WidestStreaks
}

// onLong says that a place lies on such a line.
func (l *located) onLong(x, y float64) bool {
	for i := range l.long {
		if g := &l.long[i]; math.Abs(g.a*x+g.b*y-g.at) < g.half+0.3 {
			return true
		}
	}
	return false
}

// profileReach is how far from its middle a line's darkness is measured, mm.
const (
	profileReach  = 1.75
	profilePoints = 21
)

// profile measures how dark the lines across are where nobody writes: beside
// the names of the rows they run through, over the whole width of the sheet.
// What is darker than that on a name is not the line's own.
func (p *picture) profile(l *located, black float64) {
	n := profilePoints
	f := l.face
	for i := range l.long {
		g := &l.long[i]
		if !g.level || math.Abs(g.a) > 0.2 {
			continue
		}
		hist := make([][256]uint16, n)
		count := make([]int, n)
		for x := 4.0; x < f.layout.Paper.W-4; x += 0.6 {
			y := (g.at - g.a*x) / g.b
			if f.voted(x, y) {
				continue
			}
			for d := range n {
				if ink, ok := p.inkAt(l, x, y+(float64(d)-float64(n/2))/fineScale/g.b, black); ok {
					hist[d][ink]++
					count[d]++
				}
			}
		}
		if slices.Min(count) < 12 {
			continue
		}
		dark := make([]uint8, n)
		known := true
		for d := range dark {
			low, high, top := quantile(&hist[d], count[d]*2/10), quantile(&hist[d], count[d]*8/10), quantile(&hist[d], count[d]*95/100)
			dark[d] = uint8(min(255, high+6))
			known = known && high <= 130 && top-low <= 70
		}
		if known {
			g.dark = dark
		}
		g.usual = make([]float64, n)
		for d := range g.usual {
			sum := 0
			for ink, k := range hist[d] {
				sum += ink * int(k)
			}
			g.usual[d] = float64(sum) / float64(count[d])
		}
	}
	// The same line may have been found twice, in two directions that differ by
	// little: the one that is known is the true one.
	all := slices.Clone(l.long)
	l.long = slices.DeleteFunc(l.long, func(g longLine) bool {
		return g.level && g.dark == nil && slices.ContainsFunc(all, func(o longLine) bool {
			return o.dark != nil && g.near(&o, 0) && g.near(&o, f.layout.Paper.W/2) && g.near(&o, f.layout.Paper.W)
		})
	})
}

// inkAt is the ink of the picture at a place of the side, in mm and in 1/255 of
// print; ok is false where print lies or beyond the picture.
func (p *picture) inkAt(l *located, x, y, black float64) (ink int, ok bool) {
	f := l.face
	fx, fy := int(x*fineScale), int(y*fineScale)
	if fx < 0 || fy < 0 || fx >= f.spread.w || fy >= f.spread.h || f.spread.pix[fy*f.spread.w+fx] > 8 {
		return 0, false
	}
	u, v := l.m.at(x, y)
	if u < 1 || v < 1 || u >= float64(p.full.w-2) || v >= float64(p.full.h-2) {
		return 0, false
	}
	paper := max(float64(p.light.at(u/float64(p.f), v/float64(p.f))), 16)
	light := float64(p.full.between(int((u-0.5)*65536), int((v-0.5)*65536)))
	return int(min(max((paper-light)*255*255/paper/black, 0), 255)), true
}

// more is by how much a line across is darker along a name, from x0 to x1 in mm,
// than where nobody votes: the most of its width's rows, three together, in the
// mean of what print leaves free. Too little is free: as much as a pen.
func (p *picture) more(l *located, g *longLine, x0, x1, black float64, th *thresholds) float64 {
	n := len(g.usual)
	sum, count := make([]float64, n), make([]int, n)
	for x := x0; x < x1; x += 0.2 {
		y := (g.at - g.a*x) / g.b
		for d := range n {
			if ink, ok := p.inkAt(l, x, y+(float64(d)-float64(n/2))/fineScale/g.b, black); ok {
				sum[d] += float64(ink) - g.usual[d]
				count[d]++
			}
		}
	}
	most := 0.0
	for d := 0; d+3 <= n; d++ {
		if int(g.dark[d+1]) < th.FoldBody {
			continue // beside the fold a pen is seen like anywhere
		}
		k := count[d] + count[d+1] + count[d+2]
		if k < 10 {
			return 255
		}
		most = max(most, (sum[d]+sum[d+1]+sum[d+2])/float64(k))
	}
	return most
}

// along says that a line across is darker than where nobody votes by as much as
// a pen straight along it, for most of its way from x0 to x1 in mm.
func (p *picture) along(l *located, g *longLine, x0, x1, black float64, th *thresholds) bool {
	n := len(g.usual)
	over, looked := make([]int, n-2), 0
	ink, free := make([]float64, n), make([]bool, n)
	for x := x0; x < x1; x += 0.2 {
		y := (g.at - g.a*x) / g.b
		for d := range n {
			v, ok := p.inkAt(l, x, y+(float64(d)-float64(n/2))/fineScale/g.b, black)
			ink[d], free[d] = float64(v)-g.usual[d], ok
		}
		looked++
		for d := range over {
			if g.usual[d+1] >= float64(th.FoldBody) && free[d] && free[d+1] && free[d+2] && ink[d]+ink[d+1]+ink[d+2] > 3*th.OverFold {
				over[d]++
			}
		}
	}
	return slices.Max(over)*2 > looked
}

// near says that two lines across lie close to each other at x.
func (g *longLine) near(o *longLine, x float64) bool {
	return g.level && o.level && math.Abs((g.at-g.a*x)/g.b-(o.at-o.a*x)/o.b) < profileReach
}

func quantile(h *[256]uint16, n int) int {
	for v, k := range h {
		if n -= int(k); n < 0 {
			return v
		}
	}
	return 255
}

// voted says that a voter may write at a place: on or near a name, or in a box.
func (f *likeness) voted(x, y float64) bool {
	const near = 6
	for _, i := range f.rows {
		c := &f.layout.Candidates[i]
		if b := c.RowBox; y < b.Y()-1 || y > b.Bottom()+1 || x < b.X()-near || x > b.Right()+near {
			continue
		}
		for _, b := range []*Box{&c.NameBox, c.AgreeBox, c.DisagreeBox} {
			if b != nil && x > b.X()-near && x < b.Right()+near {
				return true
			}
		}
	}
	return false
}

// maskLong takes the lines out of a zone. Where it is known how dark a line is,
// what is darker stays; what lies under another is not known.
func (l *located) maskLong(z *zone) {
	for i := range l.long {
		g := &l.long[i]
		for y := range z.h {
			my := (float64(z.y0+y) + 0.5) / fineScale
			for x := range z.w {
				d := g.a*(float64(z.x0+x)+0.5)/fineScale + g.b*my - g.at
				k := y*z.w + x
				switch {
				case g.dark != nil && math.Abs(d) < profileReach:
					at := int(math.Round(d*fineScale)) + len(g.dark)/2
					most := uint8(0)
					for _, v := range g.dark[max(0, at-2):min(len(g.dark), at+3)] {
						most = max(most, v)
					}
					z.added[k] -= min(z.added[k], most)
				case g.dark == nil && math.Abs(d) < g.half:
					z.added[k], z.free[k] = 0, 0
				}
			}
		}
	}
}

// crossed says that a line runs across through the letters of the zone's name,
// where it could hide a voter's line or pass for one: of unknown darkness, or,
// where the name seems clear, one that is darker along the name than elsewhere,
// for a pencil straight along it is taken away with it. So is a line over or under
// a name that seems clear, straight along one that runs there.
func (p *picture) crossed(l *located, z *zone, clear bool, black float64, th *thresholds) bool {
	at := func(x int) float64 { return (float64(z.x0+x) + 0.5) / fineScale }
	for i := range l.long {
		g := &l.long[i]
		if !g.level || g.dark != nil && !clear {
			continue
		}
		through, beside := false, false
		for _, x := range []int{z.name[0], (z.name[0] + z.name[2]) / 2, z.name[2]} {
			y := ((g.at-g.a*at(x))/g.b*fineScale - float64(z.y0) - z.base) / z.em // in em under the line the letters stand on
			through = through || y > -0.75 && y < 0.25
			beside = beside || y > -1.3 && y < 0.8
		}
		switch {
		case through && g.dark == nil:
			return true
		case clear && through && p.more(l, g, at(z.name[0]), at(z.name[2]), black, th) > th.OverFold:
			return true
		case clear && beside && g.usual != nil && p.along(l, g, at(z.name[0]), at(z.name[2]), black, th):
			return true
		}
	}
	return false
}
