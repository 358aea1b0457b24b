package papertest

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// bleed lets the back shine through, mirrored, and dx, dy pixels off its place.
func bleed(page, back *image.Gray, much float64, dx, dy int) *image.Gray {
	out := clone(page)
	w, h := page.Rect.Dx(), page.Rect.Dy()
	for y := max(0, dy); y < min(h, h+dy); y++ {
		row, other := out.Pix[y*out.Stride:][:w], back.Pix[(y-dy)*back.Stride:][:w]
		for x := max(0, dx); x < min(w, w+dx); x++ {
			if v := other[w-1-x+dx]; v < 255 {
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

// soften blurs by one pixel each way, in part. Eight pixels that are all white,
// with white around them, stay as they are and are passed over.
func soften(img *image.Gray, much float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	a := int(much * 64) // weight of each neighbour, of 256
	b := 256 - 2*a
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		before := int(row[0])
		for x := 1; x < w-1; x++ {
			if before == 255 && x+9 <= w && row[x+8] == 255 && binary.LittleEndian.Uint64(row[x:x+8]) == white {
				x += 7
				continue
			}
			v := int(row[x])
			row[x] = uint8((before*a + v*b + int(row[x+1])*a) >> 8)
			before = v
		}
	}
	above := make([]uint8, w)
	copy(above, img.Pix[:w])
	for y := 1; y < h-1; y++ {
		row, below := img.Pix[y*img.Stride:][:w], img.Pix[(y+1)*img.Stride:][:w]
		for x := 0; x < w; x++ {
			if x+8 <= w && binary.LittleEndian.Uint64(row[x:x+8])&binary.LittleEndian.Uint64(above[x:x+8])&binary.LittleEndian.Uint64(below[x:x+8]) == white {
				x += 7
				continue
			}
			v := row[x]
			row[x] = uint8((int(above[x])*a + int(v)*b + int(below[x])*a) >> 8)
			above[x] = v
		}
	}
}

const white = 1<<64 - 1 // eight white pixels

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
	if d.Shadow == 0 {
		for y := range h {
			row := img.Pix[y*img.Stride:][:w]
			for x, v := range row {
				row[x] = table[v]
			}
		}
		return
	}
	s, c := math.Sincos(d.ShadowTurn)
	across := make([]float64, w)
	for x := range across {
		across[x] = (float64(x)/float64(w) - 0.5) * c
	}
	var light [256]float64
	for i, v := range table {
		light[i] = float64(v)
	}
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		v := (float64(y)/float64(h) - 0.5) * s
		for x, u := range across[:len(row)] {
			t := max(0, min(1, v+u+0.5)) // about 0 to 1 along the shadow
			row[x] = uint8(light[row[x]] * (1 - d.Shadow*t*t))
		}
	}
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
