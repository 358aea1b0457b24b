package wordpdf

import (
	"slices"

	"minhbach/internal/document/docx"
)

// rowBox is a laid-out row.
type rowBox struct {
	cells []cellBox
	whole bool
	head  *headBox // of its table, nil for the head itself
	e     *engine
}

// headBox are the rows that stand at the top of each page of their table.
type headBox struct {
	rows []piece
	h    float64
}

type cellBox struct {
	x, w, cover float64 // cover: height of the rows it goes over
	left        float64 // from its edge to its text
	c           *docx.Cell
	pieces      []piece
	open        [4]bool // sides whose line is drawn
}

func total(ps []piece) (h float64) {
	for _, p := range ps {
		h += p.h
	}
	return h
}

func (c *cellBox) need() float64 { return total(c.pieces) + c.c.Pad[0] + c.c.Pad[2] }

// table lays out the rows of a table.
func (e *engine) table(t *docx.Table, column float64) ([]piece, error) {
	sum, least := 0.0, min(6, column/float64(max(len(t.Cols), 1)))
	for i := range t.Cols {
		t.Cols[i] = max(t.Cols[i], least)
		sum += t.Cols[i]
	}
	scale := 1.0
	if sum > column+12 {
		scale = column / sum
	}
	x := t.Indent
	if len(t.Rows) > 0 && len(t.Rows[0].Cells) > 0 {
		x -= t.Rows[0].Cells[0].Pad[3]
	}
	switch {
	case t.Align == "center":
		x = (column - sum*scale) / 2
	case t.Align == "right":
		x = column - sum*scale
	case x+sum*scale > column+12 || x < -12:
		x = min(max(column-sum*scale, -6), 0)
	}
	boxes := make([]*rowBox, len(t.Rows))
	heights := make([]float64, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		box := &rowBox{whole: r.Whole, e: e}
		heights[i] = min(r.Height, e.room)
		at, left := 0, x
		for ; at < r.Skip && at < len(t.Cols); at++ {
			left += t.Cols[at] * scale
		}
		for j := range r.Cells {
			c := &r.Cells[j]
			w := 0.0
			for range c.Span {
				if at < len(t.Cols) {
					w += t.Cols[at] * scale
					at++
				}
			}
			b := cellBox{x: left, w: w, c: c, open: [4]bool{true, true, true, true}, left: min(c.Pad[3], w/4)}
			inner := w - b.left - min(c.Pad[1], w/4)
			if !c.Goes {
				var err error
				if b.pieces, err = e.pieces(c.Blocks, inner); err != nil {
					return nil, err
				}
			}
			left += w
			box.cells = append(box.cells, b)
			if !c.Goes && !c.Starts {
				heights[i] = max(heights[i], box.cells[j].need())
			}
		}
		boxes[i] = box
	}
	// Rows of merged cells stay together where a page has room for them below
	// a repeated head; else their words stand in the first row alone.
	base := slices.Clone(heights)
	keep := merged(boxes, heights, true)
	if tallest(heights, keep) > e.room*0.45 {
		copy(heights, base)
		keep = merged(boxes, heights, false)
	}
	out := make([]piece, len(boxes))
	head := &headBox{}
	for i, b := range boxes {
		out[i] = b.piece(heights[i])
		out[i].keep = keep[i]
		if t.Rows[i].Head && len(head.rows) == i {
			head.rows = append(head.rows, out[i])
			head.h += out[i].h
			out[i].keep = true
		} else if len(head.rows) > 0 {
			b.head = head
		}
	}
	if len(head.rows) == len(out) && len(out) > 0 {
		out[len(out)-1].keep = false
	}
	return out, nil
}

