package paper

import "math"

// pair says that a place on the side was seen at a place on the picture.
type pair struct {
	x, y   float64 // side
	u, v   float64 // picture
	weight float64
}

// fitProjection is the projection closest to the pairs, by least squares; ok is
// false when they do not settle one.
func fitProjection(ps []pair, perspective bool) (projection, bool) {
	n := 6
	if perspective {
		n = 8
	}
	var total, cx, cy, cu, cv float64
	for _, p := range ps {
		total += p.weight
		cx, cy, cu, cv = cx+p.weight*p.x, cy+p.weight*p.y, cu+p.weight*p.u, cv+p.weight*p.v
	}
	if total <= 0 {
		return projection{}, false
	}
	cx, cy, cu, cv = cx/total, cy/total, cu/total, cv/total
	var s, t float64
	for _, p := range ps {
		s += p.weight * math.Hypot(p.x-cx, p.y-cy)
		t += p.weight * math.Hypot(p.u-cu, p.v-cv)
	}
	if s <= 0 || t <= 0 {
		return projection{}, false
	}
	s, t = s/total, t/total
	var a [8][9]float64
	add := func(row [8]float64, rhs, w float64) {
		for i := range n {
			if row[i] == 0 {
				continue
			}
			for j := range n {
				a[i][j] += w * row[i] * row[j]
			}
			a[i][8] += w * row[i] * rhs
		}
	}
	for _, p := range ps {
		if p.weight <= 0 {
			continue
		}
		x, y, u, v := (p.x-cx)/s, (p.y-cy)/s, (p.u-cu)/t, (p.v-cv)/t
		add([8]float64{x, y, 1, 0, 0, 0, -u * x, -u * y}, u, p.weight)
		add([8]float64{0, 0, 0, x, y, 1, -v * x, -v * y}, v, p.weight)
	}
	for i := range n { // elimination with the largest pivot
		best := i
		for j := i + 1; j < n; j++ {
			if math.Abs(a[j][i]) > math.Abs(a[best][i]) {
				best = j
			}
		}
		if math.Abs(a[best][i]) < 1e-9*total {
			return projection{}, false
		}
		a[i], a[best] = a[best], a[i]
		for j := range n {
			if j == i {
				continue
			}
			f := a[j][i] / a[i][i]
			for k := i; k < 9; k++ {
				a[j][k] -= f * a[i][k]
			}
		}
	}
	var h [8]float64
	for i := range n {
		h[i] = a[i][8] / a[i][i]
	}
	inner := projection{h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], 1}
	to := projection{1 / s, 0, -cx / s, 0, 1 / s, -cy / s, 0, 0, 1}
	back := projection{t, 0, cu, 0, t, cv, 0, 0, 1}
	m := back.after(inner).after(to)
	if math.IsNaN(m[8]) || math.Abs(m[8]) < 1e-12 {
		return projection{}, false
	}
	for i := range m {
		if i != 8 {
			m[i] /= m[8]
		}
	}
	m[8] = 1
	return m, true
}

// fitRobust fits while pairs that disagree lose their weight: no pair is
// believed alone. It returns how far each pair stays away, in picture points.
func fitRobust(ps []pair, perspective bool, reach float64) (projection, []float64, bool) {
	work := append([]pair(nil), ps...)
	far := make([]float64, len(ps))
	m, ok := fitProjection(work, false)
	if !ok {
		return m, nil, false
	}
	for round := range 8 {
		var sorted []float64
		for i, p := range ps {
			u, v := m.at(p.x, p.y)
			far[i] = math.Hypot(u-p.u, v-p.v)
			sorted = append(sorted, far[i])
		}
		scale := max(reach, 3*median(sorted))
		n := 0
		for i := range work {
			w := far[i] / scale
			work[i].weight = 0
			if w < 1 {
				work[i].weight = ps[i].weight * (1 - w*w) * (1 - w*w)
				n++
			}
		}
		if n < 6 {
			return m, far, false
		}
		next, ok := fitProjection(work, perspective && round >= 2 && n >= 10)
		if !ok {
			return m, far, false
		}
		m = next
	}
	for i, p := range ps {
		u, v := m.at(p.x, p.y)
		far[i] = math.Hypot(u-p.u, v-p.v)
	}
	return m, far, true
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	w := append([]float64(nil), v...)
	k := len(w) / 2
	for lo, hi := 0, len(w)-1; lo < hi; { // quickselect
		p, i, j := w[(lo+hi)/2], lo, hi
		for i <= j {
			for w[i] < p {
				i++
			}
			for w[j] > p {
				j--
			}
			if i <= j {
				w[i], w[j] = w[j], w[i]
				i, j = i+1, j-1
			}
		}
		if k <= j {
			hi = j
		} else if k >= i {
			lo = i
		} else {
			break
		}
	}
	return w[k]
}
