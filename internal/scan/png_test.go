package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// picturesPNG are grey and black and white pictures of every width around a byte,
// and one whose rows are inflated in several turns, with noise and without, so that
// every filter is chosen somewhere.
func picturesPNG(t testing.TB) (files [][]byte) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 1))
	for _, w := range []int{1, 7, 8, 9, 15, 16, 17, 200, 1001} {
		g := image.NewGray(image.Rect(0, 0, w, 60))
		two := image.NewPaletted(g.Rect, color.Palette{color.RGBA{20, 20, 60, 255}, color.White})
		for y := range 60 {
			for x := range w {
				v := uint8(x*3 + y*5)
				switch {
				case y > 40:
					v = uint8(r.IntN(256))
				case y > 20:
					v = uint8(240 + r.IntN(9))
				}
				g.Pix[y*g.Stride+x] = v
				two.Pix[y*two.Stride+x] = v >> 7 & 1
			}
		}
		for _, level := range []png.CompressionLevel{png.DefaultCompression, png.NoCompression, png.BestSpeed} {
			for _, img := range []image.Image{g, two} {
				var b bytes.Buffer
				if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, img); err != nil {
					t.Fatal(err)
				}
				files = append(files, b.Bytes())
			}
		}
	}
	return files
}

// same says whether plainPNG gives what image/png gives, or leaves it to it.
func samePNG(t *testing.T, data []byte) (taken bool) {
	t.Helper()
	got, bitonal, ok := plainPNG(data)
	if !ok {
		return false
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("image/png does not open what was opened: %v", err)
	}
	if want := Gray(img); got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) || bitonal != (data[24] == 1) {
		t.Fatalf("another picture than image/png's, %v", got.Rect)
	}
	return true
}

// TestPlainPNG: a scanner's PNG opened straight into grey is what image/png
// makes of it; with any byte changed or cut off it is left to image/png.
func TestPlainPNG(t *testing.T) {
	for i, data := range picturesPNG(t) {
		if !samePNG(t, data) {
			t.Errorf("file %d is left to image/png", i)
		}
		for k := 8; k < len(data); k += 1 + k/16 {
			bad := bytes.Clone(data)
			bad[k] ^= 0x41
			if samePNG(t, bad) {
				t.Errorf("file %d is taken with byte %d changed", i, k)
			}
			if samePNG(t, data[:k]) {
				t.Errorf("file %d is taken cut off at %d", i, k)
			}
		}
	}
	if samePNG(t, fixture(t, "colour.png")) {
		t.Error("a picture in colour is taken for a grey one")
	}
}

// TestPaeth: the filter's neighbour is what its definition says, for every left,
// above and left above; two rows undone together are what each alone is.
func TestPaeth(t *testing.T) {
	abs := func(v int32) int32 { return max(v, -v) }
	for a := range int32(256) {
		for b := range int32(256) {
			for c := range int32(256) {
				p := a + b - c
				want := c
				if pa, pb, pc := abs(p-a), abs(p-b), abs(p-c); pa <= pb && pa <= pc {
					want = a
				} else if pb <= pc {
					want = b
				}
				if got := paeth(a, b, c); got != want {
					t.Fatalf("paeth(%d, %d, %d) = %d, not %d", a, b, c, got, want)
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 2))
	for n := 1; n < 40; n++ {
		rows := make([][]uint8, 7)
		for i := range rows {
			rows[i] = make([]uint8, n)
			for x := range rows[i] {
				rows[i][x] = uint8(r.Uint32())
			}
		}
		unfilter(paethFilter, rows[0], rows[2], rows[3])
		unfilter(paethFilter, rows[1], rows[3], rows[4])
		twoPaeth(rows[0], rows[1], rows[2], rows[5], rows[6])
		if !bytes.Equal(rows[3], rows[5]) || !bytes.Equal(rows[4], rows[6]) {
			t.Fatalf("rows of %d points come out otherwise together", n)
		}
	}
}

// FuzzPlainPNG: whatever plainPNG opens image/png opens too, to the same picture.
func FuzzPlainPNG(f *testing.F) {
	for _, data := range picturesPNG(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if cfg, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || bounded(cfg.Width, cfg.Height, Limits{Side: 3000, Pixels: 1 << 20}) != nil {
			return
		}
		samePNG(t, data)
	})
}