// merged gives rows the height that cells going over several of them need, and
// says which rows stay together for it.
func merged(boxes []*rowBox, heights []float64, together bool) []bool {
	keep := make([]bool, len(boxes))
	for i, b := range boxes {
		for j := range b.cells {
			c := &b.cells[j]
			c.cover = heights[i]
			if !c.c.Starts {
				continue
			}
			last := i
			for k := i + 1; k < len(boxes); k++ {
				below := at(boxes[k], c.x)
				if below == nil || !below.c.Goes {
					break
				}
				below.open[0] = false
				last = k
			}
			have := 0.0
			for k := i; k <= last; k++ {
				have += heights[k]
			}
			need := c.need()
			switch {
			case last == i:
				heights[i] = max(heights[i], need)
				have = heights[i]
			case together:
				heights[last] += max(0, need-have)
				have = max(have, need)
				for k := i; k < last; k++ {
					keep[k] = true
				}
			default:
				have += max(0, need-heights[i])
				heights[i] = max(heights[i], need)
			}
			if last > i {
				c.open[2] = false
				for k := i + 1; k < last; k++ {
					at(boxes[k], c.x).open[2] = false
				}
			}
			c.cover = have
		}
	}
	return keep
}

// tallest is the height of the tallest run of rows that stay together.
func tallest(heights []float64, keep []bool) (most float64) {
	h := 0.0
	for i := range heights {
		if h += heights[i]; !keep[i] {
			h = 0
			continue
		}
		if i+1 < len(heights) {
			most = max(most, h+heights[i+1])
		}
	}
	return most
}

// at is the cell of a row that begins at a place.
func at(b *rowBox, x float64) *cellBox {
	for i := range b.cells {
		if d := b.cells[i].x - x; d < 0.5 && d > -0.5 {
			return &b.cells[i]
		}
	}
	return nil
}

func (b *rowBox) piece(h float64) piece {
	return piece{h: h, row: b, draw: func(x, y float64) { b.draw(x, y, h) }}
}

func (b *rowBox) draw(x, y, h float64) {
	for i := range b.cells {
		c := &b.cells[i]
		if c.c.Fill != "" && c.c.Fill != "FFFFFF" {
			b.e.fill(c.c.Fill, x+c.x, y, c.w, h)
		}
		b.e.frame(c.c.Edges, c.open, x+c.x, y, c.w, h)
	}
	for i := range b.cells {
		c := &b.cells[i]
		free := max(h, c.cover) - c.need()
		at := y + c.c.Pad[0]
		switch {
		case free <= 0:
		case c.c.Middle == "center":
			at += free / 2
		case c.c.Middle == "bottom":
			at += free
		}
		for _, p := range c.pieces {
			p.draw(x+c.x+c.left, at)
			at += p.h
		}
	}
}

// split parts a row: what goes in a height, and the rest. It says no where a
// cell would have nothing above; with force each cell gives at least a piece.
func (b *rowBox) split(room float64, force bool) (upper, rest piece, ok bool) {
	up, down := &rowBox{e: b.e, head: b.head}, &rowBox{e: b.e, head: b.head}
	hu, hd, some := 0.0, 0.0, false
	for i := range b.cells {
		c := b.cells[i]
		cu, cd := c, c
		used, n := c.c.Pad[0]+c.c.Pad[2], 0
		var part []piece
		for n < len(c.pieces) && used+c.pieces[n].h <= room {
			used += c.pieces[n].h
			n++
		}
		part = append(part, c.pieces[:n]...)
		left := c.pieces[n:]
		if len(left) > 0 && left[0].row != nil && (!left[0].row.whole || force) {
			if u, d, ok := left[0].row.split(room-used, force && n == 0); ok {
				part, left = append(part, u), append([]piece{d}, left[1:]...)
			}
		}
		if len(part) == 0 && len(left) > 0 {
			if !force {
				return piece{}, piece{}, false
			}
			part, left = left[:1:1], left[1:]
		}
		some = some || len(part) > 0 && len(left) > 0 || len(left) > 0
		cu.pieces, cd.pieces = part, left
		cu.cover, cd.cover = 0, 0
		up.cells, down.cells = append(up.cells, cu), append(down.cells, cd)
		hu, hd = max(hu, cu.need()), max(hd, cd.need())
	}
	if !some {
		return piece{}, piece{}, false
	}
	return up.piece(hu), down.piece(hd), true
}
