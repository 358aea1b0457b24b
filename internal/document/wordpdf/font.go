package wordpdf

import (
	"strings"
	"sync"

	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"minhbach/internal/document/docx"
)

// Measures of the face in parts of its size: the same as those of Times New
// Roman.
const (
	ascent  = 0.891
	descent = 0.216
	gap     = 0.042
)

var faceGlyphs = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(liberationserifregular.TTF)
	if err != nil {
		panic(err) // the face is part of the program
	}
	return f
})

// known says for a letter whether the face has it.
type known struct {
	buf  sfnt.Buffer
	seen map[rune]bool
}

func (k *known) has(c rune) bool {
	if v, ok := k.seen[c]; ok {
		return v
	}
	i, err := faceGlyphs().GlyphIndex(&k.buf, c)
	v := err == nil && i != 0 && c <= 0xFFFF
	if k.seen == nil {
		k.seen = map[rune]bool{}
	}
	k.seen[c] = v
	return v
}

// drawable is a text in letters that the face has: composed, with odd spaces
// and hyphens made plain. A letter that it lacks is shown as □ and named.
func (e *engine) drawable(s string) string {
	k := &known{}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\u00a0' || c >= '\u2000' && c <= '\u200a' || c == '\u202f' || c == '\u3000':
			return '\u00a0'
		case c == '\t' || c == '\n' || c == '\r':
			return ' '
		case c < ' ' || c == '\u00ad' || c >= '\u200b' && c <= '\u200f' || c >= '\u202a' && c <= '\u202e' || c == '\u2060' || c == '\ufeff' || c >= 0xFE00 && c <= 0xFE0F:
			return -1
		case c == '\u2011':
			return '-'
		case !k.has(c):
			e.note("ký tự “"+string(c)+"”: phông của PDF không có, in □", "the letter “"+string(c)+"”, which the face lacks: drawn as □")
			return '□'
		}
		return c
	}, norm.NFC.String(s))
}

func style(l docx.Look) string {
	s := ""
	if l.Bold {
		s = "B"
	}
	if l.Italic {
		s += "I"
	}
	return s
}

// size is the size in which letters are drawn: raised ones are smaller.
func size(l docx.Look) float64 {
	if l.Raised != 0 {
		return l.Size * 0.65
	}
	return l.Size
}

// wide is the width of a text.
func (e *engine) wide(s string, l docx.Look) float64 {
	key := style(l) + "\x00" + s
	w, ok := e.widths[key]
	if !ok {
		e.SetFont(face, style(l), 100)
		w = e.GetStringWidth(s)
		if len(e.widths) > 100_000 {
			clear(e.widths)
		}
		e.widths[key] = w
	}
	return w * size(l) / 100
}
