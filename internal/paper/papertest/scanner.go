package papertest

import (
	"image"
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
	BleedX, BleedY float64       // millimetres by which the back is printed off its place
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

// Thin is an office scanner with thin paper: the back shines through, printed off
// its place by up to a millimetre and a half.
func Thin(r *rand.Rand, l *paper.Layout) Defects {
	d := Office(r, l)
	d.Bleed, d.BleedX, d.BleedY = between(r, 0.03, 0.22), between(r, -1.5, 1.5), between(r, -1.5, 1.5)
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
		img = bleed(page, back, d.Bleed, int(math.Round(d.BleedX*k)), int(math.Round(d.BleedY*k)))
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
