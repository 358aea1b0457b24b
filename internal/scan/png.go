package scan

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"io"
	"slices"

	"github.com/klauspost/compress/zlib"
)

// A scanner's own PNG, black and white or grey, of one pass, is opened here
// straight into grey values: unpacking bits by the point costs image/png longer
// than the reader needs to find the ballot. Whatever is not exactly such a
// picture, or not whole, is left to image/png, which says what is wrong with it.

// plainPNG is the picture of such a file, and whether it was black and white; ok
// is false when image/png has to look. The size was bounded before.
func plainPNG(data []byte) (g *image.Gray, bitonal, ok bool) {
	const head, ihdr = 8, 13
	if len(data) < head+12+ihdr {
		return nil, false, false
	}
	var w, h, depth int
	two := [2]uint8{0, 255}
	var packed [][]byte
	colours, last := 0, ""
	for rest := data[head:]; last != "IEND"; {
		if len(rest) < 12 {
			return nil, false, false
		}
		n, kind := int(binary.BigEndian.Uint32(rest)), string(rest[4:8])
		if n < 0 || n > len(rest)-12 || crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return nil, false, false
		}
		body := rest[8 : 8+n]
		rest = rest[12+n:]
		switch {
		case (last == "") != (kind == "IHDR"), last == "IDAT" && kind != "IDAT" && kind != "IEND", kind == "IEND" && n != 0, kind == "tRNS":
			return nil, false, false
		case kind == "IHDR":
			if n != ihdr || body[10] != 0 || body[11] != 0 || body[12] != 0 { // packing, filters, one pass
				return nil, false, false
			}
			w, h, depth, colours = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:])), int(body[8]), int(body[9])
			if !(colours == 0 && (depth == 1 || depth == 8) || colours == 3 && depth == 1) {
				return nil, false, false
			}
		case kind == "PLTE":
			if n != 6 || colours != 3 || packed != nil {
				return nil, false, false
			}
			for i := range two {
				c := body[3*i:]
				two[i] = onWhite(color.RGBA{c[0], c[1], c[2], 255})
			}
			colours = 0 // known
		case kind == "IDAT":
			packed = append(packed, body)
		}
		last = kind
	}
	if colours == 3 || packed == nil {
		return nil, false, false
	}
	g = image.NewGray(image.Rect(0, 0, w, h))
	if !unpack(packed, g, depth, two) {
		return nil, false, false
	}
	return g, depth == 1, true
}

// unpack inflates and unfilters the rows of a picture, whose packed bytes lie in
// chunks one behind the other.
func unpack(packed [][]byte, g *image.Gray, depth int, two [2]uint8) bool {
	p := bytes.NewReader(slices.Concat(packed...)) // inflating goes fastest from one piece
	z, err := zlib.NewReader(p)
	if err != nil {
		return false
	}
	defer z.Close()
	w := g.Rect.Dx()
	n := (w*depth + 7) / 8
	raw, bits, above := make([]uint8, 1+n), make([]uint8, n), make([]uint8, n)
	eight := bitsTable(two)
	for y := range g.Rect.Dy() {
		if _, err := io.ReadFull(z, raw); err != nil {
			return false
		}
		row := g.Pix[y*g.Stride:][:w]
		if depth == 8 {
			if !unfilter(raw[0], raw[1:], above, row) {
				return false
			}
			above = row
			continue
		}
		if !unfilter(raw[0], raw[1:], above, bits) {
			return false
		}
		for i, b := range bits {
			if to := row[8*i:]; len(to) >= 8 {
				binary.LittleEndian.PutUint64(to, eight[b])
			} else {
				var last [8]uint8
				binary.LittleEndian.PutUint64(last[:], eight[b])
				copy(to, last[:])
			}
		}
		bits, above = above, bits
	}
	// The sum behind the last row is checked on the way to the end.
	k, err := z.Read(raw[:1])
	return k == 0 && err == io.EOF && p.Len() == 0
}

// bitsTable is what eight bits of black and white are as eight grey values.
func bitsTable(two [2]uint8) *[256]uint64 {
	var t [256]uint64
	for b := range t {
		for i := range 8 {
			t[b] |= uint64(two[b>>(7-i)&1]) << (8 * i)
		}
	}
	return &t
}

// unfilter undoes the filter of a row of one byte a point (or of packed bits).
func unfilter(filter uint8, raw, above, to []uint8) bool {
	above, to = above[:len(raw)], to[:len(raw)]
	switch filter {
	case 0:
		copy(to, raw)
	case 1:
		var left uint8
		for i, v := range raw {
			left += v
			to[i] = left
		}
	case 2:
		for i, v := range raw {
			to[i] = v + above[i]
		}
	case 3:
		left := 0
		for i, v := range raw {
			left = int(v+uint8((left+int(above[i]))/2)) & 255
			to[i] = uint8(left)
		}
	case 4:
		a, c := 0, 0 // left, and left above
		for i, v := range raw {
			b := int(above[i])
			// The nearest of left, above and left above, without a branch: noise
			// would have it guessed wrong at every other point.
			near, d := a, max(b-c, c-b)
			if pb := max(a-c, c-a); pb < d {
				near, d = b, pb
			}
			if pc := max(a+b-2*c, 2*c-a-b); pc < d {
				near = c
			}
			a = (near + int(v)) & 255
			to[i], c = uint8(a), b
		}
	default:
		return false
	}
	return true
}

// plainMost is the largest file that is opened so: it is held in memory whole.
const plainMost = 32 << 20

// wholeFile reads a file of ordinary size for plainPNG and plainJPEG; nil if it is
// longer, or cannot be read.
func wholeFile(r io.ReaderAt, size int64) []byte {
	if size > plainMost {
		return nil
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); err != nil && err != io.EOF || int64(n) != size {
		return nil
	}
	return data
}
