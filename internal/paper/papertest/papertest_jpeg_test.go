package papertest

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// TestThroughJPEGIsTheLibrary: of sharp, smooth, noisy and flat pictures of any
// size and quality, the short way through JPEG leaves point by point what writing
// and reading the file leaves.
func TestThroughJPEGIsTheLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for n := range 120 {
		img := image.NewGray(image.Rect(0, 0, 1+r.IntN(90), 1+r.IntN(90)))
		grain, step := r.IntN(1+n%4*60), 1+r.IntN(40)
		for i := range img.Pix {
			img.Pix[i] = uint8(max(0, min(255, 255*(i/step%2)+r.IntN(grain+1)-grain/2)))
		}
		q := 1 + r.IntN(100)
		var file bytes.Buffer
		if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: q}); err != nil {
			t.Fatal(err)
		}
		back, err := jpeg.Decode(&file)
		if err != nil {
			t.Fatal(err)
		}
		want, got := back.(*image.Gray), throughJPEG(img, q)
		if got.Rect != want.Rect || got.Stride != want.Stride {
			t.Fatalf("%v of stride %d, not %v of stride %d", got.Rect, got.Stride, want.Rect, want.Stride)
		}
		for y := range want.Rect.Dy() {
			if a, b := got.Pix[y*got.Stride:][:got.Rect.Dx()], want.Pix[y*want.Stride:][:want.Rect.Dx()]; !bytes.Equal(a, b) {
				t.Fatalf("picture %d, quality %d, row %d: %v, not %v", n, q, y, a, b)
			}
		}
	}
}

// TestNoiseWalksOn: the noise of four parts side by side is that of one walk.
func TestNoiseWalksOn(t *testing.T) {
	s := uint64(0x1234_5678_9abc_def1)
	for n := range 300 {
		if got := ahead(0x1234_5678_9abc_def1, n); got != s {
			t.Fatalf("after %d steps %x, not %x", n, got, s)
		}
		s = step(s)
	}
}
