// Package qr draws QR codes for screens and paper.
package qr

import (
	"bytes"
	"fmt"
	"image/png"

	"github.com/boombuler/barcode"
	codes "github.com/boombuler/barcode/qr"
)

// quiet is the empty border that readers need, in modules.
const quiet = 4

// SVG draws a code as a picture without styles or scripts. title is what
// screen readers say; it must not hold the secret that the code holds.
func SVG(content, title string) ([]byte, error) {
	c, err := codes.Encode(content, codes.M, codes.Auto)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	n := c.Bounds().Dx()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="240" height="240" role="img" shape-rendering="crispEdges"><title>`, n+2*quiet, n+2*quiet)
	escape(&b, title)
	fmt.Fprintf(&b, `</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, n+2*quiet, n+2*quiet)
	for y := range n {
		for x := 0; x < n; x++ {
			run := 0
			for x+run < n && dark(c, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}

// PNG draws a code as a picture of about size points a side, for paper.
func PNG(content string, size int) ([]byte, error) {
	c, err := codes.Encode(content, codes.M, codes.Auto)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	c, err = barcode.Scale(c, max(size, c.Bounds().Dx()), max(size, c.Bounds().Dy()))
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}

func dark(c barcode.Barcode, x, y int) bool {
	r, _, _, _ := c.At(x, y).RGBA()
	return r < 0x8000
}

func escape(b *bytes.Buffer, s string) {
	for _, r := range s {
		switch r {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '"':
			b.WriteString("&quot;")
		default:
			b.WriteRune(r)
		}
	}
}
