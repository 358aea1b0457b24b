package wordpdf

import (
	"strings"

	"minhbach/internal/document/docx"
)

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
