package paper

import (
	"math"
	"slices"
)

// paperEdge finds the four corners of the paper on the small picture when the
// ground around it is darker: a phone photo, a scan over a dark lid. Corners
// come clockwise from the top left of the picture.
func (p *picture) paperEdge() ([4][2]float64, bool) {
	w, h := p.small.w, p.small.h
	seen := 0
	var lines [4]edgeLine // left, top, right, bottom
	for side := range 4 {
		n, depth := h, w
		if side%2 == 1 {
			n, depth = w, h
		}
		value := func(i, d int) float64 { // point i along the side, d deep
			x, y := d, i
			if side%2 == 1 {
				x, y = i, d
			}
			if side == 2 {
				x = w - 1 - d
			}
			if side == 3 {
				y = h - 1 - d
			}
			return float64(p.small.pix[y*w+x])
		}
		var pts [][2]float64 // along, deep
		dark := 0
		step := max(2, n/120)
		lines1 := 0
		for i := step; i < n-step; i += step {
			lines1++
			// The first place where it gets and stays much brighter than outside.
			out := (value(i, 0) + value(i, 1) + value(i, 2)) / 3
			if out < p.white*0.72 {
				dark++
			}
			for d := 3; d < depth*45/100; d++ {
				v := value(i, d)
				if v > out+0.5*(p.white*0.95-out) && v > p.white*0.5 && p.white-out > 30 {
					if value(i, min(depth-1, d+3)) > p.white*0.6 && value(i, min(depth-1, d+6)) > p.white*0.6 {
						pts = append(pts, [2]float64{float64(i), float64(d)})
						break
					}
				}
			}
		}
		if dark*2 < lines1 || len(pts) < 12 { // bright up to the frame: the frame is the edge
			lines[side] = edgeLine{0, 0}
			continue
		}
		l, ok := robustLine(pts)
		if !ok {
			return [4][2]float64{}, false
		}
		lines[side] = l
		seen++
	}
	if seen < 2 {
		return [4][2]float64{}, false
	}
	// left: x = a + b·y; top: y = a + b·x; right: x = w−(a + b·y); bottom: y = h−(a + b·x)
	cross := func(v, hz edgeLine, right, bottom bool) [2]float64 {
		va, vb, ha, hb := v.a, v.b, hz.a, hz.b
		if right {
			va, vb = float64(w)-va, -vb
		}
		if bottom {
			ha, hb = float64(h)-ha, -hb
		}
		y := (ha + hb*va) / (1 - hb*vb)
		return [2]float64{va + vb*y, y}
	}
	return [4][2]float64{
		cross(lines[0], lines[1], false, false), cross(lines[2], lines[1], true, false),
		cross(lines[2], lines[3], true, true), cross(lines[0], lines[3], false, true),
	}, true
}

type edgeLine struct{ a, b float64 } // deep = a + b·along

// robustLine is the line that most points agree with.
func robustLine(pts [][2]float64) (edgeLine, bool) {
	var best edgeLine
	most := 0
	for i := 0; i < len(pts); i += max(1, len(pts)/24) {
		for j := i + len(pts)/3; j < len(pts); j += max(1, len(pts)/24) {
			b := (pts[j][1] - pts[i][1]) / (pts[j][0] - pts[i][0])
			l := edgeLine{pts[i][1] - b*pts[i][0], b}
			n := 0
			for _, q := range pts {
				if math.Abs(q[1]-l.a-l.b*q[0]) < 2 {
					n++
				}
			}
			if n > most {
				most, best = n, l
			}
		}
	}
	if most*2 < len(pts) || math.Abs(best.b) > 0.7 {
		return best, false
	}
	for range 2 {
		var n, sx, sy, sxx, sxy float64
		for _, q := range pts {
			if math.Abs(q[1]-best.a-best.b*q[0]) < 2 {
				n, sx, sy, sxx, sxy = n+1, sx+q[0], sy+q[1], sxx+q[0]*q[0], sxy+q[0]*q[1]
			}
		}
		if d := n*sxx - sx*sx; d > 0 {
			best.b = (n*sxy - sx*sy) / d
			best.a = (sy - best.b*sx) / n
		}
	}
	return best, true
}

// quads are the projections of a sheet onto four corners, upright and on its
// side.
func quads(q [4][2]float64, s Sheet) []projection {
	dist := func(a, b [2]float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
	across := (dist(q[0], q[1]) + dist(q[2], q[3])) / 2
	down := (dist(q[1], q[2]) + dist(q[3], q[0])) / 2
	var out []projection
	for turn := range 2 {
		if r := down / across; turn == 0 && r < 0.95 || turn == 1 && r > 1.05 {
			continue
		}
		c := slices.Clone(q[:])
		if turn == 1 { // the sheet's top left lies at the picture's top right
			c = append(c[1:], c[0])
		}
		ps := []pair{
			{0, 0, c[0][0], c[0][1], 1}, {s.W, 0, c[1][0], c[1][1], 1},
			{s.W, s.H, c[2][0], c[2][1], 1}, {0, s.H, c[3][0], c[3][1], 1},
		}
		if m, ok := fitProjection(ps, true); ok {
			out = append(out, m)
		}
	}
	return out
}
