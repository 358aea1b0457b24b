package docx

// table reads a table: widths of its grid, rows, lines.
func (r *reader) table(n *node) *Table {
	pr := n.child("tblPr")
	t := &Table{Align: "left"}
	styled := r.styleChain(pr.val("tblStyle", ""), "tblPr")
	c := append(chain{pr}, styled...)
	switch v, _ := c.attr("jc", "val"); v {
	case "center":
		t.Align = "center"
	case "right", "end":
		t.Align = "right"
	}
	if v, ok := c.attr("tblInd", "w"); ok {
		t.Indent = length(v, 0)
	}
	pad := [4]float64{0, 5.4, 0, 5.4}
	for i := len(c) - 1; i >= 0; i-- {
		pad = pads(c[i].child("tblCellMar"), pad)
	}
	var outer Edges
	var inH, inV Edge
	for i := len(c) - 1; i >= 0; i-- {
		if b := c[i].child("tblBorders"); b != nil {
			outer = edges(b, outer)
			if k := b.child("insideH"); k != nil {
				inH = edge(k)
			}
			if k := b.child("insideV"); k != nil {
				inV = edge(k)
			}
		}
	}
	if pr.child("tblpPr") != nil {
		r.odd("bảng đặt tự do: PDF in liền dòng", "a table that floats: drawn in line")
	}
	for _, g := range n.child("tblGrid").list() {
		if local(g.name) == "gridCol" && len(t.Cols) < maxCols {
			t.Cols = append(t.Cols, max(0, length(g.attr("w"), 0)))
		}
	}
	var rows []*node
	r.rows(n.kids, &rows)
	for i, tr := range rows {
		t.Rows = append(t.Rows, r.row(t, tr, rowFrame{outer, inH, inV, pad, i == 0, i == len(rows)-1}))
	}
	t.measure(pr)
	t.merge()
	return t
}

func (r *reader) rows(kids []*node, out *[]*node) {
	for _, k := range kids {
		switch local(k.name) {
		case "tr":
			if k.at("trPr", "del") != nil {
				r.deleted()
				continue
			}
			*out = append(*out, k)
		case "sdt":
			r.rows(k.child("sdtContent").list(), out)
		case "customXml", "ins":
			r.rows(k.kids, out)
		}
	}
}

type rowFrame struct {
	outer       Edges
	inH, inV    Edge
	pad         [4]float64
	first, last bool
}

func (r *reader) row(t *Table, tr *node, f rowFrame) Row {
	pr := tr.child("trPr")
	row := Row{Head: on(pr.val("tblHeader", "0")), Whole: on(pr.val("cantSplit", "0"))}
	if k := pr.child("trHeight"); k != nil {
		row.Height = min(max(length(k.attr("val"), 0), 0), 1000)
	}
	row.Skip = min(max(number(pr.val("gridBefore", "0"), 0), 0), maxCols)
	var cells []*node
	r.cells(tr.kids, &cells)
	at := row.Skip
	for i, tc := range cells {
		cp := tc.child("tcPr")
		c := Cell{Span: min(max(number(cp.val("gridSpan", "1"), 1), 1), maxCols), Middle: cp.val("vAlign", "top"), Fill: colour(cp.child("shd").attr("fill")), Pad: pads(cp.child("tcMar"), f.pad)}
		if k := cp.child("vMerge"); k != nil {
			c.Goes = k.attrOr("val", "continue") == "continue"
			c.Starts = !c.Goes
		}
		if cp.child("hMerge") != nil && cp.val("hMerge", "continue") == "continue" && len(row.Cells) > 0 {
			row.Cells[len(row.Cells)-1].Blocks = append(row.Cells[len(row.Cells)-1].Blocks, r.blocks(tc.kids)...)
			row.Cells[len(row.Cells)-1].Span++
			at++
			continue
		}
		if at+c.Span > maxCols {
			// Words past the widest grid go to the last cell rather than be lost.
			if len(row.Cells) > 0 {
				r.odd("bảng quá nhiều cột: PDF dồn vào cột cuối", "a table of too many columns: put into the last one")
				last := &row.Cells[len(row.Cells)-1]
				last.Blocks = append(last.Blocks, r.blocks(tc.kids)...)
				continue
			}
			row.Skip, at, c.Span = 0, 0, 1
		}
		c.Edges = Edges{f.inH, f.inV, f.inH, f.inV}
		if f.first {
			c.Edges[0] = f.outer[0]
		}
		if f.last {
			c.Edges[2] = f.outer[2]
		}
		if i == 0 {
			c.Edges[3] = f.outer[3]
		}
		if i == len(cells)-1 {
			c.Edges[1] = f.outer[1]
		}
		if b := cp.child("tcBorders"); b != nil {
			c.Edges = edges(b, c.Edges)
		}
		if k := cp.child("textDirection"); k != nil && k.attr("val") != "lrTb" {
			r.odd("chữ chạy dọc trong ô: PDF in chữ ngang", "vertical text in cells: drawn level")
		}
		c.Blocks = r.blocks(tc.kids)
		// A cell remembers its own width where the grid says none.
		if w := cp.child("tcW"); w != nil && w.attrOr("type", "dxa") == "dxa" && c.Span == 1 {
			for len(t.Cols) <= at && len(t.Cols) < maxCols {
				t.Cols = append(t.Cols, 0)
			}
			if at < len(t.Cols) && t.Cols[at] == 0 {
				t.Cols[at] = max(0, length(w.attr("w"), 0))
			}
		}
		at += c.Span
		row.Cells = append(row.Cells, c)
	}
	return row
}

