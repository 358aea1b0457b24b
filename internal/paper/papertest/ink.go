package papertest

import (
	"image"
	"math"
)

// Ink draws one side of a filled ballot as the voter hands it in.
func (m *Maker) Ink(b *Ballot, side int) *image.Gray {
	base := m.print[side-1]
	img := clone(base)
	k := m.DPI / 25.4
	if b.Seal != nil && b.Seal.Page == side {
		b.Seal.draw(img, k)
		if len(b.Strokes) > 0 {
			base = clone(img)
		}
	}
	for i := range b.Strokes {
		if b.Strokes[i].Page == side {
			b.Strokes[i].draw(img, base, k)
		}
	}
	return img
}

// draw lays the stroke over the page: along every segment, darkness by how far
// a pixel is from its middle. Crossing itself does not make it darker.
func (s *Stroke) draw(img, base *image.Gray, k float64) {
	half := s.Width / 2 * k
	along := 0.0
	for i := 1; i < len(s.Points); i++ {
		ax, ay := s.Points[i-1][0]*k, s.Points[i-1][1]*k
		bx, by := s.Points[i][0]*k, s.Points[i][1]*k
		dx, dy := bx-ax, by-ay
		l2 := dx*dx + dy*dy
		press := 1 - s.Press*(0.5+0.5*math.Sin(s.Phase+along/k*0.45))
		along += math.Sqrt(l2)
		x0, x1 := max(0, int(math.Min(ax, bx)-half-1)), min(img.Rect.Dx()-1, int(math.Max(ax, bx)+half+1))
		y0, y1 := max(0, int(math.Min(ay, by)-half-1)), min(img.Rect.Dy()-1, int(math.Max(ay, by)+half+1))
		for y := y0; y <= y1; y++ {
			py := float64(y) + 0.5 - ay
			for x := x0; x <= x1; x++ {
				px := float64(x) + 0.5 - ax
				t := 0.0
				if l2 > 0 {
					t = math.Max(0, math.Min(1, (px*dx+py*dy)/l2))
				}
				d := math.Hypot(px-t*dx, py-t*dy)
				cover := math.Min(1, math.Min(2*half, half+0.5-d)) // a thin line covers part of a pixel
				if cover <= 0 {
					continue
				}
				ink := s.Ink * press * cover
				if s.Grain > 0 {
					ink *= 1 - s.Grain*grain(x, y)
				}
				o := y*img.Stride + x
				if v := uint8(float64(base.Pix[o]) * (1 - ink)); v < img.Pix[o] {
					img.Pix[o] = v
				}
			}
		}
	}
}

// grain is the roughness of paper at a pixel, 0 to 1, always the same.
func grain(x, y int) float64 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return float64(h&0xFFFF) / 0xFFFF
}

// draw inks the seal: two rings, a star and short strokes where words stand.
func (s *Seal) draw(img *image.Gray, k float64) {
	cx, cy, out := s.X*k, s.Y*k, s.Radius*k
	x0, x1 := max(0, int(cx-out-1)), min(img.Rect.Dx()-1, int(cx+out+1))
	y0, y1 := max(0, int(cy-out-1)), min(img.Rect.Dy()-1, int(cy+out+1))
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			d := math.Hypot(dx, dy) / out
			if d >= 1 || d > 0.84 && d <= 0.94 || d >= 0.38 && d <= 0.58 {
				continue // between the rings, and beyond them
			}
			a := math.Atan2(dy, dx) + s.Turn*0.1
			star := 0.22 + 0.16*math.Cos(5*(a+math.Pi/2))
			word := d > 0.66 && d < 0.84 && math.Sin(a*34) > -0.1 && math.Sin(a*79+d*40) > -0.5
			if !(d > 0.94 && d < 1 || d > 0.58 && d < 0.61 || d < star || word) {
				continue
			}
			ink := s.Ink * (0.55 + 0.45*grain(x/2, y/2))
			o := y*img.Stride + x
			img.Pix[o] = uint8(float64(img.Pix[o]) * (1 - ink))
		}
	}
}
