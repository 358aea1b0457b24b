package paper

import (
	"fmt"
	"strings"
)

// wrap breaks a text at spaces into as few lines as fit the width, and then
// makes them about equally long, as a title is set by hand. A word longer than
// the width stands alone and is broken.
func wrap(text, style string, size, width float64) []string {
	lines := greedy(text, style, size, width)
	if len(lines) < 2 {
		return lines
	}
	low, high := width/2, width
	for w := range strings.FieldsSeq(text) { // no word is broken to make lines even
		low = max(low, min(width, Width(style, size, w)))
	}
	for range 7 {
		if mid := (low + high) / 2; len(greedy(text, style, size, mid)) == len(lines) {
			high = mid
		} else {
			low = mid
		}
	}
	return greedy(text, style, size, high)
}

func greedy(text, style string, size, width float64) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		for Width(style, size, w) > width { // cannot be broken at a space
			cut := len(w)
			for i := range w {
				if i > 0 && Width(style, size, w[:i]) > width {
					break
				}
				if i > 0 {
					cut = i
				}
			}
			if cut == len(w) {
				break // not even one letter fits
			}
			if line != "" {
				lines = append(lines, line)
				line = ""
			}
			lines = append(lines, w[:cut])
			w = w[cut:]
		}
		switch {
		case line == "":
			line = w
		case Width(style, size, line+" "+w) <= width:
			line += " " + w
		default:
			lines = append(lines, line)
			line = w
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Widths of printed lines.
const (
	hair  = 0.2
	frame = 0.35
)

// setList sets the names side by side and column by column.
func (s *setting) setList(g grid) {
	s.l.Sides = g.sides
	next := 0
	for side := range g.sides {
		s.page = side + 1
		if side > 0 {
			s.runningHead()
		}
		if g.sides == 2 {
			s.foot()
		}
		for col := range g.columns {
			n := min(g.perColumn[side], len(s.names)-next)
			if rest := len(s.names) - next; side == g.sides-1 && col == g.columns-1 {
				n = rest
			}
			if n > 0 {
				s.column(&g, g.x[col], g.starts[side], next, n)
			}
			next += n
		}
	}
}

// runningHead says on the back whose ballot this is.
func (s *setting) runningHead() {
	to := s.right()
	if s.l.Marks != nil {
		to = s.l.Marks.QR.X() - 2
	}
	title := "PHIẾU BẦU (tiếp theo)"
	if s.opt.Title != "" {
		title = "PHIẾU BẦU – " + s.opt.Title + " (tiếp theo)"
	}
	size := s.m.head
	for size > 6 && len(wrap(title, "B", size, to-s.left())) > 2 {
		size -= 0.5
	}
	s.centre(s.left(), to, s.m.top, size, "B", title)
}

func (s *setting) foot() {
	size := s.m.head - 0.5
	y := s.l.Paper.H - s.m.bottom - 0.5
	in := 0.0
	if s.l.Marks != nil {
		in = 2
	}
	s.put(s.left()+in, y, size, "", fmt.Sprintf("Mặt %d/%d", s.page, s.l.Sides))
	if s.page < s.l.Sides {
		const more = "Xem tiếp mặt sau"
		s.put(s.right()-in-Width("B", size, more), y, size, "B", more)
	}
}

// column sets one table: its head, its rows, its lines.
func (s *setting) column(g *grid, x, y float64, first, n int) {
	x, y = round(x), round(y)
	right, bottom := round(x+g.width), round(y+g.head+float64(n)*g.row)
	top := round(y + g.head)
	nameX := round(x + g.number)
	boxX := [2]float64{round(right - 2*g.box), round(right - g.box)}
	agree := s.l.Form == FormAgree

	s.rule(x, y-frame/2, right-x, frame)
	s.rule(x, bottom-frame/2, right-x, frame)
	for i := range n {
		s.rule(x, top+float64(i)*g.row-hair/2, right-x, hair)
	}
	verticals := []float64{nameX}
	if agree {
		verticals = append(verticals, boxX[0], boxX[1])
	}
	for _, v := range verticals {
		s.rule(v-hair/2, y, hair, bottom-y)
	}
	for _, v := range []float64{x, right} {
		s.rule(v-frame/2, y-frame/2, frame, bottom-y+frame)
	}

	end := right
	if agree {
		end = boxX[0]
	}
	s.headCell(g, x, nameX, y, "TT")
	s.headCell(g, nameX, end, y, "Họ và tên")
	if agree {
		s.headCell(g, boxX[0], boxX[1], y, "Đồng ý")
		s.headCell(g, boxX[1], right, y, "Không đồng ý")
	}
	for i := range n {
		rowTop := round(top + float64(i)*g.row)
		s.row(g, Box{x, rowTop, right - x, g.row}.round(), nameX, boxX, first+i)
	}
}

func (s *setting) headCell(g *grid, x0, x1, y float64, text string) {
	lines := wrap(text, "B", g.headSize, x1-x0-0.8)
	pitch := g.headSize * mmPerPoint * 1.2
	base := y + g.head/2 + 0.33*g.headSize*mmPerPoint - pitch*float64(len(lines)-1)/2
	for i, l := range lines {
		s.put((x0+x1-Width("B", g.headSize, l))/2, base+float64(i)*pitch, g.headSize, "B", l)
	}
}

// row sets one person: the middle of the letters stands in the middle of the
// row, so that a line above, through and below the name stay apart.
func (s *setting) row(g *grid, row Box, nameX float64, boxX [2]float64, i int) {
	n := s.names[i]
	em := g.size * mmPerPoint
	middle := row.Y() + row.H()/2
	if g.noteBelow {
		middle -= g.note * mmPerPoint * 0.575
	}
	lines := g.lines[i]
	pitch := 1.08 * em
	base := middle + 0.33*em - pitch*float64(len(lines)-1)/2
	number := fmt.Sprint(n.order)
	s.put(nameX-0.4*em-Width("", g.size, number), middle+0.33*em, g.size, "", number)
	x := nameX + g.nameMargin
	wide := 0.0
	for j, l := range lines {
		s.put(x, base+float64(j)*pitch, g.size, "", l)
		wide = max(wide, Width("", g.size, l))
	}
	last := base + float64(len(lines)-1)*pitch
	if n.note != "" {
		note := "(" + n.note + ")"
		if g.noteBelow {
			s.put(x, last+g.note*mmPerPoint*1.3, g.note, "I", note)
		} else {
			s.put(x+wide+0.4*em, last, g.note, "I", note)
		}
	}
	p := Place{ID: n.id, Name: n.name, Note: n.note, Order: n.order, Page: s.page, RowBox: row,
		NameBox: Box{x, base - 0.92*em, wide, 1.18*em + last - base}.round()}
	if s.l.Form == FormAgree {
		cell := func(x float64) *Box {
			b := Box{x + hair/2, row.Y() + hair/2, g.box - hair, row.H() - hair}.round()
			return &b
		}
		p.AgreeBox, p.DisagreeBox = cell(boxX[0]), cell(boxX[1])
	}
	s.l.Candidates = append(s.l.Candidates, p)
}