func (r *reader) cells(kids []*node, out *[]*node) {
	for _, k := range kids {
		switch local(k.name) {
		case "tc":
			*out = append(*out, k)
		case "sdt":
			r.cells(k.child("sdtContent").list(), out)
		case "customXml", "ins":
			r.cells(k.kids, out)
		}
	}
}

func pads(n *node, out [4]float64) [4]float64 {
	for i, names := range [4][2]string{{"top"}, {"right", "end"}, {"bottom"}, {"left", "start"}} {
		for _, name := range names {
			if k := n.child(name); name != "" && k != nil {
				out[i] = min(max(length(k.attr("w"), out[i]), 0), 60)
			}
		}
	}
	return out
}

// measure makes the grid as wide as the rows need, and gives columns without
// a width a share.
func (t *Table) measure(pr *node) {
	need := len(t.Cols)
	for _, row := range t.Rows {
		n := row.Skip
		for _, c := range row.Cells {
			n += c.Span
		}
		need = max(need, n)
	}
	for len(t.Cols) < need {
		t.Cols = append(t.Cols, 0)
	}
	sum, open := 0.0, 0
	for _, w := range t.Cols {
		if sum += w; w == 0 {
			open++
		}
	}
	whole := 450.0
	if k := pr.child("tblW"); k.attr("type") == "dxa" {
		if w := length(k.attr("w"), 0); w > 0 {
			whole = w
		}
	}
	for i := range t.Cols {
		if t.Cols[i] == 0 {
			t.Cols[i] = max(24, (whole-sum)/float64(max(open, 1)))
		}
	}
}

// merge takes back merges that have nothing above or below them: their words
// must be drawn.
func (t *Table) merge() {
	open := make(map[int]*Cell)
	for i := range t.Rows {
		at := t.Rows[i].Skip
		now := make(map[int]*Cell)
		for j := range t.Rows[i].Cells {
			c := &t.Rows[i].Cells[j]
			switch {
			case c.Goes:
				if top := open[at]; top != nil && top.Span == c.Span {
					now[at] = top
					if hasText(c.Blocks) {
						top.Blocks = append(top.Blocks, c.Blocks...)
					}
					c.Blocks = nil
				} else {
					c.Goes = false
				}
			case c.Starts:
				now[at] = c
			}
			at += c.Span
		}
		open = now
	}
}

func hasText(bs []Block) bool {
	for _, b := range bs {
		if b.T != nil || b.P != nil && len(b.P.Runs) > 0 {
			return true
		}
	}
	return false
}
