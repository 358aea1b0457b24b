package scan

import (
	"encoding/binary"
	"image"

	"minhbach/internal/scan/cosine"
)

// A scanner's own JPEG, of one pass and whole, is opened here straight into grey
// values: its colours are passed over, not worked out to be thrown away. Point by
// point it is the luminance that image/jpeg finds. Whatever is not exactly such a
// picture (progressive, with restarts, of other colours, cut off, with anything
// behind its end) is left to image/jpeg, which says what is wrong with it.

// jpegFile is such a file being opened.
type jpegFile struct {
	w, h, colours int
	across, down  int // blocks of luminance of one unit
	steps         [4]*[64]int32
	of            [3]struct{ id, step, first, rest uint8 } // of each colour: its name, its steps, its codes
	codes         [2][2]*jpegCodes                         // of first numbers and of the rest
	jpegBits
}

// plainJPEG is the luminance of such a file, whose size was bounded before; ok is
// false when image/jpeg has to look.
func plainJPEG(data []byte, w, h int) (g *image.Gray, ok bool) {
	f := &jpegFile{}
	if len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return nil, false
	}
	for at := 2; ; {
		if len(data)-at < 4 || data[at] != 0xff {
			return nil, false
		}
		kind, n := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || n > len(data)-at-2 {
			return nil, false
		}
		body := data[at+4 : at+2+n]
		at += 2 + n
		switch {
		case kind == 0xdb:
			ok = f.takeSteps(body)
		case kind == 0xc4:
			ok = f.takeCodes(body)
		case kind == 0xc0:
			ok = f.takeFrame(body) && f.w == w && f.h == h
		case kind == 0xda:
			if !f.takeScan(body) {
				return nil, false
			}
			f.rest = data[at:]
			return f.open()
		default: // Adobe's mark says other colours, a restart interval is not for here
			ok = kind >= 0xe0 && kind < 0xee || kind == 0xef || kind == 0xfe
		}
		if !ok {
			return nil, false
		}
	}
}

// takeSteps takes the steps that numbers were rounded to.
func (f *jpegFile) takeSteps(b []byte) bool {
	for ; len(b) >= 65 && b[0] < 4; b = b[65:] {
		q := new([64]int32)
		for i, v := range b[1:65] {
			q[i] = int32(v)
		}
		f.steps[b[0]] = q
	}
	return len(b) == 0
}

// takeFrame takes the size and the colours: grey alone, or luminance at up to
// twice the density of the two others.
func (f *jpegFile) takeFrame(b []byte) bool {
	if f.colours != 0 || len(b) < 6 || b[0] != 8 {
		return false
	}
	f.h, f.w, f.colours = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if f.w < 1 || f.h < 1 || f.colours != 1 && f.colours != 3 || len(b) != 6+3*f.colours {
		return false
	}
	for i := range f.colours {
		c := b[6+3*i:]
		f.of[i].id, f.of[i].step = c[0], c[2]
		across, down := int(c[1]>>4), int(c[1]&15)
		if c[2] > 3 || across < 1 || across > 2 || down < 1 || down > 2 || i > 0 && (across != 1 || down != 1 || c[0] == b[6]) {
			return false
		}
		if i == 0 {
			f.across, f.down = across, down
		}
	}
	if f.colours == 1 {
		f.across, f.down = 1, 1
	}
	rgb := f.colours == 3 && f.of[0].id == 'R' && f.of[1].id == 'G' && f.of[2].id == 'B'
	return !rgb && (f.colours == 1 || f.of[1].id != f.of[2].id)
}

// takeScan takes the head of the only pass.
func (f *jpegFile) takeScan(b []byte) bool {
	if f.colours == 0 || len(b) != 4+2*f.colours || int(b[0]) != f.colours || b[len(b)-3] != 0 || b[len(b)-2] != 63 || b[len(b)-1] != 0 {
		return false
	}
	for i := range f.colours {
		c := &f.of[i]
		if b[1+2*i] != c.id || b[2+2*i]&0xee != 0 {
			return false
		}
		c.first, c.rest = b[2+2*i]>>4, b[2+2*i]&15
		if f.codes[0][c.first] == nil || f.codes[1][c.rest] == nil || f.steps[c.step] == nil {
			return false
		}
	}
	return true
}

// open unpacks the pass.
func (f *jpegFile) open() (*image.Gray, bool) {
	units, lines := (f.w+8*f.across-1)/(8*f.across), (f.h+8*f.down-1)/(8*f.down)
	if units*lines > 16*len(f.rest) { // every block takes a few bits: this is not whole
		return nil, false
	}
	stride := 8 * f.across * units
	g := &image.Gray{Pix: make([]uint8, stride*8*f.down*lines), Stride: stride, Rect: image.Rect(0, 0, f.w, f.h)}
	light := &f.of[0]
	first, rest, step := f.codes[0][light.first], f.codes[1][light.rest], f.steps[light.step]
	dc := int32(0)
	var b [64]int32
	for y := range lines {
		if f.empty > 64 { // long past the end
			return nil, false
		}
		for x := range units {
			for v := range f.down {
				for h := range f.across {
					n, ok := f.block(first, rest, step, &b, &dc)
					if !ok {
						return nil, false
					}
					jpegPut(g.Pix[(y*f.down+v)*8*stride+(x*f.across+h)*8:], stride, &b, n)
				}
			}
			for i := 1; i < f.colours; i++ {
				c := &f.of[i]
				if !f.pass(f.codes[0][c.first], f.codes[1][c.rest]) {
					return nil, false
				}
			}
		}
	}
	return g, f.ended()
}

