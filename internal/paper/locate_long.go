package paper

import "math"

// longLine is a dark line from edge to edge of the sheet: a streak of a dirty
// glass, or a fold. It lies where a·x + b·y (mm on the side) is near at.
type longLine struct {
	a, b, at, half float64
	level          bool // runs across the sheet rather than down
}

// findLong looks for lines that run through the whole sheet, margins too, where
// no voter writes: down and across the sheet itself, and down and across the
// scanner. A line that is not whole is left for people.
func (l *located) findLong() {
	// The scanner's own directions on the side, from the projection near its middle.
	s := l.face.layout.Paper
	u0, v0 := l.m.at(s.W/2, s.H/2)
	u1, v1 := l.m.at(s.W/2+10, s.H/2)
	turn := math.Atan2(v1-v0, u1-u0)
	for turn > math.Pi/4 {
		turn -= math.Pi / 2
	}
	for turn < -math.Pi/4 {
		turn += math.Pi / 2
	}
	angles := []float64{0}
	if math.Abs(turn) > 0.0015 {
		angles = append(angles, turn)
	}
	for _, t := range angles {
		sn, cs := math.Sincos(t)
		l.scanLong(cs, -sn, false) // lines that run down: x·cos − y·sin is constant
		l.scanLong(sn, cs, true)   // lines that run across
	}
}

const longBin = 0.4 // mm

func (l *located) scanLong(a, b float64, level bool) {
	f := l.face
	off := int(4 * midScale)
	w, h := f.layout.Paper.W, f.layout.Paper.H
	low := min(0, a*w, b*h, a*w+b*h)
	high := max(0, a*w, b*h, a*w+b*h)
	n := int((high-low)/longBin) + 2
	// Along each line, in eighths of its length: points with free paper, and
	// with ink.
	const parts = 8
	free, ink := make([]uint16, n*parts), make([]uint16, n*parts)
	border := 3.0 // mm of the edge that a scan may lose
	// Along a line every second point is enough.
	stepX, stepY := 1, 2
	if level {
		stepX, stepY = 2, 1
	}
	const one = 1 << 20
	x0, x1 := int(border*midScale), f.mid.w-int(border*midScale)
	partOf := make([]int32, f.mid.w)
	for x := range partOf {
		partOf[x] = int32(x * parts / f.mid.w)
	}
	step := int(a / midScale / longBin * one)
	for y := int(border * midScale); y < f.mid.h-int(border*midScale); y += stepY {
		row := l.mid.pix[(y+off)*l.mid.w+off:][:f.mid.w]
		pr := f.printed.pix[y*f.mid.w:][:f.mid.w]
		my := (float64(y) + 0.5) / midScale
		bin := int(((b*my-low)/longBin+a*0.5/midScale/longBin)*one) + x0*step
		py := int32(y * parts / f.mid.h)
		for x := x0; x < x1; x += stepX {
			if pr[x] < 16 {
				part := py
				if level {
					part = partOf[x]
				}
				i := bin>>20*parts + int(part)
				free[i]++
				if row[x] > 24 {
					ink[i]++
				}
			}
			bin += step * stepX
		}
	}
	for i := range n {
		whole, full, thin := 0, 0, 0
		for k := range parts {
			fr, in := int(free[i*parts+k]), int(ink[i*parts+k])
			if i+1 < n { // a line may lie between two bins
				if fr2, in2 := int(free[(i+1)*parts+k]), int(ink[(i+1)*parts+k]); in2*fr > in*fr2 {
					fr, in = fr2, in2
				}
			}
			if fr < 4 {
				continue
			}
			full++
			if in*100 >= fr*40 {
				whole++
			}
			if in*100 >= fr*25 {
				thin++
			}
		}
		if full < 5 || whole*8 < full*6 || thin < full {
			continue
		}
		at := low + (float64(i)+1)*longBin
		if k := len(l.long) - 1; k >= 0 && l.long[k].a == a && l.long[k].b == b && at-l.long[k].at-l.long[k].half < 1.2 {
			c := &l.long[k]
			from := c.at - c.half
			to := at + longBin*1.5
			c.at, c.half = (from+to)/2, (to-from)/2
			continue
		}
		l.long = append(l.long, longLine{a, b, at, longBin * 1.5, level})
	}
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

// maskLong takes the lines out of a zone: what lies under them is not known.
func (l *located) maskLong(z *zone) {
	for i := range l.long {
		g := &l.long[i]
		for y := range z.h {
			my := (float64(z.y0+y) + 0.5) / fineScale
			for x := range z.w {
				mx := (float64(z.x0+x) + 0.5) / fineScale
				if math.Abs(g.a*mx+g.b*my-g.at) < g.half {
					z.added[y*z.w+x], z.free[y*z.w+x] = 0, 0
				}
			}
		}
	}
}

// crossed says that such a line runs across through the letters of the zone's
// name, where it could hide a voter's line or pass for one.
func (l *located) crossed(z *zone) bool {
	for i := range l.long {
		g := &l.long[i]
		if !g.level {
			continue
		}
		for _, x := range []int{z.name[0], (z.name[0] + z.name[2]) / 2, z.name[2]} {
			mx := (float64(z.x0+x) + 0.5) / fineScale
			y := (g.at - g.a*mx) / g.b // mm
			if yz := y*fineScale - float64(z.y0); yz > z.base-0.75*z.em && yz < z.base+0.25*z.em {
				return true
			}
		}
	}
	return false
}
