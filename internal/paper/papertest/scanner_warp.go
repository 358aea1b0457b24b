package papertest

import (
	"encoding/binary"
	"image"
	"math"
)

func (d *Defects) moves() bool {
	return d.Rotate != 0 || d.UpsideDown || d.ShiftX != 0 || d.ShiftY != 0 || d.Shear != 0 || d.StretchX != 0 || d.StretchY != 0 || d.Margin != 0 || d.Corners != [4][2]float64{}
}

// place is where a point of the sheet (0 to 1 across and down) comes to lie in
// the picture, in pixels.
func (d *Defects) place(u, v, w, h, k float64) (x, y float64) {
	c := &d.Corners
	px := (1-u)*(1-v)*c[0][0] + u*(1-v)*c[1][0] + u*v*c[2][0] + (1-u)*v*c[3][0]
	py := (1-u)*(1-v)*c[0][1] + u*(1-v)*c[1][1] + u*v*c[2][1] + (1-u)*v*c[3][1]
	x, y = (u-0.5)*w*(1+d.StretchX)+px*k, (v-0.5)*h*(1+d.StretchY)+py*k
	x += y * d.Shear
	if d.UpsideDown {
		x, y = -x, -y
	}
	s, co := math.Sincos(d.Rotate * math.Pi / 180)
	x, y = x*co-y*s, x*s+y*co
	return x + w/2 + (d.ShiftX+d.Margin)*k, y + h/2 + (d.ShiftY+d.Margin)*k
}

// warp turns, shifts, stretches and tilts the sheet: the projective map of its
// four corners, sampled between pixels.
func (d *Defects) warp(src *image.Gray, k float64) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w+int(2*d.Margin*k), h+int(2*d.Margin*k)))
	var to [4][2]float64
	for i, c := range [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		to[i][0], to[i][1] = d.place(c[0], c[1], float64(w), float64(h), k)
	}
	m := projective(to, [4][2]float64{{0, 0}, {float64(w), 0}, {float64(w), float64(h)}, {0, float64(h)}})
	bed := float64(d.Bed)
	blank := blanksOf(src)
	for y := range out.Rect.Dy() {
		row := out.Pix[y*out.Stride : y*out.Stride+out.Rect.Dx()]
		fy := float64(y) + 0.5
		ux, uy, uw := m[1]*fy+m[2], m[4]*fy+m[5], m[7]*fy+1
		white := -1 // up to here all that is asked for is bare paper
		for x := range row {
			if x&(blankRun-1) == 0 && x+blankRun <= len(row) {
				f0, f1 := float64(x)+0.5, float64(x+blankRun)-0.5
				q0, q1 := 1/(m[6]*f0+uw), 1/(m[6]*f1+uw)
				if blank.between((m[0]*f0+ux)*q0, (m[3]*f0+uy)*q0, (m[0]*f1+ux)*q1, (m[3]*f1+uy)*q1) {
					white = x + blankRun
				}
			}
			if x < white {
				row[x] = 255
				continue
			}
			fx := float64(x) + 0.5
			q := 1 / (m[6]*fx + uw)
			sx, sy := (m[0]*fx+ux)*q-0.5, (m[3]*fx+uy)*q-0.5
			if !(sx > -1 && sy > -1 && sx < float64(w) && sy < float64(h)) {
				row[x] = d.Bed
				continue
			}
			ix, iy := int(sx+1)-1, int(sy+1)-1
			ax, ay := sx-float64(ix), sy-float64(iy)
			if ix >= 0 && iy >= 0 && ix+1 < w && iy+1 < h {
				o := iy*src.Stride + ix
				q, r := src.Pix[o:o+2:o+2], src.Pix[o+src.Stride:o+src.Stride+2:o+src.Stride+2]
				if q[0] == q[1] && q[0] == r[0] && q[0] == r[1] { // bare paper, mostly
					row[x] = q[0]
					continue
				}
				a, b, c, e := float64(q[0]), float64(q[1]), float64(r[0]), float64(r[1])
				row[x] = uint8(a + (b-a)*ax + (c-a)*ay + (a-b-c+e)*ax*ay + 0.5)
				continue
			}
			at := func(x, y int) float64 {
				if x < 0 || y < 0 || x >= w || y >= h {
					return bed
				}
				return float64(src.Pix[y*src.Stride+x])
			}
			row[x] = uint8((at(ix, iy)*(1-ax)+at(ix+1, iy)*ax)*(1-ay) + (at(ix, iy+1)*(1-ax)+at(ix+1, iy+1)*ax)*ay + 0.5)
		}
	}
	return out
}

// blankRun is how many points of a row are looked at together.
const blankRun = 16

// blanks says of every 8 × 8 points of a picture whether all are white.
type blanks struct {
	w, h int
	all  []bool
}

func blanksOf(p *image.Gray) *blanks {
	b := &blanks{w: p.Rect.Dx() / 8, h: p.Rect.Dy() / 8}
	b.all = make([]bool, b.w*b.h)
	for i := range b.all {
		at, and := i/b.w*8*p.Stride+i%b.w*8, uint64(white)
		for y := range 8 {
			and &= binary.LittleEndian.Uint64(p.Pix[at+y*p.Stride:])
		}
		b.all[i] = and == white
	}
	return b
}

// between says that around the straight way from one place to another there is
// nothing but white, within the picture.
func (b *blanks) between(x0, y0, x1, y1 float64) bool {
	if x0 > x1 {
		x0, x1 = x1, x0
	}
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	if !(x0 >= 3 && y0 >= 3 && x1 < float64(8*b.w)-3 && y1 < float64(8*b.h)-3) {
		return false
	}
	for y := int(y0-2) / 8; y <= int(y1+2)/8; y++ {
		for x := int(x0-2) / 8; x <= int(x1+2)/8; x++ {
			if !b.all[y*b.w+x] {
				return false
			}
		}
	}
	return true
}

// projective is the map that takes four points to four others: eight numbers,
// the ninth is 1.
func projective(from, to [4][2]float64) [8]float64 {
	var a [8][9]float64
	for i := range 4 {
		x, y, u, v := from[i][0], from[i][1], to[i][0], to[i][1]
		a[2*i] = [9]float64{x, y, 1, 0, 0, 0, -u * x, -u * y, u}
		a[2*i+1] = [9]float64{0, 0, 0, x, y, 1, -v * x, -v * y, v}
	}
	for c := range 8 {
		p := c
		for r := c + 1; r < 8; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		for r := range 8 {
			if r == c || a[c][c] == 0 {
				continue
			}
			f := a[r][c] / a[c][c]
			for j := c; j < 9; j++ {
				a[r][j] -= f * a[c][j]
			}
		}
	}
	var m [8]float64
	for i := range 8 {
		m[i] = a[i][8] / a[i][i]
	}
	return m
}
