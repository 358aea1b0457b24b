//go:build unix

package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
	"time"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/scan"
)

// BenchmarkReading is what reading costs over bare decoding, in time on a core:
// sheets of A4 at 200 dpi, both done in turn on the very same bytes. The ratio
// is the median of the rounds; "undisturbed" takes the least time of each file
// over all rounds on both sides, which other work on the machine lengthens least.
func BenchmarkReading(b *testing.B) {
	for _, form := range []string{paper.FormStrike, paper.FormAgree} {
		l := ballot(b, "bench/"+form, 30, form, "A4", "")
		r, err := paper.NewReader(l)
		if err != nil {
			b.Fatal(err)
		}
		m := papertest.NewMaker(l, 200)
		var sheets []*image.Gray
		for n := range uint64(6) {

			sheets = append(sheets, m.Sheet(papertest.Tune, n, papertest.Ordinary, papertest.Office).Sides[0])
		}
		for _, c := range []struct {
			name   string
			encode func(*bytes.Buffer, *image.Gray) error
			decode func([]byte) error
		}{
			{"jpeg24", func(w *bytes.Buffer, g *image.Gray) error {
				return jpeg.Encode(w, papertest.Colour(g), &jpeg.Options{Quality: 85})
			}, func(data []byte) error { _, err := jpeg.Decode(bytes.NewReader(data)); return err }},
			{"png8", func(w *bytes.Buffer, g *image.Gray) error { return png.Encode(w, g) },
				func(data []byte) error { _, err := png.Decode(bytes.NewReader(data)); return err }},
			{"png1", func(w *bytes.Buffer, g *image.Gray) error { return png.Encode(w, bitonal(g)) },
				func(data []byte) error { _, err := png.Decode(bytes.NewReader(data)); return err }},
		} {
			b.Run(form+"/"+c.name, func(b *testing.B) {
				var files [][]byte
				for _, g := range sheets {
					var w bytes.Buffer
					if err := c.encode(&w, g); err != nil {
						b.Fatal(err)
					}
					files = append(files, w.Bytes())
				}
				var ratios, above []float64
				least := make([][2]time.Duration, len(files)) // of each file: bare and whole, disturbed least by what else runs
				for b.Loop() {
					var bare, whole time.Duration
					for i, f := range files {
						t0 := cpuTime()
						if err := c.decode(f); err != nil {
							b.Fatal(err)
						}
						t1 := cpuTime()
						if err := scan.Each(bytes.NewReader(f), int64(len(f)), scan.Default, func(p *scan.Page) error {
							if s := r.ReadSide(p.Gray, p.DPI); s.Refused != nil {
								b.Fatalf("refused: %s", s.Refused.EN)
							}
							return nil
						}); err != nil {
							b.Fatal(err)
						}
						t2 := cpuTime()
						bare, whole = bare+t1-t0, whole+t2-t1
						if q := &least[i]; q[0] == 0 {
							*q = [2]time.Duration{t1 - t0, t2 - t1}
						} else {
							*q = [2]time.Duration{min(q[0], t1-t0), min(q[1], t2-t1)}
						}
					}
					ratios = append(ratios, float64(whole)/float64(bare))
					above = append(above, float64((whole-bare).Microseconds())/1000/float64(len(files)))
				}
				slices.Sort(ratios)
				slices.Sort(above)
				b.ReportMetric(ratios[len(ratios)/2], "of-bare-decoding")
				b.ReportMetric(above[len(above)/2], "ms-above")
				var bare, whole time.Duration
				for _, q := range least {
					bare, whole = bare+q[0], whole+q[1]
				}
				b.ReportMetric(float64(whole)/float64(bare), "of-bare-undisturbed")
				b.ReportMetric(float64((whole-bare).Microseconds())/1000/float64(len(files)), "ms-above-undisturbed")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// bitonal is a picture of one bit a point.
func bitonal(g *image.Gray) *image.Paletted {
	p := image.NewPaletted(g.Rect, color.Palette{color.Black, color.White})
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			if g.GrayAt(x, y).Y >= 150 {
				p.SetColorIndex(x, y, 1)
			}
		}
	}
	return p
}
