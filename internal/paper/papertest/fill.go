package papertest

import (
	"math"
	"math/rand/v2"

	"minhbach/internal/paper"
)

// Ballot is a filled ballot before it is scanned.
type Ballot struct {
	Strokes []Stroke
	Seal    *Seal
	Truth   map[string]Truth
	Outside bool
}

// Seal is the round red seal, as grey ink.
type Seal struct {
	Page   int
	X, Y   float64 // centre
	Radius float64
	Ink    float64 // grey of red ink, 0 to 1
	Turn   float64
}

// Habit chooses what a hand does at each name.
type Habit func(r *rand.Rand, l *paper.Layout, i int) string

// Kinds of marks, by form. The first of each list are what voters are asked to
// do; odd ones follow.
var (
	StrikeKinds = []string{"none", "line", "double", "scribble", "wave", "short", "partial", "above", "below", "tick", "circle", "number-circle", "dot", "correction", "write-over"}
	AgreeKinds  = []string{"agree", "disagree", "none", "both", "x-over", "tick", "fill", "dot", "between", "correction", "strike-name"}
)

// Kinds lists the kinds of marks of one form.
func Kinds(form string) []string {
	if form == paper.FormAgree {
		return AgreeKinds
	}
	return StrikeKinds
}

// Ordinary voters do as the ballot says: names struck by one line (a few by
// two, or scribbled over), boxes crossed, and about as many names left as there
// are seats.
func Ordinary(r *rand.Rand, l *paper.Layout, _ int) string {
	if l.Form == paper.FormAgree {
		switch k := r.Float64(); {
		case k < 0.88:
			return "agree"
		case k < 0.985:
			return "disagree"
		case k < 0.995:
			return "none"
		}
		return "both"
	}
	spare := float64(len(l.Candidates)) - float64(l.Seats)
	p := math.Min(0.9, math.Max(0.12, (spare+0.5)/float64(len(l.Candidates))))
	switch k := r.Float64(); {
	case k > p:
		return "none"
	case k < 0.93*p:
		return "line"
	case k < 0.98*p:
		return "double"
	}
	return "scribble"
}

// Every draws each kind of mark of the form equally often, odd ones too.
func Every(r *rand.Rand, l *paper.Layout, _ int) string {
	k := Kinds(l.Form)
	return k[r.IntN(len(k))]
}

// Mixed voters are ordinary but for one odd mark in fifty.
func Mixed(r *rand.Rand, l *paper.Layout, i int) string {
	if r.IntN(50) == 0 {
		return Every(r, l, i)
	}
	return Ordinary(r, l, i)
}

// Only draws the same kind at every name.
func Only(kind string) Habit { return func(*rand.Rand, *paper.Layout, int) string { return kind } }

// Chosen strikes (or disagrees with) all but the names whose places are chosen.
func Chosen(chosen func(i int) bool) Habit {
	return func(_ *rand.Rand, l *paper.Layout, i int) string {
		switch agree := l.Form == paper.FormAgree; {
		case agree && chosen(i):
			return "agree"
		case agree:
			return "disagree"
		case chosen(i):
			return "none"
		}
		return "line"
	}
}

// Fill lets one voter fill in a ballot. The seal stands in its place.
func Fill(r *rand.Rand, l *paper.Layout, habit Habit) *Ballot {
	b := &Ballot{Truth: map[string]Truth{}}
	b.SealAt(r, 1, l.SealBox.X()+l.SealBox.W()/2+r.NormFloat64()*0.8, l.SealBox.Y()+l.SealBox.H()/2+r.NormFloat64()*0.8)
	b.Seal.Radius = math.Min(17, math.Min(l.SealBox.W(), l.SealBox.H())/2-2.5)
	h := NewHand(r)
	for i := range l.Candidates {
		c := &l.Candidates[i]
		kind := habit(r, l, i)
		var t Truth
		var s []Stroke
		if l.Form == paper.FormAgree {
			t, s = h.agree(c, kind)
		} else {
			t, s = h.strike(c, kind)
		}
		t.Kind = kind
		b.Truth[c.ID] = t
		b.Strokes = append(b.Strokes, s...)
	}
	return b
}

// SealAt moves the seal.
func (b *Ballot) SealAt(r *rand.Rand, page int, x, y float64) {
	b.Seal = &Seal{Page: page, X: x, Y: y, Radius: 16, Ink: between(r, 0.3, 0.62), Turn: between(r, 0, 6)}
}

// Write puts words where no ballot asks for any: into the free paper below the
// list, or the margin.
func (b *Ballot) Write(r *rand.Rand, l *paper.Layout) {
	h := NewHand(r)
	low := 0.0
	for i := range l.Candidates {
		if c := &l.Candidates[i]; c.Page == 1 {
			low = math.Max(low, c.RowBox.Bottom())
		}
	}
	size := between(r, 2.5, 4.5)
	if room := l.Paper.H - 8 - low; room > size+5 && r.IntN(2) == 0 {
		b.Strokes = append(b.Strokes, h.letters(1, between(r, 25, l.Paper.W/2), low+3+size+between(r, 0, room-size-4), size, 3+r.IntN(8))...)
	} else {
		size = 2.6
		b.Strokes = append(b.Strokes, h.letters(1, l.SealBox.Right()+4, l.SealBox.Bottom()-2, size, 4+r.IntN(6))...)
	}
	b.Outside = true
}

