package scan

import (
	"bufio"
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
	var packed chunks
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
func unpack(packed chunks, g *image.Gray, depth int, two [2]uint8) bool {
	p := bufio.NewReaderSize(&packed, 16<<10) // inflating byte by byte goes as fast through one as from one piece
	z, err := zlib.NewReader(p)
	if err != nil {
		return false
	}
	defer z.Close()
	w, h := g.Rect.Dx(), g.Rect.Dy()
	n := (w*depth + 7) / 8
	some := make([]uint8, min(h, max(2, rowsBytes/(1+n)))*(1+n)) // some rows at a time
	bits, above := make([]uint8, n), make([]uint8, n)
	eight := bitsTable(two)
	for y := 0; y < h; {
		raw := some[:min(len(some), (h-y)*(1+n))]
		if _, err := io.ReadFull(z, raw); err != nil {
			return false
		}
		for ; len(raw) > 0; y++ {
			one := raw[:1+n]
			raw = raw[1+n:]
			row := g.Pix[y*g.Stride:][:w]
			if depth == 8 {
				if len(raw) > 0 && one[0] == paethFilter && raw[0] == paethFilter {
					next := g.Pix[(y+1)*g.Stride:][:w]
					twoPaeth(one[1:], raw[1:1+n], above, row, next)
					raw, above = raw[1+n:], next
					y++
					continue
				}
				if !unfilter(one[0], one[1:], above, row) {
					return false
				}
				above = row
				continue
			}
			if !unfilter(one[0], one[1:], above, bits) {
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
	}
	// The sum behind the last row is checked on the way to the end.
	k, err := z.Read(some[:1])
	return k == 0 && err == io.EOF && p.Buffered() == 0 && packed.empty()
}

// rowsBytes is about how much is inflated before it is unfiltered: little enough
// to lie near the processor.
const rowsBytes = 16 << 10

// chunks are pieces of bytes, read as one.
type chunks [][]byte

func (c *chunks) Read(p []byte) (int, error) {
	for len(*c) > 0 {
		n := copy(p, (*c)[0])
		if (*c)[0] = (*c)[0][n:]; n > 0 || len(p) == 0 {
			return n, nil
		}
		*c = (*c)[1:]
	}
	return 0, io.EOF
}

func (c chunks) empty() bool {
	return !slices.ContainsFunc(c, func(b []byte) bool { return len(b) > 0 })
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
	case paethFilter:
		var a, c int32 // left, and left above
		for i, v := range raw {
			b := int32(above[i])
			a = (paeth(a, b, c) + int32(v)) & 255
			to[i], c = uint8(a), b
		}
	default:
		return false
	}
	return true
}

const paethFilter = 4

// paeth is the nearest of left, above and left above to a + b − c, the first of
// them where two are as near, without a branch: noise would have it guessed wrong
// at every other point. Which one it is follows from where 3c − a − b lies beside
// the lesser and the greater of a and b (a test holds it against the definition
// for every a, b and c).
func paeth(a, b, c int32) int32 {
	t, low, high := 3*c-b-a, min(a, b), max(a, b)
	if high <= t {
		c = low
	}
	if t <= low {
		c = high
	}
	return c
}

// twoPaeth undoes the filter of two rows that follow each other. Each point waits
// for the one left of it; the lower row, one point behind the upper, has the
// processor do something meanwhile.
func twoPaeth(raw, raw2, above, to, to2 []uint8) {
	n := len(raw)
	raw2, above, to, to2 = raw2[:n], above[:n], to[:n], to2[:n]
	var a, c, a2, c2 int32 // of each row left, and left above
	c = int32(above[0])
	a = (c + int32(raw[0])) & 255
	to[0] = uint8(a)
	for i := 1; i < n; i++ {
		b := int32(above[i])
		here := (paeth(a, b, c) + int32(raw[i])) & 255
		a2 = (paeth(a2, a, c2) + int32(raw2[i-1])) & 255
		to[i], to2[i-1] = uint8(here), uint8(a2)
		c, c2, a = b, a, here
	}
	to2[n-1] = uint8(paeth(a2, a, c2) + int32(raw2[n-1]))
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
