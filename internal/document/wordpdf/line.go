package wordpdf

import (
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/document/docx"
)

// bit is a piece of a line: a word, spaces, a leader, a picture.
type bit struct {
	x, w  float64
	text  string
	look  docx.Look
	space bool // may be stretched
	deco  bool // a leader: no text of the document
	image string
	h     float64
}

// textLine is a laid-out line of a paragraph.
type textLine struct {
	bits        []bit
	h, base     float64 // height, and from the top to the letters' foot
	last        bool    // ends the paragraph, or at a break: not stretched
	breakPage   bool
	left, width float64
	lead        float64 // of the widest bits, of pictures and letters
	strokes     []docx.Run
}

// token is what a line is filled with.
type token struct {
	bit
	kind docx.Kind
}

// tokens parts the runs of a paragraph at the places where a line may end.
func (e *engine) tokens(p *docx.Para) (out []token, strokes []docx.Run) {
	for _, r := range p.Runs {
		switch r.Kind {
		case docx.Letters, docx.PageField, docx.AllField:
			text := r.Text
			switch r.Kind {
			case docx.PageField:
				text = digits(e.shown())
			case docx.AllField:
				text = digits(e.pages)
			default:
				text = e.drawable(text)
			}
			e.letters += len(text)
			for _, w := range words(text) {
				out = append(out, token{bit: bit{text: w, look: r.Look, w: e.wide(w, r.Look), space: strings.HasPrefix(w, " ")}})
			}
		case docx.Stroke:
			strokes = append(strokes, r)
		case docx.Picture:
			out = append(out, token{bit: bit{image: r.Image, w: max(r.W, 1), h: max(r.H, 1), look: r.Look}, kind: r.Kind})
		default:
			out = append(out, token{bit: bit{look: r.Look}, kind: r.Kind})
		}
	}
	return out, strokes
}

// words parts a text into words and runs of spaces; a hyphen or slash ends a
// word.
func words(s string) (out []string) {
	at := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ' ' && i > at && s[i-1] != ' ', s[i] != ' ' && i > at && s[i-1] == ' ', i > at && s[i-1] == '-' && s[i] != '-':
			out = append(out, s[at:i])
			at = i
		}
	}
	if at < len(s) {
		out = append(out, s[at:])
	}
	return slices.Concat(each(out)...)
}

// Most bytes of a word that is laid out as one: longer ones are parted, so that
// a hostile document takes no longer than its length.
const maxWord = 240

func each(words []string) (out [][]string) {
	for _, w := range words {
		var parts []string
		for len(w) > maxWord {
			cut := maxWord
			for cut > 0 && !utf8.RuneStart(w[cut]) {
				cut--
			}
			parts, w = append(parts, w[:max(cut, 1)]), w[max(cut, 1):]
		}
		out = append(out, append(parts, w))
	}
	return out
}

func digits(n int) string {
	if n <= 0 {
		return "0"
	}
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

// Where Word puts tab stops when a paragraph names none.
const tabEvery = 36

// lines lays a paragraph out in a column of a width.
func (e *engine) lines(p *docx.Para, column float64) []textLine {
	toks, strokes := e.tokens(p)
	left, right := p.Left, p.Right
	if left+right > column-18 || left < -60 || right < -60 {
		left, right = min(max(left, 0), column/3), min(max(right, 0), column/3)
	}
	first := min(max(p.First, -max(left, 0)-20), column/2)
	if left+right+first > column-12 {
		first = 0
	}
	var out []textLine
	l := &filler{e: e, p: p, column: column, right: column - right}
	begin := func() {
		l.line = textLine{left: left}
		if len(out) == 0 {
			l.line.left = left + first
			l.line.strokes = strokes
		}
		l.x, l.filled, l.word = l.line.left, false, 0
		l.hang = left
	}
	end := func(last, page bool) {
		l.line.last, l.line.breakPage = last, page
		l.close()
		out = append(out, l.line)
		begin()
	}
	begin()
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		switch t.kind {
		case docx.LineBreak:
			l.mark(t.look)
			end(true, false)
			continue
		case docx.PageBreak:
			l.mark(t.look)
			end(true, true)
			continue
		case docx.TabRun:
			if !l.tab(t, toks[i+1:]) {
				end(false, false)
				l.tab(t, toks[i+1:])
			}
			continue
		}
		if t.image != "" {
			if most := l.right - left; t.w > most {
				t.h, t.w = t.h*most/t.w, most
			}
			if most := e.room * 0.9; t.h > most {
				t.w, t.h = t.w*most/t.h, most
			}
		}
		switch {
		case t.space, l.x+t.w <= l.right+0.01:
			l.put(t.bit)
		case l.filled: // the word, with what of it stands here already, goes to the next line
			back := l.unput()
			end(false, false)
			for _, b := range back {
				l.put(b)
			}
			i--
		default:
			for l.split(&t.bit) {
				end(false, false)
			}
			l.put(t.bit)
		}
	}
	end(true, false)
	if n := len(out); n > 1 && len(out[n-1].bits) == 0 && out[n-2].breakPage {
		out = out[:n-1] // nothing after the break
	}
	return out
}
