package paper

// outside looks for writing where nobody votes.
func (r *Reader) outside(l *located, out *Side) {
	const cell = 4.0 // mm
	f := l.face
	off := int(4 * midScale)
	w, h := int(f.layout.Paper.W/cell)+1, int(f.layout.Paper.H/cell)+1
	grid := make([]float64, w*h)
	skip := make([]bool, w*h)
	block := func(b Box) {
		for y := max(0, int(b.Y()/cell)); y <= min(h-1, int(b.Bottom()/cell)); y++ {
			for x := max(0, int(b.X()/cell)); x <= min(w-1, int(b.Right()/cell)); x++ {
				skip[y*w+x] = true
			}
		}
	}
	for _, i := range f.rows {
		block(f.layout.Candidates[i].RowBox)
	}
	if f.side == 1 && !f.layout.SealBox.Empty() {
		b := f.layout.SealBox
		block(Box{b.X() - 8, b.Y() - 8, b.W() + 16, b.H() + 16})
	}
	per := 1 / (midScale * midScale)
	if f.side == 1 && !f.layout.SealBox.Empty() {
		b, n := f.layout.SealBox, 0
		for y := int(b.Y() * midScale); y < min(f.mid.h, int(b.Bottom()*midScale)); y++ {
			for x := int(b.X() * midScale); x < min(f.mid.w, int(b.Right()*midScale)); x++ {
				if l.mid.pix[(y+off)*l.mid.w+x+off] > 50 && f.printed.pix[y*f.mid.w+x] < 16 {
					n++
				}
			}
		}
		there := float64(n)*per > 15
		out.Seal = &there
	}
	for y := int(6 * midScale); y < f.mid.h-int(6*midScale); y++ {
		row := l.mid.pix[(y+off)*l.mid.w+off:][:f.mid.w]
		pr := f.printed.pix[y*f.mid.w:][:f.mid.w]
		cy := int((float64(y) + 0.5) / midScale / cell)
		for x := int(6 * midScale); x < f.mid.w-int(6*midScale); x++ {
			if row[x] > 70 && pr[x] < 16 && !l.onLong((float64(x)+0.5)/midScale, (float64(y)+0.5)/midScale) {
				grid[cy*w+int((float64(x)+0.5)/midScale/cell)] += per
			}
		}
	}
	// Cells with ink that touch are one piece of writing.
	done := make([]bool, w*h)
	for i := range grid {
		if done[i] || skip[i] || grid[i] < 0.25 {
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
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					nx, ny := x+dx, y+dy
					if nx < 0 || ny < 0 || nx >= w || ny >= h {
						continue
					}
					if n := ny*w + nx; !done[n] && !skip[n] && grid[n] >= 0.25 {
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
