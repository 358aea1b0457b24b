package paper

import (
	"fmt"
	"math"
	"sync"

	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// mmPerPoint turns sizes of letters into millimetres.
const mmPerPoint = 25.4 / 72

// FontFile is the font of one style ("", "B", "I"), for whoever embeds it: the
// PDF and the raster draw from the same outlines.
func FontFile(style string) []byte {
	switch style {
	case "B":
		return liberationserifbold.TTF
	case "I":
		return liberationserifitalic.TTF
	}
	return liberationserifregular.TTF
}

// face is one style of the font: outlines and advances by letter.
type face struct {
	font  *sfnt.Font
	units float64 // per em

	mu     sync.RWMutex
	glyphs map[rune]*glyph
}

// glyph is one letter: its outline in parts of an em, y down from the baseline.
type glyph struct {
	missing  bool
	advance  float64 // thousandths of an em, whole, as PDF keeps them
	segments []segment
	box      [4]float32 // left, top, right, bottom
}

type segment struct {
	op sfnt.SegmentOp
	p  [3][2]float32
}

var faces = map[string]func() *face{
	"":  sync.OnceValue(func() *face { return newFace("") }),
	"B": sync.OnceValue(func() *face { return newFace("B") }),
	"I": sync.OnceValue(func() *face { return newFace("I") }),
}

func faceOf(style string) *face {
	if f, ok := faces[style]; ok {
		return f()
	}
	return faces[""]()
}

func newFace(style string) *face {
	f, err := sfnt.Parse(FontFile(style))
	if err != nil {
		panic(fmt.Sprintf("paper: the built-in font does not parse: %v", err)) // built in: cannot be otherwise
	}
	return &face{font: f, units: float64(f.UnitsPerEm()), glyphs: map[rune]*glyph{}}
}

func (f *face) glyph(r rune) *glyph {
	f.mu.RLock()
	g := f.glyphs[r]
	f.mu.RUnlock()
	if g != nil {
		return g
	}
	g = f.load(r)
	f.mu.Lock()
	f.glyphs[r] = g
	f.mu.Unlock()
	return g
}

func (f *face) load(r rune) *glyph {
	var buf sfnt.Buffer
	g := &glyph{}
	index, err := f.font.GlyphIndex(&buf, r)
	if err != nil || index == 0 {
		g.missing = true
		return g
	}
	ppem := fixed.I(int(f.units))
	scale := float32(1 / (64 * f.units))
	if a, err := f.font.GlyphAdvance(&buf, index, ppem, font.HintingNone); err == nil {
		g.advance = math.Round(float64(a) / 64 / f.units * 1000)
	}
	segs, err := f.font.LoadGlyph(&buf, index, ppem, nil)
	if err != nil {
		g.missing = true
		return g
	}
	g.segments = make([]segment, len(segs))
	for i, s := range segs {
		g.segments[i].op = s.Op
		n := 1
		switch s.Op {
		case sfnt.SegmentOpQuadTo:
			n = 2
		case sfnt.SegmentOpCubeTo:
			n = 3
		}
		for j := range n {
			x, y := float32(s.Args[j].X)*scale, float32(s.Args[j].Y)*scale
			g.segments[i].p[j] = [2]float32{x, y}
			if i == 0 && j == 0 {
				g.box = [4]float32{x, y, x, y}
			}
			g.box = [4]float32{min(g.box[0], x), min(g.box[1], y), max(g.box[2], x), max(g.box[3], y)}
		}
	}
	return g
}

// Width of a text in millimetres at a size in points, exactly as the PDF sets
// it: advances in whole thousandths of an em, no kerning.
func Width(style string, size float64, text string) float64 {
	f := faceOf(style)
	var w float64
	for _, r := range text {
		w += f.glyph(r).advance
	}
	return w / 1000 * size * mmPerPoint
}

// missingLetter finds the first letter of a text that the font cannot print.
func missingLetter(style, text string) (rune, bool) {
	f := faceOf(style)
	for _, r := range text {
		if f.glyph(r).missing {
			return r, true
		}
	}
	return 0, false
}

// trace puts the outline on a rasteriser: em is the size of an em in pixels.
func (g *glyph) trace(z *vector.Rasterizer, x, y, em float32) {
	for _, s := range g.segments {
		p := s.p
		for j := range p {
			p[j][0], p[j][1] = x+p[j][0]*em, y+p[j][1]*em
		}
		switch s.op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(p[0][0], p[0][1])
		case sfnt.SegmentOpLineTo:
			z.LineTo(p[0][0], p[0][1])
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(p[0][0], p[0][1], p[1][0], p[1][1])
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1])
		}
	}
	z.ClosePath()
}
