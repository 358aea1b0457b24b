// Package papertest fills in ballots by seeded hands and scans them with seeded
// defects, and knows the truth of every name: the measure of the reader. It
// sees a ballot as its layout alone; the same seed always gives the same
// picture.
//
//	l, _ := paper.Design(rec, opt)
//	m := papertest.NewMaker(l, 150)
//	s := m.Sheet(papertest.Measure, 7, papertest.Ordinary, papertest.Office)
//	// s.Sides go to the reader; s.Truth["c3"].Judge(reading) says whether it was right.
//
// Seeds come in two disjoint sets: thresholds are found on Tune and reported on
// Measure. Defects that were met in the field stand by name in Fixtures.
package papertest

import (
	"image"
	"math"
	"math/rand/v2"

	"minhbach/internal/paper"
)

// Set is one of the two disjoint sets of seeds.
type Set uint64

// The sets: nothing tuned on one is ever measured on it.
const (
	Tune Set = iota
	Measure
)

// Rand is the source of the n-th sheet of a set. No two (set, n) share a
// source.
func Rand(set Set, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(n<<1|uint64(set&1), 0x6d62_7068_6965_75))
}

// Truth is what a hand did at one name, and which readings of it are right.
type Truth struct {
	Kind string // what was drawn, e.g. "line", "partial", "x"
	Mark string // the right reading; doubtful where a person must look
	// Odd says that sending it to a person is no fault of the reader: it is not
	// counted among the names sent.
	Odd bool
	// Also lists further readings that are not wrong.
	Also []string
	// Lost says that the scanner kept less than a twentieth of the ink of this
	// mark: a black-and-white picture of a pale pen. Nobody can read it from
	// the picture; it is counted by itself.
	Lost bool
}

// Outcome is how a reading stands to the truth.
type Outcome int

// A reading is right, was sent to a person, or is wrong without being sent: the
// last must not happen.
const (
	Right Outcome = iota
	Sent
	Wrong
)

// Judge compares a reading of one name with the truth.
func (t Truth) Judge(reading string) Outcome {
	if reading == t.Mark {
		return Right
	}
	for _, a := range t.Also {
		if reading == a {
			return Right
		}
	}
	if reading == paper.MarkDoubtful {
		return Sent
	}
	return Wrong
}

// Sheet is one filled and scanned ballot.
type Sheet struct {
	Sides   []*image.Gray // in order, as the scanner gives them
	DPI     float64
	Truth   map[string]Truth // by candidate
	Outside bool             // something is written outside the targets: a person must look
	Defects []Defects        // by side
	Seed    uint64
}

// Maker makes sheets of one ballot at one resolution. It is safe for use by
// several goroutines.
type Maker struct {
	Layout *paper.Layout
	DPI    float64
	print  []*image.Gray
}

// NewMaker prints the ballot once at dpi.
func NewMaker(l *paper.Layout, dpi float64) *Maker {
	m := &Maker{Layout: l, DPI: dpi}
	for side := 1; side <= l.Sides; side++ {
		m.print = append(m.print, paper.Render(l, side, dpi))
	}
	return m
}

// Printed is a copy of one clean side, side from 1.
func (m *Maker) Printed(side int) *image.Gray { return clone(m.print[side-1]) }

// Sheet fills and scans the n-th ballot of a set.
func (m *Maker) Sheet(set Set, n uint64, habit Habit, scanner Scanner) *Sheet {
	r := Rand(set, n)
	b := Fill(r, m.Layout, habit)
	s := m.Scan(r, b, scanner)
	s.Seed = n
	return s
}

// Scan draws a filled ballot and scans every side of it.
func (m *Maker) Scan(r *rand.Rand, b *Ballot, scanner Scanner) *Sheet {
	s := &Sheet{DPI: m.DPI, Truth: b.Truth, Outside: b.Outside}
	pages := make([]*image.Gray, len(m.print))
	for i := range m.print {
		pages[i] = m.Ink(b, i+1)
	}
	all := scanner(r, m.Layout)
	for i, p := range pages {
		d := all
		if i > 0 { // the same scanner and the same sheet, another pass
			d.Rotate += r.Float64()*0.4 - 0.2
			d.ShiftX += r.Float64() - 0.5
			d.ShiftY += r.Float64() - 0.5
		}
		var back *image.Gray
		if d.Bleed > 0 && len(pages) > 1 {
			back = pages[1-i]
		}
		seed := r.Uint64()
		scan := func(p *image.Gray) *image.Gray { return d.Apply(rand.New(rand.NewPCG(seed, 1)), p, back, m.DPI) }
		s.Sides = append(s.Sides, scan(p))
		s.Defects = append(s.Defects, d)
		if d.Bitonal {
			m.lost(b, s, i+1, &d, p, scan)
		}
	}
	return s
}

// lost finds the marks of one side that a black-and-white scan has lost: it is
// compared with the same scan of the ballot before anybody wrote on it.
func (m *Maker) lost(b *Ballot, s *Sheet, side int, d *Defects, page *image.Gray, scan func(*image.Gray) *image.Gray) {
	empty := *b
	empty.Strokes = nil
	blank := m.Ink(&empty, side)
	bare := scan(blank)
	got := s.Sides[side-1]
	k := m.DPI / 25.4
	w, h := m.Layout.Paper.W, m.Layout.Paper.H
	for _, i := range m.Layout.On(side) {
		c := &m.Layout.Candidates[i]
		drawn := 0
		box := c.RowBox
		for y := int(box.Y() * k); y < int(box.Bottom()*k); y++ {
			for x := int(box.X() * k); x < int(box.Right()*k); x++ {
				if int(at(blank, x, y)) > int(at(page, x, y))+20 {
					drawn++
				}
			}
		}
		if drawn == 0 {
			continue
		}
		x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, q := range [4][2]float64{{box.X(), box.Y()}, {box.Right(), box.Y()}, {box.X(), box.Bottom()}, {box.Right(), box.Bottom()}} {
			x, y := d.place(q[0]/w, q[1]/h, w*k, h*k, k)
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
		left := 0
		for y := int(y0); y <= int(y1); y++ {
			for x := int(x0); x <= int(x1); x++ {
				if at(bare, x, y) > at(got, x, y) {
					left++
				}
			}
		}
		if left*20 < drawn {
			t := s.Truth[c.ID]
			t.Lost, t.Odd = true, true
			t.Also = append(t.Also, paper.MarkClear, paper.MarkNone)
			s.Truth[c.ID] = t
		}
	}
}

// at is the value of a point, 0 beyond the picture.
func at(g *image.Gray, x, y int) uint8 {
	if uint(x) >= uint(g.Rect.Max.X) || uint(y) >= uint(g.Rect.Max.Y) {
		return 0
	}
	return g.Pix[y*g.Stride+x]
}

func clone(g *image.Gray) *image.Gray {
	c := image.NewGray(g.Rect)
	copy(c.Pix, g.Pix)
	return c
}
