package qr_test

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	own "minhbach/internal/account/qr"
)

const content = "otpauth://totp/Minh%20Bach:quantri?issuer=Minh%20Bach&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// The drawing has exactly the dark modules of the code, is well-formed, has
// no style and no script, and its title cannot break out.
func TestSVG(t *testing.T) {
	svg, err := own.SVG(content, `mã <script>"&`)
	if err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			if e.Name.Local == "script" || e.Name.Local == "style" {
				t.Errorf("element %s", e.Name.Local)
			}
			for _, a := range e.Attr {
				if a.Name.Local == "style" {
					t.Error("inline style")
				}
			}
		}
	}
	want, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	n := want.Bounds().Dx()
	drawn := image.NewGray(image.Rect(0, 0, n, n))
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(string(svg), -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		w, _ := strconv.Atoi(m[3])
		if m[3] != m[4] {
			t.Fatalf("open path %v", m)
		}
		for i := range w {
			drawn.Pix[(y-4)*drawn.Stride+x-4+i] = 1
		}
	}
	for y := range n {
		for x := range n {
			r, _, _, _ := want.At(x, y).RGBA()
			if (r == 0) != (drawn.GrayAt(x, y).Y == 1) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
}

func TestPNG(t *testing.T) {
	b, err := own.PNG(content, 300)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != 300 {
		t.Errorf("%v %v", img.Bounds(), err)
	}
	if _, err := own.SVG(strings.Repeat("x", 5000), "t"); err == nil {
		t.Error("more than a code can hold")
	}
}
