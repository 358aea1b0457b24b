package paper

import "math"

// longLine is a dark line from edge to edge of the sheet: a streak of a dirty
// glass, or a fold. It lies where a·x + b·y (mm on the side) is near at.
type longLine struct {
	a, b, at, half float64
	level          bool // runs across the sheet rather than down
	// dark is how dark it is at most of its length, by distance (see
	// profile), in 1/255 of print; nil when it is too dark or too uneven for
	// a pen under it to be seen.
	dark []uint8
	// usual is its mean darkness by distance where nobody votes; nil where too little
	// of that is free of print.
	usual []float64
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
	// Along each line, in parts: points with free paper (upper half of a word),
	// and their ink (lower half). The first and the last part are the margins
	// beyond all print.
	sum := make([]uint64, n*parts)
	border := 3.0 // mm of the edge that a scan may lose
	// Along a line every second point is enough.
	stepX, stepY := 1, 2
	if level {
		stepX, stepY = 2, 1
	}
	const one = 1 << 20
	x0, x1 := int(border*midScale), f.mid.w-int(border*midScale)
	acrossOf, downOf := partsOf(f.mid.w, f.extent[0], f.extent[2]), partsOf(f.mid.h, f.extent[1], f.extent[3])
	step := int(a / midScale / longBin * one)
	for y := int(border * midScale); y < f.mid.h-int(border*midScale); y += stepY {
		row := l.mid.pix[(y+off)*l.mid.w+off:][:f.mid.w]
		pr := f.printed.pix[y*f.mid.w:][:f.mid.w]
		my := (float64(y) + 0.5) / midScale
		bin := int(((b*my-low)/longBin+a*0.5/midScale/longBin)*one) + x0*step
		if level {
			tallyAcross(sum, row[:x1], pr[:x1], acrossOf, x0, bin, step*stepX)
		} else {
			tallyDown(sum[downOf[y]:], row[x0:x1], pr[x0:x1], bin, step)
		}
	}
	for i := range n {
		if !lineAt(sum, i, n) {
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
		l.long = append(l.long, longLine{a: a, b: b, at: at, half: longBin * 1.5, level: level})
	}
}

// A pen that crosses a line does not make one: a point counts for so much ink at
// most.
const mostInk = 64

// tallyDown adds the free points of a row to the lines that run down through it.
func tallyDown(sum []uint64, row, print []uint8, bin, step int) {
	print = print[:len(row)]
	for x, v := range row {
		if print[x] < 16 {
			sum[bin>>20*parts] += 1<<32 + uint64(min(v, mostInk))
		}
		bin += step
	}
}

// tallyAcross adds every second free point of a row to the lines that run across
// near it.
func tallyAcross(sum []uint64, row, print, part []uint8, x0, bin, step int) {
	print, part = print[:len(row)], part[:len(row)]
	for x := x0; x < len(row); x += 2 {
		if print[x] < 16 {
			sum[bin>>20*parts+int(part[x])] += 1<<32 + uint64(min(row[x], mostInk))
		}
		bin += step
	}
}

// parts of a line that are looked at each alone.
const parts = 8

// partsOf says of each of n points which part it lies in: 0 and the last are
// the margins before and after what is printed (in mm).
func partsOf(n int, from, to float64) []uint8 {
	out := make([]uint8, n)
	a, b := int(from*midScale)-2, int(to*midScale)+2
	for i := range out {
		switch {
		case i < a:
		case i >= b:
			out[i] = parts - 1
		default:
			out[i] = uint8(1 + (i-a)*(parts-2)/max(1, b-a))
		}
	}
	return out
}

// lineAt says that bin i or the next (a line may lie between two, or lean from
// one to the other) is darker than the paper two and three millimetres to either
// side, in every part of the sheet.
func lineAt(sum []uint64, i, n int) bool {
	free := func(i int) float64 { return float64(sum[i] >> 32) }
	ink := func(i int) float64 { return float64(uint32(sum[i])) }
	const far, wide = 6, 3
	if i < far+wide || i+far+wide >= n {
		return false
	}
	full, strong := 0, 0
	for k := range parts {
		fr := free(i*parts + k)
		if fr < 4 {
			continue
		}
		var bf, bi float64
		for d := far; d < far+wide; d++ {
			bf += free((i-d)*parts+k) + free((i+d)*parts+k)
			bi += ink((i-d)*parts+k) + ink((i+d)*parts+k)
		}
		if bf < 8 {
			continue
		}
		full++
		over := ink(i*parts+k)/fr - bi/bf
		if fr := free((i+1)*parts + k); fr >= 4 {
			over = max(over, ink((i+1)*parts+k)/fr-bi/bf)
		}
		switch {
		case over >= 4:
			strong++
		case over < 2 || k == 0 || k == parts-1:
			return false
		}
	}
	return full >= parts-2 && strong*4 >= full*3
}
