package paper

import (
	"encoding/binary"
)

// What a point of a side is to writing that nobody asked for.
const (
	groundFree   uint8 = iota // nothing belongs here
	groundRow                 // in the row of a name: read as its mark
	groundSeal                // in the place of the seal
	groundByRow               // so near a row that a mark may reach over it
	groundBySeal              // so near the seal's place that a seal may reach over it
	groundEdge                // at the edge of the paper, where scanners draw shadows
)

// How far (mm) a mark and a seal may reach over their places, and how far apart
// (points of the mid scale) their own ink may lie there: strokes of a seal's words
// and rings stand apart from each other, a pen's pull does not.
const (
	rowReach, sealReach = 4.0, 8.0
	rowGap, sealGap     = 1, 3
	edgeWidth           = 6.0
)

// lay marks the grounds of a side, once.
func (f *likeness) lay() {
	f.ground = make([]uint8, len(f.mid.pix))
	fill := func(b Box, as uint8) {
		for y := max(0, int(b.Y()*midScale)); y < min(f.mid.h, int(b.Bottom()*midScale)+1); y++ {
			for x := max(0, int(b.X()*midScale)); x < min(f.mid.w, int(b.Right()*midScale)+1); x++ {
				f.ground[y*f.mid.w+x] = as
			}
		}
	}
	seal := f.side == 1 && !f.layout.SealBox.Empty()
	if seal {
		fill(f.layout.SealBox.grown(sealReach), groundBySeal)
	}
	for _, i := range f.rows {
		fill(f.layout.Candidates[i].RowBox.grown(rowReach), groundByRow)
	}
	if seal {
		fill(f.layout.SealBox, groundSeal)
	}
	for _, i := range f.rows {
		fill(f.layout.Candidates[i].RowBox.grown(0.4), groundRow)
	}
	w, h, e := float64(f.mid.w)/midScale, float64(f.mid.h)/midScale, edgeWidth
	for _, b := range []Box{{0, 0, w, e - 1/midScale}, {0, h - e, w, e}, {0, 0, e - 1/midScale, h}, {w - e, 0, e, h}} {
		fill(b, groundEdge)
	}
}

func (b Box) grown(by float64) Box { return Box{b.X() - by, b.Y() - by, b.W() + 2*by, b.H() + 2*by} }

// outside looks for writing where nobody votes.
//
// Ink that hangs together with ink in a row or in the seal's place belongs to that
// mark or seal as far as such a thing reaches over; all other ink that print does
// not explain is counted, however near to a row or to the seal it stands: in
// cells of 4 mm, of which those that touch are one piece of writing.
func (r *Reader) outside(l *located, out *Side) {
	f := l.face
	if f.side == 1 && !f.layout.SealBox.Empty() {
		there := l.sealed()
		out.Seal = &there
	}
	const per = 1 / (midScale * midScale)
	ink, free := l.strangeInk(r.th.WritingInk)
	if float64(free)*per < r.th.Writing {
		return
	}
	l.tie(ink)
	const cell = 4.0 // mm
	w, h := int(f.layout.Paper.W/cell)+1, int(f.layout.Paper.H/cell)+1
	grid := make([]float64, w*h)
	for _, i := range ink {
		if g := f.ground[i]; l.work.tied[i] == 2 || g == groundRow || g == groundSeal {
			continue
		}
		x, y := (float64(int(i)%f.mid.w)+0.5)/midScale, (float64(int(i)/f.mid.w)+0.5)/midScale
		if !l.onLong(x, y) {
			grid[int(y/cell)*w+int(x/cell)] += per
		}
	}
	done := make([]bool, w*h)
	for i := range grid {
		if done[i] || grid[i] < 0.25 {
			continue
		}
		stack, area := []int{i}, 0.0
		x0, y0, x1, y1 := w, h, 0, 0
		done[i] = true
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			area += grid[k]
			x, y := k%w, k/w
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
			for ny := max(0, y-1); ny <= min(h-1, y+1); ny++ {
				for nx := max(0, x-1); nx <= min(w-1, x+1); nx++ {
					if n := ny*w + nx; !done[n] && grid[n] >= 0.25 {
						done[n] = true
						stack = append(stack, n)
					}
				}
			}
		}
		if area >= r.th.Writing {
			out.Writing = append(out.Writing, Box{float64(x0) * cell, float64(y0) * cell, float64(x1-x0+1) * cell, float64(y1-y0+1) * cell})
		}
	}
	if len(out.Writing) > 0 {
		out.Look = ReasonWriting
	}
}

// sealed says whether ink stands in the place of the seal.
func (l *located) sealed() bool {
	f, off := l.face, int(4*midScale)
	b, n := f.layout.SealBox, 0
	for y := int(b.Y() * midScale); y < min(f.mid.h, int(b.Bottom()*midScale)); y++ {
		for x := int(b.X() * midScale); x < min(f.mid.w, int(b.Right()*midScale)); x++ {
			if l.mid.pix[(y+off)*l.mid.w+x+off] > 50 && f.printed.pix[y*f.mid.w+x] < 16 {
				n++
			}
		}
	}
	return float64(n)/(midScale*midScale) > 15
}

// strangeInk lists the points of a side that are darker than strong and that print
// does not explain, but for the edge of the paper; free is how many of them lie
// outside rows and the seal's place.
func (l *located) strangeInk(strong int) (ink []int32, free int) {
	f, off := l.face, int(4*midScale)
	const ones = 0x0101010101010101
	above := uint64(127-strong) * ones
	for y := int(edgeWidth * midScale); y < f.mid.h-int(edgeWidth*midScale); y++ {
		row := l.mid.pix[(y+off)*l.mid.w+off:][:f.mid.w]
		at := y * f.mid.w
		for x := 0; x < len(row); x += 8 {
			n := min(8, len(row)-x)
			if n == 8 {
				v := binary.LittleEndian.Uint64(row[x : x+8])
				if (v|(v&^(0x80*ones)+above))&(0x80*ones) == 0 {
					continue
				}
			}
			for k := x; k < x+n; k++ {
				if i := at + k; int(row[k]) > strong && f.printed.pix[i] < 16 && f.ground[i] != groundEdge {
					ink = append(ink, int32(i))
					if g := f.ground[i]; g != groundRow && g != groundSeal {
						free++
					}
				}
			}
		}
	}
	return ink, free
}

// tie finds the ink that hangs together with a mark or with the seal: tied is 1
// where strange ink lies, and 2 where it is a mark's or the seal's.
func (l *located) tie(ink []int32) {
	f := l.face
	tied := emptied(&l.work.tied, len(f.mid.pix))
	for _, i := range ink {
		tied[i] = 1
	}
	for _, reach := range [2]struct {
		from, by uint8
		gap      int
	}{{groundRow, groundByRow, rowGap}, {groundSeal, groundBySeal, sealGap}} {
		var stack []int32
		for _, i := range ink {
			if f.ground[i] == reach.from {
				stack = append(stack, i)
			}
		}
		for len(stack) > 0 {
			i := int(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
			x, y := i%f.mid.w, i/f.mid.w
			for ny := max(0, y-reach.gap); ny <= min(f.mid.h-1, y+reach.gap); ny++ {
				for nx := max(0, x-reach.gap); nx <= min(f.mid.w-1, x+reach.gap); nx++ {
					if k := ny*f.mid.w + nx; tied[k] == 1 && f.ground[k] == reach.by {
						tied[k] = 2
						stack = append(stack, int32(k))
					}
				}
			}
		}
	}
}
