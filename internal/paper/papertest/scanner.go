package papertest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"minhbach/internal/paper"
)

// Defects are what scanner or phone do to one side. The zero value is a
// perfect scan.
type Defects struct {
	Rotate         float64       // degrees
	UpsideDown     bool          // turned by half a turn
	ShiftX, ShiftY float64       // millimetres
	Shear          float64       // millimetres a metre of height leans by, over 1000
	StretchX       float64       // 0.01 is one in a hundred wider
	StretchY       float64       //
	Corners        [4][2]float64 // millimetres each corner is away from its place: perspective
	Margin         float64       // millimetres of background around the sheet (phone)
	Bed            uint8         // grey beyond the sheet
	Paper          float64       // how bright paper is, 0 to 1; 0 means 1
	Fade           float64       // how much ink pales, 0 to 1
	Gamma          float64       // 0 means 1
	Noise          float64       // standard deviation, of 255
	Blur           float64       // pixels
	Shadow         float64       // how dark the darkest corner is, 0 to 1
	ShadowTurn     float64       // where it lies, radians
	Bleed          float64       // how much of the back shines through, 0 to 1
	Streaks        []Streak      // along the way of the paper
	Folds          []Fold        // across
	Bitonal        bool          // one bit a pixel
	Threshold      uint8         // of bitonal; 0 means 128
	JPEG           int           // quality; 0: not compressed
}

// Streak is a line of dirt on the glass: a grey column.
type Streak struct {
	X, Width float64 // millimetres
	Grey     uint8
}

// Fold is a crease: a dark and a light line side by side.
type Fold struct {
	Y, Width float64 // millimetres
	Dark     float64 // 0 to 1
	Up       bool    // runs upright instead of across
}

// Scanner draws the defects of one scan.
type Scanner func(r *rand.Rand, l *paper.Layout) Defects

// Perfect changes nothing.
func Perfect(*rand.Rand, *paper.Layout) Defects { return Defects{Bed: 255} }

// Office is a scanner with a feeder: a little skew, shift and noise; some
// sheets upside down, some bitonal, some JPEG.
func Office(r *rand.Rand, _ *paper.Layout) Defects {
	d := Defects{Bed: 255, Rotate: clamp(r.NormFloat64()*0.6, 2.5), ShiftX: clamp(r.NormFloat64()*1.2, 4), ShiftY: clamp(r.NormFloat64()*1.2, 4),
		StretchX: clamp(r.NormFloat64()*0.0015, 0.004), StretchY: clamp(r.NormFloat64()*0.0025, 0.007), Shear: clamp(r.NormFloat64()*0.0008, 0.002),
		UpsideDown: r.IntN(6) == 0, Paper: between(r, 0.93, 1), Gamma: between(r, 0.85, 1.2), Noise: between(r, 0.5, 4), Blur: between(r, 0.2, 0.8)}
	switch r.IntN(6) {
	case 0:
		d.Bitonal, d.Threshold = true, uint8(between(r, 140, 185))
	case 1, 2:
		d.JPEG = 60 + r.IntN(36)
	}
	return d
}

// Feeder is an office scanner that has seen better days: skew to five degrees,
// streaks, folds, bleed-through, pale or dark.
func Feeder(r *rand.Rand, l *paper.Layout) Defects {
	d := Office(r, l)
	d.Rotate, d.Noise = between(r, -5, 5), between(r, 3, 9)
	d.ShiftX, d.ShiftY = between(r, -5, 5), between(r, -5, 5)
	d.Bleed, d.Fade = between(r, 0, 0.18), between(r, 0, 0.2)
	if r.IntN(2) == 0 {
		d.Streaks = append(d.Streaks, Streak{between(r, 5, l.Paper.W-5), between(r, 0.1, 0.5), uint8(between(r, 60, 200))})
	}
	if r.IntN(2) == 0 {
		d.Folds = append(d.Folds, Fold{Y: between(r, 0.3, 0.7) * l.Paper.H, Width: between(r, 0.3, 0.9), Dark: between(r, 0.1, 0.4)})
	}
	return d
}

