package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// sampleJPEG is a random picture, grey or in colours, of any size and quality, as
// a file.
func sampleJPEG(tb testing.TB, r *rand.Rand) []byte {
	tb.Helper()
	w, h := 1+r.IntN(120), 1+r.IntN(120)
	grain, step, colour := r.IntN(1+r.IntN(250)), 1+r.IntN(50), r.IntN(2) == 0
	grey, rgb := image.NewGray(image.Rect(0, 0, w, h)), image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			one := func() uint8 { return uint8(max(0, min(255, 255*((x+y)/step%2)+r.IntN(grain+1)-grain/2))) }
			grey.SetGray(x, y, color.Gray{Y: one()})
			rgb.SetRGBA(x, y, color.RGBA{one(), one(), one(), 255})
		}
	}
	var img image.Image = grey
	if colour {
		img = rgb
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 1 + r.IntN(100)}); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// sameAsLibrary holds what is opened here against image/jpeg; opened says whether
// it was opened here at all.
func sameAsLibrary(t *testing.T, data []byte) (opened bool) {
	t.Helper()
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || bounded(cfg.Width, cfg.Height, Limits{Side: 3000, Pixels: 1_000_000}) != nil {
		return false
	}
	got, ok := plainJPEG(data, cfg.Width, cfg.Height)
	if !ok {
		return false
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("opened, but image/jpeg says: %v", err)
	}
	want := Gray(img)
	if got.Rect != want.Rect {
		t.Fatalf("%v, not %v", got.Rect, want.Rect)
	}
	for y := range got.Rect.Dy() {
		if a, b := got.Pix[y*got.Stride:][:got.Rect.Dx()], want.Pix[y*want.Stride:][:got.Rect.Dx()]; !bytes.Equal(a, b) {
			t.Fatalf("row %d: %v, not %v", y, a, b)
		}
	}
	return true
}

// TestPlainJPEGIsTheLibrary: of pictures of any size, quality and content the grey
// values are point by point those of image/jpeg; cut off, with something behind
// the end, or of restarts, they are left to it.
func TestPlainJPEGIsTheLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 150 {
		data := sampleJPEG(t, r)
		if !sameAsLibrary(t, data) {
			t.Fatal("an ordinary file is not opened")
		}
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for name, bad := range map[string][]byte{
			"cut off":       data[:len(data)-1-r.IntN(len(data)/2)],
			"without end":   data[:len(data)-2],
			"more behind":   append(bytes.Clone(data), 0),
			"restarts":      append(append([]byte{0xff, 0xd8, 0xff, 0xdd, 0, 4, 0, 1}, data[2:]...), 0)[:len(data)+6],
			"another size":  append([]byte{}, data...),
			"nothing":       nil,
			"its mark only": data[:2],
		} {
			w := cfg.Width
			if name == "another size" {
				w++
			}
			if _, ok := plainJPEG(bad, w, cfg.Height); ok {
				t.Fatalf("%s: opened", name)
			}
		}
	}
}

// FuzzPlainJPEG: whatever the bytes, either image/jpeg is left to look, or it finds
// the same picture.
func FuzzPlainJPEG(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 6 {
		f.Add(sampleJPEG(f, r))
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameAsLibrary(t, data) })
}

// TestSpoiledJPEG turns bits of ordinary files over.
func TestSpoiledJPEG(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	opened := 0
	for range 60 {
		data := sampleJPEG(t, r)
		for range 20 {
			bad := bytes.Clone(data)
			for range 1 + r.IntN(3) {
				bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			}
			if sameAsLibrary(t, bad) {
				opened++
			}
		}
	}
	t.Logf("%d of 1200 spoiled files still opened, and the same", opened)
}
