package paper

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
	"pgregory.net/rapid"
)

// modules are the modules of a code as printed.
func modules(t testing.TB, text string) ([]bool, int) {
	t.Helper()
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	n := c.Bounds().Dx()
	dark := make([]bool, n*n)
	for y := range n {
		for x := range n {
			dark[y*n+x] = isDark(c, x, y)
		}
	}
	return dark, n
}

// TestCodeIsRead: whatever a ballot's code says is read again, also when a pen
// or dirt has turned some modules; where too much is damaged it is not read
// wrong.
func TestCodeIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := &Layout{Contest: rapid.StringMatching(`[a-zA-Z0-9/-]{1,60}`).Draw(rt, "contest"), Form: FormStrike, Sides: 2, Digest: strings.Repeat(rapid.StringMatching(`[0-9a-f]{8}`).Draw(rt, "digest"), 8)}
		text := l.Code(rapid.IntRange(1, 2).Draw(rt, "side"))
		dark, n := modules(t, text)
		for range rapid.IntRange(0, 12).Draw(rt, "bent") {
			i := rapid.IntRange(0, len(dark)-1).Draw(rt, "module")
			dark[i] = !dark[i]
		}
		got, err := decodeCode(dark, n)
		if err == nil && got != text {
			rt.Fatalf("%q read as %q", text, got)
		}
	})
	for _, contest := range []string{"a", "dai-hoi/2025/ban-chap-hanh", strings.Repeat("x", 48), "TINH/2025"} {
		text := (&Layout{Contest: contest, Sides: 1, Digest: "0123456789abcdef"}).Code(1)
		dark, n := modules(t, text)
		if got, err := decodeCode(dark, n); err != nil || got != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
		for i := range 4 { // four modules in the middle
			dark[(n/2)*n+n/2+i] = !dark[(n/2)*n+n/2+i]
		}
		if got, err := decodeCode(dark, n); err != nil || got != text {
			t.Errorf("%q with a scratch: %q, %v", text, got, err)
		}
	}
	if _, err := decodeCode(make([]bool, 25*25), 25); err == nil {
		t.Error("white paper is read as a code")
	}
}

// FuzzCode: no pattern of modules makes the decoder panic.
func FuzzCode(f *testing.F) {
	dark, n := modules(f, (&Layout{Contest: "fuzz/1", Sides: 1, Digest: "0123456789abcdef"}).Code(1))
	seed := make([]byte, len(dark))
	for i, d := range dark {
		if d {
			seed[i] = 1
		}
	}
	f.Add(seed, uint8(n))
	f.Add([]byte{}, uint8(21))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		dark := make([]bool, int(n)*int(n))
		for i := range dark {
			dark[i] = i < len(data) && data[i]&1 == 1
		}
		if text, err := decodeCode(dark, int(n)); err == nil && len(text) > 256 {
			t.Fatal(fmt.Sprintf("%d letters", len(text)))
		}
	})
}
