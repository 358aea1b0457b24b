package ballotbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"

	"minhbach/internal/paper"
	"minhbach/internal/rule"
)

// keptSide is how many pixels the long side of a kept picture has at most.
const keptSide = 2400

// Sheet is one scanned sheet of a pile as the program read it.
type Sheet struct {
	ID      string            `json:"-"` // SHA-256 of its pictures
	Pattern string            `json:"pattern,omitempty"`
	Cause   string            `json:"cause,omitempty"` // why a person must look, as a word; "" when read
	VI      string            `json:"vi,omitempty"`
	EN      string            `json:"en,omitempty"`
	Marks   map[string]string `json:"marks,omitempty"` // by candidate
	Look    map[string]string `json:"look,omitempty"`  // by candidate
	NoSeal  bool              `json:"no_seal,omitempty"`
	Sides   []SheetSide       `json:"sides"`
}

// SheetSide is one picture of a sheet.
type SheetSide struct {
	Number int         `json:"number"` // of the layout, 0 when not recognised
	W      int         `json:"w"`
	H      int         `json:"h"`
	ToPage [9]float64  `json:"to_page"` // millimetres of the side onto pixels of the kept picture
	Out    []paper.Box `json:"out,omitempty"`
}

// Read says that the program read the sheet whole, so that nobody must look.
func (s *Sheet) Read() bool { return s.Cause == "" }

// page is one picture read, kept small and encoded.
type page struct {
	side *paper.Side
	png  []byte
	w, h int
	fold int
}

// keep makes a picture no larger than it must be for people, and encodes it.
func keep(g *image.Gray) (*page, error) {
	f := max(1, (max(g.Rect.Dx(), g.Rect.Dy())+keptSide-1)/keptSide)
	w, h := max(1, g.Rect.Dx()/f), max(1, g.Rect.Dy()/f)
	small := g
	if f > 1 {
		small = image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				sum := 0
				for j := range f {
					for i := range f {
						sum += int(g.Pix[(y*f+j)*g.Stride+x*f+i])
					}
				}
				small.Pix[y*small.Stride+x] = uint8(sum / (f * f))
			}
		}
	}
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&buf, small); err != nil {
		return nil, err
	}
	return &page{png: buf.Bytes(), w: w, h: h, fold: f}, nil
}

// letterOf is the pattern's letter of a mark.
var letterOf = map[string]byte{paper.MarkClear: 'a', paper.MarkStruck: 'd', paper.MarkAgree: 'a', paper.MarkDisagree: 'd', paper.MarkBoth: 'b', paper.MarkNone: 'n'}

// sheetOf makes a sheet of a reading; without pictures there is none.
func (b *Row) sheetOf(own *paper.Layout, named map[string]rule.Words, r *paper.Reading, pages map[paper.SideRef]*page) (*Sheet, [][]byte) {
	s := &Sheet{Marks: r.Marks, Look: r.Look, NoSeal: r.Seal != nil && !*r.Seal}
	var shown [][]byte
	h := sha256.New()
	for _, ref := range r.Sides {
		p := pages[ref]
		if p == nil {
			return nil, nil
		}
		side := SheetSide{Number: p.side.Number, W: p.w, H: p.h, ToPage: p.side.ToPage, Out: p.side.Writing}
		for i := range 6 { // the first two rows of the projection make pixels
			side.ToPage[i] /= float64(p.fold)
		}
		s.Sides, shown = append(s.Sides, side), append(shown, p.png)
		fmt.Fprintf(h, "%d\n", len(p.png))
		h.Write(p.png)
	}
	s.ID = hex.EncodeToString(h.Sum(nil))
	switch {
	case r.Status == paper.StatusRefused:
		s.Cause, s.VI, s.EN, s.Marks, s.Look = r.Cause, r.Reason, r.ReasonEN, nil, nil
	case r.Digest != own.Digest:
		t := named[r.Digest]
		s.Cause, s.Marks, s.Look = "other-contest", nil, nil
		s.VI, s.EN = "Phiếu của nội dung bầu khác: "+t.VI+".", "A ballot of another contest: "+t.In("en")+"."
	case r.Status != paper.StatusRead:
		s.Cause, s.VI, s.EN = r.Cause, r.Reason, r.ReasonEN
	default:
		p := make([]byte, len(b.Sheet.Candidates))
		for i, c := range b.Sheet.Candidates {
			if p[i] = letterOf[r.Marks[c.ID]]; p[i] == 0 {
				s.Cause, s.VI, s.EN = "names", paper.ReasonNames.VI, paper.ReasonNames.EN
				return s, shown
			}
		}
		s.Pattern = string(p)
	}
	return s, shown
}