// jpegPut writes a block of which the last part that is not zero is the n-th, and
// leaves the block empty.
func jpegPut(to []uint8, stride int, b *[64]int32, n int) {
	if n == 0 {
		v := uint8(min(max(cosine.Flat(b[0]), -128), 127) + 128) // one value all over
		eight := uint64(v) * 0x0101010101010101
		for y := range 8 {
			binary.LittleEndian.PutUint64(to[y*stride:], eight)
		}
		b[0] = 0
		return
	}
	cosine.Points(b)
	for y := range 8 {
		from, row := (*[8]int32)(b[8*y:]), (*[8]uint8)(to[y*stride:])
		for i, v := range from {
			row[i] = uint8(min(max(v, -128), 127) + 128)
		}
	}
	*b = [64]int32{}
}

// block takes the numbers of a block of luminance: b must be empty.
func (f *jpegFile) block(first, rest *jpegCodes, step *[64]int32, b *[64]int32, dc *int32) (last int, ok bool) {
	size, ok := f.code(first)
	if !ok || size > 11 {
		return 0, false
	}
	*dc += f.number(size)
	b[0] = *dc * step[0]
	for k := 1; k < 64; k++ {
		s, ok := f.code(rest)
		if !ok {
			return 0, false
		}
		run, size := int(s>>4), s&15
		if size == 0 {
			if run == 0 {
				break
			}
			if run != 15 || k > 48 {
				return 0, false
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return 0, false
		}
		b[cosine.Order[k]] = f.number(size) * step[k]
		last = k
	}
	return last, true
}

// pass goes over a block of colour.
func (f *jpegFile) pass(first, rest *jpegCodes) bool {
	size, ok := f.code(first)
	if !ok || size > 11 {
		return false
	}
	f.have -= int(size)
	for k := 1; k < 64; k++ {
		s, ok := f.code(rest)
		if !ok {
			return false
		}
		run, size := int(s>>4), s&15
		if size == 0 {
			if run == 0 {
				break
			}
			if run != 15 || k > 48 {
				return false
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return false
		}
		f.have -= int(size)
	}
	return true
}

// jpegBits gives the bits of the pass, the oldest first: the lowest have bits of
// word are still to come.
type jpegBits struct {
	rest  []byte
	word  uint64
	have  int
	empty int // bits that were made up behind the end
}

// fill sees that at least 32 bits are there.
func (r *jpegBits) fill() {
	if len(r.rest) >= 4 {
		v := binary.BigEndian.Uint32(r.rest)
		if no := ^v; (no-0x01010101)&v&0x80808080 == 0 { // no byte of ones among them
			r.word, r.have, r.rest = r.word<<32|uint64(v), r.have+32, r.rest[4:]
			return
		}
	}
	for r.have < 32 {
		v := byte(0)
		switch {
		case len(r.rest) > 0 && r.rest[0] != 0xff:
			v, r.rest = r.rest[0], r.rest[1:]
		case len(r.rest) > 1 && r.rest[1] == 0:
			v, r.rest = 0xff, r.rest[2:]
		default:
			r.empty += 8
		}
		r.word, r.have = r.word<<8|uint64(v), r.have+8
	}
}

// ended says that all bits but the last few were used, and that the picture ends
// there.
func (r *jpegBits) ended() bool {
	left := r.have - r.empty
	return left >= 0 && left < 8 && len(r.rest) == 2 && r.rest[0] == 0xff && r.rest[1] == 0xd9
}

// number is the next number of so many bits.
func (r *jpegBits) number(size uint8) int32 {
	r.have -= int(size)
	v := int32(r.word>>uint(r.have)) & (1<<size - 1)
	if v < 1<<size>>1 {
		v += -1<<size + 1
	}
	return v
}

// jpegCodes are the codes of a table: short holds, by the next eleven bits, the
// length of a code and what it means; longer ones are counted through.
type jpegCodes struct {
	short  [1 << jpegShort]uint16
	first  [17]uint32 // code of each length, and one past the last
	past   [17]uint32
	values [17][]uint8
}

const jpegShort = 11

// code is the meaning of the next code. After it at least 16 bits are there.
func (r *jpegBits) code(c *jpegCodes) (uint8, bool) {
	if r.have < 32 {
		r.fill()
	}
	if s := c.short[r.word>>uint(r.have-jpegShort)&(1<<jpegShort-1)]; s != 0 {
		r.have -= int(s & 31)
		return uint8(s >> 8), true
	}
	for n := jpegShort + 1; n <= 16; n++ {
		if v := uint32(r.word>>uint(r.have-n)) & (1<<n - 1); v < c.past[n] && v >= c.first[n] {
			r.have -= n
			return c.values[n][v-c.first[n]], true
		}
	}
	return 0, false
}

// takeCodes takes tables of codes.
func (f *jpegFile) takeCodes(b []byte) bool {
	for len(b) >= 17 && b[0]&0xee == 0 {
		all := 0
		for _, n := range b[1:17] {
			all += int(n)
		}
		if all == 0 || all > 256 || len(b) < 17+all {
			return false
		}
		c, values, code := &jpegCodes{}, b[17:17+all], uint32(0)
		for n := 1; n <= 16; n++ {
			count := int(b[n])
			c.first[n], c.past[n], c.values[n] = code, code+uint32(count), values[:count]
			values, code = values[count:], code+uint32(count)
			if code > 1<<n { // more codes than there are
				return false
			}
			if n <= jpegShort {
				for i, v := range c.values[n] {
					from := (c.first[n] + uint32(i)) << (jpegShort - n)
					for k := range uint32(1) << (jpegShort - n) {
						c.short[from+k] = uint16(v)<<8 | uint16(n)
					}
				}
			}
			code <<= 1
		}
		f.codes[b[0]>>4][b[0]&15] = c
		b = b[17+all:]
	}
	return len(b) == 0
}