// strike draws one kind of mark at a name of the form strike.
func (h *Hand) strike(c *paper.Place, kind string) (Truth, []Stroke) {
	n := c.NameBox
	em := n.H() / 1.18
	y, x0, x1 := n.Y()+n.H()/2, n.X(), n.Right()
	r := h.r
	look := Truth{Mark: paper.MarkDoubtful, Odd: true}
	struck := Truth{Mark: paper.MarkStruck}
	// line goes from x0 to x1 at height y; its ends stay on the letters.
	line := func(x0, x1, y float64) Stroke {
		rise := math.Tan(h.Slant+r.NormFloat64()*0.008) * (x1 - x0) / 2
		rise = math.Max(-0.3*em, math.Min(0.3*em, rise))
		return h.pull(c.Page, Point{x0, y + rise}, Point{x1, y - rise})
	}
	ends := func() (float64, float64) {
		short := math.Min(1.2, 0.04*n.W())
		from := x0 - math.Abs(r.NormFloat64())*h.Over*0.6 + short*r.Float64()
		to := x1 + math.Abs(r.NormFloat64())*h.Over - short*r.Float64()
		return math.Max(from, c.RowBox.X()+1), math.Min(to, c.RowBox.Right()-0.5)
	}
	level := y + math.Max(-0.16, math.Min(0.16, r.NormFloat64()*0.07))*em
	switch kind {
	case "none":
		return Truth{Mark: paper.MarkClear}, nil
	case "line":
		a, b := ends()
		return struck, []Stroke{line(a, b, level)}
	case "double":
		a, b := ends()
		c, d := ends()
		gap := between(r, 0.06, 0.14) * em
		return struck, []Stroke{line(a, b, y-gap), line(d, c, y+gap)}
	case "scribble":
		return struck, []Stroke{h.scribble(c.Page, x0-between(r, 0, 1), x1+between(r, 0, 2), y-0.38*em, y+0.36*em)}
	case "wave":
		a, b := ends()
		var ps []Point
		waves := between(r, 2, 6)
		for i := 0; i <= 60; i++ {
			t := float64(i) / 60
			ps = append(ps, Point{a + t*(b-a), y + 0.22*em*math.Sin(t*waves*2*math.Pi)})
		}
		struck.Odd = true
		return struck, []Stroke{h.path(c.Page, ps...)}
	case "short": // ends early, but nearly all of the name is crossed
		struck.Odd = true
		w := n.W() * between(r, 0.72, 0.88)
		a := x0 - 0.5
		if r.IntN(2) == 0 {
			a = x1 + 0.5 - w
		}
		return struck, []Stroke{line(a, a+w, level)}
	case "partial":
		w := n.W() * between(r, 0.18, 0.5)
		a := x0 + r.Float64()*(n.W()-w)
		return look, []Stroke{line(a, a+w, level)}
	case "above":
		look.Also = []string{paper.MarkClear}
		a, b := ends()
		return look, []Stroke{h.pull(c.Page, Point{a, y - between(r, 0.72, 0.84)*em}, Point{b, y - between(r, 0.72, 0.84)*em})}
	case "below":
		a, b := ends()
		return look, []Stroke{h.pull(c.Page, Point{a, y + between(r, 0.52, 0.66)*em}, Point{b, y + between(r, 0.52, 0.66)*em})}
	case "tick":
		x := h.beside(c)
		return look, []Stroke{h.path(c.Page, Point{x, y - 0.1*em}, Point{x + 0.25*em, y + 0.35*em}, Point{x + 0.9*em, y - 0.5*em})}
	case "circle":
		return look, []Stroke{h.loop(c.Page, (x0+x1)/2, y, n.W()/2+between(r, 0.5, 3), math.Min(0.75*em, c.RowBox.H()/2))}
	case "number-circle":
		return look, []Stroke{h.loop(c.Page, (c.RowBox.X()+x0)/2-0.15*em, y, 0.75*em, 0.7*em)}
	case "dot":
		x, dy := x0+r.Float64()*n.W(), between(r, -0.4, 0.4)*em
		s := h.path(c.Page, Point{x, y + dy}, Point{x + between(r, 0.05, 0.5), y + dy})
		return Truth{Mark: paper.MarkClear, Odd: true}, []Stroke{s}
	case "correction": // struck, and the line crossed out again by small strokes
		a, b := ends()
		out := []Stroke{line(a, b, level)}
		for k := range 3 + r.IntN(4) {
			x := x0 + n.W()*(float64(k)+0.5)/7 + r.NormFloat64()
			out = append(out, h.pull(c.Page, Point{x - 0.3*em, y + 0.5*em}, Point{x + 0.3*em, y - 0.5*em}))
		}
		look.Also = []string{paper.MarkStruck} // it still is a line through the whole name
		return look, out
	case "write-over": // words written after or over the name
		x := math.Min(h.beside(c), c.RowBox.Right()-4*em)
		return look, h.letters(c.Page, x, y+0.35*em, 0.8*em, 4+r.IntN(3))
	}
	panic("papertest: no mark " + kind)
}

