// Package paper is the ballot as a thing on paper: how it is set, what it looks
// like in print, and what was written on it. It is pure ground: contest
// records and grey pictures come in, layouts and readings go out; it opens no
// file and knows no clock.
//
// The way of a ballot through the package:
//
//	contest record ──Design──▶ Layout ──Render──▶ grey page as the printer gives it
//	                             │                     │
//	                             └──── reader ◀── grey page as the scanner gives it
//
// A Layout holds every letter and line with its place in millimetres, so that a
// ballot printed by an older release is drawn and judged again exactly as it
// was. Nothing on a ballot, and nothing in a layout, leads to a voter: there is
// no serial number, and every copy is the same.
//
// Example: three names, two seats, one straight line through each name not
// chosen:
//
//	l, err := paper.Design(rec, paper.Options{Form: "strike", Paper: "A5"})
//	page := paper.Render(l, 1, 200) // *image.Gray, 1165 × 1653
package paper

import "math"

// The two ballot forms that are printed and read.
const (
	FormStrike = "strike" // a vote is a name not struck; one straight line through the whole name
	FormAgree  = "agree"  // one X a row, in đồng ý or không đồng ý
)

// What a reading says of one name. The first three belong to the form strike,
// the last four to agree; doubtful to both.
const (
	MarkClear    = "clear"
	MarkStruck   = "struck"
	MarkDoubtful = "doubtful"
	MarkAgree    = "agree"
	MarkDisagree = "disagree"
	MarkBoth     = "both"
	MarkNone     = "none"
)

// Bounds of a ballot: above them it is refused, for people can no longer vote
// on it with a sure hand.
const (
	MaxNames = 89 // the longest list a sheet of two sides takes
	MaxSides = 2  // one sheet
)

// Box is a place on a side: x, y of its top left corner, width, height, in
// millimetres from the top left corner of that side.
type Box [4]float64

// X is the left edge, Y the top edge.
func (b Box) X() float64 { return b[0] }

// Y is the top edge.
func (b Box) Y() float64 { return b[1] }

// W is the width.
func (b Box) W() float64 { return b[2] }

// H is the height.
func (b Box) H() float64 { return b[3] }

// Right is the right edge.
func (b Box) Right() float64 { return b[0] + b[2] }

// Bottom is the lower edge.
func (b Box) Bottom() float64 { return b[1] + b[3] }

// Empty says that the box has no area.
func (b Box) Empty() bool { return b[2] <= 0 || b[3] <= 0 }

// Overlaps says that two boxes share area.
func (b Box) Overlaps(c Box) bool {
	return b.X() < c.Right() && c.X() < b.Right() && b.Y() < c.Bottom() && c.Y() < b.Bottom()
}

// Inside says that b lies wholly in c, to a hundredth of a millimetre.
func (b Box) Inside(c Box) bool {
	const e = 0.011
	return b.X() >= c.X()-e && b.Y() >= c.Y()-e && b.Right() <= c.Right()+e && b.Bottom() <= c.Bottom()+e
}

// round keeps layouts short and the same on every machine: hundredths of a
// millimetre.
func round(v float64) float64 { return math.Round(v*100) / 100 }

func (b Box) round() Box { return Box{round(b[0]), round(b[1]), round(b[2]), round(b[3])} }
