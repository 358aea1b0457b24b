package paper

import (
	"encoding/binary"
	"image"
	"math"
	"slices"
)

// picture is a scanned page prepared for reading.
type picture struct {
	full    *plane // light, at most about 240 dpi
	fold    int    // pixels of the scan to one point of full
	dpi     float64
	f       int    // points of full to one point of small
	small   *plane // light
	light   *paperLight
	ink     *plane
	white   float64 // typical light of the paper
	bitonal bool    // black and white only
	k       *kernels
}

func prepare(img *image.Gray, dpi float64, k *kernels) *picture {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	scale := dpi / 25.4
	if dpi == 0 {
		scale = min(float64(max(w, h))/297, float64(min(w, h))/210)
	}
	p := &picture{k: k, dpi: dpi, fold: max(1, int(scale/4.7), (max(w, h)+7999)/8000)}
	switch {
	case p.fold > 1:
		p.full = k.condense(img, p.fold)
		scale /= float64(p.fold)
	case len(img.Pix) >= img.Stride*h: // points beyond the right edge are never looked at
		p.full = &plane{img.Stride, h, img.Pix}
	default:
		p.full = k.condense(img, 1)
	}
	p.f = max(1, int(math.Round(scale/2.75)), (max(w, h)/p.fold+1999)/2000)
	p.small = k.condense(&image.Gray{Pix: p.full.pix, Stride: p.full.w, Rect: image.Rect(0, 0, w/p.fold, p.full.h)}, p.f)
	p.light = lightOf(p.small, max(8, int(9*scale/float64(p.f))))
	p.ink = k.ink(p.small, p.light)
	v := slices.Clone(p.light.v)
	slices.Sort(v)
	p.white = float64(v[len(v)*6/10])
	between, dark := 0, 0
	for i := 0; i < len(p.full.pix); i += 241 {
		if v := p.full.pix[i]; v > 24 && v < 231 {
			between++
		} else if v <= 24 {
			dark++
		}
	}
	p.bitonal = between*12 < dark
	return p
}

// points are places with ink on the small picture, thinned to at most n.
func (p *picture) points(n int) [][2]float32 {
	all := make([][2]float32, 0, 1<<15)
	for y := 1; y < p.ink.h-1; y++ {
		row := p.ink.pix[y*p.ink.w:][:p.ink.w]
		for x := 0; x < len(row); x++ {
			if x+8 <= len(row) && binary.LittleEndian.Uint64(row[x:x+8])&0xc0c0c0c0c0c0c0c0 == 0 { // eight points of bare paper
				x += 7
				continue
			}
			v := row[x]
			if v > 110 {
				all = append(all, [2]float32{float32(x), float32(y)})
			}
		}
	}
	if step := (len(all) + n - 1) / n; step > 1 {
		o := all[:0]
		for i := 0; i < len(all); i += step {
			o = append(o, all[i])
		}
		all = o
	}
	return all
}

// turnOf is the angle (degrees, within ±7) at which the ink lies in the
// sharpest rows; onSide asks for rows that stand upright on the picture (a page
// lying on its side).
func turnOf(pts [][2]float32, w, h int, onSide bool) (angle float64) {
	var bins []int32
	energy := func(deg float64, side bool) float64 {
		s, c := math.Sincos(deg * math.Pi / 180)
		if len(bins) == 0 {
			bins = make([]int32, w+h+64)
		}
		for i := range bins {
			bins[i] = 0
		}
		fs, fc, off := float32(s), float32(c), float32(len(bins)/4)
		for _, p := range pts {
			q := fc*p[1] - fs*p[0]
			if side {
				q = fc*p[0] + fs*p[1]
			}
			if i := int(q + off); i >= 0 && i < len(bins) {
				bins[i]++
			}
		}
		var e float64
		for i := 1; i < len(bins); i++ {
			d := float64(bins[i] - bins[i-1])
			e += d * d
		}
		return e
	}
	best := -1.0
	for d := -7.0; d <= 7; d += 0.5 {
		if e := energy(d, onSide); e > best {
			best, angle = e, d
		}
	}
	for _, step := range []float64{0.25, 0.125} {
		at := angle
		for _, d := range []float64{at - step, at + step} {
			if e := energy(d, onSide); e > best {
				best, angle = e, d
			}
		}
	}
	return angle
}
