package wordpdf

import (
	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/document/docx"
)

// sheet is the page being filled.
type sheet struct {
	s           *docx.Section
	y, top, end float64 // where the next piece goes; the body's upper and lower edge
	empty       bool
	natural     bool // begun because the page before was full
}

func (e *engine) shown() int { return e.number }

// whole draws the sections.
func (e *engine) whole() error {
	var p *sheet
	for i := range e.doc.Sections {
		s := &e.doc.Sections[i]
		fit(s)
		e.room = max(s.H-s.Top-s.Bottom-20, 72)
		ps, err := e.pieces(s.Blocks, s.W-s.Left-s.Right)
		if err != nil {
			return err
		}
		if p == nil || !s.Flows || p.s.W != s.W || p.s.H != s.H {
			if s.Restart >= 0 {
				e.number = s.Restart - 1
			}
			if p, err = e.page(s, true); err != nil {
				return err
			}
		} else {
			p.s = s
		}
		if p, err = e.flow(p, ps); err != nil {
			return err
		}
	}
	return nil
}

// fit makes room for the body where the margins leave none.
func fit(s *docx.Section) {
	if s.W-s.Left-s.Right < 90 {
		s.Left, s.Right = s.W*0.1, s.W*0.1
	}
}

// page begins a page: its size, header and footer.
func (e *engine) page(s *docx.Section, first bool) (*sheet, error) {
	if e.PageNo() >= maxPages {
		return nil, tooLong()
	}
	e.number++
	e.AddPageFormat("P", fpdf.SizeType{Wd: s.W, Ht: s.H})
	head, foot := s.Header.Other, s.Footer.Other
	switch {
	case first && s.First:
		head, foot = s.Header.First, s.Footer.First
	case e.number%2 == 0:
		if s.Header.Even != nil {
			head = s.Header.Even
		}
		if s.Footer.Even != nil {
			foot = s.Footer.Even
		}
	}
	wide := s.W - s.Left - s.Right
	hp, err := e.pieces(head, wide)
	if err != nil {
		return nil, err
	}
	fp, err := e.pieces(foot, wide)
	if err != nil {
		return nil, err
	}
	p := &sheet{s: s, top: s.Top, end: s.H - s.Bottom, empty: true, natural: !first}
	was := e.quiet
	e.quiet = true
	stack := func(ps []piece, y float64) float64 {
		for _, x := range ps {
			x.draw(s.Left, y)
			y += x.h
		}
		return y
	}
	if len(hp) > 0 {
		p.top = max(p.top, stack(hp, s.HeaderAt))
	}
	if len(fp) > 0 {
		at := s.H - s.FooterAt - total(fp)
		p.end = min(p.end, at)
		stack(fp, at)
	}
	e.quiet = was
	if p.end-p.top < 72 {
		return nil, &docx.Refused{VI: "Đầu trang hoặc chân trang cao quá, không còn chỗ cho nội dung.", EN: "the header or footer leaves no room for the body"}
	}
	p.y = p.top
	return p, nil
}

// flow fills pages with pieces.
func (e *engine) flow(p *sheet, ps []piece) (*sheet, error) {
	var table *headBox // of the last row drawn
	next := func(heads *headBox) error {
		n, err := e.page(p.s, false)
		if err != nil {
			return err
		}
		p = n
		if heads != nil && heads.h < (p.end-p.top)/2 {
			was := e.quiet
			e.quiet = true
			for _, h := range heads.rows {
				h.draw(p.s.Left, p.y)
				p.y += h.h
			}
			e.quiet = was
		}
		return nil
	}
	for i := 0; i < len(ps); i++ {
		x := ps[i]
		var heads *headBox
		if x.row != nil && x.row.head != nil && x.row.head == table {
			heads = x.row.head
		}
		if x.fresh && !p.empty {
			if err := next(nil); err != nil {
				return nil, err
			}
			p.natural = false
		}
		if p.empty && p.natural && x.before > 0 {
			x.h -= x.before
			y := x.before
			draw := x.draw
			x.draw = func(ox, oy float64) { draw(ox, oy-y) }
		}
		room := p.end - p.y
		if together := group(ps, i, p.end-p.top); !p.empty && (x.h > room || together > room && together <= p.end-p.top) {
			if x.row != nil && !x.row.whole && x.h > room && room > 40 {
				if up, rest, ok := x.row.split(room, false); ok {
					up.draw(p.s.Left, p.y)
					ps[i] = rest
					table = x.row.head
					if err := next(x.row.head); err != nil {
						return nil, err
					}
					i--
					continue
				}
			}
			if err := next(heads); err != nil {
				return nil, err
			}
			i--
			table = heads
			continue
		}
		if x.h > room && x.row != nil {
			if up, rest, ok := x.row.split(room, true); ok {
				up.draw(p.s.Left, p.y)
				ps[i] = rest
				table = x.row.head
				if err := next(x.row.head); err != nil {
					return nil, err
				}
				i--
				continue
			}
		}
		x.draw(p.s.Left, p.y)
		p.y += x.h
		p.empty = p.empty && x.h == 0 && x.row == nil
		table = nil
		if x.row != nil {
			if table = x.row.head; table == nil && i+1 < len(ps) && ps[i+1].row != nil {
				table = ps[i+1].row.head
			}
		}
	}
	return p, nil
}

// group is the height of a piece with those it must stay with.
func group(ps []piece, i int, most float64) (h float64) {
	for ; i < len(ps); i++ {
		if h += ps[i].h; !ps[i].keep || h > most {
			return h
		}
	}
	return h
}
