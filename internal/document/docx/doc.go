package docx

import (
	"slices"
	"strings"
)

// Doc is a document as it can be drawn: all lengths in points, all styles
// resolved. Odd names what the reader cannot draw as Word shows it; it lists
// each thing once and never stands for text: all text is in the sections.
type Doc struct {
	Sections []Section
	Images   map[string][]byte // by the name of Run.Image
	Odd      []Note
}

// Note is one thing that a drawing will not have, or will have otherwise.
type Note struct{ VI, EN string }

// Section is a run of pages of one size.
type Section struct {
	W, H                     float64
	Top, Bottom, Left, Right float64
	HeaderAt, FooterAt       float64 // from the edge of the paper
	First                    bool    // the first page has its own header and footer
	Header, Footer           Sides
	Restart                  int  // number of the first page, -1 goes on
	Flows                    bool // goes on in the page of the section before
	Blocks                   []Block
}

// Sides are the headers or footers of a section.
type Sides struct{ Other, First, Even []Block }

// Block is a paragraph or a table.
type Block struct {
	P *Para
	T *Table
}

// Para is a paragraph.
type Para struct {
	Align               string // "left", "center", "right", "both"
	Left, Right, First  float64
	Before, After, Line float64
	Rule                string // of Line: "auto" (a multiple), "exact", "atLeast"
	KeepNext, KeepLines bool
	NewPage, Loose      bool // begins a page; widow lines may stand alone
	Close               bool // no space to a neighbour of the same style
	Style               string
	Tabs                []Tab
	Edges               Edges
	Fill                string // RRGGBB, "" none
	Mark                Look   // of an empty paragraph
	Runs                []Run
}

// Tab is a tab stop, from the left edge of the column.
type Tab struct {
	At     float64
	Align  string // "left", "center", "right"
	Leader string // "", ".", "_", "-"
}

// Look is how letters look. Raised is 1 above the line, -1 below it.
type Look struct {
	Size                            float64
	Bold, Italic, Underline, Strike bool
	Raised                          int
	Colour, Fill                    string // RRGGBB, "" black and none
}

// Kind says what a run is.
type Kind string

// The kinds of runs.
const (
	Letters   Kind = ""
	TabRun    Kind = "tab"
	LineBreak Kind = "line"
	PageBreak Kind = "page"
	PageField Kind = "page-number"
	AllField  Kind = "pages"
	Picture   Kind = "picture"
	Stroke    Kind = "stroke" // a drawn straight line, placed from the paragraph's corner
)

// Run is a piece of a paragraph.
type Run struct {
	Kind Kind
	Text string
	Look Look
	// Of pictures and strokes.
	Image      string
	W, H, X, Y float64
}

// Table is a table; Cols are the widths of its grid.
type Table struct {
	Cols   []float64
	Indent float64
	Align  string
	Rows   []Row
}

// Row is a row of a table.
type Row struct {
	Skip        int // columns of the grid left out before it
	Cells       []Cell
	Height      float64 // at least
	Head, Whole bool    // stands on each page; is not parted over pages
}

// Cell is a cell. Goes says that it goes on the cell above it; Starts that
// cells below go on it.
type Cell struct {
	Span         int
	Starts, Goes bool
	Edges        Edges
	Fill         string
	Middle       string // "top", "center", "bottom"
	Pad          [4]float64
	Blocks       []Block
}

// Edge is the width of a line, 0 for none. Edges are top, right, bottom, left.
type Edge = float64

// Edges are the lines around a paragraph or cell.
type Edges [4]Edge

// Text is the text of the sections in the order of the paper, without headers
// and footers, a line for each paragraph.
func (d *Doc) Text() string {
	var b strings.Builder
	for _, s := range d.Sections {
		writeBlocks(&b, s.Blocks)
	}
	return b.String()
}

// Edge texts are those of all headers and footers.
func (d *Doc) EdgeText() string {
	var b strings.Builder
	for _, s := range d.Sections {
		for _, bs := range [][]Block{s.Header.Other, s.Header.First, s.Header.Even, s.Footer.Other, s.Footer.First, s.Footer.Even} {
			writeBlocks(&b, bs)
		}
	}
	return b.String()
}

func writeBlocks(b *strings.Builder, bs []Block) {
	for _, x := range bs {
		if x.P != nil {
			for _, run := range x.P.Runs {
				switch run.Kind {
				case Letters:
					b.WriteString(run.Text)
				case TabRun, LineBreak, PageBreak:
					b.WriteByte(' ')
				}
			}
			b.WriteByte('\n')
		}
		if x.T != nil {
			for _, row := range x.T.Rows {
				for _, c := range row.Cells {
					writeBlocks(b, c.Blocks)
				}
			}
		}
	}
}

// Has says whether a kind of run stands anywhere.
func (d *Doc) Has(k Kind) bool {
	var in func(bs []Block) bool
	in = func(bs []Block) bool {
		return slices.ContainsFunc(bs, func(b Block) bool {
			if b.P != nil && slices.ContainsFunc(b.P.Runs, func(r Run) bool { return r.Kind == k }) {
				return true
			}
			return b.T != nil && slices.ContainsFunc(b.T.Rows, func(r Row) bool {
				return slices.ContainsFunc(r.Cells, func(c Cell) bool { return in(c.Blocks) })
			})
		})
	}
	return slices.ContainsFunc(d.Sections, func(s Section) bool {
		return in(s.Blocks) || in(s.Header.Other) || in(s.Header.First) || in(s.Header.Even) || in(s.Footer.Other) || in(s.Footer.First) || in(s.Footer.Even)
	})
}
