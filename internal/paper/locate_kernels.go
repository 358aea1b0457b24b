package paper

import "image"

// kernels are the parts of finding and reading that go over every point of a
// picture. The reader uses fast; a test holds it against the same written
// plainly and slowly.
type kernels struct {
	condense func(img *image.Gray, f int) *plane
	ink      func(p *plane, l *paperLight) *plane
	rectify  func(p *plane, m *projection, x0, y0 float64, w, h int, k float64, void uint8, out *plane)
	shift    func(big, small *plane, x, y, reach, step int) (bx, by int, best float64)
	seek     func(q *patch, p *plane, off, reach int, enough float64) (dx, dy, best float64)
}

var fast = kernels{condense, inkOf, rectify, bestShift, (*patch).seek}
