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
		s.Sides = append(s.Sides, d.Apply(r, p, back, m.DPI))
		s.Defects = append(s.Defects, d)
	}
	return s
}

func clone(g *image.Gray) *image.Gray {
	c := image.NewGray(g.Rect)
	copy(c.Pix, g.Pix)
	return c
}
