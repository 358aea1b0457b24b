package scan

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
)

func pngPage(r io.ReaderAt, size int64, lim Limits) (*Page, *Problem) {
	cfg, err := png.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, broken(err)
	}
	if bad := bounded(cfg.Width, cfg.Height, lim); bad != nil {
		return nil, bad
	}
	if g, bitonal, ok := plainPNG(wholeFile(r, size)); ok {
		return &Page{Gray: g, DPI: pngDPI(r, size), Bitonal: bitonal}, nil
	}
	img, err := png.Decode(bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 1<<16))
	if err != nil {
		return nil, broken(err)
	}
	var depth [2]byte // of a sample, and the kind of colour
	if _, err := r.ReadAt(depth[:], 24); err != nil {
		return nil, broken(err)
	}
	return &Page{Gray: Gray(img), DPI: pngDPI(r, size), Bitonal: depth[0] == 1}, nil
}

// pngDPI looks for pHYs among the first chunks.
func pngDPI(r io.ReaderAt, size int64) float64 {
	var b [17]byte
	for off, n := int64(8), 0; n < 16 && off+12 < size; n++ {
		if _, err := r.ReadAt(b[:8], off); err != nil {
			return 0
		}
		length := int64(binary.BigEndian.Uint32(b[:4]))
		switch string(b[4:8]) {
		case "pHYs":
			if _, err := r.ReadAt(b[:9], off+8); err != nil || length != 9 || b[8] != 1 {
				return 0
			}
			return sane(float64(binary.BigEndian.Uint32(b[:4])) * 0.0254)
		case "IDAT":
			return 0
		}
		off += 12 + length
	}
	return 0
}

func jpegPage(r io.ReaderAt, size int64, lim Limits) (*Page, *Problem) {
	cfg, err := jpeg.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, broken(err)
	}
	if bad := bounded(cfg.Width, cfg.Height, lim); bad != nil {
		return nil, bad
	}
	head := make([]byte, min(size, 32))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, broken(err)
	}
	if g, ok := plainJPEG(wholeFile(r, size), cfg.Width, cfg.Height); ok {
		return &Page{Gray: g, DPI: jfifDPI(head)}, nil
	}
	img, err := jpeg.Decode(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, broken(err)
	}
	return &Page{Gray: Gray(img), DPI: jfifDPI(head)}, nil
}

// jfifDPI is the density of the JFIF header, when it is one.
func jfifDPI(head []byte) float64 {
	if len(head) < 18 || head[2] != 0xff || head[3] != 0xe0 || !bytes.Equal(head[6:11], []byte("JFIF\x00")) {
		return 0
	}
	d := float64(binary.BigEndian.Uint16(head[14:16]))
	switch head[13] {
	case 1:
		return sane(d)
	case 2:
		return sane(d * 2.54)
	}
	return 0
}

// sane keeps densities a scanner can have: cameras write 72 and mean nothing.
func sane(dpi float64) float64 {
	if dpi < 90 || dpi > 2500 {
		return 0
	}
	return dpi
}

// Gray is a picture in grey values. Pictures that hold them already (grey, and
// the luminance of a JPEG) are not copied.
func Gray(img image.Image) *image.Gray {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		return &image.Gray{Pix: m.Pix, Stride: m.Stride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())}
	case *image.YCbCr:
		return &image.Gray{Pix: m.Y, Stride: m.YStride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())}
	}
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch m := img.(type) {
	case *image.RGBA:
		fromRGBA(g, m.Pix, m.Stride, false)
	case *image.NRGBA:
		fromRGBA(g, m.Pix, m.Stride, true)
	case *image.Paletted:
		var lut [256]uint8
		for i := range min(256, len(m.Palette)) {
			lut[i] = onWhite(m.Palette[i])
		}
		for y := range b.Dy() {
			from, to := m.Pix[y*m.Stride:][:b.Dx()], g.Pix[y*g.Stride:][:b.Dx()]
			for x, v := range from {
				to[x] = lut[v]
			}
		}
	case *image.Gray16:
		for y := range b.Dy() {
			from, to := m.Pix[y*m.Stride:][:2*b.Dx()], g.Pix[y*g.Stride:][:b.Dx()]
			for x := range to {
				to[x] = from[2*x]
			}
		}
	default:
		for y := range b.Dy() {
			for x := range b.Dx() {
				g.Pix[y*g.Stride+x] = onWhite(img.At(b.Min.X+x, b.Min.Y+y))
			}
		}
	}
	return g
}

func fromRGBA(g *image.Gray, pix []uint8, stride int, straight bool) {
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		from, to := pix[y*stride:][:4*w], g.Pix[y*g.Stride:][:w]
		for x := range to {
			p := from[4*x : 4*x+4 : 4*x+4]
			v := (19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16
			if a := uint32(p[3]); a != 255 { // what lies behind is white paper
				if straight {
					v = v * a / 255
				}
				v += 255 - a
			}
			to[x] = uint8(min(v, 255))
		}
	}
}

func onWhite(c color.Color) uint8 {
	r, g, b, a := c.RGBA()
	return uint8(min((19595*r+38470*g+7471*b+1<<15)>>16+0xffff-a, 0xffff) >> 8)
}
