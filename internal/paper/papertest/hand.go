package papertest

import (
	"math"
	"math/rand/v2"
)

// Point is a place on a side in millimetres.
type Point [2]float64

// Stroke is one pull of a pen over one side.
type Stroke struct {
	Page   int
	Points []Point
	Width  float64 // millimetres
	Ink    float64 // how dark at full pressure, 0 to 1
	Grain  float64 // how much the paper shows through (pencil), 0 to 1
	Press  float64 // how much pressure varies along the stroke, 0 to 1
	Phase  float64
}

// Pen is what a voter writes with.
type Pen struct {
	Name                     string
	Width, Ink, Grain, Press float64
}

// Hand is one voter's way of writing on one day.
type Hand struct {
	Pen    Pen
	Wobble float64 // millimetres the hand leaves a straight line by
	Slant  float64 // radians a level line rises by
	Over   float64 // millimetres lines go over the ends of names, on average
	r      *rand.Rand
}

// NewHand draws a hand: mostly ballpoint, some gel and felt, a few pencils.
func NewHand(r *rand.Rand) *Hand {
	h := &Hand{r: r}
	switch k := r.Float64(); {
	case k < 0.62:
		h.Pen = Pen{"bút bi", between(r, 0.35, 0.55), between(r, 0.72, 0.95), 0.12, 0.25}
	case k < 0.84:
		h.Pen = Pen{"bút nước", between(r, 0.45, 0.75), between(r, 0.85, 1), 0.02, 0.1}
	case k < 0.92:
		h.Pen = Pen{"bút dạ", between(r, 0.9, 1.7), between(r, 0.85, 1), 0, 0.05}
	default:
		h.Pen = Pen{"bút chì", between(r, 0.4, 0.7), between(r, 0.42, 0.7), 0.3, 0.3}
	}
	h.Wobble = between(r, 0.02, 0.35)
	h.Slant = math.Max(-0.06, math.Min(0.07, r.NormFloat64()*0.018))
	h.Over = between(r, 0.3, 4)
	return h
}

func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// pull draws from a to b as this hand does: nearly straight, with a slow bend
// and a little tremble.
func (h *Hand) pull(page int, a, b Point) Stroke {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	n := max(3, int(length/1.5))
	bend := h.r.NormFloat64() * h.Wobble * math.Min(1, length/25)
	phase, waves := between(h.r, 0, 2*math.Pi), between(h.r, 0.5, 2.5)
	s := Stroke{Page: page, Width: h.Pen.Width, Ink: h.Pen.Ink, Grain: h.Pen.Grain, Press: h.Pen.Press, Phase: phase}
	for i := 0; i <= n; i++ {
		t := float64(i) / float64(n)
		off := bend*4*t*(1-t) + h.Wobble*0.35*math.Sin(phase+t*waves*2*math.Pi) + h.r.NormFloat64()*0.03
		p := Point{a[0] + t*dx, a[1] + t*dy}
		if length > 0 {
			p[0] -= off * dy / length
			p[1] += off * dx / length
		}
		s.Points = append(s.Points, p)
	}
	return s
}

// path draws through the points in one pull.
func (h *Hand) path(page int, points ...Point) Stroke {
	s := Stroke{Page: page, Width: h.Pen.Width, Ink: h.Pen.Ink, Grain: h.Pen.Grain, Press: h.Pen.Press, Phase: between(h.r, 0, 6)}
	for _, p := range points {
		s.Points = append(s.Points, Point{p[0] + h.r.NormFloat64()*0.06, p[1] + h.r.NormFloat64()*0.06})
	}
	return s
}

// loop draws an ellipse, not quite closed.
func (h *Hand) loop(page int, cx, cy, rx, ry float64) Stroke {
	start, sweep := between(h.r, 0, 2*math.Pi), between(h.r, 1.9, 2.2)*math.Pi
	var ps []Point
	n := max(12, int((rx+ry)*1.5))
	for i := 0; i <= n; i++ {
		a := start + sweep*float64(i)/float64(n)
		ps = append(ps, Point{cx + rx*math.Cos(a), cy + ry*math.Sin(a)})
	}
	return h.path(page, ps...)
}

// scribble goes to and fro over a box until nothing can be read.
func (h *Hand) scribble(page int, x0, x1, y0, y1 float64) Stroke {
	var ps []Point
	step := between(h.r, 0.9, 1.8)
	up := false
	for x := x0; x <= x1; x += step {
		y := y1
		if up {
			y = y0
		}
		up = !up
		ps = append(ps, Point{x, y + h.r.NormFloat64()*0.25})
	}
	return h.path(page, ps...)
}

// letters writes n made-up letters in a line.
func (h *Hand) letters(page int, x, y, size float64, n int) []Stroke {
	var out []Stroke
	for range n {
		w := size * between(h.r, 0.45, 0.7)
		switch h.r.IntN(4) {
		case 0:
			out = append(out, h.path(page, Point{x, y - size}, Point{x, y}, Point{x + w, y}))
		case 1:
			out = append(out, h.loop(page, x+w/2, y-size/3, w/2, size/3))
		case 2:
			out = append(out, h.path(page, Point{x, y}, Point{x, y - size*0.6}, Point{x + w/2, y - size*0.7}, Point{x + w, y - size*0.5}, Point{x + w, y}))
		default:
			out = append(out, h.path(page, Point{x, y - size*0.6}, Point{x + w/2, y}, Point{x + w, y - size*0.6}))
		}
		x += w + size*0.2
	}
	return out
}