// beside is a free place in the row after the name, or over its end when the
// row has none.
func (h *Hand) beside(c *paper.Place) float64 {
	em := c.NameBox.H() / 1.18
	return math.Min(c.NameBox.Right()+between(h.r, 0.5, 4), c.RowBox.Right()-1.2*em)
}

// agree draws one kind of mark at a name of the form agree.
func (h *Hand) agree(c *paper.Place, kind string) (Truth, []Stroke) {
	r := h.r
	look := Truth{Mark: paper.MarkDoubtful, Odd: true}
	cross := func(b *paper.Box, size float64) []Stroke {
		s := math.Min(b.W(), b.H()) * size / 2
		s = math.Min(s, between(r, 2.2, 4.2))
		x := b.X() + b.W()/2 + math.Max(-1, math.Min(1, r.NormFloat64()*0.35))*math.Max(0, b.W()/2-s-0.4)
		y := b.Y() + b.H()/2 + math.Max(-1, math.Min(1, r.NormFloat64()*0.35))*math.Max(0, b.H()/2-s-0.3)
		w := s * between(r, 0.8, 1.25)
		return []Stroke{
			h.pull(c.Page, Point{x - w, y - s}, Point{x + w, y + s}),
			h.pull(c.Page, Point{x + w, y - s}, Point{x - w, y + s}),
		}
	}
	box, side := c.AgreeBox, paper.MarkAgree
	if r.IntN(2) == 0 {
		box, side = c.DisagreeBox, paper.MarkDisagree
	}
	cx, cy, s := box.X()+box.W()/2, box.Y()+box.H()/2, math.Min(box.W(), box.H())/2
	switch kind {
	case "none":
		return Truth{Mark: paper.MarkNone}, nil
	case "agree":
		return Truth{Mark: paper.MarkAgree}, cross(c.AgreeBox, between(r, 0.5, 0.85))
	case "disagree":
		return Truth{Mark: paper.MarkDisagree}, cross(c.DisagreeBox, between(r, 0.5, 0.85))
	case "both":
		return Truth{Mark: paper.MarkBoth}, append(cross(c.AgreeBox, 0.7), cross(c.DisagreeBox, 0.7)...)
	case "x-over": // a cross larger than its box
		return Truth{Mark: side, Odd: true}, []Stroke{
			h.pull(c.Page, Point{cx - 1.15*s, cy - 1.15*s}, Point{cx + 1.15*s, cy + 1.15*s}),
			h.pull(c.Page, Point{cx + 1.15*s, cy - 1.15*s}, Point{cx - 1.15*s, cy + 1.15*s}),
		}
	case "tick":
		look.Also = []string{side}
		return look, []Stroke{h.path(c.Page, Point{cx - 0.5*s, cy}, Point{cx - 0.15*s, cy + 0.5*s}, Point{cx + 0.7*s, cy - 0.6*s})}
	case "fill":
		look.Also = []string{side}
		return look, []Stroke{h.scribble(c.Page, cx-0.7*s, cx+0.7*s, cy-0.6*s, cy+0.6*s)}
	case "dot":
		return Truth{Mark: paper.MarkNone, Odd: true}, []Stroke{h.path(c.Page, Point{cx, cy}, Point{cx + between(r, 0.05, 0.4), cy})}
	case "between": // on the line that parts the boxes
		x := c.DisagreeBox.X()
		return look, []Stroke{
			h.pull(c.Page, Point{x - 0.6*s, cy - 0.6*s}, Point{x + 0.6*s, cy + 0.6*s}),
			h.pull(c.Page, Point{x + 0.6*s, cy - 0.6*s}, Point{x - 0.6*s, cy + 0.6*s}),
		}
	case "correction": // one cross scribbled over, the other box crossed
		a, b := c.AgreeBox, c.DisagreeBox
		out := cross(a, 0.7)
		out = append(out, h.scribble(c.Page, a.X()+a.W()/2-0.8*s, a.X()+a.W()/2+0.8*s, cy-0.7*s, cy+0.7*s))
		look.Also = []string{paper.MarkBoth} // ink in both boxes, the board looks at it
		return look, append(out, cross(b, 0.7)...)
	case "strike-name": // the way of the other form
		n := c.NameBox
		return look, []Stroke{h.pull(c.Page, Point{n.X() - 0.5, n.Y() + n.H()/2}, Point{n.Right() + 1, n.Y() + n.H()/2})}
	}
	panic("papertest: no mark " + kind)
}