// Phone is a photograph from above by a person in a lit room: perspective,
// shadow, blur, JPEG, and the table around the sheet.
func Phone(r *rand.Rand, l *paper.Layout) Defects {
	d := Defects{Bed: uint8(between(r, 30, 120)), Margin: between(r, 5, 18), Rotate: clamp(r.NormFloat64()*1.5, 4), UpsideDown: r.IntN(12) == 0,
		Paper: between(r, 0.78, 0.95), Gamma: between(r, 0.85, 1.25), Noise: between(r, 2, 7), Blur: between(r, 0.4, 1.1),
		Shadow: between(r, 0, 0.4), ShadowTurn: between(r, 0, 2*math.Pi), JPEG: 70 + r.IntN(26)}
	for i := range d.Corners {
		d.Corners[i] = [2]float64{clamp(r.NormFloat64()*2.5, 6) * l.Paper.W / 210, clamp(r.NormFloat64()*2.5, 6) * l.Paper.H / 297}
	}
	return d
}

func clamp(v, most float64) float64 { return math.Max(-most, math.Min(most, v)) }

// Apply scans one side; back is its other side when that shines through.
func (d Defects) Apply(r *rand.Rand, page, back *image.Gray, dpi float64) *image.Gray {
	k := dpi / 25.4
	img := page
	if back != nil && d.Bleed > 0 {
		img = bleed(page, back, d.Bleed)
	}
	img = d.creases(img, k)
	if d.moves() {
		img = d.warp(img, k)
	} else if img == page {
		img = clone(page)
	}
	d.streaks(img, k)
	for b := d.Blur; b > 0.05; b -= 1 {
		soften(img, math.Min(1, b))
	}
	d.tones(img)
	if d.Noise > 0 {
		noise(r, img, d.Noise)
	}
	if d.Bitonal {
		t := d.Threshold
		if t == 0 {
			t = 128
		}
		for i, v := range img.Pix {
			img.Pix[i] = 255
			if v < t {
				img.Pix[i] = 0
			}
		}
	}
	if d.JPEG > 0 {
		img = throughJPEG(img, d.JPEG)
	}
	return img
}

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
	for y := range out.Rect.Dy() {
		row := out.Pix[y*out.Stride : y*out.Stride+out.Rect.Dx()]
		fy := float64(y) + 0.5
		ux, uy, uw := m[1]*fy+m[2], m[4]*fy+m[5], m[7]*fy+1
		for x := range row {
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
				a, b := float64(src.Pix[o]), float64(src.Pix[o+1])
				c, e := float64(src.Pix[o+src.Stride]), float64(src.Pix[o+src.Stride+1])
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

func bleed(page, back *image.Gray, much float64) *image.Gray {
	out := clone(page)
	w := page.Rect.Dx()
	for y := range page.Rect.Dy() {
		row, other := out.Pix[y*out.Stride:][:w], back.Pix[y*back.Stride:][:w]
		for x := range row {
			if v := other[w-1-x]; v < 255 {
				row[x] = uint8(float64(row[x]) * (1 - much*float64(255-v)/255))
			}
		}
	}
	return out
}

func (d *Defects) creases(img *image.Gray, k float64) *image.Gray {
	if len(d.Folds) == 0 {
		return img
	}
	out := clone(img)
	for _, f := range d.Folds {
		n := max(1, int(f.Width*k))
		at := int(f.Y * k)
		for i := -n; i <= n; i++ {
			// Dark before the crease, a little lost ink on it.
			change := -f.Dark * 255 * (1 - math.Abs(float64(i))/float64(n+1))
			if i > 0 {
				change = -change * 0.5
			}
			if f.Up {
				if x := at + i; x >= 0 && x < out.Rect.Dx() {
					for y := range out.Rect.Dy() {
						add(&out.Pix[y*out.Stride+x], change)
					}
				}
			} else if y := at + i; y >= 0 && y < out.Rect.Dy() {
				for x := range out.Rect.Dx() {
					add(&out.Pix[y*out.Stride+x], change)
				}
			}
		}
	}
	return out
}

func add(p *uint8, v float64) { *p = uint8(math.Max(0, math.Min(255, float64(*p)+v))) }

func (d *Defects) streaks(img *image.Gray, k float64) {
	for _, s := range d.Streaks {
		x0 := int(s.X * k)
		for x := max(0, x0); x < min(img.Rect.Dx(), x0+max(1, int(s.Width*k+0.5))); x++ {
			for y := range img.Rect.Dy() {
				p := &img.Pix[y*img.Stride+x]
				*p = min(*p, s.Grey)
			}
		}
	}
}

// soften blurs by one pixel each way, in part.
func soften(img *image.Gray, much float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	a := int(much * 64) // weight of each neighbour, of 256
	b := 256 - 2*a
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		before := int(row[0])
		for x := 1; x < w-1; x++ {
			v := int(row[x])
			row[x] = uint8((before*a + v*b + int(row[x+1])*a) >> 8)
			before = v
		}
	}
	above := make([]uint8, w)
	copy(above, img.Pix[:w])
	for y := 1; y < h-1; y++ {
		row, below := img.Pix[y*img.Stride:][:w], img.Pix[(y+1)*img.Stride:][:w]
		for x := range row {
			v := row[x]
			row[x] = uint8((int(above[x])*a + int(v)*b + int(below[x])*a) >> 8)
			above[x] = v
		}
	}
}

// tones: paler ink, greyer paper, gamma, and the shadow of a hand or lamp.
func (d *Defects) tones(img *image.Gray) {
	white, gamma := d.Paper, d.Gamma
	if white == 0 {
		white = 1
	}
	if gamma == 0 {
		gamma = 1
	}
	var table [256]uint8
	for i := range table {
		v := math.Pow(float64(i)/255, gamma)
		v = (v + (1-v)*d.Fade) * white
		table[i] = uint8(v*255 + 0.5)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	s, c := math.Sincos(d.ShadowTurn)
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		if d.Shadow == 0 {
			for x := range row {
				row[x] = table[row[x]]
			}
			continue
		}
		v := (float64(y)/float64(h) - 0.5) * s
		for x := range row {
			t := v + (float64(x)/float64(w)-0.5)*c + 0.5 // about 0 to 1 along the shadow
			t = math.Max(0, math.Min(1, t))
			row[x] = uint8(float64(table[row[x]]) * (1 - d.Shadow*t*t))
		}
	}
}

// noise adds grain of about a bell's shape: the sum of four even numbers.
func noise(r *rand.Rand, img *image.Gray, sd float64) {
	f := int(sd * 65536 / 147.8) // standard deviation of the sum is 147.8
	state := r.Uint64() | 1
	for i, p := range img.Pix {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		n := int(state&255) + int(state>>16&255) + int(state>>32&255) + int(state>>48&255) - 510
		v := int(p) + n*f>>16
		img.Pix[i] = uint8(max(0, min(255, v)))
	}
}

func throughJPEG(img *image.Gray, quality int) *image.Gray {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // to memory: cannot be otherwise
	}
	back, err := jpeg.Decode(&buf)
	if err != nil {
		panic(err)
	}
	if g, ok := back.(*image.Gray); ok {
		return g
	}
	out := image.NewGray(back.Bounds())
	draw.Draw(out, out.Rect, back, back.Bounds().Min, draw.Src)
	return out
}

// Colour turns a grey scan into the 24-bit picture that scanners give.
func Colour(g *image.Gray) *image.RGBA {
	out := image.NewRGBA(g.Rect)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			v := g.Pix[y*g.Stride+x]
			out.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return out
}
