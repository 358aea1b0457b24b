package paper_test

import (
	"image"
	"math"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// FuzzReadSide: no picture makes the reader panic, and what it says of names is
// one of the known words.
func FuzzReadSide(f *testing.F) {
	l := ballot(f, "fuzz/1", 5, paper.FormStrike, "A5", "")
	r, err := paper.NewReader(l)
	if err != nil {
		f.Fatal(err)
	}
	base := papertest.NewMaker(l, 100).Printed(1)
	f.Add([]byte{}, uint16(0), uint16(0), 100.0)
	f.Add([]byte{0, 255, 3, 128}, uint16(20), uint16(9), 0.0)
	f.Add([]byte{255, 0, 0, 0, 0, 0, 0, 0, 0, 17}, uint16(300), uint16(1), 1e9)
	f.Add([]byte{7}, uint16(65535), uint16(65535), math.NaN())
	f.Fuzz(func(t *testing.T, data []byte, w, h uint16, dpi float64) {
		if math.IsNaN(dpi) || dpi < 0 || dpi > 5000 {
			dpi = 0
		}
		img := image.NewGray(image.Rect(0, 0, 290+int(w)%500, 490+int(h)%500))
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if x < base.Rect.Dx() && y < base.Rect.Dy() {
					img.Pix[y*img.Stride+x] = base.Pix[y*base.Stride+x]
				}
			}
		}
		for i, b := range data {
			for k := i * 997; k < len(img.Pix) && k < (i+1)*997; k++ {
				img.Pix[k] ^= b
			}
		}
		s := r.ReadSide(img, dpi)
		if s.Refused != nil {
			if len(s.Marks) > 0 {
				t.Fatal("a refused picture has marks")
			}
			return
		}
		if len(s.Marks) != 5 {
			t.Fatalf("%d names", len(s.Marks))
		}
		for _, m := range s.Marks {
			if m.Is != paper.MarkClear && m.Is != paper.MarkStruck && m.Is != paper.MarkDoubtful {
				t.Fatalf("%q", m.Is)
			}
		}
	})
}
