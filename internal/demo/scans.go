package demo

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/paper"
)

// scanDPI is the resolution of sample scans.
const scanDPI = 150

// SampleScans writes a TIFF of many pages as an office scanner gives it, black
// and white, packed by PackBits: a pile of so many ballots of this layout, with
// straight strokes drawn on it (the same for the same layout and number); on
// one ballot in twelve a stroke stops half-way, for a person to look at. A pile
// of the sample congress holds the ballots that its counters keyed: once such
// strokes are decided, the scan agrees with what was typed.
func SampleScans(w io.Writer, l *paper.Layout, pile, ballots int) error {
	blank := make([]*image.Gray, l.Sides)
	for i := range blank {
		blank[i] = paper.Render(l, i+1, scanDPI)
	}
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the place of the next page is to be written
	for i := range ballots {
		for side, print := range blank {
			img := image.NewGray(print.Rect)
			copy(img.Pix, print.Pix)
			fillIn(img, l, side+1, i, keyed(l, (pile-1)*pileSize+i))
			out, link = tiffPage(out, link, img)
		}
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("demo: sample scans: %w", err)
	}
	return nil
}

// tiffPage adds one page to a TIFF, and says where the next is to be named.
func tiffPage(out []byte, link int, g *image.Gray) ([]byte, int) {
	le := binary.LittleEndian
	w, h, start := g.Rect.Dx(), g.Rect.Dy(), len(out)
	row := make([]byte, (w+7)/8)
	for y := range h {
		clear(row)
		for x := range w {
			if g.Pix[y*g.Stride+x] < 140 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
		out = packBits(out, row)
	}
	size := len(out) - start
	if len(out)%2 == 1 {
		out = append(out, 0)
	}
	res := len(out)
	out = le.AppendUint32(le.AppendUint32(out, scanDPI), 1)
	le.PutUint32(out[link:], uint32(len(out)))
	tags := [][3]uint32{{256, 4, uint32(w)}, {257, 4, uint32(h)}, {258, 3, 1}, {259, 3, 32773}, {262, 3, 0}, {273, 4, uint32(start)}, {277, 3, 1},
		{278, 4, uint32(h)}, {279, 4, uint32(size)}, {282, 5, uint32(res)}, {283, 5, uint32(res)}, {296, 3, 2}}
	out = le.AppendUint16(out, uint16(len(tags)))
	for _, t := range tags {
		out = le.AppendUint16(le.AppendUint16(out, uint16(t[0])), uint16(t[1]))
		out = le.AppendUint32(le.AppendUint32(out, 1), t[2])
	}
	return append(out, 0, 0, 0, 0), len(out)
}

// packBits packs one row: runs of one byte, and literals.
func packBits(out, row []byte) []byte {
	for i := 0; i < len(row); {
		j := i + 1
		for j < len(row) && j-i < 128 && row[j] == row[i] {
			j++
		}
		if j-i > 1 {
			out, i = append(out, byte(257-(j-i)), row[i]), j
			continue
		}
		for j < len(row) && j-i < 128 && (j+1 == len(row) || row[j] != row[j+1]) {
			j++
		}
		out, i = append(append(out, byte(j-i-1)), row[i:j]...), j
	}
	return out
}

// keyed are the numbers struck on a ballot of the sample congress, nil of others.
func keyed(l *paper.Layout, ballot int) []string {
	if l.Contest != committeeID {
		return nil
	}
	return strings.Fields(Struck(ballot))
}

// fillIn draws the strokes of the n-th sample ballot on one side.
func fillIn(g *image.Gray, l *paper.Layout, side, n int, keyed []string) {
	// A speck of dust: no two pictures of a scanner are alike.
	stroke(g, 8+float64(n%110), 2.5+float64(n/110), 8.2+float64(n%110), 2.5+float64(n/110))
	spare := max(1, len(l.Candidates)-int(l.Seats))
	for _, i := range l.On(side) {
		c := &l.Candidates[i]
		chosen, first := (i*7+n*3)%len(l.Candidates) >= spare, (i*7+n*3)%len(l.Candidates) == 0
		if keyed != nil {
			number := strconv.Itoa(c.Order)
			chosen, first = !slices.Contains(keyed, number), number == keyed[n%len(keyed)]
		}
		if l.Form == paper.FormAgree {
			b := c.DisagreeBox
			if chosen {
				b = c.AgreeBox
			}
			stroke(g, b.X()+1, b.Y()+1, b.Right()-1, b.Bottom()-1)
			stroke(g, b.Right()-1, b.Y()+1, b.X()+1, b.Bottom()-1)
			continue
		}
		if chosen {
			continue
		}
		b, y := c.NameBox, c.NameBox.Y()+c.NameBox.H()*0.55
		right := b.Right() + 1
		if n%12 == 5 && first {
			right = b.X() + b.W()/2
		}
		stroke(g, b.X()-1, y+0.3, right, y-0.3)
	}
	if b := l.SealBox; side == 1 && !b.Empty() {
		stroke(g, b.X()+b.W()/3, b.Y()+b.H()/3, b.Right()-b.W()/3, b.Bottom()-b.H()/3)
		stroke(g, b.Right()-b.W()/3, b.Y()+b.H()/3, b.X()+b.W()/3, b.Bottom()-b.H()/3)
	}
}

// stroke draws a line of a ballpoint, half a millimetre wide, places in
// millimetres.
func stroke(g *image.Gray, x0, y0, x1, y1 float64) {
	const k, steps = scanDPI / 25.4, 1500
	for s := range steps + 1 {
		t := float64(s) / steps
		x, y := int((x0+(x1-x0)*t)*k), int((y0+(y1-y0)*t)*k)
		for j := -1; j <= 1; j++ {
			for i := -1; i <= 1; i++ {
				if p := (image.Point{X: x + i, Y: y + j}); p.In(g.Rect) {
					g.Pix[g.PixOffset(p.X, p.Y)] = 45
				}
			}
		}
	}
}
