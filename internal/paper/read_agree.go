package paper

// agree reads the two boxes of a row.
func (r *Reader) agree(p *picture, l *located, c *Place, black float64) Mark {
	z := p.zone(l, c, c.boxes(), 3, black, r.th)
	return r.judgeAgree(z, c, p.bitonal, func() *zone { return p.zone(l, c, c.NameBox, 2, black, r.th) })
}

// boxes is where both boxes of a row lie.
func (c *Place) boxes() Box {
	a, d := *c.AgreeBox, *c.DisagreeBox
	left, right := min(a.X(), d.X()), max(a.Right(), d.Right())
	return Box{left, c.RowBox.Y(), right - left, c.RowBox.H()}
}

// judgeAgree judges the two boxes of a row, z, and its name, which is asked for
// when z is done with.
func (r *Reader) judgeAgree(z *zone, c *Place, bitonal bool, name func() *zone) Mark {
	a, d := *c.AgreeBox, *c.DisagreeBox
	av, aw, ah, aover, apiece := z.own(a, r.th)
	dv, dw, dh, dover, dpiece := z.own(d, r.th)
	faint := av <= r.th.EmptyBox && z.faint(a, r.th) > r.th.FaintBox || dv <= r.th.EmptyBox && z.faint(d, r.th) > r.th.FaintBox
	// What is left of a pencil on a picture of black and white may be specks.
	empty := r.th.EmptyBox
	if bitonal {
		empty = r.th.EmptyBoxBW
	}
	state := func(area, w, h, over, piece float64) int { // 0 empty, 1 marked, -1 a person must look
		switch {
		case area+over <= empty:
			return 0
		case bitonal && piece < r.th.MarkBox: // specks, as of print that shines through, are no cross together
			return -1
		case area >= r.th.MarkBox && w >= r.th.MarkBoxSpan && h >= r.th.MarkBoxSpan &&
			(max(w, h) >= r.th.BlotSpan || area < r.th.BlotShare*w*h): // a blot of a broad pen is no cross
			return 1
		}
		return -1
	}
	sa, sd := state(av, aw, ah, aover, apiece), state(dv, dw, dh, dover, dpiece)
	// A cross that reaches over a line belongs to the box that holds most of it:
	// where the other holds little, and that little near the line alone. A cross in
	// the one box beside a larger scribble in the other is no such thing.
	whole := false
	if sa != 0 && sd != 0 {
		switch {
		case av < dv*r.th.SpillShare && r.spill(z, a, d):
			whole, sa = sa == 1, 0
		case dv < av*r.th.SpillShare && r.spill(z, d, a):
			whole, sd = sd == 1, 0
		}
	}
	// Unless it stands on the line, and a streak, or a scanner of black and white,
	// has taken away what lay on the one side; or what reaches over would be a mark
	// by itself, as a cross by the line beside another one scribbled over.
	if whole || sa == 0 && sd == 1 && r.astride(z, d, a) || sd == 0 && sa == 1 && r.astride(z, a, d) {
		return Mark{MarkDoubtful, LookAside, 0.5}
	}
	// Ink on both sides of the line between the boxes: whose is it?
	if a.Right() <= d.X()+0.5 || d.Right() <= a.X()+0.5 {
		line := d.X()
		if d.X() < a.X() {
			line = a.X()
		}
		sides := func(reach float64) (near, far float64) { // ink within so many mm of it
			near, _, _ = z.in(Box{line - reach, c.RowBox.Y(), reach + 0.5, c.RowBox.H()}, r.th)
			far, _, _ = z.in(Box{line - 0.5, c.RowBox.Y(), reach + 0.5, c.RowBox.H()}, r.th)
			return near, far
		}
		near, far := sides(r.th.SpillNear)
		if near > r.th.SpillBoth && far > r.th.SpillBoth && sa != 0 && sd != 0 {
			return Mark{MarkDoubtful, LookAside, 0.5}
		}
		// Two marks that begin hardly farther from the line, and neither of which
		// reaches far, are a cross on it of which a streak has taken the middle.
		near, far = sides(1.5 * r.th.SpillNear)
		if near > 0 && far > 0 && sa != 0 && sd != 0 && z.reach(a, d, r.th) < r.th.BothApart*a.W() && z.reach(d, a, r.th) < r.th.BothApart*d.W() {
			return Mark{MarkDoubtful, LookAside, 0.5}
		}
	}
	// A line through the name is no vote here: a person looks. A fold or a
	// streak over it is not the voter's.
	if judgeStrike(name().traits(r.th), r.th).Is != MarkClear {
		return Mark{MarkDoubtful, LookAside, 0.5}
	}
	switch {
	case faint:
		return Mark{MarkDoubtful, LookFaint, 0.5}
	case sa < 0 || sd < 0:
		return Mark{MarkDoubtful, LookSmall, 0.5}
	case sa == 1 && sd == 1:
		return Mark{Is: MarkBoth, Score: 1}
	case sa == 1:
		return Mark{Is: MarkAgree, Score: 1}
	case sd == 1:
		return Mark{Is: MarkDisagree, Score: 1}
	}
	return Mark{Is: MarkNone}
}

// spill says that the ink of a box lies by the line that parts it from its
// neighbour: in the other two thirds there is as little as in an empty box.
func (r *Reader) spill(z *zone, b, neighbour Box) bool {
	far := Box{b.X(), b.Y(), b.W() * 2 / 3, b.H()}
	if neighbour.X() < b.X() {
		far[0] = b.Right() - far.W()
	}
	if area, _, _ := z.in(far, r.th); area > r.th.EmptyBox {
		return false
	}
	// And it comes from over the line: a small cross that stands free of it is a
	// mark of its own.
	line := Box{b.X(), b.Y(), r.th.SpillNear, b.H()}
	if neighbour.X() < b.X() {
		return r.inked(z, line)
	}
	line[0] = b.Right() - r.th.SpillNear
	return r.inked(z, line)
}

// astride says that the mark of a box stands on the line to its neighbour: there is
// ink over the line, and it reaches about as far there, or the mark hardly into its
// own box.
func (r *Reader) astride(z *zone, own, neighbour Box) bool {
	over := Box{neighbour.X(), neighbour.Y(), r.th.SpillNear, neighbour.H()}
	if neighbour.X() < own.X() {
		over[0] = neighbour.Right() - r.th.SpillNear
	}
	if !r.inked(z, over) {
		return false
	}
	into := z.reach(own, neighbour, r.th)
	return into < r.th.SpillOwn*own.W() || z.reach(neighbour, own, r.th) > r.th.SpillReach*into
}

func (r *Reader) inked(z *zone, b Box) bool {
	area, _, _ := z.in(b, r.th)
	return area > 0
}
