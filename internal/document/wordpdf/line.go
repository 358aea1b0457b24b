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

// filler fills one line.
type filler struct {
	e             *engine
	p             *docx.Para
	line          textLine
	column, right float64
	x, hang       float64
	filled        bool // something stands in it
	word          int  // bits of the word that is going on, for one that changes its look
	size, drop    float64
	tall          float64
	fixed         int // bits before it keep their place when the line is stretched
}

func (l *filler) mark(k docx.Look) {
	l.size = max(l.size, k.Size)
}

func (l *filler) put(b bit) {
	b.x = l.x
	l.x += b.w
	if b.image != "" {
		l.tall = max(l.tall, b.h)
	} else if !b.space {
		l.mark(b.look)
	}
	l.line.bits = append(l.line.bits, b)
	if b.space {
		l.word = 0
	} else {
		l.filled = true
		l.word++
	}
}

// unput takes back the beginning of a word that goes on in another look, so
// that the word is not parted; nothing when the word fills the line alone.
func (l *filler) unput() (back []bit) {
	n := len(l.line.bits)
	if l.word == 0 || l.word == n {
		return nil
	}
	for _, b := range l.line.bits[n-l.word:] {
		if strings.HasSuffix(b.text, "-") || b.image != "" {
			back = nil
			continue
		}
		back = append(back, b)
	}
	if len(back) == n || len(back) == 0 {
		return nil
	}
	l.line.bits = l.line.bits[:n-len(back)]
	l.x = back[0].x
	return back
}

// split puts as many letters of a word as fit, and says whether some are left.
func (l *filler) split(b *bit) bool {
	if l.x+b.w <= l.right+0.01 || b.image != "" {
		return false
	}
	cut := 0
	for i := range b.text {
		if i > 0 && l.x+l.e.wide(b.text[:i], b.look) > l.right {
			break
		}
		cut = i
	}
	if cut == 0 {
		if l.filled {
			return true // not one letter: the next line
		}
		for i := range b.text { // at least one letter, or it never ends
			if i > 0 {
				cut = i
				break
			}
		}
		if cut == 0 {
			cut = len(b.text)
		}
		// A letter wider than its column is made smaller rather than cut.
		if w, room := l.e.wide(b.text[:cut], b.look), max(l.right-l.x, 2); w > room {
			b.look.Size = max(b.look.Size*room/w, 0.5)
		}
		if cut == len(b.text) {
			b.w = l.e.wide(b.text, b.look)
			return false
		}
	}
	part := *b
	part.text = b.text[:cut]
	part.w = l.e.wide(part.text, b.look)
	l.put(part)
	b.text = b.text[cut:]
	b.w = l.e.wide(b.text, b.look)
	return true
}

// tab goes to the next stop; it says no when the line has none left.
func (l *filler) tab(t token, rest []token) bool {
	stop := docx.Tab{At: -1}
	for _, s := range l.p.Tabs {
		if s.At > l.x+0.5 && s.At <= l.column+1 {
			stop = s
			break
		}
	}
	if stop.At < 0 && l.hang > l.x+0.5 {
		stop = docx.Tab{At: l.hang}
	}
	if stop.At < 0 {
		n := float64(int(l.x/tabEvery)+1) * tabEvery
		stop = docx.Tab{At: n}
	}
	if stop.At > l.right+0.5 && stop.Align != "right" {
		if l.filled {
			return false
		}
		stop.At = l.x
	}
	to := stop.At
	if stop.Align != "left" {
		w := 0.0
		for _, r := range rest {
			if r.kind != docx.Letters && r.kind != docx.Picture {
				break
			}
			w += r.w
		}
		if stop.Align == "center" {
			w /= 2
		}
		to = max(l.x, stop.At-w)
	}
	b := bit{w: max(0, to-l.x), look: t.look}
	if stop.Leader != "" && b.w > 4 {
		one := l.e.wide(stop.Leader, t.look)
		if n := int(b.w / max(one, 0.5)); n > 0 {
			b.deco = true
			b.text = strings.Repeat(stop.Leader, min(n, 400))
		}
	}
	l.mark(t.look)
	l.put(b)
	l.line.bits[len(l.line.bits)-1].space = false
	l.word, l.filled = 0, true
	l.fixed = len(l.line.bits)
	return true
}

// close gives a full line its height and puts its bits to their side.
func (l *filler) close() {
	t := &l.line
	bits := t.bits
	end := len(bits)
	for end > 0 && bits[end-1].space { // spaces at the end hang out
		end--
	}
	used, stretch := 0.0, 0
	for i, b := range bits[:end] {
		used = max(used, b.x+b.w)
		if b.space && i >= l.fixed {
			stretch += strings.Count(b.text, " ")
		}
	}
	free := l.right - used
	switch {
	case end == 0 || free <= 0:
	case l.p.Align == "center" && l.fixed == 0:
		shift(bits, free/2)
	case l.p.Align == "right" && l.fixed == 0:
		shift(bits, free)
	case l.p.Align == "both" && !t.last && stretch > 0:
		add := 0.0
		for i := range bits[:end] {
			bits[i].x += add
			if bits[i].space && i >= l.fixed {
				more := free / float64(stretch) * float64(strings.Count(bits[i].text, " "))
				bits[i].w += more
				add += more
			}
		}
	}
	t.bits = bits[:end]
	s := l.size
	if s == 0 {
		s = l.p.Mark.Size
	}
	natural := s * (ascent + descent + gap)
	t.base = s * (ascent + gap)
	if l.tall > t.base {
		natural += l.tall - t.base
		t.base = l.tall
	}
	t.h = natural
	switch l.p.Rule {
	case "exact":
		if l.tall == 0 {
			t.h = l.p.Line
			t.base += (t.h - natural) * 0.8
		}
	case "atLeast":
		if l.p.Line > natural {
			t.base += l.p.Line - natural
			t.h = l.p.Line
		}
	default:
		if l.p.Line >= 1 {
			t.base += natural * (l.p.Line - 1)
		}
		t.h = natural * l.p.Line
		if l.tall > 0 {
			t.h = max(t.h, natural)
		}
	}
	if most := max(l.e.room, l.tall); t.h > most {
		t.base, t.h = most*0.8, most
	}
	l.size, l.tall, l.fixed = 0, 0, 0
}

func shift(bits []bit, by float64) {
	for i := range bits {
		bits[i].x += by
	}
}
