package paper

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
)

// TestEightAtATime: what goes over several points at once says what going over
// each alone does, to the last bit.
func TestEightAtATime(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 3))
	points := func(n int) []uint8 {
		v := make([]uint8, n)
		high := 1 + r.IntN(256)
		for i := range v {
			v[i] = uint8(r.IntN(high))
		}
		return v
	}
	th, err := readThresholds()
	if err != nil {
		t.Fatal(err)
	}
	for range 4000 {
		// Ink over a bound, counted and passed over.
		z := &zone{added: points(r.IntN(70)), work: &zoneWork{}}
		strong, n := 1+r.IntN(140), 0
		for _, v := range z.added {
			if int(v) >= strong {
				n++
			}
		}
		if got := z.area(strong); got != float64(n)/(fineScale*fineScale) {
			t.Fatalf("area over %d: %v, not of %d points", strong, got, n)
		}
		v := points(8)
		eight, over, dark := uint64(0), false, false
		most, least := r.IntN(256), uint8(r.IntN(128))
		for i, p := range v {
			eight |= uint64(p) << (8 * i)
			over = over || int(p) > most
			dark = dark || i < 4 && 255-p > least
		}
		if got := anyOver(eight, most); over && !got || most <= 127 && got != over {
			t.Fatalf("anyOver(%v, %d) = %v", v, most, got)
		}
		if got := darkFour(uint32(eight), least); got != dark {
			t.Fatalf("darkFour(%v, %d) = %v", v[:4], least, got)
		}
		// Where print leaves paper free.
		print := points(r.IntN(40))
		free, expect := bytes.Repeat([]byte{7}, len(print)), th.expected(r.IntN(2) == 0)
		below(free, print, expect)
		for i, e := range print {
			if (free[i] == 1) != (expect[e] < 130) || free[i] > 1 {
				t.Fatalf("print %d: free %d", e, free[i])
			}
		}
		// A picture a third as large.
		g := image.NewGray(image.Rect(0, 0, 3+r.IntN(120), 3+r.IntN(9)))
		g.Pix = points(len(g.Pix))
		small := condense(g, 3)
		for y := range small.h {
			for x := range small.w {
				sum := 0
				for k := range 9 {
					sum += int(g.Pix[(3*y+k/3)*g.Stride+3*x+k%3])
				}
				if want := uint8(sum * ((1<<16 + 8) / 9) >> 16); small.pix[y*small.w+x] != want {
					t.Fatalf("condensed %d, not %d", small.pix[y*small.w+x], want)
				}
			}
		}
		// A run between two rows.
		p := &plane{60, 2, points(120)}
		s, at, ds, dt := r.IntN(20<<16), r.IntN(60000), r.IntN(100000), r.IntN(400)-200
		row := make([]uint8, 24)
		for k := range row {
			if u, v := s+k*ds, at+k*dt; u < 0 || v < 0 || u >= 59<<16 || v >= 1<<16 {
				row = row[:k]
				break
			}
		}
		blend(row, p.pix[:60], p.pix[60:], s, at, ds, dt)
		for k, v := range row {
			if want := p.between(s+k*ds, at+k*dt); v != want {
				t.Fatalf("between %d, not %d", v, want)
			}
		}
	}
}
